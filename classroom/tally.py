"""Count what a class believes, from its saved answers (`make tally`).

    make tally                                    the homes of the hub's students
    make tally FOLDER=handed_in TALLY="--lesson 02 --page"

FOLDER has a folder for each person, such as /home, or notebooks that were handed in, one per person.
From each the poll of lesson 00 is read, and the replies that the exercises' cells saved: right, not
yet with the sentence that names the belief, or unanswered. Nobody is named unless
--names asks for it.

What students wrote is never run and never shown. Only regular files of a limited size are read, as
JSON. Links are not followed, files with a second name (a hard link) are refused, and root reads with
the rights of a file's owner. A reply is counted under a sentence of the course, or as one that the
course does not give.
"""

import argparse
import contextlib
import json
import os
import re
import resource
import select
import signal
import stat
import sys
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

COURSE = Path(__file__).resolve().parent.parent
POLL = "multilevel-poll.json"
LARGEST_POLL, LARGEST_NOTEBOOK, MOST_FILES = 100_000, 20_000_000, 200
LESSON = re.compile(r"\d\d[^/]{0,150}\.ipynb\Z")
REPLY = re.compile(r"(\d\d\.\d{1,2}): (Right\.|Not yet\.|not answered yet\.)(?: (.*))?", re.DOTALL)
VERDICTS = {"Right.": "right", "Not yet.": "not yet", "not answered yet.": "unanswered"}
PLACES = ["course/notebooks", "notebooks", "course", "."]
UNKNOWN = "A reply that this edition of the course does not give."
SECONDS = 60


# ---------------------------------------------------------------- reading what students saved


def open_folder(path, inside=None):
    """Open a folder below another without following a link; raise OSError if it is none."""
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
    return os.open(path, flags, dir_fd=inside)


def read(name, folder, largest):
    """Return the bytes and time of a regular file that has one name, is not a link and not too large.

    Parameters
    ----------
    name : str
        The file's name.
    folder : int
        The open folder that it is in.
    largest : int
        How many bytes it may have; that is checked before any is read.
    """
    # without O_NONBLOCK a pipe would keep us waiting for somebody who writes
    file = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
    with open(file, "rb") as opened:
        found = os.fstat(file)
        if not stat.S_ISREG(found.st_mode) or found.st_nlink != 1:
            raise OSError(f"{name} is not a regular file with one name")
        if found.st_size > largest:
            raise OSError(f"{name} is too large")
        content = opened.read(largest + 1)
        if len(content) > largest:  # it grew
            raise OSError(f"{name} is too large")
        return content, found.st_mtime


def replies(content):
    """Return the last reply to each exercise in a notebook, as (verdict, sentence)."""
    notebook, found = json.loads(content), {}
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            text = output.get("data", {}).get("text/plain") or output.get("text", "")
            text = "".join(text[:50]) if isinstance(text, list) else text
            match = REPLY.fullmatch(text[:2000].strip())
            if match:
                found[match[1]] = [VERDICTS[match[2]], (match[3] or "")[:1000]]
    return found


def sittings(content):
    """Return the answers of each sitting of a poll, oldest first."""
    saved = json.loads(content)
    kept = saved["sittings"] if "sittings" in saved else [{"answers": saved}]
    answers = [sitting["answers"] for sitting in kept]
    return [{str(key)[:3]: str(value)[:3] for key, value in given.items()} for given in answers]


UNREADABLE = (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError, MemoryError)


def read_person(folder):
    """Return what one person saved, from their open folder: poll, replies and how many files were refused."""
    poll, found, refused = [], {}, 0
    with contextlib.suppress(FileNotFoundError):
        try:
            poll = sittings(read(POLL, folder, LARGEST_POLL)[0])
        except FileNotFoundError:
            raise
        except UNREADABLE:
            refused += 1
    notebooks = []
    for place in PLACES:
        with contextlib.suppress(OSError):
            inner = folder
            for part in place.split("/"):
                inner = open_folder(part, inside=inner)
            names = sorted(name for name in os.listdir(inner) if LESSON.match(name))
            notebooks += [(name, inner) for name in names]
    for name, inner in notebooks[:MOST_FILES]:
        try:
            content, changed = read(name, inner, LARGEST_NOTEBOOK)
            for number, (verdict, sentence) in replies(content).items():
                # of several copies the last that has an answer counts
                rank = [verdict != "unanswered", changed]
                if number not in found or rank > found[number][2]:
                    found[number] = [verdict, sentence, rank]
        except UNREADABLE:
            refused += 1
    answers = {number: [verdict, sentence] for number, (verdict, sentence, _) in found.items()}
    return {"poll": poll, "replies": answers, "refused": refused + max(0, len(notebooks) - MOST_FILES)}


