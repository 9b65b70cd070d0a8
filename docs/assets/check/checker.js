// The checker in its worker: what is asked of it, and what a customer is shown while it does not answer.

import { all, find, json, lead, root, today } from "./page.js";

const UPDATED = Symbol("the page is of another policy than the checker");
const PATIENCE = 8000; // milliseconds until a customer who waits is shown another way

const notices = all("[data-notice]");
const waiting = find(".check-waiting span");
const progress = find(".check-progress");
const { digest } = root.dataset;
let ready = false;
let asking = 0;
let calls = 0;

/** Rejects when the worker breaks: then no call is answered any more. */
const broken = self.checkerWorker.then(
  (worker) => new Promise((_, reject) => (worker.onerror = worker.onmessageerror = reject)),
);
broken.catch(() => {}); // whoever calls hears of it

/** What the worker replies. Rejects when it cannot; stays open as long as it does not. */
const call = (name, argument) => patiently(replied(name, argument));

async function replied(name, argument) {
  const worker = await self.checkerWorker; // the page called it before there was anything else
  const id = ++calls;
  const reply = new Promise((resolve, reject) => {
    worker.addEventListener("message", function listen({ data }) {
      if (data.id !== id) return;
      worker.removeEventListener("message", listen);
      "error" in data ? reject(new Error(data.error)) : resolve(data.value);
    });
  });
  worker.postMessage({ id, name, argument });
  return Promise.race([reply, broken]);
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

/** Shows one of the notices, or none. */
function notify(name) {
  for (const notice of notices) notice.hidden = notice.dataset.notice !== name;
  if (asking) announce();
}

/** Who waits for an answer sees that it is coming, or is led to what stands in its way. */
function announce() {
  const notice = notices.find(({ hidden }) => !hidden);
  waiting.hidden = ready || !asking || Boolean(notice); // a checker that is there answers at once: no word of waiting
  progress.hidden = waiting.hidden || !find("progress", progress).value;
  if (notice) lead(notice);
}

/** How much of the checker has come, in bytes. Only who waits for an answer is shown it. */
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

function fail(reason) {
  if (reason === UPDATED) return notify("updated");
  console.error(reason);
  notify("failed");
}

/** Runs what a customer asked for: what cannot be done is told, and nothing is thrown. */
export async function doing(work) {
  asking++;
  announce();
  try {
    return await work();
  } catch (reason) {
    fail(reason);
  } finally {
    asking--;
    waiting.hidden = progress.hidden = true;
  }
}

/** What the checker says to a request. A page of another policy gets no answer. */
export async function ask(what, request) {
  await started;
  const reply = JSON.parse(await call("ask", { what, request: json({ ...request, today: today(), digest }) }));
  if (reply.updated) throw UPDATED;
  return reply;
}

export const write = (path, bytes) => call("write", { path, bytes });
export const read = (path) => call("read", { path });
export const remove = (path) => call("remove", { path });
