// The minimum for any page with this runtime: reads its bytes from the cache, and compiles its WebAssembly. The first visit
// only fills the cache.
const paths = new URLSearchParams(location.search).getAll("path");
const cache = await caches.open("floor");

async function load(path) {
  const response = await cache.match(path);
  if (!response) return cache.add(path);
  return path.endsWith(".wasm") ? WebAssembly.compileStreaming(response) : response.arrayBuffer();
}

await Promise.all(paths.map(load));
postMessage("read and compiled");
