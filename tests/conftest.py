"""Make the checks importable, and keep figures off the screen."""

import sys
from collections import Counter
from pathlib import Path

import matplotlib

collect_ignore = ["old_hub"]  # the hub's former configuration, which classroom/test_hub.py attacks

matplotlib.use("agg")
sys.path.insert(0, str(Path(__file__).parent))


def pytest_terminal_summary(terminalreporter):
    """Say what was run: how many cells of each notebook, how many tests of each file."""
    reports = [
        r for kind in ["passed", "failed"] for r in terminalreporter.stats.get(kind, []) if r.when == "call"
    ]
    counts = Counter(report.nodeid.split("::")[0] for report in reports)
    terminalreporter.section("what was run")
    for name, count in sorted(counts.items()):
        terminalreporter.line(f"{count:4d} {'cells' if name.endswith('.ipynb') else 'tests'}  {name}")
