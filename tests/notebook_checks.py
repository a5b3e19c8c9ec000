"""What a notebook of the series must be: each check returns its complaints, a list of sentences."""

import base64
import re
from decimal import ROUND_HALF_EVEN, Decimal
from html import unescape
from itertools import pairwise
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted(p for p in ROOT.glob("notebooks/**/*.ipynb") if ".ipynb_checkpoints" not in p.parts)
LESSONS = [path for path in NOTEBOOKS if path.parent.name == "notebooks"]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted(ROOT.glob("[a-z]*/*.md"))]

# Numbers in a lesson's prose that no cell near them prints, and where they are from. Those under
# "all" may be used in every lesson.
OUTSIDE_FACTS = {
    "all": {
        "-0.666": "the learner's sum, in the thread; computed in lesson 03",
        "0.339": "the learner's plug-in, in the thread; computed in lesson 03",
        "0.344": "the learner's mean of p[0], in the thread",
        "504": "the number of pulls; data/README.md",
        "13.3": "the section of Statistical Rethinking, 2nd ed., that has the model",
        "2005": "the year of Silk et al. and of Vonesh and Bolker (data/README.md)",
        "4,000": "the number of draws of each stored posterior; data/README.md",
    },
    "01": {
        "1.01": "the usual limit for r_hat: Vehtari et al. (2021), Bayesian Analysis 16, 667-718",
        "400": "the usual floor for the ESS: Vehtari et al. (2021)",
        "8927": "RANDOM_SEED of the PyMC port of Statistical Rethinking, and of our fit",
    },
    "07": {
        "2003": "Belenky et al., Journal of Sleep Research 12 (data/README.md)",
        "1981": "Rubin, Journal of Educational Statistics 6 (data/README.md)",
        "1990": "Thall and Vail, Biometrics 46 (data/README.md)",
        "1989": "Randall, Biometrical Journal 31 (data/README.md)",
    },
}

# The only cells whose outputs are not compared: they sample, or show live draws, a time, or the
# reader's own answers to the poll.
# A cell is named by a line of its code.
LIVE = {
    "00_start_here.ipynb": ["from helpers.poll import keep"],
    "06_your_turn.ipynb": ["from helpers.poll import keep", "from helpers.poll import compare"],
    "01_fitting_m_13_4.ipynb": [
        'prior_p = pm.draw(m_13_4["p"][0], draws=20_000, random_seed=8927)',
        "idata = pm.sample(",
        "yours = health(idata)",
    ],
    "03_rebuilding_p.ipynb": [
        "idata_without = pm.sample(",
        'print(f"largest difference of a mean: {errors.max():.1f} Monte Carlo errors")',
        "from time import perf_counter",
        "widgets.VBox([choose_row, widgets.HBox(lists), picture])",
        "redrawn = pm.sample_posterior_predictive(",
    ],
    "05_new_actors_and_contrasts.ipynb": [
        "rng = np.random.default_rng(8927)",
        'a_new = pm.Normal("a_new", m_13_4["a_bar"], m_13_4["sigma_a"])',
        'assert abs(pulls.loc["p false", "plain arrays"] - 0.5) < 0.03',
    ],
    "04_jensens_gap.ipynb": ["widgets.VBox([widgets.HBox([mean_slider, sd_slider]), picture])"],
}


def read(path):
    """Read a notebook."""
    return nbformat.read(path, as_version=4)


def module_of(path):
    """Return the name of the module that has a lesson's exercises."""
    return f"helpers/exercises/lesson_{path.name[:2]}.py"


def where(cell):
    """Return the first words of a cell, by which a person finds it."""
    words = " ".join(cell.source.split())
    return repr(words if len(words) <= 50 else words[:50] + " ...")


def tags(cell):
    """Return the tags of a cell."""
    return cell.metadata.get("tags", [])


