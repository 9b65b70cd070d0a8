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

/** Lets node pose as a worker, so that Pyodide does what it does in a browser. Returns the function that ends node. */
export function poseAsWorker() {
  const { exit } = process;
  process.once("uncaughtException", (error) => {
    console.error(error.stack ?? error); // node itself would print the line too, and Pyodide's are a million characters long
    exit(1);
  });
  globalThis.self = globalThis;
  globalThis.WorkerGlobalScope = Object;
  globalThis.location = new URL("https://example.org/");
  // WebKit lacks a feature, and Pyodide does without it there: else the snapshot would refer to a function of node.
  Object.defineProperty(globalThis, "navigator", { value: { userAgent: "iPhone" } });
  delete globalThis.process;
  return exit;
}
