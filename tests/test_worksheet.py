"""Lesson 08's two answers: the reader's roles against those of `read_table`, and what a sentence does not say."""

import pandas as pd
import pytest
from notebook_checks import ROOT

from helpers.worksheet import ROLES, check_sentence, compare_roles, missing_in

TABLE = pd.DataFrame(
    [
        ["a_bar", "population mean", True, "a_bar is the population mean of a."],
        ["a", "level", True, "a is a level."],
        ["z", "standardised", True, "z is standardised."],
        ["g", "deviation", False, "g is a deviation, computed from sigma_g and z."],
        ["b", "coefficient", True, "b is a coefficient."],
        ["p", "computed", False, "p is computed."],
    ],
    columns=["name", "role", "free", "sentence"],
).set_index("name")
RIGHT = TABLE["role"].to_dict()


def test_equal_roles_give_no_row():
    table = compare_roles(RIGHT, TABLE)
    assert table.empty
    assert repr(table) == "6 of 6 roles agree."
    assert table._repr_html_() == "<p>6 of 6 roles agree.</p>"


def test_a_role_that_differs_is_listed_with_the_sentence():
    table = compare_roles(RIGHT | {"a": "deviation", "b": "level"}, TABLE)
    assert table.loc["a"].tolist() == ["deviation", "level", "a is a level."]
    assert list(table.index) == ["a", "b"]
    assert table.attrs["health"] == ["4 of 6 roles agree."]


@pytest.mark.parametrize(
    "name, words",
    [
        ("a_bar", "Population mean"),
        ("a_bar", " population  means "),
        ("a", "levels"),
        ("a", "LEVEL."),
        ("z", "standardized"),
        ("z", "standardsed"),
        ("b", "slope"),
        ("g", "computed"),
        ("p", "Deterministic"),
    ],
)
def test_the_words_of_readers_are_understood(name, words):
    assert compare_roles(RIGHT | {name: words}, TABLE).empty


def test_what_is_only_computed_is_not_a_groups_term():
    assert list(compare_roles(RIGHT | {"p": "level"}, TABLE).index) == ["p"]
    assert list(compare_roles(RIGHT | {"a": "computed"}, TABLE).index) == ["a"]


@pytest.mark.parametrize(
    "words, says",
    [
        ("random effect", "Is it a level or a deviation?"),
        ("hyperparameter", "Is it a population mean or a population sd?"),
        ("the thing", "'the thing' is not one of the roles: population mean, "),
        (7, "7 is not one of the roles"),
        (None, "None is not one of the roles"),
        (["level"], "['level'] is not one of the roles"),
        ("<b>level</b>", "is not one of the roles"),
    ],
)
def test_words_that_name_no_role_are_asked_about(words, says):
    table = compare_roles(RIGHT | {"a": words}, TABLE)
    assert says in table.loc["a", "sentence"]
    assert "<b>level" not in table._repr_html_()


def test_what_is_not_answered_yet_is_named():
    assert repr(compare_roles(dict.fromkeys(RIGHT, ...), TABLE)) == "not filled in yet"
    assert (
        repr(compare_roles(RIGHT | {"a": ..., "z": "..."}, TABLE))
        == "4 of 6 roles agree. Not answered yet: a, z."
    )
    missing = {name: role for name, role in RIGHT.items() if name != "p"}
    assert "Not answered yet: p." in repr(compare_roles(missing, TABLE))


def test_an_entry_stands_for_its_name():
    assert compare_roles(RIGHT | {"a[actor 1]": "level"}, TABLE).empty


def test_a_name_with_two_outcomes_may_have_either_role():
    two = pd.concat(
        [TABLE, TABLE.loc[["b"]].assign(role="group-level coefficient", sentence="Here it is one.")]
    )
    assert compare_roles(RIGHT | {"b": "group-level coefficient"}, two).empty
    other = compare_roles(RIGHT | {"b": "noise"}, two)
    assert other.loc["b", "read_table found"] == "coefficient or group-level coefficient"


@pytest.mark.parametrize(
    "mine, words",
    [
        ({"alpha": "level"}, r"The table has no alpha. It has: a_bar, a, z, g, b, p\."),
        ("level", r"This is of type str. Expected: names with roles"),
        (..., r"This is of type ellipsis"),
        (None, r"Expected: names with roles"),
        (TABLE["role"], r"This is of type Series"),
    ],
)
def test_what_cannot_be_compared_is_said_in_one_sentence(mine, words):
    with pytest.raises(ValueError, match=words):
        compare_roles(mine, TABLE)


def test_every_role_that_the_code_can_find_is_known():
    """The roles are written out once more where they are found."""
    source = (ROOT / "helpers" / "read" / "roles.py").read_text(encoding="utf-8")
    written = {role for role in ROLES if f'"{role}"' in source}
    assert written == set(ROLES)
    zoo = (ROOT / "tests" / "zoo.py").read_text(encoding="utf-8")
    rows = [
        row.split("|")
        for row in zoo.splitlines()
        if row.count("|") >= 5 and not row.strip().startswith("A row")
    ]
    by_hand = {role.strip() for row in rows for role in row[1].split("/")}
    assert {"level", "cut-point", "shape"} < by_hand <= set(ROLES)


