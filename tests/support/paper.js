// What is wrong with a page as it is printed (tests/browser/test_paper.py), while the browser emulates paper.
() => {
  const faults = [];
  const seen = (node) => node.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true });
  const say = (node) => `${node.localName}.${node.className}: ${node.textContent.replace(/\s+/g, " ").trim().slice(0, 60)}`;
  const whole = (style) => ["avoid", "avoid-page"].includes(style.breakInside);

  for (const row of document.querySelectorAll("tr")) {
    if (seen(row) && !whole(getComputedStyle(row))) faults.push(`may be torn: ${say(row)}`);
  }
  for (const heading of document.querySelectorAll("h1, h2, h3, h4")) {
    const unbroken = ["avoid", "avoid-page"].includes(getComputedStyle(heading).breakAfter);
    if (seen(heading) && !unbroken && !whole(getComputedStyle(heading.parentElement))) {
      faults.push(`may stand alone at the end of a page: ${say(heading)}`);
    }
  }

  // Ids are of links, and say nothing on paper.
  for (const node of document.body.querySelectorAll("*")) {
    for (const part of ["::before", "::after"]) {
      const { content, display } = getComputedStyle(node, part);
      if (seen(node) && display !== "none" && content.includes("#")) faults.push(`prints ${content}: ${say(node)}`);
    }
  }
  for (const [id] of document.body.innerText.matchAll(/#[\w-]+/g)) faults.push(`prints ${id}`);

  // Black on white, whatever colours the screen has.
  const context = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const light = (colour) => {
    context.fillStyle = "#fff";
    context.fillRect(0, 0, 1, 1);
    context.fillStyle = colour;
    context.fillRect(0, 0, 1, 1);
    const [red, green, blue] = context.getImageData(0, 0, 1, 1).data;
    return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255;
  };
  for (const node of document.querySelectorAll("html, body, body *")) {
    if (!seen(node) || node.closest("svg, img, button")) continue;
    const style = getComputedStyle(node);
    const speaks = [...node.childNodes].some((part) => part.nodeType === Node.TEXT_NODE && part.data.trim());
    if (light(style.backgroundColor) < 0.8) faults.push(`has a dark ground: ${say(node)}`);
    if (speaks && light(style.color) > 0.5) faults.push(`is printed pale: ${say(node)}`);
  }
  return [...new Set(faults)];
};
