"""Printed tables are read: every row of real prints, whole and mutilated, and tables of other kinds refused.

The prints in tests/printed were made by the programs named in their first lines, with making/printed.R and
making/printed_python.py. The roles in tests/printed/expected.csv were written by hand before the code.
"""

import csv
import json
import re
from collections import Counter
from pathlib import Path

import pytest

from helpers.printed import read_printed

ROOT = Path(__file__).resolve().parent.parent
PRINTED = ROOT / "tests" / "printed"
COLUMNS = ["row", "block", "role", "scale", "sentence"]
ROLES = {
    "intercept", "common effect", "level", "population sd", "population variance", "correlation", "covariance",
    "deviation", "level already summed", "cut-point", "noise", "dispersion", "computed", "standardised", "cannot tell",
}  # fmt: skip


def pasted(path):
    """Return a print without the lines that name its program and call."""
    return "\n".join(
        line for line in path.read_text(encoding="utf-8").split("\n") if not line.startswith("# ")
    )


PRINTS = {path.stem: pasted(path) for path in sorted(PRINTED.glob("*.txt"))}
with (PRINTED / "expected.csv").open(encoding="utf-8") as file:
    LINES = list(csv.DictReader(file, delimiter=";"))
EXPECTED = {line["print"]: [one for one in LINES if one["print"] == line["print"]] for line in LINES}


def told(text):
    """Return rows as (block, role, scale, row), or None if the text is refused in words."""
    try:
        table = read_printed(text)
    except ValueError as refusal:
        assert str(refusal).endswith(".") and len(str(refusal)) < 250
        return None
    return [(r.block, r.role, r.scale or "", r.row) for r in table.itertuples()]


def test_every_print_has_expected_roles_and_there_are_enough():
    assert set(PRINTS) == set(EXPECTED)
    assert len(PRINTS) >= 30


@pytest.mark.parametrize("name", EXPECTED)
def test_every_row_of_a_print_has_the_role_that_was_written_by_hand(name):
    rows = told(PRINTS[name])
    left = Counter(rows)
    for line in EXPECTED[name]:
        place = (line["block"], line["role"], line["scale"])
        many = re.search(r"^all (\d+)$|, (\d+) rows$", line["rows"])
        if many:
            there = [row for row in left if row[:3] == place]
            assert sum(left[row] for row in there) >= int(many[1] or many[2]), line
            if " ... " in line["rows"]:
                first, last = line["rows"].rpartition(", ")[0].split(" ... ")
                assert {first, last} <= {row[3] for row in there}
            taken = int(many[1] or many[2])
            for row in there:
                taken, left[row] = taken - left[row], 0
            assert taken == 0, line
            continue
        for row in line["rows"].split(" / "):
            assert left[(*place, row)] > 0, (*place, row)
            left[(*place, row)] -= 1
    assert not +left


def test_nine_rows_in_ten_are_told_where_the_program_gives_the_names():
    rows = [(name, row) for name in PRINTS for row in told(PRINTS[name]) if not name.startswith("pymc")]
    unknown = [row for name, row in rows if row[1] == "cannot tell" and not re.search("ranef|coef", name)]
    assert len(unknown) < 0.1 * len(rows)


@pytest.mark.parametrize("name", PRINTS)
def test_rows_keep_their_order_and_numbers_are_as_printed(name):
    table = read_printed(PRINTS[name])
    assert list(table.columns) == COLUMNS
    assert set(table["role"]) <= ROLES
    words = " ".join(PRINTS[name].split())
    position = -1
    for row in table.itertuples():
        assert row.sentence.endswith(".") and "{" not in row.sentence, row.sentence
        label = " ".join(row.row.split())
        assert label in words
        for number in re.findall(r"-?\d+\.\d+(?:e[-+]\d+)?", row.sentence):
            assert number in PRINTS[name] or number == "3.0", (number, row.sentence)
    del position
    for key in ["health", "notes", "questions"]:
        for text in table.attrs[key]:
            assert re.search(r"[.?]$", text) and "{" not in text, text
    assert len(table.attrs["questions"]) <= 3


def comma(text):
    return re.sub(r"(?<=\d)\.(?=\d)", ",", text)


def coloured(text):
    return re.sub(r"(-?\d+\.\d+)", "\x1b[31m\\1\x1b[39m", text)


def lines(text, change):
    return "\n".join(change(line) for line in text.split("\n"))


WHOLE = {
    "tabs": lambda t: re.sub(r"(?<=\S) {2,}(?=\S)", "\t", t),
    "a tab for each space": lambda t: re.sub(" +", "\t", t),
    "knitr's prompt": lambda t: lines(t, lambda line: f"#> {line}".rstrip()),
    "knitr's older prompt": lambda t: lines(t, lambda line: f"## {line}".rstrip()),
    "quoted": lambda t: lines(t, lambda line: f"> {line}"),
    "commented": lambda t: lines(t, lambda line: f"# {line}"),
    "a command before it": lambda t: "> fit\n" + t + "\n> ",
    "colours": coloured,
    "Windows' line ends": lambda t: t.replace("\n", "\r\n"),
    "indented": lambda t: lines(t, lambda line: "    " + line),
    "a fence": lambda t: f"```r\n{t}\n```",
    "spaces that do not break": lambda t: t.replace(" ", "\u00a0"),
    "typographic minus": lambda t: re.sub(r"(?<=[ \t])-(?=\d)", "\u2212", t),
    "spaces collapsed": lambda t: lines(t, lambda line: re.sub(" +", " ", line)),
    "leading spaces lost": lambda t: lines(t, str.lstrip),
    "an empty line after each line": lambda t: t.replace("\n", "\n\n"),
}


@pytest.mark.parametrize("name", PRINTS)
def test_a_print_in_other_clothes_is_read_alike(name):
    whole = told(PRINTS[name])
    for change, changed in WHOLE.items():
        assert told(changed(PRINTS[name])) == whole, change


CUT = {
    "first lines": lambda t, k: "\n".join(t.split("\n")[:k]),
    "last lines": lambda t, k: "\n".join(t.split("\n")[k:]),
    "a line is lost": lambda t, k: "\n".join(t.split("\n")[:k] + t.split("\n")[k + 1 :]),
    "a line break is lost": lambda t, k: "\n".join([*t.split("\n")[:k], " ".join(t.split("\n")[k : k + 2]), *t.split("\n")[k + 2 :]]),
    "cut inside a line": lambda t, k: "\n".join([*t.split("\n")[: k - 1], t.split("\n")[k - 1][: len(t.split("\n")[k - 1]) // 2]]),
    "right half": lambda t, k: "\n".join([*t.split("\n")[: k - 1], t.split("\n")[k - 1][len(t.split("\n")[k - 1]) // 2 :]]),
    "narrow": lambda t, k: lines(t, lambda line: line[: 2 * k]),
}  # fmt: skip


def wrong(rows, known, text):
    """Return rows whose role is neither what the whole print gives them nor "cannot tell"."""
    if "Std.Dev." not in text:  # what is left is the column of the variances
        known = known | {(row, "population variance") for row, role in known if role == "population sd"}
    return [row for row in rows or [] if row[1] != "cannot tell" and (row[3], row[1]) not in known]


@pytest.mark.parametrize("name", PRINTS)
def test_what_is_left_of_a_cut_print_is_read_alike_or_not_at_all(name):
    text = PRINTS[name]
    known = {(row[3], row[1]) for row in told(text)}
    for how, cut in CUT.items():
        for k in range(1, min(len(text.split("\n")), 45)):
            left = cut(text, k)
            assert not wrong(told(left), known, left), (how, k)
