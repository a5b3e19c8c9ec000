"""Count what a class answered, from what its students saved (`make tally`).

    make tally                                    the homes of the hub's students
    make tally FOLDER=handed_in TALLY="--lesson 02 --page"

FOLDER has a folder for each student, such as /home, with the student's notebooks at most a few folders
further in, or it has notebooks of one lesson, one per student. From each the polls are read, and the
replies that the cells of exercises and predictions saved. Nobody is named unless --names asks for it.

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
from collections import defaultdict
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

COURSE = Path(__file__).resolve().parent.parent
POLL = "multilevel-poll.json"
WANTED = (
    "Expected: one folder per student with the notebooks under their own names, run and saved (Ctrl+S), "
    "and multilevel-poll.json from the home folder."
)
LARGEST_POLL, LARGEST_NOTEBOOK, MOST_FILES = 100_000, 20_000_000, 200
# below a student's folder
DEEPEST, MOST_FOLDERS, HANDED_OUT, SKIPPED = 4, 200, {"course", "notebooks"}, {"solutions"}
REPLY = re.compile(
    r"(\d\d\.\d{1,2}|Your prediction): (Right\.|Not yet\.|not answered yet\.)(?: (.*))?", re.DOTALL
)
ASKED = re.compile(r"""^ *(?:check|predict)\( *["'](\d\d(?:\.\d{1,2})?)["'] *,""", re.MULTILINE)
TYPED = re.compile(r"^(?:answer|my_guess) *= *(.*)$", re.MULTILINE)
RIGHT, NOT_YET, NOT_READ = "Right", "Not yet", "Not a number or letter"
NOT_RUN, ERROR, OPEN = "Typed, but not run", "Ended in an error", "Not answered yet"
VERDICTS = {"Right.": RIGHT, "Not yet.": NOT_YET, "not answered yet.": OPEN}
UNKNOWN = "A reply that this edition of the course does not give."
OTHER = "Others, one student each"
MOST_ROWS = 5  # of wrong answers, before those of one student are put together
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


def joined(text, size):
    """Return the start of a text that a notebook has as a text or as a list of lines."""
    return ("".join(text[:size]) if isinstance(text, list) else text)[:size]


def number_in(source):
    """Return the number of the exercise or prediction that a cell checks, or None."""
    asked = ASKED.search(source)
    return asked and (asked[1] if "." in asked[1] else f"{asked[1]}.0")


def replies(content):
    """Return what became of each exercise in a notebook, as (verdict, sentence).

    An exercise is known by its reply or by the call in its cell, whatever the notebook is called. A
    prediction has the number of its lesson and a 0, such as 02.0.
    """
    notebook, found = json.loads(content), {}
    for cell in notebook["cells"]:
        source, outputs = joined(cell.get("source", ""), 20_000), cell.get("outputs", [])
        number, last = number_in(source), None
        for output in outputs:
            text = output.get("data", {}).get("text/plain") or output.get("text", "")
            if match := REPLY.fullmatch(joined(text, 2000).strip()):
                number = match[1] if match[1][0].isdigit() else number
                last = [VERDICTS[match[2]], (match[3] or "")[:1000]]
        if not number:
            continue
        if last is None and any(output.get("output_type") == "error" for output in outputs):
            last = [ERROR, ""]
        elif last is None or last[0] == OPEN:
            typed = TYPED.findall(source)
            is_open = not typed or typed[-1].partition("#")[0].strip().strip("\"'") in ("...", "")
            last = [OPEN if is_open else NOT_RUN, ""]
        if number not in found or last[0] != OPEN:
            found[number] = last
    return found


def sittings(content):
    """Return the first and the second answers to the poll.

    Answers that were corrected before the second sitting count as corrected. In files of the older
    form a later sitting may be a correction or a second poll, so only the first counts.
    """
    saved = json.loads(content)
    kept = saved["sittings"] if "sittings" in saved else [{"answers": saved}]
    first, again = {}, {}
    for sitting in kept if "again" in kept[0] else kept[:1]:
        given = {str(key)[:3]: str(value)[:3] for key, value in sitting["answers"].items()}
        (again if sitting.get("again") is True else first).update(given)
    return [first, again]


UNREADABLE = (OSError, ValueError, TypeError, LookupError, AttributeError, RecursionError, MemoryError)


def files_of(folder):
    """Return the notebooks and polls below an open folder as (name, open folder); the nearest come first."""
    folders, notebooks, polls = [(folder, 0)], [], []
    for at, depth in folders:  # which grows
        with contextlib.suppress(OSError), os.scandir(at) as entries:
            for entry in sorted(entries, key=lambda entry: (entry.name not in HANDED_OUT, entry.name)):
                if entry.name == POLL:
                    polls.append((entry.name, at))
                elif entry.name.endswith(".ipynb"):
                    notebooks.append((entry.name, at))
                elif (
                    entry.is_dir(follow_symlinks=False)
                    and depth < DEEPEST
                    and (len(folders) < MOST_FOLDERS or entry.name in HANDED_OUT)
                    and entry.name not in SKIPPED
                    and not entry.name.startswith(".")
                ):
                    with contextlib.suppress(OSError):
                        folders.append((open_folder(entry.name, inside=at), depth + 1))
    return notebooks, polls


def read_person(folder, only=None):
    """Return what one person saved, from their open folder or one notebook in it: polls, replies and how many files were refused."""
    notebooks, polls = ([(only, folder)], []) if only else files_of(folder)
    poll, found, refused = [{}, {}], {}, max(0, len(notebooks) - MOST_FILES)
    for name, inner in polls[:1]:
        try:
            poll = sittings(read(name, inner, LARGEST_POLL)[0])
        except UNREADABLE:
            refused += 1
    notebooks.sort(key=lambda notebook: not notebook[0][:2].isdigit())
    for name, inner in notebooks[:MOST_FILES]:
        try:
            content, changed = read(name, inner, LARGEST_NOTEBOOK)
            for number, (verdict, sentence) in replies(content).items():
                # of several copies the last that has an answer counts
                rank = [verdict in (RIGHT, NOT_YET), verdict != OPEN, changed]
                if number not in found or rank > found[number][2]:
                    found[number] = [verdict, sentence, rank]
        except UNREADABLE:
            refused += 1
    answers = {number: [verdict, sentence] for number, (verdict, sentence, _) in found.items()}
    return {"poll": poll, "replies": answers, "refused": refused}


NOTHING = {"poll": [{}, {}], "replies": {}, "refused": 1}


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
        return dict(NOTHING)


def people(folder):
    """Return what each person saved, by name: a folder below the given one, or a notebook in it."""
    if os.listdir(folder) == ["home"]:  # an archive of the homes, unpacked
        folder = folder / "home"
    found, closed, links, outer = {}, 0, 0, open_folder(folder)
    flat = set()  # the lessons of notebooks that are in no student's folder
    for name in sorted(os.listdir(outer)):
        try:
            status = os.stat(name, dir_fd=outer, follow_symlinks=False)
            if stat.S_ISDIR(status.st_mode):
                if os.geteuid() == 0 and status.st_uid == 0 and folder == Path("/home").resolve():
                    continue  # a folder of the system
                inner = open_folder(name, inside=outer)
                person = as_owner(inner, status)
                os.close(inner)
            elif stat.S_ISLNK(status.st_mode):
                links += 1
                continue
            elif name.endswith(".ipynb"):
                person = as_owner(outer, status, lambda at, name=name: read_person(at, name))
                flat |= {number[:2] for number in person["replies"]}
            else:
                continue
        except PermissionError:
            closed += 1
            continue
        except OSError:
            person = dict(NOTHING)
        if any(person["poll"]) or person["replies"] or person["refused"]:
            found[name] = person
    os.close(outer)
    if closed:
        print(
            f"This account cannot open {closed} of the folders in {folder}. Try sudo make tally.",
            file=sys.stderr,
        )
    if links:
        print(f"Links in {folder} that were not followed: {links}", file=sys.stderr)
    if len(flat) > 1:
        print(
            f"The notebooks in {folder} are of several lessons ({', '.join(sorted(flat))}), and each counts as "
            "one person. To count students, give each student a folder.",
            file=sys.stderr,
        )
    return found


# ---------------------------------------------------------------- counting


@dataclass
class Tally:
    """What a class answered; each answer has the names of those who gave it."""

    people: int = 0
    refused: int = 0
    poll: dict = field(default_factory=dict)  # question: for before and after, {letter: names}
    exercises: dict = field(default_factory=dict)  # number: {verdict or sentence: names}

    def answered(self, when):
        """Return how many people have answered a question of the first poll (0) or of the second (1)."""
        return len({name for both in self.poll.values() for names in both[when].values() for name in names})


def count(found, questions, known):
    """Count what people saved.

    Parameters
    ----------
    found : dict
        For each person what ``read_person`` returned.
    questions : dict
        The questions of the poll, with their options by letter.
    known : dict
        For each exercise a function that returns the course's own sentence for a reply, or None.
    """
    tally = Tally(len(found), sum(person["refused"] for person in found.values()))
    tally.poll = {number: [defaultdict(list), defaultdict(list)] for number in questions}
    tally.exercises = {number: defaultdict(list) for number in sorted(known)}
    for name, person in found.items():
        for number, question in questions.items():
            for when, given in enumerate(person["poll"][:2]):
                if given.get(number) in question.options:
                    tally.poll[number][when][given[number]].append(name)
        lessons = {number[:2] for number in person["replies"]}
        for number, answers in tally.exercises.items():
            if number[:2] not in lessons:
                continue
            verdict, sentence = person["replies"].get(number, [OPEN, ""])
            if verdict == NOT_YET:
                answers[known[number](sentence) or UNKNOWN].append(name)
            elif verdict in (RIGHT, NOT_RUN, ERROR, OPEN):
                answers[verdict].append(name)
    return tally


def sentences_of(exercise, shared, options=None, compare=""):
    """Return a function that finds the course's own sentence for a reply to an exercise.

    Parameters
    ----------
    exercise : Exercise
        The exercise, with its hints.
    shared : dict
        The sentences that all exercises share, with blanks such as ``{size}``.
    options : dict, optional
        The words of each letter of a choice, which then stand for the sentence.
    compare : str, optional
        What a reply to a prediction ends with.
    """
    own = {hint: hint for hint in exercise.hints}
    if options:
        own = {
            hint: " / ".join(f"{letter}, {options.get(letter, '')}" for letter in letters)
            for hint, letters in exercise.hints.items()
        }
    skipped = {"right", "not yet", "unanswered", "several", "expected"}
    blank, patterns = r"{\w+(?::,)?}", {}
    for text in (text for name, text in shared.items() if name not in skipped):
        # shown with dots for what varies, and without a last sentence that would be only dots
        shown = re.sub(blank, "...", re.sub(rf" \w+ {blank}\.$", "", text))
        patterns[shown] = re.compile(".{1,60}".join(map(re.escape, re.split(blank, text))))
    several = shared["several"].format(hints="")
    expected = shared["expected"].partition("{")[0]

    def one(part):
        if part in own:
            return own[part]
        return next((shown for shown, pattern in patterns.items() if pattern.fullmatch(part)), None)

    def find(sentence):
        if sentence.startswith((expected, f"{shared['unreadable']} {expected}")):
            return NOT_READ
        if compare and sentence == compare:
            return "A different number"
        before = sentence.partition(f" {expected}")[0]  # what could not be read, without what was expected
        before = before.removesuffix(f" {compare}") if compare else before
        parts = [one(part) for part in before.removeprefix(several).split(" Or: ")]
        return None if None in parts else " Or: ".join(parts)

    return find


def asked_in(notebook):
    """Return what each exercise and prediction of a lesson asks: its question, and its options by letter.

    Parameters
    ----------
    notebook : dict
        A lesson of the course, in which the text of an exercise is above its cell.
    """
    found, above = {}, ""
    for cell in notebook["cells"]:
        text = joined(cell["source"], 20_000)
        if number := number_in(text):
            words = above.partition("**Predict.**")[2] if number.endswith(".0") else above
            words = re.sub(r"\*\*Exercise.*?\*\*|\*\(.*?\)\*", "", words).strip()
            asks = re.sub(r"^\*[^*]+\*", "", words.partition("\n")[0]).strip()
            question = re.match(r".*?\?(?=\s|$)", asks) or re.match(r".*?\.(?=\s|$)", asks)
            options = re.findall(r'^- `"([A-Z])"` (.*)$', words, re.MULTILINE)
            found[number] = (
                unmarked(question[0] if question else asks),
                {letter: unmarked(option) for letter, option in options},
            )
        above = text if cell["cell_type"] == "markdown" else above
    return found


def unmarked(text):
    """Return a text without the marks for code and emphasis."""
    return re.sub(r"`|\*(?=\w)|(?<=[\w.?])\*", "", text)


# ---------------------------------------------------------------- showing


def plain(text):
    """Return a text in one line without characters that steer a terminal, turn its direction or are not text."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)


def sections(tally, questions, about):
    """Yield for each question its heading, its columns as (title, people), and its rows as (label, kind, names by column).

    Parameters
    ----------
    tally : Tally
        What was counted.
    questions : dict
        The questions of the poll.
    about : dict
        For each exercise its heading and how its right answer is called.
    """
    took = [tally.answered(0), tally.answered(1)]
    columns = [
        (f"{when}, of {size}", size) for when, size in zip(["before", "after"], took, strict=True) if size
    ]
    for number, question in questions.items() if columns else []:
        yield (
            f"{number}. {question.text}",
            columns,
            [
                (
                    f"{letter}, {option}",
                    "",
                    [tally.poll[number][k].get(letter, []) for k in (0, 1) if took[k]],
                )
                for letter, option in question.options.items()
            ],
        )
    grey = [NOT_READ, NOT_RUN, ERROR, OPEN]
    for number, answers in tally.exercises.items():
        if not answers.keys() - {OPEN}:
            continue
        heading, right = about.get(number, (number, RIGHT))
        wrong = {label: names for label, names in answers.items() if label not in [RIGHT, *grey]}
        single = [label for label, names in wrong.items() if len(names) == 1]
        if len(wrong) > MOST_ROWS and len(single) > 1:
            others = [name for label in single for name in wrong.pop(label)]
            wrong[OTHER] = others
        rows = [(right, "", [answers.get(RIGHT, [])])]
        rows += [
            (label, "not", [wrong[label]])
            for label in sorted(wrong, key=lambda label: (label == OTHER, -len(wrong[label])))
        ]
        rows += [(label, "none", [answers[label]]) for label in grey if label in answers]
        size = sum(len(names) for names in answers.values())
        yield heading, [(f"of {size}", size)], rows


def as_text(tally, questions, about=(), names=False):
    """Return the tally as lines for a terminal."""
    lines = [f"{tally.people} people, {tally.refused} files not read"]
    for heading, columns, rows in sections(tally, questions, dict(about)):
        titles = " -> ".join(title for title, _ in columns)
        lines += ["", f"{heading} ({titles})"]
        for label, _, who in rows:
            lines.append(f"{' -> '.join(f'{len(some):4d}' for some in who)}  {label}")
            if names:
                lines += [f"{'':6s}{', '.join(map(plain, some))}" for some in who if some]
    return "\n".join(lines)


STYLE = """
body { font: 1.4rem/1.4 system-ui, sans-serif; max-width: 60rem; margin: 1.5rem auto; padding: 0 1rem;
       color: #111; background: #fff }
h1 { font-size: 1.8rem; margin: 0 } h1 + p { margin: 0 }
h2 { font-size: 1.4rem; margin: 1.8rem 0 .3rem; text-wrap: balance }
table { border-collapse: collapse; width: 100% }
td, th { padding: .15rem .5rem; vertical-align: top; text-align: left; font-weight: normal }
td.n { text-align: right; white-space: nowrap; width: 4rem }
td.bar { width: 9rem; padding-top: .55rem }
th { color: #555; font-size: 1.1rem; white-space: nowrap; padding-left: 2.5rem }
i { display: block; height: 1rem; background: #0072B2 }
i.not { background: #B34F00 }
i.none { background: #999 }
"""


def as_page(tally, questions, about=(), names=False):
    """Return the tally as a page of HTML without scripts, to project."""
    shown = []
    for heading, columns, rows in sections(tally, questions, dict(about)):
        titles = "".join(f"<th colspan=2>{title}</th>" for title, _ in columns)
        shown.append(f"<h2>{escape(heading)}</h2><table><tr><th></th>{titles}</tr>")
        for label, kind, who in rows:
            cells = ""
            for some, (_, size) in zip(who, columns, strict=True):
                named = f"<small>{escape(', '.join(map(plain, some)))}</small>" if names else ""
                width = 100 * len(some) / size
                cells += f'<td class="n">{len(some)}</td><td class="bar">'
                cells += f'<i class="{kind}" style="width: {width:.0f}%"></i>{named}</td>'
            shown.append(f"<tr><td>{escape(label)}</td>{cells}</tr>")
        shown.append("</table>")
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>What this room answered</title>'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style>'
        f"<h1>What this room answered</h1><p>{tally.people} people</p>{''.join(shown)}</html>\n"
    )


def main():
    """Read the command line, count and show."""
    parser = argparse.ArgumentParser(description="Count what a class answered.")
    learners = COURSE / ".hub/data/learners"
    parser.add_argument(
        "folder", nargs="?", type=Path, default=learners if learners.is_dir() else Path("/home")
    )
    parser.add_argument("--lesson", default="", help="count one lesson, such as 02; 00 is the poll")
    parser.add_argument("--names", action="store_true", help="say who gave which answer")
    page = COURSE / ".hub/tally.html"
    parser.add_argument("--page", nargs="?", type=Path, const=page, help="write a page to project")
    given = parser.parse_args()
    if not given.folder.is_dir():
        sys.exit(f"{given.folder} is not a folder. {WANTED}")
    found = people(given.folder.resolve())
    from helpers.exercises import LESSONS  # noqa: PLC0415 (after the reading, which needs none of it)
    from helpers.exercises.words import REPLY as SHARED  # noqa: PLC0415
    from helpers.poll import QUESTIONS  # noqa: PLC0415
    from helpers.predictions import COMPARE, PREDICTIONS  # noqa: PLC0415

    lesson = given.lesson and given.lesson.zfill(2)
    if lesson not in {"", "00", *LESSONS}:
        sys.exit(f"--lesson is {given.lesson}. Expected one of: 00 (the poll), {', '.join(LESSONS)}.")
    known, about, questions = {}, {}, {} if lesson in LESSONS else QUESTIONS
    for name in LESSONS if not lesson else {lesson} & LESSONS.keys():
        (path,) = (COURSE / "notebooks").glob(f"{name}_*.ipynb")
        asked = asked_in(json.loads(path.read_text(encoding="utf-8")))
        for number, exercise in LESSONS[name]().items():
            text, options = asked.get(number, ("", {}))
            known[number] = sentences_of(exercise, SHARED, options)
            right = f"{RIGHT}: {exercise.right}, {options[exercise.right]}" if options else RIGHT
            about[number] = f"{number} {text}", right
        known[f"{name}.0"] = sentences_of(PREDICTIONS[name](), SHARED, compare=COMPARE)
        about[f"{name}.0"] = f"Prediction {name}: {asked.get(f'{name}.0', ('', {}))[0]}", RIGHT
    tally = count(found, questions, known)
    if not tally.answered(0) + tally.answered(1) and not any(tally.exercises.values()):
        what = f"lesson {lesson}" if lesson in LESSONS else "the poll" if lesson else "the course"
        sys.exit(f"{given.folder} has no answers to {what}, of {len(found)} people found. {WANTED}")
    print(as_text(tally, questions, about, given.names))
    if given.page:
        given.page.parent.mkdir(parents=True, exist_ok=True)
        given.page.unlink(missing_ok=True)
        given.page.touch(mode=0o600 if given.names else 0o644)  # with names it is for the teacher alone
        given.page.write_text(as_page(tally, questions, about, given.names), encoding="utf-8")
        print(f"\nThe page to project: {given.page}")


if __name__ == "__main__":
    main()
