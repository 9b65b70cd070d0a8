// Service worker: serves the site when there is no network, and stays out of the way when there is one. The build puts
// constants in front of this: the version, the hash of each file, the folders in which addresses name the content, and what
// the check page needs: LOADED when its checker answers, and LATER.
//
// Each version has a cache of its own, which holds every file before it is used. Over a slow or metered connection it holds
// the check page with all that this needs, and other pages as they are visited; nothing is fetched that the browser has.
// Files in hashed folders come from the cache; a page comes from the network, and from the cache only if that fails. So a
// page and all that it needs are always of one version, because its addresses lead to no other.

const TIMEOUT = 4000; // milliseconds to the start of a page's response, if the page is cached
const CACHE = `site ${registration.scope} ${VERSION}`;

let accepted = false; // whether the customer asked for this version

addEventListener("install", (event) => {
  // Where browsers support this, pages need not wait for the service worker. Their files do: their hashes are checked here.
  event.addRoutes?.([{ condition: { requestMode: "navigate" }, source: "race-network-and-fetch-handler" }]);
  event.waitUntil(precacheAll());
});

/** Caches every file, or none; over a slow or metered connection every file that the check page needs, or none. */
async function precacheAll() {
  try {
    await addMissing();
  } catch (error) {
    await caches.delete(CACHE);
    throw error;
  }
}

/** Caches the files that are missing. Rejects if one cannot be had that is needed. */
async function addMissing() {
  const cache = await caches.open(CACHE);
  const present = new Set((await cache.keys()).map(({ url }) => nameOf(url)));
  const pages = await clients.matchAll({ type: "window", includeUncontrolled: true });
  for (const name of new Set([...LOADED, ...Object.keys(FILES)])) {
    if (present.has(name)) continue;
    const visited = pages.map(({ url }) => url).filter((url) => nameOf(url) === name); // their queries may differ
    const response = await load(name, visited);
    if (response) await cache.put(name, response);
    else if (welcome() || LOADED.includes(name) || LATER.includes(name)) throw new Error(`not what the build made: ${name}`);
  }
}

/**
 * A file as the build made it: from any cache, or else from the network. Undefined if neither has it. Over a slow or metered
 * connection the network is asked only for what the check page has not loaded yet.
 */
async function load(name, visited) {
  const stored = [name, ...visited].map((url) => () => fetch(url, { cache: "only-if-cached", mode: "same-origin" }));
  const network = () => fetch(name, { cache: "no-cache", priority: "low" });
  for (const from of [() => caches.match(name), ...stored, network]) {
    if (from === network && !welcome() && !LATER.includes(name)) return;
    const response = await verify(await from().catch(() => {}), name);
    if (response) return response;
  }
}

/** The response if it has the hash of the file; otherwise undefined. */
async function verify(response, name) {
  if (!response?.ok) return;
  const bytes = await response.arrayBuffer();
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  if (btoa(String.fromCharCode(...hash)) !== FILES[name]) return;
  const headers = new Headers(response.headers);
  for (const header of ["Content-Encoding", "Content-Length"]) headers.delete(header); // the bytes are decoded
  return new Response(bytes, { headers });
}

addEventListener("message", ({ data }) => {
  accepted = data === "show";
  if (accepted) skipWaiting();
});

addEventListener("activate", (event) => event.waitUntil(takeOver()));

/** Deletes the caches of other versions, and reloads the pages if the customer asked for this version. */
async function takeOver() {
  for (const name of await caches.keys()) {
    if (name.startsWith(`site ${registration.scope} `) && name !== CACHE) await caches.delete(name);
  }
  if (!accepted) return;
  for (const page of await clients.matchAll({ type: "window" })) {
    if (Object.hasOwn(FILES, nameOf(page.url))) page.postMessage("reload"); // another site may be in a folder of this one
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
  if (request.method !== "GET" || !request.url.startsWith(registration.scope)) return;
  if (!Object.hasOwn(FILES, name)) {
    if (request.mode === "navigate") event.respondWith(fetch(request).catch(() => noFile(name, request)));
    return;
  }
  const isHashed = HASHED_FOLDERS.some((folder) => name.startsWith(folder));
  event.respondWith(isHashed ? cacheFirst(name, event) : networkFirst(name, event));
  if (request.mode === "navigate") event.waitUntil(repair());
});

/** The cached response. Any other page of this origin can write into the cache: a file with another hash is deleted. */
async function cached(name) {
  const cache = await caches.open(CACHE);
  const response = await verify(await cache.match(name), name);
  if (!response) await cache.delete(name);
  return response;
}

/** Caches a response from the network, if it is missing and of this version. */
async function add(name, response) {
  const cache = await caches.open(CACHE);
  if (await cache.match(name)) return;
  const verified = await verify(response, name);
  if (verified) await cache.put(name, verified);
}

/** Caches all missing files, when the page has started. Without a network the next page tries again. */
async function repair() {
  await new Promise((resolve) => setTimeout(resolve, TIMEOUT));
  if (welcome()) await addMissing().catch(() => {});
}

/** The answer to an address that is no file's: the page's own address if only the last slash is missing, or the page for it. */
async function noFile(name, { url }) {
  if (Object.hasOwn(FILES, `${name}/`)) return Response.redirect(url.replace(/(?=[?#]|$)/, "/"));
  const page = await cached(NOT_FOUND);
  return page ? new Response(page.body, { status: 404, headers: page.headers }) : Response.error();
}

const cacheFirst = async (name, event) => (await cached(name)) ?? fromNetwork(name, event);

/** From the network unless it fails or is slow. No navigation preload: if it fails, Firefox shows an error. */
async function networkFirst(name, event) {
  const response = fromNetwork(name, event);
  const timeout = new Promise((resolve) => setTimeout(resolve, TIMEOUT));
  const first = await Promise.race([response, timeout]).catch(() => {});
  return first?.status < 500 ? first : ((await cached(name)) ?? response);
}

/** The network's response, which is cached if it is missing. */
function fromNetwork(name, event) {
  const response = fetch(event.request);
  event.waitUntil(response.then((response) => add(name, response.clone())).catch(() => {}));
  return response;
}
