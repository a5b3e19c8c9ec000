"""The table of a model, one row per name and outcome, and what is said above and below it."""

import re
from html import escape

import pandas as pd

COLUMNS = ["role", "in_sum", "scale", "already_in", "add", "free", "entries", "sentence"]

BAMBI = (
    "Bambi subtracts the mean from each predictor in the model, so the intercept of the formula is at the means of "
    "the predictors. It moves the intercept to 0 of the predictors in idata, so there multiply slopes by the "
    "predictors as they are."
)


class Table(pd.DataFrame):
    """A DataFrame that is shown with what is said above and below it: attrs "health" and "notes"."""

    @property
    def _constructor(self):
        return Table

    def _repr_html_(self):
        shown = pd.DataFrame(self).astype(object).where(self.notna(), "")
        shown = shown.map(_cell)
        shown.index = [escape(str(name)) for name in self.index]
        html = shown.to_html(escape=False, border=0)
        for tag in ["td", "th"]:
            html = html.replace(f"<{tag}>", f'<{tag} style="text-align: left; vertical-align: top">')
        above, below = (
            "".join(f"<p>{escape(text)}</p>" for text in self.attrs.get(key, []))
            for key in ["health", "notes"]
        )
        return f'{above}<div style="overflow-x: auto">{html}</div>{below}'

    def __repr__(self):
        above, below = (
            "".join(f"{text}\n" for text in self.attrs.get(key, [])) for key in ["health", "notes"]
        )
        with pd.option_context("display.max_colwidth", 60, "display.width", 200, "display.max_columns", None):
            return above + super().__repr__() + ("\n" + below.rstrip("\n") if below else "")


def _cell(value):
    """Write a cell: two digits, and room for a sentence."""
    if isinstance(value, float):
        return f"{value:.2f}"
    text = escape(str(value))
    return f'<div style="min-width: 22em">{text}</div>' if text.endswith((".", "?")) else text


def read_table(model, idata=None):
    """Say of each name in a model's table what it is, what is already in it and what to add to it.

    Every sum that is told was rebuilt first: the pieces add up to the outcome's own parameter, as the
    model computes it, at points near and far, and at the draws of `idata`. What cannot be told says why.

    Parameters
    ----------
    model : pymc.Model
        A Bambi model is read after its ``build()``.
    idata : xarray.DataTree, optional
        What ``pm.sample`` returned for this model.

    Returns
    -------
    pandas.DataFrame
        One row per name and outcome, with the columns role, in_sum, scale, already_in, add, free, entries
        and sentence; outcome is a column where there are several. If the draws of `idata` are healthy, the
        columns mean, sd, eti89_lb and eti89_ub (an 89% equal-tailed interval) give the numbers of names with one
        entry, and ``attrs["numbers"]`` those of all entries. ``attrs["notes"]`` lists what is true of the
        whole table, ``attrs["health"]`` what is wrong with the draws, ``attrs["loose"]`` the names
        that share a constant.

    Raises
    ------
    ValueError
        `idata` is not of this model, or `model` is not a built model.

    Examples
    --------
    >>> import pymc as pm
    >>> with pm.Model() as model:
    ...     mean = pm.Normal("mean")
    ...     level = pm.Normal("level", mean, pm.Exponential("sd", 1), shape=3)
    ...     slope = pm.Normal("slope")
    ...     rows = pm.Normal("rows", level[[0, 1, 2, 0]] + slope * [1.5, 2, 0, 1], 1, observed=[1, 2, 3, 4])
    >>> print(read_table(model).loc["level", "sentence"])
    level is a level on the scale of rows, because mean is already inside each entry. It is in the sum as it is; add slope * data to get the expected rows.
    """
    bambi = hasattr(model, "backend")
    centred = bambi and getattr(model, "center_predictors", True)
    model = _pymc_model(model)
    from helpers.read.draws import check, health, values_at
    from helpers.read.graph import CannotTell, Graph, refuse_whole
    from helpers.read.roles import Row

    graph, readings, posterior, point = Graph(model), [], None, None
    try:
        refuse_whole(model)
        point = graph.points()
    except CannotTell as error:
        reason = str(error)
    start = point(0, 0) if point else {}
    if idata is not None and point:
        posterior = check(idata, graph, start, bambi)
    if point:
        readings = _readings(graph, point)
        for reading in readings:
            if posterior is not None:
                reading.try_draws(values_at(posterior, graph.names))
        pairs = _rows(graph, readings)
    else:
        pairs = [(Row(name, "", why=reason), None) for name in graph.names]
    sick = [] if posterior is None else health(idata, graph.free)
    table, numbered = _frame(graph, pairs, start, None if sick else posterior)
    if len(readings) < 2:
        table = table.drop(columns="outcome")
    table = Table(table)
    table.attrs |= _below(graph, readings)
    if centred:
        table.attrs["notes"].append(BAMBI)
    table.attrs["health"] = [f"Do not read numbers from these draws yet. {' '.join(sick)}"] if sick else []
    table.attrs["numbers"] = numbered
    return table


