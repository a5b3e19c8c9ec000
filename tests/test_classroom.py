"""A learner's copy of the course, and a hub that is closed until it is told otherwise."""

import asyncio
import fcntl
import grp
import importlib.util
import itertools
import json
import os
import pwd
import re
import runpy
import shutil
import socket
import sqlite3
import subprocess
import sys
import types
from collections import defaultdict
from pathlib import Path

import pytest
import yaml
from tornado.httpserver import HTTPServer
from tornado.web import Application, HTTPError
from traitlets import HasTraits

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
    assert start_server.hand_out(course, folder) == {}
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
    assert start_server.hand_out(course, mine) == {LESSON: None}
    assert (mine / LESSON).read_text() == "second edition"
    assert names(mine) == ["00_start_here.ipynb", "01.ipynb"]


def test_a_changed_file_is_kept_beside_the_new_one(course, mine):
    (mine / LESSON).write_text("my answers")
    (course / LESSON).write_text("second edition")
    kept = start_server.hand_out(course, mine)[LESSON]
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
    assert start_server.hand_out(tmp_path / "course", copy) == {LESSON: None}
    assert "# 00 Start here!" in (copy / LESSON).read_text(encoding="utf-8")

    notebook["cells"][4]["source"] = ["my answers"]
    (copy / LESSON).write_text(json.dumps(notebook), encoding="utf-8")
    lesson.write_text(lesson.read_text(encoding="utf-8").replace("# 00 Start here!", "# 00"))
    kept = start_server.hand_out(tmp_path / "course", copy)[LESSON]
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
    assert start_server.hand_out(course, mine) == {}
    assert (mine / LESSON).read_text() == "my answers"
    assert len(names(mine)) == 2


def test_own_files_are_left_alone_and_lost_ones_come_back(course, mine):
    (mine / "notebooks" / "notes.ipynb").write_text("mine")
    (mine / LESSON).unlink()
    start_server.hand_out(course, mine)
    assert (mine / LESSON).read_text() == "first edition"
    assert (mine / "notebooks" / "notes.ipynb").read_text() == "mine"


@pytest.mark.parametrize(
    "record", ["nothing", "half", "list", "nested", "large", "pipe", "folder", "link to itself", "zeros"]
)
def test_a_lost_record_costs_no_answers(course, mine, record):
    """Nor does anything else that stands in its place keep the server from starting, or is read to its end."""
    path = mine / start_server.RECORD
    path.unlink()
    {
        "nothing": lambda: None,
        "half": lambda: path.write_text("{half a rec"),
        "list": lambda: path.write_text("[1]"),
        "nested": lambda: path.write_text("[" * 500_000),
        "large": lambda: (path.touch(), os.truncate(path, 40_000_000_000)),  # takes no space on the disk
        "pipe": lambda: os.mkfifo(path),  # opening one waits for a writer
        "folder": lambda: path.mkdir(),
        "link to itself": lambda: path.symlink_to(path),
        "zeros": lambda: path.symlink_to("/dev/zero"),  # has no end
    }[record]()
    (mine / LESSON).write_text("my answers")
    kept = start_server.hand_out(course, mine)[LESSON]
    assert kept.read_text() == "my answers"
    assert set(json.loads(path.read_text())) == {LESSON, "notebooks/01.ipynb"} and path.stat().st_size < 1000


@pytest.mark.parametrize("kind", ["pipe", "folder", "link"])
def test_the_list_of_newer_lessons_takes_the_place_of_anything(mine, tmp_path, kind):
    path, other = mine / start_server.NEWS, tmp_path / "other.txt"
    other.write_text("mine")
    {"pipe": lambda: os.mkfifo(path), "folder": path.mkdir, "link": lambda: path.symlink_to(other)}[kind]()
    start_server.tell({LESSON: None}, mine)
    assert "is newer" in path.read_text() and other.read_text() == "mine"


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


class FakeAuthenticator(HasTraits):
    """A stand-in for NativeAuthenticator, with the sign-ups that it was asked to record."""

    allowed_failed_logins = 5
    seconds_before_next_try = 60

    def __init__(self, **given):
        super().__init__(**given)
        self.signed_up = {}

    def validate_username(self, name):
        return True

    def get_user(self, name):
        return self.signed_up.get(name)

    def user_exists(self, name):
        return name in self.signed_up

    def is_password_strong(self, password):
        return len(password) >= 8

    def create_user(self, name, password, **given):
        if not self.is_password_strong(password):
            return None
        right = given | {"password": password, "is_valid_password": lambda typed: typed == password}
        self.signed_up[name] = types.SimpleNamespace(**right)
        return True

    def normalize_username(self, name):
        return name.lower()


class FakePage:
    """A stand-in for the pages of nativeauthenticator."""

    def render_template(self, name, **given):
        return given

    def get_result_message(self, user):
        return "alert-info", "sent"

    def redirect(self, path):
        self.redirected = path


PAGES = ["AuthorizationAreaHandler", "ChangePasswordAdminHandler", "ChangePasswordHandler", "LocalBase"]
PAGES += ["LoginHandler", "SignUpHandler"]


def needs_scope(scope):
    """Stand in for JupyterHub's decorator; the scope can be read from what it returns."""

    def mark(function):
        function.scope = scope
        return function

    return mark


FREE_PORTS = itertools.cycle([10001, 10001, 10002])
# JupyterHub is among the tools, which `make test` does without: these replace what the hub imports
STAND_INS = {
    "jupyterhub.auth": {"LocalAuthenticator": type("LocalAuthenticator", (), {})},
    "jupyterhub.orm": {"new_token": lambda: "new"},
    "jupyterhub.scopes": {"needs_scope": needs_scope},
    "jupyterhub.spawner": {
        name: type(name, (HasTraits,), {}) for name in ["LocalProcessSpawner", "SimpleLocalProcessSpawner"]
    },
    "jupyterhub.utils": {"random_port": lambda: next(FREE_PORTS)},
    "nativeauthenticator": {"NativeAuthenticator": FakeAuthenticator},
    "nativeauthenticator.handlers": {name: type(name, (FakePage,), {}) for name in PAGES},
    "nativeauthenticator.orm": {"UserInfo": types.SimpleNamespace()},
    "sqlalchemy": {"event": types.SimpleNamespace(listen=lambda *given: None)},
    "sqlalchemy.engine": {"Engine": object},
}


