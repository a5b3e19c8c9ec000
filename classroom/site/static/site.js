// What scripts do on every page: the theme, boxes that the keyboard can scroll, formulas, folds and figures for print.
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

  // What scrolls sideways can be focused, so that the arrow keys scroll it.
  function reach() {
    for (const box of document.querySelectorAll("pre, .cell_output div, .scrolls, main p:has(> img), mjx-container[display='true']")) {
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

  // Figures are loaded when they come near the window. For print, all of them are.
  addEventListener("beforeprint", () => document.querySelectorAll("img[loading]").forEach(image => image.removeAttribute("loading")));

  // Formulas take a large script, so it is loaded when the page is there.
  if (hasFormulas) {
    window.MathJax = { // no menu, because it can ask for files that are not here; only what MyST marks is a formula
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
