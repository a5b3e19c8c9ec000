"""The data of the site's pages: exercises, predictions, the poll, draws and pictures that move.

They come from the exercises' plain data, the poll's questions and the stored posteriors. `export`
writes them as scripts, because a page that is opened from its folder may not fetch any other file.
"""

import base64
import json
import re
from html import escape
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.special import expit
from scipy.stats import norm

from helpers.data import load_chimpanzees
from helpers.exercises import LESSONS, exercises, plain
from helpers.figures import COLOUR
from helpers.poll import QUESTIONS
from helpers.posterior import load_posterior
from helpers.predictions import PREDICTIONS, prediction

ROOT = Path(__file__).parents[2]
EXAMPLES = {  # on the page for printed tables: for each program, a print from tests/printed
    "lme4": "lme4_binomial",
    "glmmTMB": "glmmTMB_nbinom2",
    "ordinal": "ordinal_print",
    "brms": "brms_gaussian_summary",
    "rstanarm": "rstanarm_slopes_print",
    "statsmodels": "statsmodels_slopes",
    "Bambi": "bambi_poisson",
    "PyMC": "pymc_m_13_4",
}

# the draws that an expression can use: their names on the page, and where they are in the posterior
TREATMENTS = [f"b_{name.replace('/', '')}" for name in ["R/N", "L/N", "R/P", "L/P"]]
DRAWS = {
    "m_13_4": {
        "a_bar": "a_bar",
        "sigma_a": "sigma_a",
        **{f"a_{k}": ("a", k - 1) for k in range(1, 8)},
        **{f"g_{k}": ("g", k - 1) for k in range(1, 7)},
        **{name: ("b", k) for k, name in enumerate(TREATMENTS)},
    },
    "m_13_2": {"a_bar": "a_bar", "sigma": "sigma", **{f"a_{k}": ("a", k - 1) for k in range(1, 13)}},
    "tanks": {  # lesson 08's file: m_13_2 under different names
        "centre": "centre",
        "spread": "spread",
        **{f"shift_{k}": ("shift", k - 1) for k in [9, 27, 30]},
    },
    "sleepstudy": {
        "slope": "slope",
        **{f"dev_{name}": ("dev", {"subject": name, "term": "Days"}) for name in ["308", "309", "335"]},
    },
    "eight_schools": {
        "mu": "mu",
        "tau": "tau",
        **{f"theta_t_{name}": ("theta_t", {"school": name}) for name in "ABCDEFGH"},
    },
    "epilepsy": {
        "intercept": "intercept",
        "sd": "sd",
        "Trt1": ("b", {"term": "Trt1"}),
        "zBase": ("b", {"term": "zBase"}),
        "zBase_Trt1": ("b", {"term": "zBase:Trt1"}),
    },
    "wine": {
        "cut_34": ("cutpoints", {"cut": "3|4"}),
        "cut_45": ("cutpoints", {"cut": "4|5"}),
        "tempwarm": "tempwarm",
        "contactyes": "contactyes",
        **{f"u_{k}": ("u", {"judge": str(k)}) for k in range(1, 10)},
    },
}


def _lme4_of_actor_7():
    """Return in words the entry of lme4's table that exercise 02.3 asks for."""
    table = pd.read_csv(ROOT / "data/lme4_m_13_4.csv", keep_default_na=False)
    table = table.set_index(["kind", "group", "level"])["estimate"]
    return f"lme4's deviation of actor 7 is {table['deviation', 'actor', '7']}; its fixed effects are above."


