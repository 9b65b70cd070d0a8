// The Trusted Types policy for the theme's scripts. They pass plain strings to the browser, so it is the policy named
// "default"; it is created only for those who search.

const WORKERS = new URL("../../javascripts/workers/", import.meta.url).href; // the folder of the theme's only worker

/** Every "<" but that of a tag in search results. */
const NO_TAG = /<(?!\/?(?:code|del|div|h[12]|li|mark|ol|p|pre|sub|sup|ul)(?: class="md-[\w -]*")?>)/g;

/**
 * Runs the theme's worker under a Trusted Types policy. In a blob its relative addresses would lead nowhere, so they are
 * resolved here.
 */
function runWorker(address, scripts) {
  const createScriptURL = (name) => {
    const { href } = new URL(name, address);
    if (!href.startsWith(scripts)) throw new TypeError(`not a script of the theme: ${href}`);
    return href;
  };
  const policy = self.trustedTypes?.createPolicy("checker", { createScriptURL }) ?? { createScriptURL };
  const { importScripts } = self;
  self.importScripts = (...names) => importScripts(...names.map((name) => policy.createScriptURL(name)));
  self.importScripts(address);
}

self.trustedTypes?.createPolicy("default", {
  createHTML: (text) => text.replace(NO_TAG, "&lt;"),
  createScriptURL(address) {
    const { href } = new URL(address, location);
    if (!href.startsWith(WORKERS)) return null;
    const script = `(${runWorker})(${[href, new URL("..", WORKERS).href].map((argument) => JSON.stringify(argument))});`;
    return URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  },
});
