"""The lever pulls are the experiment's, and every other file is refused with a reason and a remedy."""

import shutil

import pandas as pd
import pytest

from helpers import (
    load_chimpanzees,
    load_eight_schools,
    load_epilepsy,
    load_reedfrogs,
    load_sleepstudy,
    load_wine,
    remedies,
)
from helpers.data import DATA, TREATMENTS

SHIPPED = (DATA / "chimpanzees.csv").read_text(encoding="utf-8")


@pytest.fixture
def file(tmp_path):
    """Return a function that writes a changed copy and gives its path."""

    def write(text, encoding="utf-8"):
        path = tmp_path / "copy.csv"
        path.write_bytes(text.encode(encoding))
        return path

    return write


def change(line, column, value):
    """Return the shipped text with one value replaced; lines count from 1, the header's."""
    lines = SHIPPED.splitlines()
    values = lines[line - 1].split(";")
    values[lines[0].replace('"', "").split(";").index(column)] = value
    lines[line - 1] = ";".join(values)
    return "\n".join(lines)


def test_rows_and_names():
    d = load_chimpanzees()
    assert len(d) == 504
    assert d["treatment"].value_counts().to_dict() == dict.fromkeys(TREATMENTS, 126)
    assert (d["treatment"].str[0] == "L").eq(d["prosoc_left"] == 1).all()
    assert (d["treatment"].str[2] == "P").eq(d["condition"] == 1).all()
    assert d["actor_idx"].eq(d["actor"] - 1).all()
    assert d["block_idx"].eq(d["block"] - 1).all()
    assert d["treatment_idx"].map(dict(enumerate(TREATMENTS))).eq(d["treatment"]).all()


def test_proportions_of_left_pulls():
    left = load_chimpanzees().groupby("actor")["pulled_left"].mean().round(3).tolist()
    assert left == [0.417, 1.0, 0.347, 0.347, 0.417, 0.639, 0.889]


def test_cells():
    d = load_chimpanzees()
    assert len(d.groupby(["actor", "block", "treatment"])) == 167
    assert d[(d["actor"] == 2) & (d["block"] == 1) & (d["treatment"] == "L/P")].empty


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff" + SHIPPED,
        SHIPPED.replace('"', ""),
        SHIPPED.replace("\n", "\r\n"),
        SHIPPED + "\n\n",
        SHIPPED.replace("NA", ""),
    ],
    ids=["byte-order mark", "no quotes", "CRLF", "blank lines", "empty recipient"],
)
def test_harmless_differences_are_read(file, text):
    pd.testing.assert_frame_equal(load_chimpanzees(file(text)), load_chimpanzees())


