"""Ask one Python program about the chimpanzees; called by programs.py, which judges the numbers.

python -m making.programs_python (PyMC | Bambi) FILE writes numbers only, as programs.R does, so both
can be judged alike: all on the log-odds scale and in treatment R/N, rows are draws. ``fitted`` has the
actors 1 to 7 in block 1, then in block 2 and so on; ``new`` has 200 actors that the fit has not seen,
in block 1. Bambi has an environment of its own, without this course's packages.
"""

import json
import sys
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pymc as pm

SEED = 1
DRAWS = 400
NEW = 200
TREATMENTS = ["R/N", "L/N", "R/P", "L/P"]
DATA = Path(__file__).resolve().parent.parent / "data"


def logit(p):
    """Return the log-odds of a proportion."""
    return np.log(p) - np.log1p(-p)


def flat(draws):
    """Return draws in one dimension, the first, in place of chains and draws."""
    return draws.stack(sample=("chain", "draw")).transpose("sample", ...)  # noqa: PD013


def attempt(call):
    """Return what a call gives, or the error's message, and the first warning about deprecation."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            answer = {"values": np.asarray(call())}
        except Exception as error:  # whatever it is, the error is the answer
            answer = {"error": f"{type(error).__name__}: {error}"}
    told = [str(w.message) for w in caught if "deprecated and will be removed" in str(w.message)]
    return answer | ({"warning": told[0]} if told else {})


def bambi():
    """Fit the chimpanzees with Bambi, as an R user would write the model."""
    import arviz as az
    import bambi as bmb

    d = pd.read_csv(DATA / "chimpanzees.csv", sep=";")
    names = np.array(TREATMENTS)[d["prosoc_left"] + 2 * d["condition"]]
    d = d.astype({"actor": str, "block": str})
    formula = "pulled_left ~ treatment + (1|actor) + (1|block)"

    def build(ordered):
        treatment = pd.Categorical(names, categories=TREATMENTS, ordered=ordered)
        model = bmb.Model(formula, d.assign(treatment=treatment), family="bernoulli")
        model.build()
        return model

    def treatments(values):
        return pd.Categorical(values, categories=TREATMENTS, ordered=True)

    model = build(ordered=True)
    idata = model.fit(draws=500, tune=500, chains=2, cores=1, random_seed=SEED, progressbar=False)
    posterior = flat(idata["posterior"].to_dataset())
    keep = np.linspace(0, posterior.sizes["sample"] - 1, DRAWS).round().astype(int)

    def draws(name):
        return posterior[name].to_numpy()[keep]

    def predict(data, **options):
        predicted = model.predict(idata, data=data, inplace=False, **options)
        group = "predictions" if "predictions" in predicted.children else "posterior"
        return logit(flat(predicted[group].to_dataset()["p"]).to_numpy()[keep])

    seen = pd.DataFrame(
        [(str(a), str(b)) for b in range(1, 7) for a in range(1, 8)], columns=["actor", "block"]
    )
    seen["treatment"] = treatments(["R/N"] * len(seen))
    middle = pd.DataFrame({"actor": "1", "block": "1", "treatment": treatments(TREATMENTS)})
    unseen = pd.DataFrame({"actor": [str(101 + i) for i in range(NEW)], "block": "1"})
    unseen["treatment"] = treatments(["R/N"] * NEW)

    coords = build(ordered=False).backend.model.coords
    shown = [level for name, levels in coords.items() if "treatment" in name for level in levels]
    table = az.summary(idata, round_to="none")
    return {
        "version": bmb.__version__,
        "intercept": draws("Intercept"),
        "point": "mean",
        "fixed": predict(middle, include_group_specific=False),
        "fitted": predict(seen),
        "entries": draws("1|actor"),
        "block": draws("1|block"),
        "sd": draws("1|actor_sigma"),
        "printed": [repr(float(mean)) for mean in table["mean"]],
        "entries_mean": posterior["1|actor"].mean("sample").to_numpy(),
        "predict": attempt(lambda: predict(seen[:1])),
        "default": attempt(lambda: predict(unseen[:1])[:, 0]),
        "option": attempt(lambda: predict(unseen, sample_new_groups=True, random_seed=SEED)),
        "note": f"where the Categorical is not ordered the coefficients are those of {', '.join(shown)}",
        "calls": {
            "summary": "az.summary(idata)",
            "draws": 'idata["posterior"]["1|actor"]',
            "intercept": 'idata["posterior"]["Intercept"], treatment an ordered Categorical',
            "predict": "model.predict(idata, data=data)",
            "default": "model.predict(idata, data=data)",
            "option": "model.predict(idata, data=data, sample_new_groups=True)",
        },
    }


def pymc():
    """Read the lessons' stored posterior, and predict with lesson 01's own model."""
    import arviz as az
    import xarray as xr

    from helpers import load_chimpanzees, load_posterior
    from making.lesson_cells import lesson_fit

    model, _ = lesson_fit("rows")
    idata = load_posterior("m_13_4")
    few = idata["posterior"].to_dataset().isel(draw=slice(0, None, 10))
    posterior = flat(few)
    draws = {name: posterior[name].to_numpy() for name in ["a_bar", "sigma_a", "a", "g", "b"]}
    d = load_chimpanzees()
    rows = [
        d.index[(d["actor"] == a) & (d["block"] == b) & (d["treatment"] == "R/N")][0]
        for b in range(1, 7)
        for a in range(1, 8)
    ]

    def predicted(name):
        with model:
            answer = pm.sample_posterior_predictive(
                xr.DataTree.from_dict({"posterior": few.drop_vars("p")}),
                var_names=[name], predictions=True, progressbar=False, random_seed=SEED,
            )["predictions"][name]  # fmt: skip
        return flat(answer).to_numpy()

    a, g, b = (model[name] for name in ["a", "g", "b"])
    with model:
        code = pm.Data("code", np.array([7]))  # the codes of the seven are 0 to 6
        pm.Deterministic("by_code", a[code] + g[0] + b[0])
        a_new = pm.Normal("a_new", model["a_bar"], model["sigma_a"], shape=NEW)
        pm.Deterministic("by_prior", a_new + g[0] + b[0])
    table = az.summary(idata, var_names=["a_bar", "sigma_a", "a", "g", "b"], round_to="none")
    return {
        "version": pm.__version__,
        "intercept": draws["a_bar"],
        "rest": draws["b"][:, 0],  # what R/N adds
        "point": "mean",
        "fitted": logit(posterior["p"].to_numpy().astype(float)[:, rows]),
        "entries": draws["a"],
        "block": draws["g"],
        "sd": draws["sigma_a"],
        "printed": [repr(float(mean)) for mean in table["mean"]],
        "entries_mean": idata["posterior"]["a"].mean(["chain", "draw"]).to_numpy(),
        "default": attempt(lambda: predicted("by_code")[:, 0]) | {"past_the_end": True},
        "option": attempt(lambda: predicted("by_prior")),
        "calls": {
            "summary": "az.summary(idata)",
            "draws": 'idata["posterior"]["a"]',
            "intercept": 'idata["posterior"]["a_bar"]',
            "default": 'a[code] with code = 7, pm.sample_posterior_predictive(idata, var_names=["p"])',
            "option": 'a_new = pm.Normal("a_new", a_bar, sigma_a, shape=200), then the same',
        },
    }


def plain(value):
    """Return an array as lists, for JSON."""
    return np.asarray(value).tolist()


if __name__ == "__main__":
    name, path = sys.argv[1:]
    answers = {"PyMC": pymc, "Bambi": bambi}[name]()
    Path(path).write_text(json.dumps(answers, default=plain), encoding="utf-8")