# for each exercise, the posterior that it needs and an example that shows how to write, and no step of the answer
NEEDS = {
    "01.4": ("m_13_4", "a_1[0] + b_LP[0]"),
    "02.1": ("m_13_4", "median(a_1)"),
    "02.2": ("m_13_4", "median(a_1)"),
    "03.1": ("m_13_4", "median(a_1)"),
    "03.3": ("m_13_4", "median(a_1)"),
    "04.1": ("m_13_4", "mean(a_1) - median(a_1)"),
    "04.2": ("m_13_4", "quantile(a_1, 0.055), quantile(a_1, 0.945)"),
    "05.2": ("m_13_4", "quantile(a_1 - a_2, 0.055), quantile(a_1 - a_2, 0.945)"),
    "05.5": ("m_13_4", "mean(a_1)"),
    "06.1": ("m_13_2", "median(a_1)"),
    "06.2": ("m_13_2", "median(a_1)"),
    "06.3": ("m_13_2", "mean(a_1) - median(a_1)"),
    "06.4": ("m_13_2", "median(a_1 + z)"),
    "07.2": ("eight_schools", "mean(theta_t_A)"),
    "07.3": ("epilepsy", "mean(zBase)"),
    "07.5": ("sleepstudy", "median(dev_308)"),
    "07.6": ("eight_schools", "median(theta_t_B)"),
    "07.7": ("epilepsy", "median(sd)"),
    "07.8": ("wine", "median(cut_34)"),
    "08.2": ("tanks", "mean(shift_9)"),
}
NUMBERS = {"02.3": _lme4_of_actor_7}  # what the notebook's table has and the page does not show
ROWS = {"01.4": 332, "03.1": 437, "03.3": 111, "04.1": 469}

# in lesson 08: how a cell to fill in begins, and what a reader without the notebook can do instead
WORKSHEET = {
    "my_roles = {": (
        "On this page, write the roles on paper and then open the answer below. "
        "The notebook compares yours with it."
    ),
    "my_model = ...": (
        "This one needs the notebook, because <code>read_table</code> reads the model itself. "
        'From a print, <a href="../table.html">the page for printed tables</a> reads what it can without one.'
    ),
    "my_file = ...": "This one needs the notebook, because your file can only be opened there.",
    "my_rebuilt = ...": "This one needs the notebook, because it uses the draws of your file.",
    "my_sentence = ...": (
        "This one needs the notebook. On this page, put the questions of the reply above to your own sentence."
    ),
}


def lesson_data(lesson):
    """Return the exercises and the key prediction of a lesson as plain data."""
    data = plain(lesson)
    for number, exercise in data["exercises"].items():
        exercise["work"] = exercises(lesson)[number].work
        if number in NEEDS:
            exercise["draws"] = NEEDS[number][0]
    return data | {"prediction": prediction(lesson).plain() if lesson in PREDICTIONS else None}


def is_answerable(number, exercise):
    """Return whether an exercise can be answered on its page, without the notebook."""
    return number in NEEDS or exercise["work"] != "your own code"


def how(number, exercise):
    """Return, as HTML, the sentences that say whether an exercise can be answered on its page."""
    if not is_answerable(number, exercise):
        return "This one needs the notebook. If you have found a number there, you can check it here too."
    says = "This one can be answered here."
    if number in NUMBERS:
        return f"{says} {NUMBERS[number]()}"
    if number not in NEEDS:
        return says
    posterior, example = NEEDS[number]
    names = ", ".join(f"<code>{name}</code>" for name in DRAWS[posterior])
    says = "This one can be answered here, with a number or with an expression such as "
    says += f"<code>{escape(example)}</code>. "
    if number in ROWS:
        row = load_chimpanzees().loc[ROWS[number]]
        says += f"Row {ROWS[number]} has actor {row['actor']}, block {row['block']} and {row['treatment']}. "
    if " z" in example:
        says += "<code>z</code> has one value of a standard Normal for each draw. "
    if "[0]" in example:
        says += "Here <code>[0]</code> is the first draw of the first chain. "
    return (
        f"{says}<details><summary>Names and functions for expressions</summary>"
        f"<p>Each of these has all draws of the stored posterior: {names}. For a name x, <code>x[0]</code> is the "
        "first draw of the first chain, and <code>mean(x &gt; 2)</code> is the share of draws above 2.</p><p>You can use <code>+ - * / ** &lt; &gt;</code>, brackets, <code>mean</code>, "
        "<code>median</code>, <code>sd</code>, <code>var</code>, <code>quantile(x, 0.055)</code>, <code>expit</code>, "
        "<code>logit</code>, <code>exp</code>, <code>log</code>, <code>sqrt</code> and <code>abs</code>.</p></details>"
    )


