"""The ways to set the series up agree, and go wrong in plain sentences."""

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from importlib.util import find_spec
from pathlib import Path

import notebook_checks as check
import pytest
from jupyter_client.manager import start_new_kernel

ROOT = check.ROOT
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")


def pins(lock):
    """Return the packages of a lock: name and version."""
    return dict(re.findall(r"(?m)^([a-z0-9-]+)==([^ ;\\]+)", lock))


LOCKED = pins(LOCK)
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def direct():
    """Return the direct dependencies: name and lowest version."""
    wanted = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["test"]]
    return dict(requirement.split(">=") for requirement in wanted)


@pytest.mark.parametrize("name", ["requirements.lock", "making/tools.lock", "studies/numpyro.lock"])
def test_lock_has_hashes_and_no_host(name):
    lock = (ROOT / name).read_text(encoding="utf-8")
    assert lock.count("--hash=sha256:") >= len(pins(lock)) > 0
    assert "://" not in lock and "index-url" not in lock


def test_the_tools_change_nothing_that_the_lessons_use():
    tools = pins((ROOT / "making" / "tools.lock").read_text(encoding="utf-8"))
    assert {name: tools.get(name) for name in LOCKED} == LOCKED
    # where ArviZ finds jax it imports it, which makes every lesson heavier by 100 MB
    assert not {"jax", "numpyro"} & set(tools)


def test_environment_yml_pins_the_direct_dependencies_as_the_lock_does():
    text = (ROOT / "environment.yml").read_text(encoding="utf-8")
    pinned = dict(re.findall(r"(?m)^ {6}- ([a-z0-9-]+)==(\S+)", text))
    assert pinned == {name: LOCKED[name] for name in direct()}
    assert re.search(r"(?m)^ {6}- -e \.$", text)


def test_lower_bounds_are_the_lock_s_minor_versions():
    for name, bound in direct().items():
        parts = bound.count(".") + 1
        assert LOCKED[name].split(".")[:parts] == bound.split("."), name


def test_installed_versions_are_the_lock_s():
    from importlib.metadata import version

    assert {name: version(name) for name in direct()} == {name: LOCKED[name] for name in direct()}


ELSEWHERE = {"bambi", "statsmodels"}  # programs whose tables are read; `make programs` installs them apart


@pytest.mark.parametrize("folder", ["helpers", "making", "studies"])
def test_every_import_names_something_that_is_there(folder):
    """A script runs as `python -m folder.script`; what it imports only after minutes of work is there, too."""
    for path in sorted((ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                if name.partition(".")[0] not in ELSEWHERE:
                    assert find_spec(name), f"{path.relative_to(ROOT)}: there is no {name}"


def test_helpers_is_found_from_another_folder(tmp_path):
    code = "import helpers; print(helpers.__file__)"
    answer = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert Path(answer.stdout.strip()) == ROOT / "helpers" / "__init__.py"


@pytest.mark.parametrize("elsewhere", ["nothing installed", "another package of the name"])
def test_wrong_kernel_is_one_plain_sentence(tmp_path, elsewhere):
    if elsewhere != "nothing installed":
        (tmp_path / "helpers.py").write_text("")
    source = check.first_cell(check.read(check.NOTEBOOKS[0]))
    answer = subprocess.run(
        # -S: without site-packages, as on a kernel of another environment
        [sys.executable, "-S", "-c", source],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env={k: v for k, v in os.environ.items() if k != "PYTHONPATH"},
    )
    assert answer.returncode == 1
    last = answer.stderr.strip().splitlines()[-1]
    assert last.startswith("ImportError: Wrong kernel: start JupyterLab with `make lab`")
    assert "During handling" not in answer.stderr


def first_cell_with(folder, library, source, cwd=ROOT):
    """Run a lesson's first cell where a file takes a library's place; return the last line of its error."""
    (folder / f"{library}.py").write_text(source)
    answer = subprocess.run(
        [sys.executable, "-c", check.first_cell(check.read(check.NOTEBOOKS[0]))],
        cwd=cwd,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(folder)},
    )
    assert answer.returncode == 1
    assert "During handling" not in answer.stderr
    return answer.stderr.strip().splitlines()[-1]


@pytest.mark.parametrize(
    ("library", "source", "reason"),
    [
        ("numpy", "raise ImportError('libblas.so is missing')", "ImportError: libblas.so is missing"),
        ("xarray", "import ctypes; ctypes.CDLL('libblas.so.99')", "OSError: libblas.so.99: cannot open"),
        ("matplotlib", "raise ImportError('no name', name='matplotlib.ft2font')", "ImportError: no name"),
        ("arviz_base", "1 / 0", "ZeroDivisionError: division by zero"),
        ("pandas", "x = 1", "AttributeError: module 'pandas' has no attribute"),
    ],
    ids=["no name", "no shared object", "a part of it", "another error", "another file of the name"],
)
def test_a_library_that_cannot_load_is_named(tmp_path, library, source, reason):
    """It is not a wrong kernel; the sentence says which library, why and what to do."""
    last = first_cell_with(tmp_path, library, source)
    assert last.startswith(f"ImportError: The library {library} cannot be loaded ("), last
    assert reason in last
    assert f"Remedy: Python reads {tmp_path / library}.py, which is not part of this environment" in last


def test_a_library_that_is_missing_is_named(tmp_path):
    """As with an environment of an older course; here an importer refuses what another library needs."""
    (tmp_path / "sitecustomize.py").write_text("import sys; sys.modules['kiwisolver'] = None")
    last = first_cell_with(tmp_path, "unused", "")
    assert last.startswith("ImportError: The library kiwisolver cannot be loaded (ModuleNotFoundError")
    assert last.endswith(
        "Remedy: close JupyterLab and run `make lab` again, or update the conda environment."
    )


def test_a_fault_in_helpers_itself_is_not_blamed_on_a_library(tmp_path):
    shutil.copytree(ROOT / "helpers", tmp_path / "helpers")
    for fault, last in [
        ("1 / 0", "ZeroDivisionError"),
        ("import helpers.nothing", "ModuleNotFoundError: No mod"),
    ]:
        (tmp_path / "helpers" / "figures.py").write_text(fault)
        assert first_cell_with(tmp_path, "unused", "", cwd=tmp_path).startswith(last)


@pytest.fixture
def checkout(tmp_path):
    """Return a copy of what the set-up reads, in a folder with a space and accents in its name."""
    folder = tmp_path / "un dossier à moi"
    folder.mkdir()
    for name in ["Makefile", "pyproject.toml", "requirements.lock", "making"]:
        source = ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, folder / name)
    shutil.copytree(ROOT / "helpers", folder / "helpers")
    return folder


