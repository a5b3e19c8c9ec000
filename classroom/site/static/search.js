// The search: each section's text, as the build wrote it; a number such as 0.344 is found as it stands.
"use strict";
(() => {
  const query = new URLSearchParams(location.search).get("q")?.trim().slice(0, 100) ?? "";
  const plain = text => text.toLowerCase().replace(/[\u2010-\u2015\u2212]/g, "-");
  const words = plain(query).split(/\s+/).filter(Boolean);
  document.querySelector("header input[type=search]").value = query;

  function excerpt(text, word) {
    const at = plain(text).indexOf(word), start = Math.max(0, at - 60);
    const mark = document.createElement("mark"), line = document.createElement("p");
    mark.textContent = text.slice(at, at + word.length);
    line.append(start ? "… " : "", text.slice(start, at), mark, text.slice(at + word.length, at + 120), " …");
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
    document.getElementById("found").textContent = words.length ? `${found.length} sections have “${query}”.` : "Type a word or a number above.";
    document.getElementById("results").replaceChildren(...found.slice(0, 40).map(({address, page, heading, text}) => {
      const item = document.createElement("li"), link = document.createElement("a");
      link.href = address;
      link.textContent = heading === page ? page : `${page}: ${heading}`;
      item.append(link);
      const word = words.find(word => plain(text).includes(word));
      if (word) item.append(excerpt(text, word));
      return item;
    }));
  };
})();
