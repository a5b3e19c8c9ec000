"""The poll is saved outside the course, for its owner only, and loses nothing."""

import json
import re
import stat

import notebook_checks
import pytest

from helpers import poll

ANSWERS = {"1": "B", "2": "c)", "3": " (A) ", "4": ..., "5": "answer D"}
READ = {"1": "B", "2": "C", "3": "A", "5": "D"}


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setattr(poll.Path, "home", lambda: tmp_path)
    return tmp_path


def saved(home):
    return json.loads((home / "multilevel-poll.json").read_text())["sittings"]


def answers_of(home):
    return [sitting["answers"] for sitting in saved(home)]


def test_saved_and_compared(home, capsys):
    poll.keep(ANSWERS)
    assert answers_of(home) == [READ]
    assert capsys.readouterr().out.startswith("Saved 4 of 5 answers in the file multilevel-poll.json")
    poll.compare()
    said = capsys.readouterr().out
    assert "1. To read a[0], do I add a_bar?\n   you said:  B, no, it is in there already\n" in said
    assert "4. Why is -0.666 nowhere among the p?\n   answer:    B, wrong scale (lesson 03" in said


def test_the_keys():
    assert {number: question.right for number, question in poll.QUESTIONS.items()} == {
        "1": "B",
        "2": "C",
        "3": "A",
        "4": "B",
        "5": "D",
    }


def test_a_later_answer_joins_the_earlier_ones(home):
    poll.keep(READ)
    poll.keep({"4": "B"})
    poll.keep({"1": "B"})
    assert answers_of(home) == [{"1": "B", "2": "C", "3": "A", "4": "B", "5": "D"}]


def test_two_people_on_one_account_lose_nothing(home, capsys):
    poll.keep(READ)
    capsys.readouterr()
    poll.keep({"1": "A", "2": "C"})
    assert answers_of(home) == [READ, {"1": "A", "2": "C"}]
    day = saved(home)[0]["date"]
    assert (
        f"It also has earlier answers ({day}). They are still there, and lesson 06 shows both."
        in capsys.readouterr().out
    )
    poll.compare()
    said = capsys.readouterr().out
    assert f"   on {day}: B, no, it is in there already\n   you said:  A, yes, always\n" in said


def test_a_second_poll_is_a_sitting_of_its_own(home, capsys):
    """Also with the same letters; it replaces only itself, and from then on the first answers stay."""
    poll.keep(READ | {"1": "A"})
    poll.keep(READ)  # corrected a second later
    poll.keep(READ | {"1": "C"}, again=True)
    poll.keep(READ, again=True)
    assert answers_of(home) == [READ | {"1": "A"}, READ, READ]
    assert [one["again"] for one in saved(home)] == [False, False, True]
    capsys.readouterr()
    poll.keep({"1": "D"})
    assert capsys.readouterr().out.startswith("Not saved, because you have answered the poll again")
    assert answers_of(home)[1:] == [READ, READ]
    poll.compare()
    said = capsys.readouterr().out
    b = "B, no, it is in there already"
    assert f": A, yes, always\n   you said:  {b}\n   again:     {b}\n   answer:    {b} (" in said


def test_a_second_poll_without_a_first(home, capsys):
    poll.keep({"1": "A"}, again=True)
    assert [one["again"] for one in saved(home)] == [True]
    poll.compare()
    assert "add a_bar?\n   again:     A, yes, always\n   answer:" in capsys.readouterr().out


def test_one_odd_letter_loses_nothing(home, capsys):
    poll.keep(READ | {"3": "E"})
    assert answers_of(home) == [{"1": "B", "2": "C", "5": "D"}]
    said = capsys.readouterr().out
    assert said.startswith("Question 3: expected one of the letters A, B, C, D in quotes.\nSaved 3 of 5")


@pytest.mark.parametrize("answers", [{"1": "E"}, {"1": 2}, {"1": "AB"}, {"1": None}])
def test_odd_answers_get_a_sentence(home, capsys, answers):
    poll.keep(answers)
    assert capsys.readouterr().out.startswith(
        "Question 1: expected one of the letters A, B, C, D in quotes.\n"
    )
    assert list(home.iterdir()) == []


