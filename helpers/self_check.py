"""Is this computer ready for the lessons? One line for each thing, and a remedy where it is not."""

import re
import shutil
import sys
from importlib.metadata import PackageNotFoundError, version

from helpers.data import DATA, load_chimpanzees, load_reedfrogs
from helpers.posterior import load_posterior

ROOT = DATA.parent
REBUILD = "close JupyterLab and run `make lab` again, or update the conda environment"


def _python():
    if sys.version_info[:2] < (3, 12):  # noqa: UP036 (a reader may have started another Python)
        return "start JupyterLab by `make lab`, or in the conda environment"
    return None


def _versions():
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    locked = dict(re.findall(r"(?m)^([a-z0-9-]+)==([^ ;\\]+)", lock))
    for name in ["pymc", "nutpie", "arviz", "numpy", "pandas", "xarray", "matplotlib", "scipy", "ipywidgets"]:
        try:
            found = version(name)
        except PackageNotFoundError:
            return f"{name} is missing; {REBUILD}"
        if found != locked[name]:
            return f"{name} is {found}, the lessons were made with {locked[name]}; {REBUILD}"
    return None


def _data():
    try:
        load_chimpanzees()
        load_reedfrogs()
    except (OSError, ValueError) as error:
        return str(error)
    return None


def _posteriors():
    for name in ["m_13_4", "m_13_4_thread", "m_13_2"]:
        try:
            load_posterior(name)
        except (OSError, ValueError) as error:
            return str(error)
    return None


def _widgets():
    try:
        version("jupyterlab-widgets")
    except PackageNotFoundError:
        return f"the sliders of lessons 03 and 04 will not move; {REBUILD}"
    return None


def _disk():
    if shutil.disk_usage(ROOT).free < 200e6:
        return "less than 0.2 GB are free; delete something, or answers may not be saved"
    return None


CHECKS = {
    "Python is new enough": _python,
    "packages are those of the lessons": _versions,
    "data are complete": _data,
    "stored posteriors can be read": _posteriors,
    "sliders will move": _widgets,
    "there is room on the disk": _disk,
}


def self_check():
    """Print one line for each thing that the lessons need: OK, or what is wrong and its remedy."""
    for what, test in CHECKS.items():
        try:
            remedy = test()
        except Exception as error:  # a check must never stop the reader
            remedy = f"could not be looked at ({type(error).__name__}: {error}); {REBUILD}"
        print(f"OK     {what}" if remedy is None else f"NOT OK {what}: {remedy}")
