"""`read_table`: the lesson's table, the same words however a model is written, and silence where it cannot tell."""

import re
import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pymc as pm
import pytensor.tensor as pt
import pytest
import xarray as xr
from test_posterior import run_tagged_without_sampling

from helpers import load_posterior, read_table
from helpers.read.graph import Graph
from helpers.read.roles import Reading

N, GROUPS = 40, 5
RANDOM = np.random.default_rng(2)
group, other = np.arange(N) % GROUPS, RANDOM.integers(0, 4, N)
x, half = RANDOM.normal(size=N), RANDOM.integers(0, 2, N).astype(float)
y, yes, counts = RANDOM.normal(size=N), RANDOM.integers(0, 2, N), RANDOM.poisson(3, N)


@pytest.fixture(scope="module")
def m_13_4():
    return run_tagged_without_sampling("m_13_4")["m_13_4"]


def table_of(build):
    with pm.Model() as model:
        build()
    return read_table(model)


def roles(build):
    return table_of(build)["role"].to_dict()


def test_the_lessons_table(m_13_4):
    table = read_table(m_13_4)
    wanted = """
        a_bar   | population mean | no           | logit |            |      | True  | 1
        sigma_a | population sd   | no           | logit |            |      | True  | 1
        sigma_g | population sd   | through g    | None  |            |      | True  | 1
        a       | level           | as it stands | logit | a_bar      | g, b | True  | 7
        z       | standardised    | through g    | None  |            |      | True  | 6
        g       | deviation       | as it stands | logit | sigma_g, z | a, b | False | 6
        b       | coefficient     | as it stands | logit |            | a, g | True  | 4
        p       | computed        | no           | None  | a, g, b    |      | False | 504"""
    rows = [[cell.strip() for cell in line.split("|")] for line in wanted.strip().splitlines()]
    found = table.drop(columns="sentence").reset_index().to_numpy().tolist()
    assert [[str(cell) for cell in row] for row in found] == rows
    assert table.attrs["loose"] == [["a", "g", "b"]]
    assert table.loc["g", "sentence"] == (
        "g is a deviation on the log-odds scale, computed from sigma_g and z, so the common value is not inside it. "
        "It is in the sum as it is; add a and b to get the log-odds of pulled_left."
    )


# ---- however it is written ------------------------------------------------------------------------------------


def crossed(
    names="mu s sg u z g b", codes="index", hold=np.asarray, order=0, deterministic=True, centred=False
):
    """Return the lesson's model, smaller, written in one of many ways."""
    mu, s, sg, u, z, g, b = names.split()
    with pm.Model() as model:
        where, which = group, other
        if codes == "data":
            where, which = pm.Data("where", group), pm.Data("which", other)

        def pick(v, at, count):
            return np.eye(count)[at] @ v if codes == "matrix" else v[at]

        one = {}
        makers = [
            lambda: one.update(s=pm.Exponential(s, 1)),
            lambda: one.update(mu=pm.Normal(mu, 0, 1.5)),
            lambda: one.update(b=pm.Normal(b, 0, 0.5)),
            lambda: one.update(sg=pm.Exponential(sg, 1)),
        ]
        for make in makers[order:] + makers[:order]:
            make()

        def deviations():
            if centred:
                one["g"] = pm.Normal(g, 0, one["sg"], shape=4)
                return
            value = one["sg"] * pm.Normal(z, 0, 1, shape=4)
            one["g"] = pm.Deterministic(g, value) if deterministic else value

        def levels():
            one["u"] = pm.Normal(u, one["mu"], one["s"], shape=GROUPS)

        for make in [levels, deviations][:: -1 if order else 1]:
            make()
        numbers = hold("x", x) if hold is pm.Data else x
        eta = pick(one["u"], where, GROUPS) + pick(one["g"], which, 4) + one["b"] * numbers
        pm.Bernoulli("y", logit_p=eta, observed=yes)
    return model


def said(model, translate=None):
    """Return the words of each row as a set, names translated."""
    words = {}
    for name, row in read_table(model).drop(columns="entries").iterrows():
        text = re.findall(r"\w+", " ".join(map(str, [name, *row])))
        back = [(translate or {}).get(word, word) for word in text]
        words[back[0]] = sorted(back)
    return words


