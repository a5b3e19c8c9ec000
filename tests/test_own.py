"""A reader's own file: read and closed, or refused in one sentence, and nothing lost."""

import gzip
import json
import os
import pickle
import shutil
import subprocess
import sys
from importlib.util import find_spec

import h5py
import notebook_checks as check
import numpy as np
import pytest
import xarray as xr

from helpers.own import health, looks_wrong, open_own, summary

SHIPPED = check.ROOT / "data" / "m_13_2.nc"
needs_zarr = pytest.mark.skipif(find_spec("zarr") is None, reason="zarr is not installed")


def posterior(chains=4, draws=500):
    rng = np.random.default_rng(1)
    theta = rng.normal(size=(chains, draws, 3))
    return xr.Dataset(
        {
            "a": (("chain", "draw"), rng.normal(size=(chains, draws))),
            "theta": (("chain", "draw", "school"), theta),
        },
        {"chain": range(chains), "draw": range(draws), "school": ["A", "B", "C"]},
    )


def stats(chains=4, draws=500, divergences=0):
    diverging = np.arange(chains * draws).reshape(chains, draws) < divergences
    return xr.Dataset({"diverging": (("chain", "draw"), diverging)})


def saved(path, dataset, **groups):
    tree = xr.DataTree.from_dict({"posterior": dataset, **groups})
    if path.suffix == ".zarr":
        tree.to_zarr(path)
    else:
        tree.to_netcdf(path, engine="h5netcdf")
    return path


def refused(path, error=ValueError):
    """Return the sentence with which a path is refused; nothing of it stays open."""
    with pytest.raises(error) as caught:
        open_own(path)
    message = str(caught.value)
    assert "\n" not in message and message.endswith((".", "?", '"', "*")) and len(message) < 450, message
    assert type(caught.value) is error and caught.value.__cause__ is None
    return message


# --- what is read


def test_a_whole_file_is_read():
    idata = open_own(SHIPPED)
    assert {"posterior", "sample_stats", "observed_data"} <= set(idata.children)
    assert looks_wrong(idata) == []


def test_a_posterior_saved_alone_is_read(tmp_path):
    posterior().to_netcdf(tmp_path / "alone.nc", engine="h5netcdf")
    idata = open_own(str(tmp_path / "alone.nc"))
    assert idata["posterior"]["a"].shape == (4, 500)
    assert looks_wrong(idata) == ["There is no group sample_stats, so divergences are unknown."]


def test_a_file_of_the_older_arviz_is_read(tmp_path):
    """Its groups were written one after the other into one file; booleans as numbers."""
    path = tmp_path / "old.nc"
    posterior().assign_attrs(arviz_version="0.17.1").to_netcdf(path, group="posterior", engine="h5netcdf")
    old = stats(divergences=2)
    old["diverging"] = old["diverging"].astype("int8").assign_attrs(dtype="bool")
    old.to_netcdf(path, group="sample_stats", mode="a", engine="h5netcdf")
    idata = open_own(path)
    assert idata["posterior"].equals(xr.DataTree(posterior()))
    assert int(idata["sample_stats"]["diverging"].sum()) == 2


def test_a_classic_netcdf_and_a_different_ending_are_read(tmp_path):
    posterior().drop_vars("school").to_netcdf(tmp_path / "mine.dat", engine="scipy")
    assert np.array_equal(open_own(tmp_path / "mine.dat")["posterior"]["theta"], posterior()["theta"])


@needs_zarr
@pytest.mark.parametrize("version", [2, 3])
def test_a_zarr_folder_is_read(tmp_path, version):
    path = tmp_path / "mine.zarr"
    xr.DataTree.from_dict({"posterior": posterior(), "sample_stats": stats()}).to_zarr(
        path, zarr_format=version
    )
    idata = open_own(path)
    shutil.rmtree(path)
    assert idata["posterior"].to_dataset().equals(posterior())
    assert looks_wrong(idata) == []


