"""Printed tables are read: every row of real prints, whole and mutilated, and tables of other kinds refused.

The prints in tests/printed were made by the programs named in their first lines, with making/printed.R and
making/printed_python.py. The roles in tests/printed/expected.csv were written by hand before the code.
"""

import csv
import json
import re
import time
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


# Prints in numbers of our own begin with these

HEAD = "Linear mixed model fit by REML ['lmerMod']\nFormula: {}\n   Data: d\nRandom effects:\n Groups   Name        Variance Std.Dev.\n id       (Intercept) 4.00     2.00\n Residual             1.00     1.00\nNumber of obs: 52, groups:  id, 13\nFixed effects:\n       Estimate Std. Error t value\n"
BRMS = " Family: {}\n  Links: mu = {}\nFormula: {}\n   Data: d (Number of observations: 250)\n\nRegression Coefficients:\n          Estimate Est.Error l-95% CI u-95% CI Rhat Bulk_ESS Tail_ESS\n"
ARVIZ = "       mean  sd  hdi_3%  hdi_97%\n"


def rows_of(names, numbers):
    return "".join(f"{name}  {numbers}\n" for name in names)


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
            said = [one[:3] for one in rows if one[3] == row]
            assert left[(*place, row)] > 0, f"{row!r} is expected as {place}; read_printed says {said}"
            left[(*place, row)] -= 1
    assert not +left, "read_printed finds rows that expected.csv does not name"


def with_command(name):
    """Return a print behind its command, as it is copied from a session; console_ prints have theirs."""
    lines = (PRINTED / f"{name}.txt").read_text(encoding="utf-8").split("\n")
    call = [line.removeprefix("# ") for line in lines if line.startswith("# ")][1:]
    return "> " * bool(call) + "\n+ ".join(call) + "\n" * bool(call) + PRINTS[name]


def without_commands(name):
    """Return a print as it is copied without its commands."""
    return re.sub(r"(?m)^[>+] .*\n", "", PRINTS[name])


def told_share(change, names):
    """Return the share of the printed rows that are told of changed texts."""
    rows = sum(len(told(with_command(name))) for name in names)
    return sum(row[1] != "cannot tell" for name in names for row in told(change(name)) or []) / rows


def test_nine_rows_in_ten_are_told_of_prints_with_their_commands():
    prompted, bare = told_share(with_command, PRINTS), told_share(without_commands, PRINTS)
    print(
        f"told: {prompted:.3f} of the rows with commands, {bare:.3f} where a print is copied without its command"
    )
    assert prompted > 0.9 and bare > 0.65
    given = [name for name in PRINTS if "pymc" not in name]  # names that the programs give
    assert told_share(with_command, given) > 0.95


@pytest.mark.parametrize("name", [name for name in PRINTS if not name.startswith("console")])
def test_a_command_changes_nothing_but_what_could_not_be_told(name):
    for without, having in zip(told(PRINTS[name]), told(with_command(name)), strict=True):
        assert without == having or without[1] == "cannot tell"
        assert without[::3] == having[::3]


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
    ends = [name for name, _ in known]
    return [
        row
        for row in rows or []
        if row[1] != "cannot tell"
        and (row[3], row[1]) not in known
        and not any(
            (name.endswith(row[3]) or name.startswith(row[3])) and (name, row[1]) in known for name in ends
        )  # what is left of a name may be a name as well
    ]


@pytest.mark.parametrize("name", PRINTS)
def test_what_is_left_of_a_cut_print_is_read_alike_or_not_at_all(name):
    text = PRINTS[name]
    known, count = {(row[3], row[1]) for row in told(text)}, len(text.split("\n"))
    places = [*range(1, min(count, 30)), *range(30, min(count, 70), 8)]
    for how, cut in CUT.items():
        for k in places[:: 3 if re.match("console|simulated", name) else 1]:
            left = cut(text, k)
            assert not wrong(told(left), known, left), (how, k)


@pytest.mark.parametrize("name", PRINTS)
def test_lost_line_breaks_are_refused(name):
    one_line = PRINTS[name].replace("\n", " ")
    if re.search(
        "fixef$|^console", name
    ):  # two lines by themselves, which may be anything's, or nothing but a command
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


