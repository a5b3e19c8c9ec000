"""The table of programs: complete, found by rules that can fail, and kept where a program is missing."""

import copy
import re
import subprocess
import sys

import notebook_checks as check
import numpy as np
import pandas as pd
import pytest
import yaml

from making import programs

ROOT = check.ROOT

STORED = programs.stored()


@pytest.fixture
def table(tmp_path, monkeypatch):
    """Let the driver write to a copy of the table."""
    path = tmp_path / "programs.csv"
    path.write_bytes(programs.TABLE.read_bytes())
    monkeypatch.setattr(programs, "TABLE", path)
    return path


@pytest.fixture(scope="module")
def pymc():
    """Return what PyMC writes, run here."""
    return programs.collect("PyMC")


def test_every_program_answers_every_question_with_an_allowed_word():
    assert list(STORED.columns) == programs.COLUMNS
    asked = list(zip(STORED["program"], STORED["question"], strict=True))
    assert asked == [(program, question) for program in programs.PROGRAMS for question in programs.QUESTIONS]
    for _, row in STORED.iterrows():
        assert row["answer"] in programs.QUESTIONS[row["question"]], row["question"]
        assert bool(row["call"]) == (row["answer"] != "no such call"), row["question"]
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", row["date"]) and re.match(r"\d+\.\d+", row["version"])


def test_pymc_answers_as_stored(pymc):
    new = programs.rows("PyMC", pymc, "2026-01-01")
    assert not programs.changes("PyMC", new)


# A program without draws, made by hand: seven deviations, six blocks, the intercept 0.6.
DEVIATIONS = np.array([-1.1, 3.5, -1.4, -1.4, -1.1, -0.2, 1.4])
BLOCKS = np.array([-0.04, 0.01, 0.01, 0.0, -0.01, 0.03])


def by_hand(draws=400, seed=1):
    """Return the numbers of a program with draws, in which all is as it should be."""
    rng = np.random.default_rng(seed)
    intercept = rng.normal(0.6, 0.7, draws)
    entries = DEVIATIONS - intercept[:, None] + 0.6 + rng.normal(0, 0.3, (draws, 7))
    block = BLOCKS + rng.normal(0, 0.1, (draws, 6))
    known = intercept[:, None] + entries
    fitted = (known[:, None, :] + block[:, :, None]).reshape(draws, 42)
    sd = np.full(draws, 2.0)
    option = (intercept + block[:, 0])[:, None] + sd[:, None] * rng.normal(size=(draws, 200))
    return {
        "intercept": intercept, "point": "mean", "fixed": intercept[:, None] + [0, 0.6, -0.4, 0.5],
        "fitted": fitted, "entries": entries, "block": block, "sd": sd, "printed": ["0.60", "2.00"],
        "default": {"error": "new levels"}, "option": {"values": option}, "predict": {"values": [0.1]},
        "ranef": entries.mean(axis=0), "coef": known.mean(axis=0), "coef_block": (intercept[:, None] + block).mean(axis=0),
        "coef_as": {"mean of sums": known.mean(axis=0), "sum of medians": known.mean(axis=0) + 0.01},
        "bare": {"coef": entries.mean(axis=0), "fixed": intercept.mean(), "fitted": fitted},
        "calls": dict.fromkeys(["summary", "ranef", "coef", "draws", "intercept", "predict", "default", "option"], "f"),
    }  # fmt: skip


def answers(**changed):
    """Return the answers of the program made by hand, with some of its numbers changed."""
    return {question: answer for question, (_, answer, _) in programs.judge(by_hand() | changed).items()}


def test_the_rules_answer_the_program_made_by_hand():
    assert answers() == {
        "summary": "not shown",
        "ranef": "deviation",
        "coef": "level",
        "draws": "deviation",
        "coef made of": "mean of sums",
        "coef of two groupings": "intercept in each",
        "coef without intercept": "deviation",
        "intercept": "reference treatment, group in the middle",
        "predict": "predicts",
        "new group": "error",
        "new group, with the option": "fresh draw",
        "new group, with another option": "no such call",
        "two new groups": "separate",
        "200 new groups, averaged": "spread of the population's average",
    }


