// Starts the checker, lets it rehearse, and writes what its memory then holds more than that of a fresh Python.
//     node --import ./frozen.mjs remember.mjs BOOT WASM LIBRARY WHEEL OUT
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { world } from "./frozen.mjs";

const [boot, wasm, stdlib, wheel, out] = process.argv.slice(2);
const here = import.meta.dirname;
const { exit } = process;
const OURS = "rehearsal"; // the name under which Python has what the scripts define

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

const { difference, parts, startRemembering, startToRemember, takeMemory, zeroFree } = await import(
  pathToFileURL(boot)
);
const module = await WebAssembly.compile(fs.readFileSync(wasm));
const library = fs.readFileSync(stdlib);
const python = await startToRemember({ ...parts, module, library });
python.unpackArchive(new Uint8Array(fs.readFileSync(wheel)), "wheel");
python.globals.set(OURS, python.toPy({}));
for (const script of ["forget.py", "rehearsal.py"]) {
  python.runPython(fs.readFileSync(path.join(here, script), "utf8"), { globals: python.globals.get(OURS) });
}
rehearse(python);
const gc = python.pyimport("gc");
const forget = python.globals.get(OURS).get("forget");
forget(await notedInAStart());
forget.destroy();
python.runPython("rehearse()", { globals: python.globals.get(OURS) }); // Python learns anew what it meets where
python.globals.get(OURS).clear();
python.globals.delete(OURS);
gc.collect();
gc.freeze(); // what is in the memory is never looked through for what can be thrown away
gc.destroy();
zeroFree(python);
const { header, memory } = takeMemory(python);

/** What is called from here and from a page. */
function rehearse(python) {
  const door = python.pyimport("checker.browser");
  door.answer("{}");
  door.destroy();
  zeroFree(python);
}

/** What a start from the memory calls, the first answer and all. */
async function notedInAStart() {
  const { header, memory } = takeMemory(python);
  const restore = (heap) => heap.set(memory);
  const started = await startRemembering({ ...parts, module, header, size: memory.length, restore });
  rehearse(started);
  return started.globals.get(OURS).get("noted")();
}

const size = memory.length;

/** A memory before anything is restored in it. */
function fresh() {
  return new Promise((resolve, reject) => {
    const restore = (heap) => {
      resolve(heap.slice());
      return new Promise(() => {}); // no more is needed of this one
    };
    startRemembering({ ...parts, module, header, size, restore }).catch(reject);
  });
}

const first = await fresh();
world.number++; // the customer's clock and chance are others too: what depends on them belongs to the difference
const second = await fresh();
fs.writeFileSync(out, await difference(memory, first, second).bytes());
console.log(JSON.stringify({ size, header: Buffer.from(header).toString("base64") }));
exit();
