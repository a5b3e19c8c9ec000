"""Simulate students who work on a hub (`make load`), and measure what they need.

    make load                                 the two rounds of classroom/README.md, 30 minutes at most
    make load LOAD_FLAGS="--students 5 --lessons 02"

The script starts a hub of its own, which only this machine can reach, with its data in a temporary
folder. All students start at once and never stop to think. No class does that, so the figures are
the worst case. Each lesson runs in its own kernel, with every cell, including the live fits. In the
middle of a round one student's kernel and another student's server are killed. Both must come back
with the student's files, and the other students must not notice. Any other failure ends the run
with an error.
"""

import argparse
import asyncio
import json
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path
from statistics import median

import aiohttp
import nbformat
import psutil

COURSE = Path(__file__).resolve().parent.parent
ROUNDS = [(10, ["01", "02", "03", "04", "05", "07", "08"]), (30, ["01"])]
MINUTES = 30
MARK = "this file is mine"


class Hub:
    """The hub's API and its students' servers, as a service with a token sees them."""

    def __init__(self, session, url, token):
        self.session, self.url = session, url
        self.headers = {"Authorization": f"token {token}"}

    async def ask(self, method, path, wanted=(200, 201, 202, 204), **given):
        """Send a request; return the answer's JSON, or None where there is none."""
        async with self.session.request(method, self.url + path, headers=self.headers, **given) as answer:
            text = await answer.text()
            if answer.status not in wanted:
                raise RuntimeError(f"{method} {path}: {answer.status} {text[:300]}")
            return json.loads(text) if text.strip() else None

    async def start(self, name):
        """Start a student's server; return the seconds until it is ready."""
        start = time.perf_counter()
        await self.ask("POST", f"/hub/api/users/{name}/server")
        while True:
            user = await self.ask("GET", f"/hub/api/users/{name}")
            server = user["servers"].get("", {})
            if server.get("ready"):
                return time.perf_counter() - start
            if not server and time.perf_counter() - start > 5:
                raise RuntimeError(f"the server of {name} did not start")
            await asyncio.sleep(0.25)

    async def stop(self, name):
        """Stop a student's server, and wait until it is gone."""
        await self.ask("DELETE", f"/hub/api/users/{name}/server")
        while (await self.ask("GET", f"/hub/api/users/{name}"))["servers"]:
            await asyncio.sleep(0.25)

    async def run(self, name, lesson, on_kernel=None):
        """Run a student's lesson in a new kernel; return the seconds. Raise an error if a cell fails."""
        start = time.perf_counter()
        content = await self.ask(
            "GET", f"/user/{name}/api/contents/course/notebooks/{lesson}?type=notebook&content=1"
        )
        cells = [cell for cell in nbformat.from_dict(content["content"]).cells if cell.cell_type == "code"]
        body = {"name": "python3", "path": f"course/notebooks/{lesson}"}
        kernel = (await self.ask("POST", f"/user/{name}/api/kernels", json=body))["id"]
        channels = f"{self.url}/user/{name}/api/kernels/{kernel}/channels"
        async with self.session.ws_connect(channels, headers=self.headers, max_msg_size=0) as socket:
            for number, cell in enumerate(cells):
                if on_kernel and number == len(cells) // 2:
                    on_kernel()
                await self.execute(socket, cell.source, f"{name}, {lesson}, cell {number + 1}")
        await self.ask("DELETE", f"/user/{name}/api/kernels/{kernel}")
        return time.perf_counter() - start

    async def answers(self, name):
        """Start a kernel of a student and have it add one and one."""
        kernel = (await self.ask("POST", f"/user/{name}/api/kernels", json={"name": "python3"}))["id"]
        channels = f"{self.url}/user/{name}/api/kernels/{kernel}/channels"
        async with self.session.ws_connect(channels, headers=self.headers) as socket:
            await self.execute(socket, "assert 1 + 1 == 2", f"{name}, a first cell")
        await self.ask("DELETE", f"/user/{name}/api/kernels/{kernel}")

    async def execute(self, socket, code, where):
        """Run one cell through a kernel's channels, and wait until the kernel is idle again."""
        wanted = uuid.uuid4().hex
        header = {
            "msg_id": wanted,
            "msg_type": "execute_request",
            "version": "5.3",
            "username": "",
            "session": wanted,
        }
        content = {
            "code": code,
            "silent": False,
            "store_history": True,
            "user_expressions": {},
            "allow_stdin": False,
            "stop_on_error": True,
        }
        await socket.send_json(
            {"channel": "shell", "header": header, "parent_header": {}, "metadata": {}, "content": content}
        )
        left = {"reply", "idle"}  # they come through two channels, in either order
        async for message in socket:
            if message.type != aiohttp.WSMsgType.TEXT:
                break
            answer = json.loads(message.data)
            if answer["msg_type"] == "status" and answer["content"]["execution_state"] in (
                "restarting",
                "dead",
            ):
                raise ConnectionError(f"{where}: the kernel died")
            if answer["parent_header"].get("msg_id") != wanted:
                continue
            content = answer["content"]
            if answer["msg_type"] == "execute_reply":
                if content["status"] != "ok":
                    raise RuntimeError(f"{where}: {content.get('ename')}: {content.get('evalue')}")
                left.discard("reply")
            if answer["msg_type"] == "status" and content["execution_state"] == "idle":
                left.discard("idle")
            if not left:
                return
        raise ConnectionError(f"{where}: the connection ended")


