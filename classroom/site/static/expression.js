// Expressions over named arrays of draws, such as mean(expit(a_7 + b_RN)). They are parsed and never run as code.
"use strict";
(() => {
  class ExpressionError extends Error {}
  const fail = says => { throw new ExpressionError(says); };

  const mapped = f => x => (x.length === undefined ? f(x) : x.map(f));
  function both(f) {
    return (x, y) => {
      if (x.length === undefined) return mapped(b => f(x, b))(y);
      return y.length === undefined ? x.map(a => f(a, y)) : x.map((a, k) => f(a, y[k]));
    };
  }
  const array = x => (x.length === undefined ? [x] : x);
  const sorted = x => Float64Array.from(array(x)).sort();
  const mean = x => array(x).reduce((sum, one) => sum + one, 0) / array(x).length;
  const variance = x => { const m = mean(x); return mean(array(x).map(one => (one - m) ** 2)); };
  function quantile(x, q) {
    if (q === undefined || q.length !== undefined || !(q >= 0 && q <= 1)) fail("quantile needs the draws and a number from 0 to 1.");
    const ordered = sorted(x), at = q * (ordered.length - 1), low = Math.floor(at), high = Math.ceil(at);
    return ordered[low] + (at - low) * (ordered[high] - ordered[low]);
  }
  const FUNCTIONS = new Map(Object.entries({
    mean, var: variance, sd: x => Math.sqrt(variance(x)), std: x => Math.sqrt(variance(x)),
    median: x => quantile(x, 0.5), quantile, min: x => sorted(x)[0], max: x => sorted(x).at(-1),
    expit: mapped(x => 1 / (1 + Math.exp(-x))), logit: mapped(x => Math.log(x / (1 - x))),
    exp: mapped(Math.exp), log: mapped(Math.log), sqrt: mapped(Math.sqrt), abs: mapped(Math.abs),
  }));
  const OPERATORS = new Map(Object.entries({
    "+": both((x, y) => x + y), "-": both((x, y) => x - y), "*": both((x, y) => x * y), "/": both((x, y) => x / y),
    "**": both((x, y) => x ** y), "<": both((x, y) => Number(x < y)), ">": both((x, y) => Number(x > y)),
  }));
  const TOKEN = /\s*(?:([0-9]+\.?[0-9]*(?:[eE][+-]?[0-9]+)?|\.[0-9]+(?:[eE][+-]?[0-9]+)?)|([A-Za-z_][A-Za-z_0-9]*)|(\*\*|[-+*/^()[\],<>.]))/y;

  function tokens(text) {
    const found = [];
    TOKEN.lastIndex = 0;
    while (TOKEN.lastIndex < text.length) {
      const at = TOKEN.lastIndex, match = TOKEN.exec(text);
      if (!match) fail(`An expression cannot contain ${text[at]}.`);
      if (match[1]) found.push({number: Number(match[1])});
      else if (match[2]) found.push({name: match[2]});
      else found.push({sign: match[3] === "^" ? "**" : match[3]});
    }
    return found;
  }

  // names: a Map of arrays. The value is an array of numbers, such as [0.88], [1.31, 2.67] or 4,000 draws.
  function evaluate(text, names) {
    const short = name => name.replaceAll("_", "").toLowerCase();
    const known = new Map([...names].map(([name, draws]) => [short(name), draws]));
    text = text.slice(0, 300).replace(/[\u2010-\u2015\u2212]/g, "-").trim().replace(/\b(?:np|xr)\./g, "");
    const list = tokens(text.replace(/^answer *= */, ""));
    let at = 0;
    const next = sign => list[at]?.sign === sign && ++at > 0;
    const need = sign => next(sign) || fail(`A ${sign} is missing.`);

    const operation = (lower, ...signs) => () => {
      let value = lower();
      while (signs.includes(list[at]?.sign)) {
        const sign = list[at++].sign;
        value = OPERATORS.get(sign)(single(value), single(lower()));
      }
      return value;
    };
    const product = operation(unary, "*", "/"), sum = operation(product, "+", "-"), comparison = operation(sum, "<", ">");

    function single(value) {
      return value.pair ? fail("A pair of numbers cannot be part of a calculation.") : value;
    }
    function several(end) { // values up to a closing sign
      const values = [comparison()];
      while (next(",")) values.push(comparison());
      if (end) need(end);
      return values;
    }
    function together(values) {
      if (values.length === 1) return values[0];
      if (values.some(x => x.pair || x.length !== undefined)) fail("There are several arrays of draws here. Summarise each one, for example with mean.");
      return {pair: values};
    }
    function unary() {
      if (next("-")) return mapped(x => -x)(single(unary()));
      if (next("+")) return unary();
      const value = after(primary());
      return next("**") ? OPERATORS.get("**")(single(value), single(unary())) : value;
    }
    function call(name, given) {
      const f = FUNCTIONS.get(name) ?? fail(`There is no function ${name} here. The functions are ${[...FUNCTIONS.keys()].join(", ")}.`);
      return f(...given.map(single));
    }
    function after(value) { // x[6] and x.mean()
      for (;;) {
        if (next("[")) {
          const k = several("]")[0];
          if (value.length === undefined) fail("Only draws can have a number in square brackets after them.");
          if (!Number.isInteger(k) || k < 0 || k >= value.length) fail(`The number in square brackets must be whole, from 0 to ${value.length - 1}.`);
          value = value[k];
        } else if (next(".")) {
          const name = list[at++]?.name ?? fail("A name is missing after the dot.");
          need("(");
          value = call(name, [value, ...(next(")") ? [] : several(")"))]);
        } else return value;
      }
    }
    function primary() {
      const token = list[at++] ?? fail("The expression is incomplete.");
      if (token.number !== undefined) return token.number;
      if (token.name !== undefined) {
        if (next("(")) return call(token.name, several(")"));
        return known.get(short(token.name)) ?? fail(`There is no ${token.name} here. The names are ${[...names.keys()].join(", ")}.`);
      }
      if (token.sign === "(") return together(several(")"));
      if (token.sign === "[") return together(several("]"));
      return fail(`There is a ${token.sign} in the wrong place.`);
    }

    const value = together(several());
    if (at < list.length) fail("An operator such as + is missing between two parts of the expression.");
    return value.pair ?? (value.length === undefined ? [value] : [...value]);
  }

  Object.assign(course, {evaluate, ExpressionError});
})();
