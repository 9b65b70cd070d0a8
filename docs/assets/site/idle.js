const MAX_DELAY = 10_000; // milliseconds: some browsers are never idle

/** Calls an async function once the page has loaded and the browser is idle. Ignores errors: no page depends on it. */
export function whenIdle(run) {
  const idle = window.requestIdleCallback ?? ((run) => setTimeout(run, 1000));
  const schedule = () => idle(() => run().catch(() => {}), { timeout: MAX_DELAY });
  if (document.readyState === "complete") schedule();
  else addEventListener("load", schedule);
}
