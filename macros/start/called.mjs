// What of a WebAssembly is called: a copy of it that counts, and one that has nothing else.
import binaryen from "binaryen";

const MARK = "called "; // and a number: the name of a global that a function sets

/** All functions of its own, in their order. */
const functions = (module) =>
  Array.from({ length: module.getNumFunctions() }, (_, number) => module.getFunctionByIndex(number)).filter(
    (each) => !binaryen.getFunctionInfo(each).module,
  );

/** The same WebAssembly; each of its functions notes that it is called. */
export function counting(wasm) {
  const module = binaryen.readBinary(wasm);
  for (const [number, each] of functions(module).entries()) {
    const { body, results } = binaryen.getFunctionInfo(each);
    const mark = MARK + number;
    module.addGlobal(mark, binaryen.i32, true, module.i32.const(0));
    module.addGlobalExport(mark, mark);
    const note = module.global.set(mark, module.i32.const(1));
    binaryen.Function.setBody(each, module.block(null, [note, body], results));
  }
  return module.emitBinary();
}

const marks = (instance) => Object.entries(instance.exports).filter(([name]) => name.startsWith(MARK));

/** The numbers of the functions that were called in an instance, since it began or was told to forget. */
export function calledIn(instance) {
  const called = marks(instance).filter(([, mark]) => mark.value);
  return new Set(called.map(([name]) => Number(name.slice(MARK.length))));
}

/** Lets an instance note anew. */
export function forgetCalls(instance) {
  for (const [, mark] of marks(instance)) mark.value = 0;
}

/** The WebAssembly with these functions alone: each other ends what calls it. The memory and the table stay as they are. */
export function only(wasm, called) {
  const module = binaryen.readBinary(wasm);
  for (const [number, each] of functions(module).entries()) {
    if (!called.has(number)) binaryen.Function.setBody(each, module.unreachable());
  }
  module.runPasses(["remove-unused-module-elements"]);
  return module.emitBinary();
}
