// Serves the site when there is no network, and stays out of the way when there is one. The build puts in front of this
// which version it is, the hash of each file of it, and the folders in which files are named by their content.
//
// A version has a cache of its own, which is filled wholly before it counts. What is named by its content may come from
// anywhere; a page comes from the network, and from here only where that fails. So a page and all that it needs are always
// of one version, whichever it is: its own addresses lead to nothing else.

const PATIENCE = 4000; // milliseconds that a page may take to begin, when we have it too
const CACHE = `site ${registration.scope} ${VERSION}`;

let accepted = false; // whether the customer has asked for this version

addEventListener("install", (event) => {
  // Where browsers know this, no page waits for us. What a page needs does: it comes from here with its hash checked.
  event.addRoutes?.([{ condition: { requestMode: "navigate" }, source: "race-network-and-fetch-handler" }]);
  event.waitUntil(keepAll());
});

/** Keeps every file, or none. */
async function keepAll() {
  try {
    await complete();
  } catch (error) {
    await caches.delete(CACHE);
    throw error;
  }
}

/** Keeps the files that are not there yet, or no longer. */
async function complete() {
  const cache = await caches.open(CACHE);
  const there = new Set((await cache.keys()).map(({ url }) => nameOf(url)));
  for (const name of Object.keys(FILES)) if (!there.has(name)) await cache.put(name, await fetched(name));
}

/** A file as the build made it: from what the browser has kept of it, else from the network. */
async function fetched(name) {
  for (const from of [() => caches.match(name), () => fetch(name, { cache: "no-cache", priority: "low" })]) {
    if (!welcome()) break;
    const response = await checked(await from(), name);
    if (response) return response;
  }
  throw new Error(`not what the build made: ${name}`);
}

/** The response, if its bytes are those that the build made of this file. */
async function checked(response, name) {
  if (!response?.ok) return;
  const bytes = await response.arrayBuffer();
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  if (btoa(String.fromCharCode(...hash)) !== FILES[name]) return;
  const headers = new Headers(response.headers);
  for (const of of ["Content-Encoding", "Content-Length"]) headers.delete(of); // the bytes are unpacked
  return new Response(bytes, { headers });
}

addEventListener("message", ({ data }) => {
  accepted = data === "show";
  if (accepted) skipWaiting();
});

addEventListener("activate", (event) => event.waitUntil(takeOver()));

/** Leaves nothing of other versions, and shows this one where it was asked for. */
async function takeOver() {
  for (const name of await caches.keys()) {
    if (name.startsWith(`site ${registration.scope} `) && name !== CACHE) await caches.delete(name);
  }
  if (!accepted) return;
  for (const page of await clients.matchAll({ type: "window" })) {
    if (Object.hasOwn(FILES, nameOf(page.url))) page.postMessage("reload"); // another site may stand below this one
  }
}

/** The name of the file at an address of this site. */
function nameOf(address) {
  const [path] = address.split(/[?#]/);
  return path.slice(registration.scope.length).replace(/(^|\/)index\.html$/, "$1") || "./";
}

addEventListener("fetch", (event) => {
  const { request } = event;
  const name = nameOf(request.url);
  if (request.method !== "GET" || !request.url.startsWith(registration.scope) || !Object.hasOwn(FILES, name)) return;
  event.respondWith(NAMED.some((folder) => name.startsWith(folder)) ? named(name, request) : newest(name, request));
  if (request.mode === "navigate") event.waitUntil(mend());
});

/** What is kept of a file. Any other page of this origin can write into it: what is not ours is dropped. */
async function kept(name) {
  const cache = await caches.open(CACHE);
  const found = await checked(await cache.match(name), name);
  if (!found) await cache.delete(name);
  return found;
}

/** Keeps again what was dropped, when the page has started. Without a network it is tried at the next page. */
async function mend() {
  await new Promise((resolve) => setTimeout(resolve, PATIENCE));
  await complete().catch(() => {});
}

const named = async (name, request) => (await kept(name)) ?? fetch(request);

/** From the network, unless it fails or takes long. No navigation preload: with a broken one Firefox shows an error. */
async function newest(name, request) {
  const answer = fetch(request);
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE));
  const come = await Promise.race([answer, late]).catch(() => {});
  return come?.status < 500 ? come : ((await kept(name)) ?? answer);
}
