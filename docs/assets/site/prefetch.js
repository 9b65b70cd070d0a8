// Prefetch of what the check page needs, by the other pages.

import { welcome } from "./connection.js";

/** On the other pages: one file after the other. Errors are ignored, as the check page fetches what is missing. */
export async function prefetchAll(site) {
  const { prefetch: files } = await (await fetch(new URL("bundle.json", site), { priority: "low" })).json();
  for (const address of files.map((file) => new URL(file, site))) {
    if (!welcome() || address.origin !== location.origin) return; // the connection may have changed
    await prefetch(address);
  }
}

/** Puts a file into the browser's cache. A link costs the page no work of its own, but WebKit does not support it. */
function prefetch(address) {
  const link = document.createElement("link");
  if (!link.relList.supports("prefetch")) return fetch(address, { priority: "low" }).then((response) => response.blob());
  return new Promise((resolve) => {
    link.onload = link.onerror = resolve;
    link.rel = "prefetch";
    link.href = address;
    document.head.append(link);
  });
}
