"""A learner's copy of the course, and a hub that is closed until it is told otherwise."""

import importlib.util
import json
import os
import pwd
import runpy
import shutil
import socket
import sys
import types
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
specification = importlib.util.spec_from_file_location("start_server", ROOT / "classroom" / "start_server.py")
start_server = importlib.util.module_from_spec(specification)
specification.loader.exec_module(start_server)

LESSON = "notebooks/00_start_here.ipynb"


@pytest.fixture
def course(tmp_path):
    """Return a course of two lessons."""
    folder = tmp_path / "course"
    (folder / "notebooks").mkdir(parents=True)
    (folder / LESSON).write_text("first edition")
    (folder / "notebooks" / "01.ipynb").write_text("another lesson")
    return folder


@pytest.fixture
def mine(course, tmp_path):
    """Return a learner's copy of it, as handed out."""
    folder = tmp_path / "mine"
    assert start_server.hand_out(course, folder) == []
    return folder


def names(folder):
    return sorted(path.name for path in folder.glob("notebooks/*"))


def test_the_copy_is_whole_and_can_be_written_to(course, mine):
    (course / LESSON).chmod(0o444)
    start_server.hand_out(course, mine)
    assert (mine / LESSON).read_text() == "first edition"
    assert (mine / LESSON).stat().st_mode & 0o200
    assert names(mine) == ["00_start_here.ipynb", "01.ipynb"]


def test_an_untouched_file_follows_an_update(course, mine):
    (course / LESSON).write_text("second edition")
    assert start_server.hand_out(course, mine) == []
    assert (mine / LESSON).read_text() == "second edition"
    assert names(mine) == ["00_start_here.ipynb", "01.ipynb"]


def test_a_changed_file_is_kept_beside_the_new_one(course, mine):
    (mine / LESSON).write_text("my answers")
    (course / LESSON).write_text("second edition")
    (kept,) = start_server.hand_out(course, mine)
    assert (mine / LESSON).read_text() == "second edition"
    assert kept.read_text() == "my answers"
    assert kept.name.startswith("00_start_here (yours, ") and kept.suffix == ".ipynb"


def test_a_notebook_that_was_only_opened_and_saved_is_not_changed(tmp_path):
    lesson = tmp_path / "course" / LESSON
    lesson.parent.mkdir(parents=True)
    shutil.copy(ROOT / LESSON, lesson)
    copy = tmp_path / "mine"
    start_server.hand_out(tmp_path / "course", copy)
    notebook = json.loads((copy / LESSON).read_text(encoding="utf-8"))
    notebook["metadata"]["language_info"] = {"name": "python", "version": "3.13.0"}  # what autosave adds
    (copy / LESSON).write_text(json.dumps(notebook), encoding="utf-8")
    lesson.write_text(lesson.read_text(encoding="utf-8").replace("# 00 Start here", "# 00 Start here!"))
    assert start_server.hand_out(tmp_path / "course", copy) == []
    assert "# 00 Start here!" in (copy / LESSON).read_text(encoding="utf-8")

    notebook["cells"][4]["source"] = ["my answers"]
    (copy / LESSON).write_text(json.dumps(notebook), encoding="utf-8")
    lesson.write_text(lesson.read_text(encoding="utf-8").replace("# 00 Start here!", "# 00"))
    (kept,) = start_server.hand_out(tmp_path / "course", copy)
    assert "my answers" in kept.read_text(encoding="utf-8")


def test_two_updates_on_one_day_keep_both_versions(course, mine):
    for number in ["second", "third"]:
        (mine / LESSON).write_text(f"my answers to the {number}")
        (course / LESSON).write_text(f"{number} edition")
        start_server.hand_out(course, mine)
    kept = {path.read_text() for path in mine.glob("notebooks/00_start_here (yours*")}
    assert kept == {"my answers to the second", "my answers to the third"}


def test_a_changed_file_without_an_update_stays_as_it_is(course, mine):
    (mine / LESSON).write_text("my answers")
    assert start_server.hand_out(course, mine) == []
    assert (mine / LESSON).read_text() == "my answers"
    assert len(names(mine)) == 2


def test_own_files_are_left_alone_and_lost_ones_come_back(course, mine):
    (mine / "notebooks" / "notes.ipynb").write_text("mine")
    (mine / LESSON).unlink()
    start_server.hand_out(course, mine)
    assert (mine / LESSON).read_text() == "first edition"
    assert (mine / "notebooks" / "notes.ipynb").read_text() == "mine"


@pytest.mark.parametrize("record", [None, "{half a rec"])
def test_a_lost_record_costs_no_answers(course, mine, record):
    path = mine / start_server.RECORD
    path.unlink() if record is None else path.write_text(record)
    (mine / LESSON).write_text("my answers")
    (kept,) = start_server.hand_out(course, mine)
    assert kept.read_text() == "my answers"


def test_the_whole_course_is_handed_out(tmp_path):
    start_server.hand_out(ROOT, tmp_path)
    for folder, pattern in [("notebooks", "*.ipynb"), ("notebooks/solutions", "*.ipynb"), ("data", "*")]:
        wanted = {path.name for path in (ROOT / folder).glob(pattern) if path.is_file()}
        assert {path.name for path in (tmp_path / folder).glob(pattern) if path.is_file()} == wanted


class Settings(defaultdict):
    """A stand-in for JupyterHub's configuration object."""

    def __init__(self):
        super().__init__(Settings)

    __getattr__ = defaultdict.__getitem__
    __setattr__ = defaultdict.__setitem__


