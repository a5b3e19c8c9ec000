"""Find, by number alone, the sum that an expression is: its scale, its pieces and their weights.

Nothing here goes by a name or by how a formula is written. Names are moved a little and then
far, and how the expression answers decides.
"""

from dataclasses import dataclass, field
from itertools import combinations, product

import numpy as np
from scipy.special import ndtri

from helpers.read.graph import CannotTell

LINKS = {
    "identity": lambda t: t,
    "log": np.log,
    "logit": lambda p: np.log(p) - np.log1p(-p),
    "probit": ndtri,
    "cloglog": lambda p: np.log(-np.log1p(-p)),
}
# beyond these a probability is so near 0 or 1 that double precision does not tell where it is
TOLD = {"logit": (-13, 13), "probit": (-4.7, 4.7), "cloglog": (-13, 2.6), "log": (-25, 25)}
NEAR = 1e-6  # how far an exact sum may be off, of a step of about one
SEVERAL = 40  # up to so many entries are looked at one by one
LARGE = 20_000  # entries of one name


@dataclass
class Part:
    """How one name, or one column of it, stands in a sum; `where` is the entry that each row uses."""

    name: str
    column: str
    where: np.ndarray | None
    weight: np.ndarray
    text: str
    factors: tuple = ()


@dataclass
class Piece:
    """A term of a sum: one name, or several that multiply each other."""

    names: tuple
    main: str  # the name with the most entries: in a product the standardised term and not its sd
    parts: dict = field(default_factory=dict)

    @property
    def minus(self):
        """Say whether the piece is subtracted."""
        return all(part.text.startswith("minus") for part in self.parts[self.main])

    def __str__(self):
        parts = self.parts[self.main]
        return " * ".join([*self.names, *(parts[0].factors if len(parts) == 1 else [])])


@dataclass
class Sum:
    """An expression as a sum of pieces on one scale."""

    link: str
    pieces: list
    bad: dict  # name: why it is in no piece
    names: list  # what the expression was taken apart into
    idle: list  # names that the expression mentions and does not depend on
    offset: str = ""  # a known number in the sum
    shifts: list = field(default_factory=list)  # (words, how each row answers to one more in all entries)
    mentioned: set = field(default_factory=set)  # Deterministics that were taken apart on the way
    adds_up: object = None  # whether the pieces add up to the expression, for a dict of values

    @property
    def whole(self):
        """Say whether every name is in a piece."""
        return not self.bad

    def piece_of(self, name):
        """Return the piece that a name is in, or None."""
        return next((piece for piece in self.pieces if name in piece.names), None)


class Expression:
    """An expression of a model, as an array that depends on the names nearest to it."""

    def __init__(
        self, graph, expression, point, links=("identity",), transform=np.asarray, rows=None, near=NEAR
    ):
        self.graph, self.expression, self.links, self.transform = graph, expression, links, transform
        self.names = graph.nearest(*(expression if isinstance(expression, list) else [expression]))
        self.start = point(0.5, 1)
        self.shape = self.function(self.names)(self.start).shape
        self.rows, self.near = rows or self.shape, near
        self.whole_or_not = False  # set where a sum is of use only if it is whole, to save time
        unit, positive = "logit" in links, "log" in links and "logit" not in links
        if unit or positive:
            self.start = self._interior(point, unit)

    def function(self, names, data=()):
        """Return the expression as a function of a dict of values."""
        call = self.graph.function(self.expression, names, data)

        def value(values):
            with np.errstate(all="ignore"):
                return np.asarray(self.transform(call(values)), dtype=float)

        return value

    def _interior(self, point, unit):
        """Find a point at which nothing is near a bound, so that no effect is hidden by saturation."""
        value = self.function(self.names)
        bands = [(0.02, 0.98), (1e-4, 1 - 1e-4)] if unit else [(0.02, 50)]
        for near, (low, high) in product([1, 0.3, 0], bands):
            for width in [0.5, 0.2, 0.05, 0.01, 0.001, 1e-4]:
                for seed in range(1, 5):
                    values = point(width, seed, near)
                    expected = value(values)
                    if np.all((expected > low) & (expected < high)):
                        return values
        if unit:
            raise CannotTell("no point was found at which every probability is between 0.0001 and 0.9999")
        return point(0.5, 1)


