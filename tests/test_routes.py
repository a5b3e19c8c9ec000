"""No wrong road to an exercise is told "Right", no right one "Not yet", and no reply names a wrong step.

Each road is computed here from the files in data/, without the course's helpers. A road belongs to
a kind, and each kind that a form of exercise can have is either here or has a reason in WHY_NOT.
"""

import re
from dataclasses import replace
from functools import cache

import arviz as az
import numpy as np
import pandas as pd
import pytest
import xarray as xr
from notebook_checks import ROOT
from scipy.special import expit, logit
from scipy.stats import logistic, norm

from helpers.exercises import exercises
from helpers.exercises.engine import reply

NUMBER = ["index", "dropped", "a_bar", "scale", "odds", "percent", "lever", "sign", "plug-in", "median"]
KINDS = {
    "number": NUMBER,
    "interval": [*NUMBER, "HDI", "mass", "ends", "spread"],
    "spread": [*NUMBER, "variance", "standard error"],
    "count": ["confusion"],
    "choice": ["letter"],
}
FORMS = {"04.2": "interval", "05.2": "interval", "03.3": "spread"}

# what a reply to a road of each kind has to say, where it says more than "too high"
CAUSES = {
    "index": r"different (actor|row|draw|treatment|tank|pair|groups|zBase|person|school|pair of schools|category|judge)",
    "dropped": r"missing|of one part alone|no treatment has|same for every|reference|where is|deviation alone",
    "a_bar": r"a_bar|median chimpanzee|population's median|twice",
    "scale": r"log-odds|probability scale",
    "odds": r"odds",
    "percent": r"percentage",
    "lever": r"sign inside|minus sign inside|below",
    "sign": r"sign|subtracted|against|below",
    "plug-in": r"before the curve|plug-in|printed|mean over the draws taken first|curve of a mean|exact enough|mean in it",
    "median": r"median",
    "HDI": r"HDI",
    "mass": r"mass",
    "ends": r"ends",
    "spread": r"mean and the sd|independent",
    "variance": r"variance",
    "standard error": r"square root of the number of draws",
    "letter": r"Not yet",  # each letter has a sentence of its own
}
# Replies that name no step. A hint of your own that begins with "A probability " or "A difference of
# two " would count as one of them, so let it begin differently.
GENERIC = r"Not yet\. (Your number is too (high|low)|Look again at number|A (probability|difference of two) )"

# roads that no setting tells from the right one: how near they come, and what the right reply says of them
NEAR = {
    ("06.4", "plug-in", "means of a_bar and sigma"): (0.0015, r"means of a_bar and sigma"),
    ("06.5", "median", "median of the difference"): (0.0005, r"median of the difference"),
}

# roads whose reply only says which way the number is off
UNNAMED = {
    ("02.1", "p's log-odds"),
    ("03.3", "percent"),
    ("04.2", "turned"),
    ("04.4", "odds"),
    ("04.4", "of p"),
    ("05.1", "added to the seven"),
    ("05.1", "draws counted"),
    ("06.4", "draws counted"),
}

ONE_STEP = "the answer is computed from a given number, not from the table"
WHY_NOT = {
    "01.1": {kind: ONE_STEP for kind in ["index", "dropped", "a_bar", "plug-in", "median"]}
    | {"sign": "the size of a probability with its sign turned is no probability; see lever"},
    "01.4": {"sign": "a probability has no sign; see lever"},
    "02.1": {"percent": "log-odds are no proportion", "lever": "the exercise ends before the curve", "plug-in": "no curve"},
    "02.2": {"sign": "a probability has no sign; see lever"},
    "02.3": {
        "percent": "log-odds are no proportion",
        "lever": "the exercise ends before the curve",
        "plug-in": "the table has estimates, not draws",
        "median": "the table has estimates, not draws",
    },
    "03.1": {"sign": "a probability has no sign; see lever"},
    "03.3": {
        "odds": "an sd of odds is far above 1 here and is asked nowhere",
        "lever": "1 - p has the same sd, so this road is right",
        "sign": "an sd has no sign",
        "plug-in": "one number has no sd",
        "median": "a median is no spread; the road by quantiles is an interval's",
    },
    "04.1": {"odds": "a gap of odds is on neither of the two scales that the lesson has"},
    "04.2": {
        "percent": "log-odds are no proportion",
        "lever": "the exercise ends before the curve",
        "plug-in": "the curve keeps quantiles",
        "median": "an interval of draws has no median in it",
    },
    "04.4": {
        "index": "one eta is given, without an actor",
        "dropped": "one eta is given, without parts",
        "a_bar": "one eta is given, without a population",
        "sign": "a probability has no sign; see lever",
    },
    "05.1": {"odds": "the odds are above 0.6 in other draws only by the curve; see scale"},
    "05.2": {"plug-in": "a plug-in has no interval", "median": "an interval of draws has no median in it"},
    "05.5": {
        "dropped": "with one term left out it is the odds of one coefficient; see odds",
        "a_bar": "a_bar cancels in a difference",
        "lever": "the exercise does not use expit; turned round it is the inverse ratio, see sign",
        "percent": "a ratio is no proportion",
    },
    "06.1": {"sign": "a probability has no sign; see lever", "dropped": "the sum has one term"},
    "06.2": {"sign": "a probability has no sign; see lever", "dropped": "the sum has one term", "plug-in": "it is asked for"},
    "06.3": {"odds": "a gap of odds is on neither of the two scales", "dropped": "the sum has one term"},
    "06.4": {
        "index": "a new tank has no index",
        "odds": "0.85 is compared with a probability or with log-odds; see scale",
        "sign": "a probability has no sign; see lever",
    },
    "06.5": {"odds": "the odds of an average are asked nowhere; the ratio is under scale", "dropped": "the sum has one term"},
    "06.6": {
        "percent": "log-odds are no proportion",
        "lever": "the exercise ends before the curve",
        "plug-in": "the table has means, not draws",
        "median": "the table has means, not draws",
    },
    "08.2": {"percent": "log-odds are no proportion", "lever": "the exercise ends before the curve; see sign"},
    "07.1": {kind: "the outcome is in ms, and the table has estimates" for kind in ["scale", "odds", "percent", "lever", "plug-in", "median"]},
    "07.2": {kind: "the outcome is in points" for kind in ["scale", "odds", "percent", "lever"]},
    "07.3": {kind: "a ratio of counts is no proportion" for kind in ["odds", "percent", "lever"]}
    | {"a_bar": "the population is not in a ratio"},
    "07.4": {kind: "the table has estimates, not draws" for kind in ["plug-in", "median"]}
    | {"a_bar": "the judge's term is 0, as the exercise says"},
    "07.5": {"median": "a median slope is on one side of 0, as its mean; see plug-in"},
    "07.6": {
        "dropped": "mu cancels and tau is positive, so these roads are right (RIGHT_ROADS)",
        "a_bar": "mu cancels",
        "sign": "turned round it is 1 - p; see lever",
        "median": "medians of the two are in the order of their means; see plug-in",
    },
    "07.7": {kind: "a count is no proportion" for kind in ["odds", "percent", "lever"]}
    | {"a_bar": "the patients' terms have mean 0; see dropped for their spread"},
    "07.8": {"a_bar": "the judges' terms have mean 0; see dropped"},
}  # fmt: skip


@cache
def draws(name):
    """Return the posterior draws by name: one line per draw, one column per entry."""
    with xr.open_datatree(ROOT / "data" / f"{name}.nc") as tree:
        stored = tree["posterior"].to_dataset().load()
    number = stored.sizes["chain"] * stored.sizes["draw"]
    return {key: stored[key].to_numpy().reshape(number, -1).astype(float) for key in stored.data_vars}


@cache
def codes():
    """Return the actor, block and treatment of each row, counted from 0."""
    d = pd.read_csv(ROOT / "data" / "chimpanzees.csv", sep=";")
    block = (d["trial"] + 11) // 12  # one row of the file has a wrong block
    return pd.DataFrame(
        {"a": d["actor"] - 1, "g": block - 1, "b": d["prosoc_left"] + 2 * d["condition"]}
    ).astype(int)


