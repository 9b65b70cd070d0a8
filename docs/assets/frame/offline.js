// Lets the browser keep the whole site for a time without a network: sw.js does that. Not over a connection that is slow
// or has a price, and not before the page has all that it came for.

import { welcome } from "./connection.js";
import { whenIdle } from "./idle.js";

const OURS = "offline"; // names our one message to the checker's worker
const LATER = 2000; // milliseconds after which a first answer has come, from which this would take a fifth of its time

/** On the check page: when its checker has started, and has answered what it was asked. */
async function checkerStarted() {
  const worker = await self.checkerWorker;
  if (!worker) return;
  await new Promise((resolve) => {
    worker.addEventListener("message", ({ data }) => data.id === OURS && resolve());
    worker.postMessage({ id: OURS, name: "started" });
  });
  await new Promise((resolve) => setTimeout(resolve, LATER));
}

whenIdle(async () => {
  await checkerStarted();
  if (welcome()) await navigator.serviceWorker?.register(self.trustedScripts.createScriptURL(new URL("../../../sw.js", import.meta.url)));
});
