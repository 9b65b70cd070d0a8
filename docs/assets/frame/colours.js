// The colours that a reader chose, or else the device's; and the switch between them. Not a module: in the page's head
// it holds up all that is to be painted, so that nothing is painted in other colours first.

{
  const KEY = `colours ${new URL("../../..", document.currentScript.src).pathname}`;

  /** The name of the scheme that was chosen on this site, or else of the one that goes with the device. */
  function scheme() {
    try {
      const chosen = localStorage.getItem(KEY);
      if (chosen) return chosen;
    } catch {
      // where nothing may be kept, nothing was
    }
    return matchMedia("(prefers-color-scheme: dark)").matches ? "slate" : "default";
  }

  function keep(scheme) {
    try {
      localStorage.setItem(KEY, scheme);
    } catch {
      // the choice holds for this page
    }
  }

  function colour(scheme) {
    document.body.dataset.mdColorScheme = scheme;
  }

  /** Shows the label of the switch that holds: it leads to the next. */
  function mark(switches, current) {
    current.checked = true;
    for (const each of switches) each.nextElementSibling.hidden = each !== current;
  }

  function bringToLife() {
    const switches = [...document.querySelectorAll('[name="__palette"]')];
    for (const each of switches) {
      each.addEventListener("change", () => {
        mark(switches, each);
        colour(each.dataset.mdColorScheme);
        keep(each.dataset.mdColorScheme);
      });
      each.addEventListener("keydown", ({ key }) => {
        if (key !== "Enter") return;
        const next = document.getElementById(each.nextElementSibling.htmlFor);
        next.click();
        next.focus();
      });
    }
    const { mdColorScheme } = document.body.dataset;
    mark(switches, switches.find(({ dataset }) => dataset.mdColorScheme === mdColorScheme) ?? switches[0]);
  }

  document.documentElement.classList.replace("no-js", "js");
  new MutationObserver((_, observer) => {
    if (!document.body) return;
    observer.disconnect();
    colour(scheme());
  }).observe(document.documentElement, { childList: true });
  document.addEventListener("DOMContentLoaded", bringToLife);
}
