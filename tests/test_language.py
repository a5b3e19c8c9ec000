"""What a person reads is plain English: the kinds of faults that CONTRIBUTING.md names are found by pattern.

A pattern is here only if it has practically no false positives, so a text without a complaint may still
break the style sheet. Each pattern is tried on a sentence with the fault and on one without it.
"""

import ast
import io
import json
import re
import tokenize
from typing import NamedTuple

import notebook_checks as check
import pytest

GROUP = (
    "(?:actor|animal|block|cell|chain|chimpanzee|column|draw|experiment|exercise|gradient|group|judge|learner|"
    "lesson|panel|parameter|patient|person|pull|quantity|row|school|student|subject|tank|term|treatment)"
)
NUMBER = r"(?:one|two|three|four|five|six|seven|eight|nine|ten|twenty|\d[\d,.]*)"
NOT_A_CONDITION = (
    r"(?:^|[.!?] )(?!If|When|Where|While|Although|Though|Because|As|Since|Unless|Once|After|Before)"
)
THING = "(?:actors|animals|blocks|chains|chimpanzees|data|draws|groups|intervals|means|numbers|pulls|sds|tanks|terms)"


class Kind(NamedTuple):
    """A kind of fault: its pattern, a text that has it, and the same text without it."""

    pattern: str
    fault: str
    corrected: str