def form(number, exercise, name=None):
    """Return the form for an exercise or a prediction as one line of HTML; a script shows it."""
    label = name or f"Your answer to {number}"
    kind = "prediction" if name else "exercise"
    if exercise["scale"] == "choice":
        field = "".join(
            f'<label><input type="radio" name="answer-{number}" value="{letter}"> {letter}</label>'
            for letter in exercise["letters"]
        )
        field = f'<fieldset><legend>{label}</legend>{field}<button type="submit">Check</button></fieldset>'
    else:
        at = f"{kind}-{number}"
        wide = ' class="wide"' if not name and number in NEEDS else ""  # an expression is long
        field = (
            f'<label for="{at}">{label}</label> <input type="text" id="{at}"{wide} maxlength="300" '
            'autocomplete="off" autocapitalize="off" spellcheck="false"> <button type="submit">Check</button>'
        )
    about = "" if name else f'<div class="how">{how(number, exercise)}</div>'
    return (
        f'<div class="answer-here">{about}<form hidden data-{kind}="{number}">{field}'
        '<output role="status"></output></form></div>'
    )


def poll_form(again=False):
    """Return the poll of lesson 00, or that of lesson 06, as one line of HTML; a script shows it."""
    questions = "".join(
        f"<fieldset><legend>{number}. {escape(question.text)}</legend>"
        + "".join(
            f'<label><input type="radio" name="poll-{number}" value="{letter}"> '
            f"<span>{letter}: {escape(words)}</span></label>"
            for letter, words in question.options.items()
        )
        + "</fieldset>"
        for number, question in QUESTIONS.items()
    )
    name = "poll again" if again else "poll"  # under which the browser saves the answers
    link = "" if again else ' <a href="06_your_turn.html">Compare in lesson 06</a>'
    return (
        f'<div class="answer-here"><form hidden data-poll="ask" data-name="{name}">{questions}'
        f'<output role="status"></output>{link}</form></div>'
    )


def poll_result():
    """Return the answers that lesson 06 compares with, as one line of HTML."""
    items = "".join(
        f'<li data-question="{number}">{escape(question.text)} <span class="said"></span>'
        f"<br>Answer: {question.right}, {escape(question.options[question.right])} ({escape(question.why)})</li>"
        for number, question in QUESTIONS.items()
    )
    options = escape(json.dumps({number: question.options for number, question in QUESTIONS.items()}))
    return (
        '<div class="answer-here"><details><summary>Show the answers</summary>'
        f'<ol data-poll="compare" data-options="{options}">{items}</ol></details></div>'
    )


def packed(values):
    """Return numbers as a start, a step and 16-bit integers in base64, rounded to 1/65535 of their range."""
    values = np.asarray(values, dtype=float).ravel()
    start, step = float(values.min()), float(np.ptp(values)) / 65535
    whole = np.round((values - start) / step).astype("<u2")
    return [start, step, base64.b64encode(whole.tobytes()).decode()]


def draws(posterior):
    """Return the named draws of a posterior, chain after chain."""
    stored = load_posterior("m_13_2" if posterior == "tanks" else posterior)["posterior"].to_dataset()
    if posterior == "tanks":
        shift = (stored["a"] - stored["a_bar"]) / stored["sigma"]
        stored = stored.assign(centre=stored["a_bar"], spread=stored["sigma"], shift=shift)
    found = {}
    for name, place in DRAWS[posterior].items():
        if isinstance(place, str):
            found[name] = stored[place]
        elif isinstance(place[1], int):
            found[name] = stored[place[0]][..., place[1]]
        else:
            found[name] = stored[place[0]].sel(place[1])
        found[name] = found[name].transpose("chain", "draw").to_numpy().ravel()
    if posterior == "m_13_2":  # one standard Normal value for each draw, evenly spaced, in random order
        size = found["a_bar"].size
        found["z"] = np.random.default_rng(8927).permutation(norm.ppf((np.arange(size) + 0.5) / size))
    return found


