"""The pasted text: what is left without colours and prompts, which program made it, and what is a number."""

import json
import re
from functools import cache
from pathlib import Path

NAMES = "lme4, glmmTMB, ordinal, brms, rstanarm, statsmodels (MixedLM), Bambi and ArviZ"
MOST = 0.6  # of the lines that begin alike, so that the beginning is a prompt
WIDEST = 10000  # the longest line that R prints


@cache
def data(name):
    """Return patterns or sentences."""
    return json.loads((Path(__file__).parent / f"{name}.json").read_text(encoding="utf-8"))


@cache
def compiled(pattern, flags=0):
    r"""Return a pattern, in which \w, \d and \s are those of ASCII, as in JavaScript."""
    return re.compile(pattern, re.ASCII | flags)


def has(pattern, text):
    """Find a pattern in a line."""
    return compiled(pattern).search(text)


def find(pattern, text):
    """Find a pattern in a text, where ^ and $ are those of a line."""
    return compiled(pattern, re.MULTILINE).search(text)


def plain(text):
    """Return a text without spaces."""
    return re.sub(r"\s", "", text)


def clean(text):
    """Return the lines without colours, prompts, quotation marks and tabs, and the commands among them.

    A command is [the number of lines before it, what it prints], as `command` says.
    """
    if not isinstance(text, str):
        raise ValueError(f"This is of type {type(text).__name__}. Expected: the printed table as text.")
    text = re.sub("\x1b\\[[0-9;]*[A-Za-z]", "", text)
    text = re.sub("\r\n?|[\u2028\u2029\x0b\x0c]", "\n", text)
    text = re.sub("[\u00a0\u2000-\u200a\u202f\t]", " ", re.sub("[\u200b\ufeff\u00ad]", "", text))
    lines = text.replace("\u2212", "-").split("\n")
    if any(len(line) > WIDEST for line in lines):
        raise ValueError(
            "The line breaks of this print are lost. Paste it with its lines as they were printed."
        )
    for prefix in ["^ *#+[>'] ?", "^ *#+ ?", "^ *> ?"]:
        if _most(prefix, lines):
            lines = [re.sub(prefix, "", line) for line in lines]
    if _most(r"^\s*\|.*\|\s*$", lines):  # a table in Markdown
        lines = [re.sub(r" \| ", "  ", re.sub(r"^\s*\||\|\s*$", "", line)) for line in lines]
        lines = [line for line in lines if not has(r"^[\s:|-]+$", line)]
    if len(lines) > 6 and not any(a.strip() and b.strip() for a, b in zip(lines, lines[1:], strict=False)):
        lines = [line for line in lines if line.strip()]  # there was an empty line after each line
    parts = []
    for line in lines:
        line = re.sub(r"^\s*(?:Out ?\[\d+\]:|#+[>'](?= |$))", "", line).rstrip()
        if has(data("patterns")["calls"]["line"], line):
            continued = parts and parts[-1][0] and has(r"^\s*(?:\+ |\.\.\. )", line)
            if continued:
                parts[-1][1] += " " + re.sub(r"^\s*(?:\+ |\.\.\. )", "", line)
            else:
                parts.append([True, line])
        elif not has(r"^\s*(?:# |#$|```)", line) and (line or parts[-1:] != [[False, ""]]):
            parts.append([False, line])  # of several empty lines only one
    margin = min((len(x) - len(x.lstrip()) for called, x in parts if x.strip() and not called), default=0)
    kept, calls, given = [], [], {}
    for k, (called, line) in enumerate(parts):
        if not called:
            kept.append(line[margin:])
            continue
        kind, headings = command(line, given)
        calls.append([len(kept), kind])
        following = [x for also_called, x in parts[k + 1 : k + 3] if x or also_called]
        if (
            following
            and not parts[k + 1][0]
            and (has(r"^\$(?:zi|disp)\b", "".join(headings[:1])) or not has(r"^\s*\$", following[0]))
        ):
            kept += headings
    if calls and not any(kept):
        raise ValueError(
            "The text has nothing but commands. Paste what the program printed, with its lines as they were printed."
        )
    return kept, calls


def command(call, given):
    """Return what a command prints, "ranef", "coef" or "fixef", and the headings that it prints them without.

    What computes anything else from them is "changed", and a command with none of them is "". In `given` are
    the names that commands before it have given.
    """
    patterns = data("patterns")["calls"]
    call = re.sub(r"\s#[^\"']*$", "", re.sub(patterns["prompt"], "", call)).strip()
    gives, begins = has(patterns["given"], call), has(r"^[\w.]+", call)
    if gives:
        given[gives[1]] = gives[2] if has(patterns["named"], gives[2]) else gives[1]
        return "", []
    if begins and begins[0] in given:
        call = given[begins[0]] + call[begins.end() :]
    if not has(patterns["named"], call):
        return "", []
    piped, begun = has(patterns["piped"], call), has(patterns["begun"], call)
    if piped:
        return piped[1], []
    depth, end = 1, begun.end() if begun else len(call)
    while end < len(call) and depth:
        depth += (call[end] == "(") - (call[end] == ")")
        end += 1
    ended = has(patterns["ended"], call[end:])
    if not begun or depth or not ended or has(patterns["inside"], call[begun.end() : end]):
        return "changed", []
    names = re.findall(r'[^$`\[\]"]+', ended[1])
    names = names[1:] if names[:1] == ["cond"] else names
    headings = ["$" + "$".join(names)] if names else []
    return begun[1], headings + ([f", , {ended[2]}"] if ended[2] else [])