PLAIN = "mu s sg u z g b"


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ({"names": "beta sd1 sd2 z u sigma alpha"}, "beta sd1 sd2 z u sigma alpha"),
        ({"names": "z u g sg s b mu"}, "z u g sg s b mu"),
        ({"codes": "matrix"}, PLAIN),
        ({"codes": "data"}, PLAIN),
        ({"order": 1}, PLAIN),
        ({"order": 2}, PLAIN),
        ({"order": 3, "codes": "matrix"}, PLAIN),
    ],
    ids=str,
)
def test_the_sentences_are_the_same_up_to_names(written, names):
    translate = dict(zip(names.split(), PLAIN.split(), strict=True))
    assert said(crossed(**written), translate) == said(crossed())


def test_named_data_are_named_and_unnamed_data_are_data():
    constant, named = said(crossed()), said(crossed(hold=pm.Data), {"x": "data"})
    assert named == constant
    assert read_table(crossed(hold=pm.Data)).loc["b", "in_sum"] == "times x"


def rebuilt(model, values):
    """Add up the pieces that were found, with their weights, at a point."""
    graph = Graph(model)
    found = Reading(graph, "y", graph.points()).sum
    assert found.whole and found.link == "logit"
    total = np.zeros(N)
    for piece in found.pieces:
        product = 1.0
        for name in piece.names:
            (part,) = piece.parts[name]
            product = product * np.ravel(values[name])[part.where]
        total += product * part.weight
    return total


def test_the_rebuilt_values_are_the_same_centred_or_not_and_with_or_without_names_for_the_pieces():
    random = np.random.default_rng(5)
    values = {"u": random.normal(size=GROUPS), "sg": 0.7, "z": random.normal(size=4), "b": 0.3}
    values["g"] = values["sg"] * values["z"]
    by_hand = values["u"][group] + values["g"][other] + values["b"] * x
    for written in [{}, {"deterministic": False}, {"centred": True}, {"codes": "matrix"}]:
        assert np.allclose(rebuilt(crossed(**written), values), by_hand, rtol=0, atol=1e-8), written
    table = read_table(crossed(deterministic=False))
    assert table.loc["z", ["role", "in_sum", "add"]].tolist() == ["standardised", "times sg", "b * data, u"]


# ---- what it does not tell ------------------------------------------------------------------------------------


def population():
    return pm.Normal("m"), pm.Exponential("s", 1)


def precision():
    pm.Normal(
        "y", pm.Normal("a", pm.Normal("m"), tau=pm.Gamma("t", 1, 1), shape=GROUPS)[group], 1, observed=y
    )


def log_sd():
    pm.Normal("y", pm.Normal("a", 0, pt.exp(pm.Normal("t")), shape=GROUPS)[group], 1, observed=y)


def clipped():
    p = pm.math.invlogit(pm.Normal("t", 0, 1, shape=GROUPS)[group])
    pm.Bernoulli("y", pt.clip(p, 0.01, 0.99), observed=yes)


def folded():
    pm.Normal("y", pm.Normal("i") + abs(pm.Normal("t", 2, 1)) * x, 1, observed=y)


def clipped_above_its_start():
    pm.Normal("y", pt.clip(pm.Normal("t", 1, 0.5, shape=GROUPS), -3, 3)[group], 1, observed=y)


def lapses():
    guess, a = pm.Beta("t", 1, 9), pm.Normal("a", 0, 1, shape=GROUPS)
    pm.Bernoulli("y", 0.5 * guess + (1 - guess) * pm.math.invlogit(a[group]), observed=yes)


def items():
    able, slope = pm.Normal("t", 0, 1, shape=GROUPS), pm.LogNormal("slope", 0, 0.5, shape=4)
    pm.Bernoulli("y", logit_p=slope[other] * able[group] - pm.Normal("b", 0, 1, shape=4)[other], observed=yes)