@pytest.fixture
def configure(monkeypatch, tmp_path):
    """Return a function that reads the hub's configuration with some settings."""
    for module, names in STAND_INS.items():
        replaced = types.ModuleType(module)
        vars(replaced).update(names)
        monkeypatch.setitem(sys.modules, module, replaced)
    for module in ["room", "servers", "signup"]:  # they are to import the stand-ins
        monkeypatch.delitem(sys.modules, module, raising=False)
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setattr(
        HTTPServer, "_Configurable__impl_kwargs", None
    )  # the hub sets how long a request may be
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    monkeypatch.setattr(socket.socket, "connect_ex", lambda door, address: 111)  # nobody listens
    for name in [name for name in os.environ if name.startswith("HUB_")]:
        monkeypatch.delenv(name)

    locks, os_open = [], os.open

    def note_locks(path, *given, **more):
        number = os_open(path, *given, **more)
        locks.extend([number] if Path(path).name in ["running", "hub-running"] else [])
        return number

    monkeypatch.setattr(os, "open", note_locks)

    def read(**given):
        for name, value in {"HUB_DATA": str(tmp_path / "hub"), **given}.items():
            monkeypatch.setenv(name, value)
        settings = Settings()
        file = str(ROOT / "classroom" / "jupyterhub_config.py")
        try:
            runpy.run_path(file, {"get_config": lambda: settings})
        finally:  # a hub that ends, or does not start, gives its locks back
            while locks:
                os.close(locks.pop())
        return settings

    return read


def authenticator_of(settings, password="correct horse"):
    """Return the hub's authenticator, with a teacher who chose a password."""
    kind = settings.JupyterHub.authenticator_class
    if password:
        kind.first_password = lambda self: password
    return kind(teacher=settings.SignUp.teacher)


ROOT_ACCOUNT = types.SimpleNamespace(pw_uid=0, pw_gecos="root")
SOMEBODY = types.SimpleNamespace(pw_uid=1001, pw_gecos="Ada Byron,,,")
MADE_BY_THE_HUB = types.SimpleNamespace(pw_uid=1002, pw_gecos='"",,,')  # as Debian's adduser writes it
TRIAL = {"HUB_MODE": "trial", "HUB_AUTH": "signup", "HUB_TEACHER": "ada"}


def test_the_hub_s_own_files_are_closed_to_learners(configure, tmp_path):
    (tmp_path / "hub").mkdir(mode=0o755)
    (tmp_path / "hub-running").write_text("")
    (tmp_path / "hub-running").chmod(0o644)
    configure(**TRIAL)
    assert (tmp_path / "hub").stat().st_mode & 0o777 == 0o700
    # a student who could open it could lock it, and `make` would see a running hub for ever
    assert (tmp_path / "hub-running").stat().st_mode & 0o777 == 0o600


def test_a_folder_that_the_hub_cannot_use_is_named(configure, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(SystemExit, match=r"cannot use .*/file/hub \(Not a directory\)"):
        configure(**TRIAL, HUB_DATA=str(tmp_path / "file" / "hub"))

    def somebody_else_s(path, mode):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "chmod", somebody_else_s)
    with pytest.raises(SystemExit, match=r"cannot use .*/hub \(Operation not permitted\)"):
        configure(**TRIAL)


def test_a_trial_listens_on_this_machine_only_and_lets_in_nobody_unseen(configure):
    settings = configure(**TRIAL)
    addresses = [settings.JupyterHub.bind_url, settings.ConfigurableHTTPProxy.api_url]
    assert all(address.startswith("http://127.0.0.1:") for address in addresses)
    assert settings.JupyterHub.hub_ip == "127.0.0.1"
    assert settings.NativeAuthenticator.open_signup is False
    assert settings.JupyterHub.hub_port == 8081
    assert not any("api_token" in service for service in settings.JupyterHub.services)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"HUB_MODE": ""}, "HUB_MODE is not set. Expected: trial"),
        ({"HUB_MODE": "open"}, "HUB_MODE is open. Expected: trial"),
        ({"HUB_AUTH": ""}, "HUB_AUTH is not set. Expected: signup"),
        ({"HUB_AUTH": "dummy"}, "HUB_AUTH is dummy. Expected: signup"),
        ({"HUB_TEACHER": ""}, "HUB_TEACHER is not set"),
        ({"HUB_BIND": "http://0.0.0.0:8000"}, "passwords would be sent unencrypted"),
        ({"HUB_BIND": "http://127.0.0.1.example.org"}, "passwords would be sent unencrypted"),
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


def test_a_trial_gives_no_account_of_the_machine_the_rights_of_root(configure, monkeypatch, capsys):
    for number in [0, 1000]:
        monkeypatch.setattr(os, "geteuid", lambda number=number: number)
        with pytest.raises(SystemExit, match="would give accounts of this machine the rights of root"):
            configure(**TRIAL | {"HUB_AUTH": "pam"})
        configure(**TRIAL)
        assert ("runs as root" in capsys.readouterr().out) == (number == 0)


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
    with pytest.raises(
        SystemExit, match=f"Students' accounts cannot open {tmp_path}, which contains {python}"
    ):
        configure(**TRIAL | {"HUB_MODE": "class"})


def stat_of_an_open_machine(stat, closed):
    """Return a `Path.stat` to which every folder but one is open to all accounts."""

    def open_stat(path, **given):
        found = stat(path, **given)
        return found if path == closed else types.SimpleNamespace(st_mode=found.st_mode | 0o005)

    return open_stat


@pytest.fixture
def configure_class(configure, monkeypatch):
    """Return a function that reads the configuration of a class on a machine with some accounts."""
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(Path, "stat", stat_of_an_open_machine(Path.stat, closed=None))

    def read(accounts, **given):
        monkeypatch.setattr(pwd, "getpwnam", lambda name: accounts[name])
        return configure(**TRIAL | {"HUB_MODE": "class"} | given)

    return read


@pytest.fixture
def database(tmp_path):
    """Return a hub's database with the admin ada and the learners grace (with a token) and edith."""
    (tmp_path / "hub").mkdir()
    path = tmp_path / "hub" / "hub.sqlite"
    with sqlite3.connect(path) as hub:
        hub.executescript("""
            CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, admin BOOLEAN);
            CREATE TABLE api_tokens (user_id INTEGER REFERENCES users(id) ON DELETE CASCADE);
            CREATE TABLE users_info (username TEXT);
            INSERT INTO users VALUES (1, 'ada', 1), (2, 'grace', 0);
            INSERT INTO api_tokens VALUES (2);
            INSERT INTO users_info VALUES ('ada'), ('grace'), ('edith');
        """)
    return path


def kept(database):
    with sqlite3.connect(database) as hub:
        return {
            table: {value for (value,) in hub.execute(f"SELECT {column} FROM {table}")}
            for table, column in [("users", "name"), ("users_info", "username"), ("api_tokens", "user_id")]
        }


