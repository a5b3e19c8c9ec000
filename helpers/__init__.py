"""What the notebooks share: data with names, stored posteriors, figures with alt text.

There is no model here, because each is written out in the lesson that teaches it.
"""

from helpers import remedies

try:
    from helpers import settings

    settings.reset()
    from helpers.data import (
        load_chimpanzees,
        load_eight_schools,
        load_epilepsy,
        load_reedfrogs,
        load_sleepstudy,
        load_wine,
    )
    from helpers.exercises import check
    from helpers.figures import COLOUR, show
    from helpers.posterior import load_posterior
    from helpers.printed import read_printed
    from helpers.read import read_table
except Exception as error:
    if remedies.library(error) == "helpers":
        raise
    raise remedies.cannot_load(error) from None

__all__ = [
    "COLOUR",
    "check",
    "load_chimpanzees",
    "load_eight_schools",
    "load_epilepsy",
    "load_posterior",
    "load_reedfrogs",
    "load_sleepstudy",
    "load_wine",
    "read_printed",
    "read_table",
    "show",
]
