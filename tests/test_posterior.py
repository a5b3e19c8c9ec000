"""The stored posteriors: healthy, complete, the lesson's own, and refused when damaged."""

import json
import os
import shutil
import subprocess
import sys
from unittest.mock import MagicMock

import arviz as az
import numpy as np
import pytest
import xarray as xr

from helpers import load_chimpanzees, load_posterior, remedies
from helpers.data import DATA
from making import posteriors as make_posterior
from making.lesson_cells import run_tagged

PARAMETERS = ["a_bar", "sigma_a", "sigma_g", "z", "a", "g", "b"]


@pytest.fixture(scope="module")
def idata():
    return load_posterior("m_13_4")


def test_healthy(idata):
    table = az.summary(idata, var_names=PARAMETERS, kind="diagnostics", round_to="none")
    assert int(idata["sample_stats"]["diverging"].sum()) == 0
    assert table["r_hat"].max() < 1.01
    assert table[["ess_bulk", "ess_tail"]].min().min() > 400


def test_names_and_sizes(idata):
    posterior = idata["posterior"].to_dataset()
    assert posterior.sizes["chain"] == 4 and posterior.sizes["draw"] >= 1000
    assert posterior["a"].coords["actor"].values.tolist() == [f"actor {k}" for k in range(1, 8)]
    assert posterior["g"].coords["block"].values.tolist() == [f"block {k}" for k in range(1, 7)]
    assert posterior["b"].coords["treatment"].values.tolist() == ["R/N", "L/N", "R/P", "L/P"]
    assert posterior["p"].dims == ("chain", "draw", "pull") and posterior.sizes["pull"] == 504
    observed = idata["observed_data"].to_dataset()["pulled_left"].values
    assert (observed == load_chimpanzees()["pulled_left"]).all()


def test_provenance(idata):
    attrs = idata.attrs
    assert set(attrs["free_variables"]) == {"a_bar", "sigma_a", "sigma_g", "a", "z", "b"}
    assert set(attrs["deterministics"]) == {"g", "p"}
    assert attrs["seed"] == 8927 and attrs["sampler"] == "nutpie" and attrs["date"]
    assert set(json.loads(attrs["versions"])) >= {"pymc", "nutpie", "numpy", "arviz"}
    assert json.loads(attrs["diagnostics"])["divergences"] == 0


def test_every_p_follows_from_the_free_variables_of_the_lesson(idata):
    """Were the file stale, or short of a free variable, PyMC would compute another p."""
    import pymc as pm

    cells = run_tagged_without_sampling("m_13_4")
    free = idata["posterior"].to_dataset()[idata.attrs["free_variables"]].isel(draw=slice(None, None, 50))
    with cells["m_13_4"]:
        again = pm.compute_deterministics(free, progressbar=False)
    stored = idata["posterior"].to_dataset().isel(draw=slice(None, None, 50))
    # p is stored in single precision: 24 bits, half a step is 2 ** -25 of values below 1
    assert abs(again["p"].values - stored["p"].values).max() <= 2**-25
    assert np.allclose(again["g"].values, stored["g"].values, rtol=1e-12, atol=0)


def run_tagged_without_sampling(name):
    """Run the lesson's cells with `pm.sample` replaced, so that only the model is built."""
    import pymc as pm

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            pm, "sample", lambda *args, **kwargs: MagicMock()
        )  # whatever the cell does with its draws
        return run_tagged(make_posterior.POSTERIORS[name][0], name, {"run_live": True})


@pytest.mark.parametrize("name", list(make_posterior.POSTERIORS))
def test_the_file_was_made_by_the_lesson_s_model(name):
    """A prior, the link or the data changed since: then the log-density at a fixed point differs."""
    model = run_tagged_without_sampling(name)[name]
    stored = load_posterior(name).attrs["log_density_near_start"]
    assert make_posterior.log_density_near_start(model) == pytest.approx(stored, rel=1e-9)


def test_the_model_is_as_described():
    model = run_tagged_without_sampling("m_13_4")["m_13_4"]
    free = {v.name: int(np.prod(v.shape.eval())) for v in model.free_RVs}
    assert free == {"a_bar": 1, "sigma_a": 1, "sigma_g": 1, "a": 7, "z": 6, "b": 4}


def test_the_thread_is_sick_and_says_so():
    thread = load_posterior("m_13_4_thread")
    assert "p" not in thread["posterior"]
    assert "NOT CONVERGED" in thread.attrs["note"]
    diagnostics = json.loads(thread.attrs["diagnostics"])
    assert diagnostics["divergences"] > 100 and diagnostics["largest r_hat"] > 1.1
    assert (DATA / "m_13_4_thread.nc").stat().st_size < 1e6


def test_reads_without_pymc():
    code = "import sys; from helpers import load_posterior; load_posterior('m_13_4'); print('pymc' in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "False"


def damaged(tmp_path, change):
    path = tmp_path / "m_13_4.nc"
    shutil.copy(DATA / "m_13_4.nc", path)
    change(path)
    return tmp_path


