// Fetches what the check page needs before anybody goes there: when the browser has nothing else to do, one file after
// the other, and never over a connection that is slow or that somebody may pay for by what goes over it.

const site = new URL("../..", import.meta.url);
const SLOW = ["slow-2g", "2g", "3g"];

function welcome({ saveData, effectiveType, type } = navigator.connection ?? {}) {
  return !saveData && !SLOW.includes(effectiveType) && type !== "cellular";
}

const get = (address) => fetch(address, { priority: "low" });

/** Leaves each file in the browser's cache. Links that prefetch would do the same, but WebKit knows none. */
async function fetchAhead() {
  if (!welcome()) return;
  const assets = await (await get(new URL("ahead.json", site))).json();
  for (const address of assets.map((asset) => new URL(asset, site))) {
    if (!welcome() || address.origin !== location.origin) return; // the connection may be another by now
    await (await get(address)).body.pipeTo(new WritableStream());
  }
}

const idle = window.requestIdleCallback ?? ((run) => setTimeout(run, 1000));
const soon = () => idle(() => fetchAhead().catch(() => {})); // the check page fetches what has not come
if (document.readyState === "complete") soon();
else addEventListener("load", soon);
