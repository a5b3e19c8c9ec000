"""Fit the models of the lessons and store their posteriors in data/ (`make posterior`).

The models are the lessons' own: their tagged cells are run, and what they leave is saved.
With names as arguments, only those are made.
"""

import json
import os
import sys
from datetime import UTC, datetime
from importlib.metadata import version

import arviz as az
import xarray as xr

from making.lesson_cells import ROOT, not_sampling, run_tagged

# name of the posterior: (lesson, the name that its cells give the draws, kept p or not, a note)
POSTERIORS = {
    "m_13_4": (
        "01_fitting_m_13_4.ipynb",
        "idata",
        True,
        "a centred, g non-centred. Seed: the one that the book's PyMC notebooks use, taken before any result was seen.",
    ),
    "m_13_4_thread": (
        "01_fitting_m_13_4.ipynb",
        "idata_thread",
        False,
        "The thread's own cell: centred, and NOT CONVERGED. Kept as a bad example; draw no conclusion from it.",
    ),
    "m_13_2": (
        "06_your_turn.ipynb",
        "idata",
        True,
        "Reed frog tadpoles, centred. Seed: that of the fits of lesson 01.",
    ),
    "sleepstudy": (
        "07_first_tables.ipynb",
        "idata_sleepstudy",
        True,
        "lme4's sleepstudy, deviations of intercept and slope. Seed: that of the fits of lesson 01.",
    ),
    "eight_schools": (
        "07_first_tables.ipynb",
        "idata_schools",
        True,
        "Eight schools, non-centred, the priors of eight_schools.stan. Seed: that of the fits of lesson 01.",
    ),
    "epilepsy": (
        "07_first_tables.ipynb",
        "idata_epilepsy",
        True,
        "brms's epilepsy with the priors of its help, patients centred. Seed: that of the fits of lesson 01.",
    ),
    "wine": (
        "07_first_tables.ipynb",
        "idata_wine",
        True,
        "ordinal's wine, judges centred. Seed: that of the fits of lesson 01.",
    ),
}
SINGLE = ["sleepstudy", "eight_schools", "epilepsy", "wine"]  # stored in single precision throughout
# name of the table: (lesson, the name that its cells give it, a note). Every model behind a table is
# fitted by a function of its lesson; MODELS_OF names the calls.
TABLES = {
    "forms": (
        "01_fitting_m_13_4.ipynb",
        "forms",
        "Three parameterisations of m_13_4, fitted to counts per cell with seeds 1 to 6.",
    ),
    "sigma_a_ladder": (
        "02_hyperparameters_and_intercepts.ipynb",
        "ladder",
        "m_13_4 with sigma_a held: a[actor] + mean of b, log-odds, mean and 89% equal-tailed interval.",
    ),
    "narrowing": (
        "02_hyperparameters_and_intercepts.ipynb",
        "narrowing",
        "m_13_4 on the data as they are, with every pull 50 times, and with every actor 8 times: posterior sds, log-odds.",
    ),
    "scores": (
        "03_rebuilding_p.ipynb",
        "scores_table",
        "In-sample and leave-one-out scores of m_13_4, of its variants and of models with independent intercepts.",
    ),
    "varying_effects": (
        "05_new_actors_and_contrasts.ipynb",
        "varying",
        "m_13_4 against a model in which the treatments' effects vary by actor: rises from R/N to L/N.",
    ),
}
MODELS_OF = {
    "forms": lambda cells: [cells["fit"](*form, seed=1) for form in cells["FORMS"].values()],
    "sigma_a_ladder": lambda cells: [cells["fit"](cells["cells"], sigma_a=held) for held in cells["HELD"]],
    "narrowing": lambda cells: [
        cells["fit"](cells["multiply"](**design)) for design in cells["DESIGNS"].values()
    ],
    "scores": lambda cells: [cells["fit_variant"](**sds) for sds in cells["VARIANTS"].values()],
    "varying_effects": lambda cells: [cells["fit_varying"]()],
}
SAMPLE_STATS = ["diverging", "depth", "n_steps", "step_size", "energy"]
VERSIONS = ["pymc", "pytensor", "nutpie", "arviz", "numpy", "xarray"]


def log_density_near_start(model, **compile_kwargs):
    """Return the model's log-density at a fixed point: a fingerprint of priors, link and data."""
    # away from the initial point itself, where every a is 0 and all symmetric links agree
    point = {name: value + 0.3 for name, value in model.initial_point().items()}
    return float(model.compile_logp(**compile_kwargs)(point))


