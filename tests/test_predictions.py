"""A key prediction names a step only where the number fits that belief alone, and gives no answer away."""

import numpy as np
import pytest

from helpers.predictions import COMPARE, OPEN, PREDICTIONS, answer_to, predict, prediction


@pytest.fixture(params=PREDICTIONS)
def exercise(request):
    return prediction(request.param)


def test_the_right_number_is_told_to_open_the_answer_and_no_more(exercise):
    assert answer_to(exercise, exercise.right) == f"Right. {OPEN}"


def test_each_belief_is_named_and_no_other(exercise):
    for says, numbers in exercise.hints.items():
        for number in numbers:
            assert answer_to(exercise, number) == f"Not yet. {says} {COMPARE}"


def test_beliefs_are_apart_from_the_right_number_and_from_each_other(exercise):
    numbers = [exercise.right, *(hints for hints in exercise.hints.values())]
    flat = [float(x) for entry in numbers for x in np.atleast_1d(entry)]
    groups = [k for k, entry in enumerate(numbers) for _ in np.atleast_1d(entry)]
    for i, x in enumerate(flat):
        for j, y in enumerate(flat):
            if groups[i] != groups[j]:
                assert abs(x - y) > 2 * exercise.within, (x, y)


def test_a_number_that_fits_nothing_gets_no_direction(exercise):
    """Too high or too low would give the answer away by and by."""
    off = exercise.right + 7.77 * exercise.within if exercise.decimals else 33
    assert answer_to(exercise, off) == f"Not yet. {COMPARE}"


@pytest.mark.parametrize("guess", ["zero", "0.3.4", None, [1, 2], True, float("nan"), {}, "a lot"])
def test_what_cannot_be_read_gets_the_form(exercise, guess):
    assert "Expected: " in answer_to(exercise, guess)


def test_no_number_yet(exercise):
    assert answer_to(exercise, ...) == "not answered yet."


def test_nothing_is_raised(capsys):
    predict("02", object())
    predict("99", 0.5)
    assert capsys.readouterr().out.count("Your prediction") == 2
