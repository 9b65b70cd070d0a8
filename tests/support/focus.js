// What a reader sees of the element that has the focus (tests/browser/test_keyboard.py).
() => {
  const node = document.activeElement;
  if (!node || node === document.body) return null;
  const box = node.getBoundingClientRect();
  const seen = (rect, more = 0) =>
    rect.left >= more && rect.top >= more && rect.right + more <= innerWidth && rect.bottom + more <= innerHeight;
  const describe = walk.describe(node).slice(0, 80);

  // The colour of a style as it is drawn, as red, green, blue and alpha.
  const context = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const drawn = (colour) => {
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = colour;
    context.fillRect(0, 0, 1, 1);
    return [...context.getImageData(0, 0, 1, 1).data];
  };
  const luminance = ([red, green, blue]) => {
    const part = (value) => (value <= 10.31475 ? value / 3294.6 : ((value / 255 + 0.055) / 1.055) ** 2.4);
    return 0.2126 * part(red) + 0.7152 * part(green) + 0.0722 * part(blue);
  };
  const contrast = (one, two) => {
    const [low, high] = [luminance(one), luminance(two)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };

  // A choice is outlined as a whole: with its label.
  const ring = [node, node.closest("label")].find((each) => {
    const style = each && getComputedStyle(each);
    return style && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  });
  const { outlineWidth = "0", outlineOffset = "0" } = ring ? getComputedStyle(ring) : {};
  let ground = ring?.parentElement;
  while (ground && drawn(getComputedStyle(ground).backgroundColor)[3] < 255) ground = ground.parentElement;
  const behind = ground ? drawn(getComputedStyle(ground).backgroundColor) : [255, 255, 255];

  const [x, y] = [box.x + Math.min(box.width / 2, 20), box.y + box.height / 2];
  const top = document.elementFromPoint(x, y);
  return {
    describe,
    part: node.closest("header, main, footer")?.localName ?? "",
    brand: node.matches(".brand"),
    skips: node.matches("a[href='#main-part']"),
    left: Math.round(box.left + scrollX),
    top: Math.round(box.top + scrollY),
    right: Math.round(box.right + scrollX),
    bottom: Math.round(box.bottom + scrollY),
    inside: seen(box) && (!ring || seen(ring.getBoundingClientRect(), parseFloat(outlineWidth) + parseFloat(outlineOffset))),
    covered: !top || !(node.contains(top) || top.contains(node) || [...(node.labels ?? [])].some((label) => label.contains(top))),
    contrast: ring ? contrast(drawn(getComputedStyle(ring).outlineColor), behind) : 0,
  };
};
