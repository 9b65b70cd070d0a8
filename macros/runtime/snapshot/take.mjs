// Starts the checker in node, warms it up, and writes the difference between its memory and that of a fresh instance.
//     node --import ./deterministic.mjs take.mjs SCRIPT WASM LIBRARY WHEEL OUT
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { poseAsWorker, world } from "./deterministic.mjs";

const [script, wasm, stdlib, wheel, out] = process.argv.slice(2);
const folder = import.meta.dirname;
const exit = poseAsWorker();
const NAMESPACE = "warm_up"; // the global of Python that holds the definitions of warm_up.py

const { difference, parts, restore, startFrom, startToTake, takeSnapshot, zeroFree } = await import(pathToFileURL(script));
const module = await WebAssembly.compile(fs.readFileSync(wasm));
const python = await startToTake({ ...parts, module, library: fs.readFileSync(stdlib) });
python.unpackArchive(new Uint8Array(fs.readFileSync(wheel)), "wheel");
python.globals.set(NAMESPACE, python.toPy({}));
const globals = python.globals.get(NAMESPACE);
python.runPython(fs.readFileSync(path.join(folder, "warm_up.py"), "utf8"), { globals });
for (const name of ["warm_up", "tidy_up"]) {
  const callable = globals.get(name);
  callable();
  callable.destroy();
}
globals.clear();
globals.destroy();
python.globals.delete(NAMESPACE);
answerOnce(python);
const gc = python.pyimport("gc");
gc.collect();
gc.freeze(); // the collector never visits the objects of the snapshot
gc.destroy();
zeroFree(python);
const { header, memory } = takeSnapshot(python);
const size = memory.length;

/** Calls the checker API as a page does. */
function answerOnce(python) {
  const api = python.pyimport("checker.web.api");
  api.answer("{}");
  api.destroy();
}

/** The memory of an instance before the snapshot is restored. */
function fresh() {
  return new Promise((resolve, reject) => {
    const restore = (heap) => {
      resolve(heap.slice());
      return new Promise(() => {}); // this instance is not needed any more
    };
    startFrom({ ...parts, module, header, size, restore }).catch(reject);
  });
}

const first = await fresh();
// A second instance has another clock, one that goes on, and other random numbers, as the customer's has: bytes that depend
// on them belong to the difference. An allocator stores how long a look at the clock takes: mostly 0, at times 1 ms.
world.number++;
world.pace = 3;
const second = await fresh();
const bytes = await difference(memory, first, second).bytes();
// Throws if the restored memory is not the same.
answerOnce(await startFrom({ ...parts, module, header, size, restore: (heap) => restore(heap, bytes.buffer) }));
fs.writeFileSync(out, bytes);
console.log(JSON.stringify({ size, header: Buffer.from(header).toString("base64") }));
exit();
