"""Run one contender of `make bench` in a process of its own, and print what it took as JSON.

    python -m studies.fit_once whole thread          from import to summary, as a learner runs it
    python -m studies.fit_once nutpie cells 1 2 3    compiled once, then sampled with each seed
    python -m studies.fit_once floor cells           the hand-written gradient

Settings and models are lesson 01's (`lesson_cells.lesson_fit`). Processor seconds are those of all
threads, tuning included.
"""

import json
import os
import sys
import time

import numpy as np

from making.lesson_cells import FITS, LESSON_01, PARAMETERS, health, lesson_fit, run_tagged


def whole(fit):
    """Run the lesson's cells with their sampling, then summarise; the driver times the process."""
    import arviz as az

    cells = run_tagged(LESSON_01, FITS[fit], {"run_live": fit == "thread"})
    idata = (
        cells["fit"](True, False, 8927)
        if fit == "cells"
        else cells["idata_thread" if fit == "thread" else "idata"]
    )
    az.summary(idata, var_names=PARAMETERS)
    return {}


def report(seed, idata, wall, processor):
    """Return one sampling run as a dict: time, work, and what came of it."""
    steps = sum(
        int(idata[group]["n_steps"].sum())
        for group in ["sample_stats", "warmup_sample_stats"]
        if group in idata.children and "n_steps" in idata[group]
    )
    return {"seed": seed, "wall": wall, "processor": processor, "gradients": steps, **health(idata)}


def nutpie(fit, seeds):
    """Sample with nutpie, which PyMC uses where it is installed."""
    import nutpie

    model, settings = lesson_fit(fit)
    start = time.perf_counter()
    compiled = nutpie.compile_pymc_model(model)
    compile_seconds = time.perf_counter() - start
    runs = []
    for seed in seeds:
        start = time.perf_counter(), time.process_time()
        idata = nutpie.sample(compiled, seed=seed, progress_bar=False, **settings)
        runs.append(report(seed, idata, time.perf_counter() - start[0], time.process_time() - start[1]))
    return {"compile": compile_seconds, "runs": runs}


def pymc(fit, seeds):
    """Sample with PyMC's own NUTS, chains one after another, so that its clock shows processor time."""
    import pymc as pm

    model, settings = lesson_fit(fit)
    runs = []
    for seed in seeds:
        start = time.perf_counter()
        with model:
            idata = pm.sample(
                random_seed=seed, nuts_sampler="pymc", progressbar=False, discard_tuned_samples=False,
                compute_convergence_checks=False, **settings | {"cores": 1},
            )  # fmt: skip
        sampling = idata["sample_stats"].attrs["sampling_time"]
        runs.append(report(seed, idata, sampling, sampling))
        compile_seconds = time.perf_counter() - start - sampling
    return {"compile": compile_seconds, "runs": runs}


def numpyro(fit, seeds):
    """Sample with numpyro, which compiles anew at each call: its times include that."""
    import pymc as pm

    model, settings = lesson_fit(fit)
    runs = []
    for seed in seeds:
        start = time.perf_counter(), time.process_time()
        with model:
            idata = pm.sample(
                random_seed=seed, nuts_sampler="numpyro", progressbar=False, compute_convergence_checks=False,
                nuts_sampler_kwargs={"chain_method": "vectorized"}, **settings,
            )  # fmt: skip
        runs.append(report(seed, idata, time.perf_counter() - start[0], time.process_time() - start[1]))
    return {"compile": None, "runs": runs}