def eta(draw=slice(None), **entries):
    """Return the sum of the named entries, such as a=6, b=0, in each draw."""
    m = draws("m_13_4")
    return sum(m[name][draw, entry] for name, entry in entries.items())


def moved(entries, sizes=None):
    """Yield the entries with one of them moved by one."""
    sizes = sizes or {"a": 7, "g": 6, "b": 4}
    for name, entry in entries.items():
        for step in [-1, 1]:
            if 0 <= entry + step < sizes[name]:
                yield f"{name} {step:+d}", entries | {name: entry + step}


def left_out(entries):
    """Yield the entries without one of them."""
    for name in entries:
        yield f"no {name}", {other: entry for other, entry in entries.items() if other != name}


def by_means(*parts):
    """Return sums of means: exact, of two decimals, as ArviZ prints them."""
    means = [part.mean() for part in parts]
    return {
        "by means": sum(means),
        "by means of two decimals": sum(round(x, 2) for x in means),
        "from the printed table": sum(float(f"{x:.2g}") for x in means),
    }


def interval(x, mass=0.89):
    return tuple(np.quantile(x, [(1 - mass) / 2, (1 + mass) / 2]))


def gap(x):
    return expit(x).mean() - expit(x.mean())


def row(i):
    return codes().loc[i].to_dict()


def roads(statistic, entries, row_number=None):
    """Return what every statistic of a + g + b has in common: wrong indices, terms left out, a_bar added."""
    found = {
        "index": {name: statistic(eta(**other)) for name, other in moved(entries)},
        "dropped": {name: statistic(eta(**other)) for name, other in left_out(entries)},
        "a_bar": {"by draws": statistic(eta(**entries) + draws("m_13_4")["a_bar"][:, 0])},
    }
    if row_number is not None:
        for i in [0, 100, row_number - 1, row_number + 1]:
            if row(i) != entries:
                found["index"][f"row {i}"] = statistic(eta(**row(i)))
    return found


def of_a_mean(entries, row_number=None):
    """Return the wrong roads to the posterior mean of p."""
    x, a_bar = eta(**entries), draws("m_13_4")["a_bar"][:, 0]
    parts = [draws("m_13_4")[name][:, entry] for name, entry in entries.items()]
    sums, added, p = by_means(*parts), by_means(*parts, a_bar), expit(x).mean()
    found = roads(lambda x: expit(x).mean(), entries, row_number)
    found["a_bar"] |= {name: expit(value) for name, value in added.items()}
    found["dropped"] |= {f"{name}, by means": expit(eta(**other).mean()) for name, other in left_out(entries)}
    return found | {
        "scale": {"mean of the sum": x.mean(), **sums},
        "odds": {
            "mean of exp": np.exp(x).mean(),
            "exp of the mean": np.exp(x.mean()),
            "p / (1 - p)": p / (1 - p),
        },
        "percent": {"percent": 100 * p},
        "lever": {
            "1 - p": 1 - p,
            "1 / (1 + exp(eta))": (1 / (1 + np.exp(x))).mean(),
            "by means": expit(-x.mean()),
        },
        "plug-in": {name: expit(value) for name, value in sums.items()},
        "median": {"median of p": np.median(expit(x)), "expit of the median": expit(np.median(x))},
    }


def lesson_01():
    i, s = 332, 6
    here, a_bar = row(i), draws("m_13_4")["a_bar"][:, 0]
    x = float(eta(s, **here))
    everywhere = eta(**here)

    def p(draw=s, **entries):
        return float(expit(eta(draw, **entries)))

    own_numbers = {"a": here["a"] + 1, "g": here["g"] + 1, "b": here["b"]}
    yield (
        "01.1",
        {
            "scale": {
                "the sum": -1.2,
                "slope of one quarter": 0.5 - 1.2 / 4,
                "between the table's values": 0.24,
            },
            "odds": {"exp": np.exp(-1.2), "exp without the sign": np.exp(1.2)},
            "percent": {"percent": 23.1, "100 p": 100 * expit(-1.2)},
            "lever": {
                "1 - p": 1 - expit(-1.2),
                "no minus": 1 / (1 + np.exp(-1.2)),
                "sign dropped": expit(1.2),
            },
        },
    )
    counted = {
        "seven": 20,
        "nine of everything": 30,
        "pulls": 648,
        "pulls too": 670,
        "no hyperparameters": 19,
        "with g": 28,
    }
    words = ["seven chimpanzees", "nine of everything", "pulls", "pulls", "hyperparameters", "computed"]
    causes.update({("01.2", "confusion", name): word for name, word in zip(counted, words, strict=True)})
    yield "01.2", {"confusion": counted}
    causes["01.1", "scale", "slope of one quarter"] = causes[
        "01.1", "scale", "between the table's values"
    ] = "straight line"
    for kind, name in [
        ("plug-in", "of all draws"),
        ("plug-in", "mean of all draws"),
        ("median", "of all draws"),
    ]:
        causes["01.4", kind, name] = "summary of all draws"
    yield "01.3", "ABD"
    yield (
        "01.4",
        {
            "index": {name: p(**other) for name, other in moved(here)}
            | {f"row {k}": p(**row(k)) for k in [i - 1, i + 1, 0] if row(k) != here}
            | {"draw 5": p(5, **here), "draw 7": p(7, **here), "second chain": p(1006, **here)}
            | {"the file's numbers as codes": p(**own_numbers)},
            "dropped": {name: p(**other) for name, other in left_out(here)},
            "a_bar": {
                "of the draw": expit(x + a_bar[s]),
                "its mean": expit(x + a_bar.mean()),
                "printed": expit(x + 0.6),
            },
            "scale": {"the sum": x},
            "odds": {"exp": np.exp(x)},
            "percent": {"percent": 100 * expit(x)},
            "lever": {"1 - p": expit(-x)},
            "plug-in": {
                "of all draws": expit(everywhere.mean()),
                "mean of all draws": expit(everywhere).mean(),
            },
            "median": {"of all draws": np.median(expit(everywhere))},
        },
    )


def lesson_02():
    m = draws("m_13_4")
    a_bar, g_1 = m["a_bar"][:, 0], m["g"][:, 0]
    here = {"a": 6, "b": 0}
    x, parts = eta(**here), [m["a"][:, 6], m["b"][:, 0]]
    found = roads(np.mean, here)
    found["a_bar"] |= by_means(*parts, a_bar) | {"in place of a": (a_bar + parts[1]).mean()}
    yield (
        "02.1",
        found
        | {
            "index": found["index"] | {"lesson's actor": eta(a=0, b=0).mean()},
            "scale": {"p": expit(x).mean(), "plug-in": expit(x.mean())},
            "odds": {"exp": np.exp(x).mean(), "exp of the mean": np.exp(x.mean())},
            "sign": {"sign": -x.mean()},
            "median": {"median": np.median(x)},
        },
    )
    yield "02.2", of_a_mean({"a": 5, "b": 3})
    lme4 = pd.read_csv(ROOT / "data" / "lme4_m_13_4.csv", keep_default_na=False).set_index(
        ["kind", "group", "level"]
    )
    lme4 = lme4["estimate"].astype(float).to_dict()
    base, to_RP, dev = (
        lme4["fixed", "", "(Intercept)"],
        lme4["fixed", "", "treatment R/P"],
        lme4["deviation", "actor", "7"],
    )
    right = base + to_RP + dev
    ours = eta(a=6, b=2).mean()
    yield (
        "02.3",
        {
            "index": {
                "actor 6": base + to_RP + lme4["deviation", "actor", "6"],
                "L/N": base + lme4["fixed", "", "treatment L/N"] + dev,
                "L/P": base + lme4["fixed", "", "treatment L/P"] + dev,
            },
            "dropped": {"deviation": dev, "no effect": base + dev, "no deviation": base + to_RP},
            "a_bar": {
                "for the intercept": a_bar.mean() + to_RP + dev,
                "printed": 0.6 + to_RP + dev,
                "intercept twice": right + base,
            },
            "scale": {"p": expit(right)},
            "odds": {"odds": np.exp(right)},
            "sign": {
                "deviation turned": base + to_RP - dev,
                "effect turned": base - to_RP + dev,
                "all turned": -right,
            },
        },
    )
    causes["02.3", "dropped", "no deviation"] = "same for every"
    others["02.3"] = {
        "no intercept": (dev + to_RP, "intercept missing"),
        "our coefficients": (ours, "our coefficients"),
        "our coefficients and a_bar": (ours + a_bar.mean(), "our coefficients"),
        "block added": (right + lme4["deviation", "block", "1"], "block"),
    }
    others["02.1"] = {
        "block added": ((x + g_1).mean(), "block"),
        "p's log-odds": (logit(expit(x).mean()), None),
    }
    yield "02.4", "BCD"
    yield "02.5", "ABC"


