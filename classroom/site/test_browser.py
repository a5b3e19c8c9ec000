"""Try the lessons in JupyterLab, and the site, in a real browser (`make test-browser`).

The course is copied into a temporary folder first, so that no notebook of the repository changes.
"""

import importlib
import json
import os
import random
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
import zipfile
from urllib.parse import urlsplit
from urllib.request import urlopen

import numpy as np
import pytest

from answers import LESSONS as ANSWERING
from answers import NEEDS, is_answerable, lesson_data
from build import CHROMIUM_FLAGS, HTML, ROOT, chromium
from helpers.exercises import exercises
from helpers.exercises.engine import reply
from helpers.predictions import PREDICTIONS, answer_to, prediction
from helpers.printed import read_printed

try:
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import expect, sync_playwright

    from weigh import serve, weigh
except ImportError as error:
    pytest.exit(f"{error.name} is not installed: run `make tools`, then `make test-browser`.", returncode=1)

LESSONS = sorted(path.name for path in ROOT.glob("notebooks/0*.ipynb"))
PAGES = sorted(path for path in HTML.rglob("*.html") if "_static" not in path.parts)
SECONDS_A_LESSON = 240
LAST = "That was the last cell."
HERE = {"127.0.0.1", "localhost", ""}  # no host: a file, or data within the page


@pytest.fixture(scope="session")
def browser():
    """Start chromium, once for all tests."""
    path = chromium()
    if path is None:
        pytest.exit(
            "Chromium was not found. Install it (Debian: apt install chromium), or set CHROMIUM.",
            returncode=1,
        )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser):
    """Return a page that may send requests to this machine only; any other request fails the test."""
    context = browser.new_context(viewport={"width": 1400, "height": 1000})
    page = context.new_page()
    elsewhere = watch(page)
    yield page
    context.close()
    assert not elsewhere, f"requests that leave this machine: {elsewhere}"


def watch(page):
    """Return a list that fills with the page's requests to other machines."""
    elsewhere = []

    def note(request):
        if urlsplit(request.url).hostname not in HERE | {None}:
            elsewhere.append(request.url[:200])

    page.on("request", note)
    return elsewhere


@pytest.fixture(scope="session")
def course(tmp_path_factory):
    """Copy the course: lessons without outputs, with one more cell that says that all were run.

    In notebooks/stored/ the lessons are as they ship, with their outputs.
    """
    course = tmp_path_factory.mktemp("course")
    for name in ["Makefile", "data", "helpers", "notebooks"]:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, course / name)
    (course / "notebooks/stored").mkdir()
    (course / "notebooks/data").symlink_to(course / "data")  # where the lessons in stored/ look
    for name in LESSONS:
        path = course / "notebooks" / name
        shutil.copy(path, course / "notebooks/stored" / name)
        notebook = json.loads(path.read_text(encoding="utf-8"))
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code":
                cell |= {"outputs": [], "execution_count": None}
        last = {"id": "the-last", "source": f'print("{LAST}")', "outputs": [], "execution_count": None}
        notebook["cells"].append({"cell_type": "code", "metadata": {}} | last)
        path.write_text(json.dumps(notebook), encoding="utf-8")
    notebook["metadata"]["kernelspec"]["name"] = "elsewhere"
    (course / "notebooks/elsewhere.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    return course


@pytest.fixture(scope="session")
def lab(course, tmp_path_factory):
    """Start JupyterLab as a learner does, with `make lab` and with its own settings; return its address."""
    settings = tmp_path_factory.mktemp("settings")
    tracker = settings / "lab/user-settings/@jupyterlab/notebook-extension/tracker.jupyterlab-settings"
    tracker.parent.mkdir(parents=True)
    tracker.write_text('{"windowingMode": "none"}', encoding="utf-8")  # every cell is in the page
    kernel = settings / "kernels/elsewhere/kernel.json"
    kernel.parent.mkdir(parents=True)
    # A Python that has Jupyter's kernel and not the course's helpers.
    start = (
        "import sys; sys.modules['helpers'] = None; import ipykernel.kernelapp as k; k.launch_new_instance()"
    )
    argv = [sys.executable, "-c", start, "-f", "{connection_file}"]
    kernel.write_text(json.dumps({"argv": argv, "display_name": "Elsewhere", "language": "python"}))

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    flags = f"--no-browser --ip=127.0.0.1 --port={port} --ServerApp.port_retries=0 --IdentityProvider.token="
    if os.geteuid() == 0:
        flags += " --allow-root"
    # The copy uses the repository's environment, so its own is not to be made (-o).
    command = [
        "make",
        "-o",
        "environment",
        "lab",
        f"PY={shlex.quote(sys.executable)}",
        f"LAB_FLAGS={flags}",
    ]
    environ = os.environ | {"JUPYTER_CONFIG_DIR": str(settings), "JUPYTER_PATH": str(settings)}
    environ.pop("MAKEFLAGS", None)
    log = settings / "lab.log"
    with open(log, "w") as out:
        server = subprocess.Popen(
            command, cwd=course, env=environ, stdout=out, stderr=out, start_new_session=True
        )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for_server(address, server, log)
        yield address
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=30)


def wait_for_server(address, server, log):
    """Return when JupyterLab answers; fail with its log if it does not within a minute."""
    until = time.monotonic() + 60
    while time.monotonic() < until and server.poll() is None:
        try:
            return urlopen(f"{address}/api", timeout=5).close()
        except OSError:
            time.sleep(0.3)
    pytest.fail(f"JupyterLab did not start. Its log ends:\n{log.read_text()[-2000:]}")


def open_lesson(page, lab, name):
    """Open a notebook, and wait until its kernel is there."""
    page.goto(f"{lab}/lab/tree/notebooks/{name}?reset")
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
    kernel_is_idle(page)


def kernel_is_idle(page):
    """Wait until the status bar shows an idle kernel."""
    expect(page.get_by_role("button", name=re.compile(r"\| Idle$"))).to_be_visible(timeout=60_000)


def choose(page, menu, item):
    """Choose an item of a menu with the mouse."""
    page.locator(".lm-MenuBar-itemLabel").get_by_text(menu, exact=True).click()
    page.locator(".lm-Menu-itemLabel").get_by_text(item, exact=True).click()


def of_kind(page, kind):
    """Return the outputs of a kind: stdout or stderr. JupyterLab shows an error as stderr too."""
    return page.locator(f'.jp-OutputArea-output[data-mime-type="application/vnd.jupyter.{kind}"]')


