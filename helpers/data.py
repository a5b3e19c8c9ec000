"""Read the data of the lessons, and reject files that do not match the experiment's design."""

import csv
from pathlib import Path

import pandas as pd

from helpers.remedies import DATA, get_back

TREATMENTS = ["R/N", "L/N", "R/P", "L/P"]

# The smallest and the largest value that the design allows.
RANGES = {
    "actor": (1, 7),
    "recipient": (2, 8),
    "condition": (0, 1),
    "block": (1, 6),
    "trial": (1, 72),
    "prosoc_left": (0, 1),
    "chose_prosoc": (0, 1),
    "pulled_left": (0, 1),
}


def load_chimpanzees(path=DATA / "chimpanzees.csv"):
    """Read the 504 lever pulls, with the treatments named and codes that count from zero.

    The file is checked against the design of the experiment: seven actors, six blocks, twelve
    pulls in each, every trial once, and choices that agree with each other.

    Parameters
    ----------
    path : str or path-like, optional
        A semicolon-separated file like the shipped ``data/chimpanzees.csv``.

    Returns
    -------
    pandas.DataFrame
        One row per pull (504), in the order of the file. The file's eight columns, then
        ``treatment`` (R/N, L/N, R/P or L/P) and the codes ``actor_idx`` (0 to 6),
        ``block_idx`` (0 to 5) and ``treatment_idx`` (0 to 3). ``recipient`` is missing
        where no partner was present.

    Raises
    ------
    FileNotFoundError
        There is no file at `path`.
    ValueError
        The file does not match the design; the message says what is wrong, and on which line.

    References
    ----------
    Silk et al. (2005), Nature 437, 1357-1359. McElreath (2020), Statistical Rethinking,
    2nd ed., section 11.1.1.

    Examples
    --------
    >>> d = load_chimpanzees()
    >>> print(*d.loc[0, ["actor", "block", "treatment", "actor_idx", "pulled_left"]])
    1 1 R/N 0 0
    """
    d = _whole_numbers(_cells(path, list(RANGES)), path, RANGES, may_be_empty=["recipient"])
    _check_design(d, path)
    d["recipient"] = d["recipient"].where(d["condition"] == 1)
    d["actor_idx"] = d["actor"] - 1
    d["block_idx"] = d["block"] - 1
    d["treatment_idx"] = d["prosoc_left"] + 2 * d["condition"]
    d.insert(8, "treatment", d["treatment_idx"].map(dict(enumerate(TREATMENTS))))
    return d


def load_reedfrogs(path=DATA / "reedfrogs.csv"):
    """Read the 48 tanks of tadpoles, and how many survived in each.

    Parameters
    ----------
    path : str or path-like, optional
        A semicolon-separated file like the shipped ``data/reedfrogs.csv``.

    Returns
    -------
    pandas.DataFrame
        One row per tank (48), in the order of the file: ``tank`` (tank 1 to tank 48), ``density``
        (tadpoles at the start: 10, 25 or 35), ``pred``, ``size``, ``surv`` (tadpoles that
        survived) and ``propsurv`` (their proportion).

    Raises
    ------
    FileNotFoundError
        There is no file at `path`.
    ValueError
        The file does not match the design; the message says what is wrong, and on which line.

    References
    ----------
    Vonesh and Bolker (2005), Ecology 86, 1580-1591. McElreath (2020), Statistical Rethinking,
    2nd ed., section 13.1.

    Examples
    --------
    >>> d = load_reedfrogs()
    >>> print(*d.loc[0, ["tank", "density", "surv"]])
    tank 1 10 9
    """
    cells = _cells(path, ["density", "pred", "size", "surv", "propsurv"])
    d = pd.DataFrame({"tank": [f"tank {k + 1}" for k in range(len(cells))]})
    for name, words in {
        "density": ["10", "25", "35"],
        "pred": ["no", "pred"],
        "size": ["big", "small"],
    }.items():
        for row in cells.index[~cells[name].isin(words)]:
            what = f"line {row + 2}, column {name}: {cells.loc[row, name]!r}"
            raise _wrong(path, what, f"one of {', '.join(words)}")
        d[name] = cells[name]
    d["density"] = d["density"].astype(int)
    for row in cells.index[~cells["surv"].str.fullmatch(r"\d{1,2}")]:
        raise _wrong(path, f"line {row + 2}, column surv: {cells.loc[row, 'surv']!r}", "a whole number")
    d["surv"] = cells["surv"].astype(int)
    for row in d.index[d["surv"] > d["density"]]:
        what = f"line {row + 2}: {d.loc[row, 'surv']} survivors of {d.loc[row, 'density']}"
        raise _wrong(path, what, "surv is at most density")
    d["propsurv"] = d["surv"] / d["density"]
    stated = pd.to_numeric(cells["propsurv"], errors="coerce")
    for row in d.index[~((stated - d["propsurv"]).abs() < 1e-6)]:
        what = f"line {row + 2}: propsurv is {cells.loc[row, 'propsurv']!r}"
        raise _wrong(path, what, "surv divided by density, with a decimal point")
    counts = d.groupby(["density", "pred", "size"]).size()
    if len(counts) != 12 or not (counts == 4).all():
        raise _wrong(path, f"{len(d)} tanks, not evenly spread", "4 tanks for each density, pred and size")
    return d


