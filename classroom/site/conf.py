"""Sphinx's settings for the site of the lessons; build.py (`make book`) calls Sphinx with them."""

import json
import re
from html import escape, unescape
from pathlib import Path

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
nb_ipywidgets_js = {}  # would come from a CDN; the site draws the lessons' controls itself

html_theme = "theme"
html_theme_path = ["."]
html_static_path = ["static", "_build/static"]
exclude_patterns = ["README.md"]  # index.md takes its parts in
html_use_index = False
html_copy_source = True  # so that each notebook can be downloaded
html_sourcelink_suffix = ""
html_baseurl = ""  # the site works on any host, and from a folder

mathjax_path = "tex-svg.js"  # loaded by site.js when the page is there

# what build.py writes before it calls Sphinx: lesson_data, and which files there are
BUILT = Path(__file__).parent / "_build/built.json"
NO_PDF = "This page has no PDF, because PDFs are made with Chromium and this site was built without it."
WHERE_TO_ANSWER = '<p class="on-screen">(On this page, answer in the box below each exercise.)</p>'
WORKSHEET = (
    '<p class="on-screen">(To type into this table, you need the notebook. Here you can print the page.)</p>'
)
NOT_FILLED_IN = "not filled in yet"
# the poll's questions, which the form has too, with the line that says how to answer in the notebook
POLL = re.compile(r"^(1\. To read `a\[0\]`.*?)^Write a letter in quotes.*?$", re.MULTILINE | re.DOTALL)
WHO_SEES = re.compile(r"^\*\*Who can see your answers\.\*\*.*?(?=^> )", re.MULTILINE | re.DOTALL)
WHO_SEES_HERE = (
    "**Who can see your answers.** On this page they stay in your browser and are sent to nobody. Anyone who "
    "uses this browser can see them, and so can the people who administer the computer. "
    "Lesson 06 asks again and shows you both.\n\n"
)
PRINTED = "**A printed table.**"
WHERE_TO_PASTE = "[Paste your table](../table.md) is a page that does the same without Python."


def as_a_page(notebook, is_solution=False, form_for=None):
    """Give a notebook's cells what JupyterLab does by itself and a page does not.

    Parameters
    ----------
    notebook : dict
        A notebook as it is in its file.
    is_solution : bool
        Whether to fold the answer to each exercise.
    form_for : callable, optional
        Return, for the text of a code cell, the HTML of the form that answers on the page, or None.

    Returns
    -------
    dict
        The notebook with its folds, with links to headings as MyST spells them, and with forms
        in place of the outputs that wait for an answer.
    """
    cells = []
    said_where = False
    for cell in notebook["cells"]:
        text = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            if form_for and not is_solution:
                if text.startswith("**Exercise") and not said_where:
                    said_where = True
                    text = f"{WHERE_TO_ANSWER}\n\n{text}"
                text = text.replace("## The worksheet\n", f"## The worksheet\n\n{WORKSHEET}\n")
                # the script that shows the form hides the list; without scripts and on paper the list is there
                text = POLL.sub(r'<div class="poll-list">\n\n\1</div>', text)
                text = WHO_SEES.sub(WHO_SEES_HERE, text)
                if text.startswith(PRINTED):
                    text = f"{text} {WHERE_TO_PASTE}"
            # JupyterLab: #Is-it-so?; MyST: #is-it-so
            text = re.sub(
                r"((?:\.ipynb|\]\()#)([^)\s]+)", lambda link: link[1] + _as_myst_spells(link[2]), text
            )
            cells.append(cell | {"source": text})
            continue
        form = form_for(text) if form_for else None
        name = "In the notebook" if form else _fold_name(text)
        is_folded = form or cell["metadata"].get("jupyter", {}).get("source_hidden")
        tags = cell["metadata"].get("tags", []) + ["hide-input"] * bool(is_folded)
        prompts = {"code_prompt_show": name, "code_prompt_hide": name}
        metadata = cell["metadata"] | {"tags": tags, "mystnb": prompts}
        outputs = [] if form else [one for one in cell["outputs"] if _shown(one) != NOT_FILLED_IN]
        cells.append(cell | {"metadata": metadata, "outputs": outputs})
        if form:
            cells.append(_markdown(f"{cell['id']}-form", form))
    return notebook | {"cells": _under_a_click(cells) if is_solution else cells}


def _shown(output):
    """Return the plain text of an output."""
    text = output.get("text", output.get("data", {}).get("text/plain", ""))
    return "".join(text).strip()


def _fold_name(text):
    """Return what folded code has in it, for the line to click on."""
    if functions := re.findall(r"^def (\w+)", text, re.MULTILINE):
        return f"Code: {', '.join(functions)}"
    if re.search(r"\bshow\(", text):
        return "Code: the figure"
    if text.startswith("try:\n    from helpers import"):
        return "Code: the course's functions"
    if comment := re.match(r"(?:(?:import|from) .*\n+)+# (.*)\n", text):
        return f"Code: {comment[1]}"
    if re.search(r"^(import|from) ", text, re.MULTILINE):
        return "Code: the imports"
    return f"Code: {', '.join(re.findall(r'^([a-z]\w*)(?:, \w+)* = ', text, re.MULTILINE))}"


