"""Open a reader's own posterior: it is read into memory, its file is closed, and errors say what to do."""

import gzip
import json
import math
import os
import re
import warnings
from difflib import get_close_matches
from glob import glob, has_magic
from importlib.util import find_spec
from pathlib import Path

import h5py
import numpy as np
import xarray as xr

from helpers import cmdstan
from helpers.health import health, looks_wrong, summary

__all__ = ["health", "looks_wrong", "open_own", "summary"]

LARGEST = 4e9  # bytes that the arrays of a file may take in memory
SAVE = 'Expected: a netCDF file, as idata.to_netcdf("mine.nc") writes it'
KINDS = {  # how a file begins, what it then is and what helps
    b"\x80": (
        "a pickle, which can run code when it is opened",
        "open it only where you trust it, and save its idata",
    ),
    b"PK": ("a zip archive", "unpack it first"),
    b"\x93NUMPY": ("a NumPy array without names", "save the idata that it came from"),
    b"RDX": (
        "a file in R's own format",
        "give the CSV files of CmdStan, which fit$save_output_files() saves in cmdstanr",
    ),
    b"PAR1": ("a Parquet table", "save the idata that it came from"),
    b"SQLite": ("a database", "save the idata that it came from"),
    b"<": ("a web page", "download the file itself"),
    b"version https://git-lfs": ("a pointer of Git LFS in place of the file", "run git lfs pull"),
}
KINDS |= {b"X\n": KINDS[b"RDX"], b"A\n": KINDS[b"RDX"], b"\x1f\x8b": ("a gzip archive", "unpack it first")}
BY_NAME = {
    ".rds": b"RDX",
    ".rda": b"RDX",
    ".rdata": b"RDX",
    ".pkl": b"\x80",
    ".pickle": b"\x80",
    ".joblib": b"\x80",
}


def open_own(path):
    """Read a reader's own posterior into memory, and close its file.

    Parameters
    ----------
    path : str, path-like or list of them
        A netCDF file or a zarr folder of ArviZ (old or new, with all groups or with the posterior
        alone), or CmdStan's CSV files, one per chain, as a list or as a pattern such as
        ``"fit-*.csv"``.

    Returns
    -------
    xarray.DataTree
        All groups, in memory; one is ``posterior``, with the dimensions ``chain`` and ``draw``. The
        file is closed, so you can save a new fit under its name.

    Raises
    ------
    FileNotFoundError
        There is nothing at `path`.
    ValueError
        What is there is not a posterior, or is too large; the message says what was found and
        what to do.
    """
    paths = _existing(path)
    kinds = [_kind(path) for path in paths]
    if set(kinds) == {"CmdStan"}:
        if (size := sum(path.stat().st_size for path in paths)) > LARGEST:
            raise ValueError(f"The files take {size / 1e9:.1f} GB. Expected: at most {LARGEST / 1e9:.0f} GB.")
        return cmdstan.read_chains(paths, LARGEST)
    if len(paths) > 1:
        other = paths[next(at for at, kind in enumerate(kinds) if kind != "CmdStan")]
        raise ValueError(
            f"{len(paths)} files were given, and {other.name} is not CmdStan's CSV. "
            "Expected: one netCDF file, or the CSV files of one run of CmdStan."
        )
    return _checked(_read(paths[0], kinds[0]), paths[0].name)


def _read(path, kind):
    """Return all groups of a netCDF file or zarr folder, after adding up their sizes."""
    try:
        declared = {"netCDF": _sizes_hdf5, "zarr": _sizes_zarr}.get(kind, lambda _: {})(path)
        _refuse_large(path, declared)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about formats that a later version may read differently
            if kind == "classic netCDF":
                with xr.open_dataset(path, engine="scipy", decode_timedelta=False) as stored:
                    _refuse_large(path, {name: stored[name].nbytes for name in stored.variables})
                    return xr.DataTree(stored.load())
            how = {"engine": "zarr", "consolidated": False} if kind == "zarr" else {"engine": "h5netcdf"}
            # the unit of seconds does not make a draw a duration, which would be left out of all checks
            with xr.open_datatree(path, **how, decode_timedelta=False) as stored:
                _refuse_large(path, {group.path: group.to_dataset().nbytes for group in stored.subtree})
                return stored.load()
    except _Refused as refused:
        raise ValueError(str(refused)) from None
    except Exception as error:  # h5py and zarr raise errors of many kinds for damage
        reason = next(iter(str(error).strip().splitlines()), "no reason given")
        if isinstance(error, OSError) and "unable to lock file" in reason:
            raise ValueError(
                f"{path.name} is being written by a different program. Wait, or close it there, and read it again."
            ) from None
        raise ValueError(
            f"{path.name} could not be read: it is damaged, cut short or of a kind that this environment does not read "
            f"({type(error).__name__}: {reason[:120]}). Save it again, for example with idata.to_netcdf."
        ) from None


