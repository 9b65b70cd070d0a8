// Stands before each page's own scripts while a test walks through the site (tests/support/browser_session.py).
// It stops the clock, keeps what goes wrong, and finds things as a customer does: by what they are and say.
"use strict";

(() => {
  const RealDate = Date;
  const RealRequest = XMLHttpRequest;
  const ROLES = {
    button: "button, summary, input[type=submit], [role=button]",
    checkbox: "input[type=checkbox]",
    heading: "h1, h2, h3, h4, h5, h6",
    link: "a[href]",
    radio: "input[type=radio]",
    textbox: "textarea, input:not([type]), input:is([type=text], [type=search], [type=email], [type=number], [type=url])",
  };
  let stopped = null;

  const now = () => stopped ?? RealDate.now();
  globalThis.Date = new Proxy(RealDate, {
    construct: (real, given, target) => Reflect.construct(real, given.length ? given : [now()], target),
    apply: () => new RealDate(now()).toString(),
    get: (real, name) => (name === "now" ? now : Reflect.get(real, name)),
  });

  // The server is told before the next line runs, so that no error is lost when the page goes away.
  const wrong = (text) => {
    const request = new RealRequest();
    request.open("POST", "/walk/wrong", false);
    request.send(text);
  };
  addEventListener(
    "error",
    ({ message, target }) => {
      if (["prefetch", "next"].includes(target.rel)) return; // a page that is left takes back what it fetched ahead
      wrong(message ?? `${target.src || target.href} cannot be loaded`);
    },
    true,
  );
  addEventListener("unhandledrejection", ({ reason }) => wrong(String(reason)));
  addEventListener("securitypolicyviolation", (event) => wrong(`${event.effectiveDirective} ${event.blockedURI}`));
  const { error } = console;
  console.error = (...words) => {
    error(...words);
    wrong(words.join(" "));
  };

  const textOf = (node) => node.textContent.replace(/\s+/g, " ").trim();
  const nameOf = (node) => {
    const labels = node.getAttribute("aria-labelledby")?.split(/\s+/).map((id) => document.getElementById(id));
    return (
      (labels ?? [...(node.labels ?? [])]).map(textOf).join(" ") ||
      node.getAttribute("aria-label") ||
      textOf(node) ||
      node.getAttribute("alt") ||
      node.getAttribute("title") ||
      ""
    );
  };
  const kindOf = (node) =>
    Object.keys(ROLES).find((role) => node.matches(ROLES[role])) ?? node.getAttribute("role") ?? node.localName;

  const find = (target, name) =>
    [...document.querySelectorAll(ROLES[target] ?? target)].filter(
      (node) => node.checkVisibility({ visibilityProperty: true }) && (name === null || nameOf(node) === name),
    );

  // Where on the screen a click reaches the node itself or, for a field that is drawn by its label, the label.
  const point = (node) => {
    const labels = [...(node.labels ?? [])];
    for (const part of [node, ...labels]) {
      part.scrollIntoView({ block: "center", behavior: "instant" });
      const { x, y, width, height } = part.getClientRects()[0] ?? part.getBoundingClientRect();
      const middle = [x + width / 2, y + height / 2].map(Math.floor);
      const there = document.elementFromPoint(...middle);
      if ([part, ...labels].some((reached) => reached.contains(there))) return middle;
    }
    return null;
  };

  globalThis.walk = {
    stop: (moment) => (stopped = new RealDate(moment).getTime()),
    find,
    point,
    describe: (node) => (node ? `${kindOf(node)} ${nameOf(node)}`.trim() : ""),
  };
})();
