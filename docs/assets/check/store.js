// Cases in the browser's storage: one of the device, which stays, and one of the tab, which a reload brings back. Where storage
// is blocked or full, the page works without.

import { json } from "./page.js";

export const KEY = `check ${location.pathname}`;
export const [DEVICE, TAB] = ["localStorage", "sessionStorage"];

/**
 * The stored part of a case. `case` is its number, `saved` the checker's account of its calendar files, and `kept` its
 * pictures on the device. `linked` tells whether its answers came by a link, while the device has others, which are the
 * customer's own; `amounts` whether its address holds amounts; `onDevice` whether the device has it, too; `previous` is the
 * device's case from before a link.
 */
export const read = (stored) => ({
  answers: new Map(Object.entries(stored?.answers ?? {})),
  letter: { ...stored?.letter },
  case: stored?.case,
  saved: stored?.saved,
  kept: stored?.kept ?? 0,
  linked: Boolean(stored?.linked),
  amounts: Boolean(stored?.amounts),
  onDevice: Boolean(stored?.onDevice),
  previous: stored?.previous && read(stored.previous),
});

/** A number for a new case: 128 random bits in hexadecimal. */
export const newCaseNumber = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

/** The case in a storage; an empty one if there is none that can be read. */
export function load(storage) {
  try {
    return read(JSON.parse(self[storage].getItem(KEY)));
  } catch {
    return read();
  }
}

/** Stores a case without its pictures; returns whether the browser has stored it. */
export function save(storage, state) {
  try {
    self[storage].setItem(KEY, json({ ...state, pictures: undefined }));
    return true;
  } catch {
    return false; // blocked or full
  }
}

/** Deletes all that the page has stored. */
export function clear() {
  for (const storage of [DEVICE, TAB]) {
    try {
      self[storage].removeItem(KEY);
    } catch {
      // blocked
    }
  }
}