def truncate(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def scramble(path):
    data = bytearray(path.read_bytes())
    data[1000:60000] = bytes(59000)
    path.write_bytes(bytes(data))


def foreign(path):
    path.unlink()
    xr.DataTree.from_dict({"posterior": xr.Dataset({"x": ("draw", [1.0])})}).to_netcdf(
        path, engine="h5netcdf"
    )


def other_group(path):
    path.unlink()
    xr.DataTree.from_dict({"prior": xr.Dataset({"x": ("draw", [1.0])})}).to_netcdf(path, engine="h5netcdf")


def without_free_variable(path):
    tree = load_posterior("m_13_4", path.parent)
    tree["posterior"] = xr.DataTree(tree["posterior"].to_dataset().drop_vars("z"))
    path.unlink()
    tree.to_netcdf(path, engine="h5netcdf")


def without_lists(path):
    tree = load_posterior("m_13_4", path.parent)
    del tree.attrs["free_variables"]
    path.unlink()
    tree.to_netcdf(path, engine="h5netcdf")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda path: path.write_bytes(b""), "m_13_4.nc is empty"),
        (lambda path: path.write_text("not found"), "is not a netCDF file"),
        (truncate, "damaged or was cut short"),
        (scramble, "damaged or was cut short"),
        (foreign, "a model that this course did not fit"),
        (other_group, "contains prior, not a posterior"),
        (lambda path: shutil.copy(DATA / "m_13_4_thread.nc", path), "is the posterior of m_13_4_thread"),
        (without_free_variable, "lacks z"),
        (without_lists, "does not say which variables it should have"),
    ],
    ids=[
        "empty",
        "text",
        "truncated",
        "scrambled",
        "foreign",
        "no posterior",
        "another model",
        "without z",
        "without lists",
    ],
)
def test_a_bad_file_is_refused_in_a_sentence(tmp_path, change, reason):
    folder = damaged(tmp_path, change)
    with pytest.raises(ValueError) as error:
        load_posterior("m_13_4", folder)
    assert reason in str(error.value)
    assert ". Expected: the posterior of m_13_4. This file did not come with" in str(error.value)


def test_dropped_variables_are_left_out_and_the_rest_is_the_same(idata):
    for drop in ["p", ["p"], ("p", "a_bar")]:
        rest = load_posterior("m_13_4", drop=drop)
        whole = idata["posterior"].to_dataset().drop_vars(drop)
        assert set(rest["posterior"].data_vars) == set(whole.data_vars)
        assert all(rest["posterior"][v].identical(whole[v]) for v in whole.data_vars)
        for group in ["sample_stats", "observed_data"]:
            assert rest[group].to_dataset().identical(idata[group].to_dataset())
        assert rest.attrs == idata.attrs


def test_the_rest_is_still_checked_when_variables_are_dropped(tmp_path):
    folder = damaged(tmp_path, without_free_variable)
    with pytest.raises(ValueError, match=r"^m_13_4\.nc lacks z\. Expected: "):
        load_posterior("m_13_4", folder, drop="p")
    assert "z" not in load_posterior("m_13_4", folder, drop="z")["posterior"], "nobody asked for it"


@pytest.mark.parametrize("drop", ["q", ["p", "q"]])
def test_a_name_that_cannot_be_dropped_is_refused(drop):
    reason = r"^m_13_4 has no q to drop\. It has: a_bar, sigma_a, sigma_g, a, z, b, g, p\.$"
    with pytest.raises(ValueError, match=reason):
        load_posterior("m_13_4", drop=drop)


def test_the_remedy_of_a_shipped_posterior(tmp_path, monkeypatch):
    shutil.copytree(DATA, tmp_path / "data")
    truncate(tmp_path / "data" / "m_13_4.nc")
    monkeypatch.setattr(remedies, "DATA", tmp_path / "data")
    monkeypatch.setattr(remedies, "ROOT", tmp_path)
    monkeypatch.delenv("JUPYTERHUB_USER", raising=False)
    with pytest.raises(ValueError, match=r"copy data/m_13_4\.nc from a fresh copy of the course\.$"):
        load_posterior("m_13_4", tmp_path / "data")


@pytest.mark.parametrize("library", ["h5py", "h5netcdf"])
def test_a_library_that_cannot_load_is_not_called_damage(tmp_path, library):
    (tmp_path / f"{library}.py").write_text("raise OSError('libhdf5.so: cannot open shared object file')")
    code = "from helpers import load_posterior; load_posterior('m_13_4')"
    environ = {**os.environ, "PYTHONPATH": str(tmp_path)}
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environ)
    last = answer.stderr.strip().splitlines()[-1]
    assert last.startswith(
        f"ImportError: The library {library} cannot be loaded (OSError: libhdf5.so: cannot"
    )
    assert "Remedy: Python reads " in last and "damaged" not in last


def test_a_missing_file_is_named_with_those_there_are():
    with pytest.raises(FileNotFoundError, match=r"There are: .*m_13_4, m_13_4_thread") as error:
        load_posterior("m_13_5")
    assert "git restore" not in str(error.value), "nobody has such a file"


@pytest.mark.parametrize("name", ["m_13_4", "eight_schools"])
def test_lesson_08_writes_out_the_model_that_was_fitted(name):
    """Its readers must see the formula, so the lesson has a second copy of two models."""
    model = run_tagged("08_your_own.ipynb", f"{name}_again")[name]
    stored = load_posterior(name).attrs["log_density_near_start"]
    assert make_posterior.log_density_near_start(model) == pytest.approx(stored, rel=1e-9)
