"""The exercises of lesson 03: rebuilding p."""

from scipy.special import expit

from helpers.data import load_chimpanzees
from helpers.exercises import Exercise
from helpers.posterior import load_posterior


def exercises():
    """Return the lesson's exercises by number; every answer is computed here."""
    d = load_chimpanzees()
    idata = load_posterior("m_13_4")
    posterior = idata["posterior"].to_dataset()
    free = sum(posterior[name][0, 0].size for name in idata.attrs["free_variables"])

    def eta(*codes):
        return sum(posterior[name][..., int(idx)] for name, idx in zip(["a", "g", "b"], codes, strict=True))

    def p(*codes):
        return expit(eta(*codes))

    def row(i):
        return d.loc[i, ["actor_idx", "block_idx", "treatment_idx"]]

    def rows_like(i, columns):
        return int((d[columns] == d.loc[i, columns]).all(axis=1).sum())

    here = row(80)
    eta_here = eta(*here)
    p_100 = p(*row(100))
    eta_100 = eta(*row(100))
    return {
        "03.1": Exercise(
            right=float(p(*here).mean()),
            because="The row's codes picked one a, one g and one b, and nothing else was needed.",
            beliefs={
                "This is the probability of pulling right. Look at the sign inside the exponential.": float(
                    1 - p(*here).mean()
                ),
                "The mean was taken before the curve. Go through the curve in every draw, then take it.": float(
                    expit(eta_here.mean())
                ),
                "Whose a is this? Actor k has code k - 1: pick by name, or by the _idx columns.": float(
                    p(here.iloc[0] + 1, here.iloc[1], here.iloc[2]).mean()
                ),
                "This is the sum, on the log-odds scale.": float(eta_here.mean()),
            },
            decimals=3,
            scale="probability",
        ),
        "03.2": Exercise(
            right=rows_like(0, ["actor", "block", "treatment"]),
            because="Rows with the same actor, block and treatment share one p, whatever was pulled.",
            beliefs={
                "Those rows share the actor and the treatment. Which third thing is in the sum?": rows_like(
                    0, ["actor", "treatment"]
                ),
                "Those rows share the actor and the block. Which third thing is in the sum?": rows_like(
                    0, ["actor", "block"]
                ),
                "Is p a parameter of its row? Look for rows that call for the same three coefficients.": 1,
            },
            decimals=0,
        ),
        "03.3": Exercise(
            right=float(p_100.std()),
            because="Actor 2's p is pressed against 1, so it cannot vary much, however uncertain a[actor 2] is.",
            beliefs={
                "This is the sd of eta, on the log-odds scale. Go through the curve first.": float(
                    eta_100.std()
                ),
                "This is the sd of a single pull. The question is about p.": float(
                    (p_100.mean() * (1 - p_100.mean())) ** 0.5
                ),
                "This is the sd of p in row 0. Which row is asked for?": float(p(*row(0)).std()),
                "This is the mean of p. How far do its draws lie from it?": float(p_100.mean()),
            },
            decimals=3,
        ),
        "03.4": Exercise(
            right=free,
            because="p would have more entries, all of them computed from the same free numbers.",
            beliefs={
                "That counts the entries of p. Is p free?": 2 * len(d),
                "Would there be more chimpanzees, blocks or treatments?": 2 * free,
                "That counts the different values of p. Are they free?": len(
                    d.drop_duplicates(["actor", "block", "treatment"])
                ),
                "That leaves out the hyperparameters, which the sampler chooses too.": free - 3,
            },
            decimals=0,
        ),
        "03.5": Exercise(
            right="B",
            because="A shared population would hardly help. In m_13_4 the chimpanzee of that pull has 71 more.",
            beliefs={
                "The number alone does not do it. What is left of an intercept whose only pull is gone?": "A",
                "Look at actor 2, and at the other actors. The score would be the same for any data.": "C",
                "Storing changes nothing in a model. What does the intercept of the row left out know?": "D",
            },
            scale="choice",
        ),
    }
