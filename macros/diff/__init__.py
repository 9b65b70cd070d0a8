"""Comparison of two versions of the policy: decisions, texts, shared links; and the report of it."""

from macros.diff.difference import Difference, difference
from macros.diff.report.render import render
from macros.diff.version import Version, VersionError, version, versions

__all__ = ["Difference", "Version", "VersionError", "difference", "render", "version", "versions"]
