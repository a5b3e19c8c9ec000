"""What a class answered is counted from its files, which may be anything and are never run."""

import importlib.util
import json
import os
import re
import subprocess
import sys
import threading
from html.parser import HTMLParser
from pathlib import Path

import pytest

from helpers.exercises import LESSONS, exercises
from helpers.exercises.engine import reply
from helpers.exercises.words import REPLY
from helpers.poll import QUESTIONS, keep
from helpers.predictions import COMPARE, PREDICTIONS

ROOT = Path(__file__).resolve().parent.parent
specification = importlib.util.spec_from_file_location("tally", ROOT / "classroom" / "tally.py")
tally = importlib.util.module_from_spec(specification)
sys.modules["tally"] = tally  # dataclasses look their module up
specification.loader.exec_module(tally)

BELIEF = "Was a_bar added?"
KNOWN = {
    "02.1": lambda sentence: sentence if sentence == BELIEF else None,
    "02.2": lambda sentence: None,
    "03.1": lambda sentence: None,
}


def notebook(*replies):
    """Return a notebook with cells that saved these replies."""
    outputs = [{"output_type": "display_data", "data": {"text/plain": [text]}} for text in replies]
    return {"cells": [{"cell_type": "code", "outputs": [output]} for output in outputs]}


def hand_in(folder, person, *replies, name="02_levels.ipynb", poll=None):
    """Save a notebook of a person, and perhaps a poll."""
    home = folder / person
    (home / "course" / "notebooks").mkdir(parents=True, exist_ok=True)
    path = home / "course" / "notebooks" / name
    path.write_text(json.dumps(notebook(*replies)))
    if poll is not None:
        (home / "multilevel-poll.json").write_text(json.dumps(poll))
    return path


def counted(folder, questions=QUESTIONS, known=KNOWN):
    return tally.count(tally.people(folder), questions, known)


def sizes(answers):
    """Return how many people gave each answer."""
    return {label: len(names) for label, names in answers.items()}


def shown(found, **options):
    """Return a tally as a page and as text."""
    return [show(found, QUESTIONS, **options) for show in [tally.as_page, tally.as_text]]


def test_right_not_yet_and_unanswered_are_counted(tmp_path):
    hand_in(tmp_path, "grace", "02.1: Right. Because.", "02.2: not answered yet.")
    hand_in(tmp_path, "edith", f"02.1: Not yet. {BELIEF}", "02.2: Right. Because.")
    hand_in(tmp_path, "emmy", f"02.1: Not yet. {BELIEF}")
    hand_in(tmp_path, "karen", "03.1: not answered yet.", name="03_p.ipynb")
    found = counted(tmp_path)
    assert found.people == 4 and found.refused == 0
    assert sizes(found.exercises["02.1"]) == {"Right": 1, BELIEF: 2}  # karen has no lesson 02
    assert sizes(found.exercises["02.2"]) == {"Right": 1, tally.OPEN: 2}
    text = tally.as_text(found, QUESTIONS)
    assert re.search(r"02\.1 \(of 3\)\n +1  Right\n +2  Was a_bar added\?", text)
    assert "03.1" not in text  # nobody has answered it


def test_of_several_copies_the_last_with_an_answer_counts(tmp_path):
    old = hand_in(tmp_path, "grace", f"02.1: Not yet. {BELIEF}", name="02_levels (yours, 2026-11-24).ipynb")
    right = hand_in(tmp_path, "grace", "02.1: Right. Because.", name="02_levels-Copy1.ipynb")
    new = hand_in(tmp_path, "grace", "02.1: not answered yet.")
    for age, path in enumerate([new, right, old]):
        os.utime(path, (1e9 - age, 1e9 - age))
    assert sizes(counted(tmp_path).exercises["02.1"]) == {"Right": 1}


def cell(source, *outputs):
    return {"cell_type": "code", "source": source.splitlines(keepends=True), "outputs": list(outputs)}


def said(text):
    return {"output_type": "display_data", "data": {"text/plain": text}}


