"""Lesson 07: its posteriors are healthy and small, and agree with what the programs themselves estimated."""

import json
import re

import arviz as az
import h5py
import numpy as np
import pandas as pd
import pytest

from helpers.data import DATA, load_estimates
from helpers.posterior import load_posterior

NAMES = ["sleepstudy", "eight_schools", "epilepsy", "wine"]


@pytest.fixture(scope="module")
def draws():
    return {name: load_posterior(name)["posterior"].to_dataset() for name in NAMES}


@pytest.mark.parametrize("name", NAMES)
def test_the_posterior_is_healthy_by_the_rule_of_lesson_01(name, draws):
    idata = load_posterior(name)
    said = json.loads(idata.attrs["diagnostics"])
    assert said["divergences"] == int(idata["sample_stats"]["diverging"].sum()) == 0
    table = az.summary(idata, kind="diagnostics", round_to="none")
    # what no draw changes (the corner of a correlation matrix) has no r_hat
    assert table["r_hat"].max() <= 1.01
    assert min(table["ess_bulk"].min(), table["ess_tail"].min()) >= 400
    assert draws[name].sizes["chain"] == 4 and 4 * draws[name].sizes["draw"] >= 1000


@pytest.mark.parametrize("name", NAMES)
def test_the_file_is_small_and_has_no_term_per_row(name, draws):
    path = DATA / f"{name}.nc"
    assert path.stat().st_size < 1e6
    with h5py.File(path) as file:
        stored = {key: file["posterior"][key].dtype for key in draws[name].data_vars}
    assert set(map(str, stored.values())) == {"float32"}
    rows = {"sleepstudy": 180, "epilepsy": 236, "wine": 72}.get(name, -1)
    assert rows not in [size for dim, size in draws[name].sizes.items() if dim not in ("chain", "draw")]


def close(ours, theirs, error, limit=4):
    """Tell whether two Monte Carlo means differ by less than so many combined errors."""
    own = float(az.mcse(ours.to_numpy()))
    return abs(float(ours.mean()) - theirs) < limit * np.hypot(own, error)


def errors(name, fit):
    """Return the Monte Carlo errors of a Bayesian program's means."""
    table = pd.read_csv(DATA / f"{name}.csv", keep_default_na=False).query("fit == @fit and mcse != ''")
    return {(row.kind, row.entry, row.term): float(row.mcse) for row in table.itertuples()}


def test_eight_schools_agrees_with_stan(draws):
    ours, stan, error = (
        draws["eight_schools"],
        load_estimates("eight_schools_stan"),
        errors("eight_schools_stan", ""),
    )
    assert len(error) == 18
    for (kind, entry, term), value in stan.items():
        draw = ours[kind].sel(school=entry) if entry else ours[kind]
        assert close(draw, value, error[kind, entry, term]), (kind, entry)


def test_epilepsy_agrees_with_brms(draws):
    ours, brms = draws["epilepsy"], load_estimates("epilepsy_brms", "patients")
    error = errors("epilepsy_brms", "patients")
    pairs = {("fixef", "", "Intercept"): ours["intercept"], ("sd", "patient", "Intercept"): ours["sd"]}
    pairs |= {("centred intercept", "", ""): ours["at_means"]}
    pairs |= {("fixef", "", term): ours["b"].sel(term=term) for term in ours["term"].to_numpy()}
    pairs |= {("ranef", k, "Intercept"): ours["r"].sel(patient=k) for k in ours["patient"].to_numpy()}
    for key, draw in pairs.items():
        assert close(draw, brms[key], error[key]), key
    assert not close(ours["intercept"], brms["fixef", "", "Intercept"] + 0.05, 0.004), "the test cannot fail"


def inside(draw, value):
    low, high = np.quantile(draw, [0.055, 0.945])
    return low <= value <= high


