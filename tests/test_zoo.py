"""`read_table` on models of many shapes, against tables that were written by hand before it (tests/zoo.py).

A wrong row is worse than one that cannot be told, so the two are counted apart.
"""

import re
from functools import cache

import numpy as np
import pandas as pd
import pytest
from zoo import COLUMNS, UNTOLD, ZOO
from zoo_public import PUBLIC
from zoo_unseen import REFUSED, UNSEEN

REFUSED = UNTOLD | REFUSED
EVERY = ZOO | REFUSED | PUBLIC | UNSEEN

RIGHT, UNTOLD_ROW, WRONG = "right", "cannot tell", "wrong"


def parts(text):
    """Return the parts of a list in words as a set, the factors of each product in alphabetical order."""
    if text is None or pd.isna(text):
        return set()
    pieces = str(text).replace(" and ", ", ").split(", ")
    return {
        " * ".join(sorted(piece.strip().split(" * "))) for piece in pieces if piece.strip() not in ("", "-")
    }


def agrees(column, found, alternatives):
    """Say whether a cell is one of the readings that were written by hand."""
    for wanted in alternatives:
        if wanted == "?":
            return True
        if column == "free":
            same = bool(found) == (wanted == "yes")
        elif column == "scale":
            same = (None if found is None or pd.isna(found) else found) == (None if wanted == "-" else wanted)
        elif column == "role":
            same = found == wanted
        elif " + " in wanted:  # a variable whose columns enter in different ways
            same = all(part in str(found) for part in wanted.split(" + "))
        else:
            same = parts(found) == parts(wanted)
        if same:
            return True
    return False


def judge(animal, table):
    """Return one (model, name, verdict, what differs) per expected row, and one per row too many."""
    rows = {}
    for name, row in table.iterrows():
        key = (name, row["outcome"]) if "outcome" in table else name
        assert key not in rows, f"{animal.name}: two rows {key}"
        rows[key] = row
    verdicts = []
    for key, expected in animal.rows.items():
        if key not in rows:
            verdicts.append((animal.name, key, WRONG, "no such row"))
            continue
        row = rows.pop(key)
        differs = [
            f"{column}: {row[column]!r}, by hand {' / '.join(expected[column])!r}"
            for column in COLUMNS
            if column in expected and not agrees(column, row[column], expected[column])
        ]
        if row["role"] == "cannot tell":  # right where that is the first reading, elsewhere only not wrong
            verdict, what = (RIGHT if expected["role"][0] == "cannot tell" else UNTOLD_ROW), row["sentence"]
        else:
            verdict, what = (WRONG if differs else RIGHT), "; ".join(differs)
        verdicts.append((animal.name, key, verdict, what))
    # a row that was not written by hand may only say that a name does not enter
    for key, row in rows.items():
        if not (isinstance(key, tuple) and row["in_sum"] == "no" and not parts(row["add"])):
            verdicts.append((animal.name, key, WRONG, "a row too many"))
    return verdicts


@cache
def table_of(name):
    """Build the model and read its table."""
    from helpers import read_table

    model = EVERY[name].build()
    return model, read_table(model)


def report(verdicts):
    """Write how many rows and models are right, cannot be told, or are wrong, and which."""
    frame = pd.DataFrame(verdicts, columns=["model", "name", "verdict", "what"])
    worst = {
        name: next(v for v in (WRONG, UNTOLD_ROW, RIGHT) if v in set(group))
        for name, group in frame.groupby("model", sort=False)["verdict"]
    }
    models = pd.Series(worst)
    counts = pd.DataFrame(
        {
            "rows": frame["verdict"].value_counts().reindex([RIGHT, UNTOLD_ROW, WRONG], fill_value=0),
            "models": models.value_counts().reindex([RIGHT, UNTOLD_ROW, WRONG], fill_value=0),
        }
    )
    lines = [counts.to_string()]
    for row in frame[frame["verdict"] != RIGHT].itertuples():
        lines.append(
            f"{row.verdict}: {row.model}, {row.name if isinstance(row.name, str) else row.name}: {row.what}"
        )
    return counts, "\n".join(lines)


def groups(sets, products=()):
    """Join sets of names that overlap; a factor of a product is replaced by that product."""
    whole = {factor: product for product in products for factor in product.split(" * ")}
    joined = []
    for names in sets:
        names = set().union(*(parts(name) for name in names))
        names = {whole.get(factor, name) for name in names for factor in name.split(" * ")[:1]}
        apart = [other for other in joined if not other & names]
        joined = [*apart, names.union(*(other for other in joined if other & names))]
    return {frozenset(names) for names in joined}