@pytest.mark.parametrize(
    "call", ["> coef(summary(fit))", "> lapply(ranef(fit), exp)", "> fit", "> ranef(fit) * 2", "> exp(ranef(fit)$site)", "> ranef(fit)\n> fit", "> ranef(", "> x <- ranef(fit)"]
)  # fmt: skip
def test_a_call_that_does_not_tell_is_not_believed(call):
    assert {row[1] for row in told(f"{call}\n{PRINTS['glmmTMB_ranef']}")} == {"cannot tell"}


FRAME = "  (Intercept)    x\n1  0.5 0.25\n2 -0.7 0.3\n"


@pytest.mark.parametrize(
    ("call", "role", "block"),
    [
        ("> ranef(m)$id", "deviation", "$id"),
        ("> coef(m)$id", "level already summed", "$id"),
        ('> ranef(m)[["id"]]', "deviation", "$id"),
        ("> ranef(m)$cond$id  # terms", "deviation", "$id"),
        ("> round(coef(m)$id, 2)", "level already summed", "$id"),
        ("head(coef(m)$id, n = 3)", "level already summed", "$id"),
        ("> (r <- ranef(m)$id)", "deviation", "$id"),
        ("> ranef(lmer(y ~ x +\n+   (1 | id), d))$id", "deviation", "$id"),
        ("R> coef(m)$id[1:2, ]", "level already summed", "$id"),
        ("> ranef(m)$id[order(ranef(m)$id$x), ]", "cannot tell", ""),
        ("> r <- ranef(m)\n> r$id", "deviation", "$id"),
        ("> r <- ranef(m)\n> r <- coef(m)$id\n> r", "level already summed", "$id"),
        ("> r <- exp(coef(m)$id)\n> r", "cannot tell", ""),
        ("> ranef(m)[[1]]", "cannot tell", ""),
        ("> exp(coef(m)$id)", "cannot tell", ""),
        ("> fixef(m)", "cannot tell", ""),
        ("> fit", "cannot tell", ""),
    ],
)
def test_one_table_of_a_list_is_told_by_its_command(call, role, block):
    assert told(f"{call}\n{FRAME}") == [(block, role, "", "1"), (block, role, "", "2")]


@pytest.mark.parametrize(
    ("call", "roles"), [("> fixef(m)", ["intercept", "common effect"]), ("> x", ["cannot tell"] * 2)]
)
def test_a_vector_among_other_tables_is_told_by_its_command(call, roles):
    """Without it the vector may be that of a second formula, such as one for the dispersion."""
    vector = "(Intercept)        Days \n  251.40510    10.46729 \n"
    assert [row[1] for row in told(f"> ranef(m)$id\n{FRAME}{call}\n{vector}")] == ["deviation"] * 2 + roles


def test_one_page_of_brms_is_told_by_its_command():
    page = '> coef(fit)$id[, , "Intercept"]\n  Estimate Est.Error Q2.5 Q97.5\n1 0.5 0.1 0.3 0.7\n2 0.6 0.1 0.3 0.7\n'
    assert [row[:2] for row in told(page)] == [("$id, Intercept", "level already summed")] * 2


def test_each_command_of_a_session_tells_its_own_print():
    one, two = PRINTS["glmmTMB_ranef"], PRINTS["brms_gaussian_ranef"].replace("Subject", "site")
    rows = told(f"> ranef(fit)\n{one}\n> coef(fit)\n{one}\n> fit\n{one}")
    assert [row[1] for row in rows] == ["deviation"] * 23 + ["level already summed"] * 23 + [
        "cannot tell"
    ] * 23
    rows = told(
        f"{one}\n{PRINTS['lme4_coef'].replace('$Subject', '$site')}"
    )  # what coef() prints last is not ranef()'s
    assert [row[1] for row in rows] == ["cannot tell"] * 23 + ["level already summed"] * 18
    assert {row[1] for row in told(f"> ranef(fit)\n{two}\n> \n> coef(fit)\n")} == {"deviation"}


