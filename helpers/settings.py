"""Undo a reader's own settings, so that tables and figures are those that the text describes."""

import os
import sys
from pathlib import Path

import matplotlib
import numpy as np
import pandas as pd


def reset():
    """Set display options to the defaults with which the lessons were made, in this kernel only.

    A reader may have set different ones in a matplotlibrc, an arvizrc or a startup file of IPython.
    """
    matplotlib.rcdefaults()
    pd.reset_option("display")
    np.set_printoptions(
        edgeitems=3, infstr="inf", linewidth=75, nanstr="nan", precision=8, suppress=False, threshold=1000,
        formatter=None, sign="-", floatmode="maxprec", legacy=False,
    )  # fmt: skip
    if "IPython" in sys.modules and (shell := sys.modules["IPython"].get_ipython()):
        shell.ast_node_interactivity = "last_expr"
    _reset_arviz()


def _reset_arviz():
    """Import ArviZ's settings with the arvizrc beside this file.

    ArviZ reads the reader's arvizrc when it is imported, and an arvizrc for an older ArviZ raises a KeyError.
    """
    own = os.environ.get("ARVIZ_DATA")
    os.environ["ARVIZ_DATA"] = str(Path(__file__).parent)
    try:
        from arviz_base import rcparams

        rcparams.rcParams.update(rcparams.rc_params())
    finally:
        os.environ.pop("ARVIZ_DATA")
        if own is not None:
            os.environ["ARVIZ_DATA"] = own
