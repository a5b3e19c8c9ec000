"""Room for the hub itself on a disk that students can fill, and what a hub that was killed left behind."""

import fcntl
import os
import signal
import sqlite3
import time
from contextlib import closing, suppress
from pathlib import Path

ROOM = 2000  # pages of 4 kB that the database has in reserve, and its journal
ENOUGH = 200e6  # bytes that have to be free before a server starts


def keep_journal(connection, _=None):
    """Let a connection reuse its journal: on a full disk a new one could not be written."""
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA journal_mode = PERSIST")


def make_room(database, pages=ROOM):
    """Make the database and its journal larger than they need to be, while the disk has room.

    SQLite writes into its free pages before it asks the disk for more, so people can still log in
    after students have filled the disk (not on file systems that copy on write, such as btrfs).
    """
    journal = Path(f"{database}-journal")
    with closing(sqlite3.connect(database)) as hub:
        keep_journal(hub)
        (free,) = hub.execute("PRAGMA freelist_count").fetchone()
        if free >= pages // 2 and journal.exists() and journal.stat().st_size > pages // 2 * 4096:
            return
        with hub:
            hub.execute("CREATE TABLE IF NOT EXISTS room (filling BLOB)")
            hub.executemany("INSERT INTO room VALUES (zeroblob(3900))", [()] * pages)
        with hub:  # each changed page goes to the journal first
            hub.execute("UPDATE room SET filling = zeroblob(3899)")
        with hub:
            hub.execute("DROP TABLE room")


def alone(lock, shared=False):
    """Return the number of a file that stays locked as long as this process lives, or None if it is taken.

    The machine itself gives the lock back when a hub is killed, so it never has to be cleared away. No
    other account can open the file, because it could then hold the lock.
    """
    try:
        file = os.open(lock, os.O_RDONLY | os.O_CREAT, 0o600)
        os.fchmod(file, 0o600)
        fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except OSError:
        return None
    return file


def stop_left_over(pid_file, name="configurable-http-proxy"):
    """Stop the proxy of a hub that was killed; its number is in a file, and its command must agree."""
    with suppress(OSError, ValueError):
        number = int(pid_file.read_text())
        command = Path(f"/proc/{number}/cmdline")
        for sign in [signal.SIGTERM] * 50 + [signal.SIGKILL]:
            if name.encode() not in command.read_bytes():
                return
            os.kill(number, sign)
            time.sleep(0.1)
