"""Say a row of the table in words that can be read aloud."""

SCALES = {
    "identity": "on the scale of {y}",
    "log": "on the log scale",
    "logit": "on the log-odds scale",
    "probit": "on the probit scale",
    "cloglog": "on the complementary log-log scale",
}
SUMS = {
    "identity": "the expected {y}",
    "log": "the log of the expected {y}",
    "logit": "the log-odds of {y}",
    "probit": "the probit of {y}",
    "cloglog": "the complementary log-log of {y}",
}


def listed(words):
    """Join words as a sentence does.

    Examples
    --------
    >>> listed(["a", "g", "b"])
    'a, g and b'
    """
    words = list(words)
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def are(words):
    """Return is or are."""
    return "is" if len(words) == 1 else "are"


def sentence(row, reading):
    """Return a row in words.

    Parameters
    ----------
    row : helpers.read.roles.Row
    reading : helpers.read.roles.Reading

    Returns
    -------
    str
    """
    name, y, link = row.name, row.outcome, reading.sum.link if reading else None
    if row.role == "cannot tell":
        return f"The role of {name} cannot be told, because {row.why}."
    scale = f" {SCALES[row.scale].format(y=y)}" if row.scale else ""
    entries = reading.start[name].size
    owners = reading.graph.in_order({use.of for use in reading.uses.get(name, []) if use.of != y})
    inside, kind = row.already_in, row.role
    if kind == "computed":
        made = f"{name} is computed from {listed(inside)}" if inside else f"{name} is computed"
        return f"{made}, so add nothing to it and do not add it to anything."
    if kind in ("noise", "shape"):
        what = f"the sd of {y} around its expected value" if kind == "noise" else f"the shape of the distribution of {y}"
        return f"{name} sets {what} and is not in the sum."
    if kind == "correlation factor":
        return f"{name} contains the sds and correlations of {listed(owners) or 'the terms'}, so it is not added to anything."
    said = []
    if kind == "population mean":
        said.append(f"{name} is the population mean of {listed(owners)}{scale}")
    elif kind == "group-level coefficient":
        said.append(f"{name} is a coefficient in the population mean of {listed(owners)}{scale}")
    elif kind == "population sd":
        said.append(f"{name} is a population sd, which says how much {listed(_terms(row, reading))} varies{scale}")
    elif kind == "standardised":
        said.append(f"{name} is standardised, so it counts in sds and means nothing until it is multiplied, draw by draw")
    elif kind == "level":
        common = f", because {listed(inside)} {are(inside)} already inside {'each entry' if entries > 1 else 'it'}"
        said.append(f"{name} is a level{scale}{common if inside else ', because the mean of its prior is not zero'}")
        below = [o for o in owners if o not in reading.graph.computed and any(u.place == "mean" for u in reading.uses[name] if u.of == o)]
        if below:
            said.append(f"It is the population mean of {listed(below)} as well, and is inside each entry of {listed(below)}")
    elif kind == "deviation":
        made = f" (it is computed from {listed(inside)})" if inside else ""
        said.append(f"{name} is a deviation{scale}{made}, so the common value is not inside it")
        if reading.graph.sums_to_zero(name):
            said.append(f"Its {entries} entries sum to zero, so {entries - 1} of them are free")
    elif kind == "cut-point":
        said.append(f"{name} has the cut-points{scale} of the cumulative probability, from which the terms are subtracted")
    else:
        made = f" (it is computed from {listed(inside)})" if inside else ""
        said.append(f"{name} is a coefficient{scale}{made}")
    said += _place(row, reading, SUMS[link].format(y=y))
    twice = [u.of for u in reading.uses.get(name, []) if u.place == "mean"]
    if row.in_sum == "no" or not twice or reading.sum.piece_of(name) is None:
        return ". ".join(said) + "."
    return ". ".join(said) + f". It is in the prior's mean of {listed(twice)} and in the sum as well: is that meant?"


def _terms(row, reading):
    """Return the terms whose spread an sd is."""
    found = []
    for use in reading.uses[row.name]:
        if use.place == "inside":
            found.append(use.of)
        elif use.product:
            found += [n for n in use.piece.names if n != row.name]
        else:
            found.append(use.of)
    return reading.graph.in_order(set(found))


def _place(row, reading, total):
    """Say how a name is in the sum and what to add."""
    if row.in_sum == "no":
        return ["It is not in the sum, so do not add it"]
    if row.in_sum.startswith("through "):
        return [f"It is in the sum through {listed(row.in_sum.removeprefix('through ').split(', '))} only"]
    ways = row.in_sum.split("; ")
    if ways == ["as it stands"]:
        first = "It is in the sum as it is"
    else:
        first = "In the sum it is taken " + " and, in another column, ".join(
            way.replace("minus", "with a minus sign") for way in ways
        )
    offset = reading.sum.offset
    more = [*row.add, *([offset] if offset else [])]
    rest = f", of which {row.add[-1]} cannot be told" if reading.sum.bad else ""
    if more:
        return [f"{first}; add {listed(more)} to get {total}{rest}"]
    return [f"{first}, which is all of {total}"]
