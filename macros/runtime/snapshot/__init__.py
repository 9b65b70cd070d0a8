"""The snapshot that a browser starts the checker from. README.md says how it works and what it uses of Pyodide."""

from macros.runtime.snapshot.snapshot import MEMORY, WASM, folder, is_cached, make_snapshot, write_snapshot

__all__ = ["MEMORY", "WASM", "folder", "is_cached", "make_snapshot", "write_snapshot"]
