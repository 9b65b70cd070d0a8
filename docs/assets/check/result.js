// Shows the checker's response. All words are from it, or from the page's HTML.

import { all, copy, element, find } from "./page.js";

const styles = element("link");
await new Promise((resolve) => {
  Object.assign(styles, { rel: "stylesheet", href: new URL("../result.css", import.meta.url).href, onload: resolve, onerror: resolve });
  document.head.append(styles);
});

const box = find(".check-outcome");
const card = find(".leaf", box);
const result = find(".check-result");

/** Shows the headline, the tasks and the folds of a result. */
export function showResult({ explanation, stamp, offers }) {
  showHeadline(explanation);
  showTasks("now", explanation, task);
  showTasks("after", explanation, event);
  const reminders = explanation.sections.filter(({ id }) => id === "reminders");
  find(".check-reminders", result).replaceChildren(...reminders.map(section));
  for (const fold of all("[data-fold]", result)) showFold(fold, explanation.sections);
  find(".check-estimate")?.replaceChildren(...explanation.sections.filter(({ id }) => id === "estimates").map(receipt));
  find(".check-stamp").textContent = stamp;
  for (const node of all("[data-offer]")) node.hidden = !offers.includes(node.dataset.offer);
}

/** Removes all of a case from the page. */
export function clearResult() {
  card.hidden = true;
  for (const part of all(".check-outcome :is(b, .check-time, .check-texts), .check-stamp")) part.textContent = "";
  for (const part of all(".check-reminders, ol, .fold > .stack", result)) part.replaceChildren();
  find(".check-estimate")?.replaceChildren();
}

function showHeadline({ headline: { mood, title, time, card: day }, texts, quotes, notices }) {
  box.dataset.mood = mood;
  find("b", box).textContent = title;
  find(".check-time", box).textContent = time ?? "";
  const quoted = quotes.map((id) => find("div", clause({ clause: id })));
  find(".check-texts", box).replaceChildren(...texts.map(paragraph), ...quoted, ...notices.map(notice));
  showDayCard(card, day, day ? [...day.rows.flatMap(row), ...day.lines.map((text) => element("p", text))] : []);
}

/** Shows the day that matters most, with other elements below it; hides the card if there is no such day. */
export function showDayCard(card, day, below = []) {
  card.hidden = !day;
  if (!day) return;
  find(".leaf__label", card).textContent = day.label;
  const date = Object.assign(element("time", element("b", day.weekday), " ", day.text), { dateTime: day.day });
  find(".check-day", card).replaceChildren(date);
  find(".span", card).replaceChildren(...below);
}

/** A row of days: one cell each, or one long bar. */
function row({ name, note, days, day, cells }) {
  const bar = cells.length ? element("div", ...cells.map((name) => Object.assign(element("i"), { className: name }))) : element("progress");
  if (!cells.length) Object.assign(bar, { max: days, value: Math.min(day, days) });
  bar.className = "days";
  bar.setAttribute("aria-hidden", "true"); // the texts say it all
  return [bar, element("p", element("span", name), " ", element("span", note))];
}

/** Fills the list of one of the parts `now` and `after`, and hides it if it is empty. */
function showTasks(name, explanation, entry) {
  const part = find(`[data-tasks="${name}"]`, result);
  find("h2", part).textContent = explanation[`${name}_heading`];
  find("ol", part).replaceChildren(...explanation[name].map(entry));
  part.hidden = !explanation[name].length;
}

function task({ title, texts, items, links, addresses }) {
  const entry = element("li");
  entry.className = "stack";
  if (title) entry.append(element("h3", title));
  const lists = items.length ? [list(items, links.length ? "check-lines" : "points")] : [];
  entry.append(...(links.length ? [...paragraphs(texts), ...lists] : [...lists, ...paragraphs(texts)]));
  if (links.length) entry.append(actions(links));
  entry.append(...addresses.map(address));
  return entry;
}

