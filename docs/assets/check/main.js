// The check page: one view at a time, named by what the address has behind its #. It holds the answers and
// knows no rule and no sentence: what comes next, and every word, comes from the checker and from the page's HTML.

import { ask, doing } from "./checker.js";
import * as fields from "./fields.js";
import { all, copied, element, find, lead, on, root, save, today } from "./page.js";
import * as prepare from "./prepare.js";
import { forgetResult, section, showGiven, showResult } from "./result.js";
import * as store from "./store.js";

const RESULT = "check-result";

const views = all("[data-view]");
const first = views[0].dataset.view;
const errors = find(".check-errors");
const welcome = find('[data-part="welcome"]');
const notices = find('[data-part="notices"]');
const title = document.title;

const state = store.load();
let said; // what the checker said last
let decidedOn; // the day on which it did
let shown = first;
let borrowed = false; // whether the answers came by a link, while the customer's own are kept on the device

// ---- what the checker says to the answers

/** Tells the checker of answers. Gives whether it found them right; then `said` is what it said. */
async function tell(more) {
  const reply = await ask("answer", { answers: state.answers, ...more });
  clearErrors();
  if (reply.answers) {
    said = reply;
    decidedOn = today();
    state.answers = new Map(Object.entries(said.answers));
    keep();
    showSaid();
  }
  showErrors(reply.errors);
  root.dispatchEvent(new CustomEvent("said", { detail: reply }));
  return !reply.errors.length;
}

function keep() {
  if (!borrowed) store.keep(state);
}

/** Takes answers of the customer's own, each with its question: from now on all that are held are the customer's. */
function answered(given) {
  borrowed = false;
  const answers = new Map([...state.answers, ...given]);
  store.keep({ ...state, answers }); // before the checker reads them: it may be slow, or not come at all
  return tell({ answers, asked: given.map(([question]) => question) });
}

function showSaid() {
  notices.replaceChildren(...said.notices.map((text) => element("li", text)));
  showGiven(said.given);
  if (said.step) return;
  showResult(said);
  showLink();
  prepare.show(said);
  const estimates = said.explanation.sections.filter(({ id }) => id === "estimates");
  find(".check-estimate")?.replaceChildren(...estimates.map(section));
}

/** A day later the days left are others: an answer that stayed on the screen overnight is decided anew. */
function decideAnew() {
  if (said && !document.hidden && decidedOn !== today()) doing(() => tell());
}

function decideAtMidnight() {
  const now = new Date();
  const midnight = new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1);
  setTimeout(() => {
    decideAnew();
    decideAtMidnight();
  }, midnight - now + 1000);
}

// ---- errors

function showErrors(found) {
  if (!found.length) return;
  const places = found.map(({ question }) => find(`[data-question="${CSS.escape(question ?? "")}"]`));
  const view = places[0]?.closest("[data-view]").dataset.view;
  if (view && view !== shown) show(view);
  document.title = root.dataset.errorPrefix + document.title;
  find("ul", errors).replaceChildren(
    ...found.map(({ message }, index) => {
      if (!places[index]) return element("li", message);
      const field = mark(places[index], message);
      const link = element("a", message);
      link.href = `#${shown}`;
      link.addEventListener("click", (event) => {
        event.preventDefault();
        lead(field, places[index]);
      });
      return element("li", link);
    }),
  );
  errors.hidden = false;
  lead(errors);
}

/** Puts the message beside its question. Gives the question's first field. */
function mark(question, message) {
  const place = find(".check-error", question);
  place.textContent = message;
  place.hidden = false;
  for (const field of all('[type="text"]', question)) field.ariaInvalid = "true";
  return find("input", question);
}

function clearErrors() {
  document.title = document.title.replace(root.dataset.errorPrefix, "");
  errors.hidden = true;
  for (const place of all("[data-question] > .check-error")) {
    place.hidden = true;
    place.textContent = "";
  }
  for (const field of all("[aria-invalid]")) field.ariaInvalid = null;
}

// ---- from view to view

const question = (name) => find(`form[data-view="${CSS.escape(name)}"] [data-question]`);
const place = () => said.step ?? RESULT;
const advance = () => (location.hash = place());

/** Shows one view and brings the focus to its heading; without a name none, while the checker is on its way. */
function show(name) {
  clearErrors();
  for (const view of views) view.hidden = view.dataset.view !== name;
  shown = name;
  const view = views.find(({ hidden }) => !hidden);
  if (!view) return;
  if (question(name)) fields.fill(question(name), state.answers.get(name));
  if (name === "check-refund") for (const each of all("[data-question]", view)) fields.fill(each, state.answers.get(each.dataset.question));
  document.title = [view.dataset.title, title].join(" - ");
  find(".check-back").hidden = name === first && !location.hash;
  find(".check-given").hidden = !said?.given.length || !(question(name) || name === RESULT);
  find(".check-keep").hidden = name !== RESULT;
  welcome.hidden = !borrowed;
  find('[data-do="clear"]', welcome).hidden = borrowed; // what is shown can be cleared below
  lead(find("h2", view), root);
}

