"""Ask other programs about the chimpanzees, and store what each answers (`make programs`).

    make programs                                  run what is here, renew its rows of data/programs.csv
    make programs PROGRAMS="lme4 Bambi"            only these
    make programs PROGRAMS="--check Bambi"         compare the answers with the stored ones, write nothing

The scripts programs.R and programs_python.py fit the model and write numbers; every answer is found here,
by number, with the same rules for all programs. A program that is not on this machine is named in one
sentence, and its rows stay as they are, with their date. Bambi gets an environment of its own, in a
temporary folder, with its newest release. --check ends with code 1 when an answer has changed, and with a
warning and code 0 when the program is not here.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "data" / "programs.csv"
COLUMNS = ["program", "version", "date", "question", "call", "answer", "evidence"]

IN_R = {
    "lme4": "r-cran-lme4",
    "glmmTMB": "r-cran-glmmtmb",
    "rstanarm": "r-cran-rstanarm",
    "brms": "r-cran-brms, r-cran-bh",
}
PROGRAMS = ["PyMC", *IN_R, "Bambi"]

ENTRY = ["level", "deviation", "not shown", "no such call"]
NEW_GROUP = ["error", "deviation of 0", "fresh draw", "borrowed entry", "stray number", "no such call"]
# question: the words that can be its answer ("unclear", which the rules give too, is never stored)
QUESTIONS = {
    "summary": ENTRY,
    "ranef": ENTRY,
    "coef": ENTRY,
    "draws": ENTRY,
    "coef made of": ["sum of estimates", "sum of medians", "median of sums", "mean of sums", "no such call"],
    "coef of two groupings": ["intercept in each", "intercept in one", "no such call"],
    "coef without intercept": ENTRY,
    "intercept": [
        "reference treatment, group in the middle",
        "average treatment, group in the middle",
        "no intercept",
    ],
    "predict": ["predicts", "refuses", "no such call"],
    "new group": NEW_GROUP,
    "new group, with the option": NEW_GROUP,
    "new group, with another option": NEW_GROUP,
    "two new groups": ["the same", "separate", "both 0"],
    "200 new groups, averaged": [
        "spread of one group",
        "spread of the seven's average",
        "spread of the population's average",
        "no spread",
    ],
}
EXACT = 1e-6  # what is added up in double precision


class NotHere(Exception):
    """A program that this machine does not have; the message says what to install."""


def matrix(raw, name):
    """Return what a program wrote as an array with a row per draw."""
    values = np.asarray(raw[name], dtype=float)
    return values.reshape(-1, 1) if values.ndim < 2 else values


def point(raw, draws):
    """Return a program's own summary of draws: their median or mean (the same for one row)."""
    return np.median(draws, axis=0) if raw["point"] == "median" else np.mean(draws, axis=0)


def by_group(raw, fitted):
    """Return the fitted values in R/N of the seven actors, averaged over the six blocks."""
    return point(raw, np.asarray(fitted, dtype=float).reshape(-1, 6, 7).mean(axis=1))


def entry(values, fitted, added, rest=0.0):
    """Tell level from deviation: which is the fitted value, the entry alone or with the intercept added."""
    values = np.asarray(values, dtype=float)
    alone = abs(values + rest - fitted).mean()
    with_it = abs(values + added + rest - fitted).mean()
    evidence = (
        f"from the fitted values: alone {alone:.2f}, with the intercept {with_it:.2f}; sum {values.sum():.2f}"
    )
    if alone < with_it / 3:
        return "level", evidence
    if with_it < alone / 3:
        return "deviation", evidence
    return "unclear", evidence


def found(values, shown):
    """Return whether each value is among the numbers that were printed, at their rounding."""
    numbers = [
        (float(text), 0.51 * 10.0 ** -len(text.partition(".")[2])) for text in shown if "e" not in text
    ]
    numbers = [(number, max(half, EXACT)) for number, half in numbers if half < 0.01]
    return all(any(abs(value - number) <= half for number, half in numbers) for value in values)