def _pymc_model(model):
    """Return the PyMC model itself; a Bambi model has one when it was built."""
    if hasattr(model, "backend"):
        if getattr(model.backend, "model", None) is None:
            raise ValueError(
                "This Bambi model is not built yet. Call its build() first, then read_table again."
            )
        return model.backend.model
    if not hasattr(model, "free_RVs"):
        raise ValueError(
            f"This is of type {type(model).__name__}. Expected: a PyMC model, as pm.Model() makes it."
        )
    return model


def _readings(graph, point):
    """Return one reading for each outcome; what is observed and in another outcome's formula is none."""
    from helpers.read.roles import Reading

    return [Reading(graph, name, point) for name in graph.outcomes()]


def _rows(graph, readings):
    """Return the rows with their readings: a name has one for each outcome that it serves."""
    pairs = []
    for name in graph.names:
        serves = [r for r in readings if name in r.uses or name in r.bad or name in r.serving]
        made_of = set(graph.behind(name))
        results = [
            r
            for r in readings
            if name in graph.computed and made_of & {n for p in r.sum.pieces for n in p.names}
        ]
        for reading in serves or results or readings[:1]:
            pairs.append((reading.row(name), reading))
    return pairs


def _frame(graph, pairs, start, posterior):
    from helpers.read.draws import numbers
    from helpers.read.sentences import sentence

    rows, all_numbers = [], {}
    for row, reading in pairs:
        cells = {
            "name": row.name,
            "outcome": row.outcome,
            "role": row.role,
            "in_sum": row.in_sum,
            "scale": row.scale,
            "already_in": ", ".join(row.already_in),
            "add": ", ".join(row.add),
            "free": row.name in graph.free,
            "entries": int(start[row.name].size) if start else graph.size(row.name),
            "sentence": sentence(row, reading),
        }
        if posterior is not None:
            numbered = (
                numbers(posterior, row.name) if row.name in posterior and row.role != "computed" else None
            )
            if numbered is not None:
                all_numbers |= numbered.to_dict("index")
                if len(numbered) == 1:
                    cells |= numbered.iloc[0].to_dict()
                if row.role not in ("cannot tell", "computed", "correlation factor"):
                    cells["sentence"] += _number(numbered)
        rows.append(cells)
    frame = pd.DataFrame(rows).set_index("name")
    frame["sentence"] = frame.pop("sentence")  # last, after the numbers
    frame["scale"] = frame["scale"].astype(object).where(frame["scale"].notna(), None)
    return frame, all_numbers


def _number(numbered):
    mean, _, low, high = numbered.iloc[0]
    example = "For example, " if len(numbered) > 1 else ""
    words = f"{numbered.index[0]} has posterior mean {mean:.2f} and an 89% equal-tailed interval from {low:.2f} to {high:.2f}."
    return f" {example}{words}"


def _loose(readings):
    """Return the names that share a constant in all outcomes at once."""
    from helpers.read.sums import loose

    told = [reading.shifts() for reading in readings]
    unclear = {n for r, shifts in zip(readings, told, strict=True) for n in r.serving if r.places(n) & {"sum"}
               and not any(n in words.split(" * ") for words, *_ in shifts)}  # fmt: skip
    unclear |= {n for r in readings for n in r.bad}
    return [
        names
        for names in loose([[s for s in shifts if not unclear & set(s[0].split(" * "))] for shifts in told])
    ]


def _below(graph, readings):
    """Return what is said once below the table: loose constants, unvisited entries, offsets."""
    from helpers.read.sentences import listed

    sets = _loose(readings)
    notes, unvisited = [], {}
    for names, alike in sets:
        undo = (
            f"a shift of all of {' or of all of '.join(names[1:])}"
            if alike
            else f"shifts of all of {listed(names[1:])}"
        )
        notes.append(
            f"{listed(names)} share {'a loose constant' if len(names) == 2 or not alike else 'loose constants'}. "
            f"A shift of all of {names[0]} can be undone by {undo}, so no expected value changes "
            "and only the priors settle it."
        )
    for reading in readings:
        for name, entries in reading.unvisited().items():
            unvisited[name] = entries
            few = entries if len(entries) < 5 else [entries[0], f"{len(entries) - 1} other entries of {name}"]
            notes.append(
                f"No row uses {listed(few)}, so {'it is' if len(entries) == 1 else 'they are'} known only through the prior."
            )
        if reading.sum.offset:
            notes.append(
                f"The sum of {reading.outcome} also has {reading.sum.offset} in it, which is not estimated."
            )
    return {
        "notes": notes,
        "loose": [
            list(dict.fromkeys(re.sub(r"\[[^]]*\]$", "", words) for words in names)) for names, _ in sets
        ],
        "unvisited": unvisited,
    }