@pytest.fixture
def configure(monkeypatch, tmp_path):
    """Return a function that reads the hub's configuration with some settings."""
    # JupyterHub is among the tools, which `make test` does without: two empty classes stand in
    for module, name in [
        ("nativeauthenticator", "NativeAuthenticator"),
        ("jupyterhub.auth", "LocalAuthenticator"),
    ]:
        fake = types.ModuleType(module)
        setattr(fake, name, type(name, (), {"validate_username": lambda self, name: True}))
        monkeypatch.setitem(sys.modules, module, fake)
    monkeypatch.setattr(socket.socket, "connect_ex", lambda door, address: 111)  # nobody listens
    for name in [name for name in os.environ if name.startswith("HUB_")]:
        monkeypatch.delenv(name)

    def read(**given):
        for name, value in {"HUB_DATA": str(tmp_path / "hub"), **given}.items():
            monkeypatch.setenv(name, value)
        settings = Settings()
        runpy.run_path(str(ROOT / "classroom" / "jupyterhub_config.py"), {"get_config": lambda: settings})
        return settings

    return read


ROOT_ACCOUNT, ADA = types.SimpleNamespace(pw_uid=0), types.SimpleNamespace(pw_uid=1001)
TRIAL = {"HUB_MODE": "trial", "HUB_AUTH": "signup", "HUB_TEACHER": "ada"}


def test_the_hub_s_own_files_are_closed_to_learners(configure, tmp_path):
    (tmp_path / "hub").mkdir(mode=0o755)
    configure(**TRIAL)
    assert (tmp_path / "hub").stat().st_mode & 0o777 == 0o700


def test_a_trial_listens_on_this_machine_only_and_lets_in_nobody_unseen(configure):
    settings = configure(**TRIAL)
    addresses = [settings.JupyterHub.bind_url, settings.ConfigurableHTTPProxy.api_url]
    assert all(address.startswith("http://127.0.0.1:") for address in addresses)
    assert settings.JupyterHub.hub_ip == "127.0.0.1"
    assert settings.NativeAuthenticator.open_signup is False
    assert settings.Authenticator.admin_users == {"ada"}
    assert not any("api_token" in service for service in settings.JupyterHub.services)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"HUB_MODE": ""}, "HUB_MODE is not set. Wanted: trial"),
        ({"HUB_MODE": "open"}, "HUB_MODE is open. Wanted: trial"),
        ({"HUB_AUTH": ""}, "HUB_AUTH is not set. Wanted: signup"),
        ({"HUB_AUTH": "dummy"}, "HUB_AUTH is dummy. Wanted: signup"),
        ({"HUB_TEACHER": ""}, "HUB_TEACHER is not set"),
        ({"HUB_BIND": "http://0.0.0.0:8000"}, "passwords would go in the clear"),
        ({"HUB_BIND": "http://127.0.0.1.example.org"}, "passwords would go in the clear"),
    ],
)
def test_a_hub_that_is_not_told_does_not_start(configure, given, said):
    with pytest.raises(SystemExit) as refused:
        configure(**TRIAL | given)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("port", [8000, 8001])
def test_a_second_hub_does_not_disturb_the_first(configure, monkeypatch, port):
    monkeypatch.setattr(socket.socket, "connect_ex", lambda door, address: 0 if address[1] == port else 111)
    with pytest.raises(SystemExit, match=f"Port {port} of this machine is taken"):
        configure(**TRIAL)


def test_a_class_needs_root(configure, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(SystemExit, match="start it with sudo"):
        configure(**TRIAL | {"HUB_MODE": "class"})
    with pytest.raises(SystemExit, match="start it with sudo"):
        configure(**TRIAL | {"HUB_AUTH": "pam"})


@pytest.mark.parametrize("name", ["root", "daemon"])
def test_the_teacher_is_no_account_of_the_system(configure, monkeypatch, name):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    with pytest.raises(SystemExit, match=f"HUB_TEACHER={name} is an account of the system"):
        configure(**TRIAL | {"HUB_MODE": "class", "HUB_TEACHER": name})


def test_a_course_that_learners_cannot_read_is_named(configure, monkeypatch, tmp_path):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    tmp_path.chmod(0o700)
    python = tmp_path / "python3"
    python.touch(mode=0o755)
    monkeypatch.setattr(sys, "executable", str(python))
    monkeypatch.setattr(Path, "stat", stat_of_an_open_machine(Path.stat, tmp_path))
    with pytest.raises(SystemExit, match=f"Learners' accounts cannot open {tmp_path}, where {python} lies"):
        configure(**TRIAL | {"HUB_MODE": "class"})


def stat_of_an_open_machine(stat, closed):
    """Return a `Path.stat` to which every folder but one is open to all accounts."""

    def open_stat(path, **given):
        found = stat(path, **given)
        return found if path == closed else types.SimpleNamespace(st_mode=found.st_mode | 0o005)

    return open_stat


def test_nobody_signs_up_under_the_name_of_an_account_that_exists(configure, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(pwd, "getpwnam", lambda name: {"root": ROOT_ACCOUNT, "ada": ADA}[name])
    monkeypatch.setattr(Path, "stat", stat_of_an_open_machine(Path.stat, closed=None))
    signup = configure(**TRIAL | {"HUB_MODE": "class"}).JupyterHub.authenticator_class
    signup.user_exists = lambda self, name: False  # not signed up yet
    assert not signup().validate_username("root")
    assert signup().validate_username("grace-hopper-1906")
    assert signup().validate_username("ada")  # the teacher's account is made when the hub starts
    signup.user_exists = lambda self, name: True  # an account that the hub has made
    assert signup().validate_username("root")
