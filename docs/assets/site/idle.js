// What a page does for later visits, once it has loaded and the browser is idle: it prefetches what the check page needs,
// and registers the service worker sw.js, which caches the whole site for use without a network. Neither over a slow or
// metered connection.

import { welcome } from "./connection.js";

const MAX_DELAY = 10_000; // milliseconds: some browsers are never idle
const CALL_ID = "offline"; // of our one call of the checker's worker
const DELAY = 2000; // milliseconds: during a first answer, caching would take a fifth of its time
const site = new URL("../../..", import.meta.url);

/** On the check page: waits until its checker has started, and has answered its first call. */
async function checkerStarted(worker) {
  await new Promise((resolve) => {
    worker.addEventListener("message", ({ data }) => data.id === CALL_ID && resolve());
    worker.postMessage({ id: CALL_ID, name: "started" });
  });
  await new Promise((resolve) => setTimeout(resolve, DELAY));
}

async function prepareForLater() {
  if (!self.trustedTypesPolicy) await import("../inline/trusted_types.js"); // a host has changed the page's own script
  if (self.checkerWorker) await checkerStarted(await self.checkerWorker);
  else if (welcome()) await (await import("./prefetch.js")).prefetchAll(site).catch(() => {});
  if (!welcome() || !document.querySelector("script[data-offline]")) return;
  await navigator.serviceWorker?.register(self.trustedTypesPolicy.createScriptURL(new URL("sw.js", site)));
}

function start() {
  const idle = window.requestIdleCallback ?? ((run) => setTimeout(run, 1000));
  idle(() => prepareForLater().catch(() => {}), { timeout: MAX_DELAY });
}

if (document.readyState === "complete") start();
else addEventListener("load", start);
