// Loaded first: a fixed clock, no randomness, one time zone. So two builds take the same snapshot.
import crypto from "node:crypto";

/**
 * The seed of the clock and of random numbers. `pace` is the number of milliseconds by which each look at a clock
 * advances it.
 */
export const world = { number: 85, pace: 0, passed: 0 };

const RealDate = Date;
const passed = () => (world.passed += world.pace);
const now = () => world.number * 2e10 + world.number + passed();
const fill = (array) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength).fill(world.number) && array;

process.env.TZ = "UTC";
globalThis.Date = class Date extends RealDate {
  constructor(...values) {
    super(...(values.length ? values : [now()]));
  }
};
Date.now = now;
performance.now = () => world.number * 1234.567 + passed();
Math.random = () => world.number / 256;
crypto.randomFillSync = crypto.webcrypto.getRandomValues = globalThis.crypto.getRandomValues = fill;
