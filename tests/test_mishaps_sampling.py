"""What goes wrong while sampling, or when a kernel is restarted: tried with real kernels."""

import time

import notebook_checks as check
import pytest
from jupyter_client.manager import start_new_kernel
from test_mishaps import LESSON_01, run, sources


class Kernel:
    """A real kernel in the lessons' folder."""

    def __init__(self):
        self.manager, self.client = start_new_kernel(kernel_name="python3", cwd=str(LESSON_01.parent))

    def run(self, code):
        """Run code; return the reply and what was printed."""
        said = []

        def listen(message):
            said.append(message["content"].get("text", ""))

        reply = self.client.execute_interactive(code, timeout=120, output_hook=listen)
        return reply["content"], "".join(said)


@pytest.fixture
def kernel():
    kernel = Kernel()
    yield kernel
    kernel.manager.shutdown_kernel(now=True)


def test_the_stop_button_while_sampling(kernel):
    """The draws made so far are kept, and the lesson goes on with the stored run."""
    *before, fit = sources(LESSON_01, "m_13_4")
    for source in before:
        assert kernel.run(source)[0]["status"] == "ok"
    assert "draws=1000" in fit
    sent = kernel.client.execute(fit.replace("draws=1000", "draws=5_000_000"))
    start = time.monotonic()
    shown = None
    # wait for the progress bar, and then some seconds more, so that tuning is over
    while time.monotonic() - start < 120 and (shown is None or time.monotonic() - shown < 8):
        try:
            message = kernel.client.get_iopub_msg(timeout=1)
        except Exception:  # an empty queue
            continue
        if shown is None and message["msg_type"] in ("display_data", "update_display_data"):
            shown = time.monotonic()
    assert shown is not None, "sampling did not begin"
    kernel.manager.interrupt_kernel()
    while True:
        reply = kernel.client.get_shell_msg(timeout=60)
        if reply["parent_header"]["msg_id"] == sent:
            break
    assert reply["content"]["status"] == "ok"
    _, said = kernel.run("print('kept', idata['posterior'].sizes['draw'])")
    kept = int(said.split("kept")[1].split()[0])
    assert 0 < kept < 5_000_000
    assert "the draws made so far are kept" in check.prose(check.read(LESSON_01))
    assert (
        kernel.run(
            "stored = load_posterior('m_13_4'); health(stored)"
            if "health" in fit
            else "load_posterior('m_13_4')"
        )[0]["status"]
        == "ok"
    )


def test_a_kernel_that_is_restarted_finds_everything_again(kernel):
    cells = sources(check.LESSONS[6])
    assert kernel.run(cells[0])[0]["status"] == "ok"
    kernel.manager.restart_kernel(now=True)
    kernel.client.wait_for_ready(timeout=60)
    assert kernel.run("posterior")[0]["ename"] == "NameError"
    for source in cells:
        assert kernel.run(source)[0]["status"] == "ok"


def test_cores_are_a_setting_that_changes_no_draw():
    """One core or sixteen: the same seed gives the same draws."""
    *before, fit = sources(LESSON_01, "m_13_4")
    code = "\n\n".join(before) + "\nmeans = []\n"
    for cores in [1, 16]:
        code += (
            fit.replace("cores=2", f"cores={cores}, progressbar=False")
            .replace("draws=1000", "draws=50")
            .replace("tune=1000", "tune=100")
        )
        code += "\nmeans.append(float(idata['posterior']['a'].mean()))\n"
    process = run(code + "print(means[0] == means[1], len(means))")
    assert process.stdout.strip().endswith("True 2"), process.stderr[-2000:]