function event({ id, title, texts }) {
  const entry = element("li", element("b", title), ...paragraphs(texts));
  if (id === "remedies") entry.append(...[copy(".check-to-refund")].filter(Boolean));
  return entry;
}

/** The texts as one paragraph, up to each second line, which is a paragraph in smaller type. */
function paragraphs(items) {
  const parts = [];
  let sentences = [];
  for (const [index, { text, note }] of items.entries()) {
    sentences.push(text);
    if (!note && index < items.length - 1) continue;
    parts.push(element("p", sentences.join(" ")), ...(note ? [small(note)] : []));
    sentences = [];
  }
  return parts;
}

export const paragraph = ({ text }) => element("p", text);

function small(text) {
  return Object.assign(element("p", text), { className: "small soft" });
}

/** Where to turn, or that the shop has not entered it. */
export const address = (item) => (item.href ? element("p", ...withLink(item)) : notice(item));

function actions(links) {
  const buttons = links.map(({ text, href }) => Object.assign(element("a", text), { className: "button", href }));
  return Object.assign(element("p", ...buttons), { className: "actions" });
}

function notice({ text }) {
  const node = copy(".check-notice");
  find("p", node).textContent = text;
  return node;
}

function list(items, name) {
  return Object.assign(element("ul", ...items.map((item) => element("li", ...line(item)))), { className: name });
}

/** The text of an item with the address in it as a link; its second line follows in smaller type. */
function line(item) {
  return [element("span", ...withLink(item)), ...(item.note ? [" ", Object.assign(element("span", item.note), { className: "small soft" })] : [])];
}

/** The parts of a text, with the address in it as a link. */
function withLink({ text, href }) {
  if (!href) return [text];
  const address = href.replace(/^mailto:/, "");
  const [before, after] = text.split(address);
  return [before, Object.assign(element("a", address), { href }), after];
}

/** A part with a heading and a paragraph for each item. */
function section({ id, heading, items }) {
  const part = Object.assign(element("section", element("h2", heading), ...items.map(paragraph)), { className: "part stack" });
  part.dataset.section = id;
  return part;
}

/** A part with estimates: the amounts of each, line by line, and how it comes from them. */
function receipt({ id, heading, items }) {
  const part = section({ id, heading, items: [] });
  for (const { receipt, note } of items) part.append(element("dl", ...receipt.map(amount)), element("p", note));
  return part;
}

function amount({ label, amount }) {
  const line = copy(".check-receipt");
  [find("dt", line).textContent, find("dd", line).textContent] = [label, amount];
  return line;
}

/** Fills a fold with its sections, and hides it if there are none. */
function showFold(fold, sections) {
  const own = sections.filter((part) => part.fold === fold.dataset.fold);
  find(".stack", fold).replaceChildren(...own.map((part) => folded(part, part === own[0])));
  fold.hidden = !own.length;
}

/** A section inside a fold; the heading of the first one stands on the fold itself. */
function folded({ id, heading, items }, isFirst) {
  const parts = id === "why" ? items.map(clause) : items.map((item) => element("p", ...cited(item)));
  const node = Object.assign(element("div", ...(isFirst ? [] : [element("h3", heading)]), ...parts), { className: "stack" });
  node.dataset.section = id;
  return node;
}

/** The text of an item, as a link to its clause if it is the title of one. */
function cited(item) {
  const quote = item.clause && clause(item);
  if (!quote || find("b", quote).textContent !== item.text) return line(item);
  const link = Object.assign(element("a", item.text), { href: find("a", quote).href });
  return [link, ...line({ ...item, text: "" })];
}

/** A clause with its title, its text, and a link to it on the policy page. */
const clause = ({ clause: id }) => copy(`[data-clause="${CSS.escape(id)}"]`);

/** Opens the folds for printing, and closes them afterwards. */
let printFolds = [];
addEventListener("beforeprint", () => {
  printFolds = all(".check-result details:not([open])");
  for (const fold of printFolds) fold.open = true;
});
addEventListener("afterprint", () => {
  for (const fold of printFolds) fold.open = false;
});
