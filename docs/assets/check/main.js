// The check page: one view at a time, named by the fragment of the address. It holds no rule and no words: the checker decides
// which view is next, and all words are from the checker or from the page's HTML.

import * as own from "./case.js";
import { ask, perform } from "./checker.js";
import * as fields from "./fields.js";
import { all, element, find, focusOn, on, root, today } from "./page.js";
import { FIRST, showAnswers, showProgress } from "./path.js";
import * as taps from "./taps.js";

const RESULT = "check-result";
const PREPARE = "check-prepare";
const TOOLS = [PREPARE, "check-refund"];

const views = all("[data-view]");
const first = (find("form[data-view]") ?? views[0]).dataset.view; // no form if the policy asks nothing before the result
const welcome = find('[data-part="welcome"]');
const notices = find('[data-part="notices"]');
const siteTitle = document.title.slice(document.title.indexOf(" – "));

const { state } = own;
let sends = 0;
let response; // the checker's last response without errors
let responseDay; // its day
let currentView = first;
let progress = new Map([[first, FIRST]]); // of the questions that were asked
let errors; // the module for errors, once there was one
let later; // a promise of the modules that nobody needs before the result

// ---- the checker's response to the answers

/** Sends the answers to the checker and shows its response; returns whether there are no errors. */
async function send(more) {
  const number = ++sends;
  const modules = loadLater();
  const lost = state.storedPictures > state.pictures.length && (await modules.then(({ prepare }) => prepare.restore(), () => false));
  const latest = await ask("answer", { ...state, lost, unstored: !own.isStored, ...more, previous: undefined });
  if (number !== sends) return false; // later answers, or none, have overtaken these
  errors?.clear();
  if (latest.answers) {
    response = latest;
    responseDay = today();
    state.answers = new Map(Object.entries(response.answers));
    state.addresses = response.step ? undefined : addresses();
    own.persist();
    await showResponse(modules);
  }
  if (latest.errors.length) {
    errors ??= await import("./errors.js");
    if (number !== sends) return false;
    errors.show(latest.errors, (view) => view !== currentView && show(view));
  }
  root.dispatchEvent(new CustomEvent("response", { detail: latest }));
  return !latest.errors.length;
}

/** Loads the modules that nobody needs before the result, once; after a failure the next call tries again. */
function loadLater() {
  later ??= startLater();
  later.catch(() => (later = undefined));
  return later;
}

async function startLater() {
  const names = ["result", "prepare", "keep", "refund"];
  const [result, prepare, keep, refund] = await Promise.all(names.map((name) => import(`./${name}.js`)));
  prepare.start({ state, persist: own.persist, submit: (...pairs) => perform(() => submit(pairs)) });
  keep.start({ state, persist: own.persist, showAddress });
  refund.start((...pairs) => perform(() => submit(pairs)));
  return { result, prepare, keep };
}

/** Sends new answers of the customer, as pairs of question and answer. From now on all answers are the customer's own. */
function submit(pairs) {
  own.adopt();
  const answers = new Map([...state.answers, ...pairs]);
  own.persist(answers); // before the checker responds: it may be slow, or fail to load
  return send({ answers, asked: pairs.map(([question]) => question) });
}

async function showResponse(modules) {
  notices.replaceChildren(...response.notices.map((text) => element("li", text)));
  progress = new Map([...progress, ...Object.entries(response.progress)]);
  updateProgress(); // after a reload the page does not know it
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

// ---- from view to view

const question = (name) => find(`form[data-view="${CSS.escape(name)}"] [data-question]`);
const place = () => response.step ?? RESULT;
const advance = () => (location.hash = addresses()[0]);

/** The addresses of the place that the answers lead to, the present one first. That of a result holds the answers. */
function addresses() {
  if (response.step) return [response.step];
  const { plain, amounts } = response.links;
  const pairs = state.amounts ? [amounts, plain] : [plain, amounts];
  return pairs.map((pairs) => String(new URLSearchParams(pairs)));
}

/** Corrects the address of the present entry in the browser's history, and adds the number of its case to the entry. */
const showAddress = () => history.replaceState({ case: state.case }, "", `#${addresses()[0]}`);

/** Shows one view and focuses its heading; without a name shows none, while the checker loads. */
function show(name) {
  errors?.clear();
  for (const view of views) view.hidden = view.dataset.view !== name;
  currentView = name;
  const view = views.find(({ hidden }) => !hidden);
  if (!view) return;
  if (question(name)) fields.fill(question(name), state.answers.get(name));
  updateProgress();
  if (name === TOOLS[1]) for (const part of all("[data-question]", view)) fields.fill(part, state.answers.get(part.dataset.question));
  document.title = view.dataset.title + siteTitle;
  find(".check-back").hidden = [RESULT, ...TOOLS].includes(name) || (name === first && !location.hash); // they have links of their own
  find(".check-aside").hidden = !question(name);
  for (const help of all("[data-unsure]")) help.hidden = help.dataset.unsure !== name;
  toggleAnswers();
  find(".check-share").hidden = name !== RESULT;
  welcome.hidden = !(state.linked || (state.previous && question(name)));
  find('[data-do="clear"]', welcome).hidden = true; // that is for a customer who comes back: these answers can be changed
  taps.pause();
  if (root.getBoundingClientRect().top < 0) root.scrollIntoView();
  find("h1", view).focus({ preventScroll: true });
}

const updateProgress = () => showProgress(progress.get(currentView), Boolean(question(currentView)));

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
  const answers = new Map([[first, chosen.value]]);
  own.persist(answers);
  state.answers = answers;
  progress.set(next, { position: 2, total, text });
  return (earlyView = next);
}

