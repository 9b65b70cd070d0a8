// Fetches what the check page needs before anybody goes there: when the browser has nothing else to do, one file after
// the other, and never over a connection that is slow or that somebody may pay for by what goes over it.

const site = new URL("../../..", import.meta.url);
const SLOW = ["slow-2g", "2g", "3g"];

function welcome({ saveData, effectiveType, type } = navigator.connection ?? {}) {
  return !saveData && !SLOW.includes(effectiveType) && type !== "cellular";
}

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

async function fetchAhead() {
  if (!welcome()) return;
  const { ahead } = await (await fetch(new URL("bundle.json", site), { priority: "low" })).json();
  for (const address of ahead.map((asset) => new URL(asset, site))) {
    if (!welcome() || address.origin !== location.origin) return; // the connection may be another by now
    await keep(address);
  }
}

const idle = window.requestIdleCallback ?? ((run) => setTimeout(run, 1000));
const soon = () => idle(() => fetchAhead().catch(() => {})); // the check page fetches what has not come
if (document.readyState === "complete") soon();
else addEventListener("load", soon);
