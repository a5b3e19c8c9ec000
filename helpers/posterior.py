"""Read a stored posterior, or say in a sentence what is wrong with the file."""

from importlib import import_module
from pathlib import Path

import numpy as np
import xarray as xr

from helpers.remedies import DATA, cannot_load, get_back

HDF5_SIGNATURE = b"\x89HDF\r\n\x1a\n"


def load_posterior(name, folder=DATA, drop=()):
    """Read a posterior that ships with the course, without importing PyMC.

    Parameters
    ----------
    name : str
        The name of the model, such as ``"m_13_4"``; the file is ``<folder>/<name>.nc``.
    folder : str or path-like, optional
        Where the file is.
    drop : str or sequence of str, optional
        Variables that are not read, such as ``"p"``, which takes far more memory than the rest.

    Returns
    -------
    xarray.DataTree
        The groups ``posterior``, ``sample_stats`` and ``observed_data``, in memory, with
        named dimensions. ``idata.attrs`` contains the provenance: model, sampler, versions, seed,
        date, diagnostics. Numbers that were stored in single precision come back as doubles.

    Raises
    ------
    FileNotFoundError
        There is no such file.
    ImportError
        A library that reads the file cannot be loaded.
    ValueError
        The file is empty, cut short, damaged, not a posterior, or of a different model, or `drop`
        names a variable that the model does not have.

    Examples
    --------
    >>> idata = load_posterior("m_13_4")
    >>> dict(idata.posterior["a"].sizes)
    {'chain': 4, 'draw': 1000, 'actor': 7}
    >>> "p" in load_posterior("m_13_4", drop="p").posterior
    False
    """
    path = Path(folder) / f"{name}.nc"
    drop = [drop] if isinstance(drop, str) else list(drop)
    try:  # before the file is opened, so that a sound file is not called damaged
        for library in ["h5py", "h5netcdf"]:
            import_module(library)
    except Exception as error:
        raise cannot_load(error) from None
    if not path.is_file():
        known = ", ".join(sorted(file.stem for file in path.parent.glob("*.nc"))) or "none"
        raise FileNotFoundError(f"There is no posterior at {path}. There are: {known}. {get_back(path)}")
    with path.open("rb") as file:
        start = file.read(len(HDF5_SIGNATURE))
    if not start:
        raise _wrong(path, "is empty")
    if start != HDF5_SIGNATURE:
        raise _wrong(path, "is not a netCDF file")
    try:
        with xr.open_datatree(path, engine="h5netcdf", drop_variables=drop) as stored:
            idata = stored.load()
    except Exception as error:  # h5py raises errors of many kinds on damage
        raise _wrong(path, f"is damaged or was cut short ({type(error).__name__})") from None
    if "posterior" not in idata.children:
        raise _wrong(path, f"contains {', '.join(idata.children) or 'no groups'}, not a posterior")
    model = idata.attrs.get("model", "a model that this course did not fit")
    if model != name:
        raise _wrong(path, f"is the posterior of {model}")
    lists = ["free_variables", "deterministics"]
    if any(key not in idata.attrs for key in lists):
        raise _wrong(path, "does not say which variables it should have")
    # netCDF stores a list of one name as that name, and h5netcdf a list of none as an empty array
    idata.attrs |= {key: np.atleast_1d(idata.attrs[key]).tolist() for key in lists}
    variables = [variable for key in lists for variable in idata.attrs[key]]
    unknown = [variable for variable in drop if variable not in variables]
    if unknown:
        raise ValueError(f"{name} has no {', '.join(unknown)} to drop. It has: {', '.join(variables)}.")
    missing = [variable for variable in variables if variable not in [*idata.posterior, *drop]]
    if missing:
        raise _wrong(path, f"lacks {', '.join(missing)}")
    posterior = idata["posterior"].to_dataset()
    doubles = {v: posterior[v].astype("float64") for v in posterior if posterior[v].dtype == "float32"}
    idata["posterior"] = xr.DataTree(posterior.assign(doubles))
    return idata


def _wrong(path, what):
    """Return the error for a file that is not the posterior of its name."""
    return ValueError(f"{path.name} {what}. Expected: the posterior of {path.stem}. {get_back(path)}")
