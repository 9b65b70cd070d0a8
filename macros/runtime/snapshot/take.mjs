// Starts the checker in node, warms it up, and writes what its memory then holds more than that of a fresh instance.
//     node --import ./deterministic.mjs take.mjs SCRIPT WASM LIBRARY WHEEL OUT
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { world } from "./deterministic.mjs";

const [script, wasm, stdlib, wheel, out] = process.argv.slice(2);
const here = import.meta.dirname;
const { exit } = process;
const OURS = "warm_up"; // the name under which Python has what the script defines

process.once("uncaughtException", (error) => {
  console.error(error.stack ?? error); // node itself would show the line too, and Pyodide's are a million characters
  exit(1);
});

// Node plays a worker, so that all goes as it will in a browser.
globalThis.self = globalThis;
globalThis.WorkerGlobalScope = Object;
globalThis.location = new URL("https://example.org/");
// A browser in which Pyodide leaves aside what WebKit lacks: else the memory would point to a function that node added.
Object.defineProperty(globalThis, "navigator", { value: { userAgent: "iPhone" } });
delete globalThis.process;

const { difference, parts, restore, startFrom, startToTake, takeMemory, zeroFree } = await import(pathToFileURL(script));
const module = await WebAssembly.compile(fs.readFileSync(wasm));
const python = await startToTake({ ...parts, module, library: fs.readFileSync(stdlib) });
python.unpackArchive(new Uint8Array(fs.readFileSync(wheel)), "wheel");
python.globals.set(OURS, python.toPy({}));
const globals = python.globals.get(OURS);
python.runPython(fs.readFileSync(path.join(here, "warm_up.py"), "utf8"), { globals });
for (const name of ["warm_up", "tidy_up"]) {
  const run = globals.get(name);
  run();
  run.destroy();
}
globals.clear();
globals.destroy();
python.globals.delete(OURS);
answerOnce(python);
const gc = python.pyimport("gc");
gc.collect();
gc.freeze(); // what is in the snapshot is never looked through for garbage
gc.destroy();
zeroFree(python);
const { header, memory } = takeMemory(python);
const size = memory.length;

/** What a page asks, as it asks. */
function answerOnce(python) {
  const api = python.pyimport("checker.web.api");
  api.answer("{}");
  api.destroy();
}

/** A memory before anything is restored in it. */
function fresh() {
  return new Promise((resolve, reject) => {
    const restore = (heap) => {
      resolve(heap.slice());
      return new Promise(() => {}); // no more is needed of this one
    };
    startFrom({ ...parts, module, header, size, restore }).catch(reject);
  });
}

const first = await fresh();
// The customer's clock and chance are others too, and that clock goes on: what depends on them belongs to the difference.
// An allocator notes how long it takes to look at the clock: mostly nothing, and now and then a millisecond.
world.number++;
world.pace = 3;
const second = await fresh();
const bytes = await difference(memory, first, second).bytes();
// This fills up to the same memory, or throws.
answerOnce(await startFrom({ ...parts, module, header, size, restore: (heap) => restore(heap, bytes.buffer) }));
fs.writeFileSync(out, bytes);
console.log(JSON.stringify({ size, header: Buffer.from(header).toString("base64") }));
exit();
