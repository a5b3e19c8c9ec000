"""What lesson 08 answers: the reader's own roles against those of `read_table`, and a sentence for a paper."""

import re
from difflib import get_close_matches
from html import escape

from IPython.display import display

from helpers.exercises import Reply
from helpers.exercises.engine import is_placeholder
from helpers.exercises.words import REPLY
from helpers.read.table import Table

__all__ = ["check_sentence", "compare_roles", "missing_in"]

ROLES = [
    "population mean",
    "population sd",
    "level",
    "deviation",
    "standardised",
    "coefficient",
    "group-level coefficient",
    "cut-point",
    "noise",
    "computed",
    "shape",
    "correlation factor",
    "cannot tell",
]
SAME = {  # what readers write for a role
    "population average": "population mean",
    "mean": "population mean",
    "grand mean": "population mean",
    "population standard deviation": "population sd",
    "overall mean": "population mean",
    "global mean": "population mean",
    "sd": "population sd",
    "standard deviation": "population sd",
    "group sd": "population sd",
    "standardized": "standardised",
    "z score": "standardised",
    "slope": "coefficient",
    "fixed effect": "coefficient",
    "intercept": "coefficient",
    "threshold": "cut-point",
    "cutpoint": "cut-point",
    "cut": "cut-point",
    "residual sd": "noise",
    "residual": "noise",
    "noise sd": "noise",
    "error sd": "noise",
    "residual standard deviation": "noise",
    "degrees of freedom": "shape",
    "dispersion": "shape",
    "overdispersion": "shape",
    "deterministic": "computed",
    "derived": "computed",
    "derived quantity": "computed",
    "generated quantity": "computed",
    "linear predictor": "computed",
    "cholesky factor": "correlation factor",
    "correlation": "correlation factor",
    "unknown": "cannot tell",
}
GROUP, HYPER = "Is it a level or a deviation?", "Is it a population mean or a population sd?"
UNCLEAR = {
    f"{kind} {of}": GROUP for kind in ["random", "varying"] for of in ["effect", "intercept", "slope"]
} | {
    "group effect": GROUP,
    "hyperparameter": HYPER,
    "hyper parameter": HYPER,
    "parameter": "Every name in the table is a parameter.",
}


def compare_roles(mine, table):
    """List the names whose role in the reader's list is not the role that `read_table` found.

    Parameters
    ----------
    mine : dict of str
        A role for each name, such as ``{"a_bar": "population mean"}``; ``...`` means not answered yet.
    table : pandas.DataFrame
        What `read_table` returned.

    Returns
    -------
    pandas.DataFrame
        One row per name that differs, with the columns "you wrote", "read_table found" and
        "sentence". What is not answered yet is named above the table.

    Raises
    ------
    ValueError
        `mine` is not a dictionary, or has names that the table does not have.

    Notes
    -----
    A name that is computed and also has a group's role, as ``g = sigma_g * z``, may be called either, and
    so may the middle of a nesting, which is a level and the mean of what is inside it.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame(
    ...     {"role": ["population mean", "level"], "free": True, "sentence": ["It is a mean.", "It is a level."]},
    ...     index=["a_bar", "a"],
    ... )
    >>> compare_roles({"a_bar": "Population mean", "a": ...}, table).attrs["health"]
    ['1 of 2 roles agrees. Not answered yet: a.']
    >>> compare_roles({"a_bar": "population mean", "a": "deviation"}, table).loc["a", "read_table found"]
    'level'
    """
    if not isinstance(mine, dict):
        raise ValueError(
            f'This is of type {type(mine).__name__}. Expected: names with roles, such as {{"a_bar": "population mean"}}.'
        )
    mine = {re.sub(r"\[.*", "", str(name)).strip(): said for name, said in mine.items()}
    if strange := [name for name in mine if name not in table.index]:
        raise ValueError(
            f"The table has no {', '.join(strange)}. It has: {', '.join(dict.fromkeys(map(str, table.index)))}."
        )
    names = list(dict.fromkeys(table.index))
    open_ones = [name for name in names if name not in mine or is_placeholder(mine[name])]
    rows = {}
    for name in names:
        if name in open_ones:
            continue
        found = table.loc[[name]]
        accepted = set(found["role"])
        if not found["free"].any() and accepted & {"level", "deviation", "coefficient", "standardised"}:
            accepted.add("computed")
        if re.search(r"\bpopulation mean of .+ as well\b", " ".join(found["sentence"])):
            accepted.add("population mean")  # the middle of a nesting is both
        role = _role(mine[name])
        if role not in accepted:
            note = f" {_complaint(mine[name])}" if role is None else ""
            rows[name] = {
                "you wrote": f"{mine[name]}",
                "read_table found": " or ".join(dict.fromkeys(found["role"])),
                "sentence": " ".join(dict.fromkeys(found["sentence"])) + note,
            }
    agree = len(names) - len(open_ones) - len(rows)
    return _differences(rows, agree, names, open_ones)


