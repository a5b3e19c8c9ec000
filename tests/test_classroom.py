"""A learner's copy of the course, and a hub that is closed until it is told otherwise."""

import importlib.util
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
from tornado.web import HTTPError

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


class FakeAuthenticator:
    """A stand-in for NativeAuthenticator, with the sign-ups that it was asked to record."""

    def __init__(self):
        self.signed_up = {}

    def validate_username(self, name):
        return True

    def user_exists(self, name):
        return name in self.signed_up

    def is_password_strong(self, password):
        return len(password) >= 8

    def create_user(self, name, password, **given):
        self.signed_up[name] = {"password": password, **given}
        return True

    def normalize_username(self, name):
        return name.lower()

    def get_handlers(self, app):
        return [("/signup", FakeSignUpHandler), ("/login", object)]


class FakeSignUpHandler:
    """A stand-in for nativeauthenticator's page for signing up."""

    def render_template(self, name, **given):
        return given

    def get_result_message(self, user):
        return "alert-info", "sent"


@pytest.fixture
def configure(monkeypatch, tmp_path):
    """Return a function that reads the hub's configuration with some settings."""
    # JupyterHub is among the tools, which `make test` does without: stand-ins replace what it imports
    for module, name, fake in [
        ("nativeauthenticator", "NativeAuthenticator", FakeAuthenticator),
        ("nativeauthenticator.handlers", "SignUpHandler", FakeSignUpHandler),
        ("jupyterhub.auth", "LocalAuthenticator", type("LocalAuthenticator", (), {})),
    ]:
        replaced = types.ModuleType(module)
        setattr(replaced, name, fake)
        monkeypatch.setitem(sys.modules, module, replaced)
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


ROOT_ACCOUNT = types.SimpleNamespace(pw_uid=0, pw_gecos="root")
SOMEBODY = types.SimpleNamespace(pw_uid=1001, pw_gecos="Ada Byron,,,")
MADE_BY_THE_HUB = types.SimpleNamespace(pw_uid=1002, pw_gecos='"",,,')  # as Debian's adduser writes it
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
    assert not any("api_token" in service for service in settings.JupyterHub.services)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"HUB_MODE": ""}, "HUB_MODE is not set. Expected: trial"),
        ({"HUB_MODE": "open"}, "HUB_MODE is open. Expected: trial"),
        ({"HUB_AUTH": ""}, "HUB_AUTH is not set. Expected: signup"),
        ({"HUB_AUTH": "dummy"}, "HUB_AUTH is dummy. Expected: signup"),
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


def test_kubernetes_has_the_same_rules_for_signing_up(configure):
    settings = configure(**TRIAL)
    values = yaml.safe_load((ROOT / "classroom" / "values.yaml").read_text())["hub"]["config"]
    assert values["Authenticator"]["username_pattern"] == settings.Authenticator.username_pattern
    assert values["NativeAuthenticator"] == dict(settings.NativeAuthenticator)


def test_a_learner_is_told_the_rule_for_names(configure):
    signup = configure(**TRIAL).JupyterHub.authenticator_class
    signup.ask_for_password = lambda self: "correct horse"
    authenticator = signup()
    pages = dict(authenticator.get_handlers(None))
    page = pages["/signup"]()
    page.authenticator = authenticator
    rule = page.render_template("signup.html")["announcement"]
    assert "at most 31 characters" in rule
    page.get_body_argument = lambda name, strip: SCRIPT
    assert page.get_result_message(None) == ("alert-danger", f"This name cannot be used. {rule}")
    page.get_body_argument = lambda name, strip: "Grace"  # the hub makes it grace
    assert page.get_result_message(None) == ("alert-info", "sent")
    assert pages["/login"] is object
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
def test_the_teacher_has_no_access_to_a_server(configure, monkeypatch, auth):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    settings = configure(**TRIAL | {"HUB_AUTH": auth})
    (teacher,) = [role for role in settings.JupyterHub.load_roles if role["name"] == "teacher"]
    assert set(teacher["scopes"]) == {"admin-ui", "admin:users", "read:servers", "delete:servers"}
    start = settings.Spawner.pre_spawn_hook
    with pytest.raises(HTTPError) as refused:
        start(types.SimpleNamespace(user=types.SimpleNamespace(name="ada")))
    assert refused.value.status_code == 403
    assert "ada lets learners in and has no server" in refused.value.jupyterhub_message
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


