// What scrolls sideways can be reached by the keyboard, so that the arrow keys scroll it.
function reach() {
  const boxes = "pre, .cell_output .text_html, .pst-scrollable-table-container, mjx-container[display='true']";
  for (const box of document.querySelectorAll(boxes)) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
  }
}
addEventListener("load", reach);
addEventListener("resize", reach);
document.addEventListener("toggle", reach, true); // a fold was opened