def lesson_03():
    i, j = 437, 111
    here, of_sd = row(i), row(j)
    yield "03.1", of_a_mean(here, i)
    yield "03.2", "ACD"
    x = eta(**of_sd)
    p, parts = expit(x), [draws("m_13_4")[name][:, entry] for name, entry in of_sd.items()]
    sds = [part.std() for part in parts]
    yield (
        "03.3",
        roads(lambda x: expit(x).std(), of_sd, j)
        | {
            "scale": {
                "sd of eta": x.std(),
                "sds squared": np.hypot(np.hypot(*sds[:2]), sds[2]),
                "sds added": sum(sds),
            },
            "percent": {"percent": 100 * p.std()},
            "variance": {"variance": p.var()},
            "standard error": {"standard error": p.std() / np.sqrt(4000)},
        },
    )
    others["03.3"] = {
        "mean": (p.mean(), "mean of p"),
        "one pull": (np.sqrt(p.mean() * (1 - p.mean())), "single pull"),
        "slope times sd": (x.std() * expit(x.mean()) * expit(-x.mean()), "slope"),
    }
    counted = {
        "entries": 1008,
        "rows": 504,
        "twice": 40,
        "cells": 167,
        "no hyperparameters": 17,
        "with g": 26,
        "all": 1028,
    }
    words = [
        "entries of p",
        "entries of p",
        "more chimpanzees",
        "different values",
        "hyperparameters",
        "computed",
        "entries of p",
    ]
    causes.update({("03.4", "confusion", name): word for name, word in zip(counted, words, strict=True)})
    yield "03.4", {"confusion": counted}
    yield "03.5", "ABD"
    yield "03.6", "BCD"


def lesson_04():
    i = 469
    here = row(i)
    x = eta(**here)
    p, plug = expit(x).mean(), expit(x.mean())
    parts = [draws("m_13_4")[name][:, entry] for name, entry in here.items()]
    rounded = {name: p - expit(value) for name, value in by_means(*parts).items() if name != "by means"}
    yield (
        "04.1",
        roads(gap, here, i)
        | {
            "scale": {"log-odds": logit(p) - x.mean()},
            "percent": {"percent": 100 * gap(x)},
            "lever": {"1 / (1 + exp(eta)), both": (1 - expit(x)).mean() - (1 - plug)},
            "sign": {"plug-in minus mean": plug - p},
            "plug-in": {
                "zero": 0.0,
                "plug-in alone": plug,
                **rounded,
                "second order": x.var() * plug * (1 - plug) * (0.5 - plug),
            },
            "median": {
                "median minus plug-in": np.median(expit(x)) - plug,
                "mean minus median": p - np.median(expit(x)),
            },
        },
    )
    causes["04.1", "plug-in", "zero"] = "same place"
    causes["04.1", "plug-in", "plug-in alone"] = "one of the two"
    causes["04.1", "plug-in", "second order"] = "second-order"
    others["04.1"] = {"mean of p alone": (p, "one of the two")}

    seven = {"a": 6, "b": 0}
    x, a_7, b_RN = eta(**seven), draws("m_13_4")["a"][:, 6], draws("m_13_4")["b"][:, 0]
    half = 1.598 * np.hypot(a_7.std(), b_RN.std())
    yield "04.2", roads(interval, seven) | of_an_interval(x, [a_7, b_RN]) | {
        "scale": {"of p": interval(expit(x)), "expit of the ends": tuple(expit(interval(x)))},
        "odds": {"exp": interval(np.exp(x))},
        "sign": {"turned": interval(-x)},
        "spread": {"Normal": (x.mean() - 1.598 * x.std(), x.mean() + 1.598 * x.std()), "independent": (x.mean() - half, x.mean() + half)},
    }  # fmt: skip
    others["04.2"] = {
        "block added": (interval(x + draws("m_13_4")["g"][:, 0]), "block"),
        "turned round": (interval(x)[::-1], "order"),
        "median chimpanzee": (interval(draws("m_13_4")["a_bar"][:, 0] + b_RN), "median chimpanzee"),
    }
    yield "04.3", "ACD"
    z = norm.ppf((np.arange(50_000) + 0.5) / 50_000)
    right, curve = expit(2 + 2 * z).mean(), expit(2)
    yield (
        "04.4",
        {
            "scale": {"the mean of eta": 2.0, "the gap": right - curve},
            "odds": {"odds": np.exp(2), "of p": right / (1 - right)},
            "percent": {"percent": 100 * right},
            "lever": {"1 - p": 1 - right, "1 - plug-in": 1 - curve},
            "plug-in": {"plug-in": curve, "second order": curve + 2 * curve * (1 - curve) * (1 - 2 * curve)},
            "median": {"median": expit(np.median(2 + 2 * z))},
        },
    )
    causes["04.4", "scale", "the gap"] = "gap"
    causes["04.4", "median", "median"] = "plug-in"
    causes["04.4", "plug-in", "second order"] = "second-order"
    others["04.4"] = {
        "sd taken for the variance": (expit(2 + np.sqrt(2) * z).mean(), "spread"),
        "variance taken for the sd": (expit(2 + 4 * z).mean(), "spread"),
        "sd of 1": (expit(2 + z).mean(), "spread"),
        "two values": (expit([0, 4]).mean(), "few values"),
        "even steps": (expit(np.linspace(-2, 6, 500)).mean(), "few values"),
        "how often above 0": (norm.cdf(1), "above 0"),
        "Normal's curve": (norm.cdf(2 / np.sqrt(5)), "curve expit"),
    }
    yield "04.5", "ABC"


def of_an_interval(x, parts):
    """Return the wrong intervals of a sum of parts."""
    ends = [interval(part) for part in parts]
    return {
        "HDI": {"89% HDI": tuple(az.hdi(x, prob=0.89)), "94% HDI": tuple(az.hdi(x, prob=0.94))},
        "mass": {f"{mass:.0%}": interval(x, mass) for mass in [0.9, 0.94, 0.95]}
        | {"0.11 to 0.89": interval(x, 0.78)},
        "ends": {"ends added": tuple(np.sum(ends, axis=0))},
    }


