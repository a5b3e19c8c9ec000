"""The hub of a class on one machine (`make hub`); how to use it: classroom/README.md.

Settings come from the environment, so that this file can stay as it is:

HUB_MODE     "trial" (all on this account, for trying it out) or "class" (an account for each learner)
HUB_AUTH     "signup" (learners sign up, a teacher lets them in) or "pam" (accounts of the machine)
HUB_TEACHER  the teacher's name on the hub: lets learners in, stops their servers, has no server
HUB_DATA     where the hub keeps its own files; .hub/data in the course folder unless named
HUB_CACHE    the compile cache that is handed out; .hub/cache unless named
HUB_BIND     where it listens; http://127.0.0.1:8000 unless named
HUB_CERT, HUB_KEY  files of a TLS certificate, for an address beyond this machine
HUB_MEMORY   MB that a process of a learner may fill; 1500 unless named
HUB_CORES    cores that a learner's processes run on; 1 unless named
HUB_DROP_NAMES  "yes" deletes names from an old database that break the rule for names
"""

import os
import pwd
import re
import secrets
import socket
import sqlite3
import sys
from contextlib import closing
from getpass import getpass
from pathlib import Path
from urllib.parse import urlsplit

from jupyterhub.auth import LocalAuthenticator
from nativeauthenticator import NativeAuthenticator
from nativeauthenticator.handlers import SignUpHandler
from tornado.web import HTTPError

COURSE = Path(__file__).resolve().parent.parent
# The page on which the teacher lets learners in writes a name into its HTML without quotes, so a name
# with a TAB in it would run script in the teacher's browser.
NAME = r"[a-z][a-z0-9_-]{0,30}\Z"
RULE = (
    "A name begins with a lower-case letter (a to z) and has at most 31 characters, "
    "which are lower-case letters, digits, - or _."
)
MADE_HERE = '""'  # the full name of the accounts that the hub makes; JupyterHub's own default
setting = os.environ.get


def choice(name, values):
    """Return a setting that must be chosen; there is no open door by default."""
    value = setting(name)
    if value not in values:
        expected = " or ".join(f"{key} ({what})" for key, what in values.items())
        sys.exit(
            f"{name} is {value or 'not set'}. Expected: {expected}. Example: make hub HUB_MODE=trial HUB_AUTH=signup HUB_TEACHER=ada"
        )
    return value


def account(name):
    """Return the record of an account of this machine, or None where there is none."""
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def names_in(database, drop=()):
    """Return the names of users and of sign-ups in a hub's database, after deleting some."""
    found = set()
    if database.exists():
        with closing(sqlite3.connect(database)) as hub, hub:
            hub.execute("PRAGMA foreign_keys = ON")  # tokens and roles go with their user
            tables = {name for (name,) in hub.execute("SELECT name FROM sqlite_master")}
            for table, column in [("users", "name"), ("users_info", "username")]:
                if table in tables:
                    hub.executemany(f"DELETE FROM {table} WHERE {column} = ?", [(name,) for name in drop])
                    found |= {name for (name,) in hub.execute(f"SELECT {column} FROM {table}")}
    return found


mode = choice(
    "HUB_MODE", {"trial": "all on this account", "class": "an account for each learner; needs root"}
)
auth = choice(
    "HUB_AUTH", {"signup": "learners sign up, a teacher lets them in", "pam": "accounts of this machine"}
)
teacher = setting("HUB_TEACHER") or sys.exit(
    "HUB_TEACHER is not set. Expected: the teacher's name on the hub."
)
if mode == "class" and os.geteuid() != 0:
    sys.exit("HUB_MODE=class starts servers under the learners' own accounts: start it with sudo.")
if teacher == "root" or mode == "class" and account(teacher) and account(teacher).pw_uid < 1000:
    sys.exit(f"HUB_TEACHER={teacher} is an account of the system. Expected: a person's name.")
for path in (COURSE, Path(sys.executable).resolve()) if mode == "class" else ():
    closed = [str(folder) for folder in [path, *path.parents] if folder.stat().st_mode & 0o005 != 0o005]
    if closed:
        sys.exit(
            f"Learners' accounts cannot open {closed[-1]}, where {path} lies. Put it elsewhere, for example in /opt."
        )
if mode == "trial" and auth == "pam" and os.geteuid() != 0:
    sys.exit("HUB_AUTH=pam reads the machine's passwords: start it with sudo, or choose HUB_AUTH=signup.")

data = Path(setting("HUB_DATA") or COURSE / ".hub/data").resolve()
data.mkdir(parents=True, exist_ok=True)
data.chmod(0o700)  # passwords' hashes are in there
cache = Path(setting("HUB_CACHE") or COURSE / ".hub/cache").resolve()
c = get_config()  # noqa: F821 (JupyterHub gives it)

