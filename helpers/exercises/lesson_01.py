"""The exercises of lesson 01: fitting m_13_4."""

import numpy as np
from scipy.special import expit

from helpers.data import load_chimpanzees
from helpers.exercises import words
from helpers.exercises.draws import dropped, mean, of_p, swaps
from helpers.exercises.engine import Exercise
from helpers.posterior import load_posterior

ROW = 332


def exercises():
    """Return the lesson's exercises by number; every answer is computed here."""
    d = load_chimpanzees()
    idata = load_posterior("m_13_4", drop="p")
    posterior = idata["posterior"].to_dataset()
    free = sum(posterior[name][0, 0].size for name in idata.attrs["free_variables"])

    def terms(row, chain=0, draw=6):
        codes = d.loc[row, ["actor_idx", "block_idx", "treatment_idx"]]
        here = posterior.isel(chain=chain, draw=draw)
        return [(here[name], int(code)) for name, code in zip(["a", "g", "b"], codes, strict=True)]

    def eta(*where):
        return float(sum(array[index] for array, index in terms(*where)))

    def p(*etas):
        return [float(expit(x)) for x in etas]

    one_up = [array[min(index + 1, array.size - 1)] for array, index in terms(ROW)]
    as_codes = one_up[0] + one_up[1] + terms(ROW)[2][0][terms(ROW)[2][1]]  # the file's own numbers as codes
    a, g, b = (posterior[array.name][..., index] for array, index in terms(ROW))
    here = eta(ROW)
    return {
        "01.1": Exercise(
            right=float(expit(-1.2)),
            because="A negative sum is a probability below one half.",
            hints={
                words.RIGHT_LEVER: p(1.2),
                words.SUM: [-1.2],
                words.ODDS: [float(np.exp(-1.2)), float(np.exp(1.2))],
                "Was this read off a table or a straight line? The curve bends, so compute it with expit.": [
                    0.8 * expit(-1) + 0.2 * expit(-2),
                    0.24,
                    0.5 - 1.2 / 4,
                ],
            },
            decimals=3,
            scale="probability",
            look_up=True,
        ),
        "01.2": Exercise(
            right=free + 2,
            because="Two more chimpanzees add two more a. The pulls are data, not parameters.",
            hints={
                "Is this the number for seven chimpanzees?": [free],
                "Did you take nine of everything? Only the chimpanzees are nine.": [3 + 9 * 3],
                "Does this count pulls or values of p? They are not free.": [9 * 72, 9 * 72 + free + 2],
                "Are the hyperparameters missing? The sampler chooses them too.": [free + 2 - 3],
                "Did you also count something that is computed, such as g?": [free + 2 + 6],
            },
            decimals=0,
            look_up=True,
        ),
        "01.3": Exercise(
            right="C",
            because="All chains may have missed the same region, and then they agree although it is missing.",
            hints={
                "Do not count them like votes. What does each of the three measure?": ["A"],
                "Which of the three compares the chains, and what is its value here?": ["B"],
                "Which of the three counts draws, and what is its value here?": ["D"],
            },
            scale="choice",
        ),
        "01.4": Exercise(
            right=float(expit(here)),
            because="One a, one g and one b lead to it; the stored p of this row and draw is the same.",
            hints={
                words.ADDED: p(
                    here + float(posterior["a_bar"][0, 6]), here + mean(posterior["a_bar"]), here + 0.6
                ),
                words.SUM: [here],
                words.ODDS: [float(np.exp(here))],
                words.RIGHT_LEVER: p(-here),
                words.MISSING: p(*dropped(*(array[index] for array, index in terms(ROW)))),
                words.OTHER: p(*swaps(terms(ROW)), sum(one_up), as_codes),
                words.ROW: p(*(eta(row) for row in [0, ROW - 1, ROW + 1] if eta(row) != here)),
                "Is this a different draw? Python counts from 0, so the seventh has index 6.": p(
                    eta(ROW, 0, 5), eta(ROW, 0, 7), eta(ROW, 1, 6)
                ),
                "Is this a summary of all draws? One draw is asked for.": [
                    *of_p(a, g, b),
                    float(expit(a + g + b).median()),
                ],
            },
            decimals=3,
            scale="probability",
        ),
    }
