"""Where the project is: the folder in which a command is run, as for MkDocs."""

from __future__ import annotations

from pathlib import Path

ROOT = Path.cwd()
"""The folder that holds mkdocs.yml and policy.yaml."""