def take_apart(expression, unfold=True):
    """Find the sum that an expression is.

    Parameters
    ----------
    expression : Expression
    unfold : bool, optional
        Whether Deterministics that are the whole sum, or rows of it, are taken apart, too.

    Returns
    -------
    Sum
    """
    found = _settle(expression, expression.names)
    return _unfold(expression, found) if unfold else found


def _settle(expression, names):
    """Take apart Deterministics that bend or multiply, as long as fewer names then do."""
    graph = expression.graph
    found = _on_best_scale(expression, names)
    multiply = {n for piece in found.pieces if len(piece.names) > 1 for n in piece.names}
    for name in names:
        if name in graph.computed and (name in found.bad or name in multiply):
            trial = _settle(expression, _instead(graph, names, name))
            if _rank(trial) < _rank(found):
                trial.mentioned.add(name)
                return trial
    return found


def _unfold(expression, found):
    """Take apart what is a function of the whole sum, and what is a term written out row by row."""
    graph = expression.graph
    for name in found.names:
        if name not in graph.computed or name in found.bad:
            continue
        alone = len(found.names) - len(found.idle) == 1
        shape = expression.start[name].shape
        by_row = shape[: len(expression.rows)] == expression.rows and expression.rows
        if not (alone or by_row) or is_group_term(graph, name, expression.start):
            continue
        trial = _settle(expression, _instead(graph, found.names, name))
        trial.mentioned |= found.mentioned | {name}
        if trial.whole or alone:
            return _unfold(expression, trial)
    return found


def _instead(graph, names, name):
    return graph.in_order({*names, *graph.nearest(*graph.parents(name))} - {name})


def _rank(found):
    products = sum(len(piece.names) - 1 for piece in found.pieces)
    return len(found.bad) / max(len(found.names), 1), products


def inside(graph, name, start, whole_or_not=False):
    """Return the sum that a Deterministic is, made of the names nearest to it, or of those nearest to these."""
    expression = graph.computed[name].owner.inputs[0]
    whole = Expression(graph.uncut(name), expression, lambda width, seed: start)
    whole.whole_or_not = whole_or_not
    return take_apart(whole, unfold=False)


def is_group_term(graph, name, start):
    """Say whether a Deterministic has one term for each member of a group: one of its pieces is one to one."""
    try:
        found = inside(graph, name, start, whole_or_not=True)
    except CannotTell:
        return False
    if not found.whole:
        return False
    slopes = any(len(piece.names) == 1 and piece.parts[piece.names[0]][0].factors for piece in found.pieces)
    return any(
        one_to_one(part)
        and (len(piece.names) > 1 or not slopes)
        # a row's part of a sum, such as b * x under a name of its own, is not a group's term
        and (part.name not in graph.computed or is_group_term(graph, part.name, start))
        for piece in found.pieces
        for parts in piece.parts.values()
        for part in parts
    )


def one_to_one(part):
    """Say whether each row has an entry of its own."""
    where = part.where
    return where is not None and len(where) > 1 and len(np.unique(where)) == len(where)


def _on_best_scale(expression, names):
    """Return the sum on the one scale on which the fewest names bend or multiply."""
    for name in names:
        if expression.graph.is_discrete(name):
            raise CannotTell(f"{name} is discrete and cannot be moved a little")
        if expression.start[name].size > LARGE and name in expression.graph.free:
            raise CannotTell(f"{name} has more than {LARGE:,} entries")
    # a wrong scale shows with its first name, so the others are looked at only where no scale is right
    trials = [_on_scale(expression, names, link, whole_or_not=True) for link in expression.links]
    whole = [t for t in trials if t is not None and t.whole]
    if not whole and not expression.whole_or_not:
        trials = [_on_scale(expression, names, link) for link in expression.links]
    trials = sorted(whole or (t for t in trials if t is not None), key=_rank)
    if not trials:
        raise CannotTell("its expected value is nowhere finite")
    best, *others = trials
    if any(_rank(other) == _rank(best) for other in others):
        why = "more than one scale fits" if best.whole else "it bends the sum on every scale"
        return Sum(best.link, [], dict.fromkeys(names, why), names, [])
    return best