class _Refused(Exception):
    """Why a file is not read, in one sentence."""


def _refuse_large(path, sizes):
    """Raise if arrays of these sizes in bytes, by name, would not fit into memory."""
    if (total := sum(sizes.values())) > LARGEST:
        most = max(sizes, key=sizes.get)
        raise _Refused(
            f"{path.name} would take {total / 1e9:.1f} GB in memory, most of it for {most}. "
            f"Expected: at most {LARGEST / 1e9:.0f} GB. "
            "Save fewer variables, for example without those that have one entry per row."
        )


def _sizes_hdf5(path):
    """Return the bytes that each array of a netCDF file declares; raise if one contains objects."""
    sizes = {}

    def add(name, item):
        if not isinstance(item, h5py.Dataset):
            return
        if item.dtype.kind == "O" and h5py.check_string_dtype(item.dtype) is None:
            raise _objects(path, name)
        if not bytes(item.attrs.get("NAME", b"")).startswith(b"This is a netCDF dimension but not"):
            sizes[name] = math.prod(item.shape or ()) * item.dtype.itemsize

    with h5py.File(path, "r") as file:
        file.visititems(add)
    return sizes


def _sizes_zarr(path):
    """Return the bytes that each array of a zarr folder declares; raise if one contains objects or lacks chunks."""
    if find_spec("zarr") is None:
        raise _Refused(
            f"{path.name} is a zarr folder, and the library zarr is not installed. "
            'Install it, or save the posterior with idata.to_netcdf("mine.nc").'
        )
    sizes = {}
    for folder, _, files in os.walk(path):
        name = Path(folder).relative_to(path).as_posix()
        for file in {".zarray", "zarr.json"} & set(files):
            declared = json.loads((Path(folder) / file).read_text(encoding="utf-8"))
            codecs = {str(codec).rpartition(".")[2] for codec in _codecs(declared)}
            kind = declared.get("dtype", declared.get("data_type", ""))
            if "pickle" in codecs or (kind == "|O" and "vlen-utf8" not in codecs):
                raise _objects(path, name)
            if "shape" in declared:
                sizes[name] = math.prod(declared["shape"]) * _itemsize(kind)
    _refuse_large(path, sizes)
    _refuse_lost_chunks(path)
    return sizes


def _codecs(declared):
    """Return the names of all codecs in the declaration of a zarr array."""
    if isinstance(declared, dict):
        own = [declared[key] for key in ["id", "name"] if key in declared]
        return own + [name for value in declared.values() for name in _codecs(value)]
    return [name for value in declared for name in _codecs(value)] if isinstance(declared, list) else []


def _itemsize(kind):
    """Return the bytes of one value of a zarr data type."""
    if isinstance(kind, dict):
        return int(kind.get("configuration", {}).get("length_bytes", 8))
    try:
        return np.dtype(kind if isinstance(kind, str) else [tuple(field) for field in kind]).itemsize or 8
    except TypeError:
        return 8


def _refuse_lost_chunks(path):
    """Raise if an array of the posterior lacks chunks, which zarr would fill in silently."""
    import zarr

    root = zarr.open_group(path, mode="r", use_consolidated=False)
    group = root["posterior"] if "posterior" in root else root
    for name, array in group.arrays():
        if array.dtype.kind == "f" and array.nchunks_initialized < array.nchunks:
            raise _Refused(
                f"{path.name} lacks {array.nchunks - array.nchunks_initialized} of the {array.nchunks} pieces of {name}. "
                "Copy the whole folder again, or save the posterior again."
            )


def _objects(path, name):
    """Return the refusal of an array of Python objects."""
    return _Refused(
        f"{path.name} has objects in {name} that are neither numbers nor text; they can run code when they are opened. "
        'Save the posterior without them, with idata.to_netcdf("mine.nc").'
    )


