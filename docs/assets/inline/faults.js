// A notice for each cause that keeps the check from working. Inline, because the fault may be any file's; cause.js has what
// is needed only then. Keeps an answer that is given before main.js runs.

{
  const START = 2000; // milliseconds from the loading of all files to the start of main.js
  const find = (selector) => document.querySelector(selector);
  const hasStarted = () => find("[data-started]");
  const state = (self.checkFaults = {});

  // What the check needs besides is not in such browsers either.
  state.isOld = !self.AbortSignal?.timeout || !self.CompressionStream;

  // The cause of a failure: the name of its notice.
  state.find = async (startFailed) => {
    if (state.isOld) return "old";
    const { src } = find('script[src$="check/main.js"]');
    const site = new URL("../../../", src);
    const list = await fetch(new URL("bundle.json", site), { cache: "no-cache", redirect: "manual" }).catch(() => {});
    if (!list) return "network";
    const { digest, integrity } = await list.json().catch(() => ({}));
    if (!integrity) return list.type === "opaqueredirect" || list.ok ? "portal" : "host";
    if (digest !== find(".check").dataset.digest || !integrity[src.slice(site.href.length)]) return "updated";
    const cause = new URL("cause.js", src).href;
    const module = await import(cause).catch(() => {});
    if (module) return module.find(site, integrity, startFailed);
    const { type } = await fetch(cause, { redirect: "manual" }).catch(() => ({}));
    return type ? (type === "opaqueredirect" ? "portal" : "host") : "network";
  };

  const show = (name) => {
    for (const notice of document.querySelectorAll("[data-notice]")) notice.hidden = notice.dataset.notice !== name;
    find(".check-unstarted").hidden = true;
  };
  const ready = new Promise((resolve) => addEventListener("DOMContentLoaded", resolve));
  let search; // one for the page: a second could find less, and would take the first one's place
  const showCause = () => (search ??= ready.then(() => state.find()).then(show));
  if (state.isOld) ready.then(() => show("old"));

  const isNeeded = ({ src, rel }) => /check\/main\.js$/.test(src) || rel === "stylesheet";
  addEventListener(
    "error",
    ({ target, filename }) => {
      if (target === self) state.threw = !hasStarted() && /check\//.test(filename); // else checker.js tells
      if (state.threw || isNeeded(target)) showCause();
    },
    true,
  );

  addEventListener("load", () => setTimeout(() => hasStarted() || showCause(), START)); // main.js may be empty
  addEventListener("securitypolicyviolation", () => (state.violated = true));

  // An answer before main.js runs: it is submitted again when it does.
  addEventListener("submit", (event) => {
    if (hasStarted()) return;
    event.preventDefault();
    state.early = event.target;
    const notice = find("[data-notice]:not([hidden])");
    find(".check-waiting span").hidden = notice;
    notice?.focus();
  });
}