KINDS = {
    # 1. "a" in place of "per" or "for each"
    "one a row": Kind(
        rf"\b(?:{NUMBER}|which) an? {GROUP}\b(?! (?:is|has|was))",
        "Four panels, one a chain.",
        "Four panels, one per chain.",
    ),
    "72 pulls an actor": Kind(
        rf"\b{NUMBER} (?:coins?|cores?|draws|GB|intercepts?|lines?|MB|panels?|points|pulls|rows|s|seconds|values?|words?) an? {GROUP}\b",
        "It would then have one value a cell.",
        "It would then have one value per cell.",
    ),
    "microseconds a gradient": Kind(
        rf"\b(?:seconds|microseconds|memory|processor|words?|coins?|GB|MB) an? {GROUP}\b",
        "The memory a learner, in MB.",
        "The memory per student, in MB.",
    ),
    # 2. fragments in place of a connecting word
    "same question, other answer": Kind(
        r"\b[Ss]ame [a-z]+, (?:an)?other\b",
        "Same question, other assumption, other spread.",
        "The question is the same, but the assumption differs, and so does the spread.",
    ),
    "the same of, by or for another": Kind(
        r"\b[Tt]he same (?:questions )?(?:by [A-Z]|of another\b|for another\b)",
        "The same by PyMC.",
        "The same in PyMC.",
    ),
    "in silence, by the page": Kind(
        r"\bin silence\b|\banswers by the page\b",
        "In pairs, in silence.",
        "Students work in pairs, quietly.",
    ),
    # 3. "have" as a full verb without "do", and bare inversion
    "why has": Kind(
        r"\b(?:[Ww]hy|[Hh]ow many|[Hh]ow much|[Ww]hich sd|[Ww]hich mean) (?:has|have) (?!to\b|been\b|not\b)[^ ]+ (?:[^ ]+ )?(?:the|an?|no|zoo|mean|sd)\b",
        "Why has g the mean 0?",
        "Why does g have mean 0?",
    ),
    "how many has the zoo": Kind(
        r"\b(?:[Hh]ow many|[Hh]ow much|[Ww]hat) (?:has|have) (?:the|this|that|its?) [a-z]+\?",
        "The sds are 0.36 and 0.30: what has the sum?",
        "The sds are 0.36 and 0.30. What is the sd of the sum?",
    ),
    "which role has each": Kind(
        r"\b[Ww]hich [a-z]+ (?:has|have) each\b",
        "Which role has each name?",
        "Which role does each name have?",
    ),
    "need this": Kind(
        r"(?:^|[.!?:] )Need (?:an?|each|every|it|one|the|this|that|they|we|you)\b",
        "Need this animal sit there?",
        "Does this animal have to be there?",
    ),
    "does not tell": Kind(
        r"\b(?:do|does) not tell[.;:]",
        "The name of the parameter does not tell.",
        "The parameter's name does not tell you.",
    ),
    "were the two independent": Kind(
        r"\b(?:[Aa]nd|[Bb]ut|[,:;.]|^) ?[Ww]ere (?:it|they|the|this|that)(?: [a-z]+)? (?:equal|exact|independent|so|true)[:,]",
        "And were the two independent: 0.47.",
        "If the two were independent, it would be 0.47.",
    ),
    # 4. the preposition first
    "to how many": Kind(
        r"\b[Tt]o how (?:many|much|few)\b",
        "To how many independent draws do they amount?",
        "How many independent draws are they worth?",
    ),
    "on what it rests": Kind(
        r"\b(?:on|from|of|to|by|with) what (?:it|they|this|that) (?:rests?|depends?|consists?|comes?|differs?)\b",
        "The reply says on what it rests.",
        "The reply explains what it rests on.",
    ),
    "on which scale is it": Kind(
        r"\b(?:[Oo]n|[Oo]f|[Ii]n|[Ff]rom|[Tt]o) which (?:kind|order|scale|size)(?: and [a-z]+)? (?:is|are|do|does|did|was|were)\b",
        "On which scale is it?",
        "What scale is it on? It names the scale on which it is.",
    ),
    "from what size on": Kind(
        r"\b[Ff]rom (?:what|which) [a-z]+ on\b",
        "From what size on?",
        "How large is too large?",
    ),
    "to what does": Kind(
        r"\b(?:[Tt]o|[Oo]n|[Oo]f|[Ii]n|[Aa]t|[Ff]or|[Ff]rom|[Bb]y|[Ww]ith) what (?:do|does|did)\b",
        "To what does the sum belong?",
        "What does the sum belong to?",
    ),
    "in which direction": Kind(
        r"\b[Ii]n which direction (?:do|does|did|is|are)\b",
        "In which direction does the gap go?",
        "Which way does the gap go?",
    ),
    "the scale on which you": Kind(
        r"\b(?:scale on which you|hub to which)\b",
        "Name the scale on which you speak.",
        "Name the scale you report.",
    ),
    # 5. "no" in place of "not a"
    "is no error": Kind(
        r"(?<!there )(?<!There )\b(?:is|are|was|were) no (?!one\b|pooling\b|longer\b|more\b|less\b|fewer\b|different\b|such\b|[a-z]+er\b)[a-z]+",
        "It is no error of rounding.",
        "It is not an error of rounding, and there is no outlier.",
    ),
    # 6. "who" and "whoever"
    "whoever": Kind(r"\b[Ww]hoever\b", "Whoever runs the class", "Anyone who runs the class"),
    "who asks": Kind(
        r"(?:^|[.!?] )Who (?:adds|asks|believes|compares|has|knows|needs|reads|reports|says|takes|thinks|uses|wants)\b[^?.!]*[.!]",
        "Who asks how probable a left pull is wants B.",
        "If you ask how probable a left pull is, you want B. Who asks? Who pulls matters.",
    ),
    # 7. "another" for "different", "some" for "about", "the" before a bare value
    "is another one": Kind(
        r"\b(?:is|are|was|were) another (?:one|thing|matter)\b",
        "The seed is another one.",
        "The seed is a different one; here is another.",
    ),
    "others than these": Kind(
        r"\b(?:others|other ones) than\b|\bset other ones\b",
        "Its draws are others than these.",
        "Its draws differ from these.",
    ),
    "some hundred": Kind(
        r"\b[Ss]ome (?:hundreds?|thousands?|dozens?|percent|two|three|four|five|six|seven|eight|nine|ten|twenty|\d+)\b",
        "Some four of ten pulls, after some hundred draws.",
        "About four pulls in ten, after a few hundred draws.",
    ),
    "has the mean 0": Kind(
        r"\b(?:has|have|having|with) the (?:mean|sd|median|sum|slope) (?:-?\d|zero|one\b|`|a_bar)",
        "It has the mean a_bar.",
        "It has mean a_bar; with the mean of the sum.",
    ),
    # 8. words out of a dictionary
    "by `make`": Kind(
        r"\bby `?make [a-z]|\bby `make",
        "Start JupyterLab by `make lab`.",
        "Start JupyterLab with `make lab`.",
    ),
    "wanted": Kind(
        r"\bWanted:", "Wanted: a file of a chain.", "Expected: a file of a chain. It was wanted: why?"
    ),
    "stands twice": Kind(
        r"\bstands? (?:at|near|twice|once|beside|above|below|under|in row)\b",
        "One column stands twice.",
        "One column appears twice.",
    ),
    "how-manieth": Kind(
        r"\bhow-manieth\b", "the chimpanzee's how-manieth trial", "which of the 72 trials this was"
    ),
    "an own": Kind(r"\b[Aa]n own\b", "It gets an own row.", "It gets its own row."),
    "hangs on": Kind(r"\bhangs? on\b", "p hangs on a, g and b", "p depends on a, g and b"),
    "mended": Kind(
        r"\b[Mm]end(?:s|ed|ing)?\b", "Mended on the way: an exercise.", "Fixed along the way: an exercise."
    ),
    "answer back": Kind(
        r"\b[Aa]nswer(?:s|ed|ing)? back\b",
        "Exercises that answer back.",
        "The notebook checks your answers and goes back.",
    ),
    "can be had": Kind(
        r"\b(?:can|cannot|could|may|to) be had\b", "It can be had from the draws.", "The draws give it."
    ),
    "fold out": Kind(r"\bfold(?:s|ed)? out\b", "They fold out no code.", "They leave the code folded."),
    "kept 3 of 5": Kind(r"\b[Kk]ept \d+ of\b", "Kept 3 of 5 answers.", "Saved 3 of 5 answers."),
    # 9. comma splices
    "the sign is not": Kind(
        NOT_A_CONDITION
        + r"[A-Z][^.!?,;:]*, (?!and\b|but\b|or\b|so\b|which\b|that\b|who\b)(?:the )?[a-z]+ (?:is|are|do|does|was|were) not\.",
        "The size is right, the sign is not.",
        "The size is right, but the sign is not. If it is not, it is not.",
    ),
    "it does not make it": Kind(
        NOT_A_CONDITION + r"It [^.!?,;:]*, it (?:is|does|was|did) not\b",
        "It blurs the gap, it does not make it.",
        "It blurs the gap but does not make it.",
    ),
    # 10. estimates are uncertain, people are sure
    "unsure": Kind(
        r"\bunsure\b|\bsurer\b|\bsurest\b|\b(?:[Hh]ow|as|more|less|least) sure\b",
        "We are less sure of the mean.",
        "The mean is less uncertain. Make sure of it.",
    ),
    # 11. verbs and relative clauses far from their noun, dated connectives
    "not so that": Kind(
        r"\bnot so that\b", "So it is not so that every row counts.", "So not every row counts."
    ),
    "shall": Kind(r"\bshall\b", "when others shall read the file", "when others will read the file"),
    "the more so": Kind(r"\bthe more so\b", "and the more so, the more they differ", "the more they differ"),
    "how a model looks": Kind(
        r"\b(?:is|was) how (?:an?|the) [a-z]+ looks\b",
        "That is how a model looks that does not overfit.",
        "That is what a model looks like.",
    ),
    ", for it is": Kind(
        r", for (?:it|they|he|she|we|there|`[^`]+`|[pabg]) (?:is|are|was|were|has|have|do|does|can|cannot)\b",
        "We need no argument, for `p` is stored.",
        "No argument is needed, because `p` is stored.",
    ),
    "whence": Kind(
        r"\b(?:[Ww]hence|[Tt]hence|[Tt]hereof|[Tt]herein|[Ww]hereof|[Ww]herein|[Ww]hereby|[Hh]itherto)\b",
        "The draws whence it came.",
        "The draws that it came from.",
    ),
    # 12. quantities do not speak, hear, mind, want or know
    "speaks": Kind(
        r"\b(?:speaks|spoke|speaks louder)\b|\b(?:population|data|pulls|chimpanzees|sd) speak\b",
        "The smaller sd speaks louder.",
        "The smaller sd dominates.",
    ),
    "hears": Kind(
        r"\bit hears\b|\b(?:does|do|did) not hear\b", "`p` does not hear of it.", "`p` does not change."
    ),
    "minds": Kind(
        r"\b(?:does|do|did) not mind\b|\b(?:hardly|never) minds?\b", "It hardly minds.", "It hardly changes."
    ),
    "the pulls say": Kind(
        rf"\b{THING} (?:say|says|know|knows|want|wants)\b",
        "An actor's own pulls say 0.24.",
        "An actor's own pulls give 0.24.",
    ),
    "wants to be told": Kind(
        r"\bwants? to be\b", "The hub wants to be told.", "Set HUB_MODE, which the hub expects."
    ),
    # pompous, coy or preachy
    "honest": Kind(
        r"\b(?:dis)?honest(?:ly|y)?\b", "An honest sentence:", "A sentence that the data support:"
    ),
    "coy": Kind(
        r"\bmake-believe\b|\banecdotes?\b|\bhand-holding\b|\bbe born\b|\bdefends itself\b|\bkeeps it true\b|\bat the door\b|\banother door\b",
        "We let one be born.",
        "We simulate one.",
    ),
    # spelling
    "American spelling": Kind(
        r"\b(?:[Nn]eighbors?|[Bb]ehaviors?|[Cc]enter(?:ed|s)?|(?:re)?[Pp]arameteriz\w+|[Ss]ummariz\w+|[Ss]tandardiz\w+|[Aa]nalyz\w+|[Rr]ecogniz\w+|[Oo]rganiz\w+|[Vv]isualiz\w+|[Oo]ptimiz\w+ion|[Ll]abeled|[Mm]odeled|grayed)\b",
        "A non-centered parameterization.",
        "A non-centred parameterisation.",
    ),
}

