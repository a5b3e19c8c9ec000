"""Fit the lesson's model with many seeds (`make seeds`), and count the clean runs.

The model is the lesson's own; it is compiled once, and sampled with the lesson's settings and the
seeds 1 to 80, in order. Aim: at least 76 of the 80 clean (no divergence, r_hat below 1.01, bulk and
tail ESS above 400 for all 20 parameters), and none with an r_hat above 1.02 or more than one
divergence. (`nutpie.sample(seed=s)` and `pm.sample(random_seed=s)` make different draws from the
same sampler, so seed 8927 here is not the lesson's own run.)
"""

import sys
from importlib.metadata import version

import nutpie
import pandas as pd

from making.lesson_cells import health, lesson_fit


def main(number=80):
    """Fit the lesson's model with the seeds 1 to `number`, and print how many were clean."""
    model, settings = lesson_fit("rows")
    compiled = nutpie.compile_pymc_model(model)
    rows = []
    for seed in range(1, number + 1):
        idata = nutpie.sample(compiled, seed=seed, progress_bar=False, **settings)
        rows.append({"seed": seed, **health(idata)})
        print(rows[-1], flush=True)
    fits = pd.DataFrame(rows)
    ess = fits[["bulk ESS", "tail ESS"]].min(axis=1)
    clean = (fits["divergences"] == 0) & (fits["r_hat"] < 1.01) & (ess > 400)
    # the lesson also asserts an ESS above 200, which every run here passes by far
    within = (fits["divergences"] <= 1) & (fits["r_hat"] < 1.02) & (ess > 200)
    print(f"\n{settings}; pymc {version('pymc')}, nutpie {version('nutpie')}")
    print(f"clean: {clean.sum()} of {number}; within the lesson's asserts: {within.sum()} of {number}")
    print(
        f"largest r_hat {fits['r_hat'].max():.4f}, smallest ESS {ess.min():.0f}, divergences {fits['divergences'].sum()}"
    )
    sys.exit(0 if clean.mean() >= 0.95 and within.all() else 1)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
