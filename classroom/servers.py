"""Students' servers: a start that fails says why at once, and shared memory is bounded where it can be."""

import asyncio
import ctypes
import errno
import os
import subprocess
from contextlib import suppress
from pathlib import Path

from jupyterhub.spawner import LocalProcessSpawner, SimpleLocalProcessSpawner
from jupyterhub.utils import random_port
from traitlets import Bool, Integer

# start_server.py ends with one of these numbers when that was the reason
REASONS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "this account has used all the disk space that it may use",
    errno.EACCES: "the home folder cannot be opened",
    errno.EROFS: "the disk cannot be written to",
}
MS_SLAVE, MS_REC, MS_NOSUID, MS_NODEV = 1 << 19, 1 << 14, 2, 4


class StartFailed(Exception):
    """A server ended before it answered; JupyterHub shows the message to the student."""

    def __init__(self, name, status):
        why = REASONS.get(status, f"it ended with status {status}")
        self.jupyterhub_message = f"The server of {name} did not start: {why}. Tell your teacher; the hub's terminal has the details."
        super().__init__(self.jupyterhub_message)


PORTS = {}  # port: the student whose server got it; a server takes seconds to listen, and looks free until then


class Watched:
    """A server that is watched until it listens, so that one that dies is not waited for."""

    async def start(self):
        """Start the server on a port of its own; raise an error that says why if it dies first."""
        name = self.user.name
        for port in [port for port, owner in PORTS.items() if owner == name]:
            del PORTS[port]
        while not self.port or PORTS.setdefault(self.port, name) != name:
            self.port = random_port()
        place = await super().start()
        while not listens(self.pid, place[1]):
            status = await self.poll()
            if status is not None:
                raise StartFailed(self.user.name, status)
            await asyncio.sleep(0.25)
        return place


class TrialServer(Watched, SimpleLocalProcessSpawner):
    """A server of a trial, under the account that started the hub."""


class ClassServer(Watched, LocalProcessSpawner):
    """A server under the student's own account."""

    own_shm = Bool(False, config=True, help="whether each server has a /dev/shm of its own")
    shm = Integer(256, config=True, help="MB that fit into it")

    def make_preexec_fn(self, name):
        """Return what the new process does while it still is root."""
        become = super().make_preexec_fn(name)
        libc = ctypes.CDLL(None, use_errno=True)
        size = f"size={self.shm}m,nr_inodes=4096,mode=1777".encode()

        def prepare():
            if self.own_shm:
                private_shm(libc, size)
            become()

        return prepare


def private_shm(libc, size):
    """Give this process a /dev/shm of its own and no System V shared memory."""
    os.unshare(os.CLONE_NEWNS | os.CLONE_NEWIPC)
    for source, target, kind, flags, options in [
        (None, b"/", None, MS_REC | MS_SLAVE, None),
        (b"tmpfs", b"/dev/shm", b"tmpfs", MS_NOSUID | MS_NODEV, size),
    ]:
        if libc.mount(source, target, kind, flags, options):
            raise OSError(ctypes.get_errno(), "mount")
    with suppress(OSError):  # some containers cannot write here; then System V memory is not bounded
        Path("/proc/sys/kernel/shmmni").write_text("0")


def can_have_own_shm():
    """Tell whether this machine lets the hub mount a /dev/shm for each server."""
    trial = "mount -t tmpfs -o size=1m tmpfs /dev/shm"
    try:
        command = ["unshare", "--mount", "--ipc", "sh", "-c", trial]
        return subprocess.run(command, capture_output=True, timeout=20).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def listens(number, port):
    """Tell whether a process listens on a port of this machine: this process and not somebody else's."""
    sockets = set()
    for table in ["/proc/net/tcp", "/proc/net/tcp6"]:
        with suppress(OSError):
            for line in Path(table).read_text().splitlines()[1:]:
                fields = line.split()
                if fields[3] == "0A" and int(fields[1].rpartition(":")[2], 16) == port:
                    sockets.add(f"socket:[{fields[9]}]")
    with suppress(OSError):  # the process has ended
        for file in Path(f"/proc/{number}/fd").iterdir() if sockets else ():
            with suppress(OSError):  # the file was closed
                if os.readlink(file) in sockets:
                    return True
    return False
