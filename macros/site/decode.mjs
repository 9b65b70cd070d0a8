// Decodes the files of a folder, which a host sent in brotli or zstd: 7.br becomes 7. A file that is no such thing, or
// holds more than MOST bytes, becomes nothing.
//     node decode.mjs FOLDER MOST
import fs from "node:fs";
import path from "node:path";
import zlib from "node:zlib";

const [folder, most] = process.argv.slice(2);
const decoders = { ".br": zlib.brotliDecompressSync, ".zstd": zlib.zstdDecompressSync };

for (const file of fs.readdirSync(folder)) {
  const { name, ext } = path.parse(file);
  const content = fs.readFileSync(path.join(folder, file));
  let decoded;
  try {
    decoded = decoders[ext](content, { maxOutputLength: Number(most) });
  } catch (error) {
    if (error instanceof TypeError) throw error; // of this script, and not of the content
    continue;
  }
  fs.writeFileSync(path.join(folder, name), decoded);
}
