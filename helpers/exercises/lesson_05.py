"""The exercises of lesson 05: new actors and contrasts."""

import numpy as np
import xarray as xr
from scipy.special import expit, ndtri

from helpers.exercises import words
from helpers.exercises.draws import around, hdi, interval, mean, other_masses, sd
from helpers.exercises.engine import Exercise
from helpers.posterior import load_posterior


def exercises():
    """Return the lesson's exercises by number; every answer is computed here."""
    posterior = load_posterior("m_13_4")["posterior"].to_dataset()
    a, g, b, a_bar, sigma_a = (posterior[name] for name in ["a", "g", "b", "a_bar", "sigma_a"])
    b_RN, b_RP, b_LP = (b.sel(treatment=name) for name in ["R/N", "R/P", "L/P"])
    others = [b.sel(treatment=name) for name in ["L/N", "R/P", "L/P"]]
    evenly = xr.DataArray(ndtri((np.arange(200) + 0.5) / 200), dims="chimpanzee")

    def new(treatment):
        return expit(a_bar + sigma_a * evenly + treatment)

    def population(treatment):
        return new(treatment).mean("chimpanzee")

    def above(p):
        return mean(p > 0.6)

    a_7 = a.sel(actor="actor 7")
    p_low, p_high = expit(a_7 + b_RP), expit(a_7 + b_LP)
    rise, effect = p_high - p_low, b_LP - b_RP
    low, high = interval(p_low), interval(p_high)

    def rise_of(level, to=b_LP, start=b_RP):
        return interval(expit(level + to) - expit(level + start))

    def averaged(p):
        return p(b_LP).mean("actor") - p(b_RP).mean("actor")

    def seven(treatment):
        return expit(a + treatment)

    def odds_ratio(p, q):
        return float((p / (1 - p) / (q / (1 - q))).median())

    ratios = [
        float((expit(level + b_LP) / expit(level + b_RP)).median())
        for level in [*a.transpose("actor", ...), a_bar]
    ]
    independent = float(np.hypot(p_high.std(), p_low.std()))
    return {
        "05.1": Exercise(
            right=above(population(b_RN)),
            because="The average over very many animals is less uncertain than any one of them.",
            hints={
                "Is this a new chimpanzee? Average over the chimpanzees of each draw first.": [
                    above(new(b_RN))
                ],
                "Is this the median chimpanzee? Where is sigma_a in it?": [above(expit(a_bar + b_RN))],
                "Are these the seven that took part? Whose proportion is asked for?": [
                    above(seven(b_RN).mean("actor")),
                    above(seven(b_RN)),
                ],
                "Is the coefficient of R/N missing?": [above(population(0))],
                "Is a_bar in it? The population is spread around it.": [
                    above(expit(sigma_a * evenly + b_RN).mean("chimpanzee"))
                ],
                words.RIGHT_LEVER: [above(1 - population(b_RN))],
                "Is this a different treatment?": [above(population(other)) for other in others],
                "Is this the probability that it is below 0.6?": [1 - above(population(b_RN))],
                "Is this a mean of the proportion? In how many of the draws is it above 0.6?": [
                    mean(new(b_RN)),
                    mean(expit(a_bar + b_RN)),
                ],
                "Is this an sd? In how many of the draws is the proportion above 0.6?": [
                    sd(population(b_RN))
                ],
                "Was the mean over the draws taken first? Compare in every draw.": [
                    0.0,
                    1.0,
                    above(new(b_RN).mean(["chain", "draw"])),
                ],
                "Was 0.6 compared with log-odds?": [
                    above(a_bar + b_RN),
                    above(a_bar),
                    above(a_bar + sigma_a * evenly + b_RN),
                    above((a_bar + sigma_a * evenly + b_RN).mean("chimpanzee")),
                ],
            },
            scale="probability",
            tolerance=0.015,  # 2.9 standard errors of 100 random chimpanzees per draw, and their luck
        ),
        "05.2": Exercise(
            right=interval(rise),
            because="You took both probabilities and their difference in every draw, and the quantiles last.",
            hints={
                words.LOG_ODDS_GAP: [interval(effect)],
                "Was expit applied to a difference? Apply it to both, then subtract.": [
                    interval(expit(effect))
                ],
                words.SWAPPED: [interval(-rise)],
                words.ENDS: [
                    (high[0] - low[1], high[1] - low[0]),
                    (high[0] - low[0], high[1] - low[1]),
                ],
                words.INDEPENDENT: [around(rise, independent)],
                words.PART: [low, high],
                words.HDI: [hdi(rise), hdi(rise, 0.94)],
                words.MASS: other_masses(rise),
                words.NORMAL: [around(rise), (mean(rise) - sd(rise), mean(rise) + sd(rise))],
                words.ADDED: [rise_of(a_7 + a_bar)],
                words.MEDIAN_ACTOR: [rise_of(a_bar)],
                "Is actor 7 in it? The same coefficients change p more near one half.": [rise_of(0)],
                words.OTHER: [
                    *(rise_of(a[..., k]) for k in range(6)),
                    *(
                        rise_of(a_7, to, start)
                        for to, start in [(others[0], b_RN), (b_LP, b_RN), (others[0], b_RP)]
                    ),
                    rise_of(a_7, b_LP, others[0]),
                ],
                words.BLOCK: [rise_of(a_7 + g[..., 0])],
                "Is this the average of the seven, or of the population?": [
                    interval(averaged(seven)),
                    interval(population(b_LP) - population(b_RP)),
                ],
                "Is this a ratio? The rise is a difference.": [
                    interval(p_high / p_low),
                    interval(np.exp(effect)),
                ],
            },
            decimals=3,
            scale="difference",
        ),
        "05.3": Exercise(
            right="A",
            because="Two intervals can overlap whether the interval of the difference includes 0 or is far from it.",
            hints={
                "Did the intervals of b[R/N] and b[L/N] overlap? And what was their difference?": ["B"],
                "What was the interval of b[L/N] - b[R/N], whose two intervals overlap?": ["C"],
                "Are the two lowest and highest in the same draws, in opposite draws, or in neither?": ["D"],
            },
            scale="choice",
        ),
        "05.4": Exercise(
            right="D",
            because="Many pulls show the proportion of that one animal, which may be anywhere in the population.",
            hints={
                "This animal is not one of the seven.": ["A"],
                "That is one particular place in the population. Does this animal have to be there?": ["B"],
                "That is the average of very many animals. How many does the zoo have?": ["C"],
            },
            scale="choice",
        ),
        "05.5": Exercise(
            right=float(np.exp(effect).median()),
            because="An odds ratio compares two odds, and exp of a difference of log-odds is an odds ratio.",
            hints={
                "Are these odds, exp of one coefficient? A ratio needs two.": [
                    float(np.exp(b_LP).median()),
                    float(np.exp(b_RP).median()),
                    float(np.exp(a_7 + b_LP).median()),
                ],
                "Is this a difference of log-odds? One step is missing.": [
                    float(effect.median()),
                    mean(effect),
                ],
                "Is this a ratio of probabilities? It depends on the actor.": ratios,
                "Is this R/P against L/P?": [float(np.exp(-effect).median()), mean(np.exp(-effect))],
                "Is this a different pair of treatments?": [
                    float(np.exp(one - two).median())
                    for one, two in [
                        (others[0], b_RP),
                        (others[0], b_RN),
                        (b_LP, b_RN),
                        (b_LP, others[0]),
                        (b_RP, b_RN),
                    ]
                ],
                "Is there a mean in it? The posterior median is asked for.": [
                    mean(np.exp(effect)),
                    float(np.exp(mean(effect))),
                    mean(np.exp(b_LP)) / mean(np.exp(b_RP)),
                ],
                "Does this compare proportions of many chimpanzees? The question is about one chimpanzee.": [
                    odds_ratio(seven(b_LP).mean("actor"), seven(b_RP).mean("actor")),
                    odds_ratio(population(b_LP), population(b_RP)),
                ],
                "Was exp applied to a difference of probabilities?": [float(np.exp(rise).median())],
            },
            decimals=3,
        ),
        "05.6": Exercise(
            right="C",
            because="The model assumed one effect for all. Actor 7 has less room above, so the same step raises p less.",
            hints={
                "How many differences b[L/N] - b[R/N] does the model have for the seven?": ["A"],
                "Which coefficients are pooled here? Does any effect have an entry for each actor?": ["B"],
                "Is the difference between the two rises within rounding? Look at the table.": ["D"],
            },
            scale="choice",
        ),
        "05.7": Exercise(
            right="B",
            because="A Deterministic in the file is copied, so give PyMC the free variables only.",
            hints={
                "Look at the row for a false p, with the codes as plain arrays.": ["A"],
                "Did PyMC raise an error in that table?": ["C"],
                "Does predicting new pulls use the pulls that were observed?": ["D"],
            },
            scale="choice",
        ),
    }
