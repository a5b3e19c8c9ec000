"""The role of each row of a print and its sentence."""

import re
from functools import cached_property

from helpers.printed.formula import Formula
from helpers.printed.tables import Tables, family_and_link
from helpers.printed.text import bounds, data, fill, find, has, listed, value

NAMED = 8  # rows that a sentence names at most
MANY = 5  # entries of a name, at least, before their mean is compared with anything
NEAR, FAR = 1.1, 1.5  # times the population sd
NO_SCALE = {"noise", "dispersion", "correlation", "covariance", "computed", "cannot tell", "standardised"}
ASKED = 3  # questions at most


class Print:
    """One print: its rows with their roles, and what is said above them."""

    def __init__(self, program, lines, calls):
        self.program, self.lines, self.calls, self.patterns = program, lines, calls, data("patterns")
        self.text, self.said = "\n".join(lines), data("sentences")
        self.tables = Tables(program, lines, calls)
        self.fitting = set()  # ranef or coef, if only the numbers tell
        self.rows = self.tables.rows
        self.formula = Formula(lines, program["formula"])
        if find(self.patterns["grouped"], self.text) and not self.formula.groups:
            self.formula.known = False  # it is cut
        self.family, self.link = family_and_link(program, self.text)
        known = has(self.patterns["families"]["mean"], self.family.lower())
        self.link = self.link if known and self.link in self.patterns["links"] else ""
        families = self.patterns["families"]  # where the sum is not about the expected outcome:
        self.part = bool(has(families["part"], self.family.lower()) or find(families["two"], self.text))
        self.y = self.formula.y or next((m[1] for m in [find(program.get("y", "(?!)"), self.text)] if m), "")
        seen = [row["row"] for row in self.rows if row["kind"] == "rows" and not row["why"]]
        shape = r"^(?:b_)?\(?Intercept\)?(?: M)?(?:\[|$)|^threshold\[|^\d+\|\d+$"
        self.intercept = True if any(has(shape, name) for name in seen) else None
        self.intercept = self.formula.intercept if self.formula.known else self.intercept
        self.mixed = any(row["block"] != "fixef" for row in self.rows)
        blocks = {}
        for row in self.rows:
            blocks.setdefault(row["block"], []).append(row)
        for rows in blocks.values():
            self._tell(rows)
        self.ordinal = any(row["role"] == "cut-point" for row in self.rows)
        first = {}
        for row in self.rows:
            why = (row["block"], row["key"], row["fill"]["1"] if row["key"] == "own entry" else "")
            row["like"] = first.setdefault(why, row["row"]) if row["role"] == "cannot tell" else row["row"]
            row["sentence"] = self._sentence(row)
            link = "logit" if row["key"].startswith("zero ") or row["block"].startswith("$zi$") else self.link
            squared = ", squared" if row["role"] == "population variance" else ""
            row["scale"] = None if row["role"] in NO_SCALE or not link else link + squared

    def _tell(self, rows):
        """Give the rows of one table their roles."""
        formula, names = self.formula, [row["row"] for row in rows if not row["why"]]
        self.prefixes = formula.prefixes + [
            x.removesuffix("_Intercept") for x in names if x.endswith("_Intercept")
        ]
        self.suffixes = {}
        for name in names if formula.known else []:
            x, rest = (formula.explain(name) if ":" not in name else None) or ("", "")
            if x and rest and self._is_factor(x):
                self.suffixes.setdefault(x, set()).add(rest)
        self.counted = [
            x for x, rests in self.suffixes.items() if rests == {str(k + 1) for k in range(len(rests))}
        ]
        self.full = next(
            (x for x in formula.atoms if x in self.suffixes), None
        )  # the factor with all its levels
        draws = any(name.startswith("b_") for name in names)  # of brms, which print like its fixef()
        products = {}
        for name in names:
            for part in dict.fromkeys(name.split(":") if ":" in name else []):
                products.setdefault(part, []).append(name)
        for row in rows:
            row["rules"] = "brms named" if draws and row["rules"] == "brms draws" else row["rules"]
            row["role"], row["key"], row["fill"] = self._role(row)
            row["products"] = products.get(row["row"], [])

    def _is_factor(self, atom):
        return "(" not in atom or bool(has(self.patterns["contrasts"]["factor"], atom))

    def _role(self, row):
        """Return a row's role, the key of its sentence, and what to fill in."""
        said = {"row": row["row"], "first": row["values"][0] if row["values"] else ""}
        if row["why"]:
            return "cannot tell", row["why"], said
        if row["block"] == "fixef" and "print" in row and "fixef" not in self.tables.shown[row["print"]]:
            if self.mixed:  # it may be of any part of the model
                return "cannot tell", "heading", said
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
        return "common effect", "effect digits" if x in self.counted else "effect level", said

    def _random(self, row, said):
        parts = row["parts"]
        said |= {
            "group": row["group"],
            "sd": parts.get("Std.Dev.", ""),
            "variance": parts.get("Variance", ""),
        }
        said |= {"correlations": listed(row["extra"]), "above": listed(row["above"])}
        if row["block"].startswith("Zero-inflation"):
            return (
                ("population sd", "zero sd", said) if said["sd"] else ("cannot tell", "distributional", said)
            )
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
        names = [page] if page else row["columns"]
        shown = [f"{v} for {c}" for c, v in zip(names, row["values"], strict=False)]
        said |= {
            "values": listed(shown),
            "group": group.removeprefix("zi$").strip("`") or "its grouping factor",
            "names": listed(names),
        }
        said |= {"constant": listed(self._constant[row["print"], row["block"]])}
        said |= {"is": "is", "s": ""} if len(shown) == 1 else {"is": "are", "s": "s"}
        if self._accessors[row["print"]] == {"ranef"}:
            return "deviation", "ranef", said
        if self._accessors[row["print"]] == {"coef"}:
            return "level already summed", "coef", said
        return "cannot tell", "ranef or coef", said

    @cached_property
    def _accessors(self):
        """Return for each print which of ranef() and coef() it shows itself to be.

        That is by its command, by what it prints last, by a column, by its program or by its numbers.
        """
        found = [set(shown) for shown in self.tables.shown]
        for (number, block), same in self._constant.items():
            found[number] |= {"coef"} if same and block else set()
        if self.program["name"] == "ordinal":  # its coef() prints no such table
            found = [shown or {"ranef"} for shown in found]
        fitting = {}
        for number, kind in self._spreads():
            if not found[number]:
                fitting.setdefault(number, set()).add(kind)
        self.fitting = set().union(*[kinds for kinds in fitting.values() if len(kinds) == 1])
        return [shown or fitting.get(number, set()) for number, shown in enumerate(found)]

    @cached_property
    def _printed(self):
        """Return the rows of ranef() and coef() by their print and their table."""
        tables = {}
        for row in self.rows:
            if row["kind"] == "groups":
                tables.setdefault((row["print"], row["block"]), []).append(row)
        return tables

    @cached_property
    def _constant(self):
        """Return, by print and table, the columns with the same number in each row, which deviations never have."""
        found = {}
        for (number, block), rows in self._printed.items():
            rows = [row for row in rows if not row["why"]]
            page = block.partition(", ")[2]
            names = enumerate([page] if page else rows[0]["columns"] if rows else [])
            same = [
                name
                for k, name in names
                if len({row["values"][k] for row in rows}) == 1 and value(rows[0]["values"][k])
            ]
            found[number, block] = same if len(rows) > 3 else []
        return found

    def _spreads(self):
        """Return for each column of groups its print and which of ranef() and coef() its numbers fit, if only one.

        About their centre, 0 or the common effect, the root mean square of all groups' terms is at most about the
        population sd. So it has to be below `NEAR` times the printed sd about one centre, and above `FAR` times the
        sd about the other one.
        """
        common, sds, found = {}, {}, []
        for row in self.rows:
            name, of_group = row["row"], has(r"^sd\((.+)\)$", row["row"]) if "~" in row["block"] else None
            if row["why"] or row["block"].startswith("Zero-inflation"):
                continue
            if row["kind"] == "random":
                sds[row["group"], name] = row["parts"].get("Std.Dev.")
            elif of_group:
                sds[row["block"].partition("~")[2], of_group[1]] = row["values"][0]
            elif row["kind"] == "rows":
                common[name] = row["values"][0]
        for (number, block), rows in self._printed.items():
            group, _, page = block.removeprefix("$").partition(", ")
            group = group.strip("`")
            whole = len(rows) == self.tables.levels.get(group) and not any(row["why"] for row in rows)
            for k, name in enumerate([page] if page else rows[0]["columns"] if whole else []):
                sd, centre = sds.get((group, name)), common.get(name)
                if whole and len(rows) > 3 and sd and centre:
                    found.append((number, _nearer([row["values"][k] for row in rows], centre, sd)))
        return [(number, kind) for number, kind in found if kind]

    @cached_property
    def _groupings(self):
        """Return for each print the number of its grouping factors."""
        found = [set() for _ in self.tables.shown]
        for number, block in self._printed:
            found[number].add(block.partition(", ")[0].replace("$zi$", "$"))
        return [len(blocks) for blocks in found]

    @cached_property
    def _own(self):
        """Return the entries and the scalars of a model's own names, but no scalar that is named like an sd."""
        entries, scalars = {}, {}
        for row in self.rows:
            if row["key"] == "own entry":
                entries.setdefault(row["fill"]["1"], []).append([value(x) for x in row["values"][:2]])
            elif row["key"] == "own scalar" and not has(self.patterns["spread"], row["row"]):
                if value(row["values"][0]) is not None:
                    scalars[row["row"]] = row["values"][0]
        return entries, scalars

    def _evidence(self, row):
        """Return a sentence if the entries of a name of the model's own average near one possible prior mean only."""
        if row["key"] != "own entry" or row["columns"][:2] != ["mean", "sd"]:
            return []
        (entries, scalars), name = self._own, row["fill"]["1"]
        numbers = entries[name]
        if len(numbers) < MANY or any(None in pair for pair in numbers):
            return []
        n, total, squares = len(numbers), 0.0, 0.0
        for mean, sd in numbers:
            total, squares = total + mean, squares + mean * mean + sd * sd
        mean = total / n
        error = (squares / n - mean * mean) / n  # squared, of the mean of the entries
        away = {c: (mean - value(x)) * (mean - value(x)) for c, x in scalars.items()}
        near, far = [c for c in away if away[c] <= error], [c for c in away if away[c] > 4 * error]
        said, fills = self.said["evidence"], {"name": name, "far": listed(far[:3])}
        if mean * mean <= error and far and not near:
            return [fill(said["zero"], fills)]
        if mean * mean > 4 * error and len(near) == 1:
            return [fill(said["level"], fills | {"near": near[0], "value": scalars[near[0]]})]
        return []

    def _sentence(self, row):
        said, key = self.said, row["key"]
        values = row["fill"] | {"y": self.y or "the outcome", "outcome": self.y or "outcome"}
        values["on"] = fill(said["on"][self.link], values)
        values["total"] = fill(said["total"]["" if self.part else self.link], values)
        values["cumulative"] = said["cumulative"].get(self.link, said["cumulative"][""])
        values["zero"] = said["zero"]["truncated" if self.family.startswith("truncated") else ""]
        if row["role"] == "cannot tell":
            if row["like"] != row["row"]:
                return fill(said["like"], values | {"like": row["like"]})
            told = fill(said["cannot tell"], values | {"why": fill(said["why"][key], values)})
            return " ".join([told, *self._evidence(row)])
        keys = [key]
        if key.startswith("random sd"):
            keys += ["square"] * bool(values["variance"])
            keys += ["random correlation" if len(row["extra"]) == 1 else "random correlations"] * bool(
                row["extra"]
            )
            keys += ["split"] * bool(has(r"\.\d+$", values["group"]))
        if key == "coef":
            keys += ["coef constant"] * bool(values["constant"])
            keys += ["coef others"] * (self._groupings[row["print"]] > 1)
        keys += ["zero groups"] * row["block"].startswith("$zi$")
        if key.startswith("effect") and row["kind"] == "rows":
            values["products"] = listed(row["products"])
            keys += ["elsewhere"] * bool(row["products"])
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
            worst = {}
            for name, shown in sorted(rows, key=lambda row: value(row[1]) * (-1 if key == "r_hat" else 1)):
                worst.setdefault(name, f"{name} ({shown})")
            named, others = list(worst.values())[:NAMED], len(worst) - NAMED
            named += [f"{others} more {'row' if others == 1 else 'rows'}"] if others > 0 else []
            found.append(fill(said[key], {"names": listed(named)}))
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
        given = [note for key in self.program["notes"] for note in notes.get(key, [])]
        found = [x for when, x, *unless in given if when in roles and not roles & set(unless)]
        if roles & {"intercept", "common effect", "level", "cut-point", "deviation", "population sd"}:
            link = "log, part" if self.part and self.link == "log" else self.link
            found += [notes["link"][link]] if link in notes["link"] else []
        found += (
            [fill(notes["offset"], {"offset": listed(self.formula.offsets)})] if self.formula.offsets else []
        )
        heads = {column for row in self.rows for column in row["columns"]}
        found += [x for pattern, x in self.said["intervals"] if any(has(pattern, column) for column in heads)]
        if (
            not self.part
            and self.link in notes["middle"]
            and roles & {"population sd", "population variance", "deviation"}
        ):
            found.append(notes["middle"][self.link])
        found += [notes["by numbers"][kind] for kind in sorted(self.fitting)]
        return list(dict.fromkeys(found))

    def questions(self):
        """Return the few things that only the reader can answer, each with what follows."""
        keys = {row["key"]: row["fill"] for row in reversed(self.rows)}
        if not self.link and any(row["role"] in ("intercept", "level", "common effect") for row in self.rows):
            keys["no scale"] = {}
        return [fill(question, keys[key]) for key, question in self.said["questions"] if key in keys][:ASKED]


def _nearer(shown, centre, sd):
    """Return "ranef" if numbers spread around 0 by about a printed sd and not around a centre, "coef" if the reverse."""
    numbers = [value(x) for x in [*shown, centre, sd]]
    if None in numbers:
        return ""
    *terms, centre, _ = numbers
    least, most = bounds(sd)
    least, most = max(least, 0) * NEAR, most * FAR
    about = [0.0, 0.0]
    for term in terms:
        about[0] += term * term
        about[1] += (term - centre) * (term - centre)
    near, far = (
        [x <= len(terms) * least * least for x in about],
        [x > len(terms) * most * most for x in about],
    )
    return "ranef" if near[0] and far[1] else "coef" if near[1] and far[0] else ""
