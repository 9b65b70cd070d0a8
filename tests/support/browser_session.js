// Runs before the own scripts of each page in a test (tests/support/browser_session.py).
// It stops the clock, reports errors, and finds elements by role and accessible name.
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
  let skipped = 0; // milliseconds by which the clock of events is ahead

  const now = () => stopped ?? RealDate.now();
  globalThis.Date = new Proxy(RealDate, {
    construct: (real, args, target) => Reflect.construct(real, args.length ? args : [now()], target),
    apply: () => new RealDate(now()).toString(),
    get: (real, name) => (name === "now" ? now : Reflect.get(real, name)),
  });

  // A synchronous request, so that no error is lost when the page is left.
  const report = (text) => {
    const request = new RealRequest();
    request.open("POST", "/walk/problem", false);
    request.send(text);
  };
  addEventListener(
    "error",
    ({ message, target }) => {
      if (["prefetch", "next"].includes(target.rel)) return; // a page that is left aborts its prefetches
      report(message ?? `${target.src || target.href} cannot be loaded`);
    },
    true,
  );
  addEventListener("unhandledrejection", ({ reason }) => report(String(reason)));
  addEventListener("securitypolicyviolation", (event) => report(`${event.effectiveDirective} ${event.blockedURI}`));
  const { error } = console;
  console.error = (...words) => {
    error(...words);
    report(words.join(" "));
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

  // The oldest supported browsers have no checkVisibility().
  const isVisible = (node) =>
    node.checkVisibility?.({ visibilityProperty: true }) ??
    (node.getClientRects().length > 0 && getComputedStyle(node).visibility === "visible");
  const find = (target, name) =>
    [...document.querySelectorAll(ROLES[target] ?? target)].filter(
      (node) => isVisible(node) && (name === null || nameOf(node) === name),
    );

  // The point at which a click hits the node itself or, for a field that is drawn by its label, the label.
  const point = (node) => {
    const labels = [...(node.labels ?? [])];
    for (const part of [node, ...labels]) {
      part.scrollIntoView({ block: "center", behavior: "instant" });
      const { x, y, width, height } = part.getClientRects()[0] ?? part.getBoundingClientRect();
      const middle = [x + width / 2, y + height / 2].map(Math.floor);
      const hit = document.elementFromPoint(...middle);
      if ([part, ...labels].some((target) => target.contains(hit))) return middle;
    }
    return null;
  };

  // Stops a click that would hit something else, because the page has moved since its point was found.
  const PHASES = ["pointerdown", "mousedown", "pointerup", "mouseup", "click"];
  let guard = null;
  let missed = false;
  const release = () => {
    for (const phase of PHASES) removeEventListener(phase, guard, true);
    return missed;
  };
  const aim = (node) => {
    release();
    const targets = [node, node.control, ...(node.labels ?? [])].filter(Boolean);
    missed = false;
    guard = (event) => {
      if (!event.isTrusted || targets.some((target) => target.contains(event.target))) return;
      missed = true;
      event.preventDefault();
      event.stopImmediatePropagation();
    };
    for (const phase of PHASES) addEventListener(phase, guard, true);
    return point(node);
  };

  // The check page ignores clicks for a while after each change. Tests do not wait for it.
  const performanceNow = performance.now;
  performance.now = () => performanceNow.call(performance) + skipped;
  const { get } = Object.getOwnPropertyDescriptor(Event.prototype, "timeStamp");
  Object.defineProperty(Event.prototype, "timeStamp", { get() { return get.call(this) + skipped; } });
  const skipPause = () => {
    skipped += 1000;
    for (const part of document.querySelectorAll("[data-pause]")) delete part.dataset.pause;
  };

  globalThis.walk = {
    stop: (moment) => (stopped = new RealDate(moment).getTime()),
    skipPause,
    find,
    point,
    aim,
    release,
    describe: (node) => (node ? `${kindOf(node)} ${nameOf(node)}`.trim() : ""),
  };
})();
