"""Check whether a posterior is healthy enough to read, with the rule of lesson 01, and show its table."""

import numpy as np
import pandas as pd
import xarray as xr

R_HAT_CEILING, ESS_FLOOR = 1.01, 400  # lesson 01
MOST_ENTRIES = 200  # of one variable that are checked
MOST_NAMES = 6  # in one sentence


def looks_wrong(idata, var_names=None):
    """Return what looks wrong in the shape of a posterior, one sentence for each thing; often nothing.

    Parameters
    ----------
    idata : xarray.DataTree
        As `open_own` returns it.
    var_names : list of str, optional
        The variables to check; all of them if none are named.

    Returns
    -------
    list of str
    """
    posterior = _numbers(idata, var_names)
    sizes = idata["posterior"].sizes
    chains, draws = sizes["chain"], sizes["draw"]
    run = idata.attrs.get("cmdstan_chains", chains)
    sentences = []
    if chains < run:
        sentences.append(
            f"CmdStan ran {run} chains, and {chains} of them {'is' if chains == 1 else 'are'} here."
        )
    if chains > draws:
        sentences.append(f"{chains} chains of {draws} draws: were the two dimensions swapped?")
    if chains == 1:
        sentences.append("There is only one chain, so r_hat cannot compare chains.")
    if chains * draws < ESS_FLOOR:
        sentences.append(
            f"There are only {chains * draws} draws in all. Expected: several thousand, in four chains."
        )
    if "sample_stats" not in idata.children:
        sentences.append("There is no group sample_stats, so divergences are unknown.")
    elif "diverging" not in idata["sample_stats"]:
        sentences.append("The group sample_stats has no variable diverging, so divergences are unknown.")
    else:
        other = idata["sample_stats"].sizes
        if any(other.get(dim, sizes[dim]) != sizes[dim] for dim in ["chain", "draw"]):
            sentences.append("The posterior and sample_stats differ in chains or draws. Are they of one fit?")
    unchecked = [str(v) for v in var_names or idata["posterior"].data_vars if v not in posterior]
    if unchecked:
        sentences.append(f"Not checked, because there are no draws of numbers: {', '.join(unchecked)}.")
    alike = {}  # chains by what is in them
    for chain in range(chains):
        content = b"".join(posterior[v].isel(chain=chain).to_numpy().tobytes() for v in posterior)
        alike.setdefault(hash(content), []).append(chain + 1)
    same = [numbers for numbers in alike.values() if len(numbers) > 1]
    if same and len(posterior):
        sentences.append(
            f"Chains {same[0][0]} and {same[0][1]} have the same draws. Was one file read twice, or one seed used twice?"
        )
    infinite = [v for v in posterior if not np.isfinite(posterior[v]).all()]
    if infinite:
        sentences.append(f"Some draws are not finite numbers: {', '.join(map(str, infinite))}.")
    constant = [
        v
        for v in posterior
        if posterior[v].size > 1 and (posterior[v] == posterior[v].isel(chain=0, draw=0)).all()
    ]
    if constant:
        sentences.append(
            f"The same value in every draw: {', '.join(map(str, constant))}. Expected: draws that differ."
        )
    return sentences


def health(idata, var_names=None):
    """Return why a posterior is not healthy enough to read, one sentence for each reason; nothing if it is.

    The rule is that of lesson 01: an r_hat of at most 1.01, a bulk and a tail ESS of at least 400
    and no divergences. What `looks_wrong` finds comes first.

    Parameters
    ----------
    idata : xarray.DataTree
        As `open_own` or ``pm.sample`` returns it.
    var_names : list of str, optional
        The variables to check; all of them if none are named. If a variable has more than 200
        entries, 200 evenly spaced ones are checked.

    Returns
    -------
    list of str

    Examples
    --------
    >>> from helpers import load_posterior
    >>> health(load_posterior("m_13_4"), var_names=["a_bar", "a"])
    []
    >>> thread = health(load_posterior("m_13_4_thread"), var_names=["a_bar", "sigma_a"])
    >>> print(thread[1])
    r_hat is above 1.01 for sigma_a (1.22), a_bar (1.15). The chains do not agree, so the draws cannot be trusted.
    """
    sentences = looks_wrong(idata, var_names)
    if "sample_stats" in idata.children and "diverging" in idata["sample_stats"]:
        count = int(idata["sample_stats"]["diverging"].sum())
        if count:
            sentences.append(
                f"There {'is 1 divergence' if count == 1 else f'are {count} divergences'}. Expected: none, "
                "because the draws may miss a region of the posterior."
            )
    table = _diagnostics(_numbers(idata, var_names))
    r_hat = table["r_hat"][table["r_hat"] > R_HAT_CEILING].sort_values(ascending=False)
    if len(r_hat):
        sentences.append(
            f"r_hat is above {R_HAT_CEILING} for {_listed(r_hat, '.2f')}. The chains do not agree, so the draws cannot be trusted."
        )
    for kind, of in [("bulk", "means"), ("tail", "interval ends")]:
        ess = table[f"ess_{kind}"][table[f"ess_{kind}"] < ESS_FLOOR].sort_values()
        if len(ess):
            sentences.append(
                f"The {kind} ESS is below {ESS_FLOOR} for {_listed(ess, '.0f')}. There are too few independent draws for {of}."
            )
    return sentences