SCRIPT = "z\tautofocus\ttabindex=0\tonfocus=document.title=1"  # ran when nativeauthenticator showed it
REFUSED = [
    SCRIPT,
    "ada\n",
    "ada\tb",
    "a.b",
    "a b",
    "a@b",
    "anaïs",
    "1ada",
    "-ada",
    "_ada",
    "Ada",
    "",
    "a" * 32,
]


@pytest.mark.parametrize("name", REFUSED)
def test_a_name_that_could_be_more_than_a_name_is_refused(configure, name):
    pattern = configure(**TRIAL).Authenticator.username_pattern
    assert not re.match(pattern, name)
    if name:
        with pytest.raises(SystemExit, match="breaks the rule for names"):
            configure(**TRIAL | {"HUB_TEACHER": name})


@pytest.mark.parametrize("name", ["a", "ada", "grace-hopper_1906", "a" * 31])
def test_a_plain_name_is_accepted(configure, name):
    assert re.match(configure(**TRIAL).Authenticator.username_pattern, name)


def test_a_learner_is_told_the_rule_for_names(configure):
    authenticator = authenticator_of(configure(**TRIAL))
    pages = dict(authenticator.get_handlers(None))
    page = pages["/signup"]()
    page.authenticator = authenticator
    page.request = types.SimpleNamespace(remote_ip="192.0.2.1", headers={})
    rule = page.render_template("signup.html")["announcement"]
    assert "at most 31 characters" in rule
    page.get_body_argument = lambda name, strip: SCRIPT
    assert page.get_result_message(None) == ("alert-danger", f"This name cannot be used. {rule}")
    page.get_body_argument = lambda name, strip: "Grace"  # the hub makes it grace
    assert page.get_result_message(None) == ("alert-info", sys.modules["signup"].SIGNED_UP)
    described = (ROOT / "classroom" / "README.md").read_text(encoding="utf-8").replace("`", "")
    assert rule.replace("A name begins", "begins")[:-1] in described


@pytest.mark.parametrize(("table", "column"), [("users", "name"), ("users_info", "username")])
def test_an_old_database_with_an_evil_name_is_refused_until_the_name_is_dropped(
    configure, database, table, column
):
    with sqlite3.connect(database) as hub:
        hub.execute(f"UPDATE {table} SET {column} = ? WHERE {column} = 'grace'", [SCRIPT])
    before = kept(database)
    with pytest.raises(SystemExit) as refused:
        configure(**TRIAL | {"HUB_TEACHER": "emmy"})
    assert repr(SCRIPT) in str(refused.value) and "HUB_DROP_NAMES=yes" in str(refused.value)
    assert "\n" not in str(refused.value)
    assert kept(database) == before

    configure(**TRIAL | {"HUB_TEACHER": "emmy", "HUB_DROP_NAMES": "yes"})
    after = kept(database)
    assert after[table] == before[table] - {SCRIPT}
    assert {"ada", "edith"} <= after["users"] | after["users_info"]
    assert after["api_tokens"] == (set() if table == "users" else {2})  # a new user may get the same number


def test_nobody_is_an_admin_and_a_former_teacher_loses_the_right(configure):
    settings = configure(**TRIAL)
    roles = {role["name"]: role for role in settings.JupyterHub.load_roles}
    assert roles["admin"] == {"name": "admin", "users": []}  # JupyterHub then empties the role
    assert roles["teacher"]["users"] == ["ada"]
    assert "admin_users" not in settings.Authenticator


@pytest.mark.parametrize("auth", ["signup", "pam"])
def test_the_teacher_has_no_access_to_a_server(configure_class, auth):
    accounts = {"ada": SOMEBODY, "grace": SOMEBODY} if auth == "pam" else {"grace": MADE_BY_THE_HUB}
    settings = configure_class(accounts, HUB_AUTH=auth)
    (teacher,) = [role for role in settings.JupyterHub.load_roles if role["name"] == "teacher"]
    assert set(teacher["scopes"]) == {"admin-ui", "admin:users", "read:servers", "delete:servers"}
    start = settings.Spawner.pre_spawn_hook
    with pytest.raises(HTTPError) as refused:
        start(types.SimpleNamespace(user=types.SimpleNamespace(name="ada")))
    assert refused.value.status_code == 403
    assert "ada lets students in and has no server" in refused.value.jupyterhub_message
    start(types.SimpleNamespace(user=types.SimpleNamespace(name="grace")))


def test_the_teacher_starts_where_learners_are_let_in(configure):
    first = configure(**TRIAL).JupyterHub.default_url
    hub = types.SimpleNamespace(base_url="/hub/")
    for name, page in [("ada", "/hub/authorize"), ("grace", "")]:
        user = types.SimpleNamespace(name=name)
        assert first(types.SimpleNamespace(hub=hub, current_user=user)) == page
    assert first(types.SimpleNamespace(hub=hub, current_user=None)) == ""


def test_neither_the_page_nor_the_hub_offers_a_learner_s_server(configure):
    (folder,) = configure(**TRIAL).JupyterHub.template_paths
    template = (Path(folder) / "admin.html").read_text()
    assert re.search(r'a\[href\*="/user/"\].*\{ display: none; \}', template)
    page = (ROOT / "classroom" / "README.md").read_text(encoding="utf-8")
    sentences = re.split(r"(?<=\.) |\n", page)
    told = [
        text for text in sentences if re.search("Access Server|open.* student's server", text, re.IGNORECASE)
    ]
    assert len(told) >= 3
    assert [text for text in told if not re.search(r"\bnot\b", text)] == []


def test_nobody_signs_up_under_the_name_of_an_account_that_exists(configure_class, monkeypatch):
    settings = configure_class({"root": ROOT_ACCOUNT, "grace": MADE_BY_THE_HUB})
    authenticator = authenticator_of(settings)
    assert not authenticator.validate_username("root")
    assert not authenticator.validate_username("grace")
    assert authenticator.validate_username("grace-hopper-1906")
    left = "/home/grace-hopper-1906"  # of an account that was deleted; a new one could get its number
    monkeypatch.setattr(os.path, "lexists", lambda path: path == left)
    assert not authenticator.validate_username("grace-hopper-1906")
    monkeypatch.setattr(os.path, "lexists", lambda path: False)
    assert authenticator.validate_username("docker")
    monkeypatch.setattr(grp, "getgrnam", {"docker": types.SimpleNamespace(gr_gid=99)}.__getitem__)
    assert not authenticator.validate_username("docker")  # `adduser` would refuse it at the first login
    authenticator.signed_up["grace"] = {}  # the hub has made the account at the first login
    assert authenticator.validate_username("grace")