def centred_afterwards():
    raw = pm.Normal("t", *population(), shape=GROUPS)
    pm.Normal("y", pm.Normal("i") + pm.Deterministic("a", raw - raw.mean())[group], 1, observed=y)


def centred_in_the_formula():
    raw = pm.Normal("t", *population(), shape=GROUPS)
    pm.Normal("y", pm.Normal("i") + (raw - raw.mean())[group], 1, observed=y)


def unnamed_draw():
    pm.Normal("y", pm.Normal("t") + pm.Normal.dist(0, 1), 1, observed=y)


def discrete():
    pm.Normal("y", pm.Normal("a", 0, 1, shape=2)[pm.Bernoulli("t", 0.5, shape=N)], 1, observed=y)


def random_walk():
    walk = pm.GaussianRandomWalk("t", sigma=1, init_dist=pm.Normal.dist(0, 1), shape=GROUPS)
    pm.Normal("y", pm.Normal("i") + walk[group], 1, observed=y)


def monotonic():
    steps = pt.concatenate([[0.0], pt.cumsum(pm.Dirichlet("t", np.ones(3)))])
    pm.Normal("y", pm.Normal("b") * steps[other], 1, observed=y)


def two_parameters():
    scale = pm.HalfNormal("t", 1)
    pm.Normal("y", scale, scale * pm.HalfNormal("c", 1), observed=y)


def sd_and_sum():
    s = pm.HalfNormal("t", 1)
    pm.Normal("y", s + pm.Normal("a", 0, s, shape=GROUPS)[group], 1, observed=y)


def alone_and_in_a_product():
    s = pm.HalfNormal("t", 1)
    pm.Normal("y", s + s * pm.Normal("z", 0, 1, shape=GROUPS)[group], 1, observed=y)


def scale_of_noise_by_group():
    pm.Normal("y", pm.Normal("a"), pt.exp(pm.Normal("t", 0, 1, shape=GROUPS)[group]), observed=y)


def factors():
    shared, loading = pm.Normal("t", 0, 1, shape=GROUPS), pm.HalfNormal("loading", 1, shape=4)
    pm.Normal("y", pm.Normal("i", 0, 1, shape=4)[other] + loading[other] * shared[group], 1, observed=y)


def truncated():
    pm.Truncated("y", pm.Normal.dist(pm.Normal("t"), 1), lower=-5, observed=y)


def own_distribution():
    pm.CustomDist("y", pm.Normal("t"), logp=lambda value, mu: -((value - mu) ** 2), observed=y)


def in_parts():
    values, numbers = pm.Minibatch(y, x, batch_size=10)
    pm.Normal("y", pm.Normal("t") * numbers, 1, observed=values, total_size=N)


def saturated():
    rare = pm.math.invlogit(pm.Normal("t", 0, 0.1, shape=GROUPS)[group] - 14)
    pm.Binomial("y", 10**7, rare, observed=counts)


def rare():
    pm.Binomial("y", 10**7, pm.math.invlogit(pm.Normal("t", -14, 0.1, shape=GROUPS)[group]), observed=counts)


def unused():
    pm.Normal("t")
    pm.Normal("y", pm.Normal("a"), 1, observed=y)


def measured():
    x = pm.Normal("x", pm.Normal("t"), 1, observed=y)
    pm.Normal("y", pm.Normal("b") * x, 1, observed=y)


