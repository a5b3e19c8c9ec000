"""The exercises of lesson 02: hyperparameters and intercepts."""

import numpy as np
import pandas as pd
from scipy.special import expit

from helpers.data import DATA
from helpers.exercises import words
from helpers.exercises.draws import mean, of_odds, of_p, of_sum, swaps
from helpers.exercises.engine import Exercise
from helpers.posterior import load_posterior

EFFECTS = ["treatment L/N", "treatment R/P", "treatment L/P"]


def exercises():
    """Return the lesson's exercises by number; every answer is computed here."""
    posterior = load_posterior("m_13_4")["posterior"].to_dataset()
    a, b, a_bar = posterior["a"], posterior["b"], posterior["a_bar"]
    a_6, a_7 = a.sel(actor="actor 6"), a.sel(actor="actor 7")
    b_RN, b_RP, b_LP = (b.sel(treatment=name) for name in ["R/N", "R/P", "L/P"])
    g_1 = posterior["g"].sel(block="block 1")

    table = pd.read_csv(DATA / "lme4_m_13_4.csv", keep_default_na=False).set_index(["kind", "group", "level"])
    lme4 = table["estimate"].astype(float).sort_index()
    intercept, to_RP = lme4["fixed", "", "(Intercept)"], lme4["fixed", "", "treatment R/P"]
    deviation = lme4["deviation", "actor"]
    answer = float(intercept + to_RP + deviation["7"])
    return {
        "02.1": Exercise(
            right=mean(a_7 + b_RN),
            because="You add two coefficients and no a_bar, because a[actor 7] is already a level.",
            hints={
                words.ADDED: of_sum(a_7, b_RN, a_bar),
                words.MEDIAN_ACTOR: of_sum(a_bar, b_RN),
                "Is a coefficient missing? No treatment has b = 0.": [*of_sum(a_7), *of_sum(b_RN)],
                words.OTHER: [mean(eta) for eta in swaps([(a, 6), (b, 0)])],
                words.BLOCK: of_sum(a_7, b_RN, g_1),
                words.PROBABILITY: of_p(a_7, b_RN),
                words.ODDS: of_odds(a_7, b_RN),
                words.MEDIAN: [float((a_7 + b_RN).median())],
                "Was this added from the printed table? It has fewer digits than are asked for.": of_sum(
                    a_7, b_RN
                )[2:],
            },
            decimals=3,
            scale="log-odds",
        ),
        "02.2": Exercise(
            right=mean(expit(a_6 + b_LP)),
            because="The sum is on the log-odds scale, and expit turns it into a probability in every draw.",
            hints={
                words.ADDED: of_p(a_6, b_LP, a_bar),
                words.MEDIAN_ACTOR: of_p(a_bar, b_LP),
                words.MISSING: [*of_p(a_6), *of_p(b_LP)],
                words.OTHER: [mean(expit(eta)) for eta in swaps([(a, 5), (b, 3)])],
                words.BLOCK: of_p(a_6, b_LP, g_1),
                words.RIGHT_LEVER: [1 - p for p in of_p(a_6, b_LP)],
                words.SUM: of_sum(a_6, b_LP),
                words.ODDS: of_odds(a_6, b_LP),
                words.PLUG_IN: of_p(a_6, b_LP)[1:],
                words.MEDIAN: [float(expit(a_6 + b_LP).median())],
            },
            decimals=3,
            scale="probability",
        ),
        "02.3": Exercise(
            right=answer,
            because="The treatment and the deviation are differences, so you add both to the intercept.",
            hints={
                "Is this the deviation alone? The formula has an intercept, too.": [deviation["7"]],
                "Is the intercept missing?": [deviation["7"] + to_RP, to_RP],
                "Is this R/N, the reference? Which number leads from there to R/P?": [
                    deviation["7"] + intercept
                ],
                "Is this the same for every chimpanzee? Where is actor 7 in it?": [
                    intercept + to_RP,
                    intercept,
                ],
                "Which numbers have a minus sign? Each is added with its own sign.": [
                    intercept + to_RP - deviation["7"],
                    intercept - to_RP + deviation["7"],
                ],
                "Is the first number lme4's intercept, with four decimals? Our a_bar is not in its formula.": [
                    first + to_RP + deviation["7"] for first in [mean(a_bar), 0.6]
                ],
                "Is the intercept in it twice?": [answer + intercept],
                "Is this from our coefficients? The question is about lme4's table.": [
                    *of_sum(a_7, b_RP),
                    *of_sum(a_7, b_RP, a_bar),
                ],
                "Is this a different actor or treatment?": [
                    *(intercept + to_RP + deviation.drop("7")),
                    *(
                        intercept + lme4["fixed", "", name] + deviation["7"]
                        for name in EFFECTS
                        if name[-3:] != "R/P"
                    ),
                ],
                words.BLOCK: [answer + block for block in lme4["deviation", "block"]],
                words.PROBABILITY: [float(expit(answer))],
                words.ODDS: [float(np.exp(answer))],
            },
            look_up=True,
            decimals=4,
            scale="log-odds",
        ),
        "02.4": Exercise(
            right="A",
            because="sigma_a describes the population; an sd column gives the uncertainty of one number.",
            hints={
                "That sd shrinks when one chimpanzee pulls more often. Do chimpanzees then differ less?": [
                    "B"
                ],
                "Is that how much chimpanzees differ, or how uncertain their population's mean is?": ["C"],
                "Is that the spread, or how uncertain the spread is?": ["D"],
            },
            scale="choice",
        ),
        "02.5": Exercise(
            right="D",
            because="coef() is already the sum of intercept and deviation. Only the step from R/N to L/P is missing.",
            hints={
                "What has coef() done with the intercept already?": ["A"],
                "What has coef() done with the intercept already? And how do you get from R/N to L/P?": ["B"],
                "That is the reference treatment. How do you get from R/N to L/P?": ["C"],
            },
            scale="choice",
        ),
    }
