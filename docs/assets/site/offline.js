// Registers the service worker sw.js, which caches the whole site for use without a network. Not over a slow or metered
// connection, and not before the page has all that it needs.

import { welcome } from "./connection.js";
import { whenIdle } from "./idle.js";

const CALL_ID = "offline"; // of our one call of the checker's worker
const DELAY = 2000; // milliseconds: during a first answer, caching would take a fifth of its time

/** On the check page: waits until its checker has started, and has answered its first call. */
async function checkerStarted() {
  const worker = await self.checkerWorker;
  if (!worker) return;
  await new Promise((resolve) => {
    worker.addEventListener("message", ({ data }) => data.id === CALL_ID && resolve());
    worker.postMessage({ id: CALL_ID, name: "started" });
  });
  await new Promise((resolve) => setTimeout(resolve, DELAY));
}

whenIdle(async () => {
  await checkerStarted();
  if (welcome()) await navigator.serviceWorker?.register(self.trustedTypesPolicy.createScriptURL(new URL("../../../sw.js", import.meta.url)));
});
