"""Each mutant of `make mutants` can be made: what it breaks is there."""

import pytest
from notebook_checks import ROOT

from studies.mutants import MUTANTS


@pytest.mark.parametrize("name", list(MUTANTS))
def test_what_a_mutant_breaks_is_there(name):
    file, sound, broken, test = MUTANTS[name]
    assert sound in (ROOT / file).read_text(encoding="utf-8")
    assert sound != broken
    assert (ROOT / test).exists()
