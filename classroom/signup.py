"""Sign-up and log-in: nativeauthenticator, without what a stranger could use against a teacher.

Used by jupyterhub_config.py, and on Kubernetes by values.yaml. Why this authenticator, and what was
replaced: classroom/README.md, "Who lets people in".
"""

import re
import secrets
import time

from jupyterhub.orm import new_token
from jupyterhub.scopes import needs_scope
from nativeauthenticator import NativeAuthenticator
from nativeauthenticator.handlers import (
    AuthorizationAreaHandler,
    ChangePasswordAdminHandler,
    ChangePasswordHandler,
    LocalBase,
    LoginHandler,
    SignUpHandler,
)
from nativeauthenticator.orm import UserInfo
from tornado.httpserver import HTTPServer
from tornado.netutil import is_valid_ip
from tornado.web import HTTPError
from traitlets import Bool, Integer, Unicode

# nativeauthenticator wrote a name into its page of names without quotes, so a name with a TAB in it
# ran script in the teacher's browser.
NAME = r"[a-z][a-z0-9_-]{0,30}\Z"
RULE = (
    "A name begins with a lower-case letter (a to z) and has at most 31 characters, "
    "which are lower-case letters, digits, - or _."
)
SIGNED_UP = "You have signed up. Tell your teacher, who then lets you in."
BY_POST = (
    "Press the button on the page that lists the names, because a link or an image must not let anyone in."
)
LONGEST_BODY = 1_000_000  # bytes of a request to the hub; tornado's own limit, 100 MB, would fill the memory
SCOPES = ["admin-ui", "admin:users", "read:servers", "delete:servers"]


class Recent:
    """Counts events of the last minutes, for each key separately, in bounded memory."""

    def __init__(self, seconds, clock=time.monotonic):
        self.seconds, self.clock, self.times = seconds, clock, {}

    def add(self, key):
        """Count an event now."""
        if len(self.times) > 10_000:
            for old in list(self.times):
                self.count(old)  # forgets those that are not recent
        self.times.setdefault(key, []).append(self.clock())

    def count(self, key):
        """Return how many events of a key are recent."""
        since = self.clock() - self.seconds
        recent = [moment for moment in self.times.get(key, []) if moment > since]
        if recent:
            self.times[key] = recent
        else:
            self.times.pop(key, None)
        return len(recent)


def correct_address(request, proxies):
    """Make the address that our own proxies have seen the one that a request came from.

    Each of them adds one at the end of X-Forwarded-For. The sender can write anything before these, and
    also into X-Real-Ip, which tornado would use.
    """
    seen = request.headers.get("X-Forwarded-For", "").split(",")[-proxies:]
    if len(seen) == proxies and is_valid_ip(seen[0].strip()):
        request.remote_ip = seen[0].strip()


class LogIn(LoginHandler):
    """The page for logging in."""

    async def post(self):
        """Log in, or say why not."""
        name, password = (self.get_body_argument(key, "", strip=False) for key in ["username", "password"])
        user = await self.login_user({"username": name, "password": password})
        if user:
            self.authenticator.remember(self, user.name)
            self._jupyterhub_user = user
            self.redirect(self.get_next_url(user))
        else:
            why = getattr(self, "why", "Invalid username or password.")
            self.finish(await self._render(login_error=why, username=name))


class AskToCome(SignUpHandler):
    """The page for signing up, with the rule for names."""

    def render_template(self, *args, **given):
        """Show the rule above the form."""
        return super().render_template(*args, announcement=RULE, **given)

    async def post(self):
        """Sign up, unless too many have done so."""
        correct_address(self.request, self.authenticator.proxies)
        full = self.authenticator.is_full(self.request.remote_ip)
        if full:
            page = self.render_template("signup.html", alert="alert-danger", result_message=full)
            self.finish(await page)
        else:
            await super().post()

    def get_result_message(self, user, *given):
        """Name the rule if the name breaks it."""
        if user:
            self.authenticator.sign_ups.add(self.request.remote_ip)
        name = self.get_body_argument("username", strip=False)
        if not re.match(NAME, self.authenticator.normalize_username(name)):
            return "alert-danger", f"This name cannot be used. {RULE}"
        alert, message = super().get_result_message(user, *given)
        return alert, SIGNED_UP if alert == "alert-info" else message