def test_no_server_opens_the_files_of_an_account_that_the_hub_did_not_make(configure_class):
    start = configure_class({"grace": MADE_BY_THE_HUB, "edith": SOMEBODY}).Spawner.pre_spawn_hook
    start(types.SimpleNamespace(user=types.SimpleNamespace(name="grace")))
    with pytest.raises(HTTPError) as refused:
        start(types.SimpleNamespace(user=types.SimpleNamespace(name="edith")))
    assert refused.value.status_code == 403
    assert "edith is an account of this machine" in refused.value.jupyterhub_message


@pytest.mark.parametrize("record", [SOMEBODY, MADE_BY_THE_HUB])
def test_the_teacher_is_not_an_existing_account(configure_class, tmp_path, record):
    with pytest.raises(SystemExit, match="HUB_TEACHER=ada is an existing account"):
        configure_class({"ada": record})
    (tmp_path / "hub" / "teacher").write_text("grace")
    with pytest.raises(SystemExit, match="HUB_TEACHER=ada is an existing account"):
        configure_class({"ada": record})
    (tmp_path / "hub" / "teacher").write_text("ada")  # this hub asked for her password at its first start
    configure_class({"ada": record})


def test_the_teacher_is_not_a_group_of_the_machine(configure_class, monkeypatch):
    monkeypatch.setattr(grp, "getgrnam", {"ada": types.SimpleNamespace(gr_gid=99)}.__getitem__)
    with pytest.raises(SystemExit, match="HUB_TEACHER=ada is an existing account or group"):
        configure_class({})


@pytest.mark.parametrize("name", ["ada", "grace", "edith"])
def test_the_teacher_is_not_a_name_that_has_signed_up(configure, database, name):
    with pytest.raises(SystemExit, match=f"HUB_TEACHER={name} is a name that has signed up"):
        configure(**TRIAL | {"HUB_TEACHER": name})
    (database.parent / "teacher").write_text(name)  # this hub asked for the password at its first start
    configure(**TRIAL | {"HUB_TEACHER": name})


def test_the_teacher_s_account_is_there_before_the_hub_listens(configure, monkeypatch, tmp_path):
    settings = configure(**TRIAL)
    kind = settings.JupyterHub.authenticator_class
    typed = iter(["short", "correct horse", "wrong horse", "correct horse", "correct horse"])
    # the configuration has its own name for getpass
    monkeypatch.setitem(kind.first_password.__globals__, "getpass", lambda prompt: next(typed))
    monkeypatch.setattr(sys, "stdin", types.SimpleNamespace(isatty=lambda: True))
    teacher = authenticator_of(settings, password=None).signed_up["ada"]
    assert (teacher.password, teacher.is_authorized) == ("correct horse", True)
    assert next(typed, None) is None
    assert (tmp_path / "hub" / "teacher").read_text() == "ada"


def test_a_first_start_without_a_terminal_makes_no_teacher(configure, monkeypatch, tmp_path):
    settings = configure(**TRIAL)
    monkeypatch.setattr(sys, "stdin", types.SimpleNamespace(isatty=lambda: False))
    with pytest.raises(SystemExit, match="ada has no password yet. Start the hub once from a terminal"):
        authenticator_of(settings, password=None)
    assert not (tmp_path / "hub" / "teacher").exists()


def test_a_later_start_asks_for_no_password(configure, monkeypatch):
    settings = configure(**TRIAL)
    monkeypatch.setattr(FakeAuthenticator, "user_exists", lambda self, name: name == "ada")
    monkeypatch.setattr(sys, "stdin", types.SimpleNamespace(isatty=lambda: False))
    assert authenticator_of(settings, password=None).signed_up == {}


def test_nobody_knows_the_teacher_s_password_on_the_hub_of_make_load(configure, monkeypatch):
    settings = configure(**TRIAL | {"HUB_LOAD_TOKEN": "token"})
    first, second = (authenticator_of(settings, password=None).signed_up["ada"].password for _ in range(2))
    assert len(first) == 64 and first != second


@pytest.mark.parametrize("processes", [None, 321])
def test_the_limits_of_the_hub_reach_a_learner_s_processes(tmp_path, processes):
    """start_server.py sets them before it becomes the server, so that kernels inherit them."""
    code = """
import os, pathlib, resource, runpy, shutil, sys
is_dir = pathlib.Path.is_dir
def closed(path):
    if str(path) == "/closed":
        raise PermissionError(13, "Permission denied", str(path))
    return is_dir(path)
pathlib.Path.is_dir = closed  # a compile cache that learners cannot read keeps no server from starting
limits = [resource.RLIMIT_DATA, resource.RLIMIT_FSIZE, resource.RLIMIT_CORE, resource.RLIMIT_NPROC]
before = resource.getrlimit(resource.RLIMIT_NPROC)
copyfile = shutil.copyfile
def noted(*given):
    print("copied with", resource.getrlimit(limits[0])[0])
    return copyfile(*given)
shutil.copyfile = noted
def execv(*command):
    print(*[resource.getrlimit(kind) for kind in limits], len(os.sched_getaffinity(0)), before, sep=";")
os.execv = execv
runpy.run_path(sys.argv[1], run_name="__main__")
"""
    given = {
        "HOME": str(tmp_path),
        "COURSE": str(ROOT),
        "HUB_MEMORY": "1234",
        "HUB_CORES": "1",
        "HUB_FILE": "56",
        "HUB_CACHE": "/closed",
    }
    given |= {"HUB_PROCESSES": str(processes)} if processes else {}
    script = str(ROOT / "classroom" / "start_server.py")
    command = [sys.executable, "-c", code, script]
    answer = subprocess.run(command, env={**os.environ, **given}, capture_output=True, text=True, check=True)
    *said, last = answer.stdout.splitlines()
    *limits, cores, before = last.split(";")
    assert {line for line in said if "copied" in line} == {"copied with 1234000000"}  # within the limits
    bounded = f"({processes}, {processes})" if processes else before
    assert limits == ["(1234000000, 1234000000)", "(56000000, 56000000)", "(0, 0)", bounded]
    assert cores == "1"


class Page:
    """A stand-in for a request to a page, from an address and perhaps a browser that is known."""

    def __init__(self, address="192.0.2.1", cookies=None, **headers):
        self.request = types.SimpleNamespace(remote_ip=address, protocol="https", headers=headers)
        self.hub = types.SimpleNamespace(base_url="/hub/")
        self.cookies = {} if cookies is None else cookies

    def get_secure_cookie(self, name, max_age_days):
        return self.cookies.get(name)

    def set_secure_cookie(self, name, value, **given):
        assert given["httponly"] and given["secure"] and given["path"] == "/hub/"
        self.cookies[name] = value.encode()