def lesson_05():
    m = draws("m_13_4")
    a_bar, sigma_a = m["a_bar"], m["sigma_a"]
    z = norm.ppf((np.arange(500) + 0.5) / 500)
    level = a_bar + sigma_a * z

    def new(t):
        return expit(level + m["b"][:, [t]])

    def population(t):
        return new(t).mean(axis=1)

    def above(x):
        return (np.asarray(x) > 0.6).mean()

    right, seven = above(population(0)), expit(m["a"] + m["b"][:, [0]])
    median = expit(a_bar[:, 0] + m["b"][:, 0])
    yield "05.1", {
        "index": {"L/N": above(population(1)), "R/P": above(population(2)), "L/P": above(population(3))},
        "dropped": {"no sigma_a": above(median), "no b": above(expit(level).mean(axis=1)), "no a_bar": above(expit(sigma_a * z + m["b"][:, [0]]).mean(axis=1))},
        "a_bar": {"added to the seven": above(expit(a_bar + m["a"] + m["b"][:, [0]]).mean(axis=1))},
        "scale": {"0.6 as log-odds": above(level + m["b"][:, [0]]), "of the median": above(a_bar[:, 0] + m["b"][:, 0])},
        "percent": {"percent": 100 * right, "draws counted": 4000 * right},
        "lever": {"1 - p": above(1 - population(0))},
        "sign": {"below": 1 - right},
        "plug-in": {"mean of the draws first": above(population(0).mean()), "by chimpanzee": above(new(0).mean(axis=0))},
        "median": {"median chimpanzee": above(median)},
    }  # fmt: skip
    causes["05.1", "dropped", "no b"], causes["05.1", "dropped", "no a_bar"] = (
        "coefficient of R/N",
        "Is a_bar in it",
    )
    causes["05.1", "dropped", "no sigma_a"] = causes["05.1", "median", "median chimpanzee"] = (
        "median chimpanzee"
    )
    causes["05.1", "plug-in", "by chimpanzee"] = "taken first"
    causes["05.1", "index", "L/N"] = causes["05.1", "index", "R/P"] = "different treatment"
    for name in ["percent", "draws counted"]:
        causes["05.1", "percent", name] = "percentage"
    others["05.1"] = {
        "new chimpanzee": (above(new(0)), "new chimpanzee"),
        "these seven": (above(seven.mean(axis=1)), "seven"),
        "each of the seven": (above(seven), "seven"),
        "mean of the proportion": (population(0).mean(), "mean of the proportion"),
        "sd of the proportion": (population(0).std(), "an sd"),
    }

    def rise(level, to=3, start=2):
        return expit(level + m["b"][:, to]) - expit(level + m["b"][:, start])

    a_7 = m["a"][:, 6]
    x, effect = rise(a_7), m["b"][:, 3] - m["b"][:, 2]
    p_low, p_high = expit(a_7 + m["b"][:, 2]), expit(a_7 + m["b"][:, 3])
    half = 1.598 * np.hypot(p_low.std(), p_high.std())
    low_of, high_of = interval(p_low), interval(p_high)
    yield "05.2", of_an_interval(x, [p_low]) | {
        "index": {"actor 6": interval(rise(m["a"][:, 5])), "L/N to L/P": interval(rise(a_7, 3, 1)), "R/N to L/N": interval(rise(a_7, 1, 0)), "R/N to L/P": interval(rise(a_7, 3, 0))},
        "dropped": {"no a": interval(rise(0)), "no R/P": high_of, "no L/P": low_of},
        "a_bar": {"added": interval(rise(a_7 + a_bar[:, 0])), "in place of a": interval(rise(a_bar[:, 0]))},
        "scale": {"log-odds": interval(effect), "expit of log-odds": interval(expit(effect))},
        "odds": {"odds ratio": interval(np.exp(effect)), "ratio": interval(p_high / p_low)},
        "percent": {"percent": tuple(100 * q for q in interval(x))},
        "lever": {"no minus": interval((1 - p_high) - (1 - p_low))},
        "sign": {"turned": interval(-x)},
        "ends": {"low minus high": (high_of[0] - low_of[1], high_of[1] - low_of[0]), "low minus low": (high_of[0] - low_of[0], high_of[1] - low_of[1])},
        "spread": {"Normal": (x.mean() - 1.598 * x.std(), x.mean() + 1.598 * x.std()), "independent": (x.mean() - half, x.mean() + half)},
    }  # fmt: skip
    for name in ["no R/P", "no L/P"]:
        causes["05.2", "dropped", name] = "one part alone"
    causes["05.2", "dropped", "no a"] = "actor 7 in it"
    causes["05.2", "scale", "expit of log-odds"] = "expit applied to a difference"
    causes["05.2", "odds", "odds ratio"] = causes["05.2", "odds", "ratio"] = "ratio"
    others["05.2"] = {
        "block added": (interval(rise(a_7 + m["g"][:, 0])), "block"),
        "these seven": (
            interval(np.mean([rise(m["a"][:, k]) for k in range(7)], axis=0)),
            "average of the seven",
        ),
        "population": (interval(population(3) - population(2)), "population"),
        "turned round": (interval(x)[::-1], "order"),
    }
    yield "05.3", "BCD"
    yield "05.4", "ABC"
    ratio = np.exp(effect)
    b = m["b"]

    def median_ratio(p, q):
        return np.median(p / (1 - p) / (q / (1 - q)))

    yield "05.5", {
        "index": {"L/N for L/P": np.median(np.exp(b[:, 1] - b[:, 2])), "L/N for R/P": np.median(np.exp(b[:, 3] - b[:, 1])), "R/N": np.median(np.exp(b[:, 3] - b[:, 0]))},
        "scale": {"log": np.median(effect), "mean of the log": effect.mean(), "of p, actor 1": np.median(expit(m["a"][:, 0] + b[:, 3]) / expit(m["a"][:, 0] + b[:, 2]))},
        "odds": {"of L/P": np.median(np.exp(b[:, 3])), "of R/P": np.median(np.exp(b[:, 2])), "of actor 7": np.median(np.exp(a_7 + b[:, 3]))},
        "sign": {"inverse": np.median(1 / ratio)},
        "plug-in": {"mean": ratio.mean(), "exp of the mean": np.exp(effect.mean()), "of means": np.exp(b[:, 3]).mean() / np.exp(b[:, 2]).mean()},
        "median": {"of the population": median_ratio(population(3), population(2)), "of the seven": median_ratio(expit(m["a"] + b[:, [3]]).mean(axis=1), expit(m["a"] + b[:, [2]]).mean(axis=1))},
    }  # fmt: skip
    causes["05.5", "scale", "of p, actor 1"] = "ratio of probabilities"
    causes["05.5", "median", "of the population"] = causes["05.5", "median", "of the seven"] = (
        "many chimpanzees"
    )
    others["05.5"] = {"exp of the rise": (np.median(np.exp(x)), "difference of probabilities")}
    yield "05.6", "ABD"
    yield "05.7", "ACD"


