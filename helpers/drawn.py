"""Describe what a figure draws in text that is the same on every machine, because it uses no pixels."""

import hashlib
import math

import numpy as np
from matplotlib import collections, contour, image, inset, lines, patches, spines, text, ticker
from matplotlib.axis import Axis
from matplotlib.colors import to_rgba_array
from matplotlib.legend import Legend
from matplotlib.markers import MarkerStyle
from matplotlib.transforms import Transform

STEPS = 200  # places that differ by 1/200 of an axis's span are different
# Where the steps begin: with this shift a round number is never near the edge of a step, where
# the last digit of a float would decide.
SHIFT = 0.6180339887498949
FAR = 1000.0  # spans; anything further away counts as this far
NOT_A_NUMBER = -(2**62)
LONGEST = 44  # a longer text is cut, and its hash added
MARKER_STEPS = 1000  # of the unit in which matplotlib stores a marker's outline

AUTOMATIC = (ticker.AutoLocator, ticker.LogLocator, ticker.LogitLocator)


def describe(fig):
    """Describe what a figure draws, so that two figures can be compared without their pixels.

    A hash of the whole, one line for the figure's own texts, and one for each of its axes: title,
    labels, limits, scales, the texts of fixed ticks and of the legend, and for each kind of artist
    the count and a hash. That hash contains the places in the axes to 1/200 of their span, colours,
    markers, line styles and widths. The size of the figure, its resolution, the size of its letters
    and where the layout puts the axes do not enter.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        The figure, best after it was saved: some limits are only set then.

    Returns
    -------
    str
        Such as ``all#3fa2``, then ``axes 1 'Rising' x 'time' [0, 10] y [0, 1] lines=2#91d3``.

    Raises
    ------
    TypeError
        The figure draws something that can only be described by its pixels.
    """
    described = _figure(fig)
    for number, axes in enumerate(fig.axes, start=1):
        described += _axes(f"axes {number}", axes)
    # each line begins with the name of its axes, because pytest omits what two texts have in common at their start
    return "\n".join([f"all#{_hash(*described)}", *described])


def _figure(fig):
    """Describe what belongs to the figure as a whole, in at most one line."""
    others = [one for one in fig.get_children() if one not in [fig.patch, *fig.axes, *fig.texts]]
    texts = [one for one in fig.texts if one.get_visible() and one.get_text()]
    pieces = [_short("|".join(one.get_text() for one in texts))] if texts else []
    # the layout moves a figure's texts, so their places do not count
    pieces += [*_kinds(texts, None), *_kinds(others, fig.transSubfigure), *_legends(others)]
    return [" ".join(["figure", *pieces])] if pieces else []


def _axes(name, axes):
    """Describe one pair of axes and those inside it, in one line each."""
    if not axes.get_visible():
        return []
    # asking for the limits also updates the transformations, so it comes first
    limits = {"x": axes.get_xlim(), "y": axes.get_ylim()}
    titles = [axes._left_title, axes.title, axes._right_title]
    pieces = [name, *(_short(title.get_text()) for title in titles if title.get_text())]
    pieces += [_axis(letter, axes, limits[letter]) for letter in limits]
    if not axes.axison:
        pieces.append("axis off")
    if axes.get_aspect() != "auto":
        pieces.append(f"aspect {axes.get_aspect():g}")
    apart = [axes.patch, *titles, *axes.child_axes]
    artists = [
        one for one in axes.get_children() if one not in apart and not isinstance(one, (Axis, spines.Spine))
    ]
    pieces += [*_kinds(artists, axes.transAxes), *_legends(artists)]
    described = [" ".join(pieces)]
    for number, inside in enumerate(axes.child_axes, start=1):
        described += _axes(f"{name} inset {number}", inside)
    return described


