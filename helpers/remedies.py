"""What to do when a file or a library of the course fails: one sentence, which works where it is read."""

import os
import re
import shutil
import sys
import traceback
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data"
REBUILD = "close JupyterLab and run `make lab` again, or update the conda environment"


def shipped():
    """Return the names of the course's data files: README.md and those in its table.

    Returns
    -------
    list of str
        The names, such as ``"m_13_4.nc"``.
    """
    readme = DATA / "README.md"
    text = readme.read_text(encoding="utf-8") if readme.is_file() else ""
    return [readme.name, *re.findall(r"(?m)^\| `(\w+\.\w+)` \|", text)]


def get_back(path):
    """Return the sentence that explains how to get one of the course's data files back.

    Parameters
    ----------
    path : str or path-like
        The file that is missing or damaged.

    Returns
    -------
    str
        Where to get the file: from git, from a fresh copy of the course, or on a hub from the
        person who runs it. For a file that is not the course's, it says so.
    """
    path = Path(path).resolve()
    if (path.parent.parent / ".handed-out.json").exists():  # a learner's copy on a hub (start_server.py)
        return f"To get it back: delete {path.name}, then stop your server and start it again."
    if path.parent != DATA or path.name not in shipped():
        return f"This file did not come with the course; the files that did are in {DATA}."
    file = f"data/{path.name}"
    if "JUPYTERHUB_USER" in os.environ or not os.access(DATA, os.W_OK):
        return f"To get the shipped file back: ask the person who runs this server to restore {file}."
    if (ROOT / ".git").exists() and shutil.which("git"):
        return f"To get the shipped file back: git restore {file}"
    return f"To get the shipped file back: copy {file} from a fresh copy of the course."


def library(error):
    """Return the name of the library that failed while it was imported.

    Parameters
    ----------
    error : Exception
        What the import raised.

    Returns
    -------
    str
        The library that the error names; otherwise the one whose code raised it.
    """
    if isinstance(error, ImportError) and error.name:
        return error.name.partition(".")[0]
    if isinstance(error, AttributeError) and isinstance(error.obj, ModuleType):  # a file of the same name
        return error.obj.__name__.partition(".")[0]
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    names = [frame.f_globals.get("__name__", "").partition(".")[0] for frame in frames]
    return [name for name in names if name not in sys.stdlib_module_names][-1]


def cannot_load(error):
    """Return the error that names the library that cannot be loaded, and the remedy.

    Parameters
    ----------
    error : Exception
        What the import raised.

    Returns
    -------
    ImportError
        Its message is one sentence and its remedy.
    """
    name = library(error)
    try:
        origin = Path(find_spec(name).origin)
    except (AttributeError, ImportError, TypeError, ValueError):  # there is none
        origin = None
    remedy = REBUILD
    if origin is not None and not origin.is_relative_to(sys.prefix):
        remedy = (
            f"Python reads {origin}, which is not part of this environment; rename it or unset PYTHONPATH"
        )
    reason = next(iter(str(error).strip().splitlines()), "no reason given")
    return ImportError(
        f"The library {name} cannot be loaded ({type(error).__name__}: {reason}). Remedy: {remedy}.",
        name=name,
    )
