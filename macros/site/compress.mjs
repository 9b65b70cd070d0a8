// Writes a .br and a .zst beside each file that gains from it. Results are cached by the hash of the content.
//     node compress.mjs SITE CACHE
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import zlib from "node:zlib";

const [site, cache] = process.argv.slice(2);
const COMPRESSIBLE = /\.(bin|css|html|ics|js|json|map|mjs|svg|txt|wasm|xml)$/;
const MIN_SIZE = 1024; // bytes; less fits into one packet

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

async function compress(file, extension, encode) {
  const content = fs.readFileSync(file);
  const store = path.join(cache, createHash("sha256").update(content).digest("hex") + extension);
  if (!fs.existsSync(store)) {
    fs.writeFileSync(`${store}.${process.pid}`, await encode(content));
    fs.renameSync(`${store}.${process.pid}`, store);
  }
  fs.copyFileSync(store, file + extension);
}

fs.mkdirSync(cache, { recursive: true });
const files = fs.readdirSync(site, { recursive: true }).map((name) => path.join(site, name));
const large = files.filter((file) => COMPRESSIBLE.test(file) && fs.statSync(file).size >= MIN_SIZE);
await Promise.all(large.flatMap((file) => [compress(file, ".br", brotli), compress(file, ".zst", zstd)]));