def lesson_06():
    m, d = draws("m_13_2"), pd.read_csv(ROOT / "data" / "reedfrogs.csv", sep=";")
    a, a_bar, sigma = m["a"], m["a_bar"][:, 0], m["sigma"][:, 0]
    observed = d["propsurv"].to_numpy()

    def tank(k):
        x = a[:, k - 1]
        sums, added = by_means(x), by_means(x, a_bar)
        return x, {
            "a_bar": {"by draws": expit(x + a_bar).mean(), "alone": expit(a_bar).mean()} | {name: expit(value) for name, value in added.items()},
            "scale": sums,
            "odds": {"mean of exp": np.exp(x).mean(), "exp of the mean": np.exp(x.mean())},
            "lever": {"1 - p": 1 - expit(x).mean(), "by means": expit(-x.mean())},
        }  # fmt: skip

    x, found = tank(12)
    yield (
        "06.1",
        found
        | {
            "index": {f"tank {k}": expit(a[:, k - 1]).mean() for k in [1, 2, 9, 11, 13]},
            "percent": {"percent": 100 * expit(x).mean()},
            "plug-in": {name: expit(value) for name, value in by_means(x).items()},
            "median": {"median": np.median(expit(x))},
        },
    )
    others["06.1"] = {
        "observed": (observed[11], "observed"),
        "a_bar subtracted": (expit(x - a_bar).mean(), "subtracted"),
        "a_bar subtracted, by means": (expit(x.mean() - a_bar.mean()), "subtracted"),
    }
    x, found = tank(2)
    yield (
        "06.2",
        found
        | {
            "index": {f"tank {k}": expit(a[:, k - 1].mean()) for k in [1, 3, 9]},
            "percent": {"percent": 100 * expit(x.mean())},
            "median": {"median of p": np.median(expit(x)), "expit of the median": expit(np.median(x))},
        },
    )
    for name in by_means(x):
        causes["06.2", "scale", name] = "Which scale|which scale"
    others["06.2"] = {"mean of p": (expit(x).mean(), "mean of p"), "observed": (observed[1], "observed")}
    x = a[:, 7]
    p, plug = expit(x).mean(), expit(x.mean())
    yield "06.3", {
        "index": {f"tank {k}": gap(a[:, k - 1]) for k in [1, 2, 7, 9]},
        "a_bar": {"added": gap(x + a_bar), "alone": gap(a_bar)},
        "scale": {"log-odds": logit(p) - x.mean()},
        "percent": {"percent": 100 * gap(x)},
        "lever": {"1 / (1 + exp(eta)), both": (1 - p) - (1 - plug)},
        "sign": {"plug-in minus mean": plug - p},
        "plug-in": {"zero": 0.0, "plug-in alone": plug, "rounded": p - expit(round(x.mean(), 2)), "printed": p - expit(float(f"{x.mean():.2g}")), "second order": x.var() * plug * (1 - plug) * (0.5 - plug), "two decimals": 0.87 - 0.89},
        "median": {"median minus plug-in": np.median(expit(x)) - plug, "mean minus median": p - np.median(expit(x))},
    }  # fmt: skip
    causes["06.3", "plug-in", "zero"] = "same place"
    causes["06.3", "plug-in", "plug-in alone"] = "one of the two"
    causes["06.3", "plug-in", "second order"] = "second-order"
    others["06.3"] = {
        "to the observed": (p - observed[7], "observed proportion"),
        "from the observed": (observed[7] - p, "observed proportion"),
        "mean of p alone": (p, "one of the two"),
    }
    z = norm.ppf((np.arange(500) + 0.5) / 500)
    new = expit(a_bar[:, None] + sigma[:, None] * z)

    def above(x):
        return (np.asarray(x) > 0.85).mean()

    yield "06.4", {
        "dropped": {"no sigma": above(expit(a_bar)), "no a_bar": above(expit(sigma[:, None] * z))},
        "a_bar": {"a_bar's p": expit(a_bar).mean(), "1 - a_bar's p": 1 - expit(a_bar).mean(), "expit of its mean": expit(a_bar.mean())},
        "scale": {"0.85 as log-odds": above(logit(new)), "of the median": above(a_bar)},
        "percent": {"percent": 100 * above(new), "draws counted": 4000 * above(new)},
        "lever": {"1 - p": 1 - above(new)},
        "plug-in": {"means of a_bar and sigma": norm.sf((logit(0.85) - a_bar.mean()) / sigma.mean())},
        "median": {"median tank": above(expit(a_bar))},
    }  # fmt: skip
    causes["06.4", "dropped", "no sigma"] = causes["06.4", "median", "median tank"] = "median tank"
    causes["06.4", "dropped", "no a_bar"] = "a_bar in it"
    for name in ["a_bar's p", "1 - a_bar's p", "expit of its mean"]:
        causes["06.4", "a_bar", name] = r"Is this a p\?"
    others["06.4"] = {
        "observed": (above(observed), "tanks that took part"),
        "the 48 tanks": (above(expit(a)), "tanks that took part"),
        "their means": (above(expit(a).mean(axis=0)), "tanks that took part"),
        "population's mean": (above(new.mean(axis=1)), "population's mean|median tank"),
    }
    safe, big = (d["pred"] == "no").to_numpy(), (d["size"] == "big").to_numpy()

    def apart(p, chosen=safe):
        return p[:, chosen].mean(axis=1) - p[:, ~chosen].mean(axis=1)

    p = expit(a)
    pooled = d.groupby("pred")["surv"].sum() / d.groupby("pred")["density"].sum()
    yield "06.5", {
        "index": {"big and small": apart(p, big).mean(), "small and big": -apart(p, big).mean(), "first and second half": apart(p, np.arange(48) < 24).mean()},
        "a_bar": {"added": apart(expit(a + a_bar[:, None])).mean()},
        "scale": {"log-odds": apart(a).mean(), "of the averages": logit(p[:, safe].mean()) - logit(p[:, ~safe].mean())},
        "percent": {"percent": 100 * apart(p).mean()},
        "lever": {"1 - p": apart(1 - p).mean()},
        "sign": {"turned": -apart(p).mean()},
        "plug-in": {"plug-in": apart(expit(a.mean(axis=0))[None, :]).mean()},
        "median": {"median of the difference": np.median(apart(p))},
    }  # fmt: skip
    others["06.5"] = {
        "a averaged first": ((expit(a[:, safe].mean(axis=1)) - expit(a[:, ~safe].mean(axis=1))).mean(), "averaged over the tanks"),
        "expit of the difference": (expit(apart(a)).mean(), "expit applied to a difference"),
        "observed": (observed[safe].mean() - observed[~safe].mean(), "observed"),
        "observed, tadpoles pooled": (pooled["no"] - pooled["pred"], "observed"),
        "no predators alone": (p[:, safe].mean(), "one of the two"),
        "predators alone": (p[:, ~safe].mean(), "one of the two"),
        "ratio": (p[:, safe].mean() / p[:, ~safe].mean(), "ratio"),
    }  # fmt: skip
    mu, dev = (round(float(value), 2) for value in [a_bar.mean(), (a[:, 2] - a_bar).mean()])
    yield (
        "06.6",
        {
            "index": {f"tank {k}": mu + round((a[:, k - 1] - a_bar).mean(), 2) for k in [1, 2, 9]},
            "dropped": {"dev alone": dev, "mu alone": mu},
            "a_bar": {"mu twice": 2 * mu + dev},
            "scale": {"p": expit(mu + dev), "mean of p": expit(a[:, 2]).mean(), "expit of dev": expit(dev)},
            "odds": {"exp": np.exp(mu + dev)},
            "sign": {"mu - dev": mu - dev, "dev - mu": dev - mu, "turned": -(mu + dev)},
        },
    )
    causes["06.6", "dropped", "mu alone"] = "same for every"
    causes["06.6", "a_bar", "mu twice"] = "twice"
    causes["06.6", "index", "tank 1"] = "different tank"
    others["06.6"] = {
        "product": (mu * dev, "multiplied"),
        "observed": (observed[2], "observed|probability scale"),
    }


@cache
def program(name, fit=""):
    """Return what a program estimated, by (kind, entry, term)."""
    table = pd.read_csv(ROOT / "data" / f"{name}.csv", keep_default_na=False).query("fit == @fit")
    return {(row.kind, row.entry, row.term): float(row.estimate) for row in table.itertuples()}


