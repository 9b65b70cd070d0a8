// Fetches what the check page needs before anybody goes there: when the browser has nothing else to do, one file after
// the other, and never over a connection that is slow or that somebody may pay for by what goes over it.

import { welcome } from "./connection.js";
import { whenIdle } from "./idle.js";

const site = new URL("../../..", import.meta.url);

/** Leaves a file in the browser's cache. A link costs the page no work of its own, but WebKit knows none of this kind. */
function keep(address) {
  const link = document.createElement("link");
  if (!link.relList.supports("prefetch")) return fetch(address, { priority: "low" }).then((response) => response.blob());
  return new Promise((resolve) => {
    link.onload = link.onerror = resolve;
    link.rel = "prefetch";
    link.href = address;
    document.head.append(link);
  });
}

/** The check page fetches what has not come. */
whenIdle(async () => {
  if (!welcome()) return;
  const { ahead } = await (await fetch(new URL("bundle.json", site), { priority: "low" })).json();
  for (const address of ahead.map((asset) => new URL(asset, site))) {
    if (!welcome() || address.origin !== location.origin) return; // the connection may be another by now
    await keep(address);
  }
});
