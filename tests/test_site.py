"""What the site's pages answer with, as far as it can be tested without a browser."""

import json
import re
import sys
from itertools import pairwise

import jinja2
import notebook_checks
import numpy as np
import pytest

from helpers.exercises import exercises, plain
from helpers.exercises.engine import reply
from helpers.exercises.forms import letter_in, numbers_in
from helpers.poll import QUESTIONS
from helpers.predictions import PREDICTIONS

SITE = notebook_checks.ROOT / "classroom" / "site"
sys.path.append(str(SITE))

import answers  # noqa: E402
import conf  # noqa: E402
from links import broken_links, site_address  # noqa: E402

DATA = {lesson: answers.lesson_data(lesson) for lesson in answers.LESSONS}
LESSONS = sorted(notebook_checks.ROOT.glob("notebooks/0*.ipynb"))


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("0.344", [0.344]),
        ("0,344", [0.344]),
        (" .344 ", [0.344]),
        ("-,5", [-0.5]),
        ("\u22120.666", [-0.666]),
        ("\u2013 0,666", [-0.666]),
        ("34.4%", [0.344]),
        ("34,4 %", [0.344]),
        ('"0.344"', [0.344]),
        ("\u201e0,344\u201c", [0.344]),
        ("(0.344)", [0.344]),
        ("answer = 0.344", [0.344]),
        ("\u2248 0.344", [0.344]),
        ("+2", [2.0]),
        ("1e-3", [0.001]),
        ("[1.31, 2.67]", [1.31, 2.67]),
        ("1.31,2.67", [1.31, 2.67]),
        ("1,31; 2,67", [1.31, 2.67]),
        ("1,31, 2,67", [1.31, 2.67]),
        ("1.31 to 2.67", [1.31, 2.67]),
        ("(-0,5 0,4)", [-0.5, 0.4]),
        ("1,31,2,67", [1.0, 31.0, 2.0, 67.0]),
        ("5\u00a0%, 95\u202f%", [0.05, 0.95]),
    ],
)
def test_numbers_are_read(text, numbers):
    assert numbers_in(text) == numbers


@pytest.mark.parametrize("text", ["a third", "1.2.3", "1-2", "0x10", "nan", "Infinity", "1 in 3", "\u0663"])
def test_other_texts_are_no_numbers(text):
    assert numbers_in(text) is None


def test_long_texts_are_read_in_no_time():
    for text in ["1 " * 50_000 + "x", "1 ; " * 50_000 + "x", "- " * 50_000, "[" * 100_000]:
        assert numbers_in(text) is None and letter_in(text) is None


@pytest.mark.parametrize("number", [n for n, exercise in exercises().items() if exercise.scale != "choice"])
def test_typed_answers_are_answered_as_numbers_are(number):
    exercise = exercises()[number]
    for value in [exercise.right, *(route for routes in exercise.hints.values() for route in routes)]:
        values = value if isinstance(value, tuple) else (value,)
        typed = "; ".join(f"{x:.17g}".replace(".", ",").replace("-", "\u2212") for x in values)
        assert reply(exercise, typed) == reply(exercise, value)


