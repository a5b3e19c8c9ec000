"""What the site's pages answer with, as far as it can be tested without a browser."""

import json

import pytest

from helpers.exercises import exercises, plain
from helpers.exercises.engine import reply
from helpers.exercises.forms import letter_in, numbers_in


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("0.344", [0.344]),
        ("0,344", [0.344]),
        (" .344 ", [0.344]),
        ("-,5", [-0.5]),
        ("\u22120.666", [-0.666]),
        ("\u2013 0,666", [-0.666]),
        ("34.4%", [0.344]),
        ("34,4 %", [0.344]),
        ('"0.344"', [0.344]),
        ("\u201e0,344\u201c", [0.344]),
        ("(0.344)", [0.344]),
        ("answer = 0.344", [0.344]),
        ("\u2248 0.344", [0.344]),
        ("+2", [2.0]),
        ("1e-3", [0.001]),
        ("[1.31, 2.67]", [1.31, 2.67]),
        ("1.31,2.67", [1.31, 2.67]),
        ("1,31; 2,67", [1.31, 2.67]),
        ("1,31, 2,67", [1.31, 2.67]),
        ("1.31 to 2.67", [1.31, 2.67]),
        ("(-0,5 0,4)", [-0.5, 0.4]),
        ("1,31,2,67", [1.0, 31.0, 2.0, 67.0]),
        ("5\u00a0%, 95\u202f%", [0.05, 0.95]),
    ],
)
def test_numbers_are_read(text, numbers):
    assert numbers_in(text) == numbers


@pytest.mark.parametrize("text", ["a third", "1.2.3", "1-2", "0x10", "nan", "Infinity", "1 in 3", "\u0663"])
def test_other_texts_are_no_numbers(text):
    assert numbers_in(text) is None


def test_long_texts_are_read_in_no_time():
    for text in ["1 " * 50_000 + "x", "1 ; " * 50_000 + "x", "- " * 50_000, "[" * 100_000]:
        assert numbers_in(text) is None and letter_in(text) is None


@pytest.mark.parametrize("number", [n for n, exercise in exercises().items() if exercise.scale != "choice"])
def test_typed_answers_are_answered_as_numbers_are(number):
    exercise = exercises()[number]
    for value in [exercise.right, *(route for routes in exercise.hints.values() for route in routes)]:
        values = value if isinstance(value, tuple) else (value,)
        typed = "; ".join(f"{x:.17g}".replace(".", ",").replace("-", "\u2212") for x in values)
        assert reply(exercise, typed) == reply(exercise, value)


def test_the_site_gets_everything_a_reply_needs():
    data = json.loads(json.dumps(plain(), allow_nan=False))
    for number, exercise in exercises().items():
        sent = data["exercises"][number]
        assert [hint["says"] for hint in sent["hints"]] == list(exercise.hints)
        assert sent["tolerance"] == exercise.within
    assert data["exercises"]["04.2"]["short"] == [1.31, 2.67]
    assert data["exercises"]["02.4"]["letters"] == ["A", "B", "C", "D"]
