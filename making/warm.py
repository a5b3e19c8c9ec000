"""Fill the compile caches before a class (`make warm`), so that no learner's first fit is the slowest.

The lessons that use PyMC are run once. What PyTensor and numba compile is kept in PyTensor's
compile folder, which every kernel of the same user finds: `~/.pytensor`, or the folder named by
PYTENSOR_FLAGS=base_compiledir=... (that is how classroom/ fills the cache that it hands out).
"""

from making.open_lesson import LESSONS, open_lesson

if __name__ == "__main__":
    for path in LESSONS:
        if "import pymc" in path.read_text(encoding="utf-8"):
            print(f"{path.stem}: run to its end in {open_lesson(path)['end s']:.0f} s", flush=True)
    print("Warm: imports are compiled, and PyTensor's cache holds what the live fits need.")
