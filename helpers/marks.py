"""The marks that the lessons' figures share: each thing looks the same in the whole series."""

import numpy as np
from scipy.special import expit

from helpers.figures import COLOUR

GUIDE = {"color": "#BBBBBB", "linewidth": 1, "zorder": 0}
CURVE = {"color": "#777777", "zorder": 0}
OBSERVED = {
    "marker": "o",
    "markersize": 9,
    "markerfacecolor": "white",
    "markeredgecolor": "black",
    "markeredgewidth": 1.6,
    "linestyle": "none",
}
MODEL = {"marker": "o", "markersize": 7, "color": COLOUR["p"], "linestyle": "none"}
# Seven actors, distinguished by shape and by black and grey, because the colours are those of a, g, b and p.
ACTORS = [
    {"marker": marker, "color": color, "markerfacecolor": "none", "markersize": 7, "linestyle": "none"}
    for marker, color in zip("osD^vPX", ["#000000", "#777777"] * 4, strict=False)
]
INTERVAL = [0.055, 0.945]  # the ends of an 89% equal-tailed interval


def s_curve(ax, low, high, **style):
    """Draw expit over a range of log-odds, and name both axes.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    low, high : float
        The range, on the log-odds scale.
    **style
        What differs from the look of the series' curve.

    Returns
    -------
    matplotlib.axes.Axes
    """
    x = np.linspace(low, high, 300)
    ax.plot(x, expit(x), **{**CURVE, **style})
    ax.set(xlim=(low, high), ylim=(0, 1.02), xlabel="log-odds", ylabel="probability of pulling left")
    return ax


def arrow(ax, start, end, color="#555555", **style):
    """Draw an arrow between two points in data units.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    start, end : (float, float)
    color : str, optional
    **style
        Further properties of matplotlib's arrow, such as ``linewidth``.

    Returns
    -------
    matplotlib.axes.Axes
    """
    properties = {"arrowstyle": "-|>", "color": color, "shrinkA": 0, "shrinkB": 0, **style}
    ax.annotate("", end, start, arrowprops=properties)
    return ax


def interval(ax, at, draws, color, across=False, width=3, **mark):
    """Draw the mean of draws as a mark, and their 89% equal-tailed interval as a bar.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    at : float
        The place on the other axis.
    draws : array-like
        All draws of one quantity.
    color : str
    across : bool, optional
        Whether the values are on the x axis (then `at` is on the y axis).
    width : float, optional
        The bar's width, in points.
    **mark
        What differs from the mark, a filled dot.

    Returns
    -------
    matplotlib.axes.Axes
    """
    low, high = np.quantile(draws, INTERVAL)
    mean = np.mean(draws)
    (ax.hlines if across else ax.vlines)(at, low, high, color=color, linewidth=width)
    ax.plot(
        *((mean, at) if across else (at, mean)), **{"marker": "o", "color": color, "markersize": 7, **mark}
    )
    return ax


def headline(fig, finding):
    """Put the finding above all panels of a figure.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
    finding : str

    Returns
    -------
    matplotlib.figure.Figure
    """
    fig.suptitle(finding, fontsize=12, fontweight="bold", x=0.01, ha="left")
    return fig
