"""The exercises of lesson 06: tadpoles."""

import numpy as np
import xarray as xr
from scipy.special import expit, logit, ndtri

from helpers.data import load_reedfrogs
from helpers.exercises import words
from helpers.exercises.draws import gap, mean, of_odds, of_p, of_sum, second_order
from helpers.exercises.engine import Exercise
from helpers.posterior import load_posterior

TANK = "Is this a different tank? Pick by name; the code of tank k is k - 1."
DYING = "Is this the probability of dying? Check the sign inside the exponential."
OBSERVED = "Is this an observed proportion? The question is about the model."


def exercises():
    """Return the lesson's exercises by number; every answer is computed here."""
    posterior = load_posterior("m_13_2")["posterior"].to_dataset()
    a, a_bar, sigma = posterior["a"], posterior["a_bar"], posterior["sigma"]
    d = load_reedfrogs()
    observed = d.set_index("tank")["propsurv"].astype(float)
    evenly = xr.DataArray(ndtri((np.arange(200) + 0.5) / 200), dims="new_tank")

    def tank(*numbers):
        return [a.sel(tank=f"tank {k}") for k in numbers]

    (a_2, a_3, a_8, a_12), p = tank(2, 3, 8, 12), expit(a)
    p_2, p_8 = expit(a_2), expit(a_8)
    printed = round(mean(a_bar), 2), round(mean(a_3 - a_bar), 2)
    twist = sum(printed)

    def above(p):
        return float((p > 0.85).mean())

    safe = (d["pred"] == "no").to_numpy()
    big = (d["size"] == "big").to_numpy()

    def apart(x, chosen=safe):
        return mean(x[..., chosen].mean("tank") - x[..., ~chosen].mean("tank"))

    def at_rest(x):
        return x.mean(["chain", "draw"])

    pooled = d.groupby("pred")["surv"].sum() / d.groupby("pred")["density"].sum()
    difference = apart(p)
    return {
        "06.1": Exercise(
            right=mean(expit(a_12)),
            because="The formula is expit(a), and a_bar is not in it.",
            hints={
                words.ADDED: of_p(a_12, a_bar),
                "Was a_bar subtracted? Nothing has to be taken out of a level.": of_p(a_12, -a_bar),
                "Is this the population's median? Where is tank 12 in it?": of_p(a_bar),
                words.SUM: of_sum(a_12),
                words.ODDS: of_odds(a_12),
                DYING: [1 - x for x in of_p(a_12)],
                words.PLUG_IN: of_p(a_12)[1:],
                words.MEDIAN: [float(expit(a_12).median())],
                TANK: [mean(expit(other)) for other in tank(1, 2, 9, 11, 13)],
                OBSERVED: [observed["tank 12"]],
            },
            decimals=3,
            scale="probability",
        ),
        "06.2": Exercise(
            right=float(expit(a_2.mean())),
            because="It was the right cell on the wrong scale, as in the learner's fourth question.",
            hints={
                "Is this the number that the colleague could not find? Which scale is it on?": of_sum(a_2),
                words.ADDED: of_p(a_2, a_bar),
                "Is this the population's median? Where is tank 2 in it?": of_p(a_bar),
                DYING: [1 - x for x in of_p(a_2)],
                words.ODDS: of_odds(a_2),
                "Is this the mean of p itself? Which number comes from the mean of a?": [mean(p_2)],
                "Is this a median? The question is about the mean of a.": [float(p_2.median())],
                TANK: [float(expit(other.mean())) for other in tank(1, 3, 9)],
                OBSERVED: [observed["tank 2"]],
            },
            decimals=3,
            scale="probability",
            look_up=True,
        ),
        "06.3": Exercise(
            right=gap(a_8),
            because="This eta is wide and the curve bends, so the gap is far larger than in row 0 of the chimpanzees.",
            hints={
                words.SWAPPED: [-gap(a_8)],
                words.SAME_PLACE: [0.0],
                "Is this the distance to the observed proportion? The gap is the distance to the plug-in.": [
                    mean(p_8) - observed["tank 8"],
                    observed["tank 8"] - mean(p_8),
                ],
                words.ADDED: [gap(a_8 + a_bar)],
                "Is this the gap for a_bar, the population's median?": [gap(a_bar)],
                TANK: [gap(other) for other in tank(1, 2, 7, 9)],
                words.ONE_OF_TWO: of_p(a_8)[:2],
                words.ROUNDED: [mean(p_8) - x for x in of_p(a_8)[2:]] + [0.87 - 0.89],
                words.MEDIAN_GAP: [
                    float(p_8.median()) - float(expit(a_8.mean())),
                    mean(p_8) - float(p_8.median()),
                ],
                words.SECOND_ORDER: [second_order(a_8)],
                words.LOG_ODDS_GAP: [float(logit(mean(p_8))) - mean(a_8)],
            },
            decimals=4,
            scale="difference",
        ),
        "06.4": Exercise(
            right=above(expit(a_bar + sigma * evenly)),
            because=(
                "A new tank may be anywhere in the population. "
                "(The means of a_bar and sigma, without their draws, happen to give nearly the same.)"
            ),
            hints={
                "Is this the median tank? Where is sigma in it?": [above(expit(a_bar))],
                "Is this the population's mean? One new tank is asked for.": [
                    above(expit(a_bar + sigma * evenly).mean("new_tank"))
                ],
                "Are these the tanks that took part? The question is about a new one.": [
                    float((observed > 0.85).mean()),
                    float((observed >= 0.85).mean()),
                    above(p),
                    above(at_rest(p)),
                ],
                "Is this the probability that it is below?": [1 - above(expit(a_bar + sigma * evenly))],
                "Is this a p? How often is p above 0.85?": [
                    *of_p(a_bar),
                    *(1 - x for x in of_p(a_bar)),
                    mean(expit(a_bar + sigma * evenly)),
                ],
                "Was 0.85 compared with log-odds? It is a probability.": [
                    above(a_bar + sigma * evenly),
                    above(a_bar),
                ],
                "Is a_bar in it? The tanks are spread around it.": [above(expit(sigma * evenly))],
            },
            scale="probability",
            tolerance=0.0245,  # 2.9 standard errors of one new tank in each of 4,000 draws
        ),
        "06.5": Exercise(
            right=difference,
            because=(
                "Predators matter more to a tadpole than any treatment did to a chimpanzee. "
                "(The median of the difference is nearly the same as its mean.)"
            ),
            hints={
                words.LOG_ODDS_GAP: [apart(a), float(logit(mean(p[..., safe])) - logit(mean(p[..., ~safe])))],
                words.SWAPPED: [-difference],
                "Was expit applied to a difference? Apply it to both, then subtract.": [
                    mean(expit(a[..., safe].mean("tank") - a[..., ~safe].mean("tank"))),
                    float(expit(apart(a))),
                ],
                OBSERVED: [
                    float(observed[safe].mean() - observed[~safe].mean()),
                    float(pooled["no"] - pooled["pred"]),
                ],
                words.PLUG_IN: [apart(expit(at_rest(a)))],
                "Was a averaged over the tanks before the curve? Apply expit in every tank first.": [
                    mean(expit(a[..., safe].mean("tank")) - expit(a[..., ~safe].mean("tank"))),
                    float(expit(at_rest(a)[safe].mean()) - expit(at_rest(a)[~safe].mean())),
                ],
                words.ONE_OF_TWO: [mean(p[..., safe]), mean(p[..., ~safe])],
                "Is this a ratio? A difference is asked for.": [
                    mean(p[..., safe].mean("tank") / p[..., ~safe].mean("tank")),
                    mean(p[..., safe]) / mean(p[..., ~safe]),
                ],
                words.ADDED: [apart(expit(a + a_bar))],
                "Are these different groups of tanks? The column pred says which had predators.": [
                    apart(p, big),
                    -apart(p, big),
                    apart(p, np.arange(48) < 24),
                ],
            },
            decimals=3,
            scale="difference",
        ),
        "06.6": Exercise(
            right=twist,
            because="These are deviations, so mu is added. It is the same tank as in our own table.",
            hints={
                "Is this the deviation alone? Deviation from what?": [printed[1]],
                "Is this mu, the same for every tank?": [printed[0]],
                "Was the deviation subtracted? It is added with its own sign.": [
                    printed[0] - printed[1],
                    printed[1] - printed[0],
                ],
                "Is mu in it twice?": [2 * printed[0] + printed[1]],
                "Were the two multiplied? The formula adds them.": [printed[0] * printed[1]],
                words.PROBABILITY: [float(expit(twist)), mean(expit(a_3)), float(expit(printed[1]))],
                words.ODDS: [float(np.exp(twist))],
                TANK: [round(mean(a_bar), 2) + round(mean(x - a_bar), 2) for x in tank(1, 2, 9)],
                OBSERVED: [observed["tank 3"], float(logit(observed["tank 3"]))],
            },
            scale="log-odds",
            look_up=True,
        ),
    }
