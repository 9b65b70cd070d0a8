// The customer's answers and texts in localStorage. Where it is blocked or full, the page works without.

import { json } from "./page.js";

export const KEY = `check ${location.pathname}`;

/** The stored state; empty if there is none, or if it cannot be read. */
export function load() {
  try {
    const state = JSON.parse(localStorage.getItem(KEY));
    return { answers: new Map(Object.entries(state?.answers ?? {})), letter: { ...state?.letter } };
  } catch {
    return { answers: new Map(), letter: {} };
  }
}

export function save(state) {
  try {
    localStorage.setItem(KEY, json(state));
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
