"""Measure the series (`make bench`): medians and ratios within one run, printed as tables.

    make bench                        fit, lessons, growth: what a class feels; about 15 minutes
    make bench PARTS="tests setup"    the two that install or test everything; 8 minutes more
    make bench PARTS=read_table       the table of a model with 500 entries; 1 minute

Times on a shared machine are noisy: compare within one run, never across. Processor seconds are
those of all threads. Whatever caches are needed are made in a temporary folder: the first run is
cold, and the reader's own caches are left alone. What was found stands in studies/README.md.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from statistics import median

import pandas as pd

from making.lesson_cells import ROOT
from making.open_lesson import LESSONS, open_lesson

READING = ("00", "02", "04", "06")  # lessons that only read a stored posterior


def caches(folder):
    """Return an environment in which everything that is compiled is cached below a folder."""
    flags = f"base_compiledir={folder}/pytensor"
    return {**os.environ, "PYTENSOR_FLAGS": flags, "NUMBA_CACHE_DIR": f"{folder}/numba", "MPLBACKEND": "agg"}


def run(*command, env=None, cwd=ROOT):
    """Run a command to its end; return its output, wall seconds and processor seconds."""
    print(f"  {' '.join(str(word) for word in command[1:])[:100]}", file=sys.stderr, flush=True)
    start, before = time.perf_counter(), os.times()
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True)
    wall, after = time.perf_counter() - start, os.times()
    if done.returncode:
        raise RuntimeError(
            f"{' '.join(map(str, command))} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
        )
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return done.stdout, wall, used


def fit_once(env, *words):
    """Run studies/fit_once.py in a process of its own; return its answer, wall and processor seconds."""
    output, wall, processor = run(sys.executable, "-m", "studies.fit_once", *words, env=env)
    return json.loads(output.splitlines()[-1]), wall, processor


def show(title, table, decimals=2):
    """Print a table under its title, in Markdown, as studies/README.md holds it."""
    table = table.round(decimals)
    lines = [
        "| " + " | ".join(["", *map(str, table.columns)]) + " |",
        "|---" * (len(table.columns) + 1) + "|",
    ]
    for name, row in table.iterrows():
        cells = [
            "" if pd.isna(value) else f"{value:.6g}" if isinstance(value, float) else str(value)
            for value in row
        ]
        lines.append("| " + " | ".join([str(name), *cells]) + " |")
    print(f"\n### {title}\n", *lines, sep="\n", flush=True)


def whole_process(env):
    """From import to summary: a first run with empty caches, then warm ones, in rounds."""
    rows = {fit: {} for fit in ["thread", "rows", "cells"]}
    for fit, row in rows.items():
        # a folder each, or the second contender would find what the first has compiled
        cold = caches(Path(env["TMPDIR"]) / f"cold-{fit}")
        _, row["cold wall s"], row["cold processor s"] = fit_once(cold, "whole", fit)
    rounds = [
        {fit: fit_once(env | caches(Path(env["TMPDIR"]) / f"cold-{fit}"), "whole", fit)[1:] for fit in rows}
        for _ in range(2)
    ]
    for fit, row in rows.items():
        row["warm wall s"] = median(one[fit][0] for one in rounds)
        row["warm processor s"] = median(one[fit][1] for one in rounds)
    table = pd.DataFrame(rows).T
    for column in ["warm wall s", "warm processor s"]:
        table[f"thread / it, {column[:-2]}"] = table.loc["thread", column] / table[column]
    show("Whole process: import, compile, sample, summary", table)


def compilation(env):
    """Compile the lesson's model with empty caches, then in new processes that find them full."""
    folder = Path(env["TMPDIR"]) / "compile"
    rows = {}
    for name in ["first process", "second process", "third process"]:
        answer, _, _ = fit_once(env | caches(folder), "nutpie", "rows")
        files = [path for path in folder.rglob("*") if path.is_file()]
        rows[name] = {
            "compile s": answer["compile"],
            "files in the cache": len(files),
            "cache MB": sum(path.stat().st_size for path in files) / 1e6,
        }
    show("Compilation of the lesson's model", pd.DataFrame(rows).T.infer_objects())


