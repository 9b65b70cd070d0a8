"""SHA-256 hashes: of one content as browsers write them, and of many files at once."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable


def sha256_base64(content: bytes) -> str:
    """The SHA-256 of a content, in base64."""
    return base64.b64encode(hashlib.sha256(content).digest()).decode()


def integrity(content: bytes) -> str:
    """The hash of a content as Subresource Integrity and Content-Security-Policy write it."""
    return f"sha256-{sha256_base64(content)}"


def fingerprint(files: Iterable[tuple[str, bytes]]) -> str:
    """8 hex digits of the SHA-256 of files, each a name and its content, in this order."""
    whole = hashlib.sha256()
    for name, content in files:
        whole.update(f"{name}\0{len(content)}\0".encode() + content)
    return whole.hexdigest()[:8]
