// The difference between two memories. Numbers of 32 bits: how many pieces, the sum of the memory, then the start and
// the length of each piece. Behind them come the bytes of the pieces.

const BLOCK = 64;

/** What a memory holds that not all fresh ones have in common with it. */
export function difference(memory, ...fresh) {
  const pieces = [];
  const same = (at) => {
    for (const each of fresh) for (let i = at; i < at + BLOCK; i++) if (each[i] !== memory[i]) return false;
    return true;
  };
  for (let at = 0; at < memory.length; at += BLOCK) {
    if (same(at)) continue;
    const last = pieces.at(-1);
    if (last && at - last.end <= BLOCK) last.end = at + BLOCK;
    else pieces.push({ at, end: at + BLOCK });
  }
  const table = [pieces.length, sum(memory), ...pieces.flatMap(({ at, end }) => [at, end - at])];
  return new Blob([Uint32Array.from(table), ...pieces.map(({ at, end }) => memory.subarray(at, end))]);
}

/** Makes a fresh memory what it was when the difference was taken. */
export function restore(memory, difference) {
  const [pieces, whole] = new Uint32Array(difference, 0, 2);
  const table = new Uint32Array(difference, 8, 2 * pieces);
  const bytes = new Uint8Array(difference);
  let from = 8 + table.byteLength;
  for (let i = 0; i < table.length; i += 2) {
    const to = from + table[i + 1];
    memory.set(bytes.subarray(from, to), table[i]);
    from = to;
  }
  if (sum(memory) !== whole) throw new Error("This is not the memory that the difference was taken from");
}

/** Names a memory, by its numbers of 32 bits. */
function sum(memory) {
  const words = new Int32Array(memory.buffer, memory.byteOffset, memory.length >> 2);
  let sum = 0;
  for (let i = 0; i < words.length; i++) sum = (Math.imul(sum, 31) + words[i]) | 0;
  return sum >>> 0;
}
