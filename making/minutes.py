"""Print how many minutes each lesson takes, core and further apart, by one measure.

Prose counts 150 words per minute, a visible code cell half a minute, a prediction one and a half.
An exercise counts by its work: a letter 1.5, one helper call or table look-up 2.5, code of one's own 5.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import nbformat

from helpers.exercises import exercises

ROOT = Path(__file__).resolve().parent.parent
WORDS_PER_MINUTE = 150
CODE_CELL, PREDICTION = 0.5, 1.5
EXERCISE = {"a letter": 1.5, "a look-up": 2.5, "your own code": 5.0}
LONGEST_CORE = 45
FURTHER = re.compile(r"^## (Going )?[Ff]urther", re.MULTILINE)


@dataclass
class Part:
    """What one part of a lesson asks of its reader."""

    words: int = 0
    code_cells: int = 0
    code_lines: int = 0
    folded_lines: int = 0
    predictions: int = 0
    exercises: float = 0.0  # minutes

    @property
    def minutes(self):
        """Return the minutes by the measure."""
        return (
            self.words / WORDS_PER_MINUTE
            + CODE_CELL * self.code_cells
            + PREDICTION * self.predictions
            + self.exercises
        )


def measure(path):
    """Return what the core of a lesson and its further part ask of a reader.

    Parameters
    ----------
    path : path-like
        A notebook.

    Returns
    -------
    core, further : Part
        `further` begins at the heading "Going further"; it may be empty.

    Raises
    ------
    LookupError
        The notebook checks an exercise that does not exist.
    """
    notebook = nbformat.read(path, as_version=4)
    known = exercises()
    core, further = Part(), Part()
    part = core
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            if FURTHER.search(cell.source):
                part = further
            part.words += len(re.findall(r"\w[\w'’.,-]*", prose(cell.source)))
            part.predictions += "**Predict.**" in cell.source
        elif cell.cell_type == "code":
            lines = sum(bool(line.strip()) for line in cell.source.splitlines())
            asked = re.search(r'\bcheck\("(\d\d\.\d+)"', cell.source)
            if cell.metadata.get("jupyter", {}).get("source_hidden"):
                part.folded_lines += lines
            elif asked:
                if asked[1] not in known:
                    raise LookupError(
                        f"{Path(path).name} checks {asked[1]}, which is not in helpers/exercises/lesson_{asked[1][:2]}.py."
                    )
                part.exercises += EXERCISE[known[asked[1]].work]
            else:
                part.code_cells += 1
                part.code_lines += lines
    return core, further


def prose(source):
    """Return a markdown cell without its tags, its links' targets and its table rules."""
    source = re.sub(r"<[^>]+>", " ", source)
    source = re.sub(r"\]\([^)]*\)", "]", source)
    return re.sub(r"[|:-]{3,}", " ", source)


def lessons():
    """Return the paths of the lessons, in order."""
    return sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))


def stated(minutes):
    """Return the minutes that a page states: rounded up to the next five."""
    return int(-(-minutes // 5) * 5)


def main():
    """Print a line for each lesson."""
    print(
        f"{'lesson':40} {'core':>5} {'stated':>6} {'further':>7} {'words':>6} {'cells':>5} {'lines':>5} {'folded':>6}"
    )
    for path in lessons():
        core, further = measure(path)
        print(
            f"{path.stem:40} {core.minutes:5.1f} {stated(core.minutes):6} {further.minutes:7.1f} "
            f"{core.words + further.words:6} {core.code_cells + further.code_cells:5} "
            f"{core.code_lines + further.code_lines:5} {core.folded_lines + further.folded_lines:6}"
        )


if __name__ == "__main__":
    main()
