"""Prints of Python's programs for tests/test_read_printed.py, each really run.

python making/printed_python.py [statsmodels | bambi | pymc | simulated] ... writes tests/printed/NAME.txt: what the
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


def simulated():
    """Return 120 rows of 12 herds, in three arms."""
    random = np.random.default_rng(5)
    herd, x, arm = (
        np.repeat(np.arange(12), 10),
        random.normal(size=120),
        random.choice(["ctl", "hi", "lo"], 120),
    )
    own = random.normal(0, 0.8, 12)
    table = pd.DataFrame({"herd": [f"h{k}" for k in herd], "x": x, "arm": arm})
    table["y"] = 1 + 0.5 * x + own[herd] + random.normal(0, 1, 120)
    table["sick"] = (random.uniform(size=120) < 1 / (1 + np.exp(0.5 - own[herd] - 0.4 * x))).astype(int)
    table["n"] = random.poisson(np.exp(0.5 + own[herd] * 0.5 + 0.3 * x))
    return herd, table.astype({"herd": object, "arm": object})  # not pandas' own strings


def ask_simulated():
    """Fit simulated herds with three programs."""
    import bambi as bmb
    import pymc as pm
    import statsmodels
    import statsmodels.formula.api as smf
    from statsmodels.genmod.bayes_mixed_glm import PoissonBayesMixedGLM

    herd, data = simulated()
    program, names = f"statsmodels {statsmodels.__version__}", {"smf": smf, "data": data}
    names["PoissonBayesMixedGLM"] = PoissonBayesMixedGLM
    calls = {
        "products": 'smf.mixedlm("y ~ x * arm", data, groups="herd", re_formula="~x").fit()',
        "sum": 'smf.mixedlm("y ~ C(arm, Sum) + x", data, groups="herd").fit()',
        "poisson": 'PoissonBayesMixedGLM.from_formula("n ~ x + arm", {"herd": "0 + C(herd)"}, data).fit_vb()',
    }
    for name, call in calls.items():
        write(f"simulated_statsmodels_{name}", program, f"{call}.summary()", eval(call, names).summary())
    options = OPTIONS | {"draws": 300, "tune": 400, "random_seed": 3}
    program = f"Bambi {bmb.__version__}"
    call = 'bmb.Model("sick ~ 0 + arm + x + (1|herd)", data, family="bernoulli")'
    idata = eval(call, {"bmb": bmb, "data": data}).fit(**options)
    summaries(
        "simulated_bambi_levels", program, f"az.summary({call}.fit(), kind='stats')", idata, kind="stats"
    )
    call = 'bmb.Model(bmb.Formula("y ~ x + (1|herd)", "sigma ~ x"), data)'
    idata, shown = (
        eval(call, {"bmb": bmb, "data": data}).fit(**options),
        ["Intercept", "x", "1|herd_sigma", "1|herd", "sigma_Intercept", "sigma_x"],
    )
    summaries(
        "simulated_bambi_sigma",
        program,
        f"az.summary({call}.fit(), var_names={shown}, ci_kind='hdi')",
        idata,
        var_names=shown,
        ci_kind="hdi",
    )
    program = f"PyMC {pm.__version__}"
    with pm.Model(coords={"herd": list(dict.fromkeys(data["herd"]))}):
        a_bar, sigma_a, z = (
            pm.Normal("a_bar", 0, 2),
            pm.Exponential("sigma_a", 1),
            pm.Normal("z", dims="herd"),
        )
        a, b = pm.Deterministic("a", a_bar + z * sigma_a, dims="herd"), pm.Normal("b", 0, 1)
        pm.Normal("y", a[herd] + b * data["x"].to_numpy(), pm.Exponential("sigma", 1), observed=data["y"])
        idata = pm.sample(**options)
    summaries("simulated_pymc", program, "az.summary(idata)", idata)


if __name__ == "__main__":
    for asked in sys.argv[1:] or ["statsmodels", "bambi", "pymc", "simulated"]:
        {"statsmodels": ask_statsmodels, "bambi": ask_bambi, "pymc": ask_pymc, "simulated": ask_simulated}[
            asked
        ]()
