"""Fold the answer to a prediction: it stays closed until the reader opens it, even after Run All and on the site."""

from contextlib import contextmanager
from html import escape

from IPython.display import display
from IPython.utils.capture import capture_output


class _Fold:
    """What cells show, under a line to click on."""

    def __init__(self, parts, summary):
        self._parts, self._summary = parts, summary

    def __repr__(self):
        return "\n".join([f"[{self._summary}]", *(plain for plain, _ in self._parts)])

    def _repr_html_(self):
        inside = "\n".join(html for _, html in self._parts)
        return f"<details><summary><b>{escape(self._summary)}</b></summary>\n{inside}\n</details>"


@contextmanager
def folded(summary="Show the answer"):
    """Put all that is printed and displayed in a ``with`` block under one fold.

    A hidden output would not do, because JupyterLab shows its first line and Run All opens it. An HTML
    fold stays closed, opens with one click or key, and works without trust or a kernel.

    Parameters
    ----------
    summary : str, optional
        The line to click on.

    Notes
    -----
    The last line of a ``with`` block is not displayed by itself, so call ``display`` with it. If
    the block raises an error, what it printed before and the error are shown unfolded.

    Examples
    --------
    >>> with folded():
    ...     print("0.35")
    [Show the answer]
    0.35
    """
    with capture_output() as captured:
        error = None
        try:
            yield
        except BaseException as raised:  # an interrupt, too, is shown and not folded
            error = raised
    if error is not None:
        captured.show()
        raise error
    parts = [(text.rstrip("\n"), f"<pre>{escape(text)}</pre>") for text in [captured.stdout] if text]
    for output in captured.outputs:
        plain = output.data.get("text/plain", "")
        parts.append((plain, output.data.get("text/html") or f"<pre>{escape(plain)}</pre>"))
    parts += [(text.rstrip("\n"), f"<pre>{escape(text)}</pre>") for text in [captured.stderr] if text]
    display(_Fold(parts, summary))
