"""Exercises that answer back: `check("02.3", answer)` prints one sentence and never raises.

The right answer and the answer of each known wrong belief are computed from the data and the
stored posterior, in one module a lesson: ``helpers/exercises_02.py`` and so on.
"""

from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class Exercise:
    """What is right, what is wrong in a known way, and what to say of each.

    Parameters
    ----------
    right : float, tuple of float, or str
        The right answer: a number, several numbers in order, or the letter of a choice.
    because : str
        The sentence after a right answer; it adds something.
    beliefs : dict
        For each known wrong belief the sentence that says which step to look at, and its answer.
    decimals : int, optional
        To how many decimals the text asks to round. An answer one unit of the last decimal
        away from the right one counts as right; with 0 decimals the answer is a count, and exact.
    scale : {"probability", "log-odds", "number", "choice"}, optional
        What the answer is.
    """

    right: float | tuple | str
    because: str
    beliefs: dict
    decimals: int = 2
    scale: str = "number"

    @property
    def within(self):
        """Return how far from the right number an answer still counts as right."""
        if self.decimals == 0:
            return 1e-6  # a count
        return 1.0001 * 10.0**-self.decimals  # a hair more, against the binary representation

    @property
    def wanted(self):
        """Return in words what an answer looks like."""
        if self.scale == "choice":
            letters = sorted({self.right, *self.beliefs.values()})
            return f'one of the letters {", ".join(letters)} in quotes, such as "{letters[0]}"'
        if isinstance(self.right, tuple):
            return f"a list of {len(self.right)} numbers"
        return "a probability, one number from 0 to 1" if self.scale == "probability" else "one number"


def check(exercise, answer):
    """Print one sentence about an answer.

    Parameters
    ----------
    exercise : str
        The number of the exercise, such as ``"02.3"``.
    answer : object
        The reader's answer; ``...`` means not answered yet. Numbers may come as Python or numpy
        numbers, or as arrays, Series or DataArrays of one value.

    Notes
    -----
    Nothing is raised, whatever the answer is: a sentence helps a reader more than a traceback.
    """
    try:
        # only this lesson's module: each reads a posterior, and takes time and memory
        known = exercises(str(exercise)[:2])
        if exercise in known:
            sentence = reply(known[exercise], answer)
        else:
            sentence = f"there is no exercise of this number. There are: {', '.join(known or exercises())}."
    except Exception as error:  # a damaged posterior, or an answer that defends itself
        sentence = f"this could not be checked ({type(error).__name__}: {error})"
    print(" ".join(f"{exercise}: {sentence}".split()))


@cache
def exercises(lesson=None):
    """Return the exercises of a lesson such as ``"02"`` by number, or those of the whole series."""
    modules = sorted(path.stem for path in Path(__file__).parent.glob("exercises_[0-9]*.py"))
    found = {}
    for module in modules:
        if lesson is None or module == f"exercises_{lesson}":
            found |= import_module(f"helpers.{module}").exercises()
    return found


def reply(exercise, answer):
    """Return the sentence that an answer deserves; see `check`."""
    if _unanswered(answer):
        return "not answered yet."
    value = _letter(answer) if exercise.scale == "choice" else _numbers(exercise, answer)
    if isinstance(value, str) and exercise.scale != "choice":
        return value  # a complaint
    if exercise.scale == "choice" and value not in {exercise.right, *exercise.beliefs.values()}:
        return f"Wanted: {exercise.wanted}."
    if _same(exercise, value, exercise.right):
        return f"Right. {exercise.because}"
    for sentence, belief in exercise.beliefs.items():
        if _same(exercise, value, belief):
            return f"Not yet. {sentence}"
    return f"Not yet. {_how_it_is_off(exercise, value)}"


def _unanswered(answer):
    """Tell whether the answer is, or holds, the ... of an unanswered cell."""
    return answer is ... or (isinstance(answer, (list, tuple)) and any(value is ... for value in answer))


def _letter(answer):
    """Return a choice as a capital letter, or None."""
    return answer.strip().strip(".)").upper() if isinstance(answer, str) else None


def _numbers(exercise, answer):
    """Return the answer as an array of as many numbers as the right one has, or a complaint."""
    wanted = f"Wanted: {exercise.wanted}."
    size = np.size(exercise.right)
    if answer is None:
        return f"This is None. Does the line before print the value and not keep it? {wanted}"
    if isinstance(answer, (str, bytes)):
        return f"This is text. Write the number without quotes, with a decimal point. {wanted}"
    if isinstance(answer, (bool, np.bool_)):
        return f"This is True or False. {wanted}"
    if isinstance(answer, pd.DataFrame) or hasattr(answer, "data_vars"):
        return f"This is a whole table. Pick the number that is asked for. {wanted}"
    if callable(answer):
        return f"This is a function. Call it. {wanted}"
    try:
        value = np.asarray(answer, dtype=float).ravel()
    except Exception:  # whatever numpy makes of an odd value
        return f"This could not be read as a number. {wanted}"
    if value.size >= 1000 and size == 1:
        return f"These are {value.size} draws. Summarise them, as the last step. {wanted}"
    if value.size != size:
        return f"These are {value.size} numbers. {wanted}"
    if np.isnan(value).any():
        return f"There is a NaN (no number) in it. Was a name misspelt, or a mean taken of nothing? {wanted}"
    if np.isinf(value).any():
        return f"There is an infinite number in it. {wanted}"
    return value


def _same(exercise, value, other):
    """Tell whether an answer is a given one, at the rounding that the exercise asks for."""
    if exercise.scale == "choice":
        return value == other
    return bool(np.all(np.abs(value - np.asarray(other)) <= exercise.within))


def _how_it_is_off(exercise, value):
    """Return a sentence on an answer that no known belief gives."""
    right = np.asarray(exercise.right)
    if exercise.scale == "probability":
        if _same(exercise, value / 100, right):
            return "Give a proportion, not a percentage."
        if (value < 0).any() or (value > 1).any():
            return "A probability lies between 0 and 1. Are you still on the log-odds scale?"
    if value.size > 1:
        if _same(exercise, np.sort(value), np.sort(right)):
            return "The numbers are right, their order is not."
        off = [str(k + 1) for k in range(value.size) if not _same(exercise, value[k], right[k])]
        return f"Look again at number {', '.join(off)} of the list."
    if _same(exercise, -value, right):
        return "The size is right, the sign is not."
    return f"Your number is too {'high' if value > right else 'low'}."
