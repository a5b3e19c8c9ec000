"""Open a reader's own posterior: into memory, the file closed at once, and plain words where it cannot be read."""

from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

R_HAT_CEILING, ESS_FLOOR = 1.01, 400  # lesson 01
MOST_ENTRIES, MOST_NAMES = 200, 6  # of one variable that are checked; in one sentence
LARGEST = 4e9  # bytes that the arrays of a file may take in memory
KINDS = {  # how a file begins, and what it then is
    b"\x89HDF\r\n\x1a\n": "netCDF",
    b"CDF": "netCDF",
    b"\x80": "a pickle, which can run code when it is opened",
    b"PK": "a zip archive",
}


def open_own(path):
    """Read a posterior that ArviZ or xarray saved, and close the file.

    Parameters
    ----------
    path : str or path-like
        A netCDF file, or a zarr folder: a whole InferenceData or DataTree, or a posterior that
        was saved alone.

    Returns
    -------
    xarray.DataTree
        All groups, in memory; ``posterior`` is among them and has the dimensions ``chain`` and
        ``draw``. The file is closed, so it may be written anew.

    Raises
    ------
    FileNotFoundError
        There is nothing at `path`.
    ValueError
        What is there is no posterior; the message says what was found and what to do.
    """
    path = _existing(path)
    try:
        with xr.open_datatree(path, engine="zarr" if path.is_dir() else "h5netcdf") as stored:
            size = sum(group.to_dataset().nbytes for group in stored.subtree)
            if size > LARGEST:
                raise ValueError(
                    f"{path.name} would take {size / 1e9:.1f} GB in memory. Expected: at most {LARGEST / 1e9:.0f} GB. "
                    "Save fewer variables, for example without those that have one entry per row."
                )
            idata = stored.load()
    except ValueError as error:
        if "would take" in str(error):
            raise
        raise _unreadable(path, error) from None
    except Exception as error:  # h5py and zarr answer damage with errors of many kinds
        raise _unreadable(path, error) from None
    if "posterior" not in idata.children and {"chain", "draw"} <= set(idata.dims):
        idata = xr.DataTree.from_dict({"posterior": idata.to_dataset()})  # a posterior saved alone
    if "posterior" not in idata.children:
        found = ", ".join([*idata.children, *idata.data_vars]) or "nothing"
        raise ValueError(f"{path.name} holds no posterior, but {found}. Expected: a group named posterior.")
    missing = {"chain", "draw"} - set(idata["posterior"].dims)
    if missing:
        raise ValueError(
            f"The posterior in {path.name} has the dimensions {', '.join(map(str, idata['posterior'].dims)) or 'none'}. "
            "Expected: chain and draw. If the draws were stacked, save the posterior as it was before."
        )
    return idata


def looks_wrong(idata, var_names=None):
    """Return what looks wrong in the shape of a posterior, one sentence each; often nothing.

    Parameters
    ----------
    idata : xarray.DataTree
        As `open_own` returns it.
    var_names : list of str, optional
        The variables to look at; all of them where none are named.

    Returns
    -------
    list of str
    """
    posterior = _numbers(idata, var_names)
    chains, draws = posterior.sizes["chain"], posterior.sizes["draw"]
    sentences = []
    if chains > draws:
        sentences.append(f"{chains} chains of {draws} draws: were the two dimensions swapped?")
    if chains == 1:
        sentences.append("There is one chain only, so r_hat cannot compare chains.")
    if chains * draws < ESS_FLOOR:
        sentences.append(
            f"There are only {chains * draws} draws in all. Expected: several thousand, in four chains."
        )
    if "sample_stats" not in idata.children:
        sentences.append("There is no group sample_stats, so divergences are unknown.")
    elif "diverging" not in idata["sample_stats"]:
        sentences.append("The group sample_stats has no variable diverging, so divergences are unknown.")
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
        if posterior[v].size and (posterior[v] == posterior[v].isel(chain=0, draw=0)).all()
    ]
    if constant and chains * draws > 1:
        sentences.append(
            f"The same value in every draw: {', '.join(map(str, constant))}. Expected: draws that differ."
        )
    return sentences


def health(idata, var_names=None):
    """Return why a posterior is not healthy enough to read, one sentence each; nothing if it is.

    The rule is that of lesson 01: an r_hat of at most 1.01, a bulk and a tail ESS of at least 400
    and no divergences. What `looks_wrong` finds comes first.

    Parameters
    ----------
    idata : xarray.DataTree
        As `open_own` or ``pm.sample`` returns it.
    var_names : list of str, optional
        The variables to check; all of them where none are named. Of a variable with more than
        200 entries, 200 evenly spaced ones are checked.

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


def _numbers(idata, var_names):
    """Return the posterior's variables that have draws of numbers, as floating-point numbers."""
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
    return posterior[chosen].astype(float).transpose("chain", "draw", ...)


def _diagnostics(posterior):
    """Return r_hat and ESS, one row per entry that moves, named as ArviZ's tables name it."""
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
    with np.errstate(divide="ignore", invalid="ignore"):  # a chain that never moves has an infinite r_hat
        table = {
            "r_hat": arviz_stats.rhat(stacked),
            "ess_bulk": arviz_stats.ess(stacked, method="bulk"),
            "ess_tail": arviz_stats.ess(stacked, method="tail"),
        }
    return pd.DataFrame({column: values.to_numpy() for column, values in table.items()}, index=list(entries))


def _listed(values, spec):
    """Return the first of some named values in a line, and how many more there are."""
    shown = [f"{name} ({value:{spec}})" for name, value in values.head(MOST_NAMES).items()]
    more = len(values) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")


def _existing(path):
    """Return the path of something that may be a posterior, or raise what it is instead."""
    if not isinstance(path, (str, Path)):
        raise ValueError(f"This is of type {type(path).__name__}. Expected: the path of a file, in quotes.")
    if any(not character.isprintable() for character in str(path)):
        raise ValueError(
            r'The path holds a tab, a line break or the like. On Windows put an r before it: r"C:\data\mine.nc".'
        )
    path = Path(path).expanduser()
    if not path.exists():
        near = sorted(file.name for file in path.parent.glob("*.nc")) if path.parent.is_dir() else []
        there = f"In that folder there are: {', '.join(near)}." if near else "Look at the folder's name, too."
        raise FileNotFoundError(f"There is nothing at {path}. {there}")
    if path.is_dir():
        if not any((path / name).exists() for name in ["zarr.json", ".zgroup", ".zmetadata"]):
            raise ValueError(f"{path.name} is a folder. Expected: a netCDF file, or a zarr folder.")
        return path
    with path.open("rb") as file:
        start = file.read(512)
    kind = next((kind for sign, kind in KINDS.items() if start.startswith(sign)), None)
    if kind == "netCDF":
        return path
    if not start:
        kind = "empty"
    elif kind is None:
        kind = "text, perhaps a table without draws" if b"\0" not in start else "of a kind unknown here"
    raise ValueError(
        f'{path.name} is {kind}. Expected: a netCDF file, as idata.to_netcdf("mine.nc") writes it.'
    )


def _unreadable(path, error):
    """Return the error for a file that claims to be netCDF or zarr and cannot be read."""
    reason = next(iter(str(error).strip().splitlines()), "no reason given")
    return ValueError(
        f"{path.name} could not be read: it is damaged, cut short or of a kind that this environment does not read "
        f"({type(error).__name__}: {reason[:120]}). Save it again, for example with idata.to_netcdf."
    )
