"""Read the CSV files that CmdStan writes, one per chain, into the groups that ArviZ uses."""

import math
import re

import numpy as np
import pandas as pd
import xarray as xr

NAMES = {  # CmdStan's names of its statistics of each draw, where ArviZ's differ by more than the underscores
    "accept_stat__": "acceptance_rate",
    "divergent__": "diverging",
    "n_leapfrog__": "n_steps",
    "stepsize__": "step_size",
    "treedepth__": "tree_depth",
}
TYPES = {"diverging": bool, "n_steps": int, "tree_depth": int}
OTHER_METHODS = {  # files of CmdStan without draws of a posterior
    "optimize": "is the result of an optimisation, which is one point and has no draws",
    "variational": "contains draws from a variational approximation, not from the posterior",
    "pathfinder": "contains draws from an approximation (Pathfinder), not from the posterior",
    "laplace": "contains draws from an approximation (Laplace), not from the posterior",
    "generate_quantities": "contains quantities generated from the draws of an earlier run, not those draws",
    "diagnose": "is a test of the model's gradients, without draws",
    "fixed_param": "was run with fixed parameters, so it has no draws of them",
}


def is_cmdstan(start):
    """Say whether a text begins as CmdStan's CSV files do.

    Parameters
    ----------
    start : str
        The beginning of the text.

    Returns
    -------
    bool
        Whether it begins with Stan's comments, or has columns that only Stan writes.
    """
    lines = [line for line in start.splitlines() if line.strip()]
    comments = [line for line in lines if line.startswith("#")]
    header = next((line for line in lines if not line.startswith("#")), "")
    stan = lines[:1] == comments[:1] and "stan" in " ".join(comments).lower()
    return stan or any(column.strip().endswith("__") for column in header.split(","))


def read_chains(paths, largest):
    """Read the chains of one run.

    Parameters
    ----------
    paths : list of pathlib.Path
        One file per chain, in the order of the chains.
    largest : float
        How many bytes the draws may take in memory.

    Returns
    -------
    xarray.DataTree
        The groups ``posterior`` and ``sample_stats`` with ArviZ's names; ``warmup_posterior`` and
        ``warmup_sample_stats`` where the warm-up was saved. Columns such as ``theta.1`` or
        ``theta[1]`` become one variable with Stan's indices, which start at 1.

    Raises
    ------
    ValueError
        A file is not the complete output of one chain, or the files are not of one run.
    """
    scans = [_scan(path) for path in paths]
    size = sum(8 * len(scan["columns"]) * scan["rows"] for scan in scans)
    if size > largest:
        raise ValueError(
            f"The draws would take {size / 1e9:.1f} GB in memory. Expected: at most {largest / 1e9:.0f} GB. "
            "Save fewer draws, or leave the generated quantities out."
        )
    first = scans[0]
    for scan, path in zip(scans[1:], paths[1:], strict=True):
        if scan["columns"] != first["columns"]:
            differ = sorted(set(scan["columns"]) ^ set(first["columns"]))[:3] or ["their order"]
            raise ValueError(
                f"{paths[0].name} and {path.name} have different columns ({', '.join(differ)}). "
                "Expected: the chains of one run."
            )
    for what in ["draws", "warmup"]:
        counts = [scan["rows"] - scan["warmup"] if what == "draws" else scan["warmup"] for scan in scans]
        if len(set(counts)) > 1:
            shortest, longest = counts.index(min(counts)), counts.index(max(counts))
            raise ValueError(
                f"{paths[shortest].name} has {counts[shortest]:,} {'draws' if what == 'draws' else 'warm-up draws'} "
                f"and {paths[longest].name} has {counts[longest]:,}. Expected: the same number in each chain. "
                "Leave out the chain that was interrupted, or run it again."
            )
    tables = [_table(path, scan) for path, scan in zip(paths, scans, strict=True)]
    warmup = first["warmup"]
    groups = _groups([table.iloc[warmup:] for table in tables])
    if warmup:
        early = _groups([table.iloc[:warmup] for table in tables])
        groups.update({f"warmup_{name}": group for name, group in early.items()})
    tree = xr.DataTree.from_dict(groups)
    tree.attrs = {"inference_library": "CmdStan", "files": [path.name for path in paths]}
    tree.attrs["cmdstan_chains"] = _whole(first["settings"], "num_chains", len(paths))
    return tree


def _scan(path):
    """Go through a file once, without storing its draws; return its settings, columns and row counts."""
    settings, columns, rows, warmup = {}, None, 0, None
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        for number, line in enumerate(file, 1):
            line = line.strip()
            if line.startswith("#"):
                key, equals, value = line.strip("# ").partition("=")
                if equals and columns is None:
                    settings.setdefault(key.strip(), value.replace("(Default)", "").strip())
                elif "Adaptation terminated" in line:
                    if warmup is not None:
                        raise _several(path)
                    warmup = rows
            elif line and columns is None:
                columns = [column.strip().strip('"') for column in line.split(",")]
            elif line:
                values = line.count(",") + 1
                if values == len(columns) and line.startswith(columns[0] + ","):
                    raise _several(path)
                if values != len(columns):
                    raise ValueError(
                        f"Line {number:,} of {path.name} has {values} of {len(columns)} values: "
                        "the file was cut short or changed. Copy it again, or run the chain again."
                    )
                rows += 1
    _refuse_other_methods(path, settings, columns or [])
    thin = max(_whole(settings, "thin", 1), 1)
    if warmup is None:
        saved = settings.get("save_warmup", "0").lower() in {"1", "true"}
        warmup = math.ceil(_whole(settings, "num_warmup", 0) / thin) if saved else 0
    expected = math.ceil(_whole(settings, "num_samples", 0) / thin) or rows - warmup
    if rows - warmup > expected:
        raise _several(path)
    if rows - warmup < expected or not rows:
        raise ValueError(
            f"{path.name} has {max(rows - warmup, 0):,} draws. Expected: {expected or 'at least one':,}, as its first lines announce. "
            "Is the chain still running, or was it interrupted?"
            if rows and expected
            else f"{path.name} has no draws. Did the chain start? Look at what CmdStan printed."
        )
    return {"settings": settings, "columns": columns, "rows": rows, "warmup": warmup}