FAILED = {"output_type": "error", "ename": "NameError", "evalue": "name 'x' is not defined", "traceback": []}
CELLS = {
    "as it was handed out": (
        cell('answer = ...\ncheck("02.1", answer)', said("02.1: not answered yet.")),
        "OPEN",
    ),
    "a letter's": (
        cell('answer = "..."  # A\ncheck("02.1", answer)', said("02.1: not answered yet.")),
        "OPEN",
    ),
    "never run": (cell('answer = ...\ncheck("02.1", answer)'), "OPEN"),
    "typed": (cell('answer = 0.4\ncheck("02.1", answer)', said("02.1: not answered yet.")), "NOT_RUN"),
    "typed, outputs cleared": (cell('answer = 0.4\ncheck("02.1", answer)'), "NOT_RUN"),
    "an error": (cell('answer = x\ncheck("02.1", answer)', FAILED), "ERROR"),
    "an error after it": (
        cell('answer = 1\ncheck("02.1", answer)\nx', said("02.1: Right. So."), FAILED),
        "RIGHT",
    ),
}


@pytest.mark.parametrize("kind", CELLS)
def test_typed_but_not_run_and_an_error_are_not_unanswered(tmp_path, kind):
    asked, expected = CELLS[kind]
    path = hand_in(tmp_path, "grace")
    path.write_text(json.dumps({"cells": [asked]}))
    assert sizes(counted(tmp_path).exercises["02.1"]) == {getattr(tally, expected): 1}


@pytest.mark.parametrize(
    "place",
    ["anna_02_levels.ipynb", "my homework.ipynb", "hand in/lesson 2/x.ipynb", "course/notebooks/02.ipynb"],
)
def test_a_notebook_is_known_by_its_cells(tmp_path, place):
    """Whatever it is called and in whichever folder of the student; but worked answers are nobody's."""
    home = tmp_path / "anna"
    for path in [home / place, home / "course/notebooks/solutions/02.ipynb", home / ".old/02.ipynb"]:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(notebook("02.2: Right. So.")))
    (home / place).write_text(json.dumps({"cells": [CELLS["typed"][0]]}))
    found = counted(tmp_path)
    assert sizes(found.exercises["02.1"]) == {tally.NOT_RUN: 1}
    assert sizes(found.exercises["02.2"]) == {tally.OPEN: 1}


def test_many_folders_do_not_hide_the_course_nor_take_for_ever(tmp_path):
    for number in range(250):
        (tmp_path / "grace" / f"a{number:03d}" / "b").mkdir(parents=True)
    deep = hand_in(tmp_path, "grace", "02.1: Right. So.").parent
    (tmp_path / "grace" / "z" / "y").mkdir(parents=True)
    (tmp_path / "grace" / "z" / "y" / "x.ipynb").write_text(json.dumps(notebook("02.2: Right. So.")))
    found = counted(tmp_path)
    assert deep.is_dir() and sizes(found.exercises["02.1"]) == {"Right": 1}
    assert sizes(found.exercises["02.2"]) == {tally.OPEN: 1}


@pytest.mark.parametrize(("further", "found"), [("1/2/3/4", 1), ("1/2/3/4/5", 0)])
def test_notebooks_are_found_up_to_four_folders_further_in(tmp_path, further, found):
    path = tmp_path / "grace" / further / "x.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(notebook("02.1: Right. So.")))
    assert len(tally.people(tmp_path)) == found
    assert "up to four folders further in" in (ROOT / "classroom" / "README.md").read_text(encoding="utf-8")


def test_a_folder_is_not_opened_through_a_link(tmp_path):
    """Also where it became one after it was listed."""
    (tmp_path / "link").symlink_to(tmp_path)
    with pytest.raises(OSError, match="link"):
        tally.open_folder(tmp_path / "link")


def test_the_folder_that_the_teacher_names_may_be_a_link(tmp_path, monkeypatch, capsys):
    hand_in(tmp_path / "homes", "grace", "02.1: Right. Because.")
    (tmp_path / "home").symlink_to(tmp_path / "homes")
    monkeypatch.setattr(sys, "argv", ["tally.py", str(tmp_path / "home"), "--lesson", "02"])
    tally.main()
    assert "1  Right" in capsys.readouterr().out


