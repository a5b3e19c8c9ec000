"""A reader's own file: read and closed, or refused in one sentence, and nothing lost."""

import os
import shutil

import notebook_checks as check
import numpy as np
import pytest
import xarray as xr

from helpers.own import health, looks_wrong, open_own

SHIPPED = check.ROOT / "data" / "m_13_2.nc"


def posterior(chains=4, draws=500):
    rng = np.random.default_rng(1)
    return xr.Dataset({"a": (("chain", "draw"), rng.normal(size=(chains, draws)))})


def saved(path, dataset, **groups):
    groups = {"posterior": dataset, **groups}
    xr.DataTree.from_dict(groups).to_netcdf(path, engine="h5netcdf")
    return path


def test_a_whole_file_is_read():
    idata = open_own(SHIPPED)
    assert {"posterior", "sample_stats", "observed_data"} <= set(idata.children)
    assert looks_wrong(idata) == []


def test_a_posterior_saved_alone_is_read(tmp_path):
    posterior().to_netcdf(tmp_path / "alone.nc", engine="h5netcdf")
    idata = open_own(str(tmp_path / "alone.nc"))
    assert idata["posterior"]["a"].shape == (4, 500)
    assert looks_wrong(idata) == ["There is no group sample_stats, so divergences are unknown."]


def test_the_file_is_closed_and_can_be_written_anew(tmp_path):
    """A refit saved under the same name loses nothing, and what was read stays as it was."""
    path = saved(tmp_path / "mine.nc", posterior())
    mine = open_own(path)
    before = mine["posterior"]["a"].values.copy()
    saved(path, posterior() + 1)
    assert (mine["posterior"]["a"].values == before).all()
    assert np.allclose(open_own(path)["posterior"]["a"], before + 1)
    assert not any(os.path.samefile(f"/proc/self/fd/{fd}", path) for fd in _open_files())


def _open_files():
    """Return the numbers of this process's open files, where the system tells."""
    if not os.path.isdir("/proc/self/fd"):
        return []
    return [fd for fd in os.listdir("/proc/self/fd") if os.path.exists(f"/proc/self/fd/{fd}")]


def damaged(tmp_path, name):
    """Return the path of a file that cannot be read, of the named kind."""
    path = tmp_path / f"{name}.nc"
    whole = SHIPPED.read_bytes()
    content = {
        "empty": b"",
        "cut short": whole[: len(whole) // 2],
        "a summary": b",mean,sd\na,0.1,0.2\n",
        "a pickle": b"\x80\x04\x95rest",
        "scrambled": whole[:8] + bytes(1000),
    }
    if name in content:
        path.write_bytes(content[name])
    elif name == "no posterior":
        saved(path, posterior())
        xr.DataTree.from_dict({"prior": posterior()}).to_netcdf(path, engine="h5netcdf")
    elif name == "stacked":
        saved(path, xr.Dataset({"a": ("sample", np.zeros(10))}))
    elif name == "a folder":
        path.mkdir()
    return path


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("empty", "is empty"),
        ("cut short", "damaged, cut short"),
        ("scrambled", "damaged, cut short"),
        ("a summary", "is text, perhaps a table without draws"),
        ("a pickle", "can run code"),
        ("no posterior", "holds no posterior, but prior"),
        ("stacked", "has the dimensions sample"),
        ("a folder", "is a folder"),
    ],
)
def test_what_cannot_be_read_is_one_sentence(tmp_path, name, said):
    with pytest.raises(ValueError, match=said) as caught:
        open_own(damaged(tmp_path, name))
    assert "\n" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_missing_file_names_those_beside_it(tmp_path):
    shutil.copy(SHIPPED, tmp_path / "fit.nc")
    with pytest.raises(FileNotFoundError, match=r"In that folder there are: fit\.nc"):
        open_own(tmp_path / "ftt.nc")


@pytest.mark.parametrize(("path", "said"), [(3, "of type int"), ("C:\temp\new.nc", "put an r before it")])
def test_what_is_not_a_path(path, said):
    with pytest.raises(ValueError, match=said):
        open_own(path)


def test_a_file_too_large_for_memory_is_not_read(tmp_path, monkeypatch):
    path = saved(tmp_path / "mine.nc", posterior())
    monkeypatch.setattr("helpers.own.LARGEST", 1000)
    with pytest.raises(ValueError, match="would take"):
        open_own(path)


def test_what_looks_wrong_is_said(tmp_path):
    swapped = open_own(saved(tmp_path / "swapped.nc", posterior(100, 70)))
    assert looks_wrong(swapped)[0] == "100 chains of 70 draws: were the two dimensions swapped?"
    stats = xr.Dataset({"diverging": (("chain", "draw"), np.ones((1, 500), bool))})
    one = open_own(saved(tmp_path / "one.nc", posterior(1), sample_stats=stats))
    assert looks_wrong(one) == [
        "There is one chain only, so r_hat cannot compare chains.",
    ]
    assert health(one)[1].startswith("There are 500 divergences.")
