"""One size of the growth study (part of `make bench`), in a process of its own; prints JSON.

    python -m studies.growth cells 700

The lesson's model on copies of the experiment: 7, 70, 700 or 7,000 actors of 72 pulls each, with
the same six blocks and four treatments.
"""

import json
import resource
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.special import expit

from making.lesson_cells import lesson_fit

DRAWS = 50  # p is rebuilt and stored for so many draws; time and size grow in proportion


def copies(actors):
    """Return a function that repeats the experiment with new actors until there are so many."""

    def repeat(d):
        many = pd.concat([d] * (actors // 7), ignore_index=True)
        offset = 7 * np.repeat(np.arange(actors // 7), len(d))
        return many.assign(actor=many["actor"] + offset, actor_idx=many["actor_idx"] + offset)

    return repeat


def measure(how, actors):
    """Compile the lesson's model for a number of actors; return what it takes."""
    import nutpie

    model, _ = lesson_fit(
        how,
        {
            "d = load_chimpanzees()": "d = copies(load_chimpanzees())",
            "range(1, 8)": f"range(1, {actors + 1})",
        },
        {"copies": copies(actors)},
    )
    start = time.perf_counter()
    compiled = nutpie.compile_pymc_model(model)
    compile_seconds = time.perf_counter() - start

    gradient = compiled.logp_func.vm.jit_fn
    shared = [variable.get_value() for variable in compiled.logp_func.get_shared()]
    x = np.random.default_rng(8927).normal(size=compiled.n_dim)
    gradient(x, *shared)
    times = max(3, 200_000 // actors)
    seconds = []
    for _ in range(5):
        start = time.perf_counter()
        for _ in range(times):
            gradient(x, *shared)
        seconds.append((time.perf_counter() - start) / times)
    return {
        "compile s": compile_seconds,
        "microseconds per gradient": 1e6 * float(np.median(seconds)),
        "peak MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,  # before p is rebuilt
        **rebuild(how, actors),
    }


def rebuild(how, actors):
    """Rebuild p from draws of the coefficients; return its time and its size, for 4,000 draws."""
    import xarray as xr

    from helpers import load_chimpanzees, load_posterior

    d = copies(actors)(load_chimpanzees())
    by = ["actor_idx", "block_idx", "treatment_idx"]
    if how == "cells":
        d = d[by].drop_duplicates()
    posterior = load_posterior("m_13_4")["posterior"].to_dataset().isel(chain=0, draw=slice(DRAWS))
    rng = np.random.default_rng(8927)
    a = np.tile(posterior["a"].to_numpy(), actors // 7) + rng.normal(scale=0.2, size=(DRAWS, actors))
    start = time.perf_counter()
    actor, block, treatment = (d[name].to_numpy() for name in by)
    p = expit(a[:, actor] + posterior["g"].to_numpy()[:, block] + posterior["b"].to_numpy()[:, treatment])
    seconds = time.perf_counter() - start
    sizes = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, variables in {"a": {"a": a}, "p": {"p": p.astype("float32")}}.items():
            path = Path(folder) / f"{name}.nc"
            dataset = xr.Dataset({key: (("draw", "k"), value) for key, value in variables.items()})
            dataset.to_netcdf(path, engine="h5netcdf", encoding={name: {"zlib": True}})
            sizes[name] = path.stat().st_size
    per_fit = 4000 / DRAWS / 1e6
    return {
        "rebuild p s": 4000 / DRAWS * seconds,
        "p in memory MB": per_fit * p.nbytes,
        "a on disk MB": per_fit * sizes["a"],
        "p on disk MB": per_fit * sizes["p"],
    }


def draw(table, path):
    """Draw time per gradient and memory of p against the number of actors, both scales logarithmic."""
    import matplotlib

    matplotlib.use("agg")
    import matplotlib.pyplot as plt

    fig, axes = plt.subplots(1, 3, figsize=(11, 3.6), layout="constrained")
    columns = ["microseconds per gradient", "compile s", "p in memory MB"]
    for ax, column in zip(axes, columns, strict=True):
        for (how, marker), colour in zip(
            {"rows": "o", "cells": "s"}.items(), ["#0072B2", "#D55E00"], strict=True
        ):
            mine = table[table["by"] == how]
            slope = np.polyfit(np.log(mine["actors"])[-3:], np.log(mine[column])[-3:], 1)[0]
            ax.loglog(
                mine["actors"], mine[column], marker=marker, color=colour, label=f"{how}, slope {slope:.2f}"
            )
        ax.set(xlabel="actors, 72 pulls each", ylabel=column)
        if column == "compile s":
            ax.set_ylim(1, 100)  # not to magnify what is nearly the same
        ax.legend(title="from 70 actors on")
    fig.suptitle("A gradient and p grow in proportion to the actors; compiling does not")
    fig.savefig(path, dpi=110)


if __name__ == "__main__":
    how, actors = sys.argv[1], int(sys.argv[2])
    answer = {"actors": actors, "by": how, **measure(how, actors)}
    sys.stdout.flush()
    print("\n" + json.dumps(answer))