def test_the_site_gets_everything_a_reply_needs():
    data = json.loads(json.dumps(plain(), allow_nan=False))
    for number, exercise in exercises().items():
        sent = data["exercises"][number]
        assert [hint["says"] for hint in sent["hints"]] == list(exercise.hints)
        assert sent["tolerance"] == exercise.within
    assert data["exercises"]["04.2"]["short"] == [1.31, 2.67]
    assert data["exercises"]["02.4"]["letters"] == ["A", "B", "C", "D"]


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_every_place_for_an_answer_becomes_a_form(path):
    """Each exercise, prediction and poll of a lesson answers on its page, and its waiting output is gone."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    lesson = path.name[:2]
    code = "".join("".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code")
    missing = set(re.findall(r'\bcheck\("(\d\d\.\d+)"', code)) - set(exercises())
    assert not missing, f"{sorted(missing)} are not in {notebook_checks.module_of(path)}"
    missing = set(re.findall(r'\bpredict\("(\d\d)"', code)) - set(PREDICTIONS)
    assert not missing, f"{sorted(missing)} are not in PREDICTIONS of helpers/predictions.py"
    page = conf.as_a_page(notebook, form_for=lambda text: answers.forms_for(text, DATA))
    text = "".join("".join(cell["source"]) for cell in page["cells"] if cell["cell_type"] == "markdown")
    known = [number for number in exercises() if number[:2] == lesson]
    assert re.findall(r'data-exercise="(.*?)"', text) == known
    assert text.count("data-prediction=") == (1 if known else 0)
    assert text.count("data-poll=") == {"00": 1, "06": 2}.get(lesson, 0)
    assert text.count('class="poll-list"') == (1 if lesson in ("00", "06") else 0)
    assert not re.search("home folder|letter in quotes in place", text), "true of the notebook only"
    assert text.count("data-explorer=") == (1 if lesson in ("03", "04") else 0)
    assert "not answered yet" not in json.dumps(page["cells"])
    assert len(re.findall('class="how">This one (can be answered here|needs the notebook)', text)) == len(
        known
    )
    wanted = min(3, len(known))
    assert text.count("can be answered here") >= wanted, f"{wanted} exercises must be answerable; see NEEDS"
    first = f"{conf.WHERE_TO_ANSWER}\n\n**Exercise {lesson}.1.**"
    assert text.count(first) == text.count(conf.WHERE_TO_ANSWER) == (1 if known else 0)
    folds = [
        cell["metadata"]["mystnb"]["code_prompt_show"]
        for cell in page["cells"]
        if "hide-input" in cell["metadata"].get("tags", [])
    ]
    assert all(re.match("Code: .|In the notebook", name) for name in folds)
    for before, name in pairwise(folds):
        assert name != before or name in ("In the notebook", "Code: the figure")


@pytest.mark.parametrize("number", answers.LESSONS)
def test_each_worked_answer_is_folded_and_its_page_has_no_boxes(number):
    (path,) = notebook_checks.ROOT.glob(f"notebooks/solutions/{number}_*.ipynb")
    notebook = json.loads(path.read_text(encoding="utf-8"))
    page = conf.as_a_page(notebook, is_solution=True, form_for=lambda text: None)
    text = "".join("".join(cell["source"]) for cell in page["cells"] if cell["cell_type"] == "markdown")
    known = [number for number in exercises() if number[:2] == path.name[:2]]
    assert re.findall("<summary>Worked answer to (.*?)</summary>", text) == known
    assert text.count('<details class="answer">') == text.count("</details>") == len(known)
    assert "On this page" not in text


def test_a_place_that_needs_the_notebook_says_so():
    """Lesson 08 has places for a model, a file and a sentence of one's own: none is a dead end on the page."""
    notebook = json.loads(LESSONS[8].read_text(encoding="utf-8"))
    page = conf.as_a_page(notebook, form_for=lambda text: answers.forms_for(text, DATA))["cells"]
    text = "".join("".join(cell["source"]) for cell in page if cell["cell_type"] == "markdown")
    own = [cell for cell in page if re.search(r"(?m)^my_(?!guess|print)\w+ = ", "".join(cell["source"]))]
    assert text.count('class="kept"') == len(own) == 6
    assert text.count("This one needs the notebook") == 4
    assert text.count("On this page, write the roles on paper") == 2
    assert f"## The worksheet\n\n{conf.WORKSHEET}\n" in text
    assert conf.NOT_FILLED_IN not in json.dumps([cell.get("outputs") for cell in page])
    attempts = [cell for cell in page if "Your sentence: Not yet." in json.dumps(cell.get("outputs"))]
    assert len(attempts) == 1, "the reply that the next paragraph speaks of"