def _on_scale(expression, names, link, whole_or_not=False):
    """Return the sum on a scale, or None where the expression has no value there."""
    value, start = expression.function(names), expression.start
    probe = Probe(lambda x: LINKS[link](value(x)).ravel(), start, expression.near, TOLD.get(link))
    if not np.isfinite(probe.base).all():
        return None
    steps = {name: probe.step(name) for name in names}
    idle = [name for name in names if steps[name] is None]
    moving = [name for name in names if steps[name] is not None]
    bad = {}
    for name in moving:
        if probe.bends(name, steps[name]):
            bad[name] = "it bends the sum"
            if whole_or_not and name in expression.graph.free:
                return Sum(link, [], bad, names, idle)
    pairs = [pair for pair in combinations(moving, 2) if not set(pair) <= set(bad)]
    mixed = {frozenset(pair) for pair in pairs if probe.mixes(pair, steps)}
    pieces = []
    for names_together in _components(moving, mixed):
        for name in names_together:
            others = set(names_together) - {name}
            if others & set(bad):
                bad.setdefault(
                    name, f"it multiplies {', '.join(sorted(others & set(bad)))}, which bends the sum"
                )
        if set(names_together) & set(bad):
            continue
        why = probe.no_product(names_together, mixed, steps)
        if why:
            bad |= dict.fromkeys(names_together, why)
        else:
            pieces.append(Piece(tuple(names_together), max(names_together, key=lambda n: start[n].size)))
    found = Sum(link, pieces, bad, names, idle)
    if pieces:
        _weigh(expression, probe, found, steps)
        if not _rebuilt(expression, probe, found, steps):
            why = "the sum could not be rebuilt at other points"
            return Sum(link, [], bad | {n: why for piece in pieces for n in piece.names}, names, idle)
        _find_offset(expression, probe, found)
        found.adds_up = lambda values: _adds_up(probe, found, values)
    return found


def _components(names, edges):
    """Return the names in groups that edges connect."""
    groups = [{name} for name in names]
    for edge in edges:
        joined = [group for group in groups if group & edge]
        groups = [group for group in groups if not group & edge] + [set().union(*joined)]
    return sorted(([n for n in names if n in group] for group in groups), key=lambda g: names.index(g[0]))


class Probe:
    """A function of named arrays, moved from a point where nothing is near a bound."""

    def __init__(self, f, start, near, told):
        with np.errstate(all="ignore"):
            self.base = f(start)
        self._f, self.start, self.near = f, start, near
        self.low, self.high = told or (-np.inf, np.inf)
        if near > NEAR:
            self.low, self.high = self.low * 0.7, self.high * 0.7
        self.random = np.random.default_rng(13)
        # two steps of this size leave no row where double precision fails
        room = np.minimum(self.high - self.base, self.base - self.low).min(initial=np.inf)
        self.size = float(np.clip(room / 2.5, 0.02, 1)) if np.isfinite(room) else 1.0
        self.noise = 1e-13 * max(1, np.abs(self.base).max(initial=0, where=np.isfinite(self.base)))

    def __call__(self, **changes):
        """Return the values after names were given other values."""
        with np.errstate(all="ignore"):
            return self._f(self.start | changes)

    def ascends(self, v):
        """Say whether a value may be cut-points of an ordered outcome, which must stay in order."""
        return self.near > NEAR and v.ndim == 1 and v.size > 1 and np.diff(v).min() > 0

    def step(self, name):
        """Return a step of a name in a random direction that moves the function by about its size, or None."""
        v, low, high = self.start[name], 0.3 * self.size, 1.5 * self.size
        direction = self.random.uniform(0.5, 1.5, v.shape) * self.random.choice([-1, 1], v.shape)
        # what is positive stays so: it may be under a logarithm or a root
        longest = 0.4 * v.min() if v.size and v.min() > 0 else np.inf
        if self.ascends(v):
            longest = min(longest, 0.3 * np.diff(v).min())
        size = min(1e-3 * max(np.abs(v).max(initial=0), 0.1), longest)
        moved = False
        for _ in range(6):
            answer = np.abs(self(**{name: v + size * direction}) - self.base).max(initial=0)
            if not np.isfinite(answer):
                size /= 10
            elif answer <= 30 * self.noise:
                if size >= min(longest, 1e3):
                    break
                size = min(size * 1e3, longest)
            elif low < answer <= high or (size >= longest and answer <= high):
                moved = True
                break
            else:
                moved = True
                size = min(size * self.size / answer, longest)
        return size * direction if moved else None

    def _large(self, difference, scale):
        return (
            not np.isfinite(difference).all()
            or np.abs(difference).max() > self.near * scale + 30 * self.noise
        )

    def bends(self, name, step):
        """Tell whether the function bends along a step."""
        v = self.start[name]
        up, down = self(**{name: v + step}), self(**{name: v - step})
        return self._large(up + down - 2 * self.base, np.abs(up - self.base).max())

    def mixes(self, pair, steps):
        """Say whether the effect of one name depends on the other."""
        one, other = ({name: self.start[name] + steps[name]} for name in pair)
        first, second = self(**one) - self.base, self(**other) - self.base
        scale = min(np.abs(first).max(), np.abs(second).max())
        return self._large(self(**one, **other) - self.base - first - second, scale)

    def no_product(self, names, mixed, steps):
        """Say why names that mix are not one product, or return None."""
        pairs = list(combinations(names, 2))
        if not mixed.issuperset(map(frozenset, pairs)):
            return f"one of {', '.join(names)} multiplies several of the others"
        for pair in pairs:
            for name, other in [pair, pair[::-1]]:
                zero = {other: np.zeros_like(self.start[other])}
                if (
                    np.abs(self(**zero, **{name: self.start[name] + steps[name]}) - self(**zero)).max()
                    > self.near
                ):
                    return f"{name} is in the sum alone and also multiplies {other}"
        return None


