// Unpacks a program from brotli: node unbrotli.mjs PACKED PROGRAM
import { readFileSync, writeFileSync } from "node:fs";
import { brotliDecompressSync } from "node:zlib";

const [packed, program] = process.argv.slice(2);
writeFileSync(program, brotliDecompressSync(readFileSync(packed)), { mode: 0o755 });
