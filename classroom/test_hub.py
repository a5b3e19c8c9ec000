"""Real hubs, attacked and broken (`make test-hub`); tests/test_classroom.py has the same rules without one.

Each replay of an attack first succeeds on the hub as it was (tests/old_hub), then fails on this one.
The tests of the class mode make accounts of this machine and remove them, so they need root.
"""

import grp
import json
import os
import pty
import pwd
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest
import requests
from playwright.sync_api import sync_playwright

COURSE = Path(__file__).resolve().parent.parent
OLD, NEW = COURSE / "tests/old_hub/jupyterhub_config.py", COURSE / "classroom/jupyterhub_config.py"
PASSWORD = "correct horse battery"
SCRIPT = "z\tautofocus\ttabindex=0\tonfocus=document.title='taken'"
CHROMIUM = os.environ.get("CHROMIUM") or next(
    filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome"])), None
)
# a domain that only the browser knows; unlike *.localhost its parts are one site, so cookies are sent along
SITE = "--host-resolver-rules=MAP course.test 127.0.0.1, MAP *.course.test 127.0.0.1"
# Makes the folders on the way to the course and its Python readable, in this process's own view of the disk.
OPEN_UP = """
set -e
for path in "$@"; do
    [ "$path" != -- ] || break
    closed=${path%%:*}; inside=${path#*:}; aside=$(mktemp -d)
    mount --rbind "$closed/$inside" "$aside"
    mount -t tmpfs -o mode=755 tmpfs "$closed"
    mkdir "$closed/$inside"; mount --rbind "$aside" "$closed/$inside"
done
while [ "$1" != -- ]; do shift; done; shift
exec "$@"
"""


def free_ports(number):
    """Return ports of this machine that nothing listens on."""
    doors = [socket.socket() for _ in range(number)]
    for door in doors:
        door.bind(("127.0.0.1", 0))
    ports = [door.getsockname()[1] for door in doors]
    for door in doors:
        door.close()
    return ports


def opened_up():
    """Return a command prefix under which learners' accounts can read the course and its Python."""
    wanted = {}
    for path in [COURSE, Path(sys.executable).resolve()]:
        for folder, inside in zip(path.parents, [path, *path.parents][:-1], strict=False):
            if folder.stat().st_mode & 0o005 != 0o005:
                wanted[folder] = f"{folder}:{inside.name}"
    return ["unshare", "--mount", "sh", "-c", OPEN_UP, "sh", *wanted.values(), "--"]


