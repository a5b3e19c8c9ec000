"""Read a stored posterior, and say plainly what is wrong with a file that holds none."""

from pathlib import Path

import xarray as xr

from helpers.data import DATA

HDF5_SIGNATURE = b"\x89HDF\r\n\x1a\n"


def load_posterior(name, folder=DATA):
    """Read a posterior that ships with the series, without importing PyMC.

    Parameters
    ----------
    name : str
        The name of the model, such as ``"m_13_4"``; the file is ``<folder>/<name>.nc``.
    folder : str or path-like, optional
        Where the file is.

    Returns
    -------
    xarray.DataTree
        The groups ``posterior``, ``sample_stats`` and ``observed_data``, in memory, with
        named dimensions. ``idata.attrs`` holds the provenance: model, sampler, versions, seed,
        date, diagnostics. Numbers that were stored in single precision come back as doubles.

    Raises
    ------
    FileNotFoundError
        There is no such file.
    ValueError
        The file is empty, cut short, damaged, no posterior, or of another model.

    Examples
    --------
    >>> idata = load_posterior("m_13_4")
    >>> dict(idata.posterior["a"].sizes)
    {'chain': 4, 'draw': 1000, 'actor': 7}
    """
    path = Path(folder) / f"{name}.nc"
    remedy = f"To get the shipped file back: git restore data/{path.name}"
    if not path.is_file():
        known = ", ".join(sorted(file.stem for file in path.parent.glob("*.nc"))) or "none"
        raise FileNotFoundError(f"There is no posterior at {path}. There are: {known}. {remedy}")
    with path.open("rb") as file:
        start = file.read(len(HDF5_SIGNATURE))
    if not start:
        raise ValueError(f"{path.name} is empty. Wanted: the posterior of {name}. {remedy}")
    if start != HDF5_SIGNATURE:
        raise ValueError(f"{path.name} is not a netCDF file. Wanted: the posterior of {name}. {remedy}")
    try:
        with xr.open_datatree(path, engine="h5netcdf") as stored:
            idata = stored.load()
    except Exception as error:  # h5py answers damage with errors of many kinds
        raise ValueError(
            f"{path.name} is damaged or was cut short ({type(error).__name__}). "
            f"Wanted: the posterior of {name}. {remedy}"
        ) from None
    if "posterior" not in idata.children:
        found = ", ".join(idata.children) or "no groups"
        raise ValueError(f"{path.name} holds no posterior, but {found}. {remedy}")
    model = idata.attrs.get("model", "a model that this series did not fit")
    if model != name:
        raise ValueError(f"{path.name} is the posterior of {model}. Wanted: {name}. {remedy}")
    variables = [*idata.attrs["free_variables"], *idata.attrs["deterministics"]]
    missing = [variable for variable in variables if variable not in idata.posterior]
    if missing:
        raise ValueError(f"{path.name} has lost {', '.join(missing)} of {name}. {remedy}")
    posterior = idata["posterior"].to_dataset()
    doubles = {v: posterior[v].astype("float64") for v in posterior if posterior[v].dtype == "float32"}
    idata["posterior"] = xr.DataTree(posterior.assign(doubles))
    return idata
