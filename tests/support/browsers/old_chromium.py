"""Old versions of Chromium, out of the packages in tests/browsers/."""

from __future__ import annotations

import platform
import tempfile
from contextlib import AbstractContextManager
from pathlib import Path

from macros.node import run_node
from tests.support.paths import SUPPORT, TESTS

from .chromium import Chromium, start_chromium


def find_old_chromium(package: str) -> str | None:
    """The packed browser of a package; None on computers that it is not made for."""
    file = TESTS / "browsers" / "node_modules" / package / "bin" / "chromium.br"
    return str(file) if (platform.system(), platform.machine()) == ("Linux", "x86_64") and file.exists() else None


def start_old_chromium(path: str) -> AbstractContextManager[Chromium]:
    """Start a packed browser. It stays unpacked beside its package."""
    packed = Path(path)
    program = packed.with_suffix("")
    if not program.exists():  # whole or not at all, as other processes may do the same
        with tempfile.TemporaryDirectory(dir=packed.parent) as folder:
            run_node(SUPPORT / "unbrotli.mjs", packed, Path(folder) / program.name)
            (Path(folder) / program.name).rename(program)
    return start_chromium(str(program))
