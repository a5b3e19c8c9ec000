"""Show a table that was read: the sentences about all of it are above its rows."""

import pandas as pd

from helpers.read.table import Table


class Printed(Table):
    """A DataFrame that is shown under its attrs "health", "notes" and "questions"."""

    def _shown(self):
        table = Table(pd.DataFrame(self))
        above = [text for key in ["health", "notes", "questions"] for text in self.attrs.get(key, [])]
        table.attrs = {"health": above}
        return table

    def _repr_html_(self):
        return self._shown()._repr_html_()

    def __repr__(self):
        return repr(self._shown())


def shown(rows, columns, attrs):
    """Return rows as a table with what is said above it."""
    table = Printed(pd.DataFrame(rows, columns=columns))
    table["scale"] = table["scale"].astype(object).where(table["scale"].notna(), None)
    table.attrs = attrs
    return table
