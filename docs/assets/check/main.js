// The check page: one view at a time, named by the fragment of the address. It holds the answers, but no rule and no words:
// the checker decides which view is next, and all words are from the checker or from the page's HTML.

import { ask, perform } from "./checker.js";
import * as fields from "./fields.js";
import { all, element, find, focusOn, on, root, today } from "./page.js";
import { FIRST, showAnswers, showProgress } from "./path.js";
import * as store from "./store.js";

const RESULT = "check-result";
const PREPARE = "check-prepare";
const TOOLS = [PREPARE, "check-refund"];

const views = all("[data-view]");
const first = (find("form[data-view]") ?? views[0]).dataset.view; // no form if the policy asks nothing before the result
const errors = find(".check-errors");
const welcome = find('[data-part="welcome"]');
const notices = find('[data-part="notices"]');
const siteTitle = document.title.slice(document.title.indexOf(" – "));

const state = { pictures: [], ...store.load() };
let sends = 0;
let response; // the checker's last response without errors
let responseDay; // its day
let currentView = first;
let fromLink = false; // whether the answers came by a link, while others of the customer's own are stored on the device
let progress = new Map([[first, FIRST]]); // of the questions that were asked
let later; // a promise of the modules that nobody needs before the result

// ---- the checker's response to the answers

/** Sends the answers to the checker and shows its response; returns whether there are no errors. */
async function send(more) {
  const own = ++sends;
  const modules = (later ??= loadLater());
  modules.catch(() => (later = undefined)); // tried again at the next answer
  const latest = await ask("answer", { ...state, previous: undefined, ...more });
  if (own !== sends) return false; // later answers, or none, have overtaken these
  clearErrors();
  if (latest.answers) {
    response = latest;
    responseDay = today();
    state.answers = new Map(Object.entries(response.answers));
    persist();
    await showResponse(modules);
  }
  showErrors(latest.errors);
  root.dispatchEvent(new CustomEvent("response", { detail: latest }));
  return !latest.errors.length;
}

async function loadLater() {
  const [result, prepare, keep] = await Promise.all([import("./result.js"), import("./prepare.js"), import("./keep.js")]);
  prepare.start({ state, persist, submit: (...pairs) => perform(() => submit(pairs)) });
  keep.start({ state, persist });
  return { result, prepare, keep };
}

function persist() {
  if (state.answers.size) state.case ??= store.newCaseNumber();
  if (!fromLink) store.save(state);
}

/** Whether the device holds more answers than one to the first question. */
const holdsCase = ({ answers }) => [...answers.keys()].some((id) => id !== first);

/** Sends new answers of the customer, as pairs of question and answer. From now on all answers are the customer's own. */
function submit(pairs) {
  if (fromLink) state.previous = { ...store.load(), previous: undefined };
  fromLink = false;
  state.case ??= store.newCaseNumber();
  const answers = new Map([...state.answers, ...pairs]);
  store.save({ ...state, answers }); // before the checker responds: it may be slow, or fail to load
  return send({ answers, asked: pairs.map(([question]) => question) });
}

async function showResponse(modules) {
  notices.replaceChildren(...response.notices.map((text) => element("li", text)));
  progress = new Map([...progress, ...Object.entries(response.progress)]);
  showAnswers(response.given);
  toggleAnswers();
  if (response.step) return;
  const shown = response;
  const { result, prepare, keep } = await modules;
  if (shown !== response) return; // another answer, or none, has overtaken this one
  result.showResult(response);
  prepare.show(response);
  keep.show(response);
}

/** Sends the answers again if the day has changed, because deadlines depend on it. */
function refresh() {
  if (response && !document.hidden && responseDay !== today()) perform(() => send());
}

function refreshAtMidnight() {
  const now = new Date();
  const midnight = new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1);
  setTimeout(() => {
    refresh();
    refreshAtMidnight();
  }, midnight - now + 1000);
}

// ---- errors

function showErrors(list) {
  if (!list.length) return;
  const places = list.map(({ question }) => find(`[data-question="${CSS.escape(question ?? "")}"]`));
  const view = places[0]?.closest("[data-view]").dataset.view;
  if (view && view !== currentView) show(view);
  document.title = root.dataset.errorPrefix + document.title;
  find("ul", errors).replaceChildren(
    ...list.map(({ message }, index) => {
      if (!places[index]) return element("li", message);
      const field = mark(places[index], message);
      const link = element("a", message);
      link.href = `#${currentView}`;
      link.addEventListener("click", (event) => {
        event.preventDefault();
        focusOn(field, places[index]);
      });
      return element("li", link);
    }),
  );
  errors.hidden = false;
  focusOn(errors);
}

/** Shows the message beside its question; returns the question's first field. */
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
const place = () => response.step ?? RESULT;
const advance = () => (location.hash = place());

/** Shows one view and focuses its heading; without a name shows none, while the checker loads. */
function show(name) {
  clearErrors();
  for (const view of views) view.hidden = view.dataset.view !== name;
  currentView = name;
  const view = views.find(({ hidden }) => !hidden);
  if (!view) return;
  if (question(name)) fields.fill(question(name), state.answers.get(name));
  showProgress(progress.get(name));
  if (name === TOOLS[1]) for (const part of all("[data-question]", view)) fields.fill(part, state.answers.get(part.dataset.question));
  document.title = view.dataset.title + siteTitle;
  find(".check-back").hidden = [RESULT, ...TOOLS].includes(name) || (name === first && !location.hash); // they have links of their own
  if (name === PREPARE) later?.then(({ prepare }) => perform(prepare.refresh), () => {});
  find(".check-aside").hidden = !question(name);
  for (const help of all("[data-unsure]")) help.hidden = help.dataset.unsure !== name;
  toggleAnswers();
  find(".check-share").hidden = name !== RESULT;
  welcome.hidden = !(fromLink || (state.previous && question(name)));
  find('[data-do="clear"]', welcome).hidden = true; // that is for a customer who comes back: these answers can be changed
  if (root.getBoundingClientRect().top < 0) root.scrollIntoView();
  find("h1", view).focus({ preventScroll: true });
}

