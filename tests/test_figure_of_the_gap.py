"""The central figure of lesson 04 draws what it says: all of the draws, and both values where p is read."""

import re

import matplotlib.pyplot as plt
import notebook_checks as check
import numpy as np
import pytest
import xarray as xr
from matplotlib.colors import to_rgb
from matplotlib.lines import Line2D
from matplotlib.patches import StepPatch
from scipy.special import expit
from scipy.stats import norm

from helpers import COLOUR, load_posterior
from making.lesson_cells import run_tagged

LESSON = "04_jensens_gap.ipynb"
EVEN = norm.ppf((np.arange(20_000) + 0.5) / 20_000)


@pytest.fixture(scope="module")
def drawn():
    """Return the cells' names and, by title, each panel with its eta; the figures stay open."""
    posterior = load_posterior("m_13_4")["posterior"].to_dataset()
    b = posterior["b"].sel(treatment="R/N")
    eta_0 = posterior["a"].sel(actor="actor 1") + posterior["g"].sel(block="block 1") + b
    shown = []
    names = {"np": np, "xr": xr, "plt": plt, "norm": norm, "expit": expit, "COLOUR": COLOUR}
    names |= {"posterior": posterior, "b_RN": b, "eta_0": eta_0, "even": EVEN}
    names |= {"plug_in": float(expit(eta_0.mean())), "mean_p": float(expit(eta_0).mean())}
    names |= {"normal_gap": lambda mean, sd: expit(mean + sd * EVEN).mean() - expit(mean)}
    names |= {"show": lambda fig, alt: shown.append((fig, alt))}
    with plt.style.context("helpers.series"):
        names |= run_tagged(LESSON, "draw_gap", names)
        names |= run_tagged(LESSON, "gap_figure", names)
        row_0, new = shown[0][0].axes
        panels = {"row 0": (row_0, eta_0), "new chimpanzee": (new, names["population"])}
        for mean, sd in [(2, 1.5), (4, 1.5), (5, 4), (-5, 4), (2, 0.25), (0, 2), (3, 0)]:
            fig, alt = names["normal_still"](mean, sd)
            shown.append((fig, alt))
            panels[f"mean {mean}, sd {sd}"] = (fig.axes[0], mean + sd * EVEN)
    yield shown, {name: (ax, np.asarray(eta, float).ravel()) for name, (ax, eta) in panels.items()}
    plt.close("all")


PANELS = ["row 0", "new chimpanzee", "mean 2, sd 1.5", "mean 4, sd 1.5", "mean 5, sd 4", "mean -5, sd 4"]
PANELS += ["mean 2, sd 0.25", "mean 0, sd 2", "mean 3, sd 0"]


@pytest.fixture(params=PANELS)
def panel(request, drawn):
    return drawn[1][request.param]


def histograms(ax):
    """Return the histogram of eta and that of p."""
    eta, p = (patch for patch in ax.patches if isinstance(patch, StepPatch))
    assert eta.get_fill() and p.get_fill()
    return eta, p