/** Shows the view after the first answer early; returns whether it can. */
function showNextEarly(name) {
  const next = name === first && !own.isBegun(state) && nextEarly(find("input:checked[data-next]", question(name)));
  if (next) location.hash = next;
  return Boolean(next);
}

/** The choice that is the only answer of a link of our own pages, if it is one to the first question. */
function choiceOf(link) {
  return all("[data-next]").find(({ value }) => link === `${first}=${value}&`);
}

/** Shows the view of the address. */
async function route() {
  const name = location.hash.slice(1);
  const isView = views.some(({ dataset }) => dataset.view === name);
  if (name && !isView) return document.getElementById(name) ?? routeLink(name); // an anchor on the page, or a link
  if (!response && name) {
    show(question(name) && name);
    if (name === earlyView) await send().catch((reason) => perform(() => Promise.reject(reason)));
    else await perform(() => send({ opened: name }));
    if (!response || name !== location.hash.slice(1)) return;
  }
  if (name && !isReachable(name)) {
    show(place());
    showAddress();
    return;
  }
  if (currentView === (name || first)) return name === RESULT && showAddress();
  if (name === PREPARE) await perform(writeRequest); // first, because what it adds would move the buttons under a finger
  if (name !== location.hash.slice(1)) return;
  show(name || first);
  if (name === RESULT) showAddress();
}

const writeRequest = async () => (await loadLater()).prepare.refresh();

/** Shows the answers in the address: a case that this tab or the device has, or else that of a link. */
async function routeLink(link) {
  if (response && addresses().includes(link)) return showLinked(link);
  show();
  response = undefined; // it is of another case
  const choice = choiceOf(link);
  if (choice) own.takeLink();
  const next = nextEarly(choice);
  if (next) return location.replace(`#${next}`);
  await perform(async () => send({ link, known: await isKnown(link) })); // as it stands: the checker decodes and repairs it
  if (response && location.hash.slice(1) === link) showLinked(link);
}

function showLinked(link) {
  if (addresses().indexOf(link) > 0) {
    state.amounts = !state.amounts;
    own.persist();
    later.then(({ keep }) => keep.show(response), () => {});
  }
  show(place());
  showAddress();
}

/** Takes the case of the tab or the device if a link has its answers, or else begins a new one; returns whether it is known. */
async function isKnown(link) {
  if (state.addresses?.includes(link)) return true;
  const visited = history.state?.case;
  const stored = [state, own.onDevice()];
  const cases = stored.map(({ answers, case: number }) => ({ answers, visited: visited && number === visited }));
  const isEmpty = cases.every(({ answers }) => !answers.size);
  const { known } = isEmpty ? { known: null } : await ask("known", { link, cases });
  if (known === null) own.takeLink(visited);
  else if (known) own.take(stored[known]);
  return known !== null;
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

// ---- other cases

async function checkAnother() {
  reset();
  own.takeAnother();
  if (await send({ another: true })) advance();
}

/** Continues with the answers that are stored on the device: those from before a link, if there was one. */
async function resume() {
  own.take(state.previous && !state.linked && response ? state.previous : own.onDevice());
  welcome.hidden = await send();
  if (welcome.hidden) advance();
}

/** Removes what the views after the result have of the case. */
const reset = () => later?.then((modules) => modules.prepare.reset(), () => {});

function clear() {
  sends++;
  reset();
  own.remove();
  later?.then(({ result, keep }) => [result.clearResult(), keep.clear()], () => {});
  showAnswers([]);
  response = undefined;
  notices.replaceChildren();
  for (const part of all("[data-question]")) fields.fill(part);
  history.replaceState(null, "", location.pathname); // the address may hold answers
  show(first);
}

/** Clears the page if the case was deleted in another window. */
const clearIfDeleted = () => own.isDeleted() && clear();

on("reload", () => location.reload());
on("back", () => history.back());
on("another", () => perform(checkAnother));
on("clear", clear);
on("resume", () => perform(resume));
addEventListener("storage", clearIfDeleted);

// ---- start

taps.start();
fields.start(root);
addEventListener("hashchange", route);
addEventListener("pageshow", clearIfDeleted);
addEventListener("pageshow", refresh);
document.addEventListener("visibilitychange", refresh);
refreshAtMidnight();
document.documentElement.classList.replace("no-js", "js"); // inline/trusted_types.js does it sooner, if browsers run it
if (state.storedPictures) loadLater().catch(() => {}); // it deletes pictures whose time is over
if (location.hash) route();
else welcome.hidden = !state.answers.size;
root.dataset.started = ""; // last: a fault before this is one of the start
find(".check-unstarted").hidden = true; // check.css hides it, if it has loaded
if (!location.hash) self.checkFaults.early?.requestSubmit();