def new_group(raw, answer):
    """Tell what a prediction for one new group is, from its draws beside those of the known groups."""
    if "error" in answer:
        return "error", answer["error"].replace("\n", " ")
    values = np.asarray(answer["values"], dtype=float)
    values = values.reshape(-1) if values.ndim < 2 else values[:, 0]
    deviation = deviations(raw, values[:, None])[:, 0]
    known = matrix(raw, "fitted")[:, :7]
    borrowed = (abs(values[:, None] - known).min(axis=1) < 1e-4).mean()
    in_sds = deviation / matrix(raw, "sd")[:, 0]
    if abs(deviation).max() < EXACT:
        return "deviation of 0", f"largest deviation {abs(deviation).max():.0e}"
    evidence = f"an existing group's value in {borrowed:.0%} of the draws; deviation / sd of the groups has sd {in_sds.std():.2f}"
    if borrowed == 1:
        return "borrowed entry", evidence
    if answer.get("past_the_end"):  # not 0, not borrowed, and nothing that the model could have drawn
        return "stray number", "no error, and neither 0 nor an existing group's entry"
    if borrowed < 0.02 and 0.8 < in_sds.std() < 1.2 and abs(in_sds.mean()) < 0.2:
        return "fresh draw", evidence
    return "unclear", evidence


def deviations(raw, values):
    """Return how far predictions in R/N, block 1, are from the group in the middle, draw by draw."""
    rest = matrix(raw, "rest") if "rest" in raw else 0.0
    return values - matrix(raw, "intercept") - rest - matrix(raw, "block")[:, :1]


def judge(raw):
    """Find every answer of one program in the numbers that it wrote.

    Parameters
    ----------
    raw : dict
        What programs.R or programs_python.py wrote.

    Returns
    -------
    dict
        For each question of QUESTIONS the call, the answer and the evidence.
    """
    calls = raw["calls"]
    added = point(raw, matrix(raw, "intercept"))[0]
    rest = point(raw, matrix(raw, "rest"))[0] if "rest" in raw else 0.0
    fitted = by_group(raw, raw["fitted"])
    nothing = ("", "no such call", "")
    answers = dict.fromkeys(QUESTIONS, nothing)

    means = [raw[name] for name in ["entries_mean", "entries_median", "ranef"] if name in raw]
    shown = next(
        (
            values
            for values in [*means, raw.get("coef")]
            if values is not None and found(values, raw["printed"])
        ),
        None,
    )
    answers["summary"] = (
        (calls["summary"], *entry(shown, fitted, added, rest))
        if shown is not None
        else (calls["summary"], "not shown", "no entry of the seven actors among the numbers printed")
    )
    for question in ["ranef", "coef"]:
        if question in raw:
            answers[question] = (calls[question], *entry(raw[question], fitted, added, rest))
    if "draws" in calls:
        answers["draws"] = (calls["draws"], *entry(point(raw, matrix(raw, "entries")), fitted, added, rest))

    if "coef" in raw:
        coef = np.asarray(raw["coef"])
        off = {name: abs(coef - values).max() for name, values in raw["coef_as"].items()}
        best = min(off, key=off.get)
        told = "; ".join(f"{name}: off by {value:.4f}" for name, value in off.items())
        answers["coef made of"] = (calls["coef"], best if off[best] < EXACT else "unclear", told)

        first = point(raw, matrix(raw, "fitted"))[0]
        twice = coef[0] + raw["coef_block"][0] - first
        word = "intercept in each" if abs(twice - added) < abs(added) / 3 else "unclear"
        word = "intercept in one" if abs(twice) < abs(added) / 3 else word
        told = f"actor 1 and block 1 added: {twice:.2f} above the fitted value; intercept {added:.2f}"
        answers["coef of two groupings"] = (f"{calls['coef']} + the same for block", word, told)

        bare = raw["bare"]
        answers["coef without intercept"] = (
            f"{calls['coef']}, with 0 + treatment in the formula",
            *entry(bare["coef"], by_group(raw, bare["fitted"]), bare["fixed"]),
        )

    answers["intercept"] = (calls["intercept"], *intercept(raw))
    if "predict" in raw:
        refused = raw["predict"].get("error", "").replace("\n", " ")
        answers["predict"] = (calls["predict"], "refuses" if refused else "predicts", refused)
    for question, name in [
        ("new group", "default"),
        ("new group, with the option", "option"),
        ("new group, with another option", "other"),
    ]:
        if name in raw:
            answers[question] = (calls[name], *new_group(raw, raw[name]))
    answers["two new groups"], answers["200 new groups, averaged"] = (
        (calls["option"], *answer) for answer in several(raw, raw["option"])
    )
    for question, note in notes(raw).items():
        call, word, told = answers[question]
        answers[question] = (call, word, f"{told}; {note}" if told else note)
    return answers


