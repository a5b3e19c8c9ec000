"""A figure carries its alt text, and is sharp on a screen with more pixels than CSS counts."""

import base64
import configparser
import re
from html import unescape

import matplotlib.pyplot as plt
import nbformat
import pytest
from notebook_checks import NOTEBOOKS, ROOT, outputs

from helpers import show
from helpers.drawn import describe

ALT = 'A line from 0 to 1, "rising", where p < 1 & the slope is 1.'
WANTED = 1.5  # pixels of the picture for each CSS pixel it is shown on


def pixels_per_css_pixel(html):
    """Return, for each picture in HTML, its width in pixels over the width it is shown at."""
    found = re.findall(r'<img [^>]*base64,([^"]+)" style="width: (\d+)px', html)
    # a PNG holds its width in bytes 16 to 19
    return [int.from_bytes(base64.b64decode(png)[16:20]) / int(width) for png, width in found]


def test_alt_text_is_in_the_html_and_in_the_text():
    fig, ax = plt.subplots()
    ax.plot([0, 1], [0, 1])
    picture = show(fig, ALT)
    assert repr(picture) == ALT
    assert (
        'alt="A line from 0 to 1, &quot;rising&quot;, where p &lt; 1 &amp; the slope is 1."'
        in picture._repr_html_()
    )
    assert not plt.fignum_exists(fig.number)


def test_a_short_alt_text_is_refused():
    with pytest.raises(ValueError, match="40 or more"):
        show(plt.figure(), "a figure")
    plt.close("all")


@pytest.mark.parametrize("size", [(4, 3), (7, 5), (11, 5)])
def test_a_picture_is_sharp(size):
    fig, ax = plt.subplots(figsize=size, layout="constrained")
    ax.plot([0, 1], [0, 1])
    (ratio,) = pixels_per_css_pixel(show(fig, ALT)._repr_html_())
    assert ratio >= WANTED


def test_stored_pictures_are_sharp():
    stored = {}
    for path in NOTEBOOKS:
        for output in outputs(nbformat.read(path, as_version=4)):
            html = output.get("data", {}).get("text/html", "")
            ratios = pixels_per_css_pixel(html)
            assert len(ratios) == html.count("<img "), f"{path.name}: a picture whose width is not known"
            stored.setdefault(path.name, []).extend(ratios)
    assert sum(len(ratios) for ratios in stored.values()) >= 15
    assert {name: ratios for name, ratios in stored.items() if ratios and min(ratios) < WANTED} == {}


def compared(html):
    """Return what nbval compares of an output: all that the rules leave."""
    rules = configparser.RawConfigParser()
    rules.read(ROOT / "tests" / "nbval_sanitize.cfg")
    for rule in rules.sections():
        html = re.sub(rules[rule]["regex"], rules[rule]["replace"], html)
    return html


def test_what_a_figure_draws_is_compared_and_its_pixels_are_not():
    def drawn(last=1.0):
        fig, ax = plt.subplots()
        ax.plot([0, 0.5, 1], [0, 0.5, last])
        ax.set(title='"a" < b & c > d', xlim=(0, 1), ylim=(0, 1.1))
        said = describe(fig)
        return said, show(fig, ALT)._repr_html_()

    said, html = drawn()
    assert unescape(re.search(r'data-drawn="([^"]*)"', html)[1]) == said
    assert said.splitlines()[1].startswith("""axes 1 '"a" < b & c > d' x [0, 1] y [0, 1.1] lines=1#""")
    assert len(re.findall(r"<[^>]*>", html)) == 1  # one tag, whatever the texts hold
    assert compared(html) == compared(drawn()[1])
    assert compared(html) != compared(drawn(last=1.02)[1])


def test_every_stored_picture_says_what_it_draws():
    for path in NOTEBOOKS:
        for output in outputs(nbformat.read(path, as_version=4)):
            for image in re.findall(r"<img [^>]*>", output.get("data", {}).get("text/html", "")):
                assert re.search(r'data-drawn="[^"]+"', image), f"{path.name}: run `make execute`"
