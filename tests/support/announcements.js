// Runs before a page's own scripts and records the live regions that a screen reader announces (tests/support/accessibility.py).
globalThis.announced = [];

const record = (node) => {
  const region = node?.closest("[role=status], [role=alert], [aria-live]");
  const text = region?.checkVisibility() && region.innerText.trim();
  if (text && announced.at(-1) !== text) announced.push(text);
};

new MutationObserver((changes) => {
  const nodes = changes.map(({ target }) => (target.nodeType === Node.ELEMENT_NODE ? target : target.parentElement));
  for (const node of new Set(nodes)) record(node);
}).observe(document, { subtree: true, childList: true, characterData: true, attributeFilter: ["hidden"] });
