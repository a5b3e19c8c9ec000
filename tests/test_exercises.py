"""Every exercise knows the right answer in many forms, tells wrong steps apart, and never raises."""

import json
import re
import zipfile

import notebook_checks
import numpy as np
import pandas as pd
import pytest
import xarray as xr
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from setuptools import build_meta

from helpers.exercises import check, exercises, plain
from helpers.exercises.engine import letter, reply
from helpers.exercises.words import COUNTED, REPLY

NUMBERS = [number for number, exercise in exercises().items() if exercise.scale != "choice"]
CHOICES = [number for number, exercise in exercises().items() if exercise.scale == "choice"]
HINTS = [(number, k) for number, exercise in exercises().items() for k in range(len(exercise.hints))]
FIRST_WORDS = ("Right. ", "Not yet. ", "not answered yet.")


@pytest.fixture
def said(capsys):
    """Return a function that checks an answer and gives the sentence; it must be one line."""

    def say(number, answer):
        assert check(number, answer) is None
        line = capsys.readouterr().out
        assert line.count("\n") == 1
        sentence = line.removeprefix(f"{number}: ").strip()
        assert sentence.startswith(FIRST_WORDS)
        return sentence

    return say


@pytest.mark.parametrize("number", NUMBERS)
def test_right_in_several_forms(said, number):
    exercise = exercises()[number]
    right = np.asarray(exercise.right)
    forms = [exercise.right, right, right.round(exercise.decimals), xr.DataArray(right), np.atleast_1d(right)]
    if right.ndim == 0:
        forms += [np.float32(right), float(f"{right:.{exercise.decimals}f}"), pd.Series([float(right)])]
    else:
        forms += [right.tolist(), pd.Series(right), [float(f"{x:.9f}") for x in right]]
    for form in forms:
        assert said(number, form) == f"Right. {exercise.because}"


@pytest.mark.parametrize("number", CHOICES)
def test_right_letter_in_several_forms(said, number):
    exercise = exercises()[number]
    right = exercise.right
    for form in [
        right,
        right.lower(),
        f" {right}) ",
        f"({right})",
        f"'{right}'",
        f"answer {right}",
        f"{right.lower()}).",
    ]:
        assert said(number, form) == f"Right. {exercise.because}"
    for form in ["Z", 2, "AB", "A or B", None]:
        assert said(number, form).startswith("Not yet. Expected: one of the letters A, B, C, D in quotes")


@pytest.mark.parametrize(
    "text", ["B", "b)", "(B)", "'B'", '"B"', "answer B", "Answer: (b)", "B.", "option B", " **B** "]
)
def test_letters_are_read(text):
    assert letter(text) == "B"


@pytest.mark.parametrize("text", ["", "AB", "Bb", "because", "answer", "5", "B" * 10_000, 5, None, b"B"])
def test_other_texts_are_no_letters(text):
    assert letter(text) is None


def test_the_right_letters_are_spread():
    keys = [exercises()[number].right for number in CHOICES]
    counts = {key: keys.count(key) for key in "ABCD"}
    assert max(counts.values()) - min(counts.values()) <= 2, f"give a new choice the rarest letter: {counts}"
    alike = [CHOICES[k : k + 3] for k in range(len(keys) - 2) if len(set(keys[k : k + 3])) == 1]
    assert alike == [], "three choices in a row have the same letter"


@pytest.mark.parametrize(("number", "k"), HINTS)
def test_each_wrong_step_gets_its_own_sentence(number, k):
    exercise = exercises()[number]
    sentence, routes = list(exercise.hints.items())[k]
    assert len(routes) > 0
    for value in routes:
        assert sentence in reply(exercise, value)
        if exercise.scale != "choice":
            # also when typed in, rounded as the text asks
            typed = np.round(value, exercise.decimals)
            assert sentence in reply(exercise, typed.tolist() if np.ndim(typed) else float(typed))
            # a sentence names the step, never the number
            numbers = {f"{x:g}" for x in np.atleast_1d(exercise.right).round(2)}
            assert not numbers & set(re.findall(r"\d+\.\d+|\d{2,}", sentence))


@pytest.mark.parametrize("number", list(exercises()))
def test_right_and_wrong_can_be_told_apart(number):
    exercise = exercises()[number]
    assert len(exercise.hints) >= 2
    for value in (value for routes in exercise.hints.values() for value in routes):
        if exercise.scale == "choice":
            assert value != exercise.right
        else:
            assert np.max(np.abs(np.subtract(value, exercise.right))) > 2 * exercise.within


