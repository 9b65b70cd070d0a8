// The notices below the head of each page: a newer version of the site, and a policy that is not in force yet.

const site = new URL("../../..", import.meta.url);
const { content: digest } = document.querySelector('meta[name="policy-digest"]');
const update = document.querySelector(".update-notice");
const upcoming = document.querySelector("[data-valid-from]");

upcoming.hidden = new Date(`${upcoming.dataset.validFrom}T00:00`) <= new Date(); // in the reader's time zone

/** Offers the newer version if the site has another policy or checker by now. Nothing reloads without a click. */
async function check() {
  if (document.hidden || !update.hidden) return;
  const current = await (await fetch(new URL("bundle.json", site), { cache: "no-cache" })).json();
  update.hidden = current.digest === digest;
}

/** Shows the version that is cached, in all pages at once; or else the network's. */
async function show() {
  const registration = await navigator.serviceWorker?.getRegistration(site);
  const waiting = registration?.scope === site.href ? registration.waiting : undefined; // it may be of a site above this one
  if (waiting) waiting.postMessage("show");
  else location.reload();
}

update.querySelector("button").addEventListener("click", show);
navigator.serviceWorker?.addEventListener("message", ({ data }) => data === "reload" && location.reload());

const recheck = () => check().catch(() => {}); // there may be no network
addEventListener("pageshow", ({ persisted }) => persisted && recheck());
addEventListener("online", recheck);
document.addEventListener("visibilitychange", recheck);
