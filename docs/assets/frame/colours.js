// The colours that a reader chose, or else the device's, before the page is painted; and the switch between them.

{
  const KEY = `colours ${new URL("../..", document.currentScript.src).pathname}`;
  const switches = [...document.querySelectorAll('[name="__palette"]')];

  /** The name of the scheme that was chosen on this site; none when nothing was, or nothing may be kept. */
  function chosen() {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null;
    }
  }

  function keep(scheme) {
    try {
      localStorage.setItem(KEY, scheme);
    } catch {
      // without a store the choice holds for this page
    }
  }

  /** Shows the colours of one switch, and the label of the next, which leads on. */
  function show(current) {
    document.body.dataset.mdColorScheme = current.dataset.mdColorScheme;
    current.checked = true;
    for (const each of switches) each.nextElementSibling.hidden = each !== current;
  }

  const preferred = () => switches.find(({ dataset }) => matchMedia(dataset.mdColorMedia).matches) ?? switches[0];

  for (const each of switches) {
    each.addEventListener("change", () => {
      show(each);
      keep(each.dataset.mdColorScheme);
    });
    each.addEventListener("keydown", ({ key }) => {
      if (key !== "Enter") return;
      const next = document.getElementById(each.nextElementSibling.htmlFor);
      next.click();
      next.focus();
    });
  }
  show(switches.find(({ dataset }) => dataset.mdColorScheme === chosen()) ?? preferred());
  document.documentElement.classList.replace("no-js", "js");
}
