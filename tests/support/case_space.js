// Runs in the check page (tests/browser/test_case_space.py): asks the page's own worker, and reads what the page then shows.
async (cases, wholly) => {
  const module = (name) => import(new URL(`${name}.js`, document.querySelector("[src$='/main.js']").src));
  const [{ ask }, { showResult }, { find, all }] = await Promise.all(["checker", "result", "page"].map(module));
  const result = find(".check-result");
  const outcome = find(".check-outcome");

  const hash = async (text) => {
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
    return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
  };

  /** The texts of elements without blanks. */
  const words = (...nodes) => nodes.map((node) => node.textContent.replace(/\s+/g, "")).join("");

  /** The entries of a part: the texts of each, with those of its list at the end. */
  const tasks = (name) => {
    const part = find(`[data-tasks="${name}"]`, result);
    if (part.hidden) return [];
    const entries = all("ol > li", part).map((entry) => {
      const lists = all("ul", entry);
      const refund = all(".check-to-refund", entry);
      return words(...[...entry.children].filter((node) => !lists.includes(node) && !refund.includes(node)), ...lists);
    });
    return [find("h2", part).textContent, ...entries];
  };

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
    const card = find(".leaf", outcome);
    const quotes = all(".check-texts > div:not(.notice)", outcome);
    const texts = all(".check-texts > *", outcome).filter((node) => !quotes.includes(node));
    const shown = (name) => all(`[data-offer="${name}"]`).some(({ hidden }) => !hidden);
    seen.push({
      bytes,
      mood: outcome.dataset.mood,
      box: words(find("h1 b", outcome), find(".check-time", outcome), ...texts),
      card: card.hidden ? "" : words(find(".leaf__label", card), find(".check-day", card), find(".span", card)),
      now: tasks("now"),
      after: tasks("after"),
      reminders: all(".check-reminders > *", result).map((part) => words(part)),
      folds: all("[data-fold]", result).map((fold) => (fold.hidden ? [] : all("[data-section]", fold).map(({ dataset }) => dataset.section))),
      offers: ["prepare", "refund", "calendar"].filter(shown),
      stamp: find(".check-stamp").textContent,
    });
  }
  return seen;
}