def own_data():
    """Return the bytes of data that this process has; 0 where the system does not say."""
    with contextlib.suppress(OSError):
        return int(Path("/proc/self/statm").read_text().split()[5]) * resource.getpagesize()
    return 0


def as_owner(folder, owner, work=read_person):
    """Do the reading in a process of its own, which has the owner's rights and limits, and return its result.

    What comes back is JSON, and the counting checks it.
    """
    here, there = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(here)
            if os.geteuid() == 0:
                os.setgroups([])
                os.setgid(owner.st_gid)
                os.setuid(owner.st_uid)
            resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
            most = own_data() + 1_000_000_000  # a fork begins with the memory of its parent
            resource.setrlimit(resource.RLIMIT_DATA, (most, most))
            with open(there, "w") as pipe:
                json.dump(work(folder), pipe)
        finally:
            os._exit(0)
    os.close(there)
    said, until = b"", time.monotonic() + SECONDS
    while select.select([here], [], [], max(0, until - time.monotonic()))[0]:
        part = os.read(here, 1 << 16)
        said += part
        if not part or len(said) > 5_000_000:
            break
    os.close(here)
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    try:
        return json.loads(said)
    except ValueError:
        return {"poll": [], "replies": {}, "refused": 1}


def people(folder):
    """Return what each person saved, by name: a folder below the given one, or a notebook in it."""
    found, closed, links, outer = {}, 0, 0, os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    for name in sorted(os.listdir(outer)):
        try:
            status = os.stat(name, dir_fd=outer, follow_symlinks=False)
            if stat.S_ISDIR(status.st_mode):
                if os.geteuid() == 0 and status.st_uid == 0 and folder == Path("/home"):
                    continue  # a folder of the system
                inner = open_folder(name, inside=outer)
                person = as_owner(inner, status)
                os.close(inner)
            elif stat.S_ISLNK(status.st_mode):
                links += 1
                continue
            elif name.endswith(".ipynb"):
                person = as_owner(outer, status, lambda at, name=name: read_one(name, at))
            else:
                continue
        except PermissionError:
            closed += 1
            continue
        except OSError:
            person = {"poll": [], "replies": {}, "refused": 1}
        if person["poll"] or person["replies"] or person["refused"]:
            found[name] = person
    os.close(outer)
    if closed:
        print(
            f"This account cannot open {closed} of the folders in {folder}. Try sudo make tally.",
            file=sys.stderr,
        )
    if links:
        print(f"Links in {folder} that were not followed: {links}", file=sys.stderr)
    return found


def read_one(name, folder):
    """Return what one notebook that was handed in has."""
    try:
        return {"poll": [], "replies": replies(read(name, folder, LARGEST_NOTEBOOK)[0]), "refused": 0}
    except UNREADABLE:
        return {"poll": [], "replies": {}, "refused": 1}


# ---------------------------------------------------------------- counting


@dataclass
class Tally:
    """What a class believes."""

    people: int = 0
    refused: int = 0
    again: int = 0  # people who have changed an answer of the poll
    poll: dict = field(default_factory=dict)  # question: {"before": Counter, "after": Counter}
    exercises: dict = field(default_factory=dict)  # number: Counter of verdicts
    beliefs: dict = field(default_factory=dict)  # number: Counter of sentences
    who: dict = field(default_factory=lambda: defaultdict(list))  # (number, verdict or sentence): names