def run_all(page):
    """Choose Run > Run All Cells, and wait for the last cell; an error or a warning fails."""
    choose(page, "Run", "Run All Cells")
    last = of_kind(page, "stdout").get_by_text(LAST)
    expect(last.or_(of_kind(page, "stderr")).first).to_be_attached(timeout=1000 * SECONDS_A_LESSON)
    assert of_kind(page, "stderr").all_inner_texts() == []


@pytest.mark.parametrize("name", LESSONS)
def test_lesson_runs(page, lab, name):
    """Run > Run All Cells ends without an error or a warning, and with every figure."""
    open_lesson(page, lab, name)
    run_all(page)
    stored = (ROOT / "notebooks" / name).read_text(encoding="utf-8").count('"<img alt=')
    assert page.locator(".jp-OutputArea-output img[alt]").count() >= stored > 0


IN_THE_WINDOW = """tokens => {
  const seen = [];
  const meets = box => box.width && box.height && box.bottom > 0 && box.top < window.innerHeight;
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const range = document.createRange();
    range.selectNodeContents(node);
    const open = node.parentElement && node.parentElement.checkVisibility();
    if (open && [...range.getClientRects()].some(meets)) seen.push(node.textContent);
  }
  for (const image of document.images)
    if (image.checkVisibility() && meets(image.getBoundingClientRect())) seen.push(image.alt);
  const text = seen.join("\\n");
  const escaped = token => token.replace(/[.+()|]/g, "\\\\$&");
  return tokens.filter(token => new RegExp("(?<![\\\\w.])" + escaped(token) + "(?!\\\\w)").test(text));
}"""


def predictions(name):
    """Return the id of each question of a lesson, and the tokens of its answer."""
    cells = json.loads((ROOT / "notebooks" / name).read_text(encoding="utf-8"))["cells"]
    asked = [cell for cell in cells if "**Predict.**" in "".join(cell["source"])]
    return [(cell["id"], cell["metadata"]["prediction"]["tokens"]) for cell in asked]


def given_away(page, name):
    """Put each question at the top of the window; return the tokens of its answer that can be seen."""
    page.set_viewport_size({"width": 1366, "height": 768})
    questions = page.locator(".jp-MarkdownCell").filter(has_text="Predict.")
    found = {}
    for k, (cell, tokens) in enumerate(predictions(name)):
        words = questions.nth(k).locator(".jp-RenderedMarkdown strong")
        words.get_by_text("Predict.", exact=True).evaluate("it => it.scrollIntoView()")
        top = words.get_by_text("Predict.", exact=True).bounding_box()["y"]
        assert 0 <= top < 768, "the question is not on the screen"
        seen = page.evaluate(IN_THE_WINDOW, tokens)
        found |= {cell: seen} if seen else {}
    return found


@pytest.mark.parametrize("name", LESSONS[1:])
def test_predictions_are_not_given_away(page, lab, name):
    """As it ships, after Run All, and after saving and opening again, no answer is on its question's screen."""
    open_lesson(page, lab, f"stored/{name}")
    assert len(predictions(name)) == page.locator(".jp-MarkdownCell").filter(has_text="Predict.").count() > 0
    assert given_away(page, name) == {}
    choose(page, "Run", "Run All Cells")
    last = page.locator(".jp-CodeCell .jp-InputPrompt").last
    expect(last).to_have_text(re.compile(r"\[\d+\]:"), timeout=1000 * SECONDS_A_LESSON)
    kernel_is_idle(page)
    assert given_away(page, name) == {}
    page.keyboard.press("Control+s")
    open_lesson(page, lab, f"stored/{name}")
    assert given_away(page, name) == {}
    fold = page.get_by_text("Show the answer", exact=True).first
    fold.focus() if fold.evaluate("it => it.tabIndex >= 0") else fold.locator("xpath=..").focus()
    page.keyboard.press("Enter")
    assert page.locator("details[open]").count() == 1, "one key opens the answer"


@pytest.mark.parametrize("name", [name for name in LESSONS if name[:2] in ("03", "04")])
def test_controls_move(page, lab, name):
    """The picture follows a slider, moved with the mouse and with the arrow keys, and a list."""
    open_lesson(page, lab, name)
    run_all(page)
    picture = page.locator(".widget-html img")
    slider = page.locator(".widget-slider").first
    handle = slider.get_by_role("slider")

    def changes_the_picture(act):
        before = picture.get_attribute("alt"), picture.get_attribute("src")
        act()
        expect(picture).not_to_have_attribute("alt", before[0])
        expect(picture).not_to_have_attribute("src", before[1])

    handle.scroll_into_view_if_needed()
    expect(handle).to_have_attribute("aria-label", slider.locator(".widget-label").inner_text())
    box = slider.locator(".noUi-base").bounding_box()
    changes_the_picture(
        lambda: page.mouse.click(box["x"] + 0.8 * box["width"], box["y"] + 0.5 * box["height"])
    )

    def press(key):
        handle.focus()
        for _ in range(4):  # rows beside each other may share their cell
            page.keyboard.press(key)

    changes_the_picture(lambda: press("ArrowLeft"))
    for lever in page.locator(".widget-dropdown select").all():
        options = lever.locator("option").all_inner_texts()
        other = next(option for option in options if option != lever.locator("option:checked").inner_text())
        changes_the_picture(lambda lever=lever, other=other: lever.select_option(other))


def test_an_answer_gets_its_reply(page, lab):
    """A wrong answer and then the right one each get their sentence."""
    number = "06.2"
    exercise = exercises()[number]
    wrong = next(iter(exercise.hints.values()))[0]
    open_lesson(page, lab, next(name for name in LESSONS if name.startswith("06")))
    run_all(page)
    cell = page.locator(".jp-CodeCell").filter(has_text=f'check("{number}", answer)')
    for answer in [wrong, exercise.right]:
        sentence = reply(exercise, answer)
        cell.locator(".cm-content").click()
        page.keyboard.press("Control+A")
        page.keyboard.insert_text(f'answer = {answer!r}\ncheck("{number}", answer)')
        page.keyboard.press("Shift+Enter")
        expect(cell.locator(".jp-OutputArea-output")).to_contain_text(f"{number}: {sentence}", timeout=30_000)


def test_lesson_runs_again_after_a_restart(page, lab):
    """After a restart of the kernel the lesson runs from its first cell."""
    open_lesson(page, lab, next(name for name in LESSONS if name.startswith("04")))
    run_all(page)
    choose(page, "Kernel", "Restart Kernel and Clear Outputs of All Cells…")
    page.get_by_role("button", name="Confirm Kernel Restart").click()
    expect(page.locator(".jp-OutputArea-output")).to_have_count(0, timeout=30_000)
    kernel_is_idle(page)
    run_all(page)
    # the first cell is folded, so that its number is not shown
    prompts = page.locator(".jp-CodeCell .jp-InputPrompt:not(.jp-Placeholder-prompt)")
    expect(prompts.first).to_have_text("[2]:")


