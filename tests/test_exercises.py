"""Every exercise knows the right answer in many forms, tells wrong beliefs apart, and never raises."""

import re

import notebook_checks
import numpy as np
import pandas as pd
import pytest
import xarray as xr

from helpers.exercises import check, exercises

NUMBERS = [number for number, exercise in exercises().items() if exercise.scale != "choice"]
CHOICES = [number for number, exercise in exercises().items() if exercise.scale == "choice"]
BELIEFS = [(number, k) for number, exercise in exercises().items() for k in range(len(exercise.beliefs))]


@pytest.fixture
def said(capsys):
    """Return a function that checks an answer and gives the sentence; it must be one line."""

    def say(number, answer):
        assert check(number, answer) is None
        line = capsys.readouterr().out
        assert line.count("\n") == 1
        return line.removeprefix(f"{number}: ").strip()

    return say


@pytest.mark.parametrize("number", NUMBERS)
def test_right_in_several_forms(said, number):
    exercise = exercises()[number]
    right = np.asarray(exercise.right)
    forms = [exercise.right, right, right.round(exercise.decimals), xr.DataArray(right), np.atleast_1d(right)]
    if right.ndim == 0:
        forms += [np.float32(right), f"{right:.{exercise.decimals}f}", pd.Series([float(right)])]
        forms[6] = float(forms[6])  # as a reader types it
    else:
        forms += [right.tolist(), pd.Series(right), [f"{x:.9f}" for x in right]]
        forms[-1] = [float(x) for x in forms[-1]]
    for form in forms:
        assert said(number, form) == f"Right. {exercise.because}"


@pytest.mark.parametrize("number", CHOICES)
def test_right_letter_in_several_forms(said, number):
    exercise = exercises()[number]
    for form in [exercise.right, exercise.right.lower(), f" {exercise.right}) "]:
        assert said(number, form) == f"Right. {exercise.because}"
    assert said(number, "Z").startswith("Wanted: one of the letters")
    assert said(number, 2).startswith("Wanted: one of the letters")


@pytest.mark.parametrize(("number", "k"), BELIEFS)
def test_each_wrong_belief_gets_its_own_sentence(said, number, k):
    exercise = exercises()[number]
    sentence, value = list(exercise.beliefs.items())[k]
    assert said(number, value) == f"Not yet. {sentence}"
    if exercise.scale != "choice":
        # also when typed in, rounded as the text asks
        typed = np.round(value, exercise.decimals)
        assert said(number, typed.tolist() if np.ndim(typed) else float(typed)) == f"Not yet. {sentence}"
        # a sentence names the step, never the number
        numbers = {f"{x:g}" for x in np.atleast_1d(exercise.right).round(2)}
        assert not numbers & set(re.findall(r"\d+\.\d+|\d{2,}", sentence))


@pytest.mark.parametrize("number", list(exercises()))
def test_at_least_two_beliefs_that_can_be_told_apart(number):
    exercise = exercises()[number]
    values = [exercise.right, *exercise.beliefs.values()]
    assert len(values) >= 3
    for i, one in enumerate(values):
        for other in values[i + 1 :]:
            if exercise.scale == "choice":
                assert one != other
            else:
                assert np.max(np.abs(np.subtract(one, other))) > 2.5 * exercise.within


class Touchy:
    """An object that fails at whatever is done with it."""

    def _fail(self, *args, **kwargs):
        raise RuntimeError("do not touch")

    __array__ = __eq__ = __float__ = __len__ = __iter__ = __bool__ = __repr__ = __str__ = __getitem__ = _fail
    __hash__ = None


def recursive():
    nested = []
    nested.append(nested)
    return nested


