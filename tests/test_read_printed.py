"""Printed tables are read: every row of real prints, whole and mutilated, and tables of other kinds refused.

The prints in tests/printed were made by the programs named in their first lines, with making/printed.R and
making/printed_python.py. The roles in tests/printed/expected.csv were written by hand before the code.
"""

import csv
import json
import re
from collections import Counter
from pathlib import Path

import pytest
from zoo import UNTOLD, ZOO
from zoo_public import PUBLIC

from helpers.printed import read_printed

ROOT = Path(__file__).resolve().parent.parent
PRINTED = ROOT / "tests" / "printed"
COLUMNS = ["row", "block", "role", "scale", "sentence"]
ROLES = {
    "intercept", "common effect", "level", "population sd", "population variance", "correlation", "covariance",
    "deviation", "level already summed", "cut-point", "noise", "dispersion", "computed", "standardised", "cannot tell",
}  # fmt: skip


def pasted(path):
    """Return a print without the lines that name its program and call."""
    return "\n".join(
        line for line in path.read_text(encoding="utf-8").split("\n") if not line.startswith("# ")
    )


PRINTS = {path.stem: pasted(path) for path in sorted(PRINTED.glob("*.txt"))}
with (PRINTED / "expected.csv").open(encoding="utf-8") as file:
    LINES = list(csv.DictReader(file, delimiter=";"))
EXPECTED = {line["print"]: [one for one in LINES if one["print"] == line["print"]] for line in LINES}


def told(text):
    """Return rows as (block, role, scale, row), or None if the text is refused in words."""
    try:
        table = read_printed(text)
    except ValueError as refusal:
        assert str(refusal).endswith(".") and len(str(refusal)) < 250
        return None
    return [(r.block, r.role, r.scale or "", r.row) for r in table.itertuples()]


def test_every_print_has_expected_roles_and_there_are_enough():
    assert set(PRINTS) == set(EXPECTED)
    assert len(PRINTS) >= 30


@pytest.mark.parametrize("name", EXPECTED)
def test_every_row_of_a_print_has_the_role_that_was_written_by_hand(name):
    rows = told(PRINTS[name])
    left = Counter(rows)
    for line in EXPECTED[name]:
        place = (line["block"], line["role"], line["scale"])
        many = re.search(r"^all (\d+)$|, (\d+) rows$", line["rows"])
        if many:
            there = [row for row in left if row[:3] == place]
            assert sum(left[row] for row in there) >= int(many[1] or many[2]), line
            if " ... " in line["rows"]:
                first, last = line["rows"].rpartition(", ")[0].split(" ... ")
                assert {first, last} <= {row[3] for row in there}
            taken = int(many[1] or many[2])
            for row in there:
                taken, left[row] = taken - left[row], 0
            assert taken == 0, line
            continue
        for row in line["rows"].split(" / "):
            assert left[(*place, row)] > 0, (*place, row)
            left[(*place, row)] -= 1
    assert not +left


def test_nine_rows_in_ten_are_told_where_the_program_gives_the_names():
    rows = [(name, row) for name in PRINTS for row in told(PRINTS[name]) if not name.startswith("pymc")]
    unknown = [row for name, row in rows if row[1] == "cannot tell" and not re.search("ranef|coef", name)]
    assert len(unknown) < 0.1 * len(rows)


@pytest.mark.parametrize("name", PRINTS)
def test_rows_keep_their_order_and_numbers_are_as_printed(name):
    table = read_printed(PRINTS[name])
    assert list(table.columns) == COLUMNS
    assert set(table["role"]) <= ROLES
    words = " ".join(PRINTS[name].split())
    for row in table.itertuples():
        assert row.sentence.endswith(".") and "{" not in row.sentence, row.sentence
        assert " ".join(row.row.split()) in words
        for number in re.findall(r"-?\d+\.\d+(?:e[-+]\d+)?", row.sentence):
            assert number in PRINTS[name] or number == "3.0", (number, row.sentence)
        assert row.sentence.startswith("The role of ") == (row.role == "cannot tell")
    for key in ["health", "notes", "questions"]:
        for text in table.attrs[key]:
            assert re.search(r"[.?]$", text) and "{" not in text, text
    assert len(table.attrs["questions"]) <= 3


