"""The exercises of lesson 04: Jensen's gap."""

import numpy as np
from scipy.special import expit, logit, ndtr, ndtri

from helpers.data import load_chimpanzees
from helpers.exercises import words
from helpers.exercises.draws import (
    around,
    dropped,
    gap,
    hdi,
    interval,
    mean,
    of_p,
    other_masses,
    sd,
    second_order,
    swaps,
)
from helpers.exercises.engine import Exercise
from helpers.posterior import load_posterior

ROW = 469


def exercises():
    """Return the lesson's exercises by number; every answer is computed here."""
    d = load_chimpanzees()
    posterior = load_posterior("m_13_4", drop="p")["posterior"].to_dataset()
    a_bar = posterior["a_bar"]

    def coded(row):
        codes = d.loc[row, ["actor_idx", "block_idx", "treatment_idx"]]
        return [(posterior[name], int(code)) for name, code in zip(["a", "g", "b"], codes, strict=True)]

    def terms(row):
        return [array[..., index] for array, index in coded(row)]

    here = terms(ROW)
    eta, right = sum(here), gap(sum(here))
    median_p, mean_p = float(expit(eta).median()), mean(expit(eta))
    rows = [row for row in [0, 100, ROW - 1, ROW + 1] if not sum(terms(row)).equals(eta)]

    a_7, b_RN = posterior["a"].sel(actor="actor 7"), posterior["b"].sel(treatment="R/N")
    sum_7 = a_7 + b_RN
    ends = tuple(x + y for x, y in zip(interval(a_7), interval(b_RN), strict=True))

    even = ndtri((np.arange(20_000) + 0.5) / 20_000)
    plug_in = float(expit(2))
    mean_new = float(expit(2 + 2 * even).mean())
    by_formula = plug_in + 0.5 * 2**2 * plug_in * (1 - plug_in) * (1 - 2 * plug_in)
    return {
        "04.1": Exercise(
            right=right,
            because="The draws and the three steps are the same; only the order of the last two differs.",
            hints={
                words.SWAPPED: [-right],
                words.SAME_PLACE: [0.0],
                words.MISSING: [gap(part) for part in dropped(*here)],
                words.ADDED: [gap(eta + a_bar)],
                words.OTHER: [gap(other) for other in swaps(coded(ROW))],
                words.ROW: [gap(sum(terms(row))) for row in rows],
                words.ONE_OF_TWO: of_p(*here),
                words.ROUNDED: [mean_p - p for p in of_p(*here)[2:]],
                words.MEDIAN_GAP: [median_p - float(expit(eta.mean())), mean_p - median_p],
                words.SECOND_ORDER: [second_order(eta)],
                words.LOG_ODDS_GAP: [float(logit(mean_p)) - mean(eta)],
            },
            decimals=4,
            scale="difference",
        ),
        "04.2": Exercise(
            right=interval(sum_7),
            because="You took the sum in every draw and its quantiles last.",
            hints={
                words.ENDS: [ends],
                words.INDEPENDENT: [around(sum_7, float(np.hypot(a_7.std(), b_RN.std())))],
                words.PART: [interval(a_7), interval(b_RN)],
                words.PROBABILITY: [interval(expit(sum_7))],
                words.ODDS: [interval(np.exp(sum_7))],
                words.HDI: [hdi(sum_7), hdi(sum_7, 0.94)],
                words.MASS: other_masses(sum_7),
                words.NORMAL: [around(sum_7), (mean(sum_7) - sd(sum_7), mean(sum_7) + sd(sum_7))],
                words.ADDED: [interval(sum_7 + a_bar)],
                words.MEDIAN_ACTOR: [interval(a_bar + b_RN)],
                words.OTHER: [interval(other) for other in swaps([(posterior["a"], 6), (posterior["b"], 0)])],
                words.BLOCK: [interval(sum_7 + posterior["g"].sel(block="block 1"))],
            },
            decimals=3,
            scale="log-odds",
        ),
        "04.3": Exercise(
            right="B",
            because="The median is defined by order, and an increasing curve keeps the order.",
            hints={
                "The gap was found in exactly this summary.": ["A"],
                "It is the shortest interval, but the curve stretches and shrinks lengths.": ["C"],
                "A standard deviation is made of distances. What does the curve do to them?": ["D"],
            },
            scale="choice",
        ),
        "04.4": Exercise(
            right=mean_new,
            because="The spread moved the mean towards one half, as it does for every Normal eta with a mean above 0.",
            hints={
                "Is this the plug-in, the curve of the mean? Apply expit to the whole distribution.": [
                    plug_in
                ],
                words.RIGHT_LEVER: [1 - mean_new, 1 - plug_in],
                words.SUM: [2.0],
                words.SECOND_ORDER: [by_formula],
                "Is the spread right? The sd is 2.": [
                    float(expit(2 + spread * even).mean()) for spread in [np.sqrt(2), 4, 1]
                ],
                "Is the curve expit? The Normal's own curve is a different one.": [
                    float(ndtr(2 / np.sqrt(1 + 2**2)))
                ],
                "Did you take only a few values of eta? Take the whole distribution.": [
                    float(expit([0, 4]).mean()),
                    float(expit(np.linspace(-2, 6, 1000)).mean()),
                ],
                "Is this the gap? The mean of p is asked for.": [mean_new - plug_in],
                "Is this the probability that eta is above 0? The mean of p is asked for.": [float(ndtr(1))],
            },
            scale="probability",
            tolerance=0.0115,  # 2.9 standard errors of the mean of 4,000 random values
            look_up=True,
        ),
        "04.5": Exercise(
            right="D",
            because="It is one number, computed from means. It has no draws, so it has no interval.",
            hints={
                "It has one value per draw. What are the quantiles of these values?": ["A"],
                "It is computed in every draw. What are its quantiles?": ["B"],
                "Two values per draw give one difference per draw. What are its quantiles?": ["C"],
            },
            scale="choice",
        ),
    }