# Texts that quote a fault, and why.
STYLE_SHEET = "quoted as a fault in the style sheet"
ALLOWED = {
    "CONTRIBUTING.md": {
        "has g the mean 0": STYLE_SHEET,
        "on what it rests": STYLE_SHEET,
        'not "one a row"': STYLE_SHEET,
        "is no ratio": STYLE_SHEET,
        "whoever": STYLE_SHEET,
        "has the mean 0": STYLE_SHEET,
        "mends": STYLE_SHEET,
    },
}


def blocks(text):
    """Return the paragraphs, list items and table cells of a text in Markdown, each on one line."""
    text = re.sub(r"(?ms)^```.*?^```$", "", text)
    text = re.sub(r"\]\([^)\s]*\)", "]", text)
    text = re.sub(r"<[^<>\n]*>", " ", text)
    text = re.sub(r"\*+|\$\$?", "", text)
    found = re.split(r"\n\s*\n|\n(?=\s*(?:[-#|>]|\d+\.) ?)|(?<!\\)\|", text)
    return [line for one in found if " " in (line := " ".join(one.split()).lstrip("-#> "))]


def of_python(code):
    """Return the strings and comments of Python code, each on one line; what is computed is {}."""
    tree = ast.parse(code)
    inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    texts = []
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            parts = [part.value if isinstance(part, ast.Constant) else "{}" for part in node.values]
            texts += blocks("".join(parts))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside:
            texts += blocks(node.value)
    lines, comments = {}, []
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        if token.type == tokenize.COMMENT:
            lines[token.start[0]] = token.string.lstrip("# ")
    for number, words in lines.items():
        if number - 1 in lines:
            comments[-1] += " " + words
        else:
            comments.append(words)
    return texts + comments


