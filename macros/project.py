"""The project's folder: the current directory, as for MkDocs."""

from __future__ import annotations

from pathlib import Path

ROOT = Path.cwd()
"""The folder that holds mkdocs.yml and policy.yaml."""
