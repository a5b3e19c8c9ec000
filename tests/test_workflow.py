"""The workflow runs what the pages promise, with what it may do stated."""

import re

import pytest
import yaml
from notebook_checks import ROOT

TEXT = (ROOT / ".github/workflows/test.yml").read_text(encoding="utf-8")
WORKFLOW = yaml.safe_load(TEXT)
JOBS = WORKFLOW["jobs"]
ON = WORKFLOW[True]  # YAML reads the key "on" as true
STEPS = [(name, step) for name, job in JOBS.items() for step in job["steps"]]


def commands(job):
    """Return the shell lines of a job, with those of its matrix."""
    rows = job.get("strategy", {}).get("matrix", {}).get("include", [])
    runs = [step["run"] for step in job["steps"] if "run" in step] + [row["command"] for row in rows]
    return [line for run in runs for line in run.splitlines()]


def test_no_commit_is_tested_twice():
    assert ON["push"]["branches"] == ["main"]
    assert {"pull_request", "schedule", "workflow_dispatch"} <= set(ON)
    assert "github.event_name" in WORKFLOW["concurrency"]["group"]


def test_only_publish_may_write():
    assert WORKFLOW["permissions"] == {"contents": "read"}
    given = {name: job["permissions"] for name, job in JOBS.items() if "permissions" in job}
    assert given == {"publish": {"pages": "write", "id-token": "write"}}
    assert JOBS["publish"]["if"] == "github.event_name == 'push'"
    assert {"make", "site"} <= set(JOBS["publish"]["needs"])
    for line in re.findall(r"(?m)^.*: write.*$", TEXT):
        assert " # " in line, f"without a reason: {line}"


@pytest.mark.parametrize("name", JOBS)
def test_each_job_has_a_limit(name):
    assert 10 <= JOBS[name]["timeout-minutes"] <= 40


def test_actions_have_one_major_each():
    used = {step["uses"] for _, step in STEPS if "uses" in step}
    assert all(re.fullmatch(r"[\w-]+/[\w-]+@v\d+", action) for action in used)
    assert len(used) == len({action.partition("@")[0] for action in used}) >= 6


def test_targets_are_in_the_makefile():
    """Those that the workflow runs, by way of .ci/run too."""
    targets = re.findall(r"(?m)^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"))
    lines = [line for job in JOBS.values() for line in commands(job)]
    assert any(".ci/run" in line for line in lines)
    lines += (ROOT / ".ci/run").read_text(encoding="utf-8").splitlines()
    made = [line for line in lines if "apt-get" not in line]
    named = " ".join(re.findall(r"\bmake (?:-C \w+ )?((?:[a-z-]+ ?)+)", "\n".join(made))).split()
    assert {"test", "lint", "book", "test-browser", "test-latest", "programs", "mutants"} <= set(named)
    assert set(named) <= set(targets)


def test_windows_runs_readme_s_lines():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    lines = re.findall(r"(?m)^    (py .+|\.venv\\Scripts.+)$", readme)
    lines += re.findall(r"`(\.venv\\Scripts.+?)`", readme)
    assert len(lines) == 5
    run = commands(JOBS["windows"])
    assert [line.replace("lab --version", "lab") for line in run] == lines


def test_debian_s_user_is_an_ordinary_one():
    assert JOBS["debian"]["container"] == "debian:trixie"
    assert commands(JOBS["debian"])[-1].startswith('su --login learner --command "make ')


def test_dependabot_leaves_python_to_make_lock():
    updates = yaml.safe_load((ROOT / ".github/dependabot.yml").read_text(encoding="utf-8"))["updates"]
    assert {update["package-ecosystem"] for update in updates} == {"github-actions", "npm"}
    (npm,) = [update["directory"] for update in updates if update["package-ecosystem"] == "npm"]
    assert (ROOT / npm.lstrip("/") / "package.json").is_file()
