"""Read a printed table: find the program, split the text into tables, give each row a role and a sentence.

What is known of programs is in patterns.json, what is said is in sentences.json. The site's page reads both
with the same few steps, so nothing here is cleverer than a list of regular expressions, tried in order.
What no pattern explains is "cannot tell".
"""

import json
import re
from functools import cache
from pathlib import Path

COLUMNS = ["row", "block", "role", "scale", "sentence"]
R_HAT_CEILING, ESS_FLOOR = 1.01, 400  # lesson 01
NO_SCALE = {"noise", "dispersion", "correlation", "covariance", "computed", "cannot tell", "standardised"}
SQUARED = {"population variance"}
ASKED = 3  # questions at most


@cache
def _data(name):
    return json.loads((Path(__file__).parent / f"{name}.json").read_text(encoding="utf-8"))


compiled = cache(re.compile)


def _find(pattern, text):
    return compiled(pattern, re.MULTILINE).search(text)


def _has(pattern, text):
    return compiled(pattern).search(text)


def _fill(template, values):
    """Put values in place of {keys}; what has no value stays as it is."""
    return re.sub(r"\{(\w+)\}", lambda m: str(values.get(m[1], m[0])), template)


def read_printed(text):
    """Say of each row of a printed table what it is, on which scale, and what to add to it.

    Read are prints of lme4, glmmTMB, ordinal, brms, rstanarm, statsmodels, Bambi and of ArviZ's summary,
    by themselves: the text as it was printed, with or without prompts. No number is changed.

    Parameters
    ----------
    text : str
        What one program printed of one model.

    Returns
    -------
    pandas.DataFrame
        One row per printed row, in order, with the columns row (as printed), block (the table's
        heading), role, scale (the link, if the text states it) and sentence. ``attrs["health"]`` says
        what the print shows of the fit's health, ``attrs["notes"]`` what the program's intercept means
        and what is often misread, ``attrs["questions"]`` what only you can answer.

    Raises
    ------
    ValueError
        The text is a table of a different kind, or too little of it is left to be read.

    Examples
    --------
    >>> table = read_printed('''
    ... Linear mixed model fit by REML ['lmerMod']
    ... Formula: Reaction ~ Days + (1 | Subject)
    ... Random effects:
    ...  Groups   Name        Variance Std.Dev.
    ...  Subject  (Intercept) 1378.2   37.12
    ...  Residual              960.5   30.99
    ... Fixed effects:
    ...             Estimate Std. Error t value
    ... (Intercept) 251.4051     9.7467   25.79
    ... Days         10.4673     0.8042   13.02
    ... ''')
    >>> print(table[["row", "role", "scale"]].to_string(index=False, na_rep=""))
            row          role    scale
    (Intercept) population sd identity
       Residual         noise
    (Intercept)     intercept identity
           Days common effect identity
    >>> print(table["sentence"].iloc[3])
    Days is a common effect on the scale of Reaction, for each unit of Days. Multiply it by Days, then add it.
    """
    lines, calls = _clean(text)
    program = _program(lines)
    printed = Print(program, lines, calls)
    if not printed.rows:
        raise ValueError(
            f"The text looks like a print of {program['name']}, but no row of its tables is left in it. "
            "Paste the whole print."
        )
    from helpers.printed.table import shown

    return shown(
        [[row[column] for column in COLUMNS] for row in printed.told()],
        COLUMNS,
        {"health": printed.health(), "notes": printed.notes(), "questions": printed.questions()},
    )


