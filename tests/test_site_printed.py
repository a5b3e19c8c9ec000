"""The site's page for printed tables is made of what Python reads prints with, as far as no browser is needed."""

import ast
import json
import re
import sys

import notebook_checks
import pytest

from helpers.printed import formula, read_printed, reader, roles, tables, text
from helpers.printed.text import clean, data, find_program

ROOT = notebook_checks.ROOT
SITE = ROOT / "classroom" / "site"
sys.path.append(str(SITE))

import answers  # noqa: E402
import conf  # noqa: E402

MODULES = ["text", "formula", "tables", "roles", "reader"]
ENGINE = (SITE / "static/printed.js").read_text(encoding="utf-8")
PAGE = (SITE / "static/paste.js").read_text(encoding="utf-8")


def test_the_page_gets_pythons_patterns_and_sentences_as_they_are():
    script = answers.printed_data()
    given = json.loads(script.removeprefix("printed.data(").removesuffix(");\n"))
    assert set(given) == {"patterns", "sentences", "examples"}
    for name in ["patterns", "sentences"]:
        text = (ROOT / f"helpers/printed/{name}.json").read_text(encoding="utf-8")
        assert given[name] == data(name) and text.strip() in script


def test_each_program_has_an_example_that_is_read():
    given = json.loads(answers.printed_data().removeprefix("printed.data(").removesuffix(");\n"))
    found = {name: find_program(clean(text)[0])["name"] for name, text in given["examples"].items()}
    assert found == {name: "ArviZ" if name == "PyMC" else name for name in answers.EXAMPLES}
    programs = {program["name"] for program in data("patterns")["programs"]}
    assert programs | {"Bambi"} == set(found.values()) | {"Stan", "R"}  # of these, only rows of another's fit
    for example in given["examples"].values():
        assert not example.startswith("#") and len(read_printed(example)) >= 4


def tree(module):
    return ast.parse((ROOT / f"helpers/printed/{module}.py").read_text(encoding="utf-8"))


def functions(node):
    """Yield the names of functions and methods, in their order."""
    for child in node.body:
        if isinstance(child, ast.FunctionDef):
            yield child.name
        elif isinstance(child, ast.ClassDef):
            yield child.name
            yield from functions(child)


def test_the_script_has_pythons_functions_in_their_order():
    names = [name for module in MODULES for name in functions(tree(module)) if name != "__init__"]
    is_one = r"^ +(?:function |class |get )?(\w+)\(.*\) \{$|^ +class (\w+) \{$|^  const (\w+) = .*=>"
    there = [next(filter(None, found)) for found in re.findall(is_one, ENGINE, re.MULTILINE)]
    there = [
        name for name in there[there.index("data") :] if name not in ("if", "for", "while", "constructor")
    ]
    assert there == names


def test_a_number_beyond_all_is_no_reason_to_stop():
    text = answers.printed_data()
    text = json.loads(text.removeprefix("printed.data(").removesuffix(");\n"))["examples"]["lme4"]
    table = read_printed(text.replace("0.6421", "1e500"))
    assert "is not the square" in table["sentence"].iloc[0] and table["role"].iloc[0] == "cannot tell"


@pytest.mark.parametrize("end", ["\r", "\u2028", "\u2029", "\x0b"])
def test_a_line_may_end_as_anywhere_in_unicode(end):
    """JavaScript takes these for line ends by itself, so Python has to."""
    lines = ["Random effects:", " Groups   Name        Std.Dev.", " herd     (Intercept) 0.64    "]
    assert clean(end.join(lines))[0] == [line.rstrip() for line in lines]


NOT_IN_THE_SCRIPT = {
    "This is of type ",
    ". Expected: the printed table as text.",
}  # the page has nothing but text


@pytest.mark.parametrize("module", MODULES)
def test_the_script_says_and_searches_what_python_does(module):
    """What a module holds as text, its docstrings aside, is in the script: refusals and regular expressions."""
    read = tree(module)
    told = {
        node.body[0].value.value
        for node in ast.walk(read)
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node)
    }
    texts = [n.value for n in ast.walk(read) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
    texts = [x for x in texts if len(x) > 9 and x not in told and not re.search(r"[\x00-\x1f\x80-\uffff]", x)]
    script = re.sub(r"""["`] \+\n *["`]""", "", ENGINE)
    missing = {x for x in texts if x not in script and x.replace("\\", "\\\\") not in script}
    assert missing - NOT_IN_THE_SCRIPT == set()


def test_the_script_has_pythons_bounds():
    found = {
        "R_HAT_CEILING": tables.R_HAT_CEILING,
        "ESS_FLOOR": tables.ESS_FLOOR,
        **{name: getattr(text, name) for name in ["MOST", "WIDEST"]},
        **{name: getattr(roles, name) for name in ["ASKED", "NAMED", "MANY", "NEAR", "FAR"]},
        "BRACKETS": formula.BRACKETS,
    }
    assert {name: float(re.search(rf"\b{name} = ([\d.]+)[;,]", ENGINE)[1]) for name in found} == found
    for name in ["NO_SCALE", "COLUMNS"]:
        words = re.search(rf"const {name} = (\[.*?\]);", ENGINE, re.DOTALL)[1]
        assert set(json.loads(words)) == set(getattr(roles, name, None) or reader.COLUMNS)


@pytest.mark.parametrize("script", [ENGINE, PAGE], ids=["printed", "paste"])
def test_what_is_pasted_is_neither_stored_nor_sent(script):
    ways = "localStorage|sessionStorage|indexedDB|cookie|caches|history|location|fetch|XMLHttp|sendBeacon|WebSocket|EventSource|import\\(|postMessage|\\.src\\b|\\.href\\b|\\.action\\b"
    assert re.findall(ways, script) == []


def test_the_page_is_linked_from_the_first_screen_and_from_lesson_08():
    index = (SITE / "index.md").read_text(encoding="utf-8")
    assert index.index("](table.md)") < index.index("Begin with")
    assert re.search(r"^table$", index, re.MULTILINE)
    notebook = json.loads((ROOT / "notebooks/08_your_own.ipynb").read_text(encoding="utf-8"))
    cells = conf.as_a_page(notebook, form_for=lambda text: None)["cells"]
    (cell,) = [c for c in cells if "](../table.md)" in "".join(c["source"])]
    assert "`read_printed`" in "".join(cell["source"])


def test_without_scripts_the_page_names_the_function():
    page = (SITE / "table.md").read_text(encoding="utf-8")
    (place,) = re.findall(r"<div [^>]*data-paste>(.*)</div>", page)
    assert re.fullmatch(r"<p>This page needs scripts\. [^.]*<code>read_printed</code>[^.]*\.</p>", place)
