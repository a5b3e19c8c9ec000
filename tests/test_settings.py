"""The lessons look the same under a reader's own settings and in other locales.

These are in a file of their own because the tests of one file run one after the other (--dist loadscope).
"""

import os
import shutil
import subprocess
import sys

import notebook_checks as check
import pytest
from test_mishaps import last_line, run

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