def _clean(text):
    """Return the lines without colours, prompts, quotation marks and tabs, and the commands among them."""
    if not isinstance(text, str):
        raise ValueError(f"This is of type {type(text).__name__}. Expected: the printed table as text.")
    text = re.sub("\x1b\\[[0-9;]*[A-Za-z]", "", text)
    text = re.sub("\r\n?|\u2028|\x0b|\x0c", "\n", text)
    text = re.sub("[\u00a0\u2000-\u200a\u202f]", " ", re.sub("[\u200b\ufeff\u00ad]", "", text))
    lines = text.replace("\u2212", "-").replace("\t", " ").split("\n")
    for prefix in ["^ *#+[>'] ?", "^ *#+ ?(?=.*)", "^ *> ?(?=.*)"]:
        filled = [line for line in lines if line.strip()]
        if sum(bool(_has(prefix, line)) for line in filled) > 0.6 * len(filled):
            lines = [re.sub(prefix, "", line) for line in lines]
    filled = [line for line in lines if line.strip()]
    if filled and sum(bool(_has(r"^\s*\|.*\|\s*$", line)) for line in filled) > 0.6 * len(filled):
        lines = [re.sub(r" \| ", "  ", re.sub(r"^\s*\||\|\s*$", "", line)) for line in lines]
        lines = [line for line in lines if not _has(r"^[\s:|-]+$", line)]
    if len(lines) > 6 and len(filled) <= len(lines) / 2 + 1 and not _has(r"\n[^\n]+\n[^\n]+\n", text):
        lines = filled  # an empty line after each line
    kept, calls = [], []
    for line in lines:
        line = re.sub(r"^\s*(?:Out ?\[\d+\]:|#+[>'](?= |$))", "", line)
        command = _has(
            r"^\s*(?:> |>>> |\.\.\. |\+ |In ?\[\d*\]:)(.*)$|^\s*((?:print\()?(?:ranef|coef|fixef|summary)\s*\(.*)$",
            line,
        )
        if command:
            calls.append(command[1] or command[2] or "")
        elif not _has(r"^\s*(?:# |#$|```)", line):
            kept.append(line.rstrip())
    margin = min((len(line) - len(line.lstrip()) for line in kept if line.strip()), default=0)
    return [line[margin:] for line in kept], calls


def _program(lines):
    """Return the program that made the print; refuse what is not a print of a known one."""
    text, data = "\n".join(lines), _data("patterns")
    filled = [line for line in lines if line.strip()]
    if not filled:
        raise ValueError("The text is empty. Paste what the program printed.")
    signed = [p for p in data["programs"] if any(_find(sign, text) for sign in p["signs"])]
    certain = [p["name"] for p in data["programs"] if _find(p["signs"][0], text)]
    certain = [name for name in certain if name != "R"]
    other = next((what for pattern, what in data["other"] if _find(pattern, text)), None)
    names = "lme4, glmmTMB, ordinal, brms, rstanarm, statsmodels (MixedLM), Bambi and ArviZ"
    if other and not certain:
        raise ValueError(f"This is {other}, which is not read here. Read are prints of {names}.")
    if len(set(certain)) > 1:
        raise ValueError(f"The text has prints of {certain[0]} and {certain[1]}. Paste one print at a time.")
    commas = [line for line in filled if len(re.findall(r"[,;]", line)) > 2 and not _has(r"\S\s{2,}\S", line)]
    if len(commas) > len(filled) / 2:
        raise ValueError("This is a file of separated values, not a print. Paste what the program printed.")
    if len(filled) < 4 and max(len(re.findall(r"\d[.,]\d", line)) for line in filled) > 10:
        raise ValueError(
            "The line breaks of this print are lost. Paste it with its lines as they were printed."
        )
    if not signed:
        raise ValueError(
            f"This is not a print that is known here, or its headings are missing. Read are prints of {names}, in English."
        )
    program = next((p for p in signed if p["name"] in certain), signed[0])
    formulas = [line for line in lines if program["formula"] and _has(program["formula"], line)]
    if len(formulas) > 1:
        raise ValueError(f"The text has prints of {len(formulas)} models. Paste one print at a time.")
    if program["name"] == "ArviZ" and _find(data["Bambi"], text):
        program = program | {"name": "Bambi", "notes": ["Bambi"]}
        program["blocks"] = [block | {"rules": "Bambi"} for block in program["blocks"]]
    return program


def _numeric(token):
    data = _data("patterns")
    return bool(_has("^(?:%s)$" % data["number"], token) or _has(data["empty"], token))


def _value(token):
    """Return a printed number, or None."""
    return float(token.replace(",", ".")) if _has("^(?:%s)$" % _data("patterns")["number"], token) else None


def _tokens(line):
    """Return the words of a row without the stars of significance."""
    line = re.sub(r"\s(?:\*{1,3}|\.)\s*$", "", line)
    return re.sub(r"<\s+(?=[\d.])", "<", line).split()


def _columns(line):
    return re.findall(_data("patterns")["column"], line.strip())


