"""Break what the series states, one thing at a time, and see that a test notices each (`make mutants`).

Each mutant is made in a copy of the repository. Only the test that should catch it is run, first
on the sound copy, where it must pass, and then on the broken one, where it must fail. Two copies
are worked on at once.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from difflib import get_close_matches
from pathlib import Path
from queue import SimpleQueue

from making.lesson_cells import ROOT

NB = "notebooks/"
L01, L02, L03, L04, L05, L06, L07, L08 = (
    NB + name
    for name in [
        "01_fitting_m_13_4.ipynb",
        "02_hyperparameters_and_intercepts.ipynb",
        "03_rebuilding_p.ipynb",
        "04_jensens_gap.ipynb",
        "05_new_actors_and_contrasts.ipynb",
        "06_your_turn.ipynb",
        "07_first_tables.ipynb",
        "08_your_own.ipynb",
    ]
)
TRUTHS, NOTEBOOKS, EXERCISES, ROUTES, TABLES, PAGE = (
    "tests/test_exact_truths.py",
    "tests/test_notebooks.py",
    "tests/test_exercises.py",
    "tests/test_routes.py",
    "tests/test_stored_tables.py",
    "tests/test_predictions_page.py",
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
    # stored tables, and what other programs answered
    "a left-out actor that is not left out": (L02, "each.sum(axis=0) - each ", "each.sum(axis=0) - 0 * each ", TRUTHS),
    "a prior of the ladder's model": (L02, 'b = pm.Normal(\\"b\\", 0.0, 0.5, shape=4)', 'b = pm.Normal(\\"b\\", 0.0, 0.8, shape=4)', TABLES),
    "a variant without its population": (L03, '{\\"a_sd\\": 3.0}', '{\\"a_sd\\": 4.0}', TABLES),
    "effects that do not vary": (L05, "own = pm.Deterministic(", "own = 0 * pm.Deterministic(", TABLES),
    "an answer of another program": ("data/programs.csv", "lme4,1.1-31,2026-11-25,ranef,ranef(fit)$actor,deviation", "lme4,1.1-31,2026-11-25,ranef,ranef(fit)$actor,sum", "tests/test_programs.py"),
    # figures, compared by what they draw
    "a mark of the gap's figure": (L04, "for value, style, name in [(plug,", "for value, style, name in [(plug + 0.03,", L04),
    "the last bin of p": (L04, "ax.stairs(bars, edges,", "ax.stairs(bars[:-1], edges[:-1],", "tests/test_figure_of_the_gap.py"),
    "a tank in the wrong place": (L06, "p_median[order],", "p_median[order] + 0.02,", L06),
    "a blurred figure": ("helpers/figures.py", "dpi=150", "dpi=50", "tests/test_figures.py"),
    "a description that sees no colour": ("helpers/drawn.py", "to_rgba_array(colour, alpha)", 'to_rgba_array("k")', "tests/test_drawn.py"),
    # the page
    "a heading that others link to": ("notebooks/00_start_here.ipynb", "## Glossary", "## Words", NOTEBOOKS),
    "a heading with the answer": (L02, "## One coefficient alone says little", "## One coefficient alone says little: sd 0.31", PAGE),
    "a prediction without tokens": (L03, '\"tokens\"', '\"words\"', PAGE),
    "an open fold": ("helpers/folds.py", "<details><summary>", "<details open><summary>", "tests/test_folds.py"),
    "a prediction told too low": ("helpers/predictions.py", 'return f"Not yet. {hints[0]} {COMPARE}" if hints else f"Not yet. {COMPARE}"', "return sentence", "tests/test_predictions.py"),
    "the poll's key": ("helpers/poll.py", '        "B",\n        "lesson 02: a_bar is inside a[0], and the formula of p adds nothing but a, g and b"', '        "C",\n        "lesson 02: a_bar is inside a[0], and the formula of p adds nothing but a, g and b"', "tests/test_poll.py"),
    # a stored p at its word
    "the safe way with one variable missing": (L05, '\\"sigma_g\\", \\"a\\", \\"z\\", \\"b\\"]', '\\"sigma_g\\", \\"a\\", \\"b\\"]', L05),
    # machines and the class
    "a reader's own display settings": ("helpers/settings.py", '    pd.reset_option("display")\n', "", "tests/test_settings.py"),
    "more survivors than tadpoles": ("helpers/data.py", 'd["surv"] > d["density"]', 'd["surv"] > 99', "tests/test_data.py"),
    "a file of one's own left open": ("helpers/own.py", "return stored.load()", "return stored", "tests/test_own.py"),
    "any name on the hub": ("classroom/signup.py", "[a-z][a-z0-9_-]{0,30}", ".*", "tests/test_classroom.py"),
    "the hub's memory limit": ("classroom/start_server.py", 'if "HUB_MEMORY" in os.environ:', 'if "HUB_MEMORY" in {}:', "tests/test_classroom.py"),
    "a cut-point's sign": (L07, "shares(cuts - (warm_term + judge))", "shares(cuts + (warm_term + judge))", L07),
    "another prior in lesson 07": (L07, "tau = pm.HalfCauchy(\\\"tau\\\", 5)", "tau = pm.HalfCauchy(\\\"tau\\\", 2)", "tests/test_posterior.py"),
    "another fit behind a print": ("data/printed/wine_ordinal.txt", "2|3   1.5134", "2|3   1.6134", "tests/test_first_tables.py"),
    "a belief of 07 not named": ("helpers/exercises/lesson_07.py", "TAU: [mean(mu + t_c), two[0] + two[2]],", "TAU: [],", ROUTES),
    "a sum told without rebuilding": ("helpers/read/sums.py", "        if not _rebuilt(expression, probe, found, steps):", "        if False:", "tests/test_read_table.py"),
    "what is subtracted said to be added": ("helpers/read/sentences.py", "if piece not in row.minus]", "]", "tests/test_zoo.py"),
    "a deviation called a level": ("helpers/read/roles.py", '"deviation"', '"level"', "tests/test_zoo.py"),
    "a pickle not refused": ("helpers/own.py", 'KINDS = {', 'KINDS = {} and {', "tests/test_own.py"),
    "a file read in the wrong way": (L08, '\\"standardised\\": centre + spread * shift', '\\"standardised\\": centre + shift', L08),
    "another model in lesson 08": (L08, "tau = pm.HalfCauchy(", "tau = pm.HalfNormal(", "tests/test_posterior.py"),
    "a role that differs not listed": ("helpers/worksheet.py", "        if role not in accepted:", "        if role is None:", "tests/test_worksheet.py"),
    "a credible interval taken for a kind": ("helpers/worksheet.py", 'r"equal[- ]tailed|', 'r"credible|equal[- ]tailed|', "tests/test_worksheet.py"),
    "another program's table": ("data/stan_m_13_4.csv", "sigma_g,0.202", "sigma_g,0.302", "tests/test_independent.py"),
    # SITE
    "a decimal comma read as two numbers": ("helpers/exercises/forms.py", '        [_COMMA, "(?:;|, | and | to | )"],\n', "", "tests/test_site.py"),
    "what a reader typed becomes markup": ("classroom/site/static/course.js", "made.textContent = text", "made.innerHTML = text", "tests/test_site.py"),
    "an exercise without its draws on the page": ("classroom/site/answers.py", "return number in NEEDS or", "return", "tests/test_site.py"),
    "draws packed too coarsely": ("classroom/site/answers.py", "/ 65535", "/ 655", "tests/test_site.py"),
}  # fmt: skip

# a printed table that is read
PRINTED = {
    "a variance called an sd": ("helpers/printed/patterns.json", '"population variance", "variance Sigma"', '"population sd", "sd named"', "tests/test_read_printed.py"),
    "coef() read as ranef()": ("helpers/printed/patterns.json", '"coef": "^attr', '"ranef": "^attr', "tests/test_read_printed.py"),
    "levels taken for effects": ("helpers/printed/roles.py", "not self.intercept and x == self.full", "self.intercept and x == self.full", "tests/test_read_printed.py"),
}  # fmt: skip
MUTANTS |= PRINTED

HUB = {
    "people let in by a link": ("classroom/signup.py", "raise HTTPError(405, BY_POST)", "return await self.post(name)", "tests/test_classroom.py"),
    "a teacher whom the room can lock out": ("classroom/signup.py", "return known or handler", "return handler", "tests/test_classroom.py"),
    "a tally that follows links": ("classroom/tally.py", "os.O_NOFOLLOW | os.O_NONBLOCK", "os.O_NONBLOCK", "tests/test_tally.py"),
    "a tally that shows what a student wrote": ("classroom/tally.py", "known[number](sentence) or UNKNOWN", "known[number](sentence) or sentence", "tests/test_tally.py"),
}  # fmt: skip
MUTANTS |= HUB


def passes(folder, test):
    """Run one test file or notebook in a copy of the repository; tell whether it passed."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "--nbval", test]
    # the copy's helpers come before the installed ones
    environ = {**os.environ, "PYTHONPATH": str(folder), "MPLBACKEND": "agg"}
    return subprocess.run(command, cwd=folder, env=environ, capture_output=True).returncode == 0


