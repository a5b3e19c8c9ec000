"""Make the site of the lessons from their stored outputs (`make book`). No notebook is run.

The notebooks are copied into _build/source, Sphinx makes _build/html from them (conf.py), and the
links of the result are checked. Open _build/html/index.html, or serve the folder.

With `make book SITE_URL=https://...`, the address where the site will be served, a link that
somebody shares shows a picture. CHROMIUM=/path/to/chromium names the browser that makes the PDFs.
"""

import base64
import hashlib
import json
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import zipfile
from html import unescape
from pathlib import Path

import mathjax
from markdown_it import MarkdownIt

from answers import export
from links import broken_links, site_address

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SOURCE = HERE / "_build/source"
HTML = HERE / "_build/html"
CHROMIUM_FLAGS = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run".split()
CHROMIUM_FLAGS += "--disable-background-networking --disable-component-update --disable-sync".split()
NO_CHROMIUM = (
    "Chromium was not found, so the site has no PDFs and says why. "
    "For PDFs, run `make book CHROMIUM=/path/to/chromium`."
)
NO_ADDRESS = (
    "A shared link to this site shows no picture, because the site does not know its address. "
    "For a picture, run `make book SITE_URL=https://...`."
)


def section(notebook, heading):
    """Return the markdown of a notebook's section, without its heading."""
    cells = json.loads((ROOT / "notebooks" / notebook).read_text(encoding="utf-8"))["cells"]
    for cell in cells:
        _, found, rest = ("\n" + "".join(cell["source"])).partition(f"\n## {heading}\n")
        if found and cell["cell_type"] == "markdown":
            return rest.partition("\n## ")[0].strip()
    raise SystemExit(f"{notebook} has no section '{heading}', which the site shows. Change build.py.")


def chromium():
    """Return the path of $CHROMIUM, or of a chromium on the path; None if there is none."""
    names = [os.environ["CHROMIUM"]] if "CHROMIUM" in os.environ else ["chromium", "chromium-browser"]
    return next(filter(None, map(shutil.which, names)), None)


def print_checklist(pdf):
    """Print lesson 06's checklist on one page of A4; return whether there is a chromium to do it."""
    browser = chromium()
    if browser is None:
        print(NO_CHROMIUM)
        return False
    markdown = MarkdownIt("commonmark", {"typographer": True}).enable("smartquotes")
    text = markdown.render(section("06_your_turn.ipynb", "The checklist"))
    text = text[text.index("<ol>") :]  # without the text before the list
    page = (HERE / "checklist.html").read_text(encoding="utf-8").replace("CHECKLIST", text)
    with tempfile.TemporaryDirectory() as folder:
        html = Path(folder) / "checklist.html"
        html.write_text(page, encoding="utf-8")
        options = [f"--user-data-dir={folder}/profile", "--no-pdf-header-footer", f"--print-to-pdf={pdf}"]
        command = [browser, *CHROMIUM_FLAGS, *options, html.as_uri()]
        subprocess.run(command, check=True, timeout=120, capture_output=True)
    return True


def stage():
    """Copy what the site is made from into _build/source, in the same folders as in the repository."""
    address = site_address(os.environ.get("SITE_URL", ""))
    shutil.rmtree(HERE / "_build", ignore_errors=True)
    for path in sorted(ROOT.glob("notebooks/**/[0-9]*.ipynb")):
        if ".ipynb_checkpoints" not in path.parts:
            copy(path.relative_to(ROOT))
    for name in ["README.md", "LICENSE", "data/README.md", "classroom/TEACHING.md", "classroom/README.md"]:
        copy(Path(name))
    copy(Path("classroom/site/static/seven_actors.png"))
    guide = (ROOT / "classroom/README.md").read_text(encoding="utf-8")
    for name in sorted(set(re.findall(r"\]\(([\w.]+)\)", guide)) - {"TEACHING.md"}):
        copy(Path("classroom") / name)
    glossary = section("00_start_here.ipynb", "Glossary")
    (SOURCE / "glossary.md").write_text(f"# Glossary\n\n{glossary}\n", encoding="utf-8")

    pdf = SOURCE / "checklist.pdf"
    if print_checklist(pdf):
        link = "[The checklist](checklist.pdf) of lesson 06 fits on one page to print."
    else:
        link = "This site was built without Chromium, so it has no PDFs of the lessons and the checklist."
    index = (HERE / "index.md").read_text(encoding="utf-8").replace("CHECKLIST", link)
    (SOURCE / "index.md").write_text(index, encoding="utf-8")
    shutil.copy(HERE / "table.md", SOURCE)

    static = HERE / "_build/static"
    data = export(static / "data")
    lessons = sorted(SOURCE.glob("notebooks/0*.ipynb"))
    built = {
        "lessons": data,
        "needs": {path.stem: data_files(path.read_text(encoding="utf-8")) for path in lessons},
        "has_pdf": chromium() is not None,
        "address": address,
    }
    (HERE / "_build/built.json").write_text(json.dumps(built, allow_nan=False), encoding="utf-8")

    es5 = Path(mathjax.__file__).parent / "static/mathjax/es5"
    extensions = "input/tex/extensions"  # fetched when a formula needs them
    shutil.copytree(es5 / extensions, static / extensions)
    shutil.copy(es5 / "tex-svg.js", static)