# The numbers of a summary tell ranef() and coef() apart, if they leave no doubt


def summary_and(terms, centre="10.00", sd="2.00", groups=6):
    head = HEAD.format("y ~ 1 + (1 | id)").replace("groups:  id, 13", f"groups:  id, {groups}")
    head = head.replace("4.00     2.00", f"{float(sd) ** 2:.2f}     {sd}")
    table = "".join(f"{k}  {term:.3f}\n" for k, term in enumerate(terms, 1))
    return f"{head}(Intercept)  {centre}  0.10  10.00\n\n$id\n  (Intercept)\n{table}"


DEVIATIONS = [-2.5, -1.5, -0.5, 0.5, 1.5, 2.5]  # root mean square 1.71


@pytest.mark.parametrize("centre", [10.0, 4.0, -4.0, 2.5, 1.0, 0.3, 0.0])
def test_the_centre_that_groups_spread_around_tells_only_if_it_is_far_from_0(centre):
    deviations = told(summary_and(DEVIATIONS, f"{centre:.2f}"))[-6:]
    levels = told(summary_and([centre + x for x in DEVIATIONS], f"{centre:.2f}"))[-6:]
    # far is a root mean square beyond 1.5 sds: here a centre beyond the root of (3^2 - 1.71^2), 2.47
    expected = ("deviation", "level already summed") if abs(centre) > 2.48 else ("cannot tell",) * 2
    assert ({row[1] for row in deviations}, {row[1] for row in levels}) == ({expected[0]}, {expected[1]})


@pytest.mark.parametrize(
    "text",
    [
        summary_and(DEVIATIONS, groups=7),  # not all groups, so perhaps the largest
        summary_and([4 * x for x in DEVIATIONS]),  # more spread than the printed sd
        summary_and([5 + x for x in DEVIATIONS]),  # around neither
        summary_and(DEVIATIONS[:3], groups=3),
        summary_and(DEVIATIONS).replace("(Intercept)  10.00", "x  10.00"),  # no common value of that name
        summary_and(DEVIATIONS).replace("$id", "$site"),
        f"> exp(ranef(m)$id)\n{summary_and(DEVIATIONS)}",
    ],
)
def test_numbers_that_leave_a_doubt_do_not_tell(text):
    assert {row[1] for row in told(text) if row[0].startswith("$")} == {"cannot tell"}


def test_numbers_that_tell_are_said_to_tell():
    assert any(
        "spread around 0 by about" in note for note in read_printed(summary_and(DEVIATIONS)).attrs["notes"]
    )
    commanded = summary_and(DEVIATIONS).replace("\n$id", "\n> ranef(m)\n$id")
    assert not any("spread around" in note for note in read_printed(commanded).attrs["notes"])


@pytest.mark.parametrize(
    ("summary", "table", "role"),
    [
        ("lme4_intercepts", "lme4_ranef", "deviation"),
        ("lme4_intercepts", "lme4_coef", "level already summed"),
        ("brms_gaussian_summary", "brms_gaussian_ranef", "deviation"),
        ("brms_gaussian_summary", "brms_gaussian_coef", "level already summed"),
        ("brms_negbinomial_summary", "brms_negbinomial_ranef", "cannot tell"),  # an intercept near 0
        ("ordinal_print", "ordinal_ranef", "deviation"),  # its coef() prints no such table
        ("rstanarm_slopes_print", "rstanarm_slopes_ranef", "deviation"),
        ("rstanarm_slopes_print", "rstanarm_slopes_coef", "level already summed"),
    ],
)
def test_a_summary_above_tells_by_its_numbers(summary, table, role):
    tail = re.sub(r"(?m)^with conditional.*|^attr.*|^\[1\].*", "", PRINTS[table])
    assert {row[1] for row in told(f"{PRINTS[summary]}\n{tail}") if row[0].startswith("$")} == {role}


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


def test_equal_numbers_that_no_list_of_groups_has_are_not_taken_for_coef():
    frame = "  (Intercept)    x\n" + "".join(f"{k}  0.{k} 0.25\n" for k in range(1, 7))
    assert {row[1] for row in told(frame)} == {"cannot tell"}