@pytest.mark.parametrize("name", [*ZOO, *PUBLIC, *UNSEEN])
def test_no_row_is_wrong(name):
    _, table = table_of(name)
    wrong = [verdict for verdict in judge(EVERY[name], table) if verdict[2] == WRONG]
    assert not wrong, report(wrong)[1]


def test_nine_in_ten_rows_and_models_are_told():
    verdicts = [verdict for name in ZOO for verdict in judge(ZOO[name], table_of(name)[1])]
    counts, text = report(verdicts)
    print(text)
    assert counts.loc[WRONG].sum() == 0, text
    assert (counts.loc[RIGHT] / counts.sum() >= 0.9).all(), text


def test_of_the_public_models_no_fewer_rows_are_told_than_at_first():
    verdicts = [verdict for name in PUBLIC for verdict in judge(PUBLIC[name], table_of(name)[1])]
    counts, text = report(verdicts)
    print(text)
    assert counts.loc[RIGHT, "rows"] >= 80 and counts.loc[RIGHT, "models"] >= 8, text


def test_nine_in_ten_rows_of_the_unseen_models_are_told():
    verdicts = [verdict for name in UNSEEN for verdict in judge(UNSEEN[name], table_of(name)[1])]
    counts, text = report(verdicts)
    print(text)
    assert counts.loc[RIGHT, "rows"] >= 0.9 * counts["rows"].sum(), text


def test_a_probability_near_one_hides_nothing():
    assert "cannot tell" not in set(table_of("nearly_always")[1]["role"])


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_told_is_not_told_and_the_reason_is_given(name):
    animal, (_, table) = REFUSED[name], table_of(name)
    for wanted in animal.rows:
        for row in table.loc[[wanted]].itertuples():
            assert row.role == "cannot tell", f"{wanted} is told: {row.role}, {row.sentence}"
            assert any(word in row.sentence.lower() for word in animal.reason), row.sentence


@pytest.mark.parametrize("name", EVERY)
def test_each_name_has_its_row_in_the_models_order(name):
    model, table = table_of(name)
    aside = {v.name for v in [*model.observed_RVs, *model.data_vars]}
    names = [v for v in model.named_vars if v not in aside]
    assert list(dict.fromkeys(table.index)) == names
    assert table.index.name == "name"
    for row in table.itertuples():
        assert isinstance(row.sentence, str) and row.sentence.strip().endswith((".", "?")), row
        shape = model.named_vars[row.Index].type.shape
        if None not in shape:
            assert row.entries == np.prod(shape, dtype=int), row


@pytest.mark.parametrize("name", ZOO)
def test_loose_constants_are_those_found_by_hand(name):
    animal, (_, table) = ZOO[name], table_of(name)
    products = {part for names in animal.loose for name in names for part in parts(name) if " * " in part}
    assert groups(table.attrs["loose"], products) == groups(animal.loose, products)


@pytest.mark.parametrize("name", [*PUBLIC, *UNSEEN])
def test_no_loose_constant_is_invented(name):
    animal, (_, table) = EVERY[name], table_of(name)
    by_hand = groups(animal.loose)
    for found in groups(table.attrs["loose"]):
        assert any(found <= names for names in by_hand), f"{set(found)} is fixed by the data"


def summed(sentence):
    """Return the parts that a sentence tells the reader to add, without those to subtract."""
    told = re.search(r"\badd (?!nothing)(.*?)(?:,? and subtract\b|, subtract\b|\bto get\b|$)", sentence)
    return parts(told.group(1)) if told else set()


@pytest.mark.parametrize("name", [*ZOO, *PUBLIC, *UNSEEN])
def test_a_sentence_never_adds_what_the_formula_subtracts(name):
    _, table = table_of(name)
    minus = {key for key, row in table.iterrows() if "minus" in str(row["in_sum"])}
    for row in table.itertuples():
        added = {factor for part in summed(row.sentence) for factor in part.split(" * ")}
        assert not added & minus, row.sentence


@pytest.mark.parametrize("name", [name for name in ZOO if ZOO[name].unvisited])
def test_a_level_without_rows_is_named(name):
    animal, (_, table) = ZOO[name], table_of(name)
    said = " ".join([*table["sentence"], *map(str, table.attrs.values())])
    for labels in animal.unvisited.values():
        assert all(label in said for label in labels), said


# ---- the judge itself, which needs no `read_table` ------------------------------------------------------------