def lesson_07():
    lme4 = program("sleepstudy_lme4", "days from 0")
    common = {term: lme4["fixef", "", term] for term in ["(Intercept)", "Days"]}

    def expected(person="309", day=5):
        return lme4["fitted", person, f"day {day}"]

    at, per_day = (lme4["ranef", "309", term] for term in common)
    intercept, slope = common.values()
    yield "07.1", {
        "index": {f"person {k}": expected(k) for k in ["308", "310", "330"]} | {f"day {k}": expected(day=k) for k in [0, 4, 6, 9]},
        "dropped": {"no common slope": intercept + at + 5 * per_day, "no deviation of the slope": intercept + at + 5 * slope, "no deviation of the intercept": intercept + 5 * (slope + per_day), "population": intercept + 5 * slope, "ranef alone": at + 5 * per_day, "slope not multiplied": intercept + at + slope + per_day},
        "a_bar": {"coef added": 2 * intercept + at + 5 * (2 * slope + per_day)},
        "sign": {"subtracted": intercept - at + 5 * (slope - per_day)},
    }  # fmt: skip
    causes["07.1", "dropped", "no common slope"] = causes["07.1", "dropped", "ranef alone"] = "common slope"
    causes["07.1", "dropped", "slope not multiplied"] = "multiplied by the day"
    causes["07.1", "dropped", "population"] = "Where is person 309"
    m = draws("eight_schools")
    mu, tau, t = m["mu"][:, 0], m["tau"][:, 0], m["theta_t"]
    theta = mu[:, None] + tau[:, None] * t
    yield "07.2", {
        "index": {f"school {name}": theta[:, i].mean() for i, name in enumerate("ABCDEFGH") if name != "C"},
        "dropped": {"no mu": (tau * t[:, 2]).mean(), "no theta_t": mu.mean(), "no tau": (mu + t[:, 2]).mean()},
        "a_bar": {"mu twice": (mu + theta[:, 2]).mean()},
        "sign": {"subtracted": (mu - tau * t[:, 2]).mean()},
        "plug-in": {"means": mu.mean() + tau.mean() * t[:, 2].mean(), "two decimals": 4.45 + 3.57 * -0.09},
        "median": {"median": np.median(theta[:, 2])},
    }  # fmt: skip
    causes["07.2", "dropped", "no tau"] = "Multiply it by tau"
    causes["07.2", "dropped", "no theta_t"] = "Where is school C"
    causes["07.2", "plug-in", "means"] = causes["07.2", "plug-in", "two decimals"] = "from the means"
    others["07.2"] = {
        "Stan's print": (3.92, "Stan's"),
        "tau added": ((mu + tau + t[:, 2]).mean(), "tau added"),
        "the data": (-3, "alone"),
    }
    m = draws("epilepsy")
    (_, base, drug, both), alpha, sd = m["b"].T, m["intercept"][:, 0], m["sd"][:, 0]
    log_ratio = drug + 2 * both
    yield "07.3", {
        "index": {f"zBase = {z}": np.exp(drug + z * both).mean() for z in [-2, -1, 1]},
        "dropped": {"no interaction": np.exp(drug).mean(), "no Trt1": np.exp(2 * both).mean(), "not multiplied": np.exp(drug + both).mean()},
        "scale": {"log": log_ratio.mean()},
        "sign": {"placebo against drug": np.exp(-log_ratio).mean(), "interaction subtracted": np.exp(drug - 2 * both).mean()},
        "plug-in": {"exp of the mean": np.exp(log_ratio.mean()), "from brms's print": np.exp(-0.27 + 2 * 0.05)},
        "median": {"median": np.median(np.exp(log_ratio))},
    }  # fmt: skip
    causes["07.3", "dropped", "no interaction"] = "where zBase is 0"
    causes["07.3", "dropped", "not multiplied"] = causes["07.3", "index", "zBase = 1"] = "multiplied by zBase"
    causes["07.3", "scale", "log"] = "log scale"
    causes["07.3", "dropped", "no Trt1"] = "Is Trt1 in it"
    for name in ["exp of the mean", "from brms's print"]:
        causes["07.3", "plug-in", name] = "applied to a mean"
    eta, spread = alpha + drug + base + both, sd**2 / 2
    others["07.3"] = {"slope of zBase in it": (np.exp(log_ratio + 2 * base).mean(), "cancels")}
    yield "07.7", {
        "index": {f"zBase = {z}": np.exp(alpha + drug + z * (base + both) + spread).mean() for z in [-1, 0, 2]},
        "dropped": {"no spread": np.exp(eta).mean(), "no interaction": np.exp(eta - both + spread).mean(), "no zBase": np.exp(eta - base + spread).mean(), "no drug": np.exp(alpha + base + spread).mean()},
        "scale": {"log": (eta + spread).mean(), "log, no spread": eta.mean()},
        "sign": {"drug subtracted": np.exp(alpha - drug + base - both + spread).mean()},
        "plug-in": {"of means": np.exp(eta.mean() + sd.mean() ** 2 / 2), "of means, no spread": np.exp(eta.mean())},
        "median": {"median": np.median(np.exp(eta + spread))},
    }  # fmt: skip
    causes["07.7", "dropped", "no spread"] = causes["07.7", "plug-in", "of means, no spread"] = (
        "own term is 0"
    )
    causes["07.7", "dropped", "no drug"] = "placebo"
    causes["07.7", "plug-in", "of means"] = "applied to a mean"
    causes["07.7", "scale", "log"] = causes["07.7", "scale", "log, no spread"] = "log scale"
    others["07.7"] = {
        "sd added": (np.exp(eta + sd).mean(), "exp\\(sd"),
        "sd squared": (np.exp(eta + sd**2).mean(), "exp\\(sd"),
    }
    ordinal = program("wine_ordinal")
    cuts = [ordinal["threshold", "", name] for name in ["1|2", "2|3", "3|4", "4|5"]]
    warm, contact = ordinal["fixef", "", "tempwarm"], ordinal["fixef", "", "contactyes"]
    x = cuts[2] - warm - contact
    yield "07.4", {
        "index": {f"{k} or less": expit(cut - warm - contact) for k, cut in enumerate(cuts, 1) if k != 3} | {"exactly 3": expit(x) - expit(cuts[1] - warm - contact)},
        "dropped": {"no contact": expit(cuts[2] - warm), "no warm": expit(cuts[2] - contact), "neither": expit(cuts[2])},
        "scale": {"log-odds": x},
        "odds": {"odds": np.exp(x)},
        "percent": {"percent": 100 * expit(x)},
        "lever": {"more than 3": 1 - expit(x)},
        "sign": {"added": expit(cuts[2] + warm + contact)},
    }  # fmt: skip
    causes["07.4", "index", "exactly 3"] = "exactly 3"
    causes["07.4", "lever", "more than 3"] = "more than 3"
    causes["07.4", "sign", "added"] = "added to the cut-point"
    m = draws("sleepstudy")
    slope, dev = m["slope"][:, 0], m["dev"][:, 1::2]
    names = sorted({entry for kind, entry, _ in lme4 if kind == "ranef"})
    own = dev[:, names.index("335")]
    p = (slope + own > 0).mean()
    yield "07.5", {
        "index": {f"person {name}": (slope + dev[:, names.index(name)] > 0).mean() for name in ["308", "309", "310", "334", "337"]},
        "dropped": {"no common slope": (own > 0).mean(), "no deviation": (slope > 0).mean()},
        "a_bar": {"common slope twice": (2 * slope + own > 0).mean()},
        "scale": {"slope": (slope + own).mean(), "deviation": own.mean()},
        "odds": {"odds": p / (1 - p)},
        "percent": {"percent": 100 * p},
        "lever": {"faster": 1 - p},
        "sign": {"subtracted": (slope - own > 0).mean()},
        "plug-in": {"mean above 0": float((slope + own).mean() > 0)},
    }  # fmt: skip
    causes["07.5", "dropped", "no deviation"] = "common slope"
    causes["07.5", "a_bar", "common slope twice"] = "common slope in it twice"
    for name in ["slope", "deviation"]:
        causes["07.5", "scale", name] = "ms per day"
    causes["07.5", "lever", "faster"] = "becoming faster"
    causes["07.5", "plug-in", "mean above 0"] = "every draw"
    p = (theta[:, 0] > theta[:, 2]).mean()
    yield "07.6", {
        "index": {f"A and {n}": (theta[:, 0] > theta[:, i]).mean() for i, n in enumerate("ABCDEFGH") if n not in "AC"} | {f"{n} and C": (theta[:, i] > theta[:, 2]).mean() for i, n in enumerate("ABCDEFGH") if n not in "AC"},
        "scale": {"points": (theta[:, 0] - theta[:, 2]).mean()},
        "odds": {"odds": p / (1 - p)},
        "percent": {"percent": 100 * p},
        "lever": {"C above A": 1 - p},
        "plug-in": {"means compared": 1.0},
    }  # fmt: skip
    causes["07.6", "scale", "points"] = "in points"
    causes["07.6", "lever", "C above A"] = "other way round"
    causes["07.6", "plug-in", "means compared"] = "every draw"
    m = draws("wine")
    cut, u = m["cutpoints"][:, 3], m["u"]
    terms = m["tempwarm"][:, 0] + m["contactyes"][:, 0]
    x = terms + u[:, 4] - cut
    yield "07.8", {
        "index": {f"judge {k}": expit(terms + u[:, k - 1] - cut).mean() for k in [1, 2, 3, 4, 6, 7, 8, 9]} | {"4 or more": expit(x + cut - m["cutpoints"][:, 2]).mean(), "exactly 4": (expit(x + cut - m["cutpoints"][:, 2]) - expit(x)).mean()},
        "dropped": {"no judge": expit(terms - cut).mean(), "no contact": expit(x - m["contactyes"][:, 0]).mean(), "no warm": expit(x - m["tempwarm"][:, 0]).mean()},
        "scale": {"log-odds": x.mean()},
        "odds": {"odds": np.exp(x.mean()), "mean of odds": np.exp(x).mean()},
        "percent": {"percent": 100 * expit(x).mean()},
        "lever": {"4 or less": expit(-x).mean()},
        "sign": {"added": expit(-cut - terms - u[:, 4]).mean()},
        "plug-in": {"of means": expit(x.mean())},
        "median": {"median": np.median(expit(x))},
    }  # fmt: skip
    causes["07.8", "lever", "4 or less"] = "4 or less"
    causes["07.8", "dropped", "no judge"] = "Where is judge 5"
    causes["07.8", "sign", "added"] = "added to the cut-point"


