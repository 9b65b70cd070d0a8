// Runs the checker. A message is {id, name, argument}, its reply {id, value} or {id, error}.
// Requests and answers are strings of JSON; pictures and the case file are files in Python's memory.
//
// Python starts from the memory that the build took of one that knows the checker. Where there is no memory, or the start
// from it fails, it starts from its sources: the runtime and the checker's wheel, as Pyodide means it. No request can
// make it start anew.

const PATIENCE = 15_000; // milliseconds that the start may take once all of it has come: a slow phone needs some

const folders = JSON.parse(self.name); // where all of this is, as absolute addresses
const SITE = new URL("../../../", folders.memory).href; // other sites of the same origin have caches, too
const SHELF = `check ${SITE}`; // the name of our cache
let python, api;
let keep; // what is to be done with the memory after the first answer

const calls = {
  started: () => started,
  async ask({ what, request }) {
    return api[what](request);
  },
  write: ({ path, bytes }) => python.FS.writeFile(path, bytes),
  read: ({ path }) => python.FS.readFile(path),
  remove: ({ path }) => python.FS.unlink(path),
};

onmessage = async ({ data: { id, name, argument } }) => {
  try {
    postMessage({ id, value: await calls[name](argument) });
  } catch (error) {
    postMessage({ id, error: String(error) });
  }
  if (name === "ask") keep = keep?.().catch(() => {}) && undefined; // a cache that is full or forbidden is no loss
};

postMessage({}); // it is there

const started = startFromMemory(self.begun)
  .catch((error) => {
    console.info("The checker starts from its sources:", error);
    self.caches?.delete(SHELF).catch(() => {}); // it may be what is wrong
    return startFromSources();
  })
  .then((started) => {
    python = started;
    api = python.pyimport("checker.web.api");
  });
started.catch(() => {}); // whoever waits for it hears of it

// ---- from the memory

/**
 * Starts from parts that are being fetched: the WebAssembly, which is compiled meanwhile, and the memory. Nothing of a part
 * runs before its hash is known. Rejects when one is missing or not as the build made it, and when all takes too long.
 */
async function startFromMemory(begun) {
  if (!self.memory || !self.crypto.subtle) throw new Error("no memory, or no way to check it");
  const { start, SHA256, SIZES } = self.memory; // macros/runtime/snapshot/snapshot.py puts it in front of this script
  const come = counter(SIZES["../python.wasm"] + SIZES["memory.bin"]);
  const parts = begun.map(async (part) => checked(await part, SHA256, SIZES, come));
  for (const each of parts) each.catch(() => {}); // whoever waits for it later hears of it
  const [wasm, memory] = parts;
  const started = start({ module: wasm.then(({ module }) => module), difference: memory.then(({ bytes }) => bytes) });
  const late = Promise.all(parts).then(() => new Promise((_, reject) => setTimeout(reject, PATIENCE, new Error("too late"))));
  const python = await Promise.race([started, late]);
  late.catch(() => {});
  const shelf = await self.caches?.open(SHELF).catch(() => {});
  keep = shelf && (async () => keepParts(await Promise.all(parts), shelf));
  return python;
}

/**
 * A part whose bytes are those that the build made. Any other page of this origin can write into what the browser keeps:
 * what is not ours there is dropped, and fetched anew.
 */
async function checked(part, sha256, sizes, come) {
  const { name, href, kept, response } = part;
  try {
    const bytes = await (part.bytes ?? read(response.body, sizes[name], come));
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    if (btoa(String.fromCharCode(...hash)) !== sha256[name]) throw new Error(`not what the build made: ${href}`);
    return { ...part, bytes, module: await part.module };
  } catch (error) {
    if (!kept) throw error;
    for (const cache of await caches.keys()) await (await caches.open(cache)).delete(href);
    return checked(await self.fetchPart(name, true), sha256, sizes, come);
  }
}

/** All bytes of a stream, which are so many or fewer. Tells of each few that have come. */
async function read(stream, size, come) {
  const bytes = new Uint8Array(size);
  const reader = stream.getReader();
  for (let at = 0; ; ) {
    const { done, value } = await reader.read();
    if (done) return bytes.buffer;
    bytes.set(value, at);
    at += value.length;
    come(value.length);
  }
}

/** Tells the page how many bytes of so many have come, each time that it is a hundredth more. */
function counter(total) {
  let loaded = 0;
  let told = 0;
  return (more) => {
    loaded += more;
    if (loaded - told < total / 100) return;
    told = loaded;
    postMessage({ loaded, total });
  };
}

/**
 * Puts the parts on the shelf as they are now: the browser's own cache would unpack them on each visit. Takes off it what
 * is no such part, or what sw.js keeps by now.
 */
async function keepParts(parts, shelf) {
  for (const { href, kept, response, bytes } of parts) {
    const headers = { "Content-Type": response.headers.get("Content-Type") };
    if (!kept) await shelf.put(href, new Response(bytes, { headers }));
  }
  const addresses = parts.map(({ href }) => href);
  const names = (await caches.keys()).filter((name) => name.startsWith(`site ${SITE} `));
  const others = await Promise.all(names.map((name) => caches.open(name)));
  for (const request of await shelf.keys()) {
    const elsewhere = await Promise.all(others.map((cache) => cache.match(request)));
    if (elsewhere.some(Boolean) || !addresses.includes(request.url)) await shelf.delete(request);
  }
}

// ---- from the sources

async function startFromSources() {
  const { runtime, checker } = folders;
  const broken = watch();
  // Pyodide asks in this way whether it runs in a module. By itself the browser says so too, but takes it for an attack.
  self.importScripts = () => {
    throw new TypeError("a module imports");
  };
  await Promise.race([broken, checkSources([runtime, checker])]);
  const { loadPyodide } = await import(`${runtime}pyodide.mjs`);
  const started = loadPyodide({
    indexURL: runtime,
    lockFileURL: `${checker}pyodide-lock.json`,
    packageBaseUrl: checker, // else Pyodide turns to a CDN for a wheel that is missing
    packages: ["aftersales-checker"],
  });
  return Promise.race([broken, started]);
}

/** Fetches all that Pyodide will ask for, at once, and rejects when one is not what the build made: Pyodide takes it all. */
async function checkSources(folders) {
  const { integrity } = await (await fetch(`${SITE}bundle.json`, { cache: "no-cache" })).json();
  const files = Object.entries(integrity).filter(([name]) => folders.some((folder) => `${SITE}${name}`.startsWith(folder)));
  await Promise.all(files.map(async ([name, integrity]) => (await fetch(`${SITE}${name}`, { integrity })).arrayBuffer()));
}

/** Rejects when something that Pyodide waits for fails: loadPyodide itself would wait for ever. */
function watch() {
  const broken = new Promise((_, reject) => {
    const watched = (call) => (...given) => {
      const result = call(...given);
      result.catch(reject);
      return result;
    };
    const { fetch } = self;
    self.fetch = watched(async (...given) => {
      const response = await fetch(...given);
      if (!response.ok) throw new Error(`${response.status} ${response.url}`);
      return response;
    });
    if (self.WebAssembly) WebAssembly.instantiateStreaming = watched(WebAssembly.instantiateStreaming);
  });
  broken.catch(() => {}); // it may come after Pyodide has told the same
  return broken;
}