def test_an_archive_of_the_homes_is_a_class(tmp_path):
    for person in ["grace", "edith"]:
        hand_in(tmp_path / "home", person, "02.1: Right. Because.", poll={"1": "A"})
    found = counted(tmp_path)
    assert found.people == 2 and found.answered(0) == 2


def test_the_poll_is_counted_before_and_after(tmp_path, monkeypatch, capsys):
    """Of all who answered at all, and with the number of them; a corrected letter is no second poll."""
    first = {"grace": ["A", "B"], "edith": ["B"], "emmy": ["C"]}
    for person, letters in first.items():
        (tmp_path / person).mkdir()
        monkeypatch.setenv("HOME", str(tmp_path / person))
        for letter in letters:
            keep({"1": letter, "2": "C"})
        if person != "emmy":
            keep({"1": "A", "2": "C"}, again=True)
            keep({"1": "B", "2": "C"}, again=True)
    before = counted(tmp_path)
    assert [sizes(when) for when in before.poll["1"]] == [{"B": 2, "C": 1}, {"B": 2}]
    assert [sizes(when) for when in before.poll["2"]] == [{"C": 3}, {"C": 2}]
    for text in shown(before):
        assert "before, of 3" in text and "after, of 2" in text
    assert re.search(r"2 -> +2  B, no, it is in there already", shown(before)[1])
    (tmp_path / "grace" / "multilevel-poll.json").unlink()
    (tmp_path / "edith" / "multilevel-poll.json").unlink()
    assert not any("after" in text for text in shown(counted(tmp_path)))


def test_polls_of_the_older_forms_are_read(tmp_path):
    two = [{"date": "a", "answers": {"1": "A"}}, {"date": "b", "answers": {"1": "B"}}]
    hand_in(tmp_path, "grace", poll={"sittings": two})
    hand_in(tmp_path, "edith", poll={"1": "A"})
    assert [sizes(when) for when in counted(tmp_path).poll["1"]] == [{"A": 2}, {}]


def run(monkeypatch, *words):
    """Run the command; return what it says at its end if it fails."""
    monkeypatch.setattr(sys, "argv", ["tally.py", *map(str, words)])
    try:
        tally.main()
    except SystemExit as stopped:
        return stopped.code
    return None


@pytest.mark.parametrize("kind", ["empty", "no exercise", "another lesson"])
def test_nothing_found_says_what_is_wanted(tmp_path, monkeypatch, kind):
    if kind != "empty":
        hand_in(tmp_path, "grace", *["03.1: Right. So."] * (kind == "another lesson"), name="03.ipynb")
    complaint = run(monkeypatch, tmp_path, "--lesson", "02")
    assert complaint.endswith(tally.WANTED) and "has no answers to lesson 02" in complaint
    assert tally.WANTED.startswith("Expected: one folder per student with the notebooks")
    guide = (ROOT / "classroom" / "README.md").read_text(encoding="utf-8")
    assert tally.WANTED.removeprefix("Expected: ") in guide.replace("`", "")


def test_a_lesson_comes_without_the_poll_and_00_is_the_poll(tmp_path, monkeypatch, capsys):
    hand_in(tmp_path, "grace", f"02.1: Not yet. {BELIEF}", poll={"1": "A"})
    for lesson, poll, exercise in [("02", False, True), ("2", False, True), ("00", True, False)]:
        page = tmp_path / "page.html"
        assert run(monkeypatch, tmp_path, "--lesson", lesson, "--page", page) is None
        for text in [capsys.readouterr().out, page.read_text()]:
            assert ("To read a[0]" in text, "02.1" in text) == (poll, exercise)
    assert "Expected one of: 00 (the poll), 01" in run(monkeypatch, tmp_path, "--lesson", "09")