def load_sleepstudy(path=DATA / "sleepstudy.csv"):
    """Read the reaction times of 18 people on ten days of little sleep.

    Parameters
    ----------
    path : str or path-like, optional
        A semicolon-separated file like the shipped ``data/sleepstudy.csv``.

    Returns
    -------
    pandas.DataFrame
        One row per person and day (180), in the order of the file: ``Subject`` (a number stored as
        text, such as "308"), ``Days`` (0 to 9), ``Reaction`` (mean reaction time of the day, ms)
        and the code ``subject_idx`` (0 to 17).

    Raises
    ------
    FileNotFoundError
        There is no file at `path`.
    ValueError
        The file does not match the design; the message says what is wrong, and on which line.

    References
    ----------
    Belenky et al. (2003), Journal of Sleep Research 12, 1-12; ``sleepstudy`` of the R package lme4.

    Examples
    --------
    >>> d = load_sleepstudy()
    >>> print(*d.loc[0, ["Subject", "Days", "Reaction", "subject_idx"]])
    308 0 249.56 0
    """
    cells = _cells(path, ["Subject", "Days", "Reaction"])
    d = _whole_numbers(cells, path, {"Subject": (300, 399), "Days": (0, 9)})
    d["Reaction"] = _decimals(cells, path, "Reaction", 100, 1000, "milliseconds")
    _each_once(d, path, "Subject", "Days", 18, range(10))
    d["Subject"] = d["Subject"].astype(str)
    d["subject_idx"] = pd.factorize(d["Subject"])[0]
    return d


def load_eight_schools(path=DATA / "eight_schools.csv"):
    """Read the estimated effects of coaching in eight schools, with their standard errors.

    Parameters
    ----------
    path : str or path-like, optional
        A semicolon-separated file like the shipped ``data/eight_schools.csv``.

    Returns
    -------
    pandas.DataFrame
        One row per school (8): ``school`` (A to H), ``effect`` (points of the test) and ``se``
        (its standard error).

    Raises
    ------
    FileNotFoundError
        There is no file at `path`.
    ValueError
        The file does not match the design; the message says what is wrong, and on which line.

    References
    ----------
    Rubin (1981), Journal of Educational Statistics 6, 377-401; Gelman et al., Bayesian Data
    Analysis, section 5.5.

    Examples
    --------
    >>> print(*load_eight_schools().loc[0])
    A 28 15
    """
    cells = _cells(path, ["school", "effect", "se"])
    d = _whole_numbers(cells, path, {"effect": (-100, 100), "se": (1, 100)})
    d.insert(0, "school", cells["school"].str.strip())
    if d["school"].tolist() != list("ABCDEFGH"):
        raise _wrong(path, f"the schools are {', '.join(d['school'])}", "the schools A to H, in this order")
    return d


