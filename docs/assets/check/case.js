// The case of this tab. The device has the customer's own case; the tab has the same one, or one that came by a link.

import { find } from "./page.js";
import * as store from "./store.js";

const first = find("form[data-view]")?.dataset.view;

/** Whether a case has more than an answer to the first question. */
export const isBegun = ({ answers, letter, kept }) => [...answers.keys()].some((id) => id !== first) || Object.values(letter).some(Boolean) || kept > 0;

export const onDevice = () => store.load(store.DEVICE);

/** Whether the device had the case, and has none now. */
export const isDeleted = () => state.onDevice && !onDevice().case;

/** At the first question the case of the device, which can be taken up again; at other addresses that of the tab. */
function atStart() {
  const tab = store.load(store.TAB);
  const device = onDevice();
  if (tab.onDevice && !device.case) store.clear(); // it was deleted in another window
  else if (tab.case && location.hash) return tab;
  return device;
}

/** The case; `pictures` are those that the page has. */
export const state = { pictures: [], ...atStart() };

/** Whether the browser has stored what the page would lose. */
export let isStored = true;

/** Stores the case, with these answers if there are later ones than its own. */
export function persist(answers = state.answers) {
  if (answers.size) state.case ??= store.newCaseNumber();
  state.onDevice = !state.linked && store.save(store.DEVICE, { ...state, answers });
  isStored = store.save(store.TAB, { ...state, answers }) || state.onDevice;
}

/** Shows a stored case in this tab. */
export const take = (stored) => Object.assign(state, stored, { pictures: [] });

/** Begins the case of a link. One that this tab has shown before comes with its number: it is not a new one. */
export function takeLink(number) {
  const letter = number && number === state.case ? state.letter : {};
  Object.assign(state, store.read({ case: number, letter, linked: isBegun(onDevice()) }), number === state.case ? {} : { pictures: [] });
}

/** Makes the case the customer's own; the device's own one, if there is another, becomes the previous one. */
export function adopt() {
  if (state.linked) state.previous = onDevice();
  state.linked = false;
}

/** Begins another case with some of the answers and texts. */
export function takeAnother() {
  const { name, order } = state.letter;
  Object.assign(state, { letter: { name, order }, case: undefined, saved: undefined, kept: 0, amounts: false, pictures: [] });
}

/** Deletes the case, in this tab and on the device. */
export function remove() {
  store.clear();
  take(store.read());
}