def comma(text):
    return re.sub(r"(?<=\d)\.(?=\d)", ",", text)


def coloured(text):
    return re.sub(r"(-?\d+\.\d+)", "\x1b[31m\\1\x1b[39m", text)


def lines(text, change):
    return "\n".join(change(line) for line in text.split("\n"))


WHOLE = {
    "tabs": lambda t: re.sub(r"(?<=\S) {2,}(?=\S)", "\t", t),
    "a tab for each space": lambda t: re.sub(" +", "\t", t),
    "knitr's prompt": lambda t: lines(t, lambda line: f"#> {line}".rstrip()),
    "knitr's older prompt": lambda t: lines(t, lambda line: f"## {line}".rstrip()),
    "quoted": lambda t: lines(t, lambda line: f"> {line}"),
    "commented": lambda t: lines(t, lambda line: f"# {line}"),
    "a command before it": lambda t: "> fit\n" + t + "\n> ",
    "colours": coloured,
    "Windows' line ends": lambda t: t.replace("\n", "\r\n"),
    "indented": lambda t: lines(t, lambda line: "    " + line),
    "a fence": lambda t: f"```r\n{t}\n```",
    "spaces that do not break": lambda t: t.replace(" ", "\u00a0"),
    "typographic minus": lambda t: re.sub(r"(?<=[ \t])-(?=\d)", "\u2212", t),
    "spaces collapsed": lambda t: lines(t, lambda line: re.sub(" +", " ", line)),
    "leading spaces lost": lambda t: lines(t, str.lstrip),
    "an empty line after each line": lambda t: t.replace("\n", "\n\n"),
}


@pytest.mark.parametrize("name", PRINTS)
def test_a_print_in_other_clothes_is_read_alike(name):
    whole = told(PRINTS[name])
    for change, changed in WHOLE.items():
        assert told(changed(PRINTS[name])) == whole, change