class Hub:
    """A hub of the old or the new configuration."""

    def __init__(self, config, data, teacher="ada", mode="trial", typed=PASSWORD, **settings):
        self.data, self.teacher, self.typed = data, teacher, typed
        data.mkdir(parents=True, exist_ok=True)
        self.logs = data.parent
        self.port, *inner = free_ports(3)
        self.url = f"http://127.0.0.1:{self.port}"
        kept = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
        self.environ = kept | {
            "COURSE": str(COURSE),
            "HUB_MODE": mode,
            "HUB_AUTH": "signup",
            "HUB_TEACHER": teacher,
            "HUB_DATA": str(data),
            "HUB_BIND": self.url,
            "HUB_PORTS": "{},{}".format(*inner),
            "HUB_CACHE": "none",
            **settings,
        }
        self.command = [sys.executable, "-m", "jupyterhub", "--config", str(config)]
        if mode == "class":
            self.command = [*opened_up(), *self.command]

    def start(self, fails=False):
        """Start it from a terminal that types the teacher's password; wait until it answers or ends."""
        self.log = self.logs / f"log-{time.time_ns()}"
        here, there = pty.openpty()
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                self.command,
                env=self.environ,
                stdin=there,
                stdout=log,
                stderr=log,
                start_new_session=True,
                cwd=self.data,
            )
        os.close(there)
        asked, self.terminal = 0, here
        for _ in range(600):
            said = self.said()
            if said.count("password") > asked and re.search(r"password[^\n]*: $", said):
                os.write(here, f"{self.typed}\n".encode())
                asked = said.count("password")
            if self.process.poll() is not None:
                assert fails, said
                return said
            if "JupyterHub is now running" in said:
                assert not fails, said
                return said
            time.sleep(0.1)
        raise TimeoutError(self.said())

    def said(self):
        """Return all that it has written."""
        return self.log.read_text(errors="replace")

    def line(self, pattern):
        """Return the last line of its log that a pattern finds, after waiting for it, and print it."""
        for _ in range(100):
            found = [line for line in self.said().splitlines() if re.search(pattern, line)]
            if found:
                print(f"{'old' if str(OLD) in self.command else 'new'}: {found[-1]}")
                return found[-1]
            time.sleep(0.1)
        raise AssertionError(f"no line with {pattern}:\n{self.said()[-3000:]}")

    def stop(self):
        """Stop it as Ctrl-C does, with its proxy and its servers."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(60)
        os.close(self.terminal)

    def kill(self):
        """Kill the hub alone, without a chance to clear up."""
        self.process.kill()
        self.process.wait(20)
        os.close(self.terminal)

    def rows(self, query):
        """Return rows of its database."""
        database = sqlite3.connect(f"file:{self.data}/hub.sqlite?mode=ro", uri=True)
        try:
            return database.execute(query).fetchall()
        finally:
            database.close()

    def may_come_in(self, name):
        """Tell whether the hub lets somebody in."""
        (found,) = self.rows(f"SELECT is_authorized FROM users_info WHERE username = '{name}'")
        return bool(found[0])


class Person:
    """Somebody with a browser's cookies."""

    def __init__(self, hub, name, address="127.0.0.1"):
        self.hub, self.name, self.session = hub, name, requests.Session()
        self.base = f"{hub.url}/hub"
        self.session.mount("http://", From(address))

    def form(self, page, **fields):
        """Send a form of a page with its XSRF token; return the answer."""
        token = re.search(r'name="_xsrf" value="([^"]*)"', self.session.get(f"{self.base}/{page}").text)
        data = fields | {"_xsrf": token[1]}
        return self.session.post(f"{self.base}/{page}", data=data, allow_redirects=False)

    def sign_up(self, password=PASSWORD):
        """Sign up; return the page."""
        fields = {"username": self.name, "signup_password": password}
        return self.form("signup", **fields, signup_password_confirmation=password).text

    def log_in(self, password=PASSWORD):
        """Log in; return the answer, which leads on if the password was right."""
        return self.form("login", username=self.name, password=password)

    def press(self, path, **fields):
        """Press a button of the page that lists the names."""
        page = self.session.get(f"{self.base}/change-password").text  # any form has the token
        token = re.search(r'name="_xsrf" value="([^"]*)"', page)[1]
        url = f"{self.base}/{path}"
        return self.session.post(url, data=fields | {"_xsrf": token}, allow_redirects=False)

    def api(self, method, path, body=None):
        """Send a request to the hub's API with this person's cookies."""
        self.session.get(f"{self.base}/home")
        token = {"X-XSRFToken": self.session.cookies.get("_xsrf", path="/hub/")}
        return self.session.request(method, f"{self.base}/api/{path}", json=body, headers=token)

    def let_in(self, name, answer="yes"):
        """Let somebody in, as a teacher, in the way of the hub at hand."""
        if str(OLD) in self.hub.command:
            return self.session.get(f"{self.base}/authorize/{quote(name)}")
        return self.press(f"authorize/{name}", let_in=answer)

    def start(self, seconds=120):
        """Start this person's server; return what the hub's page says at last."""
        self.session.get(f"{self.base}/spawn/{self.name}")
        for _ in range(seconds * 2):
            page = self.session.get(f"{self.base}/spawn-pending/{self.name}").text
            if "Spawn failed" in page or "error" in page and "did not start" in page:
                return page
            answer = self.session.get(f"{self.hub.url}/user/{self.name}/api/status")
            if answer.status_code == 200 and "started" in answer.text:
                return "ready"
            time.sleep(0.5)
        raise TimeoutError(page)


class From(requests.adapters.HTTPAdapter):
    """Sends requests from one of this machine's loopback addresses."""

    def __init__(self, address):
        self.address = address
        super().__init__()

    def init_poolmanager(self, *given, **more):
        """Bind the address."""
        super().init_poolmanager(*given, source_address=(self.address, 0), **more)


@contextmanager
def running(*given, **settings):
    """Run a hub for a while."""
    hub = Hub(*given, **settings)
    try:
        hub.start()
        yield hub
    finally:
        hub.stop()


@pytest.fixture(scope="session")
def chromium():
    """Start chromium, once for all tests."""
    if CHROMIUM is None:
        pytest.exit("No chromium: install one (Debian: apt install chromium), or set CHROMIUM.", returncode=1)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", SITE])
        yield browser
        browser.close()


@pytest.fixture
def as_teacher(chromium):
    """Return a function that opens a browser in which a hub's teacher is logged in."""
    contexts = []

    def open_browser(hub):
        contexts.append(chromium.new_context())
        page = contexts[-1].new_page()
        page.goto(f"{hub.url}/hub/login")
        page.fill("#username_input", hub.teacher)
        page.fill("#password_input", PASSWORD)
        page.click("#login_submit")
        page.wait_for_url(re.compile("hub/(authorize|home|spawn|spawn-pending)|/user/"))
        return page

    yield open_browser
    for context in contexts:
        context.close()


def with_teacher(hub):
    """Return the teacher, logged in; on the old hub by the first sign-up under the name."""
    teacher = Person(hub, hub.teacher)
    if str(OLD) in hub.command:
        teacher.sign_up()
    assert teacher.log_in().status_code == 302
    return teacher


def learner(hub, teacher, name):
    """Return somebody who has signed up, was let in and has logged in."""
    person = Person(hub, name)
    person.sign_up()
    teacher.let_in(name)
    assert person.log_in().status_code == 302
    return person


# ---------------------------------------------------------------- the replays


