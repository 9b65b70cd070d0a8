// Offers a newer version of the site to a page that was left open: nobody is made to take it.

const site = new URL("../../..", import.meta.url);
const own = document.querySelector('meta[name="policy-digest"]').content;
const offer = document.querySelector(".newer");

/** Looks whether the site is of another policy, or of another checker, by now. */
async function look() {
  if (document.hidden || !offer.hidden) return;
  const { digest } = await (await fetch(new URL("bundle.json", site), { cache: "no-cache" })).json();
  offer.hidden = digest === own;
}

/** The version that the browser has kept, for all pages at once; else what the network has. */
async function show() {
  const registration = await navigator.serviceWorker?.getRegistration(site);
  const kept = registration?.scope === site.href ? registration.waiting : undefined; // it may be of a site above this one
  if (kept) kept.postMessage("show");
  else location.reload();
}

offer.querySelector("button").addEventListener("click", show);
navigator.serviceWorker?.addEventListener("message", ({ data }) => data === "reload" && location.reload());

const again = () => look().catch(() => {}); // without a network there is nothing newer
addEventListener("pageshow", ({ persisted }) => persisted && again());
addEventListener("online", again);
document.addEventListener("visibilitychange", again);
