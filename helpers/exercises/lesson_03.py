"""The exercises of lesson 03: rebuilding p."""

import numpy as np
from scipy.special import expit

from helpers.data import load_chimpanzees
from helpers.exercises import words
from helpers.exercises.draws import dropped, mean, of_odds, of_p, of_sum, sd, swaps
from helpers.exercises.engine import Exercise
from helpers.posterior import load_posterior

ROW, ROW_OF_SD = 437, 111


def exercises():
    """Return the lesson's exercises by number; every answer is computed here."""
    d = load_chimpanzees()
    idata = load_posterior("m_13_4", drop="p")
    posterior = idata["posterior"].to_dataset()
    a_bar = posterior["a_bar"]
    free = sum(posterior[name][0, 0].size for name in idata.attrs["free_variables"])

    def coded(row):
        codes = d.loc[row, ["actor_idx", "block_idx", "treatment_idx"]]
        return [(posterior[name], int(code)) for name, code in zip(["a", "g", "b"], codes, strict=True)]

    def terms(row):
        return [array[..., index] for array, index in coded(row)]

    def p(row):
        return expit(sum(terms(row)))

    def other_rows(row):
        return [other for other in [0, 100, row - 1, row + 1] if not p(other).equals(p(row))]

    here, of_sd = terms(ROW), terms(ROW_OF_SD)
    pulled = d[(d["actor"] == 7) & (d["treatment"] == "R/N")]["pulled_left"]
    p_sd, mean_p = p(ROW_OF_SD), mean(p(ROW_OF_SD))
    return {
        "03.1": Exercise(
            right=mean(p(ROW)),
            because="The row's codes picked one a, one g and one b, and nothing else was needed.",
            hints={
                words.ADDED: of_p(*here, a_bar),
                words.RIGHT_LEVER: [1 - x for x in of_p(*here)],
                words.SUM: of_sum(*here),
                words.ODDS: of_odds(*here),
                words.PLUG_IN: of_p(*here)[1:],
                words.MEDIAN: [float(p(ROW).median())],
                words.MISSING: [p for eta in dropped(*here) for p in of_p(eta)],
                words.OTHER: [mean(expit(eta)) for eta in swaps(coded(ROW))],
                words.ROW: [mean(p(row)) for row in other_rows(ROW)],
                "Is this an observed proportion? The model's p is asked for.": [float(pulled.mean())],
            },
            decimals=3,
            scale="probability",
        ),
        "03.2": Exercise(
            right="B",
            because="The indices of a, g and b are an actor, a block and a treatment. Row 2 has different ones.",
            hints={
                "Look up row 2 in the data. Which actor, block and treatment does it have?": ["A"],
                "Which actor has code 2? Python counts from 0.": ["C"],
                "Does the model refuse a combination? It gives a p for each, observed or not.": ["D"],
            },
            scale="choice",
        ),
        "03.3": Exercise(
            right=sd(p_sd),
            because="Actor 2's p is close to 1, so it cannot vary much, however uncertain a[actor 2] is.",
            hints={
                "Is this the sd of eta, on the log-odds scale? Apply expit first.": [
                    sd(sum(of_sd)),
                    float(np.sqrt(sum(term.var() for term in of_sd))),
                    sum(sd(term) for term in of_sd),
                ],
                "Is this the sd of a single pull? The question is about p.": [
                    float(np.sqrt(mean_p * (1 - mean_p)))
                ],
                "Is this the mean of p? The question is how widely its draws are spread.": [mean_p],
                "Is this the sd of eta times the curve's slope? The spread of eta is too wide for that.": [
                    sd(sum(of_sd)) * x * (1 - x) for x in of_p(*of_sd)
                ],
                words.VARIANCE: [float(p_sd.var())],
                words.STANDARD_ERROR: [sd(p_sd) / np.sqrt(p_sd.size)],
                words.ADDED: [sd(expit(sum(of_sd) + a_bar))],
                words.MISSING: [sd(expit(eta)) for eta in dropped(*of_sd)],
                words.OTHER: [sd(expit(eta)) for eta in swaps(coded(ROW_OF_SD))],
                words.ROW: [sd(p(row)) for row in other_rows(ROW_OF_SD)],
            },
            decimals=4,
            look_up=True,
        ),
        "03.4": Exercise(
            right=free,
            because="p would have more entries, all of them computed from the same free numbers.",
            hints={
                "Does this count entries of p? They are not free.": [2 * len(d), len(d), 2 * len(d) + free],
                "Would there be more chimpanzees, blocks or treatments?": [2 * free],
                "Does this count the different values of p? They are not free.": [
                    len(d.drop_duplicates(["actor", "block", "treatment"]))
                ],
                "Are the hyperparameters missing? The sampler chooses them too.": [free - 3],
                "Did you also count something that is computed, such as g?": [free + 6],
            },
            decimals=0,
            look_up=True,
        ),
        "03.5": Exercise(
            right="C",
            because="A shared population would hardly help. In m_13_4 the chimpanzee of that pull has 71 more.",
            hints={
                "The number of intercepts is not the reason. Which pulls remain to estimate an intercept whose only pull is left out?": [
                    "A"
                ],
                "Look at actor 2, and at the other actors. This score would be the same whatever the pulls were.": [
                    "B"
                ],
                "Storing changes nothing in a model. Which pulls remain to estimate that intercept?": ["D"],
            },
            scale="choice",
        ),
        "03.6": Exercise(
            right="A",
            because="Storing p is a convenience: the draws of a, g and b and the codes are enough.",
            hints={
                "How many free numbers does p add? Look at the list of what is computed.": ["B"],
                "What is p computed from? Are those draws still there?": ["C"],
                "Did the fit without p give a different posterior?": ["D"],
            },
            scale="choice",
        ),
    }
