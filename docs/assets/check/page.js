// The page's parts. All of its words stand in its HTML.

export const root = document.querySelector(".check");

export const find = (selector, within = root) => within.querySelector(selector);
export const all = (selector, within = root) => [...within.querySelectorAll(selector)];

/** A copy of a part of the page's template. */
export const copy = (selector) => find("template").content.querySelector(selector)?.cloneNode(true);

/** JSON in which a Map is an object: what is named by ids of a policy stands in Maps, for an object has names of its own. */
export const json = (value) => JSON.stringify(value, (_, part) => (part instanceof Map ? Object.fromEntries(part) : part));

export function element(name, ...content) {
  const node = document.createElement(name);
  node.append(...content);
  return node;
}

/** Brings the focus to a part of the page, with what surrounds it in view. */
export function lead(node, around = node) {
  around.scrollIntoView();
  node.focus({ preventScroll: true });
}

/** Calls the function when a button or a link that does this is used. */
export function on(action, run) {
  for (const node of all(`[data-do="${action}"]`)) {
    node.addEventListener("click", (event) => {
      event.preventDefault();
      run(node);
    });
  }
}

/** The device's own day: toISOString gives the day in Greenwich. */
export function today() {
  const now = new Date();
  return new Date(now - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
}

/** Gives the customer a file to keep. */
export function save(content, name, type) {
  const link = element("a");
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = name;
  link.click();
  setTimeout(URL.revokeObjectURL, 60_000, link.href); // a browser may still be reading it
}

/** Puts a text on the clipboard. Gives whether the browser let us. */
export async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
