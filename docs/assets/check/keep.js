// What a customer can keep of a result: print it, add its dates to a calendar, copy a link to it or share it.

import { ask, perform } from "./checker.js";
import { copyText, download, find, on } from "./page.js";

const link = find("#check-link");
const withAmounts = find("#check-link-amounts");
const field = find(".check-link");
const status = find(".check-share .check-done");

let page; // main.js: {state, persist, showAddress}
let links; // of the response: the pairs of answers, with amounts and without

/** Shows the link to a result. */
export function show(response) {
  ({ links } = response);
  withAmounts.checked = page.state.amounts;
  showLink();
}

export function clear() {
  link.value = "";
}

function showLink() {
  const pairs = new URLSearchParams(links[withAmounts.checked ? "amounts" : "plain"]);
  link.value = new URL(`#${pairs}`, location).href;
  status.textContent = "";
  field.hidden = true;
}

/** Adds the amounts to the link and to the address of the result, or takes them out. */
function toggleAmounts() {
  page.state.amounts = withAmounts.checked;
  page.persist();
  page.showAddress();
  showLink();
}

/** Copies the link, or shows it where the browser refuses. */
async function copyLink() {
  field.hidden = await copyText(link.value);
  status.textContent = field.hidden ? status.dataset.done : status.dataset.failed;
}

/** Opens the device's own sheet for sharing. */
const share = () => navigator.share({ title: document.title, url: link.value }).catch(() => {}); // closed without sharing

async function saveCalendar({ state, persist }) {
  const { answers, case: number, saved } = state;
  const response = await ask("calendar", { answers, case: number, saved, address: new URL("#check-result", location).href });
  download([response.text], response.name, "text/calendar;charset=utf-8");
  state.saved = response.saved;
  persist();
}

/** Starts the buttons. `functions` is {state, persist, showAddress} of main.js. */
export function start(functions) {
  page = functions;
  on("print", () => print());
  on("link", copyLink);
  on("share", share);
  find('[data-do="share"]').hidden = !navigator.share;
  on("calendar", () => perform(() => saveCalendar(page)));
  withAmounts.addEventListener("input", toggleAmounts);
}