def _most(prefix, lines):
    filled = [line for line in lines if line.strip()]
    return sum(bool(has(prefix, line)) for line in filled) > MOST * len(filled)


def find_program(lines):
    """Return the program that made the print; refuse what is not a print of a known one."""
    text, patterns = "\n".join(lines), data("patterns")
    filled = [line for line in lines if line.strip()]
    if not filled:
        raise ValueError("The text is empty. Paste what the program printed.")
    signed = [p for p in patterns["programs"] if any(find(sign, text) for sign in p["signs"])]
    certain = [p["name"] for p in signed if find(p["signs"][0], text) and p["name"] != "R"]
    other = next((what for pattern, what in patterns["other"] if find(pattern, text)), None)
    beside = next((what for pattern, what in patterns["beside"] if find(pattern, text)), None)
    if other or (beside and not certain):
        other = other or beside
        raise ValueError(f"This is {other}, which is not read here. Read are prints of {NAMES}.")
    if len(certain) > 1:
        raise ValueError(f"The text has prints of {certain[0]} and {certain[1]}. Paste one print at a time.")
    separated = [x for x in filled if len(re.findall("[,;]", x)) > 2 and not has(r"\S\s{2,}\S", x)]
    if len(separated) > len(filled) / 2:
        raise ValueError("This is a file of separated values, not a print. Paste what the program printed.")
    between = [
        re.split(r"(?:^|\s)-?\d+[.,]\d\S*", line)[1:-1] for line in filled
    ]  # what is between decimal numbers
    if len(filled) < 4 and any(len(x) > 7 or has("[A-Za-z$]", "".join(x)) for x in between):
        raise ValueError(
            "The line breaks of this print are lost. Paste it with its lines as they were printed."
        )
    if not signed:
        raise ValueError(
            "This is not a print that is known here, or its headings are missing. "
            f"Read are prints of {NAMES}, in English."
        )
    program = next((p for p in signed if p["name"] in certain), signed[0])
    formulas = [line for line in lines if program["formula"] and has(program["formula"], line)]
    if len(formulas) > 1:
        raise ValueError(f"The text has prints of {len(formulas)} models. Paste one print at a time.")
    if program["name"] in ("ArviZ", "Stan"):  # which print the names that other programs give
        for pattern, name, rules in patterns["named"]:
            if find(pattern, text):
                blocks = [block | {"rules": rules} for block in program["blocks"]]
                return program | {"name": name, "notes": [name], "blocks": blocks}
    return program


def numeric(token):
    """Say whether a word of a row is a number or stands for a missing one."""
    patterns = data("patterns")
    return bool(has(patterns["number"], token) or has(patterns["empty"], token))


def value(token):
    """Return a printed number, or None."""
    return float(token.replace(",", ".")) if has(data("patterns")["number"], token) else None


def bounds(token):
    """Return between which numbers a printed number was before it was rounded.

    Examples
    --------
    >>> bounds("2.5")
    (2.45, 2.55)
    """
    digits, _, power = token.replace(",", ".").lower().partition("e")
    half = 0.5 * float(f"1e{int(power or 0) - len(digits.partition('.')[2])}")  # or inf
    return value(token) - half, value(token) + half


def words(line):
    """Return the words of a row without the stars of significance."""
    line = re.sub(r"\s(?:\*{1,3}|\.)\s*$", "", line)
    return re.sub(r"<\s+(?=[\d.])", "<", line).split()


def numbers(line):
    """Return the words of a row, those before its last numbers and the numbers."""
    tokens, count = words(line), 0
    while count < len(tokens) - 1 and numeric(tokens[-1 - count]):
        count += 1
    return tokens[: len(tokens) - count], tokens[len(tokens) - count :]


def columns(line):
    """Return the names of the columns in a heading."""
    return [c for c in re.findall(data("patterns")["column"], line.strip()) if c != "Type"]


def listed(words):
    """Join words as a sentence does."""
    words = list(words)
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def fill(template, values):
    """Put values in place of {keys}; what has no value stays as it is."""
    return re.sub(r"\{(\w+)\}", lambda m: str(values.get(m[1], m[0])), template)