def count(found, questions, known, lesson=""):
    """Count what people saved.

    Parameters
    ----------
    found : dict
        For each person what ``read_person`` returned.
    questions : dict
        The questions of the poll, with their options by letter.
    known : dict
        For each exercise a function that returns the course's own sentence for a reply, or None.
    lesson : str, optional
        Count only the exercises of this lesson.
    """
    tally = Tally(len(found), sum(person["refused"] for person in found.values()))
    tally.again = sum(len(person["poll"]) > 1 for person in found.values())
    tally.poll = {number: {"before": Counter(), "after": Counter()} for number in questions}
    tally.exercises = {number: Counter() for number in sorted(known) if number.startswith(lesson)}
    tally.beliefs = {number: Counter() for number in tally.exercises}
    for name, person in found.items():
        taken = person["poll"]
        for number, question in questions.items():
            for when, some in [("before", taken[:1]), ("after", taken[1:])]:
                answers = [sitting[number] for sitting in some if sitting.get(number) in question.options]
                tally.poll[number][when].update(
                    answers[-1:]
                )  # a later sitting has only what was answered anew
        for number in tally.exercises:
            verdict, sentence = person["replies"].get(number, ["unanswered", ""])
            if verdict not in VERDICTS.values():
                continue
            tally.exercises[number][verdict] += 1
            tally.who[number, verdict].append(name)
            if verdict == "not yet":
                belief = known[number](sentence) or UNKNOWN
                tally.beliefs[number][belief] += 1
                tally.who[number, belief].append(name)
    return tally


def sentences_of(exercise, shared):
    """Return a function that finds the course's own sentence for a reply to an exercise.

    Parameters
    ----------
    exercise : Exercise
        The exercise, with its hints.
    shared : dict
        The sentences that all exercises share, with blanks such as ``{size}``.
    """
    own = set(exercise.hints)
    blanks = {re.sub(r"{\w+(:,)?}", "...", text): text for text in shared.values()}
    for skipped in ["right", "not yet", "unanswered", "several", "expected"]:
        blanks.pop(re.sub(r"{\w+(:,)?}", "...", shared[skipped]), None)
    patterns = {
        shown: re.compile(re.sub(r"\\{\w+(:,)?\\}", ".{1,60}", re.escape(text)))
        for shown, text in blanks.items()
    }
    several = shared["several"].format(hints="")
    expected = shared["expected"].partition("{")[0]

    def one(part):
        if part in own:
            return part
        return next((shown for shown, pattern in patterns.items() if pattern.fullmatch(part)), None)

    def find(sentence):
        if sentence.startswith(expected):
            return "This cannot be read as an answer."
        before = sentence.partition(f" {expected}")[0]  # what could not be read, without what was expected
        parts = [one(part) for part in before.removeprefix(several).split(" Or: ")]
        return None if None in parts else " Or: ".join(parts)

    return find


# ---------------------------------------------------------------- showing


