"""Sphinx's settings for the site of the lessons; build.py (`make book`) calls Sphinx with them."""

import json
import re

project = "Reading the coefficients of a multilevel model"
author = "the authors of the lessons"
html_title = project
language = "en"
nitpicky = True

extensions = ["myst_nb"]
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 3
nb_execution_mode = "off"  # the site shows the stored outputs, which `make test` has compared
nb_render_markdown_format = "myst"  # the default shows an output's table as lines of bars
nb_ipywidgets_js = {}  # would come from a CDN; the lessons store stills of their widgets

html_theme = "sphinx_book_theme"
html_theme_options = {
    "use_download_button": True,
    "use_fullscreen_button": False,
    "home_page_in_toc": True,
    "toc_title": "On this page",
    "navbar_persistent": [],  # the search field stands in the side bar
    "footer_content_items": [],
}
html_context = {"default_mode": "auto"}
html_static_path = ["static", "_build/mathjax"]
exclude_patterns = ["README.md"]  # index.md takes its parts in
html_css_files = ["site.css"]
html_js_files = ["site.js"]
html_use_index = False
html_copy_source = True  # so that each notebook can be downloaded

mathjax_path = "tex-svg.js"
mathjax3_config = {"options": {"enableMenu": False}}  # the menu can ask for files that are not here

# JupyterLab's word for a fold: myst-nb's word, and what the reader clicks on.
FOLDS = {"source_hidden": ("hide-input", "code")}


def as_a_page(notebook, is_solution=False):
    """Give a notebook's cells what JupyterLab does by itself and a page does not.

    Parameters
    ----------
    notebook : dict
        A notebook as it stands in its file.
    is_solution : bool
        Whether each exercise's answer is to be put under a click.

    Returns
    -------
    dict
        The notebook with folded code and outputs folded, links to headings as MyST spells them,
        and a word on controls that need a kernel.
    """
    cells = []
    for cell in notebook["cells"]:
        text = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            # JupyterLab: #Is-it-so?; MyST: #is-it-so
            text = re.sub(
                r"((?:\.ipynb|\]\()#)([^)\s]+)", lambda link: link[1] + _as_myst_spells(link[2]), text
            )
            cells.append(cell | {"source": text})
            continue
        folds = [FOLDS[key] for key, is_folded in cell["metadata"].get("jupyter", {}).items() if is_folded]
        tags = cell["metadata"].get("tags", []) + [tag for tag, _ in folds]
        what = folds[0][1] if len(folds) == 1 else "{type}"
        prompts = {"code_prompt_show": f"Show {what}", "code_prompt_hide": f"Hide {what}"}
        metadata = cell["metadata"] | {"tags": tags, "mystnb": prompts}
        cells.append(cell | {"metadata": metadata})
        if "ipywidgets" in text and not cell["outputs"]:
            cells.append(
                _markdown(f"{cell['id']}-still", "*(The controls move in JupyterLab, not on this page.)*")
            )
    return notebook | {"cells": _under_a_click(cells) if is_solution else cells}


def _as_myst_spells(anchor):
    """Return the anchor of a heading in small letters and without its punctuation."""
    return re.sub(r"[^\w-]", "", anchor.lower())


def _markdown(name, text):
    """Return a markdown cell."""
    return {"cell_type": "markdown", "id": name, "metadata": {}, "source": text}


def _under_a_click(cells):
    """Put what follows each exercise into <details>, up to the next exercise."""
    answered = []
    is_open = False
    for cell in cells:
        if cell["cell_type"] == "markdown" and cell["source"].startswith(("**Exercise", "#")):
            if is_open:
                answered.append(_markdown(f"{cell['id']}-before", "</details>"))
            answered.append(cell)
            is_open = cell["source"].startswith("**Exercise")
            if is_open:
                start = '<details class="answer"><summary>Worked answer</summary>'
                answered.append(_markdown(f"{cell['id']}-answer", start))
        else:
            answered.append(cell)
    return answered + [_markdown("last-answer", "</details>")] * is_open


def setup(app):
    """Let Sphinx read each notebook through `as_a_page`; the file itself stays as it is."""

    def read(app, docname, source):
        if str(app.env.doc2path(docname)).endswith(".ipynb"):
            if (app.srcdir / "checklist.pdf").exists():
                source[0] = source[0].replace("one printed page", "one [printed page](../checklist.pdf)")
            notebook = as_a_page(json.loads(source[0]), is_solution="solutions/" in docname)
            source[0] = json.dumps(notebook)

    app.connect("source-read", read)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
