// Shows what the checker said. Every word comes from it, or from the page's HTML.

import { all, copy, element, find } from "./page.js";

const SVG = "http://www.w3.org/2000/svg";
const result = find('[data-view="check-result"]');
const tools = find(".check-tools", result);

/** The outcome, and below it all that follows from it. */
export function showResult({ explanation: { tone, title, text, sections }, timeline, stamp, offers }) {
  const [heading, paragraph] = find(".check-outcome").children;
  find(".check-outcome").dataset.tone = tone;
  find("span", heading).textContent = title;
  paragraph.textContent = text;
  const parts = sections.map(section);
  find(".check-sections", result).replaceChildren(...parts);
  const next = parts.find(({ dataset }) => dataset.section === "next");
  (next ?? find(".check-sections", result)).after(tools);
  if (timeline) parts.find(({ dataset }) => dataset.section === "deadlines")?.append(drawn(timeline));
  find(".check-stamp").textContent = stamp;
  for (const node of all("[data-offer]")) node.hidden = !offers.includes(node.dataset.offer);
  tools.hidden = !all("[data-offer]", tools).some(({ hidden }) => !hidden);
}

/** Leaves nothing of a case on the page. */
export function forgetResult() {
  for (const part of all(".check-outcome span, .check-outcome p, .check-stamp", result)) part.textContent = "";
  find(".check-sections", result).replaceChildren();
  find(".check-estimate")?.replaceChildren();
  showGiven([]);
}

/** A heading and its list. Of items that come from one clause, the last one cites it. */
export function section({ id, heading, folded, items, readings }) {
  const lines = items.map((item, index) => line(item, item.clause !== items[index + 1]?.clause));
  const list = element("ul", ...lines);
  const part = folded
    ? element("details", element("summary", heading), list)
    : element("section", element("h3", heading), list);
  if (folded) part.className = "check-fold";
  if (id === "why") for (const fold of all("details", part)) fold.open = true;
  if (readings.length) part.append(reading(readings, heading));
  part.dataset.section = id;
  return part;
}

/** One thing to say. A clause whose title is the line is the line. */
function line({ text, clause: id, note, href }, cites) {
  const item = element("li");
  const fold = cites && clause(id);
  const isAll = fold && find("summary", fold).textContent === text;
  item.append(isAll ? fold : element("span", ...linked(text, href)));
  if (note) item.append(element("p", note));
  if (fold && !isAll) item.append(fold);
  return item;
}

/** The text with the address in it made a link, if there is one. */
function linked(text, href) {
  if (!href) return [text];
  if (href.startsWith("#")) {
    const link = element("a", text);
    link.href = href;
    return [link];
  }
  const address = href.replace(/^mailto:/, "");
  const [before, after] = text.split(address);
  const link = element("a", address);
  link.href = href;
  return [before, link, after];
}

/** A clause to open in place, if there is one, and the way to it on the policy page. */
function clause(id) {
  const fold = id && copy(`[data-clause="${CSS.escape(id)}"]`);
  if (fold) find("summary", fold).dataset.address = new URL(all("a", fold).at(-1).getAttribute("href"), location); // for paper
  return fold;
}

function reading(readings, heading) {
  const fold = copy(".check-readings");
  find(".check-unseen", fold).textContent = `: ${heading}`;
  find("ul", fold).append(...readings.map(({ text }) => element("li", text)));
  return fold;
}

/** A drawing of the checker's, [name, attributes, children], as SVG. */
function drawn(part) {
  if (typeof part === "string") return document.createTextNode(part);
  const [name, attributes, children] = part;
  const node = document.createElementNS(SVG, name);
  for (const [attribute, value] of Object.entries(attributes)) node.setAttribute(attribute, value);
  node.append(...children.map(drawn));
  return node;
}

/** The answers so far, each with a link to change it. */
export function showGiven(given) {
  find(".check-given dl").replaceChildren(
    ...given.map(({ question, ask, answer }) => {
      const row = copy(".check-row");
      const [term, description] = row.children;
      term.textContent = ask;
      description.textContent = answer;
      find("a", row).href = `#${question}`;
      find(".check-unseen", row).textContent = `: ${ask}`;
      return row;
    }),
  );
}