class Scale:
    """The machine's memory and processors while students work."""

    def __init__(self, hub_pid):
        self.hub = psutil.Process(hub_pid)
        self.before = psutil.virtual_memory().available
        self.most, self.processor, self.seen = 0, 0.0, {}

    async def watch(self):
        """Look every second, until cancelled."""
        while True:
            self.most = max(self.most, self.before - psutil.virtual_memory().available)
            for process in self.hub.children(recursive=True):
                try:
                    used = process.cpu_times()
                    self.seen[process.pid, process.create_time()] = used.user + used.system
                except psutil.Error:
                    continue  # it has just ended
            await asyncio.sleep(1)


def kernels_of(home):
    """Return a student's kernel processes."""
    found = []
    for process in psutil.process_iter(["cmdline", "environ"]):
        command = " ".join(process.info["cmdline"] or [])
        if "ipykernel_launcher" in command and (process.info["environ"] or {}).get("HOME") == str(home):
            found.append(process)
    return found


def server_of(home):
    """Return a student's server process."""
    for process in psutil.process_iter(["cmdline", "environ"]):
        command = " ".join(process.info["cmdline"] or [])
        if "jupyterhub-singleuser" in command and (process.info["environ"] or {}).get("HOME") == str(home):
            return process
    raise RuntimeError(f"no server with the home folder {home}")


async def arrive(hub, name):
    """Start a student's server and save a file there; return the seconds until the server was ready."""
    await hub.ask("POST", f"/hub/api/users/{name}", wanted=(201, 409))
    seconds = await hub.start(name)
    mine = {"type": "file", "format": "text", "content": MARK}
    await hub.ask("PUT", f"/user/{name}/api/contents/course/mine.txt", json=mine)
    return seconds


async def student(hub, name, lessons, times):
    """Play one student, from the first page to the last cell."""
    times["ready"].append(await arrive(hub, name))
    for lesson in lessons:
        times[lesson].append(await hub.run(name, lesson))


async def unlucky(hub, name, lessons, times, home, what):
    """Play a student whose kernel or server is killed in the middle of a lesson, and who goes on."""
    times["ready"].append(await arrive(hub, name))

    def kill():
        for process in kernels_of(home) if what == "kernel" else [server_of(home)]:
            process.send_signal(signal.SIGKILL)

    try:
        await hub.run(name, lessons[0], on_kernel=kill)
    except (ConnectionError, aiohttp.ClientError):
        pass  # as intended
    else:
        raise RuntimeError(f"{name}: the {what} was killed, and nothing happened")
    start = time.perf_counter()
    if what == "server":
        while (await hub.ask("GET", f"/hub/api/users/{name}"))["servers"]:
            await asyncio.sleep(0.5)  # the hub looks every few seconds whether servers are alive
        await hub.start(name)
    file = await hub.ask("GET", f"/user/{name}/api/contents/course/mine.txt")
    if file["content"].strip() != MARK:
        raise RuntimeError(f"{name}: the file is {file['content']!r} after the {what} was killed")
    await hub.answers(name)
    times[f"{what} back"].append(time.perf_counter() - start)
    for lesson in lessons:
        times[lesson].append(await hub.run(name, lesson))