def load_epilepsy(path=DATA / "epilepsy.csv"):
    """Read the seizure counts of 59 patients at four visits.

    Parameters
    ----------
    path : str or path-like, optional
        A semicolon-separated file like the shipped ``data/epilepsy.csv``.

    Returns
    -------
    pandas.DataFrame
        One row per patient and visit (236), in the order of the file: ``patient`` (a number stored
        as text, "1" to "59"), ``visit`` (1 to 4), ``Age`` (years), ``Base`` (seizures in the eight
        weeks before), ``Trt`` (1: the drug, 0: a placebo), ``count`` (seizures in the two weeks
        before the visit), then ``zAge`` and ``zBase`` (standardised over the 236 rows, as brms
        ships them) and the code ``patient_idx`` (0 to 58).

    Raises
    ------
    FileNotFoundError
        There is no file at `path`.
    ValueError
        The file does not match the design; the message says what is wrong, and on which line.

    References
    ----------
    Thall and Vail (1990), Biometrics 46, 657-671; ``epilepsy`` of the R package brms.

    Examples
    --------
    >>> d = load_epilepsy()
    >>> print(*d.loc[0, ["patient", "visit", "Age", "Base", "Trt", "count"]])
    1 1 31 11 0 5
    """
    ranges = {"patient": (1, 59), "visit": (1, 4), "Age": (18, 42), "Base": (6, 151)}
    ranges |= {"Trt": (0, 1), "count": (0, 999)}
    d = _whole_numbers(_cells(path, list(ranges)), path, ranges)
    _each_once(d, path, "patient", "visit", 59, range(1, 5))
    for name in ["Age", "Base", "Trt"]:
        first = d.groupby("patient")[name].transform("first")
        for row in d.index[d[name] != first]:
            what = f"line {row + 2}: {name} of patient {d.loc[row, 'patient']} is {d.loc[row, name]}"
            raise _wrong(path, what, f"{first[row]}, as in the patient's first row")
    for name in ["Age", "Base"]:
        d[f"z{name}"] = (d[name] - d[name].mean()) / d[name].std()
    d["patient"] = d["patient"].astype(str)
    d["patient_idx"] = pd.factorize(d["patient"])[0]
    return d


