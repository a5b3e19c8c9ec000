"""The tables of a print: a list of rows, each with its table's heading, its numbers, and why it is not read."""

import re

from helpers.printed.text import bounds, columns, data, find, has, numbers, numeric, value, words

R_HAT_CEILING, ESS_FLOOR = 1.01, 400  # lesson 01
DECIMAL = r"^[-+]?\d+[.,]\d+(?:[eE][-+]?\d+)?$"
SECOND = r"^\$(?:zi|disp)(?=\$|$)"  # glmmTMB's tables for a second formula


class Tables:
    """Go through the lines once.

    `rows` has the rows, `sick` what diagnostics are out of bounds, `levels` the printed number of groups, and
    `shown` by what is printed after one command, of ranef() and coef(), what it shows itself to be.
    """

    def __init__(self, program, lines, calls):
        self.program, self.lines, self.patterns = program, lines, data("patterns")
        self.rows, self.sick, self.levels, self.block, self.skipped = [], {}, {}, None, ""
        self.shown, self.titles, self.gap = [set()], set(), True
        called = dict(calls)  # of several commands in a row only the last has printed
        for number, line in enumerate(lines):
            if number in called:
                self.block = None
                self._next({called[number]} - {""})
            if line:
                self._take(line, next((x for x in lines[number + 1 : number + 3] if x), ""))
            elif self.block and self.block["names"] and self.block["kind"] != "groups":
                self._close()
            self.gap = not line

    def _next(self, shown):
        self.shown.append(shown)
        self.titles = set()

    def _close(self):
        if self.block and self.block["kind"] not in ("skip", "vector"):
            self.block["kind"] = "closed"

    def _take(self, line, following):
        """Take a line as a heading, as an end or as a row."""
        block = self.block
        outside = block is None or block["kind"] == "closed"
        for kind, tail in self.patterns["tails"].items():
            if has(tail, line):
                self.shown[-1].add(kind)
        if has(self.patterns["levels"], line):
            for group, n, of_brms, m in re.findall(self.patterns["level"], line, re.ASCII):
                self.levels[group or of_brms] = int(n or m)
        for start in self.program["blocks"]:
            found = has(start["start"], line)
            if not found or (start["kind"].startswith("bare") and block):
                continue
            if start["kind"] == "heads" and block and block["kind"] == "rows" and not block["columns"]:
                continue
            self._start(start, found, line, following)
            return
        if any(has(pattern, line) for pattern, _ in self.patterns["beside"]) or self._joined(line):
            self.block = self._new("unknown", "", "")
        elif has(self.patterns["message"], line) or (self.program["end"] and has(self.program["end"], line)):
            self._close()
        elif (outside or (block["kind"] == "skip" and self.gap)) and has(self.patterns["frame"], line):
            self.block = self._new("frame", "", "")
        elif outside:
            self._stray(line)
        elif block["kind"] != "skip":
            getattr(self, f"_in_{block['kind']}")(block, line)

    def _new(self, kind, title, rules):
        return {"kind": kind, "title": title, "rules": rules, "columns": [], "names": set(), "group": "",
                "above": [], "again": False}  # fmt: skip

    def _start(self, start, found, line, following):
        kind, part = start["kind"], found[1] if found.re.groups else ""
        title = start["title"].replace("$1", part or "").replace("$table", self.skipped)
        if kind == "line":
            self._add(title, part.strip(), [found[2]], rules=start["rules"], kind="line")
            return
        if kind == "page":  # one of several under the same heading
            inside = self.block is not None and self.block["kind"] == "groups"
            title = f"{self.block['title'].split(', ')[0]}, {title}" if inside else ""
            kind = "groups" if inside else "unknown"
        elif kind == "groups":
            part = has(SECOND, self.block["title"]) if self.block else None
            title = part[0] + title if part and title != "$cond" and not has(SECOND, title) else title
            if title in self.titles:  # another print begins
                self._next(set())
            self.titles.add(title)
        elif kind == "skip":
            self.skipped = part
        elif kind == "either":
            kind = "random" if has(r"^\s*Groups\s+Name\b", following) else "vector"
            kind = "rows" if kind == "vector" and has(self.patterns["header"], following) else kind
        self.block = self._new(kind, title, start["rules"])
        if kind in ("heads", "bare", "bare random", "bare vector"):
            self.block["kind"] = {"bare random": "random", "bare vector": "vector"}.get(kind, "rows")
            self.block["columns"] = columns(line) if kind != "bare vector" else line.split()

    def _joined(self, line):
        """Say whether a line has a table's heading and more, as when line breaks are lost."""
        heads = [
            b["start"].removesuffix(r":\s*$") for b in self.program["blocks"] if b["start"].endswith(r":\s*$")
        ]
        return any(has(head.replace("^", r"(?:^|\s)", 1) + r":\s+\S", line) for head in heads)

    def _add(self, title, name, values, rules="", kind="rows", heads=(), why="", **more):
        self.rows.append({"row": name, "block": title, "values": values, "rules": rules, "kind": kind,
                          "columns": list(heads), "why": why, **more})  # fmt: skip

    def _stray(self, line):
        """Take a line that is in no table, if it looks like a row."""
        before, after = numbers(line)
        name = " ".join(before)
        decimals = [x for x in after if has(DECIMAL, x)]
        if len(decimals) < 2 or not has(r"^[A-Za-z(]", name) or has(self.patterns["text"], line):
            return
        if not (self.block and name in self.block["names"]):
            self._add("", name, [], why="heading")

    def _in_frame(self, block, line):
        before, after = numbers(line)
        name = " ".join(before) or after.pop(0)
        if any(has(DECIMAL, x) for x in after):
            self._add("", name, [], why="ranef or coef")
            block["names"].add(name)
        else:
            self._close()

    def _in_unknown(self, block, line):
        tokens = words(line)
        decimals = [x for x in tokens if has(r"\d[.,]\d", x) and numeric(x)]
        if len(decimals) > 1 and not numeric(tokens[0]):
            self._add(block["title"], tokens[0], [], why="block")

    def _row(self, block, line):
        """Return a row's name and its values; the values are None if the line is not a row of this table."""
        before, after = numbers(line)
        n, tokens = len(block["columns"]), before + after
        if block["rules"].startswith("statsmodels") and has(r" (?:Var|Cov|[MV])$", " ".join(before)):
            n = min(len(after), n) or n  # these rows have empty cells
        name = " ".join(tokens[: len(tokens) - n] if len(after) >= n else before)
        odd = has("[-=_]{4}", name) or name.count("(") != name.count(")")
        odd = odd or any(has(DECIMAL, word) for word in name.split()[1:])
        return name, tokens[len(tokens) - n :] if len(after) >= n > 0 and name and not odd else None

    def _heading(self, block, line):
        """Take a line as the names of the columns, if it is one."""
        if any(numeric(x) and x != "..." for x in line.split()):
            return False
        if block["kind"] == "rows" and not has(self.patterns["header"], line):
            return False
        block["again"] = bool(block["columns"])
        block["columns"] = columns(line)
        return True

    def _in_rows(self, block, line, diagnostics=False):
        if self._heading(block, line) or not has(r"[^\s=_-]", line):
            return
        name, values = self._row(block, line)
        repeated = block["again"] and name in block["names"]  # the columns of a wide table, continued
        if not diagnostics and not repeated:
            why = "numbers" if values is None else "twice" if block["again"] else ""
            why = why if block["columns"] else "heading"
            if has(r"\d", line) or (block["columns"] and not line.startswith(" ")):
                self._add(block["title"], name, values or [], block["rules"], heads=block["columns"], why=why)
                block["names"].add(name)
        for column, shown in zip(block["columns"], values or [], strict=False):
            number = value(shown)
            sick = {"r_hat": number is not None and number > R_HAT_CEILING,
                    "ess": number is not None and number < ESS_FLOOR}  # fmt: skip
            for key in sick:
                if sick[key] and has(self.patterns[key], column):
                    self.sick.setdefault(key, []).append((name, shown))

    def _in_diagnostics(self, block, line):
        self._in_rows(block, line, diagnostics=True)

    def _in_groups(self, block, line):
        """Take a row of ranef() or coef(): a group and its numbers."""
        if has(r"^(?:with conditional|attr|\[\d+\])", line):
            return
        if not any(numeric(x) for x in line.split()):
            self._heading(block, line)
            return
        name, values = self._row(block, line)
        if block["again"] and name in block["names"]:
            return
        page = ", " in block["title"]
        strange = [c for c in block["columns"] if has(r"^(?:Std\. ?Error|[tz] value|Pr|mean|sd|Variance)", c)]
        strange = strange or ("Estimate" in block["columns"]) != page
        why = "numbers" if values is None else "column" if strange else "twice" if block["again"] else ""
        why = "distributional" if block["title"].startswith("$disp$") else why
        self._add(block["title"], name, values or [], kind="groups", heads=block["columns"], why=why,
                  print=len(self.shown) - 1)  # fmt: skip
        block["names"].add(name)

    def _in_vector(self, block, line):
        """Take names on one line and their numbers on the next, or else rows of groups under these names."""
        tokens, n = line.split(), len(block["columns"])
        if not any(numeric(x) for x in tokens):
            block["columns"] = tokens
            return
        bare = block["title"] == "fixef" and not block["names"]
        if bare and len(tokens) > n > 0 and all(map(numeric, tokens[-n:])) and not has(DECIMAL, tokens[0]):
            self.block = self._new("groups", "", "groups")
            self.block["columns"] = block["columns"]
            self._in_groups(self.block, line)
            return
        if not all(numeric(x) for x in tokens):
            block["columns"] = []
        decimals = {
            len(x.replace(",", ".").partition(".")[2]) for x in tokens
        }  # R prints as many of each number
        fits = len(tokens) == len(block["columns"]) and len(decimals) == 1
        for name, shown in zip(block["columns"], tokens, strict=False):
            self._add(block["title"], name, [shown], block["rules"], why="" if fits else "numbers",
                      print=len(self.shown) - 1)  # fmt: skip
            block["names"].add(name)
        block["columns"] = []

    def _in_random(self, block, line):
        """Take a row of lme4's kind: a group, or nothing where it is that of the row above, a term, numbers."""
        if has(r"^\s*Groups\s+Name\b", line):
            block["columns"] = columns(line)
            return
        before, after = numbers(line)
        if not after or has(self.patterns["text"], line):
            return
        kinds = [c for c in block["columns"] if c in ("Variance", "Std.Dev.")]
        group = block["group"]
        if before == ["Residual"]:
            group = ""
        elif len(before) > 1 and before[0].count("(") == before[0].count(")"):
            group, before = before[0], before[1:]
            block["group"], block["above"] = group, []
        name, extra = " ".join(before), after[len(kinds) :]
        places = len(block["above"]) if "Corr" in block["columns"] and name != "Residual" else 0
        correlations = [value(x) for x in extra]
        parts = dict(zip(kinds, after, strict=False))
        odd = [
            len(after) < len(kinds) or len(extra) > places or None in map(value, after),
            any(c is None or abs(c) > 1 for c in correlations),
            not (group or name == "Residual") or has("[:,.]$", group) or name.count("(") != name.count(")"),
        ]
        why = "heading" if not kinds else "numbers" if any(odd) or has(r"(?:^|\s)-?\d+\.\d", name) else ""
        if not why and len(kinds) == 2:
            low, high = bounds(parts["Std.Dev."])
            least, most = bounds(parts["Variance"])
            why = "" if max(low, 0) ** 2 <= most and least <= high**2 else "square"
        title = f"{block['title']}, {group}" if group else block["title"]
        self._add(title, name, after, "random", "random", block["columns"], why,
                  group=group, parts=parts, extra=extra, above=block["above"][: len(extra)])  # fmt: skip
        block["above"].append(name)
        block["names"].add(name)


def family_and_link(program, text):
    """Return the family and the link that a print states, or empty words."""
    for pattern, family, link in program["scale"]:
        found = find(pattern, text)
        if found:
            parts = dict(enumerate(found.groups(), 1))
            return tuple(re.sub(r"\$(\d)", lambda m, p=parts: p[int(m[1])], x) for x in (family, link))
    return "", ""