@pytest.mark.parametrize(
    ("build", "why"),
    [
        (precision, "in proportion"),
        (log_sd, "in proportion"),
        (folded, "bends"),
        (clipped_above_its_start, "bends"),
        (clipped, "bends"),
        (lapses, "bends"),
        (items, "several entries of slope"),
        (centred_afterwards, "centred after the fact"),
        (centred_in_the_formula, "centred after the fact"),
        (unnamed_draw, "without a name"),
        (discrete, "discrete"),
        (random_walk, "RandomWalk"),
        (monotonic, "Dirichlet"),
        (two_parameters, "two parameters"),
        (sd_and_sum, "prior's sd and stands in a sum"),
        (alone_and_in_a_product, "bends"),
        (scale_of_noise_by_group, "in proportion"),
        (factors, "several entries of loading"),
        (truncated, "TruncatedNormal"),
        (own_distribution, "CustomDist"),
        (in_parts, "in parts"),
        (saturated, "between 0.0001 and 0.9999"),
        (unused, "nothing that is observed"),
        (measured, "the model of x, which is read as data"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_it_cannot_tell_and_says_why(build, why):
    row = table_of(build).loc["t"]
    assert row["role"] == "cannot tell"
    assert why in row["sentence"], row["sentence"]


def test_what_hangs_on_it_cannot_be_told_and_the_rest_can():
    assert roles(centred_afterwards) == {
        "m": "cannot tell", "s": "cannot tell", "t": "cannot tell", "i": "coefficient", "a": "cannot tell"
    }  # fmt: skip
    assert roles(log_sd) == {"t": "cannot tell", "a": "deviation"}
    assert roles(two_parameters) == {"t": "cannot tell", "c": "cannot tell"}


def test_another_part_of_the_sum_that_cannot_be_told_is_named():
    def build():
        most, at = pm.HalfNormal("most", 1), pm.HalfNormal("at", 1)
        a = pm.Normal("a", 0, pm.Exponential("s", 1), shape=GROUPS)
        pm.Normal("y", a[group] + most * half / (at + half + 0.1), 1, observed=y)

    row = table_of(build).loc["a"]
    assert (row["role"], row["add"]) == ("deviation", "f(most, at)")
    assert row["sentence"].endswith(
        "add a part made of most and at, which cannot be told, to get the expected y."
    )


# ---- what it does tell ----------------------------------------------------------------------------------------


def test_ridge_and_horseshoe_slopes_are_coefficients():
    def build():
        many = pm.Data("X", np.random.default_rng(1).normal(size=(N, 6)))
        b = pm.Normal("z", 0, 1, shape=6) * pm.HalfCauchy("own", 1, shape=6) * pm.HalfCauchy("all", 1)
        ridge = pm.Normal("r", 0, pm.Exponential("s", 1), shape=6)
        pm.Normal("y", pm.Normal("i") + many @ pm.Deterministic("b", b) + many**2 @ ridge, 1, observed=y)

    table = table_of(build)
    assert table.loc[["b", "r", "s", "z", "own"], "role"].tolist() == [
        "coefficient", "coefficient", "population sd", "standardised", "population sd"
    ]  # fmt: skip
    assert table.loc[["b", "r"], "in_sum"].tolist() == ["times X", "times data"]


def test_a_deterministic_that_is_the_whole_sum_is_taken_apart_unless_it_is_a_groups_term():
    def effects():
        eta = pm.Deterministic("eta", pm.Normal("a", *population(), shape=N) + pm.Normal("b") * x)
        pm.Binomial("y", 10, pm.math.invlogit(eta), observed=counts)

    def schools():
        theta = pm.Deterministic(
            "theta", pm.Normal("mu") + pm.HalfCauchy("tau", 5) * pm.Normal("z", 0, 1, shape=N)
        )
        pm.Normal("y", theta, 2.0, observed=y)

    found = table_of(effects)
    assert found.loc[["eta", "a", "b"], "role"].tolist() == ["computed", "level", "coefficient"]
    found = table_of(schools)
    assert found.loc["theta", ["role", "in_sum", "add", "already_in"]].tolist() == [
        "level", "as it stands", "", "mu, tau, z"
    ]  # fmt: skip
    assert found.loc["mu", ["role", "in_sum"]].tolist() == ["population mean", "through theta"]


def test_a_mean_that_is_in_the_sum_as_well_is_asked_about():
    def build():
        mean, sd = population()
        pm.Normal("y", mean + pm.Normal("a", mean, sd, shape=GROUPS)[group], 1, observed=y)

    table = table_of(build)
    assert table.loc["a", ["already_in", "add"]].tolist() == ["", "m"]
    assert table.loc["m", "sentence"].endswith("is that meant?")


@pytest.mark.parametrize(
    ("scale", "inverse"),
    [
        ("logit", pm.math.invlogit),
        ("probit", pm.math.invprobit),
        ("cloglog", lambda v: 1 - pt.exp(-pt.exp(v))),
    ],
)
@pytest.mark.parametrize("centre", [0.0, -4.0, 3.0])
def test_the_scale_is_found_where_probabilities_are_small_or_large_at_first(scale, inverse, centre):
    centre = centre / (1 if scale == "logit" else 3)

    def build():
        a = pm.Normal("a", centre, 1, shape=GROUPS)
        pm.Bernoulli("y", inverse(a[group] + pm.Normal("b") * x), observed=yes)

    assert set(table_of(build)["scale"]) == {scale}


def test_the_scale_is_found_where_the_prior_is_far_from_it():
    assert table_of(rare).loc["t", ["scale", "in_sum"]].tolist() == ["logit", "as it stands"]


def test_intercepts_and_slopes_as_two_columns_of_deviations():
    def build():
        chol, _, _ = pm.LKJCholeskyCov("chol", n=2, eta=2, sd_dist=pm.Exponential.dist(1, shape=2))
        dev = pm.MvNormal("dev", [0, 0], chol=chol, shape=(GROUPS, 2))
        hours = pm.Data("hours", x)
        slope = pm.Normal("slope")
        pm.Normal("y", pm.Normal("i") + dev[group, 0] + (slope + dev[group, 1]) * hours, 1, observed=y)

    table = table_of(build)
    assert table.loc["dev", ["role", "in_sum", "already_in"]].tolist() == [
        "deviation",
        "as it stands; times hours",
        "",
    ]
    assert table.loc["chol", "role"] == "correlation factor"
    assert table.attrs["loose"] == [["dev", "i"], ["dev", "slope"]]
    assert table.attrs["notes"][1].startswith("dev[:, 1] and slope share a loose constant.")


def test_the_scale_of_a_student_t_is_not_called_its_sd():
    def build():
        a = pm.StudentT("a", nu=4, mu=pm.Normal("m"), sigma=pm.Exponential("s", 1), shape=GROUPS)
        pm.StudentT("y", nu=pm.Gamma("nu", 2, 0.1), mu=a[group], sigma=pm.Exponential("e", 1), observed=y)

    table = table_of(build)
    assert table["role"].to_dict() == {
        "m": "population mean", "s": "population sd", "a": "level", "nu": "shape", "e": "noise"
    }  # fmt: skip
    assert all("scale (not the sd)" in table.loc[name, "sentence"] for name in ["s", "e"])


def test_a_mean_with_a_weight_is_not_called_a_mean():
    def build():
        pm.Normal(
            "y",
            pm.Normal("a", -2 * pm.Normal("m"), pm.Exponential("s", 1), shape=GROUPS)[group],
            1,
            observed=y,
        )

    row = table_of(build).loc["m"]
    assert row["role"] == "cannot tell" and "weight other than 1" in row["sentence"]


def test_two_outcomes_have_rows_of_their_own():
    def build():
        a = pm.Normal("a", *population(), shape=GROUPS)
        pm.Normal("y", a[group] + pm.Normal("b") * x, 1, observed=y)
        pm.Bernoulli("d", logit_p=-2 * a[group], observed=yes)

    table = table_of(build).set_index("outcome", append=True)
    assert table.loc[("a", "y"), ["scale", "add"]].tolist() == ["identity", "b * data"]
    assert table.loc[("a", "d"), ["scale", "in_sum", "add"]].tolist() == ["logit", "minus, times 2", ""]
    assert ("b", "d") not in table.index


def test_a_level_without_rows_is_said():
    def build():
        pm.Normal("y", pm.Normal("a", *population(), shape=GROUPS + 1)[group], 1, observed=y)

    table = table_of(build)
    assert table.attrs["unvisited"] == {"a": ["a[5]"]}
    assert "No row uses a[5], so it is known only through the prior." in table.attrs["notes"]


def test_the_zero_of_a_sum_to_zero_term_is_said():
    def build():
        pm.Normal("y", pm.Normal("i") + pm.ZeroSumNormal("a", 1, shape=GROUPS)[group], 1, observed=y)

    table = table_of(build)
    assert "Its 5 entries sum to zero, so 4 of them are free." in table.loc["a", "sentence"]
    assert "i is the mean of these groups, not of a population." in table.loc["i", "sentence"]
    assert table.attrs["loose"] == []


# ---- with draws -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def idata():
    return load_posterior("m_13_4")


def test_healthy_draws_give_numbers(m_13_4, idata):
    table = read_table(m_13_4, idata)
    draws = idata["posterior"]["a_bar"].to_numpy().ravel()
    assert table.attrs["health"] == []
    assert table.loc["a_bar", "mean"] == pytest.approx(draws.mean())
    assert table.loc["a_bar", ["eti89_lb", "eti89_ub"]].tolist() == pytest.approx(
        np.quantile(draws, [0.055, 0.945])
    )
    number = f"posterior mean {draws.mean():.2f} and an 89% equal-tailed interval from"
    assert number in table.loc["a_bar", "sentence"]
    second = idata["posterior"]["a"].sel(actor="actor 2")
    assert table.attrs["numbers"]["a[actor 2]"]["sd"] == pytest.approx(float(second.std(ddof=1)))
    assert pd.isna(table.loc["a", "mean"]) and "For example, a[actor 1] has" in table.loc["a", "sentence"]


def with_divergence(idata):
    stats = idata["sample_stats"].to_dataset().copy(deep=True)
    stats["diverging"][0, 0] = True
    return xr.DataTree.from_dict({"posterior": idata["posterior"].to_dataset(), "sample_stats": stats})


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda d: d.isel(chain=[0]), "one chain"),
        (
            lambda d: xr.DataTree.from_dict({"posterior": d["posterior"].to_dataset()}),
            "no group sample_stats",
        ),
        (with_divergence, "There is 1 divergence."),
        (lambda d: d.isel(draw=slice(0, 60)), "ESS"),
        (lambda d: d.isel(draw=slice(0, 3)), "There are only 12 draws"),
        (
            lambda d: edited(d, lambda p: p.assign(a=p["a"].where(p["a"] < p["a"].max()))),
            "not finite numbers: a",
        ),
        (
            lambda d: edited(d, lambda p: p.assign(b=p["b"] * 0 + 1).drop_vars("p")),
            "The same value in every draw: b",
        ),
        (lambda d: edited(d, lambda p: p.isel(chain=[0, 0, 1, 2])), "Chains 1 and 2 have the same draws"),
        (lambda d: edited(d, lambda p: p.isel(chain=[0, 1])), "differ in chains or draws"),
    ],
    ids=[
        "one chain",
        "no sample_stats",
        "divergence",
        "few draws",
        "very few",
        "nan",
        "stuck",
        "twice",
        "other run",
    ],
)
def test_sick_draws_give_no_numbers(m_13_4, idata, spoil, why):
    table = read_table(m_13_4, spoil(idata))
    (sentence,) = table.attrs["health"]
    assert why in sentence
    assert "mean" not in table and not table.attrs["numbers"]
    assert not table["sentence"].str.contains("posterior mean").any()
    assert sentence in repr(table) and sentence in table._repr_html_()
    assert repr(table).index(sentence) < repr(table).index("a_bar")


