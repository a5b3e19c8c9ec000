"""Open a reader's own posterior: into memory, the file closed at once, and plain words where it cannot be read."""

from pathlib import Path

import xarray as xr

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


def looks_wrong(idata):
    """Return what looks wrong in a posterior, one sentence each; often nothing.

    Parameters
    ----------
    idata : xarray.DataTree
        As `open_own` returns it.

    Returns
    -------
    list of str
    """
    chains, draws = (idata["posterior"].sizes[dim] for dim in ["chain", "draw"])
    sentences = []
    if chains > draws:
        sentences.append(f"{chains} chains of {draws} draws: were the two dimensions swapped?")
    if chains == 1:
        sentences.append("There is one chain only, so r_hat cannot compare chains.")
    if "sample_stats" not in idata.children:
        sentences.append("There is no group sample_stats, so divergences are unknown.")
    elif "diverging" in idata["sample_stats"] and int(idata["sample_stats"]["diverging"].sum()):
        sentences.append(f"There are {int(idata['sample_stats']['diverging'].sum())} divergences.")
    return sentences


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
