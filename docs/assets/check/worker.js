// Runs the checker. A message is {id, name, argument}, its reply {id, value} or {id, error}.
// Requests and answers are strings of JSON; pictures and the case file are files in Python's memory.

let python, door;

const calls = {
  async start({ runtime, checker }) {
    const { loadPyodide } = await import(`${runtime}pyodide.mjs`);
    python = await loadPyodide({
      indexURL: runtime,
      lockFileURL: `${checker}pyodide-lock.json`,
      packageBaseUrl: checker, // else Pyodide turns to a CDN for a wheel that is missing
      packages: ["aftersales-checker"],
    });
    door = python.pyimport("checker.browser");
  },
  ask: ({ what, request }) => door[what](request),
  write: ({ path, bytes }) => python.FS.writeFile(path, bytes),
  read: ({ path }) => python.FS.readFile(path),
  remove: ({ path }) => python.FS.unlink(path),
};

// loadPyodide waits for ever when its WebAssembly is missing or broken, so we watch what it waits for.
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

onmessage = async ({ data: { id, name, argument } }) => {
  try {
    postMessage({ id, value: await Promise.race([broken, calls[name](argument)]) });
  } catch (error) {
    postMessage({ id, error: String(error) });
  }
};