@pytest.mark.parametrize("suffix", ["nc", pytest.param("zarr", marks=needs_zarr)])
def test_a_refit_saved_by_another_process_survives(tmp_path, suffix):
    """The file is closed: a new fit under its name is whole, and what was read stays as it was."""
    path = saved(tmp_path / f"mine.{suffix}", posterior())
    mine = open_own(path)
    before = mine["posterior"]["a"].to_numpy().copy()
    if os.path.isdir("/proc/self/fd"):
        open_files = [os.path.realpath(f"/proc/self/fd/{fd}") for fd in os.listdir("/proc/self/fd")]
        assert not any(file.startswith(str(path)) for file in open_files)
    refit = f"""
import xarray as xr
from tests.test_own import posterior
tree = xr.DataTree.from_dict({{"posterior": posterior() + 1}})
tree.to_netcdf({str(path)!r}, engine="h5netcdf") if {suffix == "nc"} else tree.to_zarr({str(path)!r}, mode="w")
"""
    env = os.environ | {"PYTHONPATH": f"{check.ROOT}{os.pathsep}{check.ROOT / 'tests'}"}
    subprocess.run([sys.executable, "-c", refit], check=True, env=env)
    assert (mine["posterior"]["a"].to_numpy() == before).all()
    assert np.allclose(open_own(path)["posterior"]["a"], before + 1)


def test_a_refused_file_is_closed_too(tmp_path):
    path = saved(tmp_path / "mine.nc", posterior().stack(sample=["chain", "draw"]).reset_index("sample"))
    refused(path)
    saved(path, posterior())
    assert open_own(path)["posterior"].sizes["draw"] == 500


# --- CmdStan

HEADER = """# stan_version_major = 2
# model = schools_model
# method = {method} (Default)
#   sample
#     num_samples = {num_samples}
#     num_warmup = 4 (Default)
#     save_warmup = {save_warmup}
#     thin = {thin}
#     num_chains = {num_chains}
#     algorithm = hmc (Default)
lp__,accept_stat__,stepsize__,treedepth__,n_leapfrog__,divergent__,energy__,mu,theta.1,theta.2,z.1.1,z.2.1,z.1.2,z.2.2,z.1.3,z.2.3
"""
ADAPTED = (
    "# Adaptation terminated\n# Step size = 0.7\n# Diagonal elements of inverse mass matrix:\n# 1.0, 0.9\n"
)
ELAPSED = "# \n#  Elapsed Time: 0.02 seconds (Warm-up)\n#                0.03 seconds (Total)\n# \n"


def cmdstan_rows(chain, draws=6, warmup=0):
    """Return the values of one chain, in CmdStan's order of columns (the first index runs fastest)."""
    rng = np.random.default_rng(chain)
    of_draws = rng.normal(size=(warmup + draws, 10)).round(6)
    sampler = np.column_stack([np.full(len(of_draws), value) for value in [-7.5, 0.9, 0.7, 2, 3, 0, 8.25]])
    return np.column_stack([sampler, of_draws[:, :9]])


def cmdstan(
    path, chain=1, draws=6, warmup=0, save_warmup=0, thin=1, num_chains=1, method="sample", adapted=True
):
    rows = [",".join(map(str, row)) + "\n" for row in cmdstan_rows(chain, draws, warmup)]
    head = HEADER.format(
        method=method, num_samples=6 * thin, save_warmup=save_warmup, thin=thin, num_chains=num_chains
    )
    text = head + "".join(rows[:warmup]) + (ADAPTED if adapted else "") + "".join(rows[warmup:]) + ELAPSED
    path.write_text(text)
    return path


