"""A folder is replaced as a whole, even when the process is killed or the disk is full."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from macros.project import ROOT
from macros.site import staging
from macros.site.staging import BusyError, replacing

FILES = ("index.html", "check/index.html")
OLD, NEW = "old", "new"

KILLED = """
import contextlib, itertools, json, os, shutil, signal, sys
from pathlib import Path
from macros.site import staging
from tests.supply.test_staging import FILES, NEW, OLD, fill, state

class Fail(Exception): pass

def killed(target, step):
    events = itertools.count()
    def watch(event, args):
        if next(events) == step:
            os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(watch)
    with staging.replacing(target) as new:
        fill(new, NEW)
    os._exit(0)

folder, way, before = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
if way == "renames":
    staging._exchange = lambda one, other: False
found, status = [], None
for step in itertools.count():
    project = folder / str(step)
    target = project / "site"
    project.mkdir()
    if before == OLD:
        fill(target, OLD)
    if (child := os.fork()) == 0:
        killed(target, step)
    _, status = os.waitpid(child, 0)
    seen = state(target)
    with contextlib.suppress(Fail), staging.replacing(target):
        raise Fail
    found.append([status, seen, state(target), sorted(path.name for path in project.iterdir() if path != target)])
    if status == 0:
        break
print(json.dumps(found))
"""
"""Kills a process before each of its system events; then another process begins, and fails."""


def fill(folder: Path, text: str) -> None:
    for name in FILES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def state(folder: Path) -> str:
    """The text of all files of a folder; "part" if they differ or are incomplete."""
    if not folder.exists():
        return "none"
    texts = {(folder / name).read_text() if (folder / name).is_file() else "part" for name in FILES}
    return texts.pop() if len(texts) == 1 else "part"


@pytest.mark.parametrize("before", [OLD, "none"])
@pytest.mark.parametrize("way", ["exchange", "renames"])
def test_killed_process_leaves_a_whole_folder(way: str, before: str, tmp_path: Path) -> None:
    if way == "exchange" and not can_exchange(tmp_path):
        pytest.skip("This file system cannot exchange folders.")
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", KILLED, str(tmp_path / "steps"), way, before]
    (tmp_path / "steps").mkdir()
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=True)
    *ends, (status, *last) = json.loads(done.stdout)
    assert {end[0] for end in ends} == {signal.SIGKILL}
    assert (status, last) == (0, [NEW, NEW, []])
    seen, afterwards = {end[1] for end in ends}, {end[2] for end in ends}
    assert seen == ({before, NEW, "none"} if way == "renames" else {before, NEW})
    assert afterwards == {before, NEW}
    assert [end for end in ends if end[3]] == []


def can_exchange(folder: Path) -> bool:
    one, other = folder / "one", folder / "other"
    one.mkdir()
    other.mkdir()
    return staging._exchange(one, other)


def test_files_are_synced_before_the_exchange(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "site"
    fill(target, OLD)
    synced: set[int] = set()
    wanted: set[int] = set()
    fsync, exchange = os.fsync, staging._exchange

    def note(descriptor: int) -> None:
        fsync(descriptor)
        synced.add(os.fstat(descriptor).st_ino)

    def look(one: Path, other: Path) -> bool:
        assert synced == {path.stat().st_ino for path in (one, *one.rglob("*"))}
        wanted.update({tmp_path.stat().st_ino})
        return exchange(one, other)

    monkeypatch.setattr(os, "fsync", note)
    monkeypatch.setattr(staging, "_exchange", look)
    with replacing(target) as new:
        fill(new, NEW)
    assert wanted
    assert wanted <= synced


@pytest.mark.parametrize("call", ["fsync", "rename"])
def test_disk_error_keeps_the_old_folder(call: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "site"
    fill(target, OLD)
    rename = Path.rename

    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def fail_with_the_new_one(self: Path, to: Path) -> Path:
        if self.name.startswith("new-") and to == target:
            fail()
        return rename(self, to)

    monkeypatch.setattr(staging, "_exchange", lambda *_: False)
    monkeypatch.setattr(*((os, "fsync", fail) if call == "fsync" else (Path, "rename", fail_with_the_new_one)))
    with pytest.raises(OSError, match="No space left"), replacing(target) as new:
        fill(new, NEW)
    assert state(target) == OLD
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_folder_is_replaced_by_one_process_at_a_time(tmp_path: Path) -> None:
    target = tmp_path / "site"
    busy = rf"^{target} is being built by another process\. Wait until that is done\.$"
    with replacing(target) as new:
        fill(new, NEW)
        with pytest.raises(BusyError, match=busy), replacing(target):
            pass
        with replacing(tmp_path / "other") as other:
            fill(other, OLD)
    assert (state(target), state(tmp_path / "other")) == (NEW, OLD)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["other", "site"]


def test_foreign_folder_is_not_replaced(tmp_path: Path) -> None:
    mine = tmp_path / ".site.building" / "letters.txt"
    mine.parent.mkdir()
    mine.write_text("dear")
    with replacing(tmp_path / "site") as new:
        fill(new, NEW)
    assert mine.read_text() == "dear"