RAW = by_hand()
MIDDLE = (RAW["intercept"] + RAW["block"][:, 0])[:, None]
SEVEN = RAW["fitted"][:, :7]
PICKED = np.random.default_rng(2).integers(0, 7, (400, 200))
EACH, ONE = (
    np.take_along_axis(SEVEN, which, axis=1) for which in [PICKED, PICKED[:, :1].repeat(200, axis=1)]
)

OTHERWISE = {
    "coef() shows the deviation again": ({"coef": RAW["ranef"]}, {"coef": "deviation"}),
    "ranef() shows levels": ({"ranef": RAW["coef"]}, {"ranef": "level"}),
    "ranef() shows neither": ({"ranef": RAW["coef"] * 0.5}, {"ranef": "unclear"}),
    "summary() prints the deviations": (
        {"printed": [f"{value:.4f}" for value in RAW["ranef"]]},
        {"summary": "deviation"},
    ),
    "summary() prints the levels": ({"printed": [f"{value:.4f}" for value in RAW["coef"]]}, {"summary": "level"}),
    "coef() holds medians": ({"coef": RAW["coef"] + 0.01}, {"coef made of": "sum of medians"}),
    "the block's coef() is a deviation": (
        {"coef_block": RAW["block"].mean(axis=0)},
        {"coef of two groupings": "intercept in one"},
    ),
    "treatments coded to sum to zero": (
        {"fixed": RAW["intercept"][:, None] + [-0.2, 0.4, -0.6, 0.4]},
        {"intercept": "average treatment, group in the middle"},
    ),
    "an intercept that rebuilds nothing": ({"block": RAW["block"] + 0.1}, {"intercept": "unclear"}),
    "predict() refuses": ({"predict": {"error": "use another"}}, {"predict": "refuses"}),
    "a new group without a word": ({"default": {"values": MIDDLE[:, 0]}}, {"new group": "deviation of 0"}),
    "a number from outside": (
        {"default": {"values": MIDDLE[:, 0] * 0 + 0.3, "past_the_end": True}},
        {"new group": "stray number"},
    ),
    "a new group of no known kind": ({"default": {"values": MIDDLE[:, 0] + 0.3}}, {"new group": "unclear"}),
    "new groups in the middle": (
        {"option": {"values": MIDDLE.repeat(200, axis=1)}},
        {"new group, with the option": "deviation of 0", "two new groups": "both 0", "200 new groups, averaged": "no spread"},
    ),
    "one borrowed entry for all": (
        {"option": {"values": ONE}},
        {"new group, with the option": "borrowed entry", "two new groups": "the same", "200 new groups, averaged": "spread of one group"},
    ),
    "a borrowed entry for each": (
        {"option": {"values": EACH}},
        {
            "new group, with the option": "borrowed entry",
            "two new groups": "separate",
            "200 new groups, averaged": "spread of the seven's average",
        },
    ),
    "one fresh draw for all": (
        {"option": {"values": RAW["option"]["values"][:, :1].repeat(200, axis=1)}},
        {"new group, with the option": "fresh draw", "two new groups": "the same", "200 new groups, averaged": "spread of one group"},
    ),
    "the option is gone": (
        {"option": {"error": "unexpected keyword"}},
        {"new group, with the option": "error", "two new groups": "unclear"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", OTHERWISE)
def test_the_rules_see_what_differs(case):
    changed, wanted = OTHERWISE[case]
    usual, now = answers(), answers(**changed)
    assert {question: now[question] for question in wanted} == wanted
    assert any(usual[question] != wanted[question] for question in wanted)


def test_a_program_that_is_not_here_keeps_its_rows(table, monkeypatch, tmp_path, capsys):
    before = table.read_bytes()
    monkeypatch.setenv("PATH", str(tmp_path))  # a machine without R
    assert programs.main(list(programs.IN_R)) == 0
    said = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0] for line in said] == list(programs.IN_R)
    for line in said:
        assert (
            "needs R, which is not on the path" in line
            and "r-cran-" in line
            and line.endswith("stay as they are.")
        )
    assert table.read_bytes() == before


def test_an_r_package_that_is_not_here_keeps_its_rows(table, monkeypatch, tmp_path, capsys):
    (tmp_path / "Rscript").write_text("#!/bin/sh\nexit 1\n")
    (tmp_path / "Rscript").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    before = table.read_bytes()
    assert programs.main(["lme4"]) == 0
    assert "the R packages lme4 and jsonlite are not both installed" in capsys.readouterr().out
    assert table.read_bytes() == before


def test_bambi_that_cannot_be_installed_is_a_warning(table, monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("UV_OFFLINE", "1")
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "empty"))
    monkeypatch.setenv("UV_NO_CONFIG", "1")
    before = table.read_bytes()
    assert programs.main(["--check", "Bambi"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("::warning::Bambi: Bambi could not be installed (")
    assert len(said.splitlines()) == 1
    assert table.read_bytes() == before


def test_a_changed_answer_is_red_and_written_nowhere(table, monkeypatch, pymc, capsys):
    changed = copy.deepcopy(pymc)
    new = np.array(changed["option"]["values"])
    changed["option"]["values"] = new[:, :1].repeat(200, axis=1)
    before = table.read_bytes()
    for wrote, code in [(pymc, 0), (changed, 1)]:
        monkeypatch.setattr(programs, "collect", lambda name, wrote=wrote: wrote)
        assert programs.main(["--check", "PyMC"]) == code
    said = capsys.readouterr().out
    assert "14 answers, 0 changed." in said and "14 answers, 2 changed." in said
    assert "two new groups: the same (stored: separate, version" in said
    assert table.read_bytes() == before


def test_an_answer_that_no_rule_gives_is_not_stored(table, monkeypatch, pymc):
    odd = copy.deepcopy(pymc)
    odd["entries"] = (np.array(odd["entries"]) * 0.5).tolist()
    monkeypatch.setattr(programs, "collect", lambda name: odd)
    before = table.read_bytes()
    assert programs.main(["PyMC"]) == 1
    assert table.read_bytes() == before


def test_a_program_that_fails_is_red_and_the_others_go_on(table, monkeypatch, pymc, capsys):
    def collect(name):
        if name == "lme4":
            raise RuntimeError("programs.R lme4 failed")
        return pymc

    monkeypatch.setattr(programs, "collect", collect)
    assert programs.main(["lme4", "PyMC"]) == 1
    assert "14 answers, 0 changed" in capsys.readouterr().out


def test_renewed_rows_take_the_place_of_the_old_ones(table, monkeypatch, pymc):
    monkeypatch.setattr(programs, "collect", lambda name: pymc | {"version": "99.0"})
    assert programs.main(["PyMC"]) == 0
    new = pd.read_csv(table, dtype=str, keep_default_na=False)
    assert list(new["program"]) == list(STORED["program"])
    assert set(new.loc[new["program"] == "PyMC", "version"]) == {"99.0"}
    pd.testing.assert_frame_equal(new[new["program"] != "PyMC"], STORED[STORED["program"] != "PyMC"])


def test_an_unknown_program_is_named():
    answer = subprocess.run(
        [sys.executable, "-m", "making.programs", "Stata"], cwd=ROOT, capture_output=True, text=True
    )
    assert answer.returncode == 1 and answer.stderr.startswith("Unknown: Stata. Expected some of: PyMC, lme4")


def test_the_weekly_run_checks_bambi():
    text = (ROOT / ".github" / "workflows" / "test.yml").read_text(encoding="utf-8")
    weekly = yaml.safe_load(text)["jobs"]["weekly"]
    assert "github.event_name == 'schedule'" in weekly["if"]
    commands = [row["command"] for row in weekly["strategy"]["matrix"]["include"]]
    assert 'make programs PROGRAMS="--check Bambi"' in commands
    assert "making.programs $(PROGRAMS)" in (ROOT / "Makefile").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["lme4_m_13_4", "stan_m_13_4"])
def test_each_table_from_r_has_the_script_that_makes_it(name):
    script = (ROOT / "making" / f"{name}.R").read_text(encoding="utf-8")
    assert f'write.csv(table, "data/{name}.csv"' in script
    assert "data/chimpanzees.csv" in script
    assert f"Rscript making/{name}.R" in (ROOT / "data" / "README.md").read_text(encoding="utf-8")


def test_one_program_in_stan_serves_both_scripts():
    scripts = {path.name: path.read_text(encoding="utf-8") for path in ROOT.glob("*/*.R")}
    reading = {name for name, text in scripts.items() if '"making/m_13_4.stan"' in text}
    assert reading == {"fit_stan.R", "stan_m_13_4.R"}
    assert not any("parameters {" in text for text in scripts.values())
