"""The notebooks are what they promise to be, and each check can fail."""

import copy
import random
import re
from itertools import pairwise

import nbformat
import notebook_checks as check
import pytest

CHECKS = {
    "executed": check.executed,
    "prints in one piece": check.prints_in_one_piece,
    "no trouble stored": check.no_trouble_stored,
    "headings": check.headings_in_order,
    "figures": check.figures_described,
    "labels": check.figures_labelled,
    "plain markdown": check.plain_markdown,
    "helpers kept": check.helpers_kept,
}


@pytest.fixture(params=check.NOTEBOOKS, ids=lambda path: path.stem)
def path(request):
    return request.param


@pytest.mark.parametrize("name", CHECKS)
def test_notebook(path, name):
    assert CHECKS[name](check.read(path)) == []


def test_numbers(path):
    assert check.numbers_backed(check.read(path), lesson=path.stem) == []


def test_a_wrong_number_is_seldom_backed():
    """Of wrong two-decimal values at most 15% find one like them near by, and 25% in any lesson."""
    rng = random.Random(8927)
    rounds = {
        path.stem: [check.wrong_values(check.read(path), rng) for _ in range(20)] for path in check.LESSONS
    }
    sums = {name: [sum(column) for column in zip(*counts, strict=True)] for name, counts in rounds.items()}
    passed, total = (sum(column) for column in zip(*sums.values(), strict=True))
    assert total > 1000
    assert passed / total <= 0.15, sums
    assert all(passed <= 0.25 * total for passed, total in sums.values()), sums


def test_links(path):
    assert check.links_live(check.prose(check.read(path)), path.parent) == []


@pytest.mark.parametrize("page", check.PAGES, ids=lambda page: str(page.relative_to(check.ROOT)))
def test_links_of_the_pages(page):
    assert check.links_live(page.read_text(encoding="utf-8"), page.parent) == []


def test_size(path):
    assert check.small(path) == []


def test_live_cells(path):
    assert check.live_cells_listed(check.read(path), str(path.relative_to(check.ROOT / "notebooks"))) == []


def test_first_cell_is_the_same_everywhere():
    sources = [check.first_cell(check.read(path)) for path in check.NOTEBOOKS]
    guards = {re.sub(r"from helpers import .*", "from helpers import ...", source) for source in sources}
    assert len(guards) == 1
    guard = guards.pop()
    assert guard.count("\n") <= 7
    assert guard.endswith("from None")


def test_the_lessons_are_numbered_without_a_gap():
    assert len(check.LESSONS) >= 9
    assert [path.name[:2] for path in check.LESSONS] == [f"{k:02d}" for k in range(len(check.LESSONS))]


def test_each_lesson_with_exercises_has_its_module_and_its_solutions():
    """Lesson 00 has none; the module and the solutions of a lesson that is gone are noticed too."""
    posing = [path for path in check.LESSONS if "**Exercise " in check.prose(check.read(path))]
    modules = sorted(check.ROOT.glob("helpers/exercises/lesson_*.py"))
    named = [path.relative_to(check.ROOT).as_posix() for path in modules]
    assert [check.module_of(path) for path in posing] == named, "each lesson has its module of exercises"
    solved = [path.name for path in check.NOTEBOOKS if path.parent.name == "solutions"]
    assert [path.name for path in posing] == solved, "each lesson has a notebook in notebooks/solutions"


def test_each_lesson_leads_to_the_next():
    """Lesson 00 leads to all by its table, and the last one to none."""
    for path, following in pairwise(check.LESSONS[1:]):
        wanted = f"**Next:** [lesson {following.name[:2]}]({following.name})"
        leads_on = wanted in check.prose(check.read(path))
        assert leads_on, f"{path.name}: expected at its end {wanted}"
    leads_on = "**Next:**" in check.prose(check.read(check.LESSONS[-1]))
    assert not leads_on, "no lesson follows the last one"


def small_notebook():
    """Return a notebook that passes every check."""
    cells = [
        nbformat.v4.new_markdown_cell("# Title\n\n## Part\n\nThe mean is 0.35, of 4,000 draws."),
        nbformat.v4.new_code_cell("mean", execution_count=1),
        nbformat.v4.new_code_cell("figure", execution_count=2),
    ]
    cells[1].outputs = [nbformat.v4.new_output("stream", name="stdout", text="0.3471 of 4000\n")]
    cells[2].outputs = [check.picture("A curve that rises from zero to one, steepest in the middle.")]
    return nbformat.v4.new_notebook(cells=cells)


def break_executed(nb):
    nb.cells[2].execution_count = None


def break_print(nb):
    nb.cells[1].outputs *= 2


def break_stderr(nb):
    nb.cells[1].outputs.append(nbformat.v4.new_output("stream", name="stderr", text="log line"))


def break_error(nb):
    nb.cells[1].outputs.append(nbformat.v4.new_output("error", ename="KeyError", evalue="p", traceback=[]))


def break_path(nb):
    nb.cells[1].outputs[0].text += "/home/somebody/data"


def break_widget(nb):
    data = {"application/vnd.jupyter.widget-view+json": {}}
    nb.cells[1].outputs.append(nbformat.v4.new_output("display_data", data))


