// The two pictures that move: lesson 03's cell and lesson 04's Normal eta. Every input event redraws them.
"use strict";
(() => {
  const expit = x => 1 / (1 + Math.exp(-x));
  const range = (size, f) => Array.from({length: size}, (_, k) => f(k));

  // an SVG element, with rounded numbers, because a redraw makes hundreds of them
  function svg(name, attributes, text) {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, typeof value === "number" ? Math.round(value * 100) / 100 : value);
    if (text !== undefined) made.textContent = text;
    return made;
  }
  const line = (x1, y1, x2, y2, look) => svg("line", {x1, y1, x2, y2, stroke: "#555", ...look});
  let size = 1; // of letters: larger on a phone, where the picture is small
  const words = (x, y, text, look) => svg("text", {x, y, "font-size": 14 * size, fill: "#111", "text-anchor": "middle", ...look}, text);
  const upright = (x, y, text) => words(0, 0, text, {transform: `translate(${x} ${y}) rotate(-90)`});
  const path = (points, look) => svg("path", {d: "M" + points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join("L"), fill: "none", stroke: "#555", ...look});
  const diamond = (x, y, look) => svg("path", {d: `M${x},${y - 8}L${x + 8},${y}L${x},${y + 8}L${x - 8},${y}Z`, ...look});
  const scale = (from, to, start, end) => x => start + ((x - from) / (to - from)) * (end - start);

  // A lever is a slider or a list with its label. A slider also shows its value.
  function slider(label, min, max, step, value, show) {
    const box = course.element("label"), input = course.element("input", "", {type: "range", min, max, step, value});
    const output = course.element("output");
    const tell = () => { output.textContent = show(Number(input.value)); };
    input.addEventListener("input", tell);
    tell();
    box.append(course.element("span", label), input, output);
    return {box, input};
  }
  function list(label, names) {
    const box = course.element("label"), input = course.element("select");
    input.append(...names.map((name, k) => course.element("option", name, {value: k})));
    box.append(course.element("span", label), input);
    return {box, input};
  }

  // A picture. Its description is also on the page, below the levers.
  function picture(place, height, legend) {
    const made = svg("svg", {viewBox: `0 0 640 ${height}`, role: "img"});
    const finding = course.element("p", "", {"aria-hidden": "true"});
    place.append(finding, made, course.element("p", legend, {class: "kept"}));
    return {
      draw(alt, parts) {
        const begin = performance.now();
        size = made.clientWidth < 480 ? 1.7 : 1;
        finding.textContent = alt;
        made.setAttribute("aria-label", alt);
        made.replaceChildren(...parts());
        made.dataset.milliseconds = (performance.now() - begin).toFixed(1);
      },
    };
  }

  // --- lesson 03: how a, g and b of a cell make its p

  function cells(place, {names, rows, terms, sums, colour}) {
    const dims = ["actor", "block", "treatment"], sizes = dims.map(dim => names[dim].length);
    const row = slider("row", 0, rows.length - 1, 1, 100, String), lists = dims.map(dim => list(dim, names[dim]));
    const note = course.element("p", "", {role: "status"});
    const levers = course.element("div", "", {class: "levers"});
    levers.append(...lists.map(lever => lever.box));
    place.replaceChildren(row.box, levers, note);
    const drawn = picture(place, 500, "Top: all a, g and b with their 89% equal-tailed intervals. Bottom: the sum (black) and, through the curve, p (purple).");
    const count = cell => rows.filter(codes => codes.every((code, k) => code === cell[k])).length;

    function panel(name, k, picked, left) {
      const dim = names[dims[k]], x = scale(-2, 7.5, left + 70, left + 205), parts = [];
      const short = name => (size > 1 ? name.replace(/^(actor|block) /, "") : name);
      parts.push(words(left + 135, 22, `${name}[${dim[picked]}]`, {fill: colour[name], "font-weight": 600}));
      terms[name].forEach(([low, middle, high], j) => {
        const y = 42 + j * 21, mine = j === picked, stroke = mine ? colour[name] : "#8c8c8c";
        parts.push(words(left + 64, y + 5 * size, short(dim[j]), {"text-anchor": "end", "font-size": 12 * size}));
        parts.push(line(x(low), y, x(high), y, {stroke, "stroke-width": mine ? 5 : 2}));
        parts.push(svg("circle", {cx: x(middle), cy: y, r: mine ? 6 : 3.5, fill: stroke}));
      });
      for (const tick of size > 1 ? [0, 6] : [-2, 0, 2, 4, 6]) {
        parts.push(line(x(tick), 192, x(tick), 187), words(x(tick), 192 + 13 * size, String(tick).replace("-", "−"), {"font-size": 12 * size}));
      }
      return [...parts, line(x(-2), 187, x(7.5), 187)];
    }

    function redraw() {
      const cell = lists.map(lever => Number(lever.input.value)), [i, j, k] = cell;
      const [low, middle, high] = sums[(i * sizes[1] + j) * sizes[2] + k], ps = [low, middle, high].map(expit);
      const of_p = `median ${ps[1].toFixed(3)} [${ps[0].toFixed(3)}, ${ps[2].toFixed(3)}]`;
      const says = `median ${middle.toFixed(2)} [${low.toFixed(2)}, ${high.toFixed(2)}]`;
      const title = `${cell.map((code, n) => names[dims[n]][code]).join(", ")}: p has ${of_p}`;
      const x = scale(-4, 8, 90, 620), y = scale(0, 1, 440, 246), curve = range(121, n => -4 + n / 10);
      const dashed = {stroke: colour.p, "stroke-dasharray": "6 4", "stroke-width": 1.5};
      drawn.draw(`${title}; a + g + b, on the log-odds, has ${says}; intervals are 89% equal-tailed. Rows in the data: ${count(cell)}.`, () => [
        ...["a", "g", "b"].flatMap((name, n) => panel(name, n, cell[n], n * 210)),
        path(curve.map(at => [x(at), y(expit(at))]), {"stroke-width": 2}),
        line(x(middle), y(0.02), x(middle), y(ps[1]), dashed), line(x(middle), y(ps[1]), x(-3.9), y(ps[1]), dashed),
        line(x(low), y(0.02), x(high), y(0.02), {stroke: "#000", "stroke-width": 5}),
        line(x(-3.9), y(ps[0]), x(-3.9), y(ps[2]), {stroke: colour.p, "stroke-width": 5}),
        diamond(x(middle), y(0.02), {fill: "#000"}),
        svg("circle", {cx: x(-3.9), cy: y(ps[1]), r: 7, fill: colour.p, stroke: "#fff"}),
        line(90, 246, 90, 440), line(90, 440, 620, 440),
        ...[0, 0.5, 1].map(tick => words(82, y(tick) + 5, String(tick), {"text-anchor": "end", "font-size": 12 * size})),
        ...range(7, n => words(x(2 * n - 4), 444 + 13 * size, String(2 * n - 4).replace("-", "−"), {"font-size": 12 * size})),
        words(355, 454 + 24 * size, "a + g + b (log-odds)"),
        upright(24, 343, "p"),
      ]);
    }

    let before = rows[100];
    function follow() {
      const now = rows[Number(row.input.value)];
      note.textContent = now.join() === before.join() ? `row ${row.input.value}: same combination as before` : `row ${row.input.value}`;
      before = now;
      lists.forEach((lever, k) => { lever.input.value = now[k]; });
      redraw();
    }
    row.input.addEventListener("input", follow);
    for (const lever of lists) lever.input.addEventListener("input", () => { note.textContent = "\u00a0"; redraw(); });
    follow();
    note.textContent = "row 100";
  }

  // --- lesson 04: the gap of a Normal eta

  function normal(place, {even, gaps, step, colour}) {
    const g = x => String(Number(x.toFixed(2))), number = x => g(x).replace("-", "−");
    const mean = slider("eta's mean", -5, 5, step, 2, number), sd = slider("eta's sd", 0, 4, step, 1.5, number);
    place.replaceChildren(mean.box, sd.box);
    const drawn = picture(place, 500, "Grey: eta, with a dashed line at its mean. Purple: p. ◇ is the plug-in, ● the mean of p, and the yellow band is the gap.");
    const signed = x => ((text => (text[0] === "-" ? text : "+" + text))(Math.abs(x) < 0.0005 ? "0.000" : x.toFixed(3)));

    function values() {
      const m = Number(mean.input.value), s = Number(sd.input.value);
      const gap = gaps[Math.round((m + 5) / step)][Math.round(s / step)], plug = expit(m), of_p = plug + gap;
      return {m, s, plug, of_p, finding: `Normal eta, mean ${g(m)}, sd ${g(s)}: the gap is ${signed(gap)}`};
    }
    function parts() {
      const {m, s, plug, of_p} = values();
      const eta = even.map(z => m + s * z), at = q => eta[Math.min(eta.length - 1, Math.floor(q * eta.length))];
      const end = Math.max(6, 2 * Math.ceil(Math.max(Math.abs(at(0.02)), Math.abs(at(0.98))) / 2)), axis = -1.4 * end;
      const x = scale(axis, end, 90, 625), y = scale(-0.25, 1.02, 440, 14), found = [];
      const twenty = s ? range(20, k => eta[Math.floor((k + 0.5) * eta.length / 20)]) : [m];

      function bars(values, from, to, size, place) {
        const counts = new Array(size).fill(0);
        for (const value of values) {
          const k = Math.floor(((value - from) / (to - from)) * size);
          if (k >= 0 && k < size) counts[k] += 1;
        }
        const top = Math.max(...counts);
        counts.forEach((n, k) => { if (n) found.push(place(from + (k * (to - from)) / size, from + ((k + 1) * (to - from)) / size, n / top)); });
      }
      bars(eta, -end, end, 60, (a, b, h) => svg("rect", {x: x(a), width: x(b) - x(a), y: y(-0.25 + 0.2 * h), height: y(-0.25) - y(-0.25 + 0.2 * h), fill: "#888"}));
      bars(eta.map(expit), 0, 1, 50, (a, b, h) => svg("rect", {x: x(axis), width: x(axis + 0.3 * end * h) - x(axis), y: y(b), height: y(a) - y(b), fill: "#A873A5"}));
      found.push(path(range(121, k => -end + (k * end) / 60).map(e => [x(e), y(expit(e))]), {"stroke-width": 1.5}));
      for (const e of twenty) if (Math.abs(e) <= end) found.push(path([[x(e), y(-0.02)], [x(e), y(expit(e))], [x(axis), y(expit(e))]], {stroke: "#A873A5", "stroke-width": 1}));
      found.push(svg("rect", {x: x(axis), width: x(m) - x(axis), y: y(Math.max(plug, of_p)), height: Math.abs(y(plug) - y(of_p)), fill: "#F0C040"}));
      found.push(line(x(m), y(-0.25), x(m), y(plug), {stroke: "#000", "stroke-dasharray": "6 4", "stroke-width": 1.5}));
      found.push(line(x(axis), y(plug), x(m), y(plug), {stroke: "#000", "stroke-width": 1.5}), line(x(axis), y(of_p), x(m), y(of_p), {stroke: colour.p, "stroke-width": 1.5}));
      for (const place of [axis, m]) {
        found.push(diamond(x(place), y(plug), {fill: "#fff", stroke: "#000", "stroke-width": 1.5}));
        found.push(svg("circle", {cx: x(place), cy: y(of_p), r: 6, fill: colour.p, stroke: "#fff"}));
      }
      found.push(line(x(axis), y(0), x(axis), y(1)), line(x(-end), y(-0.25), x(end), y(-0.25)));
      for (const tick of [0, 0.2, 0.4, 0.6, 0.8, 1]) found.push(words(82, y(tick) + 5 * size, String(tick), {"text-anchor": "end", "font-size": 12 * size}));
      for (let tick = -end; tick <= end; tick += end < 10 ? 2 : 4) found.push(words(x(tick), 444 + 13 * size, String(tick).replace("-", "−"), {"font-size": 12 * size}));
      const beyond = eta.filter(e => Math.abs(e) > end).length / eta.length;
      const note = beyond >= 0.0005 ? `; ${(100 * beyond).toFixed(1)}% of it is beyond the axis` : "";
      found.push(words(365, 454 + 24 * size, `eta (log-odds)${size > 1 ? "" : note}`), upright(24, 180, "p (probability of pulling left)"));
      return found;
    }
    function redraw() {
      const {finding, plug, of_p} = values();
      drawn.draw(`${finding}; after the S-curve, on the p axis, the plug-in is at ${plug.toFixed(3)} and the mean of p at ${of_p.toFixed(3)}.`, parts);
    }
    for (const lever of [mean, sd]) lever.input.addEventListener("input", redraw);
    redraw();
  }

  course.pictured = (name, data) => {
    const place = document.querySelector(`[data-explorer=${name}]`);
    ({cells, normal})[name](place, data);
  };
  document.addEventListener("DOMContentLoaded", () => {
    for (const place of document.querySelectorAll("[data-explorer]")) course.load(place.dataset.explorer);
  });
})();
