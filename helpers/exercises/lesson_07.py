"""The exercises of lesson 07: first tables."""

import numpy as np
from scipy.special import expit

from helpers.data import load_estimates
from helpers.exercises import words
from helpers.exercises.draws import mean
from helpers.exercises.engine import Exercise
from helpers.posterior import load_posterior

COMMON = "Is the common slope in it? An entry of ranef is a deviation from it."
DAYS = "Was the slope multiplied by the day?"
TAU = "Is theta_t standardised? Multiply it by tau first."
FROM_MEANS = "Was it computed from the means? Multiply in every draw and take the mean last."
SCHOOL = "Is this a different school? Pick by name."
LOG = "Is this on the log scale? Apply exp in every draw."
EXP_OF_MEAN = "Was exp applied to a mean? Apply it in every draw and take the mean last."
INTERACTION = "Is zBase:Trt1 multiplied by zBase?"
AT_ZERO = "Is this the ratio where zBase is 0?"
ADDED_CUT = "Were the terms added to the cut-point? ordinal and PyMC subtract them."
CATEGORY = "Is this a different category, or a different cut-point?"
PERSON = "Is this a different person? Pick by name."
Z_BASE = "Is this for a different zBase?"


def exercises():
    """Return the lesson's exercises by number; every answer is computed here."""
    return dict(sorted({**_sleepstudy(), **_schools(), **_epilepsy(), **_wine()}.items()))


def _posterior(name):
    return load_posterior(name)["posterior"].to_dataset()


def _sleepstudy():
    lme4 = load_estimates("sleepstudy_lme4", "days from 0")
    intercept, slope = lme4["fixef", "", "(Intercept)"], lme4["fixef", "", "Days"]
    at, per_day = lme4["ranef", "309", "(Intercept)"], lme4["ranef", "309", "Days"]
    people = lme4["ranef"].index.unique("entry")
    draws = _posterior("sleepstudy")
    common, dev = draws["slope"], draws["dev"].sel(term="Days")
    slopes = common + dev
    p_335 = float((slopes.sel(subject="335") > 0).mean())
    odds_335 = p_335 / (1 - p_335)
    return {
        "07.1": Exercise(
            right=float(intercept + at + (slope + per_day) * 5),
            because="Both entries of ranef are deviations, and the slope is multiplied by the day.",
            hints={
                COMMON: [intercept + at + per_day * 5, at + per_day * 5],
                DAYS: [intercept + at + slope + per_day, intercept + at + per_day],
                "Is this the population? Where is person 309 in it?": [intercept + slope * 5],
                "Is a deviation of person 309 missing?": [
                    intercept + at + slope * 5,
                    intercept + (slope + per_day) * 5,
                ],
                "Is this a different person, or a different day?": [
                    *(lme4["fitted", other, "day 5"] for other in people if other != "309"),
                    *(lme4["fitted", "309", f"day {day}"] for day in range(10) if day != 5),
                ],
                "Is a fixed effect in it twice? coef() already contains it.": [
                    2 * intercept + at + (2 * slope + per_day) * 5
                ],
                "Were the deviations subtracted? They are negative, and they are added.": [
                    intercept - at + (slope - per_day) * 5
                ],
            },
            decimals=1,
            look_up=True,
        ),
        "07.5": Exercise(
            right=p_335,
            because="The person's slope is the common one plus the deviation, in every draw.",
            hints={
                "Is this the deviation alone? The common slope is added to it.": [
                    float((dev.sel(subject="335") > 0).mean())
                ],
                "Is this the common slope? Where is person 335 in it?": [float((common > 0).mean())],
                "Is the common slope in it twice?": [float((common + slopes.sel(subject="335") > 0).mean())],
                "Was the deviation subtracted?": [float((common - dev.sel(subject="335") > 0).mean())],
                "Was one mean compared with 0? Compare in every draw, then count.": [0.0, 1.0],
                words.ODDS: [odds_335],
                "Is this the probability of becoming faster?": [
                    float((slopes.sel(subject="335") < 0).mean())
                ],
                "Is this the slope itself, in ms per day? A probability is asked for.": [
                    mean(slopes.sel(subject="335")),
                    mean(dev.sel(subject="335")),
                ],
                PERSON: [float((slopes.sel(subject=other) > 0).mean()) for other in people if other != "335"],
            },
            decimals=2,
            scale="probability",
        ),
    }