def survives(copy, file, sound, broken, test):
    """Break one thing in a copy; tell whether its test passes all the same."""
    path = copy / file
    text = path.read_text(encoding="utf-8")
    if sound not in text:
        raise LookupError(f"{file} no longer holds {json.dumps(sound)}; bring the mutant up to date.")
    path.write_text(text.replace(sound, broken), encoding="utf-8")
    survived = passes(copy, test)
    path.write_text(text, encoding="utf-8")
    return survived


def main(names):
    """Make the named mutants, or all; exit with an error if one survives, or if there is no such name."""
    names = [name.strip() for given in names for name in given.split(";")]
    if unknown := [name for name in names if name not in MUTANTS]:
        near = get_close_matches(unknown[0], MUTANTS)
        closest = f" Did you mean: {'; '.join(near)}?" if near else ""
        sys.exit(f"There is no mutant {unknown[0]!r} in studies/mutants.py.{closest}")
    wanted = {name: mutant for name, mutant in MUTANTS.items() if not names or name in names}
    with tempfile.TemporaryDirectory() as scratch, ThreadPoolExecutor(2) as workers:
        copies = SimpleQueue()
        for k in range(2):
            copy = Path(scratch) / f"copy {k}"
            shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".venv", ".git", "__pycache__", ".hub"))
            copies.put(copy)

        def in_a_copy(work, *given):
            copy = copies.get()
            try:
                return work(copy, *given)
            finally:
                copies.put(copy)

        tests = sorted({test for *_, test in wanted.values()})
        print(
            f"{len(tests)} tests on the sound course, then {len(wanted)} mutants, two at a time", flush=True
        )
        sound = list(workers.map(lambda test: in_a_copy(passes, test), tests))
        if failing := [test for test, passed in zip(tests, sound, strict=True) if not passed]:
            sys.exit(f"These fail without any mutant. Fix them first: {', '.join(failing)}")
        survivors = []
        results = {name: workers.submit(in_a_copy, survives, *mutant) for name, mutant in wanted.items()}
        for name, result in results.items():
            try:
                survivors += [name] if result.result() else []
            except LookupError as stale:
                sys.exit(f"{name}: {stale}")
            print(
                f"{'SURVIVED' if name in survivors else 'killed  '}  {name}  ({wanted[name][-1]})", flush=True
            )
    print(f"\n{len(wanted) - len(survivors)} of {len(wanted)} mutants killed")
    sys.exit(1 if survivors else 0)


if __name__ == "__main__":
    main(sys.argv[1:])
