"""What a class believes is counted from its files, which may be anything and are never run."""

import importlib.util
import json
import os
import re
import sys
import threading
from html.parser import HTMLParser
from pathlib import Path

import pytest

from helpers.exercises import LESSONS, exercises
from helpers.exercises.engine import reply
from helpers.exercises.words import REPLY
from helpers.poll import QUESTIONS, compare, keep

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


def counted(folder, lesson=""):
    return tally.count(tally.people(folder), QUESTIONS, KNOWN, lesson)


def test_right_not_yet_and_unanswered_are_counted(tmp_path):
    hand_in(tmp_path, "grace", "02.1: Right. Because.", "02.2: not answered yet.")
    hand_in(tmp_path, "edith", f"02.1: Not yet. {BELIEF}", "02.2: Right. Because.")
    hand_in(tmp_path, "emmy", f"02.1: Not yet. {BELIEF}")
    found = counted(tmp_path)
    assert found.people == 3 and found.refused == 0
    assert dict(found.exercises["02.1"]) == {"right": 1, "not yet": 2}
    assert dict(found.exercises["02.2"]) == {"right": 1, "unanswered": 2}
    assert dict(found.beliefs["02.1"]) == {BELIEF: 2}
    text = tally.as_text(found, QUESTIONS)
    assert re.search(r"02\.1 +1 +2 +0\n +2 x Was a_bar added\?", text)
    assert "03.1" not in text and list(counted(tmp_path, "02").exercises) == ["02.1", "02.2"]


def test_of_several_copies_the_last_with_an_answer_counts(tmp_path):
    old = hand_in(tmp_path, "grace", f"02.1: Not yet. {BELIEF}", name="02_levels (yours, 2026-11-24).ipynb")
    right = hand_in(tmp_path, "grace", "02.1: Right. Because.", name="02_levels-Copy1.ipynb")
    new = hand_in(tmp_path, "grace", "02.1: not answered yet.")
    for age, path in enumerate([new, right, old]):
        os.utime(path, (1e9 - age, 1e9 - age))
    assert dict(counted(tmp_path).exercises["02.1"]) == {"right": 1}


def test_the_poll_is_counted_before_and_after(tmp_path):
    answers = [{"date": "a", "answers": {"1": "A", "2": "C"}}, {"date": "b", "answers": {"1": "B"}}]
    hand_in(tmp_path, "grace", poll={"sittings": [*answers, {"date": "c", "answers": {"3": "A"}}]})
    hand_in(tmp_path, "edith", poll={"1": "A"})  # as the first edition saved it
    poll = counted(tmp_path).poll
    assert poll["1"] == {"before": {"A": 2}, "after": {"B": 1}}
    assert poll["2"] == {"before": {"C": 1}, "after": {}}
    assert poll["3"] == {"before": {}, "after": {"A": 1}}
    text, page = tally.as_text(counted(tmp_path), QUESTIONS), tally.as_page(counted(tmp_path), QUESTIONS)
    assert all("after, of 1 who changed an answer" in shown for shown in [text, page])
    assert re.search(r"2 ->   0  A  yes, always\n +0 ->   1  B  no, it is in there already", text)


def test_the_poll_is_answered_again_in_the_same_cell(tmp_path, monkeypatch, capsys):
    """As the guides say: with a changed letter it counts under "after", without one only under "before"."""
    for person, second in [("grace", "B"), ("edith", "A")]:
        (tmp_path / person).mkdir()
        monkeypatch.setenv("HOME", str(tmp_path / person))
        for letter in ["A", second]:
            keep({number: "A" if number != "1" else letter for number in QUESTIONS})
        compare()  # in lesson 06, which saves nothing
    found = counted(tmp_path)
    assert found.poll["1"] == {"before": {"A": 2}, "after": {"B": 1}} and found.again == 1
    assert found.poll["2"] == {"before": {"A": 2}, "after": {"A": 1}}
    for guide in ["README.md", "TEACHING.md"]:
        text = (ROOT / "classroom" / guide).read_text(encoding="utf-8")
        assert "To answer the poll again, students change their letters in the same cell of lesson 00" in text
    lessons = {path.name[:2]: path.read_text(encoding="utf-8") for path in ROOT.glob("notebooks/*.ipynb")}
    assert [name for name in sorted(lessons) if "helpers.poll import keep" in lessons[name]] == ["00"]
    assert [name for name in sorted(lessons) if "helpers.poll import compare" in lessons[name]] == ["06"]


