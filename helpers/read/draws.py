"""Check that draws are of a model and healthy, and take numbers from them."""

import numpy as np
import pandas as pd

MASS = 0.89
HEADER = "eti89"  # as az.summary calls the bounds of an 89% equal-tailed interval
TRIED = 20  # draws at which the model's formula is compared with the stored values


def values_at(posterior, names, count=TRIED):
    """Return dicts of the values of names at some draws, evenly spread."""
    stacked = {name: posterior[name].to_numpy() for name in names if name in posterior}
    flat = {name: v.reshape(-1, *v.shape[2:]) for name, v in stacked.items()}
    total = len(next(iter(flat.values())))
    return [
        {n: v[i] for n, v in flat.items()} for i in np.linspace(0, total - 1, min(count, total)).astype(int)
    ]


def check(idata, graph, start, shifted=False):
    """Return the posterior of an idata, or raise what shows that it is not of this model.

    A `shifted` posterior is Bambi's, which leaves out standardised terms and moves the intercept.

    Raises
    ------
    ValueError
        A free variable is missing, or has another shape or other labels, or a stored Deterministic is not what
        the model computes.
    """
    posterior = getattr(idata, "children", {}).get("posterior")
    if posterior is None:
        raise ValueError("idata has no group named posterior. Expected: what pm.sample returned.")
    stored = [name for name in graph.computed if name in posterior]
    spared = set(graph.nearest(*[v for name in stored for v in graph.parents(name)])) if shifted else set()
    missing = [name for name in graph.free if name not in posterior and name not in spared]
    if missing:
        raise ValueError(
            f"idata lacks {', '.join(missing)}, so it is of another model, or was saved in part."
        )
    for name in [name for name in graph.free if name in posterior]:
        v = posterior[name]
        if v.dims[:2] != ("chain", "draw"):
            raise ValueError(
                f"{name} in idata has the dimensions {', '.join(map(str, v.dims))}. Expected: chain, draw."
            )
        if not v.size or v.dtype.kind not in "bifu":
            raise ValueError(f"{name} in idata has no draws of numbers. Expected: what pm.sample returned.")
        transform = graph.model.rvs_to_transforms.get(graph.free[name])
        if getattr(transform, "name", "") == "log" and (v < 0).any():
            raise ValueError(
                f"{name} is below 0 in idata, where this model keeps it above, so one is of another model."
            )
        if v.shape[2:] != start[name].shape:
            raise ValueError(
                f"{name} has the shape {v.shape[2:]} in idata and {start[name].shape} in the model, so one is of another model."
            )
        for dim in graph.model.named_vars_to_dims.get(name, ()):
            labels = graph.model.coords.get(dim)
            if (
                labels is not None
                and dim in v.coords
                and list(map(str, labels)) != list(map(str, v[dim].to_numpy()))
            ):
                raise ValueError(
                    f"{name} has other labels of {dim} in idata than in the model, so one is of another model."
                )
    if shifted:
        return posterior
    bare, draws = graph.uncut(*graph.computed), values_at(posterior, graph.names)
    for name in stored:
        call = bare.function(graph.computed[name], list(graph.free))
        ours, theirs = (
            [np.asarray(call(start | values)) for values in draws],
            [values[name] for values in draws],
        )
        if ours[0].shape != theirs[0].shape or not np.allclose(ours, theirs, rtol=1e-3, atol=1e-4):
            raise ValueError(
                f"{name} in idata is not what this model computes, so one is of another model or data."
            )
    return posterior


def health(idata, names):
    """Return what is wrong with some draws by the rule of lesson 01, one sentence each; nothing if they can be read."""
    from helpers.health import health as rule

    return rule(idata, [name for name in names if name in idata["posterior"]])


def numbers(posterior, name):
    """Return a frame with mean, sd and interval of each entry of a name, labelled as a reader would write them."""
    v = posterior[name]
    array = v.to_numpy().reshape(-1, *v.shape[2:])
    low, high = np.quantile(array, [(1 - MASS) / 2, (1 + MASS) / 2], axis=0)
    labels = [
        f"{name}[{', '.join(str(v[d].to_numpy()[i]) if d in v.coords else str(i) for d, i in zip(v.dims[2:], at, strict=True))}]"
        if at
        else name
        for at in np.ndindex(array.shape[1:])
    ]
    columns = {"mean": array.mean(0), "sd": array.std(0, ddof=1), f"{HEADER}_lb": low, f"{HEADER}_ub": high}
    return pd.DataFrame({key: np.ravel(value) for key, value in columns.items()}, index=labels)
