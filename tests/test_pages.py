"""The pages of the repository show and name what is there."""

import base64
import importlib
import re
import tomllib

import notebook_checks as check
import pytest
import yaml

ROOT = check.ROOT
README = (ROOT / "README.md").read_text(encoding="utf-8")
TARGETS = re.findall(r"(?m)^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"))


def test_the_picture_is_the_stored_figure():
    """README.md shows the first figure of lesson 02: its pixels and its alt text."""
    lesson = check.read(ROOT / "notebooks" / "02_hyperparameters_and_intercepts.ipynb")
    htmls = [output.get("data", {}).get("text/html", "") for output in check.outputs(lesson)]
    html = next(html for html in htmls if html.startswith("<img alt="))
    ((alt, name),) = re.findall(r"!\[(.+?)\]\((.+?)\)", README)
    assert re.match(r'<img alt="(.+?)"', html)[1] == alt
    stored = base64.b64decode(re.search(r"base64,([^\"]+)", html)[1])
    assert (ROOT / name).read_bytes() == stored, "run `make execute` on lesson 02"


def test_the_picture_and_the_two_commands_are_on_the_first_screen():
    assert README.index("![") < README.index("    make lab\n    make test\n") < 2500


@pytest.mark.parametrize("page", check.PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_are_there(page):
    """Each `make` on a page names a target."""
    text = page.read_text(encoding="utf-8")
    named = re.findall(r"(?m)(?:`|^    )make ([a-z-]+)", text)
    assert set(named) <= set(TARGETS)
    assert named or page.parent.name == "data" or page.name == "CHANGELOG.md"


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "making/README.md", "studies/README.md"])
def test_paths_are_there(name):
    """Each path in backticks exists; NN, xx and ... stand for what a contributor adds."""
    text = re.sub(r"(?ms)^    .*?$|^```.*?^```", "", (ROOT / name).read_text(encoding="utf-8"))
    words = " ".join(re.findall(r"`([^`\n]+)`", text)).split()
    made = ("NN", "xx", "...", "_build")
    paths = [
        word
        for word in words
        if re.fullmatch(r"[\w.-]+(/[\w.-]*)+", word) and not any(m in word for m in made)
    ]
    assert paths
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_citation_and_changelog_name_the_version():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert {"cff-version", "message", "title", "authors"} <= set(citation)
    assert citation["title"] == re.match("# (.+)", README)[1]
    assert citation["version"] == project["version"]
    releases = re.findall(r"(?m)^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))
    assert project["version"] in releases[:2]


def test_the_site_spells_links_to_headings_as_it_spells_headings(monkeypatch):
    """JupyterLab keeps capitals and question marks in a heading's anchor; MyST drops both."""
    monkeypatch.syspath_prepend(str(ROOT / "classroom" / "site"))
    as_a_page = importlib.import_module("conf").as_a_page
    cell = {"cell_type": "markdown", "metadata": {}, "id": "a"}
    lesson = {
        "cells": [cell | {"source": "[a](03_rebuilding_p.ipynb#Is-it-overfitting?) [b](#Jensen's-gap)"}]
    }
    assert (
        as_a_page(lesson)["cells"][0]["source"]
        == "[a](03_rebuilding_p.ipynb#is-it-overfitting) [b](#jensens-gap)"
    )
