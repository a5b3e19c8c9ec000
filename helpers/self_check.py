"""Check whether this computer is ready for the lessons: one line for each thing, with a remedy if it is not."""

import csv
import re
import shutil
import subprocess
import sys
import tempfile
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from helpers.data import (
    load_chimpanzees,
    load_eight_schools,
    load_epilepsy,
    load_reedfrogs,
    load_sleepstudy,
    load_wine,
)
from helpers.posterior import load_posterior
from helpers.remedies import DATA, REBUILD, ROOT, cannot_load, get_back, shipped

# what the lessons import, or import in turn
LIBRARIES = ["numpy", "pandas", "scipy.stats", "xarray", "h5py", "h5netcdf", "matplotlib.pyplot"]
LIBRARIES += ["ipywidgets", "arviz", "pymc", "nutpie"]


def _python():
    if sys.version_info[:2] < (3, 12):  # noqa: UP036 (a reader may have started a different Python)
        return "start JupyterLab with `make lab`, or in the conda environment"
    from jupyter_client.kernelspec import KernelSpecManager

    kernel = KernelSpecManager().get_kernel_spec("python3")
    python = Path(kernel.argv[0])
    if python.is_absolute() and python.parent != Path(sys.executable).parent:
        return f"JupyterLab starts the Python of {kernel.resource_dir}, which is not this one; rename that folder"
    return None


def _versions():
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    locked = dict(re.findall(r"(?m)^([a-z0-9-]+)==([^ ;\\]+)", lock))
    for name in dict.fromkeys(library.partition(".")[0] for library in LIBRARIES):
        try:
            found = version(name)
        except PackageNotFoundError:
            return f"{name} is missing; {REBUILD}"
        if found != locked[name]:
            return f"{name} is {found}, but the lessons were made with {locked[name]}; {REBUILD}"
    # in a separate process, because it returns its memory, and because a library may stop it
    code = "from helpers.self_check import import_all; import_all()"
    child = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=300)
    if child.returncode != 0:
        last = next(iter(child.stderr.strip().splitlines()[-1:]), f"Python stopped with {child.returncode}")
        return f"a library cannot be loaded ({last}); {REBUILD}"
    return child.stdout.strip() or None


def import_all():
    """Import what the lessons import, and write to PyTensor's compile folder; print what fails."""
    for name in LIBRARIES:
        try:
            import_module(name)
        except Exception as error:
            print(cannot_load(error))
            return
    config = import_module("pytensor").config
    try:
        with tempfile.TemporaryFile(dir=config.compiledir):
            pass
    except (OSError, ValueError):  # PyTensor's own complaint is a ValueError
        folder = config.base_compiledir
        print(f"PyTensor cannot write to its compile folder; rename {folder}, and PyTensor makes a new one")


def _data():
    for name in shipped():
        if not (DATA / name).is_file():
            return f"there is no file {name}. {get_back(DATA / name)}"
    try:
        load_chimpanzees()
        load_reedfrogs()
        load_sleepstudy()
        load_eight_schools()
        load_epilepsy()
        load_wine()
    except (OSError, ValueError) as error:
        return str(error)
    own = Path("../data").resolve()  # on a hub, students read the tables from a copy
    for folder in {DATA, own if own.is_dir() else DATA}:
        for name in shipped():
            if name.endswith(".csv") and not _is_table(folder / name):
                return f"{name} is missing or damaged. {get_back(folder / name)}"
    return None


def _is_table(path):
    """Tell whether a file is a header and lines with as many values."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        lines = [line for line in lines if not line.startswith("#")]
        separator = ";" if ";" in "".join(lines[:1]) else ","
        # strict: a quote that is never closed is an error
        counts = [len(line) for line in csv.reader(lines, delimiter=separator, strict=True)]
    except (OSError, UnicodeDecodeError, csv.Error):
        return False
    return len(counts) > 1 and counts[0] > 1 and len(set(counts)) == 1


def _posteriors():
    for name in shipped():
        if name.endswith(".nc"):
            try:
                load_posterior(name.removesuffix(".nc"))
            except (ImportError, OSError, ValueError) as error:
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
            remedy = f"could not be checked ({type(error).__name__}: {error}); {REBUILD}"
        print(f"OK     {what}" if remedy is None else f"NOT OK {what}: {remedy}")
