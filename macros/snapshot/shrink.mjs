// Takes out of Pyodide's WebAssembly and of the script around it what only other WebAssembly would use: that of packages,
// of which we load none. There is less to send then, and less for a browser to read and to link on every start.
//     node slim.mjs FACTORY WASM OUT_FACTORY OUT_WASM USER…
import fs from "node:fs";
import binaryen from "binaryen";
import { minify } from "terser";

const [factory, wasm, outFactory, outWasm, ...users] = process.argv.slice(2);

/** How the script names what the WebAssembly exports, what it imports, and what a page may use. */
const DEFINED = /var (_\w+)=Module\["\1"\]=(?:wasmExports\["\w+"\]|[\d.e]+);/g;
const IMPORTED = /(?<=var wasmImports=\{)[^{}]*(?=\};)/g;
const OFFERED = /Module\["(\w+)"\]=[a-zA-Z_$][\w$]*;/g;

/** What holds wherever we run it, and what only WebAssembly that is loaded later needs. */
const KNOWN = [
  [/(?<=var ENVIRONMENT_IS_WORKER=)[^;]+/g, "true"],
  [/(?<=var ENVIRONMENT_IS_(?:WEB|NODE|SHELL)=)[^;]+/g, "false"],
  [/\beval(?=\()/g, "(0,eval)"], // one that sees the names around it would keep them all
  [/\b\w+\.sig="\w*";/g, ""],
  ["globalThis._createPyodideModule = _createPyodideModule;", ""],
  // What a memory holds already.
  [/(finalizeBootstrap=function\((\w+),[^}]*?)(API\.rawRun\("import _pyodide_core"\))/g, '$1($2?[0,""]:$3)'],
];

/** The text with each match changed. One that is not there tells that Pyodide has become another. */
function changed(text, pattern, by) {
  const result = text.replaceAll(pattern, by);
  if (result === text) throw new Error(`${factory} has nothing like ${pattern}`);
  return result;
}

const words = (text) => new Set(text.match(/[\w$]+/g));
const properties = (text) => new Set([...text.matchAll(/\.(\w+)|\["(\w+)"\]/g)].map(([, dotted, quoted]) => dotted ?? quoted));
const others = users.map((user) => fs.readFileSync(user, "utf8")).join("\n");

let text = fs.readFileSync(factory, "utf8");
for (const [pattern, by] of KNOWN) text = changed(text, pattern, by);

const module = binaryen.readBinary(fs.readFileSync(wasm));
const used = words(text.replace(DEFINED, "") + others);
const isUsed = (name) => used.has(name) || used.has(`_${name}`);
const linked = new WebAssembly.Module(fs.readFileSync(wasm));
for (const { module: from, name } of WebAssembly.Module.imports(linked)) if (from.startsWith("GOT.")) used.add(name);
for (const { name } of WebAssembly.Module.exports(linked)) if (!isUsed(name)) module.removeExport(name);
module.runPasses(["remove-unused-module-elements"]);
const slim = module.emitBinary();
fs.writeFileSync(outWasm, slim);

const imports = new Set(WebAssembly.Module.imports(new WebAssembly.Module(slim)).map(({ name }) => name));
text = changed(text, DEFINED, (definition, name) => (isUsed(name.slice(1)) ? definition : ""));
text = changed(text, IMPORTED, (list) => list.split(",").filter((each) => imports.has(each.split(":")[0])).join());
const wanted = properties(text.replace(OFFERED, "") + others);
text = changed(text, OFFERED, (offer, name) => (wanted.has(name) ? offer : ""));
const { code } = await minify(text, { ecma: 2020, compress: { passes: 2, pure_getters: true } });
// In parentheses a function is read once, when the script is: else browsers skip through it first, and read it later.
fs.writeFileSync(outFactory, changed(code, /return (async function\(.*\})(?=\}\)\(\);$)/gs, "return($1)"));
