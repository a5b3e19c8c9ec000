"""Break twenty-two things that the series states, and see that a test notices each (`make mutants`).

Each mutant is made in a copy of the repository. Only the test that should catch it is run, first
on the sound copy, where it must pass, and then on the broken one, where it must fail.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from making.lesson_cells import ROOT

NB = "notebooks/"
L01, L02, L03, L04, L05, L06 = (
    NB + name
    for name in [
        "01_fitting_m_13_4.ipynb",
        "02_hyperparameters_and_intercepts.ipynb",
        "03_rebuilding_p.ipynb",
        "04_jensens_gap.ipynb",
        "05_new_actors_and_contrasts.ipynb",
        "06_your_turn.ipynb",
    ]
)
TRUTHS, NOTEBOOKS, EXERCISES, ROUTES = (
    "tests/test_exact_truths.py",
    "tests/test_notebooks.py",
    "tests/test_exercises.py",
    "tests/test_routes.py",
)

# what is broken: (file, what stands there, what is put there, the test that should catch it)
MUTANTS = {
    "the sign inside expit": (L03, "p = expit(eta)", "p = expit(-eta)", TRUTHS),
    "actor and block swapped": (L03, 'posterior[\\"g\\"].isel(block=block_idx)', 'posterior[\\"g\\"].isel(block=actor_idx % 6)', TRUTHS),
    "a_bar added": (L03, "p = expit(eta)", 'p = expit(eta + posterior[\\"a_bar\\"])', TRUTHS),
    "off by one: codes count from 1": ("helpers/data.py", 'd["actor"] - 1', 'd["actor"]', "tests/test_data.py"),
    "treatment names in another order": ("helpers/data.py", '["R/N", "L/N", "R/P", "L/P"]', '["R/N", "R/P", "L/N", "L/P"]', "tests/test_data.py"),
    "a data row flipped": ("data/chimpanzees.csv", "1;NA;0;1;6;1;0;0", "1;NA;0;1;6;1;1;1", "tests/test_data.py"),
    "the known slip let through": ("helpers/data.py", 'd.index[d["block"] != (d["trial"] + 11) // 12]', "d.index[:0]", "tests/test_data.py"),
    "a prior changed after the fit": (L01, 'b = pm.Normal(\\"b\\", 0.0, 0.5, dims=', 'b = pm.Normal(\\"b\\", 0.0, 1.5, dims=', "tests/test_posterior.py"),
    "another likelihood after the fit": (L06, "pm.math.invlogit(a)", "pm.math.invprobit(a)", "tests/test_posterior.py"),
    "a stale posterior": ("helpers/posterior.py", 'f"{name}.nc"', '"m_13_4_thread.nc"', "tests/test_posterior.py"),
    "a lost free variable not noticed": ("helpers/posterior.py", "    if missing:", "    if False:", "tests/test_posterior.py"),
    "the recipes in the wrong order": (L04, "gap = mean_p - plug_in", "gap = plug_in - mean_p", TRUTHS),
    "the population averaged over draws": (L05, 'population = new.mean(\\"chimpanzee\\")', 'population = new.mean(\\"draw\\")', TRUTHS),
    "a contrast turned round": (L05, "effect = b_LN - b_RN", "effect = b_RN - b_LN", TRUTHS),
    "the interval's mass": (L05, "[0.055, 0.945]", "[0.025, 0.975]", L05),
    "a printed number changed by hand": (L02, "misses by 0.006", "misses by 0.005", L02),
    "a number in the prose": (L02, "miss by 0.101", "miss by 0.011", NOTEBOOKS),
    "an alt text dropped": (L01, '<img alt=', "<img title=", NOTEBOOKS),
    "an exercise that takes a wrong step for right": ("helpers/exercises/lesson_02.py", "right=mean(a_7 + b_RN),", "right=mean(a_7 + b_RN + a_bar),", EXERCISES),
    "one reply for every wrong step": ("helpers/exercises/engine.py", "if any(_same(exercise, value, route) for route in routes)", "if True", EXERCISES),
    "the exercise's tolerance": ("helpers/exercises/engine.py", "1.0001 * 10.0**", "10.0 * 10.0**", EXERCISES),
    "an exercise's row": ("helpers/exercises/lesson_03.py", "ROW, ROW_OF_SD = 437, 111", "ROW, ROW_OF_SD = 438, 111", ROUTES),
    "a wrong road without its hint": ("helpers/exercises/lesson_02.py", "words.PLUG_IN: of_p(a_6, b_LP)[1:],", "", ROUTES),
    "one of two possible causes named": ("helpers/exercises/engine.py", "if len(found) > 1:", "if False:", ROUTES),
    "another program's table": ("data/stan_m_13_4.csv", "sigma_g,0.202", "sigma_g,0.302", "tests/test_independent.py"),
}  # fmt: skip


def passes(folder, test):
    """Run one test file or notebook in a copy of the repository; tell whether it passed."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "--nbval", test]
    # the copy's helpers come before the installed ones
    environ = {**os.environ, "PYTHONPATH": str(folder), "MPLBACKEND": "agg"}
    return subprocess.run(command, cwd=folder, env=environ, capture_output=True).returncode == 0


def main():
    """Make each mutant in turn; exit with an error if one survives."""
    survivors = []
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / "copy"
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".venv", ".git", "__pycache__"))
        for test in sorted({test for *_, test in MUTANTS.values()}):
            if not passes(copy, test):
                sys.exit(f"{test} fails without any mutant; mend that first.")
        for name, (file, sound, broken, test) in MUTANTS.items():
            path = copy / file
            text = path.read_text(encoding="utf-8")
            if sound not in text:
                sys.exit(f"{name}: {file} no longer holds {json.dumps(sound)}; bring the mutant up to date.")
            path.write_text(text.replace(sound, broken), encoding="utf-8")
            killed = not passes(copy, test)
            path.write_text(text, encoding="utf-8")
            print(f"{'killed  ' if killed else 'SURVIVED'}  {name}  ({test})", flush=True)
            survivors += [] if killed else [name]
    print(f"\n{len(MUTANTS) - len(survivors)} of {len(MUTANTS)} mutants killed")
    sys.exit(1 if survivors else 0)


if __name__ == "__main__":
    main()
