"""Open a lesson as a learner does: a fresh kernel, cell after cell, with a clock and a scale."""

import os
import subprocess
import time
from pathlib import Path

import nbformat
from jupyter_client.manager import start_new_kernel

from making.lesson_cells import ROOT

LESSONS = sorted(ROOT.glob("notebooks/0*.ipynb"))


def open_lesson(path, env=None, seconds=300):
    """Run a notebook's code cells in a fresh kernel.

    Parameters
    ----------
    path : pathlib.Path
        The notebook.
    env : dict, optional
        The kernel's environment; this process's own by default.
    seconds : float, optional
        The most that a cell may take.

    Returns
    -------
    dict
        ``first figure s`` and ``end s``, from the start of the kernel (the first is None where
        the notebook has no figure), and ``peak MB``, the kernel's largest resident memory (None
        if the system does not report it as Linux does).

    Raises
    ------
    RuntimeError
        A cell of the notebook failed.
    TimeoutError
        A cell took longer than it may.
    """
    first, start = None, time.perf_counter()
    manager, client = start_new_kernel(
        kernel_name="python3", env=env or dict(os.environ), cwd=str(path.parent), stderr=subprocess.DEVNULL
    )
    figures = []

    def look(message):
        content = message["content"]
        if message["msg_type"] == "error":
            raise RuntimeError(f"{path.name}: {content['ename']}: {content['evalue']}")
        figures.append("<img alt=" in content.get("data", {}).get("text/html", ""))

    try:
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "code":
                client.execute_interactive(cell.source, output_hook=look, timeout=seconds)
                if first is None and any(figures):
                    first = time.perf_counter() - start
        end = time.perf_counter() - start
        return {"first figure s": first, "end s": end, "peak MB": peak(manager.provisioner.pid)}
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def peak(pid):
    """Return a process's largest resident memory in MB, or None if the system does not report it."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return None
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024
