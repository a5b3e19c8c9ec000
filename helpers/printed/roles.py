"""The role of each row of a print and its sentence."""

import re
from functools import cached_property

from helpers.printed.formula import Formula
from helpers.printed.tables import Tables, family_and_link
from helpers.printed.text import data, fill, find, has, listed, value

NO_SCALE = {"noise", "dispersion", "correlation", "covariance", "computed", "cannot tell", "standardised"}
ASKED = 3  # questions at most


class Print:
    """One print: its rows with their roles, and what is said above them."""

    def __init__(self, program, lines, calls):
        self.program, self.lines, self.calls, self.patterns = program, lines, calls, data("patterns")
        self.text, self.said = "\n".join(lines), data("sentences")
        self.tables = Tables(program, lines)
        self.rows = self.tables.rows
        self.formula = Formula(lines, program["formula"])
        self.family, self.link = family_and_link(program, self.text)
        known = has(self.patterns["families"]["mean"], self.family.lower())
        self.link = self.link if known and self.link in self.patterns["links"] else ""
        families = self.patterns["families"]  # where the sum is not about the expected outcome:
        self.part = bool(has(families["part"], self.family.lower()) or find(families["two"], self.text))
        self.y = self.formula.y or next((m[1] for m in [find(program.get("y", "(?!)"), self.text)] if m), "")
        for block in dict.fromkeys(row["block"] for row in self.rows):
            self._tell([row for row in self.rows if row["block"] == block])
        self.ordinal = any(row["role"] == "cut-point" for row in self.rows)
        for row in self.rows:
            row["sentence"] = self._sentence(row)
            link = "logit" if row["key"].startswith("zero ") else self.link
            squared = ", squared" if row["role"] == "population variance" else ""
            row["scale"] = None if row["role"] in NO_SCALE or not link else link + squared

    def _tell(self, rows):
        """Give the rows of one table their roles."""
        formula, names = self.formula, [row["row"] for row in rows if not row["why"]]
        self.prefixes = formula.prefixes + [
            x.removesuffix("_Intercept") for x in names if x.endswith("_Intercept")
        ]
        self.intercept = formula.intercept
        if not formula.known:
            seen = [row["row"] for row in self.rows if row["kind"] == "rows" and not row["why"]]
            shape = r"^(?:b_)?\(?Intercept\)?(?: M)?(?:\[|$)|^threshold\[|^\d+\|\d+$"
            self.intercept = True if any(has(shape, name) for name in seen) else None
        self.suffixes = {}
        for name in names if formula.known else []:
            x, rest = (formula.explain(name) if ":" not in name else None) or ("", "")
            if x and rest and self._is_factor(x):
                self.suffixes.setdefault(x, set()).add(rest)
        self.full = next(
            (x for x in formula.atoms if x in self.suffixes), None
        )  # the factor with all its levels
        draws = any(name.startswith("b_") for name in names)  # of brms, which print like its fixef()
        for row in rows:
            row["rules"] = "brms named" if draws and row["rules"] == "brms draws" else row["rules"]
            row["role"], row["key"], row["fill"] = self._role(row)
            row["products"] = [name for name in names if ":" in name]

    def _is_factor(self, atom):
        return "(" not in atom or bool(has(self.patterns["contrasts"]["factor"], atom))

    def _role(self, row):
        """Return a row's role, the key of its sentence, and what to fill in."""
        said = {"row": row["row"], "first": row["values"][0] if row["values"] else ""}
        if row["why"]:
            return "cannot tell", row["why"], said
        if row["kind"] == "random":
            return self._random(row, said)
        if row["kind"] == "groups":
            return self._groups(row, said)
        if row["kind"] == "line":
            return ("noise" if row["rules"].startswith("noise") else "dispersion"), row["rules"], said
        rules = [
            rule
            for rule in self.patterns["rules"][row["rules"]]
            if len(rule) < 4 or has(rule[3], self.family)
        ]
        rule = next((rule for rule in rules if has(rule[0], row["row"])), None)
        if rule is None:
            return "cannot tell", "not known", said
        if row["rules"] == "Bambi" and any(row["row"].startswith(f"{x}_") for x in self.prefixes):
            return "cannot tell", "distributional", said
        found, role, key = has(rule[0], row["row"]), rule[1], rule[2]
        if row["rules"] == "statsmodels Bayes":
            row["row"] = said["row"] = re.sub(" [MV]$", "", row["row"])
        said |= {str(i): part for i, part in enumerate(found.groups(), 1)}
        said |= {"x": said.get("1", ""), "level": said.get("2", ""), "group": row["block"].partition("~")[2]}
        if role in ("effect", "strict effect"):
            return self._effect(re.sub("^b_", "", row["row"]), role, said)
        if role == "bracket":
            return self._bracket(said)
        if key == "brms sd slope" and self.formula.known and not self.formula.made_of(said["1"]):
            return "cannot tell", "unnamed", said
        if key == "intercept" and self.formula.known and not self.formula.atoms:
            key = "intercept alone"
        return role, key, said

    def _bracket(self, said):
        """Tell Python's name[level], which is a level only if there is no intercept."""
        if self.program["name"] == "statsmodels":
            return ("level", "level", said) if self.intercept is None else ("cannot tell", "not known", said)
        if self.intercept:
            return "common effect", "effect Bambi level", said
        return "cannot tell", "bracket", said

    def _effect(self, name, role, said):
        """Tell a common effect of a program that names it as R does, from a variable and a level."""
        formula, parts, contrasts = self.formula, name.split(":"), self.patterns["contrasts"]
        if has(self.patterns["distributional"], name) or any(name.startswith(f"{x}_") for x in self.prefixes):
            return "cannot tell", "distributional", said
        if formula.known and not all(map(formula.explain, parts)) and "." not in formula.atoms:
            return "cannot tell", "unnamed", said
        if self.intercept is None or (role == "strict effect" and not formula.known):
            return "cannot tell", "no formula", said
        if len(parts) > 1:
            return (
                ("common effect", "interaction", said) if self.intercept else ("cannot tell", "coding", said)
            )
        x, rest = (formula.explain(name) if formula.known else None) or ("", "")
        said |= {"x": x, "level": rest}
        if not x:
            return (
                ("common effect", "effect unknown", said)
                if self.intercept
                else ("cannot tell", "ambiguous", said)
            )
        if has(self.patterns["contrasts"]["special"], x):
            return "cannot tell", "special", said
        if not self._is_factor(x):
            return "common effect", "effect column" if rest else "effect number", said
        if not rest:
            return "common effect", "effect number", said
        if not self.intercept and x == self.full:
            return "level", "level", said
        if has(contrasts["polynomial"], rest):
            return "common effect", "effect polynomial", said
        counted = self.suffixes[x] == {str(k + 1) for k in range(len(self.suffixes[x]))}
        return "common effect", "effect digits" if counted else "effect level", said

    def _random(self, row, said):
        parts = row["parts"]
        said |= {
            "group": row["group"],
            "sd": parts.get("Std.Dev.", ""),
            "variance": parts.get("Variance", ""),
        }
        said |= {"correlations": listed(row["extra"]), "above": listed(row["above"])}
        if row["block"].startswith("Zero-inflation"):
            return "cannot tell", "distributional", said
        if not row["group"]:
            if self.family != "gaussian":
                return ("dispersion", "dispersion", said) if self.family else ("noise", "noise unknown", said)
            return (
                "noise",
                "noise both" if len(parts) == 2 else "noise" if said["sd"] else "noise variance",
                said,
            )
        if self.formula.groups and not self.formula.made_of(row["row"]):
            return "cannot tell", "unnamed", said
        if not said["sd"]:
            return "population variance", "random variance", said
        return "population sd", "random sd intercept" if row["row"] == "(Intercept)" else "random sd", said

    def _groups(self, row, said):
        """Tell a row of ranef() or coef(), if anything in the text tells which of them."""
        group, _, page = row["block"].removeprefix("$").partition(", ")
        shown = [f"{v} for {page or c}" for c, v in zip(row["columns"], row["values"], strict=False)]
        said |= {"values": listed(shown[: 1 if page else None]), "group": group}
        said |= {
            "constant": listed(self._constant[row["block"]]),
            "is": "is" if page or len(shown) == 1 else "are each",
        }
        if self._accessors == {"ranef"}:
            return "deviation", "ranef", said
        if self._accessors == {"coef"}:
            return "level already summed", "coef", said
        return "cannot tell", "ranef or coef", said

    @cached_property
    def _accessors(self):
        """Return which of ranef() and coef() the text shows, by a call, by what they print last, or by a column."""
        calls, tails = self.patterns["calls"], self.patterns["tails"]
        found = {kind for kind, call in calls.items() if any(has(call, line) for line in self.calls)}
        found |= {kind for kind, tail in tails.items() if find(tail, self.text)}
        return found | ({"coef"} if any(self._constant.values()) else set())

    @cached_property
    def _constant(self):
        """Return, by table, the columns with the same number in each row, which deviations never have."""
        tables, found = {}, {}
        for row in self.rows:
            if row["kind"] == "groups":
                tables.setdefault(row["block"], []).extend([] if row["why"] else [row])
        for block, rows in tables.items():
            page = block.partition(", ")[2]
            names = enumerate([page] if page else rows[0]["columns"] if rows else [])
            same = [
                name
                for k, name in names
                if len({row["values"][k] for row in rows}) == 1 and value(rows[0]["values"][k])
            ]
            found[block] = same if len(rows) > 3 else []
        return found

    def _sentence(self, row):
        said, key = self.said, row["key"]
        values = row["fill"] | {"y": self.y or "the outcome", "outcome": self.y or "outcome"}
        values["on"] = fill(said["on"][self.link], values)
        values["total"] = fill(said["total"]["" if self.part else self.link], values)
        values["cumulative"] = said["cumulative"].get(self.link, said["cumulative"][""])
        if row["role"] == "cannot tell":
            return fill(said["cannot tell"], values | {"why": fill(said["why"][key], values)})
        keys, name = [key], row["row"]
        if key.startswith("random sd"):
            keys += ["square"] * bool(values["variance"])
            keys += ["random correlation" if len(row["extra"]) == 1 else "random correlations"] * bool(
                row["extra"]
            )
            keys += ["split"] * bool(has(r"\.\d+$", values["group"]))
        if key == "coef":
            keys += ["coef constant"] * bool(values["constant"])
            keys += ["coef others"] * (len({block.split(", ")[0] for block in self._constant}) > 1)
        if key.startswith("effect") and row["kind"] == "rows":
            products = [x for x in row["products"] if name in x.split(":")]
            values["products"] = listed(products)
            keys += ["elsewhere"] * bool(products)
        if row["role"] in ("common effect", "deviation") and self.ordinal:
            keys.append("subtracted")
        return " ".join(fill(said["rows"][k], values) for k in keys)

    def health(self):
        """Return what the print shows of the health of the fit."""
        said = self.said["health"]
        found = [
            x for pattern, x in self.patterns["warnings"] if any(has(pattern, line) for line in self.lines)
        ]
        for key, rows in self.tables.sick.items():
            name, worst = sorted(rows, key=lambda r: value(r[1]))[-1 if key == "r_hat" else 0]
            others = len({name for name, _ in rows}) - 1
            more = f", and {others} more {'row is' if others == 1 else 'rows are'} like it" if others else ""
            found.append(fill(said[key], {"name": name, "value": worst, "more": more}))
        for row in self.rows:
            if row["kind"] != "random" or row["why"] or not row["group"]:
                continue
            ends = [x for x in row["extra"] if abs(value(x)) > 0.995]
            found += [fill(said["boundary"], {"name": row["block"], "value": x}) for x in ends]
            sd = row["parts"].get("Std.Dev.")
            if sd is not None and value(sd) < 1e-4:
                found.append(fill(said["zero"], {"name": row["group"], "value": sd}))
        return found

    def notes(self):
        """Return what the program means by its rows, and what is often misread."""
        notes, roles = self.said["notes"], {row["role"] for row in self.rows}
        found = [x for key in self.program["notes"] for when, x in notes.get(key, []) if when in roles]
        if roles & {"intercept", "common effect", "level", "cut-point", "deviation", "population sd"}:
            link = "log, part" if self.part and self.link == "log" else self.link
            found += [notes["link"][link]] if link in notes["link"] else []
        found += (
            [fill(notes["offset"], {"offset": listed(self.formula.offsets)})] if self.formula.offsets else []
        )
        heads = {column for row in self.rows for column in row["columns"]}
        found += [x for pattern, x in self.said["intervals"] if any(has(pattern, column) for column in heads)]
        return list(dict.fromkeys(found))

    def questions(self):
        """Return the few things that only the reader can answer, each with what follows."""
        keys = {row["key"]: row["fill"] for row in reversed(self.rows)}
        if not self.link and any(row["role"] in ("intercept", "level", "common effect") for row in self.rows):
            keys["no scale"] = {}
        return [fill(question, keys[key]) for key, question in self.said["questions"] if key in keys][:ASKED]