def code_cells(notebook):
    """Return the code cells."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def outputs(notebook):
    """Return the stored outputs of all cells."""
    return [output for cell in code_cells(notebook) for output in cell.outputs]


def texts(output):
    """Return what an output shows as text: a list of strings."""
    if output.output_type == "stream":
        return [output.text]
    if output.output_type == "error":
        return [output.ename, output.evalue]
    return [text for mime, text in output.data.items() if mime.startswith("text/") and isinstance(text, str)]


def shown_texts(output):
    """Return the texts of an output as a reader sees them, without HTML tags and hidden attributes."""
    if "text/html" in output.get("data", {}):
        plain = [text for mime, text in output.data.items() if mime == "text/plain"]
        return [*plain, re.sub(r"<[^>]*>", " ", output.data["text/html"])]
    return texts(output)


def prose(notebook):
    """Return the text of the markdown cells."""
    return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


def executed(notebook):
    """Every code cell ran, from top to bottom, in one go."""
    counts = [cell.execution_count for cell in code_cells(notebook)]
    if counts != list(range(1, len(counts) + 1)):
        return [f"execution counts are {counts}; run `make execute`"]
    return []


def prints_in_one_piece(notebook):
    """What a compared cell prints is stored as one output; otherwise each run may cut it differently."""
    complaints = []
    for cell in code_cells(notebook):
        names = [output.get("name", "") for output in cell.outputs]
        cut = any(one and one == following for one, following in pairwise(names))
        if cut and "nbval-ignore-output" not in tags(cell):
            complaints.append(f"{where(cell)} has its prints in pieces; run `make execute`")
    return complaints


def no_trouble_stored(notebook):
    """No error, warning, log line, progress bar, widget view or machine path is stored."""
    complaints = []
    for output in outputs(notebook):
        if output.output_type == "error":
            complaints.append(f"an error is stored: {output.ename}: {output.evalue}")
        if output.get("name") == "stderr":
            complaints.append(f"stderr is stored: {output.text[:80]!r}")
        if "application/vnd.jupyter.widget-view+json" in output.get("data", {}):
            complaints.append("a widget view is stored; no kernel will be there to draw it")
        for text in texts(output):
            if found := re.search(
                r"(/(root|home|tmp|Users|work)/\S*|[A-Z]:\\\S+|Sampling: \[|Warning:)", text
            ):
                complaints.append(f"an output holds {found[0]!r}")
    return complaints


def headings_in_order(notebook):
    """One title, first; no level is skipped on the way down."""
    levels = [len(hashes) for hashes in re.findall(r"(?m)^(#+) ", prose(notebook))]
    complaints = (
        [] if levels[:1] == [1] and levels.count(1) == 1 else ["wanted one title, as the first heading"]
    )
    for above, below in zip(levels, levels[1:], strict=False):
        if below > above + 1:
            complaints.append(f"a heading of level {below} follows one of level {above}")
    return complaints


def anchors(path):
    """Return the places in a page that a link may name, as the page's own viewer spells them.

    JupyterLab keeps a heading's capitals, GitHub (for .md) and the site do not; all three put
    hyphens for spaces.
    """
    text = prose(read(path)) if path.suffix == ".ipynb" else path.read_text(encoding="utf-8")
    headings = [re.sub(r"[`*]", "", heading).strip() for heading in re.findall(r"(?m)^#+ (.+)$", text)]
    spelled = {heading.replace(" ", "-") for heading in headings}
    return spelled if path.suffix == ".ipynb" else {re.sub(r"[^\w-]", "", name).lower() for name in spelled}


def links_live(text, folder):
    """Every relative link leads to a file, and to a heading of it where it names one."""
    complaints = []
    for target, place in re.findall(r"\]\(([^)#\s]*)(?:#([^)\s]+))?[^)]*\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        if target and not (folder / target).exists():
            complaints.append(f"a link leads nowhere: {target}")
        elif target and place and place not in anchors(folder / target):
            complaints.append(f"{target} has no heading {place}")
    return complaints


def small(path):
    """The file stays under 1 MB."""
    size = path.stat().st_size / 1e6
    return [f"{size:.1f} MB; wanted less than 1 MB"] if size >= 1 else []


def figures_described(notebook):
    """Every picture has an alt text of 40 characters or more, none twice."""
    complaints, alts = [], []
    for output in outputs(notebook):
        if any(mime.startswith("image/") for mime in output.get("data", {})):
            complaints.append("a picture without alt text; use helpers.show")
        for image in re.findall(r"<img [^>]*>", output.get("data", {}).get("text/html", "")):
            alt = re.search(r'alt="([^"]*)"', image)
            alts.append(unescape(alt[1]) if alt else "")
    complaints += [f"alt text too short: {alt!r}" for alt in alts if len(alt) < 40]
    complaints += [f"alt text used twice: {alt!r}" for alt in set(alts) if alts.count(alt) > 1]
    return complaints


# an axis as helpers.drawn describes it: its label, and the quotation mark before the texts of its ticks
AXIS = r" {letter}(?: '(.*?)'(?:#\w+)?)? \[-?[\d.][^\]]*\](?: \w+)?( ')?"


def figures_labelled(notebook):
    """Every figure has a title; its axes say what they show, in more than one letter.

    Axes that are off need neither. Texts of ticks, such as names of actors, count as a label, and so
    does a second text of the figure. That the label is the right one, no check sees.
    """
    complaints = []
    for output in outputs(notebook):
        html = output.get("data", {}).get("text/html", "")
        for alt, drawn in re.findall(r'<img alt="([^"]*)" data-drawn="([^"]*)"', html):
            lines = unescape(drawn).split("\n")
            axes = [line for line in lines if line.startswith("axes ") and " axis off" not in line]
            figure = "".join(line for line in lines if line.startswith("figure "))
            name = f"figure {unescape(alt)[:50]!r}"
            if axes and not figure.startswith("figure '") and not re.search(r"(?m)^axes \d+ '", drawn):
                complaints.append(f"{name} has no title")
            for letter in "xy":
                found = [match for line in axes if (match := re.search(AXIS.format(letter=letter), line))]
                labels = [match[1] for match in found if match[1]]
                if axes and not labels and not any(match[2] for match in found) and "texts=2" not in figure:
                    complaints.append(f"{name}: no {letter} axis has a label")
                complaints += [f"{name}: {one!r} is not a label" for one in labels if len(one) < 2]
    return complaints


NUMBER = re.compile(
    r"(?<![\w.])[-\u2212+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\w])|(?<![\w.])[-\u2212+]?\d*\.?\d+(?:e-?\d+)?(?!\w)"
)


def _numbers(text):
    found = []
    for match in NUMBER.findall(text):
        try:
            found.append(Decimal(match.replace(",", "").replace("\u2212", "-")))
        except ArithmeticError:
            continue
    return found


# A number in the prose is backed by the outputs of so many code cells before it and after it.
BEFORE, AFTER = 3, 1
QUOTING = r"\$\$.*?\$\$|\$[^$\n]+\$|`[^`\n]+`|Normal\([^)]*\)"


def shown_numbers(cells):
    """Return the numbers that the outputs of code cells show."""
    return set(
        _numbers("\n".join(text for cell in cells for output in cell.outputs for text in shown_texts(output)))
    )


def backing(notebook, index):
    """Return the numbers that are shown near a markdown cell."""
    before = [cell for cell in notebook.cells[:index] if cell.cell_type == "code"][-BEFORE:]
    after = [cell for cell in notebook.cells[index + 1 :] if cell.cell_type == "code"][:AFTER]
    return shown_numbers(before + after)


def is_backed(written, numbers):
    """Tell whether one of the numbers, rounded as the written one is, agrees with it."""
    number = Decimal(written)
    whole = "." not in written and "e" not in written
    step = Decimal(1) if whole else Decimal(1).scaleb(number.as_tuple().exponent)
    rounded = {value.quantize(step, ROUND_HALF_EVEN) for value in numbers if abs(value) < 10**12}
    # an unsigned number may be the size of a negative one
    return number in rounded or (number > 0 and -number in rounded)


def written_numbers(text):
    """Return the numbers of a text that need backing, as they are written and as plain numbers.

    Decimals, and integers of three digits or more.
    """
    found = [
        (match, match.replace(",", "").replace("\u2212", "-").lstrip("+")) for match in NUMBER.findall(text)
    ]
    return [(match, plain) for match, plain in found if "." in plain or len(plain.lstrip("-")) >= 3]


def plain_text(cell):
    """Return a markdown cell's text without code blocks and without the targets of links."""
    return re.sub(r"\]\([^)]*\)", "]", re.sub(r"```.*?```", " ", cell.source, flags=re.S))


