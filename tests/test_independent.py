"""The stored posteriors agree with other programs and with other roads to the same posterior."""

import arviz as az
import numpy as np
import pandas as pd
import pytest
from scipy.special import expit, log_expit, logsumexp
from scipy.stats import expon, norm

from helpers import load_posterior, load_reedfrogs
from helpers.data import DATA

# 40 comparisons: one beyond 4 combined Monte Carlo errors happens by chance in 1 of 400 cases.
BOUND = 4.0


def ours():
    """Return our summary, with the parameters named as in the table from Stan."""
    table = az.summary(
        load_posterior("m_13_4"), var_names=["a_bar", "sigma_a", "sigma_g", "b", "a", "g"], round_to="none"
    )
    return table.rename(index=lambda name: name.replace("actor ", "").replace("block ", ""))


@pytest.mark.parametrize("what", ["mean", "sd"])
def test_m_13_4_agrees_with_stan(what):
    stan = pd.read_csv(DATA / "stan_m_13_4.csv", comment="#").set_index("parameter")
    pymc = ours().loc[stan.index]
    assert len(stan) == 20
    error_ours = pymc[f"mcse_{what}"]
    # Stan's error is ours, scaled by the effective sample sizes
    error_stan = error_ours * np.sqrt(pymc["ess_bulk"] / stan["ess_bulk"])
    rounding = 0.5 * 10.0 ** (np.floor(np.log10(stan[what].abs())) - 2)  # the table has three digits
    distance = ((pymc[what] - stan[what]).abs() - rounding).clip(lower=0) / np.hypot(error_ours, error_stan)
    assert distance.max() < BOUND, distance.idxmax()


def test_the_stan_test_can_fail():
    """The bound sees a shift that is small beside the posterior's own sd."""
    pymc = ours()
    assert (0.2 * pymc["sd"] > BOUND * pymc["mcse_mean"] * 1.2).all()


def tadpoles_by_quadrature():
    """Return the exact posterior means of a_bar, sigma and every tank's p.

    Given a_bar and sigma the tanks are independent: integrate each over its own a, then all over a
    grid of a_bar and sigma.
    """
    d = load_reedfrogs()
    a_bar = np.linspace(-0.5, 3.5, 81)
    sigma = np.linspace(0.5, 4.0, 71)
    z = np.linspace(-8, 8, 321)
    log_weight = norm.logpdf(z) + np.log(z[1] - z[0])
    a = a_bar[:, None, None] + sigma[None, :, None] * z
    log_post = norm.logpdf(a_bar, 0, 1.5)[:, None] + expon.logpdf(sigma)[None, :]
    mean_p = []
    for n, k in d[["density", "surv"]].to_numpy():
        by_z = log_weight + k * log_expit(a) + (n - k) * log_expit(-a)
        evidence = logsumexp(by_z, axis=-1)
        mean_p.append(np.exp(logsumexp(by_z, b=expit(a), axis=-1) - evidence))
        log_post = log_post + evidence
    post = np.exp(log_post - logsumexp(log_post))
    edge = max(post[0].sum(), post[-1].sum(), post[:, 0].sum(), post[:, -1].sum())
    assert edge < 1e-6, "the grid is too small"
    return (post.sum(1) @ a_bar, post.sum(0) @ sigma, np.array([(post * p).sum() for p in mean_p]))


def test_tadpoles_agree_with_quadrature():
    exact_a_bar, exact_sigma, exact_p = tadpoles_by_quadrature()
    table = az.summary(load_posterior("m_13_2"), var_names=["a_bar", "sigma", "p"], round_to="none")
    exact = np.concatenate([[exact_a_bar, exact_sigma], exact_p])
    distance = (table["mean"] - exact).abs() / table["mcse_mean"]
    assert len(table) == 50
    assert distance.max() < BOUND, distance.idxmax()