def test_chains_that_disagree_give_no_numbers(m_13_4, idata):
    posterior = idata["posterior"].to_dataset().copy(deep=True)
    posterior["a_bar"][0] += 3
    spoilt = xr.DataTree.from_dict(
        {"posterior": posterior, "sample_stats": idata["sample_stats"].to_dataset()}
    )
    assert "r_hat" in read_table(m_13_4, spoilt).attrs["health"][0]


def edited(idata, edit):
    posterior = edit(idata["posterior"].to_dataset().copy(deep=True))
    return xr.DataTree.from_dict({"posterior": posterior, "sample_stats": idata["sample_stats"].to_dataset()})


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (lambda d: d.drop_vars("z"), "lacks z"),
        (lambda d: d.isel(actor=slice(0, 6)), r"shape \(6,\) in idata and \(7,\)"),
        (lambda d: d.assign_coords(treatment=["L/P", "R/P", "L/N", "R/N"]), "other labels of treatment"),
        (lambda d: d.assign(g=d["g"] + 0.1), "g in idata is not what this model computes"),
        (lambda d: d.rename(chain="run"), "Expected: chain, draw"),
        (lambda d: d.assign(sigma_a=-d["sigma_a"]), "sigma_a is below 0 in idata"),
        (lambda d: d.assign(a_bar=d["a_bar"].astype(str)), "a_bar in idata has no draws of numbers"),
        (lambda d: d.isel(draw=slice(0, 0)), "in idata has no draws of numbers"),
    ],
    ids=["lacks", "shape", "labels", "computed", "stacked", "sign", "text", "none"],
)
def test_draws_of_another_model_are_refused_in_one_sentence(m_13_4, idata, edit, words):
    with pytest.raises(ValueError, match=words):
        read_table(m_13_4, edited(idata, edit))


