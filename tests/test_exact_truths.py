"""The lessons' own cells, run on made-up posteriors where the answer is known exactly."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from scipy.special import expit, log_expit, logsumexp

from helpers import load_chimpanzees
from making.lesson_cells import run_tagged

CHAINS, DRAWS = 2, 2000
TREATMENTS = ["R/N", "L/N", "R/P", "L/P"]


def made_up(a, g, b, a_bar=0.7, sigma_a=1.3):
    """Return a posterior with given draws; each argument is broadcast over chains and draws."""

    def draws(value, size):
        return np.broadcast_to(np.asarray(value, float), (CHAINS, DRAWS, *size)).copy()

    dims = {"a": ("actor", 7), "g": ("block", 6), "b": ("treatment", 4)}
    data = {
        name: (("chain", "draw", dims[name][0]), draws(value, (dims[name][1],)))
        for name, value in {"a": a, "g": g, "b": b}.items()
    }
    data |= {
        name: (("chain", "draw"), draws(value, ()))
        for name, value in {"a_bar": a_bar, "sigma_a": sigma_a}.items()
    }
    coords = {
        "actor": [f"actor {k}" for k in range(1, 8)],
        "block": [f"block {k}" for k in range(1, 7)],
        "treatment": TREATMENTS,
    }
    return xr.Dataset(data, coords=coords)


def rebuild(posterior):
    names = {"posterior": posterior, "d": load_chimpanzees(), "xr": xr, "expit": expit}
    return run_tagged("03_rebuilding_p.ipynb", "rebuild", names)["p"]


def normal_draws(mean, sd):
    """Return draws whose mean and spread are those of a Normal, evenly spaced in probability."""
    from scipy.stats import norm

    even = norm.ppf((np.arange(CHAINS * DRAWS) + 0.5) / (CHAINS * DRAWS))
    return (mean + sd * even).reshape(CHAINS, DRAWS)


def normal_mean_of_p(mean, sd, power=1):
    """Return the mean of a power of expit over a Normal, by Gauss-Hermite quadrature."""
    x, weight = np.polynomial.hermite_e.hermegauss(120)
    return float((expit(mean + sd * x) ** power * weight).sum() / weight.sum())


def test_p_picks_the_right_coefficient_of_every_row():
    """Powers of ten keep the three parts of a sum apart."""
    a, g, b = np.arange(1, 8) * 1e-1, np.arange(1, 7) * 1e-3, np.arange(1, 5) * 1e-5
    p = rebuild(made_up(a, g, b))
    d = load_chimpanzees()
    expected = expit(d["actor"] * 1e-1 + d["block"] * 1e-3 + (d["treatment_idx"] + 1) * 1e-5)
    assert p.sizes["pull"] == 504
    assert np.allclose(p.transpose("chain", "draw", "pull").values, expected.to_numpy(), rtol=0, atol=1e-15)


def gap(posterior):
    names = {"posterior": posterior, "expit": expit}
    return float(run_tagged("04_jensens_gap.ipynb", "gap", names)["gap"])


@pytest.mark.parametrize(("mean", "sd"), [(-0.65, 0.35), (2.0, 1.5), (-3.0, 1.0), (0.0, 2.0)])
def test_the_gap_of_a_normal_eta(mean, sd):
    posterior = made_up(normal_draws(mean, sd)[..., None], 0.0, 0.0)
    exact = normal_mean_of_p(mean, sd) - expit(mean)
    assert gap(posterior) == pytest.approx(exact, abs=2e-5)


def test_no_spread_no_gap():
    assert gap(made_up(-0.4, -0.1, -0.2)) == pytest.approx(0.0, abs=1e-15)


def test_parts_that_make_up_for_each_other_leave_no_gap():
    wide = normal_draws(0.0, 2.0)
    assert gap(made_up((wide - 1)[..., None], 0.0, -wide[..., None])) == pytest.approx(0.0, abs=1e-12)


def population(posterior):
    from scipy.stats import norm

    names = {"xr": xr, "np": np, "norm": norm, "expit": expit}
    names |= {name: posterior[name] for name in ["a", "b", "a_bar", "sigma_a"]}
    return run_tagged("05_new_actors_and_contrasts.ipynb", "population", names)


def test_a_known_population():
    """a_bar and sigma_a without uncertainty: the population has one proportion, the new one is spread."""
    cells = population(made_up(0.0, 0.0, np.array([0.0, 0.5, -0.5, 1.0]), a_bar=1.0, sigma_a=1.5))
    for k, name in enumerate(TREATMENTS):
        eta = 1.0 + [0.0, 0.5, -0.5, 1.0][k]
        exact = normal_mean_of_p(eta, 1.5)
        one = cells["population"].sel(treatment=name)
        assert float(one.mean()) == pytest.approx(exact, abs=5e-4)
        assert float(one.std()) == pytest.approx(0.0, abs=1e-12)
        assert float(cells["new"].sel(treatment=name).mean()) == pytest.approx(exact, abs=5e-4)
        spread = normal_mean_of_p(eta, 1.5, power=2) - exact**2
        assert float(cells["new"].sel(treatment=name).std()) == pytest.approx(spread**0.5, abs=2e-3)


def test_a_population_of_equals():
    """sigma_a = 0: every new chimpanzee is the median one."""
    cells = population(made_up(0.0, 0.0, 0.25, a_bar=-0.75, sigma_a=0.0))
    assert np.allclose(cells["new"], expit(-0.5), atol=1e-15)
    assert np.allclose(cells["population"], expit(-0.5), atol=1e-15)


def contrast(posterior):
    names = {"b": posterior["b"], "a": posterior["a"], "expit": expit}
    names |= {"pd": __import__("pandas"), "np": np, "summary": lambda draws: {"mean": float(draws.mean())}}
    return run_tagged("05_new_actors_and_contrasts.ipynb", "contrast", names)


def test_contrasts_of_known_coefficients():
    a = np.array([0.0, 1.0, -1.0, 2.0, -2.0, 0.5, 5.0])
    cells = contrast(made_up(a, 0.0, np.array([-0.25, 0.5, 0.0, 0.0])))
    assert float(cells["effect"].mean()) == pytest.approx(0.75)
    exact = expit(a + 0.5) - expit(a - 0.25)
    assert np.allclose(cells["rise"].mean(["chain", "draw"]), exact, atol=1e-15)


def test_a_shared_constant_cancels_in_a_contrast():
    shared = normal_draws(0.0, 3.0)[..., None]
    cells = contrast(made_up(-shared, 0.0, shared + np.array([-0.25, 0.5, 0.0, 0.0])))
    assert float(cells["effect"].std()) == pytest.approx(0.0, abs=1e-12)
    assert float(cells["effect"].mean()) == pytest.approx(0.75)


@pytest.mark.parametrize("sigma_a", [0.25, 2.0, 10.0])
def test_the_scores_of_a_left_out_actor_and_row(sigma_a):
    """By their definition: a posterior given the rest, on grids of our own, then an average over it."""
    d = load_chimpanzees()
    names = {"np": np, "pd": pd, "d": d}
    scores = run_tagged("02_hyperparameters_and_intercepts.ipynb", "leave_out", names)["scores"]

    a_bar, z = np.linspace(-9, 9, 241)[:, None], np.linspace(-9, 9, 2001)
    a = a_bar + sigma_a * z
    prior = -((a_bar / 1.5) ** 2 + z**2) / 2  # of a_bar and of one actor's a

    def pulls(left, right):
        return left * log_expit(a) + right * log_expit(-a)

    def average(of, weight):
        return logsumexp(of + weight) - logsumexp(weight)

    lefts = d.groupby("actor")["pulled_left"].sum()
    own = {k: logsumexp(pulls(n, 72 - n) - z**2 / 2, axis=1, keepdims=True) for k, n in lefts.items()}
    actors = rows = 0
    for k, n in lefts.items():
        given_rest = prior + sum(own[other] for other in own if other != k)
        actors += average(pulls(n, 72 - n), given_rest)
        rows += n * average(log_expit(a), given_rest + pulls(n - 1, 72 - n))
        if n < 72:
            rows += (72 - n) * average(log_expit(-a), given_rest + pulls(n, 71 - n))
    assert scores(sigma_a).sum(axis=1) == pytest.approx([actors, rows], abs=0.01)
