"""Compressed files beside those of a site, for hosts that send them: brotli for most, zstd for speed."""

from __future__ import annotations

from pathlib import Path

from macros.node import NodeError, run_node
from macros.project import ROOT
from macros.runtime.bundle import BundleError

SCRIPT = Path(__file__).with_suffix(".mjs")
CACHE = ROOT / "build" / "compressed"


def compress(site: Path, *, cache: Path = CACHE) -> None:
    """Compresses the files of a built site at the highest level; takes a minute for content that is not cached.

    Raises BundleError if that fails.
    """
    try:
        run_node(SCRIPT, site, cache)
    except NodeError as error:
        raise BundleError(f"The site cannot be compressed: {error}") from error
