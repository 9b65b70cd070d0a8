"""From the address of a prefilled link to its verdict, in a browser: `python -m bench.start SITE`.

Three pages take turns: the built one; the same without a memory, so that Pyodide starts as its makers mean it, with the
same wheel; and the floor, whose worker only compiles the same WebAssembly and reads the same bytes.
"""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

from playwright.sync_api import Browser, sync_playwright

from bench.host import Host, hosting
from bench.report import Table
from checker import Policy, link
from macros.load import ROOT, load
from macros.snapshot import folder

VISITS = ("first visit", "second visit")
PAGES = {"ours": "a", "stock Pyodide": "stock", "floor": "floor"}
NETWORKS = {"loopback": (0.0, 0.0), "fast 4G": (9e6 / 8, 0.06)}

WATCH = """new MutationObserver(() => {
  if (document.querySelector('[data-view="check-result"]:not([hidden]) h2')) globalThis.done ??= performance.now();
}).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ["hidden"] });"""

FLOOR = """<!doctype html><title>Floor</title><script type="module">
const worker = new Worker("floor.js", { type: "module" });
worker.onmessage = () => (globalThis.done = performance.now());
</script>"""
FLOOR_WORKER = """const names = %s;
const shelf = await caches.open("floor");
const parts = await Promise.all(names.map(async (name) => (await shelf.match(name)) ?? fetch(name)));
const copies = parts.map((part) => part.clone());
await Promise.all([WebAssembly.compileStreaming(parts[0]), parts[1].arrayBuffer()]);
postMessage("done");
for (const [index, copy] of copies.entries()) {
  const headers = { "Content-Type": copy.headers.get("Content-Type") };
  await shelf.put(names[index], new Response(await copy.arrayBuffer(), { headers }));
}
"""


def without_memory(page: bytes) -> bytes:
    """The check page as it would be if the build took no memory."""
    return re.sub(rb' data-memory="[^"]*"', b"", page)


def visits(browser: Browser, host: Host, fragment: str, name: str) -> Iterator[tuple[float, int]]:
    """Milliseconds to the verdict and bytes on the wire, for each visit of somebody new."""
    context = browser.new_context()
    context.add_init_script(WATCH)
    page = context.new_page()
    for _ in VISITS:
        page.goto("about:blank")
        host.bytes = 0
        where = "floor/check/floor.html" if name == "floor" else f"{PAGES[name]}/check/#{fragment}"
        page.goto(host.address + where, wait_until="commit")
        page.wait_for_function("globalThis.done", timeout=120_000)
        sent = host.bytes
        page.wait_for_timeout(1500)  # what is kept for the next visit is being written
        yield float(page.evaluate("globalThis.done")), sent
    context.close()


def measure(browser: Browser, host: Host, fragment: str, rounds: int) -> Iterator[Table]:
    """One table for each network."""
    for network, (host.speed, host.delay) in NETWORKS.items():
        found: dict[tuple[str, str], list[tuple[float, int]]] = {}
        for _ in range(rounds):
            for name in PAGES:
                for visit, result in zip(VISITS, visits(browser, host, fragment, name), strict=True):
                    found.setdefault((name, visit), []).append(result)
        times = {key: median(time for time, _ in results) for key, results in found.items()}
        rows = [
            (
                f"{name}, {visit}",
                f"{time:.0f} ms",
                f"{times['stock Pyodide', visit] / time:.1f}",
                f"{time / times['floor', visit]:.2f}",
                f"{median(sent for _, sent in found[name, visit]) / 1000:,.0f}",
            )
            for (name, visit), time in times.items()
        ]
        yield Table(
            f"From the address to the verdict, {network}",
            ("page, visit", "median", "times faster than stock", "× floor", "kB on the wire"),
            rows,
            f"Medians of {rounds}, in {browser.browser_type.name} {browser.version}.",
        )


def main(site: Path, rounds: int) -> None:
    """Prints the tables."""
    policy = load(ROOT / "policy.yaml")
    with hosting(site, {"a": bytes, "stock": without_memory, "floor": bytes}) as host, sync_playwright() as playwright:
        floor(site, policy)
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        example = next(iter(policy.examples.values()))
        for table in measure(browser, host, urlencode([*link.write(policy, example.answers)]), rounds):
            print(f"\n{table}", flush=True)
        browser.close()


def floor(site: Path, policy: Policy) -> None:
    """Writes the page that does nothing but what no page can do without."""
    memory = folder(policy.digest)
    names = [f"../{memory}../python.wasm", f"../{memory}memory.bin"]
    (site / "check" / "floor.html").write_text(FLOOR, encoding="utf-8")
    (site / "check" / "floor.js").write_text(FLOOR_WORKER % names, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 5)
