"""Each Predict on the page: a fold that nothing beside it gives away."""

import re

import notebook_checks as check
import pytest

# so many cells after a prediction's fold are on the same screen as its question
SAME_SCREEN = 2


def predictions(notebook):
    """Yield the index and the cell of each question that asks for a prediction."""
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type == "markdown" and "**Predict.**" in cell.source:
            yield index, cell


def outside_folds(cell):
    """Return what a reader sees of a cell before anything is opened."""
    if cell.cell_type == "markdown":
        return re.sub(r"<details>.*?</details>", "", cell.source, flags=re.S)
    source = "" if cell.metadata.get("jupyter", {}).get("source_hidden") else cell.source
    shown = []
    for output in cell.outputs:
        html = output.get("data", {}).get("text/html", "")
        if not html.startswith("<details>"):
            shown += check.shown_texts(output)
    return "\n".join([source, *shown])


@pytest.fixture(params=check.LESSONS, ids=lambda path: path.stem)
def notebook(request):
    return check.read(request.param)


def test_no_output_is_hidden_the_old_way(notebook):
    hidden = [cell.metadata.get("jupyter", {}).get("outputs_hidden") for cell in notebook.cells]
    assert not any(hidden), "JupyterLab shows the first line of a hidden output, and Run All opens it"


def test_each_prediction_has_a_closed_answer(notebook):
    for index, cell in predictions(notebook):
        assert cell.source.split("\n\n")[-1].startswith("**Predict.**"), cell.source[-200:]
        tokens = cell.metadata.get("prediction", {}).get("tokens", [])
        assert tokens, f"cell {index}: no token of the answer is declared"
        following = [c for c in notebook.cells[index + 1 : index + 4] if c.cell_type == "code"]
        answers = [c for c in following if "with folded(" in c.source]
        assert answers, f"cell {index}: no answer in a fold follows"
        assert answers[0].outputs[-1].data["text/html"].startswith("<details>")
        inside = "".join(answers[0].outputs[-1].data["text/html"])
        reading = notebook.cells[notebook.cells.index(answers[0]) + 1]
        assert reading.source.startswith("<details><summary>"), f"cell {index}: no reading in a fold"
        assert reading.source.count("<details>") == reading.source.count("</details>") == 1
        assert not re.search(r"(?m)^#", reading.source), "a heading inside a fold"
        for token in tokens:
            assert token in inside + reading.source, f"cell {index}: {token} is nowhere in the answer"


def test_nothing_on_the_same_screen_gives_an_answer_away(notebook):
    for index, cell in predictions(notebook):
        end = next(
            k for k in range(index, len(notebook.cells)) if notebook.cells[k].source.startswith("<details>")
        )
        heading = [c for c in notebook.cells[max(0, index - 3) : index] if c.cell_type == "markdown"]
        near = [*heading, *notebook.cells[index : end + 1 + SAME_SCREEN]]
        for token in cell.metadata["prediction"]["tokens"]:
            pattern = rf"(?<![\w.]){re.escape(token)}(?![\w])"
            seen = [check.where(c) for c in near if re.search(pattern, outside_folds(c))]
            assert seen == [], f"{token} answers {cell.source[-60:]!r}, and it can be seen in these cells"


def test_each_lesson_has_one_key_prediction():
    for path in check.LESSONS[1:]:
        code = "\n".join(cell.source for cell in check.code_cells(check.read(path)))
        assert re.findall(r'predict\("(\d\d)"', code) == [path.stem[:2]]