CUT = {
    "first lines": lambda t, k: "\n".join(t.split("\n")[:k]),
    "last lines": lambda t, k: "\n".join(t.split("\n")[k:]),
    "a line is lost": lambda t, k: "\n".join(t.split("\n")[:k] + t.split("\n")[k + 1 :]),
    "a line break is lost": lambda t, k: "\n".join([*t.split("\n")[:k], " ".join(t.split("\n")[k : k + 2]), *t.split("\n")[k + 2 :]]),
    "cut inside a line": lambda t, k: "\n".join([*t.split("\n")[: k - 1], t.split("\n")[k - 1][: len(t.split("\n")[k - 1]) // 2]]),
    "right half": lambda t, k: "\n".join([*t.split("\n")[: k - 1], t.split("\n")[k - 1][len(t.split("\n")[k - 1]) // 2 :]]),
    "narrow": lambda t, k: lines(t, lambda line: line[: 2 * k]),
}  # fmt: skip


def wrong(rows, known, text):
    """Return rows whose role is neither what the whole print gives them nor "cannot tell"."""
    if "Std.Dev." not in text:  # what is left is the column of the variances
        known = known | {(row, "population variance") for row, role in known if role == "population sd"}
    return [row for row in rows or [] if row[1] != "cannot tell" and (row[3], row[1]) not in known]


@pytest.mark.parametrize("name", PRINTS)
def test_what_is_left_of_a_cut_print_is_read_alike_or_not_at_all(name):
    text = PRINTS[name]
    known, count = {(row[3], row[1]) for row in told(text)}, len(text.split("\n"))
    for how, cut in CUT.items():
        for k in [*range(1, min(count, 30)), *range(30, min(count, 70), 8)]:
            left = cut(text, k)
            assert not wrong(told(left), known, left), (how, k)


@pytest.mark.parametrize("name", PRINTS)
def test_lost_line_breaks_are_refused(name):
    one_line = PRINTS[name].replace("\n", " ")
    if name.endswith("fixef"):  # two lines by themselves, which may be those of anything
        assert told(one_line) is None
        return
    with pytest.raises(ValueError, match="line breaks"):
        read_printed(one_line)


@pytest.mark.parametrize("name", [name for name in PRINTS if not re.search("_m_13_4|schools", name)])
def test_decimal_commas_are_read_alike(name):
    assert told(comma(PRINTS[name])) == told(PRINTS[name])


# Tables of other kinds

OTHERS = {
    "lm": "Call:\nlm(formula = y ~ x)\n\nResiduals:\n    Min      1Q\n-110.8 -27.4\n\nCoefficients:\n            Estimate Std. Error t value Pr(>|t|)\n(Intercept)  251.405      6.610  38.033   <2e-16\n\nMultiple R-squared:  0.2865",
    "glm": "Call:  glm(formula = y ~ x)\n\nCoefficients:\n(Intercept)            x\n      1.000        0.500\n\nDegrees of Freedom: 9 Total (i.e. Null);  8 Residual\n    Null Deviance:\t    10.0",
    "nlme": "Linear mixed-effects model fit by REML\n  Data: sleepstudy\n\nRandom effects:\n Formula: ~Days | Subject\n            StdDev    Corr\n(Intercept) 24.740241 (Intr)\n\nFixed effects:  Reaction ~ Days\n                Value Std.Error  DF\n(Intercept) 251.40510  6.824516 161",
    "analysis of variance": "Analysis of Variance Table\n     npar Sum Sq Mean Sq F value\nDays    1  30031   30031  45.853",
    "comparison": "Data: sleepstudy\nModels:\nm0: Reaction ~ Days + (1 | Subject)\n   npar    AIC    BIC  logLik deviance  Chisq Df Pr(>Chisq)\nm0    4 1802.1 1814.8 -897.04   1794.1",
    "separated": ",mean,sd,hdi_3%,hdi_97%\na[0],-0.36,0.35,-1.0,0.3\na[1],4.6,1.2,2.6,7.1",
    "tibble": "  effect   group    term            estimate std.error\n1 fixed    <NA>     (Intercept)       251.        6.82",
    "Julia": "Linear mixed model fit by maximum likelihood\n reaction ~ 1 + days + (1 + days | subj)\nVariance components:\n            Column    Variance Std.Dev.   Corr.\nsubj     (Intercept)  565.51066 23.78047\n         days          32.68212  5.71683 +0.08",
    "statsmodels": "                            OLS Regression Results\n==============================\n                 coef    std err          t\n------------------------------\nIntercept    251.4051      6.610     38.033",
    "HTML": "<table><tr><td>(Intercept)</td><td>251.405</td></tr></table>",
    "Spanish": "Modelo lineal mixto ajustado por REML\nEfectos aleatorios:\n Grupos   Nombre      Varianza Desv.Est.\n Sujeto   (Intercepto) 612.10   24.741\nEfectos fijos:\n            Estimador\n(Intercepto) 251.405",
    "a question": "How do I read this? a_bar 0.55 0.73",
    "nothing": " \n",
}  # fmt: skip


@pytest.mark.parametrize("kind", OTHERS)
def test_a_table_of_a_different_kind_gets_one_sentence(kind):
    with pytest.raises(ValueError, match=r"^(?:This|The text)[^\n]*\.$"):
        read_printed(OTHERS[kind])


def test_two_prints_are_refused():
    one, two = PRINTS["lme4_binomial"], PRINTS["brms_gaussian_summary"]
    with pytest.raises(ValueError, match="prints of brms and lme4"):
        read_printed(one + "\n" + two)
    with pytest.raises(ValueError, match="2 models"):
        read_printed(one + "\n" + PRINTS["lme4_levels"])
    with pytest.raises(ValueError, match="type Printed"):
        read_printed(read_printed(one))


# What tells ranef() and coef() apart


@pytest.mark.parametrize("name", ["glmmTMB_ranef", "ordinal_ranef", "brms_gaussian_ranef"])
@pytest.mark.parametrize(
    "call", ["> ranef(fit)", "ranef(fit)", ">>> ranef(fit)", "> print(brms::ranef(fit))"]
)
def test_the_call_tells_deviations(name, call):
    assert {row[1] for row in told(f"{call}\n{PRINTS[name]}")} == {"deviation"}


@pytest.mark.parametrize("call", ["> coef(summary(fit))\n> ranef(fit)", "> lapply(ranef(fit), exp)", "> fit"])
def test_a_call_that_does_not_tell_is_not_believed(call):
    assert {row[1] for row in told(f"{call}\n{PRINTS['glmmTMB_ranef']}")} == {"cannot tell"}


def test_the_same_number_in_every_row_is_told_as_coef():
    rows = read_printed(PRINTS["brms_negbinomial_coef"]).query("block == '$BROOD, YEAR96'")
    assert (
        rows["sentence"]
        .str.endswith("YEAR96 is the same in every row, so it does not vary with BROOD.")
        .all()
    )


def test_deviations_that_are_all_zero_are_not_taken_for_coef():
    zeros = "$id\n  (Intercept)       x\n" + "".join(f"{k}     0.{k}1 0.00000\n" for k in range(1, 9))
    assert {row[1] for row in told(zeros)} == {"cannot tell"}
    assert {row[1] for row in told(zeros.replace("0.00000", "0.50000"))} == {"level already summed"}


# Traps, each said where it is

SAID = [
    ("rstanarm_slopes_summary", "Sigma[Subject:Days,Days]", "not an sd, which is its square root"),
    ("statsmodels_intercepts", "Subject Var", "not an sd, which is its square root"),
    ("statsmodels_intercepts", "Scale", "not an sd, which is its square root"),
    ("statsmodels_bayes", "judge", "the log of the sd"),
    ("lme4_intercepts", "(Intercept)", "1378.2 is its square, a variance"),
    ("lme4_print", "Days", "0.07 is its correlation with the terms for (Intercept), which changes if the zero"),
    ("lme4_levels", "period2", "because the formula has no intercept"),
    ("lme4_binomial", "period3", "difference of 3 from the reference level"),
    ("brms_gaussian_summary", "sd(Intercept)", "It is not the row Intercept"),
    ("brms_cumulative_summary", "tempwarm", "subtracted from the cut-points"),
    ("ordinal_print", "2|3", "at or below 2"),
    ("bambi_poisson", "zBase", "It is also in zBase:Trt[1]"),
    ("glmmTMB_zero", "minedno", "the log-odds that a count is an extra zero"),
    ("glmmTMB_nbinom2", "Dispersion parameter for nbinom2 family ()", "m + m^2 / 0.639"),
    ("lme4_coef_crossed", "A", "Terms of other groups are not inside"),
    ("pymc_m_13_4", "a[actor 1]", "If the prior mean is a parameter, a[actor 1] is a level"),
]  # fmt: skip
ABOVE = [
    ("rstanarm_slopes_print", "notes", "MAD_SD is a robust version"),
    ("rstanarm_slopes_summary", "notes", "80% equal-tailed"),
    ("brms_gaussian_summary", "notes", "95% equal-tailed"),
    ("bambi_gaussian", "notes", "89% equal-tailed"),
    ("bambi_gaussian_old", "notes", "94% highest-density"),
    ("statsmodels_slopes", "notes", "95% confidence interval"),
    ("lme4_binomial", "notes", "only expit of a whole sum is a probability"),
    ("lme4_probit", "notes", "not an odds ratio"),
    ("bambi_gaussian", "notes", "does not state the family and the link"),
    ("glmmTMB_zero", "notes", "is not the expected count"),
    ("pymc_m_13_4", "notes", "rebuild one value"),
    ("pymc_m_13_4", "questions", "Is the prior mean of a 0 or a parameter?"),
    ("ordinal_ranef", "questions", "Did ranef() or coef() print this?"),
    ("lme4_print", "questions", "Is 0 a value of Days"),
    ("lme4_singular", "health", "1.00"),
    ("ordinal_crossed", "health", "4.021e-06"),
    ("statsmodels_nested", "health", "did not converge"),
    ("brms_negbinomial_summary", "health", "r_hat 1.02"),
    ("bambi_cumulative", "health", "effective sample size"),
]


@pytest.mark.parametrize(("name", "row", "words"), SAID)
def test_a_trap_is_said_in_its_row(name, row, words):
    table = read_printed(PRINTS[name])
    assert table.loc[table["row"] == row, "sentence"].str.contains(words, regex=False).any()


@pytest.mark.parametrize(("name", "place", "words"), ABOVE)
def test_what_concerns_the_whole_table_is_said_above_it(name, place, words):
    table = read_printed(PRINTS[name])
    assert any(words in text for text in table.attrs[place])
    shown = [repr(table), table._repr_html_()]
    assert all(words in page and page.index(words) < page.index("sentence") for page in shown)


def test_a_healthy_print_has_nothing_said_of_its_health():
    for name in ["lme4_print", "lme4_binomial", "glmmTMB_nbinom2", "ordinal_print", "statsmodels_slopes"]:
        assert read_printed(PRINTS[name]).attrs["health"] == [], name


def test_sum_to_zero_contrasts_are_thought_of_only_where_the_names_allow_them():
    text = PRINTS["lme4_binomial"]
    summed = text
    for old, new in [("period2", "period1"), ("period3", "period2"), ("period4", "period3")]:
        summed = summed.replace(old, new)
    assert not read_printed(text)["sentence"].str.contains("sum-to-zero").any()
    assert read_printed(summed)["sentence"].str.contains("sum-to-zero").sum() == 3
    assert any("Which contrasts" in text for text in read_printed(summed).attrs["questions"])


# Prints of kinds that no package above made, in numbers of our own: (text, {row: role})

HEAD = "Linear mixed model fit by REML ['lmerMod']\nFormula: {}\n   Data: d\nRandom effects:\n Groups   Name        Variance Std.Dev.\n id       (Intercept) 4.00     2.00\n Residual             1.00     1.00\nNumber of obs: 52, groups:  id, 13\nFixed effects:\n       Estimate Std. Error t value\n"
BRMS = " Family: {}\n  Links: mu = {}\nFormula: {}\n   Data: d (Number of observations: 250)\n\nRegression Coefficients:\n          Estimate Est.Error l-95% CI u-95% CI Rhat Bulk_ESS Tail_ESS\n"
ARVIZ = "       mean  sd  hdi_3%  hdi_97%\n"


def rows_of(names, numbers):
    return "".join(f"{name}  {numbers}\n" for name in names)


KINDS = {
    "no intercept, a number and a product": (
        HEAD.format("y ~ 0 + cond + x + cond:x + (1 | id)") + rows_of(["condA", "condB", "x", "condB:x"], "1.00 0.10 10.00"),
        {"condA": "level", "condB": "level", "x": "common effect", "condB:x": "cannot tell"},
    ),
    "no intercept, two factors": (
        HEAD.format("y ~ f + g - 1 + (1 | id)") + rows_of(["fa", "fb", "gb"], "1.00 0.10 10.00"),
        {"fa": "level", "fb": "level", "gb": "common effect"},
    ),
    "a row that is not in the formula": (
        HEAD.format("y ~ x + (1 | id)") + rows_of(["(Intercept)", "x", "z"], "1.00 0.10 10.00"),
        {"x": "common effect", "z": "cannot tell"},
    ),
    "a polynomial": (
        HEAD.format("y ~ poly(x, 2) + o + (1 | id)") + rows_of(["(Intercept)", "poly(x, 2)1", "o.L", "o^4"], "1.00 0.10 10.00"),
        {"poly(x, 2)1": "common effect", "o.L": "common effect", "o^4": "common effect"},
    ),
    "a monotonic effect and a smooth": (
        BRMS.format("gaussian", "identity; sigma = identity", "y ~ mo(income) + s(age) + x + (1 | id)") + rows_of(["Intercept", "x", "sage_1", "moincome"], "0.18 0.72 -1.22 1.60 1.00 964 1205"),
        {"Intercept": "intercept", "x": "common effect", "sage_1": "cannot tell", "moincome": "cannot tell"},
    ),
    "letters that are not English": (
        HEAD.format("größe ~ 0 + Öl + ärmel:x + (0 + Öl | id)").replace("(Intercept)", "Öl1       ") + rows_of(["Öl1", "Öl2", "ärmelb:x"], "1.00 0.10 10.00"),
        {"Öl1": "level", "Öl2": "level", "ärmelb:x": "cannot tell"},
    ),
    "a correlation in time": (
        HEAD.format("y ~ x + ar1(0 + t | id)") + rows_of(["(Intercept)", "x", "t"], "1.00 0.10 10.00"),
        {"x": "common effect", "t": "cannot tell"},
    ),
    "a second formula": (
        BRMS.format("zero_inflated_poisson", "log; zi = logit", "y ~ x\n         zi ~ x") + rows_of(["Intercept", "zi_Intercept", "x", "zi_x"], "0.18 0.72 -1.22 1.60 1.00 964 1205"),
        {"Intercept": "intercept", "zi_Intercept": "cannot tell", "x": "common effect", "zi_x": "cannot tell"},
    ),
    "several responses": (
        BRMS.format("categorical", "muB = logit; muC = logit", "y ~ x + (1 | id)") + rows_of(["muB_Intercept", "muB_x"], "0.18 0.72 -1.22 1.60 1.00 964 1205"),
        {"muB_Intercept": "cannot tell", "muB_x": "cannot tell"},
    ),
    "cut-points of a family that does not cumulate": (
        BRMS.format("sratio", "logit; disc = identity", "y ~ x + (1 | id)") + rows_of(["Intercept[1]", "x"], "0.18 0.72 -1.22 1.60 1.00 964 1205"),
        {"Intercept[1]": "cannot tell", "x": "common effect"},
    ),
    "brms's VarCorr()": (
        "$id$sd\n          Estimate Est.Error     Q2.5    Q97.5\nIntercept 26.80669  6.914254 15.07218 42.07890\n",
        {"Intercept": "cannot tell"},
    ),
    "brms's draws": (
        "            Estimate Est.Error  Q2.5  Q97.5\n" + rows_of(["b_Intercept", "b_x", "sd_id__Intercept", "cor_id__Intercept__x", "sigma", "Intercept", "r_id[1,Intercept]", "r_id[1,x]", "z_1[1,1]", "lp__"], "1.00 0.20 0.60 1.40"),
        {"b_Intercept": "intercept", "b_x": "common effect", "sd_id__Intercept": "population sd", "cor_id__Intercept__x": "correlation", "sigma": "noise", "Intercept": "cannot tell", "r_id[1,Intercept]": "deviation", "r_id[1,x]": "deviation", "z_1[1,1]": "cannot tell", "lp__": "computed"},
    ),
    "Bambi's factors by group": (
        ARVIZ + rows_of(["Intercept", "f|id_sigma[b]", "f|id[b, 1]", "1|id_offset[1]", "1|id[1]", "mu[0]"], "0.5 0.1 0.3 0.7"),
        {"Intercept": "intercept", "f|id_sigma[b]": "population sd", "f|id[b, 1]": "deviation", "1|id_offset[1]": "standardised", "1|id[1]": "deviation", "mu[0]": "cannot tell"},
    ),
    "Bambi without an intercept": (ARVIZ + rows_of(["f[a]", "f[b]", "1|id_sigma"], "0.5 0.1 0.3 0.7"), {"f[a]": "cannot tell", "f[b]": "cannot tell", "1|id_sigma": "population sd"}),
    "several parameters of Bambi": (
        ARVIZ + rows_of(["Intercept", "v_Intercept", "v_x", "v_1|id_sigma", "v_1|id[1]"], "0.5 0.1 0.3 0.7"),
        {"Intercept": "intercept", "v_Intercept": "cannot tell", "v_x": "cannot tell", "v_1|id_sigma": "cannot tell", "v_1|id[1]": "cannot tell"},
    ),
    "names as Bambi's, without its bar": (ARVIZ + rows_of(["Intercept", "sigma", "alpha", "x"], "0.5 0.1 0.3 0.7"), dict.fromkeys(["Intercept", "sigma", "alpha", "x"], "cannot tell")),
    "columns left out": ("       mean   sd  ...  ess_bulk  r_hat\na[0]  1.234  0.1  ...    2000.0    1.0\n...     ...  ...  ...       ...    ...\n", {"a[0]": "cannot tell"}),
    "a variance that is not the square": (HEAD.format("y ~ 1 + (1 | id)").replace("4.00     2.00", "4.00     3.00") + rows_of(["(Intercept)"], "1.00 0.10 10.00"), {"Residual": "noise"}),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_a_print_of_a_rarer_kind_is_not_read_wrongly(kind):
    text, roles = KINDS[kind]
    found = {row[3]: row[1] for row in told(text)}
    assert {row: found.get(row) for row in roles} == roles


def test_a_residual_row_of_a_family_that_is_not_gaussian_is_no_sd():
    text = (
        HEAD.format("y ~ x + (1 | id)")
        .replace("Linear", "Generalized linear")
        .replace("Formula", " Family: Gamma  ( log )\nFormula")
    )
    table = read_printed(text + rows_of(["(Intercept)", "x"], "1.00 0.10 10.00"))
    assert table.set_index("row").loc["Residual", "role"] == "dispersion"


def test_a_family_whose_sum_is_not_about_the_mean_is_not_said_to_be():
    text = BRMS.format("lognormal", "identity; sigma = identity", "rt ~ x + (1 | id)") + rows_of(
        ["Intercept", "x"], "0.18 0.72 -1.22 1.60 1.00 964 1205"
    )
    table = read_printed(text)
    assert table["scale"].isna().all() and not table["sentence"].str.contains("expected rt|scale of rt").any()


# What a model's own formula says is never contradicted

SAME = {
    "intercept": {"coefficient"}, "common effect": {"coefficient"}, "population sd": {"population sd"}, "noise": {"noise"},
    "deviation": {"deviation"}, "standardised": {"standardised"}, "computed": {"computed"}, "dispersion": {"shape"},
    "cut-point": {"cut-point"},
}  # fmt: skip


def test_no_model_of_the_zoo_is_contradicted():
    spoken = 0
    for animal in (ZOO | UNTOLD | PUBLIC).values():
        names = {key if isinstance(key, str) else key[0]: row["role"] for key, row in animal.rows.items()}
        printed = ARVIZ + rows_of(
            [f"{x}[0]" if "|" in x and not x.endswith("_sigma") else x for x in names], "0.5 0.1 0.3 0.7"
        )
        for row in told(printed):
            name = row[3].removesuffix("[0]")
            if row[1] != "cannot tell":
                spoken += 1
                assert SAME[row[1]] & set(names[name]) or "?" in names[name], (animal.name, row)
    assert spoken > 4


# Patterns and sentences are data that a page in JavaScript reads as well


def every(data):
    if isinstance(data, str):
        yield data
    else:
        for one in data.values() if isinstance(data, dict) else data:
            if not isinstance(one, int | float):
                yield from every(one)


def test_patterns_are_of_the_kind_that_python_and_javascript_share():
    folder = ROOT / "helpers" / "printed"
    patterns = json.loads((folder / "patterns.json").read_text(encoding="utf-8"))
    for text in every(patterns):
        assert not re.search(r"\(\?(?:P|<|#|\(|[aiLmsux-]+[:)])|\\[AZzGQE]|[*+?}]\+(?!\))", text), text
    sentences = json.loads((folder / "sentences.json").read_text(encoding="utf-8"))
    keys = {
        rule[2]
        for rules in patterns["rules"].values()
        for rule in rules
        if rule[1] not in ("effect", "strict effect", "bracket")
    }
    keys |= {
        block["rules"]
        for program in patterns["programs"]
        for block in program["blocks"]
        if block["kind"] == "line"
    }
    assert keys <= set(sentences["rows"]) | set(sentences["why"])
    for text in every(sentences):
        assert not re.search(r"[^\x00-\x7f]", text), text
