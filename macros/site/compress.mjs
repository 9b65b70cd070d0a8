// Writes a .br and a .zst beside each file that gains from it. What was compressed once is kept, named by its content.
//     node compress.mjs SITE KEPT
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import zlib from "node:zlib";

const [site, kept] = process.argv.slice(2);
const KINDS = /\.(bin|css|html|ics|js|json|map|mjs|svg|txt|wasm|xml)$/;
const LEAST = 1024; // bytes; less fits into one packet anyway

const { constants } = zlib;
const brotli = (content) =>
  promisify(zlib.brotliCompress)(content, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
      [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
    },
  });
const zstd = (content) =>
  promisify(zlib.zstdCompress)(content, {
    params: { [constants.ZSTD_c_compressionLevel]: 19, [constants.ZSTD_c_windowLog]: 23 }, // browsers refuse more
  });

async function compress(file, ending, how) {
  const content = fs.readFileSync(file);
  const store = path.join(kept, createHash("sha256").update(content).digest("hex") + ending);
  if (!fs.existsSync(store)) {
    fs.writeFileSync(`${store}.${process.pid}`, await how(content));
    fs.renameSync(`${store}.${process.pid}`, store);
  }
  fs.copyFileSync(store, file + ending);
}

fs.mkdirSync(kept, { recursive: true });
const files = fs.readdirSync(site, { recursive: true }).map((name) => path.join(site, name));
const large = files.filter((file) => KINDS.test(file) && fs.statSync(file).size >= LEAST);
await Promise.all(large.flatMap((file) => [compress(file, ".br", brotli), compress(file, ".zst", zstd)]));