class _OnlySaid(Table):
    """A table without rows, of which only what is said above it is shown."""

    def _repr_html_(self):
        return f"<p>{escape(self.attrs['health'][0])}</p>"

    def __repr__(self):
        return self.attrs["health"][0]


def _differences(rows, agree, names, open_ones):
    """Return the rows that differ as a table, with how many agree said above it."""
    said = f"{agree} of {len(names)} roles {'agrees' if agree == 1 else 'agree'}."
    if open_ones:
        said += f" Not answered yet: {', '.join(open_ones)}."
    if len(open_ones) == len(names):
        said = "not filled in yet"
    columns = ["you wrote", "read_table found", "sentence"]
    differences = (Table if rows else _OnlySaid)(list(rows.values()), index=list(rows), columns=columns)
    differences.attrs["health"] = [said]
    return differences


def _plain(said):
    """Return a reader's words in small letters, without hyphens and a plural."""
    return " ".join(re.sub(r"[-_]", " ", str(said).lower()).split()).rstrip("s.")


def _role(said):
    """Return the role that a reader's words name, or None."""
    words = _plain(said)
    known = {role.replace("-", " "): role for role in ROLES} | SAME
    if words in known:
        return known[words]
    near = get_close_matches(words, [name for name in known if name not in UNCLEAR], n=1, cutoff=0.85)
    return known[near[0]] if near and words not in UNCLEAR else None


def _complaint(said):
    """Return a sentence on words that name no role."""
    words = _plain(said)
    return UNCLEAR.get(words, f"{said!r} is not one of the roles: {', '.join(ROLES)}.")