def test_wrong_kernel_says_so(page, lab):
    """In a Python without the helpers the first cell says what to do."""
    open_lesson(page, lab, "elsewhere.ipynb")
    choose(page, "Run", "Run All Cells")
    error = of_kind(page, "stderr").first
    expect(error).to_contain_text("Wrong kernel: start JupyterLab with `make lab`", timeout=60_000)
    expect(error).not_to_contain_text("ModuleNotFoundError")


WIDTHS = [1400, 800, 390]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(HTML)))
def test_page_of_the_site(browser, path, scheme):
    """A page opened from its folder is accessible, does not scroll sideways and sends no request elsewhere."""
    context = browser.new_context(viewport={"width": WIDTHS[0], "height": 900}, color_scheme=scheme)
    page = context.new_page()
    elsewhere = watch(page)
    problems = []
    page.on("console", lambda entry: entry.type == "error" and problems.append(entry.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(path.as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true })")
    if page.locator("script[data-formulas]").count():
        page.wait_for_function("window.MathJax?.startup?.promise")
        page.evaluate("window.MathJax.startup.promise")
        assert page.locator("mjx-container").count() > 0
    assert page.locator("html").get_attribute("data-theme") == scheme
    assert page.locator("mjx-merror").all_inner_texts() == []
    for form in page.locator("form[data-exercise]").all():  # with a reply under each
        form.get_by_role("button").click()
        expect(form.locator("output")).not_to_be_empty()
    assert problems == []  # before axe, which reads the style sheets in its own way

    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        found = Axe().run(page).response["violations"]
        serious = {
            violation["id"]: [node["html"][:150] for node in violation["nodes"][:3]]
            for violation in found
            if violation["impact"] in ("serious", "critical")
        }
        assert serious == {}, f"at {width} pixels"
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("main img:not([alt])").count() == 0
    shown = "".join(page.locator(".cell_output").all_inner_texts())
    assert "|:" not in shown, "a table that is shown as lines of bars"
    names = page.locator("summary").evaluate_all("found => found.map(it => it.textContent.trim())")
    assert all(names) and not set(names) & {"Toggle hidden content", "Show code"}
    context.close()
    assert elsewhere == []


LONG_LINES = """() => {
  const long = [];
  for (const paragraph of document.querySelectorAll("main p, main li, main .how")) {
    if (paragraph.closest("table, .cell_output, .about") || paragraph.querySelector("mjx-container, p")) continue;
    const walk = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT), lines = new Map();
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
      for (let k = 0; k < node.length; k += 1) {
        const range = document.createRange();
        range.setStart(node, k);
        range.setEnd(node, k + 1);
        const box = range.getBoundingClientRect();
        if (box.width) lines.set(Math.round(box.bottom / 12), (lines.get(Math.round(box.bottom / 12)) ?? 0) + 1);
      }
    }
    if (Math.max(...lines.values()) > 75) long.push(paragraph.textContent.slice(0, 80));
  }
  return long;
}"""


def test_lines_of_text_are_not_too_long(page):
    """On no page a line of text has more than 75 characters, also in what is folded."""
    long = {}
    for path in PAGES:
        page.goto(path.as_uri())
        page.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true })")
        long |= {path.name: found} if (found := page.evaluate(LONG_LINES)) else {}
    assert long == {}


def lesson_page(number):
    """Return the address of a lesson's page in the site."""
    (path,) = HTML.glob(f"notebooks/{number}_*.html")
    return path.as_uri()


def test_folds_hide_answers_until_a_click(page):
    """What is folded in JupyterLab is folded on the site, and so are worked answers."""
    page.goto(lesson_page("03"))
    lesson = json.loads((ROOT / "notebooks/03_rebuilding_p.ipynb").read_text(encoding="utf-8"))
    folded = [cell["metadata"].get("jupyter", {}) for cell in lesson["cells"]]
    prompts = page.locator("details > summary").filter(has_text=re.compile("^Code"))
    assert prompts.count() + 1 == sum("source_hidden" in fold for fold in folded) > 1  # one has the controls
    assert page.locator("main details[open]").count() == 0
    answer = page.locator("details").filter(has_text="Show the answer").first
    expect(answer.locator("pre, table").first).to_be_hidden()
    answer.get_by_text("Show the answer").click()
    expect(answer.locator("pre, table").first).to_be_visible()
    page.goto((HTML / "notebooks/solutions/03_rebuilding_p.html").as_uri())
    answer = page.get_by_text("03.1: Right.")
    expect(answer).to_be_hidden()
    page.get_by_text("Worked answer to 03.1", exact=True).click()
    expect(answer).to_be_visible()


def test_formulas_are_set(page):
    """Formulas are drawn, in the colours of their coefficients; a page without any does not load MathJax."""
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((HTML / "index.html").as_uri())
    page.wait_for_load_state("networkidle")
    assert not any("tex-svg" in url for url in asked)
    page.goto(lesson_page("01"))
    expect(page.locator("mjx-container svg [fill='#0072B2']").first).to_be_visible()


@pytest.mark.parametrize("how", ["file", "http"])
@pytest.mark.parametrize(
    ("query", "page_of_it"), [("overfitting", "03 Rebuilding p"), ("0.344", "04"), ("-0.666", "03")]
)
def test_search(page, how, query, page_of_it):
    """The search finds a lesson and the thread's numbers, from the folder and from a static host."""
    server = serve(HTML)
    root = HTML.as_uri() if how == "file" else f"http://127.0.0.1:{server.server_port}"
    page.goto(f"{root}/index.html")
    page.get_by_role("searchbox").fill(query)
    page.keyboard.press("Enter")
    expect(page.locator("#results li a").filter(has_text=page_of_it).first).to_be_visible()
    titles = page.locator("#results li a").all_inner_texts()
    assert not [title for title in titles if title.partition(": ")[0] == title.partition(": ")[2]]
    page.goto(f"{root}/search.html?q=<img src=x onerror=caught=1>")
    expect(page.locator("#found")).to_contain_text("0 sections have “<img")
    server.shutdown()


def test_downloads():
    """Each notebook is in the site as it is in the course; the checklist is one page; lessons have a PDF."""
    for path in ROOT.glob("notebooks/**/0*.ipynb"):
        if ".ipynb_checkpoints" not in path.parts:
            name = path.relative_to(ROOT)
            assert (HTML / "_sources" / name).read_bytes() == path.read_bytes()
            if "solutions" not in path.parts:
                html = (HTML / name).with_suffix(".html").read_text(encoding="utf-8")
                assert re.search(rf'href="[./]*_sources/{name.as_posix()}"', html)
                assert f'href="../pdf/{path.stem}.pdf"' in html
                assert (HTML / f"pdf/{path.stem}.pdf").read_bytes().startswith(b"%PDF")
    (pdf,) = HTML.rglob("checklist.pdf")
    assert "checklist.pdf" in (HTML / "notebooks/06_your_turn.html").read_text(encoding="utf-8")
    assert len(re.findall(rb"/Type\s*/Page\b", pdf.read_bytes())) == 1