# Names of the model's own: what their entries look like is said, and the role is not told


def own(entries, scalars):
    rows = "".join(f"a[{k}] {x} 0.1 0.1 0.2\n" for k, x in enumerate(entries))
    return ARVIZ + rows + "".join(f"{name} {x} 0.1 0.1 0.2\n" for name, x in scalars.items())


@pytest.mark.parametrize(
    ("entries", "scalars", "words"),
    [
        ([4.6, 5.2, 4.9, 5.3, 5.0], {"a_bar": 5.0}, "average near a_bar (5.0) and not near 0"),
        ([-0.4, 0.2, -0.1, 0.3, 0.0], {"a_bar": 5.0}, "average near 0 and not near a_bar"),
        ([-0.4, 0.2, -0.1, 0.3, 0.0], {"a_bar": 0.05}, ""),  # both are near
        ([-0.4, 0.2, -0.1, 0.3, 0.0], {"a_bar": 0.05, "b": 5.0}, ""),
        ([-0.4, 0.2, -0.1, 0.3, 0.0], {"sigma_a": 5.0}, ""),  # no possible mean
        ([2.6, 3.2, 2.9, 3.3, 3.0], {"a_bar": 5.0}, ""),  # near neither
        ([4.6, 5.2, 4.9, 5.3, 5.0], {"a_bar": 5.0, "b_bar": 5.0}, ""),
        ([4.6, 5.2, 4.9], {"a_bar": 5.0}, ""),  # few
    ],
)
def test_what_entries_look_like_is_said_and_their_role_is_not_told(entries, scalars, words):
    table = read_printed(own(entries, scalars))
    assert set(table["role"]) == {"cannot tell"}
    said = " ".join(table["sentence"])
    assert (words in said and "only the prior tells" in said) if words else "average near" not in said


def test_a_reason_is_said_once_and_no_row_is_lost():
    table = read_printed(PRINTS["pymc_m_13_4"])
    assert len(table) == 20
    long = table[table["sentence"].str.contains("prior mean of")]
    assert list(long["row"]) == ["a[actor 1]", "g[block 1]", "b[R/N]"]
    alike = table.set_index("row").loc["a[actor 7]", "sentence"]
    assert alike == "The role of a[actor 7] cannot be told, for the reason given at a[actor 1]."


def test_sick_rows_are_named():
    rows = "".join(f"a[{k}] 0.5 0.1 0.3 0.7 1.0{k}\n" for k in range(2, 10))
    health = read_printed(
        f"mean sd hdi_3% hdi_97% r_hat\n{rows}b 0.5 0.1 0.3 0.7 1.2\nc 0.5 0.1 0.3 0.7 1.3\n"
    ).attrs["health"]
    assert health == [
        "Do not read numbers from these draws yet, because r_hat is above 1.01 for c (1.3), b (1.2), a[9] (1.09), a[8] (1.08), a[7] (1.07), a[6] (1.06), a[5] (1.05), a[4] (1.04) and 2 more rows."
    ]


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
    ("lme4_coef", "308", "Do not add the common (Intercept) and Days again."),
    ("console_zero", "Bochet", "It belongs to a second sum, the log-odds that a count is an extra zero."),
    ("console_hurdle", "FoodTreatmentSatiated", "a second sum, the log-odds that a count is 0"),
    ("console_equidistant", "threshold.1", "is the lowest cut-point"),
    ("console_equidistant", "spacing", "It is the distance from each cut-point to the next one"),
    ("console_offset", "lbase", "for each unit of lbase"),
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
    ("bambi_gaussian", "notes", "family or the link is not in the text"),
    ("glmmTMB_zero", "notes", "is not the expected count"),
    ("lme4_binomial", "notes", "not the average over new groups"),
    ("lme4_poisson", "notes", "The average over new groups is larger."),
    ("console_offset", "notes", "offset(log(rep(2, 236))) in it"),
    ("pymc_m_13_4", "notes", "rebuild one value"),
    ("pymc_m_13_4", "questions", "Is the prior mean of a 0 or a parameter?"),
    ("ordinal_ranef", "questions", "Did ranef() or coef() print this?"),
    ("lme4_print", "questions", "Is 0 a value of Days"),
    ("lme4_singular", "health", "1.00"),
    ("ordinal_crossed", "health", "4.021e-06"),
    ("statsmodels_nested", "health", "did not converge"),
    ("brms_negbinomial_summary", "health", "(1.02)"),
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