def test_chains_of_cmdstan_are_read_in_their_order(tmp_path):
    paths = [cmdstan(tmp_path / f"fit-{chain}.csv", chain) for chain in [1, 2, 10]]
    by_list, by_pattern = open_own([str(path) for path in paths]), open_own(str(tmp_path / "fit-*.csv"))
    for idata in [by_list, by_pattern]:
        draws = idata["posterior"]
        assert dict(draws.sizes) == {
            "chain": 3, "draw": 6, "theta_dim_0": 2, "z_dim_0": 2, "z_dim_1": 3,
        }  # fmt: skip
        for at, chain in enumerate([1, 2, 10]):
            rows = cmdstan_rows(chain)
            assert np.array_equal(draws["mu"][at], rows[:, 7])
            assert np.array_equal(draws["theta"].sel(theta_dim_0=2)[at], rows[:, 9])
            assert np.array_equal(draws["z"].sel(z_dim_0=1, z_dim_1=3)[at], rows[:, 14])
        assert set(idata["sample_stats"]) == {
            "lp", "acceptance_rate", "step_size", "tree_depth", "n_steps", "diverging", "energy",
        }  # fmt: skip
        assert (
            idata["sample_stats"]["diverging"].dtype == bool and idata["sample_stats"]["n_steps"].dtype == int
        )
        assert list(summary(idata).index[:3]) == ["mu", "theta[1]", "theta[2]"]


def test_brackets_in_the_names_of_columns_are_read(tmp_path):
    path = cmdstan(tmp_path / "fit.csv")
    text = path.read_text()
    path.write_text(text.replace("theta.1,theta.2", '"theta[1]","theta[2]"'))
    assert np.array_equal(open_own(path)["posterior"]["theta"][0, :, 1], cmdstan_rows(1)[:, 9])


@pytest.mark.parametrize("adapted", [True, False])
def test_a_saved_warm_up_is_no_part_of_the_posterior(tmp_path, adapted):
    idata = open_own(cmdstan(tmp_path / "fit.csv", warmup=4, save_warmup=1, adapted=adapted))
    rows = cmdstan_rows(1, warmup=4)
    assert np.array_equal(idata["posterior"]["mu"][0], rows[4:, 7])
    assert np.array_equal(idata["warmup_posterior"]["mu"][0], rows[:4, 7])
    assert idata["warmup_sample_stats"].sizes["draw"] == 4


def test_a_thinned_chain_is_complete(tmp_path):
    idata = open_own(cmdstan(tmp_path / "fit.csv", thin=5))
    assert idata["posterior"].sizes["draw"] == 6


def test_chains_that_were_not_given_are_said(tmp_path):
    idata = open_own(cmdstan(tmp_path / "fit_1.csv", num_chains=4))
    assert looks_wrong(idata)[0] == "CmdStan ran 4 chains, and 1 of them is here."


def test_one_file_read_twice_is_said(tmp_path):
    for name in ["fit-1.csv", "fit-2.csv"]:
        cmdstan(tmp_path / name, 1)
    idata = open_own(tmp_path / "fit-*.csv")
    assert any("Chains 1 and 2 have the same draws" in sentence for sentence in looks_wrong(idata))
    assert "in the list twice" in refused([tmp_path / "fit-1.csv", tmp_path / "fit-1.csv"])


@pytest.mark.parametrize(
    ("method", "said"),
    [
        ("optimize", "an optimisation, which is one point"),
        ("variational", "variational approximation"),
        ("pathfinder", "Pathfinder"),
        ("laplace", "Laplace"),
        ("generate_quantities", "generated from the draws of an earlier run"),
        ("diagnose", "without draws"),
        ("new_method", "does not say how it was made"),
    ],
)
def test_other_output_of_cmdstan_is_told_apart(tmp_path, method, said):
    assert said in refused(cmdstan(tmp_path / "fit.csv", method=method))


def test_generated_quantities_have_no_sampler_columns(tmp_path):
    (tmp_path / "gq.csv").write_text(
        "# stan_version_major = 2\n# method = generate_quantities\ny_rep.1,y_rep.2\n0,1\n1,1\n"
    )
    assert "generated from the draws of an earlier run" in refused(tmp_path / "gq.csv")


