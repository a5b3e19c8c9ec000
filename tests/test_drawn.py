"""A figure's description changes when what it draws changes, and only then."""

import io
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import ConnectionPatch

from helpers.drawn import LONGEST, describe

ROOT = Path(__file__).resolve().parent.parent

# the same on every machine and every Python
EXPECTED = """\
all#0c40
figure 'Above all' texts=1#b8f8 arrows=1#b7e6
axes 1 'Two series' x 'time' [0, 10] y 'size' [-1, 1] 'low|middle|high'#89b4 lines=3#5319 marks=1#9bf0 notes=1#8f66 texts=1#6167 legend=3 'up|down|seen'#7f9a
axes 2 x [-0.3, 6.3] y [0, 3.15] areas=1#ee68 dots=1#224f patches=6#ff72 segments=1#7448
axes 2 inset 1 x [-0.05, 1.05] y [-0.05, 1.05] lines=1#c6d5
axes 3 x [-0.5, 3.5] y [2.5, -0.5] aspect 1 images=1#4547
axes 4 x [0.5, 200] log y [0.5, 30] log lines=1#fb77 patches=1#7707
axes 5 x [0, 1] no ticks y [0, 11] ticks by ScalarFormatter meshes=1#d324
axes 6 x [0.5, 200] log y [-0.05, 1.05] lines=1#79fb"""


@pytest.fixture(autouse=True)
def closed():
    """Close what a test drew."""
    yield
    plt.close("all")


@pytest.fixture(autouse=True)
def matplotlibs_own_settings():
    """Draw with matplotlib's own settings: another test of this process may have used the lessons' style."""
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        yield


def many_kinds(size=(9, 6), dpi=100, letters=10):
    """Draw a figure with every kind of artist that the lessons use; return it and its parts."""
    with plt.rc_context({"figure.constrained_layout.use": True, "font.size": letters}):
        fig, axes = plt.subplots(2, 2, figsize=size, dpi=dpi)
        series, shares, mapped, logs = axes.ravel()
        made = SimpleNamespace(fig=fig, series=series, shares=shares, mapped=mapped, logs=logs)
        x = np.linspace(0, 10, 21)
        made.up = series.plot(x, x / 10, color="#0072B2", label="up")[0]
        made.down = series.plot(x, -x / 10, "--", color="#D55E00", label="down")[0]
        made.marks = series.plot([2, 4, 6], [0.5, 0.2, -0.3], "o", color="black", label="seen")[0]
        made.rule = series.axhline(0, color="#BBBBBB")
        made.note = series.annotate("here", (4, 0.2), (5, 0.8), arrowprops={"arrowstyle": "-|>"})
        made.word = series.text(1, -0.5, "a word", bbox={"boxstyle": "round", "facecolor": "white"})
        series.set(title="Two series", xlabel="time", ylabel="size", xlim=(0, 10), ylim=(-1, 1))
        series.set(yticks=[-1, 0, 1], yticklabels=["low", "middle", "high"])
        made.legend = series.legend()
        bins = shares.hist([1, 1, 2, 3, 3, 3, 4.5], bins=6, range=(0, 6), color="#8A3A86")[2]
        made.bins, made.area = (
            list(bins),
            shares.fill_between([0, 3, 6], [0, 1, 0.5], color="#0072B2", alpha=0.4),
        )
        made.bars = shares.vlines([1, 2, 3], 0, [1, 2, 1.5], color=["#0072B2", "#D55E00", "#009E73"])
        made.dots = shares.scatter([1, 2, 3], [2, 1, 2], s=[10, 20, 30], color=["red", "green", "blue"])
        made.inset = shares.inset_axes([0.6, 0.6, 0.3, 0.3])
        made.inside = made.inset.plot([0, 1], [0, 1], color="black")[0]
        made.image = mapped.imshow(np.arange(12).reshape(3, 4), cmap="viridis")
        made.bar = fig.colorbar(made.image, ax=mapped)
        made.curve = logs.plot([1, 10, 100], [1, 5, 20], color="black")[0]
        made.steps = logs.stairs([1, 2, 3], [1, 10, 50, 100])
        made.twin = logs.twinx()
        made.other = made.twin.plot([1, 100], [0, 1], color="#D55E00")[0]
        logs.set(xscale="log", yscale="log", xlim=(0.5, 200), ylim=(0.5, 30))
        fig.suptitle("Above all")
        made.link = fig.add_artist(
            ConnectionPatch((2, 0.5), (1, 1), "data", "data", axesA=series, axesB=shares)
        )
    return made


