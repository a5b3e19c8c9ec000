"""Exercises whose answers are checked: `check("02.3", answer)` shows one sentence and never raises.

Each lesson's module has its exercises as plain data, computed from the data and the stored
posterior. ``engine`` compares answers, and ``words`` has the sentences that exercises share.
"""

import re
from functools import cache
from html import escape
from importlib import import_module
from pkgutil import iter_modules

from IPython.display import display

from helpers.exercises.engine import reply
from helpers.exercises.forms import FORMS
from helpers.exercises.words import COUNTED, REPLY

__all__ = ["check", "exercises", "plain"]

# each module lesson_NN.py of this folder: the lesson's number and what makes its exercises
LESSONS = {
    name.removeprefix("lesson_"): import_module(f"{__name__}.{name}").exercises
    for name in sorted(module.name for module in iter_modules(__path__))
    if name.startswith("lesson_")
}
# a sign for each kind of reply, and a colour that can be seen on light and on dark pages
LOOK = {"Right.": ("✓", "#2E8B57"), "Not yet.": ("↺", "#C77700"), "not answered yet.": ("○", "#808080")}


class Reply:
    """A reply as a plain sentence, and as HTML with a sign and a coloured edge."""

    def __init__(self, number, sentence):
        self._number, self._sentence = number, sentence

    def __repr__(self):
        return f"{self._number}: {self._sentence}"

    def _repr_html_(self):
        verdict = next(words for words in LOOK if self._sentence.startswith(words))
        sign, colour = LOOK[verdict]
        rest = escape(self._sentence.removeprefix(verdict))
        return (
            f'<div style="border-left: 5px solid {colour}; padding: 2px 10px">'
            f'<span aria-hidden="true">{sign} </span>'
            f"{escape(self._number)}: <strong>{verdict}</strong>{rest}</div>"
        )


def check(exercise, answer):
    """Show one sentence about an answer.

    Parameters
    ----------
    exercise : str
        The number of the exercise, such as ``"02.3"``.
    answer : object
        The reader's answer; ``...`` means not answered yet. Numbers may come as Python or numpy
        numbers, or as arrays, Series or DataArrays of one value.

    Notes
    -----
    No answer raises an error, because a sentence helps a reader more than a traceback.
    """
    number = str(exercise)
    try:
        # only this lesson's exercises, because each lesson reads a posterior, which takes time and memory
        known = exercises(number[:2])
        sentence = reply(known[number], answer) if number in known else _unknown(number)
    except Exception as error:  # a damaged posterior, or an answer that fails when it is read
        hint = REPLY["failed"].format(error=f"{type(error).__name__}: {error}")
        sentence = REPLY["not yet"].format(hint=hint)
    display(Reply(*(" ".join(text.split()) for text in [number, sentence])))


@cache
def exercises(lesson=None):
    """Return the exercises of a lesson such as ``"02"`` by number, or those of the whole series."""
    names = LESSONS if lesson is None else {lesson} & LESSONS.keys()
    return {number: exercise for name in names for number, exercise in LESSONS[name]().items()}


def plain(lesson=None):
    """Return exercises as plain data, the words of the replies and the forms of typed text, for JSON.

    Parameters
    ----------
    lesson : str, optional
        A lesson such as ``"02"``; without it, the whole series.
    """
    found = {number: exercise.plain() for number, exercise in exercises(lesson).items()}
    return {"exercises": found, "words": REPLY, "counted": COUNTED, "forms": FORMS}


def _unknown(number):
    """Return the reply to a number that is not an exercise's."""
    match = re.fullmatch(r"\D*(\d{1,2})\.(\d+)\D*", number)
    meant = f"{int(match[1]):02d}.{match[2]}" if match else ""
    known = exercises(meant[:2]) or exercises()
    if meant in known:
        hint = REPLY["meant"].format(meant=meant)
    else:
        hint = REPLY["unknown"].format(known=", ".join(known))
    return REPLY["not yet"].format(hint=hint)
