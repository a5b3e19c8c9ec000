"""A printed formula: its outcome, its variables, its intercept, and which of them a row's name is made of."""

import re

from helpers.printed.text import has, plain

SIGNS = "+*:/-"
BRACKETS = 200  # at most in a formula


def split(text, signs):
    """Split at signs that are in no brackets.

    Examples
    --------
    >>> split("a * poly(x + y, 2) + b", "+*")
    ['a ', ' poly(x + y, 2) ', ' b']
    """
    parts, depth = [""], 0
    for letter in text:
        depth += (letter in "([") - (letter in ")]")
        if depth == 0 and letter in signs:
            parts.append("")
        else:
            parts[-1] += letter
    return parts


def unwrapped(text):
    """Take off brackets around a whole text.

    Examples
    --------
    >>> unwrapped("((1 | a))"), unwrapped("(a)(b)")
    ('1 | a', '(a)(b)')
    """
    text = text.strip()
    depth = 0
    for i, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if depth == 0:
            return unwrapped(text[1:-1]) if text[0] == "(" and i == len(text) - 1 else text
    return text


class Formula:
    """What the lines of a formula tell; `known` is False if there is none or if it is cut."""

    def __init__(self, lines, pattern):
        self.known, self.y, self.intercept = False, "", None
        self.atoms, self.slopes, self.groups, self.offsets, self.prefixes = [], [], [], [], []
        start = next((i for i, line in enumerate(lines) if pattern and has(pattern, line)), None)
        if start is None:
            return
        parts = [has(pattern, lines[start])[1]]
        for line in lines[start + 1 :]:
            if not line.strip() or has(r"^\s*[A-Za-z][\w .-]*:(?:\s|$)", line):
                break
            second = has(r"^\s*(\w+) ~", line)
            if second and "~" in " ".join(parts):
                self.prefixes.append(second[1])  # a formula for a second parameter
            elif not self.prefixes:
                parts.append(line)
        left, tilde, right = " ".join(parts).partition("~")
        self.known = bool(tilde and right.strip() and right.count("(") == right.count(")") < BRACKETS)
        if not self.known:
            return
        y = left.partition("|")[0].strip()
        self.y = y if len(y) < 30 and not has("cbind|,", y) else ""
        self._read(right)

    def _read(self, right):
        common = []
        for term in split(right, "+"):
            inner = unwrapped(term)
            if "|" not in inner or inner.startswith("I("):
                common.append(term.strip())
            else:
                parts = split(inner, "+") if all("|" in part for part in split(inner, "+")) else [inner]
                self.groups += [
                    re.sub(r"^[a-z]\w*\(", "", unwrapped(part)) for part in parts
                ]  # as in ar1(x | g)
        bare = plain("+".join(common))
        self.intercept = not has(r"(?:^|\+)0(?:\+|$)|-1(?:\+|-|$)", bare)
        self.offsets = [term for term in common if term.startswith("offset(")]
        self.atoms = self._variables([term for term in common if term not in self.offsets])
        self.intercept = self.intercept or "Intercept" in self.atoms  # brms: 0 + Intercept
        self.slopes = self._variables([group.partition("|")[0] for group in self.groups])

    def _variables(self, terms):
        found = []
        for term in terms:
            for atom in split(term, SIGNS):
                inner = unwrapped(atom)
                found += self._variables([inner]) if inner != atom.strip() else [plain(atom)]
        return [atom for atom in dict.fromkeys(found) if atom not in ("", "0", "1")]

    def explain(self, name, slopes=False):
        """Return the variable that a name begins with and the rest; None if none, "" if several might be."""
        name = re.sub(r"[\s`]", "", name)
        atoms = self.atoms + (self.slopes if slopes else [])
        for spelled in [lambda s: s.strip("`"), lambda s: re.sub(r"[^\w.]", "", s.replace("^", "E"))]:
            found = [a for a in dict.fromkeys(atoms) if spelled(a) and spelled(name).startswith(spelled(a))]
            exact = [a for a in found if spelled(a) == spelled(name)]
            if exact or len(found) == 1:
                atom = (exact or found)[0]
                return atom, spelled(name)[len(spelled(atom)) :]
            if found:
                return "", ""
        return None

    def made_of(self, name):
        """Say whether a term is made of the formula's variables."""
        parts = name.split(":")
        return all(has(r"^\(?Intercept\)?$", part) or self.explain(part, slopes=True) for part in parts)
