"""A prediction's answer is under one fold, whatever shows it; an error is not hidden."""

import warnings

import nbformat
import pytest
from nbclient import NotebookClient

from helpers.folds import folded


def run(*sources):
    """Run cells in a fresh kernel; return the outputs of the last one."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    NotebookClient(notebook, timeout=120, kernel_name="python3", allow_errors=True).execute()
    return notebook.cells[-1].outputs


def test_print_display_figure_and_warning_are_in_one_closed_fold():
    outputs = run(
        "from helpers.folds import folded\nimport pandas as pd\nimport warnings\n"
        "import matplotlib.pyplot as plt\nfrom helpers import show",
        "with folded():\n"
        "    print('printed 0.35')\n"
        "    display(pd.DataFrame({'mean': [0.36]}))\n"
        "    fig, ax = plt.subplots(figsize=(1, 1))\n"
        "    display(show(fig, 'A figure of forty characters at the very least, and more.'))\n"
        "    warnings.warn('careful <b>')",
    )
    assert len(outputs) == 1
    html = outputs[0].data["text/html"]
    assert html.startswith("<details><summary>")
    assert html.endswith("</details>")
    assert " open" not in html.partition(">")[0]
    for shown in ["printed 0.35", "0.36", "<img alt=", "careful &lt;b&gt;"]:
        assert shown in html
    assert "printed 0.35" in outputs[0].data["text/plain"], "strict nbval compares the text, too"


def test_an_error_is_not_folded():
    outputs = run("from helpers.folds import folded\nwith folded():\n    print('before')\n    1 / 0")
    assert [output.output_type for output in outputs] == ["stream", "error"]
    assert outputs[0].text == "before\n"
    assert outputs[1].ename == "ZeroDivisionError"


def test_in_a_plain_python_the_text_is_printed(capsys):
    with warnings.catch_warnings(), folded("Show it"):
        print("a < b")
    assert capsys.readouterr().out == "[Show it]\na < b\n"


def test_what_is_printed_is_escaped():
    fold = run("from helpers.folds import folded\nwith folded():\n    print('<script>')")[0]
    assert "<script>" not in fold.data["text/html"]


def test_an_interrupt_is_passed_on():
    with pytest.raises(KeyboardInterrupt), folded():
        raise KeyboardInterrupt
