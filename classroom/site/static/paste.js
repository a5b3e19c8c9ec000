// The page "Paste your table": a field, an example for each program, and the reading under it. What is pasted goes
// into the page as text only, and is neither stored nor sent.
"use strict";
(() => {
  const LONGEST = 300_000; // characters; a print of 4000 rows has fewer
  const place = document.querySelector("[data-paste]");

  function make(name, text = "", more = {}) {
    const made = Object.assign(document.createElement(name), more);
    made.textContent = text;
    return made;
  }

  const label = make("label", "The print", {htmlFor: "print"});
  const field = make("textarea", "", {id: "print", rows: 10, spellcheck: false, autocomplete: "off", wrap: "off"});
  const examples = make("div", "", {className: "examples"}), status = make("p", "", {className: "said"});
  const reading = make("div", "", {className: "reading"}), back = make("button", "My own text", {type: "button", hidden: true});
  examples.setAttribute("role", "group");
  examples.setAttribute("aria-label", "Examples");
  status.setAttribute("role", "status");

  function list(heading, sentences, kind) {
    if (!sentences.length) return [];
    const items = make("ul", "", {className: kind});
    items.append(...sentences.map(sentence => make("li", sentence)));
    return [make("h2", heading), items];
  }

  // Rows stand in the order of the print, under the headings of their tables.
  function rows_of(said) {
    const found = [make("h2", "Row by row")];
    let last = null, items = null;
    said.rows.forEach(([row, block, role, scale, sentence], k) => {
      if (block !== last) {
        items = make("dl");
        found.push(make("h3", block || "Without a heading"), items);
        last = block;
      }
      const one = make("div"), printed = make("dt"), means = make("dd");
      printed.append(make("code", row), make("span", said.values[k].join(" ")));
      const kind = make("p");
      kind.append(make("strong", role), scale ? ` (scale: ${scale})` : "");
      means.append(kind, make("p", sentence));
      one.append(printed, means);
      items.append(one);
    });
    return found;
  }

  function read() {
    reading.replaceChildren();
    if (!field.value.trim()) {
      status.textContent = "";
      return;
    }
    try {
      if (field.value.length > LONGEST) throw new printed.ValueError("This is too long for a print. Paste one print at a time.");
      const said = printed.read_printed(field.value);
      const untold = said.rows.filter(row => row[2] === "cannot tell").length;
      const rows = said.rows.length === 1 ? "1 row is" : `${said.rows.length} rows are`;
      status.textContent = `${rows} read below${untold ? `, and ${untold} of them cannot be told` : ""}.`;
      reading.append(
        ...list("Health of the fit", said.health, "health"), ...list("Before you read it", said.notes, "notes"),
        ...rows_of(said), ...list("What only you can answer", said.questions, "questions"),
      );
    } catch (error) {
      if (!(error instanceof printed.ValueError)) console.error(error);
      status.textContent = error instanceof printed.ValueError ? error.message : "This text cannot be read here.";
    }
  }

  let waiting = 0, own = "";
  field.addEventListener("input", () => {
    own = field.value;
    back.hidden = true;
    clearTimeout(waiting);
    waiting = setTimeout(read, 150);
  });

  function show(text) {
    clearTimeout(waiting);
    field.value = text;
    field.scrollTop = field.scrollLeft = 0;
    back.hidden = !own.trim() || text === own;
    read();
  }

  examples.append("Or try a print of ");
  for (const [program, text] of Object.entries(printed.examples())) {
    const button = make("button", program, {type: "button"});
    button.addEventListener("click", () => show(text));
    examples.append(button);
  }
  back.addEventListener("click", () => { show(own); field.focus(); });
  examples.append(back);
  place.replaceChildren(label, field, examples, status, reading);
})();
