"""Measure the site's pages on a slow line: bytes before the first paint, and the time until then.

    .venv/bin/python classroom/site/weigh.py [FOLDER]

A static host sends 1.6 Mbit/s in all, without latency and without compression. Each page is opened
five times, each time with a fresh profile, in Chromium only. FOLDER is a built site, by default
_build/html.
"""

import sys
import time
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median
from threading import Lock, Thread

from playwright.sync_api import sync_playwright

from build import CHROMIUM_FLAGS, HTML, chromium

BYTES_A_SECOND = 1_600_000 / 8
CHUNK = 4096


class Quiet(SimpleHTTPRequestHandler):
    """A static host without a log."""

    def log_message(self, *args):
        """Log nothing."""


class Slow(Quiet):
    """A static host on a slow line, which all responses share; it records how much it sent, and when."""

    line, sent = Lock(), []

    def copyfile(self, source, outputfile):
        """Send a file in pieces."""
        while piece := source.read(CHUNK):
            with self.line:
                time.sleep(len(piece) / BYTES_A_SECOND)
                try:
                    outputfile.write(piece)
                except OSError:  # the page was closed
                    return
                self.sent.append((time.time(), len(piece)))


def serve(folder, host=Quiet):
    """Start a static host of a folder on a free port; return it."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(host, directory=folder))
    Thread(target=server.serve_forever, daemon=True).start()
    return server


def first_paint(browser, address):
    """Return the seconds to the first contentful paint of a page, and the bytes sent before it."""
    Slow.sent.clear()
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    page = context.new_page()
    page.goto(address, wait_until="commit", timeout=60_000)
    paint = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
    page.wait_for_function(paint, timeout=60_000)
    start, seconds = page.evaluate(f"[performance.timeOrigin / 1000, {paint} / 1000]")
    context.close()
    return seconds, sum(size for at, size in Slow.sent if at <= start + seconds)


def weigh(browser, folder, names, times=5):
    """Yield for each page its name, the median seconds and the most bytes before its first paint."""
    server = serve(folder, Slow)
    for name in names:
        runs = [first_paint(browser, f"http://127.0.0.1:{server.server_port}/{name}") for _ in range(times)]
        yield name, median(seconds for seconds, _ in runs), max(size for _, size in runs)
    server.shutdown()


def main(folder):
    """Print a line for each lesson, and for the first page."""
    names = ["index.html", *(f"notebooks/{path.name}" for path in sorted(folder.glob("notebooks/0*.html")))]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
        for name, seconds, size in weigh(browser, folder, names):
            print(f"{name:50} first paint after {seconds:.2f} s and {size / 1000:.0f} kB", flush=True)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HTML)
