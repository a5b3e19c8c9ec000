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
    b_RN, b_LN, b_RP, b_LP = (b.sel(treatment=name) for name in ["R/N", "L/N", "R/P", "L/P"])
    evenly = xr.DataArray(norm.ppf((np.arange(200) + 0.5) / 200), dims="chimpanzee")
    a_1, a_6 = a.sel(actor="actor 1"), a.sel(actor="actor 6")

    def mean(draws):
        return float(draws.mean())

    def sd(draws):
        return float(draws.std())

    def interval(draws):
        return tuple(float(q) for q in draws.quantile([0.055, 0.945]))

    one, other = interval(b_LN), interval(b_RP)
    independent = 1.598 * float(np.hypot(b_LN.std(), b_RP.std()))  # 89% of a Normal: 1.598 sd
    return {
        "05.1": Exercise(
            right=sd(expit(a_bar + sigma_a * evenly + b_LN).mean("chimpanzee")),
            because="The average of very many animals is known far better than any one of them.",
            beliefs={
                "This is a new chimpanzee. Average over the chimpanzees of each draw first.": sd(
                    expit(a_bar + sigma_a * evenly + b_LN)
                ),
                "This is the median chimpanzee. Where did sigma_a go?": sd(expit(a_bar + b_LN)),
                "This is the average of the seven that took part. Whose proportion is asked for?": sd(
                    expit(a + b_LN).mean("actor")
                ),
                "This is the population in R/N.": sd(
                    expit(a_bar + sigma_a * evenly + b_RN).mean("chimpanzee")
                ),
                "This is the mean of the proportion. How uncertain is it?": mean(
                    expit(a_bar + sigma_a * evenly + b_LN)
                ),
            },
            decimals=3,
        ),
        "05.2": Exercise(
            right=mean(expit(a_6 + b_LP) - expit(a_6 + b_RP)),
            because="Two probabilities in every draw, their difference in every draw, the mean last.",
            beliefs={
                "This is the difference on the log-odds scale. Go through the curve before you subtract.": mean(
                    b_LP - b_RP
                ),
                "The curve of a difference is not the difference of two curves.": mean(expit(b_LP - b_RP)),
                "The size is right. Which treatment is subtracted from which?": -mean(
                    expit(a_6 + b_LP) - expit(a_6 + b_RP)
                ),
                "Where is actor 6 in it? The same coefficients do more near one half.": mean(
                    expit(b_LP) - expit(b_RP)
                ),
                "That is from R/N to L/N.": mean(expit(a_6 + b_LN) - expit(a_6 + b_RN)),
            },
            decimals=3,
        ),
        "05.3": Exercise(
            right=interval(b_LN - b_RP),
            because="It lies far from 0, although the intervals of the two b overlap.",
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
                "That is L/N against R/N.": interval(b_LN - b_RN),
            },
        ),
        "05.4": Exercise(
            right="D",
            because="Many pulls of one animal show that animal, and it may be any of the population.",
            beliefs={
                "This animal is not one of the seven.": "A",
                "That is one particular place in the population. Does this animal have to be there?": "B",
                "That is the average of very many animals. How many does the zoo have?": "C",
            },
            scale="choice",
        ),
        "05.5": Exercise(
            right=float(np.exp(b_LN - b_RP).median()),
            because="An odds ratio compares two odds; exp of a difference of log-odds is one.",
            beliefs={
                "This is an odds, exp of one coefficient. A ratio needs two.": float(np.exp(b_LN).median()),
                "This is a difference of log-odds. One step is missing.": float((b_LN - b_RP).median()),
                "This is a ratio of probabilities, and it depends on the actor.": float(
                    (expit(a_1 + b_LN) / expit(a_1 + b_RP)).median()
                ),
                "This is R/P against L/N.": float(np.exp(b_RP - b_LN).median()),
            },
        ),
    }
