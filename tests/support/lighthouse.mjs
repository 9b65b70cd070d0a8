// Looks at pages of a built site with Lighthouse, each as a phone shows it:
//     node lighthouse.mjs SITE CATEGORY,… PAGE,…
// Prints JSON, by page and category: the score, of 100, and the audits that keep it from 100.

import { readdir, readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, relative } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";

import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";

const TYPES = {
  ".css": "text/css",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".json": "application/json",
  ".mjs": "text/javascript",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
  ".xml": "application/xml",
};
const LARGE = 1_000_000; // bytes: the runtime is no part of a first view, and would take a minute to compress well

const CRASHED = "TARGET_CRASHED";

const [site, categories, pages] = [process.argv[2], ...process.argv.slice(3).map((list) => list.split(","))];

/** The files of the site by address, as a host sends them. All are there before a page is measured. */
async function replies() {
  const found = new Map();
  for (const entry of await readdir(site, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.name.endsWith(".map")) continue;
    const file = join(entry.parentPath, entry.name);
    const body = await readFile(file);
    const type = TYPES[extname(file)] ?? "application/octet-stream";
    const reply = { body, headers: { "Content-Type": type, "Cache-Control": "max-age=600" } };
    if (categories.includes("performance")) compress(reply);
    found.set(`/${relative(site, file).replaceAll("\\", "/").replace(/(^|\/)index\.html$/, "$1")}`, reply);
  }
  return found;
}

/** As hosts store it. It takes seconds, and only the performance gains from it. */
function compress(reply) {
  const params = { [constants.BROTLI_PARAM_QUALITY]: reply.body.length < LARGE ? 11 : 4 };
  reply.body = brotliCompressSync(reply.body, { params });
  reply.headers["Content-Encoding"] = "br";
}

function serve(files) {
  const server = createServer(({ url }, response) => {
    const reply = files.get(new URL(url, "http://host").pathname);
    if (reply) response.writeHead(200, reply.headers).end(reply.body);
    else response.writeHead(404).end();
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}

/** What a category says: its score, and the audits that take something off it. */
function judged({ score, auditRefs }, audits) {
  const wrong = auditRefs.filter(({ id, weight }) => weight && audits[id].score !== null && audits[id].score < 1);
  return { score: Math.round(score * 100), wrong: wrong.map(({ id }) => `${id}: ${audits[id].displayValue ?? audits[id].title}`) };
}

/** What Lighthouse finds at an address. A tab that breaks off once, as on a busy computer, says nothing about its page. */
async function looked(address, port, again = true) {
  try {
    const options = { port, onlyCategories: categories, logLevel: "error", disableFullPageScreenshot: true };
    const { lhr } = await lighthouse(address, options);
    if (lhr.runtimeError) throw Object.assign(new Error(address), lhr.runtimeError);
    return lhr;
  } catch (error) {
    if (error.code !== CRASHED || !again) throw error;
    return looked(address, port, false);
  }
}

// Lighthouse waits for the crash of a tab alone; that of a worker would end this process.
process.on("unhandledRejection", (error) => {
  if (error.code !== CRASHED) throw error;
});

const server = await serve(await replies());
const chromeFlags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"];
const chrome = await launch({ chromeFlags });
try {
  const found = {};
  for (const page of pages) {
    const lhr = await looked(`http://127.0.0.1:${server.address().port}/${page}`, chrome.port);
    found[page] = Object.fromEntries(Object.values(lhr.categories).map((each) => [each.id, judged(each, lhr.audits)]));
  }
  console.log(JSON.stringify(found));
} finally {
  chrome.kill();
  server.close();
}