def intercept(raw):
    """Tell what the intercept means, by rebuilding one fitted value in every draw."""
    start, block, first = (
        matrix(raw, "intercept")[:, 0],
        matrix(raw, "block")[:, 0],
        matrix(raw, "fitted")[:, 0],
    )
    actor = matrix(raw, "entries")[:, 0]
    if "rest" in raw:
        off = abs(actor + block + matrix(raw, "rest")[:, 0] - first).max()
        told = f"actor 1 in block 1 rebuilt without it: off by at most {off:.0e}; with it by {abs(start).mean():.2f} on average"
        return ("no intercept" if off < 1e-3 else "unclear"), told
    fixed = matrix(raw, "fixed")
    off = abs(start + actor + block - first).max()
    told = f"intercept + deviations of actor 1 and block 1, rebuilt: off by at most {off:.0e}"
    for word, middle in [("reference", fixed[:, 0]), ("average", fixed.mean(axis=1))]:
        if off < EXACT and abs(start - middle).max() < EXACT:
            return f"{word} treatment, group in the middle", told
    return "unclear", told


def several(raw, answer):
    """Tell whether new groups predicted together differ within a draw, and what averaging 200 gives."""
    if "error" in answer:
        return [("unclear", "error")] * 2
    new = np.asarray(answer["values"], dtype=float)
    two = deviations(raw, new[:, :2])
    if abs(two).max() < EXACT:
        return [("both 0", ""), ("no spread", "")]
    equal = (abs(two[:, 0] - two[:, 1]) < EXACT).mean()
    word = "the same" if equal == 1 else "separate" if equal < 0.5 else "unclear"
    first = word, f"equal in {equal:.0%} of the draws; correlation {np.corrcoef(two.T)[0, 1]:.2f}"

    p_new, p_seven = (
        1 / (1 + np.exp(matrix(raw, "block")[:, :1] - eta)) for eta in [new, matrix(raw, "fitted")[:, :7]]
    )
    one, many, seven = p_new[:, 0].std(), p_new.mean(axis=1).std(), p_seven.mean(axis=1).std()
    if many > 0.95 * one:
        word = "spread of one group"
    elif many < 1.5 * seven:
        word = "spread of the seven's average"
    else:
        word = "spread of the population's average" if many < 0.6 * one else "unclear"
    return [
        first,
        (
            word,
            f"sd of p in R/N: one new group {one:.2f}, average of 200 {many:.2f}, of the seven {seven:.2f}",
        ),
    ]


def notes(raw):
    """Return what a program says or does besides, for the question to which it belongs."""
    found = {}
    if warning := raw.get("warning", ""):
        found["new group"] = f"warning: {warning.splitlines()[0]}"
    if warning := raw["option"].get("warning", ""):
        found["new group, with the option"] = f"warning: {warning}"
    if "setting" in raw:
        found["new group, with the option"] = f"sample_new_levels is {raw['setting']!r} by default"
    if "other" in raw:
        found["new group, with another option"] = "two: {}; 200 averaged: {}".format(
            *(told for _, told in several(raw, raw["other"]))
        )
    if "again" in raw:
        same = np.array_equal(raw["again"], raw["default"]["values"])
        found["two new groups"] = f"a second call gives {'the same' if same else 'other'} draws"
    if "note" in raw:
        found["intercept"] = raw["note"]
    return found


