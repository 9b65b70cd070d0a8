// Starts the checker, lets it rehearse, and writes what its memory then holds more than that of a fresh Python.
//     node --import ./frozen.mjs remember.mjs BOOT PYODIDE WHEEL OUT
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [boot, pyodide, wheel, out] = process.argv.slice(2);
const here = import.meta.dirname;
const { exit } = process;

process.once("uncaughtException", (error) => {
  console.error(error.stack ?? error); // node itself would show the line too, and Pyodide's are a million characters
  exit(1);
});

// Node plays a worker, so that all goes as it will in a browser.
globalThis.self = globalThis;
globalThis.WorkerGlobalScope = Object;
globalThis.location = new URL("https://example.org/");
delete globalThis.process;

const { create, difference, info, loader, startRemembering, startToRemember, takeMemory, zeroFree } = await import(
  pathToFileURL(boot)
);
const module = await WebAssembly.compile(fs.readFileSync(path.join(pyodide, "pyodide.asm.wasm")));
const parts = { loader, create, info, module };

const library = fs.readFileSync(path.join(pyodide, "python_stdlib.zip"));
const python = await startToRemember({ ...parts, library });
python.unpackArchive(new Uint8Array(fs.readFileSync(wheel)), "wheel");
python.runPython(fs.readFileSync(path.join(here, "rehearsal.py"), "utf8"), { globals: python.toPy({}) });
for (const code of ["a=1\na", "import gc\ngc.collect()", "def fill():\n    yield 1\nkept=[*fill()]\ndel kept, fill\nimport gc\ngc.collect()","x=[bytes(300)]*3\ndel x\nb=2\nb"]) { try { python.runPython(code); console.log("ok") } catch(e) { console.log(String(e.message).slice(-300)) } }
const { header, memory } = takeMemory(python);

let fresh;
class Enough extends Error {}
const restore = (heap) => {
  fresh = heap.slice();
  throw new Enough();
};
await startRemembering({ ...parts, header, size: memory.length, restore }).catch((error) => {
  if (!(error instanceof Enough)) throw error;
});
fs.writeFileSync(out, difference(fresh, memory, header));