def test_two_steps_that_lead_to_one_number_are_both_named():
    exercise = exercises()["03.1"]
    hints = [
        s for s, routes in exercise.hints.items() if any(abs(x - 0.86) <= exercise.within for x in routes)
    ]
    assert len(hints) == 2
    assert (
        reply(exercise, 0.86) == f"Not yet. More than one step could lead to this. {hints[0]} Or: {hints[1]}"
    )


def test_rounded_one_decimal_short():
    assert (
        reply(exercises()["02.1"], 1.97) == "Not yet. To fewer decimals this is right. Give three decimals."
    )
    assert (
        reply(exercises()["04.2"], [1.31, 2.67])
        == "Not yet. To fewer decimals this is right. Give three decimals."
    )
    assert reply(exercises()["02.2"], 0.7).startswith("Right.")  # within the tolerance
    assert reply(exercises()["07.1"], 220) == "Not yet. To fewer decimals this is right. Give one decimal."
    assert reply(exercises()["04.4"], 0.8) == "Not yet. To fewer decimals this is right. Give two decimals."


def test_an_exercise_is_plain_data():
    data = plain()
    assert json.loads(json.dumps(data)) == json.loads(json.dumps(plain()))
    assert list(data["exercises"]) == list(exercises())
    assert data["words"] == REPLY
    assert data["exercises"]["02.1"]["decimals"] == 3 and data["exercises"]["02.1"]["scale"] == "log-odds"


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
    recursive(), float, Ellipsis, [...], "B" * 10_000, "...", (0, 48), np.zeros(28_000),
]  # fmt: skip


@pytest.mark.parametrize("number", list(exercises()))
def test_odd_values_never_raise(said, number):
    assert len(ODD) >= 40
    for value in ODD:
        sentence = said(number, value)
        assert sentence and len(sentence) < 400
        if value is None or isinstance(value, (str, bool)):
            assert not sentence.startswith("Right")


@pytest.mark.parametrize("answer", [..., "...", "…", " "])
def test_unanswered(said, answer):
    for number in exercises():
        assert said(number, answer) == "not answered yet."


def test_kind_sentences(said):
    number = "02.2"
    assert said(number, "about half") == (
        "Not yet. This could not be read as a number. Expected: a probability, one number from 0 to 1."
    )
    assert said(number, None).startswith("Not yet. This is None.")
    assert said(number, [0.1, 0.2]).startswith("Not yet. These are 2 numbers.")
    assert said(number, (0, 48)).startswith(
        "Not yet. These are 2 numbers. If a comma is meant as a decimal comma"
    )
    assert said("04.2", [1, 31, 2, 67]).startswith(
        "Not yet. These are 4 numbers. If a comma is meant as a decimal"
    )
    assert said(number, np.zeros(4000)).startswith("Not yet. These are 4,000 draws. Summarise them")
    assert said(number, np.zeros((4000, 7))).startswith("Not yet. These are 28,000 numbers. Pick the entries")
    assert said(number, 69.98) == "Not yet. Give a proportion, not a percentage."
    assert said(number, 1.7).startswith("Not yet. A probability lies between 0 and 1.")
    assert said("04.1", 3).startswith("Not yet. A difference of two probabilities lies between -1 and 1.")
    assert said(number, 0.99) == "Not yet. Your number is too high."
    assert said("02.1", -exercises()["02.1"].right) == "Not yet. The size is right, but the sign is wrong."
    assert (
        said("04.2", exercises()["04.2"].right[::-1])
        == "Not yet. The numbers are right, but their order is wrong."
    )


def test_an_unknown_number_names_the_known_ones(said):
    assert said("02.99", 1).startswith(
        "Not yet. There is no exercise with this number. There are: 02.1, 02.2"
    )
    assert "01.1" in said(3, 1) and "06.6" in said(3, 1)
    for number in [2.3, "2.3", "Exercise 02.3", "02.3."]:
        assert said(number, 1) == 'Not yet. Write the number of the exercise as text: check("02.3", answer).'