def load_wine(path=DATA / "wine.csv"):
    """Read how bitter nine judges found eight bottles of wine.

    Parameters
    ----------
    path : str or path-like, optional
        A semicolon-separated file like the shipped ``data/wine.csv``.

    Returns
    -------
    pandas.DataFrame
        One row per judge and bottle (72), in the order of the file: ``judge`` (a number stored as
        text, "1" to "9"), ``bottle`` (1 to 8), ``temp`` (cold, warm), ``contact`` (of juice and
        skins: no, yes), ``response`` (bitterness, 0 to 100), ``rating`` (the same in five
        categories, 1 to 5, 5 the most bitter) and the code ``judge_idx`` (0 to 8).

    Raises
    ------
    FileNotFoundError
        There is no file at `path`.
    ValueError
        The file does not match the design; the message says what is wrong, and on which line.

    References
    ----------
    Randall (1989), Biometrical Journal 31, 781-793; ``wine`` of the R package ordinal.

    Examples
    --------
    >>> d = load_wine()
    >>> print(*d.loc[0, ["judge", "bottle", "temp", "contact", "rating"]])
    1 1 cold no 2
    """
    cells = _cells(path, ["judge", "bottle", "temp", "contact", "response", "rating"])
    ranges = {"judge": (1, 9), "bottle": (1, 8), "response": (0, 100), "rating": (1, 5)}
    d = _whole_numbers(cells, path, ranges)
    _each_once(d, path, "judge", "bottle", 9, range(1, 9))
    made = (d["bottle"] - 1) // 2  # two bottles of each kind: cold/no, cold/yes, warm/no, warm/yes
    expected = {"temp": made.map(dict(enumerate(["cold", "cold", "warm", "warm"])))}
    expected["contact"] = made.map(dict(enumerate(["no", "yes", "no", "yes"])))
    for place, (name, words) in enumerate(expected.items(), start=2):
        for row in cells.index[cells[name].str.strip() != words]:
            what = f"line {row + 2}, column {name}: {cells.loc[row, name]!r}"
            raise _wrong(path, what, f"{words[row]}, as bottle {d.loc[row, 'bottle']} was made")
        d.insert(place, name, words)
    grouped = (d["response"] // 20 + 1).clip(upper=5)
    for row in d.index[d["rating"] != grouped]:
        what = f"line {row + 2}: rating {d.loc[row, 'rating']} of response {d.loc[row, 'response']}"
        raise _wrong(path, what, f"{grouped[row]}, because a category is 20 points wide")
    d["judge"] = d["judge"].astype(str)
    d["judge_idx"] = pd.factorize(d["judge"])[0]
    return d


def _wrong(path, what, expected):
    """Return the error for a file that does not match the design."""
    return ValueError(f"{Path(path).name}: {what}. Expected: {expected}. {get_back(path)}")


def load_estimates(name, fit=""):
    """Read what a program of lesson 07 estimated, fitted or stored.

    Parameters
    ----------
    name : str
        The table in ``data/``, such as ``"sleepstudy_lme4"``.
    fit : str, optional
        Which of the table's fits, such as ``"days from 0"``, where there are several.

    Returns
    -------
    pandas.Series
        The estimates, unrounded, by ``kind`` ("fixef", "ranef", "fitted", ...), ``entry`` and ``term``.

    Raises
    ------
    FileNotFoundError
        There is no such table.
    ValueError
        The table has no such fit.

    Examples
    --------
    >>> print(round(load_estimates("sleepstudy_lme4", "days from 0")["fixef", "", "Days"], 2))
    10.47
    """
    path = DATA / f"{name}.csv"
    if not path.exists():
        raise FileNotFoundError(f"There is no file {path.name}. {get_back(path)}")
    table = pd.read_csv(path, keep_default_na=False)
    if fit not in set(table["fit"]):
        raise ValueError(
            f"{path.name} has no fit {fit!r}. Expected: one of {', '.join(map(repr, table['fit'].unique()))}."
        )
    table = table[table["fit"] == fit].set_index(["kind", "entry", "term"])
    return table["estimate"].astype(float).sort_index()


def _cells(path, columns):
    """Return the file's cells as text, in the expected columns."""
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"There is no data file at {path}. {get_back(path)}")
    expected = f"{len(columns)} columns separated by semicolons: {', '.join(columns)}"
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise _wrong(path, "this is not a text file (a spreadsheet?)", expected) from None
    lines = [line for line in csv.reader(text.splitlines(), delimiter=";") if line]
    if not lines:
        raise _wrong(path, "the file is empty", expected)
    header = [name.strip() for name in lines[0]]
    for separator, name in [(",", "commas"), ("\t", "tabs")]:
        if len(header) == 1 and separator in header[0]:
            raise _wrong(path, f"the columns are separated by {name}", expected)
    missing = [name for name in columns if name not in header]
    extra = [name for name in header if name not in columns]
    if missing:
        raise _wrong(path, f"missing columns: {', '.join(missing)}", expected)
    if "" in extra:
        raise _wrong(path, "a column without a name (row numbers?)", expected)
    if extra:
        raise _wrong(path, f"extra columns: {', '.join(extra)}", expected)
    twice = [name for name in columns if header.count(name) > 1]
    if twice:
        raise _wrong(path, f"columns that appear twice: {', '.join(twice)}", expected)
    if {len(line) for line in lines[1:]} == {len(header) + 1}:
        raise _wrong(path, "every line has one value more than the header (row numbers?)", expected)
    for number, line in enumerate(lines[1:], start=2):
        if len(line) != len(header):
            what = f"line {number} has {len(line)} values"
            raise _wrong(path, what, f"{len(header)} values, as in the header")
    return pd.DataFrame(lines[1:], columns=header)[columns]


