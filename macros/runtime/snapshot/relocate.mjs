// Writes into Pyodide's WebAssembly the data as it is once relocated, and empties the function that relocates it: an eighth of
// all code, which every start would load, compile and run once. The addresses are the snapshot's, which has them too.
//     node --import ./deterministic.mjs relocate.mjs SCRIPT WASM LIBRARY
import assert from "node:assert";
import fs from "node:fs";
import { pathToFileURL } from "node:url";
import binaryen from "binaryen";
import { poseAsWorker } from "./deterministic.mjs";

const RELOCATE = "__wasm_apply_data_relocs";
const [script, wasm, library] = process.argv.slice(2);
const exit = poseAsWorker();
const { parts, startToTake } = await import(pathToFileURL(script));
const original = fs.readFileSync(wasm);
const module = binaryen.readBinary(original);
assert.equal(module.getNumDataSegments(), 1);
// The segment starts at an imported address: getDataSegmentInfo() throws at such.
const length = binaryen._BinaryenGetDataSegmentByteLength(module.getDataSegmentByIndex(0));

const { data, relocated } = await new Promise((resolve, reject) => {
  const { instantiate } = WebAssembly;
  WebAssembly.instantiate = async (compiled, imports) => {
    const { exports } = await instantiate(compiled, imports);
    const { memory, __memory_base: base } = imports.env;
    const read = () => Buffer.from(memory.buffer.slice(base.value, base.value + length));
    const relocate = () => {
      const data = read();
      exports[RELOCATE]();
      resolve({ data, relocated: read() });
      throw new Error("nothing else of this instance is needed");
    };
    return { exports: { ...exports, [RELOCATE]: relocate } };
  };
  startToTake({ ...parts, module: WebAssembly.compile(original), library: fs.readFileSync(library) }).catch(reject);
});

const { value } = binaryen.getExportInfo(module.getExport(RELOCATE));
binaryen.Function.setBody(module.getFunction(value), module.nop());
const small = Buffer.from(module.emitBinary());
const at = small.indexOf(data);
assert(at > 0, "the data has changed before it was relocated");
relocated.copy(small, at);
fs.writeFileSync(wasm, small);
exit();