def stan(env):
    """Sample the same model with Stan through rstan, where R has it; else say that it is not there."""
    import arviz as az
    import numpy as np

    there = (
        shutil.which("Rscript")
        and not subprocess.run(["Rscript", "-e", "library(rstan)"], capture_output=True).returncode
    )
    if not there:
        print("\nStan: left out, because R with rstan is not here (Debian: r-cran-rstan, r-cran-bh).")
        return {}
    output, *_ = run("Rscript", "studies/fit_stan.R", env["TMPDIR"], "1", "2", env=env)
    words = [line.split() for line in output.splitlines()]
    seconds_to_compile = float(next(line[1] for line in words if line[:1] == ["compile"]))
    answers = {f"Stan, {design}": {"compile": seconds_to_compile, "runs": []} for design in ["rows", "cells"]}
    # the same posterior? against 40,000 draws of Stan, in the same order of parameters
    wanted = pd.read_csv(ROOT / "data" / "stan_m_13_4.csv", comment="#", index_col=0)["mean"].to_numpy()
    for _, design, seed, seconds, gradients, divergences in (line for line in words if line[:1] == ["run"]):
        draws = pd.read_csv(f"{env['TMPDIR']}/{design}_{seed}.csv")
        posterior = {name: draws[name].to_numpy().reshape(4, -1) for name in draws}
        table = az.summary(az.from_dict({"posterior": posterior}), round_to="none")
        # the wanted means are rounded to three digits
        assert np.all(abs(table["mean"] - wanted) < 5 * table["mcse_mean"] + 0.005)
        answers[f"Stan, {design}"]["runs"].append(
            {
                "seed": int(seed), "wall": float(seconds), "processor": float(seconds), "gradients": int(gradients),
                "divergences": int(divergences), "r_hat": table["r_hat"].max(), "bulk ESS": table["ess_bulk"].min(),
            }
        )  # fmt: skip
    return answers


def samplers(env):
    """Measure sampling alone: compiled once, then several seeds; effective draws for the work done."""
    answers = {
        f"{sampler}, {fit}": fit_once(
            env | {"PYTHONPATH": str(ROOT / ".venv" / "numpyro")} if sampler == "numpyro" else env,
            sampler,
            fit,
            *map(str, seeds),
        )[0]
        for sampler, fit, seeds in [
            ("nutpie", "thread", [1, 2, 3]),
            ("nutpie", "rows", [1, 2, 3, 4, 5]),
            ("nutpie", "cells", [1, 2, 3, 4, 5]),
            ("pymc", "rows", [1, 2]),
            ("pymc", "cells", [1, 2]),
            ("numpyro", "rows", [1, 2]),
            ("numpyro", "cells", [1, 2]),
        ]
    }
    answers |= stan(env)
    rows = {}
    for name, answer in answers.items():
        runs = pd.DataFrame(answer["runs"])
        rows[name] = {
            "seeds": len(runs),
            "compile s": answer["compile"],
            "wall s": runs["wall"].median(),
            "processor s": runs["processor"].median(),
            "gradients": runs["gradients"].median(),
            "divergences": ", ".join(map(str, runs["divergences"])),
            "largest r_hat": runs["r_hat"].max(),
            "smallest bulk ESS": runs["bulk ESS"].median(),
            "ESS per processor s": (runs["bulk ESS"] / runs["processor"]).median(),
        }
    table = pd.DataFrame(rows).T.infer_objects()
    table["thread = 1"] = table["ESS per processor s"] / table.loc["nutpie, thread", "ESS per processor s"]
    show("Sampling alone (four chains, tuning included)", table)

    floors = {}
    for fit in ["rows", "cells"]:
        seconds = fit_once(env, "floor", fit)[0]["seconds per gradient"]
        needed = seconds * rows[f"nutpie, {fit}"]["gradients"]
        floors[fit] = {
            "microseconds a hand-written gradient": 1e6 * seconds,
            "s for the fit's gradients": needed,
            "nutpie's processor s": rows[f"nutpie, {fit}"]["processor s"],
            "nutpie / floor": rows[f"nutpie, {fit}"]["processor s"] / needed,
        }
    show("The floor", pd.DataFrame(floors).T)


def fit(env):
    """Measure the fit: whole processes, compilation, sampling alone against others and a floor."""
    whole_process(env)
    compilation(env)
    samplers(env)


