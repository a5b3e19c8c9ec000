"""Fit the lesson's model with many seeds (`make seeds`), and count the clean runs.

The model is the lesson's own; it is compiled once, and sampled with the lesson's settings and the
seeds 1 to 80, in order. Aim: at least 76 of the 80 clean (no divergence, r_hat below 1.01, bulk and
tail ESS above 400 for all 20 parameters), and none with an r_hat above 1.02 or more than one
divergence. (`nutpie.sample(seed=s)` and `pm.sample(random_seed=s)` make different draws from the
same sampler, so seed 8927 here is not the lesson's own run.)
"""

import sys
from importlib.metadata import version

import arviz as az
import nutpie
import pandas as pd
import pymc as pm
from lesson_cells import run_tagged

PARAMETERS = ["a_bar", "sigma_a", "sigma_g", "a", "g", "b"]


def lesson():
    """Return the lesson's model and the settings of its fit, without sampling."""
    settings = {}
    sample, pm.sample = pm.sample, lambda **given: settings.update(given)
    try:
        model = run_tagged("01_fitting_m_13_4.ipynb", "m_13_4")["m_13_4"]
    finally:
        pm.sample = sample
    return model, settings


def main(number=80):
    """Fit the lesson's model with the seeds 1 to `number`, and print how many were clean."""
    model, settings = lesson()
    compiled = nutpie.compile_pymc_model(model)
    rows = []
    for seed in range(1, number + 1):
        idata = nutpie.sample(
            compiled,
            seed=seed,
            progress_bar=False,
            **{key: settings[key] for key in ["draws", "tune", "chains", "cores", "target_accept"]},
        )
        table = az.summary(idata, var_names=PARAMETERS, kind="diagnostics", round_to="none")
        rows.append(
            {
                "seed": seed,
                "divergences": int(idata["sample_stats"]["diverging"].sum()),
                "r_hat": float(table["r_hat"].max()),
                "ESS": float(table[["ess_bulk", "ess_tail"]].min().min()),
            }
        )
        print(rows[-1], flush=True)
    fits = pd.DataFrame(rows)
    clean = (fits["divergences"] == 0) & (fits["r_hat"] < 1.01) & (fits["ESS"] > 400)
    within = (fits["divergences"] <= 1) & (fits["r_hat"] <= 1.02)
    print(f"\n{settings}; pymc {version('pymc')}, nutpie {version('nutpie')}")
    print(f"clean: {clean.sum()} of {number}; within the lesson's asserts: {within.sum()} of {number}")
    print(
        f"largest r_hat {fits['r_hat'].max():.4f}, smallest ESS {fits['ESS'].min():.0f}, divergences {fits['divergences'].sum()}"
    )
    sys.exit(0 if clean.mean() >= 0.95 and within.all() else 1)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