def numbers_backed(notebook, lesson=""):
    """Every number in the prose stands in an output near it, at its rounding, or is an outside fact.

    A count of three digits or more (504, 4,000) may stand in any output of the notebook; a number in
    `code` or in $math$ may quote the code instead; what an exercise gives is not a claim.
    """
    code = set(_numbers("\n".join(cell.source for cell in code_cells(notebook))))
    counts = {
        number for number in shown_numbers(code_cells(notebook)) if number == number.to_integral_value()
    }
    outside = {fact.replace(",", "") for key in ["all", lesson[:2]] for fact in OUTSIDE_FACTS.get(key, {})}
    complaints = []
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type != "markdown" or cell.source.startswith("**Exercise"):
            continue
        text, near = plain_text(cell), backing(notebook, index) | counts
        quoted = " ".join(re.findall(QUOTING, text, flags=re.S))
        for span, allowed in [(quoted, near | code), (re.sub(QUOTING, " ", text, flags=re.S), near)]:
            complaints += [
                f"cell {index}, {where(cell)}: no output near it shows {match}; "
                "correct it, or list it in OUTSIDE_FACTS with its source"
                for match, plain in written_numbers(span)
                if plain not in outside and not is_backed(plain, allowed)
            ]
    return complaints


def wrong_values(notebook, rng):
    """Change each two-decimal number of the prose; return how many pass all the same, and how many there are."""
    passed = total = 0
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type != "markdown":
            continue
        near = backing(notebook, index)
        for _, plain in written_numbers(re.sub(QUOTING, " ", plain_text(cell), flags=re.S)):
            if re.fullmatch(r"-?\d*\.\d\d", plain):
                wrong = Decimal(plain) + Decimal(rng.choice([-1, 1]) * rng.randint(1, 30)) / 100
                passed, total = passed + is_backed(str(wrong), near), total + 1
    return passed, total


