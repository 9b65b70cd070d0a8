// Runs the checker. A message is {id, name, argument}, its reply {id, value} or {id, error}.

let answer;

const calls = {
  async start({ runtime, checker }) {
    const { loadPyodide } = await import(`${runtime}pyodide.mjs`);
    const python = await loadPyodide({
      indexURL: runtime,
      lockFileURL: `${checker}pyodide-lock.json`,
      packageBaseUrl: checker, // else Pyodide turns to a CDN for a wheel that is missing
      packages: ["aftersales-checker"],
    });
    ({ answer } = python.pyimport("checker.browser"));
  },
  answer: (request) => answer(request),
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