def test_a_name_that_runs_script(tmp_path, as_teacher):
    """A sign-up whose name runs script when the teacher opens the page of names."""
    with running(OLD, tmp_path / "old") as hub:
        with_teacher(hub)
        Person(hub, SCRIPT).sign_up()
        page = as_teacher(hub)
        page.goto(f"{hub.url}/hub/authorize")
        page.wait_for_function("document.title === 'taken'", timeout=10_000)
        assert page.title() == "taken"
        hub.line(r"200 POST /hub/signup")
    with running(NEW, tmp_path / "new") as hub:
        assert "This name cannot be used. A name begins with" in Person(hub, SCRIPT).sign_up()
        page = as_teacher(hub)
        page.goto(f"{hub.url}/hub/authorize")
        page.wait_for_timeout(1000)
        assert page.title() != "taken"
        assert hub.rows("SELECT username FROM users_info") == [("ada",)]
        hub.line(r"200 POST /hub/signup")


def test_an_image_that_lets_somebody_in(tmp_path, as_teacher):
    """An image whose address lets somebody in, in the teacher's browser."""
    for config, taken in [(OLD, True), (NEW, False)]:
        with running(config, tmp_path / str(taken)) as hub:
            with_teacher(hub)
            Person(hub, "mallory").sign_up()
            page = as_teacher(hub)
            image = "const i = new Image(); i.src = '/hub/authorize/mallory'"
            page.goto(f"{hub.url}/hub/authorize")
            page.evaluate(f"() => new Promise(done => {{ {image}; i.onload = i.onerror = done }})")
            assert hub.may_come_in("mallory") is taken
            hub.line(r"(302|405) GET /hub/authorize/mallory")


def test_a_teacher_s_rights_are_few_and_a_former_teacher_s_none(tmp_path):
    """The teacher asks for more than letting people in; then somebody else is the teacher."""
    with running(NEW, tmp_path / "hub") as hub:
        former = with_teacher(hub)
        Person(hub, "mallory").sign_up()
        grace = learner(hub, former, "grace")
        for method, path, body in [
            ("PATCH", "users/ada", {"admin": True}),
            ("POST", "users", {"usernames": ["edith"], "admin": True}),
            ("POST", "users/grace/tokens", {}),
            ("GET", "users/grace/tokens", None),
            ("POST", "users/ada/server", None),
            ("POST", "users/grace/server", None),
            ("POST", "shares/grace/", {"user": "ada"}),
        ]:
            answer = former.api(method, path, body)
            assert answer.status_code in (403, 404), (path, answer.text)
        hub.line("403 PATCH /hub/api/users/ada .ada@")
        assert former.api("DELETE", "users/ada").status_code == 400  # whose name a stranger could then take
        assert grace.api("POST", "users/mallory/tokens", {}).status_code in (403, 404)
        token = former.api("POST", "users/ada/tokens", {}).json()["token"]
        by_token = {"Authorization": f"token {token}"}
        assert requests.get(f"{hub.url}/hub/api/users", headers=by_token).status_code == 200
    with running(NEW, tmp_path / "hub", teacher="emmy") as hub:
        former.hub, former.base = hub, f"{hub.url}/hub"  # the session from before, which nobody has ended
        assert former.session.get(f"{hub.url}/hub/home").url.endswith("/hub/home")
        assert former.session.get(f"{hub.url}/hub/authorize").status_code == 403
        hub.line(r"403 GET /hub/authorize .ada@")
        assert former.press("authorize/mallory", let_in="yes").status_code == 403
        assert former.api("GET", "users").status_code == 403
        assert requests.get(f"{hub.url}/hub/api/users", headers=by_token).status_code == 403
        assert not hub.may_come_in("mallory")
    hub = Hub(NEW, tmp_path / "hub", teacher="ada")
    hub.start(fails=True)
    hub.line("is a name that has signed up")


def test_letting_in_takes_the_form_with_its_token(tmp_path):
    """Only the form of the page of names lets in, shuts out and discards."""
    with running(NEW, tmp_path / "hub") as hub:
        teacher = with_teacher(hub)
        Person(hub, "grace").sign_up()
        for path, fields in [("authorize/grace", {"let_in": "yes"}), ("discard/grace", {})]:
            forged = teacher.session.post(f"{hub.url}/hub/{path}", data=fields)
            assert forged.status_code == 403
            assert teacher.session.get(f"{hub.url}/hub/{path}").status_code == 405
        assert not hub.may_come_in("grace")
        assert teacher.let_in("grace").status_code == 302 and hub.may_come_in("grace")
        grace = Person(hub, "grace")
        grace.log_in()
        assert grace.session.get(f"{hub.url}/hub/home").url.endswith("/hub/home")
        assert grace.press("authorize/grace", let_in="yes").status_code == 403
        by_token = {"Authorization": f"token {grace.api('POST', 'users/grace/tokens', {}).json()['token']}"}
        assert requests.get(f"{hub.url}/hub/api/user", headers=by_token).json()["name"] == "grace"
        teacher.let_in("grace", "no")
        assert "/hub/login" in grace.session.get(f"{hub.url}/hub/home").url  # the open session ended
        assert requests.get(f"{hub.url}/hub/api/user", headers=by_token).status_code == 403
        assert requests.post(f"{hub.url}/hub/api/users/grace/server", headers=by_token).status_code == 403
        assert teacher.press("discard/grace").status_code == 302
        assert hub.rows("SELECT username FROM users_info") == [("ada",)]
        assert teacher.let_in("ada", "no").status_code == 404  # nobody locks the teacher out by mistake
        for number in range(21):
            assert "Discard all who wait" not in teacher.session.get(f"{hub.url}/hub/authorize").text
            Person(hub, f"guest{number}").sign_up()
        assert "Discard all who wait" in teacher.session.get(f"{hub.url}/hub/authorize").text
        for answer in [teacher.session.post, teacher.session.get]:
            assert answer(f"{hub.url}/hub/discard-waiting").status_code in (403, 405)
        assert len(hub.rows("SELECT username FROM users_info")) == 22
        teacher.let_in("guest7")
        assert teacher.press("discard-waiting").status_code == 302
        assert hub.rows("SELECT username FROM users_info") == [("ada",), ("guest7",)]