def _axis(letter, axes, limits):
    """Describe an axis: its label, limits and scale, and the texts of its ticks where they are fixed."""
    axis = axes.xaxis if letter == "x" else axes.yaxis
    scale = axis.get_scale()
    seen = axes.axison and axis.get_visible()
    pieces = [letter]
    if seen and axis.get_label_text():
        pieces.append(_short(axis.get_label_text()))
    if scale == "linear":
        spans = [abs(limits[1] - limits[0])] * 2
    else:
        spans = [max(abs(limit), 1e-12 * max(abs(one) for one in limits)) for limit in limits]
    pieces.append(f"[{_limit(limits[0], spans[0])}, {_limit(limits[1], spans[1])}]")
    if scale != "linear":
        pieces.append(scale)
    sides = ["labelbottom", "labeltop"] if letter == "x" else ["labelleft", "labelright"]
    if not seen or not any(axis.get_tick_params().get(side) for side in sides):
        return " ".join(pieces)
    locator, formatter = axis.get_major_locator(), axis.get_major_formatter()
    if isinstance(locator, AUTOMATIC) or axis.isDefault_majloc and axis.units is None:
        # the places of such ticks depend on the size of the figure; the limits and the scale determine the rest
        pieces += [] if axis.isDefault_majfmt else [f"ticks by {type(formatter).__name__}"]
    elif len(places := np.asarray(locator(), dtype=float)):
        cells = _cells(np.column_stack([places, places]), axes.transData, axes.transAxes)
        texts = _short("|".join(str(label) for label in formatter.format_ticks(places)))
        pieces.append(f"{texts}#{_hash(cells[:, 0 if letter == 'x' else 1])}")
    else:
        pieces.append("no ticks")
    return " ".join(pieces)


def _legends(artists):
    """Describe the legends among the artists: number of entries, texts, and how the handles look."""
    pieces = []
    for legend in artists:
        if isinstance(legend, Legend) and legend.get_visible():
            texts = [legend.get_title(), *legend.get_texts()]
            texts = [one for one in texts if one.get_visible() and one.get_text()]
            looks = [part for handle in legend.legend_handles for part in _look(handle)]
            looks += [_colours(one.get_color(), one.get_alpha()) for one in texts]
            words = _short("|".join(one.get_text() for one in texts))
            pieces.append(f"legend={len(legend.legend_handles)} {words}#{_hash(*looks)}")
    return pieces


def _kinds(artists, base):
    """Return the count and the hash of each kind of artist, in the order of the kinds' names."""
    found = {}
    for artist in artists:
        if not artist.get_visible() or isinstance(artist, Legend):
            continue
        if drawn := _drawn(artist, base):
            kind, parts = drawn
            found.setdefault(kind, []).append(_hash(*parts, artist.get_zorder(), length=8))
    # The order in which things are drawn may come from a set, so it does not count.
    return [f"{kind}={len(found[kind])}#{_hash(*sorted(found[kind]))}" for kind in sorted(found)]


def _drawn(artist, base):
    """Return an artist's kind and what its hash is made of, or None when it draws nothing."""
    if isinstance(artist, patches.ConnectionPatch):
        ends = [(artist.xy1, artist.coords1, artist.axesA or artist.axes)]
        ends += [(artist.xy2, artist.coords2, artist.axesB or artist.axes)]
        return "arrows", [*_look(artist), *_point(*ends[0]), *_point(*ends[1])]
    if isinstance(artist, patches.FancyArrowPatch):
        ends = artist._posA_posB  # its outline is only known in pixels
        points = artist._path_original.vertices if ends is None else np.array(ends, dtype=float)
        return "arrows", [*_look(artist), _cells(points, artist.get_transform(), base)]
    if isinstance(artist, patches.Patch):
        path = artist.get_patch_transform().transform_path(artist.get_path())
        return "patches", [
            *_look(artist),
            _cells(path.vertices, artist.get_data_transform(), base),
            path.codes,
        ]
    how = DRAWN.get(type(artist))
    if how is None:
        known = ", ".join(sorted(kind.__name__ for kind in DRAWN))
        raise TypeError(
            f"The figure draws a {type(artist).__name__}, and helpers.drawn cannot describe that. "
            f"It can describe patches and {known}. Draw it with one of these, or add it to the table DRAWN."
        )
    return how(artist, base)


def _line(line, base):
    """Return the kind and the contents of a line, or of marks without a line."""
    cells = _cells(line.get_path().vertices, line.get_transform(), base)
    look = _look(line)
    if not look:
        return None
    if line.get_linestyle() != "None":
        return "lines", [*look, cells]
    return "marks", [*look, _sorted(cells)]


def _text(one, base):
    """Return the kind and the contents of a text."""
    if not one.get_text():
        return None
    return "texts", [*_words(one), _cells([one.get_unitless_position()], one.get_transform(), base)]


def _note(note, base):
    """Return the kind and the contents of an annotation: its text, what it points to, its arrow."""
    arrow = note.arrow_patch
    return "notes", [
        *_words(note),
        *_point(note.xy, note.xycoords, note.axes),
        *_point(note.xyann, note.anncoords or note.xycoords, note.axes),
        *(_look(arrow) if arrow is not None else []),
    ]


