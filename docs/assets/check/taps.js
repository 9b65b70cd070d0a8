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

function accept({ target, timeStamp, detail }) {
  if (!detail && target.matches("input")) return true; // chosen by keyboard
  const button = target.closest("button, a, summary");
  if (timeStamp < until || (button && button === latest.button && timeStamp < latest.time + PAUSE)) return false;
  latest = { button, time: timeStamp };
  return true;
}

/** Starts to ignore second taps; the first tap may have been on the page that led here. */
export function start() {
  root.addEventListener("click", (event) => {
    if (accept(event)) return;
    event.preventDefault();
    event.stopPropagation();
  }, { capture: true });
  if (performance.now() < PAUSE) pause(PAUSE - performance.now());
}
