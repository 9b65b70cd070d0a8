// Decodes the files of a folder, which a host sent in brotli or zstd: 7.br becomes 7. Skips invalid files, and those of
// more than MAX_SIZE bytes.
//     node decode.mjs FOLDER MAX_SIZE
import fs from "node:fs";
import path from "node:path";
import zlib from "node:zlib";

const [folder, maxSize] = process.argv.slice(2);
const decoders = { ".br": zlib.brotliDecompressSync, ".zstd": zlib.zstdDecompressSync };

for (const file of fs.readdirSync(folder)) {
  const { name, ext } = path.parse(file);
  const content = fs.readFileSync(path.join(folder, file));
  let decoded;
  try {
    decoded = decoders[ext](content, { maxOutputLength: Number(maxSize) });
  } catch (error) {
    if (error instanceof TypeError) throw error; // an error in this script, not in the content
    continue;
  }
  fs.writeFileSync(path.join(folder, name), decoded);
}
