// What the theme's scripts may do where a browser trusts no text by itself. They ask for it by giving browsers plain
// texts; so this is the policy named "default", and it is made only for those who search.

const WORKERS = new URL("../../javascripts/workers/", import.meta.url).href; // the theme's one worker lies here

/** All that the results of a search are made of. Any other sign that could begin something stays a sign. */
const NO_TAG = /<(?!\/?(?:code|del|div|h[12]|li|mark|ol|p|pre|sub|sup|ul)(?: class="md-[\w -]*")?>)/g;

/**
 * The theme's worker as one that is as closed as the page. Its address is no longer the one that the languages of the
 * search lie beside, so it is told.
 */
function closed(address, scripts) {
  const createScriptURL = (name) => {
    const { href } = new URL(name, address);
    if (!href.startsWith(scripts)) throw new TypeError(`not a script of the theme: ${href}`);
    return href;
  };
  const own = self.trustedTypes?.createPolicy("checker", { createScriptURL }) ?? { createScriptURL };
  const { importScripts } = self;
  self.importScripts = (...names) => importScripts(...names.map((name) => own.createScriptURL(name)));
  self.importScripts(address);
}

self.trustedTypes?.createPolicy("default", {
  createHTML: (text) => text.replace(NO_TAG, "&lt;"),
  createScriptURL(address) {
    const { href } = new URL(address, location);
    if (!href.startsWith(WORKERS)) return null;
    const script = `(${closed})(${[href, new URL("..", WORKERS).href].map((each) => JSON.stringify(each))});`;
    return URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  },
});
