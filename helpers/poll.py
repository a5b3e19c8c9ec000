"""The poll: the reader's own answers in lesson 00 and again in lesson 06, saved side by side.

The answers are saved in a small file in the reader's home folder, outside the course, so that no
update of the course touches them. The file is a list of sittings, oldest first. In lesson 00 new
answers join the last sitting, and an answer that differs from a saved one begins a new sitting, so
no first answer is lost, also when two people use one account. What lesson 06 saves is marked as
``again`` and is always a sitting of its own, at the end; from then on the first answers stay as they are.
"""

import contextlib
import json
import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from helpers.exercises.engine import is_placeholder, letter


@dataclass(frozen=True)
class Question:
    """A question of the poll: its words, its options by letter, the right letter, and why."""

    text: str
    options: dict
    right: str
    why: str


QUESTIONS = {
    "1": Question(
        "To read a[0], do I add a_bar?",
        {
            "A": "yes, always",
            "B": "no, it is in there already",
            "C": "only for actors with few pulls",
            "D": "it depends on the software, even for this table",
        },
        "B",
        "lesson 02: a_bar is inside a[0], and the formula of p adds nothing but a, g and b",
    ),
    "2": Question(
        "Why store p?",
        {
            "A": "the fit is better with it",
            "B": "without it there are no predictions",
            "C": "for convenience only",
            "D": "to save memory",
        },
        "C",
        "lesson 03: the model is the same without it",
    ),
    "3": Question(
        "What are the 504 values of p?",
        {
            "A": "numbers computed from the other coefficients",
            "B": "504 parameters, so it overfits",
            "C": "504 parameters, held back by the prior",
            "D": "the observed proportions",
        },
        "A",
        "lesson 03: none of them is a parameter",
    ),
    "4": Question(
        "Why is -0.666 nowhere among the p?",
        {"A": "wrong row", "B": "wrong scale", "C": "a_bar is missing from the sum", "D": "rounding"},
        "B",
        "lesson 03: the right cell, on the log-odds scale",
    ),
    "5": Question(
        "Why are 0.339 and 0.344 different?",
        {
            "A": "rounding",
            "B": "too few draws",
            "C": "a few extreme draws",
            "D": "the curve between the two scales bends",
        },
        "D",
        "lesson 04: the curve bends, and the draws are spread",
    ),
}


def poll_file():
    """Return where the reader's answers are saved."""
    return Path.home() / "multilevel-poll.json"


def keep(answers, again=False):
    """Save answers to the poll, and say where.

    Parameters
    ----------
    answers : dict
        For each question, ``"1"`` to ``"5"``, one of its letters. Those that still are ``...`` or
        cannot be read are not saved.
    again : bool, optional
        Whether these are the second answers, which replace only earlier second answers.
    """
    given = {}
    for number, question in QUESTIONS.items():
        answer = answers.get(number, ...) if isinstance(answers, dict) else ...
        if is_placeholder(answer):
            continue
        if letter(answer) in question.options:
            given[number] = letter(answer)
        else:
            print(f"Question {number}: expected one of the letters {', '.join(question.options)} in quotes.")
    if not given:
        print("Not answered yet.")
        return
    try:
        path = poll_file()
        sittings = _add(_read(path), given, again)
        if not sittings:
            print(
                "Not saved, because you have answered the poll again in lesson 06. Your first answers stay."
            )
            return
        _write(path, sittings)
    except (OSError, RuntimeError) as error:  # RuntimeError: no home folder can be determined
        reason = getattr(error, "strerror", None) or "there is no home folder"
        print(f"Your answers could not be saved ({reason}). Write them on paper: {given}")
        return
    saved = len(sittings[-1]["answers"])
    print(f"Saved {saved} of {len(QUESTIONS)} answers in the file {path.name} in your home folder.")
    if len(sittings) > 1:
        days = ", ".join(sitting["date"] for sitting in sittings[:-1])
        print(f"It also has earlier answers ({days}). They are still there, and lesson 06 shows both.")


def compare():
    """Print the saved answers beside those that the lessons found."""
    try:
        sittings = _read(poll_file(), damaged_too=False)
    except (OSError, RuntimeError, ValueError):
        sittings = []
        print("No saved poll was found. Here are the answers.\n")
    *earlier, last = [one["answers"] | {"on": one["date"]} for one in sittings if not one["again"]] or [{}]
    second = next((one["answers"] for one in sittings if one["again"]), {})
    for number, question in QUESTIONS.items():

        def said(letter, question=question):
            return f"{letter}, {question.options[letter]}"

        print(f"{number}. {question.text}")
        shown = [(f"on {one['on']}:", one) for one in earlier]
        for when, answers in [*shown, ("you said: ", last), ("again:    ", second)]:
            if number in answers:
                print(f"   {when} {said(answers[number])}")
        print(f"   answer:    {said(question.right)} ({question.why})")


def _add(sittings, given, again):
    """Return the sittings with new answers, or none if first answers come after the second ones.

    First answers join the last sitting, or begin a new one if an answer differs.
    """
    new = {"date": date.today().isoformat(), "answers": given, "again": again}
    first = [one for one in sittings if not one["again"]]
    if again:
        return [*first, new]
    if len(first) < len(sittings):
        return []
    if not sittings:
        return [new]
    *earlier, last = sittings
    if any(last["answers"].get(number, answer) != answer for number, answer in given.items()):
        return [*sittings, new]
    return [*earlier, new | {"answers": dict(sorted((last["answers"] | given).items()))}]


def _read(path, damaged_too=True):
    """Return the saved sittings; a file that cannot be read is put aside, or is a ValueError."""
    try:
        saved = json.loads(path.read_text(encoding="utf-8"))
        if "sittings" not in saved:  # as the first edition of the course saved them
            saved = {"sittings": [{"date": "earlier", "answers": saved}]}
        sittings = [
            {
                "date": str(one["date"]),
                "answers": {n: letter(x) for n, x in one["answers"].items()},
                "again": one.get("again") is True,
            }
            for one in saved["sittings"]
        ]
        known = all(x in QUESTIONS[n].options for one in sittings for n, x in one["answers"].items())
        if not sittings or not known:
            raise ValueError("no answers of this poll")
        return sittings
    except FileNotFoundError:
        if damaged_too:
            return []
        raise
    except (ValueError, TypeError, KeyError, AttributeError):
        if not damaged_too:
            raise ValueError("no answers of this poll") from None
        os.replace(path, path.with_name(f"{path.name}.damaged"))
        print(f"The saved poll could not be read; it is now called {path.name}.damaged.")
        return []


def _write(path, sittings):
    """Write the file for its owner only, in two steps so that a full disk costs no earlier answer."""
    partial = path.with_name(f"{path.name}.partial")
    try:
        partial.touch(mode=0o600)
        partial.chmod(0o600)
        partial.write_text(json.dumps({"sittings": sittings}, indent=1), encoding="utf-8")
        os.replace(partial, path)
    except OSError:
        with contextlib.suppress(OSError):
            partial.unlink()
        raise