def _unit(name, value, graph):
    """Return the value of a factor at which it changes nothing: 1, or the identity for a Cholesky factor."""
    if graph.is_cholesky(name):
        n = int((np.sqrt(8 * value.size + 1) - 1) / 2)
        packed = np.zeros_like(value)
        packed[np.cumsum(np.arange(1, n + 1)) - 1] = 1
        return packed
    if value.ndim == 2 and value.shape[0] == value.shape[1] > 1 and not np.triu(value, 1).any():
        return np.eye(len(value))
    return np.ones_like(value)


def _weigh(expression, probe, found, steps):
    """Give each name its parts: which entry each row uses, and with what weight."""
    graph = expression.graph
    for piece in found.pieces:
        for name in piece.names:
            units = {n: _unit(n, probe.start[n], graph) for n in piece.names if n != name}
            weigher = Weigher(expression, found, probe, name, units, np.abs(steps[name]).max())
            piece.parts[name] = weigher.parts()
            if weigher.refused:
                found.bad[name] = weigher.refused
        name = piece.main
        rest = [n for n in piece.names if n != name]
        free_to_shift = not graph.sums_to_zero(name) and len(piece.parts) == len(piece.names)
        for part in piece.parts[name]:
            if free_to_shift:
                found.shifts.append((" * ".join([*rest, name]), part.column, part.weight))
    found.pieces = [piece for piece in found.pieces if not set(piece.names) & set(found.bad)]