def log_in(authenticator, page, name, password):
    """Return the name if the hub lets somebody in, and remember the browser as the page does."""
    data = {"username": name, "password": password}
    found = asyncio.run(authenticator.authenticate(page, data))
    if found:
        authenticator.remember(page, found)
    return found


@pytest.fixture
def door(configure):
    """Return an authenticator with the teacher ada, a learner grace and a clock that a test sets."""
    authenticator = authenticator_of(configure(**TRIAL))
    authenticator.create_user("grace", "her password", is_authorized=True)
    authenticator.now = 0.0
    for counted in [authenticator.wrong, authenticator.sign_ups]:
        counted.clock = lambda: authenticator.now
    return authenticator


def test_five_wrong_passwords_close_a_name_for_a_minute_to_one_address(door):
    for _ in range(5):
        assert log_in(door, Page(), "grace", "wrong") is None
    page = Page()
    assert log_in(door, page, "grace", "her password") is None
    assert page.why == "Too many wrong passwords. Wait 60 seconds."
    assert log_in(door, Page("192.0.2.2"), "grace", "her password") == "grace"
    assert log_in(door, Page(), "ada", "correct horse") == "ada"
    door.now = 61
    assert log_in(door, Page(), "grace", "her password") == "grace"


def test_a_guesser_cannot_claim_other_addresses(door):
    """Tornado believes X-Real-Ip and gives it as the address; our proxy adds only to X-Forwarded-For."""
    for number in range(5):
        claimed = f"198.51.100.{number}"
        headers = {"X-Real-Ip": claimed, "X-Forwarded-For": f"{claimed}, 192.0.2.1"}
        assert log_in(door, Page(claimed, **headers), "grace", "wrong") is None
    headers = {"X-Real-Ip": "198.51.100.9", "X-Forwarded-For": "198.51.100.9,192.0.2.1"}
    assert log_in(door, Page("198.51.100.9", **headers), "grace", "her password") is None
    assert log_in(door, Page("198.51.100.9"), "grace", "her password") == "grace"
    unread = Page("192.0.2.1", **{"X-Forwarded-For": "x" * 60_000})  # from a program beside the proxy
    assert log_in(door, unread, "grace", "wrong") is None and unread.request.remote_ip == "192.0.2.1"


def test_behind_two_proxies_the_address_is_the_one_that_the_first_has_seen(door):
    door.proxies = 2
    page = Page("198.51.100.9", **{"X-Forwarded-For": "198.51.100.9, 192.0.2.1, 10.0.0.7"})
    log_in(door, page, "grace", "wrong")
    assert page.request.remote_ip == "192.0.2.1"
    one = Page("10.0.0.7", **{"X-Forwarded-For": "198.51.100.9"})  # did not come through both
    log_in(door, one, "grace", "wrong")
    assert one.request.remote_ip == "10.0.0.7"


def test_trying_on_does_not_keep_a_name_closed(door):
    for second in range(0, 60, 2):
        door.now = second
        log_in(door, Page(), "grace", "wrong")
    assert door.wrong.count(("grace", "192.0.2.1")) == 5
    door.now = 70
    assert log_in(door, Page(), "grace", "her password") == "grace"


def test_nobody_in_the_room_can_lock_the_teacher_out(door):
    cookies = {}
    assert log_in(door, Page(cookies=cookies), "ada", "correct horse") == "ada"
    for number in range(200):  # from the same address, under her name and others
        log_in(door, Page(), ["ada", "grace", f"guest{number}"][number % 3], "wrong")
    assert log_in(door, Page(), "ada", "correct horse") is None
    assert log_in(door, Page(cookies=cookies), "ada", "correct horse") == "ada"


def test_a_known_browser_has_five_tries_as_well(door):
    cookies = {}
    log_in(door, Page(cookies=cookies), "grace", "her password")
    known = dict(cookies)
    for _ in range(5):
        log_in(door, Page(cookies=known), "grace", "wrong")
    assert log_in(door, Page(cookies=known), "grace", "her password") is None


def test_many_names_from_one_address_are_one_guesser(door):
    for number in range(100):
        assert log_in(door, Page(), f"guest{number}", "wrong") is None
    page = Page()
    assert log_in(door, page, "grace", "her password") is None and "Too many" in page.why


def test_many_addresses_that_guess_one_name_are_one_guesser(door):
    cookies = {}
    log_in(door, Page(cookies=cookies), "ada", "correct horse")
    for number in range(100):
        assert log_in(door, Page(f"192.0.3.{number}"), "ada", "wrong") is None
    assert log_in(door, Page("192.0.3.200"), "ada", "correct horse") is None
    assert log_in(door, Page(cookies=cookies), "ada", "correct horse") == "ada"


def test_what_is_remembered_of_guesses_is_bounded(door):
    for number in range(30_000):
        door.now = number / 10
        door.wrong.add(f"192.0.{number}")
    assert len(door.wrong.times) < 12_000


@pytest.mark.parametrize("password", ["é" * 40, "eight\0characters"])
def test_a_password_that_bcrypt_cannot_take_is_refused_and_no_error(door, password):
    assert not door.is_password_strong(password)
    assert log_in(door, Page(), "grace", password) is None
    page = dict(door.get_handlers(None))["/change-password"]()
    page.get_body_argument = lambda key, default, strip: password
    with pytest.raises(HTTPError) as refused:
        asyncio.run(page.post())
    assert refused.value.status_code == 400


def test_a_sign_up_keeps_a_name_and_a_password_and_nothing_else(door):
    door.create_user("edith", "her password", email="x" * 10_000_000 + "@example.org", has_2fa=True)
    assert set(vars(door.signed_up["edith"])) == {"password", "is_valid_password", "is_authorized"}
    assert door.signed_up["edith"].is_authorized is False


def test_a_request_to_the_hub_is_short(configure):
    assert HTTPServer(Application()).conn_params.max_body_size is None  # then tornado takes 100 MB
    configure(**TRIAL)
    assert HTTPServer(Application()).conn_params.max_body_size == 1_000_000


def test_who_is_not_let_in_is_told_so_only_with_the_right_password(door):
    door.create_user("edith", "her password", is_authorized=False)
    wrong, right = Page(), Page()
    assert log_in(door, wrong, "edith", "wrong") is None and not hasattr(wrong, "why")
    assert log_in(door, right, "edith", "her password") is None
    assert "has not been let in yet" in right.why


class Names:
    """A stand-in for the database's table of sign-ups."""

    is_authorized = types.SimpleNamespace(is_not=lambda value: value)

    def __init__(self, waiting):
        self.waiting = waiting

    def query(self, table):
        return self

    def filter(self, condition):
        return self

    def count(self):
        return self.waiting


