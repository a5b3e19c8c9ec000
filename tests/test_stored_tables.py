"""Each stored table was made by the models that stand in its lesson today."""

import json
import re

import notebook_checks as check
import pandas as pd
import pytest

from making.lesson_cells import run_tagged
from making.posteriors import TABLES, fingerprints


def header(name):
    """Return the lines of provenance of a stored table."""
    lines = (check.ROOT / "data" / f"{name}.csv").read_text(encoding="utf-8").splitlines()
    return [line.removeprefix("# ") for line in lines if line.startswith("#")]


@pytest.mark.parametrize("name", TABLES)
def test_the_models_are_those_that_were_fitted(name):
    """A prior, a link or a design changed after the fit changes a log-density."""
    stored = re.search(r"log-densities near the start: (\[.*\])", "\n".join(header(name)))
    assert stored, f"{name}.csv has no fingerprints; run making/posteriors.py {name}"
    today = fingerprints(name, run_tagged(TABLES[name][0], name, {"run_live": False}))
    assert today == pytest.approx(json.loads(stored[1]), abs=1e-3)


@pytest.mark.parametrize("name", TABLES)
def test_the_note_is_the_one_that_describes_it(name):
    assert header(name)[0] == TABLES[name][2]
    assert not pd.read_csv(check.ROOT / "data" / f"{name}.csv", comment="#").isna().all(axis=None)
