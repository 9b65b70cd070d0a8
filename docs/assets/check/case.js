// The case of this tab. The device has the customer's own case; the tab has the same one, or one that came by a link. Both are
// in the browser's storage. Where it is blocked or full, the page works without.

import { all, find, json } from "./page.js";

const KEY = `check ${location.pathname}`;
const [DEVICE, TAB] = ["localStorage", "sessionStorage"];

/**
 * The stored part of a case. `case` is its number, `saved` the checker's account of its calendar files, and `storedPictures`
 * how many of its pictures the device has. `addresses` are those of its result, if its answers lead to one. `linked` tells
 * whether its answers came by a link, while the device has others, which are the customer's own; `amounts` whether its address
 * holds amounts; `onDevice` whether the device has it, too; `previous` is the device's case from before a link.
 */
const read = (stored) => ({
  answers: new Map(Object.entries(stored?.answers ?? {})),
  letter: { ...stored?.letter },
  case: stored?.case,
  addresses: stored?.addresses,
  saved: stored?.saved,
  storedPictures: stored?.storedPictures ?? 0,
  linked: stored?.linked,
  amounts: stored?.amounts,
  onDevice: stored?.onDevice,
  previous: stored?.previous && read(stored.previous),
});

/** A number for a new case: 128 random bits in hexadecimal. */
const newCaseNumber = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

/** The case in a storage; an empty one if there is none that can be read. */
function load(storage) {
  try {
    return read(JSON.parse(self[storage].getItem(KEY)));
  } catch {
    return read();
  }
}

/** Stores a case without its pictures; returns whether the browser has stored it. */
function save(storage, state) {
  try {
    self[storage].setItem(KEY, json({ ...state, pictures: undefined }));
    return true;
  } catch {
    return false; // blocked or full
  }
}

/** Deletes all that the page has stored, pictures too. */
function clear() {
  self.indexedDB?.deleteDatabase(KEY);
  try {
    localStorage.removeItem(KEY);
    sessionStorage.removeItem(KEY);
  } catch {
    // blocked
  }
}

// ---- the case that the page shows

const { hash, pathname, search } = location;
if (!hash && all("[data-question]").some(({ dataset }) => search.includes(dataset.question))) {
  history.replaceState(null, "", pathname + search.replace("?", "#")); // a link whose # became a ?
}

const first = find("form[data-view]")?.dataset.view;

/** Whether a case has more than an answer to the first question. */
export const isBegun = ({ answers, letter, storedPictures }) => [...answers.keys()].some((id) => id !== first) || Object.values(letter).some(Boolean) || storedPictures > 0;

export const onDevice = () => load(DEVICE);

/** Whether the device had the case, and has none now. */
export const isDeleted = () => state.case && state.onDevice && !onDevice().case;

/** At the first question the case of the device, which can be taken up again; at other addresses that of the tab. */
function atStart() {
  const tab = load(TAB);
  const device = onDevice();
  if (tab.onDevice && !device.case) clear(); // it was deleted in another window
  else if (tab.case && location.hash) return tab;
  return device;
}

/** The case; `pictures` are those that the page has. */
export const state = { pictures: [], ...atStart() };

/** Whether the browser has stored what the page would lose. */
export let isStored = !location.hash || save(TAB, state);

/** Stores the case, with these answers if there are later ones than its own. */
export function persist(answers = state.answers) {
  if (answers !== state.answers) state.addresses = undefined;
  if (answers.size) state.case ??= newCaseNumber();
  state.onDevice = !state.linked && save(DEVICE, { ...state, answers });
  isStored = save(TAB, { ...state, answers }) || state.onDevice;
}

/** Shows a stored case in this tab. */
export const take = (stored) => Object.assign(state, stored, { pictures: [] });

/** Begins the case of a link. One that this tab has shown before comes with its number: it is not a new one. */
export function takeLink(number) {
  const { letter, saved, storedPictures, pictures } = number && number === state.case ? state : { pictures: [] };
  Object.assign(state, read({ case: number, letter, saved, storedPictures, linked: isBegun(onDevice()) }), { pictures });
}

/** Makes the case the customer's own; the device's own one, if there is another, becomes the previous one. */
export function adopt() {
  if (state.linked) state.previous = onDevice();
  state.linked = false;
}

/** Begins another case with some of the answers and texts. */
export function takeAnother() {
  const { name, order } = state.letter;
  Object.assign(state, { letter: { name, order }, case: undefined, saved: undefined, storedPictures: 0, amounts: false, pictures: [] });
}

/** Deletes the case, in this tab and on the device. */
export function remove() {
  clear();
  take(read());
}
