"""Read a PyMC model: what each name of its table is, what is in it and what to add to it."""

from helpers.read.table import read_table

__all__ = ["read_table"]