def copy(name):
    """Copy one file of the repository to the same place in the site's source."""
    (SOURCE / name).parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(ROOT / name, SOURCE / name)


def data_files(notebook):
    """List the data files that a lesson reads, from the calls in its code."""
    posteriors = [f"{name}.nc" for name in re.findall(r'load_posterior\(\\"(\w+)', notebook)]
    tables = [f"{name}.csv" for name in re.findall(r"load_(chimpanzees|reedfrogs)\(", notebook)]
    named = re.findall(r"\b(\w+\.csv)\b", notebook)
    return sorted({name for name in posteriors + tables + named if (ROOT / "data" / name).exists()})


def finish(path):
    """Make a page small: pictures in their own files, and no markup that nothing uses."""
    text = path.read_text(encoding="utf-8")
    text = re.sub(
        r'<details class="[^"]*">\s*<summary aria-label="Toggle hidden content">\s*<p class="collapsed[^>]*>(.*?)</p>'
        r"\s*<p.*?</p>\s*</summary>",
        r"<details><summary>\1</summary>",
        text,
        flags=re.DOTALL,
    )
    text = re.sub(
        r'<code class="docutils literal notranslate">(.*?)</code>', plain_code, text, flags=re.DOTALL
    )
    # these have no colour of their own
    text = re.sub(r'<span class="(?:w|p|n|o|nn)">(.*?)</span>', r"\1", text)
    text = text.replace("<span></span>", "").replace(" docutils container", "")
    text = re.sub(
        r'<table class="docutils.*?</table>', r'<div class="scrolls">\g<0></div>', text, flags=re.DOTALL
    )
    stream = r'(<div class="output stream[^>]*><div class="highlight">)<pre>(.*?)</pre>'
    text = re.sub(stream, wrapped, text, flags=re.DOTALL)
    text = re.sub(
        r'<img alt="([^"]*)" data-drawn="[^"]*" src="data:image/png;base64,([^"]*)" style="width: (\d+)px',
        picture(path),
        text,
    )
    path.write_text(text, encoding="utf-8")


def wrapped(match):
    """Return a printed output, which wraps if it is sentences, without columns, and wider than a page."""
    text = unescape(re.sub(r"<[^>]+>", "", match[2]))
    has_columns = re.search(r"\S {2,}\S", text)
    is_wide = max(map(len, text.split("\n"))) > 92
    return f'{match[1]}<pre class="wraps">{match[2]}</pre>' if is_wide and not has_columns else match[0]


def plain_code(match):
    """Return code in a line of text, without a span around each word."""
    return f"<code>{re.sub(r'</?span[^>]*>', '', match[1])}</code>"


def picture(page):
    """Return a function that writes a picture of a page to a file and returns the image that shows it."""

    def write(match):
        alt, data, width = match.groups()
        png = base64.b64decode(data)
        name = f"{hashlib.sha256(png).hexdigest()[:16]}.png"
        (HTML / "_images").mkdir(exist_ok=True)
        (HTML / "_images" / name).write_bytes(png)
        wide, high = struct.unpack(">II", png[16:24])
        up = "../" * (len(page.relative_to(HTML).parts) - 1)
        size = f'width="{width}" height="{round(int(width) * high / wide)}"'
        return f'<img alt="{alt}" src="{up}_images/{name}" {size} loading="lazy" style="width: {width}px'

    return write