# The work grows with the length of the text


LONG = {
    "empty lines": lambda n: PRINTS["lme4_binomial"].replace("\n\n", "\n" * n, 1) + "\n" * n,
    "lines of spaces": lambda n: PRINTS["brms_gaussian_summary"].replace("\n\n", "\n" + "   \n" * n, 1),
    "spaces in a line": lambda n: PRINTS["lme4_binomial"].replace("  ", "  " + " " * (n // 40)),
    "tabs": lambda n: PRINTS["lme4_binomial"].replace(" ", "\t" * (n // 100)),
    "rows": lambda n: ARVIZ + rows_of([f"a[{k}]" for k in range(n // 10)], "0.5 0.1 0.3 0.7"),
    "names": lambda n: ARVIZ + rows_of([f"a{k // 6}[{k}]" for k in range(n // 10)], "0.5 0.1 0.3 0.7"),
    "levels of a factor": lambda n: HEAD.format("y ~ f + (1 | id)") + rows_of(["(Intercept)"] + [f"f{k}" for k in range(n // 10)], "1.00 0.10 10.00"),
    "products": lambda n: HEAD.format("y ~ f * x + (1 | id)") + rows_of(["(Intercept)", "x"] + [f"f{k}:x" for k in range(n // 10)], "1.00 0.10 10.00"),
    "terms of a group": lambda n: HEAD.format("y ~ 1 + (1 | id)").replace(" Residual", "".join(f"          x{k}  4.00  2.00\n" for k in range(n // 10)) + " Residual"),
    "groups": lambda n: "$id\n  (Intercept)\n" + rows_of(range(n // 10), "0.5"),
    "tables": lambda n: "".join(f"$id{k}\n  (Intercept) x\n1 0.{k} 0.5{k}\n\n" for k in range(n // 20)),
    "commands": lambda n: "".join(f"> ranef(fit)\n$id\n  (Intercept) x\n1 0.{k} 0.5{k}\n\n" for k in range(n // 20)),
    "a formula": lambda n: "Linear mixed model fit by REML\nFormula: y ~ x\n" + "a + b\n" * (n // 4),
    "brackets": lambda n: "Linear mixed model fit by REML\nFormula: y ~ " + "((((((((\n" * (n // 8) + "))))))))\n" * (n // 8),
}  # fmt: skip


@pytest.mark.parametrize("kind", LONG)
def test_the_time_grows_about_as_the_text_does(kind):
    """Eight times the text may take three times eight times as long; what grows as a square takes 64 times."""

    def seconds(n):
        text, taken = LONG[kind](n), []
        for _ in range(2):
            start = time.process_time()
            told(text)
            taken.append(time.process_time() - start)
        return min(taken)

    assert seconds(16000) < 24 * max(seconds(2000), 0.002)


def test_a_line_longer_than_any_print_is_refused():
    with pytest.raises(ValueError, match="line breaks"):
        read_printed(PRINTS["lme4_binomial"] + "x" * 1_000_000)


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


@pytest.mark.parametrize("name", ["glmmTMB_nbinom2", "lme4_binomial"])
def test_a_bare_frame_below_a_summary_is_not_dropped(name):
    """Without a command or a $ it may be from ranef() or coef(), and each of its rows says so."""
    frame = "\n     (Intercept)  Days\nR-1      0.3123  0.12\n308     -0.4521 -1.20\n"
    table = read_printed(PRINTS[name] + frame)
    assert list(table["row"])[-2:] == ["R-1", "308"]
    assert set(table["role"].tail(2)) == {"cannot tell"}
    assert len(table) == len(read_printed(PRINTS[name])) + 2
    assert any("Did ranef() or coef() print this?" in text for text in table.attrs["questions"])