def of_json(value):
    """Return the texts in what a JSON file contains."""
    if isinstance(value, str):
        return [value]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return [text for part in parts for text in of_json(part)]


def of_notebook(notebook):
    """Return what a reader sees of a notebook: prose, strings, comments and outputs."""
    texts = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            texts += blocks(cell.source)
            continue
        texts += of_python(re.sub(r"(?m)^[%!].*$", "", cell.source))
        for output in cell.outputs:
            texts += blocks(output.get("text", "") or output.get("data", {}).get("text/plain", ""))
    return texts


def faults(texts):
    """Return a complaint for each fault: its kind, what matched, the text around it, and how to write instead."""
    return [
        f"{kind}: {match[0]!r} in {text[max(match.start() - 80, 0) : match.end() + 80]!r}; "
        f"write as in {corrected!r}"
        for text in texts
        for kind, (pattern, _, corrected) in KINDS.items()
        for match in re.finditer(pattern, text)
    ]


def texts_of(path):
    """Return the texts of a file, without the phrases that it may have."""
    if path.suffix == ".ipynb":
        found = of_notebook(check.read(path))
    elif path.suffix == ".json":
        found = [
            text for words in of_json(json.loads(path.read_text(encoding="utf-8"))) for text in blocks(words)
        ]
    elif path.suffix == ".py":
        found = of_python(path.read_text(encoding="utf-8"))
    else:
        found = blocks(path.read_text(encoding="utf-8"))
    for phrase in ALLOWED.get(name_of(path), {}):
        found = [text.replace(phrase, "") for text in found]
    return found


