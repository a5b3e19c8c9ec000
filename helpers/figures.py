"""Show figures with alt texts, the colours of the series, and names for sliders."""

import base64
import html
import io

import matplotlib.pyplot as plt
from IPython.display import Javascript, display

from helpers.drawn import describe

# After Okabe and Ito: colour-blind readers can distinguish them, and all but grey can be read as text
# (contrast 4.5 or more on white). No figure distinguishes anything by colour alone.
COLOUR = {
    "a": "#0072B2",  # actors
    "g": "#007A59",  # blocks
    "b": "#B34F00",  # treatments
    "p": "#8A3A86",  # probabilities computed by the model
    "hyper": "#767676",  # a_bar, sigma_a, sigma_g
    "observed": "#000000",
}


class _Picture:
    """A picture with its alt text and a description of what it draws, wherever the notebook is read."""

    def __init__(self, png, alt, drawn, width):
        self._png, self._alt, self._drawn, self._width = png, alt, drawn, width

    def __repr__(self):
        return self._alt

    def _repr_html_(self):
        alt, drawn = (
            html.escape(words, quote=False).replace('"', "&quot;") for words in [self._alt, self._drawn]
        )
        data = base64.b64encode(self._png).decode()
        return (
            f'<img alt="{alt}" data-drawn="{drawn}" src="data:image/png;base64,{data}" '
            f'style="width: {self._width}px; max-width: 100%; background: white">'
        )


def show(fig, alt):
    """Turn a figure into a picture with alt text, and close the figure.

    Image metadata is ignored by JupyterLab, so the picture is an HTML ``<img alt=...>``. Its
    attribute ``data-drawn`` describes what the figure draws (`helpers.drawn.describe`): the pixels differ
    between machines, so the tests compare this description with the stored one.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        The figure. It is closed, so that it does not appear a second time.
    alt : str
        What the figure shows, for a reader who cannot see it; the finding comes first.

    Returns
    -------
    picture
        As the last value of a cell it is displayed; its text form is the alt text.

    Raises
    ------
    ValueError
        The alt text is shorter than 40 characters.
    TypeError
        The figure draws something that `helpers.drawn.describe` cannot describe.
    """
    if len(alt) < 40:
        raise ValueError(f"alt text of {len(alt)} characters. Expected: 40 or more, with the finding first.")
    png = io.BytesIO()
    # Twice the size on the screen, so that text stays sharp on good displays and projectors.
    fig.savefig(png, format="png", dpi=150, bbox_inches="tight", metadata={"Software": None})
    drawn = describe(fig)
    width = round(fig.get_size_inches()[0] * 92)
    plt.close(fig)
    return _Picture(png.getvalue(), alt, drawn, width)


NAME_SLIDERS = """
const name = () => document.querySelectorAll(".widget-slider").forEach(slider => {
  const label = slider.querySelector(".widget-label")?.textContent.trim();
  if (label) slider.querySelectorAll("[role=slider]:not([aria-label])")
    .forEach(handle => handle.setAttribute("aria-label", label));
});
name();
if (!window.slidersAreNamed)  // sliders appear after their cell has run, and again after a reload
  new MutationObserver(name).observe(document.body, {childList: true, subtree: true});
window.slidersAreNamed = true;
"""


def named_sliders():
    """Give the handle of every slider its label as accessible name; call it before sliders are shown.

    ipywidgets draws a slider's label beside the handle without tying the two together, so a
    screen reader says only "slider" and a number. ipywidgets has no setting for that, so a few lines of
    JavaScript copy the text of ``.widget-label`` into ``aria-label`` of ``[role=slider]``, also
    for sliders that appear later. Where scripts do not run, the sliders work as before.

    Notes
    -----
    It shows a script, not a picture. `making.execute` stores neither it nor the widgets.
    """
    display(Javascript(NAME_SLIDERS))
