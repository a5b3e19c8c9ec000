r"""How typed text is read: one table, which `check` and the script of the lessons' site both follow.

Its patterns mean the same in Python and in a browser: spaces, digits and letters are spelled out,
because the two differ on what ``\s``, ``\d`` and ``\w`` are.
"""

import re

_TAIL = "(?:[eE][+-]?[0-9]+)?%?"
_POINT = rf"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+){_TAIL}"  # 0.344
_COMMA = rf"[+-]?(?:[0-9]+(?:,[0-9]+)?|,[0-9]+){_TAIL}"  # 0,344

FORMS = {
    # what is replaced by what, in this order, before anything is read
    "clean": [
        ["[\u2010-\u2015\u2212\ufe63\uff0d]", "-"],  # minus signs and dashes
        ["[\t\n\r \u00a0\u2000-\u200b\u202f\u205f\u3000\ufeff]+", " "],
        ["[\"'`*\u00ab\u00bb\u2018-\u201f\u2039\u203a]", ""],  # quotes
        [r"[\[\](){}]", ""],
        ["^ +| +$", ""],
        ["^(?:(?:[Aa]nswer|[Oo]ption|p|about)[ =:]+|[=~\u2248] ?)", ""],
        [" %", "%"],
        ["- ", "-"],
        [" ,", ","],
        [" ?; ?", ";"],
        ["[ ,;]+$", ""],
    ],
    "unanswered": ["", "...", "\u2026"],
    "letter": "([A-Za-z])[.:]?",
    # a number, and what separates two; the first line that fits the whole text counts
    "numbers": [
        [_COMMA, "(?:;|, | and | to | )"],
        [_POINT, "(?:;|, ?| and | to | )"],
    ],
}


def cleaned(text):
    """Return typed text without what does not matter, such as brackets and quotes."""
    for pattern, instead in FORMS["clean"]:
        text = re.sub(pattern, instead, text)
    return text


def is_unanswered(text):
    """Tell whether typed text is empty, or still the ... of an unanswered cell."""
    return cleaned(text) in FORMS["unanswered"]


def letter_in(text):
    """Return the letter that typed text consists of, as a capital, or None."""
    match = re.fullmatch(FORMS["letter"], cleaned(text))
    return match[1].upper() if match else None


def numbers_in(text):
    """Return the numbers that typed text consists of, or None.

    Parameters
    ----------
    text : str
        Such as ``"0,344"``, ``"34.4 %"`` or ``"[1.31; 2.67]"``.

    Examples
    --------
    >>> numbers_in("\u22120,666"), numbers_in("[1.31, 2.67]"), numbers_in("a third")
    ([-0.666], [1.31, 2.67], None)
    """
    text = cleaned(text)
    for number, between in FORMS["numbers"]:
        if re.fullmatch(f"{number}(?:{between}{number})*", text):
            return [_value(found.replace(",", ".")) for found in re.findall(number, text)]
    return None


def _value(number):
    """Return a number from its digits; 34% is 0.34."""
    return float(number[:-1]) / 100 if number.endswith("%") else float(number)
