"""The tables of a print: a list of rows, each with its table's heading, its numbers, and why it is not read."""

import re

from helpers.printed.text import bounds, columns, data, find, has, numbers, numeric, value, words

R_HAT_CEILING, ESS_FLOOR = 1.01, 400  # lesson 01


class Tables:
    """Go through the lines once; `rows` has the rows, `sick` what diagnostics are out of bounds."""

    def __init__(self, program, lines):
        self.program, self.lines, self.patterns = program, lines, data("patterns")
        self.rows, self.sick, self.block, self.skipped = [], {}, None, ""
        for number, line in enumerate(lines):
            if line.strip():
                self._take(line, next((x for x in lines[number + 1 :] if x.strip()), ""))
            elif self.block and self.block["names"] and self.block["kind"] != "groups":
                self._close()

    def _close(self):
        if self.block and self.block["kind"] not in ("skip", "vector"):
            self.block["kind"] = "closed"

    def _take(self, line, following):
        """Take a line as a heading, as an end or as a row."""
        block = self.block
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
        elif self.program["end"] and has(self.program["end"], line):
            self._close()
        elif block is None or block["kind"] == "closed":
            self._stray(line)
        elif block["kind"] != "skip":
            getattr(self, f"_in_{block['kind']}")(block, line)

    def _new(self, kind, title, rules):
        return {"kind": kind, "title": title, "rules": rules, "columns": [], "names": [], "group": "",
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
        decimals = [x for x in after if has(r"^[-+]?\d+[.,]\d+$", x)]
        if len(decimals) < 2 or not has(r"^[A-Za-z(]", name) or has(self.patterns["text"], line):
            return
        if not (self.block and name in self.block["names"]):
            self._add("", name, [], why="heading")

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
        odd = odd or any(has(r"^[-+]?\d+[.,]\d+$", word) for word in name.split()[1:])
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
                block["names"].append(name)
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
        self._add(block["title"], name, values or [], kind="groups", heads=block["columns"], why=why)
        block["names"].append(name)

    def _in_vector(self, block, line):
        """Take names on one line and their numbers on the next."""
        tokens = line.split()
        if not any(numeric(x) for x in tokens):
            block["columns"] = tokens
            return
        fits = len(tokens) == len(block["columns"]) and all(numeric(x) for x in tokens)
        for name, shown in zip(block["columns"], tokens, strict=False):
            self._add(block["title"], name, [shown], block["rules"], why="" if fits else "numbers")
            block["names"].append(name)
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
                  group=group, parts=parts, extra=extra, above=list(block["above"]))  # fmt: skip
        block["above"].append(name)
        block["names"].append(name)


def family_and_link(program, text):
    """Return the family and the link that a print states, or empty words."""
    for pattern, family, link in program["scale"]:
        found = find(pattern, text)
        if found:
            parts = dict(enumerate(found.groups(), 1))
            return tuple(re.sub(r"\$(\d)", lambda m, p=parts: p[int(m[1])], x) for x in (family, link))
    return "", ""
