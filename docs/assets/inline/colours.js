// Dark or light: as the device asks, until the reader switches in the foot of the page. Inline, so that nothing is painted
// in other colours first, and no file that fails to come holds up the page.

{
  const KEY = `colours ${new URL(document.querySelector("script[data-root]").dataset.root, location).pathname}`;
  const dark = document.getElementById("dark-Colours"); // the dark stylesheet of a customers' page
  const device = matchMedia("(prefers-color-scheme: dark)");
  let chosen = load();

  /** The reader's choice, "dark" or "light"; null without one, and if storage is blocked. */
  function load() {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null;
    }
  }

  const isDark = () => (chosen ? chosen === "dark" : device.matches);

  function apply() {
    if (chosen) dark.media = isDark() ? "screen" : "not all";
  }

  function start() {
    const button = document.querySelector(".colours button");
    const label = () => (button.textContent = isDark() ? button.dataset.light : button.dataset.dark);
    button.addEventListener("click", () => {
      chosen = isDark() ? "light" : "dark";
      apply();
      label();
      try {
        localStorage.setItem(KEY, chosen);
      } catch {
        // the choice holds for this page
      }
    });
    device.addEventListener("change", label);
    label();
    button.parentElement.hidden = false;
  }

  apply();
  document.addEventListener("DOMContentLoaded", start);
}