def run(command, what):
    """Run a script to its end, or say what failed with its last lines."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{what} failed:\n{(done.stdout + done.stderr)[-1500:]}")


def ask_in_r(name, folder):
    """Run programs.R for one package, where R and the package are installed."""
    if not shutil.which("Rscript"):
        raise NotHere(f"{name} needs R, which is not on the path (Debian: r-base-core, {IN_R[name]})")
    has = f"quit(status = !all(sapply(c('{name}', 'jsonlite'), requireNamespace, quietly = TRUE)))"
    if subprocess.run(["Rscript", "-e", has], capture_output=True).returncode:
        raise NotHere(
            f"the R packages {name} and jsonlite are not both installed (Debian: {IN_R[name]}, r-cran-jsonlite)"
        )
    answers = Path(folder) / "answers.json"
    run(["Rscript", "making/programs.R", name, answers], f"programs.R {name}")
    return answers


def ask_in_python(name, folder):
    """Run programs_python.py, for Bambi with its newest release in an environment made for it."""
    python, answers = sys.executable, Path(folder) / "answers.json"
    if name == "Bambi":
        python = str(Path(folder) / "bambi" / "bin" / "python")
        uv = [sys.executable, "-m", "uv"]
        for command in [
            [*uv, "venv", "--quiet", "--python", sys.executable, f"{folder}/bambi"],
            [*uv, "pip", "install", "--quiet", "--python", python, "bambi"],
        ]:
            done = subprocess.run(command, capture_output=True, text=True)
            if done.returncode:
                raise NotHere(f"Bambi could not be installed ({' '.join(done.stderr.split())[:200]})")
    run([python, "-m", "making.programs_python", name, answers], f"programs_python.py {name}")
    return answers


def collect(name):
    """Return the numbers that a program writes about the chimpanzees; raise NotHere without it."""
    with tempfile.TemporaryDirectory() as folder:
        answers = (ask_in_r if name in IN_R else ask_in_python)(name, folder)
        return json.loads(answers.read_text(encoding="utf-8"))


def rows(name, raw, date):
    """Return a program's rows of the table."""
    answers = judge(raw)
    return [
        dict(zip(COLUMNS, [name, raw["version"], date, question, call, answer, evidence], strict=True))
        for question, (call, answer, evidence) in answers.items()
    ]


def stored():
    """Return the table as it is stored, all of it text."""
    if not TABLE.exists():
        return pd.DataFrame(columns=COLUMNS)
    return pd.read_csv(TABLE, dtype=str, keep_default_na=False)


def changes(name, new):
    """Return a sentence for each answer of a program that is not the stored one."""
    table = stored().query("program == @name").set_index("question")
    told = []
    for row in new:
        old = (
            table.loc[row["question"]]
            if row["question"] in table.index
            else {"answer": "nothing", "version": "none"}
        )
        if row["answer"] != old["answer"]:
            told.append(
                f"{name} {row['version']}, {row['question']}: {row['answer']} (stored: {old['answer']}, version {old['version']})."
            )
    return told


def save(name, new):
    """Put a program's new rows into the table, in place of its old ones."""
    table = stored()
    table = pd.concat([table[table["program"] != name], pd.DataFrame(new)])
    order = table["program"].map(PROGRAMS.index)
    table = table.assign(order=order).sort_values("order", kind="stable")[COLUMNS]
    partial = TABLE.with_suffix(".partial")
    table.to_csv(partial, index=False, lineterminator="\n")
    partial.replace(TABLE)


def main(arguments):
    """Renew the rows of the programs that are here, or only compare; return the exit code."""
    check = "--check" in arguments
    names = [argument for argument in arguments if argument != "--check"] or PROGRAMS
    if unknown := set(names) - set(PROGRAMS):
        sys.exit(f"Unknown: {', '.join(sorted(unknown))}. Expected some of: {', '.join(PROGRAMS)}.")
    code = 0
    for name in names:
        try:
            new = rows(name, collect(name), datetime.now(UTC).date().isoformat())
        except NotHere as missing:
            print(
                f"{'::warning::' if check else ''}{name}: {missing}; its rows stay as they are.", flush=True
            )
            continue
        except RuntimeError as failed:
            print(f"{name}: {failed}", flush=True)
            code = 1
            continue
        changed = changes(name, new)
        unclear = [row["question"] for row in new if row["answer"] not in QUESTIONS[row["question"]]]
        print(
            f"{name} {new[0]['version']}: {len(new)} answers, {len(changed)} changed.",
            *changed,
            sep="\n  ",
            flush=True,
        )
        if unclear:
            print(f"{name}: no rule answers {', '.join(unclear)}; nothing is stored.", flush=True)
        elif not check:
            save(name, new)
        code = 1 if unclear or (check and changed) else code
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
