// Loaded before all else: a clock that stands still, no chance, one time zone. So two builds write the same memory.
import crypto from "node:crypto";

process.env.TZ = "UTC";
const MOMENT = Date.UTC(2020, 0, 1);
const RealDate = Date;
globalThis.Date = class Date extends RealDate {
  constructor(...given) {
    given.length ? super(...given) : super(MOMENT);
  }
  static now() {
    return MOMENT;
  }
};
performance.now = () => 0;
Math.random = () => 0.5;

function fill(array) {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength).fill(7) && array;
}
crypto.randomFillSync = crypto.webcrypto.getRandomValues = globalThis.crypto.getRandomValues = fill;
