// Runs in the check page (tests/browser/test_case_space.py): asks the page's own worker, and reads what the page then shows.
async (cases, wholly) => {
  const module = (name) => import(new URL(`${name}.js`, document.querySelector("[src$='/main.js']").src));
  const [{ ask }, { showResult }, { find, all }] = await Promise.all(["checker", "result", "page"].map(module));
  const result = find('[data-view="check-result"]');
  const outcome = find(".check-outcome");

  const hash = async (text) => {
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
    return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
  };

  /** Everything in the result that is not hidden, as pieces of text in their order; clauses and the drawing apart. */
  const lines = (part) => {
    const pieces = new Map();
    const walk = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
      const { data, parentElement } = walk.currentNode;
      if (!data.trim() || parentElement.closest("[hidden], svg, .check-clause > :not(summary)")) continue;
      if (parentElement.matches("li:has(> span) > .check-clause > summary")) continue; // else it is the line itself
      const place = parentElement.closest("h2, h3, summary, p, li, li > span, .button") ?? parentElement;
      pieces.set(place, (pieces.get(place) ?? "") + data);
    }
    return [...pieces.values()];
  };

  /** The clause that a line opens in place, with the text that the page holds for it. */
  const cited = (item) => {
    const folds = all(".check-clause", item);
    const texts = folds.map(({ dataset }) => find("template").content.querySelector(`[data-clause="${dataset.clause}"]`));
    if (folds.some((fold, index) => fold.textContent !== texts[index].textContent)) return "another text";
    return folds.map(({ dataset, open }) => [dataset.clause, open]);
  };

  /** A drawing as the checker says it: [name, attributes, children]. */
  const drawing = (node) =>
    node.nodeType === Node.TEXT_NODE
      ? node.data
      : [
          node.localName,
          Object.fromEntries(Array.from(node.attributes, ({ name, value }) => [name, value])),
          Array.from(node.childNodes, drawing),
        ];

  result.hidden = false;
  const seen = [];
  for (const answers of cases) {
    const reply = await ask("answer", { answers });
    const text = JSON.stringify(reply);
    const bytes = wholly ? text : await hash(text);
    if (reply.step) {
      seen.push({ bytes });
      continue;
    }
    showResult(reply);
    seen.push({
      bytes,
      tone: outcome.dataset.tone,
      lines: lines(result),
      sections: all("[data-section]", result).map(({ dataset, open }) => [dataset.section, open ?? true]),
      cited: all("[data-section] > ul > li", result).map(cited),
      drawn: all("svg.timeline", result).map(drawing),
    });
  }
  return seen;
}