# A number, also with a sign or a decimal comma
NUMBER = r"[-\u2212\u2013]?\d+(?:[.,]\d+)?"
KIND = (
    r"equal[- ]tailed|\beti\s*\d*|quantile|percentile|highest[- ](?:posterior[- ])?density|\bh(?:pd|dp|d)i\s*\d*|\bhp?d[rs]?\b|\bqi\b"
    r"|\bcentral (?:posterior |credible |\d+ ?% )*(?:interval|range|posterior|credible|cr?i\b)|profile[- ]|\bwald\b"
    r"|confidence (?:interval|limit|region)|likelihood (?:interval|limit)"
)
BAYESIAN = rf"credible|posterior|compatibility|uncertainty|prediction|predictive|bayesian|\b(?:c|cr|cred|b|bc|u|p)\.?i\.?\b|{KIND}"
PERCENT = r"\d{2}(?:[.,]\d+)?\s?(?:%|per ?cent)"
MASS = [
    rf"{PERCENT}[\s,-]*(?:(?:{BAYESIAN}|intervals?)[\s,-]*)+",
    rf"\b0?[.,][5-9]\d*[\s-]*(?:(?:{BAYESIAN}|intervals?)[\s,-]*)+",
    rf"(?:{BAYESIAN}|interval)\W*(?:\w+\s+){{0,2}}(?:mass|probability)\s(?:of\s)?(?:{PERCENT}|0?[.,]\d+)",
    rf"(?:{BAYESIAN}|interval)[\s(]*(?:of\s|at\s)?{PERCENT}",
    r"\b(?:eti|hdi|hpdi?|hdpi)[_ ]?\d{2}(?!\s?[.,]\d)",
    rf"\bwith (?:a )?(?:posterior )?(?:{PERCENT} probability|probability (?:of )?{PERCENT})",
    rf"{NUMBER}(?:th|st|nd|rd)?\s?(?:%|per ?cent)?\s*(?:to|and|-|\u2013)\s*(?:the\s)?{NUMBER}(?:th|st|nd|rd)?\s?%?\s*(?:percentile|quantile)s?",
]
INTERVAL = [
    rf"[\[(]\s*{NUMBER}\s?%?\s*(?:,|;|to|\u2013|-|\.\.)\s*{NUMBER}\s?%?\s*[\])]",
    rf"(?:from|between)\s+{NUMBER}\s?%?\s*(?:to|and)\s+{NUMBER}",
    rf"(?:interval|{BAYESIAN})\W+(?:\w+\W+){{0,5}}{NUMBER}\s?%?\s*(?:,|;|to|and|\u2013|-)\s*{NUMBER}",
    rf"{NUMBER}\s?%?\s+to\s+{NUMBER}",
]
# words after a number that are not what it counts
JOINING = r"(?:and|but|with|for|from|when|where|while|than|higher|lower|more|less|larger|smaller|greater|between|given|hold|averag|after|under|over|which|compared|relative|conditional|adjust|control|across|within|posterior|interval|units?\b|percentile|credible)"
SCALE = (
    r"log[- ]?odds|logits?\b|probits?\b|\bodds\b|probabilit|proportion|percentage|per ?cent|%|\bchances?\b|\bshare\b"
    r"|\blog[- ](?!\d)\w+|\brates?\b|\bratio\b|\bcounts?\b|\bnumber of\b|\bexpected per\b|times (?:as|more|higher|lower|larger|smaller|greater)\b|by a factor"
    r"|multipl(?:y|ies|ied)\b|(?-i:\b(?:OR|RR|HR|IRR)\b)|\d\s?[A-Za-z\u00b5]+/[A-Za-z]+|\d(?: \w+){1,2} (?:per|an?) \w+"
    r"|[\d)\]]\s?(?:sds?|standard deviations?)\b|(?:in|of an?) standard deviations?|\bsd units\b|\bunits?\b|on the scale of|points?\b"
    rf"|\b(?:by|(?<!there )was|is|worth|adds?|added|gained) {NUMBER} (?:more |fewer |extra )?(?!{JOINING})[a-z]{{3,}}"
    r"|milliseconds?|\bms\b|\bseconds\b|(?:\d\s?|\bin )(?:g|m)\b"
    r"|\b(?:kg|mg|cm|mm|km|ml|mmhg|bpm|hz|db|kcal|kj|degrees?|celsius|euros?|dollars?|pounds)\b|\u00b0|\u20ac|\$|\u00a3"
    r"|out of (?:ten|a hundred|100|10|12)|(?:in|of) (?:ten|a hundred|100|10)\b"
)
HELD = (
    r"\bhold|\bheld\b|\bkeep|\bkept\b|\bfix(?:ed|ing)\b|conditional(?:ly)? on|\bgiven\b|averag(?:ed|ing) over|mean over|marginal|\bnet of\b|being equal"
    r"|\bset (?:to|at) (?:zero|0)|population[- ]average|\b(?:age|sex|population|directly|indirectly)[- ]standardi[sz]ed|\bacross (?:all |the |both )*\w+s\b|\b(?:at|with) an? constant"
    r"|\b(?:median|average|typical|new|same|reference|particular|other things|everything else)\b|adjust(?:ed|ing) for|controll(?:ed|ing) for"
    r"|\bthese (?:seven|\w+) \w+|(?:over|for|of|in|across|all) the (?:two|three|four|five|six|seven|eight|nine|ten|twelve) \w+|ceteris paribus|other terms"
    r"|\bwith(?:in)? (?:the same|no|one)\b|\b(?:where|when|while|with|at) \w+(?:\[[^\]]*\])? ?(?:=|is|at|are) ?[\w.-]+|\bat (?:the |its |their )?(?:means?|zero|median|baseline|0)\b"
    r"|\bacross all|\bat an? \w+ (?:level )?of \d|\bat the \w+ (?:percentile|quantile) of|\baged? \d"
    r"|\b(?:for|in|of|at|from) (?:\w+ )?(?:actor|block|tank|school|subject|person|patient|participant|judge|hospital|clinic|chimpanzee|student|pupil"
    r"|site|plot|country|county|group|species|district|class|village|region|year|block) ?[\w.]+\b|(?-i:\b(?:for|in|of|at) [a-z]+ (?:\d+|[A-Z])\b|\b(?:in|at) (?!Table|Figure|Model|Section|Stan|Bayes)[A-Z][a-z]{2,}\b)"
)

