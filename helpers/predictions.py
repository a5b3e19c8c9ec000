"""One key prediction per lesson: a number that a reader with a wrong belief gets wrong. It can be skipped."""

from functools import cache

import numpy as np
from IPython.display import display
from scipy.special import expit

from helpers.data import DATA, load_chimpanzees, load_estimates
from helpers.exercises import Reply
from helpers.exercises.engine import Exercise, reply
from helpers.exercises.words import REPLY
from helpers.posterior import load_posterior

OPEN = "Open the answer below."
COMPARE = "Write it down, open the answer below and compare."


def _counted():
    sizes = {"a_bar": 1, "sigma_a": 1, "sigma_g": 1, "a": 7, "z": 6, "b": 4}
    free = sum(sizes.values())
    return Exercise(
        right=free,
        because=OPEN,
        hints={
            "Did you count the entries of p? Are they free, or computed from other numbers?": [
                504,
                504 + free,
            ],
            "Did you count g as well as z? One of the two is computed from the other.": [free + 6],
            "Did you leave out the numbers that describe the populations?": [free - 3],
        },
        decimals=0,
    )


def _actor_6():
    posterior = load_posterior("m_13_4", drop="p")["posterior"].to_dataset()
    a, a_bar = float(posterior["a"].sel(actor="actor 6").mean()), float(posterior["a_bar"].mean())
    d = load_chimpanzees()
    return Exercise(
        right=float(d.loc[d["actor"] == 6, "pulled_left"].mean()),
        because=OPEN,
        hints={
            "This would be so if a_bar were added to a[actor 6].": [float(expit(a + a_bar))],
            "Is this on the log-odds scale? A proportion is asked for.": [a + a_bar],
        },
        scale="probability",
        tolerance=0.03,
    )


def _shared_population():
    import pandas as pd

    scores = pd.read_csv(DATA / "scores.csv", comment="#", index_col="model")["leave-one-out"]
    return Exercise(
        right=float(scores["one intercept per row, shared population"]),
        because=OPEN,
        hints={
            "This would be so if sharing a population were what saves m_13_4.": [float(scores["m_13_4"])],
            "This would be so if the intercept of a left-out pull still fell back on 0.": [
                float(scores["one intercept per row"])
            ],
        },
        tolerance=2.5,
    )


def _normal_gap():
    posterior = load_posterior("m_13_4", drop="p")["posterior"].to_dataset()
    eta = (
        posterior["a"].sel(actor="actor 1")
        + posterior["g"].sel(block="block 1")
        + posterior["b"].sel(treatment="R/N")
    )
    gap = float(expit(eta).mean() - expit(eta.mean()))
    return Exercise(
        right=gap,
        because=OPEN,
        hints={"This would be so if a few extreme draws made the gap.": [0.0]},
        decimals=4,
        tolerance=0.001,
    )


def _rise():
    posterior = load_posterior("m_13_4", drop="p")["posterior"].to_dataset()
    b = posterior["b"]
    change = float((b.sel(treatment="L/N") - b.sel(treatment="R/N")).mean())

    def rise(actor):
        p = expit(posterior["a"].sel(actor=actor) + b)
        return float((p.sel(treatment="L/N") - p.sel(treatment="R/N")).mean())

    return Exercise(
        right=rise("actor 2"),
        because=OPEN,
        hints={
            "This would be so if equal steps in log-odds were equal steps in probability.": [rise("actor 1")],
            "Is this on the log-odds scale? A rise in proportion is asked for.": [change],
        },
        decimals=3,
        tolerance=0.02,
    )


def _moved():
    posterior = load_posterior("m_13_2")["posterior"].to_dataset()
    from helpers.data import load_reedfrogs

    d = load_reedfrogs()
    moved = np.abs(posterior["p"].median(["chain", "draw"]).to_numpy() - d["propsurv"])
    return Exercise(
        right=float(moved[d["density"] == 10].mean()),
        because=OPEN,
        hints={"This would be so if the model gave back what was observed.": [0.0]},
        decimals=3,
        tolerance=0.01,
    )


def _slope_of_308():
    lme4 = load_estimates("sleepstudy_lme4", "days from 0")
    common, deviation = float(lme4["fixef", "", "Days"]), float(lme4["ranef", "308", "Days"])
    return Exercise(
        right=common + deviation,
        because=OPEN,
        hints={
            "This would be so if ranef gave the person's slope.": [deviation],
            "This is the slope that all people share. Where is person 308 in it?": [common],
        },
        decimals=1,
    )


def _standardised_tank():
    posterior = load_posterior("m_13_2")["posterior"].to_dataset().sel(tank="tank 9")
    centre, spread, level = (posterior[name] for name in ["a_bar", "sigma", "a"])
    shift = (level - centre) / spread
    return Exercise(
        right=float(level.mean()),
        because=OPEN,
        hints={
            "This would be so if shift were a level. Would it give the stored p?": [float(shift.mean())],
            "This would be so if shift were a deviation. Would it give the stored p?": [
                float((centre + shift).mean())
            ],
            "This is the stored p. Which reading of shift gives it?": [float(posterior["p"].mean())],
        },
        tolerance=0.03,
    )


PREDICTIONS = {
    "01": _counted,
    "02": _actor_6,
    "03": _shared_population,
    "04": _normal_gap,
    "05": _rise,
    "06": _moved,
    "07": _slope_of_308,
    "08": _standardised_tank,
}


@cache
def prediction(lesson):
    """Return the key prediction of a lesson as plain data.

    Parameters
    ----------
    lesson : str
        Such as ``"02"``.

    Returns
    -------
    helpers.exercises.engine.Exercise
    """
    return PREDICTIONS[lesson]()


def predict(lesson, guess):
    """Show one sentence about a prediction, which gives no answer away.

    Parameters
    ----------
    lesson : str
        Such as ``"02"``.
    guess : object
        The reader's number; ``...`` means none yet.

    Notes
    -----
    A wrong belief is named only if the number is exactly the one that it gives.
    """
    try:
        sentence = answer_to(prediction(str(lesson)), guess)
    except Exception:  # a damaged posterior: the lesson goes on anyway
        sentence = f"Not yet. {COMPARE}"
    display(Reply("Your prediction", sentence))


def answer_to(exercise, guess):
    """Return the sentence about a prediction; see `predict`."""
    sentence = reply(exercise, guess)
    hints = [says for says in exercise.hints if sentence == f"Not yet. {says}"]
    if sentence.startswith(("Right.", "not answered")) or "Expected:" in sentence:
        return sentence
    if sentence == f"Not yet. {REPLY['percentage']}":
        return sentence
    return f"Not yet. {hints[0]} {COMPARE}" if hints else f"Not yet. {COMPARE}"
