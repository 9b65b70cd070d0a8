"""Replaces a folder by a new one in one step, when that is complete and on the disk; one process at a time."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import fcntl
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

_EXCHANGE = 2
"""Linux: RENAME_EXCHANGE. macOS: RENAME_SWAP."""
_AT_FDCWD = -100
"""Linux: paths are relative to the current folder."""


class BusyError(Exception):
    """Another process is replacing the folder; the message says what to do."""


@contextlib.contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """A new folder that replaces `target` at the end of the block.

    The folders are exchanged when all files are on the disk, in one step if the system supports that. If the block
    fails, `target` stays as it was. Leftovers of a killed process are repaired first, so that `target` is again the old
    folder or the new one. The new folder is in `.NAME.building` beside `target`, on the same disk and ignored by git.
    Raises BusyError if another process is replacing `target`, and OSError if a file cannot be written.
    """
    staging = target.with_name(f".{target.name}.building")
    with _locked(staging, target):
        new = staging / f"new-{os.getpid()}"  # a killed process's child may still write into its own folder
        try:
            (staging / ".gitignore").write_text("*\n")
            _repair(staging, target)
            new.mkdir()
            yield new
            _sync(new)
            _exchange_or_move(new, target, staging)
        finally:
            _repair(staging, target)
            (staging / ".gitignore").unlink(missing_ok=True)


@contextlib.contextmanager
def _locked(staging: Path, target: Path) -> Iterator[None]:
    """Creates the folder for one process, and removes it; the system releases the lock of a killed process."""
    lock = staging / "lock"
    while True:
        staging.mkdir(exist_ok=True)
        try:
            file = lock.open("w")
        except FileNotFoundError:  # another process has just removed the folder
            continue
        with file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise BusyError(f"{target} is being built by another process. Wait until that is done.") from None
            if os.fstat(file.fileno()).st_nlink == 0:  # likewise
                continue
            try:
                yield
            finally:
                lock.unlink()
                with contextlib.suppress(OSError):  # the next process may already be in it
                    staging.rmdir()
            return


def _repair(staging: Path, target: Path) -> None:
    """Moves the old folder back if nothing is in its place, and removes other leftovers."""
    old = staging / "old"
    if old.exists():
        old.rename(target if not target.exists() else staging / "new-old")
    for leftover in staging.glob("new-*"):
        shutil.rmtree(leftover)


def _exchange_or_move(new: Path, target: Path, staging: Path) -> None:
    """Replaces the old folder, which is in `staging` afterwards."""
    if target.exists() and not _exchange(new, target):
        target.rename(staging / "old")
    if not target.exists():
        new.rename(target)
    _sync_folder(staging)
    _sync_folder(target.parent)


def _exchange(one: Path, other: Path) -> bool:
    """Exchanges two folders in one step; False if the system or the file system does not support it."""
    libc = ctypes.CDLL(None)
    if hasattr(libc, "renameat2"):
        return bool(libc.renameat2(_AT_FDCWD, bytes(one), _AT_FDCWD, bytes(other), _EXCHANGE) == 0)
    if hasattr(libc, "renamex_np"):
        return bool(libc.renamex_np(bytes(one), bytes(other), _EXCHANGE) == 0)
    return False


def _sync(folder: Path) -> None:
    """Waits until all files of a folder are on the disk."""
    for path, _, names in os.walk(folder):
        for name in names:
            with Path(path, name).open("rb") as file:
                os.fsync(file.fileno())
        _sync_folder(Path(path))


def _sync_folder(folder: Path) -> None:
    """Waits until the names in a folder are on the disk, if the file system supports that."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
    finally:
        os.close(descriptor)