class Weigher:
    """Find the weights of one name, its partners in a product being 1."""

    def __init__(self, expression, found, probe, name, units, size):
        self.expression, self.link, self.name = expression, found.link, name
        self.units, self.names, self.size = units, found.names, size
        self.start, self.random, self.ask = probe.start | units, probe.random, probe
        self.base = probe(**units)
        self.noise = probe.noise
        self.refused = ""

    def answer(self, code):
        """Return how each row answers to a code of numbers between -1 and 1, one for each entry."""
        v = self.start[self.name]
        return (
            self.ask(**self.units, **{self.name: v + self.size * code.reshape(v.shape)}) - self.base
        ) / self.size

    def one_entry(self, entries):
        """Return for each row the one entry it uses among some, and its weight; None where rows use several."""
        count, total = len(entries), self.start[self.name].size

        def coded(code):
            full = np.zeros(total)
            full[entries] = code
            return self.answer(full)

        weight = coded(np.ones(count))
        if count == 1:
            return np.full(weight.shape, entries[0]), weight
        close = self.ask.near * max(1.0, np.abs(weight).max()) + 100 * self.noise / self.size
        codes = np.arange(1, count + 1) / count
        answer = coded(codes)
        used = np.abs(weight) > close
        at = np.zeros(weight.shape, dtype=int)
        at[used] = np.clip(np.rint(answer[used] / weight[used] * count).astype(int) - 1, 0, count - 1)
        random = self.random.uniform(-1, 1, count)
        good = np.abs(answer - weight * codes[at]) < close
        good &= np.abs(coded(random) - weight * random[at]) < close
        return (np.asarray(entries)[at], weight) if good.all() else None

    def parts(self):
        """Return the parts of the name."""
        v = self.start[self.name]
        everything = np.arange(v.size)
        single = self.one_entry(everything)
        if single:
            return [self._part("", *single)]
        index = everything.reshape(v.shape)
        for axis in sorted(range(v.ndim), key=lambda a: v.shape[a]) if v.ndim > 1 else []:
            if v.shape[axis] <= SEVERAL:
                slices = [np.take(index, k, axis).ravel() for k in range(v.shape[axis])]
                singles = [self.one_entry(entries) for entries in slices]
                if all(singles):
                    labels = [
                        ", ".join(str(k) if a == axis else ":" for a in range(v.ndim))
                        for k in range(len(slices))
                    ]
                    return [
                        self._part(f"[{label}]", *single)
                        for label, single in zip(labels, singles, strict=True)
                    ]
        weight = self.answer(np.ones(v.size))
        if np.abs(weight).max() < 1e-6:
            self.refused = "the sum does not move when all its entries do (it may be centred after the fact)"
        if v.size > SEVERAL:
            return [Part(self.name, "", None, weight, "times data", ("data",))]
        each = [self._part(f"[{k}]", *self.one_entry([k])) for k in everything]
        each = [part for part in each if np.abs(part.weight).max() > 1e-6]
        texts = {part.text for part in each}
        if not self.units and "as it stands" in texts and len(texts) > 1:
            return each
        data = [name for name in self.expression.graph.data if all(name in part.factors for part in each)]
        factors = tuple(data) or ("data",) if texts != {"as it stands"} else ()
        text = f"times {' * '.join(factors)}" if factors else "as it stands"
        if all(part.text.startswith("minus") for part in each):
            text = f"minus, {text}"
        return [Part(self.name, "", None, weight, text, factors)]

    def _part(self, column, where, weight):
        close = self.ask.near + 100 * self.noise / self.size
        judged = _without_empty_columns(weight, self.expression.shape, close)
        size = np.abs(judged)
        sign = "minus" if (judged <= close).all() else ""
        factors = ()
        if (np.abs(size - 1) < close).all():
            text = ""
        elif ((np.abs(size - 1) < close) | (size < close)).all() and (sign or (judged > -close).all()):
            factors = self._factors(where, weight)[0] or ("data",)
            text = f"in rows where {' * '.join(factors)} is 1"
        elif np.ptp(judged) < close:
            text = f"times {size.flat[0]:.4g}"
        else:
            factors, minus = self._factors(where, weight)
            # of unnamed data the sign is not known, but an ordered outcome subtracts
            ordered = len(self.expression.shape) > len(self.expression.rows)
            factors, sign = factors or ("data",), "minus" if (minus if factors else ordered) else ""
            text = f"times {' * '.join(factors)}"
        words = ", ".join(word for word in [sign, text] if word)
        return Part(self.name, column, where, weight, words or "as it stands", factors)

    def _factors(self, where, weight):
        """Return the pm.Data that a weight is in proportion to, and whether with a minus sign."""
        graph, found, minus, whole = self.expression.graph, [], False, {}
        code = np.zeros(self.start[self.name].size)
        code[np.unique(where)] = self.size
        code = code.reshape(self.start[self.name].shape)
        for name in graph.data:
            data = graph.data[name].get_value()
            if data.dtype.kind != "f":
                whole |= {name: self._by_row(data)} if data.size == np.prod(self.expression.rows) else {}
                continue
            value = self.expression.function(self.names, [name])

            def weighed(changed, name=name, value=value):
                before = self.start | {name: changed}
                after = before | {self.name: before[self.name] + code}
                with np.errstate(all="ignore"):
                    before, after = (LINKS[self.link](value(x)).ravel() for x in [before, after])
                return (after - before) / self.size

            small = 1e-3 * np.abs(data).max(initial=0)
            close = 1e-6 + 1e3 * self.noise / self.size
            if small and np.allclose(weighed(data * 1.001), 1.001 * weight, rtol=1e-6, atol=close):
                found.append(name)
                minus = np.median(weighed(data + small) - weight) < 0
        if found and self._is_product(weight, found):
            return tuple(found), minus and len(found) == 1
        # whole numbers cannot be moved a little, so they must be the weights
        for several in [1, 2]:
            equal = [names for names in combinations(whole, several)
                     if np.allclose(np.abs(weight), np.abs(np.prod([whole[n] for n in names], axis=0)), atol=1e-6)]  # fmt: skip
            if equal:
                names = equal[0] if len(equal) == 1 else ()
                product = np.prod([whole[n] for n in names], axis=0)
                return names, several == 1 and not np.allclose(weight, product, atol=1e-6)
        return (), False

    def _by_row(self, data):
        """Return data, one number for each row, as the weights are: again for each cut-point."""
        shape, rows = self.expression.shape, self.expression.rows
        return np.broadcast_to(data.reshape(tuple(rows) + (1,) * (len(shape) - len(rows))), shape).ravel()

    def _is_product(self, weight, names):
        """Say whether weights are the data themselves, and not the data centred or in different units."""
        products = np.ones(1)
        for name in names:
            data = np.abs(self.expression.graph.data[name].get_value())
            if data.size == np.prod(self.expression.rows):
                products = products * self._by_row(data)
            else:  # a table of predictors, or one number for each group
                products = np.multiply.outer(np.unique(data), np.unique(products)).ravel()
        if products.size != weight.size:
            products = np.sort(products)
            at = np.searchsorted(products, np.abs(weight)).clip(1, max(len(products) - 1, 1))
            low, high = products[at - 1], products[at.clip(max=len(products) - 1)]
            products = np.where(np.abs(weight) - low < high - np.abs(weight), low, high)
        return np.allclose(np.abs(weight), products, rtol=1e-5, atol=1e-5)