def test_sign_ups_are_limited_by_address_and_in_all(door, monkeypatch):
    monkeypatch.setattr(sys.modules["signup"], "UserInfo", Names)
    door.db = Names(waiting=0)
    for _ in range(100):
        assert door.is_full("192.0.2.1") is None
        door.sign_ups.add("192.0.2.1")
    assert "from this address" in door.is_full("192.0.2.1")
    assert door.is_full("192.0.2.2") is None
    door.now = 3601
    assert door.is_full("192.0.2.1") is None
    door.db = Names(waiting=300)
    assert "waiting to be let in" in door.is_full("192.0.2.1")


def test_nothing_is_changed_by_a_link(door):
    pages = dict(door.get_handlers(None))
    for path in ["/authorize/([^/]*)", "/discard/([^/]*)"]:
        page = pages[path]
        assert (page.get.scope, page.post.scope) == ("admin:users", "admin:users")
        with pytest.raises(HTTPError) as refused:
            asyncio.run(page.get(page(), "grace"))
        assert refused.value.status_code == 405
    assert pages["/discard-waiting"].post.scope == "admin:users"
    assert not hasattr(pages["/discard-waiting"], "get")
    assert set(pages) == {
        *["/login", "/signup", "/authorize", "/authorize/([^/]*)", "/discard/([^/]*)", "/discard-waiting"],
        *["/change-password", "/change-password/([^/]+)"],
    }
    template = (ROOT / "classroom/templates/authorization-area.html").read_text()
    assert template.count('method="post"') == 1 and 'name="_xsrf" value="{{ xsrf }}"' in template
    assert re.findall(r'href="([^"]*)"', template) == ["{{ base_url }}change-password/{{ name }}"]
    assert re.findall(r'[\w-]+=[^"\s{]', re.sub("{[%#].*?[%#]}", "", template, flags=re.DOTALL)) == []


@pytest.fixture
def let_in(door, monkeypatch):
    """Return a function that sends the form which lets somebody in."""
    found = {
        "grace": types.SimpleNamespace(is_authorized=False),
        "ada": types.SimpleNamespace(is_authorized=True),
    }
    table = types.SimpleNamespace(find=lambda db, name: found.get(name))
    monkeypatch.setattr(sys.modules["signup"], "UserInfo", table)

    def send(name, answer):
        page = dict(door.get_handlers(None))["/authorize/([^/]*)"]()
        page.orm_user = types.SimpleNamespace(cookie_id="old", api_tokens=["a token"])
        page.db = types.SimpleNamespace(commit=lambda: None, delete=page.orm_user.api_tokens.remove)
        page.authenticator = door
        page.hub = types.SimpleNamespace(base_url="/hub/")
        page.users = {"grace": types.SimpleNamespace(orm_user=page.orm_user)}
        page.get_body_argument = lambda key: answer
        asyncio.run(page.post(name))
        return page

    return types.SimpleNamespace(send=send, found=found)


def test_the_form_sets_what_it_says_and_ends_sessions_of_those_it_shuts_out(let_in):
    page = let_in.send("grace", "yes")
    assert (page.orm_user.cookie_id, page.orm_user.api_tokens) == ("old", ["a token"])
    assert let_in.send("grace", "yes") and let_in.found["grace"].is_authorized is True  # twice is no toggle
    page = let_in.send("grace", "no")
    assert let_in.found["grace"].is_authorized is False
    assert (page.orm_user.cookie_id, page.orm_user.api_tokens) == ("new", [])
    for name in ["ada", "nobody"]:
        with pytest.raises(HTTPError):
            let_in.send(name, "no")
    assert let_in.found["ada"].is_authorized is True


def test_kubernetes_has_the_same_rules_for_signing_up(configure, monkeypatch):
    here = configure(**TRIAL)
    hub = yaml.safe_load((ROOT / "classroom" / "values.yaml").read_text())["hub"]
    for file in hub["extraFiles"].values():  # the same files
        assert (ROOT / "classroom" / file["mountPath"].removeprefix("/etc/course/")).is_file()
    assert hub["config"]["JupyterHub"] == {"template_paths": ["/etc/course/templates"]}
    monkeypatch.setenv("TEACHER_PASSWORD", "correct horse")
    there = Settings()
    there.JupyterHub.load_roles = [{"name": "user"}]
    code = hub["extraConfig"]["signup"].replace("/etc/course", str(ROOT / "classroom"))
    exec(code.replace("your-name", "ada"), {"c": there})
    assert there.NativeAuthenticator == here.NativeAuthenticator
    assert there.Authenticator == here.Authenticator
    assert there.SignUp.proxies == 2 and "proxies" not in here.SignUp
    assert [role for role in there.JupyterHub.load_roles if role["name"] != "user"] == [
        role for role in here.JupyterHub.load_roles if role["name"] != "idle-culler"
    ]
    teacher = authenticator_of(there, password=None).signed_up["ada"]
    assert teacher.password == "correct horse" and teacher.is_authorized
    with pytest.raises(HTTPError):
        there.Spawner.pre_spawn_hook(types.SimpleNamespace(user=types.SimpleNamespace(name="ada")))


def test_on_kubernetes_nobody_keeps_the_teacher_s_name(configure, monkeypatch):
    settings = configure(**TRIAL)
    somebody = types.SimpleNamespace(is_authorized=False)
    monkeypatch.setattr(FakeAuthenticator, "user_exists", lambda self, name: True)
    monkeypatch.setattr(FakeAuthenticator, "get_user", lambda self, name: somebody)
    changed = []
    change = lambda self, name, password: changed.append((name, password)) or True  # noqa: E731
    monkeypatch.setattr(FakeAuthenticator, "change_password", change, raising=False)
    monkeypatch.setattr(FakeAuthenticator, "db", types.SimpleNamespace(commit=lambda: None), raising=False)
    kind = settings.JupyterHub.authenticator_class
    kind.first_password = lambda self: "correct horse"
    kind(teacher="ada", renew=True)
    assert changed == [("ada", "correct horse")] and somebody.is_authorized is True