def _schools():
    draws = _posterior("eight_schools")
    mu, tau, theta_t = (draws[name] for name in ["mu", "tau", "theta_t"])
    theta = mu + tau * theta_t
    a, c = theta.sel(school="A"), theta.sel(school="C")
    t_c = theta_t.sel(school="C")
    two = [round(mean(x), 2) for x in [mu, tau, t_c]]
    stan = load_estimates("eight_schools_stan")
    printed = [round(stan[kind, entry, ""], 2) for kind, entry in [("mu", ""), ("tau", ""), ("theta_t", "C")]]
    return {
        "07.2": Exercise(
            right=mean(c),
            because="The product is taken in every draw, and mu is added in every draw.",
            hints={
                TAU: [mean(mu + t_c), two[0] + two[2]],
                FROM_MEANS: [
                    mean(mu) + mean(tau) * mean(t_c),
                    two[0] + two[1] * two[2],
                    printed[0] + printed[1] * printed[2],
                ],
                "Is this Stan's number? Stan's draws differ from these.": [round(stan["theta", "C", ""], 2)],
                "Is mu in it twice?": [mean(mu + c)],
                "Was the product subtracted?": [mean(mu - tau * t_c)],
                "Is mu missing?": [mean(tau * t_c)],
                "Is this the population's mean? Where is school C in it?": [mean(mu)],
                "Was tau added? It is multiplied by theta_t.": [mean(mu + tau + t_c), mean(mu + tau)],
                "Is this an effect that was estimated from one school alone?": [28.0, 8.0, -3.0],
                words.MEDIAN: [float(c.median())],
                SCHOOL: [mean(theta.sel(school=name)) for name in "ABDEFGH"],
            },
            decimals=2,
        ),
        "07.6": Exercise(
            right=float((a > c).mean()),
            because="Both effects are computed in the same draw, and compared there.",
            hints={
                "Did you compare the schools the other way round?": [float((a < c).mean())],
                "Is this a different pair of schools? Pick by name.": [
                    *(float((a > theta.sel(school=name)).mean()) for name in "BDEFGH"),
                    *(float((theta.sel(school=name) > c).mean()) for name in "BDEFGH"),
                ],
                words.ODDS: [float((a > c).mean() / (a < c).mean())],
                "Is this the difference in points? A probability is asked for.": [mean(a - c)],
                "Were two intervals or two means compared? Compare in every draw.": [1.0, 0.0],
                "Is this the probability of an effect above zero?": [
                    float((a > 0).mean()),
                    float((c > 0).mean()),
                ],
                "Were the two schools' draws sorted or shuffled separately? Each draw is a pair.": [
                    float((np.sort(a.to_numpy().ravel()) > np.sort(c.to_numpy().ravel())).mean())
                ],
            },
            decimals=3,
            scale="probability",
        ),
    }


def _epilepsy():
    draws = _posterior("epilepsy")
    b, intercept, sd = draws["b"], draws["intercept"], draws["sd"]
    drug, by_base, base = (b.sel(term=name) for name in ["Trt1", "zBase:Trt1", "zBase"])
    brms = load_estimates("epilepsy_brms", "patients")
    log_ratio = drug + 2 * by_base
    eta = intercept + drug + base + by_base
    return {
        "07.3": Exercise(
            right=mean(np.exp(log_ratio)),
            because="The interaction is multiplied by zBase, and exp is applied in every draw.",
            hints={
                AT_ZERO: [mean(np.exp(drug))],
                INTERACTION: [mean(np.exp(drug + by_base))],
                Z_BASE: [mean(np.exp(drug + z * by_base)) for z in (-2, -1, 1, 3)],
                "Is Trt1 in it?": [mean(np.exp(2 * by_base))],
                "Was the interaction subtracted?": [mean(np.exp(drug - 2 * by_base))],
                LOG: [mean(log_ratio)],
                EXP_OF_MEAN: [
                    float(np.exp(log_ratio.mean())),
                    float(
                        np.exp(
                            round(brms["fixef", "", "Trt1"], 2)
                            + 2 * round(brms["fixef", "", "zBase:Trt1"], 2)
                        )
                    ),
                ],
                words.MEDIAN: [float(np.exp(log_ratio).median())],
                "Is the slope of zBase in it? It is in both counts and cancels.": [
                    mean(np.exp(log_ratio + 2 * base))
                ],
                "Were ratios added? The terms are added on the log scale, then exp is applied.": [
                    mean(np.exp(drug) + 2 * np.exp(by_base))
                ],
                "Is this placebo against drug?": [mean(np.exp(-log_ratio))],
            },
            decimals=2,
        ),
        "07.7": Exercise(
            right=mean(np.exp(eta + sd**2 / 2)),
            because="All terms of the formula are added, and the patients' spread raises the mean.",
            hints={
                "Is this a patient whose own term is 0? The mean over new patients is higher.": [
                    mean(np.exp(eta)),
                    float(np.exp(eta.mean())),
                ],
                "Is a term missing? zBase is 1, and the drug's effect depends on it.": [
                    mean(np.exp(intercept + drug + sd**2 / 2)),
                    mean(np.exp(intercept + drug + base + sd**2 / 2)),
                    mean(np.exp(intercept + drug + by_base + sd**2 / 2)),
                ],
                "Is this for a patient on placebo?": [mean(np.exp(intercept + base + sd**2 / 2))],
                Z_BASE: [
                    mean(np.exp(intercept + drug + z * (base + by_base) + sd**2 / 2)) for z in (-1, 0, 2)
                ],
                "Was the drug's effect subtracted? Trt1 and its interaction are added.": [
                    mean(np.exp(intercept - drug + base - by_base + sd**2 / 2))
                ],
                EXP_OF_MEAN: [float(np.exp(eta.mean() + sd.mean() ** 2 / 2))],
                words.MEDIAN: [float(np.exp(eta + sd**2 / 2).median())],
                LOG: [mean(eta + sd**2 / 2), mean(eta)],
                "Is the sd itself added? The factor is exp(sd**2 / 2).": [
                    mean(np.exp(eta + sd)),
                    mean(np.exp(eta + sd / 2)),
                    mean(np.exp(eta + sd**2)),
                ],
            },
            decimals=2,
        ),
    }