async def play(url, token, homes, hub_pid, number, lessons):
    """Play one round; return the figures of its column."""
    names = [f"student-{k + 1:02d}" for k in range(number)]
    times = {key: [] for key in ["ready", *lessons, "kernel back", "server back"]}
    scale = Scale(hub_pid)
    watch = asyncio.create_task(scale.watch())
    start = time.perf_counter()
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=None, sock_connect=60)) as session:
        hub = Hub(session, url, token)
        fates = {names[number // 3]: "kernel", names[2 * number // 3]: "server"} if number > 2 else {}
        async with asyncio.TaskGroup() as group:
            for name in names:
                if name in fates:
                    group.create_task(unlucky(hub, name, lessons, times, homes / name, fates[name]))
                else:
                    group.create_task(student(hub, name, lessons, times))
        wall = time.perf_counter() - start
        await asyncio.sleep(1.5)
        watch.cancel()
        await asyncio.gather(*map(hub.stop, names))
    row = {
        "students": number,
        "failures": 0,
        "time until the server is ready: median, s": median(times["ready"]),
        "time until the server is ready: slowest, s": max(times["ready"]),
    }
    for lesson in lessons:
        row[f"lesson {lesson[:2]}: median, s"] = median(times[lesson])
        row[f"lesson {lesson[:2]}: slowest, s"] = max(times[lesson])
    for what in ["kernel back", "server back"]:
        if times[what]:
            row[f"time until a killed {what.removesuffix(' back')} is back, s"] = max(times[what])
    row |= {
        "memory per student, MB": scale.most / 1e6 / number,
        "processor time per student, s": sum(scale.seen.values()) / number,
    }
    return row | {"the whole round, s": wall}


def start_hub(folder, port):
    """Start a trial hub on loopback with its data in a folder; return the process, its address, a token."""
    token = secrets.token_hex(16)
    env = {
        **os.environ, "HUB_MODE": "trial", "HUB_AUTH": "signup", "HUB_TEACHER": "teacher", "HUB_DATA": str(folder),
        "HUB_BIND": f"http://127.0.0.1:{port}", "HUB_LOAD_TOKEN": token,
    }  # fmt: skip
    command = [sys.executable, "-m", "jupyterhub", "--config", str(COURSE / "classroom/jupyterhub_config.py")]
    with open(folder / "hub.log", "w") as log:
        process = subprocess.Popen(command, env=env, cwd=COURSE, stdout=log, stderr=log)
    return process, f"http://127.0.0.1:{port}", token


async def wait_for(hub_process, url, log):
    """Wait until the hub answers."""
    async with aiohttp.ClientSession() as session:
        for _ in range(240):
            if hub_process.poll() is not None:
                sys.exit(f"The hub did not start:\n{log.read_text()[-2000:]}")
            try:
                async with session.get(f"{url}/hub/api/") as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.25)
    sys.exit(f"The hub did not answer within a minute:\n{log.read_text()[-2000:]}")


def lesson_files(numbers):
    """Return the file names of lessons, or end with the numbers that there are."""
    files = {path.name[:2]: path.name for path in sorted(COURSE.glob("notebooks/0*.ipynb"))}
    unknown = [number for number in numbers if number not in files]
    if unknown:
        sys.exit(f"There is no lesson {', '.join(unknown)}. Expected some of: {', '.join(files)}.")
    return [files[number] for number in numbers]


async def rounds(wanted, port):
    """Start a hub, play the rounds, print a table after each, stop the hub."""
    with tempfile.TemporaryDirectory(prefix="hub-load-") as scratch:
        folder = Path(scratch)
        process, url, token = start_hub(folder, port)
        try:
            await wait_for(process, url, folder / "hub.log")
            print(f"{psutil.cpu_count()} cores, {psutil.virtual_memory().total / 1e9:.0f} GB", flush=True)
            for number, lessons in wanted:
                row = await play(url, token, folder / "learners", process.pid, number, lesson_files(lessons))
                print("".join(f"\n| {key} | {value:.4g} |" for key, value in row.items()), flush=True)
        except* Exception:
            print(f"The end of the hub's log:\n{(folder / 'hub.log').read_text()[-3000:]}", file=sys.stderr)
            raise
        finally:
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()


def main():
    """Read the command line; play within the time limit."""
    parser = argparse.ArgumentParser(description="Simulate students on a hub of their own, and measure it.")
    parser.add_argument("--students", type=int, help="one round with this number, instead of the two")
    parser.add_argument(
        "--lessons", nargs="+", default=["01"], help="the lessons of that round, such as 01 02"
    )
    parser.add_argument("--port", type=int, default=8010)
    given = parser.parse_args()
    if given.students is not None and not 1 <= given.students <= 50:
        sys.exit(f"--students is {given.students}. Expected: 1 to 50.")
    wanted = [(given.students, given.lessons)] if given.students else ROUNDS
    try:
        asyncio.run(asyncio.wait_for(rounds(wanted, given.port), 60 * MINUTES))
    except TimeoutError:
        sys.exit(f"Stopped after {MINUTES} minutes.")
    except ExceptionGroup as failures:
        sys.exit("Failed: " + "; ".join(str(failure) for failure in failures.exceptions))


if __name__ == "__main__":
    main()