def lessons(env):
    """Measure each lesson: kernel start to the first figure and to the end, and the kernel's peak memory."""
    open_lesson(LESSONS[1], env)  # fills the caches, as `make warm` does
    rows = {}
    for path in LESSONS:
        runs = [open_lesson(path, env) for _ in range(3 if path.stem[:2] in READING else 2)]
        rows[path.stem] = pd.DataFrame(runs).median()
    show("A lesson opened, caches warm", pd.DataFrame(rows).T, decimals=1)


def growth(env):
    """Measure 7 to 7,000 actors, by rows and by cells; draw the slopes."""
    rows = [json.loads(run(sys.executable, "-m", "studies.growth", how, str(actors), env=env)[0].splitlines()[-1])
            for actors in [7, 70, 700, 7000] for how in ["rows", "cells"]]  # fmt: skip
    table = pd.DataFrame(rows)
    show(
        "Growth",
        table.set_index(table["actors"].astype(str) + ", " + table["by"]).drop(columns=["actors", "by"]),
    )
    from studies.growth import draw

    draw(table, ROOT / "studies" / "growth.png")


def read_table(env):
    """Measure read_table on a model with 500 entries; expected at 100,000 rows are 2 s and 100 MB at most."""
    rows = {}
    for count in [1_000, 10_000, 100_000]:
        runs = [run(sys.executable, "-m", "studies.read_once", str(count), env=env)[0] for _ in range(3)]
        rows[f"{count:,} rows"] = pd.DataFrame([json.loads(one.splitlines()[-1]) for one in runs]).median()
    show("A table read (read_table)", pd.DataFrame(rows).T)


def tests(env):
    """Measure `make test`, with empty caches and again."""
    rows = {}
    for name in ["cold", "warm"]:
        _, wall, processor = run("make", "test", env=env)
        rows[name] = {"wall s": wall, "processor s": processor}
    show("make test", pd.DataFrame(rows).T, decimals=0)


def setup(env):
    """Measure the set-up with empty and with full package caches, against venv and plain pip."""
    folder = Path(env["TMPDIR"]) / "checkout"
    files = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in files.splitlines():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    env = {k: v for k, v in env.items() if k not in ("VIRTUAL_ENV", "PYTHONPATH", "MAKEFLAGS", "MAKELEVEL")}
    env |= {"UV_CACHE_DIR": f"{folder}-uv", "PIP_CACHE_DIR": f"{folder}-pip"}
    base = f"{sys.base_prefix}/bin/python3"
    rows = {"make": {}, "venv and pip": {}}
    for state in ["cold", "warm"]:
        shutil.rmtree(folder / ".venv", ignore_errors=True)
        rows["make"][f"{state} s"] = run("make", "environment", cwd=folder, env=env)[1]
    for state in ["cold", "warm"]:
        shutil.rmtree(folder / "pip", ignore_errors=True)
        plain = "-m venv pip && pip/bin/pip install -q --require-hashes -r requirements.lock"
        rows["venv and pip"][f"{state} s"] = run("sh", "-c", f"{base} {plain}", cwd=folder, env=env)[1]
    rows["make"]["nothing to do s"] = run("make", "environment", cwd=folder, env=env)[1]
    show("Set-up", pd.DataFrame(rows).T)


PARTS = {part.__name__: part for part in [fit, lessons, growth, read_table, tests, setup]}


MINUTES = {"fit": 10, "lessons": 3, "growth": 2, "read_table": 1, "tests": 5, "setup": 4}


def main(names):
    """Run the named parts, or those that fit in a quarter of an hour."""
    unknown = set(names) - set(PARTS)
    if unknown:
        sys.exit(f"There is no part {', '.join(sorted(unknown))}. Expected some of: {', '.join(PARTS)}.")
    packages = ["pymc", "pytensor", "nutpie", "numba", "arviz"]
    print(", ".join(f"{name} {version(name)}" for name in packages), f"; {os.cpu_count()} cores")
    for name in names or ["fit", "lessons", "growth"]:
        start = time.perf_counter()
        print(f"{name}: about {MINUTES[name]} minutes", file=sys.stderr, flush=True)
        with tempfile.TemporaryDirectory() as folder:
            PARTS[name]({**caches(folder), "TMPDIR": folder})
        print(f"\n({name}: {time.perf_counter() - start:.0f} s)", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
