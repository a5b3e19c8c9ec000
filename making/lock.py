"""Renew the locks, and the pins of environment.yml (`make lock`, `make lock PACKAGE=pymc`).

With the names of packages, only those may change.
"""

import re
import subprocess
import sys

from making.lesson_cells import ROOT

COMPILE = "-m uv pip compile --quiet --universal --python-version 3.12 --generate-hashes --no-emit-index-url --no-header"
LOCKS = {
    "requirements.lock": "--extra test pyproject.toml",
    "making/tools.lock": "--extra test --extra tools -c requirements.lock pyproject.toml",
    "studies/numpyro.lock": "-c requirements.lock --no-emit-package numpy --no-emit-package scipy -",
}


def pin(text, lock):
    """Return the text of environment.yml with the versions of a lock."""
    locked = dict(re.findall(r"(?m)^([a-z0-9-]+)==([^ ;\\]+)", lock))
    return re.sub(r"(?m)^( +- ([a-z0-9-]+)==).*$", lambda line: line[1] + locked[line[2]], text)


def main(packages):
    """Compile each lock; without names everything may be upgraded."""
    upgrade = [f"--upgrade-package={name}" for name in packages] or ["--upgrade"]
    for lock, words in LOCKS.items():
        print(lock, flush=True)
        command = [sys.executable, *COMPILE.split(), *upgrade, *words.split(), "-o", lock]
        wanted = "numpyro\n" if words.endswith(" -") else None
        subprocess.run(command, cwd=ROOT, input=wanted, text=True, check=True, stdout=subprocess.DEVNULL)
    path = ROOT / "environment.yml"
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    path.write_text(pin(path.read_text(encoding="utf-8"), lock), encoding="utf-8", newline="\n")
    print("environment.yml")


if __name__ == "__main__":
    main(sys.argv[1:])
