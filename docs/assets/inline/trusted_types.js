// Only the scripts that the build names here may become workers, and sw.js in the root. A page inside another one shows
// nothing but a link to itself, because a host without headers cannot forbid frames.
// Data that differs between policies is not part of the script, whose hash is in the headers of hosts.
// Our globals contain a capital letter, which no id of a policy does: an element with an id is a global too.

{
  const STYLES = 8000; // milliseconds to wait for a style sheet, without which browsers paint nothing
  const { dataset } = document.querySelector("script[data-workers]");
  const root = new URL(dataset.root, location);
  const workers = dataset.workers.split(" ").map((name) => new URL(name, root).href);

  // A blob address for a worker of one of our scripts, or of its text. A blob inherits the page's security policy; without
  // headers a worker from the script's own address would have none.
  const createScriptURL = (address, text) => {
    const { href } = new URL(address, location);
    if (href === new URL("sw.js", root).href) return href; // a service worker cannot be made of a blob
    if (!workers.includes(href)) throw new TypeError(`not a worker of this site: ${href}`);
    const script = [text ?? `import ${JSON.stringify(href)};`, '\npostMessage({ failed: "empty" })']; // unless it has reported
    return URL.createObjectURL(new Blob(script, { type: "text/javascript" }));
  };

  // Replaces the page by a link to itself, because the page around it could misuse a customer's clicks. The rest of the page
  // is parsed into a detached tree, where no script runs. After stop() Chromium would never paint the link.
  const standAlone = () => {
    const element = (name, properties) => Object.assign(document.createElement(name), properties);
    const [html, head, body] = ["html", "head", "body"].map((name) => element(name));
    html.lang = document.documentElement.lang;
    head.append(element("link", { rel: "stylesheet", href: dataset.style }));
    body.className = "framed";
    const link = element("a", { href: location, target: "_blank", rel: "noopener", textContent: dataset.link });
    body.append(element("p", { textContent: dataset.framed }), link);
    html.append(head, body);
    document.documentElement.replaceWith(html);
  };

  if (self === top) self.trustedTypesPolicy = self.trustedTypes?.createPolicy("checker", { createScriptURL }) ?? { createScriptURL };
  else standAlone();

  document.documentElement.classList.replace("no-js", "js");
  setTimeout(() => {
    for (const link of document.querySelectorAll('link[rel="stylesheet"]')) if (!link.sheet) link.remove();
  }, STYLES);
}
