// The colour scheme that the reader chose, or else the device's; and the switch between the two. Not a module: it blocks the
// page's head, so that nothing is painted in other colours first.

{
  const KEY = `colours ${new URL("../../..", document.currentScript.src).pathname}`;

  /** The scheme that was chosen on this site, or else the device's. */
  function scheme() {
    try {
      const chosen = localStorage.getItem(KEY);
      if (chosen) return chosen;
    } catch {
      // storage is blocked
    }
    return matchMedia("(prefers-color-scheme: dark)").matches ? "slate" : "default";
  }

  function store(scheme) {
    try {
      localStorage.setItem(KEY, scheme);
    } catch {
      // the choice holds for this page
    }
  }

  function apply(scheme) {
    document.body.dataset.mdColorScheme = scheme;
  }

  /** Checks a switch and shows its label alone, which leads to the next. */
  function select(switches, current) {
    current.checked = true;
    for (const input of switches) input.nextElementSibling.hidden = input !== current;
  }

  function start() {
    const switches = [...document.querySelectorAll('[name="__palette"]')];
    for (const input of switches) {
      input.addEventListener("change", () => {
        select(switches, input);
        apply(input.dataset.mdColorScheme);
        store(input.dataset.mdColorScheme);
      });
      input.addEventListener("keydown", ({ key }) => {
        if (key !== "Enter") return;
        const next = document.getElementById(input.nextElementSibling.htmlFor);
        next.click();
        next.focus();
      });
    }
    const { mdColorScheme } = document.body.dataset;
    select(switches, switches.find(({ dataset }) => dataset.mdColorScheme === mdColorScheme) ?? switches[0]);
  }

  document.documentElement.classList.replace("no-js", "js");
  new MutationObserver((_, observer) => {
    if (!document.body) return;
    observer.disconnect();
    apply(scheme());
  }).observe(document.documentElement, { childList: true });
  document.addEventListener("DOMContentLoaded", start);
}