def _without_empty_columns(weight, shape, close):
    """Leave out the columns of a table that a name does not appear in."""
    if len(shape) < 2:
        return weight
    axis = min((a for a in range(len(shape)) if shape[a] > 1), key=lambda a: shape[a], default=0)
    columns = np.moveaxis(weight.reshape(shape), axis, 0).reshape(shape[axis], -1)
    return (
        columns[(np.abs(columns) > close).any(axis=1)].ravel() if (np.abs(columns) > close).any() else weight
    )


def _rebuilt(expression, probe, found, steps):
    """Say whether the pieces add up to the expression at other points, near, wide and across zero."""
    for reach, across in [(1, False), (4, False), (12, False), (1, True)]:
        values = {}
        for name in [name for piece in found.pieces for name in piece.names]:
            v, step = probe.start[name], np.abs(steps[name]).max()
            positive, unbounded = v.min(initial=1) > 0, expression.graph.is_unbounded(name)
            values[name] = v + reach * step / len(found.pieces) * probe.random.uniform(-1, 1, v.shape)
            if positive and not unbounded:
                values[name] = v * np.exp(probe.random.uniform(-0.1, 0.2 * reach, v.shape))
            elif positive and across:
                values[name] = -v * probe.random.uniform(1, 4, v.shape)
            if probe.ascends(v):
                values[name] = np.sort(values[name])
        if not _adds_up(probe, found, values):
            return False
    return True


def _adds_up(probe, found, values):
    """Say whether the pieces add up to the expression at a point."""
    total = probe.base.copy()
    for piece in found.pieces:
        own = {name: values[name] for name in piece.names}
        change, said = probe(**own) - probe.base, _said(probe, piece, values)
        if said is None:
            straight = _straight(probe, piece.main, own)
        else:
            straight = _same(change, said, probe)
        if not straight:
            return False
        total = total + (change if said is None else said)
    return _same(probe(**values) - probe.base, total - probe.base, probe)