EVIL_NOTEBOOK = {
    "cells": [
        {"cell_type": "markdown", "id": "a", "metadata": {}, "source": "![](/hub/authorize/mallory)"},
    ],
    "metadata": {},
    "nbformat": 4,
    "nbformat_minor": 5,
}


def test_a_handed_in_notebook_that_the_teacher_opens(tmp_path, as_teacher):
    """A notebook that acts as the person who opens it."""
    with running(OLD, tmp_path / "old") as hub:
        teacher = with_teacher(hub)
        Person(hub, "mallory").sign_up()
        assert teacher.start() == "ready"
        (hub.data / "learners/ada/handed_in.ipynb").write_text(json.dumps(EVIL_NOTEBOOK))
        page = as_teacher(hub)
        page.goto(f"{hub.url}/user/ada/lab/tree/handed_in.ipynb")
        page.wait_for_selector(".jp-RenderedMarkdown img", timeout=60_000, state="attached")
        hub.line(r"302 GET /hub/authorize/mallory")
        assert hub.may_come_in("mallory")
    with running(NEW, tmp_path / "new") as hub:
        teacher = with_teacher(hub)
        refused = teacher.session.get(f"{hub.url}/hub/spawn")
        assert refused.status_code == 403 and "has no server" in refused.text
        # a second account that the teacher uses for the lessons opens it: that account lets nobody in
        Person(hub, "mallory").sign_up()
        second = learner(hub, teacher, "ada2")
        assert second.start() == "ready"
        (hub.data / "learners/ada2/handed_in.ipynb").write_text(json.dumps(EVIL_NOTEBOOK))
        hub.teacher = "ada2"
        page = as_teacher(hub)
        page.goto(f"{hub.url}/user/ada2/lab/tree/handed_in.ipynb")
        page.wait_for_selector(".jp-RenderedMarkdown img", timeout=60_000, state="attached")
        hub.line(r"(403|405) GET /hub/authorize/mallory")
        assert not hub.may_come_in("mallory")


def test_access_to_a_learner_s_server(tmp_path):
    """The teacher on a learner's server, where the button led to."""
    for config, wanted in [(OLD, 200), (NEW, 403)]:
        with running(config, tmp_path / str(wanted)) as hub:
            teacher = with_teacher(hub)
            mallory = learner(hub, teacher, "mallory")
            assert mallory.start() == "ready"
            # what the button led to: the whole walk through the hub's OAuth pages, with its question
            answer = teacher.session.get(f"{hub.url}/user/mallory/lab")
            if "oauth2/authorize" in answer.url and answer.status_code == 200:
                fields = re.findall(r'name="(_xsrf|scopes)"\s+value="([^"]*)"', answer.text)
                answer = teacher.session.post(answer.url, data=fields)
            assert answer.status_code == wanted
            hub.line(rf"{'200 GET /user/mallory/lab .ada@' if wanted == 200 else '403 GET /hub/api/oauth2'}")


# a server that sends everybody a page of the learner's own, which acts as the person who opens it
EVIL_SERVER = """
from jupyter_server.auth.decorator import allow_unauthenticated
from jupyter_server.base.handlers import APIVersionHandler
PAGE = '''<script>
(async () => {
  for (const hub of ["", "HUB"]) try {
    const page = await (await fetch(hub + "/hub/authorize", {mode: "no-cors", credentials: "include"})).text();
    const token = (page.match(/name="_xsrf" value="([^"]*)"/) || ["", "none"])[1];
    const body = new URLSearchParams({_xsrf: token, let_in: "yes"});
    await fetch(hub + "/hub/authorize/mallet", {method: "POST", mode: "no-cors", credentials: "include", body});
  } catch (error) { console.log(error) }
  document.title = "done";
})()
</script>'''

@allow_unauthenticated
def get(self):
    self.set_header("Content-Security-Policy", "")
    self.finish(PAGE, set_content_type="text/html")

APIVersionHandler.get = get
"""