def test_chains_that_do_not_belong_together_are_refused(tmp_path):
    one, two = cmdstan(tmp_path / "fit-1.csv", 1), cmdstan(tmp_path / "fit-2.csv", 2)
    text = two.read_text()
    two.write_text(text.replace(",mu,", ",nu,"))
    assert "different columns (mu, nu)" in refused([one, two])
    two.write_text("".join(line for line in text.splitlines(True)[:-6] if not line.startswith("#")))
    assert "fit-2.csv has 4 draws and fit-1.csv has 6" in refused([one, two])
    assert "m_13_2.nc is not CmdStan's CSV" in refused([one, SHIPPED])


def test_a_chain_that_was_interrupted_or_changed_is_refused(tmp_path):
    path = cmdstan(tmp_path / "fit.csv")
    text = path.read_text()
    rows = text[: text.index("# \n#  Elapsed")]
    path.write_text(rows[:-40])
    assert "has 12 of 16 values: the file was cut short" in refused(path)
    path.write_text("".join(rows.splitlines(True)[:-2]))
    assert "has 4 draws. Expected: 6" in refused(path)
    path.write_text(text[: text.index("# Adaptation")])
    assert "has no draws" in refused(path)
    path.write_text(text.replace("-7.5,", "minus,", 1))
    assert "something other than numbers" in refused(path)
    path.write_text(text + text)
    assert "several chains put into one file" in refused(path)
    path.write_text(text.replace("theta.2", "theta.1"))
    assert "the column theta.1 twice" in refused(path)


def test_an_index_in_a_name_asks_for_no_memory(tmp_path):
    path = cmdstan(tmp_path / "fit.csv")
    path.write_text(path.read_text().replace("theta.2", "theta.99999999999"))
    assert {"theta.1", "theta.99999999999"} <= set(open_own(path)["posterior"])


# --- what is refused


def damaged(tmp_path, name):
    """Return the path of a file that cannot be read, of the named kind."""
    path = tmp_path / f"{name}.nc"
    whole = SHIPPED.read_bytes()
    contents = {
        "empty": b"",
        "cut short": whole[: len(whole) // 2],
        "scrambled": whole[:8] + bytes(1000),
        "a summary": b",mean,sd,hdi_3%,hdi_97%\na,0.1,0.2,0.0,0.3\n",
        "a table": b"school,y,sigma\nA,28,15\n",
        "a pickle": pickle.dumps({"a": 1}),
        "JSON": json.dumps({"posterior": {}}).encode(),
        "draws of R": b".chain,.iteration,.draw,mu\n1,1,1,0.2\n",
        "R's file": gzip.compress(b"RDX3\nX\n"),
        "R's file unpacked": b"X\n\0\0\0\3",
        "a gzip archive": gzip.compress(b"text"),
        "a zip archive": b"PK\x03\x04rest",
        "an array": b"\x93NUMPY\x01\x00",
        "a web page": b"<!DOCTYPE html>",
        "a pointer": b"version https://git-lfs.github.com/spec/v1\n",
        "a text": b"theta was large",
        "unknown": b"\1\2\0\3",
    }
    if name in contents:
        path.write_bytes(contents[name])
    elif name == "no posterior":
        xr.DataTree.from_dict({"prior": posterior()}).to_netcdf(path, engine="h5netcdf")
    elif name == "stacked":
        saved(path, posterior().stack(sample=["chain", "draw"]).reset_index("sample"))
    elif name == "stacked alone":
        posterior().stack(sample=["chain", "draw"]).reset_index("sample").to_netcdf(path, engine="h5netcdf")
    elif name == "means":
        saved(path, posterior().mean(["chain", "draw"]))
    elif name == "no variables":
        saved(path, xr.Dataset(coords={"chain": [0, 1], "draw": [0, 1]}))
    elif name == "an empty folder":
        path.mkdir()
    elif name == "a folder of files":
        path.mkdir()
        shutil.copy(SHIPPED, path / "fit.nc")
    elif name == "a folder of chains":
        path.mkdir()
        cmdstan(path / "fit-1.csv")
    return path


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("empty", "is empty"),
        ("cut short", "damaged, cut short"),
        ("scrambled", "damaged, cut short"),
        ("a summary", "is a summary, which has no draws"),
        ("a table", "is a table with the columns school, y, sigma, not draws"),
        ("a pickle", "can run code"),
        ("JSON", "is JSON"),
        ("draws of R", "R's package posterior"),
        ("R's file", "R's own format"),
        ("R's file unpacked", "R's own format"),
        ("a gzip archive", "is a gzip archive"),
        ("a zip archive", "is a zip archive"),
        ("an array", "a NumPy array"),
        ("a web page", "is a web page"),
        ("a pointer", "pointer of Git LFS"),
        ("a text", "is text"),
        ("unknown", "of an unknown kind"),
        ("no posterior", "does not contain a posterior, but prior"),
        ("stacked", "stacked into one dimension, sample"),
        ("stacked alone", "stacked into one dimension, sample"),
        ("means", "has the dimensions school"),
        ("no variables", "is empty. Expected: draws"),
        ("an empty folder", "is a folder. Expected: a netCDF file"),
        ("a folder of files", "In it there are: fit.nc"),
        ("a folder of chains", '*.csv"'),
    ],
)
def test_what_cannot_be_read_is_one_sentence(tmp_path, name, said):
    assert said in refused(damaged(tmp_path, name))


