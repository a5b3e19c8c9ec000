"""Read the table of one large model, in a process of its own (studies/bench.py).

    python -m studies.read_once 100000

A logistic model with 500 entries in levels, deviations and slopes; its rows are invented. Printed:
seconds, the memory that reading needs over the model, and how many names were told.
"""

import json
import resource
import sys
import time

import numpy as np
import pymc as pm

from helpers import read_table


def build(rows):
    """Return a model of so many rows, with 400 levels, 94 deviations and 6 slopes."""
    random = np.random.default_rng(13)
    site, year = random.integers(0, 400, rows), random.integers(0, 94, rows)
    with pm.Model() as model:
        x = pm.Data("x", random.normal(size=(rows, 6)))
        mean, sd = pm.Normal("mean"), pm.Exponential("sd", 1)
        level = pm.Normal("level", mean, sd, shape=400)
        unit = pm.Normal("unit", shape=94)
        deviation = pm.Deterministic("deviation", pm.Exponential("sd_year", 1) * unit)
        slope = pm.Normal("slope", shape=6)
        p = pm.Deterministic("p", pm.math.invlogit(level[site] + deviation[year] + x @ slope))
        pm.Bernoulli("yes", p, observed=random.integers(0, 2, rows))
    return model


def peak():
    """Return the largest memory of this process so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


if __name__ == "__main__":
    read_table(build(500))  # imports and PyTensor's own start are not the table's
    model = build(int(sys.argv[1]))
    before, start, used = peak(), time.perf_counter(), time.process_time()
    table = read_table(model)
    seconds, used = time.perf_counter() - start, time.process_time() - used
    told = int((table["role"] != "cannot tell").sum())
    print(
        json.dumps(
            {"wall s": seconds, "processor s": used, "MB over the model": peak() - before, "names told": told}
        )
    )