def page_of_a_learner(hub, as_teacher, seen_at, url):
    """Have the teacher open a page that a learner's server sends."""
    mallory, mallet = Person(hub, "mallory"), Person(hub, "mallet")
    mallory.sign_up()
    mallet.sign_up()
    settings = hub.data / "learners/mallory/.jupyter"
    settings.mkdir(parents=True)
    (settings / "jupyter_server_config.py").write_text(EVIL_SERVER.replace("HUB", seen_at))
    hub.url = seen_at
    page = as_teacher(hub)
    page.goto(f"{hub.url}/hub/authorize")
    page.click("tr#mallory button:has-text('Authorize')")
    page.wait_for_selector("tr#mallory button:has-text('Unauthorize')")
    assert mallory.log_in().status_code == 302
    mallory.session.get(f"{mallory.base}/spawn/mallory", allow_redirects=False)
    for _ in range(240):
        if hub.rows("SELECT * FROM spawners WHERE server_id IS NOT NULL"):
            break
        time.sleep(0.25)
    for _ in range(60):
        page.goto(f"{url}/user/mallory/api")
        if "mallet" in page.content():
            break
        time.sleep(1)
    page.wait_for_function("document.title === 'done'", timeout=20_000)


def test_a_link_into_a_learner_s_server(tmp_path, as_teacher):
    """A link to a page of a learner's server: open on one address, closed by a domain for each."""
    with running(NEW, tmp_path / "one") as hub:
        assert "HUB_DOMAIN is not set" in hub.said() and "Do not follow such links" in hub.said()
        page_of_a_learner(hub, as_teacher, hub.url, hub.url)
        assert hub.may_come_in("mallet")  # as the start-up line and the page say
        hub.line(r"302 POST /hub/authorize/mallet")
    for domain, seen_as in [("localhost", ""), ("course.test", "ada")]:
        with running(NEW, tmp_path / domain / "hub", HUB_DOMAIN=domain) as hub:
            assert "HUB_DOMAIN is not set" not in hub.said()
            page_of_a_learner(
                hub, as_teacher, f"http://{domain}:{hub.port}", f"http://mallory.{domain}:{hub.port}"
            )
            hub.line(rf"403 POST /hub/authorize/mallet .{seen_as}@")
            assert not hub.may_come_in("mallet")


def test_an_old_database_with_an_evil_name_and_a_former_admin(tmp_path):
    """The old hub's database, on the new hub under a new teacher."""
    with running(OLD, tmp_path / "hub") as hub:
        former = with_teacher(hub)
        Person(hub, SCRIPT).sign_up()
        Person(hub, "mallory").sign_up()
        assert former.session.get(f"{hub.url}/hub/authorize").status_code == 200
        hub.line(r"200 GET /hub/authorize .ada@")
    hub = Hub(NEW, tmp_path / "hub", teacher="emmy")
    hub.start(fails=True)
    assert "tautofocus" in hub.line("has the name .* that break the rule for names")
    hub = Hub(NEW, tmp_path / "hub", teacher="ada")
    hub.start(fails=True)  # a name of the old hub is nobody's proof of being the teacher
    hub.line("break the rule for names|is a name that has signed up")
    with running(NEW, tmp_path / "hub", teacher="emmy", HUB_DROP_NAMES="yes") as hub:
        assert hub.rows("SELECT username FROM users_info ORDER BY username") == [
            ("ada",),
            ("emmy",),
            ("mallory",),
        ]
        former = Person(hub, "ada")
        assert former.log_in().status_code == 302
        assert former.session.get(f"{hub.url}/hub/authorize").status_code == 403
        assert former.press("authorize/mallory", let_in="yes").status_code == 403
        assert former.session.get(f"{hub.url}/hub/admin").status_code == 403
        hub.line(r"403 GET /hub/authorize .ada@")
        assert with_teacher(hub).let_in("mallory").status_code == 302


# ---------------------------------------------------------------- what breaks


def test_wrong_passwords_close_a_name_to_an_address_and_not_to_the_teacher(tmp_path):
    """Guesses from one address, with a forged header as well."""
    with running(NEW, tmp_path / "hub") as hub:
        teacher = with_teacher(hub)
        guesser = Person(hub, "ada", address="127.0.0.2")
        for number in range(5):
            guesser.session.headers["X-Forwarded-For"] = f"192.0.2.{number}"
            assert "Invalid username or password" in guesser.log_in("wrong password").text
        assert "Too many wrong passwords. Wait 60 seconds." in guesser.log_in().text
        assert Person(hub, "ada", address="127.0.0.3").log_in().status_code == 302
        same_room = Person(hub, "ada", address="127.0.0.1")
        for _ in range(5):
            same_room.log_in("wrong password")
        assert "Too many" in same_room.log_in().text
        teacher.session.cookies.pop("jupyterhub-hub-login", None)  # logged out, in the same browser
        assert teacher.log_in().status_code == 302


