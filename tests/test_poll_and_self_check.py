"""The self-check names what is wrong and its remedy."""

import json
import os
import shutil
import subprocess
import sys
from types import SimpleNamespace

import pytest

from helpers import remedies, self_check


def test_self_check_is_all_ok(capsys):
    self_check.self_check()
    lines = capsys.readouterr().out.splitlines()
    assert lines == [f"OK     {what}" for what in self_check.CHECKS]


def test_each_check_names_its_remedy(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(self_check.sys, "version_info", (3, 11))
    assert "make lab" in self_check._python()
    monkeypatch.setattr(self_check, "version", lambda name: "0.0.1")
    assert "numpy is 0.0.1, but the lessons were made with" in self_check._versions()

    def missing(name):
        raise self_check.PackageNotFoundError(name)

    monkeypatch.setattr(self_check, "version", missing)
    assert "numpy is missing; close JupyterLab" in self_check._versions()
    assert "sliders of lessons 03 and 04 will not move" in self_check._widgets()

    def damaged(*args):
        raise ValueError("chimpanzees.csv: the file is empty. To get the shipped file back: ...")

    monkeypatch.setattr(self_check, "load_chimpanzees", damaged)
    assert "the file is empty" in self_check._data()
    monkeypatch.setattr(self_check, "load_posterior", damaged)
    assert "the file is empty" in self_check._posteriors()
    monkeypatch.setattr(self_check.shutil, "disk_usage", lambda path: SimpleNamespace(free=1e6))
    assert "less than 0.2 GB" in self_check._disk()
    self_check.self_check()
    said = capsys.readouterr().out
    assert said.count("NOT OK") == len(self_check.CHECKS)


def test_a_check_that_fails_itself_does_not_stop_the_reader(monkeypatch, capsys):
    monkeypatch.setattr(self_check, "CHECKS", {"data are complete": lambda: 1 / 0})
    self_check.self_check()
    assert "NOT OK data are complete: could not be checked (ZeroDivisionError" in capsys.readouterr().out


@pytest.fixture
def data(tmp_path, monkeypatch):
    """Return a copy of the data that the self-check reads."""
    folder = tmp_path / "data"
    shutil.copytree(self_check.DATA, folder)
    for module in [self_check, remedies]:
        monkeypatch.setattr(module, "DATA", folder)
    monkeypatch.chdir(tmp_path)
    return folder


@pytest.mark.parametrize("name", remedies.shipped())
def test_every_missing_data_file_is_named(data, name):
    assert self_check._data() is None
    (data / name).unlink()
    assert name in self_check._data()


@pytest.mark.parametrize(
    "damage",
    [lambda text: "", lambda text: text.replace(".", ","), lambda text: text[:-3].rpartition(",")[0]],
    ids=["empty", "decimal commas", "cut short"],
)
def test_damaged_tables_are_named(data, damage):
    tables = [name for name in remedies.shipped() if name.endswith(".csv")]
    # these have loaders, which say what is wrong (tests/test_data.py)
    loaded = {
        f"{name}.csv"
        for name in ["chimpanzees", "reedfrogs", "sleepstudy", "eight_schools", "epilepsy", "wine"]
    }
    for name in set(tables) - loaded:
        whole = (data / name).read_text()
        (data / name).write_text(damage(whole))
        assert self_check._data().startswith(f"{name} is missing or damaged. To get the shipped file back: ")
        (data / name).write_text(whole)
    assert self_check._data() is None


def test_a_learner_s_own_copy_of_the_tables_is_read_too(data, tmp_path, monkeypatch):
    own = tmp_path / "home" / "course"
    shutil.copytree(data, own / "data")
    (own / "notebooks").mkdir()
    (own / ".handed-out.json").write_text("{}")
    monkeypatch.chdir(own / "notebooks")
    assert self_check._data() is None
    (own / "data" / "forms.csv").unlink()
    assert self_check._data().startswith("forms.csv is missing or damaged. To get it back: delete forms.csv")


def imported(**environ):
    """Return what a process says that imports what the lessons import."""
    code = "from helpers.self_check import import_all; import_all()"
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def test_a_compile_folder_that_cannot_be_written_to_is_named(tmp_path):
    (tmp_path / "file").touch()  # also stops root, whom permissions do not stop
    said = imported(PYTENSOR_FLAGS=f"base_compiledir={tmp_path / 'file' / 'x'}")
    assert said.startswith("PyTensor cannot write to its compile folder; rename ")


@pytest.mark.parametrize("library", ["nutpie", "h5py"])
def test_a_library_that_cannot_be_imported_is_named(tmp_path, library):
    (tmp_path / f"{library}.py").write_text("raise OSError('no such instruction')")
    assert imported(PYTHONPATH=str(tmp_path)).startswith(
        f"The library {library} cannot be loaded (OSError: no"
    )


def test_a_library_that_stops_python_is_reported(monkeypatch):
    monkeypatch.setattr(self_check.sys, "executable", shutil.which("false"))
    assert self_check._versions().startswith("a library cannot be loaded (Python stopped with 1); close")


def test_a_foreign_kernel_is_named(tmp_path, monkeypatch):
    assert self_check._python() is None
    folder = tmp_path / "kernels" / "python3"
    folder.mkdir(parents=True)
    kernel = {
        "argv": ["/usr/bin/python3", "-m", "ipykernel_launcher"],
        "display_name": "P",
        "language": "python",
    }
    (folder / "kernel.json").write_text(json.dumps(kernel))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    assert self_check._python().startswith(f"JupyterLab starts the Python of {folder}, which is not this one")