def test_what_was_asked_is_shown(tmp_path, monkeypatch, capsys):
    hint = next(hint for hint, letters in exercises("02")["02.4"].hints.items() if letters == ["D"])
    hand_in(tmp_path, "grace", "02.1: Right. So.", f"02.4: Not yet. {hint}")
    run(monkeypatch, tmp_path)
    said = capsys.readouterr().out
    assert "02.1 What are actor 7's log-odds of pulling left in R/N, in a block with g = 0? (of 1)" in said
    assert "Right: A, the mean of sigma_a\n   1  D, the sd column of sigma_a" in said


@pytest.mark.parametrize("lesson", sorted(LESSONS))
def test_each_exercise_has_its_question_and_a_choice_its_options(lesson):
    (path,) = ROOT.glob(f"notebooks/{lesson}_*.ipynb")
    asked = tally.asked_in(json.loads(path.read_text(encoding="utf-8")))
    assert asked.keys() == {*exercises(lesson), f"{lesson}.0"}
    for number, exercise in exercises(lesson).items():
        question, options = asked[number]
        assert question[-1] in "?." and "`" not in question
        assert sorted(options) == (exercise.letters if exercise.scale == "choice" else [])
    assert asked[f"{lesson}.0"][0].endswith("?")


def test_rare_answers_are_put_together(tmp_path):
    """And what the course says is plain text on the page."""
    found = tally.Tally(9)
    found.exercises["02.1"] = {BELIEF: ["a", "b"], **{f"wrong {k}": [f"name{k}"] for k in range(6)}}
    found.exercises["02.1"][mark := "1 < 2, <b>bold</b>"] = ["c", "d"]
    assert "<b>" not in shown(found)[0] and mark in shown(found)[1]
    for text in shown(found, names=True):
        assert tally.OTHER in text and "wrong" not in text and "name0, name1" in text
    for few in [mark, "wrong 0", "wrong 1"]:
        del found.exercises["02.1"][few]
    assert all("wrong 5" in text for text in shown(found))


def test_nothing_to_read_is_one_grey_row(tmp_path):
    find = tally.sentences_of(exercises("02")["02.1"], REPLY)
    letter = tally.sentences_of(exercises("02")["02.4"], REPLY)
    for known, exercise, answer in [(find, "02.1", "word"), (letter, "02.4", "E"), (letter, "02.4", None)]:
        assert known(reply(exercises("02")[exercise], answer).removeprefix("Not yet. ")) == tally.NOT_READ


def test_predictions_are_counted(tmp_path):
    """A prediction has no number in its reply; its cell has the lesson."""
    path = hand_in(tmp_path, "grace")
    prediction = PREDICTIONS["02"]()
    for sentence, row in [
        (COMPARE, "A different number"),
        (f"{next(iter(prediction.hints))} {COMPARE}", None),
    ]:
        asked = cell('my_guess = 1\npredict("02", my_guess)', said(f"Your prediction: Not yet. {sentence}"))
        path.write_text(json.dumps({"cells": [asked]}))
        known = {"02.0": tally.sentences_of(prediction, REPLY, compare=COMPARE)}
        found = counted(tmp_path, known=known)
        assert sizes(found.exercises["02.0"]) == {row or next(iter(prediction.hints)): 1}