def lesson_08():
    yield "08.1", "ABD"
    yield "08.3", "ABC"
    x = draws("m_13_2")
    centre, spread, a = x["a_bar"][:, 0], x["sigma"][:, 0], x["a"]
    shift = (a - centre[:, None]) / spread[:, None]
    tank, z = a[:, 26], shift[:, 26]
    printed = [round(float(values.mean()), 2) for values in [centre, spread, z]]
    yield "08.2", {
        "index": {f"tank {k}": a[:, k - 1].mean() for k in [1, 26, 28, 30, 41]},
        "dropped": {"no spread": (centre + z).mean(), "no spread, printed": printed[0] + printed[2], "no centre": (spread * z).mean(), "shift alone": z.mean(), "centre alone": centre.mean()},
        "a_bar": {"centre twice": (centre + tank).mean()},
        "scale": {"p": expit(tank).mean(), "expit of the mean": expit(tank.mean())},
        "odds": {"odds": np.exp(tank).mean()},
        "sign": {"turned": -tank.mean(), "product subtracted": (centre - spread * z).mean()},
        "plug-in": {"means": centre.mean() + spread.mean() * z.mean(), "printed": printed[0] + printed[1] * printed[2]},
        "median": {"median": np.median(tank)},
    }  # fmt: skip
    for name in ["no spread", "no spread, printed", "shift alone"]:
        causes["08.2", "dropped", name] = "Multiply it by spread"
    causes["08.2", "dropped", "no centre"] = "centre missing"
    causes["08.2", "dropped", "centre alone"] = "Where is tank 27"
    causes["08.2", "sign", "product subtracted"] = "subtracted from centre"
    causes["08.2", "plug-in", "means"] = causes["08.2", "plug-in", "printed"] = "from the means"
    logit_of_p = logit(expit(tank).mean())
    others["08.2"] = {
        "log-odds of the mean p": (logit_of_p, "mean of p"),
        "observed": (logit(4 / 25), "observed"),
    }


causes, others = {}, {}  # what single roads have to be told, and roads that belong to no kind


@cache
def table():
    """Return the wrong roads: (exercise, kind, name) -> (answer, what the reply has to say)."""
    found = {}
    for lesson in [of for name, of in sorted(globals().items()) if re.fullmatch(r"lesson_\d\d", name)]:
        for number, kinds in list(lesson()):  # the whole list, with what it adds to causes and others
            if isinstance(kinds, str):
                kinds = {"letter": {letter: letter for letter in kinds}}
            for kind, roads in kinds.items():
                for name, value in roads.items():
                    found[number, kind, name] = value, causes.get((number, kind, name)) or CAUSES[kind]
            for name, (value, cause) in others.get(number, {}).items():
                found[number, "other", name] = value, cause
    return found


def form(number):
    exercise = exercises()[number]
    if exercise.scale == "choice":
        return "choice"
    return "count" if exercise.decimals == 0 else FORMS.get(number, "number")


def distance(number, value):
    return float(np.max(np.abs(np.subtract(value, exercises()[number].right))))


def same_as_right(number, kind, value):
    """Tell whether a road is the right one: sums of means are means of sums."""
    return kind != "letter" and distance(number, value) < 1e-9


def wrong_roads():
    """Yield the wrong roads, each as computed and as typed with the decimals that are asked for."""
    for (number, kind, name), (value, cause) in table().items():
        exercise = exercises()[number]
        yield number, kind, name, value, cause
        if kind != "letter" and exercise.decimals:
            typed = np.round(value, exercise.decimals)
            yield (
                number,
                kind,
                f"{name}, rounded",
                tuple(typed.tolist()) if typed.ndim else float(typed),
                cause,
            )


def verdicts():
    """Return the wrong roads by what is wrong with their replies."""
    found = {"false passes": [], "wrong diagnoses": [], "without a hint": []}
    for number, kind, name, value, cause in wrong_roads():
        near = NEAR.get((number, kind, name.removesuffix(", rounded")))
        said = reply(exercises()[number], value)
        if said.startswith("Right."):
            limit = near and near[0] + 0.5 * 10.0 ** -exercises()[number].decimals * name.endswith(
                ", rounded"
            )
            if near is None or distance(number, value) > limit or not re.search(near[1], said):
                found["false passes"].append(
                    f"{number}, {kind}, {name}: {value} is told {said!r}. If it is right, put it into RIGHT_ROADS; "
                    "if not, decide whether the exercise can tell it from the right answer"
                )
        elif re.match(GENERIC, said):
            found["without a hint"].append((number, kind, name))
        elif near is None and (cause is None or not re.search(cause, said)):
            found["wrong diagnoses"].append(
                f"{number}, {kind}, {name}: {value} is told {said!r}, expected {cause!r}; see causes"
            )
    return found


def stored(posterior, name, **where):
    """Return the draws of one quantity, found by its labels."""
    with xr.open_datatree(ROOT / "data" / f"{posterior}.nc") as tree:
        return tree["posterior"][name].sel(**where).to_numpy().ravel()


def over_patients(log_mean, sd):
    """Return the mean of exp over patients whose terms have an sd, by quadrature."""
    places, weights = np.polynomial.hermite_e.hermegauss(40)
    return np.exp(log_mean[:, None] + sd[:, None] * places) @ weights / np.sqrt(2 * np.pi)


