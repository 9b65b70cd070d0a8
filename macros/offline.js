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
  // Where browsers know this, none waits for us: neither for a page nor for anything that it needs.
  event.addRoutes?.([
    ...NAMED.map((folder) => ({ condition: { urlPattern: `${folder}*` }, source: { cacheName: CACHE } })),
    { condition: { requestMode: "navigate" }, source: "race-network-and-fetch-handler" },
  ]);
  event.waitUntil(keepAll());
});

/** Keeps every file, or none. */
async function keepAll() {
  try {
    const cache = await caches.open(CACHE);
    for (const [name, sha256] of Object.entries(FILES)) await cache.put(name, await fetched(name, sha256));
  } catch (error) {
    await caches.delete(CACHE);
    throw error;
  }
}

/** A file as the build made it: from what the browser has kept of it, else from the network. */
async function fetched(name, sha256) {
  for (const from of [() => caches.match(name), () => fetch(name, { cache: "no-cache", priority: "low" })]) {
    if (!welcome()) break;
    const response = await from();
    if (!response?.ok) continue;
    const bytes = await response.arrayBuffer();
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    if (btoa(String.fromCharCode(...hash)) !== sha256) continue;
    const headers = new Headers(response.headers);
    for (const of of ["Content-Encoding", "Content-Length"]) headers.delete(of); // the bytes are unpacked
    return new Response(bytes, { headers });
  }
  throw new Error(`not what the build made: ${name}`);
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
  if (accepted) for (const page of await clients.matchAll({ type: "window" })) page.postMessage("reload");
}

addEventListener("fetch", (event) => {
  const { request } = event;
  const [path] = request.url.split(/[?#]/);
  if (request.method !== "GET" || !path.startsWith(registration.scope)) return;
  const name = path.slice(registration.scope.length).replace(/(^|\/)index\.html$/, "$1") || "./";
  if (!(name in FILES)) return;
  event.respondWith(NAMED.some((folder) => name.startsWith(folder)) ? named(name, request) : newest(name, request));
});

const kept = async (name) => (await caches.open(CACHE)).match(name);

const named = async (name, request) => (await kept(name)) ?? fetch(request);

/** From the network, unless it fails or takes long. No navigation preload: with a broken one Firefox shows an error. */
async function newest(name, request) {
  const answer = fetch(request);
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE));
  const come = await Promise.race([answer, late]).catch(() => {});
  return come?.status < 500 ? come : ((await kept(name)) ?? answer);
}
