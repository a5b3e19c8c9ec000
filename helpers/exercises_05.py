"""The exercises of lesson 05: new actors and contrasts."""

import numpy as np
import xarray as xr
from scipy.special import expit
from scipy.stats import norm

from helpers.exercises import Exercise
from helpers.posterior import load_posterior


def exercises():
    """Return the lesson's exercises by number; every answer is computed here."""
    posterior = load_posterior("m_13_4")["posterior"].to_dataset()
    a, b, a_bar, sigma_a = (posterior[name] for name in ["a", "b", "a_bar", "sigma_a"])
    b_RN, b_LN, b_RP = (b.sel(treatment=name) for name in ["R/N", "L/N", "R/P"])
    evenly = xr.DataArray(norm.ppf((np.arange(200) + 0.5) / 200), dims="chimpanzee")
    a_1, a_6 = a.sel(actor="actor 1"), a.sel(actor="actor 6")

    def mean(draws):
        return float(draws.mean())

    def interval(draws):
        return tuple(float(q) for q in draws.quantile([0.055, 0.945]))

    one, other = interval(b_LN), interval(b_RP)
    independent = 1.598 * float(np.hypot(b_LN.std(), b_RP.std()))  # 89% of a Normal: 1.598 sd
    return {
        "05.1": Exercise(
            right=mean(expit(a_bar + sigma_a * evenly + b_LN)),
            because="A new chimpanzee has the same mean; only its spread is larger.",
            beliefs={
                "This is the median chimpanzee. Where did sigma_a go?": mean(expit(a_bar + b_LN)),
                "This is the population in R/N.": mean(expit(a_bar + sigma_a * evenly + b_RN)),
            },
            scale="probability",
        ),
        "05.2": Exercise(
            right=mean(expit(a_6 + b_LN) - expit(a_6 + b_RN)),
            because="Two probabilities in every draw, their difference in every draw, the mean last.",
            beliefs={
                "This is the difference on the log-odds scale. Go through the curve before you subtract.": mean(
                    b_LN - b_RN
                ),
                "The curve of a difference is not the difference of two curves.": mean(expit(b_LN - b_RN)),
                "The size is right. Which treatment is subtracted from which?": -mean(
                    expit(a_6 + b_LN) - expit(a_6 + b_RN)
                ),
                "Where is actor 6 in it? The same coefficients do more near one half.": mean(
                    expit(b_LN) - expit(b_RN)
                ),
            },
            decimals=3,
        ),
        "05.3": Exercise(
            right=interval(b_LN - b_RP),
            because="It lies far from 0, although the intervals of the two levels nearly touch.",
            beliefs={
                "Ends were subtracted from ends. Take the difference in every draw.": (
                    one[0] - other[1],
                    one[1] - other[0],
                ),
                "Low was subtracted from low, and high from high. Take the difference in every draw.": (
                    one[0] - other[0],
                    one[1] - other[1],
                ),
                "The sds were combined as if the two were independent. Use the draws.": (
                    mean(b_LN - b_RP) - independent,
                    mean(b_LN - b_RP) + independent,
                ),
                "Which is subtracted from which?": interval(b_RP - b_LN),
            },
        ),
        "05.4": Exercise(
            right="D",
            because="Many pulls of one animal show that animal, and it may be any of the population.",
            beliefs={
                "This animal is not one of the seven.": "A",
                "That is one particular place in the population. Need this animal sit there?": "B",
                "That is the average of very many animals. How many has the zoo?": "C",
            },
            scale="choice",
        ),
        "05.5": Exercise(
            right=float(np.exp(b_LN - b_RN).median()),
            because="An odds ratio compares two odds; exp of a difference of log-odds is one.",
            beliefs={
                "This is an odds, exp of one coefficient. A ratio needs two.": float(np.exp(b_LN).median()),
                "This is a difference of log-odds. One step is missing.": float((b_LN - b_RN).median()),
                "This is a ratio of probabilities, and it depends on the actor.": float(
                    (expit(a_1 + b_LN) / expit(a_1 + b_RN)).median()
                ),
                "This is R/N against L/N.": float(np.exp(b_RN - b_LN).median()),
            },
        ),
    }
