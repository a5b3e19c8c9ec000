// What every page does by script: its theme, boxes that scroll by keyboard, formulas, folds for paper.
"use strict";
(() => {
  const here = document.currentScript.src.replace(/[^/]*$/, "");
  const hasFormulas = document.currentScript.dataset.formulas !== undefined;

  const root = document.documentElement, button = document.getElementById("theme");
  const name = () => { button.textContent = root.dataset.theme === "dark" ? "Light" : "Dark"; };
  button.addEventListener("click", () => {
    root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark";
    try { localStorage.setItem("Reading the coefficients of a multilevel model: theme", root.dataset.theme); } catch { /* it lasts as long as this page */ }
    name();
  });
  name();
  button.hidden = false;

  // What scrolls sideways can be reached by the keyboard, so that the arrow keys scroll it.
  function reach() {
    for (const box of document.querySelectorAll("pre, .cell_output div, .scrolls, mjx-container[display='true']")) {
      if (box.scrollWidth > box.clientWidth && getComputedStyle(box).overflowX !== "visible") box.tabIndex = 0;
    }
  }
  addEventListener("load", reach);
  addEventListener("resize", reach);
  document.addEventListener("toggle", reach, true); // a fold was opened

  // A link to something inside a fold opens it.
  function unfold() {
    const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let fold = target && target.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  }
  addEventListener("hashchange", unfold);
  unfold();

  // Figures are fetched when they come near the window; on paper there is no near.
  addEventListener("beforeprint", () => document.querySelectorAll("img[loading]").forEach(image => image.removeAttribute("loading")));

  // Formulas: a large script, so that it comes after the page is there.
  if (hasFormulas) {
    window.MathJax = { // the menu can ask for files that are not here; only what MyST marks is a formula
      options: {enableMenu: false, ignoreHtmlClass: "mathjax_ignore", processHtmlClass: "math|output_area"},
      startup: {ready() { MathJax.startup.defaultReady(); MathJax.startup.promise.then(reach); }},
    };
    addEventListener("load", () => setTimeout(() => {
      const script = document.createElement("script");
      script.src = here + "tex-svg.js";
      document.head.append(script);
    }));
  }
})();
