"""Prints of Python's programs for tests/test_read_printed.py, each really run.

python making/printed_python.py [statsmodels | bambi | pymc] ... writes tests/printed/NAME.txt: what the
program prints, word for word, under its version and call. It needs an environment of its own, with
statsmodels and Bambi. The columns depend on ArviZ: with Bambi 0.21, PyMC 6 and ArviZ 1 they are the new ones
(eti89_lb, eti89_ub), with Bambi 0.17, PyMC 5 and ArviZ 0 the old ones (hdi_3%, hdi_97%), in files named _old.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parent.parent
OPTIONS = {"draws": 500, "tune": 500, "chains": 2, "cores": 1, "random_seed": 1, "progressbar": False}


def write(name, program, call, text):
    """Write a print under its program and call."""
    header = [f"# {program}, Python {sys.version.split()[0]}", *(f"# {line}" for line in call.splitlines())]
    (ROOT / "tests" / "printed" / f"{name}.txt").write_text(
        "\n".join([*header, str(text).rstrip("\n"), ""]), encoding="utf-8"
    )


def data(name):
    """Return one of the course's data sets."""
    return pd.read_csv(ROOT / "data" / f"{name}.csv", sep=";")


def summaries(name, program, call, idata, **options):
    """Write the table of the ArviZ that is installed; version 0 has the old columns."""
    import arviz as az

    old = az.__version__.startswith("0.")
    with pd.option_context("display.width", 200, "display.max_rows", None, "display.max_columns", None):
        table = az.summary(idata, **options)
        write(f"{name}_old" if old else name, f"{program}, ArviZ {az.__version__}", call, table)


def ask_statsmodels():
    """Fit sleepstudy and wine with MixedLM, and dyestuff-like counts with the Bayesian mixed GLM."""
    import statsmodels
    import statsmodels.formula.api as smf
    from statsmodels.genmod.bayes_mixed_glm import BinomialBayesMixedGLM

    program, sleep, wine = f"statsmodels {statsmodels.__version__}", data("sleepstudy"), data("wine")
    calls = {
        "intercepts": 'smf.mixedlm("Reaction ~ Days", sleep, groups="Subject")',
        "slopes": 'smf.mixedlm("Reaction ~ Days", sleep, groups="Subject", re_formula="~Days")',
        "nested": 'smf.mixedlm("response ~ temp", wine, groups="judge", re_formula="1", vc_formula={"temp": "0 + C(temp)"})',
        "levels": 'smf.mixedlm("response ~ 0 + temp", wine, groups="judge")',
    }
    for name, call in calls.items():
        fit = eval(call, {"smf": smf, "sleep": sleep, "wine": wine}).fit()
        write(f"statsmodels_{name}", program, f"{call}.fit().summary()", fit.summary())
    forms = data("wine")
    forms["high"] = (forms["rating"] > 3).astype(int)
    call = 'BinomialBayesMixedGLM.from_formula("high ~ temp", {"judge": "0 + C(judge)"}, wine).fit_vb()'
    fit = BinomialBayesMixedGLM.from_formula("high ~ temp", {"judge": "0 + C(judge)"}, forms).fit_vb()
    write("statsmodels_bayes", program, f"{call}.summary()", fit.summary())


def ask_bambi():
    """Fit models of five kinds with Bambi."""
    import bambi as bmb

    program, sleep, seizures = f"Bambi {bmb.__version__}", data("sleepstudy"), data("epilepsy")
    seizures = seizures[seizures["patient"].astype(int) % 5 == 0].astype({"patient": str, "Trt": str})
    seizures[["patient", "Trt"]] = seizures[["patient", "Trt"]].astype(object)  # not pandas' own strings
    for column in ["Age", "Base"]:
        seizures[f"z{column}"] = (seizures[column] - seizures[column].mean()) / seizures[column].std()
    wine = data("wine").astype({"judge": str}).astype({"judge": object, "temp": object, "contact": object})
    wine["high"] = (wine["rating"] > 3).astype(int)
    wine["rating"] = pd.Categorical(wine["rating"], ordered=True)
    sleep = sleep.astype({"Subject": str}).astype({"Subject": object})
    calls = {
        "gaussian": 'bmb.Model("Reaction ~ Days + (Days|Subject)", sleep)',
        "poisson": 'bmb.Model("count ~ zAge + zBase * Trt + (1|patient)", seizures, family="poisson")',
        "negbinomial": 'bmb.Model("count ~ Trt + (1|patient)", seizures, family="negativebinomial")',
        "bernoulli": 'bmb.Model("high ~ temp + contact + (1|judge)", wine, family="bernoulli")',
        "cumulative": 'bmb.Model("rating ~ temp + contact + (1|judge)", wine, family="cumulative")',
    }
    for name, call in calls.items():
        model = eval(call, {"bmb": bmb, "sleep": sleep, "seizures": seizures, "wine": wine})
        idata = model.fit(**OPTIONS)
        summaries(f"bambi_{name}", program, f"idata = {call}.fit(); az.summary(idata)", idata)


def ask_pymc():
    """Read the course's own posterior, and fit two small models more."""
    import arviz as az
    import pymc as pm

    program = f"PyMC {pm.__version__}"
    names = ["a_bar", "sigma_a", "sigma_g", "a", "g", "b"]
    summaries(
        "pymc_m_13_4",
        program,
        f"az.summary(idata, var_names={names})",
        az.from_netcdf(ROOT / "data" / "m_13_4.nc"),
        var_names=names,
    )
    summaries(
        "pymc_schools", program, "az.summary(idata)", az.from_netcdf(ROOT / "data" / "eight_schools.nc")
    )
    judges, y = np.repeat(np.arange(9), 8), data("wine")["response"].to_numpy(dtype=float)
    with pm.Model():
        mu = pm.Normal("mu", 50, 30)
        tau = pm.HalfNormal("tau", 20)
        dev = pm.Normal("dev", 0, tau, shape=9)
        sigma = pm.HalfNormal("sigma", 20)
        pm.Normal("y", mu + dev[judges], sigma, observed=y)
        idata = pm.sample(**OPTIONS)
    summaries("pymc_deviations", program, "az.summary(idata)", idata)


if __name__ == "__main__":
    for asked in sys.argv[1:] or ["statsmodels", "bambi", "pymc"]:
        {"statsmodels": ask_statsmodels, "bambi": ask_bambi, "pymc": ask_pymc}[asked]()