def test_the_course_is_in_the_site(tmp_path):
    """course.zip is the course in the version that the pages show, and each lesson's page names it."""
    with zipfile.ZipFile(HTML / "course.zip") as archive:
        archive.extractall(tmp_path)
    (course,) = tmp_path.iterdir()
    for name in ["Makefile", "requirements.lock", "making/set_up", "data/m_13_4.nc", "helpers/arvizrc"]:
        assert (course / name).read_bytes() == (ROOT / name).read_bytes()
    for name in LESSONS:
        assert (course / "notebooks" / name).read_bytes() == (HTML / "_sources/notebooks" / name).read_bytes()
        assert "course.zip" in (HTML / "notebooks" / name).with_suffix(".html").read_text(encoding="utf-8")
    assert not {".git", ".venv", "_build"} & {part for path in course.rglob("*") for part in path.parts}
    index = (HTML / "index.html").read_text(encoding="utf-8")
    assert all(words in index for words in ["course.zip", "make lab", "make test"])


def test_each_page_says_what_it_is(page):
    """Each page has its own title and description, an icon and, if SITE_URL is set, a picture for shared links."""
    told = {}
    for path in PAGES:
        page.goto(path.as_uri())
        meta = page.evaluate(
            "Object.fromEntries([...document.querySelectorAll('meta[name], meta[property]')]"
            ".map(it => [it.name || it.getAttribute('property'), it.content]))"
        )
        assert 40 <= len(meta["description"]) <= 202 and meta["og:description"] == meta["description"]
        assert meta["og:title"]
        address = os.environ.get("SITE_URL", "").rstrip("/")
        assert meta.get("og:image") == (f"{address}/_static/seven_actors.png" if address else None)
        icon = page.locator("link[rel=icon]").get_attribute("href")
        assert (path.parent / icon).is_file()
        told[path.name, page.title()] = meta["description"]
    assert (HTML / "_static/seven_actors.png").is_file()
    assert len({title for _, title in told}) == len(PAGES)


def test_lessons_follow_each_other(page):
    """From lesson 00 `Next` leads through all lessons, and never to a solution."""
    page.goto(lesson_page("00"))
    seen = [page.url.split("/")[-1]]
    while page.locator(".turn [rel=next]").count():
        page.locator(".turn [rel=next]").click()
        page.wait_for_load_state()
        seen.append(page.url.split("/")[-1])
        assert "solutions" not in page.url
    assert seen == [name.replace("ipynb", "html") for name in LESSONS]


def test_paper_cuts_nothing(page):
    """In print every fold is open, no box is wider than the paper, and every figure is there."""
    page.set_viewport_size({"width": 718, "height": 1000})  # A4 without its margins
    page.emulate_media(media="print")
    for name in LESSONS:
        page.goto(lesson_page(name[:2]))
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        page.wait_for_function("[...document.images].every(image => image.complete && image.naturalWidth)")
        cut = page.evaluate(
            "[...document.querySelectorAll('main pre, main .text_html, main table')]"
            ".filter(box => box.getBoundingClientRect().right > 719 || box.scrollWidth > box.clientWidth + 1)"
            ".map(box => box.textContent.slice(0, 80))"
        )
        assert cut == []
        closed = page.evaluate(
            "[...document.querySelectorAll('main details')].filter(it => !it.closest('.answer-here'))"
            ".filter(it => ![...it.children].some(part => part.tagName != 'SUMMARY' && part.checkVisibility() && part.clientHeight))"
            ".map(it => it.textContent.slice(0, 80))"
        )
        assert closed == []


def test_first_paint(browser):
    """At most 250 kB are sent before the first paint of a page. The time until then is printed."""
    names = ["index.html", *(f"notebooks/{name.replace('ipynb', 'html')}" for name in LESSONS)]
    for name, seconds, size in weigh(browser, HTML, names, times=1):
        print(f"{name}: first paint after {seconds:.2f} s and {size / 1000:.0f} kB at 1.6 Mbit/s")
        assert size <= 250_000


# --- pages that answer


def typed_forms(random, exercise):
    """Yield what a reader may type for an exercise: right and wrong values in many forms, and nonsense."""
    values = [exercise.right, *(route for routes in exercise.hints.values() for route in routes)]
    if exercise.scale == "choice":
        letter = random.choice(values + ["E"])
        yield random.choice(
            ["{}", "{})", "({})", "'{}'", "“{}”", " {}. ", "answer {}", "Option: {}", "**{}**"]
        ).format(letter)
        yield letter.lower()
        yield random.choice(["", "...", "…", "A or B", "AB", "2", "none of them", "\u00a0"])
        return
    for value in [exercise.right, *random.sample(values, min(5, len(values)))]:
        numbers = [value] if np.isscalar(value) else list(value)
        factor = random.choice([1, 1, 1, 1, 100, -1, 1 + random.gauss(0, 0.2)])
        digits = exercise.decimals + random.choice([0, 0, 0, -1, 2])
        words = [
            f"{x * factor:.{max(digits, 0)}f}"
            for x in random.choice([numbers, numbers, numbers[::-1], numbers[:1]])
        ]
        if random.random() < 0.3:
            words = [
                f"{float(word) * 100:.{max(digits - 2, 0)}f}{random.choice(['%', ' %', '\u202f%'])}"
                for word in words
            ]
        is_comma = random.random() < 0.4
        words = [word.replace(".", ",") if is_comma else word for word in words]
        text = random.choice(["; ", " ; ", " ", " and ", ", " if is_comma else ","]).join(words)
        text = text.replace("-", random.choice(["-", "\u2212", "\u2013", "- "]))
        yield random.choice(
            ["{}", "{}", " {} ", "[{}]", "({})", '"{}"', "„{}“", "= {}", "answer = {}", "≈{}", "{},"]
        ).format(text)
    yield random.choice(
        [
            "",
            "...",
            "a third",
            "nan",
            "1e999",
            "0x10",
            "1.2.3",
            "1-2",
            "٣",
            "1 234",
            "1,2,3,4",
            "$&",
            "$1",
            "{hint}",
        ]
    )


