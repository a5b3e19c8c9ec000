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
    entries = reading.start[name].size
    owners = reading.owners(name)
    inside, kind = row.already_in, row.role
    if kind == "computed":
        made = f"{name} is computed from {listed(inside)}" if inside else f"{name} is computed"
        return f"{made}, so add nothing to it and do not add it to anything."
    if kind in ("noise", "shape"):
        spread = "sd" if reading.has_sd(y) else "scale (not the sd)"
        what = (
            f"the {spread} of {y} around"
            if kind == "noise"
            else f"the shape of the distribution of {y} around"
        )
        return f"{name} sets {what} its expected value and is not in the sum."
    if kind == "correlation factor":
        return f"{name} contains the sds and correlations of {listed(owners) or 'the terms'}, so it is not added to anything."
    total = SUMS[link].format(y=f"{y} at or below each category" if reading.ordered else y)
    said = [_what(row, reading, owners)]
    if kind == "level":
        below = [u.of for u in reading.uses[name] if u.place == "mean"]
        if below and row.in_sum == "no":
            said.append(
                f"It is the population mean of {listed(below)} as well, so it is inside each entry of {listed(below)}"
            )
    if reading.graph.sums_to_zero(name):
        said.append(f"Its {entries} entries sum to zero, so {entries - 1} of them are free")
    centred = [n for piece in reading.sum.pieces for n in piece.names if reading.graph.sums_to_zero(n)]
    if centred and kind == "coefficient" and row.in_sum == "as it stands" and entries == 1:
        said.append(
            f"Because {listed(centred)} sums to zero, {name} is the mean of these groups, not of a population"
        )
    said += _place(row, reading, total)
    twice = [u.of for u in reading.uses.get(name, []) if u.place in ("mean", "inside")]
    if twice and reading.sum.piece_of(name) is not None:
        said.append(f"It is inside {listed(twice)} and in the sum as well, so is that meant?")
    return " ".join(text if text.endswith("?") else f"{text}." for text in said)


def _what(row, reading, owners):
    """Say what a name is, on which scale, and what is already in it."""
    name, inside, link = row.name, row.already_in, SCALES[reading.sum.link].format(y=row.outcome)
    scale = f" {link}" if row.scale else ""
    several = reading.start[name].size > 1
    made = f", computed from {listed(inside)}," if inside else ""
    match row.role:
        case "population mean":
            return f"{name} is the population mean of {listed(owners)}{scale}"
        case "group-level coefficient":
            return f"{name} is a coefficient in the population mean of {listed(owners)}{scale}"
        case "population sd":
            partners = [
                n for use in reading.uses[name] if use.place == "sum" for n in use.piece.names if n != name
            ]
            spread = "sd" if all(map(reading.has_sd, owners)) else "scale (not the sd)"
            terms = listed(owners or reading.graph.in_order(set(partners)))
            return f"{name} is the population {spread} of {terms} {link}"
        case "standardised":
            return f"{name} is standardised, so read it only after it is multiplied by its sd, draw by draw"
        case "level" if inside:
            return f"{name} is a level{scale}, because {listed(inside)} {are(inside)} already inside {'each entry' if several else 'it'}"
        case "level":
            return f"{name} is a level{scale}, because its prior has a mean other than 0"
        case "deviation":
            return f"{name} is a deviation{scale}{made or ','} so the common value is not inside it"
        case "cut-point":
            return f"{name} has the cut-points of the cumulative probability{scale}, from which the terms are subtracted"
        case _:
            return f"{name} is a coefficient{scale}{made.rstrip(',')}"


def _way(words):
    """Return how a name is in the sum, in words.

    Examples
    --------
    >>> _way("minus, times dose")
    'with a minus sign and multiplied by dose'
    """
    said, times = [], []
    for word in words.split(", "):
        if word.startswith("times "):
            times.append(word.removeprefix("times "))
        else:
            said.append({"as it stands": "as it is", "minus": "with a minus sign"}.get(word, f"only {word}"))
    return " and ".join(said + ([f"multiplied by {listed(times)}"] if times else []))


def _place(row, reading, total):
    """Say how a name is in the sum and what to add."""
    if row.in_sum == "no":
        return ["It is not in the sum, so do not add it"]
    if row.in_sum.startswith("through "):
        return [f"It is in the sum only through {listed(row.in_sum.removeprefix('through ').split(', '))}"]
    ways = [_way(way) for way in row.in_sum.split("; ")]
    first = f"It is in the sum {ways[0]}"
    if len(ways) > 1:
        first = f"Its entries are in the sum in different ways, {listed(ways)}"
    known = [reading.sum.offset] if reading.sum.offset else []
    plus = [piece for piece in row.add if piece not in row.minus] + known
    if reading.sum.bad:
        plus[-1 - len(known)] = (
            f"a part made of {listed(reading.graph.in_order(reading.sum.bad))}, which cannot be told,"
        )
    steps = [f"add {listed(plus)}"] * bool(plus) + [f"subtract {listed(row.minus)}"] * bool(row.minus)
    if steps:
        return [f"{first}; {listed(steps)} to get {total}"]
    if len(ways) > 1:
        return [f"{first}, and together they are {total}"]
    return [f"It is the whole sum {ways[0]}, so add nothing to get {total}"]
