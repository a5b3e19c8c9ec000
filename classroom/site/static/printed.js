// helpers/printed/*.py once more: the same functions in the same order, over the same patterns.json and
// sentences.json (data/printed.js). What is read never becomes markup, and nothing is stored or sent.
"use strict";
const printed = {};
(() => {
  const given = {}; // patterns, sentences and the page's examples
  printed.data = all => Object.assign(given, all);

  // --- what Python has by itself

  class ValueError extends Error {}
  const SPACE = " \\t\\n\\r\\f\\v", EVERY_SPACE = `${SPACE}\\x1c-\\x1f\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000`;
  const made = {ascii: {}, unicode: {}};

  // A pattern of Python's. In patterns of `compiled`, \s, \d and \w are those of ASCII; elsewhere those of Unicode.
  function regex(pattern, flags, isUnicode) {
    const known = made[isUnicode ? "unicode" : "ascii"][flags] ??= new Map();
    if (known.has(pattern)) return known.get(pattern);
    const kinds = isUnicode ? {s: EVERY_SPACE, d: "\\p{Nd}", w: "\\p{L}\\p{N}_"} : {s: SPACE, d: "0-9", w: "A-Za-z0-9_"};
    let source = "", isInside = false;
    for (let k = 0; k < pattern.length; k += 1) {
      const letter = pattern[k], kind = letter === "\\" && kinds[pattern[k + 1].toLowerCase()];
      if (kind) {
        k += 1;
        const isNot = pattern[k] !== pattern[k].toLowerCase();
        source += isInside ? kind : `[${isNot ? "^" : ""}${kind}]`;
      } else if (letter === "\\") {
        k += 1;
        source += letter + pattern[k];
      } else {
        isInside = isInside ? letter !== "]" : letter === "[";
        source += letter === "." && !isInside ? "[^\\n]" : letter;
      }
    }
    known.set(pattern, new RegExp(source, flags + (isUnicode ? "u" : "")));
    return known.get(pattern);
  }
  const sub = (pattern, instead, text) => text.replace(regex(pattern, "g", true), typeof instead === "string" ? () => instead : instead);
  const find_all = (pattern, text) => text.match(regex(pattern, "g", true)) ?? [];
  const isSpace = letter => regex("\\s", "", true).test(letter);
  function without_last_spaces(text) { // \s+$ would be slow where there are many spaces
    let end = text.length;
    while (end > 0 && isSpace(text[end - 1])) end -= 1;
    return text.slice(0, end);
  }
  const strip = text => without_last_spaces(sub("^\\s+", "", text));
  const split_words = text => find_all("\\S+", text);
  const partition = (text, sign) => {
    const at = text.indexOf(sign);
    return at < 0 ? [text, "", ""] : [text.slice(0, at), sign, text.slice(at + sign.length)];
  };
  const without_start = (text, start) => (text.startsWith(start) ? text.slice(start.length) : text);
  const without_end = (text, end) => (end && text.endsWith(end) ? text.slice(0, -end.length) : text);
  const without_ends = (text, sign) => { // as Python's strip(sign)
    while (text.startsWith(sign)) text = text.slice(1);
    while (text.endsWith(sign)) text = text.slice(0, -1);
    return text;
  };
  const count = (text, part) => text.split(part).length - 1;
  const unique = items => [...new Set(items)];
  const zip = (one, other) => one.slice(0, other.length).map((item, k) => [item, other[k]]);

  // --- text.py: the pasted text: what is left without colours and prompts, which program made it, and what is a number

  const NAMES = "lme4, glmmTMB, ordinal, brms, rstanarm, statsmodels (MixedLM), Bambi and ArviZ";
  const MOST = 0.6; // of the lines that begin alike, so that the beginning is a prompt
  const WIDEST = 10000; // the longest line that R prints

  const data = name => given[name];

  const compiled = (pattern, flags = "") => regex(pattern, flags, false);

  // Find a pattern in a line.
  const has = (pattern, text) => compiled(pattern).exec(text);

  // Find a pattern in a text, where ^ and $ are those of a line.
  const find = (pattern, text) => compiled(pattern, "m").exec(text);

  const plain = text => sub("\\s", "", text);

  // Return the lines without colours, prompts, quotation marks and tabs, and the commands among them:
  // the number of lines before each, and what it prints.
  function clean(text) {
    text = text.replace(/\x1b\[[0-9;]*[A-Za-z]/g, "");
    text = text.replace(/\r\n?|[\u2028\u2029\x0b\x0c]/g, "\n");
    text = text.replace(/[\u200b\ufeff\u00ad]/g, "").replace(/[\u00a0\u2000-\u200a\u202f\t]/g, " ");
    let lines = text.replaceAll("\u2212", "-").split("\n");
    if (lines.some(line => line.length > WIDEST && [...line].length > WIDEST)) {
      throw new ValueError("The line breaks of this print are lost. Paste it with its lines as they were printed.");
    }
    for (const prefix of ["^ *#+[>'] ?", "^ *#+ ?", "^ *> ?"]) {
      if (_most(prefix, lines)) lines = lines.map(line => sub(prefix, "", line));
    }
    if (_most("^\\s*\\|.*\\|\\s*$", lines)) { // a table in Markdown
      lines = lines.map(line => sub(" \\| ", "  ", sub("^\\s*\\||\\|\\s*$", "", line)));
      lines = lines.filter(line => !has("^[\\s:|-]+$", line));
    }
    if (lines.length > 6 && !zip(lines, lines.slice(1)).some(([a, b]) => strip(a) && strip(b))) {
      lines = lines.filter(strip); // there was an empty line after each line
    }
    const parts = [];
    for (let line of lines) {
      line = without_last_spaces(sub("^\\s*(?:Out ?\\[\\d+\\]:|#+[>'](?= |$))", "", line));
      const last = parts.at(-1);
      if (has(data("patterns").calls.line, line)) {
        if (last && last[0] && has("^\\s*(?:\\+ |\\.\\.\\. )", line)) {
          last[1] += ` ${sub("^\\s*(?:\\+ |\\.\\.\\. )", "", line)}`;
        } else parts.push([true, line]);
      } else if (!has("^\\s*(?:# |#$|```)", line) && (line || !last || last[0] || last[1])) {
        parts.push([false, line]); // of several empty lines only one
      }
    }
    const margins = parts.filter(([called, x]) => strip(x) && !called).map(([, x]) => x.length - sub("^\\s+", "", x).length);
    const margin = margins.reduce((least, one) => Math.min(least, one), margins[0] ?? 0);
    const kept = [], calls = [], given = new Map();
    parts.forEach(([called, line], k) => {
      if (!called) {
        kept.push(line.slice(margin));
        return;
      }
      const [kind, headings] = command(line, given);
      calls.push([kept.length, kind]);
      const following = parts.slice(k + 1, k + 3).filter(([also_called, x]) => x || also_called).map(([, x]) => x);
      if (following.length && !parts[k + 1][0] && (has("^\\$(?:zi|disp)\\b", headings.slice(0, 1).join("")) || !has("^\\s*\\$", following[0]))) {
        kept.push(...headings);
      }
    });
    if (calls.length && !kept.some(line => line)) {
      throw new ValueError("The text has nothing but commands. Paste what the program printed, with its lines as they were printed.");
    }
    return [kept, calls];
  }

  // Return what a command prints, "ranef", "coef" or "fixef", and the headings that it prints them without.
  // What computes anything else from them is "changed", and a command with none of them is "". In `given` are the names
  // that commands before it have given.
  function command(call, given) {
    const patterns = data("patterns").calls;
    call = strip(sub("\\s#[^\"']*$", "", sub(patterns.prompt, "", call)));
    const gives = has(patterns.given, call), begins = has("^[\\w.]+", call);
    if (gives) {
      given.set(gives[1], has(patterns.named, gives[2]) ? gives[2] : gives[1]);
      return ["", []];
    }
    if (begins && given.has(begins[0])) call = given.get(begins[0]) + call.slice(begins[0].length);
    if (!has(patterns.named, call)) return ["", []];
    const piped = has(patterns.piped, call), begun = has(patterns.begun, call);
    if (piped) return [piped[1], []];
    let depth = 1, end = begun ? begun[0].length : call.length;
    while (end < call.length && depth) {
      depth += (call[end] === "(") - (call[end] === ")");
      end += 1;
    }
    const ended = has(patterns.ended, call.slice(end));
    if (!begun || depth || !ended || has(patterns.inside, call.slice(begun[0].length, end))) return ["changed", []];
    let names = find_all('[^$`\\[\\]"]+', ended[1]);
    names = names[0] === "cond" ? names.slice(1) : names;
    const headings = names.length ? [`$${names.join("$")}`] : [];
    return [begun[1], [...headings, ...(ended[2] ? [`, , ${ended[2]}`] : [])]];
  }

  function _most(prefix, lines) {
    const filled = lines.filter(strip);
    return filled.filter(line => has(prefix, line)).length > MOST * filled.length;
  }

  // Return the program that made the print; refuse what is not a print of a known one.
  function find_program(lines) {
    const text = lines.join("\n"), patterns = data("patterns");
    const filled = lines.filter(strip);
    if (!filled.length) throw new ValueError("The text is empty. Paste what the program printed.");
    const signed = patterns.programs.filter(p => p.signs.some(sign => find(sign, text)));
    const certain = signed.filter(p => find(p.signs[0], text) && p.name !== "R").map(p => p.name);
    let other = patterns.other.find(([pattern]) => find(pattern, text))?.[1];
    const beside = patterns.beside.find(([pattern]) => find(pattern, text))?.[1];
    if (other || (beside && !certain.length)) {
      other = other || beside;
      throw new ValueError(`This is ${other}, which is not read here. Read are prints of ${NAMES}.`);
    }
    if (certain.length > 1) {
      throw new ValueError(`The text has prints of ${certain[0]} and ${certain[1]}. Paste one print at a time.`);
    }
    const separated = filled.filter(x => find_all("[,;]", x).length > 2 && !has("\\S\\s{2,}\\S", x));
    if (separated.length > filled.length / 2) {
      throw new ValueError("This is a file of separated values, not a print. Paste what the program printed.");
    }
    const between = filled.map(line => line.split(regex("(?:^|\\s)-?\\d+[.,]\\d\\S*", "", true)).slice(1, -1)); // what is between decimal numbers
    if (filled.length < 4 && between.some(x => x.length > 7 || has("[A-Za-z$]", x.join("")))) {
      throw new ValueError("The line breaks of this print are lost. Paste it with its lines as they were printed.");
    }
    if (!signed.length) {
      throw new ValueError(
        "This is not a print that is known here, or its headings are missing. " +
        `Read are prints of ${NAMES}, in English.`,
      );
    }
    const program = signed.find(p => certain.includes(p.name)) ?? signed[0];
    const formulas = lines.filter(line => program.formula && has(program.formula, line));
    if (formulas.length > 1) {
      throw new ValueError(`The text has prints of ${formulas.length} models. Paste one print at a time.`);
    }
    if (["ArviZ", "Stan"].includes(program.name)) { // which print the names that other programs give
      for (const [pattern, name, rules] of patterns.named) {
        if (find(pattern, text)) {
          const blocks = program.blocks.map(block => ({...block, rules}));
          return {...program, name, notes: [name], blocks};
        }
      }
    }
    return program;
  }

  // Say whether a word of a row is a number or stands for a missing one.
  function numeric(token) {
    const patterns = data("patterns");
    return Boolean(has(patterns.number, token) || has(patterns.empty, token));
  }

  // Return a printed number, or null.
  const value = token => (has(data("patterns").number, token) ? Number(token.replaceAll(",", ".")) : null);

  // Return between which numbers a printed number was before it was rounded.
  function bounds(token) {
    const [digits, , power] = partition(token.replaceAll(",", ".").toLowerCase(), "e");
    const half = 0.5 * Number(`1e${Number(power || 0) - partition(digits, ".")[2].length}`);
    return [value(token) - half, value(token) + half];
  }

  // Return the words of a row without the stars of significance.
  function words(line) {
    line = sub("\\s(?:\\*{1,3}|\\.)\\s*$", "", line);
    return split_words(sub("<\\s+(?=[\\d.])", "<", line));
  }

  // Return the words of a row, those before its last numbers and the numbers.
  function numbers(line) {
    const tokens = words(line);
    let count = 0;
    while (count < tokens.length - 1 && numeric(tokens[tokens.length - 1 - count])) count += 1;
    return [tokens.slice(0, tokens.length - count), tokens.slice(tokens.length - count)];
  }

  // Return the names of the columns in a heading.
  const columns = line => find_all(data("patterns").column, strip(line)).filter(c => c !== "Type");

  // Join words as a sentence does.
  const listed = words => (words.length > 1 ? [words.slice(0, -1).join(", "), words[words.length - 1]] : words).join(" and ");

  // Put values in place of {keys}; what has no value stays as it is.
  const fill = (template, values) =>
    sub("\\{(\\w+)\\}", (whole, key) => (Object.hasOwn(values, key) ? String(values[key] ?? "None") : whole), template);

  // --- formula.py: a printed formula: its outcome, its variables, its intercept, and which of them a row's name is made of

  const SIGNS = "+*:/-";
  const BRACKETS = 200; // at most in a formula

  // Split at signs that are in no brackets.
  function split(text, signs) {
    const parts = [""];
    let depth = 0;
    for (const letter of text) {
      depth += "([".includes(letter) - ")]".includes(letter);
      if (depth === 0 && signs.includes(letter)) parts.push("");
      else parts[parts.length - 1] += letter;
    }
    return parts;
  }

  // Take off brackets around a whole text.
  function unwrapped(text) {
    text = strip(text);
    let depth = 0;
    for (let i = 0; i < text.length; i += 1) {
      depth += (text[i] === "(") - (text[i] === ")");
      if (depth === 0) return text[0] === "(" && i === text.length - 1 ? unwrapped(text.slice(1, -1)) : text;
    }
    return text;
  }

  // What the lines of a formula tell; `known` is false if there is none or if it is cut.
  class Formula {
    constructor(lines, pattern) {
      [this.known, this.y, this.intercept] = [false, "", null];
      [this.atoms, this.slopes, this.groups, this.offsets, this.prefixes] = [[], [], [], [], []];
      const start = lines.findIndex(line => pattern && has(pattern, line));
      if (start < 0) return;
      const parts = [has(pattern, lines[start])[1]];
      for (const line of lines.slice(start + 1)) {
        if (!strip(line) || has("^\\s*[A-Za-z][\\w .-]*:(?:\\s|$)", line)) break;
        const second = has("^\\s*(\\w+) ~", line);
        if (second && parts.join(" ").includes("~")) this.prefixes.push(second[1]); // a formula for a second parameter
        else if (!this.prefixes.length) parts.push(line);
      }
      const [left, tilde, right] = partition(parts.join(" "), "~");
      const closed = count(right, ")");
      this.known = Boolean(tilde && strip(right) && count(right, "(") === closed && closed < BRACKETS);
      if (!this.known) return;
      const y = strip(partition(left, "|")[0]);
      this.y = [...y].length < 30 && !has("cbind|,", y) ? y : "";
      this._read(right);
    }

    _read(right) {
      let common = [];
      for (const term of split(right, "+")) {
        const inner = unwrapped(term);
        if (!inner.includes("|") || inner.startsWith("I(")) common.push(strip(term));
        else {
          const parts = split(inner, "+").every(part => part.includes("|")) ? split(inner, "+") : [inner];
          this.groups.push(...parts.map(part => sub("^[a-z]\\w*\\(", "", unwrapped(part)))); // as in ar1(x | g)
        }
      }
      const bare = plain(common.join("+"));
      this.intercept = !has("(?:^|\\+)0(?:\\+|$)|-1(?:\\+|-|$)", bare);
      this.offsets = common.filter(term => term.startsWith("offset("));
      this.atoms = this._variables(common.filter(term => !this.offsets.includes(term)));
      this.intercept = this.intercept || this.atoms.includes("Intercept"); // brms: 0 + Intercept
      this.slopes = this._variables(this.groups.map(group => partition(group, "|")[0]));
    }

    _variables(terms) {
      const found = [];
      for (const term of terms) {
        for (const atom of split(term, SIGNS)) {
          const inner = unwrapped(atom);
          found.push(...(inner !== strip(atom) ? this._variables([inner]) : [plain(atom)]));
        }
      }
      return unique(found).filter(atom => !["", "0", "1"].includes(atom));
    }

    // Return the variable that a name begins with and the rest; null if none, "" if several might be.
    explain(name, slopes = false) {
      name = sub("[\\s`]", "", name);
      const atoms = [...this.atoms, ...(slopes ? this.slopes : [])];
      for (const spelled of [s => s.replace(/^`+|`+$/g, ""), s => sub("[^\\w.]", "", s.replaceAll("^", "E"))]) {
        const found = unique(atoms).filter(a => spelled(a) && spelled(name).startsWith(spelled(a)));
        const exact = found.filter(a => spelled(a) === spelled(name));
        if (exact.length || found.length === 1) {
          const atom = (exact.length ? exact : found)[0];
          return [atom, spelled(name).slice(spelled(atom).length)];
        }
        if (found.length) return ["", ""];
      }
      return null;
    }

    // Say whether a term is made of the formula's variables.
    made_of(name) {
      return name.split(":").every(part => has("^\\(?Intercept\\)?$", part) || this.explain(part, true));
    }
  }

  // --- tables.py: the tables of a print: a list of rows, each with its table's heading, its numbers, and why it is not read

  const R_HAT_CEILING = 1.01, ESS_FLOOR = 400; // lesson 01
  const DECIMAL = "^[-+]?\\d+[.,]\\d+(?:[eE][-+]?\\d+)?$";
  const SECOND = "^\\$(?:zi|disp)(?=\\$|$)"; // glmmTMB's tables for a second formula

  // Go through the lines once: `rows` has the rows, `sick` what diagnostics are out of bounds, `levels` the printed
  // number of groups, and `shown` by what is printed after one command, of ranef() and coef(), what it shows itself to be.
  class Tables {
    constructor(program, lines, calls) {
      [this.program, this.lines, this.patterns] = [program, lines, data("patterns")];
      [this.rows, this.sick, this.levels, this.block, this.skipped] = [[], {}, new Map(), null, ""];
      [this.shown, this.titles, this.gap] = [[new Set()], new Set(), true];
      const called = new Map(calls); // of several commands in a row only the last has printed
      lines.forEach((line, number) => {
        if (called.has(number)) {
          this.block = null;
          this._next(new Set(called.get(number) ? [called.get(number)] : []));
        }
        if (line) this._take(line, lines.slice(number + 1, number + 3).find(x => x) ?? "");
        else if (this.block && this.block.names.size && this.block.kind !== "groups") this._close();
        this.gap = !line;
      });
    }

    _next(shown) {
      this.shown.push(shown);
      this.titles = new Set();
    }

    _close() {
      if (this.block && !["skip", "vector"].includes(this.block.kind)) this.block.kind = "closed";
    }

    // Take a line as a heading, as an end or as a row.
    _take(line, following) {
      const block = this.block, outside = block === null || block.kind === "closed";
      for (const [kind, tail] of Object.entries(this.patterns.tails)) if (has(tail, line)) this.shown.at(-1).add(kind);
      if (has(this.patterns.levels, line)) {
        for (const [, group, n, of_brms, m] of line.matchAll(compiled(this.patterns.level, "g"))) {
          this.levels.set(group || of_brms, Number(n || m));
        }
      }
      for (const start of this.program.blocks) {
        const found = has(start.start, line);
        if (!found || (start.kind.startsWith("bare") && block)) continue;
        if (start.kind === "heads" && block && block.kind === "rows" && !block.columns.length) continue;
        this._start(start, found, line, following);
        return;
      }
      if (this.patterns.beside.some(([pattern]) => has(pattern, line)) || this._joined(line)) {
        this.block = this._new("unknown", "", "");
      } else if (has(this.patterns.message, line) || (this.program.end && has(this.program.end, line))) this._close();
      else if ((outside || (block.kind === "skip" && this.gap)) && has(this.patterns.frame, line)) {
        this.block = this._new("frame", "", "");
      } else if (outside) this._stray(line);
      else if (block.kind !== "skip") this[`_in_${block.kind}`](block, line);
    }

    _new(kind, title, rules) {
      return {kind, title, rules, columns: [], names: new Set(), group: "", above: [], again: false};
    }

    _start(start, found, line, following) {
      let kind = start.kind;
      const part = found.length > 1 ? found[1] : "";
      let title = start.title.replaceAll("$1", () => part || "").replaceAll("$table", () => this.skipped);
      if (kind === "line") {
        this._add(title, strip(part), [found[2]], {rules: start.rules, kind: "line"});
        return;
      }
      if (kind === "page") { // one of several under the same heading
        const inside = this.block !== null && this.block.kind === "groups";
        title = inside ? `${this.block.title.split(", ")[0]}, ${title}` : "";
        kind = inside ? "groups" : "unknown";
      } else if (kind === "groups") {
        const second = this.block ? has(SECOND, this.block.title) : null;
        title = second && title !== "$cond" && !has(SECOND, title) ? second[0] + title : title;
        if (this.titles.has(title)) this._next(new Set()); // another print begins
        this.titles.add(title);
      } else if (kind === "skip") this.skipped = part;
      else if (kind === "either") {
        kind = has("^\\s*Groups\\s+Name\\b", following) ? "random" : "vector";
        kind = kind === "vector" && has(this.patterns.header, following) ? "rows" : kind;
      }
      this.block = this._new(kind, title, start.rules);
      if (["heads", "bare", "bare random", "bare vector"].includes(kind)) {
        this.block.kind = {"bare random": "random", "bare vector": "vector"}[kind] ?? "rows";
        this.block.columns = kind !== "bare vector" ? columns(line) : split_words(line);
      }
    }

    // Say whether a line has a table's heading and more, as when line breaks are lost.
    _joined(line) {
      const heads = this.program.blocks.filter(b => b.start.endsWith(":\\s*$")).map(b => without_end(b.start, ":\\s*$"));
      return heads.some(head => has(`${head.replace("^", () => "(?:^|\\s)")}:\\s+\\S`, line));
    }

    _add(title, name, values, {rules = "", kind = "rows", heads = [], why = "", ...more} = {}) {
      this.rows.push({row: name, block: title, values, rules, kind, columns: [...heads], why, ...more});
    }

    // Take a line that is in no table, if it looks like a row.
    _stray(line) {
      const [before, after] = numbers(line);
      const name = before.join(" ");
      const decimals = after.filter(x => has(DECIMAL, x));
      if (decimals.length < 2 || !has("^[A-Za-z(]", name) || has(this.patterns.text, line)) return;
      if (!(this.block && this.block.names.has(name))) this._add("", name, [], {why: "heading"});
    }

    _in_frame(block, line) {
      const [before, after] = numbers(line);
      const name = before.join(" ") || after.shift();
      if (after.some(x => has(DECIMAL, x))) {
        this._add("", name, [], {why: "ranef or coef"});
        block.names.add(name);
      } else this._close();
    }

    _in_unknown(block, line) {
      const tokens = words(line);
      const decimals = tokens.filter(x => has("\\d[.,]\\d", x) && numeric(x));
      if (decimals.length > 1 && !numeric(tokens[0])) this._add(block.title, tokens[0], [], {why: "block"});
    }

    // Return a row's name and its values; the values are null if the line is not a row of this table.
    _row(block, line) {
      const [before, after] = numbers(line), tokens = [...before, ...after];
      let n = block.columns.length;
      if (block.rules.startsWith("statsmodels") && has(" (?:Var|Cov|[MV])$", before.join(" "))) {
        n = Math.min(after.length, n) || n; // these rows have empty cells
      }
      const name = (after.length >= n ? tokens.slice(0, tokens.length - n) : before).join(" ");
      let odd = has("[-=_]{4}", name) || count(name, "(") !== count(name, ")");
      odd = odd || split_words(name).slice(1).some(word => has(DECIMAL, word));
      return [name, after.length >= n && n > 0 && name && !odd ? tokens.slice(tokens.length - n) : null];
    }

    // Take a line as the names of the columns, if it is one.
    _heading(block, line) {
      if (split_words(line).some(x => numeric(x) && x !== "...")) return false;
      if (block.kind === "rows" && !has(this.patterns.header, line)) return false;
      block.again = Boolean(block.columns.length);
      block.columns = columns(line);
      return true;
    }

    _in_rows(block, line, diagnostics = false) {
      if (this._heading(block, line) || !has("[^\\s=_-]", line)) return;
      const [name, values] = this._row(block, line);
      const repeated = block.again && block.names.has(name); // the columns of a wide table, continued
      if (!diagnostics && !repeated) {
        let why = values === null ? "numbers" : block.again ? "twice" : "";
        why = block.columns.length ? why : "heading";
        if (has("\\d", line) || (block.columns.length && !line.startsWith(" "))) {
          this._add(block.title, name, values ?? [], {rules: block.rules, heads: block.columns, why});
          block.names.add(name);
        }
      }
      for (const [column, shown] of zip(block.columns, values ?? [])) {
        const number = value(shown);
        const sick = {r_hat: number !== null && number > R_HAT_CEILING, ess: number !== null && number < ESS_FLOOR};
        for (const key of Object.keys(sick)) {
          if (sick[key] && has(this.patterns[key], column)) (this.sick[key] ??= []).push([name, shown]);
        }
      }
    }

    _in_diagnostics(block, line) {
      this._in_rows(block, line, true);
    }

    // Take a row of ranef() or coef(): a group and its numbers.
    _in_groups(block, line) {
      if (has("^(?:with conditional|attr|\\[\\d+\\])", line)) return;
      if (!split_words(line).some(numeric)) {
        this._heading(block, line);
        return;
      }
      const [name, values] = this._row(block, line);
      if (block.again && block.names.has(name)) return;
      const page = block.title.includes(", ");
      let strange = block.columns.some(c => has("^(?:Std\\. ?Error|[tz] value|Pr|mean|sd|Variance)", c));
      strange = strange || block.columns.includes("Estimate") !== page;
      let why = values === null ? "numbers" : strange ? "column" : block.again ? "twice" : "";
      why = block.title.startsWith("$disp$") ? "distributional" : why;
      this._add(block.title, name, values ?? [], {kind: "groups", heads: block.columns, why, print: this.shown.length - 1});
      block.names.add(name);
    }

    // Take names on one line and their numbers on the next, or else rows of groups under these names.
    _in_vector(block, line) {
      const tokens = split_words(line), n = block.columns.length;
      if (!tokens.some(numeric)) {
        block.columns = tokens;
        return;
      }
      const bare = block.title === "fixef" && !block.names.size;
      if (bare && tokens.length > n && n > 0 && tokens.slice(-n).every(numeric) && !has(DECIMAL, tokens[0])) {
        this.block = this._new("groups", "", "groups");
        this.block.columns = block.columns;
        this._in_groups(this.block, line);
        return;
      }
      if (!tokens.every(numeric)) block.columns = [];
      const decimals = unique(tokens.map(x => partition(x.replaceAll(",", "."), ".")[2].length)); // R prints as many of each number
      const fits = tokens.length === block.columns.length && decimals.length === 1;
      for (const [name, shown] of zip(block.columns, tokens)) {
        this._add(block.title, name, [shown], {rules: block.rules, why: fits ? "" : "numbers", print: this.shown.length - 1});
        block.names.add(name);
      }
      block.columns = [];
    }

    // Take a row of lme4's kind: a group, or nothing where it is that of the row above, a term, numbers.
    _in_random(block, line) {
      if (has("^\\s*Groups\\s+Name\\b", line)) {
        block.columns = columns(line);
        return;
      }
      let [before, after] = numbers(line);
      if (!after.length || has(this.patterns.text, line)) return;
      const kinds = block.columns.filter(c => c === "Variance" || c === "Std.Dev.");
      let group = block.group;
      if (before.length === 1 && before[0] === "Residual") group = "";
      else if (before.length > 1 && count(before[0], "(") === count(before[0], ")")) {
        [group, ...before] = before;
        [block.group, block.above] = [group, []];
      }
      const name = before.join(" "), extra = after.slice(kinds.length);
      const places = block.columns.includes("Corr") && name !== "Residual" ? block.above.length : 0;
      const correlations = extra.map(value);
      const parts = Object.fromEntries(zip(kinds, after));
      const odd = [
        after.length < kinds.length || extra.length > places || after.map(value).includes(null),
        correlations.some(c => c === null || Math.abs(c) > 1),
        !(group || name === "Residual") || has("[:,.]$", group) || count(name, "(") !== count(name, ")"),
      ];
      let why = !kinds.length ? "heading" : odd.some(Boolean) || has("(?:^|\\s)-?\\d+\\.\\d", name) ? "numbers" : "";
      if (!why && kinds.length === 2) {
        const [low, high] = bounds(parts["Std.Dev."]);
        const [least, most] = bounds(parts["Variance"]);
        why = Math.max(low, 0) * Math.max(low, 0) <= most && least <= high * high ? "" : "square";
      }
      const title = group ? `${block.title}, ${group}` : block.title;
      this._add(title, name, after, {rules: "random", kind: "random", heads: block.columns, why,
                                     group, parts, extra, above: block.above.slice(0, extra.length)});
      block.above.push(name);
      block.names.add(name);
    }
  }

  // Return the family and the link that a print states, or empty words.
  function family_and_link(program, text) {
    for (const [pattern, family, link] of program.scale) {
      const found = find(pattern, text);
      if (found) return [family, link].map(x => sub("\\$(\\d)", (_, k) => found[k], x));
    }
    return ["", ""];
  }

  // --- roles.py: the role of each row of a print and its sentence

  const NAMED = 8; // rows that a sentence names at most
  const MANY = 5; // entries of a name, at least, before their mean is compared with anything
  const NEAR = 1.1, FAR = 1.5; // times the population sd
  const NO_SCALE = ["noise", "dispersion", "correlation", "covariance", "computed", "cannot tell", "standardised"];
  const ASKED = 3; // questions at most

  // One print: its rows with their roles, and what is said above them.
  class Print {
    constructor(program, lines, calls) {
      [this.program, this.lines, this.calls, this.patterns] = [program, lines, calls, data("patterns")];
      [this.text, this.said] = [lines.join("\n"), data("sentences")];
      this.tables = new Tables(program, lines, calls);
      this.fitting = new Set(); // ranef or coef, if only the numbers tell
      this.rows = this.tables.rows;
      this.formula = new Formula(lines, program.formula);
      if (find(this.patterns.grouped, this.text) && !this.formula.groups.length) this.formula.known = false; // it is cut
      [this.family, this.link] = family_and_link(program, this.text);
      const known = has(this.patterns.families.mean, this.family.toLowerCase());
      this.link = known && this.patterns.links.includes(this.link) ? this.link : "";
      const families = this.patterns.families; // where the sum is not about the expected outcome:
      this.part = Boolean(has(families.part, this.family.toLowerCase()) || find(families.two, this.text));
      this.y = this.formula.y || (find(program.y ?? "(?!)", this.text)?.[1] ?? "");
      const seen = this.rows.filter(row => row.kind === "rows" && !row.why).map(row => row.row);
      const shape = "^(?:b_)?\\(?Intercept\\)?(?: M)?(?:\\[|$)|^threshold\\[|^\\d+\\|\\d+$";
      this.intercept = seen.some(name => has(shape, name)) ? true : null;
      this.intercept = this.formula.known ? this.formula.intercept : this.intercept;
      this.mixed = this.rows.some(row => row.block !== "fixef");
      const blocks = new Map();
      for (const row of this.rows) {
        if (!blocks.has(row.block)) blocks.set(row.block, []);
        blocks.get(row.block).push(row);
      }
      for (const rows of blocks.values()) this._tell(rows);
      this.ordinal = this.rows.some(row => row.role === "cut-point");
      const first = new Map();
      for (const row of this.rows) {
        const why = JSON.stringify([row.block, row.key, row.key === "own entry" ? row.fill[1] : ""]);
        if (row.role === "cannot tell" && !first.has(why)) first.set(why, row.row);
        row.like = row.role === "cannot tell" ? first.get(why) : row.row;
        row.sentence = this._sentence(row);
        const link = row.key.startsWith("zero ") || row.block.startsWith("$zi$") ? "logit" : this.link;
        const squared = row.role === "population variance" ? ", squared" : "";
        row.scale = NO_SCALE.includes(row.role) || !link ? null : link + squared;
      }
    }

    // Give the rows of one table their roles.
    _tell(rows) {
      const formula = this.formula, names = rows.filter(row => !row.why).map(row => row.row);
      this.prefixes = [
        ...formula.prefixes,
        ...names.filter(x => x.endsWith("_Intercept")).map(x => without_end(x, "_Intercept")),
      ];
      this.suffixes = new Map();
      for (const name of formula.known ? names : []) {
        const [x, rest] = (!name.includes(":") ? formula.explain(name) : null) ?? ["", ""];
        if (x && rest && this._is_factor(x)) {
          if (!this.suffixes.has(x)) this.suffixes.set(x, new Set());
          this.suffixes.get(x).add(rest);
        }
      }
      this.counted = [...this.suffixes].filter(([, rests]) => [...rests].every((_, k) => rests.has(String(k + 1)))).map(([x]) => x);
      this.full = formula.atoms.find(x => this.suffixes.has(x)) ?? null; // the factor with all its levels
      const draws = names.some(name => name.startsWith("b_")); // of brms, which print like its fixef()
      const products = new Map();
      for (const name of names) {
        for (const part of unique(name.includes(":") ? name.split(":") : [])) {
          if (!products.has(part)) products.set(part, []);
          products.get(part).push(name);
        }
      }
      for (const row of rows) {
        row.rules = draws && row.rules === "brms draws" ? "brms named" : row.rules;
        [row.role, row.key, row.fill] = this._role(row);
        row.products = products.get(row.row) ?? [];
      }
    }

    _is_factor(atom) {
      return !atom.includes("(") || Boolean(has(this.patterns.contrasts.factor, atom));
    }

    // Return a row's role, the key of its sentence, and what to fill in.
    _role(row) {
      let said = {row: row.row, first: row.values.length ? row.values[0] : ""};
      if (row.why) return ["cannot tell", row.why, said];
      if (row.block === "fixef" && "print" in row && !this.tables.shown[row.print].has("fixef")) {
        if (this.mixed) return ["cannot tell", "heading", said]; // it may be of any part of the model
      }
      if (row.kind === "random") return this._random(row, said);
      if (row.kind === "groups") return this._groups(row, said);
      if (row.kind === "line") return [row.rules.startsWith("noise") ? "noise" : "dispersion", row.rules, said];
      const rules = this.patterns.rules[row.rules].filter(rule => rule.length < 4 || has(rule[3], this.family));
      const rule = rules.find(rule => has(rule[0], row.row));
      if (rule === undefined) return ["cannot tell", "not known", said];
      if (row.rules === "Bambi" && this.prefixes.some(x => row.row.startsWith(`${x}_`))) {
        return ["cannot tell", "distributional", said];
      }
      const [found, role] = [has(rule[0], row.row), rule[1]];
      let key = rule[2];
      if (row.rules === "statsmodels Bayes") row.row = said.row = sub(" [MV]$", "", row.row);
      found.slice(1).forEach((part, i) => { said[i + 1] = part ?? null; });
      said = {...said, x: said[1] ?? "", level: said[2] ?? "", group: partition(row.block, "~")[2]};
      if (role === "effect" || role === "strict effect") return this._effect(sub("^b_", "", row.row), role, said);
      if (role === "bracket") return this._bracket(said);
      if (key === "brms sd slope" && this.formula.known && !this.formula.made_of(said[1])) {
        return ["cannot tell", "unnamed", said];
      }
      if (key === "intercept" && this.formula.known && !this.formula.atoms.length) key = "intercept alone";
      return [role, key, said];
    }

    // Tell Python's name[level], which is a level only if there is no intercept.
    _bracket(said) {
      if (this.program.name === "statsmodels") {
        return this.intercept === null ? ["level", "level", said] : ["cannot tell", "not known", said];
      }
      if (this.intercept) return ["common effect", "effect Bambi level", said];
      return ["cannot tell", "bracket", said];
    }

    // Tell a common effect of a program that names it as R does, from a variable and a level.
    _effect(name, role, said) {
      const formula = this.formula, parts = name.split(":"), contrasts = this.patterns.contrasts;
      if (has(this.patterns.distributional, name) || this.prefixes.some(x => name.startsWith(`${x}_`))) {
        return ["cannot tell", "distributional", said];
      }
      if (formula.known && !parts.every(part => formula.explain(part)) && !formula.atoms.includes(".")) {
        return ["cannot tell", "unnamed", said];
      }
      if (this.intercept === null || (role === "strict effect" && !formula.known)) {
        return ["cannot tell", "no formula", said];
      }
      if (parts.length > 1) {
        return this.intercept ? ["common effect", "interaction", said] : ["cannot tell", "coding", said];
      }
      const [x, rest] = (formula.known ? formula.explain(name) : null) ?? ["", ""];
      said = {...said, x, level: rest};
      if (!x) {
        return this.intercept ? ["common effect", "effect unknown", said] : ["cannot tell", "ambiguous", said];
      }
      if (has(this.patterns.contrasts.special, x)) return ["cannot tell", "special", said];
      if (!this._is_factor(x)) return ["common effect", rest ? "effect column" : "effect number", said];
      if (!rest) return ["common effect", "effect number", said];
      if (!this.intercept && x === this.full) return ["level", "level", said];
      if (has(contrasts.polynomial, rest)) return ["common effect", "effect polynomial", said];
      return ["common effect", this.counted.includes(x) ? "effect digits" : "effect level", said];
    }

    _random(row, said) {
      const parts = row.parts;
      said = {...said, group: row.group, sd: parts["Std.Dev."] ?? "", variance: parts["Variance"] ?? ""};
      said = {...said, correlations: listed(row.extra), above: listed(row.above)};
      if (row.block.startsWith("Zero-inflation")) {
        return said.sd ? ["population sd", "zero sd", said] : ["cannot tell", "distributional", said];
      }
      if (!row.group) {
        if (this.family !== "gaussian") {
          return this.family ? ["dispersion", "dispersion", said] : ["noise", "noise unknown", said];
        }
        return ["noise", Object.keys(parts).length === 2 ? "noise both" : said.sd ? "noise" : "noise variance", said];
      }
      if (this.formula.groups.length && !this.formula.made_of(row.row)) return ["cannot tell", "unnamed", said];
      if (!said.sd) return ["population variance", "random variance", said];
      return ["population sd", row.row === "(Intercept)" ? "random sd intercept" : "random sd", said];
    }

    // Tell a row of ranef() or coef(), if anything in the text tells which of them.
    _groups(row, said) {
      const [group, , page] = partition(without_start(row.block, "$"), ", ");
      const names = page ? [page] : row.columns, shown = zip(names, row.values).map(([c, v]) => `${v} for ${c}`);
      const own = without_ends(without_start(group, "zi$"), "`") || "its grouping factor";
      said = {...said, values: listed(shown), group: own, names: listed(names)};
      said = {...said, constant: listed(this._constant.get(row.print).get(row.block)), is: shown.length === 1 ? "is" : "are", s: shown.length === 1 ? "" : "s"};
      const accessors = this._accessors[row.print];
      if (accessors.size === 1 && accessors.has("ranef")) return ["deviation", "ranef", said];
      if (accessors.size === 1 && accessors.has("coef")) return ["level already summed", "coef", said];
      return ["cannot tell", "ranef or coef", said];
    }

    // Return for each print which of ranef() and coef() it shows itself to be: by its command, by what it prints last,
    // by a column, by its program or by its numbers.
    get _accessors() {
      if (this._accessors_found) return this._accessors_found;
      let found = this.tables.shown.map(shown => new Set(shown));
      for (const [number, tables] of this._constant) {
        for (const [block, same] of tables) if (same.length && block) found[number].add("coef");
      }
      if (this.program.name === "ordinal") found = found.map(shown => (shown.size ? shown : new Set(["ranef"]))); // its coef() prints no such table
      const fitting = new Map();
      for (const [number, kind] of this._spreads()) {
        if (found[number].size) continue;
        if (!fitting.has(number)) fitting.set(number, new Set());
        fitting.get(number).add(kind);
      }
      for (const kinds of fitting.values()) if (kinds.size === 1) this.fitting.add([...kinds][0]);
      return (this._accessors_found = found.map((shown, number) => (shown.size ? shown : fitting.get(number) ?? new Set())));
    }

    // Return the rows of ranef() and coef() by their print and their table.
    get _printed() {
      if (this._printed_found) return this._printed_found;
      const tables = new Map();
      for (const row of this.rows.filter(one => one.kind === "groups")) {
        if (!tables.has(row.print)) tables.set(row.print, new Map());
        const own = tables.get(row.print);
        if (!own.has(row.block)) own.set(row.block, []);
        own.get(row.block).push(row);
      }
      return (this._printed_found = tables);
    }

    // Return, by print and table, the columns with the same number in each row, which deviations never have.
    get _constant() {
      if (this._constant_found) return this._constant_found;
      const found = new Map();
      for (const [number, tables] of this._printed) {
        found.set(number, new Map());
        for (const [block, every] of tables) {
          const rows = every.filter(row => !row.why), page = partition(block, ", ")[2];
          const names = page ? [page] : rows.length ? rows[0].columns : [];
          const same = rows.length > 3 ? names.filter(
            (name, k) => unique(rows.map(row => row.values[k])).length === 1 && value(rows[0].values[k])
          ) : [];
          found.get(number).set(block, same);
        }
      }
      return (this._constant_found = found);
    }

    // Return for each column of groups its print and which of ranef() and coef() its numbers fit, if only one.
    // About their centre, 0 or the common effect, the root mean square of all groups' terms is at most about the
    // population sd. So it has to be below NEAR times the printed sd about one centre, and above FAR times the sd
    // about the other one.
    _spreads() {
      const common = new Map(), sds = new Map(), found = [], place = (group, name) => JSON.stringify([group, name]);
      for (const row of this.rows) {
        const name = row.row, of_group = row.block.includes("~") ? has("^sd\\((.+)\\)$", name) : null;
        if (row.why || row.block.startsWith("Zero-inflation")) continue;
        if (row.kind === "random") sds.set(place(row.group, name), row.parts["Std.Dev."]);
        else if (of_group) sds.set(place(partition(row.block, "~")[2], of_group[1]), row.values[0]);
        else if (row.kind === "rows") common.set(name, row.values[0]);
      }
      for (const [number, tables] of this._printed) {
        for (const [block, rows] of tables) {
          let [group, , page] = partition(without_start(block, "$"), ", ");
          group = without_ends(group, "`");
          const whole = rows.length === this.tables.levels.get(group) && !rows.some(row => row.why);
          (page ? [page] : whole ? rows[0].columns : []).forEach((name, k) => {
            const sd = sds.get(place(group, name)), centre = common.get(name);
            if (whole && rows.length > 3 && sd && centre) found.push([number, _nearer(rows.map(row => row.values[k]), centre, sd)]);
          });
        }
      }
      return found.filter(([, kind]) => kind);
    }

    // Return for each print the number of its grouping factors.
    get _groupings() {
      this._groupings_found ??= new Map([...this._printed].map(
        ([number, tables]) => [number, unique([...tables.keys()].map(block => partition(block, ", ")[0].replace("$zi$", () => "$"))).length],
      ));
      return this._groupings_found;
    }

    // Return the entries and the scalars of a model's own names, but no scalar that is named like an sd.
    get _own() {
      if (this._own_found) return this._own_found;
      const entries = new Map(), scalars = new Map();
      for (const row of this.rows) {
        if (row.key === "own entry") {
          if (!entries.has(row.fill[1])) entries.set(row.fill[1], []);
          entries.get(row.fill[1]).push(row.values.slice(0, 2).map(value));
        } else if (row.key === "own scalar" && !has(this.patterns.spread, row.row)) {
          if (value(row.values[0]) !== null) scalars.set(row.row, row.values[0]);
        }
      }
      return (this._own_found = [entries, scalars]);
    }

    // Return a sentence if the entries of a name of the model's own average near one possible prior mean only.
    _evidence(row) {
      if (row.key !== "own entry" || row.columns[0] !== "mean" || row.columns[1] !== "sd") return [];
      const [entries, scalars] = this._own, name = row.fill[1], numbers = entries.get(name);
      if (numbers.length < MANY || numbers.some(pair => pair.includes(null))) return [];
      const n = numbers.length;
      let total = 0, squares = 0;
      for (const [mean, sd] of numbers) [total, squares] = [total + mean, squares + mean * mean + sd * sd];
      const mean = total / n, error = (squares / n - mean * mean) / n; // squared, of the mean of the entries
      const away = [...scalars].map(([c, x]) => [c, (mean - value(x)) * (mean - value(x))]);
      const near = away.filter(([, x]) => x <= error).map(([c]) => c), far = away.filter(([, x]) => x > 4 * error).map(([c]) => c);
      const said = this.said.evidence, fills = {name, far: listed(far.slice(0, 3))};
      if (mean * mean <= error && far.length && !near.length) return [fill(said.zero, fills)];
      if (mean * mean > 4 * error && near.length === 1) {
        return [fill(said.level, {...fills, near: near[0], value: scalars.get(near[0])})];
      }
      return [];
    }

    _sentence(row) {
      const said = this.said, key = row.key;
      const values = {...row.fill, y: this.y || "the outcome", outcome: this.y || "outcome"};
      values.on = fill(said.on[this.link], values);
      values.total = fill(said.total[this.part ? "" : this.link], values);
      values.cumulative = said.cumulative[this.link] ?? said.cumulative[""];
      values.zero = said.zero[this.family.startsWith("truncated") ? "truncated" : ""];
      if (row.role === "cannot tell") {
        if (row.like !== row.row) return fill(said.like, {...values, like: row.like});
        const told = fill(said["cannot tell"], {...values, why: fill(said.why[key], values)});
        return [told, ...this._evidence(row)].join(" ");
      }
      const keys = [key];
      if (key.startsWith("random sd")) {
        if (values.variance) keys.push("square");
        if (row.extra.length) keys.push(row.extra.length === 1 ? "random correlation" : "random correlations");
        if (has("\\.\\d+$", values.group)) keys.push("split");
      }
      if (key === "coef") {
        if (values.constant) keys.push("coef constant");
        if (this._groupings.get(row.print) > 1) keys.push("coef others");
      }
      if (row.block.startsWith("$zi$")) keys.push("zero groups");
      if (key.startsWith("effect") && row.kind === "rows") {
        values.products = listed(row.products);
        if (row.products.length) keys.push("elsewhere");
      }
      if (["common effect", "deviation"].includes(row.role) && this.ordinal) keys.push("subtracted");
      return keys.map(k => fill(said.rows[k], values)).join(" ");
    }

    // Return what the print shows of the health of the fit.
    health() {
      const said = this.said.health;
      const found = this.patterns.warnings.filter(([pattern]) => this.lines.some(line => has(pattern, line))).map(([, x]) => x);
      for (const [key, rows] of Object.entries(this.tables.sick)) {
        const worst = new Map(), sign = key === "r_hat" ? -1 : 1;
        for (const [name, shown] of [...rows].sort((a, b) => (value(a[1]) - value(b[1])) * sign)) {
          if (!worst.has(name)) worst.set(name, `${name} (${shown})`);
        }
        const named = [...worst.values()].slice(0, NAMED), others = worst.size - NAMED;
        if (others > 0) named.push(`${others} more ${others === 1 ? "row" : "rows"}`);
        found.push(fill(said[key], {names: listed(named)}));
      }
      for (const row of this.rows) {
        if (row.kind !== "random" || row.why || !row.group) continue;
        const ends = row.extra.filter(x => Math.abs(value(x)) > 0.995);
        found.push(...ends.map(x => fill(said.boundary, {name: row.block, value: x})));
        const sd = row.parts["Std.Dev."];
        if (sd !== undefined && value(sd) < 1e-4) found.push(fill(said.zero, {name: row.group, value: sd}));
      }
      return found;
    }

    // Return what the program means by its rows, and what is often misread.
    notes() {
      const notes = this.said.notes, roles = this.rows.map(row => row.role);
      const given = this.program.notes.flatMap(key => notes[key] ?? []);
      const found = given.filter(([when, , ...unless]) => roles.includes(when) && !unless.some(role => roles.includes(role))).map(([, x]) => x);
      if (["intercept", "common effect", "level", "cut-point", "deviation", "population sd"].some(role => roles.includes(role))) {
        const link = this.part && this.link === "log" ? "log, part" : this.link;
        if (Object.hasOwn(notes.link, link)) found.push(notes.link[link]);
      }
      if (this.formula.offsets.length) found.push(fill(notes.offset, {offset: listed(this.formula.offsets)}));
      const heads = unique(this.rows.flatMap(row => row.columns));
      found.push(...this.said.intervals.filter(([pattern]) => heads.some(column => has(pattern, column))).map(([, x]) => x));
      if (!this.part && Object.hasOwn(notes.middle, this.link) && ["population sd", "population variance", "deviation"].some(role => roles.includes(role))) {
        found.push(notes.middle[this.link]);
      }
      found.push(...[...this.fitting].sort().map(kind => notes["by numbers"][kind]));
      return unique(found);
    }

    // Return the few things that only the reader can answer, each with what follows.
    questions() {
      const keys = Object.fromEntries([...this.rows].reverse().map(row => [row.key, row.fill]));
      if (!this.link && this.rows.some(row => ["intercept", "level", "common effect"].includes(row.role))) {
        keys["no scale"] = {};
      }
      return this.said.questions.filter(([key]) => Object.hasOwn(keys, key)).map(([key, question]) => fill(question, keys[key])).slice(0, ASKED);
    }
  }

  // Return "ranef" if numbers spread around 0 by about a printed sd and not around a centre, "coef" if the reverse.
  function _nearer(shown, centre, sd) {
    const terms = shown.map(value), middle = value(centre);
    if ([...terms, middle, value(sd)].includes(null)) return "";
    const [low, high] = bounds(sd), least = Math.max(low, 0) * NEAR, most = high * FAR;
    const about = [0, 0];
    for (const term of terms) {
      about[0] += term * term;
      about[1] += (term - middle) * (term - middle);
    }
    const near = about.map(x => x <= terms.length * least * least), far = about.map(x => x > terms.length * most * most);
    return near[0] && far[1] ? "ranef" : near[1] && far[0] ? "coef" : "";
  }

  // --- reader.py

  const COLUMNS = ["row", "block", "role", "scale", "sentence"];

  // Say of each row of a printed table what it is, on which scale, and what to add to it.
  function read_printed(text) {
    const [lines, calls] = clean(text);
    const program = find_program(lines);
    const one = new Print(program, lines, calls);
    if (!one.rows.length) {
      throw new ValueError(
        `The text looks like a print of ${program.name}, but no row of its tables is left in it. ` +
        "Paste the whole print.",
      );
    }
    return {
      rows: one.rows.map(row => COLUMNS.map(column => row[column])),
      values: one.rows.map(row => row.values), // as printed, which Python's table does not show
      health: one.health(),
      notes: one.notes(),
      questions: one.questions(),
    };
  }

  Object.assign(printed, {read_printed, ValueError, examples: () => given.examples});
})();