def test_a_missing_posterior_is_said(said, monkeypatch):
    import helpers.exercises as module

    def broken(lesson=None):
        raise FileNotFoundError("There is no posterior at data/m_13_4.nc.")

    monkeypatch.setattr(module, "exercises", broken)
    assert (
        said("02.1", 1)
        == "Not yet. This could not be checked (FileNotFoundError: There is no posterior at data/m_13_4.nc.)."
    )


def shown(number, answer):
    """Return what a notebook gets: the plain text and the HTML of a reply."""
    fresh = not InteractiveShell.initialized()
    InteractiveShell.instance()
    try:
        with capture_output() as captured:
            check(number, answer)
    finally:
        if fresh:
            InteractiveShell.clear_instance()
    (output,) = captured.outputs
    return output.data


def luminance(colour):
    channels = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


def test_the_look_is_a_sign_and_a_word_and_the_plain_text_is_the_whole_sentence():
    exercise = exercises()["02.4"]
    looks = {}
    for answer in ["A", "B", ...]:
        data = shown("02.4", answer)
        html, text = data["text/html"], data["text/plain"]
        assert text == f"02.4: {reply(exercise, answer)}"
        assert data == shown("02.4", answer)
        assert not re.search(r"<(script|style)|class=|[^-]color:|background", html)
        sign, words = re.search(r'<span aria-hidden="true">(.) </span>(.*)</div>', html).groups()
        assert re.sub(r"<[^>]*>", "", words) == text
        (edge,) = re.findall(r"#[0-9A-F]{6}", html)
        assert min(contrast(edge, page) for page in ["#FFFFFF", "#111111"]) >= 3
        looks[sign] = re.search(r"<strong>(.*)</strong>", words)[1]
    assert list(looks.values()) == ["Right.", "Not yet.", "not answered yet."]


def test_a_reply_cannot_break_the_page():
    data = shown("<b>", 1)
    assert data["text/plain"].startswith("<b>: Not yet. ")
    assert "&lt;b&gt;: " in data["text/html"]


def test_a_wheel_holds_the_exercises_and_the_style(tmp_path, monkeypatch):
    for name in ["pyproject.toml", "README.md", "LICENSE"]:
        (tmp_path / name).write_bytes((notebook_checks.ROOT / name).read_bytes())
    for path in (notebook_checks.ROOT / "helpers").rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            target = tmp_path / path.relative_to(notebook_checks.ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    monkeypatch.chdir(tmp_path)
    with zipfile.ZipFile(tmp_path / build_meta.build_wheel(str(tmp_path))) as wheel:
        held = {name for name in wheel.namelist() if name.startswith("helpers/")}
    assert held == {
        path.relative_to(notebook_checks.ROOT).as_posix()
        for path in (notebook_checks.ROOT / "helpers").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


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
    assert [number for number in exercises() if number not in posed] == [], "no lesson poses these"
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


def test_the_texts_ask_for_what_is_compared():
    texts = {
        number: text for path in notebook_checks.LESSONS for number, text in exercise_texts(path).items()
    }
    for number, exercise in exercises().items():
        if exercise.scale == "choice":
            assert re.findall(r'(?m)^- `"([A-D])"` ', texts[number]) == exercise.letters
        elif exercise.decimals:
            assert COUNTED[exercise.decimals] in texts[number].lower()
    for number, row in {"01.4": 332, "03.1": 437, "03.3": 111, "04.1": 469}.items():
        assert re.search(rf"\brow {row}\b", texts[number])


def test_answer_cells_are_empty():
    for path in notebook_checks.LESSONS:
        cells = notebook_checks.read(path).cells
        for cell, below in zip(cells, cells[1:], strict=False):
            if found := re.match(r"\*\*Exercise (\d\d\.\d+)\.\*\*", cell.source):
                assert found[1] in exercises(), (
                    f"{path.name} poses {found[1]}, which is not in {notebook_checks.module_of(path)}"
                )
                empty = '"..."' if exercises()[found[1]].scale == "choice" else "..."
                assert below.source.endswith(f'answer = {empty}\ncheck("{found[1]}", answer)')


def test_at_most_six_exercises_in_a_core():
    for path in notebook_checks.LESSONS:
        core = notebook_checks.prose(notebook_checks.read(path)).split("\n## Going further")[0]
        posed = re.findall(r"\*\*Exercise (\d\d\.\d+)\.\*\*", core)
        assert len(posed) <= 6, f"move one of {posed} below the heading Going further"
