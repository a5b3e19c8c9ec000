"""Words are explained where they first appear, and the glossary has no word that no lesson uses."""

import re

import nbformat
import notebook_checks as check
import pytest

GLOSSARY = check.ROOT / "notebooks" / "00_start_here.ipynb"
WORDS = [
    "seed",
    "nutpie",
    "coords",
    "Bernoulli",
    "log-likelihood",
    "log prior",
    "Pareto k",
    "loose constant",
    "elpd",
]


def pattern(word):
    """Return a pattern that finds a word and its plural, also as a part of a name such as random_seed."""
    return rf"(?<![A-Za-z]){re.escape(word)}s?(?![A-Za-z])"


def seen(cell):
    """Return what a reader sees of a cell's source."""
    folded = cell.metadata.get("jupyter", {}).get("source_hidden")
    return "" if folded else re.sub(r"\]\([^)]*\)", "]", cell.source)


def explained(word, text):
    """Tell whether a text has the word in italics or bold, in a sentence that says what it is."""
    emphasised = rf"\*[^*\n]*{pattern(word)}[^*\n]*\*"
    says = r"[,(:=]| (is|are|was|means|gives|tells|counts|says|because|which|that) "
    return any(
        re.search(emphasised, sentence, flags=re.IGNORECASE)
        and re.search(says, sentence)
        and len(sentence.split()) >= len(word.split()) + 5
        for sentence in re.split(r"(?<=[.?!])\s+|\n\n", text)
    )


def unexplained(word, notebooks):
    """Return a complaint if a word is not explained where it first appears.

    Parameters
    ----------
    word : str
    notebooks : dict of {str: nbformat.NotebookNode}
        The lessons by name, in order; the glossary at the end of the first is not a lesson's text.
    """
    for name, notebook in notebooks.items():
        before = ""
        for index, cell in enumerate(notebook.cells):
            text = seen(cell).partition("# Glossary\n")[0]
            if re.search(pattern(word), text, flags=re.IGNORECASE):
                fine = explained(word, text if cell.cell_type == "markdown" else "") or explained(
                    word, before
                )
                return [] if fine else [f"{name}, cell {index}: {word} is used before it is explained"]
            before = text if cell.cell_type == "markdown" else ""
    return []


def glossary(notebook):
    """Return the terms of the glossary; a row may have several."""
    rows = re.findall(r"(?m)^\| (.+?) \|", check.prose(notebook).partition("# Glossary\n")[2])
    return [term for row in rows for term in row.split(", ") if term not in ("word", "---")]


def unused(terms, lessons):
    """Return the terms that no lesson's text has."""
    text = "\n".join(re.sub(r"\]\([^)]*\)", "]", check.prose(lesson)) for lesson in lessons)
    return [
        term
        for term in terms
        if not re.search(rf"(?<![A-Za-z]){re.escape(term)}s?(?![A-Za-z])", text, flags=re.IGNORECASE)
    ]


@pytest.mark.parametrize("word", WORDS)
def test_a_word_is_explained_where_it_first_appears(word):
    assert unexplained(word, {path.stem: check.read(path) for path in check.LESSONS}) == []


def test_the_glossary_has_only_words_that_a_lesson_uses():
    terms = glossary(check.read(GLOSSARY))
    assert len(terms) > 20
    assert unused(terms, [check.read(path) for path in check.LESSONS[1:]]) == []


def lesson(*sources):
    """Return a lesson of markdown cells, and of code cells where a source begins with #!."""
    return nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_code_cell(source[2:])
            if source.startswith("#!")
            else nbformat.v4.new_markdown_cell(source)
            for source in sources
        ]
    )


CODE = "#!pm.sample(random_seed=8927)"
DEFINED = "A *seed* is a number from which the computer starts, so that a run can be repeated."


@pytest.mark.parametrize(
    "sources",
    [[DEFINED, CODE], ["The model.\n\n" + DEFINED], [DEFINED.replace("*", "**")], ["No such word."]],
)
def test_an_explained_word_passes(sources):
    assert unexplained("seed", {"01": lesson(*sources)}) == []


@pytest.mark.parametrize(
    "sources",
    [
        [CODE],
        [CODE, DEFINED],
        [DEFINED.replace("*", ""), CODE],
        ["The *seed*.", CODE],
        ["The seed is 8927.", DEFINED],
    ],
)
def test_an_unexplained_word_goes_red(sources):
    assert unexplained("seed", {"01": lesson(*sources)}) != []


def test_the_first_lesson_counts_and_a_glossary_does_not():
    later = lesson(DEFINED)
    assert unexplained("seed", {"01": lesson("The seed is 8927."), "02": later}) != []
    assert unexplained("seed", {"00": lesson("## Glossary\n\n| seed | a number |"), "01": later}) == []


def test_an_unused_term_goes_red():
    book = lesson("## Glossary\n\n| word | meaning here |\n|---|---|\n| prior, seed | of a fit |")
    assert glossary(book) == ["prior", "seed"]
    assert unused(glossary(book), [lesson("Two priors; they are not posteriors.")]) == ["seed"]