def saved(made):
    """Save the figure, as `show` does, and describe it."""
    made.fig.savefig(io.BytesIO(), format="png", bbox_inches="tight")
    return describe(made.fig)


def test_the_description_is_the_same_on_every_machine():
    assert saved(many_kinds()) == EXPECTED
    assert describe(many_kinds().fig) == EXPECTED  # nothing comes from the drawing


def test_two_processes_give_the_same_description():
    program = (
        "import matplotlib; matplotlib.use('agg'); import test_drawn as t; made = t.many_kinds()\n"
        "for word in {'one', 'two', 'three', 'four', 'five'}:\n"
        "    made.series.annotate(word, (len(word), 0), (5, 0.5), arrowprops={'arrowstyle': '->'})\n"
        "print({'one', 'two', 'three', 'four', 'five'}); print(t.describe(made.fig))"
    )
    orders, descriptions = set(), set()
    for seed in range(2):
        environ = {
            **os.environ,
            "PYTHONHASHSEED": str(seed),
            "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}",
        }
        ran = subprocess.run(
            [sys.executable, "-c", program], env=environ, capture_output=True, encoding="utf-8"
        )
        assert ran.returncode == 0, ran.stderr
        order, text = ran.stdout.split("\n", 1)
        orders.add(order)
        descriptions.add(text)
    assert len(orders) > 1  # the annotations were drawn in different orders
    assert len(descriptions) == 1


def move(line, share, letter="y"):
    """Move the first point of a line by a share of the axis's span."""
    x, y = (np.array(values, dtype=float) for values in line.get_data())
    low, high = line.axes.get_ylim() if letter == "y" else line.axes.get_xlim()
    (y if letter == "y" else x)[0] += share * (high - low)
    line.set_data(x, y)


def swap_colours(made):
    made.up.set_color("#D55E00")
    made.down.set_color("#0072B2")


