"""Run a lesson's tagged cells on their own: the one place where a model comes from."""

import os
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import MagicMock

import nbformat

ROOT = Path(__file__).resolve().parent.parent
LESSON_01 = "01_fitting_m_13_4.ipynb"

# The fits of lesson 01 that the studies compare: the tag of their cells.
FITS = {"thread": "m_13_4_thread", "rows": "m_13_4", "cells": "forms"}
PARAMETERS = ["a_bar", "sigma_a", "sigma_g", "a", "g", "b"]  # 3 + 7 + 6 + 4 = 20 numbers


def run_tagged(notebook, tag, namespace=None, edits=None):
    """Execute the code cells of a notebook that carry a tag, in order.

    Parameters
    ----------
    notebook : str
        The notebook's file name, in ``notebooks/``.
    tag : str
        The tag in the cells' metadata.
    namespace : dict, optional
        Names that the cells find defined, such as ``{"run_live": True}``.
    edits : dict of {str: str}, optional
        What a study changes in the cells: the text that stands there, and what is put there.

    Returns
    -------
    dict
        Everything that the cells defined.

    Raises
    ------
    ValueError
        No cell of the notebook carries the tag, or an edit finds nothing to change.
    """
    path = ROOT / "notebooks" / notebook
    cells = [
        cell.source
        for cell in nbformat.read(path, as_version=4).cells
        if cell.cell_type == "code" and tag in cell.metadata.get("tags", [])
    ]
    if not cells:
        raise ValueError(f"{path.name} has no code cell tagged {tag!r}.")
    for there, put in (edits or {}).items():
        if not any(there in source for source in cells):
            raise ValueError(f"{path.name}, cells tagged {tag!r}: {there!r} is not there to be changed.")
        cells = [source.replace(there, put) for source in cells]
    namespace = {"__name__": "__main__", **(namespace or {})}
    before = os.getcwd()
    os.chdir(path.parent)  # where the notebook's own kernel runs
    try:
        for number, source in enumerate(cells, start=1):
            exec(compile(source, f"{path.name}, {tag} cell {number}", "exec"), namespace)
    finally:
        os.chdir(before)
    return namespace


@contextmanager
def not_sampling():
    """Let ``pm.sample`` only note how it was called: with which model and which settings."""
    import pymc as pm

    calls, sample = [], pm.sample

    def note(**given):
        calls.append((pm.modelcontext(None), given))
        return MagicMock()  # whatever the cell does with its draws

    pm.sample = note
    try:
        yield calls
    finally:
        pm.sample = sample


def lesson_fit(name, edits=None, namespace=None):
    """Return a model of lesson 01 and the settings of its fit, without sampling.

    Parameters
    ----------
    name : str
        ``"thread"`` (the learner's cell), ``"rows"`` (the lesson's fit, a row a pull) or
        ``"cells"`` (the same model of the counts per cell).
    edits : dict of {str: str}, optional
        What is changed in the cells; see `run_tagged`.
    namespace : dict, optional
        Names that the cells find defined.

    Returns
    -------
    model : pymc.Model
    settings : dict
        ``draws``, ``tune``, ``chains``, ``cores`` and ``target_accept``, as in the lesson.
    """
    with not_sampling() as calls:
        cells = run_tagged(LESSON_01, FITS[name], {"run_live": name == "thread", **(namespace or {})}, edits)
        if name == "cells":
            cells["fit"](centre_a=True, centre_g=False, seed=None)
    model, given = calls[-1]
    wanted = ["draws", "tune", "chains", "cores", "target_accept"]
    return model, {"draws": 1000} | {key: given[key] for key in wanted if key in given}


def health(idata):
    """Return what a clean run is judged by, over the 20 parameters of m_13_4.

    Parameters
    ----------
    idata : xarray.DataTree
        A fit of m_13_4.

    Returns
    -------
    dict
        ``divergences``, ``r_hat`` (the largest), ``bulk ESS`` and ``tail ESS`` (the smallest).
    """
    import arviz as az

    table = az.summary(idata, var_names=PARAMETERS, kind="diagnostics", round_to="none")
    return {
        "divergences": int(idata["sample_stats"]["diverging"].sum()),
        "r_hat": float(table["r_hat"].max()),
        "bulk ESS": float(table["ess_bulk"].min()),
        "tail ESS": float(table["ess_tail"].min()),
    }
