"""The hub of a class on one machine (`make hub`); how to use it: classroom/README.md.

Settings come from the environment, so that this file can stay as it is:

HUB_MODE     "trial" (all on this account, for trying it out) or "class" (an account for each learner)
HUB_AUTH     "signup" (learners sign up, a teacher lets them in) or "pam" (accounts of the machine)
HUB_TEACHER  the teacher's name on the hub: lets learners in, stops their servers
HUB_DATA     where the hub keeps its own files; .hub/data in the course folder unless named
HUB_CACHE    the compile cache that is handed out; .hub/cache unless named
HUB_BIND     where it listens; http://127.0.0.1:8000 unless named
HUB_CERT, HUB_KEY  files of a TLS certificate, for an address beyond this machine
HUB_MEMORY   MB that a process of a learner may fill; 1500 unless named
HUB_CORES    cores that a learner's processes run on; 1 unless named
"""

import os
import pwd
import socket
import sys
from pathlib import Path
from urllib.parse import urlsplit

from jupyterhub.auth import LocalAuthenticator
from nativeauthenticator import NativeAuthenticator

COURSE = Path(__file__).resolve().parent.parent
setting = os.environ.get


def choice(name, values):
    """Return a setting that must be chosen; there is no open door by default."""
    value = setting(name)
    if value not in values:
        wanted = " or ".join(f"{key} ({what})" for key, what in values.items())
        sys.exit(
            f"{name} is {value or 'not set'}. Wanted: {wanted}. Example: make hub HUB_MODE=trial HUB_AUTH=signup HUB_TEACHER=ada"
        )
    return value


def account(name):
    """Return the user number of an account of this machine, or None where there is none."""
    try:
        return pwd.getpwnam(name).pw_uid
    except KeyError:
        return None


mode = choice(
    "HUB_MODE", {"trial": "all on this account", "class": "an account for each learner; needs root"}
)
auth = choice(
    "HUB_AUTH", {"signup": "learners sign up, a teacher lets them in", "pam": "accounts of this machine"}
)
teacher = setting("HUB_TEACHER") or sys.exit("HUB_TEACHER is not set. Wanted: the teacher's name on the hub.")
if mode == "class" and os.geteuid() != 0:
    sys.exit("HUB_MODE=class starts servers under the learners' own accounts: start it with sudo.")
if mode == "class" and (account(teacher) or 1000) < 1000 or teacher == "root":
    sys.exit(f"HUB_TEACHER={teacher} is an account of the system. Wanted: a name of a person.")
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
c.JupyterHub.db_url = f"sqlite:///{data}/hub.sqlite"
c.JupyterHub.cookie_secret_file = str(data / "cookie_secret")
c.JupyterHub.cleanup_servers = True

# Who may come in.
c.Authenticator.admin_users = {teacher}
if auth == "pam":
    c.JupyterHub.authenticator_class = "pam"
    c.Authenticator.allow_existing_users = True
    c.Authenticator.allow_all = setting("HUB_ALLOW_ALL") == "yes"  # every account of the machine
else:

    class SignUpWithAccount(NativeAuthenticator, LocalAuthenticator):
        """Sign-up on the hub; whoever is let in gets an account of the machine, made for the purpose."""

        def validate_username(self, username):
            """Refuse the names of accounts that were there before: root, or somebody else's."""
            known = username == teacher or self.user_exists(username)
            return super().validate_username(username) and (known or account(username) is None)

    c.JupyterHub.authenticator_class = SignUpWithAccount if mode == "class" else NativeAuthenticator
    c.LocalAuthenticator.create_system_users = True
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

# Servers that nobody has touched for an hour are stopped; their files stay.
c.JupyterHub.load_roles = [
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