@pytest.mark.parametrize("odd", ["m_13_4.nc", 5, {"posterior": 1}, pd.DataFrame({"a": [1]})], ids=str)
def test_what_is_no_idata_is_refused_in_one_sentence(m_13_4, odd):
    with pytest.raises(ValueError, match="^idata has no group named posterior"):
        read_table(m_13_4, odd)


def test_the_other_posteriors_of_the_course_are_of_other_models(m_13_4):
    for name in ["m_13_2", "m_13_4_thread"]:
        with pytest.raises(ValueError, match="of another model"):
            read_table(m_13_4, load_posterior(name))


def test_a_bend_that_only_the_draws_reach_is_found():
    def build():
        a = pm.Normal("a", 0, 1)
        pm.Normal("y", pt.switch(a > 500, 500.0, a) + pm.Normal("b") * x, 1, observed=y)

    with pm.Model() as model:
        build()
    assert set(read_table(model)["role"]) == {"coefficient"}
    random = np.random.default_rng(3)
    draws = {"a": 600 + random.normal(size=(2, 500)), "b": random.normal(size=(2, 500))}
    data = xr.Dataset({name: (("chain", "draw"), v) for name, v in draws.items()})
    stats = xr.Dataset({"diverging": (("chain", "draw"), np.zeros((2, 500), bool))})
    table = read_table(model, xr.DataTree.from_dict({"posterior": data, "sample_stats": stats}))
    assert set(table["role"]) == {"cannot tell"}
    assert table["sentence"].str.contains("at the draws of the posterior").all()