def live_cells_listed(notebook, name):
    """The cells whose outputs are not compared are the listed ones."""
    listed = list(LIVE.get(name, []))
    complaints = []
    for cell in code_cells(notebook):
        lines = [line.strip() for line in cell.source.splitlines()]
        line = next((line for line in listed if line in lines), None)
        tagged = "nbval-ignore-output" in tags(cell)
        if tagged and line is None:
            complaints.append(f"a cell is not compared and not in the list LIVE: {lines[0]!r}")
        if line is not None:
            listed.remove(line)
            if not tagged:
                complaints.append(f"a cell in the list LIVE lacks its tag: {line!r}")
        if unknown := set(tags(cell)) & {"nbval-skip", "raises-exception"}:
            complaints.append(f"tags not in use here: {sorted(unknown)}")
    return complaints + [f"the list LIVE names a cell that is not there: {line!r}" for line in listed]


def helpers_kept(notebook):
    """No cell gives a name of the helpers another meaning: an exercise below would then fail."""
    code = [cell.source for cell in code_cells(notebook)]
    names = {
        name.strip() for line in re.findall(r"from helpers import (.*)", code[0]) for name in line.split(",")
    }
    taken = [
        name for name in names if re.search(rf"(?m)^\s*(?:def {name}\b|{name}\s*=[^=])", "\n".join(code[1:]))
    ]
    return [f"{name} is given another meaning" for name in taken]


def first_cell(notebook):
    """Return the source of the first code cell, which meets a wrong kernel."""
    return code_cells(notebook)[0].source


def plain_markdown(notebook):
    """No directive that shows raw in JupyterLab, and no magic comment in the reader's face."""
    complaints = [
        f"a directive: {line}" for line in re.findall(r"(?m)^(?::::|\{[a-z]+\}|```\{).*", prose(notebook))
    ]
    for cell in code_cells(notebook):
        if found := re.search(r"#\s*(NBVAL_\w+|noqa.*|pragma.*)|^%\w+", cell.source, flags=re.M):
            complaints.append(f"a magic comment: {found[0]!r}")
    return complaints


DRAWN = "all#1\naxes 1 'Rising' x 'time (days)' [0, 10] y 'height (m)' [0, 1] lines=2#91d3"


def picture(alt, drawn=DRAWN):
    """Return a stored figure as `helpers.show` makes it, for tests that break one."""
    data = base64.b64encode(b"pixels").decode()
    return nbformat.v4.new_output(
        "execute_result",
        {
            "text/html": f'<img alt="{alt}" data-drawn="{drawn}" src="data:image/png;base64,{data}">',
            "text/plain": alt,
        },
        execution_count=1,
    )
