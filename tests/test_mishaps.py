"""What goes wrong in a classroom: each tried for real, each ending in a plain sentence, nothing lost."""

import json
import os
import resource
import shutil
import stat
import subprocess
import sys

import notebook_checks as check
import pytest

from helpers import poll

LESSON_01 = check.ROOT / "notebooks" / "01_fitting_m_13_4.ipynb"

# No lesson may need the network: every connection beyond this machine fails at once.
NO_NETWORK = """
import socket
_connect, _look_up = socket.socket.connect, socket.getaddrinfo
def _refuse(*args, **kwargs):
    raise OSError("there is no network in this test")
def connect(self, address):
    return _connect(self, address) if self.family == socket.AF_UNIX else _refuse()
socket.socket.connect = connect
socket.getaddrinfo = _refuse
"""


def sources(path, tag=None):
    """Return the code of a notebook's cells, or of those with a tag."""
    cells = check.code_cells(check.read(path))
    return [cell.source for cell in cells if tag is None or tag in check.tags(cell)]


def run(code, cwd=None, home=None, limit=None, without_privilege=False, **environ):
    """Run code in a fresh Python as a lesson's kernel would; return the finished process."""
    command = [sys.executable, "-c", code]
    if without_privilege and os.geteuid() == 0:
        # root may write anywhere; without this capability it is a user like any other
        command = ["setpriv", "--bounding-set", "-dac_override", "--inh-caps", "-dac_override", *command]
    environ = {**os.environ, "MPLBACKEND": "agg", **environ}
    if home is not None:
        environ["HOME"] = str(home)
    before = (
        (lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))) if limit is not None else None
    )
    return subprocess.run(
        command, cwd=cwd or LESSON_01.parent, env=environ, capture_output=True, text=True, preexec_fn=before
    )


def last_line(process):
    return process.stderr.strip().splitlines()[-1]


@pytest.mark.parametrize("path", check.LESSONS, ids=lambda path: path.stem)
def test_every_cell_twice_without_a_network(path, tmp_path):
    """Cells are run twice, the home folder has spaces and accents in its name, and there is no network."""
    home = tmp_path / "maison à moi"
    home.mkdir()
    code = []
    for source in sources(path):
        once = "pm.sample(" in source and "run_live" not in source  # a second live fit shows nothing new
        code += [source] * (1 if once else 2)
    process = run(NO_NETWORK + "\n\n".join(code), home=home)
    assert process.returncode == 0, process.stderr[-2000:]
    assert not (home / poll.poll_file().name).exists()  # an unanswered poll keeps nothing


def test_a_cell_out_of_order_names_what_is_missing():
    """As after a restart of the kernel in the middle of a lesson."""
    cells = sources(check.LESSONS[2])
    middle = next(source for source in cells if "with_a_bar = " in source)
    process = run(middle)
    assert process.returncode == 1
    assert last_line(process).startswith("NameError: name 'xr' is not defined")
    assert "NameError" in check.prose(check.read(check.LESSONS[0])), "lesson 00 says what to do"
    assert run("\n\n".join(cells[: cells.index(middle) + 1])).returncode == 0


def read_only(folder):
    for path in [folder, *folder.rglob("*")]:
        path.chmod(stat.S_IRUSR | stat.S_IXUSR if path.is_dir() else stat.S_IRUSR)


@pytest.fixture
def course(tmp_path):
    """Return a copy of the course, and make it deletable again afterwards."""
    folder = tmp_path / "course"
    for name in ["notebooks", "data", "helpers"]:
        shutil.copytree(check.ROOT / name, folder / name)
    shutil.copy(check.ROOT / "requirements.lock", folder)
    yield folder
    for path in [folder, *folder.rglob("*")]:
        path.chmod(stat.S_IRWXU)


@pytest.mark.parametrize("number", [0, 2, 6])
def test_a_course_folder_that_cannot_be_written_to(course, tmp_path, number):
    read_only(course)
    home = tmp_path / "home"
    home.mkdir()
    options = {
        "cwd": course / "notebooks",
        "home": home,
        "PYTHONPATH": str(course),
        "without_privilege": True,
    }
    assert run("open('x', 'w')", **options).returncode == 1, "the folder is read-only"
    code = "\n\n".join(sources(check.LESSONS[number])) + "\nimport helpers; print(helpers.__file__)"
    process = run(code, **options)
    assert process.returncode == 0, process.stderr[-2000:]
    assert process.stdout.strip().splitlines()[-1].startswith(str(course))


KEEP = "from helpers.poll import keep; keep({'1': 'B', '2': 'C'})"