def _words(one):
    """Return the words of a text and how it looks, except for the size of its letters."""
    box = one.get_bbox_patch()
    around = [] if box is None else [_style(box.get_boxstyle()), *_look(box)]
    aligned = [one.get_horizontalalignment(), one.get_verticalalignment(), _steps(one.get_rotation(), 10)]
    return [one.get_text(), *aligned, _colours(one.get_color(), one.get_alpha()), *around]


def _collection(kind):
    """Return how to describe a collection, whose elements are outlines, or markers at points."""

    def contents(many, base):
        placed, moved = many.get_transform(), many.get_offset_transform()
        paths, offsets = many.get_paths(), _floats(many.get_offsets())
        shapes = []
        for path in paths:
            cells = _cells(path.vertices, placed, base)
            # an outline in pixels is a marker: its shape counts, its size is among the looks
            shape = _steps(path.vertices, MARKER_STEPS) if cells is None else cells
            shapes.append(_number(shape, path.codes))
        at = _cells(offsets, moved, base)
        if at is None and np.any(offsets):
            raise TypeError(
                f"The figure draws a {type(many).__name__} whose elements are moved by a "
                f"{type(moved).__name__}, and helpers.drawn cannot say where that puts them."
            )
        columns = [np.array(shapes, dtype="<i8")[:, None], *_many_looks(many)]
        columns += [] if at is None else [at]
        if not shapes or at is not None and not len(at):
            return None
        count = max(len(shapes), 1 if at is None else len(at))
        rows = np.column_stack([column[np.arange(count) % len(column)] for column in columns])
        return kind, [_sorted(rows), many.get_hatch(), *_shade_names(many)]

    return contents


def _mesh(mesh, base):
    """Return the kind and the contents of a mesh: its corners and its values."""
    corners = _cells(mesh.get_coordinates().reshape(-1, 2), mesh.get_transform(), base)
    return "meshes", [corners, _shades(mesh), *_shade_names(mesh)]


def _image(picture, base):
    """Return the kind and the contents of an image: its place and its values."""
    left, right, bottom, top = picture.get_extent()
    corners = _cells([[left, bottom], [right, top]], picture.get_transform(), base)
    return "images", [corners, _shades(picture), *_shade_names(picture), picture.origin]


def _inset_mark(mark, base):
    """Return the kind and the contents of the frame that shows what an inset enlarges."""
    frame = mark.rectangle
    path = frame.get_patch_transform().transform_path(frame.get_path())
    return "inset marks", [*_look(frame), _cells(path.vertices, frame.get_data_transform(), base)]


DRAWN = {
    lines.Line2D: _line,
    lines.AxLine: _line,
    text.Text: _text,
    text.Annotation: _note,
    collections.LineCollection: _collection("segments"),
    collections.EventCollection: _collection("segments"),
    collections.PolyCollection: _collection("areas"),
    collections.FillBetweenPolyCollection: _collection("areas"),
    collections.PatchCollection: _collection("areas"),
    collections.PathCollection: _collection("dots"),
    contour.QuadContourSet: _collection("contours"),
    collections.QuadMesh: _mesh,
    image.AxesImage: _image,
    inset.InsetIndicator: _inset_mark,
}


def _look(artist):
    """Return how a line, a patch or a collection looks: colours, marker, line style and widths."""
    if isinstance(artist, lines.Line2D):
        alpha, look = artist.get_alpha(), []
        if artist.get_linestyle() != "None":
            look += [_colours(artist.get_color(), alpha), _steps(artist.get_linewidth(), 100)]
            look += [artist.get_linestyle(), artist.get_drawstyle()]
        marker = MarkerStyle(artist.get_marker(), artist.get_fillstyle())
        outline = marker.get_transform().transform_path(marker.get_path()).vertices
        if len(outline):
            look += [_steps(outline, MARKER_STEPS), artist.get_markevery()]
            look += [
                _colours(artist.get_markerfacecolor(), alpha),
                _colours(artist.get_markeredgecolor(), alpha),
            ]
            look += [_steps([artist.get_markersize(), artist.get_markeredgewidth()], 100)]
        return look
    if isinstance(artist, patches.Patch):
        # a patch has put its alpha into its colours
        look = [_colours(artist.get_facecolor()), _colours(artist.get_edgecolor()), artist.get_hatch()]
        look += [_steps(artist.get_linewidth(), 100), artist.get_linestyle()]
        if isinstance(artist, patches.FancyArrowPatch):
            look += [_style(artist.get_arrowstyle()), _style(artist.get_connectionstyle())]
        return look
    if isinstance(artist, collections.Collection):
        return [*_many_looks(artist), artist.get_hatch()]
    return [type(artist).__name__]