def _refuse_other_methods(path, settings, columns):
    """Raise an error that names what CmdStan wrote if it is not a sampler's draws."""
    method = settings.get("method", "").split(" ")[0]
    if settings.get("algorithm") == "fixed_param":
        method = "fixed_param"
    if not method:
        marks = {
            "accept_stat__": "sample",
            "lp_approx__": "pathfinder",
            "log_g__": "variational",
            "log_q__": "laplace",
        }
        method = next((marks[column] for column in columns if column in marks), "")
    if method != "sample":
        what = OTHER_METHODS.get(method, "does not say how it was made")
        raise ValueError(
            f"{path.name} {what}. Expected: the files that CmdStan writes with the method sample."
        )
    repeated = (
        [column for column in columns if columns.count(column) > 1]
        if len(set(columns)) < len(columns)
        else []
    )
    if repeated:
        raise ValueError(
            f"{path.name} has the column {repeated[0]} twice. Expected: a file as CmdStan wrote it."
        )


def _several(path):
    """Return the error for a file that contains several chains."""
    return ValueError(
        f"{path.name} has more draws than its first lines announce: were several chains put into one file? "
        "Expected: one file per chain, in a list or as a pattern."
    )


def _whole(settings, key, default):
    """Return a setting that is a whole number, or the default."""
    return int(settings[key]) if re.fullmatch(r"\d{1,12}", settings.get(key, "")) else default


def _table(path, scan):
    """Return the draws of a chain, one row per draw."""
    try:
        return pd.read_csv(
            path, comment="#", names=scan["columns"], header=0, skipinitialspace=True, dtype=float, index_col=False,
            encoding_errors="replace",
        )  # fmt: skip
    except ValueError as error:
        raise ValueError(
            f"{path.name} has something other than numbers among its draws ({str(error)[:80]}). "
            "Expected: a file as CmdStan wrote it."
        ) from None


def _groups(tables):
    """Return posterior and sample_stats of several chains of equal length."""
    coords = {"chain": np.arange(len(tables)), "draw": np.arange(len(tables[0]))}
    stats = [column for column in tables[0] if column.endswith("__")]
    sample_stats = {}
    for column in stats:
        name = NAMES.get(column, column.removesuffix("__"))
        values = np.stack([table[column].to_numpy() for table in tables])
        sample_stats[name] = (
            ("chain", "draw"),
            values.astype(TYPES.get(name, float)) if np.isfinite(values).all() else values,
        )
    variables, of_entries = {}, {}
    for name, entries in _gathered([column for column in tables[0] if column not in stats]).items():
        columns = [entries[index] for index in sorted(entries)]
        shape = max(entries)
        values = np.stack([table[columns].to_numpy().reshape(-1, *shape) for table in tables])
        dims = [f"{name}_dim_{axis}" for axis in range(len(shape))]
        variables[name] = (("chain", "draw", *dims), values)
        of_entries.update({dim: np.arange(1, length + 1) for dim, length in zip(dims, shape, strict=True)})
    return {
        "posterior": xr.Dataset(variables, {**coords, **of_entries}),
        "sample_stats": xr.Dataset(sample_stats, coords),
    }


def _gathered(columns):
    """Return the columns of each variable by their indices; a column of an incomplete variable is a variable of its own.

    Examples
    --------
    >>> _gathered(["mu", "theta.1", "theta.2", "z[1,1]"])
    {'mu': {(): 'mu'}, 'theta': {(1,): 'theta.1', (2,): 'theta.2'}, 'z': {(1, 1): 'z[1,1]'}}
    >>> _gathered(["theta.2"])
    {'theta.2': {(): 'theta.2'}}
    """
    found = {}
    for column in columns:
        match = re.fullmatch(r"(.+?)(?:\[([\d, ]+)\]|((?:\.\d+)+))", column)
        name, inside = (match[1], match[2] or match[3]) if match else (column, "")
        found.setdefault(name, {})[tuple(int(digits) for digits in re.findall(r"\d+", inside))] = column
    whole = {}
    for name, entries in found.items():
        lengths = {len(index) for index in entries}
        complete = (
            len(lengths) == 1 and min(map(min, entries), default=1) >= 1 if entries.keys() != {()} else True
        )
        shape = tuple(map(max, zip(*entries, strict=True))) if complete else ()
        if complete and len(entries) == math.prod(shape):
            whole[name] = entries
        else:
            whole.update({column: {(): column} for column in entries.values()})
    return whole