def test_one_chain_without_its_dimension_is_no_summary(tmp_path):
    one = posterior(1).squeeze("chain")
    for dataset in [one, one.drop_vars("chain")]:
        dataset.to_netcdf(tmp_path / "one.nc", engine="h5netcdf")
        assert 'save it with posterior.expand_dims("chain")' in refused(tmp_path / "one.nc")


@pytest.mark.parametrize("suffix", [".nc", pytest.param(".zarr", marks=needs_zarr)])
def test_draws_in_seconds_remain_numbers(tmp_path, suffix):
    timed = posterior()
    timed["a"].attrs["units"] = "seconds"
    path = saved(tmp_path / f"timed{suffix}", timed, sample_stats=stats())
    assert open_own(path).posterior["a"].dtype == float


def test_a_variable_without_entries_does_not_empty_a_posterior(tmp_path):
    dataset = posterior().assign(none=(("chain", "draw", "nothing"), np.ones((4, 500, 0))))
    path = saved(tmp_path / "none.nc", dataset, sample_stats=stats())
    assert health(open_own(path)) == []
    assert "is empty" in refused(saved(tmp_path / "no_draws.nc", posterior(4, 0)))


def test_a_home_that_is_nobodys_is_one_sentence():
    assert "is not a path that this computer accepts" in refused("~nobody_has_this_name/mine.nc")


def test_a_mark_of_the_byte_order_before_a_chain_is_passed_over(tmp_path):
    path = cmdstan(tmp_path / "marked.csv")
    whole = open_own(path).posterior
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    xr.testing.assert_equal(open_own(path).posterior.to_dataset(), whole.to_dataset())


def test_the_ending_names_what_the_content_does_not(tmp_path):
    (tmp_path / "fit.pkl").write_bytes(pickle.dumps({"a": 1}, protocol=0))
    assert "can run code" in refused(tmp_path / "fit.pkl")


