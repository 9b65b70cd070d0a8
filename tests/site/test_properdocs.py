"""ProperDocs, the successor of MkDocs 1.x, builds the same site from the same configuration."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from tests.support.paths import ROOT, file_contents

GENERATOR = re.compile(r'(?<=<meta name="generator" content="mkdocs-)[^,"]+')
"""The generator in each page: the version of MkDocs, or ProperDocs and its version."""
HASHES = re.compile(r"[\w+/]{43}=|\b[0-9a-f]{16}\b")
LISTS = ("files.json", "sw.js")
"""Files with hashes of pages, which depend on the generator."""


def generators(files: dict[str, bytes]) -> set[str]:
    """The generators that the pages name."""
    return {name for file, data in files.items() if file.endswith(".html") for name in GENERATOR.findall(data.decode())}


def without_generator(file: str, data: bytes) -> object:
    """The content of a file without the generator and hashes that depend on it."""
    if file in LISTS:
        return sorted(line.rstrip(",") for line in HASHES.sub("", data.decode()).splitlines())
    return GENERATOR.sub("", data.decode()) if file.endswith(".html") else data


def test_properdocs_build_equals_mkdocs_build_but_for_the_generator(site: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "properdocs", "build", "--quiet", "--site-dir", str(tmp_path / "site")]
    done = subprocess.run(command, cwd=ROOT, stderr=subprocess.PIPE, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    ours, theirs = file_contents(site), file_contents(tmp_path / "site")
    [mkdocs], [properdocs] = generators(ours), generators(theirs)
    assert re.fullmatch(r"1\.6\.\d+", mkdocs)
    assert re.fullmatch(r"ProperDocs 1\.6\.\d+", properdocs)
    assert {*theirs} == {*ours}
    assert [file for file in ours if without_generator(file, ours[file]) != without_generator(file, theirs[file])] == []