class Formula:
    """The right-hand side of a printed formula: its variables, and whether it has an intercept."""

    def __init__(self, lines, pattern):
        self.known, self.atoms, self.grouped, self.y, self.prefixes = False, [], [], "", []
        start = next((i for i, line in enumerate(lines) if pattern and _has(pattern, line)), None)
        if start is None:
            return
        words = [_has(pattern, lines[start])[1]]
        for line in lines[start + 1 :]:
            if not line.strip() or _has(r"^\s*[A-Za-z][\w .-]*:(?:\s|$)", line):
                break
            second = _has(r"^\s*(\w+) ~", line)
            if second and "~" in " ".join(words):
                self.prefixes.append(second[1])
            elif not self.prefixes:
                words.append(line)
        left, tilde, right = " ".join(words).partition("~")
        if not tilde or right.count("(") != right.count(")") or not right.strip():
            return
        self.known = True
        if _has(r"^\s*[A-Za-z][\w.]*\s*$", left):
            self.y = left.strip()
        elif _has(r"^\s*[A-Za-z][\w.]*\s*\|", left):
            self.y = left.partition("|")[0].strip()
        common = []
        for term in self._split(right, "+"):
            bare = term.strip()
            while bare.startswith("(") and self._closes(bare) and "|" in bare:
                bare = bare[1:-1].strip()
            if "|" in bare and _has(r"\|", re.sub(r"\([^()]*\)", "", bare)):
                self.grouped += [part for part in self._split(bare, "+") if "|" in part]
            else:
                common.append(term.strip())
        self.intercept = not _has(
            r"(?:^|\+)0(?:\+|$)|-1(?:\+|-|$)|(?:^|\+)-1", re.sub(r"\s", "", "+".join(common))
        )
        for term in common:
            for atom in self._split(term, "+*:/-"):
                atom = re.sub(r"\s", "", atom)
                while atom.startswith("(") and self._closes(atom):
                    inner = [re.sub(r"\s", "", part) for part in self._split(atom[1:-1], "+*:/-")]
                    self.atoms += inner[1:]
                    atom = inner[0]
                if atom not in ("", "0", "1") and not atom.startswith("offset("):
                    self.atoms.append(atom)
        self.slopes = [
            re.sub(r"\s", "", atom)
            for bar in self.grouped
            for atom in self._split(re.sub(r"^\s*\(+", "", bar).partition("|")[0], "+*:/-")
        ]

    @staticmethod
    def _split(text, signs):
        """Split at signs that are in no brackets."""
        parts, depth = [""], 0
        for letter in text:
            depth += (letter in "([") - (letter in ")]")
            if depth == 0 and letter in signs:
                parts.append("")
            else:
                parts[-1] += letter
        return parts

    @staticmethod
    def _closes(text):
        """Say whether the first bracket is closed by the last letter."""
        depth = 0
        for i, letter in enumerate(text):
            depth += (letter == "(") - (letter == ")")
            if depth == 0:
                return i == len(text) - 1
        return False

    def explain(self, name, slopes=False):
        """Return the variable that a name begins with and the rest; None if there is none, "" if several."""
        name = re.sub(r"\s|`", "", name)
        atoms = self.atoms + (self.slopes if slopes else [])
        for plain in [lambda s: s, lambda s: re.sub(r"[^\w.]", "", s.replace("^", "E"))]:
            found = sorted(
                {a for a in atoms if plain(a.strip("`")) and plain(name).startswith(plain(a.strip("`")))},
                key=len,
            )
            exact = [a for a in found if plain(a.strip("`")) == plain(name)]
            if exact:
                return exact[0], ""
            if len(found) > 1:
                return "", ""
            if found:
                return found[0], plain(name)[len(plain(found[0].strip("`"))) :]
        return None