def test_the_page_answers_as_check_does(page):
    """Python's check and the page's script reply in the same words to answers in every form, for all exercises."""
    seed = random.SystemRandom().randrange(10**6)
    print(f"seed {seed}")
    chance = random.Random(seed)
    answers, differences = 0, []
    for lesson in ANSWERING:
        page.goto(lesson_page(lesson))
        page.wait_for_function("course.data()")
        asked = [
            (number, text)
            for number, one in exercises(lesson).items()
            for _ in range(2)
            for text in typed_forms(chance, one)
        ]
        said = page.evaluate(
            "asked => asked.map(([number, text]) => course.reply(course.data().exercises[number], text))",
            asked,
        )
        meant = [" ".join(reply(exercises(lesson)[number], text).split()) for number, text in asked]
        if lesson in PREDICTIONS:
            guesses = list(typed_forms(chance, prediction(lesson)))
            said += page.evaluate(
                "guesses => guesses.map(guess => course.replyToPrediction(course.data().prediction, guess))",
                guesses,
            )
            meant += [answer_to(prediction(lesson), guess) for guess in guesses]
            asked += [("prediction", guess) for guess in guesses]
        answers += len(asked)
        differences += [
            (*what, one, other) for what, one, other in zip(asked, said, meant, strict=True) if one != other
        ]
    print(f"{answers} answers, {len(differences)} differences")
    assert answers >= 300
    assert differences == []


EXPRESSIONS = {
    "01.4": "expit(a_{actor}[6] + g_{block}[6] + b_{treatment}[6])",
    "02.1": "mean(a_7 + b_RN)",
    "02.2": "mean(expit(a6 + bLP))",
    "03.1": "expit(a_{actor} + g_{block} + b_{treatment}).mean()",
    "03.3": "sd(expit(a_{actor} + g_{block} + b_{treatment}))",
    "04.1": "mean(expit(a_{actor} + g_{block} + b_{treatment})) − expit(mean(a_{actor} + g_{block} + b_{treatment}))",
    "04.2": "[quantile(a_7 + b_RN, 0.055), quantile(a_7 + b_RN, 0.945)]",
    "05.2": "quantile(expit(a_7 + b_LP) - expit(a_7 + b_RP), 0.055), quantile(expit(a_7 + b_LP) - expit(a_7 + b_RP), 0.945)",
    "05.5": "np.median(np.exp(b_LP - b_RP))",
    "06.1": "mean(expit(a_12))",
    "06.2": "expit(mean(a_2))",
    "06.3": "mean(expit(a_8)) - expit(mean(a_8))",
    "06.4": "mean(expit(a_bar + sigma * z) > 0.85)",
    "07.2": "mean(mu + tau * theta_t_C)",
    "07.3": "mean(exp(Trt1 + 2 * zBase_Trt1))",
    "07.5": "mean(slope + dev_335 > 0)",
    "07.6": "mean(mu + tau * theta_t_A > mu + tau * theta_t_C)",
    "07.7": "mean(exp(intercept + Trt1 + zBase + zBase_Trt1 + sd ** 2 / 2))",
    "07.8": "mean(1 - expit(cut_45 - tempwarm - contactyes - u_5))",
    "08.2": "mean(centre + spread * shift_27)",
}


@pytest.mark.parametrize("number", list(NEEDS))
def test_an_expression_is_answered(page, number):
    """From the draws on the page an expression gives the notebook's number; the example is not the answer."""
    page.goto(lesson_page(number[:2]))
    form = page.locator(f'form[data-exercise="{number}"]')
    row = re.search(r"actor (\d), block (\d) and (\w)/(\w)", form.locator("xpath=..").inner_text())
    names = {"actor": row[1], "block": row[2], "treatment": row[3] + row[4]} if row else {}
    for text, verdict in [(NEEDS[number][1], "Not yet."), (EXPRESSIONS[number].format(**names), "Right.")]:
        form.locator("input").fill(text)
        form.get_by_role("button", name="Check").click()
        expect(form.locator("output")).to_contain_text("That is")
        expect(form.locator("output strong")).to_have_text(verdict)
    value = page.evaluate(
        "([text, posterior]) => course.evaluate(text, course.draws(posterior))", [text, NEEDS[number][0]]
    )
    within = 0.2 if number == "06.4" else 0.02  # 06.4: the page's new tanks are not the notebook's
    assert (
        np.abs(np.subtract(value, exercises()[number].right)).max()
        < within * exercises()[number].within + 1e-9
    )


def test_what_can_be_answered_here(page):
    """Every exercise says whether it can be answered on its page: every choice can, and three per lesson."""
    for lesson in ANSWERING:
        page.goto(lesson_page(lesson))
        data = lesson_data(lesson)["exercises"]
        here = [number for number, exercise in data.items() if is_answerable(number, exercise)]
        print(f"{lesson}: {len(here)} of {len(data)} can be answered on the page")
        assert page.locator(".how", has_text="can be answered here").count() == len(here) >= min(3, len(data))
        assert page.locator(".how", has_text="needs the notebook").count() == len(data) - len(here)
        assert all(number in here for number, exercise in data.items() if exercise["scale"] == "choice")


SCRIPT = "<img src=x onerror=window.caught=1>"


def test_what_a_reader_types_is_text(page):
    """What is typed, saved or linked to never becomes markup, and is never run."""
    page.goto(lesson_page("02"))
    key = page.title().partition(" · ")[2]
    nasty = [
        SCRIPT,
        f"{SCRIPT} a_7",
        "constructor",
        "a_7.constructor('window.caught=1')()",
        "mean(__proto__)",
        "`${window.caught=1}`",
    ]
    for text in nasty:
        for form in [page.locator('form[data-exercise="02.1"]'), page.locator("form[data-prediction]")]:
            form.locator("input").fill(text)
            form.locator("input").press("Enter")
            expect(form.locator("output strong")).to_have_text("Not yet.")
    kept = {"02.1": SCRIPT, "02.4": SCRIPT, "prediction 02": 5, "poll": SCRIPT, "poll again": SCRIPT}
    for value in [json.dumps(kept), SCRIPT, "[]", "null", json.dumps({"poll": json.dumps({"1": SCRIPT})})]:
        page.evaluate("([key, value]) => localStorage.setItem(key, value)", [key, value])
        for lesson, link in [("02", ""), ("00", ""), ("06", f"#poll=1{SCRIPT}"), ("06", "")]:
            page.goto("about:blank")
            page.goto(lesson_page(lesson) + link)
            page.wait_for_load_state("networkidle")
            assert page.locator("img[src=x]").count() == 0
            assert page.evaluate("window.caught") is None