# what looks like a part and is none
NOT_A_PART = [
    rf"\bp\s*[<\u2264]\s*0?[.,]\d+|(?:\bbf\w*|\bbayes factor)(?:\s*[=>]|\s+(?:of|was|is))?\s*{NUMBER}",
    rf"{PERCENT} (?:certain|sure|confident|significant)\b",
    r"\bposterior (?:mean|median|mode|average|sd|standard deviation)\b",
    rf"\b(?:median|mean|sd|mad|se|m)(?:\s*[=:]\s*|\s+(?:of\s+)?)(?={NUMBER})",
    r"\b(?:per|each|every|an?|one)[- ](?:one[- ])?unit\b|\b(?:data|time) points?\b|\bpoint estimates?\b|\bquantile regression\b",
    r"\bfixed[- ]effects?\b|\bgiven (?:the|our|these|this) (?:data|models?|priors?)\b|\baverag\w+ over the (?:posterior|draws)\b",
    r"\bnew (?:study|data|model|method|result|analysis|trial|drug|treatment)\b|\bsame (?:data|model|analysis)\b",
]


def missing_in(text):
    """Return what a sentence for a paper does not say, one sentence for each part; nothing if all is there.

    Parameters
    ----------
    text : str
        A sentence about one estimate.

    Returns
    -------
    list of str

    Notes
    -----
    Words are looked for, not meaning. A part that is there may still be wrong.

    Examples
    --------
    >>> missing_in("The rise was 0.53 [0.10, 0.97].")  # doctest: +NORMALIZE_WHITESPACE
    ['What scale is it on? Write log-odds, probability or the unit.',
     'What is held fixed, or averaged over?',
     'What kind of interval is it, equal-tailed or highest density?',
     "What is the interval's mass, such as 89%?"]
    """
    text = " ".join(text.split())
    for pattern in NOT_A_PART:
        text = re.sub(pattern, " ", text, flags=re.I)
    mass = next((found for found in (re.search(p, text, re.I) for p in MASS) if found), None)
    without_mass = text
    for pattern in MASS:
        without_mass = re.sub(pattern, " interval ", without_mass, flags=re.I)
    if not re.search(r"\d", without_mass):
        return ["Which number do you report?"]
    said = []
    if not re.search(SCALE, without_mass, re.I):
        said.append("What scale is it on? Write log-odds, probability or the unit.")
    if not re.search(HELD, text, re.I):
        said.append("What is held fixed, or averaged over?")
    if not (mass or any(re.search(p, without_mass, re.I) for p in INTERVAL)):
        return [*said, "How uncertain is it? Give an interval, its kind and its mass."]
    if not re.search(KIND, re.sub(r"\d(?:th|st|nd|rd) (?:percentile|quantile) of", "", text), re.I):
        said.append("What kind of interval is it, equal-tailed or highest density?")
    if not mass:
        said.append("What is the interval's mass, such as 89%?")
    return said


def check_sentence(text):
    """Show what a sentence for a paper does not say: scale, what is held fixed, kind and mass of the interval.

    Parameters
    ----------
    text : str
        A sentence about one estimate; ``...`` means not written yet.

    Notes
    -----
    Nothing is raised, whatever `text` is. See `missing_in` for what is looked for.
    """
    display(Reply("Your sentence", _verdict(text)))


def _verdict(text):
    """Return the reply to a sentence."""
    if is_placeholder(text):
        return REPLY["unanswered"]
    if not isinstance(text, str):
        return REPLY["not yet"].format(hint="Expected: one sentence, in quotes.")
    if said := missing_in(text):
        return REPLY["not yet"].format(hint=" ".join(said))
    return REPLY["right"].format(
        because="It has a number, its scale, what is held fixed, and an interval with its kind and mass. Only you can tell whether they are true."
    )
