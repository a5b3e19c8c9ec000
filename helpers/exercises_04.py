"""The exercises of lesson 04: Jensen's gap."""

import numpy as np
from scipy.special import expit
from scipy.stats import norm

from helpers.data import load_chimpanzees
from helpers.exercises import Exercise
from helpers.posterior import load_posterior


def exercises():
    """Return the lesson's exercises by number; every answer is computed here."""
    d = load_chimpanzees()
    posterior = load_posterior("m_13_4")["posterior"].to_dataset()
    actor, block, treatment = d.loc[40, ["actor_idx", "block_idx", "treatment_idx"]]
    a, g, b = (
        posterior["a"][..., int(actor)],
        posterior["g"][..., int(block)],
        posterior["b"][..., int(treatment)],
    )

    first = posterior["a"][..., 0] + posterior["g"][..., 0] + posterior["b"][..., 0]

    def gap(eta):
        return float(expit(eta).mean() - expit(eta.mean()))

    a_7, b_RN = posterior["a"].sel(actor="actor 7"), posterior["b"].sel(treatment="R/N")

    def interval(draws):
        return tuple(float(q) for q in draws.quantile([0.055, 0.945]))

    mean_7 = float((a_7 + b_RN).mean())
    ends = tuple(x + y for x, y in zip(interval(a_7), interval(b_RN), strict=True))
    half = 1.598 * float(np.hypot(a_7.std(), b_RN.std()))  # 89% of a Normal lie within 1.598 sd
    even = norm.ppf((np.arange(20_000) + 0.5) / 20_000)
    return {
        "04.1": Exercise(
            right=gap(a + g + b),
            because="Same draws, same three steps; only the order of the last two differs.",
            beliefs={
                "The size is right. Which of the two is subtracted from which?": -gap(a + g + b),
                "Are g and b in the sum?": gap(a),
                "This is the gap of row 0. Which row is asked for?": gap(first),
                "Is the mean taken at the same place in both recipes? Then there is no gap.": 0.0,
            },
            decimals=4,
        ),
        "04.2": Exercise(
            right=interval(a_7 + b_RN),
            because="The sum was taken in every draw, and its quantiles last.",
            beliefs={
                "These are sums of the ends of two intervals. Add the draws first.": ends,
                "The sds were combined as if a and b were independent. Use the draws of the sum.": (
                    mean_7 - half,
                    mean_7 + half,
                ),
                "This is the interval of a[actor 7] alone.": interval(a_7),
                "This is on the probability scale. The question is about log-odds.": interval(
                    expit(a_7 + b_RN)
                ),
            },
            scale="log-odds",
        ),
        "04.3": Exercise(
            right="B",
            because="The median is defined by order, and a monotone curve keeps the order.",
            beliefs={
                "The mean is where the gap was found.": "A",
                "It is the shortest interval, and the curve stretches and shrinks lengths.": "C",
                "A standard deviation is made of distances. What does the curve do to them?": "D",
            },
            scale="choice",
        ),
        "04.4": Exercise(
            right=float(expit(2 + 2 * even).mean()),
            because="The spread took the mean towards one half, as for every Normal eta with a mean above 0.",
            beliefs={
                "This is the plug-in: the curve of the mean. Send the whole distribution through.": float(
                    expit(2)
                ),
                "This is the probability of pulling right.": float(1 - expit(2 + 2 * even).mean()),
                "This is the second-order formula, and 2 is too wide a spread for it.": float(
                    expit(2) + 0.5 * 2**2 * expit(2) * expit(-2) * (1 - 2 * expit(2))
                ),
            },
            scale="probability",
        ),
        "04.5": Exercise(
            right="D",
            because="Curvature and spread are all it takes; a Normal eta has the gap as well.",
            beliefs={
                "With unrounded means the gap was still there.": "A",
                "What was the gap of a Normal eta, which has no extreme draws?": "B",
                "What did the four chains say, each on its own?": "C",
            },
            scale="choice",
        ),
    }
