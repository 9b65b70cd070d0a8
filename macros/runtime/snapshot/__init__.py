"""The snapshot that a browser starts the checker from. README.md says how it works and what it uses of Pyodide."""

from macros.runtime.snapshot.snapshot import SNAPSHOT, WASM, make_snapshot, snapshot_folder, write_snapshot

__all__ = ["SNAPSHOT", "WASM", "make_snapshot", "snapshot_folder", "write_snapshot"]