def by_hand(animal):
    """Return the table that the hand-written rows describe, the first reading of each."""
    rows = []
    for key, expected in animal.rows.items():
        name, outcome = key if isinstance(key, tuple) else (key, None)
        row = {column: expected[column][0].replace("?", "").replace(" + ", ", ") for column in COLUMNS}
        row |= {"scale": None if row["scale"] in ("-", "") else row["scale"], "free": row["free"] == "yes"}
        rows.append({"name": name, "sentence": "So it is."} | row | ({"outcome": outcome} if outcome else {}))
    return pd.DataFrame(rows).set_index("name")


@pytest.mark.parametrize("name", ZOO)
def test_the_judge_accepts_the_rows_written_by_hand(name):
    assert {verdict[2] for verdict in judge(ZOO[name], by_hand(ZOO[name]))} == {RIGHT}


@pytest.mark.parametrize(
    ("column", "wrong"),
    [
        ("role", "level"),
        ("in_sum", "no"),
        ("scale", "identity"),
        ("already_in", "z"),
        ("add", "a"),
        ("free", True),
    ],
)
def test_the_judge_sees_a_wrong_cell(column, wrong):
    table = by_hand(ZOO["chimpanzees"])
    table.loc["g", column] = wrong
    assert [verdict[1] for verdict in judge(ZOO["chimpanzees"], table) if verdict[2] == WRONG] == ["g"]


def test_the_judge_keeps_cannot_tell_apart_and_sees_a_missing_row():
    table = by_hand(ZOO["chimpanzees"]).drop("p")
    table.loc["z", ["role", "in_sum"]] = ["cannot tell", ""]
    counts, text = report(judge(ZOO["chimpanzees"], table))
    assert counts["rows"].to_dict() == {RIGHT: 6, UNTOLD_ROW: 1, WRONG: 1}
    assert "no such row" in text


def test_products_are_compared_in_any_order():
    assert parts("mu, z * sigma") == parts("sigma * z, mu") != parts("sigma, z, mu")
    assert groups([{"a", "g"}, {"b", "g"}]) == {frozenset("abg")}
    assert groups([{"mu", "z"}], {"s * z"}) == groups([{"mu", "z * s"}], {"s * z"})


def test_what_a_sentence_adds_is_found_in_it():
    assert summed("It is in the sum as it is; add b and x * a to get the log-odds.") == {"b", "a * x"}
    assert summed("Now add theta and subtract b to get the log-odds.") == {"theta"}
    assert summed("Subtract cut to get the probit.") == summed("So add nothing to it.") == set()


def test_the_zoo_is_as_large_and_as_misleading_as_it_says():
    assert len(ZOO) >= 25 and len(UNTOLD) >= 8
    for models in [ZOO, UNSEEN]:
        assert sum(bool(animal.misleading) for animal in models.values()) / len(models) > 1 / 3


# ---- however it is written ------------------------------------------------------------------------------------


def in_other_words(model, seed):
    """Rename all names of a built model and shuffle the order in which it declares them."""
    random = np.random.default_rng(seed)
    back = {}
    for name, v in list(model.named_vars.items()):
        back[f"v{seed}_{len(back)}"] = name
        v.name = list(back)[-1]
        if v in model.rvs_to_values:
            value = model.rvs_to_values[v]
            value.name = value.name and value.name.replace(name, v.name, 1)
    forth = {name: new for new, name in back.items()}
    variables = list(model.named_vars.values())
    model.named_vars = {variables[i].name: variables[i] for i in random.permutation(len(variables))}
    model.named_vars_to_dims = {forth[name]: dims for name, dims in model.named_vars_to_dims.items()}
    for some in ["free_RVs", "deterministics", "observed_RVs"]:
        found = getattr(model, some)
        setattr(model, some, [found[i] for i in random.permutation(len(found))])
    return back


def words_of(table, back=None):
    """Return the words of each row, in no order, names translated back."""
    back = back or {}
    said = {}
    for name, row in table.iterrows():
        if row["role"] == "cannot tell":  # of several reasons the first is given
            row = row.drop("sentence")
        words = re.findall(r"\w+", " ".join(map(str, row)))
        key = (back.get(name, name), back.get(row.get("outcome"), row.get("outcome")))
        said[key] = sorted(back.get(word, word) for word in words)
    return said


@pytest.mark.parametrize("seed", [1])
@pytest.mark.parametrize("name", [*UNSEEN, *REFUSED])
def test_names_and_order_decide_nothing(name, seed):
    from helpers import read_table

    model = EVERY[name].build()
    back = in_other_words(model, seed)
    assert words_of(read_table(model), back) == words_of(table_of(name)[1])
