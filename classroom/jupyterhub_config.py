"""The hub of a class on one machine (`make hub`); how to use it: classroom/README.md.

Settings come from the environment, so that this file can stay as it is:

HUB_MODE     "trial" (all on this account, for trying it out) or "class" (an account for each student)
HUB_AUTH     "signup" (students sign up, a teacher lets them in) or "pam" (accounts of the machine)
HUB_TEACHER  the teacher's name on the hub: lets students in, stops their servers, has no server
HUB_DATA     where the hub keeps its own files; .hub/data in the course folder unless named
HUB_CACHE    the compile cache that is handed out; .hub/cache unless named
HUB_BIND     where it listens; http://127.0.0.1:8000 unless named
HUB_CERT, HUB_KEY  files of a TLS certificate, for an address beyond this machine
HUB_PORTS    the two ports of proxy and hub on this machine; 8001,8081 unless named
HUB_DOMAIN   a domain of which each student gets a part (README.md, "A domain for each student")
HUB_MEMORY   MB that a process of a student may fill; 1500 unless named
HUB_CORES    cores that a student's processes run on; 1 unless named
HUB_PROCESSES, HUB_FILE, HUB_SHM  in a class, processes and threads of a student (1000), MB of a file
             (1000) and of /dev/shm (256)
HUB_IDLE     seconds after which an idle server is stopped; 3600 unless named
HUB_ALLOW_ALL  "yes" lets every account of the machine in, with HUB_AUTH=pam
HUB_DROP_NAMES  "yes" deletes names from an old database that break the rule for names
"""

import grp
import os
import pwd
import re
import secrets
import shutil
import socket
import sqlite3
import sys
from contextlib import closing
from getpass import getpass
from pathlib import Path
from urllib.parse import urlsplit

COURSE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(COURSE / "classroom"))

import room  # noqa: E402
import servers  # noqa: E402
import signup  # noqa: E402
from jupyterhub.auth import LocalAuthenticator  # noqa: E402
from sqlalchemy import event  # noqa: E402
from sqlalchemy.engine import Engine  # noqa: E402

NAME, RULE = signup.NAME, signup.RULE
MADE_HERE = '""'  # the full name of the accounts that the hub makes; JupyterHub's own default
setting = os.environ.get


def choice(name, values):
    """Return a setting that must be chosen, because nothing is open by default."""
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


def is_group(name):
    """Tell whether the machine has a group of a name, which `adduser` would refuse at the first login."""
    try:
        return bool(grp.getgrnam(name))
    except KeyError:
        return False


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
    "HUB_MODE", {"trial": "all on this account", "class": "an account for each student; needs root"}
)
auth = choice(
    "HUB_AUTH", {"signup": "students sign up, a teacher lets them in", "pam": "accounts of this machine"}
)
teacher = setting("HUB_TEACHER") or sys.exit(
    "HUB_TEACHER is not set. Expected: the teacher's name on the hub."
)
if mode == "class" and os.geteuid() != 0:
    sys.exit("HUB_MODE=class starts servers under the students' own accounts: start it with sudo.")
if teacher == "root" or mode == "class" and account(teacher) and account(teacher).pw_uid < 1000:
    sys.exit(f"HUB_TEACHER={teacher} is an account of the system. Expected: a person's name.")
for path in (COURSE, Path(sys.executable).resolve()) if mode == "class" else ():
    closed = [str(folder) for folder in [path, *path.parents] if folder.stat().st_mode & 0o005 != 0o005]
    if closed:
        sys.exit(
            f"Students' accounts cannot open {closed[-1]}, which contains {path}. Put it in a different folder, for example in /opt."
        )
if mode == "trial" and auth == "pam":
    sys.exit(
        "HUB_MODE=trial with HUB_AUTH=pam would give accounts of this machine the rights of root. "
        "Choose HUB_MODE=class or HUB_AUTH=signup."
    )
if mode == "trial" and os.geteuid() == 0:
    print("This trial hub runs as root, so everyone you let in can do anything on this machine.", flush=True)

data = Path(setting("HUB_DATA") or COURSE / ".hub/data").resolve()
try:
    data.mkdir(parents=True, exist_ok=True)
    data.chmod(0o700)  # passwords' hashes are in there
except OSError as error:
    sys.exit(
        f"The hub cannot use {data} ({error.strerror}). Start it with the account that started it before, "
        "or name a different folder with HUB_DATA."
    )
# A second hub would pull the first one's proxy down. The lock ends with its hub, also when that is killed.
lock = room.alone(data / "running") or sys.exit(
    f"A hub with the files of {data} is running already. Stop it first (Ctrl-C in its terminal)."
)
in_use = room.alone(Path(sys.prefix) / "hub-running", shared=True)  # `make` then leaves the packages alone
room.stop_left_over(data / "proxy.pid")
cache = Path(setting("HUB_CACHE") or COURSE / ".hub/cache").resolve()
c = get_config()  # noqa: F821 (JupyterHub gives it)