def test_a_guesser_who_claims_other_addresses(tmp_path):
    """Guesses with every header that claims an address, each time a different one."""
    with running(NEW, tmp_path / "hub") as hub:
        with_teacher(hub)
        guesser = Person(hub, "ada", address="127.0.0.2")

        def guess(number, password="wrong password"):
            claimed = f"192.0.2.{number}"
            for header in ["X-Real-Ip", "X-Forwarded-For", "X-Client-Ip", "Forwarded", "X-Forwarded-Host"]:
                guesser.session.headers[header] = f"for={claimed}" if header == "Forwarded" else claimed
            guesser.session.cookies.clear()
            return guesser.log_in(password)

        for number in range(5):
            assert "Invalid username or password" in guess(number).text
        assert "Too many wrong passwords" in guess(6, PASSWORD).text
        assert Person(hub, "ada", address="127.0.0.3").log_in().status_code == 302
        # nor can 100 claimed addresses use up what the address of the class may do
        strangers = Person(hub, "edith", address="127.0.0.4")
        strangers.session.headers["X-Real-Ip"] = "127.0.0.1"
        assert "You have signed up" in strangers.sign_up()
        hub.line(r"200 POST /hub/signup .@.*127.0.0.4")


ODD_NAMES = {
    "\u212aate": "kate",  # the sign of the unit kelvin, whose lower case is the letter k
    "GRACE": "grace",
    "\u0130da": None,  # a dotted capital I, whose lower case is two characters
    "gr\u0430ce": None,  # a Cyrillic letter
    "grace\u200b": None,  # followed by a space of no width
    "\u202ecarg": None,  # turns the direction
    "\uff47race": None,  # a wide letter
    "gra\u0301ce": None,  # a letter with an accent of its own
    "grace\0": None,
    " grace": None,
    "grace/../ada": None,
    "%67race": None,
    "<img src=x onerror=document.title=1>": None,
    "{{ 7919 * 7907 }}": None,
    "a" * 900_000: None,
}


def test_odd_names_and_long_forms(tmp_path):
    """Names in other alphabets and in capitals, one name twice at once, and forms of many megabytes."""
    with running(NEW, tmp_path / "hub") as hub:
        teacher = with_teacher(hub)
        for name, known_as in ODD_NAMES.items():
            said = Person(hub, name).sign_up()
            assert ("You have signed up" if known_as else "This name cannot be used") in said, name[:40]
            assert "<img src=x" not in said and str(7919 * 7907) not in said
            assert "<img src=x" not in Person(hub, name).log_in().text
        signed_up = {name for (name,) in hub.rows("SELECT username FROM users_info")}
        assert signed_up == {"ada", "kate", "grace"}
        for variant in ["grace", "Grace", "gRACE", "kate", "K\u0041te"]:
            assert "already in use" in Person(hub, variant).sign_up("a different password")
        with ThreadPoolExecutor(8) as pool:
            said = list(pool.map(lambda _: Person(hub, "emmy").sign_up(), range(8)))
        assert len([page for page in said if "You have signed up" in page]) == 1
        assert hub.rows("SELECT count(*) FROM users_info WHERE username = 'emmy'") == [(1,)]

        fields = {"username": "edith", "signup_password": PASSWORD, "signup_password_confirmation": PASSWORD}
        mail = f"{'x' * 900_000}@example.org"
        assert "You have signed up" in Person(hub, "edith").form("signup", **fields, email=mail).text
        assert hub.rows("SELECT email FROM users_info WHERE username = 'edith'") == [(None,)]
        for page, fields in [
            (
                "signup",
                {"username": "x" * 20_000_000, "signup_password": "", "signup_password_confirmation": ""},
            ),
            ("login", {"username": "ada", "password": "x" * 20_000_000}),
        ]:
            try:
                assert Person(hub, "edith").form(page, **fields).status_code in (400, 413, 503)
            except requests.ConnectionError:
                pass  # the hub did not read on
        assert teacher.session.get(f"{hub.url}/hub/authorize").status_code == 200


def test_passwords_that_were_errors(tmp_path):
    """A password that bcrypt cannot take."""
    with running(NEW, tmp_path / "hub") as hub:
        teacher = with_teacher(hub)
        assert "Something went wrong" in Person(hub, "grace").sign_up("x" * 73)
        for password in ["y" * 100, "nul\0nul\0nul", "\u00e9" * 40]:
            answer = Person(hub, "ada", address="127.0.0.2").log_in(password)
            assert answer.status_code == 200 and "Invalid username" in answer.text
            fields = {"new_password": PASSWORD, "new_password_confirmation": PASSWORD}
            assert teacher.form("change-password", old_password=password, **fields).status_code in (200, 400)
        assert teacher.session.get(f"{hub.url}/hub/authorize").status_code == 200


