// Offers a newer version of the site to a page that was left open. Nothing reloads without a click.

const site = new URL("../../..", import.meta.url);
const { content: digest } = document.querySelector('meta[name="policy-digest"]');
const notice = document.querySelector(".update-notice");

/** Shows the notice if the site has another policy or checker by now. */
async function check() {
  if (document.hidden || !notice.hidden) return;
  const current = await (await fetch(new URL("bundle.json", site), { cache: "no-cache" })).json();
  notice.hidden = current.digest === digest;
}

/** Shows the version that is cached, in all pages at once; or else the network's. */
async function update() {
  const registration = await navigator.serviceWorker?.getRegistration(site);
  const waiting = registration?.scope === site.href ? registration.waiting : undefined; // it may be of a site above this one
  if (waiting) waiting.postMessage("show");
  else location.reload();
}

notice.querySelector("button").addEventListener("click", update);
navigator.serviceWorker?.addEventListener("message", ({ data }) => data === "reload" && location.reload());

const recheck = () => check().catch(() => {}); // there may be no network
addEventListener("pageshow", ({ persisted }) => persisted && recheck());
addEventListener("online", recheck);
document.addEventListener("visibilitychange", recheck);