def _whole_numbers(cells, path, ranges, may_be_empty=()):
    """Return the cells as whole numbers within the ranges of the design."""
    d = pd.DataFrame(index=cells.index)
    for name, (low, high) in ranges.items():
        expected = f"a whole number from {low} to {high}"
        column = cells[name].str.strip()
        empty = column.isin(["NA", ""]) if name in may_be_empty else pd.Series(False, cells.index)
        for row in cells.index[~empty & ~column.str.fullmatch(r"-?\d{1,9}")]:
            note = " (a decimal comma)" if "," in column[row] else ""
            what = f"line {row + 2}, column {name}: {column[row]!r}{note}"
            raise _wrong(path, what, expected)
        values = pd.to_numeric(column.where(~empty))
        for row in cells.index[~empty & ~values.between(low, high)]:
            raise _wrong(path, f"line {row + 2}, column {name}: {column[row]}", expected)
        d[name] = values
    return d


def _decimals(cells, path, name, low, high, unit):
    """Return a column as numbers within a range, with decimal points."""
    column = cells[name].str.strip()
    values = pd.to_numeric(column.where(column.str.fullmatch(r"\d+(\.\d+)?")))
    for row in cells.index[~values.between(low, high)]:
        note = " (a decimal comma)" if "," in column[row] else ""
        what = f"line {row + 2}, column {name}: {column[row]!r}{note}"
        raise _wrong(path, what, f"a number from {low} to {high} {unit}, with a decimal point")
    return values


def _each_once(d, path, group, within, groups, values):
    """Raise an error unless every group has each of the values once."""
    for row in d.index[d.duplicated([group, within])]:
        what = f"line {row + 2}: {within} {d.loc[row, within]} of {group} {d.loc[row, group]} appears a second time"
        raise _wrong(path, what, f"each {within} once for every {group}")
    counts = d[group].value_counts(sort=False)
    for name, n in counts[counts != len(values)].items():
        what = f"{group} {name} has {n} rows"
        raise _wrong(path, what, f"{len(values)} rows, {within} {values[0]} to {values[-1]}")
    if len(counts) != groups:
        raise _wrong(path, f"{group} has {len(counts)} different values", f"{groups} of them")


def _check_design(d, path):
    """Raise an error if the rows do not match the design."""
    counts = d.groupby(["actor", "block"]).size()
    for actor in range(1, 8):
        for block in range(1, 7):
            n = counts.get((actor, block), 0)
            if n != 12:
                what = f"actor {actor} has {n} pulls in block {block}"
                raise _wrong(path, what, "12 pulls for each of 7 actors in each of 6 blocks")
    for row in d.index[d["block"] != (d["trial"] + 11) // 12]:
        actor, block, trial = d.loc[row, ["actor", "block", "trial"]].astype(int)
        what = f"line {row + 2}: trial {trial} of actor {actor} is in block {block}"
        if (actor, trial) == (2, 7):
            what += " (a known slip in widely copied files: it was trial 70)"
        raise _wrong(path, what, f"in block {block}, trials {12 * block - 11} to {12 * block}")
    for row in d.index[d.duplicated(["actor", "trial"])]:
        actor, trial = d.loc[row, ["actor", "trial"]].astype(int)
        what = f"line {row + 2}: trial {trial} of actor {actor} appears a second time"
        raise _wrong(path, what, "every actor has trials 1 to 72, once each")
    for row in d.index[d["recipient"].isna() != (d["condition"] == 0)]:
        what = f"line {row + 2}: recipient and condition disagree"
        raise _wrong(path, what, "a recipient exactly where condition is 1")
    prosocial = (d["pulled_left"] == d["prosoc_left"]).astype(int)
    for row in d.index[d["chose_prosoc"] != prosocial]:
        what = f"line {row + 2}: chose_prosoc, prosoc_left and pulled_left disagree"
        raise _wrong(path, what, "chose_prosoc is 1 exactly where the lever pulled was the prosocial one")
