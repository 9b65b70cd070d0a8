"""What a change of the policy does: to customers' cases, to its texts, and to links that were shared."""

from macros.diff.difference import Difference, difference
from macros.diff.render import FORMATS, render
from macros.diff.version import Version, VersionError, version, versions

__all__ = ["FORMATS", "Difference", "Version", "VersionError", "difference", "render", "version", "versions"]