def test_a_missing_file_names_what_is_near(tmp_path):
    shutil.copy(SHIPPED, tmp_path / "Fit.nc")
    for near in ["fit.nc", "Fit", "Fitt.nc"]:
        assert 'did you mean "Fit.nc"' in refused(tmp_path / near, FileNotFoundError)
    assert "In that folder there are: Fit.nc" in refused(tmp_path / "other.nc", FileNotFoundError)
    assert "No file matches" in refused(tmp_path / "out-*.csv", FileNotFoundError)
    assert "has no folder deep" in refused(tmp_path / "deep" / "er" / "Fit.nc", FileNotFoundError)
    (tmp_path / "link.nc").symlink_to(tmp_path / "gone.nc")
    assert "is a link to" in refused(tmp_path / "link.nc", FileNotFoundError)
    (tmp_path / "good.nc").symlink_to(SHIPPED)
    assert open_own(tmp_path / "good.nc")["posterior"].sizes["chain"] == 4


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (3, "of type int"),
        (None, "of type NoneType"),
        (b"mine.nc", "of type bytes"),
        (xr.DataTree(), "of type DataTree"),
        ([], "list of files is empty"),
        ("", "path is empty"),
        ("C:\new\table.nc", r'Put an r before it: r"C:\new\table.nc"'),
        ("\u202aC:/data/mine.nc", "invisible character"),
        ('"mine.nc"', "quotes inside the quotes"),
        ("https://example.org/mine.nc", "is a web address"),
        ("s3://bucket/mine.zarr", "is a web address"),
        ("file:///home/me/mine.nc", "is a web address"),
        ("x" * 5000 + ".nc", "is not a path that this computer accepts"),
    ],
)
def test_what_is_not_a_path(path, said):
    assert said in refused(path)


@pytest.mark.skipif(os.name == "nt", reason="there it is a path")
@pytest.mark.parametrize("path", [r"C:\data\mine.nc", "C:/data/mine.nc", r"data\mine.nc"])
def test_a_path_of_windows_is_named(path):
    assert "a Windows path" in refused(path, FileNotFoundError)


def test_a_file_that_may_not_be_read_is_said(tmp_path, monkeypatch):
    path = saved(tmp_path / "mine.nc", posterior())
    monkeypatch.setattr("helpers.own.os.access", lambda *_: False)
    assert "You are not permitted to read" in refused(path)


@pytest.mark.skipif(not os.path.exists("/dev/zero"), reason="no such device")
def test_a_device_is_not_opened():
    assert "is neither a file nor a folder" in refused("/dev/zero")


def test_a_file_that_is_being_written_is_said(tmp_path):
    path = saved(tmp_path / "mine.nc", posterior())
    writer = f"import h5py, sys; file = h5py.File({str(path)!r}, 'r+'); print('open', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", writer], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline() == "open\n"
        assert "is being written by a different program" in refused(path)
        process.communicate("")
    assert open_own(path)["posterior"].sizes["chain"] == 4


# --- sizes and objects, before anything is read


def declares_40_gb(path, name="p"):
    with h5py.File(path, "a") as file:
        group = file.require_group("posterior")
        group.create_dataset(name, shape=(4, 1000, 1_250_000), dtype="f8", chunks=(1, 1, 1000))
    return path


def test_a_netcdf_that_declares_40_gb_is_not_read(tmp_path, monkeypatch):
    path = declares_40_gb(saved(tmp_path / "mine.nc", posterior()))
    assert path.stat().st_size < 200_000
    monkeypatch.setattr(xr, "open_datatree", None)  # is not reached
    assert "would take 40.0 GB in memory, most of it for posterior/p" in refused(path)


@needs_zarr
@pytest.mark.parametrize("version", [2, 3])
def test_a_zarr_that_declares_40_gb_is_not_read(tmp_path, version, monkeypatch):
    import zarr

    path = tmp_path / "mine.zarr"
    root = zarr.create_group(path, zarr_format=version)
    root.create_array("posterior/p", shape=(4, 1000, 1_250_000), dtype="f8", chunks=(1, 1, 1000))
    monkeypatch.setattr(xr, "open_datatree", None)
    assert "would take 40.0 GB in memory" in refused(path)