def test_the_make_line_takes_a_folder_with_a_space():
    made = subprocess.run(
        ["make", "-n", "tally", "FOLDER=STAT 101"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert 'tally.py "STAT 101"' in made


def test_loose_notebooks_of_several_lessons_are_told(tmp_path, capsys):
    for name, number in [("anna_02", "02.1"), ("ben_02", "02.1"), ("anna_03", "03.1")]:
        (tmp_path / f"{name}.ipynb").write_text(json.dumps(notebook(f"{number}: Right. So.")))
    found = counted(tmp_path)
    assert [len(found.exercises[number]["Right"]) for number in ["02.1", "03.1"]] == [2, 1]
    assert "several lessons (02, 03), and each counts as one person" in capsys.readouterr().err


def test_notebooks_without_folders_are_one_person_each(tmp_path):
    for person in ["grace", "edith"]:
        (tmp_path / f"{person}.ipynb").write_text(json.dumps(notebook("02.1: Right. Because.")))
    assert sizes(counted(tmp_path).exercises["02.1"]) == {"Right": 2}


SECRET = "02.1: Right. This is not the learner's."


@pytest.fixture
def home(tmp_path):
    """Return a home whose lesson is missing, and a file beside it that is somebody else's."""
    path = hand_in(tmp_path / "homes", "mallory", "02.1: not answered yet.")
    path.unlink()
    (tmp_path / "secret.ipynb").write_text(json.dumps(notebook(SECRET)))
    (tmp_path / "secret.json").write_text(json.dumps({"1": "A"}))
    return path


NOT_PLAIN = {
    "link": lambda path, secret: path.symlink_to(secret),
    "link to itself": lambda path, secret: path.symlink_to(path),
    "hard link": lambda path, secret: os.link(secret, path),
    "pipe": lambda path, secret: os.mkfifo(path),  # opening one waits for a writer
    "folder": lambda path, secret: path.mkdir(),
    "large": lambda path, secret: (
        path.touch(),
        os.truncate(path, 40_000_000_000),
    ),  # takes no space on the disk
    "nested": lambda path, secret: path.write_text("[" * 1_000_000),
    "nested whole": lambda path, secret: path.write_text('{"cells":' * 300_000 + "1" + "}" * 300_000),
    "digits": lambda path, secret: path.write_text('{"cells": ' + "9" * 1_000_000 + "}"),
    "text": lambda path, secret: path.write_text("no JSON"),
    "bytes": lambda path, secret: path.write_bytes(b"\xff\xfe\x00\xd8" * 1000),
    "list": lambda path, secret: path.write_text(json.dumps({"cells": [{"outputs": [[1]]}, 3]})),
}


@pytest.mark.parametrize("kind", NOT_PLAIN)
def test_what_is_not_a_plain_file_is_refused(home, tmp_path, kind):
    NOT_PLAIN[kind](home, tmp_path / "secret.ipynb")
    found = within(20, lambda: counted(tmp_path / "homes"))
    assert found.refused == 1
    assert found.exercises["02.1"] == {}


@pytest.mark.parametrize("kind", sorted({*NOT_PLAIN} - {"folder", "link", "link to itself"}))
def test_what_was_handed_in_and_is_not_a_plain_file_is_refused(tmp_path, kind):
    (tmp_path / "secret.ipynb").write_text(json.dumps(notebook(SECRET)))
    (tmp_path / "handed_in").mkdir()
    NOT_PLAIN[kind](tmp_path / "handed_in" / "mallory.ipynb", tmp_path / "secret.ipynb")
    (tmp_path / "handed_in" / "grace.ipynb").write_text(json.dumps(notebook("02.1: Right. Because.")))
    found = within(20, lambda: counted(tmp_path / "handed_in"))
    assert (found.people, found.refused, sizes(found.exercises["02.1"])) == (2, 1, {"Right": 1})


def test_a_person_who_is_a_link_is_not_read_but_told(tmp_path, capsys):
    hand_in(tmp_path / "other", "grace", "02.1: Right. Because.")
    (tmp_path / "homes").mkdir()
    (tmp_path / "homes" / "grace").symlink_to(tmp_path / "other" / "grace")
    (tmp_path / "homes" / "edith.ipynb").symlink_to("/etc/passwd")
    assert tally.people(tmp_path / "homes") == {}
    assert f"Links in {tmp_path / 'homes'} that were not followed: 2" in capsys.readouterr().err


def test_of_a_key_that_comes_twice_the_last_counts(tmp_path):
    path = hand_in(tmp_path, "mallory", "02.1: Right. Because.")
    inside = path.read_text()[1:]
    path.write_text('{"cells": 1, ' + inside)
    poll = tmp_path / "mallory" / "multilevel-poll.json"
    poll.write_text('{"sittings": 3, "sittings": [{"answers": {"1": "A", "1": "B", "2": ["C"]}}]}')
    found = counted(tmp_path)
    assert found.refused == 0 and sizes(found.exercises["02.1"]) == {"Right": 1}
    assert sizes(found.poll["1"][0]) == {"B": 1} and found.poll["2"][0] == {}


@pytest.mark.parametrize("part", ["course", "course/notebooks"])
def test_a_folder_that_is_a_link_is_not_followed(home, tmp_path, part):
    other = tmp_path / "other" / "course" / "notebooks"
    other.mkdir(parents=True)
    (other / home.name).write_text(json.dumps(notebook(SECRET)))
    folder = tmp_path / "homes" / "mallory" / part
    folder.rename(tmp_path / "away")
    folder.symlink_to(tmp_path / "other" / part)
    assert counted(tmp_path / "homes").exercises["02.1"] == {}
    (tmp_path / "homes" / "trudy").symlink_to(tmp_path / "other")
    assert counted(tmp_path / "homes").exercises["02.1"] == {}


@pytest.mark.parametrize("kind", ["link", "hard link", "large", "text"])
def test_a_poll_that_is_not_a_plain_file_is_refused(tmp_path, home, kind):
    poll = tmp_path / "homes" / "mallory" / "multilevel-poll.json"
    secret = tmp_path / "secret.json"
    {
        "link": lambda: poll.symlink_to(secret),
        "hard link": lambda: os.link(secret, poll),
        "large": lambda: poll.write_text(json.dumps({"1": "A", "x": "x" * 200_000})),
        "text": lambda: poll.write_text("A"),
    }[kind]()
    found = counted(tmp_path / "homes")
    assert found.refused == 1 and found.poll["1"][0] == {}


def within(seconds, work):
    """Return what some work returns, or fail if it waits for ever."""
    results = []
    thread = threading.Thread(target=lambda: results.append(work()), daemon=True)
    thread.start()
    thread.join(seconds)
    assert results, "it waits"
    return results[0]


def test_folders_that_only_root_can_open_are_told(tmp_path, monkeypatch, capsys):
    hand_in(tmp_path, "grace", "02.1: Right. Because.")
    hand_in(tmp_path, "edith", "02.1: Right. Because.")
    open_folder = tally.open_folder

    def closed(path, inside=None):
        if path == "edith":
            raise PermissionError(13, "Permission denied")
        return open_folder(path, inside)

    monkeypatch.setattr(tally, "open_folder", closed)
    assert list(tally.people(tmp_path)) == ["grace"]
    assert "cannot open 1 of the folders" in capsys.readouterr().err


def test_a_file_of_many_is_not_the_end_of_the_others(tmp_path):
    for number in range(210):
        hand_in(tmp_path, "mallory", "02.1: Right. Because.", name=f"02_{number}.ipynb")
    found = counted(tmp_path)
    assert found.refused == 10 and sizes(found.exercises["02.1"]) == {"Right": 1}


EVIL = "<script>alert(1)</script>\u202e\u2066"  # the last two turn the direction of a line


class Tags(HTMLParser):
    """Collects the tags and attributes of a page."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.attributes = set(), set()
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attributes}


def test_nothing_that_a_student_wrote_reaches_the_page(tmp_path):
    hand_in(
        tmp_path, "mallory", f"02.1: Not yet. {EVIL}", f"02.2: Not yet. {EVIL}", poll={"1": EVIL, "2": "A"}
    )
    found = counted(tmp_path)
    assert sizes(found.exercises["02.1"]) == {tally.UNKNOWN: 1}
    for text in shown(found):
        assert "alert" not in text and "mallory" not in text
        assert not {"\u202e", "\u2066"} & set(text)


def test_names_are_shown_only_when_asked_and_are_plain_text(tmp_path):
    name = "mal<b onclick=x>\x1b[31m\n\u202e\u2066\udcff"  # the last is a byte that is not UTF-8
    hand_in(tmp_path, name, "02.1: Right. Because.")
    found = counted(tmp_path)
    for show in [tally.as_page, tally.as_text]:
        assert "mal" not in show(found, QUESTIONS).lower().replace("normal", "")
        assert "mal" in show(found, QUESTIONS, names=True)
    page = Tags(tally.as_page(found, QUESTIONS, names=True))
    assert "b" not in page.tags and "script" not in page.tags
    assert page.attributes <= {*"lang charset http-equiv content name class style colspan".split()}
    for text in shown(found, names=True):
        assert not {*"\x1b\u202e\u2066\udcff"} & set(text) and text.encode()


@pytest.mark.parametrize(("names", "mode"), [([], 0o644), (["--names"], 0o600)])
def test_a_page_with_names_is_for_the_teacher_alone(tmp_path, monkeypatch, capsys, names, mode):
    hand_in(tmp_path / "homes", "grace", "02.1: Right. Because.")
    secret, page = tmp_path / "secret", tmp_path / "tally.html"
    secret.write_text("mine")
    page.symlink_to(secret)
    monkeypatch.setattr(sys, "argv", ["tally.py", str(tmp_path / "homes"), "--page", str(page), *names])
    tally.main()
    assert page.stat().st_mode & 0o777 == mode and secret.read_text() == "mine"
    assert ("grace" in page.read_text()) == bool(names)
    assert str(page) in capsys.readouterr().out


def test_the_reading_has_the_rights_of_the_owner(tmp_path, monkeypatch):
    became = []
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(os, "setgroups", lambda groups: became.append(groups))
    monkeypatch.setattr(os, "setgid", lambda number: became.append(number))
    monkeypatch.setattr(os, "setuid", lambda number: became.append(number))
    owner = os.stat_result([0] * 4 + [1234, 5678] + [0] * 4)
    assert tally.as_owner(None, owner, work=lambda folder: became) == [[], 5678, 1234]


def test_a_reading_that_never_ends_is_given_up(monkeypatch):
    monkeypatch.setattr(tally, "SECONDS", 1)
    owner = os.stat_result([0] * 4 + [os.getuid(), os.getgid()] + [0] * 4)
    forever = threading.Event()
    given_up = within(20, lambda: tally.as_owner(None, owner, work=lambda folder: forever.wait()))
    assert given_up["refused"] == 1


@pytest.mark.parametrize("lesson", sorted(LESSONS))
def test_every_reply_of_the_course_is_known(lesson):
    """The hints of an exercise, and what the engine says about other answers."""
    for exercise in exercises(lesson).values():
        find = tally.sentences_of(exercise, REPLY)
        tried = [route for routes in exercise.hints.values() for route in routes]
        tried += [
            None,
            True,
            print,
            "word",
            1e9,
            -1e9,
            [1, 2, 3, 4, 5, 6, 7],
            [0.5] * 4000,
            float("nan"),
            "E",
        ]
        for answer in tried:
            said = reply(exercise, answer)
            if said.startswith("Not yet. "):
                assert find(said.removeprefix("Not yet. ")), said
    assert find("You are an idiot.") is None
    assert find(f"{next(iter(exercise.hints))} And an insult.") is None


def test_the_saved_outputs_of_the_solutions_are_all_right(tmp_path):
    (tmp_path / "somebody").mkdir()
    for path in (ROOT / "notebooks" / "solutions").glob("*.ipynb"):
        (tmp_path / "somebody" / path.name).write_bytes(path.read_bytes())
    known = {number: (lambda sentence: None) for lesson in LESSONS for number in exercises(lesson)}
    found = tally.count(tally.people(tmp_path), QUESTIONS, known)
    assert {number: sizes(answers) for number, answers in found.exercises.items()} == {
        number: {"Right": 1} for number in known
    }


def test_a_process_that_is_large_already_can_count(tmp_path):
    """The limit of memory is for what a student's file takes, not for what the counting process had before."""
    ballast = bytearray(1_200_000_000)  # not touched, so it takes no room
    folder = os.open(tmp_path, os.O_RDONLY)
    answer = tally.as_owner(folder, os.stat(tmp_path), lambda at: {"read": len(bytes(200_000_000))})
    os.close(folder)
    assert len(ballast) and answer == {"read": 200_000_000}
