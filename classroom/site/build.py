"""Make the site of the lessons from their stored outputs (`make book`). Nothing is executed.

The notebooks are copied into _build/source, Sphinx makes _build/html of them (conf.py), and the
links of the result are checked. Open _build/html/index.html, or serve the folder.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import mathjax
from markdown_it import MarkdownIt

from links import broken_links

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SOURCE = HERE / "_build/source"
HTML = HERE / "_build/html"
CHROMIUM_FLAGS = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run".split()
CHROMIUM_FLAGS += "--disable-background-networking --disable-component-update --disable-sync".split()


def section(notebook, heading):
    """Return the markdown of a notebook's section, without its heading."""
    cells = json.loads((ROOT / "notebooks" / notebook).read_text(encoding="utf-8"))["cells"]
    for cell in cells:
        _, found, rest = ("\n" + "".join(cell["source"])).partition(f"\n## {heading}\n")
        if found and cell["cell_type"] == "markdown":
            return rest.partition("\n## ")[0].strip()
    raise SystemExit(f"{notebook} has no section '{heading}', which the site prints. Mend build.py.")


def chromium():
    """Return the path of $CHROMIUM, or of a chromium on the path; None when there is none."""
    names = [os.environ["CHROMIUM"]] if "CHROMIUM" in os.environ else ["chromium", "chromium-browser"]
    return next(filter(None, map(shutil.which, names)), None)


def print_checklist(pdf):
    """Print lesson 06's checklist on one page of A4; return whether there was a chromium to do it."""
    browser = chromium()
    if browser is None:
        print("No chromium was found (name one by CHROMIUM=...): the site has no printed checklist.")
        return False
    markdown = MarkdownIt("commonmark", {"typographer": True}).enable("smartquotes")
    text = markdown.render(section("06_your_turn.ipynb", "The checklist"))
    text = text[text.index("<ol>") :]  # without the words before the list
    page = (HERE / "checklist.html").read_text(encoding="utf-8").replace("CHECKLIST", text)
    with tempfile.TemporaryDirectory() as folder:
        html = Path(folder) / "checklist.html"
        html.write_text(page, encoding="utf-8")
        options = [f"--user-data-dir={folder}/profile", "--no-pdf-header-footer", f"--print-to-pdf={pdf}"]
        command = [browser, *CHROMIUM_FLAGS, *options, html.as_uri()]
        subprocess.run(command, check=True, timeout=120, capture_output=True)
    return True


def stage():
    """Copy what becomes the site into _build/source, in the repository's own order of folders."""
    shutil.rmtree(HERE / "_build", ignore_errors=True)
    for path in sorted(ROOT.glob("notebooks/**/[0-9]*.ipynb")):
        if ".ipynb_checkpoints" not in path.parts:
            copy(path.relative_to(ROOT))
    for name in ["README.md", "LICENSE", "data/README.md", "classroom/TEACHING.md", "classroom/README.md"]:
        copy(Path(name))
    for name in ["classroom/values.yaml", "classroom/site/static/seven_actors.png"]:
        copy(Path(name))
    glossary = section("00_start_here.ipynb", "Glossary")
    (SOURCE / "glossary.md").write_text(f"# Glossary\n\n{glossary}\n", encoding="utf-8")

    pdf = SOURCE / "checklist.pdf"
    link = (
        "The [checklist](checklist.pdf) of lesson 06, on one page to print." if print_checklist(pdf) else ""
    )
    index = (HERE / "index.md").read_text(encoding="utf-8").replace("CHECKLIST", link)
    (SOURCE / "index.md").write_text(index, encoding="utf-8")

    es5 = Path(mathjax.__file__).parent / "static/mathjax/es5"
    extensions = "input/tex/extensions"  # fetched when a formula needs them
    shutil.copytree(es5 / extensions, HERE / "_build/mathjax" / extensions)
    shutil.copy(es5 / "tex-svg.js", HERE / "_build/mathjax")


def copy(name):
    """Copy one file of the repository to the same place in the site's source."""
    (SOURCE / name).parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(ROOT / name, SOURCE / name)


def main():
    """Build the site and check its links; any warning is an error."""
    stage()
    sphinx = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-n", "-c", HERE, SOURCE, HTML]
    if subprocess.run(sphinx).returncode:
        raise SystemExit("The site was not built: mend the warnings above.")
    broken = broken_links(HTML)
    if broken:
        raise SystemExit(
            "\n".join([*broken, f"{len(broken)} broken links: mend them where they are written."])
        )
    print(f"The site is ready: open {(HTML / 'index.html').relative_to(Path.cwd(), walk_up=True)}")


if __name__ == "__main__":
    main()