@pytest.mark.parametrize(
    "answers", [dict.fromkeys("12345", ...), dict.fromkeys("12345", "..."), "B", {"1": ""}]
)
def test_unanswered_saves_nothing(home, capsys, answers):
    poll.keep(answers)
    assert capsys.readouterr().out == "Not answered yet.\n"
    assert list(home.iterdir()) == []


def test_answers_of_the_first_edition_are_read(home, capsys):
    (home / "multilevel-poll.json").write_text(json.dumps({"1": "C", "4": "A"}))
    poll.keep({"5": "D"})
    assert answers_of(home) == [{"1": "C", "4": "A", "5": "D"}]


def test_only_the_owner_can_read_it(home):
    (home / "multilevel-poll.json").write_text(json.dumps({"1": "C"}))
    (home / "multilevel-poll.json").chmod(0o644)
    (home / "multilevel-poll.json.partial").write_text("left over")
    poll.keep(ANSWERS)
    assert stat.S_IMODE((home / "multilevel-poll.json").stat().st_mode) == 0o600
    assert [path.name for path in home.iterdir()] == ["multilevel-poll.json"]


def test_without_a_poll_the_answers_are_shown(home, capsys):
    poll.compare()
    said = capsys.readouterr().out
    assert said.startswith("No saved poll was found. Here are the answers.")
    assert "5. Why are 0.339 and 0.344 different?\n   answer:    D, the curve between" in said


@pytest.mark.parametrize(
    "text", ["", "{", "[1]", '"B"', "null", '{"1": "E"}', '{"sittings": 3}', '{"sittings": []}', '{"7": "A"}']
)
def test_a_damaged_poll_is_put_aside(home, capsys, text):
    path = home / "multilevel-poll.json"
    path.write_text(text)
    poll.compare()
    assert capsys.readouterr().out.startswith("No saved poll was found.")
    assert path.read_text() == text
    poll.keep({"1": "B"})
    assert answers_of(home) == [{"1": "B"}]
    assert path.with_name("multilevel-poll.json.damaged").read_text() == text


def test_no_home_folder_is_a_sentence(monkeypatch, capsys):
    def homeless():
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(poll.Path, "home", homeless)
    poll.keep({"1": "B"})
    assert capsys.readouterr().out == (
        "Your answers could not be saved (there is no home folder). Write them on paper: {'1': 'B'}\n"
    )
    poll.compare()
    assert capsys.readouterr().out.startswith("No saved poll was found.")


def test_a_home_that_cannot_be_written_to(home, capsys):
    (home / "multilevel-poll.json").mkdir()  # also stops root, whom permissions do not stop
    poll.keep(ANSWERS)
    said = capsys.readouterr().out
    assert "could not be saved" in said and "Write them on paper" in said and "'1': 'B'" in said


def words(text):
    """Return the words of a text, without markdown and marks between them."""
    return " ".join(re.findall(r"[\w\[\]\-.]*\w[\w\[\]\-]*", text))


@pytest.mark.parametrize(("lesson", "heading"), [(0, "## The poll"), (6, "## The poll again")])
def test_the_polls_of_the_lessons_have_the_same_words(lesson, heading):
    cells = notebook_checks.read(notebook_checks.LESSONS[lesson]).cells
    posed = next(words(cell.source) for cell in cells if f"{heading}\n" in cell.source)
    for number, question in poll.QUESTIONS.items():
        options = " ".join(f"{letter} {option}" for letter, option in question.options.items())
        assert words(f"{number}. {question.text} {options}") in posed


def test_the_second_poll_is_asked_before_its_answers_are_shown():
    """In lesson 06 the second poll comes first, and the stored answers are under a fold."""
    cells = notebook_checks.code_cells(notebook_checks.read(notebook_checks.LESSONS[6]))
    polls = [cell for cell in cells if "helpers.poll" in cell.source]
    assert ["again=True" in polls[0].source, "compare()" in polls[1].source] == [True, True]
    assert polls[0].outputs[0].text == "Not answered yet.\n"
    (shown,) = polls[1].outputs
    assert shown.data["text/html"].startswith("<details><summary>")