def test_a_csv_that_is_too_large_is_not_read(tmp_path, monkeypatch):
    path = cmdstan(tmp_path / "fit.csv")
    with path.open("ab") as file:
        file.write(b"#\n" * 40_000)
        file.truncate(40_000_000_000)  # a hole: takes no room on the disk
    assert "The files take 40.0 GB" in refused(path)
    path = cmdstan(tmp_path / "fit.csv")
    monkeypatch.setattr("pandas.read_csv", None)
    monkeypatch.setattr("helpers.own.LARGEST", 760)  # 6 rows of 16 columns of 8 bytes take 768
    monkeypatch.setattr("pathlib.Path.stat", lambda *_, **__: os.stat_result([0o100644, *[0] * 9]))
    assert "The draws would take" in refused(path)


def test_objects_in_a_netcdf_are_refused(tmp_path):
    path = saved(tmp_path / "mine.nc", posterior())
    with h5py.File(path, "a") as file:
        file["posterior"].create_dataset("o", (4,), dtype=h5py.vlen_dtype(np.float64))
    assert "has objects in posterior/o" in refused(path)


@needs_zarr
def test_objects_in_a_zarr_are_refused_before_they_run(tmp_path):
    path = saved(tmp_path / "mine.zarr", posterior())
    array = path / "posterior" / "o"
    array.mkdir()
    ran = tmp_path / "ran"

    class Runs:
        def __reduce__(self):
            return (os.mkdir, (str(ran),))

    (path / "zarr.json").unlink()
    (path / ".zgroup").write_text('{"zarr_format": 2}')
    (array / "0").write_bytes(pickle.dumps(np.array([Runs()], dtype=object)))
    declared = {
        "zarr_format": 2, "shape": [1], "chunks": [1], "dtype": "|O", "compressor": None, "fill_value": 0,
        "order": "C", "filters": [{"id": "pickle", "protocol": 5}],
    }  # fmt: skip
    (array / ".zarray").write_text(json.dumps(declared))
    assert "has objects in posterior/o" in refused(path)
    assert not ran.exists()


@needs_zarr
def test_a_zarr_that_lost_a_piece_is_refused(tmp_path):
    path = saved(tmp_path / "mine.zarr", posterior())
    pieces = [
        file for file in (path / "posterior" / "a").rglob("*") if file.is_file() and file.name != "zarr.json"
    ]
    pieces[0].unlink()
    assert "lacks 1 of the 1 pieces of a" in refused(path)


def test_without_zarr_a_zarr_folder_is_one_sentence(tmp_path, monkeypatch):
    (tmp_path / "mine.zarr").mkdir()
    (tmp_path / "mine.zarr" / ".zgroup").write_text('{"zarr_format": 2}')
    monkeypatch.setattr("helpers.own.find_spec", lambda name: None)
    assert "zarr is not installed" in refused(tmp_path / "mine.zarr")


# --- what looks wrong, and health


def test_what_looks_wrong_is_said():
    tree = xr.DataTree.from_dict({"posterior": posterior(100, 70), "sample_stats": stats(100, 70)})
    assert looks_wrong(tree) == ["100 chains of 70 draws: were the two dimensions swapped?"]
    one = xr.DataTree.from_dict({"posterior": posterior(1), "sample_stats": stats(1, divergences=500)})
    assert looks_wrong(one) == ["There is only one chain, so r_hat cannot compare chains."]
    assert health(one)[1].startswith("There are 500 divergences.")
    few = xr.DataTree.from_dict(
        {"posterior": posterior(4, 7), "sample_stats": stats(4, 7).drop_vars("diverging")}
    )
    assert looks_wrong(few) == [
        "There are only 28 draws in all. Expected: several thousand, in four chains.",
        "The group sample_stats has no variable diverging, so divergences are unknown.",
    ]
    odd = posterior()
    odd["fixed"] = odd["a"] * 0 + 3
    odd["broken"] = odd["a"].where(odd["draw"] > 0)
    tree = xr.DataTree.from_dict({"posterior": odd, "sample_stats": stats()})
    assert looks_wrong(tree) == [
        "Some draws are not finite numbers: broken.",
        "The same value in every draw: fixed. Expected: draws that differ.",
    ]
    assert looks_wrong(tree, var_names=["a"]) == []


