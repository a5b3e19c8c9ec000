"""The exercises of lesson 08: a model and a file of one's own."""

import numpy as np
from scipy.special import expit, logit

from helpers.data import load_reedfrogs
from helpers.exercises import words
from helpers.exercises.draws import mean
from helpers.exercises.engine import Exercise
from helpers.posterior import load_posterior


def exercises():
    """Return the lesson's exercises by number; every answer is computed here."""
    return {
        "08.1": Exercise(
            right="C",
            because="The mean is inside each a and is added once more. read_table asks whether that is meant.",
            hints={
                "Is a_bar inside a as well? Look at the prior of a.": ["A"],
                "The a are not deviations here. What is the mean of their prior?": ["B"],
                "A tank in the middle is at the mean of the population, whatever its sd.": ["D"],
            },
            scale="choice",
        ),
        "08.2": _tank_27(),
        "08.3": Exercise(
            right="D",
            because="It has the unit, the school, and the interval's kind and mass.",
            hints={
                "What scale is 6.3 on? The sentence has no unit.": ["A"],
                "What kind of interval is it, and what is its mass?": ["B"],
                "Which school, or which average over schools, is it about?": ["C"],
            },
            scale="choice",
        ),
    }


def _tank_27():
    posterior = load_posterior("m_13_2")["posterior"].to_dataset()
    centre, spread, level = (posterior[name] for name in ["a_bar", "sigma", "a"])
    shift = (level - centre) / spread
    others = [f"tank {k}" for k in range(1, 49) if k != 27]
    tank, e = level.sel(tank="tank 27"), shift.sel(tank="tank 27")
    printed = [round(mean(x), 2) for x in [centre, spread, e]]
    return Exercise(
        right=mean(tank),
        because="shift is multiplied by spread in every draw, and centre is added.",
        hints={
            "Is shift standardised? Multiply it by spread first.": [
                mean(e),
                mean(centre + e),
                printed[0] + printed[2],
            ],
            "Is centre missing?": [mean(spread * e), printed[1] * printed[2]],
            "Is centre in it twice?": [mean(centre + tank)],
            "Is this the population? Where is tank 27 in it?": [mean(centre)],
            "Was it computed from the means? Multiply in every draw and take the mean last.": [
                mean(centre) + mean(spread) * mean(e),
                printed[0] + printed[1] * printed[2],
            ],
            "Is this on the probability scale? Log-odds are asked for.": [
                mean(expit(tank)),
                mean(1 - expit(tank)),
                float(expit(mean(tank))),
            ],
            words.ODDS: [mean(np.exp(tank))],
            words.MEDIAN: [float(tank.median())],
            "Is this the log-odds of the mean of p? Take the mean on the log-odds scale.": [
                float(logit(mean(expit(tank))))
            ],
            "Is this the log-odds of an observed proportion? The question is about the model.": [
                float(logit(load_reedfrogs().set_index("tank").loc["tank 27", "propsurv"]))
            ],
            "Was the product subtracted from centre?": [mean(centre - spread * e)],
            "Is this a different tank? Pick by name.": [mean(level.sel(tank=other)) for other in others],
        },
        decimals=2,
        scale="log-odds",
    )