class Print:
    """The rows of one print, with what the text tells of the model."""

    def __init__(self, program, lines, calls):
        self.program, self.lines, self.calls, self.data = program, lines, calls, _data("patterns")
        self.text, self.rows, self.sick = "\n".join(lines), [], {}
        self.formula = Formula(lines, program["formula"])
        self.family, self.link = "", ""
        for pattern, family, link in program["scale"]:
            found = _find(pattern, self.text)
            if found:
                parts = {str(i): found[i] for i in range(1, (found.re.groups or 0) + 1)}
                self.family, self.link = (re.sub(r"\$(\d)", lambda m: parts[m[1]], w) for w in (family, link))
                break
        self.link = self.link if self.link in self.data["links"] else ""
        self._split()

    def _split(self):
        """Go through the lines and collect the rows of each table."""
        block, skipped, program = None, "", self.program
        for number, line in enumerate(self.lines):
            if not line.strip():
                if block and block["names"] and not block["page"]:
                    block = self._closed(block)
                continue
            start, found = next(
                ((b, m) for b in program["blocks"] if (m := _has(b["start"], line))), (None, None)
            )
            waits = (
                block is not None and not block["columns"] and block["kind"] in ("groups", "random", "rows")
            )
            if start and not (waits and start["kind"].startswith(("bare", "heads"))):
                title = re.sub(r"\$1", lambda _, m=found: m[1], start["title"].replace("$$1", "$" + "$1"))
                title = title.replace("$group", skipped).replace("$table", skipped)
                kind = start["kind"]
                if kind == "line":
                    self._add(title, found[1].strip(), [found[2]], start["rules"], "line", [])
                    continue
                if kind == "page":
                    title = f"{block['title'].split(', ')[0]}, {title}" if block and block["page"] else None
                    kind = "groups"
                elif kind == "skip":
                    skipped = found[1] if found.re.groups else ""
                block = {"title": title, "kind": kind, "rules": start["rules"], "columns": [], "names": [],
                         "group": "", "page": kind == "groups", "again": False, "last": []}  # fmt: skip
                if title is None:
                    block["kind"] = "unknown"
                if kind in ("heads", "bare", "bare random"):
                    block["kind"] = "random" if "random" in kind else "rows"
                    block["columns"] = [column for column in _columns(line) if column != "Type"]
                elif kind == "bare vector":
                    block["kind"], block["columns"] = "vector", line.split()
                elif kind == "either":
                    following = next((text for text in self.lines[number + 1 :] if text.strip()), "")
                    block["kind"] = (
                        "random" if _has(r"^\s*Groups\s+Name\b", following)
                        else "rows" if _has(self.data["header"], following) else "vector"
                    )  # fmt: skip
                continue
            if any(_find(pattern, line) for pattern, _ in self.data["other"]) or self._loose(line):
                block = {"kind": "unknown", "title": "", "names": [], "page": False, "columns": ["?"]}
                continue
            if program["end"] and _has(program["end"], line):
                block = self._closed(block) if not (block and block["kind"] in ("heads",)) else block
                continue
            if block is None or block["kind"] == "closed":
                self._stray(line, block)
            elif block["kind"] not in ("skip",):
                getattr(self, f"_in_{block['kind']}")(block, line)

    def _closed(self, block):
        return block if block is None or block["kind"] in ("skip", "vector") else block | {"kind": "closed"}

    def _loose(self, line):
        """Say whether a line has a table's heading and more, as when line breaks are lost."""
        return any(
            b["start"].startswith("^") and _has(r":\\s\*\$$", b["start"])
            and _has(b["start"].replace("^", r"(?:^|\s)", 1).removesuffix(r"\s*$") + r"\s+\S", line)
            and not _has(program_line, line)
            for b in self.program["blocks"] for program_line in [self.program["formula"] or "^$"]
        )  # fmt: skip

    def _add(self, title, name, values, rules, kind, columns, **more):
        self.rows.append({"row": name, "block": title, "values": values, "rules": rules, "kind": kind,
                          "columns": columns, "why": "", **more})  # fmt: skip

    def _stray(self, line, block):
        tokens = _tokens(line)
        if not _has(r"^\s*[A-Za-z(]\S*(?:\s\S+)*?(?:\s+[-+]?\d+[.,]\d+){2,}\s*$", " ".join(tokens)):
            return
        name = re.sub(r"(?:\s[-+]?\d+(?:[.,]\d+)?)+$", "", " ".join(tokens))
        if not (block and name in block["names"]) and not _has(self.data["text"], line):
            self._add("", name, [], "", "rows", [], why="heading")

    def _in_unknown(self, block, line):
        tokens = _tokens(line)
        numbers = [t for t in tokens if _has(r"\d[.,]\d", t) and _numeric(t)]
        if len(numbers) > 1 and not _numeric(tokens[0]) and len(numbers) < len(tokens):
            self._add(block["title"] or "", tokens[0], [], "", "rows", [], why="block")

    def _row(self, block, line):
        """Return a row's name and its values; the values are None if the line is not a row of this table."""
        tokens, n = _tokens(line), len(block["columns"])
        count = 0
        while count < len(tokens) - 1 and _numeric(tokens[-1 - count]):
            count += 1
        if block.get("blank") and 0 < count < n:
            n = count
        if block["rules"].startswith("statsmodels") and _has(
            r" (?:Var|Cov|[MV])$", " ".join(tokens[: len(tokens) - count])
        ):
            n = min(count, n) or n
        name = " ".join(tokens[: len(tokens) - n]) if count >= n else " ".join(tokens[: len(tokens) - count])
        decimals = any(_has(r"^[-+]?\d+[.,]\d+$", token) for token in name.split()[1:])
        odd = decimals or _has("[-=_]{4}", name) or name.count("(") != name.count(")")
        return name, tokens[len(tokens) - n :] if count >= n > 0 and name and not odd else None

    def _heading(self, block, line):
        """Take a line as the heading of the columns, if it is one."""
        tokens = line.split()
        if any(_numeric(token) for token in tokens):
            return False
        if block["kind"] == "rows" and not _has(self.data["header"], line):
            return False
        if block["columns"]:
            block["again"] = True
        block["columns"] = _columns(line)
        return True

    def _in_rows(self, block, line, diagnostics=False):
        if self._heading(block, line):
            return
        name, values = self._row(block, line)
        if not _has(r"\d", line):
            if block["columns"] and _has(r"^[A-Za-z(]", line):
                self._add(block["title"], name, [], "", "rows", [], why="numbers")
            return
        if not diagnostics and not (block["again"] and name in block["names"]):
            why = (
                "heading"
                if not block["columns"]
                else "numbers"
                if values is None
                else "twice"
                if block["again"]
                else ""
            )
            self._add(block["title"], name, values or [], block["rules"], "rows", block["columns"], why=why)
            block["names"].append(name)
        for column, value in zip(block["columns"], values or [], strict=False):
            number = _value(value)
            for key, sick in [("r_hat", lambda v: v > R_HAT_CEILING), ("ess", lambda v: v < ESS_FLOOR)]:
                if number is not None and _has(self.data[key], column) and sick(number):
                    self.sick.setdefault(key, []).append((name, value))

    def _in_diagnostics(self, block, line):
        self._in_rows(block | {"kind": "rows"} if block["columns"] else block, line, diagnostics=True)

    def _in_groups(self, block, line):
        tokens = line.split()
        if not block["columns"] or not any(_numeric(token) for token in tokens):
            if _has(r"^(?:with conditional|attr|\[\d+\])", line):
                return
            self._heading(block, line)
            return
        name, values = self._row(block, line)
        if block["again"] and name in block["names"]:
            return
        odd = [c for c in block["columns"] if _has(r"^(?:Std\. ?Error|[tz] value|Pr|mean|sd|Variance)", c)]
        odd = odd or ("Estimate" in block["columns"] and ", " not in block["title"])
        why = "numbers" if values is None else "column" if odd else "twice" if block["again"] else ""
        self._add(block["title"], name, values or [], "groups", "groups", block["columns"], why=why)
        block["names"].append(name)

    def _in_vector(self, block, line):
        tokens = line.split()
        if not any(_numeric(token) for token in tokens):
            block["columns"] = tokens
            return
        fits = len(tokens) == len(block["columns"]) and all(_numeric(token) for token in tokens)
        for name, value in zip(block["columns"], tokens, strict=False):
            self._add(
                block["title"], name, [value], block["rules"], "rows", [], why="" if fits else "numbers"
            )
            block["names"].append(name)
        block["columns"] = []

    def _in_random(self, block, line):
        """Take a row of lme4's kind: a group, or nothing where it is that of the row above, a term, numbers."""
        if _has(r"^\s*Groups\s+Name\b", line):
            block["columns"] = _columns(line)
            return
        kinds = [c for c in block["columns"] if c in ("Variance", "Std.Dev.")]
        tokens = _tokens(line)
        count = 0
        while count < len(tokens) - 1 and _numeric(tokens[-1 - count]):
            count += 1
        words, numbers = tokens[: len(tokens) - count], tokens[len(tokens) - count :]
        if not count or _has(self.data["text"], line):
            return
        if words == ["Residual"]:
            group = ""
        elif len(words) > 1 and words[0].count("(") == words[0].count(")"):
            group, words = words[0], words[1:]
            block["group"], block["last"] = group, []
        else:
            group = block["group"]
        name = " ".join(words)
        why = "heading" if not kinds else ""
        extra = numbers[len(kinds) :]
        allowed = len(block["last"]) if "Corr" in block["columns"] and words != ["Residual"] else 0
        correlations = [_value(number) for number in extra]
        if not why and (len(numbers) < len(kinds) or len(extra) > allowed or any(_numeric(w) and "." in w for w in words)
                        or any(c is None or abs(c) > 1 for c in correlations) or not (group or words == ["Residual"])
                        or _has("[:,.]$", group) or name.count("(") != name.count(")")):  # fmt: skip
            why = "numbers"
        values = dict(zip(kinds, numbers, strict=False))
        if not why and len(kinds) == 2:
            variance, sd = (_value(values[kind]) for kind in ["Variance", "Std.Dev."])
            if variance is None or sd is None or abs(variance - sd**2) > 0.03 * max(variance, sd**2):
                why = "square" if max(variance or 0, sd or 0) > 1e-8 else ""
        self._add(f"{block['title']}, {group}" if group else block["title"], name, numbers, "random", "random", block["columns"],
                  why=why, group=group, parts=values, extra=extra, above=list(block["last"]))  # fmt: skip
        block["last"].append(name)
        block["names"].append(name)

    # roles

    def told(self):
        """Return the rows with role, scale and sentence."""
        for block in dict.fromkeys(row["block"] for row in self.rows):
            rows = [row for row in self.rows if row["block"] == block]
            names = [row["row"] for row in rows]
            self._prefixes = self.formula.prefixes + [
                n.removesuffix("_Intercept") for n in names if n.endswith("_Intercept")
            ]
            whole = [row["row"] for row in self.rows if not row["why"] and row["kind"] == "rows"]
            self._intercept = (
                self.formula.intercept if self.formula.known
                else True if any(_has(r"^(?:b_)?\(?Intercept\)?(?: M)?(?:\[|$)|^threshold\[|^\d+\|\d+$", n) for n in whole)
                else None
            )  # fmt: skip
            self._full = self._first_factor(names)
            explained = (
                [self.formula.explain(name) or ("", "") for name in names] if self.formula.known else []
            )
            self._suffixes = {x: {rest for atom, rest in explained if atom == x} for x, _ in explained}
            for row in rows:
                row["role"], row["key"], row["fill"] = self._role(row)
        for row in self.rows:
            row["sentence"] = self._sentence(row)
            role = row["role"]
            link = "logit" if row["key"].startswith("zero ") else self.link
            row["scale"] = (
                None if role in NO_SCALE or not link else f"{link}, squared" if role in SQUARED else link
            )
        return self.rows

    def _first_factor(self, names):
        """Return the first variable of the formula that has rows for its levels."""
        explained = (
            [self.formula.explain(name) for name in names if ":" not in name] if self.formula.known else []
        )
        factors = [e[0] for e in explained if e and e[0] and e[1] and self._is_factor(e[0])]
        return next((atom for atom in self.formula.atoms if atom in factors), None)

    def _is_factor(self, atom):
        return "(" not in atom or bool(_has(self.data["contrasts"]["factor"], atom))

    def _role(self, row):
        fill = {"row": row["row"], "first": row["values"][0] if row["values"] else ""}
        if row["why"]:
            return "cannot tell", row["why"], fill
        if row["kind"] == "random":
            return self._random(row, fill)
        if row["kind"] == "groups":
            return self._groups(row, fill)
        if row["kind"] == "line":
            return ("noise" if row["rules"].startswith("noise") else "dispersion"), row["rules"], fill
        for pattern, role, key, *family in self.data["rules"][row["rules"]]:
            found = _has(pattern, row["row"])
            if not found or (family and not _has(family[0], self.family)):
                continue
            fill |= {str(i): part for i, part in enumerate(found.groups(), 1)}
            if row["rules"] == "statsmodels Bayes":
                row["row"] = fill["row"] = re.sub(r" [MV]$", "", row["row"])
            if role in ("effect", "strict effect"):
                return self._effect(
                    row["row"].removeprefix("b_") if row["rules"] == "brms draws" else row["row"], role, fill
                )
            if role == "bracket":
                return self._bracket(row, fill)
            fill |= {
                "x": fill.get("1", ""),
                "level": fill.get("2", ""),
                "group": row["block"].partition("~")[2],
            }
            if key == "brms sd slope" and self.formula.known and not self._made_of(fill["1"]):
                return "cannot tell", "unnamed", fill
            if key == "intercept" and self.formula.known and not self.formula.atoms:
                key = "intercept alone"
            return role, key, fill
        return "cannot tell", "not known", fill

    def _made_of(self, name):
        return all(part == "Intercept" or self.formula.explain(part, slopes=True) for part in name.split(":"))

    def _bracket(self, row, fill):
        """Tell Python's name[level], which is a level only if there is no intercept."""
        fill |= {"x": fill["1"], "level": fill["2"]}
        if self.program["name"] == "statsmodels":
            return ("level", "level", fill) if self._intercept is None else ("cannot tell", "not known", fill)
        return (
            ("common effect", "effect Bambi level", fill)
            if self._intercept
            else ("cannot tell", "bracket", fill)
        )

    def _effect(self, name, role, fill):
        """Tell a row of the common effects of a program that names them as R does."""
        known, parts = self.formula.known, name.split(":")
        if any(name.startswith(f"{prefix}_") for prefix in self._prefixes) or _has(
            self.data["distributional"], name
        ):
            return "cannot tell", "distributional", fill
        if known and not all(self.formula.explain(part) for part in parts) and "." not in self.formula.atoms:
            return "cannot tell", "unnamed", fill
        if (role == "strict effect" and not known) or self._intercept is None:
            return "cannot tell", "no formula" if self._intercept is None else "not known", fill
        if len(parts) > 1:
            return (
                ("common effect", "interaction", fill)
                if self._intercept
                else ("cannot tell", "interaction", fill)
            )
        x, rest = (self.formula.explain(name) if known else None) or ("", "")
        fill |= {"x": x, "level": rest}
        if not x:
            return (
                ("common effect", "effect unknown", fill)
                if self._intercept
                else ("cannot tell", "ambiguous", fill)
            )
        if not rest:
            return (
                "common effect",
                "effect number"
                if self._is_factor(x) or x.startswith(("log(", "scale(", "sqrt(", "exp("))
                else "effect column",
                fill,
            )
        if not self._is_factor(x):
            return "common effect", "effect column", fill
        if not self._intercept and x == self._full:
            return "level", "level", fill
        contrasts = self.data["contrasts"]
        kind = "polynomial" if _has(contrasts["polynomial"], rest) else "level"
        if self._suffixes[x] == {str(k + 1) for k in range(len(self._suffixes[x]))}:
            kind = "digits"  # what contr.sum and others name 1, 2, ... whatever the levels are
        return "common effect", f"effect {kind}", fill

    def _random(self, row, fill):
        parts = row["parts"]
        fill |= {
            "group": row["group"],
            "sd": parts.get("Std.Dev.", ""),
            "variance": parts.get("Variance", ""),
        }
        fill |= {"correlations": _listed(row["extra"]), "above": _listed(row["above"])}
        if (
            row["group"]
            and self.formula.grouped
            and not self._made_of(row["row"].replace("(Intercept)", "Intercept"))
        ):
            return "cannot tell", "unnamed", fill
        if row["row"] == "Residual" and not row["group"]:
            return (
                "noise",
                "noise both" if len(parts) == 2 else "noise" if fill["sd"] else "noise variance",
                fill,
            )
        key = "random sd intercept" if row["row"] == "(Intercept)" else "random sd"
        return (
            ("population sd", key, fill) if fill["sd"] else ("population variance", "random variance", fill)
        )

    def _groups(self, row, fill):
        """Tell a row of ranef() or coef(), if anything in the text tells which of them."""
        same = [r for r in self.rows if r["kind"] == "groups" and r["block"] == row["block"] and not r["why"]]
        group, _, page = row["block"].removeprefix("$").partition(", ")
        columns = ["Estimate"] if page else row["columns"]
        values = [r["values"] for r in same]
        constant = [
            page or column for k, column in enumerate(columns)
            if len(same) > 2 and len({v[k] for v in values}) == 1 and _value(values[0][k]) != 0
        ]  # fmt: skip
        said = {
            kind for kind, pattern in self.data["calls"].items() if any(_has(pattern, c) for c in self.calls)
        }
        said |= {kind for kind, pattern in self.data["tails"].items() if _find(pattern, self.text)}
        said |= {"coef"} if self._any_constant() else set()
        shown = [f"{v} ({page or c})" for c, v in zip(columns, row["values"], strict=False)]
        fill |= {
            "values": _listed(shown),
            "group": group,
            "is": "is" if len(shown) == 1 else "are each",
            "constant": _listed(constant),
        }
        if said == {"ranef"}:
            return "deviation", "ranef", fill
        return (
            ("level already summed", "coef", fill)
            if said == {"coef"}
            else ("cannot tell", "ranef or coef", fill)
        )

    def _any_constant(self):
        """Say whether a column has the same number in each of its rows, which deviations never have."""
        tables = {}
        for row in self.rows:
            if row["kind"] == "groups" and not row["why"]:
                tables.setdefault(row["block"], []).append(row["values"])
        return any(
            len(values) > 2 and len({v[k] for v in values}) == 1 and _value(values[0][k]) not in (0, None)
            for block, values in tables.items()
            for k in range(1 if ", " in block else min(map(len, values)))
        )

    def _sentence(self, row):
        said, fill = _data("sentences"), dict(row["fill"])
        fill |= {"y": self.formula.y or "the outcome", "outcome": self.formula.y or "outcome"}
        fill |= {"on": _fill(said["on"][self.link], fill), "total": _fill(said["total"][self.link], fill)}
        fill |= {"cumulative": said["cumulative"].get(self.link, said["cumulative"][""])}
        key = row["key"]
        if key in said["why"]:
            return _fill(said["cannot tell"], fill | {"why": _fill(said["why"][key], fill)})
        sentences = [key]
        if key.startswith("random sd"):
            sentences += ["square"] if fill["variance"] else []
            sentences += (
                ["random correlation" if len(row["extra"]) == 1 else "random correlations"]
                if row["extra"]
                else []
            )
            sentences += ["split"] if _has(r"\.\d+$", fill["group"]) else []
        if key == "coef":
            sentences += ["coef constant"] if fill["constant"] else []
            groups = {r["block"].partition(",")[0] for r in self.rows if r["kind"] == "groups"}
            sentences += ["coef others"] if len(groups) > 1 else []
        if row["role"] in ("common effect", "deviation") and any(r["role"] == "cut-point" for r in self.rows):
            sentences.append("subtracted")
        return " ".join(_fill(said["rows"][s], fill) for s in sentences)

    # what is said above the table

    def health(self):
        """Return what the print shows of the health of the fit."""
        said, found = _data("sentences")["health"], []
        found += [
            words
            for pattern, words in self.data["warnings"]
            if any(_has(pattern, line) for line in self.lines)
        ]
        for key, rows in self.sick.items():
            worst = max(rows, key=lambda r: _value(r[1]) if key == "r_hat" else -_value(r[1]))
            names = len({name for name, _ in rows})
            more = (
                f", and {names - 1} more {'row is' if names == 2 else 'rows are'} like it"
                if names > 1
                else ""
            )
            found.append(_fill(said[key], {"name": worst[0], "value": worst[1], "more": more}))
        for row in self.rows:
            if row["kind"] != "random" or row["why"] or row["row"] == "Residual":
                continue
            found += [
                _fill(said["boundary"], {"name": row["block"], "value": v})
                for v in row["extra"]
                if abs(_value(v)) > 0.995
            ]
            sd = row["parts"].get("Std.Dev.")
            if sd is not None and _value(sd) < 1e-4:
                found.append(_fill(said["zero"], {"name": row["group"], "value": sd}))
        return found

    def notes(self):
        """Return what the program means by its rows, and what is often misread."""
        said, roles = _data("sentences"), {row["role"] for row in self.rows}
        found = [
            text
            for name in self.program["notes"]
            for when, text in said["notes"].get(name, [])
            if not when or when in roles
        ]
        if roles & {"intercept", "common effect", "level", "cut-point"}:
            found += [said["notes"]["link"][self.link]] if self.link in said["notes"]["link"] else []
        columns = dict.fromkeys(column for row in self.rows for column in row["columns"])
        if roles != {"cannot tell"} or self.program["name"] in ("ArviZ", "Stan"):
            found += [
                text
                for pattern, text in said["intervals"]
                if any(_has(pattern, column) for column in columns)
            ]
        return list(dict.fromkeys(found))

    def questions(self):
        """Return the few things that only the reader can answer, each with what follows."""
        found, keys = [], {}
        for row in self.rows:
            keys.setdefault(row["key"], row["fill"])
        if not self.link and any(row["role"] in ("intercept", "level", "common effect") for row in self.rows):
            keys.setdefault("no scale", {})
        for key, question in _data("sentences")["questions"]:
            found += [_fill(question, keys[key])] if key in keys else []
        return found[:ASKED]


def _listed(words):
    """Join words as a sentence does."""
    words = list(words)
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