class ChangeOwn(ChangePasswordHandler):
    """The page on which people change their own password."""

    async def post(self):
        """Change it, unless the old password is one that bcrypt cannot take."""
        if not fits(self.get_body_argument("old_password", "", strip=False)):
            raise HTTPError(400, "This is not your current password.")
        await super().post()


class ByPost(LocalBase):
    """Answers a form with its XSRF token, never a link."""

    @needs_scope("admin:users")
    async def get(self, name):
        """Refuse: an image in a notebook is such a request."""
        raise HTTPError(405, BY_POST)


class LetIn(ByPost):
    """Lets somebody in or withdraws it."""

    @needs_scope("admin:users")
    async def post(self, name):
        """Set the permission to what the form says."""
        waiting = UserInfo.find(self.db, name)
        if waiting is None or name == self.authenticator.teacher:
            raise HTTPError(404)
        waiting.is_authorized = self.get_body_argument("let_in") == "yes"
        user = self.users.get(name)
        if user and not waiting.is_authorized:
            user.orm_user.cookie_id = new_token()  # ends the person's open sessions of the hub
            for token in list(user.orm_user.api_tokens):  # and what programs could do with a token
                self.db.delete(token)
        self.db.commit()
        self.redirect(f"{self.hub.base_url}authorize#{name}")


class Discard(ByPost):
    """Forgets somebody who was not let in."""

    @needs_scope("admin:users")
    async def post(self, name):
        """Delete the sign-up."""
        waiting = UserInfo.find(self.db, name)
        if waiting is None or waiting.is_authorized:
            raise HTTPError(404)
        self.db.delete(waiting)
        self.db.commit()
        self.redirect(f"{self.hub.base_url}authorize")


class DiscardWaiting(LocalBase):
    """Forgets all who were not let in, for a page that a stranger has filled with names."""

    @needs_scope("admin:users")
    async def post(self):
        """Delete their sign-ups."""
        self.db.query(UserInfo).filter(UserInfo.is_authorized.is_not(True)).delete()
        self.db.commit()
        self.redirect(f"{self.hub.base_url}authorize")


