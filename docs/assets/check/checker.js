// Calls of the checker in its worker, and the notices for a customer while it does not respond.

import { all, find, focusOn, json, root, today } from "./page.js";

// The scripts of the page's own HTML, by what they make: some hosts change the HTML, and browsers then do not run them.
const INLINE = { trustedTypesPolicy: "trusted_types", checkFaults: "faults", checkerWorker: "start_worker" };
let changed;
for (const [name, script] of Object.entries(INLINE)) if ((changed ||= !self[name])) await import(`../inline/${script}.js`);

const UPDATED = Symbol("the page has another policy than the checker");
const LATE = 8000; // milliseconds until a waiting customer is shown an alternative

const notices = all("[data-notice]");
const waiting = find(".check-waiting span");
const progress = find(".check-loading");
const { digest } = root.dataset;
let ready = false;
let pending = 0; // actions of the customer that are not finished
let calls = 0;

/** Rejects when the worker breaks: no call is answered any more then. */
const failure = self.checkerWorker.then(
  (worker) => new Promise((_, reject) => (worker.onerror = worker.onmessageerror = reject)),
);
failure.catch(() => {}); // handled where it is awaited

/** The worker's response. Rejects if it fails; stays pending until it comes. */
const call = (name, argument) => notifyIfLate(send(name, argument));

async function send(name, argument) {
  const worker = await self.checkerWorker; // inline/start_worker.js starts it before this module is loaded
  const id = ++calls;
  const response = new Promise((resolve, reject) => {
    worker.addEventListener("message", function listen({ data }) {
      if (data.id !== id) return;
      worker.removeEventListener("message", listen);
      "error" in data ? reject(new Error(data.error)) : resolve(data.value);
    });
  });
  worker.postMessage({ id, name, argument }, argument?.bytes ? [argument.bytes.buffer] : []); // moved, not copied
  return Promise.race([response, failure]);
}

/** The same promise; shows a notice while it takes long. */
async function notifyIfLate(promise) {
  const timer = setTimeout(notify, LATE, "late");
  try {
    const value = await promise;
    notify();
    return value;
  } finally {
    clearTimeout(timer);
  }
}

/** Shows one of the notices, or none. */
function notify(name) {
  if (!name && !document.querySelector("[data-started]")) return; // a script of the page has failed, and faults.js says why
  if (notices.some(({ hidden, dataset }) => !hidden && dataset.notice === name)) return; // it would take the focus again
  for (const notice of notices) notice.hidden = notice.dataset.notice !== name;
  if (pending) announce();
}

/** Shows progress, or focuses the notice that blocks the answer. */
function announce() {
  const notice = notices.find(({ hidden }) => !hidden);
  waiting.hidden = ready || !pending || Boolean(notice); // a ready checker responds at once
  progress.hidden = waiting.hidden || !find("progress", progress).value;
  if (notice) focusOn(notice);
}

/** Shows the loaded bytes of the checker, to a customer who waits. */
function showProgress({ loaded, total }) {
  const megabytes = (bytes) => (bytes / 1e6).toFixed(1);
  Object.assign(find("progress", progress), { max: total, value: loaded });
  const text = find("span", progress);
  text.textContent = text.dataset.text.replace("{loaded}", megabytes(loaded)).replace("{total}", megabytes(total));
  progress.hidden = waiting.hidden;
}

self.checkerWorker.then((worker) => worker.addEventListener("message", ({ data }) => data.loaded && showProgress(data)), () => {});
const started = call("started");
started.then(() => (ready = true), fail);

/** Shows a notice that names the cause. */
async function fail(reason) {
  if (reason === UPDATED) return notify("updated");
  console.error(reason);
  notify(await self.checkFaults.find(!ready));
}

/** Runs an action of the customer: shows that it is pending, and a notice if it fails. Never rejects. */
export async function perform(action) {
  pending++;
  announce();
  try {
    return await action();
  } catch (reason) {
    await fail(reason);
  } finally {
    pending--;
    waiting.hidden = progress.hidden = true;
  }
}

/** The checker's response to a call of its API. Rejects if the page has another policy. */
export async function ask(what, parameters) {
  await started;
  const response = JSON.parse(await call("ask", { what, parameters: json({ ...parameters, today: today(), digest }) }));
  if (response.updated) throw UPDATED;
  return response;
}

export const write = (path, bytes) => call("write", { path, bytes });
export const read = (path) => call("read", { path });
export const remove = (path) => call("remove", { path });
