"""A folder that takes the place of another in one step: complete, on the disk, and made by one process at a time."""

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
_HERE = -100
"""Linux: AT_FDCWD."""


class BusyError(Exception):
    """Another process replaces the folder; the message says what to do."""


@contextlib.contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """A new folder that takes the place of `target` at the end of the block.

    Nobody sees a part of it: the folders are exchanged when all files are on the disk, in one step where the system can
    do that. Where the block fails, `target` stays as it was. What a process left here that was killed is mended first:
    whatever happens, `target` is the old folder or the new one as soon as this has been called again.

    It is made in the folder `.NAME.building` beside `target`, which is on the same disk, and which git leaves out.

    Raises:
        BusyError: Another process replaces `target`.
        OSError: A file cannot be written.
    """
    staging = target.with_name(f".{target.name}.building")
    with _locked(staging, target):
        new = staging / f"new-{os.getpid()}"  # a child of a killed process may still write into that of its own
        try:
            (staging / ".gitignore").write_text("*\n")
            _mend(staging, target)
            new.mkdir()
            yield new
            _sync(new)
            _put(new, target, staging)
        finally:
            _mend(staging, target)
            (staging / ".gitignore").unlink(missing_ok=True)


@contextlib.contextmanager
def _locked(staging: Path, target: Path) -> Iterator[None]:
    """Makes the folder for one process, and removes it; the system takes the lock from a process that was killed."""
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


def _mend(staging: Path, target: Path) -> None:
    """Puts the old folder back if nothing stands in its place, and removes what else was left."""
    old = staging / "old"
    if old.exists():
        old.rename(target if not target.exists() else staging / "new-old")
    for left in staging.glob("new-*"):
        shutil.rmtree(left)


def _put(new: Path, target: Path, staging: Path) -> None:
    """Puts the new folder in the place of the old one, which is in `staging` afterwards."""
    if target.exists() and not _exchange(new, target):
        target.rename(staging / "old")
    if not target.exists():
        new.rename(target)
    _sync_folder(staging)
    _sync_folder(target.parent)


def _exchange(one: Path, other: Path) -> bool:
    """Exchanges two folders in one step. False where the system or its file system cannot do that."""
    libc = ctypes.CDLL(None)
    if hasattr(libc, "renameat2"):
        return bool(libc.renameat2(_HERE, bytes(one), _HERE, bytes(other), _EXCHANGE) == 0)
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
    """Waits until the names in a folder are on the disk, where the file system can wait for that."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
    finally:
        os.close(opened)