def _checked(idata, name):
    """Return the tree with a group named posterior, or raise an error that names what it has instead."""
    if "posterior" not in idata.children and {"chain", "draw"} & set(idata.dims):
        idata = xr.DataTree.from_dict({"posterior": idata.to_dataset()})  # a posterior saved alone
    if "posterior" not in idata.children:
        if "sample" in idata.dims:
            raise _stacked(name)
        found = ", ".join(map(str, [*idata.children, *idata.data_vars])) or "nothing"
        raise ValueError(
            f"{name} does not contain a posterior, but {found}. Expected: a group named posterior."
        )
    posterior = idata["posterior"]
    if "sample" in posterior.dims:
        raise _stacked(name)
    if not any(v.size for v in posterior.data_vars.values()):
        raise ValueError(f"The posterior in {name} is empty. Expected: draws of at least one variable.")
    if "draw" in posterior.dims and "chain" not in posterior.dims:
        raise ValueError(
            f"The posterior in {name} has no dimension chain. Expected: chain and draw. "
            'If it is one chain, save it with posterior.expand_dims("chain").'
        )
    if {"chain", "draw"} - set(posterior.dims):
        raise ValueError(
            f"The posterior in {name} has the dimensions {', '.join(map(str, posterior.dims)) or 'none'}. "
            "Expected: chain and draw. A mean or another summary has no draws; save the posterior itself."
        )
    return idata


def _stacked(name):
    """Return the error for draws of all chains in one dimension."""
    return ValueError(
        f"The draws in {name} were stacked into one dimension, sample. Expected: chain and draw. "
        "Save the posterior as it was before, without az.extract or stack."
    )


def _existing(path):
    """Return the paths of what may be a posterior, or raise an error that names what was given instead."""
    if isinstance(path, (list, tuple)):
        if not path:
            raise ValueError("The list of files is empty. Expected: the path of each chain's CSV file.")
        paths = [found for one in path for found in _existing(one)]
        twice = [
            found.name
            for at, found in enumerate(paths)
            if found.resolve() in [p.resolve() for p in paths[:at]]
        ]
        if twice:
            raise ValueError(f"{twice[0]} is in the list twice. Expected: one file per chain.")
        return paths
    if not isinstance(path, (str, os.PathLike)) or isinstance(os.fspath(path), bytes):
        raise ValueError(f"This is of type {type(path).__name__}. Expected: the path of a file, in quotes.")
    text = os.fspath(path)
    if not text.strip():
        raise ValueError('The path is empty. Expected: the path of a file, for example "mine.nc".')
    if not text.isprintable():
        _refuse_unprintable(text)
    if text[0] in "\"'" and text[-1] == text[0]:
        raise ValueError(f"The path has quotes inside the quotes. Expected: r{text}")
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]+:/", text):
        raise ValueError(f"{text} is a web address. Expected: a file on this computer; download it first.")
    try:
        path = Path(text).expanduser()
        if not path.exists():
            if has_magic(text) and (found := sorted(glob(str(path)), key=_by_number)):
                return [Path(file) for file in found]
            raise FileNotFoundError(_nothing_at(text, path))
        if path.is_dir():
            _refuse_folder(path)
        elif not path.is_file():
            raise ValueError(f"{path.name} is neither a file nor a folder. Expected: a file.")
        elif not os.access(path, os.R_OK):
            raise PermissionError
    except PermissionError:
        raise ValueError(
            f"You are not permitted to read {path}. Ask its owner, or copy it to a folder of your own."
        ) from None
    except (OSError, RuntimeError) as error:
        if isinstance(error, FileNotFoundError):
            raise
        raise ValueError(
            f"{text[:60]} is not a path that this computer accepts ({getattr(error, 'strerror', None) or error})."
        ) from None
    return [path]


