// The check page: sends the answers to the checker in its worker, and shows what it says.
// It knows no rule and no sentence: those come from the checker and from the form's HTML.

const PATIENCE = 8000; // milliseconds until a customer who waits is shown another way

const root = document.querySelector(".check");
const find = (selector) => root.querySelector(selector);
const form = find("form");
const errors = find(".check-errors");
const result = find(".check-result");
const waiting = find(".check-waiting span");
const notices = [...root.querySelectorAll("[data-notice]")];
const title = document.title;
let asking = false;
let shownOn; // the day on which the result that is shown was decided

// ---- the checker in its worker

const site = new URL("..", import.meta.url);
const worker = new Worker(new URL("check-worker.js", import.meta.url), { type: "module" });
const broken = new Promise((_, reject) => {
  worker.onerror = worker.onmessageerror = reject;
});
let calls = 0;

/** What the worker replies. Rejects when it cannot; stays open as long as it does not. */
function call(name, argument) {
  const id = ++calls;
  const reply = new Promise((resolve, reject) => {
    worker.addEventListener("message", function listen({ data }) {
      if (data.id !== id) return;
      worker.removeEventListener("message", listen);
      "error" in data ? reject(new Error(data.error)) : resolve(data.value);
    });
  });
  worker.postMessage({ id, name, argument });
  return patiently(Promise.race([reply, broken]));
}

/** The same promise. The customer is told when it takes long. */
async function patiently(promise) {
  const timer = setTimeout(notify, PATIENCE, "late");
  try {
    const value = await promise;
    notify();
    return value;
  } finally {
    clearTimeout(timer);
  }
}

function fail(reason) {
  console.error(reason);
  notify("failed");
}

/** Shows one of the notices, or none. */
function notify(name) {
  for (const notice of notices) notice.hidden = notice.dataset.notice !== name;
  if (asking) announce();
}

/** Who waits for an answer sees that it is coming, or is led to what stands in its way. */
function announce() {
  const notice = notices.find(({ hidden }) => !hidden);
  waiting.hidden = Boolean(notice);
  if (notice) lead(notice);
}

/** Brings the focus to a part of the page, with what surrounds it in view. */
function lead(node, around = node) {
  around.scrollIntoView();
  node.focus({ preventScroll: true });
}

const started = call("start", {
  runtime: new URL(root.dataset.runtime, site).href,
  checker: new URL(root.dataset.checker, site).href,
});
started.catch(fail);

// ---- the answers

/** The answers by question; a question without an answer is left out. */
function answers() {
  const given = {};
  for (const question of root.querySelectorAll("[data-question]")) {
    const fields = [...question.querySelectorAll("input")];
    const values = fields.filter(isAnswered).map(value);
    if (values.length) given[question.dataset.question] = fields[0].type === "checkbox" ? values : values[0];
  }
  return given;
}

const isAnswered = (field) => (isChoice(field) ? field.checked : value(field) !== "");
const isChoice = (field) => field.type === "radio" || field.type === "checkbox";

// The value of a date that is half typed is empty; false is an answer that the checker refuses.
const value = (field) => !field.validity.badInput && field.value.trim();

/** A date and the choices beside it rule each other out. */
function keepOne({ target }) {
  for (const field of target.closest("[data-question]").querySelectorAll("input")) {
    if (field.type === target.type) continue;
    if (target.type === "radio") field.value = "";
    else field.checked = false;
  }
}

/** The device's own day: toISOString gives the day in Greenwich. */
function today() {
  const now = new Date();
  return new Date(now - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
}

// ---- what the checker says

function element(name, ...content) {
  const node = document.createElement(name);
  node.append(...content);
  return node;
}

/** A link to a clause, if there is one. */
const cite = (clause) =>
  clause && find("template").content.querySelector(`[data-clause="${CSS.escape(clause)}"]`)?.cloneNode(true);

/** A heading and its list. A clause that says all of it is cited once; one whose title is the line is the line. */
function section({ id, heading, folded, items: [first, ...others] }) {
  const shared = others.length > 0 && others.every(({ clause }) => clause === first.clause) && cite(first.clause);
  const lines = [first, ...others].map(({ text, clause, note }) => {
    const link = !shared && cite(clause);
    const item = element("li", link?.textContent === text ? link : text);
    if (note) item.append(element("p", note));
    if (link && !item.contains(link)) item.append(" ", element("small", link));
    return item;
  });
  const list = element("ul", ...lines);
  const part = folded
    ? element("details", element("summary", heading), list)
    : element("section", element("h3", heading), list);
  if (folded) part.className = "check-fold";
  if (shared) part.append(element("small", shared));
  part.dataset.section = id;
  return part;
}

function showResult({ tone, title, text, sections }) {
  const [outcome, rest] = result.children;
  const [heading, paragraph] = outcome.children;
  outcome.dataset.tone = tone;
  heading.querySelector("span").textContent = title;
  paragraph.textContent = text;
  rest.replaceChildren(...sections.map(section));
  result.hidden = false;
  shownOn = today();
  lead(heading, result);
}

function showErrors(found) {
  document.title = root.dataset.errorPrefix + title;
  errors.querySelector("ul").replaceChildren(
    ...found.map(({ question, message }) => {
      if (!question) return element("li", message);
      const field = mark(question, message);
      const link = element("a", message);
      link.href = `#${question}`;
      link.addEventListener("click", (event) => {
        event.preventDefault();
        lead(field, field.closest("[data-question]"));
      });
      return element("li", link);
    }),
  );
  errors.hidden = false;
  lead(errors);
}

/** Puts the message beside its question, and opens the fold that it is in. Gives the question's first field. */
function mark(question, message) {
  const place = document.getElementById(`${question}--error`);
  const field = document.getElementById(question);
  place.textContent = message;
  place.hidden = false;
  if (!isChoice(field)) field.ariaInvalid = "true";
  const fold = field.closest("details");
  if (fold) fold.open = true;
  return field;
}

/** Takes back all that was said: it does not fit the answers any more. */
function clear() {
  document.title = title;
  result.hidden = errors.hidden = true;
  for (const place of root.querySelectorAll(".check-error")) {
    place.hidden = true;
    place.textContent = "";
  }
  for (const field of root.querySelectorAll("[aria-invalid]")) field.ariaInvalid = null;
}

async function check() {
  await started;
  const request = { answers: answers(), today: today(), digest: root.dataset.digest };
  const json = await call("answer", JSON.stringify(request));
  const { updated, errors, explanation } = JSON.parse(json);
  clear();
  if (updated) notify("updated");
  else if (errors) showErrors(errors);
  else showResult(explanation);
  root.dispatchEvent(new CustomEvent("verdict", { detail: json }));
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  asking = true;
  announce();
  await check().catch(fail);
  asking = false;
  waiting.hidden = true;
});

/** A day later the days left are others: an answer that stayed on the screen overnight is decided anew. */
function decideAnew() {
  if (!document.hidden && !result.hidden && shownOn !== today()) form.requestSubmit();
}
document.addEventListener("visibilitychange", decideAnew);
addEventListener("pageshow", decideAnew);

form.addEventListener("reset", () => {
  clear();
  lead(form.querySelector("input"), root);
});
form.addEventListener("input", (event) => {
  result.hidden = true;
  keepOne(event);
});
find("[data-notice] button").addEventListener("click", () => location.reload());
find(".actions").hidden = false;
