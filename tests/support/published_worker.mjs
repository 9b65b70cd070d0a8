// Runs the published worker.js in node as a browser's worker runs it, from the published files beside it.
//     node published_worker.mjs FOLDER < LINES
// Each line is [path, base64] for a file to write, or [name, parameters]. For each call a line comes back: its reply as JSON,
// or {"error": …}. The last line lists all that was fetched after the start, and all that the worker said on its console.
import fs from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const folder = path.resolve(process.argv[2]);
const { stdin, stdout, exit } = process;
const log = [];
const waiting = new Map();

globalThis.self = globalThis;
globalThis.name = JSON.stringify({ snapshot: "https://example.org/snapshot/recipe/digest/" });
globalThis.WorkerGlobalScope = Object;
globalThis.location = new URL("https://example.org/");
globalThis.onmessage = null;
globalThis.postMessage = ({ id, ...reply }) => waiting.get(id)?.(reply);
globalThis.fetch = async (address) => {
  log.push(`fetches ${address}`);
  throw new TypeError("no network");
};
for (const level of ["info", "warn", "error"]) console[level] = (...words) => log.push(words.join(" "));
delete globalThis.process; // Pyodide would take it for node

const content = (name) => fs.readFileSync(path.join(folder, name));
self.snapshotParts = ["../python.wasm", "snapshot.bin"].map(async (name) => ({
  name,
  href: new URL(name, location).href,
  response: new Response(content(name)),
  module: name.endsWith(".wasm") && WebAssembly.compile(content(name)), // a promise, as the page gives it
}));

let calls = 0;
const call = (name, argument) =>
  new Promise((resolve) => {
    const id = ++calls;
    waiting.set(id, (reply) => waiting.delete(id) && resolve(reply));
    onmessage({ data: { id, name, argument } });
  });

// As a script: node takes a file that ends in .js for one of another kind.
await import(`data:text/javascript;base64,${content("worker.js").toString("base64")}`);
await call("started");
for await (const line of createInterface({ input: stdin })) {
  const [what, parameters] = JSON.parse(line);
  if (what.startsWith("/")) {
    await call("write", { path: what, bytes: new Uint8Array(Buffer.from(parameters, "base64")) });
    continue;
  }
  const reply = await call("ask", { what, parameters });
  if (!stdout.write(`${"value" in reply ? reply.value : JSON.stringify(reply)}\n`)) {
    await new Promise((resolve) => stdout.once("drain", resolve));
  }
}
stdout.write(`${JSON.stringify(log)}\n`, () => exit());