def test_notebooks_without_folders_are_one_person_each(tmp_path):
    for person in ["grace", "edith"]:
        (tmp_path / f"{person}.ipynb").write_text(json.dumps(notebook("02.1: Right. Because.")))
    assert dict(counted(tmp_path).exercises["02.1"]) == {"right": 2}


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
    assert found.exercises["02.1"] == {"unanswered": 1}


@pytest.mark.parametrize("kind", sorted({*NOT_PLAIN} - {"folder", "link", "link to itself"}))
def test_what_was_handed_in_and_is_not_a_plain_file_is_refused(tmp_path, kind):
    (tmp_path / "secret.ipynb").write_text(json.dumps(notebook(SECRET)))
    (tmp_path / "handed_in").mkdir()
    NOT_PLAIN[kind](tmp_path / "handed_in" / "mallory.ipynb", tmp_path / "secret.ipynb")
    (tmp_path / "handed_in" / "grace.ipynb").write_text(json.dumps(notebook("02.1: Right. Because.")))
    found = within(20, lambda: counted(tmp_path / "handed_in"))
    assert (found.people, found.refused, found.exercises["02.1"]["right"]) == (2, 1, 1)


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
    assert found.refused == 0 and found.exercises["02.1"] == {"right": 1}
    assert found.poll["1"]["before"] == {"B": 1} and found.poll["2"]["before"] == {}


@pytest.mark.parametrize("part", ["course", "course/notebooks"])
def test_a_folder_that_is_a_link_is_not_followed(home, tmp_path, part):
    other = tmp_path / "other" / "course" / "notebooks"
    other.mkdir(parents=True)
    (other / home.name).write_text(json.dumps(notebook(SECRET)))
    folder = tmp_path / "homes" / "mallory" / part
    folder.rename(tmp_path / "away")
    folder.symlink_to(tmp_path / "other" / part)
    assert counted(tmp_path / "homes").exercises["02.1"]["right"] == 0
    (tmp_path / "homes" / "trudy").symlink_to(tmp_path / "other")
    assert counted(tmp_path / "homes").exercises["02.1"]["right"] == 0


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
    assert found.refused == 1 and found.poll["1"]["before"] == {}


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
    assert found.refused == 10 and found.exercises["02.1"] == {"right": 1}


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
    assert dict(found.beliefs["02.1"]) == {tally.UNKNOWN: 1}
    for shown in [tally.as_page(found, QUESTIONS), tally.as_text(found, QUESTIONS)]:
        assert "alert" not in shown and "mallory" not in shown
        assert not {"\u202e", "\u2066"} & set(shown)


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
    for show in [tally.as_page, tally.as_text]:
        shown = show(found, QUESTIONS, names=True)
        assert not {*"\x1b\u202e\u2066\udcff"} & set(shown) and shown.encode()


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
    assert {number: dict(verdicts) for number, verdicts in found.exercises.items()} == {
        number: {"right": 1} for number in known
    }


def test_a_process_that_is_large_already_can_count(tmp_path):
    """The limit of memory is for what a student's file takes, not for what the counting process had before."""
    ballast = bytearray(1_200_000_000)  # not touched, so it takes no room
    folder = os.open(tmp_path, os.O_RDONLY)
    answer = tally.as_owner(folder, os.stat(tmp_path), lambda at: {"read": len(bytes(200_000_000))})
    os.close(folder)
    assert len(ballast) and answer == {"read": 200_000_000}
