// Stands before a page's own scripts and keeps what a screen reader says without being asked (tests/support/accessibility.py).
globalThis.announced = [];

const say = (node) => {
  const region = node?.closest("[role=status], [role=alert], [aria-live]");
  const text = region?.checkVisibility() && region.innerText.trim();
  if (text && announced.at(-1) !== text) announced.push(text);
};

new MutationObserver((changes) => {
  const nodes = changes.map(({ target }) => (target.nodeType === Node.ELEMENT_NODE ? target : target.parentElement));
  for (const node of new Set(nodes)) say(node);
}).observe(document, { subtree: true, childList: true, characterData: true, attributeFilter: ["hidden"] });
