// How the pages answer. Only files of this site are loaded. What a reader types is never run, and it
// goes into the page as text only.
"use strict";
const course = {};
(() => {
  const here = document.currentScript.src.replace(/[^/]*$/, "");
  const KEY = "Reading the coefficients of a multilevel model";
  let data = null;

  // --- reading typed text, with the table that Python's check uses too (helpers/exercises/forms.py)

  const whole = pattern => new RegExp(`^(?:${pattern})$`);

  function cleaned(text) {
    for (const [pattern, instead] of data.forms.clean) text = text.replace(new RegExp(pattern, "g"), () => instead);
    return text;
  }

  function letterIn(text) {
    const match = whole(data.forms.letter).exec(cleaned(text));
    return match && match[1].toUpperCase();
  }

  function numbersIn(text) {
    text = cleaned(text);
    for (const [number, between] of data.forms.numbers) {
      if (!whole(`${number}(?:${between}${number})*`).test(text)) continue;
      return text.match(new RegExp(number, "g")).map(found => {
        const value = Number(found.replace(",", ".").replace("%", ""));
        return found.endsWith("%") ? value / 100 : value;
      });
    }
    return null;
  }

  // --- the reply to an answer, as in helpers/exercises/engine.py

  const fill = (words, values) =>
    words.replace(/\{(\w+)(:,)?\}/g, (_, name, comma) => (comma ? values[name].toLocaleString("en-US") : values[name]));
  const listed = value => (Array.isArray(value) ? value : [value]);

  function same(exercise, value, other) {
    if (exercise.scale === "choice") return value === other;
    other = listed(other);
    return value.every((x, k) => Math.abs(x - other[k]) <= exercise.tolerance);
  }

  function trouble(exercise, value) {
    const words = data.words, size = listed(exercise.right).length;
    if (value === null) return words.unreadable;
    if (value.length !== size) {
      let kind = value.length > 4000 ? "entries" : value.length >= 1000 ? "draws" : "size";
      if (value.length === 2 * size && value.every(Number.isInteger)) kind = "comma";
      return fill(words[kind], {size: value.length});
    }
    if (value.some(Number.isNaN)) return words.nan;
    if (value.some(x => !Number.isFinite(x))) return words.inf;
    return null;
  }

  function close(exercise, value) {
    if (exercise.decimals === 0) return [];
    const says = [], short = listed(exercise.short);
    if (value.every((x, k) => Math.abs(x - short[k]) <= 1e-9))
      says.push(fill(data.words.short, {decimals: data.counted[exercise.decimals]}));
    if (["probability", "difference"].includes(exercise.scale) && same(exercise, value.map(x => x / 100), exercise.right))
      says.push(data.words.percentage);
    return says;
  }

  function howItIsOff(exercise, value) {
    const words = data.words, right = listed(exercise.right);
    const sorted = list => [...list].sort((x, y) => x - y);
    if (exercise.scale === "probability" && value.some(x => x < 0 || x > 1)) return words.probability;
    if (exercise.scale === "difference" && value.some(x => Math.abs(x) > 1)) return words.difference;
    if (value.length > 1) {
      if (same(exercise, sorted(value), sorted(right))) return words.order;
      const off = right.map((x, k) => k).filter(k => !same(exercise, [value[k]], [right[k]]));
      return fill(words.elements, {which: off.map(k => k + 1).join(", ")});
    }
    if (same(exercise, [-value[0]], right)) return words.sign;
    return value[0] > right[0] ? words.high : words.low;
  }

  // answer: typed text, or an array of numbers
  function reply(exercise, answer) {
    const words = data.words;
    const notYet = hint => fill(words["not yet"], {hint: hint.trim()});
    if (typeof answer === "string" && data.forms.unanswered.includes(cleaned(answer))) return words.unanswered;
    const expected = fill(words.expected, {expected: exercise.expected});
    let value;
    if (exercise.scale === "choice") {
      value = letterIn(answer);
      if (!exercise.letters.includes(value)) return notYet(expected);
    } else {
      value = typeof answer === "string" ? numbersIn(answer) : answer;
      const complaint = trouble(exercise, value);
      if (complaint) return notYet(`${complaint} ${expected}`);
    }
    if (same(exercise, value, exercise.right)) return fill(words.right, {because: exercise.because});
    let found = exercise.hints.filter(hint => hint.answers.some(route => same(exercise, value, route))).map(hint => hint.says);
    if (exercise.scale !== "choice") {
      found = [...close(exercise, value), ...found];
      if (!found.length) found = [howItIsOff(exercise, value)];
    }
    return notYet(found.length > 1 ? fill(words.several, {hints: found.join(" Or: ")}) : found[0]);
  }

  // a reply to a prediction does not give the answer away, as in helpers/predictions.py
  function replyToPrediction(exercise, guess) {
    const sentence = reply(exercise, guess);
    if (/^(Right\.|not answered)|Expected:/.test(sentence)) return sentence;
    if (sentence === `Not yet. ${data.words.percentage}`) return sentence;
    const hint = exercise.hints.find(hint => sentence === `Not yet. ${hint.says}`);
    return `Not yet. ${hint ? hint.says + " " : ""}Write it down, open the answer below and compare.`;
  }

  // --- what a reader typed stays in this browser

  const store = {
    read() {
      try {
        const kept = JSON.parse(localStorage.getItem(KEY));
        return kept && typeof kept === "object" && !Array.isArray(kept) ? kept : {};
      } catch { return {}; }
    },
    keep(name, value) {
      try {
        localStorage.setItem(KEY, JSON.stringify({...store.read(), [name]: value}));
        return store.read()[name] === value;
      } catch { return false; }
    },
    works() { return store.keep("works", "yes"); },
  };
  const LOST = "This browser saves nothing, so your answers are lost when you leave the page.";

  // --- forms

  const LOOK = [["Right.", "✓", "right"], ["Not yet.", "↺", "wrong"], ["not answered yet.", "○", "open"]];

  function element(name, text, attributes = {}) {
    const made = document.createElement(name);
    if (text) made.textContent = text;
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  }

  function say(output, sentence, before = "") {
    const [verdict, sign, look] = LOOK.find(([words]) => sentence.startsWith(words));
    output.className = look;
    const parts = [element("span", `${sign} `, {"aria-hidden": "true"}), before];
    output.replaceChildren(...parts, element("strong", verdict), sentence.slice(verdict.length));
  }

  const scripts = {};
  function load(name) {
    scripts[name] ??= new Promise((done, failed) => {
      const script = element("script", "", {src: `${here}data/${name}.js`});
      script.onload = done;
      script.onerror = () => failed(new Error("A file of this site could not be loaded."));
      document.head.append(script);
    });
    return scripts[name];
  }

  const drawn = {};
  course.drawn = (posterior, packed) => {
    drawn[posterior] = new Map(Object.entries(packed).map(([name, [start, step, text]]) => {
      const bytes = Uint8Array.from(atob(text), letter => letter.charCodeAt(0)), view = new DataView(bytes.buffer);
      return [name, Float64Array.from({length: bytes.length / 2}, (_, k) => start + step * view.getUint16(2 * k, true))];
    }));
  };

  const printed = x => String(Number(x.toPrecision(5)));

  async function answerTo(exercise, text) {
    const isExpression = exercise.draws && /[A-Za-z]/.test(cleaned(text)) && numbersIn(text) === null;
    if (!isExpression) return [reply(exercise, text), ""];
    await load(`draws_${exercise.draws}`);
    try {
      const value = course.evaluate(text, drawn[exercise.draws]);
      const before = value.length <= 2 ? `That is ${value.map(printed).join(" and ")}. ` : "";
      return [reply(exercise, value), before];
    } catch (error) {
      if (!(error instanceof course.ExpressionError)) throw error;
      return [fill(data.words["not yet"], {hint: error.message}), ""];
    }
  }

  function answerForms() {
    const works = store.works(), kept = store.read();
    for (const form of document.querySelectorAll("form[data-exercise], form[data-prediction]")) {
      const number = form.dataset.exercise ?? form.dataset.prediction;
      const isPrediction = form.dataset.prediction !== undefined;
      const exercise = isPrediction ? data.prediction : data.exercises[number];
      const name = (isPrediction ? "prediction " : "") + number;
      const output = form.querySelector("output"), field = form.querySelector("input[type=text]");
      const typed = () => (field ? field.value : (form.querySelector("input:checked") ?? {value: ""}).value);
      const check = async () => {
        const text = typed();
        try {
          const [sentence, before] = isPrediction ? [replyToPrediction(exercise, text), ""] : await answerTo(exercise, text);
          if (text === typed()) say(output, sentence, before);
        } catch (error) {
          say(output, fill(data.words["not yet"], {hint: fill(data.words.failed, {error: error.message})}));
        }
      };
      form.addEventListener("submit", event => {
        event.preventDefault();
        store.keep(name, typed());
        check();
      });
      const before = typeof kept[name] === "string" ? kept[name].slice(0, 300) : "";
      if (field) field.value = before;
      else for (const box of form.querySelectorAll("input")) box.checked = box.value === before;
      form.hidden = false;
      if (typed()) check();
      if (!works) form.append(element("p", LOST, {class: "kept"}));
    }
  }

  // --- the poll of lessons 00 and 06, and the comparison of the two

  function poll() {
    const compare = document.querySelector("[data-poll=compare]"), works = store.works();
    const valid = letters => Object.fromEntries(Object.entries(letters ?? {}).filter(([n, x]) => /^[1-5]$/.test(n) && /^[A-D]$/.test(x)));
    const fromLink = /^#poll=((?:[1-5][A-D]){1,5})$/.exec(location.hash);
    const linked = fromLink && Object.fromEntries(fromLink[1].match(/../g).map(pair => [pair[0], pair[1]]));
    const keptLetters = name => { try { return valid(JSON.parse(store.read()[name] ?? "{}")); } catch { return {}; } };
    const given = {"poll": linked ?? keptLetters("poll"), "poll again": keptLetters("poll again")};
    const tell = () => {
      for (const item of compare?.querySelectorAll("li") ?? []) {
        const number = item.dataset.question, options = JSON.parse(compare.dataset.options)[number];
        const parts = [["You said", given.poll[number]], ["Again", given["poll again"][number]]].filter(([, letter]) => letter);
        item.querySelector(".said").textContent = parts.map(([when, letter]) => `${when}: ${letter}, ${options[letter]}.`).join(" ");
      }
    };
    for (const ask of document.querySelectorAll("form[data-poll=ask]")) {
      const name = ask.dataset.name, output = ask.querySelector("output"), link = ask.querySelector("a");
      const show = () => {
        const pairs = [...ask.querySelectorAll("input:checked")].map(box => [box.name.slice(-1), box.value]);
        given[name] = Object.fromEntries(pairs);
        store.keep(name, JSON.stringify(given[name]));
        if (link) link.href = link.href.replace(/#.*$/, "") + (pairs.length ? `#poll=${pairs.map(pair => pair.join("")).join("")}` : "");
        const count = `${pairs.length} of 5 answers`;
        const lost = `${count}. ${LOST}${link ? " Only the link below takes them to lesson 06." : ""}`;
        output.textContent = works ? `${count}, saved in this browser${link ? " for lesson 06" : ""}.` : lost;
        tell();
      };
      for (const [number, letter] of Object.entries(given[name])) ask.querySelector(`[name=poll-${number}][value=${letter}]`).checked = true;
      ask.addEventListener("submit", event => event.preventDefault());
      ask.addEventListener("input", show);
      ask.hidden = false;
      document.querySelector(".poll-list")?.setAttribute("hidden", "");
      show();
    }
    tell();
  }

  course.answers = answers => { data = answers; answerForms(); };
  Object.assign(course, {load, element, reply, replyToPrediction, data: () => data, draws: name => drawn[name]});
  document.addEventListener("DOMContentLoaded", poll);
})();
