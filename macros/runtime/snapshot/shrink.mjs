// Removes from Pyodide's WebAssembly and its script what only the WebAssembly of packages would use, of which we load none.
// A function that anything else can call stays, and so do all of Python's own.
//     node shrink.mjs PATTERNS FACTORY WASM OUT_FACTORY OUT_WASM USER…
import fs from "node:fs";
import binaryen from "binaryen";
import { minify } from "terser";

const [patterns, factory, wasm, outFactory, outWasm, ...users] = process.argv.slice(2);

// contract.toml describes each.
const [EXPORTS, IMPORTS, OFFERS, EVAL] = JSON.parse(patterns).map((pattern) => new RegExp(pattern, "g"));

const words = (text) => new Set(text.match(/[\w$]+/g));
const properties = (text) => new Set([...text.matchAll(/\.(\w+)|\["(\w+)"\]/g)].map(([, dotted, quoted]) => dotted ?? quoted));
const others = users.map((user) => fs.readFileSync(user, "utf8")).join("\n");

let text = fs.readFileSync(factory, "utf8").replaceAll(EVAL, "(0,eval)(");
const module = binaryen.readBinary(fs.readFileSync(wasm));
const used = words(text.replace(EXPORTS, "") + others);
const isUsed = (name) => used.has(name) || used.has(`_${name}`);
const linked = new WebAssembly.Module(fs.readFileSync(wasm));
for (const { module: from, name } of WebAssembly.Module.imports(linked)) if (from.startsWith("GOT.")) used.add(name);
for (const { name } of WebAssembly.Module.exports(linked)) if (!isUsed(name)) module.removeExport(name);
module.runPasses(["remove-unused-module-elements"]);
const small = module.emitBinary();
fs.writeFileSync(outWasm, small);

const imports = new Set(WebAssembly.Module.imports(new WebAssembly.Module(small)).map(({ name }) => name));
const isImported = (entry) => imports.has(entry.split(":")[0]);
text = text.replace(EXPORTS, (definition, name) => (isUsed(name.slice(1)) ? definition : ""));
text = text.replace(IMPORTS, (_, before, list, after) => before + list.split(",").filter(isImported).join() + after);
const used_properties = properties(text.replace(OFFERS, "") + others);
text = text.replace(OFFERS, (offer, name) => (used_properties.has(name) ? offer : ""));
const { code } = await minify(text, { ecma: 2020, compress: { passes: 2, pure_getters: true } });
fs.writeFileSync(outFactory, code);
