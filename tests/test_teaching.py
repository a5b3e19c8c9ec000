"""The guide for teachers: its plans add up and name what the lessons have, and what it says of failed fits is true."""

import re

import notebook_checks as check
import pytest

GUIDE = (check.ROOT / "classroom" / "TEACHING.md").read_text(encoding="utf-8")
PLANS = re.findall(r"^\| (\d+) minutes \| (Poll.*) \|$", GUIDE, re.MULTILINE)


def sections(lesson):
    """Return the headings of a lesson."""
    return re.findall(r"^#{2,3} (.*)$", check.prose(check.read(check.LESSONS[lesson])), re.MULTILINE)


@pytest.mark.parametrize(("minutes", "plan"), PLANS)
def test_a_plan_fits_its_time(minutes, plan):
    parts = sum(int(part) for part in re.findall(r"\((\d+)\)", plan))
    assert int(minutes) - 6 <= parts <= int(minutes)


@pytest.mark.parametrize(("minutes", "plan"), PLANS)
def test_a_plan_teaches_what_it_polls(minutes, plan):
    """Where questions 2 and 3 are polled again, the sections that answer them are in the plan."""
    asks = re.search(r"questions ([\d, and]+) of the poll again", plan)
    asked = re.findall(r"\d", asks[1]) if asks else list("12345")
    until = re.search(r"03 up to \"(.*?)\"", plan)
    taught = sections(3)[: sections(3).index(until[1])] if until else sections(3)
    answers = {"2": "Why store it?", "3": "Free or computed?", "4": "The learner's sum"}
    assert all(answers[number] in taught for number in asked if number in answers)
    assert ("5" in asked) == ('"The cause"' in plan)
    assert "The rule" in plan or "core of 02" in plan  # which TEACHING never skips


def test_the_named_sections_are_in_the_lessons():
    known = {heading for number in range(9) for heading in sections(number)}
    quoted = re.findall(
        r"(?:up to|end of|fit of|and|show) \"([A-Z][^\"]*)\"", "\n".join(dict(PLANS).values())
    )
    quoted += re.findall(r"show \"([^\"]+)\"(?: and \"([^\"]+)\")?", GUIDE)[0]
    assert len(quoted) >= 6
    assert set(quoted) <= known


@pytest.mark.parametrize(("lesson", "fit"), [(1, "idata"), (3, "idata_without")])
def test_after_a_failed_fit_one_cell_ends_in_an_error(lesson, fit):
    """Before "Going further" only the cell that looks at the reader's own run needs it, and no cell needs that one's results."""
    cells = check.read(check.LESSONS[lesson]).cells
    end = next(k for k, cell in enumerate(cells) if "## Going further" in cell.source)
    code = [cell.source for cell in cells[:end] if cell.cell_type == "code"]
    used = rf"(?<![\w.]){fit}\b(?!\)?:|\[)"  # not the name of a function's argument
    start = next(k for k, source in enumerate(code) if f"{fit} = pm.sample(" in source)
    looks = next(
        k for k, source in enumerate(code) if k > start and re.search(used, source) and "def " not in source
    )
    lost = re.findall(r"^(\w+) = ", re.split(used, code[looks])[-1], re.MULTILINE)
    assert lost
    after = re.sub(r'"[^"\n]*"|#.*', "", "\n".join(code[looks + 1 :]))  # without strings and comments
    assert not re.search(used, after)
    assert not [name for name in lost if re.search(rf"(?<![\w.]){name}\b", after)]
