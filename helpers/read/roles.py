"""Give every name of a model its role, from the sum it is in, the priors it is in and its own prior.

Distributions are allowed one by one. What is not in these tables is "cannot tell".
"""

from dataclasses import dataclass, field

import numpy as np

from helpers.read.graph import CannotTell
from helpers.read.sentences import listed
from helpers.read.sums import (
    NEAR,
    Expression,
    Piece,
    Sum,
    inside,
    is_group_term,
    one_to_one,
    take_apart,
)

UNIT = ("logit", "probit", "cloglog", "log", "identity")
# an outcome's distribution: its expected value among the parameters, the scales to try, other parameters
OUTCOMES = {
    "NormalRV": ([0], lambda v: v, ("identity", "log"), {1: "noise"}),
    "StudentTRV": ([1], lambda v: v, ("identity", "log"), {0: "shape", 2: "noise"}),
    "BernoulliRV": ([0], lambda v: v, UNIT, {}),
    "BinomialRV": ([1], lambda v: v, UNIT, {}),
    "PoissonRV": ([0], lambda v: v, ("log", "identity"), {}),
    "NegBinomialRV": ([0, 1], lambda v: v[0] * (1 - v[1]) / v[1], ("log", "identity"), {0: "shape"}),
    "BetaBinomialRV": ([1, 2], lambda v: v[0] / (v[0] + v[1]), UNIT, {}),
    "CategoricalRV": ([0], lambda v: np.cumsum(v, axis=-1)[..., :-1], ("logit", "probit"), {}),
}
# a prior's mean and sd among its parameters
TERMS = {
    "NormalRV": (0, 1),
    "StudentTRV": (1, 2),
    "LaplaceRV": (0, 1),
    "CauchyRV": (0, 1),
    "MvNormalRV": (0, 1),
    "ZeroSumNormalRV": (None, 0),
}
# priors that say nothing of a population, when their parameters are known numbers
ALONE = {"UniformRV", "FlatRV", "HalfFlatRV", "HalfNormalRV", "HalfCauchyRV", "HalfStudentTRV", "ExponentialRV",
         "GammaRV", "InvGammaRV", "LogNormalRV", "BetaRV", "LogisticRV", "SkewNormalRV", "TruncatedNormalRV"}  # fmt: skip


@dataclass
class Use:
    """One place where a name is used: in the outcome's sum, inside a Deterministic, or in a prior."""

    place: str  # sum, inside, mean, sd, noise, shape
    of: str  # the outcome, Deterministic or variable
    piece: Piece | None = None

    @property
    def product(self):
        """Say whether the name multiplies another one there."""
        return self.piece is not None and len(self.piece.names) > 1


@dataclass
class Row:
    """What one name is for one outcome."""

    name: str
    outcome: str
    role: str = "cannot tell"
    in_sum: str = "cannot tell"
    scale: str | None = None
    already_in: list = field(default_factory=list)
    add: list = field(default_factory=list)
    minus: list = field(default_factory=list)  # those of `add` that are subtracted
    why: str = ""