def cells():
    """Return the numbers in lesson 03's picture of a cell, for all 168 cells."""
    posterior = load_posterior("m_13_4")["posterior"].to_dataset()
    d = load_chimpanzees()
    dims = ["actor", "block", "treatment"]
    at = [0.055, 0.5, 0.945]

    def intervals(array):
        found = array.quantile(at, ["chain", "draw"]).transpose(..., "quantile")
        return found.to_numpy().reshape(-1, 3).round(6).tolist()

    return {
        "names": {dim: posterior[dim].to_numpy().tolist() for dim in dims},
        "rows": d[[f"{dim}_idx" for dim in dims]].to_numpy().tolist(),
        "terms": {name: intervals(posterior[name]) for name in "agb"},
        "sums": intervals(posterior["a"] + posterior["g"] + posterior["b"]),
        "colour": COLOUR,
    }


def normal():
    """Return the numbers in lesson 04's picture of a Normal eta, with its gap at every step of the sliders."""
    step = 0.25
    even = norm.ppf((np.arange(20_000) + 0.5) / 20_000)
    means, sds = np.arange(-5, 5 + step, step), np.arange(0, 4 + step, step)
    gaps = [[float(expit(mean + sd * even).mean() - expit(mean)) for sd in sds] for mean in means]
    drawn = norm.ppf((np.arange(2000) + 0.5) / 2000)
    return {
        "even": drawn.round(5).tolist(),
        "gaps": np.round(gaps, 7).tolist(),
        "step": step,
        "colour": COLOUR,
    }


def explorer(name):
    """Return the place of a picture that moves, as one line of HTML."""
    return (
        f'<div class="explorer" data-explorer="{name}"><p>The controls of this picture need scripts. '
        "Without them, the picture above shows one position of the controls.</p></div>"
    )


def forms_for(text, data):
    """Return, as HTML, what replaces the output of a code cell on the site, or None.

    Parameters
    ----------
    text : str
        The cell's source.
    data : dict
        `lesson_data` of each lesson.
    """
    if match := re.search(r'^check\("((\d\d)\.\d+)"', text, re.MULTILINE):
        return form(match[1], data[match[2]]["exercises"][match[1]])
    if match := re.search(r'^predict\("(\d\d)"', text, re.MULTILINE):
        return form(match[1], data[match[1]]["prediction"], "Your prediction")
    if re.search(r"^keep\(", text, re.MULTILINE):
        return poll_form(again="again=True" in text)
    if re.search(r"^ *compare\(\)", text, re.MULTILINE):
        return poll_result()
    if "choose_row = widgets" in text:
        return explorer("cells")
    if "sd_slider = widgets" in text:
        return explorer("normal")
    return next((f'<p class="kept">{says}</p>' for start, says in WORKSHEET.items() if start in text), None)


def printed_data():
    """Return the data of the page for printed tables as a script: Python's patterns and sentences, and examples."""
    patterns, sentences = (
        (ROOT / f"helpers/printed/{name}.json").read_text(encoding="utf-8").strip()
        for name in ["patterns", "sentences"]
    )
    examples = {}
    for program, name in EXAMPLES.items():
        text = (ROOT / f"tests/printed/{name}.txt").read_text(encoding="utf-8")
        examples[program] = re.sub(r"(?m)^# .*\n", "", text)  # without the program's version and call
    return (
        f'printed.data({{"patterns": {patterns},\n"sentences": {sentences},\n'
        f'"examples": {json.dumps(examples, indent=1)}}});\n'
    )


def export(folder):
    """Write the data of the pages as scripts into a folder; return `lesson_data` of each lesson."""
    folder.mkdir(parents=True)

    def write(name, call, *given):
        given = ", ".join(json.dumps(value, allow_nan=False, separators=(",", ":")) for value in given)
        (folder / f"{name}.js").write_text(f"course.{call}({given});\n", encoding="utf-8")

    data = {lesson: lesson_data(lesson) for lesson in LESSONS}
    for lesson in LESSONS:
        write(f"lesson_{lesson}", "answers", data[lesson])
    for posterior in DRAWS:
        named = {name: packed(values) for name, values in draws(posterior).items()}
        write(f"draws_{posterior}", "drawn", posterior, named)
    write("cells", "pictured", "cells", cells())
    write("normal", "pictured", "normal", normal())
    (folder / "printed.js").write_text(printed_data(), encoding="utf-8")
    return data