def test_the_hub_says_what_one_address_leaves_open(configure, capsys):
    settings = configure(**TRIAL)
    said = capsys.readouterr().out
    assert "HUB_DOMAIN is not set" in said and "can use the rights of ada" in said
    assert "subdomain_host" not in settings.JupyterHub
    assert settings.JupyterHub.template_vars == {"one_address": True}
    settings = configure(**TRIAL | {"HUB_DOMAIN": "localhost"})
    assert "HUB_DOMAIN" not in capsys.readouterr().out
    assert settings.JupyterHub.subdomain_host == "http://localhost:8000"
    assert settings.JupyterHub.template_vars == {"one_address": False}
    names = (ROOT / "classroom/templates/authorization-area.html").read_text()
    assert re.search(r"{% if one_address %}[^{]*can use your rights", names)
    with pytest.raises(SystemExit, match="HUB_DOMAIN is https://x"):
        configure(**TRIAL | {"HUB_DOMAIN": "https://x"})
    page = (ROOT / "classroom" / "README.md").read_text(encoding="utf-8")
    assert "HUB_DOMAIN" in page


@pytest.fixture
def certificate(tmp_path):
    """Return the settings of a hub beyond this machine, with two files of a certificate."""
    files = {"HUB_CERT": tmp_path / "fullchain.pem", "HUB_KEY": tmp_path / "privkey.pem"}
    for path in files.values():
        path.write_text("a certificate")
    return {"HUB_BIND": "https://0.0.0.0:443", **{name: str(path) for name, path in files.items()}}


@pytest.mark.parametrize("name", ["HUB_CERT", "HUB_KEY"])
@pytest.mark.parametrize("value", ["", "/no/such/file.pem", "/"])
def test_a_certificate_that_is_not_there_is_named(configure, certificate, name, value):
    with pytest.raises(SystemExit) as refused:
        configure(**TRIAL | certificate | {name: value})
    said = str(refused.value)
    assert "\n" not in said and (name in said or "passwords would be sent unencrypted" in said)


def test_a_domain_beyond_this_machine_has_cookies_that_no_learner_s_part_can_set(configure, certificate):
    settings = configure(**TRIAL | certificate | {"HUB_DOMAIN": "hub.example.org"})
    assert settings.JupyterHub.subdomain_host == "https://hub.example.org"
    assert settings.JupyterHub.cookie_host_prefix_enabled is True


def test_a_running_hub_is_not_started_twice_with_the_same_files(configure, tmp_path):
    (tmp_path / "hub").mkdir()
    with open(tmp_path / "hub" / "running", "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        with pytest.raises(SystemExit, match="is running already"):
            configure(**TRIAL)
    configure(**TRIAL)  # the lock ended with its owner


def test_a_full_disk_starts_no_server_but_lets_people_log_in(configure, monkeypatch, tmp_path):
    start = configure(**TRIAL).Spawner.pre_spawn_hook
    grace = types.SimpleNamespace(user=types.SimpleNamespace(name="grace"))
    start(grace)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: types.SimpleNamespace(free=1e6))
    with pytest.raises(HTTPError) as refused:
        start(grace)
    assert "disk of this machine is almost full" in refused.value.jupyterhub_message
    with pytest.raises(SystemExit, match="is full. Delete files"):
        monkeypatch.setattr(shutil, "disk_usage", lambda path: types.SimpleNamespace(free=0))
        configure(**TRIAL)
    room = sys.modules["room"]
    database = tmp_path / "hub" / "hub.sqlite"
    size, journal = database.stat().st_size, Path(f"{database}-journal")
    assert size > room.ROOM * 4096 and journal.stat().st_size > room.ROOM * 4096 / 2
    with sqlite3.connect(database) as hub:
        room.keep_journal(hub)
        hub.execute("CREATE TABLE users_info (username TEXT)")
        hub.execute("INSERT INTO users_info VALUES (?)", ["x" * 1_000_000])
    assert database.stat().st_size == size  # written into the reserve


def test_a_class_bounds_what_an_account_can_use(configure_class, monkeypatch, capsys):
    settings = configure_class({})
    assert settings.Spawner.environment["HUB_PROCESSES"] == "1000"
    assert settings.ClassServer.own_shm in (True, False) and settings.ClassServer.shm == 256
    assert settings.JupyterHub.spawner_class.__name__ == "ClassServer"


def test_a_trial_has_no_bound_that_all_its_learners_share(configure):
    assert "HUB_PROCESSES" not in configure(**TRIAL).Spawner.environment


def test_a_server_that_dies_at_its_start_is_not_waited_for(configure):
    settings = configure(**TRIAL)
    servers = sys.modules["servers"]

    class Process:
        user = types.SimpleNamespace(name="grace")
        port, pid = 0, os.getpid()

        async def start(self):
            return "127.0.0.1", self.port  # nothing listens there

        async def poll(self):
            return 28

    class Server(servers.Watched, Process):
        pass

    with pytest.raises(servers.StartFailed) as failed:
        asyncio.run(asyncio.wait_for(Server().start(), 5))
    assert "grace did not start: the disk is full" in failed.value.jupyterhub_message
    assert issubclass(settings.JupyterHub.spawner_class, servers.Watched)


def test_a_server_is_not_taken_for_another_that_got_its_port(configure):
    configure(**TRIAL)
    servers = sys.modules["servers"]
    with socket.socket() as door, subprocess.Popen(["sleep", "60"]) as other:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
        assert not servers.listens(os.getpid(), port)
        door.listen()
        assert servers.listens(os.getpid(), port)
        assert not servers.listens(other.pid, port)
        other.kill()


def test_two_servers_that_start_together_have_ports_of_their_own(configure):
    configure(**TRIAL)
    servers = sys.modules["servers"]
    servers.listens = lambda number, port: True

    class Process:
        port, pid = 0, 1

        def __init__(self, name):
            self.user = types.SimpleNamespace(name=name)

        async def start(self):
            return "127.0.0.1", self.port

    class Server(servers.Watched, Process):
        pass

    first, second = Server("grace"), Server("edith")
    asyncio.run(first.start())
    asyncio.run(second.start())
    assert (first.port, second.port) == (10001, 10002)
    first.port = 0  # as JupyterHub sets it when a server has stopped
    asyncio.run(first.start())
    assert first.port == 10001 and set(servers.PORTS) == {10001, 10002}


def test_the_number_that_a_failed_start_ends_with_is_one_that_the_hub_explains(configure):
    configure(**TRIAL)
    assert set(start_server.TOLD) == set(sys.modules["servers"].REASONS)


def test_a_start_that_cannot_hand_out_ends_with_the_reason(tmp_path):
    code = """
import os, pathlib, runpy, sys
def full(*given, **more):
    raise OSError(28, "No space left on device")
pathlib.Path.mkdir = full
runpy.run_path(sys.argv[1], run_name="__main__")
"""
    command = [sys.executable, "-c", code, str(ROOT / "classroom" / "start_server.py")]
    given = {**os.environ, "HOME": str(tmp_path), "COURSE": str(ROOT)}
    answer = subprocess.run(command, env=given, capture_output=True, text=True)
    assert answer.returncode == 28 and "could not be handed out" in answer.stderr


