// Wakes the theme's own scripts as soon as somebody turns to the search, which is theirs. Nobody else loads them.

const open = document.getElementById("__search");
const drawer = document.getElementById("__drawer");
const field = document.querySelector(".md-search__input");
const switches = [...document.querySelectorAll('[name="__palette"]')];

// Where the theme's scripts keep things. All that they ask for is the colours, and colours.js keeps those.
window.__md_get = (name) => (name === "__palette" ? { index: switches.findIndex(({ checked }) => checked) } : null);
window.__md_set = () => {};

async function wake() {
  await import("./trust.js");
  for (const script of document.getElementById("theme-scripts").content.querySelectorAll("[src]")) {
    await import(new URL(script.getAttribute("src"), document.baseURI));
  }
}

field.addEventListener("focus", wake, { once: true });
open.addEventListener("change", () => open.checked && field.focus());

// The menu of a phone stays open no longer than it takes to choose a part of the page.
addEventListener("hashchange", () => (drawer.checked = false));