def children(process):
    """Return the command lines of a process's children, by number."""
    found = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            number, parent = int(path.parent.name), int(path.read_text().rpartition(")")[2].split()[1])
            if parent == process.pid:
                found[number] = (path.parent / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue  # it has just ended
    return found


def test_a_hub_that_was_killed_starts_again(tmp_path):
    """Kills of the running hub and of a hub that is about to run."""
    hub = Hub(NEW, tmp_path / "hub")
    hub.start()
    grace = learner(hub, with_teacher(hub), "grace")
    assert grace.start() == "ready"
    (culler,) = [number for number, command in children(hub.process).items() if "idle_culler" in command]
    second = Hub(NEW, tmp_path / "hub")
    second.start(fails=True)
    second.line("is running already")
    hub.kill()
    for seconds in [0.5, 1.5, 2.5]:
        here, there = pty.openpty()
        again = subprocess.Popen(
            hub.command, env=hub.environ, stdin=there, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(seconds)
        again.kill()
        again.wait(20)
        os.close(here)
        os.close(there)
    try:
        hub.start()
        hub.line("is now running")
        assert not Path(f"/proc/{culler}").exists()
        # the learner's server and login are as they were
        assert "started" in grace.session.get(f"{hub.url}/user/grace/api/status").text
    finally:
        hub.stop()


def test_a_server_that_cannot_start_says_so_within_a_minute(tmp_path):
    """A learner's configuration that ends the server."""
    with running(NEW, tmp_path / "hub") as hub:
        grace = learner(hub, with_teacher(hub), "grace")
        settings = hub.data / "learners/grace/.jupyter"
        settings.mkdir(parents=True)
        (settings / "jupyter_server_config.py").write_text("import os\nos._exit(28)\n")
        start = time.monotonic()
        assert "The server of grace did not start: the disk is full" in grace.start()
        assert time.monotonic() - start < 60
        (settings / "jupyter_server_config.py").write_text("import os\nos._exit(3)\n")
        assert "it ended with status 3" in grace.start()
        (settings / "jupyter_server_config.py").unlink()
        assert grace.start() == "ready"


def test_a_learner_arrives_at_the_list_of_newer_lessons(tmp_path):
    """A lesson that the learner changed, and that the course has a newer one of."""
    with running(NEW, tmp_path / "hub") as hub:
        teacher = with_teacher(hub)
        grace = learner(hub, teacher, "grace")
        assert grace.start() == "ready"
        teacher.session.delete(
            f"{hub.url}/hub/api/users/grace/server", headers={"X-XSRFToken": teacher.session.cookies["_xsrf"]}
        )
        hub.line("204 DELETE /hub/api/users/grace/server|202 DELETE /hub/api/users/grace/server")
        for _ in range(60):
            if not hub.rows("SELECT * FROM spawners WHERE server_id IS NOT NULL"):
                break
            time.sleep(0.5)
        course = hub.data / "learners/grace/course"
        lesson = "notebooks/00_start_here.ipynb"
        handed_out = json.loads((course / ".handed-out.json").read_text())
        (course / ".handed-out.json").write_text(json.dumps(handed_out | {lesson: "an older edition"}))
        (course / lesson).write_text("my answers")
        assert grace.start() == "ready"
        arrived = grace.session.get(f"{hub.url}/user/grace/", allow_redirects=False)
        assert arrived.headers["Location"].partition("?")[0].endswith("/lab/tree/course/what_is_new.md")
        assert "Yours is saved beside it" in (course / "what_is_new.md").read_text()


@pytest.fixture
def root():
    """Say that a test needs root."""
    if os.geteuid() != 0:
        pytest.fail("This test makes accounts or mounts: run it as root, or HUB_TESTS=\"-k 'not as_root'\".")


@pytest.fixture
def small_disk(root, tmp_path):
    """Return a folder on a disk of 300 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=300m", "tmpfs", str(folder)], check=True)
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(folder):
    """Fill a disk to its last byte."""
    with open(folder / "filling", "wb", buffering=0) as file:
        for size in [1_000_000, 4096, 1]:
            try:
                while True:
                    file.write(bytes(size))
            except OSError:
                continue


def test_as_root_a_full_disk(small_disk, tmp_path):
    """People sign up, are let in and log in while the disk is full."""
    for config in [OLD, NEW]:
        data = small_disk / config.parent.name / "hub"
        hub = Hub(config, data)
        hub.logs = tmp_path
        try:
            hub.start()
            teacher = with_teacher(hub)
            learner(hub, teacher, "grace")
            fill(small_disk)
            signed_up = Person(hub, "edith").sign_up()
            if config == OLD:
                assert "500" in signed_up
                hub.line("database or disk is full|500 POST")
            else:
                assert "You have signed up. Tell your teacher" in signed_up
                assert teacher.let_in("edith").status_code == 302
                edith = Person(hub, "edith")
                assert edith.log_in().status_code == 302
                refused = edith.session.get(f"{hub.url}/hub/spawn/edith")
                assert "The disk of this machine is almost full" in refused.text
                hub.line("302 POST /hub/login .*edith@")
        finally:
            hub.stop()
        (small_disk / "filling").unlink()


PREFIX = "hubtest-"


@pytest.fixture
def accounts(root):
    """Remove the accounts of this machine that a test and its hub make; return a function that makes one."""
    yield lambda name: subprocess.run(
        ["adduser", "-q", "--gecos", "Somebody", "--disabled-password", f"{PREFIX}{name}"], check=True
    )
    for record in [record for record in pwd.getpwall() if record.pw_name.startswith(PREFIX)]:
        for path in Path("/proc").glob("[0-9]*"):
            try:
                if path.stat().st_uid == record.pw_uid:
                    os.kill(int(path.name), signal.SIGKILL)
            except OSError:
                continue
        time.sleep(0.5)
        subprocess.run(["userdel", "--remove", record.pw_name], capture_output=True)


def test_as_root_a_sign_up_over_an_existing_account(tmp_path, accounts):
    """A stranger signs up under the teacher's name, which is somebody's account."""
    accounts("victim")
    home = Path(f"/home/{PREFIX}victim")
    home.chmod(0o700)
    (home / "secret.txt").write_text("my diary")
    shutil.chown(home / "secret.txt", f"{PREFIX}victim")
    with running(OLD, tmp_path / "old", teacher=f"{PREFIX}victim", mode="class") as hub:
        stranger = Person(hub, f"{PREFIX}victim")
        stranger.sign_up("a stranger's password")
        assert stranger.log_in("a stranger's password").status_code == 302
        assert stranger.start() == "ready"
        found = stranger.session.get(f"{hub.url}/user/{PREFIX}victim/files/secret.txt")
        assert found.text == "my diary"
        hub.line(rf"User {PREFIX}victim took .* to start")
    hub = Hub(NEW, tmp_path / "new", teacher=f"{PREFIX}victim", mode="class")
    hub.start(fails=True)
    hub.line("is an existing account or group of this machine")
    with running(NEW, tmp_path / "newer", teacher=f"{PREFIX}ada", mode="class") as hub:
        assert "Something went wrong" in Person(hub, f"{PREFIX}victim").sign_up()
        # a group of the machine, beside which no account of its name can be made
        group = next(one.gr_name for one in grp.getgrall() if one.gr_name in ["shadow", "audio", "utmp"])
        assert "Something went wrong" in Person(hub, group).sign_up()
        assert hub.rows("SELECT username FROM users_info") == [(f"{PREFIX}ada",)]
        # a name that was free at the sign-up, and then became somebody's account
        teacher, late = with_teacher(hub), Person(hub, f"{PREFIX}late")
        assert "You have signed up" in late.sign_up()
        teacher.let_in(f"{PREFIX}late")
        accounts("late")
        late.log_in()
        refused = late.session.get(f"{hub.url}/hub/spawn/{PREFIX}late")
        assert refused.status_code == 403 and "that the hub did not make" in refused.text
        hub.line(rf"403 GET /hub/spawn/{PREFIX}late")


PROBE = """
import ctypes, json, os, subprocess
found, children = {}, []
try:
    while len(children) < 500:
        children.append(subprocess.Popen(["sleep", "60"]))
except OSError as error:
    found["processes"] = error.strerror
for child in children:
    child.kill()
    child.wait()
try:
    with open("/dev/shm/big", "wb") as file:
        for _ in range(300):
            file.write(bytes(1_000_000))
except OSError as error:
    found["shm"] = error.strerror
os.remove("/dev/shm/big")
try:
    with open("big", "wb") as file:
        file.truncate(2_000_000_000)
except OSError as error:
    found["file"] = error.strerror
found["others"] = [name for name in os.listdir("/dev/shm") if "hubtest" in name]
found["System V"] = ctypes.CDLL(None).shmget(0, 4096, 0o1600)
with open("found.json", "w") as file:
    json.dump(found, file)
"""


def test_as_root_what_an_account_can_use_is_bounded(tmp_path, accounts):
    """A learner's own code, in the server, tries to take more."""
    mark = Path(f"/dev/shm/{PREFIX}mark")
    mark.touch()
    settings = {"mode": "class", "teacher": f"{PREFIX}ada", "HUB_PROCESSES": "300"}
    try:
        with running(NEW, tmp_path / "hub", **settings) as hub:
            grace = learner(hub, with_teacher(hub), f"{PREFIX}grace")
            home = Path(f"/home/{PREFIX}grace")
            (home / ".jupyter").mkdir()
            (home / ".jupyter/jupyter_server_config.py").write_text(PROBE)
            shutil.chown(home / ".jupyter", f"{PREFIX}grace")
            assert grace.start() == "ready"
            found = json.loads((home / "found.json").read_text())
            bounded = "This machine does not let the hub bound shared memory" not in hub.said()
            print("/dev/shm is bounded:", bounded)
            assert found["processes"] == "Resource temporarily unavailable"
            assert found["file"] == "File too large"
            assert (found.get("shm"), found["others"]) == (
                ("No space left on device", []) if bounded else (None, [mark.name])
            )
            assert found["System V"] == -1 or not os.access("/proc/sys/kernel/shmmni", os.W_OK)
    finally:
        mark.unlink()


def test_as_root_the_tally_reads_as_the_owner(tmp_path, accounts):
    """A file in a learner's home that only root can read is not counted."""
    accounts("grace")
    notebooks = Path(f"/home/{PREFIX}grace/course/notebooks")
    notebooks.mkdir(parents=True)
    for name, number, mode in [("02_mine.ipynb", "02.1", 0o644), ("02_root.ipynb", "02.2", 0o600)]:
        reply = {"cells": [{"outputs": [{"data": {"text/plain": f"{number}: Right. Because."}}]}]}
        (notebooks / name).write_text(json.dumps(reply))
        (notebooks / name).chmod(mode)
    command = [sys.executable, str(COURSE / "classroom/tally.py"), "/home", "--lesson", "02", "--names"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert re.search(rf"^02\.1 .*\n +1  Right\n +{PREFIX}grace$", said, re.MULTILINE) and "02.2" not in said
    assert int(said.partition(" people, ")[2].split()[0]) >= 1