ODD = [
    None, "", "0.5", "0,5", "about half", b"0.5", True, False, np.bool_(True), np.nan, np.inf, -np.inf,
    10**400, -(10**400), 1e300, 1j, [], (), {}, set(), [1], [1, 2], [1, "a"], [[1, 2], [3]], {"p": 0.5},
    np.array([]), np.zeros(3), np.zeros((2, 2)), np.zeros(4000), np.array("x"), np.array([None]), np.datetime64("2020-01-01"),
    pd.DataFrame({"x": [1.0]}), pd.DataFrame(), pd.Series([1.0, 2.0]), pd.Series(dtype=float), pd.NA, pd.NaT,
    xr.DataArray(np.zeros((4, 1000)), dims=["chain", "draw"]), xr.Dataset({"x": 1.0}), print, Touchy(), object(), range(3),
    recursive(), float, Ellipsis, [...], "B" * 10_000,
]  # fmt: skip


@pytest.mark.parametrize("number", list(exercises()))
def test_odd_values_never_raise(said, number):
    assert len(ODD) >= 40
    for value in ODD:
        sentence = said(number, value)
        assert sentence and len(sentence) < 400
        if value is None or isinstance(value, (str, bool)):
            assert not sentence.startswith("Right")


def test_unanswered(said):
    for number in exercises():
        assert said(number, ...) == "not answered yet."


def test_kind_sentences(said):
    number = "02.2"
    assert said(number, "0.48").startswith("This is text. Write the number without quotes")
    assert said(number, None).startswith("This is None.")
    assert said(number, [0.1, 0.2]).startswith("These are 2 numbers.")
    assert said(number, np.zeros(4000)).startswith("These are 4000 draws. Summarise them")
    assert said(number, 48.1) == "Not yet. Give a proportion, not a percentage."
    assert said(number, 1.7).startswith("Not yet. A probability lies between 0 and 1.")
    assert said(number, 0.99) == "Not yet. Your number is too high."
    assert said("02.1", -exercises()["02.1"].right) == "Not yet. The size is right, the sign is not."


def test_an_unknown_number_names_the_known_ones(said):
    assert said("02.99", 1).startswith("there is no exercise of this number. There are: ")
    assert "02.1" in said(3, 1)


def test_a_missing_posterior_is_said(said, monkeypatch):
    import helpers.exercises as module

    def broken(lesson=None):
        raise FileNotFoundError("There is no posterior at data/m_13_4.nc.")

    monkeypatch.setattr(module, "exercises", broken)
    assert (
        said("02.1", 1)
        == "this could not be checked (FileNotFoundError: There is no posterior at data/m_13_4.nc.)"
    )


def exercise_texts(path):
    """Return the markdown cells that pose an exercise, by number."""
    sources = [cell.source for cell in notebook_checks.read(path).cells if cell.cell_type == "markdown"]
    found = [(re.match(r"\*\*Exercise (\d\d\.\d+)\.\*\*", source), source) for source in sources]
    return {match[1]: source for match, source in found if match}


@pytest.mark.parametrize(
    "path", [p for p in notebook_checks.LESSONS if exercise_texts(p)], ids=lambda path: path.stem
)
def test_lesson_and_solutions_pose_the_same_exercises(path):
    posed = exercise_texts(path)
    assert posed == exercise_texts(path.parent / "solutions" / path.name)
    assert list(posed) == [number for number in exercises() if number[:2] == path.name[:2]]


def test_every_exercise_is_posed():
    posed = [number for path in notebook_checks.LESSONS for number in exercise_texts(path)]
    assert posed == list(exercises())


def test_every_solution_is_right():
    for path in (notebook_checks.ROOT / "notebooks" / "solutions").glob("*.ipynb"):
        notebook = notebook_checks.read(path)
        said = [
            text for output in notebook_checks.outputs(notebook) for text in notebook_checks.texts(output)
        ]
        checked = re.findall(r"(?m)^(\d\d\.\d+): (.*)$", "\n".join(said))
        assert [number for number, _ in checked] == list(exercise_texts(path))
        assert all(sentence.startswith("Right. ") for _, sentence in checked)


def test_lessons_are_stored_unanswered():
    for path in notebook_checks.LESSONS:
        said = "\n".join(
            text
            for output in notebook_checks.outputs(notebook_checks.read(path))
            for text in notebook_checks.texts(output)
        )
        assert re.findall(r"(?m)^(\d\d\.\d+): not answered yet", said) == list(exercise_texts(path))
