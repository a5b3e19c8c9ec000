"""Each mutant of `make mutants` can be made: what it breaks is there."""

import pytest
from notebook_checks import ROOT

from studies.mutants import MUTANTS, main


@pytest.mark.parametrize("name", list(MUTANTS))
def test_what_a_mutant_breaks_is_there(name):
    file, sound, broken, test = MUTANTS[name]
    assert sound in (ROOT / file).read_text(encoding="utf-8")
    assert sound != broken
    assert (ROOT / test).exists()


def test_a_name_that_is_no_mutant_is_refused():
    with pytest.raises(
        SystemExit, match="There is no mutant 'a stale posteriors'.*Did you mean: a stale posterior"
    ):
        main(["a stale posteriors"])


def test_names_can_be_told_apart_in_one_word_of_make():
    assert not [name for name in MUTANTS if ";" in name or '"' in name or "$" in name]