def test_without_a_pdf_the_page_says_why():
    built = {"has_pdf": True, "needs": {"04_jensens_gap": ["chimpanzees.csv", "m_13_4.nc"]}}
    with_pdf, without = (
        conf._about(
            "notebooks/04_jensens_gap", "04_jensens_gap", lambda name, _: name, built | {"has_pdf": found}
        )
        for found in [True, False]
    )
    assert 'href="pdf/04_jensens_gap.pdf"' in with_pdf and "has no PDF" not in with_pdf
    assert "pdf/" not in without and without.endswith(conf.NO_PDF)
    assert "It reads chimpanzees.csv and m_13_4.nc." in with_pdf


@pytest.mark.parametrize("given", ["https://example.org/course", "https://example.org/course/"])
def test_the_address_ends_with_one_slash(given):
    assert site_address(given) == "https://example.org/course/"
    assert site_address("") == ""


@pytest.mark.parametrize("given", ["example.org", "/course", "https://", "https:///course", "a b"])
def test_an_address_that_is_not_whole_is_refused(given):
    with pytest.raises(SystemExit, match="SITE_URL is"):
        site_address(given)


@pytest.mark.parametrize("picture", ["", "https://example.org/course/_static/seven_actors.png"])
def test_a_shared_link_has_its_picture_at_a_whole_address_or_none(picture):
    """A picture at a relative address cannot be found by the sites on which a link is shared."""
    theme = jinja2.Environment(loader=jinja2.FileSystemLoader(SITE / "theme"))
    given = {"pathto": lambda name, _=0: name, "toctree": lambda **words: "", "answering": []}
    page = theme.get_template("layout.html").render(title="A page", picture=picture, **given)
    assert re.findall('og:image" content="(.*?)"', page) == ([picture] if picture else [])
    assert ("summary_large_image" in page) == bool(picture)


def test_the_poll_on_the_site_is_the_poll():
    asked, compared = answers.poll_form(), answers.poll_result()
    for number, question in QUESTIONS.items():
        assert f"{number}. {question.text}" in asked
        assert asked.count(f'name="poll-{number}"') == len(question.options)
        assert f"Answer: {question.right}, {question.options[question.right]}" in compared
    assert answers.poll_form(again=True).count('data-name="poll again"') == 1


@pytest.mark.parametrize("posterior", answers.DRAWS)
def test_draws_survive_the_packing(posterior):
    for name, values in answers.draws(posterior).items():
        start, step, text = answers.packed(values)
        back = start + step * np.frombuffer(answers.base64.b64decode(text), "<u2")
        assert values.shape in [(4000,), (3200,)]
        assert abs(back - values).max() <= np.ptp(values) / 65535, name
        assert abs(back.mean() - values.mean()) < 2e-6 * np.ptp(values) * 5


@pytest.mark.parametrize("path", sorted(SITE.glob("static/*.js")), ids=lambda path: path.name)
def test_scripts_make_no_code_and_no_markup_of_text(path):
    text = path.read_text(encoding="utf-8")
    assert (
        re.findall(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|setTimeout\(.[\"'`]",
            text,
        )
        == []
    )
    assert re.findall(r"https?://(?!www\.w3\.org/2000/svg)", text) == []


def test_the_style_sheet_is_one_light_file():
    style = SITE / "static" / "site.css"
    assert style.stat().st_size < 20_000
    assert "@import" not in style.read_text(encoding="utf-8") and "url(" not in style.read_text(
        encoding="utf-8"
    )


def test_a_link_to_nothing_is_found(tmp_path):
    (tmp_path / "a.html").write_text(
        '<a href="b.html#there">b</a> <a href="b.html#gone">b</a> <img src="https://example.org/x">'
    )
    (tmp_path / "b.html").write_text('<p id="there"></p>')
    assert len(broken_links(tmp_path)) == 2
