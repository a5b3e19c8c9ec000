"""Simulation-based calibration of the lesson's fit (`make calibrate`).

An experiment of the same design is simulated many times: the 20 parameters are drawn from the
model's own prior, 504 pulls from the parameters, and the lesson's fit is run on the pulls (as
counts per cell, which lesson 01 shows to have the same posterior). Where model and sampler are
right, the parameter that made the data is as likely to be the smallest of a set of its posterior
draws as the second smallest, and so on: its rank is uniform (Talts et al. 2018, arXiv:1804.06788).
So is that of the log-likelihood, which would notice a fit that ignores its data (Modrak et al.
2023, Bayesian Analysis 20, 461-488).

The lesson's form (a centred, g not) suits the lesson's data. The prior also makes experiments that
it does not suit, with all actors alike or with blocks far apart. Where its fit is not clean, the
other forms of lesson 01 are tried in turn, and an experiment that none of them fits is left out.
Which form is clean depends on the pulls and, through r_hat and ESS, on the draws, but not otherwise
on the true values; the selection by draws might bias the ranks a little, and the result is to show it.

Aim: no quantity of the 21 whose ranks depart from uniform (Kolmogorov-Smirnov, 5% over all 21).
"""

import sys
from importlib.metadata import version

import matplotlib

matplotlib.use("agg")

import matplotlib.pyplot as plt
import numpy as np
import nutpie
import pandas as pd
import pymc as pm
from scipy.stats import binom, kstest, kstwo

from helpers import load_chimpanzees
from making.lesson_cells import LESSON_01, PARAMETERS, ROOT, health, not_sampling, run_tagged

EVERY = 40  # of 4 x 1,000 draws every 40th is kept, nearly independent: a rank is one of 101 values
SEED = 8927
ALL_TOGETHER = 0.05


def flat(group):
    """Return the draws of the 20 parameters as a table, a column each."""
    columns = {}
    for name in PARAMETERS:
        values = group[name].to_numpy().reshape(-1, max(1, group[name][0, 0].size))
        labels = [name] if group[name].ndim == 2 else [f"{name}[{k}]" for k in range(values.shape[1])]
        columns |= dict(zip(labels, values.T, strict=True))
    return pd.DataFrame(columns)


def forms():
    """Yield lesson 01's forms of the model for the counts per cell, the form of its fit first.

    Yields
    ------
    name : str
    model : pymc.Model
        Its observed counts are the data ``lefts_data``; it stores ``p``, one per cell.
    settings : dict
        Those of the lesson's fit.
    """
    lesson = run_tagged(
        LESSON_01,
        "forms",
        {"run_live": False},
        edits={
            'observed=cells["lefts"]': 'observed=pm.Data("lefts_data", cells["lefts"])',
            "pm.math.invlogit(eta)": 'pm.Deterministic("p", pm.math.invlogit(eta))',
        },
    )
    for name, (centre_a, centre_g) in {
        "a centred, g not (the lesson's)": (True, False),
        "neither centred": (False, False),
        "both centred": (True, True),
        "g centred, a not": (False, True),
    }.items():
        with not_sampling() as calls:
            lesson["fit"](centre_a, centre_g, seed=None)
        yield name, *calls[0]


def is_clean(fit):
    """Tell whether a fit is one that the lessons would read."""
    return not fit["divergences"] and fit["r_hat"] < 1.01 and min(fit["bulk ESS"], fit["tail ESS"]) > 400


def ranks(number):
    """Fit `number` simulated experiments; return their ranks (a row each) and the forms that fitted."""
    pulls = load_chimpanzees().groupby(["actor_idx", "block_idx", "treatment_idx"]).size().to_numpy()

    def log_likelihood(group, lefts):
        p = group["p"].to_numpy().reshape(-1, len(pulls))
        return binom.logpmf(lefts, pulls, p).sum(axis=1)

    truth, rows, fitted_by, left = None, {}, {}, list(range(number))
    for name, model, settings in forms():
        if truth is None:
            with model:
                simulated = pm.sample_prior_predictive(draws=number, random_seed=SEED)
            all_lefts = simulated["prior_predictive"]["lefts"].to_numpy()[0]
            truth = flat(simulated["prior"])
            truth["log-likelihood"] = log_likelihood(simulated["prior"], all_lefts)
        print(f"{name}: {len(left)} simulated experiments to fit", flush=True)
        compiled = nutpie.compile_pymc_model(model)
        settings = {key: settings[key] for key in ["draws", "tune", "chains", "cores", "target_accept"]}
        unclean = []
        for done, k in enumerate(left):
            if done and done % 50 == 0:
                print(f"  {done} of them done, {len(unclean)} not clean", flush=True)
            lefts, seed = all_lefts[k], SEED + k
            idata = nutpie.sample(
                compiled.with_data(lefts_data=lefts), seed=seed, progress_bar=False, **settings
            )
            if not is_clean(health(idata)):
                unclean.append(k)
                continue
            posterior = idata["posterior"].isel(draw=slice(None, None, EVERY))
            draws = flat(posterior)
            draws["log-likelihood"] = log_likelihood(posterior, lefts)
            rows[k] = (draws < truth.loc[k]).sum()
            fitted_by[k] = name
        left = unclean
        if not left:
            break
    print(f"{settings}; pymc {version('pymc')}, nutpie {version('nutpie')}")
    return pd.DataFrame(rows).T, pd.Series(fitted_by)


def draw_figure(places, path):
    """Draw, for each quantity, how far the ranks' cumulative share is from uniform."""
    number = len(places)
    band = kstwo.ppf(1 - ALL_TOGETHER / places.shape[1], number)
    fig, axes = plt.subplots(3, 7, figsize=(11, 5.2), sharex=True, sharey=True, layout="constrained")
    share = np.arange(1, number + 1) / number
    for ax, name in zip(axes.flat, places, strict=True):
        ordered = np.sort(places[name])
        ax.axhspan(-band, band, color="#DDDDDD")
        ax.step(ordered, share - ordered, where="post", color="#0072B2", linewidth=1)
        ax.set_title(name, fontsize=9)
        ax.set(xlim=(0, 1), ylim=(-1.6 * band, 1.6 * band), xticks=[0, 0.5, 1])
    fig.supxlabel("place of the true value among the draws of its posterior")
    fig.supylabel("share of experiments, minus uniform")
    fig.suptitle(f"{number} simulated experiments: within the grey band (95% for all 21 together), uniform")
    fig.savefig(path, dpi=110)


def main(number=200):
    """Calibrate with `number` simulated experiments; print the table, draw the figure, judge."""
    rank, fitted_by = ranks(number)
    print(f"fitted, by form: {fitted_by.value_counts().to_dict()}; by none: {number - len(rank)}")
    # ranks are whole numbers from 0 to 100; spread evenly up to the next they fill the interval
    places = (rank + np.random.default_rng(SEED).uniform(size=rank.shape)) / (4000 // EVERY + 1)
    table = pd.DataFrame(
        {
            "p-value": {name: kstest(places[name], "uniform").pvalue for name in places},
            "mean place": places.mean(),
        }
    )
    print(table.round(3).to_string())
    draw_figure(places, ROOT / "studies" / "calibration.png")
    smallest, limit = table["p-value"].min(), ALL_TOGETHER / len(table)
    print(f"{len(rank)} experiments; smallest p-value {smallest:.4f} of {len(table)}; limit {limit:.4f}")
    sys.exit(0 if smallest >= limit else 1)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
