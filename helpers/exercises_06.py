"""The exercises of lesson 06: tadpoles."""

import numpy as np
import xarray as xr
from scipy.special import expit, ndtri

from helpers.data import load_reedfrogs
from helpers.exercises import Exercise
from helpers.posterior import load_posterior


def exercises():
    """Return the lesson's exercises by number; every answer is computed here."""
    idata = load_posterior("m_13_2")
    posterior = idata["posterior"].to_dataset()
    a, a_bar, sigma = posterior["a"], posterior["a_bar"], posterior["sigma"]
    free = sum(posterior[name][0, 0].size for name in idata.attrs["free_variables"])
    tanks = a.sizes["tank"]
    a_2, a_3, a_9 = (a.sel(tank=f"tank {k}") for k in [2, 3, 9])
    evenly = xr.DataArray(ndtri((np.arange(200) + 0.5) / 200), dims="new_tank")

    def mean(draws):
        return float(draws.mean())

    d = load_reedfrogs()
    observed = d.set_index("tank")["propsurv"].to_dict()
    safe = (d["pred"] == "no").to_numpy()
    a_safe, a_pred = a[..., safe].mean("tank"), a[..., ~safe].mean("tank")
    p_safe, p_pred = expit(a)[..., safe].mean("tank"), expit(a)[..., ~safe].mean("tank")

    gap = mean(expit(a_2)) - float(expit(a_2.mean()))
    return {
        "06.1": Exercise(
            right=mean(expit(a_9)),
            because="The formula is expit(a), and a_bar is not in it.",
            beliefs={
                "Was a_bar added? Look at the formula of p.": mean(expit(a_9 + a_bar)),
                "This is on the log-odds scale.": mean(a_9),
                "This is the probability of dying. Look at the sign inside the exponential.": mean(
                    1 - expit(a_9)
                ),
                "This is the observed proportion. What does the model say?": observed["tank 9"],
            },
            scale="probability",
        ),
        "06.2": Exercise(
            right=float(expit(a_2.mean())),
            because="Right cell, wrong scale: the learner's fourth question once more.",
            beliefs={
                "That is the number that is not there. On which scale is it?": mean(a_2),
                "Was a_bar added?": float(expit((a_2 + a_bar).mean())),
                "This is the probability of dying.": float(expit(-a_2.mean())),
            },
            scale="probability",
        ),
        "06.3": Exercise(
            right=free,
            because="p is computed from a, entry by entry.",
            beliefs={
                "Is p free?": free + tanks,
                "Are a_bar and sigma given, or chosen by the sampler?": tanks,
                "Each tank has one a and one p. Are both free?": 2 * tanks,
            },
            decimals=0,
        ),
        "06.4": Exercise(
            right=gap,
            because="A wide eta where the curve bends: the gap is far larger than in row 0 of the chimpanzees.",
            beliefs={
                "The size is right. Which is subtracted from which?": -gap,
                "Is the mean taken at the same place in both?": 0.0,
                "That is the distance to the observed proportion, not to the plug-in.": mean(expit(a_2)) - 1,
            },
            decimals=3,
        ),
        "06.5": Exercise(
            right=mean(expit(a_bar + sigma * evenly) < 0.5),
            because="A new tank may lie anywhere in the population, not only at its middle.",
            beliefs={
                "This is the median tank. Where did sigma go?": mean(expit(a_bar) < 0.5),
                "This is the share of the 48 tanks that were observed so. The question is about a new one.": float(
                    (d["propsurv"] < 0.5).mean()
                ),
                "This is the probability that it is above one half.": mean(
                    expit(a_bar + sigma * evenly) > 0.5
                ),
            },
            scale="probability",
        ),
        "06.6": Exercise(
            right=mean(p_safe - p_pred),
            because="Predators matter more to a tadpole than any treatment did to a chimpanzee.",
            beliefs={
                "This is the difference on the log-odds scale. Go through the curve before you average.": mean(
                    a_safe - a_pred
                ),
                "The size is right. Which is subtracted from which?": mean(p_pred - p_safe),
                "The curve of a difference is not the difference of two curves.": mean(
                    expit(a_safe - a_pred)
                ),
                "This is the observed difference. What does the model say?": float(
                    d.loc[safe, "propsurv"].mean() - d.loc[~safe, "propsurv"].mean()
                ),
            },
        ),
        "06.7": Exercise(
            right="B",
            because="Tank 38 had 35 survivors of 35, and is given a p nearer to 1.",
            beliefs={
                "The model's p is expit(a), nothing added. And adding would raise it.": "A",
                "That lowers it, but by less. What is the plug-in?": "C",
                "Look at the diagnostics under the table.": "D",
            },
            scale="choice",
        ),
        "06.8": Exercise(
            right=mean(a_3),
            because="Deviations: add mu. It is the same tank as in our own table.",
            beliefs={
                "This is the deviation alone. Deviation from what?": mean(a_3 - a_bar),
                "This is mu, the same for every tank.": mean(a_bar),
                "A deviation is added with its own sign.": mean(a_bar - (a_3 - a_bar)),
            },
            scale="log-odds",
        ),
    }