def name_of(path):
    """Return a file's path within the course."""
    return path.relative_to(check.ROOT).as_posix()


FILES = [
    *check.PAGES,
    *check.ROOT.glob("classroom/site/*.md"),
    *check.ROOT.glob("classroom/**/*.html"),
    *check.ROOT.glob("helpers/**/*.json"),
    *check.NOTEBOOKS,
    *(
        path
        for folder in ["helpers", "making", "studies", "classroom"]
        for path in check.ROOT.glob(f"{folder}/**/*.py")
    ),
]
FILES = sorted({path for path in FILES if not {"node_modules", "_build", ".hub"} & set(path.parts)})


CONTRACTION = r"\b[A-Za-z]+(?:n't|'re|'ll|'ve)\b|\b(?:[Ii]t|[Tt]hat|[Tt]here|[Ww]hat|[Ll]et)'s\b"


def test_messages_have_no_contractions():
    assert re.findall(CONTRACTION, "It isn't there, and it's not the model's.") == ["isn't", "it's"]
    messages = {
        name_of(path): texts_of(path) for path in FILES if path.is_relative_to(check.ROOT / "helpers")
    }
    found = [
        (name, text) for name, texts in messages.items() for text in texts if re.search(CONTRACTION, text)
    ]
    assert messages and found == []


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_a_text_has_none_of_the_faults(path):
    assert faults(texts_of(path)) == []


@pytest.mark.parametrize(("name", "phrase"), [(name, phrase) for name in ALLOWED for phrase in ALLOWED[name]])
def test_an_allowed_phrase_is_a_fault_that_is_there(name, phrase, monkeypatch):
    monkeypatch.delitem(ALLOWED, name)
    found = [text for text in texts_of(check.ROOT / name) if phrase in text]
    assert len(found) == 1
    assert len(faults(found)) > len(faults([found[0].replace(phrase, "")]))


@pytest.mark.parametrize("name", KINDS)
def test_a_fault_goes_red_and_its_correction_passes(name):
    kind = KINDS[name]
    assert re.search(kind.pattern, kind.fault)
    assert not re.search(kind.pattern, kind.corrected)


def test_every_kind_of_text_is_read():
    code = '"""A docstring: whoever."""\nx = f"Wanted: {1}"  # surer\nshow(fig, "an alt text, mended")\n'
    assert len(faults(of_python(code))) == 4
    assert len(faults(of_json({"a": ["Then it hears.", {"b": "whoever", "c": 1}]}))) == 2
    page = "# Whoever runs\n\nIt\n\n- whoever asks\n\n| unsure | one a\nrow | a mended cell |"
    assert len(faults(blocks(page))) == 4