def test_nobody_signs_up_under_the_name_of_an_account_that_exists(configure_class):
    settings = configure_class({"root": ROOT_ACCOUNT, "grace": MADE_BY_THE_HUB})
    signup = settings.JupyterHub.authenticator_class
    signup.ask_for_password = lambda self: "correct horse"
    authenticator = signup()
    assert not authenticator.validate_username("root")
    assert not authenticator.validate_username("grace")
    assert authenticator.validate_username("grace-hopper-1906")
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


@pytest.mark.parametrize("name", ["ada", "grace", "edith"])
def test_the_teacher_is_not_a_name_that_has_signed_up(configure, database, name):
    with pytest.raises(SystemExit, match=f"HUB_TEACHER={name} is a name that has signed up"):
        configure(**TRIAL | {"HUB_TEACHER": name})
    (database.parent / "teacher").write_text(name)  # this hub asked for the password at its first start
    configure(**TRIAL | {"HUB_TEACHER": name})


def test_the_teacher_s_account_is_there_before_the_hub_listens(configure, monkeypatch, tmp_path):
    signup = configure(**TRIAL).JupyterHub.authenticator_class
    typed = iter(["short", "correct horse", "wrong horse", "correct horse", "correct horse"])
    # the configuration has its own name for getpass
    monkeypatch.setitem(signup.ask_for_password.__globals__, "getpass", lambda prompt: next(typed))
    monkeypatch.setattr(sys, "stdin", types.SimpleNamespace(isatty=lambda: True))
    assert signup().signed_up == {"ada": {"password": "correct horse", "is_authorized": True}}
    assert next(typed, None) is None
    assert (tmp_path / "hub" / "teacher").read_text() == "ada"


def test_a_first_start_without_a_terminal_makes_no_teacher(configure, monkeypatch, tmp_path):
    signup = configure(**TRIAL).JupyterHub.authenticator_class
    monkeypatch.setattr(sys, "stdin", types.SimpleNamespace(isatty=lambda: False))
    with pytest.raises(SystemExit, match="ada has no password yet. Start the hub once from a terminal"):
        signup()
    assert not (tmp_path / "hub" / "teacher").exists()


def test_a_later_start_asks_for_no_password(configure, monkeypatch):
    signup = configure(**TRIAL).JupyterHub.authenticator_class
    monkeypatch.setattr(FakeAuthenticator, "user_exists", lambda self, name: name == "ada")
    monkeypatch.setattr(sys, "stdin", types.SimpleNamespace(isatty=lambda: False))
    assert signup().signed_up == {}


def test_nobody_knows_the_teacher_s_password_on_the_hub_of_make_load(configure, monkeypatch):
    signup = configure(**TRIAL | {"HUB_LOAD_TOKEN": "token"}).JupyterHub.authenticator_class
    first, second = signup(), signup()
    assert len(first.signed_up["ada"]["password"]) == 64
    assert first.signed_up["ada"]["password"] != second.signed_up["ada"]["password"]


def test_the_limits_of_the_hub_reach_a_learner_s_processes(tmp_path):
    """start_server.py sets them before it becomes the server, so that kernels inherit them."""
    code = """
import os, resource, runpy, sys
os.execv = lambda *command: print(resource.getrlimit(resource.RLIMIT_DATA)[0], len(os.sched_getaffinity(0)))
runpy.run_path(sys.argv[1], run_name="__main__")
"""
    environ = {
        **os.environ,
        "HOME": str(tmp_path),
        "COURSE": str(ROOT),
        "HUB_MEMORY": "1234",
        "HUB_CORES": "1",
    }
    script = str(ROOT / "classroom" / "start_server.py")
    answer = subprocess.run(
        [sys.executable, "-c", code, script], env=environ, capture_output=True, text=True, check=True
    )
    assert answer.stdout.split()[-2:] == ["1234000000", "1"]