def test_a_home_folder_that_cannot_be_written_to(tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    home.chmod(stat.S_IRUSR | stat.S_IXUSR)
    process = run(KEEP, home=home, without_privilege=True)
    assert process.returncode == 0
    assert process.stdout.startswith(
        "Your answers could not be kept (Permission denied). Write them on paper: "
    )


def test_a_full_disk_while_the_poll_is_kept(tmp_path):
    earlier = json.dumps({"1": "A"})
    (tmp_path / "multilevel-poll.json").write_text(earlier)
    process = run(KEEP, home=tmp_path, limit=0)
    # the sentence itself goes through a pipe, which has no size limit
    assert process.stdout.startswith("Your answers could not be kept (File too large). Write them on paper: ")
    assert (tmp_path / "multilevel-poll.json").read_text() == earlier, "the earlier answers are still there"
    assert [path.name for path in tmp_path.iterdir() if "poll" in path.name] == ["multilevel-poll.json"]


def test_a_full_disk_while_a_posterior_is_stored(tmp_path):
    (tmp_path / "data").mkdir()
    shutil.copy(check.ROOT / "data" / "m_13_2.nc", tmp_path / "data")
    code = f"""
import sys; sys.path.insert(0, {str(check.ROOT / "studies")!r})
import make_posterior as make, pathlib
from helpers import load_posterior
make.ROOT = pathlib.Path({str(tmp_path)!r})
make.provenance = lambda *args: {{"diagnostics": ""}}
make.SAMPLE_STATS = ["diverging"]
make.save("m_13_2", None, load_posterior("m_13_2"), 1, True, "")
"""
    whole = run(code)
    assert whole.returncode == 0, whole.stderr[-2000:]
    before = (tmp_path / "data" / "m_13_2.nc").read_bytes()
    process = run(code, limit=200_000)
    assert process.returncode != 0
    assert (tmp_path / "data" / "m_13_2.nc").read_bytes() == before, "the old posterior is still there"


# Source of a locale in which only the decimal point differs. It is compiled here, because a machine
# may have neither other locales nor the sources of any.
COMMA = {
    "charmap": "<code_set_name> UTF-8\nCHARMAP\n<U002C> \\x2c COMMA\nEND CHARMAP\n",
    "source": 'LC_NUMERIC\ndecimal_point ","\nthousands_sep ""\ngrouping -1\nEND LC_NUMERIC\n',
}


@pytest.fixture(scope="session")
def decimal_comma(tmp_path_factory):
    """Return environment variables that put a locale with decimal commas in force."""
    folder = tmp_path_factory.mktemp("locale")
    for name, text in COMMA.items():
        (folder / name).write_text(text)
    if shutil.which("localedef") and sys.platform == "linux":
        command = ["localedef", "-c", "--quiet", "-f", "./charmap", "-i", "source", "./comma"]
        # answers 1, because only one of a locale's twelve parts is given; whether it works is asked below
        subprocess.run(command, cwd=folder, check=False)
        variables = {"LOCPATH": str(folder), "LC_NUMERIC": "comma", "LC_ALL": ""}
    else:
        variables = {"LC_ALL": "de_DE.UTF-8"}  # macOS has it
    said = run("import locale; locale.setlocale(locale.LC_ALL, ''); print(locale.str(0.5))", **variables)
    assert said.stdout.strip() == "0,5", f"no locale with decimal commas could be made: {said.stderr}"
    return variables


@pytest.fixture
def startup(tmp_path):
    """Return a function that makes IPython run code at each kernel's start; it gives the variables."""

    def write(code):
        folder = tmp_path / "ipython" / "profile_default" / "startup"
        folder.mkdir(parents=True)
        (folder / "00.py").write_text(code)
        return {"IPYTHONDIR": str(tmp_path / "ipython")}

    return write


def nbval(*lessons, **environ):
    """Run lessons and compare what they print with what is stored, strictly, as `make test` does."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--nbval", *map(str, lessons)]
    process = subprocess.run(
        command, cwd=check.ROOT, env={**os.environ, **environ}, capture_output=True, text=True
    )
    assert process.returncode == 0, process.stdout[-3000:]


@pytest.mark.parametrize(("seed", "threads"), [("1", "1"), ("77", "4")])
def test_outputs_do_not_depend_on_locale_hash_seed_or_threads(
    decimal_comma, startup, tmp_path, seed, threads
):
    """Decimal commas in force in the kernel, other hash seeds and other numbers of BLAS threads."""
    witness = tmp_path / "witness"
    code = f"""
import locale, pathlib
locale.setlocale(locale.LC_ALL, "")
pathlib.Path({str(witness)!r}).write_text(locale.str(0.5))
"""
    nbval(
        check.LESSONS[2],
        check.LESSONS[6],
        PYTHONHASHSEED=seed,
        OMP_NUM_THREADS=threads,
        OPENBLAS_NUM_THREADS=threads,
        **decimal_comma,
        **startup(code),
    )
    assert witness.read_text() == "0,5", "the locale was in force in the kernel"


OWN_STARTUP = """
import numpy as np, pandas as pd
pd.set_option("display.precision", 1, "display.max_rows", 4, "display.width", 40)
np.set_printoptions(precision=1)
get_ipython().ast_node_interactivity = "all"
"""
OWN_MATPLOTLIBRC = "text.usetex: True\naxes.titlelocation: right\naxes.grid: True\nfigure.figsize: 3, 3\n"


@pytest.mark.parametrize(
    ("arvizrc", "seen"),
    [
        ("stats.hdi_prob: 0.94", "KeyError"),  # what ArviZ before 1.0 knew stops the import of ArviZ 1
        ("stats.ci_kind: hdi\nstats.ci_prob: 0.94", "hdi 0.94 True"),
    ],
    ids=["old arvizrc", "arvizrc"],
)
def test_outputs_do_not_depend_on_a_reader_s_own_settings(startup, tmp_path, arvizrc, seen):
    """They are in force without `helpers`, and change nothing in a lesson with tables and figures."""
    (tmp_path / "arvizrc").write_text(arvizrc)
    (tmp_path / "matplotlibrc").write_text(OWN_MATPLOTLIBRC)
    own = {"ARVIZ_DATA": str(tmp_path), "MATPLOTLIBRC": str(tmp_path)}
    code = """
import arviz, matplotlib
rc = arviz.rcParams
raise SystemExit(f"{rc['stats.ci_kind']} {rc['stats.ci_prob']} {matplotlib.rcParams['text.usetex']}")
"""
    assert last_line(run(code, **own)).startswith(seen), "the settings are in force"
    nbval(check.LESSONS[4], **own, **startup(OWN_STARTUP))


def test_arrays_are_printed_as_in_the_text():
    code = "import numpy as np; np.set_printoptions(precision=1)\nimport helpers\nprint(np.array([0.3186]))"
    assert run(code).stdout == "[0.3186]\n"
