// The check page: one view at a time, named by the fragment of the address. It holds the answers, but no rule and no words:
// the checker decides which view is next, and all words are from the checker or from the page's HTML.

import { ask, perform } from "./checker.js";
import * as fields from "./fields.js";
import { all, copyText, download, element, find, focusOn, on, root, today } from "./page.js";
import * as prepare from "./prepare.js";
import { clearResult, section, showAnswers, showResult } from "./result.js";
import * as store from "./store.js";

const RESULT = "check-result";

const views = all("[data-view]");
const first = views[0].dataset.view;
const errors = find(".check-errors");
const welcome = find('[data-part="welcome"]');
const notices = find('[data-part="notices"]');
const title = document.title;

const state = store.load();
let response; // the checker's last response without errors
let responseDay; // its day
let currentView = first;
let fromLink = false; // whether the answers came by a link, while the customer's own are stored on the device

// ---- the checker's response to the answers

/** Sends the answers to the checker and shows its response; returns whether there are no errors. */
async function send(more) {
  const latest = await ask("answer", { answers: state.answers, ...more });
  clearErrors();
  if (latest.answers) {
    response = latest;
    responseDay = today();
    state.answers = new Map(Object.entries(response.answers));
    persist();
    showResponse();
  }
  showErrors(latest.errors);
  root.dispatchEvent(new CustomEvent("response", { detail: latest }));
  return !latest.errors.length;
}

function persist() {
  if (!fromLink) store.save(state);
}

/** Sends new answers of the customer, as pairs of question and answer. From now on all answers are the customer's own. */
function submit(pairs) {
  fromLink = false;
  const answers = new Map([...state.answers, ...pairs]);
  store.save({ ...state, answers }); // before the checker responds: it may be slow, or fail to load
  return send({ answers, asked: pairs.map(([question]) => question) });
}

function showResponse() {
  notices.replaceChildren(...response.notices.map((text) => element("li", text)));
  showAnswers(response.given);
  if (response.step) return;
  showResult(response);
  showLink();
  prepare.show(response);
  const estimates = response.explanation.sections.filter(({ id }) => id === "estimates");
  find(".check-estimate")?.replaceChildren(...estimates.map(section));
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
  if (name === "check-refund") for (const part of all("[data-question]", view)) fields.fill(part, state.answers.get(part.dataset.question));
  document.title = [view.dataset.title, title].join(" - ");
  find(".check-back").hidden = name === first && !location.hash;
  find(".check-answers").hidden = !response?.given.length || !(question(name) || name === RESULT);
  find(".check-share").hidden = name !== RESULT;
  welcome.hidden = !fromLink;
  find('[data-do="clear"]', welcome).hidden = fromLink; // the answers of a link can be cleared below
  focusOn(find("h2", view), root);
}

/** Whether the answers so far lead to the view. */
function isReachable(name) {
  if (!question(name)) return !response.step;
  return name === response.step || name === first || response.given.some(({ question }) => question === name);
}

let earlyView; // the view that was currentView before the checker had loaded

/** Shows the view after the first answer, if the page knows it, without waiting for the checker. */
function showNextEarly(name) {
  const chosen = find("input:checked[data-next]", question(name));
  if (response || !chosen || find("[data-notice]:not([hidden])") || [...state.answers.keys()].some((id) => id !== name)) return false;
  state.answers = new Map([[name, chosen.value]]);
  store.save(state);
  location.hash = earlyView = chosen.dataset.next;
  return true;
}

/** Shows the view of the address, or the answers of a link. */
async function route() {
  const name = location.hash.slice(1);
  if (name.includes("=")) {
    show();
    fromLink = store.load().answers.size > 0;
    if (fromLink) state.letter = {};
    await perform(() => send({ link: [...new URLSearchParams(name)] }));
    if (!response) return;
    show(place()); // before the address changes, which takes the browser some time
    return location.replace(`#${place()}`);
  }
  if (name && !views.some(({ dataset }) => dataset.view === name)) return; // an anchor on the page
  if (!response && name) {
    show(question(name) && name);
    if (name === earlyView) await send().catch((reason) => perform(() => Promise.reject(reason)));
    else await perform(() => send());
    if (!response || name !== location.hash.slice(1)) return;
  }
  if (name && !isReachable(name)) location.replace(`#${place()}`);
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

// ---- save and share

const link = find("#check-link");
const withAmounts = find("#check-link-amounts");

function showLink() {
  const pairs = new URLSearchParams(response.links[withAmounts.checked ? "amounts" : "plain"]);
  link.value = new URL(`#${pairs}`, location).href;
  find(".check-share .check-done").textContent = "";
}

async function copyLink() {
  const status = find(".check-share .check-done");
  status.textContent = (await copyText(link.value)) ? status.dataset.done : status.dataset.failed;
}

async function saveCalendar() {
  const { name, text } = await ask("calendar", { answers: state.answers, address: location.href });
  download(text, name, "text/calendar");
}

async function checkAnother() {
  state.letter = { order: state.letter.order };
  prepare.reset();
  if (await send({ another: true })) advance();
}

/** Continues with the answers that are stored on the device. */
async function resume() {
  fromLink = false;
  Object.assign(state, store.load());
  welcome.hidden = await send();
  if (welcome.hidden) advance();
}

function clear() {
  store.clear();
  Object.assign(state, { answers: new Map(), letter: {} });
  prepare.reset();
  fromLink = false;
  response = undefined;
  link.value = "";
  clearResult();
  notices.replaceChildren();
  for (const part of all("[data-question]")) fields.fill(part);
  history.pushState(null, "", location.pathname);
  show(first);
}

on("reload", () => location.reload());
on("back", () => history.back());
on("print", () => print());
on("copy-link", copyLink);
on("calendar", () => perform(saveCalendar));
on("another", () => perform(checkAnother));
on("clear", clear);
on("resume", () => perform(resume));
addEventListener("storage", ({ key, newValue }) => {
  if (key === store.KEY && newValue === null) clear(); // cleared in another window
});
withAmounts.addEventListener("input", showLink);

// ---- start

fields.start(root);
prepare.start({
  state,
  persist,
  submit: (...pairs) => perform(() => submit(pairs)),
});
addEventListener("hashchange", route);
addEventListener("pageshow", refresh);
document.addEventListener("visibilitychange", refresh);
refreshAtMidnight();
document.documentElement.classList.replace("no-js", "js"); // colours.js does it sooner, if it has loaded
root.dataset.started = "";
if (location.hash) route();
else welcome.hidden = !state.answers.size;