# Nothing listens beyond this machine unless HUB_BIND says so.
c.JupyterHub.bind_url = setting("HUB_BIND") or "http://127.0.0.1:8000"
if urlsplit(c.JupyterHub.bind_url).hostname not in ("127.0.0.1", "localhost") and not setting("HUB_CERT"):
    sys.exit(
        "HUB_BIND is an address beyond this machine, so it needs HUB_CERT and HUB_KEY. "
        "Without them passwords would be sent unencrypted."
    )
if setting("HUB_CERT"):
    for name in ["HUB_CERT", "HUB_KEY"]:
        if not (setting(name) and os.access(setting(name), os.R_OK) and Path(setting(name)).is_file()):
            sys.exit(
                f"{name} is {setting(name) or 'not set'}. Expected: the path of a file that can be read (HUB_CERT has the certificate, HUB_KEY its private key)."
            )
    c.JupyterHub.ssl_cert, c.JupyterHub.ssl_key = (
        str(Path(setting(name)).resolve()) for name in ["HUB_CERT", "HUB_KEY"]
    )
address = urlsplit(c.JupyterHub.bind_url)
try:
    proxy_port, hub_port = map(int, (setting("HUB_PORTS") or "8001,8081").split(","))
except ValueError:
    sys.exit(f"HUB_PORTS is {setting('HUB_PORTS')}. Expected: two numbers, such as 8001,8081.")
for port in [address.port or {"http": 80, "https": 443}[address.scheme], proxy_port, hub_port]:
    with socket.socket() as door:
        if door.connect_ex(("127.0.0.1", port)) == 0:
            sys.exit(
                f"Port {port} of this machine is taken. If a hub is running already, stop it first (Ctrl-C there)."
            )
c.JupyterHub.hub_ip = "127.0.0.1"
c.JupyterHub.hub_port = hub_port
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{proxy_port}"
c.ConfigurableHTTPProxy.command = [str(COURSE / ".venv/proxy/node_modules/.bin/configurable-http-proxy")]
c.ConfigurableHTTPProxy.pid_file = str(data / "proxy.pid")
database = data / "hub.sqlite"
c.JupyterHub.db_url = f"sqlite:///{database}"
c.JupyterHub.cookie_secret_file = str(data / "cookie_secret")
c.JupyterHub.cleanup_servers = True
c.JupyterHub.template_paths = [str(COURSE / "classroom/templates")]

# On one origin a page of a student's server acts as the teacher who opens it. A domain for each student
# makes each server an origin of its own.
if domain := setting("HUB_DOMAIN"):
    if not re.match(r"[a-z0-9.-]+\Z", domain):
        sys.exit(
            f"HUB_DOMAIN is {domain}. Expected: a domain without https:// and port, such as hub.example.org."
        )
    port = f":{address.port}" if address.port not in (None, 80, 443) else ""
    c.JupyterHub.subdomain_host = f"{address.scheme}://{domain}{port}"
    c.JupyterHub.cookie_host_prefix_enabled = address.scheme == "https"
else:
    print(
        f"HUB_DOMAIN is not set, so all servers share one address. If {teacher} opens a link into a student's "
        f"server, its page can use the rights of {teacher}. Do not follow such links (classroom/README.md).",
        flush=True,
    )

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
            "script in your browser. Start once with HUB_DROP_NAMES=yes, which deletes such names but no files."
        )
    # The teacher's password comes from the terminal, so the name must not be anybody's before. The
    # file has the name of the last teacher whose password was set in that way.
    last_teacher = data / "teacher"
    ours = last_teacher.exists() and last_teacher.read_text() == teacher
    if teacher in names and not ours:
        sys.exit(f"HUB_TEACHER={teacher} is a name that has signed up on this hub. Choose a different name.")
    if mode == "class" and (account(teacher) or is_group(teacher)) and not ours:
        sys.exit(
            f"HUB_TEACHER={teacher} is an existing account or group of this machine. Choose a different name."
        )

    class SignUp(signup.SignUp):
        """Sign-up with a teacher whose password only the terminal that starts the hub can set."""

        def first_password(self):
            """Return the password that the terminal gives."""
            if setting("HUB_LOAD_TOKEN"):
                return self.noted(secrets.token_hex())  # `make load` has no teacher: nobody learns this one
            if not sys.stdin.isatty():
                sys.exit(
                    f"{teacher} has no password yet. Start the hub once from a terminal, where it asks for one."
                )
            while True:
                password = getpass(f"Choose a password for {teacher}, of 8 characters or more: ")
                if not self.is_password_strong(password):
                    print(
                        "This password is too short (under 8 characters), too long (over 72 bytes) or too common."
                    )
                elif getpass("The same password again: ") == password:
                    return self.noted(password)
                else:
                    print("The two passwords differ.")

        def noted(self, password):
            """Note whose password was set here."""
            last_teacher.write_text(teacher)
            return password

    class SignUpWithAccount(SignUp, LocalAuthenticator):
        """Sign-up for accounts of the machine, which the hub makes for the purpose."""

        def validate_username(self, username):
            """Refuse names of accounts, homes and groups that were there before.

            A new account would open the first two, and cannot be made beside the third.
            """
            free = not (account(username) or is_group(username) or os.path.lexists(f"/home/{username}"))
            return super().validate_username(username) and (free or self.user_exists(username))

    signup.set_up(c, SignUpWithAccount if mode == "class" else SignUp, teacher, one_address=not domain)
    c.LocalAuthenticator.create_system_users = True
    c.LocalAuthenticator.add_user_cmd = ["adduser", "-q", "--gecos", MADE_HERE, "--disabled-password"]

