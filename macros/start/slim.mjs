// Takes out of Pyodide's WebAssembly and of its factory the exports that only other WebAssembly would use, which we never
// load: an engine makes an object of each of thousands, on every start.
//     node slim.mjs FACTORY WASM OUT_FACTORY OUT_WASM USER…
import fs from "node:fs";

const [factory, wasm, outFactory, outWasm, ...users] = process.argv.slice(2);
const EXPORTS = 7; // the section's number
const DEFINED = /var (_\w+)=Module\["\1"\]=(?:wasmExports\["\w+"\]|[\d.e]+);/g;

const text = fs.readFileSync(factory, "utf8");
const bytes = fs.readFileSync(wasm);
const module = new WebAssembly.Module(bytes);

const words = (source) => source.match(/[\w$]+/g);
const used = new Set(words([text.replace(DEFINED, ""), ...users.map((user) => fs.readFileSync(user, "utf8"))].join()));
for (const { module: from, name } of WebAssembly.Module.imports(module)) if (from.startsWith("GOT.")) used.add(name);
const isUsed = (name) => used.has(name) || used.has(`_${name}`);

/** A number in LEB128, and where what follows it starts. */
function number(at) {
  for (let value = 0, shift = 0; ; shift += 7) {
    const byte = bytes[at++];
    value |= (byte & 127) << shift;
    if (byte < 128) return [value >>> 0, at];
  }
}

function leb(value) {
  const rest = value >>> 7;
  return rest ? [(value & 127) | 128, ...leb(rest)] : [value];
}

/** The section of the exports with those that are used. */
function slim(at) {
  const kept = [];
  let [count, next] = number(at);
  while (count--) {
    const start = next;
    const [length, name] = number(start);
    const kind = name + length;
    [, next] = number(kind + 1);
    if (isUsed(bytes.toString("utf8", name, kind))) kept.push(bytes.subarray(start, next));
  }
  return Buffer.concat([Buffer.from(leb(kept.length)), ...kept]);
}

const parts = [bytes.subarray(0, 8)];
for (let at = 8; at < bytes.length; ) {
  const [length, start] = number(at + 1);
  const end = start + length;
  if (bytes[at] === EXPORTS) {
    const section = slim(start);
    parts.push(Buffer.from([EXPORTS, ...leb(section.length)]), section);
  } else parts.push(bytes.subarray(at, end));
  at = end;
}
fs.writeFileSync(outWasm, Buffer.concat(parts));
fs.writeFileSync(outFactory, text.replace(DEFINED, (whole, name) => (isUsed(name.slice(1)) ? whole : "")));
