// Prints, as JSON, how many bytes each file has after brotli as hosts store it: node brotli.mjs FILE...
import { readFileSync } from "node:fs";
import { brotliCompressSync } from "node:zlib";

console.log(JSON.stringify(process.argv.slice(2).map((file) => brotliCompressSync(readFileSync(file)).length)));
