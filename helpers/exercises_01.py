"""The exercises of lesson 01: fitting m_13_4."""

from scipy.special import expit

from helpers.data import load_chimpanzees
from helpers.exercises import Exercise
from helpers.posterior import load_posterior


def exercises():
    """Return the lesson's exercises by number; every answer is computed here."""
    idata = load_posterior("m_13_4")
    posterior = idata["posterior"].to_dataset()
    free = sum(posterior[name][0, 0].size for name in idata.attrs["free_variables"])
    draw = posterior.isel(chain=0, draw=6)
    here = load_chimpanzees().loc[77, ["actor_idx", "block_idx", "treatment_idx"]]

    def eta(*codes):
        return sum(float(draw[name][int(idx)]) for name, idx in zip(["a", "g", "b"], codes, strict=True))

    row = eta(*here)
    return {
        "01.1": Exercise(
            right=float(expit(-1.2)),
            because="A negative sum is a probability below one half.",
            beliefs={
                "This is the probability of pulling right. Look at the sign inside the exponential.": float(
                    expit(1.2)
                ),
                "This is the sum, on the log-odds scale.": -1.2,
                "This is exp of the sum, the odds. One step is missing.": float(2.718281828**-1.2),
            },
            scale="probability",
        ),
        "01.2": Exercise(
            right=free + 2,
            because="Two more chimpanzees are two more a; the pulls are data, not parameters.",
            beliefs={
                "That is the number for seven chimpanzees.": free,
                "Are there now nine of everything?": 3 + 9 * 3,
                "That counts pulls. Is p free?": 9 * 72,
                "That leaves out the hyperparameters, which the sampler chooses too.": free + 2 - 3,
            },
            decimals=0,
        ),
        "01.3": Exercise(
            right="B",
            because="All chains may have missed the same region, and then they agree with each other.",
            beliefs={
                "It is not a vote. What does each of the three look for?": "A",
                "Which of the three compares the chains, and what does it say here?": "C",
                "Which of the three counts draws, and what does it say here?": "D",
            },
            scale="choice",
        ),
        "01.4": Exercise(
            right=float(expit(row)),
            because="One a, one g and one b; the stored p of this row and draw is the same.",
            beliefs={
                "Is a_bar in the sum?": float(expit(row + float(draw["a_bar"]))),
                "This is the sum, on the log-odds scale.": row,
                "Whose a is this? Actor k has code k - 1; or pick by name.": float(
                    expit(eta(here.iloc[0] + 1, here.iloc[1], here.iloc[2]))
                ),
            },
            decimals=3,
            scale="probability",
        ),
    }
