// Pyodide's loader and ours in one module; macros/runtime/snapshot/snapshot.py puts them together. Loader and factory look for globals
// of many names, as `read`, `load`, `API`: none of ours may have one of these.
import { restore } from "./difference.mjs";
import { startFrom } from "./pyodide_internals.mjs";

const parts = { loader, create: _createPyodideModule, info: LOCK };

/**
 * Starts the checker from the memory that the build took. Both are promises, so that nothing waits for anything else.
 *
 * @param module the compiled WebAssembly
 * @param difference what the memory holds more than a fresh one
 */
export function start({ module, difference }) {
  return startFrom({
    ...parts,
    module,
    size: MEMORY.size,
    header: Uint8Array.from(atob(MEMORY.header), (sign) => sign.charCodeAt()),
    restore: async (memory) => restore(memory, await difference),
  });
}