def sections(page):
    """Yield what the search needs from a page: address, title, heading and text of each section."""
    text = page.read_text(encoding="utf-8")
    title = re.search("<title>(.*?)(?: · .*)?</title>", text)[1]
    main = text[text.index("<main") : text.index("</main>")]
    main = re.sub(r"<(script|form|style).*?</\1>|<a class=\"headerlink.*?</a>", " ", main, flags=re.DOTALL)
    folded_code = r"<details>\s*<summary>(?:Code|In the notebook)\b.*?</details>"
    main = re.sub(folded_code, " ", main, flags=re.DOTALL)
    main = re.sub(r'<img alt="([^"]*)"[^>]*>', r" \1 ", main)
    main = re.sub(r"</?(?:span|code|em|strong|a)\b[^>]*>", "", main)  # these do not separate words
    address = page.relative_to(HTML).as_posix()
    for part in re.split(r'(?=<section [^>]*id=")', main):
        anchor = re.match(r'<section [^>]*id="([^"]+)"', part)
        heading = re.search(r"<h\d>(.*?)</h\d>", part, re.DOTALL)
        if anchor and heading:
            words = unescape(" ".join(re.sub(r"<[^>]+>", " ", part.replace(heading[0], "")).split()))
            name = unescape(re.sub("<[^>]+>", "", heading[1])).strip()
            yield [f"{address}#{anchor[1]}", unescape(title), name, words]


def write_search():
    """Write the text of all pages for the search."""
    pages = [path for path in sorted(HTML.rglob("*.html")) if "_static" not in path.parts]
    found = [section for page in pages if page.name != "search.html" for section in sections(page)]
    text = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
    (HTML / "_static/data/search.js").write_text(f"search({text});\n", encoding="utf-8")


def write_archive():
    """Write the course, as it is here, into course.zip."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode == 0:
        names = [name for name in listed.stdout.split("\0") if (ROOT / name).is_file()]
    else:  # the course came without git
        left_out = {".venv", ".git", ".hub", "_build", "__pycache__", ".pytest_cache", ".ipynb_checkpoints"}
        paths = (path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file())
        names = [path.as_posix() for path in paths if not left_out & set(path.parts)]
    with zipfile.ZipFile(HTML / "course.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(names):
            # without a date, so that the same files make the same archive
            entry = zipfile.ZipInfo(f"reading-the-coefficients/{name}")
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o755 << 16 if os.access(ROOT / name, os.X_OK) else 0o644 << 16
            archive.writestr(entry, (ROOT / name).read_bytes())


def print_lessons():
    """Print each lesson into pdf/, if there is a chromium to do it."""
    browser = chromium()
    if browser is None:
        return
    (HTML / "pdf").mkdir()
    for page in sorted(HTML.glob("notebooks/0*.html")):
        copy = page.with_name("printed.html")  # beside the page, so that its links lead to the same files
        text = page.read_text(encoding="utf-8").replace(' loading="lazy"', "")
        copy.write_text(text.replace("<details", "<details open"), encoding="utf-8")
        print_page(browser, copy, HTML / f"pdf/{page.stem}.pdf")
        copy.unlink()


def print_page(browser, page, pdf):
    """Print a page with a browser, after the formulas are drawn."""
    with tempfile.TemporaryDirectory() as profile:
        options = [f"--user-data-dir={profile}", "--no-pdf-header-footer", "--virtual-time-budget=20000"]
        command = [browser, *CHROMIUM_FLAGS, *options, f"--print-to-pdf={pdf}", page.as_uri()]
        subprocess.run(command, check=True, timeout=120, capture_output=True)


def main():
    """Build the site and check its links; a warning is an error."""
    stage()
    sphinx = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-n", "-c", HERE, SOURCE, HTML]
    if subprocess.run(sphinx, env=os.environ | {"PYTHONPATH": str(HERE)}).returncode:
        raise SystemExit("The site was not built. Fix what the warnings above name.")
    for page in HTML.rglob("*.html"):
        finish(page)
    write_search()
    write_archive()
    print_lessons()
    broken = broken_links(HTML)
    if broken:
        count = "is 1 broken link" if len(broken) == 1 else f"are {len(broken)} broken links"
        raise SystemExit("\n".join([*broken, f"There {count}. Fix each where it is written."]))
    print(f"The site is ready. Open {(HTML / 'index.html').relative_to(Path.cwd(), walk_up=True)}")
    if not os.environ.get("SITE_URL"):
        print(NO_ADDRESS)


if __name__ == "__main__":
    main()
