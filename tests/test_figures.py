"""A figure carries its alt text."""

import matplotlib.pyplot as plt
import pytest

from helpers import show

ALT = 'A line from 0 to 1, "rising", where p < 1 & the slope is 1.'


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
