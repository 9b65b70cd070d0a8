// Loaded before all else: a clock that stands still, no chance, one time zone. So two builds write the same memory.
import crypto from "node:crypto";

/** What stands for the clock and for chance. With another number, whatever depends on them comes out otherwise. */
export const world = { number: 85 };

const RealDate = Date;
const now = () => world.number * 2e10 + world.number;
const fill = (array) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength).fill(world.number) && array;

process.env.TZ = "UTC";
globalThis.Date = class Date extends RealDate {
  constructor(...given) {
    super(...(given.length ? given : [now()]));
  }
};
Date.now = now;
performance.now = () => world.number * 1234.567;
Math.random = () => world.number / 256;
crypto.randomFillSync = crypto.webcrypto.getRandomValues = globalThis.crypto.getRandomValues = fill;
