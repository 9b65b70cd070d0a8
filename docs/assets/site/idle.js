// What a page does for later visits, once it has loaded and the browser is idle: it prefetches what the check page needs,
// and registers the service worker sw.js, which caches the site for use without a network. Over a slow or metered connection
// it does the latter alone, once the checker has answered: sw.js then takes what the browser has.

import { welcome } from "./connection.js";

const MAX_DELAY = 10_000; // milliseconds: some browsers are never idle
const CALL_ID = "offline"; // of our one call of the checker's worker
const DELAY = 2000; // milliseconds: during a first answer, caching would take a fifth of its time
const site = new URL("../../..", import.meta.url);
const answered = new Promise((resolve) => document.querySelector(".check")?.addEventListener("response", resolve));

/** On the check page: waits until its checker has started, and has answered its first call. */
async function checkerStarted(worker) {
  await new Promise((resolve) => {
    worker.addEventListener("message", ({ data }) => data.id === CALL_ID && resolve());
    worker.postMessage({ id: CALL_ID, name: "started" });
  });
  await new Promise((resolve) => setTimeout(resolve, DELAY));
}

/** On the other pages: one file after the other. Errors are ignored, as the check page fetches what is missing. */
async function prefetchAll() {
  const { prefetch: files } = await (await fetch(new URL("bundle.json", site), { priority: "low" })).json();
  for (const address of files.map((file) => new URL(file, site))) {
    if (!welcome() || address.origin !== location.origin) return; // the connection may have changed
    await prefetch(address);
  }
}

/** Puts a file into the browser's cache. A link costs the page no work of its own, but WebKit does not support it. */
function prefetch(address) {
  const link = document.createElement("link");
  if (!link.relList.supports("prefetch")) return fetch(address, { priority: "low" }).then((response) => response.blob());
  return new Promise((resolve) => {
    link.onload = link.onerror = resolve;
    link.rel = "prefetch";
    link.href = address;
    document.head.append(link);
  });
}

async function prepareForLater() {
  if (!self.trustedTypesPolicy) await import("../inline/trusted_types.js"); // a host has changed the page's own script
  if (self.checkerWorker) {
    if (!welcome()) await answered;
    await checkerStarted(await self.checkerWorker);
  } else {
    if (welcome()) await prefetchAll().catch(() => {});
    if (!welcome()) return;
  }
  if (!document.querySelector("script[data-offline]")) return;
  await navigator.serviceWorker?.register(self.trustedTypesPolicy.createScriptURL(new URL("sw.js", site)));
}

function start() {
  const idle = window.requestIdleCallback ?? ((run) => setTimeout(run, 1000));
  idle(() => prepareForLater().catch(() => {}), { timeout: MAX_DELAY });
}

if (document.readyState === "complete") start();
else addEventListener("load", start);
