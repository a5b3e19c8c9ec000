"""What an exercise is, and the reply to an answer."""

from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd

from helpers.exercises.forms import is_unanswered, letter_in, numbers_in
from helpers.exercises.words import COUNTED, REPLY


@dataclass(frozen=True)
class Exercise:
    """An exercise as plain data: what is right, what is wrong in a known way, how it is compared.

    Parameters
    ----------
    right : float, tuple of float, or str
        The right answer: a number, several numbers in order, or the letter of a choice.
    because : str
        The sentence after a right answer; it adds something new.
    hints : dict
        For each wrong step the sentence that names it, and the list of all answers that it leads to.
    decimals : int, optional
        How many decimals the text asks for; 0 means an exact count.
    scale : {"probability", "difference", "log-odds", "number", "choice"}, optional
        What the answer is; a difference is between two probabilities.
    tolerance : float, optional
        How far from the right number an answer may be. Without it, one unit of the last decimal.
    look_up : bool, optional
        Whether one call of a helper or one look at a table is enough; otherwise a number needs your own code.
    """

    right: float | tuple | str
    because: str
    hints: dict
    decimals: int = 2
    scale: str = "number"
    tolerance: float | None = None
    look_up: bool = False

    @property
    def work(self):
        """Return what the exercise asks for: a letter, a look-up or your own code."""
        if self.scale == "choice":
            return "a letter"
        return "a look-up" if self.look_up else "your own code"

    @property
    def within(self):
        """Return how far from the right number an answer still counts as right."""
        if self.tolerance is not None:
            return self.tolerance
        if self.decimals == 0:
            return 1e-6
        return 1.0001 * 10.0**-self.decimals  # slightly more, because of the binary representation

    @property
    def letters(self):
        """Return the letters of a choice."""
        return sorted({self.right, *(letter for routes in self.hints.values() for letter in routes)})

    @property
    def expected(self):
        """Return in words what an answer looks like."""
        if self.scale == "choice":
            return f'one of the letters {", ".join(self.letters)} in quotes, such as "{self.letters[0]}"'
        if isinstance(self.right, tuple):
            return f"a list of {len(self.right)} numbers"
        if self.scale == "probability":
            return "a probability, one number from 0 to 1"
        return "a whole number" if self.decimals == 0 else "one number"

    def plain(self):
        """Return the exercise as a dictionary that JSON can hold."""
        hints = [{"says": says, "answers": routes} for says, routes in self.hints.items()]
        exercise = asdict(self) | {"hints": hints, "tolerance": self.within, "expected": self.expected}
        if self.scale == "choice":
            return exercise | {"letters": self.letters}
        return exercise | {"short": np.asarray(self.right).round(max(self.decimals - 1, 0)).tolist()}


class UnreadableError(ValueError):
    """An answer that cannot be compared; its text says why."""


def reply(exercise, answer):
    """Return the reply to an answer.

    Parameters
    ----------
    exercise : Exercise
        The exercise.
    answer : object
        The reader's answer, of any kind.

    Returns
    -------
    str
        It begins with "Right.", "Not yet." or "not answered yet.".
    """
    if _unanswered(answer):
        return REPLY["unanswered"]
    try:
        value = _letter_of(exercise, answer) if exercise.scale == "choice" else _numbers(exercise, answer)
    except UnreadableError as complaint:
        hint = f"{complaint} {REPLY['expected'].format(expected=exercise.expected)}"
        return REPLY["not yet"].format(hint=hint.strip())
    if _same(exercise, value, exercise.right):
        return REPLY["right"].format(because=exercise.because)
    found = [
        says
        for says, routes in exercise.hints.items()
        if any(_same(exercise, value, route) for route in routes)
    ]
    if exercise.scale != "choice":
        found = _close(exercise, value) + found or [_how_it_is_off(exercise, value)]
    if len(found) > 1:
        found = [REPLY["several"].format(hints=" Or: ".join(found))]
    return REPLY["not yet"].format(hint=found[0])


def letter(answer):
    """Return a choice as a capital letter, or None: B, b), (B), 'B' and "answer B" are all B.

    Parameters
    ----------
    answer : object
        The reader's answer.
    """
    return letter_in(answer) if isinstance(answer, str) else None


def is_placeholder(answer):
    """Tell whether an answer is still the ... of an unanswered cell, with quotes or without."""
    return answer is ... or (isinstance(answer, str) and is_unanswered(answer))


def _unanswered(answer):
    """Tell whether the answer is, or contains, a placeholder."""
    return is_placeholder(answer) or (isinstance(answer, (list, tuple)) and any(x is ... for x in answer))


def _letter_of(exercise, answer):
    """Return the letter of an answer to a choice."""
    if letter(answer) not in exercise.letters:
        raise UnreadableError
    return letter(answer)


def _numbers(exercise, answer):
    """Return the answer as an array with as many numbers as the right answer has."""
    size = np.size(exercise.right)
    if isinstance(answer, str):
        answer = numbers_in(answer)
        if answer is None:
            raise UnreadableError(REPLY["unreadable"])
    for found, kind in [
        (answer is None, "none"),
        (isinstance(answer, bytes), "unreadable"),
        (isinstance(answer, (bool, np.bool_)), "bool"),
        (isinstance(answer, pd.DataFrame) or hasattr(answer, "data_vars"), "table"),
        (callable(answer), "function"),
    ]:
        if found:
            raise UnreadableError(REPLY[kind])
    try:
        value = np.asarray(answer, dtype=float).ravel()
    except Exception:  # whatever numpy makes of an odd value
        raise UnreadableError(REPLY["unreadable"]) from None
    if value.size != size:
        whole = isinstance(answer, (list, tuple)) and bool((value == value.round()).all())
        kind = "entries" if value.size > 4000 else "draws" if value.size >= 1000 else "size"
        kind = "comma" if whole and value.size == 2 * size else kind
        raise UnreadableError(REPLY[kind].format(size=value.size))
    if np.isnan(value).any():
        raise UnreadableError(REPLY["nan"])
    if np.isinf(value).any():
        raise UnreadableError(REPLY["inf"])
    return value


def _same(exercise, value, other):
    """Tell whether an answer is a given one, within the exercise's tolerance."""
    if exercise.scale == "choice":
        return value == other
    return bool(np.all(np.abs(value - np.asarray(other)) <= exercise.within))


def _close(exercise, value):
    """Return what to say about the right answer in a different form."""
    if exercise.decimals == 0:
        return []
    right = np.asarray(exercise.right)
    says = []
    if np.allclose(value, right.round(exercise.decimals - 1), rtol=0, atol=1e-9):
        says.append(REPLY["short"].format(decimals=COUNTED[exercise.decimals]))
    if exercise.scale in ("probability", "difference") and _same(exercise, value / 100, right):
        says.append(REPLY["percentage"])
    return says


def _how_it_is_off(exercise, value):
    """Return a sentence about an answer that no known step leads to."""
    right = np.asarray(exercise.right)
    if exercise.scale == "probability" and ((value < 0).any() or (value > 1).any()):
        return REPLY["probability"]
    if exercise.scale == "difference" and (np.abs(value) > 1).any():
        return REPLY["difference"]
    if value.size > 1:
        if _same(exercise, np.sort(value), np.sort(right)):
            return REPLY["order"]
        off = [str(k + 1) for k in range(value.size) if not _same(exercise, value[k], right[k])]
        return REPLY["elements"].format(which=", ".join(off))
    if _same(exercise, -value, right):
        return REPLY["sign"]
    return REPLY["high" if value > right else "low"]