# Nothing listens beyond this machine unless HUB_BIND says so.
c.JupyterHub.bind_url = setting("HUB_BIND") or "http://127.0.0.1:8000"
if urlsplit(c.JupyterHub.bind_url).hostname not in ("127.0.0.1", "localhost") and not setting("HUB_CERT"):
    sys.exit(
        "HUB_BIND leaves this machine, and without HUB_CERT and HUB_KEY passwords would go in the clear."
    )
if setting("HUB_CERT"):
    c.JupyterHub.ssl_cert, c.JupyterHub.ssl_key = setting("HUB_CERT"), setting("HUB_KEY")
address = urlsplit(c.JupyterHub.bind_url)
for port in [address.port or {"http": 80, "https": 443}[address.scheme], 8001, 8081]:
    with socket.socket() as door:
        if door.connect_ex(("127.0.0.1", port)) == 0:
            # a second hub would pull the first one's proxy down
            sys.exit(
                f"Port {port} of this machine is taken. If a hub is running already, stop it first (Ctrl-C there)."
            )
c.JupyterHub.hub_ip = "127.0.0.1"
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:8001"
c.ConfigurableHTTPProxy.command = [str(COURSE / ".venv/proxy/node_modules/.bin/configurable-http-proxy")]
c.ConfigurableHTTPProxy.pid_file = str(data / "proxy.pid")
database = data / "hub.sqlite"
c.JupyterHub.db_url = f"sqlite:///{database}"
c.JupyterHub.cookie_secret_file = str(data / "cookie_secret")
c.JupyterHub.cleanup_servers = True

# Who may come in.
if auth == "pam":
    c.JupyterHub.authenticator_class = "pam"
    c.Authenticator.allow_existing_users = True
    c.Authenticator.allowed_users = {teacher}
    c.Authenticator.allow_all = setting("HUB_ALLOW_ALL") == "yes"  # every account of the machine
else:
    if not re.match(NAME, teacher):
        sys.exit(f"HUB_TEACHER={teacher} breaks the rule for names. {RULE}")
    names = names_in(database)
    evil = sorted(name for name in names if not re.match(NAME, name))
    if evil and setting("HUB_DROP_NAMES") == "yes":
        names = names_in(database, drop=evil)
    elif evil:
        sys.exit(
            f"{database} has the name {evil[0]!r} (of {len(evil)} that break the rule for names), which could run "
            "script in your browser: start once with HUB_DROP_NAMES=yes, which deletes such names and no files."
        )
    # The teacher's password comes from the terminal, so the name must not be anybody's before. The
    # file has the name of the last teacher whose password was set in that way.
    last_teacher = data / "teacher"
    ours = last_teacher.exists() and last_teacher.read_text() == teacher
    if teacher in names and not ours:
        sys.exit(f"HUB_TEACHER={teacher} is a name that has signed up on this hub. Choose a different name.")
    if mode == "class" and account(teacher) and not ours:
        sys.exit(f"HUB_TEACHER={teacher} is an existing account of this machine. Choose a different name.")

    class SayTheRule(SignUpHandler):
        """The page for signing up, with the rule for names."""

        def render_template(self, *args, **given):
            """Show the rule above the form."""
            return super().render_template(*args, announcement=RULE, **given)

        def get_result_message(self, *given):
            """Name the rule if the name breaks it."""
            name = self.get_body_argument("username", strip=False)
            if not re.match(NAME, self.authenticator.normalize_username(name)):
                return "alert-danger", f"This name cannot be used. {RULE}"
            return super().get_result_message(*given)

    class SignUp(NativeAuthenticator):
        """Sign-up on the hub, with a teacher who is there before the hub listens."""

        def __init__(self, *args, **given):
            super().__init__(*args, **given)
            if not self.user_exists(teacher):
                password = self.ask_for_password()
                last_teacher.write_text(teacher)
                if not self.create_user(teacher, password, is_authorized=True):
                    sys.exit(f"The account of {teacher} could not be made. Choose a different HUB_TEACHER.")

        def ask_for_password(self):
            """Return the teacher's password, which only the terminal that starts the hub can set."""
            if setting("HUB_LOAD_TOKEN"):
                return secrets.token_hex()  # `make load` has no teacher: nobody learns this one
            if not sys.stdin.isatty():
                sys.exit(
                    f"{teacher} has no password yet. Start the hub once from a terminal: it asks for one."
                )
            while True:
                password = getpass(f"Choose a password for {teacher}, of 8 characters or more: ")
                if not self.is_password_strong(password):
                    print("This password is too short or too common.")
                elif getpass("The same password again: ") == password:
                    return password
                else:
                    print("The two passwords differ.")

        def get_handlers(self, app):
            """Return the pages for signing up and letting in."""
            return [
                (path, SayTheRule if page is SignUpHandler else page)
                for path, page in super().get_handlers(app)
            ]

    class SignUpWithAccount(SignUp, LocalAuthenticator):
        """Sign-up for accounts of the machine, which the hub makes for the purpose."""

        def validate_username(self, username):
            """Refuse the names of accounts that were there before: root, or somebody else's."""
            free = self.user_exists(username) or account(username) is None
            return super().validate_username(username) and free

    c.JupyterHub.authenticator_class = SignUpWithAccount if mode == "class" else SignUp
    c.LocalAuthenticator.create_system_users = True
    c.LocalAuthenticator.add_user_cmd = ["adduser", "-q", "--gecos", MADE_HERE, "--disabled-password"]
    c.Authenticator.username_pattern = NAME
    c.Authenticator.allow_all = True  # everyone whom the teacher has let in
    c.NativeAuthenticator.open_signup = False
    c.NativeAuthenticator.check_common_password = True
    c.NativeAuthenticator.minimum_password_length = 8
    c.NativeAuthenticator.allowed_failed_logins = 5
    c.NativeAuthenticator.seconds_before_next_try = 60