def test_what_is_not_checked_is_said():
    odd = posterior().assign(word=(("chain", "draw"), np.full((4, 500), "left")), data=("x", [1.0]))
    tree = xr.DataTree.from_dict({"posterior": odd, "sample_stats": stats()})
    assert health(tree) == ["Not checked, because there are no draws of numbers: word, data."]
    assert health(tree, var_names=["a", "theta"]) == []
    for ask in [health, summary]:
        with pytest.raises(ValueError, match=r"^There are no draws of numbers in word\.$"):
            ask(tree, var_names=["word"])


def test_statistics_of_a_different_run_are_said():
    tree = xr.DataTree.from_dict({"posterior": posterior(), "sample_stats": stats(2, 500)})
    assert health(tree) == ["The posterior and sample_stats differ in chains or draws. Are they of one fit?"]


def test_health_names_the_quantities_that_break_the_rule():
    sick = posterior()
    sick["theta"][{"chain": 1, "school": 2}] += 1  # one chain elsewhere
    walk = np.cumsum(np.random.default_rng(2).normal(size=(4, 500)), axis=1)
    sick["slow"] = (("chain", "draw"), walk)
    sick["stuck"] = (("chain", "draw"), np.arange(4.0)[:, None] + np.zeros((4, 500)))
    tree = xr.DataTree.from_dict({"posterior": sick, "sample_stats": stats(divergences=1)})
    divergences, r_hat, bulk, tail = health(tree)
    assert divergences.startswith("There is 1 divergence.")
    assert (
        r_hat.startswith("r_hat is above 1.01 for stuck (over 1,000), ")
        and "theta[C] (1." in r_hat
        and "slow (" in r_hat
    )
    assert "theta[A]" not in r_hat and "a (" not in r_hat
    assert bulk.startswith("The bulk ESS is below 400 for ") and "slow (" in bulk
    assert tail.startswith("The tail ESS is below 400 for ")
    assert health(tree, var_names=["a"]) == [divergences]
    with pytest.raises(ValueError, match="has no tau. It has: a, theta, slow, stuck"):
        health(tree, var_names=["tau"])


def test_health_agrees_with_arviz_s_table():
    from arviz_stats import summary as arviz_summary

    from helpers import load_posterior

    thread = load_posterior("m_13_4_thread")
    table = arviz_summary(thread, round_to="none")
    said = " ".join(health(thread))
    worst = table["r_hat"].idxmax()
    assert f"r_hat is above 1.01 for {worst} ({table['r_hat'].max():.2f})" in said
    more = (table["r_hat"] > 1.01).sum() - 6
    assert f"and {more} more. The chains do not agree" in said
    assert f"There are {int(thread['sample_stats']['diverging'].sum())} divergences" in said


def test_the_table_leaves_out_what_is_not_numbers_and_has_the_course_s_interval():
    mixed = posterior()
    mixed["yes"] = mixed["a"] > 0
    mixed["word"] = mixed["a"].astype(str)
    mixed["data"] = ("x", [1.0])
    table = summary(xr.DataTree.from_dict({"posterior": mixed}))
    assert list(table.index) == ["a", "theta[A]", "theta[B]", "theta[C]", "yes"]
    assert {"eti89_lb", "eti89_ub"} <= set(table.columns)


def test_neither_pymc_nor_zarr_is_needed():
    code = "import sys, helpers.own; print(sorted({'pymc', 'zarr', 'arviz'} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=check.ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"
