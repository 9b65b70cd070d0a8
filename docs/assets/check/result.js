// Shows the checker's response. All words are from it, or from the page's HTML.

import { all, copy, element, find, root } from "./page.js";

const SVG = "http://www.w3.org/2000/svg";
const box = find(".check-outcome");
const result = find(".check-result");
const tools = find(".check-tools", box);
let titles = new Map(); // of the clauses that the response cites
let policyPage; // a promise of the policy page

/** Shows the outcome and its sections. */
export function showResult({ explanation: { tone, title, text, sections }, clauses, drawing: tree, stamp, offers }) {
  titles = new Map(Object.entries(clauses));
  box.dataset.tone = tone;
  find("b", box).textContent = title;
  find("p", box).textContent = text;
  const parts = sections.map(section);
  find(".check-sections", result).replaceChildren(...parts);
  if (tree) parts.find(({ dataset }) => dataset.section === "deadlines")?.append(drawing(tree));
  find(".check-stamp").textContent = stamp;
  find(".check-estimate")?.replaceChildren(...sections.filter(({ id }) => id === "estimates").map(section));
  for (const node of all("[data-offer]")) node.hidden = !offers.includes(node.dataset.offer);
  tools.hidden = !all("[data-offer]", tools).some(({ hidden }) => !hidden);
}

/** Removes all of a case from the page. */
export function clearResult() {
  for (const part of all(".check-outcome :is(b, p:not(.actions)), .check-stamp")) part.textContent = "";
  find(".check-sections", result).replaceChildren();
  find(".check-estimate")?.replaceChildren();
}

/** A heading and a list of items. Of adjacent items from one clause, the last cites it. */
export function section({ id, heading, folded, items, interpretations }) {
  const lines = items.filter(({ missing }) => !missing);
  const part = element(folded ? "details" : "section", element(folded ? "summary" : "h2", heading));
  part.className = folded ? "fold" : "part";
  if (lines.length) part.append(element("ul", ...lines.map((item, index) => line(item, item.clause !== lines[index + 1]?.clause))));
  part.append(...items.filter(({ missing }) => missing).map(notice));
  if (id === "why") for (const fold of all("details", part)) fold.open = true;
  if (interpretations.length) part.append(interpretationsFold(interpretations, heading));
  part.dataset.section = id;
  return part;
}

function notice({ text }) {
  const node = copy(".check-missing");
  find("p", node).textContent = text;
  return node;
}

/** A list item. If its text is the clause's title, the clause itself is the item. */
function line({ text, clause: id, note, href }, cites) {
  const item = element("li");
  const fold = cites && clause(id);
  const isTitle = fold && find("summary", fold).textContent === text;
  item.append(isTitle ? fold : element("span", ...withLink(text, href)));
  if (note) item.append(element("p", note));
  if (fold && !isTitle) item.append(fold);
  return item;
}

/** The parts of a text, with the address in it as a link. */
function withLink(text, href) {
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

/** A clause that opens in place, with a link to it on the policy page; undefined if there is none. */
function clause(id) {
  const title = id && titles.get(id);
  if (!title) return undefined;
  const fold = copy(".check-clause");
  const link = find("a", fold);
  fold.dataset.clause = id;
  find("summary", fold).textContent = title;
  find("span", link).textContent = `: ${title}`;
  link.hash = id;
  find("summary", fold).dataset.address = link.href; // for paper
  fold.addEventListener("toggle", () => showClause(id, find("div", fold)), { once: true });
  return fold;
}

/** Shows the text of a clause, which the policy page has. The link beside it stays, in case that page cannot be read. */
async function showClause(id, place) {
  const page = await (policyPage ??= loadPolicyPage());
  const text = page && page.getElementById(id)?.querySelector(".clause__text");
  if (text) place.replaceChildren(document.importNode(text, true));
}

/** The policy page as an inert document; null if it cannot be read, or is of another version. */
async function loadPolicyPage() {
  const request = new XMLHttpRequest();
  request.open("GET", copy(".check-clause a").href);
  request.responseType = "document";
  await new Promise((resolve) => {
    request.onloadend = resolve;
    request.send();
  });
  const digest = request.response?.querySelector("[name=policy-digest]")?.content;
  if (digest === root.dataset.digest) return request.response;
  policyPage = undefined; // the next clause tries again
  return null;
}

function interpretationsFold(readings, heading) {
  const fold = copy(".check-interpretations");
  find(".unseen", fold).textContent = `: ${heading}`;
  find("ul", fold).append(...readings.map(({ text }) => element("li", text)));
  return fold;
}

/** The SVG of a drawing, which is [name, attributes, children]. */
function drawing(part) {
  if (typeof part === "string") return document.createTextNode(part);
  const [name, attributes, children] = part;
  const node = document.createElementNS(SVG, name);
  for (const [attribute, value] of Object.entries(attributes)) node.setAttribute(attribute, value);
  node.append(...children.map(drawing));
  return node;
}

/** Opens folded sections for printing, except clauses, which print their address; closes them afterwards. */
let printFolds = [];
addEventListener("beforeprint", () => {
  printFolds = all(".check-result details:not([open]):not(.check-clause)");
  for (const fold of printFolds) fold.open = true;
});
addEventListener("afterprint", () => {
  for (const fold of printFolds) fold.open = false;
});