def hand_written_gradient(indices, lefts, pulls):
    """Return the log-density of m_13_4 and its gradient as one numba function of 20 numbers.

    The floor under what any compiler of models could reach, and the only gradient in the project
    that is written by hand. Order: a_bar, log sigma_a, log sigma_g, a, z, b; constants left out.
    """
    import numba

    actor, block, treatment = (np.asarray(index, dtype=np.int64) for index in indices)
    lefts, pulls = np.asarray(lefts, dtype=float), np.asarray(pulls, dtype=float)

    @numba.njit(fastmath=True)
    def gradient(x, out):
        a_bar, sigma_a, sigma_g = x[0], np.exp(x[1]), np.exp(x[2])
        a, z, b = x[3:10], x[10:16], x[16:20]
        d_a, d_z, d_b = out[3:10], out[10:16], out[16:20]
        # priors; the exponential priors carry the Jacobian of the logarithm
        logp = -0.5 * (a_bar / 1.5) ** 2 - sigma_a + x[1] - sigma_g + x[2]
        out[0], out[1], out[2] = -a_bar / 1.5**2, 1 - sigma_a, 1 - sigma_g
        for j in range(7):
            r = (a[j] - a_bar) / sigma_a
            logp -= 0.5 * r * r + x[1]
            d_a[j] = -r / sigma_a
            out[0] += r / sigma_a
            out[1] += r * r - 1
        for j in range(6):
            logp -= 0.5 * z[j] * z[j]
            d_z[j] = 0.0
        for j in range(4):
            logp -= 0.5 * (b[j] / 0.5) ** 2
            d_b[j] = -b[j] / 0.25
        # likelihood: for a sum eta, lefts * eta - pulls * log(1 + exp(eta))
        for i in range(len(lefts)):
            eta = a[actor[i]] + sigma_g * z[block[i]] + b[treatment[i]]
            e = np.exp(-abs(eta))
            p = 1 / (1 + e) if eta > 0 else e / (1 + e)
            logp += lefts[i] * eta - pulls[i] * (max(eta, 0.0) + np.log1p(e))
            residual = lefts[i] - pulls[i] * p
            d_a[actor[i]] += residual
            d_z[block[i]] += residual
            d_b[treatment[i]] += residual
        for j in range(6):
            out[2] += d_z[j] * sigma_g * z[j]
            d_z[j] = d_z[j] * sigma_g - z[j]
        return logp

    @numba.njit
    def repeat(x, out, times):
        total = 0.0
        for _ in range(times):
            x[0] += 1e-9  # so that no call can be left out
            total += gradient(x, out)
        return total

    return gradient, repeat


def floor(fit, _seeds):
    """Time the hand-written gradient, after a check against PyMC's own at ten points."""
    from helpers import load_chimpanzees

    model, _ = lesson_fit(fit)
    d = load_chimpanzees()
    by = ["actor_idx", "block_idx", "treatment_idx"]
    if fit == "cells":
        cells = d.groupby(by)["pulled_left"].agg(["sum", "count"]).reset_index()
        gradient, repeat = hand_written_gradient([cells[k] for k in by], cells["sum"], cells["count"])
    else:
        gradient, repeat = hand_written_gradient([d[k] for k in by], d["pulled_left"], np.ones(len(d)))

    of_pymc = model.compile_dlogp()
    shapes = {name: np.shape(value) for name, value in model.initial_point().items()}
    order = ["a_bar", "sigma_a_log__", "sigma_g_log__", "a", "z", "b"]
    assert list(shapes) == order, shapes
    rng = np.random.default_rng(8927)
    for _ in range(10):
        point = {name: rng.normal(size=shape) for name, shape in shapes.items()}
        x, out = np.concatenate([np.ravel(point[name]) for name in order]), np.empty(20)
        gradient(x, out)
        np.testing.assert_allclose(out, of_pymc(point), rtol=1e-8, atol=1e-8)
    repeat(x, out, 10)
    times = 200_000 if fit == "cells" else 50_000
    seconds = []
    for _ in range(5):
        start = time.process_time()
        repeat(x, out, times)
        seconds.append((time.process_time() - start) / times)
    return {"seconds per gradient": float(np.median(seconds))}


if __name__ == "__main__":
    what, fit, *seeds = sys.argv[1:]
    import logging

    logging.disable(logging.WARNING)
    answer = whole(fit) if what == "whole" else globals()[what](fit, [int(seed) for seed in seeds])
    sys.stdout.flush()
    print("\n" + json.dumps({"cores": os.cpu_count(), **answer}))