@pytest.mark.parametrize("name", ["sleepstudy", "wine"])
def test_maximum_likelihood_is_near_the_posterior(name, draws):
    """Flat priors and one plugged-in sd against weak priors and all sds: near, not equal."""
    ours = draws[name]
    if name == "sleepstudy":
        theirs = load_estimates("sleepstudy_lme4", "days from 0")
        fixed = {"(Intercept)": ours["intercept"], "Days": ours["slope"]}
        spread = {("sd", "Subject", "(Intercept)"): ours["sd"].sel(term="Intercept")}
        spread |= {("sd", "Subject", "Days"): ours["sd"].sel(term="Days")}
        spread |= {("cor", "", ""): ours["cor"], ("sigma", "", ""): ours["sigma"]}
    else:
        theirs = load_estimates("wine_ordinal")
        fixed = {"tempwarm": ours["tempwarm"], "contactyes": ours["contactyes"]}
        spread = {("sd", "judge", "(Intercept)"): ours["sd"]}
        spread |= {("threshold", "", cut): ours["cutpoints"].sel(cut=cut) for cut in ours["cut"].to_numpy()}
    for term, draw in fixed.items():
        assert abs(float(draw.mean()) - theirs["fixef", "", term]) <= 0.25 * float(draw.std()), term
    for (kind, entry, term), draw in spread.items():
        found = theirs.get((kind, entry, term), theirs.get((kind, "", term)))
        assert inside(draw, found), (kind, term)


def test_the_prints_say_version_and_call():
    prints = sorted((DATA / "printed").glob("*.txt"))
    assert len(prints) == 7
    for path in prints:
        lines = path.read_text(encoding="utf-8").splitlines()
        head = [line for line in lines[:8] if line.startswith("# ")]
        assert re.match(r"# (lme4|rstan|brms|ordinal) [\d.]+ in R version [\d.]+", head[0]), path.name
        assert any(re.search(r"lmer\(|stan\(|brm\(|clmm\(", line) for line in head[1:]), path.name


@pytest.mark.parametrize(
    ("file", "name", "fit", "key", "row"),
    [
        ("sleepstudy_lme4", "sleepstudy_lme4", "days from 0", ("fixef", "", "Days"), r"^Days +([\d.]+)"),
        ("sleepstudy_lme4_from_4_5", "sleepstudy_lme4", "days from 4.5", ("fixef", "", "(Intercept)"), r"^\(Intercept\) +([\d.]+)"),
        ("eight_schools_stan", "eight_schools_stan", "", ("theta", "A", ""), r"^theta\[1\] +([\d.]+)"),
        ("epilepsy_brms", "epilepsy_brms", "patients", ("fixef", "", "Intercept"), r"^Intercept +([\d.]+)"),
        ("epilepsy_brms_obs", "epilepsy_brms", "observations", ("fixef", "", "Trt1"), r"^Trt1 +(-?[\d.]+)"),
        ("epilepsy_brms_negbinomial", "epilepsy_brms", "negbinomial", ("fixef", "", "Intercept"), r"^Intercept +([\d.]+)"),
        ("wine_ordinal", "wine_ordinal", "", ("threshold", "", "2|3"), r"^2\|3 +([\d.]+)"),
    ],
)  # fmt: skip
def test_print_and_estimates_are_of_one_fit(file, name, fit, key, row):
    text = (DATA / "printed" / f"{file}.txt").read_text(encoding="utf-8")
    shown = re.search(row, text, flags=re.MULTILINE)[1]
    digits = len(shown.partition(".")[2])
    assert load_estimates(name, fit)[key] == pytest.approx(float(shown), abs=0.51 * 10.0**-digits)


def test_an_unknown_table_or_fit_is_one_sentence():
    with pytest.raises(FileNotFoundError, match="There is no file nothing.csv"):
        load_estimates("nothing")
    with pytest.raises(
        ValueError, match="has no fit 'days'. Expected: one of 'days from 0', 'days from 4.5'"
    ):
        load_estimates("sleepstudy_lme4", "days")
