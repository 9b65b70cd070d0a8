// The difference between two memories. As 32-bit numbers: how many pieces, the size of the memory, the sum of the fresh
// one, the length of a header; the start and the length of each piece. Then the header, and the bytes of the pieces.

const BLOCK = 64;
const WORDS = 4;

/** What a memory holds more than a fresh one, behind a header of a multiple of four bytes. */
export function difference(fresh, memory, header) {
  const pieces = [];
  const same = (at) => {
    for (let i = at; i < at + BLOCK; i++) if ((fresh[i] ?? 0) !== memory[i]) return false;
    return true;
  };
  for (let at = 0; at < memory.length; at += BLOCK) {
    if (same(at)) continue;
    const last = pieces.at(-1);
    if (last && at - last.end <= BLOCK) last.end = at + BLOCK;
    else pieces.push({ at, end: at + BLOCK });
  }
  const table = [pieces.length, memory.length, sum(fresh), header.length];
  for (const { at, end } of pieces) table.push(at, end - at);
  const bytes = pieces.map(({ at, end }) => memory.subarray(at, end));
  return Buffer.concat([new Uint8Array(Uint32Array.from(table).buffer), header, ...bytes]);
}

/** The header of a difference, the size of the memory, and a function that makes a fresh memory that memory. */
export function opened(buffer) {
  const [pieces, size, fresh, length] = new Uint32Array(buffer, 0, WORDS);
  const table = new Uint32Array(buffer, 4 * WORDS, 2 * pieces);
  const head = 4 * WORDS + 8 * pieces;
  const bytes = new Uint8Array(buffer);
  const restore = (memory) => {
    if (memory.length !== size || sum(memory) !== fresh) throw new Error("not the memory of this build");
    for (let i = 0, from = head + length; i < table.length; i += 2) {
      const to = from + table[i + 1];
      memory.set(bytes.subarray(from, to), table[i]);
      from = to;
    }
  };
  return { header: bytes.slice(head, head + length), size, restore };
}

/** A number that says whether a memory is what it should be. What is not touched yet is zeros and costs no time. */
function sum(memory) {
  const words = new Uint32Array(memory.buffer, memory.byteOffset, memory.length >> 2);
  let sum = 0;
  for (let i = 0; i < words.length; i++) sum = (Math.imul(sum, 31) + words[i]) | 0;
  return sum >>> 0;
}
