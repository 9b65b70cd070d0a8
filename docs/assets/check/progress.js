// How much of the checker has come, in bytes of bytes. The page shows it to those who wait.

import { find } from "./page.js";

const bar = find(".check-waiting progress");

export function progress(loaded, total) {
  bar.max = total;
  bar.value = loaded;
  bar.hidden = loaded >= total;
}
