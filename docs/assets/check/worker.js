// Runs the checker. A call is {id, name, argument}, its response {id, value} or {id, error}. Parameters and responses of the
// checker API are strings of JSON; pictures and the case file are files in Python's file system.
//
// Python starts from the snapshot that the build took. Without one, or if that start fails, it starts from its sources: the
// runtime and the checker's wheel, as Pyodide documents it. No call restarts it.

const TIMEOUT = 15_000; // milliseconds for the start once all parts are loaded: slow phones take seconds

const folders = JSON.parse(self.name); // absolute addresses
const SITE = new URL("../../../", folders.snapshot).href; // caches are shared with other sites of the origin
const CACHE = `check ${SITE}`;
let python, api;
let cacheSnapshot; // called once, after the first answer

const calls = {
  started: () => started,
  async ask({ what, parameters }) {
    return api[what](parameters);
  },
  write: ({ path, bytes }) => python.FS.writeFile(path, bytes, { canOwn: true }),
  read: ({ path }) => python.FS.readFile(path),
  remove: ({ path }) => python.FS.unlink(path),
};

onmessage = async ({ data: { id, name, argument } }) => {
  try {
    const value = await calls[name](argument);
    postMessage({ id, value }, value?.buffer ? [value.buffer] : []); // moved, not copied
  } catch (error) {
    postMessage({ id, error: String(error) });
  }
  if (name === "ask") cacheSnapshot = cacheSnapshot?.().catch(() => {}) && undefined; // caches may be full or blocked
};

postMessage({}); // the worker runs

const started = startFromSnapshot(self.snapshotParts)
  .catch((error) => {
    console.info("The checker starts from its sources:", error);
    self.caches?.delete(CACHE).catch(() => {}); // it may be the cause
    return startFromSources();
  })
  .then((instance) => {
    python = instance;
    api = python.pyimport("checker.web.api");
  });
started.catch(() => {}); // handled where it is awaited

// ---- from the snapshot

/**
 * Starts from parts that are being fetched: the WebAssembly, which is compiled meanwhile, and the snapshot. Nothing of a part
 * runs before its hash is verified. Rejects if a part is missing or has another hash, and if the start takes too long.
 */
async function startFromSnapshot(fetches) {
  if (!self.snapshot || !self.crypto.subtle) throw new Error("no snapshot, or no way to verify it");
  const { start, SHA256, SIZES } = self.snapshot; // macros/runtime/snapshot/snapshot.py puts it in front of this script
  const report = progressReporter(SIZES["../python.wasm"] + SIZES["snapshot.bin"]);
  const parts = fetches.map(async (part) => verify(await part, SHA256, SIZES, report));
  for (const part of parts) part.catch(() => {}); // handled where it is awaited
  const [wasm, snapshot] = parts;
  const instance = start({ module: wasm.then(({ module }) => module), difference: snapshot.then(({ bytes }) => bytes) });
  const timeout = Promise.all(parts).then(() => new Promise((_, reject) => setTimeout(reject, TIMEOUT, new Error("too late"))));
  const python = await Promise.race([instance, timeout]);
  timeout.catch(() => {});
  const cache = await self.caches?.open(CACHE).catch(() => {});
  cacheSnapshot = cache && (async () => cacheParts(await Promise.all(parts), cache));
  return python;
}

/**
 * The part, once its bytes are those that the build made. Any other page of this origin can write into caches: an entry with
 * another hash is deleted, and fetched again.
 */
async function verify(part, sha256, sizes, report) {
  const { name, href, cached, response } = part;
  try {
    const bytes = await (part.bytes ?? read(response.body, sizes[name], report));
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    if (btoa(String.fromCharCode(...hash)) !== sha256[name]) throw new Error(`not what the build made: ${href}`);
    const module = part.module && (await part.module.catch(() => WebAssembly.compile(bytes))); // a host may not know its type
    return { ...part, bytes, module };
  } catch (error) {
    if (!cached) throw error;
    for (const cache of await caches.keys()) await (await caches.open(cache)).delete(href);
    return verify(await self.fetchPart(name, true), sha256, sizes, report);
  }
}

