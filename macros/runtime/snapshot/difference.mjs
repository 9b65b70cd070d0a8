// The difference between two memories, as bytes. First 32-bit numbers: the number of pieces, the checksum of the memory, and
// the start and the length of each piece. Then the bytes of the pieces.

const BLOCK = 64;

/** The bytes of a memory that differ from at least one of the fresh ones. */
export function difference(memory, ...fresh) {
  const pieces = [];
  const same = (at) => {
    for (const other of fresh) for (let i = at; i < at + BLOCK; i++) if (other[i] !== memory[i]) return false;
    return true;
  };
  for (let at = 0; at < memory.length; at += BLOCK) {
    if (same(at)) continue;
    const last = pieces.at(-1);
    if (last && at - last.end <= BLOCK) last.end = at + BLOCK;
    else pieces.push({ at, end: at + BLOCK });
  }
  const table = [pieces.length, checksum(memory), ...pieces.flatMap(({ at, end }) => [at, end - at])];
  return new Blob([Uint32Array.from(table), ...pieces.map(({ at, end }) => memory.subarray(at, end))]);
}

/** Writes the difference into a fresh memory. Throws if the result is not the memory that the difference was taken from. */
export function restore(memory, difference) {
  const [pieces, expected] = new Uint32Array(difference, 0, 2);
  const table = new Uint32Array(difference, 8, 2 * pieces);
  const bytes = new Uint8Array(difference);
  let from = 8 + table.byteLength;
  for (let i = 0; i < table.length; i += 2) {
    const to = from + table[i + 1];
    memory.set(bytes.subarray(from, to), table[i]);
    from = to;
  }
  if (checksum(memory) !== expected) throw new Error("This is not the memory that the difference was taken from");
}

/** A hash of a memory's 32-bit numbers. */
function checksum(memory) {
  const words = new Int32Array(memory.buffer, memory.byteOffset, memory.length >> 2);
  let sum = 0;
  for (let i = 0; i < words.length; i++) sum = (Math.imul(sum, 31) + words[i]) | 0;
  return sum >>> 0;
}
