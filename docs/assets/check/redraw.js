// Draws a picture anew that the checker cannot read but this browser shows: another format, or a damaged file.

const MOST_PIXELS = 2 ** 24; // more than phones take, and the most that some of them can draw
const QUALITY = 0.92;
const TEST = 16; // pixels of a side of the test drawing
const TOLERANCE = 2; // of 255: browsers round colours

/** The picture as a JPEG; null if this browser does not show it, or does not let pages read what they draw. */
export async function redraw(file) {
  if (file.type === "image/svg+xml" || !isHonest()) return null;
  const image = new Image();
  image.src = URL.createObjectURL(file);
  try {
    await new Promise((resolve, reject) => Object.assign(image, { onload: resolve, onerror: reject }));
    return await drawn(image);
  } catch {
    return null;
  } finally {
    URL.revokeObjectURL(image.src);
  }
}

function drawn(image) {
  const scale = Math.min(1, Math.sqrt(MOST_PIXELS / (image.naturalWidth * image.naturalHeight)));
  const [width, height] = [image.naturalWidth, image.naturalHeight].map((side) => Math.max(1, Math.floor(side * scale)));
  const { canvas, context } = surface(width, height);
  context.fillStyle = "white"; // a JPEG has no transparent parts
  context.fillRect(0, 0, width, height);
  context.drawImage(image, 0, 0, width, height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
}

function surface(width, height) {
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  return { canvas, context: canvas.getContext("2d") };
}

/** Whether the browser gives back what was drawn: some give noise instead, so that pages cannot recognise a device. */
function isHonest() {
  const { context } = surface(TEST, TEST);
  const colour = (number) => [number, 255 - number, (number * 7) % 256];
  for (let number = 0; number < TEST * TEST; number++) {
    context.fillStyle = `rgb(${colour(number)})`;
    context.fillRect(number % TEST, Math.floor(number / TEST), 1, 1);
  }
  const { data } = context.getImageData(0, 0, TEST, TEST);
  return data.every((value, at) => Math.abs(value - (colour(at >> 2)[at & 3] ?? 255)) <= TOLERANCE);
}
