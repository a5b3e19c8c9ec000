"""Run the notebooks and store what they print (`make execute`): the only way outputs get stored.

With paths as arguments, only those notebooks are run. README.md's picture is a stored figure.
"""

import base64
import re
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from traitlets.config import Config

from making.lesson_cells import ROOT

SECONDS_A_CELL = 600
SHOWN_IN_README = "02_hyperparameters_and_intercepts.ipynb"  # its first figure
PICTURE = ROOT / "classroom" / "site" / "static" / "seven_actors.png"
KERNEL = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}


def keep(output, live):
    """Tell whether an output is what a reader should see; `live` outputs differ from run to run."""
    if not live:
        return True
    if output.output_type == "stream":
        return output.name == "stdout"
    # progress bars and widgets: their state dies with the kernel
    if "application/vnd.jupyter.widget-view+json" in output.get("data", {}):
        return False
    html = output.get("data", {}).get("text/html", "")
    result = output.output_type in ("error", "execute_result")
    return result or html.startswith(("<img alt=", "<details>", "<div style="))


def execute(path):
    """Run one notebook from a fresh kernel and write its outputs in place."""
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(
        notebook,
        timeout=SECONDS_A_CELL,
        kernel_name="python3",
        record_timing=False,
        allow_errors=False,
        coalesce_streams=True,  # how a cell's prints are cut into pieces depends on the machine's speed
        config=Config(KernelManager={"transport_encryption": "auto"}),  # otherwise the kernel warns
        resources={"metadata": {"path": str(path.parent)}},
    ).execute()
    for cell in notebook.cells:
        if cell.cell_type == "code":
            live = "nbval-ignore-output" in cell.metadata.get("tags", [])
            cell.outputs = [output for output in cell.outputs if keep(output, live)]
    notebook.metadata = {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    nbformat.write(notebook, path)
    if path.parent.name == "notebooks" and path.name == SHOWN_IN_README:
        PICTURE.write_bytes(first_picture(notebook))


def first_picture(notebook):
    """Return the first stored figure of a notebook: the bytes of a PNG."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    htmls = [output.get("data", {}).get("text/html", "") for output in outputs]
    found = next(filter(None, (re.search(r'src="data:image/png;base64,([^"]+)"', html) for html in htmls)))
    return base64.b64decode(found[1])


def main(names):
    """Run the named notebooks, or all of them in order."""
    paths = [Path(name).resolve() for name in names] or sorted(ROOT.glob("notebooks/**/*.ipynb"))
    for path in paths:
        if ".ipynb_checkpoints" not in path.parts:
            print(path.relative_to(ROOT), flush=True)
            execute(path)


if __name__ == "__main__":
    main(sys.argv[1:])
