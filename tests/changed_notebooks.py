"""Before the tests: say which notebooks differ from the last commit, and how to undo it."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main(root=ROOT):
    """Print the notebooks that differ from HEAD; people work in these files."""
    command = ["git", "diff", "--name-only", "HEAD", "--", "notebooks"]
    try:
        answer = subprocess.run(command, cwd=root, capture_output=True, text=True)
    except FileNotFoundError:
        return  # no git here, so nothing to compare with
    changed = answer.stdout.split("\n")[:-1] if answer.returncode == 0 else []
    if changed:
        print("These notebooks differ from the course's own; their outputs may fail the tests:")
        print("".join(f"  {name}\n" for name in changed), end="")
        print("Copy what you want to keep (your answers), then `git restore notebooks` undoes it.")
        print("If you changed the lesson itself, go on.\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
