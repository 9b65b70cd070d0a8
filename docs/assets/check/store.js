// The customer's answers and texts in localStorage. Where it is blocked or full, the page works without.

import { json } from "./page.js";

export const KEY = `check ${location.pathname}`;

/** The stored part of a case: `case` is its number, `saved` the checker's account of its calendar files. */
const read = (state) => ({
  answers: new Map(Object.entries(state?.answers ?? {})),
  letter: { ...state?.letter },
  case: state?.case,
  saved: state?.saved,
});

/** A number for a new case: 128 random bits in hexadecimal. */
export const newCaseNumber = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

/** The stored state, with the `previous` one if a link has put another in its place; empty if it cannot be read. */
export function load() {
  try {
    const state = JSON.parse(localStorage.getItem(KEY));
    return { ...read(state), previous: state?.previous && read(state.previous) };
  } catch {
    return read();
  }
}

export function save(state) {
  try {
    localStorage.setItem(KEY, json({ ...state, pictures: undefined })); // a reload would find names without pictures
  } catch {
    // blocked or full
  }
}

export function clear() {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // blocked
  }
}
