"""Read a printed table of a multilevel model: what each row is, on which scale, and what to add to it."""

from helpers.printed.reader import read_printed

__all__ = ["read_printed"]