# A student's server: start_server.py copies the course and the compile cache, sets the limits, and
# becomes the server. It runs under the student's account, so it can do nothing that the student cannot.
c.JupyterHub.spawner_class = servers.TrialServer if mode == "trial" else servers.ClassServer
c.SimpleLocalProcessSpawner.home_dir_template = str(data / "learners" / "{username}")
c.Spawner.cmd = [sys.executable, str(COURSE / "classroom/start_server.py")]
c.Spawner.default_url = "/lab/tree/course/notebooks/00_start_here.ipynb"
c.Spawner.environment = {
    "COURSE": str(COURSE),
    "HUB_CACHE": str(cache),
    "HUB_MEMORY": setting("HUB_MEMORY") or "1500",
    "HUB_CORES": setting("HUB_CORES") or "1",
    "HUB_FILE": setting("HUB_FILE") or "1000",
    # Arrow sets a gigabyte aside for later, which would count as memory filled
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    # numerical libraries start one thread per core otherwise; the lessons' arrays are too small for that
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
}
if mode == "class":  # in a trial all servers are one account's, and would share the number
    c.Spawner.environment["HUB_PROCESSES"] = setting("HUB_PROCESSES") or "1000"
    c.ClassServer.own_shm = servers.can_have_own_shm()
    c.ClassServer.shm = int(setting("HUB_SHM") or 256)
    if not c.ClassServer.own_shm:
        print("This machine does not let the hub bound shared memory (/dev/shm).", flush=True)
c.Spawner.env_keep = ["PATH", "LANG", "LC_ALL"]
# When a whole class clicks at once all are served, if slowly: a limit would send some of them away.
c.JupyterHub.concurrent_spawn_limit = 0
c.Spawner.start_timeout = 300
c.Spawner.http_timeout = 300

c.JupyterHub.load_roles = signup.roles(teacher)


def check_account(spawner):
    """Refuse a server to the teacher, and one that would open the files of an account not made for it."""
    signup.no_server_for(teacher)(spawner)
    name = spawner.user.name
    record = account(name) if mode == "class" and auth == "signup" else None
    if record and record.pw_gecos.split(",")[0] != MADE_HERE:
        raise signup.refuse(
            f"{name} is an account of this machine that the hub did not make. Sign up under a different name."
        )
    if shutil.disk_usage(data).free < room.ENOUGH:
        raise signup.refuse("The disk of this machine is almost full. Tell your teacher.")


def first_page(handler):
    """Return the page after a login: the teacher's, or nothing, which means the student's server."""
    user = handler.current_user
    page = "authorize" if auth == "signup" else "admin"
    return handler.hub.base_url + page if user and user.name == teacher else ""


c.Spawner.pre_spawn_hook = check_account
c.JupyterHub.default_url = first_page

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
if shutil.which("setpriv"):  # it ends with the hub, also when that is killed
    culler = ["setpriv", "--pdeathsig", "TERM", *culler]
c.JupyterHub.services = [{"name": "idle-culler", "command": culler}]

# People can log in while the disk is full, because the database has room in reserve.
event.listen(Engine, "connect", room.keep_journal)
if (free := shutil.disk_usage(data).free) < 1e6:
    sys.exit(f"The disk with {data} is full. Delete files on it, then start the hub again.")
if free > room.ENOUGH:
    room.make_room(database)

# Only for classroom/load.py: a token that may start servers and use them.
if token := setting("HUB_LOAD_TOKEN"):
    c.JupyterHub.services.append({"name": "load", "api_token": token})
    c.JupyterHub.load_roles.append(
        {"name": "load", "services": ["load"], "scopes": ["admin:users", "admin:servers", "access:servers"]}
    )
