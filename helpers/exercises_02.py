"""The exercises of lesson 02: hyperparameters and intercepts."""

import numpy as np
import pandas as pd
from scipy.special import expit

from helpers.data import DATA
from helpers.exercises import Exercise
from helpers.posterior import load_posterior


def exercises():
    """Return the lesson's exercises by number; every answer is computed here."""
    posterior = load_posterior("m_13_4")["posterior"].to_dataset()
    a, b, a_bar = posterior["a"], posterior["b"], posterior["a_bar"]
    a_5, a_6, a_7 = (a.sel(actor=f"actor {k}") for k in [5, 6, 7])
    b_RN, b_LP = b.sel(treatment="R/N"), b.sel(treatment="L/P")
    lme4 = pd.read_csv(DATA / "lme4_m_13_4.csv").set_index("level")
    intercept = float(lme4[lme4["kind"] == "fixed"].loc["(Intercept)", "estimate"])
    to_LP = float(lme4[lme4["kind"] == "fixed"].loc["treatment L/P", "estimate"])
    deviation = float(lme4[(lme4["kind"] == "deviation") & (lme4["group"] == "actor")].loc["3", "estimate"])
    a_1 = a.sel(actor="actor 1")

    def mean(draws):
        return float(draws.mean())

    return {
        "02.1": Exercise(
            right=mean(a_7 + b_RN),
            because="Two coefficients and no a_bar, because a[actor 7] is a level already.",
            beliefs={
                "Did a_bar get added? It shaped a[actor 7] through the prior, and that is done.": mean(
                    a_7 + b_RN + a_bar
                ),
                "This is a[actor 7] alone. There is no treatment with b = 0; which one is asked for?": mean(
                    a_7
                ),
                "Whose coefficient is this? Pick actor 7 by name.": mean(a_6 + b_RN),
            },
            scale="log-odds",
        ),
        "02.2": Exercise(
            right=mean(expit(a_5 + b_LP)),
            because="The sum was on the log-odds scale, and expit took it to a probability.",
            beliefs={
                "Did a_bar get added on the way?": mean(expit(a_5 + b_LP + a_bar)),
                "Is the treatment's coefficient in the sum?": mean(expit(a_5)),
                "This is the probability of pulling right. Look at the sign inside the exponential.": mean(
                    1 - expit(a_5 + b_LP)
                ),
                "This is the sum itself, on the log-odds scale.": mean(a_5 + b_LP),
            },
            scale="probability",
        ),
        "02.3": Exercise(
            right=deviation + intercept + to_LP,
            because="Intercept, treatment and deviation: each is a step from the one before.",
            beliefs={
                "This is the deviation alone: its table has taken the intercept out.": deviation,
                "This is R/N, the reference. How does one get from there to L/P?": deviation + intercept,
                "This is the same for every chimpanzee. Where is actor 3 in it?": intercept + to_LP,
                "A deviation is added to the intercept, with its own sign.": intercept + to_LP - deviation,
                "Is that our a_bar? lme4's table has its own intercept.": mean(a_bar) + to_LP + deviation,
                "These are our coefficients. The question is about lme4's table.": mean(
                    a.sel(actor="actor 3") + b_LP
                ),
            },
            decimals=3,
            scale="log-odds",
        ),
        "02.4": Exercise(
            right="B",
            because="sigma_a describes the population; an sd column gives the uncertainty of one number.",
            beliefs={
                "That sd shrinks when one chimpanzee pulls more often. Do chimpanzees then become more alike?": "A",
                "That one is the uncertainty of the population's mean.": "C",
                "That one is the uncertainty of the spread, not the spread.": "D",
            },
            scale="choice",
        ),
        "02.5": Exercise(
            right=float((a_1 + b_RN).std()),
            because="Less than for either way of adding the parts, because a and b are negatively correlated.",
            beliefs={
                "The two sds were combined as if a and b were independent. Add the draws first.": float(
                    np.hypot(a_1.std(), b_RN.std())
                ),
                "The two sds were added. Add the draws, then take one sd.": float(a_1.std() + b_RN.std()),
                "This is the sd of a alone.": float(a_1.std()),
                "This is the sd of b alone.": float(b_RN.std()),
            },
            decimals=3,
        ),
    }