def _by_number(name):
    """Return a key that sorts chain 2 before chain 10."""
    return [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", name)]


def _refuse_unprintable(text):
    """Raise for a path with invisible characters, such as those that a lone backslash makes in Python."""
    escaped = {"\a": r"\a", "\b": r"\b", "\f": r"\f", "\n": r"\n", "\r": r"\r", "\t": r"\t", "\v": r"\v"}
    meant = "".join(escaped.get(character, character) for character in text)
    if meant.isprintable():
        raise ValueError(
            f'Python reads a backslash and a letter as one character, here {text!r}. Put an r before it: r"{meant}".'
        )
    raise ValueError(
        f"The path contains an invisible character: {text!r}. "
        r'Type it again; on Windows put an r before it, as in r"C:\data\mine.nc".'
    )


def _nothing_at(text, path):
    """Return what to say if nothing is at a path: what is near it."""
    path = Path(os.path.abspath(path))
    if path.is_symlink():
        return f"{path} is a link to {os.readlink(path)}, where there is nothing. Give the path of the file itself."
    if os.name != "nt" and ("\\" in text or re.match(r"[A-Za-z]:", text)):
        return f"Nothing is at {text}. That is a Windows path; on this computer folders are separated by /."
    parent, pattern = path.parent, has_magic(path.name)
    if not parent.is_dir():
        while not parent.exists():
            missing, parent = parent, parent.parent
        return (
            f"Nothing is at {path}, because {parent} has no folder {missing.name}. Check the folder's name."
        )
    names = sorted(entry.name for entry in parent.iterdir())
    lower = {name.lower(): name for name in names}
    close = get_close_matches(path.name.lower(), lower, 1, 0.8) or [
        n for n in lower if Path(n).stem == path.name.lower()
    ]
    if close and not pattern:
        return f'Nothing is at {path}. In that folder there is {lower[close[0]]}; did you mean "{lower[close[0]]}"?'
    likely = [name for name in names if Path(name).suffix.lower() in {".nc", ".zarr", ".csv"}]
    there = (
        f"In that folder there are: {', '.join(likely[:8])}." if likely else "Check the folder's name too."
    )
    return f"{'No file matches' if pattern else 'Nothing is at'} {path}. {there}"


def _refuse_folder(path):
    """Raise if a folder was not written by zarr."""
    if any((path / name).exists() for name in ["zarr.json", ".zgroup", ".zmetadata"]):
        return
    inside = sorted(entry.name for entry in path.iterdir())
    chains = [name for name in inside if name.lower().endswith(".csv")]
    files = [name for name in inside if name.lower().endswith((".nc", ".zarr"))]
    if files:
        help_ = f"In it there are: {', '.join(files[:8])}. Give the path of one of them."
    elif chains:
        help_ = f'If its CSV files are the chains of one run of CmdStan, give "{path / "*.csv"}".'
    else:
        help_ = "Expected: a netCDF file, a zarr folder, or CmdStan's CSV files."
    raise ValueError(f"{path.name or path} is a folder. {help_}")


def _kind(path):
    """Return netCDF, classic netCDF, zarr or CmdStan, or raise an error that names what a file is instead."""
    if path.is_dir():
        return "zarr"
    with path.open("rb") as file:
        start = file.read(65536)
    if start.startswith(b"\x89HDF\r\n\x1a\n"):
        return "netCDF"
    if start.startswith(b"CDF"):
        return "classic netCDF"
    if not start:
        raise ValueError(
            f"{path.name} is empty. {SAVE}. Was the fit saved completely, or did the download stop early?"
        )
    known = next((kind for sign, kind in KINDS.items() if start.startswith(sign)), None)
    if start.startswith(b"\x1f\x8b") and _unpacked(path).startswith((b"RDX", b"X\n", b"A\n")):
        known = KINDS[b"RDX"]
    if known is None and path.suffix.lower() in BY_NAME:
        known = KINDS[BY_NAME[path.suffix.lower()]]
    if known is None:
        text = start.decode("utf-8-sig", errors="replace")
        if b"\0" not in start and cmdstan.is_cmdstan(text):
            return "CmdStan"
        known = _kind_of_text(text) if b"\0" not in start else ("of an unknown kind", "save the idata again")
    what, remedy = known
    raise ValueError(f"{path.name} is {what}. {SAVE}; {remedy}.")


def _unpacked(path):
    """Return how the contents of a gzip archive begin, as far as they can be read."""
    try:
        with gzip.open(path) as file:
            return file.read(8)
    except (OSError, EOFError):
        return b""


def _kind_of_text(text):
    """Return what a text that is not CmdStan's is, and what to do about it."""
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")] or [""]
    if lines[0].lstrip().startswith(("{", "[")):
        return "JSON", "older versions of ArviZ read it with az.from_json"
    columns = [column.strip().strip('"') for column in re.split("[,;\t]", lines[0])]
    lower = {column.lower() for column in columns}
    if len(columns) > 1 and "mean" in lower | {column.split(" ")[0] for column in lower}:
        return "a summary, which has no draws", "save the idata that the table was made from"
    if {".chain", ".draw"} & lower:
        return (
            "a table of draws, as R's package posterior writes it",
            "give the CSV files of CmdStan, which fit$save_output_files() saves in cmdstanr",
        )
    if len(columns) > 1:
        shown = ", ".join(column or "(no name)" for column in columns[:4])
        return (
            f"a table with the columns {shown}, not draws",
            "save the idata that it was made from, not the data",
        )
    return "text", "save the idata of your fit"