function toggleAnswers() {
  find(".check-answers").hidden = !response?.given.length || !(question(currentView) || currentView === RESULT);
}

/** Whether the answers so far lead to the view. */
function isReachable(name) {
  if (!question(name)) return !response.step && (name === RESULT || response.offers.includes(name.slice("check-".length)));
  return name === response.step || name === first || response.given.some(({ question }) => question === name);
}

let earlyView; // the view that was currentView before the checker had loaded

/** The view after an answer to the first question, if the page can show it without waiting for the checker. */
function nextEarly(chosen) {
  if (response || !chosen || find("[data-notice]:not([hidden])")) return undefined;
  const { next, total, progress: text } = chosen.dataset;
  state.answers = new Map([[first, chosen.value]]);
  persist();
  progress.set(next, { position: 2, total, text });
  return (earlyView = next);
}

/** Shows the view after the first answer early; returns whether it can. */
function showNextEarly(name) {
  const next = name === first && !holdsCase(state) && nextEarly(find("input:checked[data-next]", question(name)));
  if (next) location.hash = next;
  return Boolean(next);
}

/** The choice that is the only answer of a link of our own pages, if it is one to the first question. */
function choiceOf(link) {
  return all("[data-next]").find(({ value }) => link === `${first}=${value}&`);
}

/** Shows the view of the address, or the answers of a link. */
async function route() {
  const name = location.hash.slice(1);
  const isView = views.some(({ dataset }) => dataset.view === name);
  if (name && !isView && !document.getElementById(name)) {
    show();
    fromLink = holdsCase(store.load());
    Object.assign(state, { case: undefined, saved: 0 }, fromLink && { letter: {} });
    const next = nextEarly(choiceOf(name));
    if (next) return location.replace(`#${next}`);
    await perform(() => send({ link: name })); // as it stands in the address: the checker decodes and repairs it
    if (!response) return;
    show(place()); // before the address changes, which takes the browser some time
    return location.replace(`#${place()}`);
  }
  if (name && !isView) return; // an anchor on the page
  if (!response && name) {
    show(question(name) && name);
    if (name === earlyView) await send().catch((reason) => perform(() => Promise.reject(reason)));
    else await perform(() => send());
    if (!response || name !== location.hash.slice(1)) return;
  }
  if (name && !isReachable(name)) {
    if (name === PREPARE && response.step) notices.append(element("li", views.find(({ dataset }) => dataset.view === name).dataset.first));
    location.replace(`#${place()}`);
  }
  else if (currentView !== (name || first)) show(name || first);
}

for (const form of all("form[data-view]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const name = form.dataset.view;
    if (showNextEarly(name)) return;
    const answers = [[name, fields.answer(question(name))]];
    perform(async () => (await submit(answers)) && advance());
  });
}

find(".check-refund")?.addEventListener("submit", (event) => {
  event.preventDefault();
  const questions = all("[data-question]", event.target);
  const answers = questions.map((part) => [part.dataset.question, fields.answer(part)]);
  perform(async () => {
    if (await submit(answers)) focusOn(find(".check-estimate"));
  });
});

find(".check-refund")?.addEventListener("click", ({ target }) => {
  if (target.matches(".check-remove")) fields.removeAmount(target.closest(".check-amount"));
});
on("add-amount", (button) => fields.addAmount(button.closest("[data-question]")).focus());

// ---- other cases

async function checkAnother() {
  state.letter = { name: state.letter.name, order: state.letter.order };
  Object.assign(state, { case: undefined, saved: 0 });
  reset();
  if (await send({ another: true })) advance();
}

/** Continues with the answers that are stored on the device: those from before a link, if there was one. */
async function resume() {
  const stored = store.load();
  Object.assign(state, fromLink || !response ? stored : { ...stored.previous, previous: undefined });
  fromLink = false;
  welcome.hidden = await send();
  if (welcome.hidden) advance();
}

/** Removes what the views after the result have of the case. */
const reset = () => later?.then((modules) => modules.prepare.reset(), () => {});

function clear() {
  sends++;
  store.clear();
  Object.assign(state, { answers: new Map(), letter: {}, case: undefined, saved: 0, previous: undefined });
  reset();
  later?.then(({ result, keep }) => [result.clearResult(), keep.clear()], () => {});
  showAnswers([]);
  fromLink = false;
  response = undefined;
  notices.replaceChildren();
  for (const part of all("[data-question]")) fields.fill(part);
  history.pushState(null, "", location.pathname);
  show(first);
}

on("reload", () => location.reload());
on("back", () => history.back());
on("another", () => perform(checkAnother));
on("clear", clear);
on("resume", () => perform(resume));
addEventListener("storage", ({ key, newValue }) => {
  if (key === store.KEY && newValue === null) clear(); // cleared in another window
});

// ---- start

fields.start(root);
addEventListener("hashchange", route);
addEventListener("pageshow", refresh);
document.addEventListener("visibilitychange", refresh);
refreshAtMidnight();
document.documentElement.classList.replace("no-js", "js"); // inline/trusted_types.js does it sooner, if browsers run it
root.dataset.started = "";
find(".check-unstarted").hidden = true; // check.css hides it, if it has loaded
if (location.hash) route();
else {
  welcome.hidden = !state.answers.size;
  self.checkFaults.early?.requestSubmit();
}