def fingerprints(name, cells):
    """Return the fingerprints of the models behind a stored table, in the order of their fits.

    Parameters
    ----------
    name : str
        The name of the table.
    cells : dict
        What the lesson's tagged cells define, as `run_tagged` returns it.

    Returns
    -------
    list of float
        The log-density of each model near its start, to four decimals.
    """
    with not_sampling() as calls:
        MODELS_OF[name](cells)
    # compiled without optimisation: each is evaluated once
    return [round(log_density_near_start(model, mode="FAST_COMPILE"), 4) for model, _ in calls]


def provenance(name, model, idata, posterior, seed, note):
    """Return the attributes that tell where a stored posterior comes from."""
    free = [v.name for v in model.free_RVs]
    kept = [v.name for v in model.deterministics if v.name in posterior]
    parameters = [v for v in [*free, *kept] if v != "p"]
    table = az.summary(idata, var_names=parameters, kind="diagnostics", round_to="none")
    return {
        "model": name,
        "free_variables": free,
        "deterministics": kept,
        "note": note,
        "log_density_near_start": log_density_near_start(model),
        "sampler": idata["posterior"].attrs["inference_library"],
        "sampler_settings": idata["sample_stats"].attrs["inference_library_settings"],
        "seed": seed,
        "date": datetime.now(UTC).date().isoformat(),
        "versions": json.dumps({package: version(package) for package in VERSIONS}),
        "diagnostics": json.dumps(
            {
                "divergences": int(idata["sample_stats"]["diverging"].sum()),
                "largest r_hat": round(float(table["r_hat"].max()), 4),
                "smallest bulk ESS": round(float(table["ess_bulk"].min())),
                "smallest tail ESS": round(float(table["ess_tail"].min())),
            }
        ),
    }


def save(name, model, idata, seed, keep_p, note):
    """Write the posterior in one step, so that no half-written file is ever in its place."""
    posterior = idata["posterior"].to_dataset()
    if not keep_p:
        posterior = posterior.drop_vars("p")
    groups = {
        "posterior": posterior,
        "sample_stats": idata["sample_stats"].to_dataset()[SAMPLE_STATS],
        "observed_data": idata["observed_data"].to_dataset(),
    }
    for dataset in groups.values():
        dataset.attrs = {}
    stored = xr.DataTree.from_dict(groups, name=name)
    stored.attrs = provenance(name, model, idata, posterior, seed, note)
    encoding = {
        f"/{group}": {
            # fixed-width names and plain compression: what h5netcdf and netCDF4 both read
            variable: {"zlib": True, "complevel": 6}
            for variable in dataset.variables
            if dataset[variable].dtype.kind in "fiub"
        }
        for group, dataset in groups.items()
    }
    if name in SINGLE:
        for group, dataset in groups.items():
            for variable in dataset.data_vars:
                if dataset[variable].dtype.kind == "f":
                    encoding[f"/{group}"][variable]["dtype"] = "float32"
    if keep_p and "p" in posterior:
        # single precision is 1e-7 of p, and without the shuffle filter equal rows compress as equal
        size = (1, 100, posterior["p"].shape[-1])
        encoding["/posterior"]["p"] = {
            "dtype": "float32",
            "zlib": True,
            "complevel": 6,
            "shuffle": False,
            "chunksizes": size,
        }
    path = ROOT / "data" / f"{name}.nc"
    partial = path.with_suffix(".partial")
    stored.to_netcdf(partial, engine="h5netcdf", encoding=encoding)
    os.replace(partial, path)
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size / 1e6:.2f} MB, {stored.attrs['diagnostics']}")


def save_table(name, table, note, prints):
    """Write a table as CSV, its provenance in lines that start with #."""
    path = ROOT / "data" / f"{name}.csv"
    versions = ", ".join(f"{package} {version(package)}" for package in VERSIONS)
    provenance = [note, f"{datetime.now(UTC).date()}; {versions}", f"log-densities near the start: {prints}"]
    text = "".join(f"# {line}\n" for line in provenance) + table.to_csv(index=False, lineterminator="\n")
    partial = path.with_suffix(".partial")
    partial.write_text(text, encoding="utf-8", newline="\n")
    os.replace(partial, path)
    print(f"{path.relative_to(ROOT)}: {len(table)} rows")


def main(names):
    """Make the named posteriors and tables, or all of them."""
    for name in names or [*POSTERIORS, *TABLES]:
        print(f"{name}: fitting, up to five minutes", flush=True)
        if name in TABLES:
            lesson, variable, note = TABLES[name]
            cells = run_tagged(lesson, name, {"run_live": True})
            save_table(name, cells[variable], note, fingerprints(name, cells))
            continue
        lesson, draws, keep_p, note = POSTERIORS[name]
        cells = run_tagged(lesson, name, {"run_live": True})
        save(name, cells[name], cells[draws], cells["RANDOM_SEED"], keep_p, note)


if __name__ == "__main__":
    main(sys.argv[1:])