/** All bytes of a stream, at most `size`. Reports the length of each chunk. */
async function read(stream, size, report) {
  const bytes = new Uint8Array(size);
  const reader = stream.getReader();
  for (let at = 0; ; ) {
    const { done, value } = await reader.read();
    if (done) return bytes.buffer;
    bytes.set(value, at);
    at += value.length;
    report(value.length);
  }
}

/** A function that adds up loaded bytes, and posts the sum to the page at each percent of the total. */
function progressReporter(total) {
  let loaded = 0;
  let posted = 0;
  return (more) => {
    loaded += more;
    if (loaded - posted < total / 100) return;
    posted = loaded;
    postMessage({ loaded, total });
  };
}

/**
 * Caches the parts uncompressed: the browser's HTTP cache would decompress them on each visit. Deletes other entries, and
 * those that sw.js has in its cache.
 */
async function cacheParts(parts, cache) {
  for (const { href, cached, response, bytes } of parts) {
    const headers = { "Content-Type": response.headers.get("Content-Type") };
    if (!cached) await cache.put(href, new Response(bytes, { headers }));
  }
  const addresses = parts.map(({ href }) => href);
  const names = (await caches.keys()).filter((name) => name.startsWith(`site ${SITE} `));
  const others = await Promise.all(names.map((name) => caches.open(name)));
  for (const request of await cache.keys()) {
    const elsewhere = await Promise.all(others.map((other) => other.match(request)));
    if (elsewhere.some(Boolean) || !addresses.includes(request.url)) await cache.delete(request);
  }
}

// ---- from the sources

async function startFromSources() {
  const { runtime, checker } = folders;
  const failure = watchFailures();
  // Pyodide calls this to see whether it runs in a module. The browser's own function throws too, but reports a violation.
  self.importScripts = () => {
    throw new TypeError("a module imports");
  };
  await Promise.race([failure, verifySources([runtime, checker])]);
  const { loadPyodide } = await import(`${runtime}pyodide.mjs`);
  const instance = loadPyodide({
    indexURL: runtime,
    lockFileURL: `${checker}pyodide-lock.json`,
    packageBaseUrl: checker, // else Pyodide asks a CDN for a missing wheel
    packages: ["aftersales-checker"],
  });
  return Promise.race([failure, instance]);
}

/** Fetches all that Pyodide will ask for, and rejects if a file has another hash: Pyodide does not verify hashes. */
async function verifySources(folders) {
  const { integrity } = await (await fetch(`${SITE}bundle.json`, { cache: "no-cache" })).json();
  const files = Object.entries(integrity).filter(([name]) => folders.some((folder) => `${SITE}${name}`.startsWith(folder)));
  await Promise.all(files.map(async ([name, integrity]) => (await fetch(`${SITE}${name}`, { integrity })).arrayBuffer()));
}

/** Rejects if a fetch or a compilation of Pyodide fails: loadPyodide itself would never settle. */
function watchFailures() {
  const failure = new Promise((_, reject) => {
    const watch = (call) => (...values) => {
      const result = call(...values);
      result.catch(reject);
      return result;
    };
    const { fetch } = self;
    self.fetch = watch(async (...values) => {
      const response = await fetch(...values);
      if (!response.ok) throw new Error(`${response.status} ${response.url}`);
      if (!response.url.endsWith(".wasm")) return response;
      return new Response(response.body, { headers: { "Content-Type": "application/wasm" } }); // a host may not know its type
    });
    if (self.WebAssembly) WebAssembly.instantiateStreaming = watch(WebAssembly.instantiateStreaming);
  });
  failure.catch(() => {}); // Pyodide may have rejected already
  return failure;
}
