"""Fill the compile caches before a class (`make warm`), so that the first live fit is not the slowest."""

from lesson_cells import run_tagged

run_tagged("01_fitting_m_13_4.ipynb", "m_13_4", {"run_live": True})
print("Warm: imports are compiled, and PyTensor's cache holds what the live fit of lesson 01 needs.")
