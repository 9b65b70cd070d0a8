// Second taps. A double tap, or a second press of Enter, would use whatever has taken the place of the first one's button.

import { root } from "./page.js";

const PAUSE = 500; // milliseconds after a change of the page in which clicks do nothing

let until = 0; // the end of the pause, in milliseconds since the page was opened
let latest = {}; // the button that was used last, and when
let timer;

/** Begins the pause. The attribute is for the style: what takes no click does not look as if it did. */
export function pause(time = PAUSE) {
  until = performance.now() + time;
  root.dataset.pause = "";
  clearTimeout(timer);
  timer = setTimeout(() => delete root.dataset.pause, time);
}

const buttonOf = ({ target }) => target.closest("a, button, summary, .button"); // a label may look like one

const isSecond = (event) => event.timeStamp < until || (buttonOf(event) === latest.button && event.timeStamp < latest.time + PAUSE);

function accept(event) {
  if (!event.detail && event.target.matches("input:not([type='file'])")) return true; // chosen by keyboard
  if (isSecond(event)) return false;
  const button = buttonOf(event);
  if (button) latest = { button, time: event.timeStamp };
  return true;
}

/** Starts to ignore second taps; the first tap may have been on the page that led here. */
export function start() {
  root.addEventListener("click", (event) => {
    if (accept(event)) return;
    event.preventDefault();
    event.stopPropagation();
  }, { capture: true });
  addEventListener("mousedown", (event) => isSecond(event) && event.preventDefault()); // the focus stays
  if (performance.now() < PAUSE) pause(PAUSE - performance.now());
}