def area(patch):
    """Return the area of the filled outline, as it is drawn."""
    total = 0.0
    for polygon in patch.get_path().to_polygons(closed_only=True):
        x, y = polygon.T
        total += abs(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2
    return total


def test_the_areas_add_up_to_one(panel):
    """Heights are scaled by the tallest bar, whose share is counted here."""
    ax, eta = panel
    end = ax.get_xlim()[1]
    beyond = (np.abs(eta) > end).mean()
    for patch, values, left_out in zip(histograms(ax), [eta, expit(eta)], [beyond, 0.0], strict=True):
        bars, edges, base = patch.get_data()
        width = edges[1] - edges[0]
        assert np.allclose(np.diff(edges), width)
        tallest = int(np.argmax(bars))
        last = tallest == bars.size - 1
        inside = (values >= edges[tallest]) & (
            (values <= edges[-1]) if last else (values < edges[tallest + 1])
        )
        scale = (bars[tallest] - base) / inside.mean()
        assert area(patch) / (scale * width) + left_out == pytest.approx(1, abs=1e-9)


def test_the_last_bin_of_the_new_chimpanzee_is_the_tallest_and_is_painted(drawn):
    ax, eta = drawn[1]["new chimpanzee"]
    bars, edges, base = histograms(ax)[1].get_data()
    assert int(np.argmax(bars)) == bars.size - 1 and edges[-1] == 1
    share = (expit(eta) >= edges[-2]).mean()
    other = ((expit(eta) >= 0) & (expit(eta) < edges[1])).mean()
    assert (bars[-1] - base) / (bars[0] - base) == pytest.approx(share / other)
    canvas = ax.figure.canvas
    canvas.draw()
    pixels = np.asarray(canvas.buffer_rgba())
    x, y = ax.transData.transform([base + 0.6 * (bars[-1] - base), 0.984]).round().astype(int)
    assert np.allclose(pixels[pixels.shape[0] - y, x, :3] / 255, to_rgb("#A873A5"), atol=0.02)


def test_what_is_beyond_the_axis_is_said(panel):
    ax, eta = panel
    beyond = (np.abs(eta) > ax.get_xlim()[1]).mean()
    assert beyond < 0.04  # 2% at either end
    said = re.search(r"([\d.]+)% of it is beyond", ax.get_xlabel())
    assert (float(said[1]) / 100 if said else 0.0) == pytest.approx(beyond, abs=5.1e-4)


def test_both_values_are_led_to_the_p_axis(panel):
    """The lines of plug-in and mean of p start on the axis, at the right heights, and their gap is filled."""
    ax, eta = panel
    exact = {"plug-in": expit(eta.mean()), "mean of p": expit(eta).mean()}
    lines = {line.get_label().rsplit(" ", 1)[0]: line for line in ax.lines}
    for name, value in exact.items():
        x, y = lines[name].get_data()
        assert x == pytest.approx([ax.get_xlim()[0], eta.mean()])
        assert y == pytest.approx([value, value])
        assert float(lines[name].get_label().rsplit(" ", 1)[1]) == pytest.approx(value, abs=5e-4)
        assert lines[name].get_marker() not in ("None", None, "")
    (band,) = ax.collections
    heights = band.get_paths()[0].vertices[:, 1]
    assert [heights.min(), heights.max()] == pytest.approx(sorted(exact.values()))
    shown = float(band.get_label().removeprefix("gap "))
    assert shown == pytest.approx(exact["mean of p"] - exact["plug-in"], abs=5.1e-4)


def test_a_gap_too_small_for_the_axis_is_enlarged_and_its_curve_bends(panel):
    ax, eta = panel
    plug, gap = expit(eta.mean()), expit(eta).mean() - expit(eta.mean())
    if not 0.0001 < abs(gap) < 0.02:
        assert ax.child_axes == []
        return
    (glass,) = ax.child_axes
    x, y = glass.lines[0].get_data()
    tangent = plug + plug * (1 - plug) * (x - eta.mean())
    assert np.allclose(y, expit(x) - tangent, atol=1e-12)
    assert (expit(eta) - plug - plug * (1 - plug) * (eta - eta.mean())).mean() == pytest.approx(gap)
    low, high = glass.get_ylim()
    chord = np.interp(x, x[[0, -1]], y[[0, -1]])
    assert np.abs(y - chord).max() > 0.3 * (high - low)  # a straight line would have 0
    marks = [line.get_ydata()[0] for line in glass.lines if line.get_marker() in ("D", "o")]
    assert marks == pytest.approx([0, gap])
    assert abs(gap) > 0.1 * (high - low)


def test_row_0_needs_the_glass_and_the_new_chimpanzee_does_not(drawn):
    panels = drawn[1]
    assert len(panels["row 0"][0].child_axes) == 1
    assert panels["new chimpanzee"][0].child_axes == []


def contrast_with_white(colour):
    """Return the contrast ratio of WCAG 2."""
    rgb = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    return 1.05 / (np.dot(rgb, [0.2126, 0.7152, 0.0722]) + 0.05)


def test_a_projector_shows_the_draws_and_the_ticks_can_be_read(panel):
    ax, eta = panel
    draws = [line for line in ax.lines if isinstance(line, Line2D) and len(line.get_xdata()) == 3]
    assert len(draws) == 20
    for line in draws:
        assert line.get_alpha() in (None, 1) and contrast_with_white(line.get_color()) >= 3
        assert line.get_ydata()[1] == pytest.approx(expit(line.get_xdata()[0]))
        assert abs(line.get_xdata()[0]) <= ax.get_xlim()[1]
    for axes in [ax, *ax.child_axes]:
        for text in [*axes.get_xticklabels(), *axes.get_yticklabels(), axes.title, axes.xaxis.label]:
            assert text.get_fontsize() >= 9 and contrast_with_white(text.get_color()) >= 4.5


def test_the_descriptions_give_the_values_drawn(drawn):
    shown, panels = drawn
    alts = [alt for _, alt in shown]
    for name in ["row 0", "new chimpanzee"]:
        eta = panels[name][1]
        assert f"plug-in {expit(eta.mean()):.3f}, mean of p {expit(eta).mean():.3f}" in alts[0]
    for alt, name in zip(alts[2:], PANELS[2:], strict=False):
        eta = panels[name][1]
        assert f"{expit(eta.mean()):.3f} and the mean of p at {expit(eta).mean():.3f}" in alt


def test_the_drawing_code_is_short():
    lengths = [
        len(cell.source.splitlines())
        for cell in check.code_cells(check.read(check.ROOT / "notebooks" / LESSON))
    ]
    assert max(lengths) <= 55
