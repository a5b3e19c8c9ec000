"""Lesson 08's two answers: the reader's roles against those of `read_table`, and what a sentence does not say."""

import pandas as pd
import pytest
from notebook_checks import ROOT
from zoo_unseen import UNSEEN

from helpers import read_table
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


def test_the_middle_of_a_nesting_may_be_called_a_mean_or_a_level():
    model = UNSEEN["matryoshka"].build()
    table = read_table(model)
    for role in ["population mean", "level"]:
        assert compare_roles({"school": role, "district": role}, table).empty
    assert list(compare_roles({"mu": "population mean", "classroom": "level"}, table).index) == [
        "classroom",
        "mu",
    ]


@pytest.mark.parametrize(
    "words, role",
    [
        ("residual standard deviation", "noise"),
        ("degrees of freedom", "shape"),
        ("Cholesky factor", "correlation factor"),
        ("group SD", "population sd"),
        ("overall mean", "population mean"),
    ],
)
def test_more_words_of_readers_are_understood(words, role):
    table = TABLE.assign(role=role)
    assert compare_roles({"a": words}, table).empty


@pytest.mark.parametrize(
    "words, says",
    [
        ("varying slopes", "Is it a level or a deviation?"),
        ("hyper-parameter", "Is it a population mean or a population sd?"),
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

# as people write in papers
SENTENCES += [
    (
        "Holding county fixed, houses measured on the ground floor had log radon levels 0.67 lower than basements (posterior median −0.67; 95% HDPI −0.81 to −0.53).",
        "",
    ),
    ("Each extra day of sleep deprivation slowed the average subject by 10.5 ms (SE 1.5).", "uncertain"),
    ("The posterior mean difference was 4.2 kg (95% CrI 1.1–7.3).", "held kind"),
    ("Adjusted for age and sex, the odds ratio for smoking was 2.31 (95% CrI: 1.40, 3.82).", "kind"),
    (
        "After adjusting for maternal IQ, children of high-school graduates scored 5.9 points higher [95% ETI: 1.5, 10.3].",
        "",
    ),
    ("β = 0.34, 95% CI [0.12, 0.56], p = .003.", "scale held kind"),
    (
        "The treatment increased the probability of survival by 12 percentage points (90% HDI 3 to 21), averaging over hospitals.",
        "",
    ),
    (
        "Conditional on site, expected abundance was 2.1 times higher in burned plots (95% equal-tailed credible interval 1.2–3.9).",
        "",
    ),
    ("The rate ratio was 0.77 (0.58–1.00).", "held kind mass"),
    (
        "The hazard ratio, controlling for stage and grade, was 1.45 (95% highest posterior density interval: 1.02 to 2.01).",
        "",
    ),
    ("For a typical school, coaching raised SAT scores by 4.4 ± 3.3 points.", "uncertain"),
    ("Effect of elevation: −0.8 on the logit scale (89% CI −1.3, −0.3) with tree cover at its mean.", "kind"),
    ("At the mean of age, weight rises by 0.9 kg per cm (89% compatibility interval 0.82 to 0.99).", "kind"),
    ("Compared with control plots in the same year, bird density was 35% lower (95% BCI 20–47%).", "kind"),
    (
        "The proportion of correct answers rose by 0.09 for the median participant (94% HDI of the difference: 0.03, 0.15).",
        "",
    ),
    (
        "The effect of X on Y was 0.25 standard deviations (95% quantile-based interval 0.10–0.41), controlling for Z.",
        "",
    ),
    (
        "The predicted probability for a 45-year-old woman in Ohio was 0.61 (90% equal-tailed interval: 0.55 to 0.66).",
        "",
    ),
    ("Marginalised over subjects, the proportion correct was 0.83, 95% CI = [0.79, 0.87].", "kind"),
    ("The estimate is 1.2 log units (2.5%–97.5% quantiles 0.4–2.0) at the reference temperature.", ""),
    ("We found a significant positive effect of training (p < 0.05).", "number"),
    (
        "Ceteris paribus, each additional bedroom adds $12,500 to the price (95% HPD interval $8,000 to $17,000).",
        "",
    ),
    (
        "All else being equal, a 10 °C increase lowers the expected count by 18% (95% equal-tailed CrI: 9% to 26%).",
        "",
    ),
    ("At a dose of 5 mg/kg, mortality was 43% (95% HDI 31–56%).", ""),
    ("The random-intercept model gave b = −0.21 (SD = 0.09).", "scale held uncertain"),
    (
        "Within the same litter, treated pups weighed 0.43 g less (95% Bayesian credible interval, computed from the 2.5th and 97.5th percentiles: 0.10 to 0.77).",
        "",
    ),
    ("The intervention reduced blood pressure by 5 mmHg (95% CI 2 to 8).", "held kind"),
    (
        "Relative to January, July sales were multiplied by 1.8 (80% central posterior interval 1.5–2.2) at a constant price.",
        "",
    ),
    ("Across sites, detection probability was 0.37 (95% HPDI 0.28–0.47).", ""),
    ("The intercept was 1.3 (1.1, 1.5).", "scale held kind mass"),
    (
        "In the average village, contraceptive use was higher in urban areas by 0.7 logits (89% percentile interval 0.5 to 0.9).",
        "",
    ),
    ("The interval excludes zero, so the effect is 95% certain.", "number"),
    ("Net of parental income, the gap is 0.12 SD, 95% HDI [0.03, 0.21].", ""),
    (
        "The model estimates 34 extra deaths per 100,000 person-years (95% UI 12–58), age-standardised.",
        "kind",
    ),
    ("Adding one predator multiplies the odds of survival by 0.4 (95% HDI 0.2 to 0.7).", "held"),
    (
        "The difference between the teams was 0.3 goals per match, 95% highest density region 0.1–0.5, when playing at home.",
        "",
    ),
    ("With random effects set to zero, the expected response was 512 ms [95% QI: 489, 536].", ""),
    ("Posterior median 0.53, MAD 0.21.", "scale held uncertain"),
    (
        "The 95% HDI for the log odds ratio, population-averaged, runs from 0.2 to 1.1 around a mean of 0.65.",
        "",
    ),
    ("Controlling for year, yields rose by 0.8 t/ha (95 per cent highest-density interval 0.3 to 1.3).", ""),
    (
        "For every unit increase in income, the expected number of visits decreases by 7% (IRR = 0.93, 95% CrI [0.88, 0.98]).",
        "held kind",
    ),
    ("The effect was small (OR = 1.1, 95% HDI = [0.9–1.3]).", "held"),
    ("The coefficient for floor was -0.69 (sd 0.07).", "scale held uncertain"),
    ("The 89% HPDI of the difference is [0.1, 1.0].", "scale held"),
    ("Given block, the two treatments differ by 1.4 cm (95%-HDI from 0.6 to 2.2 cm).", ""),
    (
        "The probability is 0.34 (equal-tailed 89% interval: 0.26-0.43) for chimpanzee 2 when the prosocial option is on the left.",
        "",
    ),
    ("A one-unit increase in x raised y by 0.3 (95% HDI 0.1 to 0.5), holding z constant.", "scale"),
    ("The fixed effect of training was 3.1 ms (95% HDI 1.0 to 5.2).", "held"),
    ("Given the data and the model, the difference is 4 kg (89% HDI 1 to 7).", "held"),
    ("The two groups differed by 3.2 mm (95% HDI 1.0 to 5.4).", "held"),
    ("The likelihood of survival rose by 3 percentage points at site 4 (95% CI 1 to 5).", "kind"),
    ("At the 90th percentile of income, spending was $40 higher (95% CrI 10 to 70).", "kind"),
    ("M = 4.2 (SD = 1.1), 95% HDI [2.1, 6.3], for the median rater.", "scale"),
    ("Survival was 0.6 logits higher in the central plots of the same year (95% CrI 0.2 to 1.0).", "kind"),
    ("The posterior median was 0.42 g (89% ETI 0.2 to 0.6).", "held"),
    ("In our new study, the effect was 5 cm (89% HPDI 2–8).", "held"),
    (
        "For women aged 30, the expected number of doctor visits was 2.4 a year (95% equal-tailed interval 2.1 to 2.8).",
        "",
    ),
    ("Yield was 12% higher with fertiliser (89% HDI: 4%–20%) in a plot of average soil.", ""),
    ("Net of site effects, density fell by 3.1 birds per hectare (89% ETI −5.0, −1.2).", ""),
    ("The pooled mean across all laboratories is 3.4 °C (66% central credible interval 2.6–4.1 °C).", ""),
    ("With 95% probability, the odds ratio lies between 1.1 and 2.6 for a given actor (equal-tailed).", ""),
    ("The random slope had an SD of 0.3.", "scale held uncertain"),
    ("There were 504 pulls in all; the treatment worked.", "scale held uncertain"),
    ("With all predictors at their means, log wage was 2.9 (95 % HDI: 2.7–3.1).", ""),
    ("The marginal effect of age is 0.4 percentage points per year (95% quantile interval, 0.1 to 0.7).", ""),
    ("Averaging over the posterior, the difference was 0.2 kg (90% HDI 0.1 to 0.3).", "held"),
    (
        "Pooling information across counties, the estimated effect of a basement is −0.69 on the log scale (95% highest posterior density interval, −0.83 to −0.55).",
        "",
    ),
    (
        "Turnout among registered voters in Ohio was estimated at 54% (90% equal-tailed interval, 51% to 57%).",
        "",
    ),
    ("The variance of the random intercepts was 0.8.", "scale held uncertain"),
    ("We estimate that the vaccine reduces the odds of infection by 63% (95% CrI: 51–72).", "held kind"),
    ("For the same pupil, the second item is harder by 1.1 logits (89% HDI [0.7, 1.5]).", ""),
    (
        "Seedlings in gaps grew 2.3 cm more per year than those under canopy (95% quantile interval 1.1–3.4), at average soil moisture.",
        "",
    ),
    (
        "On the probit scale the slope for log dose is 4.1 (95% HDI 3.2, 5.1) in a laboratory of average sensitivity.",
        "",
    ),
    ("Home advantage was worth 0.35 goals (89% HPDI 0.2 to 0.5) against the same opponent.", ""),
    ("Brant, a typical hitter, has a batting probability of 0.28 [89% ETI .24, .33].", ""),
    (
        "Mean reaction times were 512 ms and 540 ms, respectively, a difference of 28 ms, 95% CI [12, 44].",
        "held kind",
    ),
    ("There was strong evidence for an effect, BF10 = 14.2.", "number"),
    ("The estimate was −1.4 (95% interval: −2.3, −0.6).", "scale held kind"),
    (
        "Median survival was prolonged by 3.2 months (95% CrI 0.4–6.0) for patients of the same age and stage.",
        "kind",
    ),
    ("The interaction was −0.12 log-odds units, 95% HDI [−0.31, 0.06], at mean temperature.", ""),
    ("The chance that a new school scores above 600 is 0.12.", "uncertain"),
    ("Rats gained 6.2 g per day on average (95% equal-tailed credible interval 5.9–6.4 g).", ""),
    ("In 2019 and at site Alder, 4.1 species were expected per plot (95% ETI 3.0–5.5).", ""),
    (
        "The difference in means was 0.30 (95 percent central credible interval: .05 to .55) standard deviations for the same teacher.",
        "",
    ),
    (
        "Being female is associated with a 0.4-point higher rating (HDI95% 0.1–0.7), all other covariates being held at their means.",
        "",
    ),
    ("The posterior mean of τ is 3.6 (89% HDI 0.1–7.9).", "scale held"),
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
