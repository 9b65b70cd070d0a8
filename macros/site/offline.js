// Service worker: serves the site when there is no network, and stays out of the way when there is one. The build puts
// constants in front of this: the version, the hash of each file, and the folders in which addresses name the content.
//
// Each version has a cache of its own, which is filled completely before it is used. Files in hashed folders come from the
// cache; a page comes from the network, and from the cache only if that fails. So a page and all that it needs are always
// of one version, because its addresses lead to no other.

const TIMEOUT = 4000; // milliseconds to the start of a page's response, if the page is cached
const CACHE = `site ${registration.scope} ${VERSION}`;

let accepted = false; // whether the customer asked for this version

addEventListener("install", (event) => {
  // Where browsers support this, pages need not wait for the service worker. Their files do: their hashes are checked here.
  event.addRoutes?.([{ condition: { requestMode: "navigate" }, source: "race-network-and-fetch-handler" }]);
  event.waitUntil(precacheAll());
});

/** Caches every file, or none. */
async function precacheAll() {
  try {
    await addMissing();
  } catch (error) {
    await caches.delete(CACHE);
    throw error;
  }
}

/** Caches the files that are missing. */
async function addMissing() {
  const cache = await caches.open(CACHE);
  const present = new Set((await cache.keys()).map(({ url }) => nameOf(url)));
  for (const name of Object.keys(FILES)) if (!present.has(name)) await cache.put(name, await load(name));
}

/** A file as the build made it: from any cache, or else from the network. */
async function load(name) {
  for (const from of [() => caches.match(name), () => fetch(name, { cache: "no-cache", priority: "low" })]) {
    if (!welcome()) break;
    const response = await verify(await from(), name);
    if (response) return response;
  }
  throw new Error(`not what the build made: ${name}`);
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
  event.respondWith(isHashed ? cacheFirst(name, request) : networkFirst(name, request));
  if (request.mode === "navigate") event.waitUntil(repair());
});

/** The cached response. Any other page of this origin can write into the cache: a file with another hash is deleted. */
async function cached(name) {
  const cache = await caches.open(CACHE);
  const response = await verify(await cache.match(name), name);
  if (!response) await cache.delete(name);
  return response;
}

/** Caches deleted files again, when the page has started. Without a network the next page tries again. */
async function repair() {
  await new Promise((resolve) => setTimeout(resolve, TIMEOUT));
  await addMissing().catch(() => {});
}

/** The answer to an address that is no file's: the page's own address if only the last slash is missing, or the page for it. */
async function noFile(name, { url }) {
  if (Object.hasOwn(FILES, `${name}/`)) return Response.redirect(url.replace(/(?=[?#]|$)/, "/"));
  const page = await cached(NOT_FOUND);
  return page ? new Response(page.body, { status: 404, headers: page.headers }) : Response.error();
}

const cacheFirst = async (name, request) => (await cached(name)) ?? fetch(request);

/** From the network unless it fails or is slow. No navigation preload: if it fails, Firefox shows an error. */
async function networkFirst(name, request) {
  const response = fetch(request);
  const timeout = new Promise((resolve) => setTimeout(resolve, TIMEOUT));
  const first = await Promise.race([response, timeout]).catch(() => {});
  return first?.status < 500 ? first : ((await cached(name)) ?? response);
}
