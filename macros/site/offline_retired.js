// Deletes what an earlier version of this site cached. A browser with an earlier sw.js fetches this in its place, the next
// time that somebody opens a page.

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(retire()));

async function retire() {
  for (const name of await caches.keys()) {
    if (name.startsWith(`site ${registration.scope} `) || name === `check ${registration.scope}`) await caches.delete(name);
  }
  await registration.unregister();
}
