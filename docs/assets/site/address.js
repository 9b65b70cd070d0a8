// On the page for unknown addresses: leads an address that was damaged on its way to the page that it names. Programs encode
// the # of a link, double a slash, or take signs behind a link for a part of it. Not a module: it runs before the page shows.

{
  const ENCODED = /%(?:25)*23/; // the #, encoded once or more often
  const BEHIND = /(?:%(?:22|3[CE]|5[CD]|60|7[BCD]|C2%BB|E[23]%80%[89AB][0-9A-F])|[^\w/%-])+$/i; // quotes, brackets, stops
  const { origin, pathname, search, hash } = location;
  const at = pathname.search(ENCODED);
  const path = (at < 0 ? pathname : pathname.slice(0, at)).replace(BEHIND, "").replace(/\/{2,}/g, "/");
  const isFolder = at >= 0 && /\/[^/.]+$/.test(path);
  const answers = at < 0 ? search + hash : `#${pathname.slice(at).replace(ENCODED, "")}${search}${hash}`;
  if (path !== pathname) location.replace(origin + path + (isFolder ? "/" : "") + answers);
}