/** Whether the answers lead to the view. */
function leadsTo(name) {
  if (!question(name)) return !said.step;
  return name === said.step || name === first || said.given.some((each) => each.question === name);
}

let ahead; // the question that was shown before the checker had come

/** Shows what follows the first answer, if the page knows. Nobody waits: the checker looks at it as soon as it is there. */
function goAhead(name) {
  const chosen = find("input:checked[data-next]", question(name));
  if (said || !chosen || find("[data-notice]:not([hidden])") || [...state.answers.keys()].some((each) => each !== name)) return false;
  state.answers = new Map([[name, chosen.value]]);
  store.keep(state);
  location.hash = ahead = chosen.dataset.next;
  return true;
}

/** Shows what the address names: a view, or answers that somebody passed on. */
async function route() {
  const name = location.hash.slice(1);
  if (name.includes("=")) {
    show();
    borrowed = store.load().answers.size > 0;
    if (borrowed) state.letter = {};
    await doing(() => tell({ link: [...new URLSearchParams(name)] }));
    if (!said) return;
    show(place()); // before the browser, which takes its time, is told of the new address
    return location.replace(`#${place()}`);
  }
  if (name && !views.some(({ dataset }) => dataset.view === name)) return; // a place on the page
  if (!said && name) {
    show(question(name) && name);
    if (name === ahead) await tell().catch((reason) => doing(() => Promise.reject(reason)));
    else await doing(() => tell());
    if (!said || name !== location.hash.slice(1)) return;
  }
  if (name && !leadsTo(name)) location.replace(`#${place()}`);
  else if (shown !== (name || first)) show(name || first);
}

for (const form of all("form[data-view]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const name = form.dataset.view;
    if (goAhead(name)) return;
    const answers = [[name, fields.answer(question(name))]];
    doing(async () => (await answered(answers)) && advance());
  });
}

find(".check-refund")?.addEventListener("submit", (event) => {
  event.preventDefault();
  const questions = all("[data-question]", event.target);
  const answers = questions.map((each) => [each.dataset.question, fields.answer(each)]);
  doing(async () => {
    if (await answered(answers)) lead(find(".check-estimate"));
  });
});

find(".check-refund")?.addEventListener("click", ({ target }) => {
  if (target.matches(".check-remove")) fields.removeAmount(target.closest(".check-amount"));
});
on("add-amount", (button) => fields.addAmount(button.closest("[data-question]")).focus());

// ---- keep and pass on

const link = find("#check-link");
const withAmounts = find("#check-link-amounts");

function showLink() {
  const pairs = new URLSearchParams(said.links[withAmounts.checked ? "amounts" : "plain"]);
  link.value = new URL(`#${pairs}`, location).href;
  find(".check-keep .check-done").textContent = "";
}

async function copyLink() {
  const done = find(".check-keep .check-done");
  done.textContent = (await copied(link.value)) ? done.dataset.done : done.dataset.failed;
}

async function saveCalendar() {
  const { name, text } = await ask("calendar", { answers: state.answers, address: location.href });
  save(text, name, "text/calendar");
}

async function checkAnother() {
  state.letter = { order: state.letter.order };
  prepare.forget();
  if (await tell({ another: true })) advance();
}

/** Goes on with the answers that the device has kept. */
async function resume() {
  borrowed = false;
  Object.assign(state, store.load());
  welcome.hidden = await tell();
  if (welcome.hidden) advance();
}

function clear() {
  store.clear();
  Object.assign(state, { answers: new Map(), letter: {} });
  prepare.forget();
  borrowed = false;
  said = undefined;
  link.value = "";
  forgetResult();
  notices.replaceChildren();
  for (const each of all("[data-question]")) fields.fill(each);
  history.pushState(null, "", location.pathname);
  show(first);
}

/** Opens what is folded, for paper, but for clauses, whose address is there; closes it afterwards. */
let folded = [];
addEventListener("beforeprint", () => {
  folded = all(".check-result details:not([open]):not(.check-clause)");
  for (const fold of folded) fold.open = true;
});
addEventListener("afterprint", () => {
  for (const fold of folded) fold.open = false;
});

on("reload", () => location.reload());
on("back", () => history.back());
on("print", () => print());
on("copy-link", copyLink);
on("calendar", () => doing(saveCalendar));
on("another", () => doing(checkAnother));
on("clear", clear);
on("resume", () => doing(resume));
addEventListener("storage", ({ key, newValue }) => {
  if (key === store.KEY && newValue === null) clear(); // cleared in another window
});
withAmounts.addEventListener("input", showLink);

// ---- start

fields.start(root);
prepare.start({
  state,
  keep,
  told: (...given) => doing(() => answered(given)),
});
addEventListener("hashchange", route);
addEventListener("pageshow", decideAnew);
document.addEventListener("visibilitychange", decideAnew);
decideAtMidnight();
document.documentElement.classList.replace("no-js", "js"); // as colours.js does sooner, where it has come
root.dataset.started = "";
if (location.hash) route();
else welcome.hidden = !state.answers.size;