def summary(idata, var_names=None):
    """Return ArviZ's table of a posterior with the course's 89% equal-tailed intervals.

    Parameters
    ----------
    idata : xarray.DataTree
        As `open_own` returns it.
    var_names : list of str, optional
        The variables to show; all of them if none are named. Those that are not numbers are left out.

    Returns
    -------
    pandas.DataFrame
        One row per entry.
    """
    import arviz_stats

    with np.errstate(divide="ignore", invalid="ignore"):  # of a variable that never changes
        return arviz_stats.summary(_numbers(idata, var_names), ci_kind="eti", ci_prob=0.89)


def _numbers(idata, var_names):
    """Return the posterior's variables that have draws of numbers, as floating-point numbers."""
    if "posterior" not in idata.children:
        raise ValueError(
            f"The groups are {', '.join(idata.children) or 'none'}. Expected: one named posterior."
        )
    if missing := {"chain", "draw"} - set(idata["posterior"].dims):
        raise ValueError(
            f"The posterior has no dimension {' and no '.join(sorted(missing))}. Expected: chain and draw."
        )
    posterior = idata["posterior"].to_dataset()
    missing = [v for v in var_names or [] if v not in posterior]
    if missing:
        raise ValueError(
            f"The posterior has no {', '.join(missing)}. It has: {', '.join(map(str, posterior))}."
        )
    chosen = [
        v
        for v in (posterior.data_vars if var_names is None else var_names)
        if {"chain", "draw"} <= set(posterior[v].dims) and posterior[v].dtype.kind in "bifu"
    ]
    if not chosen:
        raise ValueError(f"There are no draws of numbers in {', '.join(map(str, var_names or posterior))}.")
    return posterior[chosen].astype(float).transpose("chain", "draw", ..., missing_dims="ignore")


def _diagnostics(posterior):
    """Return r_hat and ESS, one row per entry that varies, named as in ArviZ's tables."""
    import arviz_stats
    from arviz_base import xarray_var_iter
    from arviz_base.labels import BaseLabeller

    entries = {}
    for name in posterior:
        of_name = list(xarray_var_iter(posterior[[name]], skip_dims={"chain", "draw"}))
        for at in np.unique(np.linspace(0, len(of_name) - 1, min(len(of_name), MOST_ENTRIES)).astype(int)):
            _, sel, isel, draws = of_name[at]
            if np.isfinite(draws).all() and np.ptp(draws) > 0 and draws.shape[1] >= 4:
                entries[BaseLabeller().make_label_flat(name, sel, isel)] = draws
    if not entries:
        return pd.DataFrame(columns=["r_hat", "ess_bulk", "ess_tail"])
    stacked = xr.DataArray(np.stack(list(entries.values()), axis=-1), dims=["chain", "draw", "entry"])
    with np.errstate(divide="ignore", invalid="ignore"):  # a chain that never changes has an infinite r_hat
        table = {
            "r_hat": arviz_stats.rhat(stacked),
            "ess_bulk": arviz_stats.ess(stacked, method="bulk"),
            "ess_tail": arviz_stats.ess(stacked, method="tail"),
        }
    return pd.DataFrame({column: values.to_numpy() for column, values in table.items()}, index=list(entries))


def _listed(values, spec):
    """Return the first few of named values in a line, and how many more there are."""
    shown = [
        f"{name} ({f'{value:{spec}}' if value < 1000 else 'over 1,000'})"
        for name, value in values.head(MOST_NAMES).items()
    ]
    more = len(values) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")