def break_heading(nb):
    nb.cells[0].source += "\n\n#### Deep"


def break_alt_short(nb):
    nb.cells[2].outputs = [check.picture("A curve.")]


def break_alt_twice(nb):
    nb.cells[2].outputs *= 2


def break_alt_missing(nb):
    nb.cells[2].outputs = [nbformat.v4.new_output("display_data", {"image/png": "AAAA"})]


def drawn_with(old, new):
    """Return a break: the figure is drawn with something else."""

    def broken(nb):
        assert old in check.DRAWN
        nb.cells[2].outputs = [check.picture("A curve that rises.", check.DRAWN.replace(old, new))]

    broken.__name__ = f"drawn_with_{new.strip() or 'no'}_for_{old.strip()}"
    return broken


def break_decimal(nb):
    nb.cells[0].source = nb.cells[0].source.replace("0.35", "0.34")


def break_sign(nb):
    nb.cells[0].source = nb.cells[0].source.replace("0.35", "-0.35")


def break_integer(nb):
    nb.cells[0].source = nb.cells[0].source.replace("4,000", "5,000")


def break_directive(nb):
    nb.cells[0].source += "\n\n```{note}\nx\n```"


def break_magic(nb):
    nb.cells[1].source += "  # NBVAL_IGNORE_OUTPUT"


def break_helper(nb):
    nb.cells[1].source = "from helpers import check, show"
    nb.cells[2].source = "check = 1"


BREAKS = [
    ("helpers kept", break_helper),
    ("executed", break_executed),
    ("prints in one piece", break_print),
    ("no trouble stored", break_stderr),
    ("no trouble stored", break_error),
    ("no trouble stored", break_path),
    ("no trouble stored", break_widget),
    ("headings", break_heading),
    ("figures", break_alt_short),
    ("figures", break_alt_twice),
    ("figures", break_alt_missing),
    ("labels", drawn_with("'Rising' ", "")),
    ("labels", drawn_with("'time (days)'", "'x'")),
    ("labels", drawn_with("'height (m)' ", "")),
    ("numbers", break_decimal),
    ("numbers", break_sign),
    ("numbers", break_integer),
    ("plain markdown", break_directive),
    ("plain markdown", break_magic),
]


@pytest.mark.parametrize(("name", "broken"), BREAKS, ids=lambda value: getattr(value, "__name__", value))
def test_each_check_goes_red(name, broken):
    checks = {**CHECKS, "numbers": check.numbers_backed}
    notebook = small_notebook()
    assert checks[name](notebook) == []
    worse = copy.deepcopy(notebook)
    broken(worse)
    assert checks[name](worse) != []


def test_a_number_far_from_its_output_goes_red():
    notebook = small_notebook()
    notebook.cells[1:1] = [nbformat.v4.new_code_cell("1") for _ in range(check.AFTER)]
    (complaint,) = check.numbers_backed(notebook)
    assert complaint.startswith("cell 0, '# Title ## Part The mean is 0.35, of 4,000 draws.': no output")
    assert "shows 0.35; correct it" in complaint


def test_an_outside_fact_belongs_to_its_lesson():
    notebook = small_notebook()
    notebook.cells[0].source += " The limit is 1.01."
    assert check.numbers_backed(notebook, lesson="01_fitting") == []
    assert check.numbers_backed(notebook, lesson="02_hyper") != []


def test_links_go_red(tmp_path):
    assert check.links_live("[next](missing.ipynb)", tmp_path) == ["a link leads nowhere: missing.ipynb"]


def test_a_renamed_heading_goes_red(tmp_path):
    """In JupyterLab's spelling for a notebook, in GitHub's for a page of Markdown."""
    nbformat.write(small_notebook(), tmp_path / "00.ipynb")
    (tmp_path / "page.md").write_text("# The title, here\n")
    sound = "[a](00.ipynb#Part) [b](page.md#the-title-here)"
    assert check.links_live(sound, tmp_path) == []
    assert check.links_live("[a](00.ipynb#Glossary)", tmp_path) == ["00.ipynb has no heading Glossary"]
    assert check.links_live("[b](page.md#title)", tmp_path) == ["page.md has no heading title"]


def test_size_goes_red(tmp_path):
    path = tmp_path / "big.ipynb"
    path.write_bytes(b" " * 1_000_000)
    assert check.small(path) != []


def test_unlisted_live_cell_goes_red():
    notebook = small_notebook()
    assert check.live_cells_listed(notebook, "x.ipynb") == []
    notebook.cells[1].metadata["tags"] = ["nbval-ignore-output"]
    assert check.live_cells_listed(notebook, "x.ipynb") != []


def test_readme_table_names_the_lessons():
    readme = (check.ROOT / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"(?m)^\| \[(.+?)\]\(notebooks/(.+?)\) \| (\d+) \|", readme)
    named = [name for _, name, _ in rows]
    assert named == [path.name for path in check.LESSONS], "README.md has a row for each lesson"
    for title, name, minutes in rows:
        notebook = check.read(check.ROOT / "notebooks" / name)
        assert re.search(r"(?m)^# (.+)", check.prose(notebook))[1] == title
        assert re.search(r"\*\*Time:\*\* (\d+) minutes", check.prose(notebook))[1] == minutes
