// The pictures that a customer adds: the checker says whether one fits, and takes its metadata out.

import { ask, read, remove, write } from "./checker.js";

let count = 0;

/**
 * The cleaned picture as {picture, file}, or its {error}. `pictures` are those that the proof item and all others have
 * already. What the checker cannot read but the browser shows is drawn anew.
 */
export async function take(file, item, pictures) {
  const room = await ask("room", { size: file.size, pictures });
  if (room.error) return room;
  const cleaned = await clean(file, item, pictures);
  if (!cleaned.redraw) return cleaned;
  const { redraw } = await import("./redraw.js");
  const redrawn = await redraw(file);
  return redrawn ? clean(redrawn, item, pictures) : cleaned;
}

async function clean(file, item, pictures) {
  const path = `/tmp/picture-${++count}`;
  await write(path, new Uint8Array(await file.arrayBuffer()));
  const { type, ...picture } = await ask("clean", { path, item, taken: pictures.map(({ name }) => name) });
  const bytes = await read(path);
  await remove(path);
  return picture.error ? picture : { picture: { ...picture, item }, file: new File([bytes], picture.name, { type }) };
}
