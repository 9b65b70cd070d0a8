// Compresses files with brotli at the highest level: node compress.mjs < {"target": "file", …}
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { json } from "node:stream/consumers";
import { promisify } from "node:util";
import { brotliCompress, constants } from "node:zlib";

const compress = promisify(brotliCompress);

for (const [target, file] of Object.entries(await json(process.stdin))) {
  const bytes = await readFile(file);
  const params = { [constants.BROTLI_PARAM_LGWIN]: 24, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, await compress(bytes, { params }));
}