REFUSED = {
    "comma": (SHIPPED.replace(";", ","), "separated by commas"),
    "tab": (SHIPPED.replace(";", "\t"), "separated by tabs"),
    "empty": ("", "the file is empty"),
    "decimal commas": (change(9, "trial", "16,0"), "line 9, column trial: '16,0' (a decimal comma)"),
    "decimal points": (change(9, "trial", "16.0"), "line 9, column trial: '16.0'"),
    "missing column": ("\n".join(x.rpartition(";")[0] for x in SHIPPED.splitlines()), "missing columns: pulled_left"),
    "extra column": ("\n".join(x + ";1" for x in SHIPPED.replace('_left"\n', '_left";"x"\n', 1).splitlines()), "extra columns: x"),
    "row numbers": ("\n".join(f"{k};{x}" for k, x in enumerate(SHIPPED.splitlines())).replace("0;", '"";', 1), "a column without a name (row numbers?)"),
    "row numbers, R": ("\n".join(f"{k};{x}" for k, x in enumerate(SHIPPED.splitlines())).removeprefix("0;"), "every line has one value more than the header (row numbers?)"),
    "a column twice": ("\n".join(f"{x};{x.split(';')[0]}" for x in SHIPPED.splitlines()), "columns that appear twice: actor"),
    "a short line": (change(3, "actor", "1").replace("1;NA;0;1;6;1;0;0", "1;NA;0;1;6;1;0"), "line 4 has 7 values"),
    "half the file": ("\n".join(SHIPPED.splitlines()[:250]), "actor 4 has 6 pulls in block 1"),
    "only a header": (SHIPPED.splitlines()[0], "actor 1 has 0 pulls in block 1"),
    "a row twice": (SHIPPED.replace("1;NA;0;1;6;1;0;0", "1;NA;0;1;6;1;0;0\n1;NA;0;1;6;1;0;0"), "actor 1 has 13 pulls in block 1"),
    "out of range": (change(7, "pulled_left", "2"), "line 7, column pulled_left: 2"),
    "text": (change(7, "actor", "one"), "line 7, column actor: 'one'"),
    "missing value": (change(7, "actor", "NA"), "line 7, column actor: 'NA'"),
    "known slip": (change(144, "trial", "7"), "line 144: trial 7 of actor 2 is in block 6 (a known slip"),
    "trial twice": (change(2, "trial", "4"), "line 3: trial 4 of actor 1 appears a second time"),
    "a flipped pull": (change(100, "pulled_left", "0"), "line 100: chose_prosoc, prosoc_left and pulled_left disagree"),
    "a flipped condition": (change(2, "condition", "1"), "line 2: recipient and condition disagree"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_other_files_are_refused(file, name):
    text, reason = REFUSED[name]
    with pytest.raises(ValueError) as error:
        load_chimpanzees(file(text))
    message = str(error.value)
    assert reason in message
    assert message.startswith("copy.csv: ")
    assert ". Expected: " in message and "This file did not come with the course" in message


def test_a_spreadsheet_is_refused(tmp_path):
    path = tmp_path / "copy.csv"
    path.write_bytes(b"PK\x03\x04\xff\xfe\xff")
    with pytest.raises(ValueError, match="not a text file"):
        load_chimpanzees(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(
        FileNotFoundError, match=r"no data file at .*nowhere\.csv\. This file did not come with"
    ):
        load_chimpanzees(tmp_path / "nowhere.csv")


FROGS = (DATA / "reedfrogs.csv").read_text(encoding="utf-8")


def test_tanks():
    d = load_reedfrogs()
    assert len(d) == 48
    assert d["density"].value_counts().to_dict() == {10: 16, 25: 16, 35: 16}
    assert (d["surv"] <= d["density"]).all()
    assert d["surv"].sum() == 783


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (FROGS.replace(";", ","), "separated by commas"),
        (FROGS.replace("0.9\n", "0,9\n", 1), "line 2: propsurv is '0,9'"),
        (FROGS.replace('9;0.9"', '9;0.8"').replace("9;0.9\n", "8;0.9\n", 1), "line 2: propsurv is '0.9'"),
        (FROGS.replace("9;0.9\n", "19;1.9\n", 1), "line 2: 19 survivors of 10"),
        (FROGS.replace('10;"no"', '11;"no"', 1), "line 2, column density: '11'"),
        ("\n".join(FROGS.splitlines()[:-1]), "47 tanks, not evenly spread"),
        (FROGS.replace("surv", "survivors", 1), "missing columns: surv"),
    ],
    ids=[
        "comma",
        "decimal comma",
        "a changed count",
        "more than there were",
        "density",
        "a tank missing",
        "column name",
    ],
)
def test_other_tanks_are_refused(tmp_path, text, reason):
    path = tmp_path / "reedfrogs.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError) as error:
        load_reedfrogs(path)
    assert reason in str(error.value) and ". Expected: " in str(error.value)


@pytest.fixture
def course(tmp_path, monkeypatch):
    """Return the folder of a course with its data, which the remedies take for their own."""
    shutil.copytree(DATA, tmp_path / "course" / "data")
    monkeypatch.setattr(remedies, "ROOT", tmp_path / "course")
    monkeypatch.setattr(remedies, "DATA", tmp_path / "course" / "data")
    monkeypatch.delenv("JUPYTERHUB_USER", raising=False)
    monkeypatch.setattr(remedies.shutil, "which", lambda name: f"/usr/bin/{name}")
    return tmp_path / "course"


def remedy(course, name="chimpanzees.csv"):
    """Return what is said of an empty file."""
    (course / "data" / name).write_text("")
    with pytest.raises(ValueError) as error:
        load_chimpanzees(course / "data" / name)
    return str(error.value).partition(" pulled_left. ")[2]


COPY = "To get the shipped file back: copy data/chimpanzees.csv from a fresh copy of the course."


def test_the_remedy_with_git(course):
    (course / ".git").mkdir()
    assert remedy(course) == "To get the shipped file back: git restore data/chimpanzees.csv"


def test_the_remedy_without_git(course, monkeypatch):
    assert remedy(course) == COPY, "an archive has no .git"
    (course / ".git").mkdir()
    monkeypatch.setattr(remedies.shutil, "which", lambda name: None)
    assert remedy(course) == COPY


@pytest.mark.parametrize("how", ["on a hub", "a course that cannot be written to"])
def test_the_remedy_where_the_course_is_someone_else_s(course, monkeypatch, how):
    (course / ".git").mkdir()
    if how == "on a hub":
        monkeypatch.setenv("JUPYTERHUB_USER", "ada")
    else:
        monkeypatch.setattr(remedies.os, "access", lambda path, mode: False)
    assert "ask the person who runs this server to restore data/chimpanzees.csv" in remedy(course)


def test_the_remedy_for_what_a_hub_has_handed_out(course):
    (course / ".handed-out.json").write_text("{}")
    said = remedy(course)
    assert said == "To get it back: delete chimpanzees.csv, then stop your server and start it again."


def test_a_file_of_one_s_own_cannot_be_had_back(course):
    assert remedy(course, "mine.csv").startswith("This file did not come with the course")


def test_the_table_of_data_files_names_all():
    there = {path.name for path in DATA.iterdir() if path.is_file() and not path.name.startswith(".")}
    assert set(remedies.shipped()) == there


FIRST_TABLES = {
    "sleepstudy": (load_sleepstudy, "308;9;466.3535", "309;9;466.3535"),
    "eight_schools": (load_eight_schools, "A;28;15", "A;28;0"),
    "epilepsy": (load_epilepsy, "1;1;31;11;0;5", "1;1;31;11;2;5"),
    "wine": (load_wine, "1;1;cold;no;36;2", "1;1;cold;no;36;3"),
}


@pytest.mark.parametrize("name", FIRST_TABLES)
def test_a_spoilt_first_table_is_refused(tmp_path, name):
    load, sound, spoilt = FIRST_TABLES[name]
    text = (DATA / f"{name}.csv").read_text(encoding="utf-8")
    assert sound in text
    path = tmp_path / f"{name}.csv"
    for damaged in [text.replace(sound, spoilt, 1), text.replace(";", ","), text[: len(text) // 2], ""]:
        path.write_text(damaged, encoding="utf-8")
        with pytest.raises(ValueError, match=f"{name}.csv"):
            load(path)