def test_answers_stay_in_this_browser(page):
    """An answer and the poll are there after a reload, under one key with the course's name."""
    page.goto(lesson_page("02"))
    form = page.locator('form[data-exercise="02.1"]')
    form.locator("input").fill("1,97")
    form.locator("input").press("Enter")
    sentence = form.locator("output").inner_text()
    assert "To fewer decimals this is right. Give three decimals." in sentence
    page.reload()
    expect(form.locator("input")).to_have_value("1,97")
    expect(form.locator("output")).to_have_text(sentence)
    page.goto(lesson_page("00"))
    page.locator("[name=poll-1][value=A]").check()
    page.locator("[name=poll-5][value=D]").check()
    page.goto(lesson_page("06"))
    said = page.locator("[data-poll=compare] li")
    expect(said.nth(0)).to_contain_text("You said: A, yes, always.")
    expect(said.nth(1)).not_to_contain_text("You said")
    expect(said.nth(4)).to_contain_text("You said: D")
    assert page.evaluate("Object.keys(localStorage)") == ["Reading the coefficients of a multilevel model"]


def test_the_poll_is_asked_again_before_its_answers(page):
    """Lesson 06 asks again in a form of its own; the fold below has both answers, also after a reload."""
    page.goto(lesson_page("00"))
    page.locator("[name=poll-1][value=A]").check()
    page.goto(lesson_page("06"))
    assert page.locator("form[data-poll=ask] input:checked").count() == 0
    said = page.locator("[data-poll=compare] li")
    expect(said.first).to_be_hidden()
    page.locator("[name=poll-1][value=A]").check()  # the same letter
    page.locator("[name=poll-2][value=C]").check()
    for _ in range(2):
        expect(said.nth(0)).to_contain_text("You said: A, yes, always. Again: A, yes, always.")
        expect(said.nth(1)).to_contain_text("Again: C, for convenience only.")
        expect(said.nth(1)).not_to_contain_text("You said")
        page.reload()
    expect(page.locator("form[data-poll=ask] output")).to_have_text("2 of 5 answers, saved in this browser.")
    page.get_by_text("Show the answers", exact=True).click()
    expect(said.first).to_be_visible()
    page.goto(lesson_page("00"))
    assert page.locator("form[data-poll=ask] input:checked").count() == 1, "the first answers stay"


@pytest.mark.parametrize("number", ["00", "06"])
def test_the_poll_stands_once_on_its_page(page, number):
    """The form takes the place of the list, which is there on paper and without scripts."""
    page.goto(lesson_page(number))
    expect(page.locator("form[data-poll=ask]")).to_be_visible()
    expect(page.locator(".poll-list")).to_be_hidden()
    page.emulate_media(media="print")
    expect(page.locator(".poll-list")).to_be_visible()
    expect(page.locator("form[data-poll=ask]")).to_be_hidden()


def test_a_browser_that_saves_nothing(page):
    """Without storage the page says so and still replies, and the link takes the poll's answers along."""
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new Error('refused') }})"
    )
    page.goto(lesson_page("02"))
    form = page.locator('form[data-exercise="02.4"]')
    expect(form.locator(".kept")).to_contain_text("This browser saves nothing")
    form.locator("[value=A]").check()
    form.get_by_role("button").click()
    expect(form.locator("output strong")).to_have_text("Right.")
    page.goto(lesson_page("00"))
    page.locator("[name=poll-2][value=B]").check()
    expect(page.locator("[data-poll=ask] output")).to_contain_text("saves nothing")
    page.get_by_role("link", name="Compare in lesson 06").click()
    expect(page.locator("[data-poll=compare] li").nth(1)).to_contain_text(
        "You said: B, without it there are no predictions."
    )


def stored_alt(number, start):
    """Return the alt text of a lesson's stored figure, by its first words."""
    (path,) = ROOT.glob(f"notebooks/{number}_*.ipynb")
    text = path.read_text(encoding="utf-8")
    return re.search(rf'<img alt=\\"({re.escape(start)}.*?)\\"', text)[1]


@pytest.mark.parametrize("width", [1400, 390])
@pytest.mark.parametrize(
    ("number", "start"), [("03", "actor 2, block 5, R/N: p has"), ("04", "Normal eta, mean 2, sd 1.5")]
)
def test_pictures_move_on_the_page(page, number, start, width):
    """A lesson's picture begins like the stored figure and follows mouse, keys and lists, and so does its description."""
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(lesson_page(number))
    picture = page.locator(".explorer svg")
    expect(picture).to_have_attribute("aria-label", stored_alt(number, start))

    def changes_the_picture(act):
        before, drawn = picture.get_attribute("aria-label"), picture.inner_html()
        act()
        expect(picture).not_to_have_attribute("aria-label", before)
        assert picture.inner_html() != drawn

    slider = page.locator(".explorer input[type=range]").first
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    changes_the_picture(lambda: page.mouse.click(box["x"] + 0.8 * box["width"], box["y"] + box["height"] / 2))

    def drag():
        page.mouse.move(box["x"] + 0.8 * box["width"], box["y"] + box["height"] / 2)
        page.mouse.down()
        page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + box["height"] / 2, steps=5)

    changes_the_picture(drag)  # before the button is up
    page.mouse.up()
    for lever in page.locator(".explorer input[type=range]").all():
        lever.focus()
        changes_the_picture(lambda: [page.keyboard.press("ArrowRight") for _ in range(4)])
    for lever in page.locator(".explorer select").all():
        other = lever.evaluate("it => String((it.selectedIndex + 1) % it.options.length)")
        changes_the_picture(lambda lever=lever, other=other: lever.select_option(other))
    print(f"{number}: {picture.get_attribute('data-milliseconds')} ms for the last redraw")