S, H, U, K, M, N = "scale", "held", "uncertain", "kind", "mass", "number"
WORDS = {
    "What scale": S,
    "What is held": H,
    "How uncertain": U,
    "What kind": K,
    "What is the interval": M,
    "Which number": N,
}
SENTENCES = [
    # all there
    (
        "Food on the left raises the log-odds of a left pull, of the same actor in the same block, by 0.53 (89% equal-tailed interval 0.10 to 0.97).",
        "",
    ),
    (
        "For actor 1 in block 1, the probability of a left pull is 0.34 (posterior mean; 89% equal-tailed interval [0.26, 0.43]).",
        "",
    ),
    (
        "At average baseline and age, the drug multiplies the expected count by 0.77 (mean, 89% ETI 0.58 to 1.00).",
        "",
    ),
    ("The odds ratio is 1.7 (95% highest-density interval 1.1 to 2.6), holding actor and block fixed.", ""),
    (
        "A new chimpanzee's probability of a left pull is 0.57, with an 89% equal-tailed interval from 0.03 to 0.99.",
        "",
    ),
    (
        "Reaction time rises by 10.5 ms per day for the average person (95% quantile interval 7.4 to 13.6).",
        "",
    ),
    (
        "Averaged over the seven actors, the proportion of left pulls is higher by 0.10 (94% HDI: 0.02, 0.18).",
        "",
    ),
    (
        "In tank 12, the probability of survival is 0.47 (median; 5.5th to 94.5th percentile: 0.30 to 0.66).",
        "",
    ),
    (
        "Given the same judge, the log-odds of a higher rating rise by 3.1 (95% profile likelihood interval 2.1 to 4.2).",
        "",
    ),
    ("Marginally over schools, coaching adds 4.4 points (90 % central interval, −1.1 to 9.7).", ""),
    ("With all other terms at 0, the rate is 5.9 per patient (hdi94 4.8 to 7.1).", ""),
    ("The rise was 7 percentage points at the mean age (equal-tailed interval with mass 0.89: 1 to 13).", ""),
    # something is missing
    ("The effect was 0.53 [0.10, 0.97].", "scale held kind mass"),
    ("The partner had an effect of 0.34.", "scale held uncertain"),
    ("Food on the left raises left pulls by 0.53 (89% equal-tailed interval 0.10 to 0.97).", "scale held"),
    (
        "Food on the left raises the log-odds of a left pull by 0.53 (89% equal-tailed interval 0.10 to 0.97).",
        "held",
    ),
    ("For actor 1 in block 1, the value is 0.34 (89% equal-tailed interval 0.26 to 0.43).", "scale"),
    ("For actor 1, the probability of a left pull is 0.34 (CI 0.26 to 0.43).", "kind mass"),
    ("For actor 1, the probability of a left pull is 0.34 (89% CI 0.26 to 0.43).", "kind"),
    ("For actor 1, the probability of a left pull is 0.34 (89% credible interval, 0.26 to 0.43).", "kind"),
    ("For actor 1, the probability of a left pull is 0.34 (equal-tailed interval 0.26 to 0.43).", "mass"),
    ("For actor 1, the probability of a left pull is 0.34.", "uncertain"),
    ("For actor 1, the probability of a left pull is 0.34 with a posterior sd of 0.05.", "uncertain"),
    ("Holding actor and block fixed, the effect is 0.53 (94% HDI 0.09 to 0.96).", "scale"),
    ("The odds ratio is 1.7 (94% HDI 1.1 to 2.6).", "held"),
    ("The odds ratio is 1.7.", "held uncertain"),
    ("Treatment helps.", "number"),
    ("The treatment helps (89% equal-tailed interval).", "number"),
    ("The slope is 10.5 (95% CI 7.4 to 13.6) for person 308.", "scale kind"),
    ("The mean of the population is 0.58 [-0.53, 1.68].", "scale held kind mass"),
    ("The median actor pulls left with probability 0.60 (between 0.34 and 0.84).", "kind mass"),
    ("In the average block the log-odds are -0.67, 89% interval -1.05 to -0.28.", "kind"),
    ("The log-odds are -0.67 (89% HDI -1.05 to -0.28).", "held"),
    ("Das ist 0,34 [0,26; 0,43].", "scale held kind mass"),
]


@pytest.mark.parametrize("sentence, missing", SENTENCES)
def test_what_a_sentence_does_not_say(sentence, missing):
    found = [
        next(kind for words, kind in WORDS.items() if said.startswith(words)) for said in missing_in(sentence)
    ]
    assert found == missing.split()


def test_the_reply_is_one_line_and_never_an_error(capsys):
    def shown(text):
        check_sentence(text)
        return capsys.readouterr().out.strip()

    assert shown(...) == "Your sentence: not answered yet."
    assert shown("  ") == "Your sentence: not answered yet."
    assert shown(SENTENCES[0][0]).startswith("Your sentence: Right. It has a number")
    assert shown("0.53").startswith("Your sentence: Not yet. What scale")
    for odd in [None, 3, ["a"], b"text", pd.Series([1])]:
        assert shown(odd) == "Your sentence: Not yet. Expected: one sentence, in quotes."
    assert shown("a" * 100_000 + " 1 ").startswith("Your sentence: Not yet.")