def test_the_learner_is_told_which_lessons_are_newer(course, mine):
    assert start_server.tell(start_server.hand_out(course, mine), mine) is None
    (mine / LESSON).write_text("my answers")
    (course / LESSON).write_text("second edition")
    (course / "notebooks" / "01.ipynb").write_text("second edition")
    page = start_server.tell(start_server.hand_out(course, mine), mine)
    lines = (mine / page).read_text().splitlines()
    (told,) = [line for line in lines if "00_start_here" in line]
    assert re.search(r"is newer\. Yours is saved beside it as `00_start_here \(yours, .*\)\.ipynb`", told)
    assert "- `notebooks/01.ipynb` is newer." in lines


def test_a_learner_s_file_is_not_read_when_it_is_none_of_the_course(course, mine):
    (mine / LESSON).unlink()
    (mine / LESSON).mkdir()  # a folder of the same name
    huge = mine / "notebooks" / "01.ipynb"
    os.truncate(huge, 200_000_000_000)
    for lesson in [LESSON, "notebooks/01.ipynb"]:
        (course / lesson).write_text("second edition")
    newer = start_server.hand_out(course, mine)
    assert newer[LESSON].is_dir() and (mine / LESSON).read_text() == "second edition"
    assert newer["notebooks/01.ipynb"].stat().st_size == 200_000_000_000


@pytest.fixture
def machine(tmp_path):
    """Return a copy of what sets up the environment, with one that is out of date."""
    for file in ["making/set_up", "making/tools.lock", "requirements.lock", "pyproject.toml"]:
        (tmp_path / file).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / file, tmp_path / file)
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "mark").touch()
    return tmp_path


def set_up(machine):
    command = ["sh", str(machine / "making" / "set_up")]
    given = {**os.environ, "PYTHON": "/no/python"}
    return subprocess.run(command, env=given, capture_output=True, text=True)


def test_make_leaves_the_packages_of_a_running_hub_alone(machine):
    with open(machine / ".venv" / "hub-running", "w") as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        answer = set_up(machine)
        assert answer.returncode == 1 and answer.stdout == ""
        assert re.fullmatch(r"A hub is running from this folder[^\n]*\n", answer.stderr)
        assert (machine / ".venv" / "mark").exists()
    assert "A hub is running" not in set_up(machine).stderr  # the lock ended
    assert not (machine / ".venv" / "mark").exists()


def test_every_setting_is_explained():
    """Those that the page and the service name are those that the hub has."""
    config = (ROOT / "classroom/jupyterhub_config.py").read_text(encoding="utf-8")
    told = config.partition('"""')[2].partition('"""')[0]
    of_tools = {"HUB_LOAD_TOKEN", "HUB_TESTS"}
    for file in ["README.md", "hub.service", "jupyterhub_config.py"]:
        text = (ROOT / "classroom" / file).read_text(encoding="utf-8")
        assert set(re.findall(r"HUB_[A-Z_]+", text)) - {"HUB_"} - of_tools <= set(
            re.findall(r"HUB_[A-Z_]+", told)
        )
    service = (ROOT / "classroom/hub.service").read_text()
    assert "-m jupyterhub --config classroom/jupyterhub_config.py" in service
    assert "-m jupyterhub --config classroom/jupyterhub_config.py" in (ROOT / "Makefile").read_text()


def of_the_page(begins, tmp_path):
    """Run commands of the teacher's page that begin in a certain way, in a folder instead of the machine."""
    page = (ROOT / "classroom" / "README.md").read_text(encoding="utf-8")
    commands = re.findall(rf"^ +sudo ({begins}.*)$", page, re.MULTILINE)
    assert commands
    for command in commands:
        inside = re.sub(r"(?<= )/(?=root|home|opt| )", f"{tmp_path}/", command.replace("sudo ", ""))
        subprocess.run(["bash", "-ec", inside], check=True, stderr=subprocess.DEVNULL)


def names_in_archive(path):
    listed = subprocess.run(["tar", "tzf", path], capture_output=True, text=True, check=True).stdout
    return {name.rpartition("/")[2] for name in listed.splitlines() if not name.endswith("/")}


def test_work_is_collected_as_plain_files(tmp_path):
    notebooks = tmp_path / "home" / "grace" / "course" / "notebooks"
    notebooks.mkdir(parents=True)
    secret = tmp_path / "secret.ipynb"
    secret.write_text("somebody else's")
    for name in ["02_levels.ipynb", "--to-command=sh.ipynb", "my notes.ipynb"]:
        (notebooks / name).write_text("{}")
    (notebooks / "link.ipynb").symlink_to(secret)
    (notebooks / "hard.ipynb").hardlink_to(secret)
    os.mkfifo(notebooks / "pipe.ipynb")
    (notebooks / "large.ipynb").touch()
    os.truncate(notebooks / "large.ipynb", 40_000_000_000)
    (notebooks / "other.py").write_text("")
    (tmp_path / "home" / "grace" / "multilevel-poll.json").write_text("{}")
    other = tmp_path / "home" / "mallory" / "course"
    other.mkdir(parents=True)
    (other / "notebooks").symlink_to(notebooks)
    of_the_page("mkdir", tmp_path)
    of_the_page("find", tmp_path)
    assert (tmp_path / "root" / "backup").stat().st_mode & 0o777 == 0o700
    found = names_in_archive(tmp_path / "root/backup/work.tar.gz")
    assert found == {"02_levels.ipynb", "--to-command=sh.ipynb", "my notes.ipynb", "multilevel-poll.json"}


def test_the_backup_has_the_hub_s_files_and_the_homes(tmp_path):
    for path in ["opt/course/.hub/data/hub.sqlite", "home/grace/multilevel-poll.json"]:
        (tmp_path / path).parent.mkdir(parents=True)
        (tmp_path / path).write_text("mine")
    of_the_page("mkdir", tmp_path)
    of_the_page("tar", tmp_path)
    for archive, name in [("hub", "hub.sqlite"), ("homes", "multilevel-poll.json")]:
        assert names_in_archive(tmp_path / f"root/backup/{archive}.tar.gz") == {name}


def test_an_image_of_the_course_has_nothing_that_a_machine_made(tmp_path):
    kept_out = (ROOT / ".dockerignore").read_text().splitlines()
    assert {".git", ".venv", ".hub"} <= set(kept_out)
    ignored = (ROOT / ".gitignore").read_text().splitlines()
    wanted = [line.strip("/").removeprefix("**/") for line in ignored if line and not line.startswith("#")]
    assert [name for name in wanted if name not in {line.removeprefix("**/") for line in kept_out}] == []
