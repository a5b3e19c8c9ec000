"""One way to show a figure, with alt text, and one colour for each thing in the series."""

import base64
import io

import matplotlib.pyplot as plt

# Okabe and Ito's colours, which stay apart for colour-blind readers. No figure tells by colour alone.
COLOUR = {
    "a": "#0072B2",  # actors
    "g": "#009E73",  # blocks
    "b": "#D55E00",  # treatments
    "p": "#8A3A86",  # probabilities computed by the model
    "hyper": "#767676",  # a_bar, sigma_a, sigma_g
    "observed": "#000000",
}


class _Picture:
    """A picture that carries its alt text wherever the notebook is read."""

    def __init__(self, png, alt, width):
        self._png, self._alt, self._width = png, alt, width

    def __repr__(self):
        return self._alt

    def _repr_html_(self):
        alt = self._alt.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
        data = base64.b64encode(self._png).decode()
        return (
            f'<img alt="{alt}" src="data:image/png;base64,{data}" '
            f'style="width: {self._width}px; max-width: 100%; background: white">'
        )


def show(fig, alt):
    """Turn a figure into a picture with alt text, and close the figure.

    Image metadata is ignored by JupyterLab, so the picture is an HTML ``<img alt=...>``.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        The figure. It is closed, so that it does not appear a second time.
    alt : str
        What the figure shows, finding first, for a reader who cannot see it.

    Returns
    -------
    picture
        As the last value of a cell it is displayed; its text form is the alt text.

    Raises
    ------
    ValueError
        The alt text is shorter than 40 characters: that says too little.
    """
    if len(alt) < 40:
        raise ValueError(f"alt text of {len(alt)} characters. Wanted: 40 or more, with the finding.")
    png = io.BytesIO()
    # Twice the size on the screen, so that text stays sharp on good displays and projectors.
    fig.savefig(png, format="png", dpi=150, bbox_inches="tight", metadata={"Software": None})
    width = round(fig.get_size_inches()[0] * 92)
    plt.close(fig)
    return _Picture(png.getvalue(), alt, width)