class Reading:
    """All names of a model as one outcome sees them."""

    def __init__(self, graph, outcome, point):
        self.graph, self.outcome, self.point = graph, outcome, point
        self.uses, self.bad, self.unread = {}, {}, {}
        self.sum, self.start, self.ordered, self._inside, self._terms = None, None, False, {}, {}
        self._known_sd, self._spreads = set(), []
        self.serving = graph.names
        try:
            if not hasattr(graph.observed[outcome].owner.op, "dist_params"):
                raise CannotTell("the outcome is given in parts (total_size or pm.Minibatch)")
            self.serving = graph.behind(outcome)
            self._read(graph.parents(outcome))
        except CannotTell as error:
            self._refuse_all(str(error))
        except Exception as error:  # a formula of a kind not thought of: better no table than a traceback
            why = f"its formula could not be followed ({type(error).__name__}: {str(error)[:80]})"
            self._refuse_all(self._unknown() or why)

    def _unknown(self):
        """Return why the outcome's distribution cannot be read; "" if it can."""
        kind = type(self.graph.observed[self.outcome].owner.op)
        if kind.__name__ in OUTCOMES and kind.__module__.startswith(("pytensor.", "pymc.")):
            return ""
        name = kind.__name__.removesuffix("RV").strip("_")
        return f"the outcome's distribution ({name}) is not one of those that can be read"

    def _refuse_all(self, why):
        self.sum, self.uses = Sum(None, [], {}, [], []), {}
        self.bad = dict.fromkeys(self.serving, why)

    def _read(self, parents):
        if self._unknown():
            raise CannotTell(self._unknown())
        graph, family = self.graph, type(self.graph.observed[self.outcome].owner.op).__name__
        where, expected, links, others = OUTCOMES[family]
        location = [parents[i] for i in where]
        observed = np.shape(self.point(0, 0)[self.outcome])
        transform = expected if len(where) > 1 else lambda v: expected(v[0])
        # PyMC's ordered probit is exact to about 2e-8, which in the tails is 1e-5 of the probit
        near = 1e-4 if family == "CategoricalRV" else NEAR
        whole = Expression(graph, location, self.point, links, transform, observed, near)
        self.start, self.expression, self.ordered = whole.start, whole, family == "CategoricalRV"
        self.sum = take_apart(whole)
        kind = ", which has several categories (a softmax?)" if self.ordered else ""
        for name, why in self.sum.bad.items():
            self._refuse(name, f"{why} of {self.outcome}{kind}" if "the sum" in why else why)
        self._use("sum", self.outcome, self.sum)
        for name in self.sum.idle if len(location) > 1 else []:
            self._add(name, Use("shape", self.outcome))
        for index, v in enumerate(parents):
            names = graph.nearest(v)
            if index in others and index not in where:
                self._spread(v, others[index], self.outcome)
            elif index in others:
                for name in set(names) - set(self.sum.idle):
                    self._refuse(name, f"it is in two parameters of {self.outcome}")
            elif index not in where:
                for name in names:
                    self._refuse(
                        name, f"it is in a parameter of {self.outcome} that is neither its mean nor its sd"
                    )
        places = {name: {use.place for use in uses} for name, uses in self.uses.items()}
        for name, found in places.items():
            if len(found) > 1 and found & {"noise", "shape"}:
                self._refuse(name, f"it is in two parameters of {self.outcome}")
        todo = [*self.uses, *(n for n in self.bad if n not in self.uses)]
        for name in todo:  # grows
            before = set(self.uses) | set(self.bad)
            self._look_inside(name)
            todo += [n for n in [*self.uses, *self.bad] if n not in before]
        for of, names in self._spreads:
            if set(names) & set(self.bad):
                for name in names:
                    self._refuse(
                        name, f"the sd of {of} depends on {listed(n for n in names if n != name)}, too"
                    )

    def _add(self, name, use):
        self.uses.setdefault(name, []).append(use)

    def _refuse(self, name, why):
        self.bad.setdefault(name, why)

    def _use(self, place, of, found):
        for piece in found.pieces:
            for name in piece.names:
                self._add(name, Use(place, of, piece))

    def _spread(self, expression, place, of, power=1):
        """Note the names in a standard deviation, if it grows in proportion to them."""
        names = self.graph.nearest(expression)
        if not names:
            return
        self._spreads.append((of, names))
        value = self.graph.function(expression, names)
        before = np.asarray(value(self.start))
        for name in names:
            with np.errstate(all="ignore"):
                after = np.asarray(value(self.start | {name: 2 * self.start[name]}))
            factor = self.graph.is_cholesky(name) or self.graph.family(name) == "LKJCorrRV"
            if np.array_equal(after, before):  # mentioned without effect
                continue
            self._known_sd.discard(of)
            if factor or place == "shape" or np.allclose(after, 2**power * before, rtol=1e-8):
                self._add(name, Use(place, of))
            else:
                self._refuse(name, f"the sd of {of} does not grow in proportion to it")

    def _look_inside(self, name):
        """Note the names that a name is made of: a Deterministic's, or its prior's."""
        graph = self.graph
        if name in graph.alias:
            return
        if name in graph.computed:
            try:
                found = inside(graph, name, self.start)
            except CannotTell as error:
                found = Sum(None, [], dict.fromkeys(graph.nearest(*graph.parents(name)), str(error)), [], [])
            self._inside[name] = found
            for inner, why in found.bad.items():
                self._refuse(inner, f"in {name}, {why}")
            self._use("inside", name, found)
            return
        parents, family = graph.parents(name), graph.family(name)
        if family not in TERMS:
            names = [n for n in graph.nearest(*parents) if n != name]
            if names or family not in ALONE | {"_LKJCholeskyCovRV", "LKJCorrRV"}:
                kind = family.removesuffix("RV").strip("_")
                self.unread[name] = f"a prior of its kind ({kind}) is not one of those that can be read"
                for inner in names:
                    self._refuse(
                        inner, f"it is in the prior of {name}, of a kind ({kind}) that cannot be read"
                    )
            return
        mean, sd = TERMS[family]
        if mean is not None:
            try:
                whole = Expression(graph, parents[mean], lambda width, seed: self.start)
                found = take_apart(whole, unfold=False) if whole.names else Sum(None, [], {}, [], [])
            except CannotTell as error:
                found = Sum(None, [], dict.fromkeys(graph.nearest(parents[mean]), str(error)), [], [])
            for inner, why in found.bad.items():
                self._refuse(inner, f"in the prior's mean of {name}, {why}")
                self._refuse(
                    name,
                    f"the mean of its prior cannot be told (in it, {why.replace('it ', inner + ' ', 1)})",
                )
            self._use("mean", name, found)
            # a name may be mentioned without effect, as PyMC itself does to fit shapes
            constant = not found.bad and not found.pieces
            self._terms[name] = np.asarray(whole.function(whole.names)(self.start)) if constant else None
        else:
            self._terms[name] = np.zeros(1)
        self._known_sd.add(name)  # until a name has an effect on it
        self._spread(parents[sd], "sd", name, 2 if family == "MvNormalRV" else 1)
        for index, v in enumerate(parents):
            if index not in (mean, sd):
                for inner in graph.nearest(v):
                    self._refuse(inner, f"it is in the prior of {name}, but not in its mean or sd")

    # what follows asks these notes

    def users(self, name, place):
        """Return the names used in a place of a variable, such as those in its prior's mean."""
        return self.graph.in_order(
            {n for n, uses in self.uses.items() for u in uses if u.place == place and u.of == name}
        )

    def owners(self, name):
        """Return the terms that a name is in, seen through Deterministics that are not terms themselves."""
        found = set()
        for use in self.uses.get(name, []):
            means = use.of in self.graph.computed and self.sum.piece_of(use.of) is None
            if use.of != self.outcome:
                found |= set(self.owners(use.of)) if means and self.owners(use.of) else {use.of}
        return self.graph.in_order(found)

    def has_sd(self, name):
        """Say whether the parameter that scales a distribution is its sd."""
        return self.graph.family(name) not in ("StudentTRV", "LaplaceRV", "CauchyRV")

    def positive(self, name):
        """Say whether all entries are positive wherever they may be."""
        return all(np.all(self.point(2, seed)[name] > 0) for seed in range(3))

    def single(self, use, name):
        """Say whether each row uses at most one entry of a name, or of each of its columns."""
        parts = use.piece.parts[name] if use.piece else []
        entries_apart = len(parts) > 1 and self.start[name].ndim == 1
        return bool(parts) and not entries_apart and all(part.where is not None for part in parts)

    def plain(self, name):
        """Say whether a free variable's prior is Normal or the like, with mean 0 and a known sd."""
        mean = self._terms.get(name)
        return mean is not None and np.all(mean == 0) and name in self._known_sd

    def factor(self, name):
        """Say whether a name can be what a standardised term is multiplied by."""
        value = self.start[name]
        square = value.ndim == 2 and value.shape[0] == value.shape[1] > 1 and not np.triu(value, 1).any()
        return self.graph.is_cholesky(name) or square or self.positive(name)

    def carrier(self, piece):
        """Return the standardised term of a product, or raise CannotTell."""
        carriers = [n for n in piece.names if self.plain(n) and not self.factor(n)]
        factors = [n for n in piece.names if n not in carriers and self.factor(n)]
        for name in piece.names:
            if name in self.unread:
                raise CannotTell(self.unread[name])
        missing = [n for n in piece.names if self.graph.has_observed(n)]
        if missing:
            raise CannotTell(
                f"{listed(missing)} has imputed values, and they are multiplied by {listed(sorted(set(piece.names) - set(missing)))}"
            )
        if len(carriers) != 1 or len(factors) != len(piece.names) - 1:
            raise CannotTell(f"the product {' * '.join(piece.names)} is not a standardised term times its sd")
        parts = piece.parts[carriers[0]]
        for name in factors:
            other = piece.parts[name]
            if self.start[name].size == 1 or self.graph.is_cholesky(name) or len(self.start[name].shape) == 2:
                continue
            if any(part.where is None for part in [*parts, *other]) or len(parts) > 1 or len(other) > 1:
                if self.start[name].shape == self.start[carriers[0]].shape:
                    continue
                raise CannotTell(f"the product {' * '.join(piece.names)} has more than one sd for each entry")
            entry, sd = parts[0].where, other[0].where
            if len(np.unique(np.stack([entry, sd]), axis=1).T) != len(np.unique(entry)):
                raise CannotTell(f"one entry of {carriers[0]} is multiplied by several entries of {name}")
        return carriers[0]

    def role(self, name):
        """Return the role of a name, or raise CannotTell."""
        if name in self.bad:
            raise CannotTell(self.bad[name])
        uses = self.uses.get(name, [])
        places = {use.place for use in uses}
        if not uses:
            if name in self.graph.computed:
                return "computed"
            data = [v for v in self.graph.observed if name in self.graph.behind(v)]
            if data:
                raise CannotTell(f"it belongs to the model of {listed(data)}, which is read as data here")
            raise CannotTell("nothing that is observed depends on it")
        if "mean" in places and len(places) > 1:
            used = [self._entries_used(use, name) for use in uses if use.piece]
            if any(not one & other for one in used for other in used):
                raise CannotTell("its entries play two roles, some in a prior's mean and others in the sum")
        for use in uses:
            why = self.untold(use.of)
            if why and use.of != self.outcome:
                raise CannotTell(f"{use.of}, which is made of it, cannot be told ({why})")
        imputed = [use.of for use in uses if self.graph.has_observed(use.of)]
        if imputed or self.graph.has_observed(name):
            raise CannotTell(f"{listed(imputed or [name])} has imputed values")
        if self._ends(name) in ({"noise"}, {"shape"}):
            return self._ends(name).pop()
        correlation = self.graph.is_cholesky(name) or self.graph.family(name) == "LKJCorrRV"
        products = [use for use in uses if use.product]
        if products:
            for use in products:
                carrier = self.carrier(use.piece)
            if any(not use.product and use.place != "sd" for use in uses):
                raise CannotTell("it stands alone and in a product")
            if name == carrier:
                return "standardised"
            return "correlation factor" if correlation else "population sd"
        if "sd" in places:
            if len(places) > 1:
                raise CannotTell("it is a prior's sd and stands in a sum")
            if correlation:
                return "correlation factor"
            if self.graph.family(name) and not self.positive(name):
                raise CannotTell("it is a prior's sd and may be negative")
            return "population sd"
        if name in self.graph.computed:
            return self._role_of_computed(name, uses)
        return self._role_of_term(name, uses)

    def _ends(self, name):
        """Return where a name is used in the end, seen through Deterministics."""
        uses = self.uses.get(name, [])
        return set().union(*(self._ends(u.of) if u.place == "inside" else {u.place} for u in uses))

    def _role_of_term(self, name, uses):
        first = uses[0]
        if name in self.unread:
            raise CannotTell(self.unread[name])
        if self._is_cut_point(name):
            return "cut-point"
        if self.graph.sums_to_zero(name):
            return "deviation"
        if name in self._terms and self._terms[name] is None:
            return "level"
        if name in self._terms and name not in self._known_sd:
            known = self._terms[name]
            several = self.start[name].size > 1
            if known is not None and np.any(known != 0):
                return "level"
            return "deviation" if several and all(self.single(use, name) for use in uses) else "coefficient"
        if first.place == "sum" or (first.place == "inside" and not self._of_population(first.of)):
            return "coefficient"
        parts = [part for use in uses for part in use.piece.parts[name]]
        odd = next((part.text for part in parts if not part.factors and part.text != "as it stands"), None)
        if odd:
            raise CannotTell(
                f"it is in the mean of {listed(self.owners(name))} with a weight other than 1 ({odd})"
            )
        multiplied = any(part.factors for part in parts)
        return "group-level coefficient" if multiplied else "population mean"

    def _entries_used(self, use, name):
        """Return the entries of a name that a place uses."""
        found = set()
        for part in use.piece.parts[name]:
            every = np.arange(self.start[name].size)
            found |= set(every if part.where is None else part.where[np.abs(part.weight) > 1e-6])
        return found

    def _of_population(self, name):
        """Say whether a Deterministic is a group's term, or is in the mean of one."""
        uses = self.uses.get(name, [])
        return self._is_group_term(name) or any(
            u.place == "mean" or (u.place == "inside" and self._of_population(u.of)) for u in uses
        )

    def _is_group_term(self, name):
        return is_group_term(self.graph, name, self.start)

    def _is_cut_point(self, name):
        piece, shape = self.sum.piece_of(name), self.expression.shape
        if piece is None or len(shape) <= len(self.expression.rows) or len(piece.parts[name]) > 1:
            return False
        part = piece.parts[name][0]
        if part.where is None or part.text == "minus" or "times" in part.text:
            return False
        # one set of cut-points for all rows, or one for each group
        sets = np.unique(part.where.reshape(-1, shape[-1]), axis=0)
        return len(np.unique(sets)) == sets.size

    def untold(self, name):
        """Return why a name, or what is made of it, cannot be told; "" if it can."""
        if name in self.bad or (
            name in self.unread and {u.place for u in self.uses.get(name, [])} & {"sum", "inside", "mean"}
        ):
            return self.bad.get(name) or self.unread[name]
        if name not in self._inside or self._is_cut_point(name):
            return ""
        found = self._inside[name]
        why = next((f"{n} is in it, and {self.bad[n]}" for n in found.names if n in self.bad), "")
        if why or not found.whole:
            return f"what it is computed from cannot be told ({why or 'it is not a sum'})"
        try:
            for piece in found.pieces:
                if len(piece.names) > 1:
                    self.carrier(piece)
        except CannotTell as error:
            return str(error)
        return ""

    def _role_of_computed(self, name, uses):
        if self._is_cut_point(name):
            return "cut-point"
        why, found = self.untold(name), self._inside.get(name)
        if why:
            raise CannotTell(why)
        if self._is_group_term(name):
            terms = [p for p in found.pieces if any(one_to_one(part) for part in p.parts[p.main])]
            inner = {p.main: self.role(p.main) for p in terms if len(p.names) == 1}
            means = [p for p in found.pieces if p not in terms or inner.get(p.main) == "population mean"]
            if any(p.parts[p.main][0].text == "minus" for p in means):
                raise CannotTell("something is subtracted in it, so it may be a distance from a mean")
            if not all(self.single(use, name) for use in uses):
                return "level" if means else "coefficient"
            return "level" if means or "level" in inner.values() else "deviation"
        if any(u.place == "mean" or (u.place == "inside" and self._of_population(u.of)) for u in uses):
            return "population mean"
        roles = {self.role(p.names[0]) for p in found.pieces if len(p.names) == 1}
        if len(found.pieces) == 1 and roles == {"coefficient"}:
            return "coefficient"
        raise CannotTell("it joins several terms, none of which has one entry for each of its own")

    def try_draws(self, draws):
        """Compare the sum with the outcome's own parameter at draws of a posterior; refuse all if they differ."""
        if self.sum.adds_up is None:
            return
        names = [n for n in self.sum.names if n not in draws[0]]
        if any(n not in draws[0] for name in names for n in self.graph.behind(name) if n in self.graph.free):
            return
        bare = self.graph.uncut(*self.graph.computed)
        calls = {n: bare.function(self.graph.computed[n], list(self.graph.free)) for n in names}
        for values in draws:
            point = self.start | values
            point |= {n: np.asarray(call(point)) for n, call in calls.items()}
            if not self.sum.adds_up({n: point[n] for n in self.sum.names}):
                self._refuse_all("the sum could not be rebuilt at the draws of the posterior")
                return

    def places(self, name):
        """Return where a name is used, such as in the sum or in a prior's mean."""
        return {use.place for use in self.uses.get(name, [])}

    def shifts(self):
        """Return what shifts of the names in the sum do, of those that can be told."""
        return [shift for shift in self.sum.shifts if not any(self._why(n) for n in shift[0].split(" * "))]

    def _why(self, name):
        try:
            self.role(name)
        except CannotTell as error:
            return str(error)
        return ""

    def unvisited(self):
        """Return the labels of the entries that no row uses, for each name in the sum."""
        found = {}
        for piece in self.sum.pieces:
            name = piece.main
            parts = piece.parts[name]
            if any(part.where is None for part in parts):
                continue
            used = np.unique(np.concatenate([part.where[np.abs(part.weight) > 1e-6] for part in parts]))
            labels = self.graph.labels(name, self.start[name].shape)
            missing = [label for i, label in enumerate(labels) if i not in set(used)]
            if missing and self.start[name].size > 1:
                found[name] = missing
        return found

    # the columns

    def row(self, name):
        """Return the row of a name."""
        row = Row(name, self.outcome)
        graph = self.graph
        if name in graph.alias:
            row.role, row.in_sum, row.already_in = "computed", "no", [graph.alias[name]]
            return row
        try:
            row.role = self.role(name)
        except CannotTell as error:
            row.why = str(error)
            return row
        piece = self.sum.piece_of(name)
        untold = f"f({', '.join(self.graph.in_order(self.sum.bad))})" if self.sum.bad else ""
        if row.role == "computed":
            row.in_sum = "no"
            if name in self.sum.mentioned or self._is_result(name):
                row.already_in = [str(p) for p in self.sum.pieces if set(p.names) <= self._made_of(name)]
            else:
                row.already_in = graph.nearest(*graph.parents(name))
            return row
        product = all(use.product for use in self.uses[name] if use.place != "sd") and any(
            use.product for use in self.uses[name]
        )
        row.scale = None if product or row.role in ("noise", "shape", "correlation factor") else self.sum.link
        if piece is not None:
            partners = [n for n in piece.names if n != name]
            words = [f"times {' * '.join(partners)}"] if partners else []
            texts = list(dict.fromkeys(part.text for part in piece.parts[name]))
            texts = [", ".join(words + [t] if t != "as it stands" or not words else words) for t in texts]
            row.in_sum = "; ".join(texts)
            row.add = [str(p) for p in self.sum.pieces if p is not piece] + ([untold] if untold else [])
            row.minus = [str(p) for p in self.sum.pieces if p is not piece and p.minus]
        else:
            through = graph.in_order(self._through(name))
            row.in_sum = f"through {', '.join(through)}" if through else "no"
        row.already_in = self._already_in(name)
        return row

    def _is_result(self, name):
        """Say whether a Deterministic is computed from what is in the sum, by itself or after the link."""
        pieces = {n for piece in self.sum.pieces for n in piece.names}
        return bool(pieces) and set(self.graph.nearest(*self.graph.parents(name))) == pieces

    def _made_of(self, name):
        """Return the names that a Deterministic is computed from, those inside other Deterministics too."""
        found, todo = set(), [name]
        while todo:
            new = set(self.graph.nearest(*self.graph.parents(todo.pop()))) - found
            found |= new
            todo += [n for n in new if n in self.graph.computed]
        return found

    def _through(self, name):
        found = set()
        for use in self.uses.get(name, []):
            if use.place == "inside":
                found |= {use.of} if self.sum.piece_of(use.of) else self._through(use.of)
        return found

    def _already_in(self, name):
        inner = self.users(name, "inside") + self.users(name, "mean")
        found = set(inner)
        for one in inner:
            found |= set(self._already_in(one))
        own = set(self.users(name, "inside"))
        return [n for n in self.graph.in_order(found) if self.sum.piece_of(n) is None or n in own]
