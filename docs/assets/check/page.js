// Helpers for the page's elements. All words are in the HTML.

export const root = document.querySelector(".check");

export const find = (selector, within = root) => within.querySelector(selector);
export const all = (selector, within = root) => [...within.querySelectorAll(selector)];

/** A copy of an element of the page's template; null if there is none. */
export function copy(selector) {
  const node = find("template").content.querySelector(selector);
  return node && document.importNode(node, true); // a clone would resolve no address
}

/** JSON in which a Map is an object. Ids of a policy are keys of Maps, because objects have properties of their own. */
export const json = (value) => JSON.stringify(value, (_, part) => (part instanceof Map ? Object.fromEntries(part) : part));

export function element(name, ...content) {
  const node = document.createElement(name);
  node.append(...content);
  return node;
}

/** Focuses an element, with the element around it in view. */
export function focusOn(node, around = node) {
  around.scrollIntoView();
  node.focus({ preventScroll: true });
}

/** Calls a function when a button or a link with this action is used. */
export function on(action, run) {
  for (const node of all(`[data-do="${action}"]`)) {
    node.addEventListener("click", (event) => {
      event.preventDefault();
      run(node);
    });
  }
}

/** A day in the device's time zone, counted back from today; toISOString alone gives the day in UTC. */
export function today(daysAgo = 0) {
  const now = new Date();
  now.setDate(now.getDate() - daysAgo);
  return new Date(now - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
}

/** Offers a file for download, from its parts. */
export function download(parts, name, type) {
  const link = element("a");
  link.href = URL.createObjectURL(new Blob(parts, { type }));
  link.download = name;
  link.click();
  setTimeout(URL.revokeObjectURL, 60_000, link.href); // a browser may still be reading it
}

/** Copies a text to the clipboard; returns whether the browser allowed it. */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
