"""Start a student's server: set the limits, hand out the course, become jupyterhub-singleuser.

The hub runs this under the student's own account (jupyterhub_config.py). The student works on a
copy of the lessons in `course/` in the home folder. A copy that was not touched follows an update
of the course. One that was changed is never overwritten but saved beside the new one.
"""

import errno
import hashlib
import json
import os
import resource
import shutil
import sys
import tempfile
from datetime import date
from pathlib import Path

import nbformat

HANDED_OUT = ["notebooks/*.ipynb", "notebooks/solutions/*.ipynb", "data/*", "README.md", "LICENSE"]
HANDED_OUT += ["classroom/site/static/seven_actors.png"]  # README's picture
RECORD = ".handed-out.json"
NEWS = "what_is_new.md"
LARGEST, LARGEST_RECORD = 100e6, 1e6  # bytes
# reasons that the hub tells the student (servers.py), by the number that this script ends with
TOLD = (errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EROFS)


def recorded(path):
    """Return what was handed out before, by name; nothing if the record was lost or is not one.

    A student can put anything in its place, such as a pipe or a file without an end.
    """
    try:
        if not path.is_file() or path.stat().st_size > LARGEST_RECORD:
            return {}
        record = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return record if isinstance(record, dict) else {}


def digest(path):
    """Return a fingerprint of what a student could miss in a file: of a notebook, its cells.

    JupyterLab adds to a notebook's metadata when it saves one that nobody has touched. What is not a
    file, or larger than any file of the course, is different without being read.
    """
    if not path.is_file() or path.stat().st_size > LARGEST:
        return "not a file of the course"
    content = path.read_bytes()
    if path.suffix == ".ipynb":
        try:
            # nbformat writes the same text in one way only, a list of lines or a string
            content = json.dumps(nbformat.reads(content.decode(), as_version=4)["cells"]).encode()
        except Exception:  # damaged beyond reading: then every byte counts
            pass
    return hashlib.sha256(content).hexdigest()


def keep_beside(path):
    """Rename a student's changed file, so that the new one can take its name; return the new place."""
    name, number = f"{path.stem} (yours, {date.today()})", 1
    kept = path.with_name(f"{name}{path.suffix}")
    while kept.exists():
        number += 1
        kept = path.with_name(f"{name} {number}{path.suffix}")
    path.rename(kept)
    return kept


def write(path, text):
    """Write a text in the place of whatever is there, moving a folder of the same name aside."""
    if path.is_dir() and not path.is_symlink():
        keep_beside(path)
    partial = path.with_name(f".{path.name}.partial")
    partial.unlink(missing_ok=True)
    partial.write_text(text, encoding="utf-8")
    os.replace(partial, path)


def hand_out(course, mine):
    """Copy the course to a student's folder, and bring an earlier copy up to date.

    Parameters
    ----------
    course, mine : pathlib.Path
        The course, which is only read, and the student's copy of it.

    Returns
    -------
    dict
        The names of the files that were replaced, and the path of the student's own version, or None
        where they had not changed it.
    """
    record = mine / RECORD
    before = recorded(record)  # nothing the first time; then what differs counts as changed
    now, newer = {}, {}
    for source in sorted(path for pattern in HANDED_OUT for path in course.glob(pattern) if path.is_file()):
        name = source.relative_to(course).as_posix()
        target, now[name] = mine / name, digest(source)
        if target.exists():
            if now[name] in (digest(target), before.get(name)):
                continue  # the same already, or no newer one: theirs stays as it is
            newer[name] = keep_beside(target) if digest(target) != before.get(name) else None
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_name(f".{target.name}.partial")
        partial.unlink(missing_ok=True)
        shutil.copyfile(source, partial)
        os.replace(partial, target)
    write(record, json.dumps(now, indent=1))
    return newer