def _said(probe, piece, values):
    """Return what the weights say that a piece changes, or None where rows use many of its entries."""

    def at(point):
        if len(piece.names) == 1:
            return sum(part.weight * point[piece.names[0]].ravel()[part.where] for part in parts)
        factors = [piece.parts[name][0] for name in piece.names]
        return factors[-1].weight * np.prod([point[f.name].ravel()[f.where] for f in factors], axis=0)

    parts = [part for name in piece.names for part in piece.parts[name]]
    if (
        not parts
        or any(part.where is None for part in parts)
        or (len(piece.names) > 1 and len(parts) > len(piece.names))
    ):
        return None
    if len(piece.names) > 1 and any(v.ndim > 1 for v in (values[n] for n in piece.names)):
        return None
    return at(values) - at(probe.start)


def _straight(probe, name, own):
    """Say whether a name, the others of its piece fixed, adds in proportion to how far it is moved."""
    v, partners = probe.start[name], {n: value for n, value in own.items() if n != name}
    base = probe(**partners)
    whole, half = (probe(**partners, **{name: v + t * (own[name] - v)}) - base for t in [1, 0.5])
    return _same(whole, 2 * half, probe, base)


def _same(change, said, probe, base=None):
    """Say whether two changes are the same, where double precision tells."""
    base = probe.base if base is None else base
    expected = base + said
    seen = (expected > probe.low) & (expected < probe.high) & (base > probe.low) & (base < probe.high)
    if not seen.any():
        return True
    scale = np.maximum(1, np.abs(expected))
    return bool(np.all(np.abs(change - said)[seen] <= (probe.near * scale)[seen]))


def loose(sums):
    """Return the names, in groups, that share constants, and whether any one of a group undoes a shift of another.

    Examples
    --------
    >>> one, two = np.ones(3), np.array([1.0, 0, 1])
    >>> first = [("a", "", one), ("b", "", two), ("c", "", -one)]
    >>> loose([first])
    [(['a', 'c'], True)]
    >>> loose([[("a", "", one), ("b", "", two), ("c", "", one - two)]])  # b and c undo a shift of a together
    [(['a', 'b', 'c'], False)]
    >>> loose([first, [("a", "", one)]])  # the other outcome settles it
    []
    """
    keys = list(dict.fromkeys((words, column) for shifts in sums for words, column, _ in shifts))
    answers = {key: [] for key in keys}
    for shifts in sums:
        found = {(words, column): weight for words, column, weight in shifts}
        rows = next((len(weight) for weight in found.values()), 0)
        for key in keys:
            answers[key].append(found.get(key, np.zeros(rows)))
    table = {key: np.concatenate(answer) for key, answer in answers.items()}
    table = {key: answer / np.linalg.norm(answer) for key, answer in table.items() if np.any(answer)}
    if not table:
        return []
    columns = np.stack(list(table.values()), axis=1)
    sizes, vectors = np.linalg.eigh(columns.T @ columns)
    still = vectors[:, sizes < 1e-9]  # joint shifts under which nothing moves
    together = np.abs(still @ still.T) > 1e-4
    groups = _components(list(table), [{a, b} for a, row in zip(table, together, strict=True)
                                       for b, one in zip(table, row, strict=True) if one and a != b])  # fmt: skip
    found = []
    for group in groups:
        if len(group) > 1:
            alike = all(abs(table[group[0]] @ table[key]) > 1 - 1e-9 for key in group)
            found.append(([words + column for words, column in group], alike))
    return found


def _find_offset(expression, probe, found):
    """Say whether a known number is part of the sum."""
    if found.bad:
        return
    names = {name for piece in found.pieces for name in piece.names}
    rest = probe(**{name: np.zeros_like(probe.start[name]) for name in names})
    if not np.isfinite(rest).all():
        return
    if np.abs(rest).max() > 1e-6:
        equal = [
            name
            for name, v in expression.graph.data.items()
            if v.get_value().size == rest.size and np.allclose(v.get_value().ravel(), rest, atol=1e-6)
        ]
        found.offset = equal[0] if equal else "a known number" if np.ptp(rest) < 1e-6 else "known numbers"
