// Loaded before all else: a clock that stands still, no chance, one time zone. So two builds write the same memory.
import crypto from "node:crypto";

/**
 * What stands for the clock and for chance. With another number, whatever depends on them comes out otherwise; with a
 * pace, so does what notes how long something takes: each look at a clock finds it so many milliseconds later.
 */
export const world = { number: 85, pace: 0, passed: 0 };

const RealDate = Date;
const passed = () => (world.passed += world.pace);
const now = () => world.number * 2e10 + world.number + passed();
const fill = (array) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength).fill(world.number) && array;

process.env.TZ = "UTC";
globalThis.Date = class Date extends RealDate {
  constructor(...given) {
    super(...(given.length ? given : [now()]));
  }
};
Date.now = now;
performance.now = () => world.number * 1234.567 + passed();
Math.random = () => world.number / 256;
crypto.randomFillSync = crypto.webcrypto.getRandomValues = globalThis.crypto.getRandomValues = fill;