def tell(newer, mine):
    """Write for the student which lessons are newer; return the page's name, or None if none is."""
    lessons = {name: kept for name, kept in newer.items() if name.endswith(".ipynb")}
    if not lessons:
        return None
    lines = [f"# Newer lessons ({date.today()})", ""]
    for name, kept in lessons.items():
        lines.append(
            f"- `{name}` is newer." + (f" Yours is saved beside it as `{kept.name}`." if kept else "")
        )
    write(mine / NEWS, "\n".join([*lines, ""]))
    return NEWS


def limit(memory, cores, file, processes=None):
    """Limit this process and all that it starts.

    Parameters
    ----------
    memory : float
        MB of data that each process may hold. What goes beyond is a MemoryError in the
        student's kernel, and nobody else notices.
    cores : int
        How many cores the processes may run on: which ones depends on the process number, so
        students spread over the machine.
    file : float
        MB that a file may have, so that one file does not fill the disk.
    processes : int, optional
        How many processes and threads the account may have.
    """
    for kind, most in [
        (resource.RLIMIT_DATA, int(memory * 1e6)),
        (resource.RLIMIT_FSIZE, int(file * 1e6)),
        (resource.RLIMIT_CORE, 0),
        *([(resource.RLIMIT_NPROC, processes)] if processes else []),
    ]:
        resource.setrlimit(kind, (most, most))
    allowed = sorted(os.sched_getaffinity(0))
    first = os.getpid() % len(allowed)
    os.sched_setaffinity(0, {allowed[(first + k) % len(allowed)] for k in range(min(cores, len(allowed)))})


def main():
    """Prepare the student's folder and limits, then become the server."""
    home = Path.home()
    if home.stat().st_uid == os.getuid():
        home.chmod(0o700)
    os.umask(0o077)  # what a student writes, no other account reads
    if "HUB_MEMORY" in os.environ:  # on Kubernetes the cluster sets the limits
        limit(
            float(os.environ["HUB_MEMORY"]),
            int(os.environ["HUB_CORES"]),
            float(os.environ["HUB_FILE"]),
            int(os.environ.get("HUB_PROCESSES", 0)),
        )
    mine = home / "course"
    try:
        newer = hand_out(Path(os.environ["COURSE"]), mine)
        for name, kept in newer.items():
            print(f"Newer: {name}." + (f" Theirs is saved as {kept.name}." if kept else ""), flush=True)
        if page := tell(newer, mine):
            os.environ["JUPYTERHUB_DEFAULT_URL"] = f"/lab/tree/course/{page}"
    except OSError as error:
        print(f"The course could not be handed out: {error}", file=sys.stderr, flush=True)
        sys.exit(error.errno if error.errno in TOLD else 1)
    cache, own = Path(os.environ.get("HUB_CACHE", "no cache")), home / ".pytensor"
    # PyTensor refuses a cache that it cannot write to, and one that students share could be
    # written to by one and run by all: so each gets a copy (1.5 MB)
    try:
        if cache.is_dir() and not own.exists():
            shutil.copytree(cache, own)
    except (OSError, shutil.Error) as error:
        print(f"The compile cache was not handed out, so first fits are slower: {error}", flush=True)
        shutil.rmtree(own, ignore_errors=True)
    os.chdir(home)
    server = str(Path(sys.executable).with_name("jupyterhub-singleuser"))
    # kernels talk through sockets in a folder that only the student can open, not through ports that
    # every account of the machine can reach; a socket's path has to be short
    sockets = home / ".run"
    if len(str(sockets)) > 55:
        sockets = tempfile.mkdtemp(prefix="lab-")
    os.environ["JUPYTER_RUNTIME_DIR"] = str(sockets)
    flags = ["--KernelManager.transport=ipc"]
    if os.geteuid() == 0:
        flags.append("--allow-root")  # a trial hub that root has started
    os.execv(server, [server, *flags, *sys.argv[1:]])


if __name__ == "__main__":
    main()
