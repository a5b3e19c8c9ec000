"""Run a lesson's tagged cells on their own: the one place where a model comes from."""

import os
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parent.parent


def run_tagged(notebook, tag, namespace=None):
    """Execute the code cells of a notebook that carry a tag, in order.

    Parameters
    ----------
    notebook : str
        The notebook's file name, in ``notebooks/``.
    tag : str
        The tag in the cells' metadata.
    namespace : dict, optional
        Names that the cells find defined, such as ``{"run_live": True}``.

    Returns
    -------
    dict
        Everything that the cells defined.

    Raises
    ------
    ValueError
        No cell of the notebook carries the tag.
    """
    path = ROOT / "notebooks" / notebook
    cells = [
        cell.source
        for cell in nbformat.read(path, as_version=4).cells
        if cell.cell_type == "code" and tag in cell.metadata.get("tags", [])
    ]
    if not cells:
        raise ValueError(f"{path.name} has no code cell tagged {tag!r}.")
    namespace = {"__name__": "__main__", **(namespace or {})}
    before = os.getcwd()
    os.chdir(path.parent)  # where the notebook's own kernel runs
    try:
        for number, source in enumerate(cells, start=1):
            exec(compile(source, f"{path.name}, {tag} cell {number}", "exec"), namespace)
    finally:
        os.chdir(before)
    return namespace
