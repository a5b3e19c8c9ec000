"""Try the lessons in JupyterLab, and the site, in a real browser (`make test-browser`).

The course is copied into a temporary folder first, so that no notebook of the repository changes.
"""

import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

from build import CHROMIUM_FLAGS, HTML, ROOT, chromium
from helpers.exercises import exercises
from helpers.exercises.engine import reply

try:
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import expect, sync_playwright
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
        pytest.exit("No chromium: install one (Debian: apt install chromium), or set CHROMIUM.", returncode=1)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser):
    """Give a page that may talk to this machine only; whatever else it asks for fails the test."""
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

    In notebooks/stored/ the lessons stay as they ship, with their outputs.
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
    """Start JupyterLab as a learner does, by `make lab`, with settings of its own; give its address."""
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
    """Return when JupyterLab answers; fail with its log when it does not within a minute."""
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
    """Wait until the status bar names a kernel that waits for work."""
    expect(page.get_by_role("button", name=re.compile(r"\| Idle$"))).to_be_visible(timeout=60_000)


def choose(page, menu, item):
    """Choose an item of a menu by the mouse."""
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
    """Return the start of each question of a lesson, and the tokens of its answer."""
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
    """The picture follows a slider moved by the mouse and by the arrow keys, and a list."""
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


def test_exercise_answers_back(page, lab):
    """A wrong answer, then the right one, are each met by their sentence."""
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


@pytest.mark.parametrize(("scheme", "width"), [("light", 1400), ("dark", 1400), ("dark", 390)])
@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(HTML)))
def test_page_of_the_site(browser, path, scheme, width):
    """A page opened from its folder is accessible, has no sideways scroll, and asks for nothing elsewhere."""
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    elsewhere = watch(page)
    problems = []
    page.on("console", lambda entry: entry.type == "error" and problems.append(entry.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(path.as_uri())
    # a fold that is still fading in has pale words
    page.add_style_tag(content="* { animation: none !important; transition: none !important; }")
    page.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true })")
    page.evaluate("window.MathJax?.startup?.promise")
    assert page.locator("html").get_attribute("data-theme") == scheme
    assert page.locator("mjx-merror").all_inner_texts() == []
    assert problems == []  # before axe, which reads the style sheets in its own way

    found = Axe().run(page).response["violations"]
    serious = {
        violation["id"]: [node["html"][:150] for node in violation["nodes"][:3]]
        for violation in found
        if violation["impact"] in ("serious", "critical")
    }
    assert serious == {}

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("main img:not([alt])").count() == 0
    shown = "".join(page.locator(".cell_output").all_inner_texts())
    assert "|:" not in shown, "a table that is shown as lines of bars"
    context.close()
    assert elsewhere == []


def test_folds_hide_answers_until_a_click(page):
    """What is folded in JupyterLab is folded on the site, and so are worked answers."""
    page.goto((HTML / "notebooks/03_rebuilding_p.html").as_uri())
    lesson = json.loads((ROOT / "notebooks/03_rebuilding_p.ipynb").read_text(encoding="utf-8"))
    folded = [cell["metadata"].get("jupyter", {}) for cell in lesson["cells"]]
    prompts = page.locator("details > summary").filter(has_text="Show code")
    assert prompts.count() == sum("source_hidden" in fold for fold in folded) > 0
    assert page.locator("main details[open]").count() == 0
    answer = page.locator("details").filter(has_text="Show the answer").first
    expect(answer.locator("pre, table").first).to_be_hidden()
    answer.get_by_text("Show the answer").click()
    expect(answer.locator("pre, table").first).to_be_visible()
    page.goto((HTML / "notebooks/solutions/03_rebuilding_p.html").as_uri())
    answer = page.get_by_text("03.1: Right.")
    expect(answer).to_be_hidden()
    page.get_by_text("Worked answer", exact=True).first.click()
    expect(answer).to_be_visible()


def test_formulas_are_set(page):
    """Formulas are drawn, in the colours of their coefficients."""
    page.goto((HTML / "notebooks/01_fitting_m_13_4.html").as_uri())
    expect(page.locator("mjx-container svg [fill='#0072B2']").first).to_be_visible()


@pytest.mark.parametrize("how", ["file", "http"])
def test_search(page, how):
    """The search finds a lesson, from the folder and from a static host."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=HTML))
    Thread(target=server.serve_forever, daemon=True).start()
    root = HTML.as_uri() if how == "file" else f"http://127.0.0.1:{server.server_port}"
    page.goto(f"{root}/search.html?q=overfitting")
    expect(page.locator("#search-results li a").filter(has_text="03 Rebuilding p").first).to_be_visible()
    server.shutdown()


class Quiet(SimpleHTTPRequestHandler):
    """A static host that keeps no log."""

    def log_message(self, *args):
        """Say nothing."""


def test_downloads():
    """Each notebook is in the site as it stands in the course; the checklist is one page."""
    for path in ROOT.glob("notebooks/**/0*.ipynb"):
        if ".ipynb_checkpoints" not in path.parts:
            name = path.relative_to(ROOT)
            assert (HTML / "_sources" / name).read_bytes() == path.read_bytes()
            html = (HTML / name).with_suffix(".html").read_text(encoding="utf-8")
            assert re.search(rf'href="[./]*_sources/{name.as_posix()}"', html)
    (pdf,) = HTML.rglob("checklist.pdf")
    assert "checklist.pdf" in (HTML / "notebooks/06_your_turn.html").read_text(encoding="utf-8")
    assert len(re.findall(rb"/Type\s*/Page\b", pdf.read_bytes())) == 1