# A learner's server: start_server.py copies the course and the compile cache, sets the limits, and
# becomes the server. It runs under the learner's account, so it can do nothing that the learner cannot.
c.JupyterHub.spawner_class = "simple" if mode == "trial" else "jupyterhub.spawner.LocalProcessSpawner"
c.SimpleLocalProcessSpawner.home_dir_template = str(data / "learners" / "{username}")
c.Spawner.cmd = [sys.executable, str(COURSE / "classroom/start_server.py")]
c.Spawner.default_url = "/lab/tree/course/notebooks/00_start_here.ipynb"
c.Spawner.environment = {
    "COURSE": str(COURSE),
    "HUB_CACHE": str(cache),
    "HUB_MEMORY": setting("HUB_MEMORY") or "1500",
    "HUB_CORES": setting("HUB_CORES") or "1",
    # Arrow sets a gigabyte aside for later, which would count as memory filled
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    # numerical libraries start a thread a core otherwise; the lessons' arrays are too small for that
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
}
c.Spawner.env_keep = ["PATH", "LANG", "LC_ALL"]
# When a whole class clicks at once all are served, if slowly: a limit would send some of them away.
c.JupyterHub.concurrent_spawn_limit = 0
c.Spawner.start_timeout = 300
c.Spawner.http_timeout = 300

# All servers share the hub's origin: what a learner's notebook does in the teacher's browser, it does as
# the teacher. So the teacher has neither a server nor access to one. JupyterHub's own admins have
# access, and nobody is one: the empty list also takes the right away from a former teacher.
c.JupyterHub.load_roles = [
    {"name": "admin", "users": []},
    {
        "name": "teacher",
        "users": [teacher],
        "scopes": ["admin-ui", "admin:users", "read:servers", "delete:servers"],
    },
]


def check_account(spawner):
    """Refuse a server to the teacher, and one that would open the files of an account not made for it."""
    name, why = spawner.user.name, None
    record = account(name) if mode == "class" and auth == "signup" else None
    if name == teacher:
        why = f"{name} lets learners in and has no server. For the lessons, sign up under a second name."
    elif record and record.pw_gecos.split(",")[0] != MADE_HERE:
        why = (
            f"{name} is an account of this machine that the hub did not make. Sign up under a different name."
        )
    if why:
        refusal = HTTPError(403)
        refusal.jupyterhub_message = why
        raise refusal


def first_page(handler):
    """Return the page after a login: the teacher's, or nothing, which means the learner's server."""
    user = handler.current_user
    page = "authorize" if auth == "signup" else "admin"
    return handler.hub.base_url + page if user and user.name == teacher else ""


c.Spawner.pre_spawn_hook = check_account
c.JupyterHub.default_url = first_page
c.JupyterHub.template_paths = [str(COURSE / "classroom/templates")]  # /hub/admin without Access Server

# Servers that nobody has touched for an hour are stopped; their files stay.
c.JupyterHub.load_roles += [
    {
        "name": "idle-culler",
        "services": ["idle-culler"],
        "scopes": ["list:users", "read:users:activity", "read:servers", "delete:servers"],
    }
]
culler = [
    sys.executable,
    "-m",
    "jupyterhub_idle_culler",
    f"--timeout={setting('HUB_IDLE') or 3600}",
    "--cull-every=60",
]
c.JupyterHub.services = [{"name": "idle-culler", "command": culler}]

# Only for classroom/load.py: a token that may start servers and use them.
if token := setting("HUB_LOAD_TOKEN"):
    c.JupyterHub.services.append({"name": "load", "api_token": token})
    c.JupyterHub.load_roles.append(
        {"name": "load", "services": ["load"], "scopes": ["admin:users", "admin:servers", "access:servers"]}
    )