def _many_looks(many):
    """Return how the elements of a collection look, as columns of whole numbers."""
    values = many.get_array()
    columns = [_steps(many.get_linewidth(), 100).reshape(-1, 1)]
    if values is None:
        columns += [_colours(many.get_facecolor()), _colours(many.get_edgecolor())]
    else:
        columns.append(_shades(many).reshape(len(values), -1))
    if hasattr(many, "get_sizes"):
        columns.append(_steps(many.get_sizes(), 100).reshape(-1, 1))
    dashes = [_number(_steps([start, *(on or [])], 100)) for start, on in many.get_linestyle()]
    columns.append(np.array(dashes, dtype="<i8")[:, None])
    return [column for column in columns if len(column)]


def _shades(mapped):
    """Return the values of an image or of a mesh within the span of their colours."""
    values = mapped.get_array()
    if np.ndim(values) == 3:  # colours
        whole = np.issubdtype(values.dtype, np.integer)
        return _steps(values, 1 if whole else 255)
    return _steps(mapped.norm(values), STEPS)


def _shade_names(mapped):
    """Return how values become colours, where they do."""
    if mapped.get_array() is None:
        return []
    alpha = 1 if mapped.get_alpha() is None else mapped.get_alpha()
    return [mapped.get_cmap().name, type(mapped.norm).__name__, _steps(alpha, 255)]


def _style(style):
    """Return the name and the settings of the style of an arrow or a box."""
    return f"{type(style).__name__} {sorted(vars(style).items())}"


def _point(xy, how, axes):
    """Return the place of a point given in the coordinates that an annotation names."""
    if isinstance(how, Transform):
        return [_cells([xy], how, axes.transAxes)]
    parts = []
    for which, name in enumerate(how if isinstance(how, tuple) else (how, how)):
        if name == "data":
            units = (axes.convert_xunits(xy[0]), axes.convert_yunits(xy[1]))
            # the other coordinate is not used, and it may not be in data units
            units = tuple(units[which] if k == which else 1.0 for k in range(2))
            parts.append(_cells([units], axes.transData, axes.transAxes)[:, which])
        elif isinstance(name, str):
            parts += [name, _steps(xy[which], STEPS)]
        else:  # beside another artist
            parts += [type(name).__name__, _steps(xy[which], STEPS)]
    return parts


def _cells(points, transform, base):
    """Return the places of points in steps of 1/200 of the axes, or None where they are in pixels."""
    if base is None or not all(transform.contains_branch_separately(base)):
        return None
    places = (transform - base).transform(_floats(points).reshape(-1, 2))
    return _steps(np.clip(places, -FAR, FAR), STEPS)


def _colours(colour, alpha=None):
    """Return the red, green, blue and alpha of colours in steps of 1/255."""
    return _steps(to_rgba_array(colour, alpha), 255)


def _steps(values, per_unit):
    """Return values as whole numbers of steps, such that the last digits of a float do not matter."""
    steps = np.floor(_floats(values) * per_unit + SHIFT)
    return np.where(np.isfinite(steps), steps, NOT_A_NUMBER).astype("<i8")


def _floats(values):
    """Return values as an array of floats, with NaN where they are masked."""
    if isinstance(values, np.ma.MaskedArray):
        return values.astype(float).filled(np.nan)
    return np.asarray(values, dtype=float)


def _sorted(rows):
    """Return rows in a fixed order, whatever order they came in."""
    return rows if rows is None else rows[np.lexsort(rows.T[::-1])]


def _limit(value, span):
    """Write a limit with as many digits as the span needs to show a difference of 1/275 of it."""
    digits = math.floor(3.44 - math.log10(span or 1.0))
    written = f"{int(_steps(value, 10.0**digits)) / 10.0**digits:.{max(digits, 0)}f}"
    return written.rstrip("0").rstrip(".") if "." in written else written


def _short(words):
    """Put a text in quotes and on one line; cut a long one, and add the hash of the whole."""
    line = " ".join(words.split())
    return f"'{line}'" if len(line) <= LONGEST else f"'{line[: LONGEST - 9]}...'#{_hash(line)}"


def _hash(*parts, length=2):
    """Return a hash of texts, numbers and arrays of whole numbers, of that many bytes."""
    digest = hashlib.blake2b(digest_size=length)
    for part in parts:
        array = isinstance(part, np.ndarray)
        digest.update(f"{part.shape}{part.dtype.str}".encode() if array else f"{part};".encode())
        digest.update(part.tobytes() if array else b"")
    return digest.hexdigest()


def _number(*parts):
    """Return a hash as a whole number that fits into a column."""
    return int(_hash(*parts, length=7), 16)