# the right answers by a second way, which shares no code and no rule with the exercise
RIGHT_ROADS = {
    "01.1": lambda: [1 / (1 + np.exp(1.2))],
    "01.2": lambda: [9 + 6 + 4 + 3],
    "01.4": lambda: [draws("m_13_4")["p"][6, 332]],
    "02.1": lambda: [round(2.11148, 5) - 0.13730],
    "02.2": lambda: [expit(draws("m_13_4")["a"] + draws("m_13_4")["b"][:, [3]])[:, 5].mean()],
    "02.3": lambda: [float(format(0.5984 - 0.4122 + 1.3203, ".4f"))],
    "03.1": lambda: [draws("m_13_4")["p"][:, 437].mean(), draws("m_13_4")["p"].mean(axis=0)[437]],
    "03.3": lambda: [draws("m_13_4")["p"][:, 111].std(), draws("m_13_4")["p"][:, 111].std(ddof=1), (1 - draws("m_13_4")["p"][:, 111]).std()],
    "03.4": lambda: [7 + 6 + 4 + 3],
    "04.1": lambda: [draws("m_13_4")["p"][:, 469].mean() - expit(eta(**row(469)).mean())],
    "04.2": lambda: [az.eti(eta(a=6, b=0), prob=0.89), np.percentile(eta(a=6, b=0), [5.5, 94.5]), pd.Series(eta(a=6, b=0)).quantile([0.055, 0.945])],
    "05.2": lambda: [np.percentile(np.subtract(*(np.tanh((stored("m_13_4", "a", actor="actor 7") + stored("m_13_4", "b", treatment=name)) / 2) for name in ["L/P", "R/P"])) / 2, [5.5, 94.5])],
    "05.5": lambda: [np.median(np.exp(draws("m_13_4")["b"][:, 3]) / np.exp(draws("m_13_4")["b"][:, 2])), np.exp(np.median(draws("m_13_4")["b"][:, 3] - draws("m_13_4")["b"][:, 2]))],
    "06.1": lambda: [draws("m_13_2")["p"][:, 11].mean()],
    "06.2": lambda: [expit(3.08), expit(draws("m_13_2")["a"][:, 1].mean())],
    "06.3": lambda: [draws("m_13_2")["p"][:, 7].mean() - expit(stored("m_13_2", "a", tank="tank 8").mean())],
    "06.5": lambda: [draws("m_13_2")["p"][:, (pd.read_csv(ROOT / "data" / "reedfrogs.csv", sep=";")["pred"] == "no").to_numpy()].mean() - draws("m_13_2")["p"][:, 8:16].mean() / 3 - draws("m_13_2")["p"][:, 24:32].mean() / 3 - draws("m_13_2")["p"][:, 40:48].mean() / 3],
    "06.6": lambda: [1.35 - 0.35, 1, 1.0, draws("m_13_2")["a"][:, 2].mean()],
    "07.1": lambda: [program("sleepstudy_lme4", "days from 0")["fitted", "309", "day 5"]],
    "07.2": lambda: [draws("eight_schools")["theta"][:, 2].mean()],
    "07.3": lambda: [np.mean(over_patients(stored("epilepsy", "b", term="Trt1") + 2 * stored("epilepsy", "b", term="zBase:Trt1"), stored("epilepsy", "sd")) / over_patients(0 * stored("epilepsy", "sd"), stored("epilepsy", "sd")))],
    "07.4": lambda: [logistic.cdf(4.2285, loc=3.063 + 1.8349)],
    "07.5": lambda: [1 - np.mean(stored("sleepstudy", "dev", subject="335", term="Days") <= -stored("sleepstudy", "slope"))],
    "07.7": lambda: [over_patients(stored("epilepsy", "intercept") + sum(stored("epilepsy", "b", term=name) for name in ["zBase", "Trt1", "zBase:Trt1"]), stored("epilepsy", "sd")).mean()],
    "07.8": lambda: [logistic.sf(stored("wine", "cutpoints", cut="4|5"), loc=stored("wine", "tempwarm") + stored("wine", "contactyes") + stored("wine", "u", judge="5")).mean()],
    "08.2": lambda: [draws("m_13_2")["a"][:, 26].mean()],
    "07.6": lambda: [(draws("eight_schools")["theta_t"][:, 0] > draws("eight_schools")["theta_t"][:, 2]).mean()],
}  # fmt: skip


def false_fails():
    """Return right roads that are not told so, as computed and as typed."""
    found = []
    for number, exercise in exercises().items():
        values = [exercise.right, *RIGHT_ROADS.get(number, lambda: [])()]
        if exercise.scale != "choice":
            values += [np.round(value, exercise.decimals) for value in values]
        found += [(number, value) for value in values if not reply(exercise, value).startswith("Right.")]
    return found


def random_mean(rng):
    return expit(rng.normal(2, 2, 4000)).mean()


def random_population(rng):
    m = draws("m_13_4")
    level = m["a_bar"] + m["sigma_a"] * rng.normal(size=(4000, 100))
    return (expit(level + m["b"][:, [0]]).mean(axis=1) > 0.6).mean()


def random_tank(rng):
    m = draws("m_13_2")
    return (expit(rng.normal(m["a_bar"], m["sigma"])) > 0.85).mean()


RANDOM = {"04.4": random_mean, "05.1": random_population, "06.4": random_tank}


@pytest.mark.parametrize("number", RANDOM)
def test_a_right_road_that_draws_at_random_passes(number):
    exercise = exercises()[number]
    values = [RANDOM[number](np.random.default_rng(seed)) for seed in range(1, 201)]
    assert exercise.within >= 2.9 * np.std(values)
    assert sum(reply(exercise, value).startswith("Right.") for value in values) >= 198


def test_every_exercise_has_its_roads():
    complaints = []
    for number in exercises():
        kinds = {kind for other, kind, _ in table() if other == number} - {"other"}
        reasons, wanted = set(WHY_NOT.get(number, {})), set(KINDS[form(number)])
        missing = wanted - kinds - reasons
        if missing == {"letter"}:
            letters = set("ABCD") - {exercises()[number].right}
            complaints.append(
                f'{number}: no wrong letters; write `yield "{number}", "{"".join(sorted(letters))}"` in lesson_{number[:2]}'
            )
        elif missing:
            complaints.append(f"{number}: no road and no reason in WHY_NOT for {sorted(missing)}")
        if twice := kinds & reasons:
            complaints.append(f"{number}: a road, and a reason in WHY_NOT against it, for {sorted(twice)}")
        if unknown := (kinds | reasons) - wanted:
            complaints.append(
                f"{number}: kinds that {form(number)!r} does not have, {sorted(unknown)}; see FORMS"
            )
        n = sum(key[0] == number for key in table())
        expected = {"choice": 3, "count": 5}.get(form(number), 10)
        if n < expected:
            complaints.append(f"{number}: {n} roads, expected {expected}")
    assert complaints == []


def test_every_number_has_a_second_way():
    """Without one a wrong `right` would pass, because the solutions are compared with it alone."""
    numbers = {number for number in exercises() if form(number) != "choice"}
    missing = numbers - set(RIGHT_ROADS) - set(RANDOM)
    assert not missing, f"write the right answer by a second way into RIGHT_ROADS: {sorted(missing)}"


@pytest.mark.parametrize("number", [*RIGHT_ROADS, *RANDOM])
def test_a_spoilt_right_answer_is_noticed(number):
    exercise = exercises()[number]
    off = max(2.5 * exercise.within, 0.0 if exercise.decimals else 1.0)
    spoilt = [replace(exercise, right=(np.asarray(exercise.right) + sign * off).tolist()) for sign in [-1, 1]]
    second = RIGHT_ROADS[number]() if number in RIGHT_ROADS else [RANDOM[number](np.random.default_rng(1))]
    for value in second:
        is_right = reply(exercise, value).startswith("Right.")
        assert is_right, f"the second way gives {value}, and `right` is {exercise.right}"
        assert not any(reply(one, value).startswith("Right.") for one in spoilt)


def test_no_entry_is_left_of_an_exercise_that_is_gone():
    named = {*WHY_NOT, *FORMS, *RIGHT_ROADS, *RANDOM, *(key[0] for key in [*NEAR, *UNNAMED, *table()])}
    named |= set(others)
    assert sorted(named - set(exercises())) == []
    gone = [key for key in causes if key not in table()]
    assert gone == [], "causes names roads that no lesson yields"


def test_no_wrong_road_is_nearer_than_two_tolerances():
    found = {}
    for (number, kind, name), (value, _) in table().items():
        if kind != "letter" and not same_as_right(number, kind, value):
            near = NEAR.get((number, kind, name), (0,))[0]
            if distance(number, value) <= 2 * exercises()[number].within and distance(number, value) > near:
                found[number, kind, name] = distance(number, value)
    assert found == {}


def test_roads_that_cannot_be_told_apart_are_named_in_the_reply():
    for (number, kind, name), (limit, words) in NEAR.items():
        value, _ = table()[number, kind, name]
        assert distance(number, value) <= limit
        assert re.search(words, reply(exercises()[number], value))


def test_replies_to_all_roads():
    found = verdicts() | {"false fails": false_fails()}
    answers = sum(1 for _ in wrong_roads())
    print(
        f"\n{len(exercises())} exercises, {len(table())} wrong roads ({answers} answers), "
        + ", ".join(f"{len(roads)} {name}" for name, roads in found.items())
    )
    assert found["false passes"] == []
    assert found["false fails"] == [], "a right answer is not told so: is `right` wrong, or this road?"
    assert found["wrong diagnoses"] == []
    unnamed = {(number, name.removesuffix(", rounded")) for number, _, name in found["without a hint"]}
    assert sorted(unnamed - UNNAMED) == [], "no hint names these steps: write one, or add them to UNNAMED"
    assert sorted(UNNAMED - unnamed) == [], "these are told their step now: take them out of UNNAMED"
