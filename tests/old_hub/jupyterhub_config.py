"""The hub as it was before its faults were found, as far as the replays need it (classroom/test_hub.py).

Never use it for a class: a name can run script, a link lets people in, the teacher is an admin with
access to every server, and a stranger can sign up under the teacher's name.
"""

import os
import pwd
import sys
from pathlib import Path

from jupyterhub.auth import LocalAuthenticator
from nativeauthenticator import NativeAuthenticator

COURSE, data, teacher = (Path(os.environ[name]) for name in ["COURSE", "HUB_DATA", "HUB_TEACHER"])
proxy_port, hub_port = os.environ["HUB_PORTS"].split(",")
c = get_config()  # noqa: F821 (JupyterHub gives it)
c.JupyterHub.bind_url = os.environ["HUB_BIND"]
c.JupyterHub.hub_ip, c.JupyterHub.hub_port = "127.0.0.1", int(hub_port)
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{proxy_port}"
c.ConfigurableHTTPProxy.command = [str(COURSE / ".venv/proxy/node_modules/.bin/configurable-http-proxy")]
c.ConfigurableHTTPProxy.pid_file = str(data / "proxy.pid")
c.JupyterHub.db_url = f"sqlite:///{data}/hub.sqlite"
c.JupyterHub.cookie_secret_file = str(data / "cookie_secret")
c.Authenticator.admin_users = {str(teacher)}


def account(name):
    """Tell whether the machine has an account of a name."""
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


class SignUpWithAccount(NativeAuthenticator, LocalAuthenticator):
    """Sign-up on the hub, which makes accounts of the machine."""

    def validate_username(self, username):
        """Refuse the names of accounts that were there before, but not the teacher's."""
        known = username == str(teacher) or self.user_exists(username)
        return super().validate_username(username) and (known or account(username) is None)


trial = os.environ["HUB_MODE"] == "trial"
c.JupyterHub.authenticator_class = NativeAuthenticator if trial else SignUpWithAccount
c.LocalAuthenticator.create_system_users = True
c.Authenticator.allow_all = True
c.NativeAuthenticator.check_common_password = True
c.NativeAuthenticator.minimum_password_length = 8
c.NativeAuthenticator.allowed_failed_logins = 5
c.NativeAuthenticator.seconds_before_next_try = 60
c.JupyterHub.spawner_class = "simple" if trial else "jupyterhub.spawner.LocalProcessSpawner"
c.SimpleLocalProcessSpawner.home_dir_template = str(data / "learners" / "{username}")
c.Spawner.cmd = [sys.executable, str(COURSE / "classroom/start_server.py")]
c.Spawner.environment = {"COURSE": str(COURSE), "HUB_MEMORY": "1500", "HUB_CORES": "1", "HUB_FILE": "1000"}
c.Spawner.env_keep = ["PATH", "LANG", "LC_ALL"]
c.Spawner.start_timeout = c.Spawner.http_timeout = int(os.environ.get("TIMEOUT", 120))