# what is changed: (how, the line of the description that must differ, the piece of it that must differ)
CHANGES = {
    "a mark moved by 1% of y": (lambda m: move(m.marks, 0.01), "axes 1", "marks"),
    "a mark moved by 1% of x": (lambda m: move(m.marks, -0.01, "x"), "axes 1", "marks"),
    "a line moved by 1%": (lambda m: move(m.up, 0.01), "axes 1", "lines"),
    "a line across the axes moved": (lambda m: m.rule.set_ydata([0.02, 0.02]), "axes 1", "lines"),
    "a mark lost": (lambda m: m.marks.set_data([2, 4], [0.5, 0.2]), "axes 1", "marks"),
    "two series' colours swapped": (swap_colours, "axes 1", "lines"),
    "another marker": (lambda m: m.marks.set_marker("s"), "axes 1", "marks"),
    "an open marker": (lambda m: m.marks.set_markerfacecolor("none"), "axes 1", "marks"),
    "a larger marker": (lambda m: m.marks.set_markersize(9), "axes 1", "marks"),
    "another line style": (lambda m: m.down.set_linestyle(":"), "axes 1", "lines"),
    "a wider line": (lambda m: m.up.set_linewidth(3), "axes 1", "lines"),
    "a fainter line": (lambda m: m.up.set_alpha(0.5), "axes 1", "lines"),
    "a line hidden": (lambda m: m.up.set_visible(False), "axes 1", "lines"),
    "an annotation's target moved": (lambda m: setattr(m.note, "xy", (4.1, 0.2)), "axes 1", "notes"),
    "an annotation's text moved": (lambda m: m.note.set_position((5, 0.78)), "axes 1", "notes"),
    "an annotation's words": (lambda m: m.note.set_text("there"), "axes 1", "notes"),
    "an arrow without a head": (lambda m: m.note.arrow_patch.set_arrowstyle("-"), "axes 1", "notes"),
    "a text moved": (lambda m: m.word.set_position((1.1, -0.5)), "axes 1", "texts"),
    "a text changed": (lambda m: m.word.set_text("a world"), "axes 1", "texts"),
    "a text's box": (lambda m: m.word.get_bbox_patch().set_boxstyle("square"), "axes 1", "texts"),
    "a title changed": (lambda m: m.series.set_title("Three series"), "axes 1", "'Three series'"),
    "a label changed": (lambda m: m.series.set_xlabel("hours"), "axes 1", "'hours'"),
    "a tick's text changed": (
        lambda m: m.series.set_yticklabels(["low", "middle", "top"]),
        "axes 1",
        "'low|middle|top'",
    ),
    "a tick moved": (lambda m: m.series.set_yticks([-1, 0.02, 1], ["low", "middle", "high"]), "axes 1", "'low|middle|high'"),
    "ticks as percentages": (lambda m: m.shares.yaxis.set_major_formatter("{x:.0%}"), "axes 2", "ticks by"),
    "a legend's text changed": (lambda m: m.legend.get_texts()[0].set_text("UP"), "axes 1", "'UP|down|seen'"),
    "a legend's colour changed": (
        lambda m: m.legend.legend_handles[0].set_color("red"),
        "axes 1",
        "'up|down|seen'",
    ),
    "no legend": (lambda m: m.legend.remove(), "axes 1", "legend"),
    "a limit changed": (lambda m: m.series.set_xlim(0, 10.1), "axes 1", "[0, 10.1]"),
    "an axis turned round": (lambda m: m.series.invert_yaxis(), "axes 1", "[1, -1]"),
    "a scale changed": (lambda m: m.logs.set_xscale("linear"), "axes 4", "[0.5, 200] y"),
    "an axis hidden": (lambda m: m.series.axis("off"), "axes 1", "axis off"),
    "a bin lost": (lambda m: m.bins[1].remove(), "axes 2", "patches"),
    "a bin empty": (lambda m: m.bins[1].set_height(0), "axes 2", "patches"),
    "an area's edge moved": (lambda m: m.area.set_data([0, 3, 6], [0, 1.1, 0.5], 0), "axes 2", "areas"),
    "bars' colours swapped": (lambda m: m.bars.set_color(["#D55E00", "#0072B2", "#009E73"]), "axes 2", "segments"),
    "a bar longer": (lambda m: m.bars.set_segments([[(k, 0), (k, 2)] for k in [1, 2, 3]]), "axes 2", "segments"),
    "a dot moved": (lambda m: m.dots.set_offsets([(1, 2), (2, 1), (3, 2.1)]), "axes 2", "dots"),
    "two dots' sizes swapped": (lambda m: m.dots.set_sizes([20, 10, 30]), "axes 2", "dots"),
    "an inset's line moved": (lambda m: move(m.inside, 0.02), "axes 2 inset 1", "lines"),
    "an image's array changed": (lambda m: m.image.set_array(np.arange(12)[::-1].reshape(3, 4)), "axes 3", "images"),
    "an image's corners": (lambda m: m.image.set_extent((-0.5, 3.5, -0.5, 2.5)), "axes 3", "images"),
    "another colour map": (lambda m: m.image.set_cmap("magma"), "axes 3", "images"),
    "a line moved by 1% of a log axis": (lambda m: m.curve.set_ydata([1.05, 5, 20]), "axes 4", "lines"),
    "a step moved": (lambda m: m.steps.set_data([1, 2.2, 3]), "axes 4", "patches"),
    "a twin's line moved": (lambda m: move(m.other, 0.01), "axes 6", "lines"),
    "the figure's title": (lambda m: m.fig.suptitle("Above"), "figure", "'Above'"),
    "a link's end moved": (lambda m: setattr(m.link, "xy2", (1.1, 1)), "figure", "arrows"),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_seen_and_named(name):
    change, where, what = CHANGES[name]
    made = many_kinds()
    for axes in made.fig.axes:
        axes.set(xlim=axes.get_xlim(), ylim=axes.get_ylim())  # so that limits stay when artists move
    before = describe(made.fig).splitlines()
    change(made)
    after = describe(made.fig).splitlines()
    assert before.pop(0) != after.pop(0)  # the hash of the whole
    differ = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    old, new = next(pair for pair in differ if pair[0].startswith(f"{where} "))
    if what.isalpha():  # a kind of artist: nothing else differs
        assert len(differ) == 1 or what == "images"  # whose colours are also those of the colour bar
        changed = set(old.split()) ^ set(new.split())
        assert {piece.partition("=")[0] for piece in changed if "=" in piece} == {what}
    else:
        assert what in new
        assert what not in old or what.startswith("'")


SAME = {
    "the size": {"size": (12, 5)},
    "the resolution": {"dpi": 200},
    "the letters": {"letters": 14},
}


@pytest.mark.parametrize("name", SAME)
def test_what_does_not_count(name):
    assert saved(many_kinds(**SAME[name])) == EXPECTED


def test_the_order_of_equal_marks_does_not_count():
    """Which of two ties a sort puts first differs between processors."""
    x, y = np.array([1, 1, 2, 2, 3]), np.array([5, 5, 4, 6, 1])
    fig, axes = plt.subplots(2, 2)
    for row, order in zip(axes, [[0, 1, 2, 3, 4], [1, 0, 3, 2, 4]], strict=True):
        row[0].plot(x[order], y[order], "o")
        row[1].scatter(x[order], y[order], c=np.array(["red", "red", "blue", "green", "black"])[order])
    lines = [line.partition(" x ")[2] for line in describe(fig).splitlines()[1:]]
    assert lines[0] == lines[2]
    assert lines[1] == lines[3]


def random_figure(seed, noise=0.0):
    """Draw random marks, lines, bars and bins, on round and on odd numbers, each off by some noise."""
    rng, off = np.random.default_rng(seed), np.random.default_rng(seed + 1000)

    def near(values):
        values = np.asarray(values, dtype=float)
        return values * (1 + noise * off.uniform(-1, 1, values.shape))

    scale = 10.0 ** rng.integers(-3, 4)
    odd = rng.normal(size=(2, 60)) * scale
    exact = np.arange(-100, 101) / 200 * scale  # where rounding to 1/200 could go either way
    fig = Figure()
    ax = fig.subplots()
    ax.plot(near(odd[0]), near(odd[1]), "o", color=rng.random(3))
    ax.plot(near(exact), near(exact + scale / 400))
    ax.vlines(near(exact[::20]), near(odd[0, :11]), near(odd[1, :11]))
    ax.bar(near(np.arange(8) / 8 * scale), near(rng.integers(1, 50, 8) / 50 * scale), width=scale / 8)
    ax.fill_between(near(np.arange(9) / 8 * scale), near(rng.random(9) * scale))
    ax.annotate("", near(rng.random(2) * scale), near([0.5 * scale, 0.125 * scale]), arrowprops={})
    if seed % 4 == 1:
        ax.set(xlim=near([-scale, scale]), ylim=near([-scale, scale]))
    elif seed % 4 == 3:
        ax.set(xscale="log", xlim=near([0.01 * scale, scale]))
    return fig


def test_noise_in_the_last_digits_does_not_count():
    for seed in range(200):
        assert describe(random_figure(seed)) == describe(random_figure(seed, noise=1e-12)), seed


def test_any_mark_moved_by_a_hundredth_is_seen():
    rng = np.random.default_rng(8927)
    fig, ax = plt.subplots()
    (marks,) = ax.plot(*rng.random((2, 20)), "o")
    ax.set(xlim=(0, 1), ylim=(0, 1))
    x, y = marks.get_data()
    before = describe(fig)
    for k in range(200):
        moved = np.array([x, y])
        moved[k % 2, rng.integers(20)] += rng.choice([-0.01, 0.01])
        marks.set_data(*moved)
        assert describe(fig) != before, k


def test_the_last_bin_of_a_stepped_area_is_seen():
    """`fill_between` with step="post" drops the last bin unless its edge is repeated."""
    height, edges = np.array([1, 2, 3]), np.array([0, 1, 2, 3])
    fig, (lost, whole) = plt.subplots(1, 2)
    lost.fill_between(edges[:-1], height, step="post", color="black")
    whole.fill_between(edges, [*height, height[-1]], step="post", color="black")
    for ax in [lost, whole]:
        ax.set(xlim=(0, 3), ylim=(0, 4))
    first, second = (line.partition(" x ")[2] for line in describe(fig).splitlines()[1:])
    assert first != second


@pytest.mark.parametrize("coordinates", ["offset points", "axes fraction", ("data", "axes fraction")])
def test_an_annotation_s_text_in_other_coordinates(coordinates):
    fig, ax = plt.subplots()
    ax.set(xlim=(0, 1), ylim=(0, 1))
    note = ax.annotate("here", (0.5, 0.5), (0.2, 0.3), textcoords=coordinates)
    before = describe(fig)
    note.set_position((0.22, 0.3))
    assert describe(fig) != before


def test_an_unknown_artist_is_an_error():
    fig, ax = plt.subplots()
    ax.quiver([0], [0], [1], [1])
    with pytest.raises(TypeError, match="draws a Quiver, and helpers.drawn cannot describe that"):
        describe(fig)
    fig, ax = plt.subplots()
    ax.hexbin([0, 1, 2], [0, 1, 2], gridsize=3)
    with pytest.raises(TypeError, match="PolyCollection whose elements are moved by"):
        describe(fig)


def test_long_texts_are_cut_and_still_compared():
    fig, ax = plt.subplots()
    ax.set_title("A long title " * 10 + "ends in one way")
    first = describe(fig)
    ax.set_title("A long title " * 10 + "ends in another way")
    assert describe(fig) != first
    assert max(len(part) for part in first.split("'")) <= LONGEST