def test_without_scripts(browser):
    """Without scripts the text, the folds, the stored figures and the poll's answers are there, and no form that does nothing."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    for number in ["00", "02", "03", "06"]:
        page.goto(lesson_page(number))
        assert page.locator("main form:visible").count() == 0
        assert page.locator(".poll-list:visible").count() == (1 if number in ("00", "06") else 0)
        assert page.locator("main img").count() > 0 or number == "00"
    expect(page.locator("[data-poll=compare] li").first).to_contain_text(
        "Answer: B, no, it is in there already"
    )
    page.goto(lesson_page("03"))
    expect(page.locator(".explorer")).to_contain_text("need scripts")
    fold = page.locator("details").filter(has_text="Show the answer").first
    fold.locator("summary").click()
    expect(fold.locator("pre, table").first).to_be_visible()
    context.close()


def test_by_keyboard_only(page):
    """From the top of a page Tab leads past the menu to an exercise, where Enter gives the reply."""
    page.goto(lesson_page("02"))
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to the text")
    page.keyboard.press("Enter")
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "exercise-02.2":
            break
    page.keyboard.type("mean(expit(a_6 + b_LP))")
    page.keyboard.press("Enter")
    expect(page.locator('form[data-exercise="02.2"] output strong')).to_have_text("Right.")


def test_under_a_sub_path_and_offline(page, tmp_path):
    """Under a sub-path a page replies, and once it is loaded it replies without its host."""
    (tmp_path / "some").mkdir()
    (tmp_path / "some/course").symlink_to(HTML)
    server = serve(tmp_path)
    page.goto(f"http://127.0.0.1:{server.server_port}/some/course/notebooks/04_jensens_gap.html")
    form = page.locator('form[data-exercise="04.1"]')
    form.locator("input").fill("mean(a_1)")
    form.locator("input").press("Enter")
    expect(form.locator("output")).to_contain_text("Not yet.")
    server.shutdown()
    page.context.set_offline(True)
    form.locator("input").fill(f"{exercises()['04.1'].right:.4f}")
    form.locator("input").press("Enter")
    expect(form.locator("output strong")).to_have_text("Right.")
    page.locator(".explorer input").first.focus()
    before = page.locator(".explorer svg").get_attribute("aria-label")
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".explorer svg")).not_to_have_attribute("aria-label", before)


# --- the page for printed tables

TABLE = (HTML / "table.html").as_uri()
STEP = 5  # cuts are tried at every fifth line


RARE = {
    "names in backticks, an offset, correlations of three terms": """Linear mixed model fit by REML ['lmerMod']
Formula: y ~ `a b` + `a b c` + x^2 + f + offset(log(n)) + (x + z | id) + (x | g)
Random effects:
 Groups   Name        Variance Std.Dev. Corr
 id       (Intercept) 4.00     2.00
          x           1.00     1.00     0.97
          z           1.00     1.00     0.10 1.00
 g        (Intercept) 4.00     2.00
          x           1.00     1.00     0.96
 Residual             1.00     1.00
Fixed effects:
            Estimate Std. Error t value
(Intercept) 1.00     0.10       10.00
`a b`       1.00     0.10       10.00
`a b c`     1.00     0.10       10.00
`a b`2      1.00     0.10       10.00
f2          1.00     0.10       10.00
f10         1.00     0.10       10.00
""",
    **{
        f"coef() of {n} groups": "$id\n  (Intercept) x\n" + "".join(f"{k} 0.{k} 0.5\n" for k in range(1, n + 1))
        for n in [3, 4, 5]
    },
}  # fmt: skip
ODD = [
    "\u2029",
    "\x85",
    "\u3000",
    "\x00",
    "\u00df",
    "\U0001f600",
    "\u0663",
    "\u00b2",
    "1e500",
    "NaN",
    "-inf",
    "$&",
    "$1",
    "{row}",
]
ODD += [
    "__proto__",
    "\\",
    "`",
    "(",
    ")",
    "[",
    "]",
    "|",
    "~",
    ":",
    "+",
    "^",
    "0",
    "-1",
    "\t",
    "\r",
    "\u200b",
    "#> ",
]


def at_random(random, texts):
    """Yield prints with a few changes at random places."""
    words = sorted({word for text in texts for word in text.split()})
    while True:
        text = random.choice(texts)
        for _ in range(random.choice([1, 1, 2, 4, 12])):
            k = random.randrange(len(text) + 1)
            lines = text.split("\n")
            line = random.randrange(len(lines))
            text = random.choice(
                [
                    text[:k] + random.choice(ODD) + text[k:],
                    f"{text[:k]}{random.choice(words)} {text[k:]}",
                    text[:k] + text[k + random.randrange(1, 30) :],
                    text.replace(random.choice(words), random.choice(ODD + words)),
                    "\n".join(
                        [*lines[:line], random.choice(random.choice(texts).split("\n")), *lines[line:]]
                    ),
                    "\n".join(lines[line:] + lines[:line]),
                ]
            )
        yield text


def mutilated(prints):
    """Yield (how, name, text): each print whole, written differently and cut, tables of different kinds, and pairs."""
    texts = prints.PRINTS | {
        f"data/printed/{path.name}": prints.pasted(path) for path in sorted(ROOT.glob("data/printed/*.txt"))
    }
    assert len(texts) >= 70
    before = None
    for name, text in texts.items():
        yield "whole", name, text
        yield from ((how, name, change(text)) for how, change in prints.WHOLE.items())
        yield "decimal commas", name, prints.comma(text)
        yield "line breaks lost", name, text.replace("\n", " ")
        for k in range(1, min(len(text.split("\n")), 70), STEP):
            yield from ((f"{how} {k}", name, cut(text, k)) for how, cut in prints.CUT.items())
        yield "two prints", name, f"{text}\n{before}"
        yield "a number beyond all", name, re.sub(r"\d\.\d+", "1e500", text, count=2)
        yield "a command", name, f"> ranef(fit)\n{text}"
        yield (
            "Unicode's spaces",
            name,
            re.sub(r"(?<=\S) (?=\S)", "\u3000", text.replace("~", "~\u2029")) + "\x85\x1c",
        )
        yield (
            "Unicode's line ends",
            name,
            re.sub("\\n(?= *\\S)", "\u2028" if len(text) % 2 else "\u2029", text),
        )
        yield "letters of no alphabet", name, text.replace("e", "\u00e9").replace("a", "\U0001d44e")
        before = text
    seed = random.SystemRandom().randrange(10**6)
    print(f"seed {seed}")
    changed = at_random(random.Random(seed), list(texts.values()))
    yield from (("changed at random", seed, next(changed)) for _ in range(2000))
    yield from (("rare", name, text) for name, text in RARE.items())
    yield from (("a different kind", name, text) for name, text in prints.OTHERS.items())
    yield from (("a rarer kind", name, text) for name, (text, _) in prints.KINDS.items())
    yield from (
        ("a name of JavaScript's own", name, prints.HEAD.format(f"y ~ {name} + (1 | id)") + f"(Intercept) 1.0 0.1 10.0\n{name}b 1.0 0.1 10.0\n")
        for name in ["constructor", "__proto__", "toString", "$1", "{row}"]
    )  # fmt: skip


def read_by_python(text):
    """Return what `read_printed` says as plain data."""
    try:
        table = read_printed(text)
    except ValueError as refusal:
        return {"refused": str(refusal)}
    return {"rows": table.astype(object).to_numpy().tolist(), **table.attrs}


READ_ON_THE_PAGE = """texts => texts.map(text => {
  try {
    const {rows, health, notes, questions, values} = printed.read_printed(text);
    if (values.length !== rows.length) throw Error("a row without its numbers");
    return {rows, health, notes, questions};
  } catch (error) {
    return error instanceof printed.ValueError ? {refused: error.message} : {crashed: error.stack};
  }
})"""


def test_the_page_reads_prints_as_python_does(page):
    """The page's script and Python read each print of the tests in the same way, whole and mutilated."""
    sys.path.append(str(ROOT / "tests"))
    tried = list(mutilated(importlib.import_module("test_read_printed")))
    page.goto(TABLE)
    said = page.evaluate(READ_ON_THE_PAGE, [text for _, _, text in tried])
    meant = [read_by_python(text) for _, _, text in tried]
    refused = sum("refused" in one for one in meant)
    differences = [
        (how, name, one, other)
        for (how, name, _), one, other in zip(tried, said, meant, strict=True)
        if one != other
    ]
    print(f"{len(tried)} texts, {refused} of them refused, {len(differences)} differences")
    assert len(tried) > 6000 and 0 < refused < len(tried) / 2
    assert differences == []


