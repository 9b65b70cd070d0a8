// Pyodide's loader and ours in one module, which snapshot.py puts together. Pyodide's scripts look for globals of many
// names, such as `read`, `load` and `API`: none of ours may have one of these.
import { restore } from "./difference.mjs";
import { startFrom } from "./pyodide_internals.mjs";

const parts = { loader, create: _createPyodideModule, info: LOCK };

/**
 * Starts the checker from the snapshot. Both arguments are promises, so that neither waits for the other.
 *
 * @param module the compiled WebAssembly
 * @param difference the content of snapshot.bin
 */
export function start({ module, difference }) {
  return startFrom({
    ...parts,
    module,
    size: SNAPSHOT.size,
    header: Uint8Array.from(atob(SNAPSHOT.header), (character) => character.charCodeAt()),
    restore: async (memory) => restore(memory, await difference),
  });
}
