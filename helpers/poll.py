"""The poll of lesson 00: the reader's own first answers, kept until lesson 06.

The answers are kept in a small file in the reader's home folder, outside the course, so that no
update of the course touches them and a course folder that cannot be written to does no harm.
"""

import contextlib
import json
import os
from pathlib import Path

QUESTIONS = {
    "1": ("Is a_bar added to a[0]?", "B", "lesson 02: a already contains a_bar"),
    "2": ("Why store p?", "C", "lesson 03: for convenience; the model is the same without"),
    "3": ("What are 504 values of p?", "A", "lesson 03: computed from a, g and b; none of them is a parameter"),
    "4": ("Why is the sum -0.666 nowhere in p?", "B", "lesson 03: the right cell, on the log-odds scale"),
    "5": ("Why 0.339 and 0.344?", "D", "lesson 04: the curve bends, and the draws spread"),
}
LETTERS = "ABCD"


def poll_file():
    """Return where the reader's answers are kept."""
    return Path.home() / "multilevel-poll.json"


def keep(answers):
    """Keep the answers to the poll, and say where.

    Parameters
    ----------
    answers : dict
        For each question, ``"1"`` to ``"5"``, one of the letters A to D. Those that still hold
        ``...`` are not kept.
    """
    given = {}
    for question in QUESTIONS:
        answer = answers.get(question, ...) if isinstance(answers, dict) else ...
        if answer is ...:
            continue
        if not isinstance(answer, str) or answer.strip().upper() not in tuple(LETTERS):
            print(f"Question {question}: wanted a letter from A to D in quotes. Nothing was kept.")
            return
        given[question] = answer.strip().upper()
    if not given:
        print("Not answered yet.")
        return
    path = poll_file()
    partial = path.with_name(f"{path.name}.partial")
    try:
        # in two steps, so that a full disk does not cost the earlier answers
        partial.write_text(json.dumps(given, indent=1), encoding="utf-8")
        os.replace(partial, path)
    except OSError as error:
        with contextlib.suppress(OSError):
            partial.unlink()
        print(f"Your answers could not be kept ({error.strerror}). Write them on paper: {given}")
        return
    print(f"Kept {len(given)} of {len(QUESTIONS)} answers in the file {path.name} in your home folder.")


def compare():
    """Print the kept answers beside those that the lessons found."""
    try:
        kept = json.loads(poll_file().read_text(encoding="utf-8"))
        kept = {str(key): str(value) for key, value in kept.items()}
    except (OSError, ValueError, AttributeError):
        kept = {}
    if not kept:
        print("No poll of yours was found. That is no harm; these are the answers:\n")
    for number, (question, right, why) in QUESTIONS.items():
        yours = f"you said {kept[number]}, " if number in kept else ""
        print(f"{number}. {question} {yours}answer {right} ({why})")
