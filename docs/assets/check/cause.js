// Which file of the site keeps the check from working. Loaded only when something does.

const LIMIT = 6000; // milliseconds to look at the files
const TYPES = { js: "javascript", mjs: "javascript", css: "text/css" };

/**
 * The cause, as the name of its notice. `integrity` has the hash of each file; the runtime's files are looked at only if the
 * checker could not start.
 */
export async function find(site, integrity, startFailed) {
  if (!self.WebAssembly || !self.Worker) return "blocked";
  const controller = new AbortController();
  const { signal } = controller;
  setTimeout(() => controller.abort(), LIMIT);
  const names = Object.keys(integrity).filter((name) => startFailed || name.startsWith("assets/"));
  let isComplete = true;
  const check = async (name) => {
    const cause = await checkFile(new URL(name, site), integrity[name], signal);
    if (!cause) return;
    console.error(`${cause}: ${name}`); // for the shop
    throw { cause };
  };
  try {
    await Promise.all(names.map(check));
  } catch ({ cause }) {
    if (!signal.aborted) return cause ?? "network";
    isComplete = false; // a file that nobody looked at may be the cause
  } finally {
    controller.abort();
  }
  const { violated, threw, hasModules } = self.checkFaults;
  return violated ? "blocked" : !hasModules || (threw && isComplete) ? "old" : "failed";
}

/** The cause, if it is this file. Rejects if the network fails. */
async function checkFile(address, integrity, signal) {
  const options = { redirect: "manual", signal };
  const intact = await fetch(address, { ...options, integrity }).catch(() => signal.throwIfAborted());
  const response = intact ?? (await fetch(address, options));
  if (response.type === "opaqueredirect") return "portal";
  const type = TYPES[address.pathname.split(".").pop()] ?? "";
  if (!response.ok || !(response.headers.get("Content-Type") ?? "").includes(type)) return "host";
  if (intact) return undefined;
  await response.blob();
  return "changed";
}
