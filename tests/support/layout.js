// What is wrong with the layout of a page (tests/browser/test_layout.py): what leaves the window, what is cut off, and
// what is read in another order than it is seen in.
() => {
  const faults = [];
  const root = document.documentElement;
  const describe = (node) => `${node.localName}.${node.className}: ${node.textContent.replace(/\s+/g, " ").trim().slice(0, 60)}`;
  if (root.scrollWidth > root.clientWidth) faults.push(`the page is ${root.scrollWidth} px wide`);
  // Parts for screen readers alone are clipped.
  const heard = (node) => Boolean(node) && (getComputedStyle(node).clip !== "auto" || heard(node.parentElement));
  let before = null;
  for (const node of document.body.querySelectorAll("*")) {
    if (!node.checkVisibility() || node.closest("svg") || heard(node)) continue;
    const { overflowX, overflowY, position } = getComputedStyle(node);
    if (["fixed", "sticky"].includes(position)) faults.push(`stays over others: ${describe(node)}`);
    const box = node.getBoundingClientRect();
    if (box.right > root.clientWidth + 1 || box.left < -1) faults.push(`leaves the window: ${describe(node)}`);
    if ([...node.childNodes].some((part) => part.nodeType === Node.TEXT_NODE && part.data.trim())) {
      if (before && box.bottom <= before.top && box.left < before.right && before.left < box.right) {
        faults.push(`stands above what is read before it: ${describe(node)}`);
      }
      before = box;
    }
    // A table may scroll in a box of its own; nothing else may hide what does not fit.
    if (overflowX !== "visible" && node.scrollWidth > node.clientWidth + 1) faults.push(`is cut at its side: ${describe(node)}`);
    if (overflowY !== "visible" && node.scrollHeight > node.clientHeight + 1) faults.push(`is cut below: ${describe(node)}`);
  }
  return faults;
};