class SignUp(NativeAuthenticator):
    """Sign-up on the hub, with a teacher who is there before the hub listens."""

    teacher = Unicode(config=True, help="the name that lets people in")
    renew = Bool(False, config=True, help="whether each start sets the teacher's password again")
    proxies = Integer(1, config=True, help="how many proxies of ours a request comes through")
    sign_ups_in_an_hour = Integer(100, config=True, help="from one address")
    most_waiting = Integer(300, config=True, help="sign-ups that nobody has let in")

    def __init__(self, *args, **given):
        super().__init__(*args, **given)
        self.wrong = Recent(self.seconds_before_next_try)
        self.sign_ups = Recent(3600)
        if self.user_exists(self.teacher) and not self.renew:
            return
        password = self.first_password()
        if self.user_exists(self.teacher):
            done = self.change_password(self.teacher, password)
            self.get_user(self.teacher).is_authorized = True
            self.db.commit()
        else:
            done = self.create_user(self.teacher, password, is_authorized=True)
        if not done:
            raise SystemExit(
                f"The account of {self.teacher} could not be made: "
                "its password is too short, too long or too common."
            )

    def first_password(self):
        """Return the teacher's password, which nobody but the owner of the machine can set."""
        raise NotImplementedError

    def is_password_strong(self, password):
        """Refuse what bcrypt cannot hash as well, which would be an error 500."""
        return fits(password) and super().is_password_strong(password)

    def create_user(self, username, password, is_authorized=False, **form):
        """Make an account from a name and a password alone.

        Whatever else a form sends is dropped, such as an e-mail address, which could have any length.
        """
        return super().create_user(username, password, is_authorized=is_authorized)

    # Five wrong passwords in a minute close a name, but only to the address they came from, and never
    # to a browser that has logged in under this name before, so nobody can lock the teacher out.
    def browser(self, handler, name):
        """Return the token of a browser that has logged in before, or the address of any other browser."""
        known = handler.get_secure_cookie(f"known-{name}", max_age_days=180)
        return known or handler.request.remote_ip

    def remember(self, handler, name):
        """Give a browser that has logged in a token, by which it is recognised."""
        handler.set_secure_cookie(
            f"known-{name}",
            secrets.token_hex(16),
            expires_days=180,
            path=handler.hub.base_url,
            httponly=True,
            secure=handler.request.protocol == "https",
            samesite="Lax",
        )

    async def authenticate(self, handler, data):
        """Return the name if the password is right, and tell the page why if it is not."""
        name, password = self.normalize_username(data["username"]), data["password"]
        if not re.match(NAME, name):
            handler.why = f"Invalid username or password. {RULE}"
            return None
        correct_address(handler.request, self.proxies)
        source = self.browser(handler, name)
        most = self.allowed_failed_logins
        tried = {(name, source): most, source: 20 * most}
        if source == handler.request.remote_ip:
            tried[name,] = 20 * most  # programs on this machine can claim any address
        if any(self.wrong.count(key) >= limit for key, limit in tried.items()):
            handler.why = f"Too many wrong passwords. Wait {self.seconds_before_next_try} seconds."
            return None
        user = self.get_user(name)
        if not (user and fits(password) and user.is_valid_password(password)):
            for key in tried:
                self.wrong.add(key)
            return None
        if not user.is_authorized:
            handler.why = f"{name} has not been let in yet. Tell your teacher that you have signed up."
            return None
        return name

    def is_full(self, address):
        """Return why nobody can sign up from an address now, or nothing."""
        if self.sign_ups.count(address) >= self.sign_ups_in_an_hour:
            return "Too many have signed up from this address within an hour. Tell your teacher."
        waiting = self.db.query(UserInfo).filter(UserInfo.is_authorized.is_not(True)).count()
        if waiting >= self.most_waiting:
            return "Too many are waiting to be let in. Tell your teacher."
        return None

    def get_handlers(self, app):
        """Return the pages; those of nativeauthenticator that change something by GET are not among them."""
        return [
            (r"/login", LogIn),
            (r"/signup", AskToCome),
            (r"/authorize", AuthorizationAreaHandler),  # templates/authorization-area.html
            (r"/authorize/([^/]*)", LetIn),
            (r"/discard/([^/]*)", Discard),
            (r"/discard-waiting", DiscardWaiting),
            (r"/change-password", ChangeOwn),
            (r"/change-password/([^/]+)", ChangePasswordAdminHandler),
        ]


def fits(password):
    """Tell whether bcrypt takes a password: at most 72 bytes, none of them 0."""
    return len(password.encode()) <= 72 and "\0" not in password


def set_up(c, authenticator, teacher, one_address=True):
    """Write the rules for signing up into a hub's configuration.

    Nobody is an admin, because admins have access to every server, and a page of a student's server
    that the teacher opens can act as the teacher. The empty list takes the right from a former teacher.
    """
    HTTPServer.configure(None, max_body_size=LONGEST_BODY)
    c.JupyterHub.authenticator_class = authenticator
    c.SignUp.teacher = teacher
    c.JupyterHub.template_vars = {"one_address": one_address}  # the page of names then says what that means
    c.Authenticator.username_pattern = NAME
    c.Authenticator.allow_all = True  # everyone whom the teacher has let in
    c.NativeAuthenticator.open_signup = False
    c.NativeAuthenticator.check_common_password = True
    c.NativeAuthenticator.minimum_password_length = 8
    c.NativeAuthenticator.allowed_failed_logins = 5
    c.NativeAuthenticator.seconds_before_next_try = 60


def roles(teacher):
    """Return the hub's roles for people."""
    return [{"name": "admin", "users": []}, {"name": "teacher", "users": [teacher], "scopes": SCOPES}]


def refuse(why):
    """Return an error that shows a sentence on the hub's page."""
    refusal = HTTPError(403)
    refusal.jupyterhub_message = why
    return refusal


def no_server_for(teacher):
    """Return a hook that refuses the teacher a server."""

    def check(spawner):
        name = spawner.user.name
        if name == teacher:
            raise refuse(
                f"{name} lets students in and has no server. For the lessons, sign up under a second name."
            )

    return check
