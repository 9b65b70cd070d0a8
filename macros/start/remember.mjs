// Starts the checker, lets it rehearse, and writes what its memory then holds more than that of a fresh Python, and the
// WebAssembly with the functions that were called.
//     node --import ./frozen.mjs remember.mjs BOOT WASM LIBRARY WHEEL OUT_MEMORY OUT_WASM
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { calledIn, counting, forgetCalls, only } from "./called.mjs";
import { world } from "./frozen.mjs";

const [boot, wasm, stdlib, wheel, outMemory, outWasm] = process.argv.slice(2);
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

const { difference, parts, restore, startRemembering, startToRemember, takeMemory, zeroFree } = await import(
  pathToFileURL(boot)
);
const whole = fs.readFileSync(wasm);
const counts = await WebAssembly.compile(counting(whole));
const instances = noteInstances(); // in the order in which they are made
const library = fs.readFileSync(stdlib);
const python = await startToRemember({ ...parts, module: counts, library });
python.unpackArchive(new Uint8Array(fs.readFileSync(wheel)), "wheel");
python.globals.set(OURS, python.toPy({}));
for (const script of ["forget.py", "rehearsal.py"]) {
  python.runPython(fs.readFileSync(path.join(here, script), "utf8"), { globals: python.globals.get(OURS) });
}
const own = (name) => python.globals.get(OURS).get(name);
const called = [calledInRehearsal()];
answerOnce(python);
const gc = python.pyimport("gc");
const forget = own("forget");
forget(await notedInAStart());
forget.destroy();
called.push(calledInRehearsal()); // Python learns anew what it meets where
python.globals.get(OURS).clear();
python.globals.delete(OURS);
gc.collect();
gc.freeze(); // what is in the memory is never looked through for what can be thrown away
gc.destroy();
zeroFree(python);
const { header, memory } = takeMemory(python);

const size = memory.length;

/** All instances that are made from now on. */
function noteInstances() {
  const made = [];
  const { instantiate } = WebAssembly;
  WebAssembly.instantiate = async (...given) => {
    const instance = await instantiate(...given);
    made.push(instance);
    return instance;
  };
  return made;
}

/** Which functions of the WebAssembly the rehearsal calls, and no more than the rehearsal. */
function calledInRehearsal() {
  forgetCalls(instances[0]);
  const rehearse = own("rehearse");
  rehearse();
  rehearse.destroy();
  return calledIn(instances[0]);
}

/** What is called from here and from a page. */
function answerOnce(python) {
  const door = python.pyimport("checker.browser");
  door.answer("{}");
  door.destroy();
  zeroFree(python);
}

/** What a start from the memory calls of Python's, the first answer and all. */
async function notedInAStart() {
  const { header, memory } = takeMemory(python);
  const started = await restarted(header, memory, counts);
  answerOnce(started);
  return started.globals.get(OURS).get("noted")();
}

function restarted(header, memory, module) {
  return startRemembering({ ...parts, module, header, size: memory.length, restore: (heap) => heap.set(memory) });
}

/** A memory before anything is restored in it. */
function fresh(module) {
  return new Promise((resolve, reject) => {
    const restore = (heap) => {
      resolve(heap.slice());
      return new Promise(() => {}); // no more is needed of this one
    };
    startRemembering({ ...parts, module, header, size, restore }).catch(reject);
  });
}

answerOnce(await restarted(header, memory, counts));
const lean = only(whole, new Set([...called, calledIn(instances.at(-1))].flatMap((each) => [...each])));
const compiled = await WebAssembly.compile(lean);
const first = await fresh(compiled);
// The customer's clock and chance are others too, and that clock goes on: what depends on them belongs to the difference.
// An allocator notes how long it takes to look at the clock: mostly nothing, and now and then a millisecond.
world.number++;
world.pace = 3;
const second = await fresh(compiled);
const bytes = await difference(memory, first, second).bytes();
for (const module of [compiled, await WebAssembly.compile(whole)]) {
  // Either fills up to the same memory, or this throws.
  answerOnce(await startRemembering({ ...parts, module, header, size, restore: (heap) => restore(heap, bytes.buffer) }));
}
fs.writeFileSync(outMemory, bytes);
fs.writeFileSync(outWasm, lean);
console.log(JSON.stringify({ size, header: Buffer.from(header).toString("base64") }));
exit();