def shows_the_example(page, program):
    """Check that the page shows an example as Python reads it, in the same order."""
    text = page.evaluate("program => printed.examples()[program]", program)
    table = read_printed(text)
    expect(page.locator("#print")).to_have_value(text)
    rows = page.locator(".reading dl > div")
    shown = [row.locator("dt code").text_content() for row in rows.all()]
    assert shown == list(table["row"])
    assert rows.locator("dd p:last-child").all_text_contents() == list(table["sentence"])
    assert rows.locator("dd strong").all_text_contents() == list(table["role"])
    for number in rows.locator("dt span").all_text_contents():
        assert all(word in text for word in number.split())
    lists = {key: page.locator(f".reading .{key} li").all_text_contents() for key in table.attrs}
    assert lists == table.attrs


@pytest.mark.parametrize("width", [1400, 390])
def test_examples_are_read_on_the_page(page, width):
    """Each program's example is read: health and notes above the rows, questions below, nothing sideways, also in print."""
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(TABLE)
    programs = page.locator(".examples button:visible").all_inner_texts()
    assert len(programs) == 8
    for program in programs:
        page.get_by_role("button", name=program, exact=True).click()
        shows_the_example(page, program)
        order = [".health", ".notes", "dl", ".questions"]
        tops = [page.locator(f".reading {part}").first for part in order]
        tops = [part.bounding_box()["y"] for part in tops if part.count()]
        assert tops == sorted(tops)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        found = Axe().run(page).response["violations"]
        assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []
    page.emulate_media(media="print")
    expect(page.locator("#print")).to_be_hidden()
    expect(page.locator(".reading dd").last).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_table_is_pasted_by_keyboard(page):
    """Tab leads to the field, what is pasted is read at once, and it comes back after an example."""
    page.goto(TABLE)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    for _ in range(5):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "print":
            break
    text = (ROOT / "data/printed/wine_ordinal.txt").read_text(encoding="utf-8")
    page.keyboard.insert_text(text)
    expect(page.locator(".said")).to_contain_text(re.compile(r"^\d+ rows are read below"))
    rows = page.locator(".reading dl > div")
    count = rows.count()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # the first example
    expect(page.locator("#print")).not_to_have_value(text)
    page.get_by_role("button", name="My own text").press("Enter")
    expect(page.locator("#print")).to_have_value(text)
    expect(rows).to_have_count(count)
    page.locator("#print").fill("How do I read this?")
    expect(page.locator(".said")).to_contain_text("This is not a print that is known here")
    expect(rows).to_have_count(0)
    page.locator("#print").fill("")
    expect(page.locator(".said")).to_be_empty()


def test_a_pasted_table_is_text_and_stays_on_the_page(page):
    """What is pasted never becomes markup, is not saved for the next load, and is read without the host."""
    server = serve(HTML)
    page.goto(f"http://127.0.0.1:{server.server_port}/table.html")
    page.wait_for_load_state("networkidle")
    server.shutdown()
    page.context.set_offline(True)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    text = page.evaluate("printed.examples().lme4")
    for place in ["period2", "herd", "(Intercept)", "binomial", "cbpp"]:
        for nasty in [SCRIPT, SCRIPT.replace(" ", "/"), "</textarea><script>window.caught=1</script>"]:
            page.locator("#print").fill(text.replace(place, nasty))
            page.wait_for_timeout(200)
            expect(page.locator(".said")).not_to_be_empty()
            assert page.locator("img[src=x], .paste script, .reading img").count() == 0
    page.locator("#print").fill(text.replace("period2", SCRIPT.replace(" ", "/")))
    expect(page.locator(".reading")).to_contain_text(SCRIPT.replace(" ", "/"))
    assert page.evaluate("window.caught") is None
    page.locator("#print").fill("x" * 400_000)
    expect(page.locator(".said")).to_contain_text("too long for a print")
    assert [url for url in asked if not url.endswith("favicon.svg")] == []  # which Chromium fetches late
    assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie, location.hash]") == [0, 0, "", ""]  # fmt: skip
    page.context.set_offline(False)
    page.goto(TABLE)
    page.locator("#print").fill(text)
    page.reload()
    expect(page.locator("#print")).to_have_value("")


def test_the_page_for_tables_is_found(browser, page):
    """The first screen and lesson 08 link to the page; without scripts one sentence names the function."""
    for address in [(HTML / "index.html").as_uri(), lesson_page("08")]:
        page.goto(address)
        link = page.locator("main").get_by_role("link", name="Paste your table")
        assert address.endswith("08_your_own.html") or link.bounding_box()["y"] < 900
        link.click()
        expect(page.locator("#print")).to_be_visible()
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(TABLE)
    expect(page.locator(".paste")).to_contain_text("needs scripts. Without them, read_printed")
    assert page.locator("main textarea, main button").count() == 0
    context.close()


@pytest.mark.parametrize("width", [1400, 390])
def test_formulas_and_names_of_rows_fit(page, width):
    """A formula is shown whole, and beside the name of a row there is room for its numbers."""
    page.set_viewport_size({"width": width, "height": 900})
    measure = """() => {
      document.querySelectorAll("details").forEach(d => d.open = true);
      const wide = e => e.firstElementChild.getBoundingClientRect().width > e.clientWidth + 1;
      const name = t => t.querySelector("tbody th")?.getBoundingClientRect().width || 0;
      const box = t => t.closest(".text_html, .scrolls") || t.parentElement;
      return {
        formulas: [...document.querySelectorAll('mjx-container[display="true"]')].filter(wide).length,
        tables: [...document.querySelectorAll("table.dataframe")].filter(
          t => !t.querySelector("td > div[style]") && name(t) > 0.6 * box(t).clientWidth).length,
      }}"""
    for lesson in LESSONS:
        page.goto(lesson_page(lesson[:2]))
        assert page.evaluate(measure) == {"formulas": 0, "tables": 0}, lesson
