"""The pages state the minutes that making.minutes measures, and an exercise says what it asks for."""

import math
import re

import nbformat
import notebook_checks as check
import pytest

from helpers.exercises import exercises
from making.minutes import LONGEST_CORE, WORDS_PER_MINUTE, lessons, measure, stated

ROOT = check.ROOT
README = (ROOT / "README.md").read_text(encoding="utf-8")
GUIDE = (ROOT / "classroom" / "TEACHING.md").read_text(encoding="utf-8")
MAP = check.prose(check.read(ROOT / "notebooks" / "00_start_here.ipynb"))


@pytest.fixture(params=lessons(), ids=lambda path: path.stem)
def path(request):
    return request.param


def minutes_on_the_pages(path):
    """Return the minutes that each page states for a lesson, by page."""
    found = {
        "the lesson": re.findall(r"\*\*Time:\*\* (\d+) minutes", check.prose(check.read(path))),
        "README.md": re.findall(rf"\(notebooks/{path.name}\) \| (\d+) \|", README),
        "lesson 00": re.findall(rf"\({path.name}\) \| (\d+) \|", MAP),
        "TEACHING.md": re.findall(rf"(?m)^### {path.stem[:2]} .*\((\d+) minutes\)$", GUIDE),
    }
    if path.stem.startswith("00"):
        del found["lesson 00"]
    return {page: [int(number) for number in numbers] for page, numbers in found.items()}


def complaint(number, minutes, pages):
    """Return what to do about the pages that state other minutes than a lesson's, or None."""
    wanted = stated(minutes)
    wrong = {page: found for page, found in pages.items() if found != [wanted]}
    if not wrong:
        return None
    says = f"{number} measures {minutes:.1f} minutes"
    written = max((number for found in wrong.values() for number in found), default=None)
    remove = ""
    if written is not None:
        says += f", pages state {written}"
        if minutes > written:
            words = math.ceil(round((minutes - written) * WORDS_PER_MINUTE, 6))
            remove = f"remove about {words} words, or "
    where = [page if found else f"{page} (which does not name it yet)" for page, found in wrong.items()]
    return f"{says}: {remove}write {wanted} minutes on {', '.join(where)}."


def test_the_pages_state_the_measured_minutes(path):
    core, _ = measure(path)
    says = complaint(path.stem[:2], core.minutes, minutes_on_the_pages(path))
    assert says is None, says


def test_a_complaint_says_what_to_do():
    assert complaint("03", 40.0, {"README.md": [40]}) is None
    assert complaint("03", 40.1, {"the lesson": [40], "README.md": [40]}) == (
        "03 measures 40.1 minutes, pages state 40: remove about 15 words, or write 45 minutes on the lesson, README.md."
    )
    assert complaint("03", 33.0, {"README.md": [40]}).endswith(
        "pages state 40: write 35 minutes on README.md."
    )
    assert complaint("09", 14.0, {"README.md": []}) == (
        "09 measures 14.0 minutes: write 15 minutes on README.md (which does not name it yet)."
    )


def test_no_core_is_too_long(path):
    core, _ = measure(path)
    too_many = math.ceil((core.minutes - LONGEST_CORE) * WORDS_PER_MINUTE)
    assert core.minutes <= LONGEST_CORE, f"remove {too_many} words, or move a part below Going further"


def test_the_guide_states_the_shortest_and_the_longest():
    minutes = [stated(measure(path)[0].minutes) for path in lessons()]
    number = "nine ten eleven twelve thirteen fourteen fifteen".split()[len(minutes) - 9]
    wanted = f"There are {number} notebooks, of {min(minutes)} to {max(minutes)} minutes each."
    is_there = wanted in GUIDE
    assert is_there, f"expected in classroom/TEACHING.md: {wanted}"


def kinds(text):
    """Return what each exercise of a text says that it asks for; None where it says nothing."""
    found = re.findall(r"(?m)^\*\*Exercise (\d\d\.\d+)\.\*\*(?: \*\((.+?)\)\*)?", text)
    return {number: kind or None for number, kind in found}


@pytest.mark.parametrize("notebook", check.NOTEBOOKS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_an_exercise_says_what_it_asks_for(notebook):
    known = {number: one.work for number, one in exercises(notebook.stem[:2]).items()}
    posed = kinds(check.prose(check.read(notebook)))
    assert posed == known, f"expected in {notebook.name}, for example: **Exercise 02.1.** *(a letter)*"


def test_a_kind_that_is_missing_is_seen():
    text = "**Exercise 02.1.** *(a letter)* Which?\n\n**Exercise 02.2.** How many?"
    assert kinds(text) == {"02.1": "a letter", "02.2": None}


def test_minutes_are_rounded_up_to_fives():
    assert [stated(minutes) for minutes in [0.1, 5, 5.1, 40.0, 41.2]] == [5, 5, 10, 40, 45]


def test_the_measure(tmp_path):
    """Words, a visible cell, a prediction and two exercises; what is folded or further does not count."""
    letter = next(number for number, one in exercises().items() if one.work == "a letter")
    own = next(number for number, one in exercises().items() if one.work == "your own code")
    new = nbformat.v4
    cells = [
        new.new_markdown_cell("# Title\n\n" + "word " * (WORDS_PER_MINUTE - 3) + "[two words](a_link.ipynb)"),
        new.new_markdown_cell("**Predict.**"),
        new.new_code_cell("1 + 1"),
        new.new_code_cell("draw()", metadata={"jupyter": {"source_hidden": True}}),
        new.new_code_cell(f'check("{letter}", answer)'),
        new.new_code_cell(f'check("{own}", answer)'),
        new.new_markdown_cell("## Going further\n\n" + "word " * 300),
        new.new_code_cell("1 + 1"),
    ]
    nbformat.write(new.new_notebook(cells=cells), tmp_path / "lesson.ipynb")
    core, further = measure(tmp_path / "lesson.ipynb")
    assert core.minutes == pytest.approx(1 + 1 / WORDS_PER_MINUTE + 1.5 + 0.5 + 1.5 + 5)
    assert further.minutes == pytest.approx(302 / WORDS_PER_MINUTE + 0.5)
