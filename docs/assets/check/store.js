// What a customer answered and wrote, kept on the device. Without a store, or with a full one, all goes on without it.

import { json } from "./page.js";

export const KEY = `check ${location.pathname}`;

/** What was kept; empty when nothing was, or when nobody can read it. */
export function load() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY));
    return { answers: new Map(Object.entries(kept?.answers ?? {})), letter: { ...kept?.letter } };
  } catch {
    return { answers: new Map(), letter: {} };
  }
}

export function keep(state) {
  try {
    localStorage.setItem(KEY, json(state));
  } catch {
    // private windows and full devices keep nothing
  }
}

export function clear() {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // nothing was kept
  }
}