def _wine():
    ordinal = load_estimates("wine_ordinal")
    cuts = ordinal["threshold", ""].to_numpy()
    warm, contact = ordinal["fixef", "", "tempwarm"], ordinal["fixef", "", "contactyes"]
    draws = _posterior("wine")
    cut, below = (draws["cutpoints"].sel(cut=name) for name in ["4|5", "3|4"])
    eta = draws["tempwarm"] + draws["contactyes"] + draws["u"].sel(judge="5")
    without = draws["tempwarm"] + draws["contactyes"]
    return {
        "07.4": Exercise(
            right=float(expit(cuts[2] - warm - contact)),
            because="Both terms are subtracted from the cut-point 3|4, which gives the probability of 3 or less.",
            hints={
                ADDED_CUT: [float(expit(cuts[2] + warm + contact))],
                CATEGORY: [float(expit(cut - warm - contact)) for cut in cuts[[0, 1, 3]]],
                "Is a term missing? The bottle is warm and has contact.": [
                    float(expit(cuts[2] - warm)),
                    float(expit(cuts[2] - contact)),
                    float(expit(cuts[2])),
                ],
                "Is this the probability of more than 3?": [float(1 - expit(cuts[2] - warm - contact))],
                words.SUM: [float(cuts[2] - warm - contact)],
                words.ODDS: [float(np.exp(cuts[2] - warm - contact))],
                "Is this the probability of exactly 3?": [
                    float(expit(cuts[2] - warm - contact) - expit(cuts[1] - warm - contact))
                ],
            },
            decimals=2,
            scale="probability",
            look_up=True,
        ),
        "07.8": Exercise(
            right=mean(1 - expit(cut - eta)),
            because="A rating of 5 lies above the last cut-point, and the judge's own term is in the sum.",
            hints={
                ADDED_CUT: [mean(1 - expit(cut + eta))],
                "Where is judge 5 in it?": [mean(1 - expit(cut - without))],
                "Is this the probability of 4 or less?": [mean(expit(cut - eta))],
                CATEGORY: [
                    mean(1 - expit(below - eta)),
                    mean(expit(cut - eta) - expit(below - eta)),
                ],
                words.SUM: [mean(eta - cut), mean(cut - eta)],
                words.ODDS: [mean(np.exp(eta - cut)), float(np.exp((eta - cut).mean()))],
                words.MEDIAN: [float((1 - expit(cut - eta)).median())],
                "Is this a different judge? Pick by name.": [
                    mean(1 - expit(cut - without - draws["u"].sel(judge=name))) for name in "12346789"
                ],
                words.PLUG_IN: [float(1 - expit((cut - eta).mean()))],
                "Is a term missing? The bottle is warm and has contact.": [
                    mean(1 - expit(cut - eta + draws["contactyes"])),
                    mean(1 - expit(cut - eta + draws["tempwarm"])),
                ],
            },
            decimals=2,
            scale="probability",
        ),
    }
