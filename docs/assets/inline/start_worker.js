// Starts the checker's worker before the browser waits for anything else: so it is inline, and stands first.

{
  const { draft, scripts, ...folders } = Object.fromEntries(
    Object.entries(document.querySelector("script[data-scripts]").dataset).map(([name, folder]) => [name, new URL(folder, location).href]),
  );
  const { snapshot } = folders;
  const name = JSON.stringify(folders); // a message would reach the worker later

  // Runs first in the worker, while its script is being fetched: fetches the WebAssembly and the snapshot.
  const begin = (snapshot) => {
    self.fetchPart = async (name, skipCache) => {
      const { href } = new URL(name, snapshot);
      const cached = skipCache ? undefined : await self.caches?.match(href).catch(() => {});
      const response = cached ?? (await fetch(href));
      if (!response.ok) throw new Error(`${response.status} ${href}`);
      const bytes = cached && response.arrayBuffer();
      const compile = () => (bytes ? bytes.then(WebAssembly.compile) : WebAssembly.compileStreaming(response.clone())); // two readers of a cache are slower than one
      const module = name.endsWith(".wasm") && compile();
      for (const promise of [module, bytes]) if (promise) promise.catch(() => {}); // handled where they are awaited
      return { name, href, cached, response, module, bytes };
    };
    const canVerify = self.crypto.subtle; // without it, as over plain http, the worker starts from the sources
    self.snapshotParts = canVerify ? ["../python.wasm", "snapshot.bin"].map((name) => self.fetchPart(name)) : [];
    for (const part of self.snapshotParts) part.catch(() => {});
  };
  const prelude = `(${begin})(${JSON.stringify(snapshot)});`;

  // A promise of a worker that has reported that it runs.
  const startWorker = (folder, text) =>
    new Promise((resolve, reject) => {
      const options = { name, get type() { return (self.checkFaults.hasModules = "module"); } }; // older browsers never ask
      const worker = new Worker(trustedTypesPolicy.createScriptURL(`${folder}worker.js`, text), options);
      worker.onmessage = ({ data }) => ("failed" in data ? reject(data.failed) : resolve(worker));
      worker.onerror = reject;
    });

  // Starts a worker that fetches the parts and then imports its script.
  const importing = () => {
    const address = JSON.stringify(`${snapshot}worker.js`);
    return startWorker(snapshot, `${prelude}\nawait import(${address}).catch((error) => postMessage({ failed: String(error) }));`);
  };

  // The same with the script fetched by the page: without a network, a blob worker in Firefox cannot reach sw.js.
  const inlined = async () => {
    const response = await fetch(`${snapshot}worker.js`);
    if (!response.ok) throw new Error(`${response.status} ${response.url}`);
    return startWorker(snapshot, `${prelude}\n${await response.text()}`);
  };

  // The worker that starts from the snapshot, or else the one that starts from the sources alone, as a draft's does.
  const start = () => (draft ? startWorker(scripts) : importing().catch(inlined).catch(() => startWorker(scripts)));
  self.checkerWorker = self.checkFaults.isOld ? Promise.reject(new Error("this browser is too old")) : start();
  self.checkerWorker.catch(() => {}); // handled where it is awaited
}
