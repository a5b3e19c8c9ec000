"""Look into a PyMC model: its names, what depends on what, and any expression as a function of names."""

from copy import copy
from functools import lru_cache

import numpy as np
import pytensor
from pymc.distributions.distribution import SymbolicRandomVariable
from pytensor.compile.mode import Mode
from pytensor.graph.traversal import ancestors
from pytensor.tensor.random.op import RandomVariable
from pytensor.tensor.variable import TensorVariable

PLAIN = Mode("py", None)  # neither compiled nor rewritten: a small model takes hundredths of a second


class CannotTell(Exception):
    """Why something cannot be told; the message goes on after "because"."""


class Graph:
    """The names of a model and what they are made of."""

    def __init__(self, model):
        self.model = model
        self.free = {v.name: v for v in model.free_RVs}
        self.observed = {v.name: v for v in model.observed_RVs}
        self.data = {v.name: v for v in model.data_vars}
        self.computed = {v.name: v for v in model.deterministics}
        self.alias = {}  # a Deterministic that only renames a free variable
        self._cut = {v: name for name, v in self.free.items()}
        self._boundary = {v: v.name for v in [*model.observed_RVs, *model.data_vars]}
        for name, v in self.computed.items():
            inner = v.owner.inputs[0]
            if self._cut.get(inner) in self.free:
                self.alias[name] = self._cut[inner]
            elif inner not in self._boundary and inner.owner is not None:
                # the modeller may have gone on with the expression and not with its stored copy
                self._cut[v] = name
                self._cut.setdefault(inner, name)
        self.order = list(model.named_vars)
        self.potentials = {v.name: v for v in model.potentials}
        self.names = [n for n in self.order if n not in self.observed and n not in self.data]
        self._walks = {}

    def parents(self, name):
        """Return the parameters of a random variable, or the expressions that a Deterministic combines."""
        if name in self.computed:
            inner = self.computed[name].owner.inputs[0]
            return [inner] if name in self.alias or inner.owner is None else inner.owner.inputs
        node = (self.free | self.observed)[name].owner
        return [part for v in node.op.dist_params(node) for part in self._components(v, node.op)]

    def _components(self, v, op):
        """Return a parameter, or the parameters of an unnamed distribution that a distribution is made of."""
        inner = getattr(v.owner, "op", None)
        random = isinstance(inner, RandomVariable | SymbolicRandomVariable) and v not in self._cut
        if random and isinstance(op, SymbolicRandomVariable) and v not in self._boundary:
            return [part for one in inner.dist_params(v.owner) for part in self._components(one, inner)]
        return [v]

    def nearest(self, *expressions):
        """Return the names that expressions are made of; a walk ends at the first name that it meets."""
        return self._walk(expressions)

    def behind(self, *names):
        """Return all names that names depend on, through priors and Deterministics."""
        found, todo = set(), list(names)
        while todo:
            new = set(self.nearest(*self.parents(todo.pop()))) - found
            found |= new
            todo += new
        return self.in_order(found)

    def in_order(self, names):
        """Sort names as the model declares them."""
        return sorted(names, key=self.order.index)

    def uncut(self, *names):
        """Return this graph as seen from inside Deterministics, whose own names then end no walk."""
        graph = copy(self)
        graph._cut = {v: n for v, n in self._cut.items() if n not in names}
        graph._walks = {}
        return graph

    def outcomes(self):
        """Return the observed variables; one that is in the formula of another is data there, not an outcome."""
        used = set()
        for name in self.observed:
            used |= {v.name for v in ancestors(self.observed[name].owner.inputs) if v in self._boundary}
        return [name for name in self.observed if name not in used]

    def size(self, name):
        """Return the number of entries of a name, 0 where it is not known without a value."""
        shape = (self.free | self.computed | self.potentials)[name].type.shape
        return int(np.prod(shape)) if None not in shape else 0

    def labels(self, name, shape):
        """Return the labels of a name's entries in the order of its array."""
        dims = self.model.named_vars_to_dims.get(name) or (None,) * len(shape)
        axes = [self.model.coords.get(dim) if dim else None for dim in dims]
        axes = [axis if axis is not None else range(n) for axis, n in zip(axes, shape, strict=True)]
        return [
            f"{name}[{', '.join(str(a[i]) for a, i in zip(axes, at, strict=True))}]"
            for at in np.ndindex(shape)
        ]

    def family(self, name):
        """Return the class name of a random variable's distribution, such as NormalRV."""
        return type((self.free | self.observed)[name].owner.op).__name__ if name not in self.computed else ""

    def has_observed(self, name):
        """Say whether a Deterministic joins observed and imputed values of one variable."""
        if name not in self.computed:
            return False
        return any(v in self._boundary and v.name in self.observed for v in ancestors([self.computed[name]]))

    def is_discrete(self, name):
        """Say whether a free variable takes whole numbers only."""
        return name in self.free and self.free[name].dtype.startswith(("int", "uint", "bool"))

    def is_unbounded(self, name):
        """Say whether a free variable may have any value."""
        return name in self.free and self.model.rvs_to_transforms.get(self.free[name]) is None

    def is_cholesky(self, name):
        """Say whether a free variable is a packed Cholesky factor."""
        return self.family(name) == "_LKJCholeskyCovRV"

    def sums_to_zero(self, name):
        """Say whether a free variable's entries sum to zero."""
        return self.family(name) == "ZeroSumNormalRV"

    def _walk(self, expressions):
        expressions = tuple(expressions)
        if expressions not in self._walks:
            found, seen, todo = set(), set(), list(expressions)
            while todo:
                v = todo.pop()
                if v in seen:
                    continue
                seen.add(v)
                if v in self._cut:
                    found.add(self._cut[v])
                elif v in self._boundary:
                    found.add(v.name)
                elif v.owner is not None:
                    if isinstance(v.owner.op, RandomVariable | SymbolicRandomVariable):
                        raise CannotTell("a random draw without a name is part of it")
                    todo.extend(v.owner.inputs)
            self._walks[expressions] = self.in_order(found - set(self.observed) - set(self.data))
        return self._walks[expressions]

    def function(self, expression, names, data=()):
        """Return an expression as a function of a dict: values of names, of observed and of changed data."""
        cut = [(v, name) for v, name in self._cut.items() if name in names]
        cut += [(v, name) for v, name in self._boundary.items() if name in self.observed]
        changed = {self.data[name]: self.data[name].type() for name in data}
        inputs = [v for v, _ in cut] + list(changed.values())
        call = pytensor.function(inputs, expression, givens=changed, mode=PLAIN, on_unused_input="ignore")
        order = [name for _, name in cut] + list(data)
        return lambda values: call(*[values[name] for name in order])

    def observations(self):
        """Return the data of every observed variable."""
        found = {}
        for name, v in self.observed.items():
            value = self.model.rvs_to_values[v]
            found[name] = np.asarray(value.data if hasattr(value, "data") else value.eval(mode=PLAIN))
        return {name: value.astype(self.observed[name].dtype) for name, value in found.items()}

    def points(self):
        """Return a function of a width and a seed that gives all names a value, at any allowed place.

        Width 0 is where PyMC starts, nearer to 0 where asked. The noise is added in the space without bounds, so
        that bounds and orders are kept.
        """
        with pytensor.config.change_flags(cxx="", mode="FAST_COMPILE"):  # a compiler would take seconds
            start = self.model.initial_point(random_seed=0)
        values = [self.model.rvs_to_values[v] for v in self.free.values()]
        named = self.free | self.computed
        outputs = self.model.replace_rvs_by_values(list(named.values()))
        call = pytensor.function(values, outputs, mode=PLAIN, on_unused_input="ignore")
        given = self.observations()

        @lru_cache(8)
        def point(width, seed, near=1):
            random = np.random.default_rng(seed)
            noisy = [
                start[v.name] * near
                + np.asarray((v.dtype[0] == "f") * width * random.normal(size=start[v.name].shape)).astype(
                    v.dtype
                )
                for v in values
            ]
            with np.errstate(all="ignore"):
                return given | dict(zip(named, map(np.asarray, call(*noisy)), strict=True))

        return point


def refuse_whole(model):
    """Raise CannotTell if a model has what no table can speak of."""
    if model.potentials:
        names = ", ".join(v.name for v in model.potentials)
        raise CannotTell(f"a pm.Potential ({names}) changes the posterior beyond the priors and the formula")
    if not all(
        isinstance(v, TensorVariable) for v in [*model.free_RVs, *model.observed_RVs, *model.deterministics]
    ):
        raise CannotTell("the model is written with pymc.dims, which is not supported")
    if not model.observed_RVs:
        raise CannotTell("nothing in the model is observed")