def set_up(folder, **environ):
    """Run the set-up as make does."""
    environ = {"HOME": str(folder), "PATH": "/usr/bin:/bin", **environ}
    return subprocess.run(["sh", "making/set_up"], cwd=folder, capture_output=True, text=True, env=environ)


@pytest.fixture
def tools(tmp_path):
    """Return a folder with the programs that the set-up calls, and no Python."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ["sh", "dirname", "cat", "cksum", "tail", "rm", "awk", "mkdir"]:
        (folder / name).symlink_to(shutil.which(name))
    return folder


def script(path, text):
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def test_no_suitable_python(checkout, tools):
    script(tools / "python3", "exit 1")  # an old one
    answer = set_up(checkout, PATH=str(tools))
    assert answer.returncode == 1
    assert "no Python 3.12, 3.13 or 3.14 was found" in answer.stderr
    assert "make lab PYTHON=" in answer.stderr
    assert not (checkout / ".venv").exists()


def test_a_named_python_that_does_not_fit(checkout, tools):
    answer = set_up(checkout, PATH=str(tools), PYTHON="/nowhere/python3.9")
    assert answer.returncode == 1
    assert "PYTHON=/nowhere/python3.9 is not a Python 3.12, 3.13 or 3.14" in answer.stderr


def test_a_python_without_venv(checkout, tools):
    # as on Debian and Ubuntu, where python3-venv is a package of its own
    text = f'case "$*" in *ensurepip*) exit 1;; esac\nexec "{sys.executable}" "$@"'
    script(tools / "python3", text)
    answer = set_up(checkout, PATH=str(tools))
    assert answer.returncode == 1
    assert "comes without the module venv" in answer.stderr
    assert f"sudo apt install python3.{sys.version_info[1]}-venv" in answer.stderr


def test_no_network_leaves_nothing_behind(checkout):
    base = Path(sys.base_prefix) / "bin" / "python3"
    answer = set_up(
        checkout,
        PYTHON=str(base),
        PIP_CONFIG_FILE=os.devnull,
        PIP_INDEX_URL="http://127.0.0.1:9/simple",
        PIP_NO_CACHE_DIR="1",
    )
    assert answer.returncode == 1
    assert "could not be downloaded. Is there a network connection?" in answer.stderr
    assert not (checkout / ".venv").exists()


def test_an_environment_without_its_stamp_is_not_trusted(checkout, tools):
    """An interrupted set-up has no stamp: the next call starts afresh."""
    (checkout / ".venv").mkdir()
    (checkout / ".venv" / "half").touch()
    script(tools / "python3", "exit 1")
    assert set_up(checkout, PATH=str(tools)).returncode == 1
    assert not (checkout / ".venv" / "half").exists()


def test_a_kernel_tells_what_the_lessons_store():
    """JupyterLab writes a kernel's language_info into a notebook: a difference would be a change."""
    manager, client = start_new_kernel(kernel_name="python3")
    try:
        told = client.kernel_info(reply=True, timeout=60)["content"]["language_info"]
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    for path in check.NOTEBOOKS:
        assert check.read(path).metadata.language_info == told, path.name


# the only test that a machine may lack something for
@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed, so no change can be named")
def test_changed_notebooks_are_named(tmp_path):
    git = ["git", "-c", "user.name=t", "-c", "user.email=t@example.org", "-C", str(tmp_path)]
    (tmp_path / "notebooks").mkdir()
    note = tmp_path / "notebooks" / "01.ipynb"
    note.write_text("{}")
    for arguments in [["init", "-q"], ["add", "."], ["commit", "-q", "-m", "x"]]:
        subprocess.run([*git, *arguments], check=True)
    code = f"import sys; sys.path.insert(0, {str(ROOT / 'tests')!r}); import changed_notebooks as c; c.main({str(tmp_path)!r})"

    def said():
        return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    assert said() == ""
    note.write_text('{"answers": 1}')
    assert "notebooks/01.ipynb" in said() and "git restore notebooks" in said()


def test_without_git_no_notebook_is_called_changed(tmp_path):
    command = [sys.executable, str(ROOT / "tests" / "changed_notebooks.py")]
    answer = subprocess.run(
        command, env={**os.environ, "PATH": str(tmp_path)}, capture_output=True, text=True
    )
    assert (answer.returncode, answer.stdout, answer.stderr) == (0, "", "")