def plain(text):
    """Return a text in one line without characters that steer a terminal, turn its direction or are not text."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)


def as_text(tally, questions, names=False):
    """Return the tally as a table for a terminal."""
    lines = [f"{tally.people} people, {tally.refused} files not read", ""]
    if any(when for both in tally.poll.values() for when in both.values()):
        lines += [f"Poll: before -> after, of {tally.again} who changed an answer", ""]
        for number, question in questions.items():
            lines.append(f"{number}. {question.text}")
            for letter, option in question.options.items():
                before, after = (tally.poll[number][when][letter] for when in ["before", "after"])
                lines.append(f"   {before:3d} -> {after:3d}  {letter}  {option}")
            lines.append("")
    lines += ["exercise  right  not yet  unanswered", ""]
    for number, verdicts in tally.exercises.items():
        if not verdicts["right"] + verdicts["not yet"]:
            continue
        lines.append(
            f"{number:8s}  {verdicts['right']:5d}  {verdicts['not yet']:7d}  {verdicts['unanswered']:10d}"
        )
        lines += [f"{count:12d} x {belief}" for belief, count in tally.beliefs[number].most_common()]
        if names:
            keys = ["right", *tally.beliefs[number], "unanswered"]
            for key in keys:
                if tally.who[number, key]:
                    lines.append(f"{'':12s} {key}: {', '.join(map(plain, tally.who[number, key]))}")
    return "\n".join(lines)


STYLE = """
body { font: 1.4rem/1.4 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem;
       color: #111; background: #fff }
h2 { font-size: 1.4rem; margin: 2rem 0 .3rem }
table { border-collapse: collapse; width: 100% }
td, th { padding: .15rem .5rem; vertical-align: top; text-align: left; font-weight: normal }
td.n { text-align: right; white-space: nowrap; width: 4rem }
td.bar { width: 9rem; padding-top: .55rem }
i { display: block; height: 1rem; background: #0072B2 }
i.not { background: #B34F00 }
i.none { background: #999 }
"""


def bar(number, most, kind=""):
    """Return a bar and its number."""
    width = 100 * number / most if most else 0
    return (
        f'<td class="n">{number}</td><td class="bar"><i class="{kind}" style="width: {width:.0f}%"></i></td>'
    )


def as_page(tally, questions, names=False):
    """Return the tally as a page of HTML without scripts, to project."""
    rows = []
    for number, question in questions.items():
        both = tally.poll[number]
        if not both["before"] + both["after"]:
            continue
        rows.append(f"<h2>{escape(number)}. {escape(question.text)}</h2><table>")
        rows.append(
            f"<tr><th></th><th colspan=2>before</th><th colspan=2>after, of {tally.again} who changed an answer</th></tr>"
        )
        for letter, option in question.options.items():
            bars = bar(both["before"][letter], tally.people) + bar(both["after"][letter], tally.people)
            rows.append(f"<tr><td>{escape(letter)}, {escape(option)}</td>{bars}</tr>")
        rows.append("</table>")
    for number, verdicts in tally.exercises.items():
        if not verdicts["right"] + verdicts["not yet"]:
            continue
        shown = [("Right", verdicts["right"], "", "right")]
        shown += [(belief, number, "not", belief) for belief, number in tally.beliefs[number].most_common()]
        shown += [("Not answered yet", verdicts["unanswered"], "none", "unanswered")]
        rows.append(f"<h2>Exercise {escape(number)}</h2><table>")
        for label, times, kind, key in shown:
            known = ", ".join(map(plain, tally.who[number, key]))
            who = f" <small>({escape(known)})</small>" if names and times else ""
            rows.append(f"<tr><td>{escape(label)}{who}</td>{bar(times, tally.people, kind)}</tr>")
        rows.append("</table>")
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>What does this room believe?</title>'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style>'
        f"<h1>What does this room believe?</h1><p>{tally.people} people</p>{''.join(rows)}</html>\n"
    )


def main():
    """Read the command line, count and show."""
    parser = argparse.ArgumentParser(description="Count what a class believes.")
    learners = COURSE / ".hub/data/learners"
    parser.add_argument(
        "folder", nargs="?", type=Path, default=learners if learners.is_dir() else Path("/home")
    )
    parser.add_argument("--lesson", default="", help="count one lesson's exercises, such as 02")
    parser.add_argument("--names", action="store_true", help="say who gave which answer")
    page = COURSE / ".hub/tally.html"
    parser.add_argument("--page", nargs="?", type=Path, const=page, help="write a page to project")
    given = parser.parse_args()
    if not given.folder.is_dir():
        sys.exit(
            f"{given.folder} is not a folder. Expected: a folder with a folder or a notebook for each person."
        )
    found = people(given.folder)
    from helpers.exercises import LESSONS  # noqa: PLC0415 (after the reading, which needs none of it)
    from helpers.exercises.words import REPLY as SHARED  # noqa: PLC0415
    from helpers.poll import QUESTIONS  # noqa: PLC0415

    known = {
        number: sentences_of(exercise, SHARED)
        for lesson, exercises in LESSONS.items()
        if lesson.startswith(given.lesson)
        for number, exercise in exercises().items()
    }
    if not known:
        sys.exit(f"--lesson is {given.lesson}. Expected one of: {', '.join(LESSONS)}.")
    tally = count(found, QUESTIONS, known, given.lesson)
    print(as_text(tally, QUESTIONS, given.names))
    if given.page:
        given.page.parent.mkdir(parents=True, exist_ok=True)
        given.page.unlink(missing_ok=True)
        given.page.touch(mode=0o600 if given.names else 0o644)  # with names it is for the teacher alone
        given.page.write_text(as_page(tally, QUESTIONS, given.names), encoding="utf-8")
        print(f"\nThe page to project: {given.page}")


if __name__ == "__main__":
    main()
