// The private parts of Pyodide that the fast start uses. README.md describes each, contract.toml lists them.

const COMMON = {
  indexURL: "/",
  stdLibURL: "/stdlib.zip",
  packageBaseUrl: "/",
  args: [],
  _sysExecutable: "python",
  env: { HOME: "/home/pyodide", LANG: "C.UTF-8", PYTHONHASHSEED: "0" },
};

/** An empty .zip. */
const EMPTY_ZIP = Uint8Array.of(80, 75, 5, 6, ...new Array(18).fill(0));

/**
 * Starts Pyodide with the files that it would fetch.
 *
 * @param loader pyodide.mjs as a function of the globals fetch, WebAssembly and _createPyodideModule
 * @param create the function _createPyodideModule of pyodide.asm.js
 * @param info the part `info` of pyodide-lock.json
 * @param module the compiled pyodide.asm.wasm, or a promise of it
 */
function begin({ loader, create, info, module, library = EMPTY_ZIP, options }) {
  const link = async (compiled, imports) => ({
    module: compiled,
    instance: await WebAssembly.instantiate(compiled, imports),
  });
  // If its WebAssembly fails, Pyodide never settles its promise, so this one rejects.
  return new Promise((resolve, reject) => {
    const loadPyodide = loader(
      async (address) => new Response(address.href.endsWith(".zip") ? library : null),
      Object.setPrototypeOf(
        {
          async instantiateStreaming(_, imports) {
            try {
              return await link(await module, imports);
            } catch (error) {
              reject(error);
              throw error;
            }
          },
        },
        WebAssembly,
      ),
      create,
    );
    loadPyodide({ ...COMMON, lockFileContents: { info, packages: {} }, ...options }).then(resolve, reject);
  });
}

/** Starts a Python that a snapshot can be taken of. */
export const startToTake = (parts) => begin({ ...parts, options: { _makeSnapshot: true } });

/** The snapshot of a Python: a header with JavaScript's part of the state, and the memory. */
export function takeSnapshot(python) {
  const snapshot = python.makeMemorySnapshot();
  const [, start] = new Uint32Array(snapshot.buffer, 0, 2);
  return { header: snapshot.slice(0, start), memory: snapshot.subarray(start) };
}

/** Starts a Python with a memory of `size` bytes, which `restore` fills. */
export function startFrom({ header, size, restore, ...parts }) {
  const create = async (settings) => {
    settings.INITIAL_MEMORY = size;
    delete settings.API.lockFilePromise; // Pyodide would list the packages that can be loaded: there are none
    const module = await parts.create(settings);
    await restore(module.HEAPU8);
    runWithoutSource(module.API);
    return module;
  };
  return begin({ ...parts, create, options: { _loadSnapshot: header } });
}

/**
 * Lets Pyodide finish its start without Python's parser and compiler, which the browser would have to compile first: for four
 * lines that import what the snapshot has. Throws at any other line.
 */
function runWithoutSource(api) {
  // The first call, `import _pyodide_core`, comes when Python's own objects can be reached.
  api.rawRun = () => {
    const python = api._pyodide;
    const { builtins } = python._base;
    const eval_code = (source) => {
      if (source === "{}") return undefined; // the namespace of the lines
      const [, name, attribute] = /^import (\w+); \1(?:\.(\w+))?$/.exec(source);
      const module = builtins.__import__(name);
      return attribute ? module[attribute] : module;
    };
    const { _importhook } = python;
    api._pyodide = { _base: { eval_code }, _importhook, set_excepthook: () => python.set_excepthook() };
    return [0, ""];
  };
}

/** Bytes to allocate in each size class of Python's small objects. */
const POOLS = 1 << 16;

/** Writes zeros over free memory, as far as the allocators of Python and of C hand it out. */
export function zeroFree(python) {
  const module = python._module;
  // Python's allocator has pools for each size up to 512 bytes; a new `bytes` object is zeros after its header.
  const { bytes, list, map } = python.pyimport("builtins");
  const { repeat } = python.pyimport("itertools");
  const proxies = [bytes, list, map, repeat];
  const track = (proxy) => proxies.push(proxy) && proxy;
  for (let size = 32; size <= 512; size += 16) {
    track(list(track(map(bytes, track(repeat(size - 17, Math.floor(POOLS / size)))))));
  }
  for (const proxy of proxies.reverse()) proxy.destroy();
  const end = () => module.HEAPU32[module._emscripten_get_sbrk_ptr() >> 2];
  const pieces = [];
  for (let size = 1 << 16; size >= 16; size >>= 1) {
    for (;;) {
      const before = end();
      const piece = module._emscripten_builtin_malloc(size);
      if (end() !== before) {
        module._emscripten_builtin_free(piece);
        break;
      }
      module.HEAPU8.fill(0, piece, piece + size);
      pieces.push(piece);
    }
  }
  for (const piece of pieces) module._emscripten_builtin_free(piece);
  module._malloc_trim(0);
  zeroStack(python);
}

function zeroStack({ _module: module }) {
  module.HEAPU8.fill(0, module._emscripten_stack_get_end(), module._emscripten_stack_get_current() - 64);
}