# ---- round about ----------------------------------------------------------------------------------------------


def test_a_bambi_model_is_read_when_it_is_built(m_13_4):
    built = SimpleNamespace(backend=SimpleNamespace(model=m_13_4), center_predictors=True)
    table = read_table(built)
    assert table["role"].equals(read_table(m_13_4)["role"])
    assert "Bambi" in table.attrs["notes"][-1]
    with pytest.raises(ValueError, match=r"Call its build\(\)"):
        read_table(SimpleNamespace(backend=None))
    with pytest.raises(ValueError, match="of type dict"):
        read_table({})


def test_bambis_draws_may_lack_standardised_terms(m_13_4, idata):
    built = SimpleNamespace(backend=SimpleNamespace(model=m_13_4), center_predictors=False)
    table = read_table(built, edited(idata, lambda d: d.drop_vars("z")))
    assert table.attrs["health"] == [] and "posterior mean" in table.loc["g", "sentence"]
    assert "posterior mean" not in table.loc["z", "sentence"]


def test_it_is_a_frame_that_shows_notes_below(m_13_4):
    table = read_table(m_13_4)
    html = table._repr_html_()
    assert isinstance(table, pd.DataFrame)
    assert html.index("as it stands") < html.index("share loose constants")
    assert "<script>" not in read_table(_named("<script>"))._repr_html_()
    assert "share loose constants" in table[["role", "sentence"]]._repr_html_()


def _named(name):
    with pm.Model() as model:
        pm.Normal("y", pm.Normal(name), 1, observed=y)
    return model


def test_importing_helpers_imports_no_pymc():
    code = "import sys, helpers; from helpers import read_table; print('pymc' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
