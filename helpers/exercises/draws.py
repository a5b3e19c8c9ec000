"""What the lessons' exercises compute from draws: right answers, and those that wrong steps lead to."""

import numpy as np
from scipy.special import expit

Z_89 = 1.598  # 89% of a Normal lie within 1.598 standard deviations of its mean


def mean(draws):
    """Return the mean as a Python number."""
    return float(draws.mean())


def sd(draws):
    """Return the standard deviation as a Python number."""
    return float(draws.std())


def interval(draws, mass=0.89):
    """Return the equal-tailed interval of a mass."""
    return tuple(float(q) for q in draws.quantile([(1 - mass) / 2, (1 + mass) / 2]))


def hdi(draws, mass=0.89):
    """Return the shortest interval of a mass."""
    ordered = np.sort(np.asarray(draws).ravel())
    inside = int(np.floor(mass * ordered.size))
    first = np.argmin(ordered[inside:] - ordered[:-inside])
    return float(ordered[first]), float(ordered[first + inside])


def around(draws, spread=None):
    """Return the mean plus and minus as many sds as contain 89% of a Normal."""
    half = Z_89 * (sd(draws) if spread is None else spread)
    return mean(draws) - half, mean(draws) + half


def other_masses(draws):
    """Return intervals of other masses."""
    return [
        *(interval(draws, mass) for mass in (0.78, 0.9, 0.94, 0.95)),
        (float(draws.min()), float(draws.max())),
    ]


def of_sum(*terms):
    """Return the mean of a sum: from draws, from means with two decimals, and from means as ArviZ prints them."""
    means = [mean(term) for term in terms]
    return [mean(sum(terms)), sum(round(x, 2) for x in means), sum(float(f"{x:.2g}") for x in means)]


def of_p(*terms):
    """Return the mean of p: from draws, as the plug-in, and as the plug-in of rounded means."""
    return [mean(expit(sum(terms))), *(float(expit(x)) for x in of_sum(*terms))]


def of_odds(*terms):
    """Return odds: the mean of exp, exp of the mean, and the odds of the mean of p."""
    p = mean(expit(sum(terms)))
    return [mean(np.exp(sum(terms))), *(float(np.exp(x)) for x in of_sum(*terms)), p / (1 - p)]


def gap(eta):
    """Return the mean of p minus the plug-in."""
    return mean(expit(eta)) - float(expit(eta.mean()))


def second_order(eta):
    """Return the second-order approximation to the gap."""
    p = float(expit(eta.mean()))
    return 0.5 * float(eta.var()) * p * (1 - p) * (1 - 2 * p)


def swaps(terms):
    """Return, for terms given as (array, index), the sums with one index replaced by another.

    Every other entry of one array at a time, with the other arrays' entries unchanged.
    """
    found = []
    for k, (array, index) in enumerate(terms):
        rest = [other[..., i] for n, (other, i) in enumerate(terms) if n != k]
        found += [sum(rest) + array[..., i] for i in range(array.shape[-1]) if i != index]
    return found


def dropped(*terms):
    """Return the sums with one term left out, and each term alone."""
    if len(terms) == 2:
        return list(terms)
    return [sum(terms[:k] + terms[k + 1 :]) for k in range(len(terms))] + list(terms)
