// The search: it finds words and numbers such as 0.344 in the text of each section, as the build wrote it.
"use strict";
(() => {
  const SHOWN = 40;
  const query = new URLSearchParams(location.search).get("q")?.trim().slice(0, 100) ?? "";
  const plain = text => text.toLowerCase().replace(/[\u2010-\u2015\u2212]/g, "-");
  const words = plain(query).split(/\s+/).filter(Boolean);
  document.querySelector("header input[type=search]").value = query;

  function excerpt(text, word) {
    const at = plain(text).indexOf(word), start = Math.max(0, at - 60);
    const mark = document.createElement("mark"), line = document.createElement("p");
    mark.textContent = text.slice(at, at + word.length);
    line.append(start ? "… " : "", text.slice(start, at), mark, text.slice(at + word.length, at + 120), at + 120 < text.length ? " …" : "");
    return line;
  }

  // sections: [address, page, heading, text]
  window.search = sections => {
    const found = [];
    if (words.length) for (const [address, page, heading, text] of sections) {
      const title = plain(`${page} ${heading}`), inText = plain(text);
      if (!words.every(word => title.includes(word) || inText.includes(word))) continue;
      const score = words.reduce((sum, word) => sum + (title.includes(word) ? 20 : 0) + Math.min(inText.split(word).length - 1, 9), 0);
      found.push({address, page, heading, text, score: score - (address.includes("solutions/") ? 15 : 0)});
    }
    found.sort((a, b) => b.score - a.score);
    const count = found.length === 1 ? "1 section has" : `${found.length} sections have`;
    const rest = found.length > SHOWN ? ` The first ${SHOWN} are below.` : "";
    document.getElementById("found").textContent = words.length ? `${count} “${query}”.${rest}` : "Type a word or a number above.";
    document.getElementById("results").replaceChildren(...found.slice(0, SHOWN).map(({address, page, heading, text}) => {
      const item = document.createElement("li"), link = document.createElement("a");
      link.href = address;
      link.textContent = heading === page ? page : `${page}: ${heading}`;
      item.append(link);
      item.append(excerpt(text, words.find(word => plain(text).includes(word)) ?? ""));
      return item;
    }));
  };
})();
