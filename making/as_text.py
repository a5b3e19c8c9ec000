"""Print a notebook as text, for readable diffs.

Say once: ``git config diff.ipynb.textconv ".venv/bin/python making/as_text.py"``.
"""

import json
import re
import sys
from pathlib import Path


def as_text(notebook):
    """Return a notebook's cells and what they show, without pixels and ids.

    Parameters
    ----------
    notebook : dict
        A notebook as it stands in its file.

    Returns
    -------
    str
    """
    lines = []
    for cell in notebook["cells"]:
        tags = cell["metadata"].get("tags", [])
        lines += ["", f"---- {cell['cell_type']} {' '.join(tags)}".rstrip(), "".join(cell["source"])]
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            shown = output.get("text") or data.get("text/markdown") or data.get("text/plain") or ""
            lines.append(">> " + "".join(shown).rstrip().replace("\n", "\n>> "))
            drawn = re.search(r'data-drawn="([^"]*)"', "".join(data.get("text/html", "")))
            lines += [f">> drawn: {drawn[1]}"] if drawn else []
    return "\n".join(lines)


if __name__ == "__main__":
    print(as_text(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))))
