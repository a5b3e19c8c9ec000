"""The shared marks: what they draw is where it should be, and text in the series' colours can be read."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from helpers import COLOUR
from helpers.marks import ACTORS, arrow, headline, interval, s_curve


@pytest.fixture
def ax():
    fig, ax = plt.subplots()
    yield ax
    plt.close(fig)


def contrast(colour):
    """Return the contrast of a colour against white, as WCAG defines it."""
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 1.05 / (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05)


@pytest.mark.parametrize("name", COLOUR)
def test_text_in_a_colour_of_the_series_can_be_read(name):
    assert contrast(COLOUR[name]) >= 4.5


def test_actors_wear_no_colour_of_a_coefficient_and_differ_in_shape():
    assert not {actor["color"] for actor in ACTORS} & {COLOUR[name] for name in "agbp"}
    assert len({actor["marker"] for actor in ACTORS}) == len(ACTORS) == 7


def test_the_curve_is_expit(ax):
    (line,) = s_curve(ax, -3, 7).get_lines()
    x, y = line.get_data()
    assert np.allclose(y, 1 / (1 + np.exp(-x)))
    assert (x[0], x[-1]) == (-3, 7)


@pytest.mark.parametrize("across", [False, True])
def test_an_interval_is_the_89_percent_equal_tailed_one(ax, across):
    draws = np.arange(1001) / 1000
    interval(ax, 2, draws, "black", across=across)
    (segment,) = ax.collections[0].get_segments()
    ends = segment[:, 0 if across else 1]
    assert np.allclose(ends, [0.055, 0.945])
    assert np.allclose(ax.get_lines()[0].get_data()[0 if across else 1], 0.5)


def test_an_arrow_ends_where_it_should(ax):
    arrow(ax, (0, 0), (1, 2))
    assert ax.texts[0].xy == (1, 2)


def test_the_headline_is_the_figure_s(ax):
    assert headline(ax.figure, "A finding").get_suptitle() == "A finding"
