const LATEST = 10_000; // milliseconds after which it is run in any case: some browsers are never idle

/** Runs it once the page has loaded and the browser has nothing else to do. Fails in silence: no page needs it. */
export function whenIdle(run) {
  const idle = window.requestIdleCallback ?? ((run) => setTimeout(run, 1000));
  const soon = () => idle(() => run().catch(() => {}), { timeout: LATEST });
  if (document.readyState === "complete") soon();
  else addEventListener("load", soon);
}
