// Loads the theme's own scripts when somebody turns to the search, which is the theme's. No page loads them otherwise.

const toggle = document.getElementById("__search");
const drawer = document.getElementById("__drawer");
const field = document.querySelector(".md-search__input");
const switches = [...document.querySelectorAll('[name="__palette"]')];

// The theme's storage. Its scripts only ask for the colour scheme, which colour_scheme.js stores.
window.__md_get = (name) => (name === "__palette" ? { index: switches.findIndex(({ checked }) => checked) } : null);
window.__md_set = () => {};

async function loadTheme() {
  await import("./theme_trusted_types.js");
  for (const script of document.getElementById("theme-scripts").content.querySelectorAll("[src]")) {
    await import(new URL(script.getAttribute("src"), document.baseURI));
  }
}

field.addEventListener("focus", loadTheme, { once: true });
toggle.addEventListener("change", () => toggle.checked && field.focus());

// The menu of a phone closes when a part of the page is chosen.
addEventListener("hashchange", () => (drawer.checked = false));
