"""What goes wrong in a classroom: each tried for real, each ending in a plain sentence, nothing lost."""

import json
import os
import resource
import shutil
import stat
import subprocess
import sys

import notebook_checks as check
import pytest

from helpers import poll

LESSON_01 = check.ROOT / "notebooks" / "01_fitting_m_13_4.ipynb"

# No lesson may need the network: every connection beyond this machine fails at once.
NO_NETWORK = """
import socket
_connect, _look_up = socket.socket.connect, socket.getaddrinfo
def _refuse(*args, **kwargs):
    raise OSError("there is no network in this test")
def connect(self, address):
    return _connect(self, address) if self.family == socket.AF_UNIX else _refuse()
socket.socket.connect = connect
socket.getaddrinfo = _refuse
"""


def sources(path, tag=None):
    """Return the code of a notebook's cells, or of those with a tag."""
    cells = check.code_cells(check.read(path))
    return [cell.source for cell in cells if tag is None or tag in check.tags(cell)]


def run(code, cwd=None, home=None, limit=None, without_privilege=False, **environ):
    """Run code in a fresh Python as a lesson's kernel would; return the finished process."""
    # a kernel has display without an import
    code = f"import builtins, IPython.display as shown; builtins.display = shown.display\n{code}"
    command = [sys.executable, "-c", code]
    if without_privilege and os.geteuid() == 0:
        # root may write anywhere; without this capability it is a user like any other
        command = ["setpriv", "--bounding-set", "-dac_override", "--inh-caps", "-dac_override", *command]
    environ = {**os.environ, "MPLBACKEND": "agg", **environ}
    if home is not None:
        environ["HOME"] = str(home)
    before = (
        (lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))) if limit is not None else None
    )
    return subprocess.run(
        command, cwd=cwd or LESSON_01.parent, env=environ, capture_output=True, text=True, preexec_fn=before
    )


def last_line(process):
    return process.stderr.strip().splitlines()[-1]


@pytest.mark.parametrize("path", check.LESSONS, ids=lambda path: path.stem)
def test_every_cell_twice_without_a_network(path, tmp_path):
    """Cells are run twice, the home folder has spaces and accents in its name, and there is no network."""
    home = tmp_path / "maison à moi"
    home.mkdir()
    code = []
    for source in sources(path):
        once = "pm.sample(" in source and "run_live" not in source  # a second live fit shows nothing new
        code += [source] * (1 if once else 2)
    process = run(NO_NETWORK + "\n\n".join(code), home=home)
    assert process.returncode == 0, process.stderr[-2000:]
    assert not (home / poll.poll_file().name).exists()  # an unanswered poll keeps nothing


def test_a_cell_out_of_order_names_what_is_missing():
    """As after a restart of the kernel in the middle of a lesson."""
    cells = sources(check.LESSONS[2])
    middle = next(source for source in cells if 'dev = posterior["a"]' in source)
    process = run(middle)
    assert process.returncode == 1
    assert last_line(process).startswith("NameError: name 'posterior' is not defined")
    assert "NameError" in check.prose(check.read(check.LESSONS[0])), "lesson 00 says what to do"
    assert run("\n\n".join(cells[: cells.index(middle) + 1])).returncode == 0


def read_only(folder):
    for path in [folder, *folder.rglob("*")]:
        path.chmod(stat.S_IRUSR | stat.S_IXUSR if path.is_dir() else stat.S_IRUSR)


@pytest.fixture
def course(tmp_path):
    """Return a copy of the course, and make it deletable again afterwards."""
    folder = tmp_path / "course"
    for name in ["notebooks", "data", "helpers"]:
        shutil.copytree(check.ROOT / name, folder / name)
    shutil.copy(check.ROOT / "requirements.lock", folder)
    yield folder
    for path in [folder, *folder.rglob("*")]:
        path.chmod(stat.S_IRWXU)


@pytest.mark.parametrize("number", [0, 2, 6])
def test_a_course_folder_that_cannot_be_written_to(course, tmp_path, number):
    read_only(course)
    home = tmp_path / "home"
    home.mkdir()
    options = {
        "cwd": course / "notebooks",
        "home": home,
        "PYTHONPATH": str(course),
        "without_privilege": True,
    }
    assert run("open('x', 'w')", **options).returncode == 1, "the folder is read-only"
    code = "\n\n".join(sources(check.LESSONS[number])) + "\nimport helpers; print(helpers.__file__)"
    process = run(code, **options)
    assert process.returncode == 0, process.stderr[-2000:]
    assert process.stdout.strip().splitlines()[-1].startswith(str(course))


KEEP = "from helpers.poll import keep; keep({'1': 'B', '2': 'C'})"


def test_a_home_folder_that_cannot_be_written_to(tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    home.chmod(stat.S_IRUSR | stat.S_IXUSR)
    process = run(KEEP, home=home, without_privilege=True)
    assert process.returncode == 0
    assert process.stdout.startswith(
        "Your answers could not be saved (Permission denied). Write them on paper: "
    )


def test_a_full_disk_while_the_poll_is_kept(tmp_path):
    earlier = json.dumps({"1": "A"})
    (tmp_path / "multilevel-poll.json").write_text(earlier)
    process = run(KEEP, home=tmp_path, limit=0)
    # the sentence itself goes through a pipe, which has no size limit
    assert process.stdout.startswith(
        "Your answers could not be saved (File too large). Write them on paper: "
    )
    assert (tmp_path / "multilevel-poll.json").read_text() == earlier, "the earlier answers are still there"
    assert [path.name for path in tmp_path.iterdir() if "poll" in path.name] == ["multilevel-poll.json"]


def test_a_full_disk_while_a_posterior_is_stored(tmp_path):
    (tmp_path / "data").mkdir()
    shutil.copy(check.ROOT / "data" / "m_13_2.nc", tmp_path / "data")
    code = f"""
import sys; sys.path.insert(0, {str(check.ROOT)!r})
import making.posteriors as make, pathlib
from helpers import load_posterior
make.ROOT = pathlib.Path({str(tmp_path)!r})
make.provenance = lambda *args: {{"diagnostics": ""}}
make.SAMPLE_STATS = ["diverging"]
make.save("m_13_2", None, load_posterior("m_13_2"), 1, True, "")
"""
    whole = run(code)
    assert whole.returncode == 0, whole.stderr[-2000:]
    before = (tmp_path / "data" / "m_13_2.nc").read_bytes()
    process = run(code, limit=200_000)
    assert process.returncode != 0
    assert (tmp_path / "data" / "m_13_2.nc").read_bytes() == before, "the old posterior is still there"