def _as_myst_spells(anchor):
    """Return the anchor of a heading in lower case and without its punctuation."""
    return re.sub(r"[^\w-]", "", anchor.lower())


def _markdown(name, text):
    """Return a markdown cell."""
    return {"cell_type": "markdown", "id": name, "metadata": {}, "source": text}


def _under_a_click(cells):
    """Fold what follows each exercise, up to the next one, into <details>."""
    answered = []
    is_open = False
    for cell in cells:
        if cell["cell_type"] == "markdown" and cell["source"].startswith(("**Exercise", "#")):
            if is_open:
                answered.append(_markdown(f"{cell['id']}-before", "</details>"))
            answered.append(cell)
            is_open = cell["source"].startswith("**Exercise")
            if is_open:
                number = re.search(r"\d\d\.\d+", cell["source"])[0]
                start = f'<details class="answer"><summary>Worked answer to {number}</summary>'
                answered.append(_markdown(f"{cell['id']}-answer", start))
        else:
            answered.append(cell)
    return answered + [_markdown("last-answer", "</details>")] * is_open


def _sentence(text, size=200):
    """Return the start of an HTML paragraph as plain text, which ends with a whole word."""
    text = " ".join(unescape(re.sub(r"<[^>]+>", "", text)).split())
    return text if len(text) <= size else text[:size].rpartition(" ")[0] + " …"


def setup(app):
    """Make Sphinx read each notebook through `as_a_page`, and give the theme what it needs for each page."""
    from answers import forms_for

    built = json.loads(BUILT.read_text(encoding="utf-8"))

    def read(app, docname, source):
        if str(app.env.doc2path(docname)).endswith(".ipynb"):
            if (app.srcdir / "checklist.pdf").exists():
                heading = '"## The checklist\\n",'
                link = ' "\\n", "[On one page to print](../checklist.pdf)\\n",'
                source[0] = source[0].replace(heading, heading + link)
            is_solution = "solutions/" in docname

            def form_for(text):
                return None if is_solution else forms_for(text, built["lessons"])

            source[0] = json.dumps(as_a_page(json.loads(source[0]), is_solution, form_for))

    def tell(app, pagename, templatename, context, doctree):
        paragraphs = re.findall(r"<p>(.*?)</p>", context.get("body", ""), re.DOTALL)
        sentences = [_sentence(text) for text in [*paragraphs, f"A page of the course {project}."]]
        context["description"] = escape(next(text for text in sentences if len(text) >= 40))
        # a shared link needs its picture at a whole address, which only SITE_URL gives
        context["picture"] = built["address"] and built["address"] + "_static/seven_actors.png"
        context["has_formulas"] = 'class="math' in context.get("body", "")
        folder, _, name = pagename.rpartition("/")
        lesson = name[:2] if folder == "notebooks" else None
        context["about"] = lesson and _about(pagename, name, context["pathto"], built)
        context["answering"] = []
        if lesson:
            context["answering"] = ["course", "expression", "explorers"]
            context["answering"] += [f"data/lesson_{lesson}"] if lesson in built["lessons"] else []
        if pagename == "table":
            context["answering"] = ["printed", "data/printed", "paste"]
        for key, turn in [("before", context.get("prev")), ("after", context.get("next"))]:
            link = turn["link"] if turn else "/"
            is_near = folder and "/" not in link.removeprefix("../" if folder.count("/") > 1 else "")
            context[key] = turn if is_near else None
        solution = f"notebooks/solutions/{name}"
        context["also"] = None
        if lesson and solution in app.env.all_docs:
            context["also"] = {"link": context["pathto"](solution), "title": f"Worked answers of {lesson}"}
        elif folder == "notebooks/solutions":
            lesson_page = context["pathto"](f"notebooks/{name}")
            context["also"] = {"link": lesson_page, "title": f"Lesson {name[:2]}"}

    app.connect("source-read", read)
    app.connect("html-page-context", tell)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _about(pagename, name, pathto, built):
    """Return, as HTML, what a lesson's page has to download, and what its notebook needs."""
    says = [f'<a href="{pathto(f"_sources/{pagename}.ipynb", 1)}" download>This notebook</a>']
    if built["has_pdf"]:
        says.append(f'<a href="{pathto(f"pdf/{name}.pdf", 1)}">PDF</a>')
    needs = built["needs"][name]
    files = (
        f" It reads {' and '.join([', '.join(needs[:-1])] * bool(needs[1:]) + needs[-1:])}." if needs else ""
    )
    why = "" if built["has_pdf"] else f" {NO_PDF}"
    return (
        f"{' · '.join(says)} · To run it, you need "
        f'<a href="{pathto("course.zip", 1)}">the whole course</a> and <code>make lab</code> in its folder.{files}{why}'
    )
