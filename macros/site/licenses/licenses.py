"""Third-party software that ships with a site, and its licences, from `parts.toml`."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path, PurePosixPath

from pydantic import TypeAdapter

from checker.policy import Policy
from macros.runtime.bundle import LOCK, PYODIDE, runtime_version

LICENSES = "licenses.txt"
"""The licences' file in the site."""

HERE = Path(__file__).parent
_INTRODUCTION = """\
Licences of the software of others that this site brings to your browser. Each part names the files that are of it or \
hold some of it. The site's own pages, texts and scripts are not listed here.
"""
_LINE = "=" * 80


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """Third-party software that ships with a site. parts.toml describes the fields."""

    name: str
    license: str
    files: tuple[str, ...]
    texts: tuple[str, ...]
    version: str = ""
    inside: str = ""
    only: str = ""
    note: str = ""

    def holds(self, file: str) -> bool:
        """Whether a file belongs to this part or contains some of it; `file` is relative to the site's root."""
        return matches(file, self.files)


@cache
def parts() -> tuple[Part, ...]:
    """All parts that a site may have, in the order of parts.toml."""
    table = tomllib.loads((HERE / "parts.toml").read_text(encoding="utf-8"))
    return TypeAdapter(tuple[Part, ...]).validate_python(table["part"])


def matches(file: str, patterns: tuple[str, ...]) -> bool:
    """Whether a file matches one of the patterns."""
    return any(PurePosixPath(file).full_match(pattern) for pattern in patterns)


def write_licenses(policy: Policy, site: Path) -> None:
    """Writes the licences of all parts in a built site.

    Raises BundleError without the browser's runtime, FileNotFoundError if a package lacks a text named in parts.toml.
    """
    names = [path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()]
    shipped = (part for part in parts() if part.only != "holidays" or policy.holidays)
    present = [part for part in shipped if any(map(part.holds, names))]
    (site / LICENSES).write_text("\n".join(_pages(present, policy)), encoding="utf-8", newline="\n")


def _pages(present: list[Part], policy: Policy) -> Iterator[str]:
    yield _INTRODUCTION
    for part in present:
        version = _version(part)
        about = [
            _LINE,
            f"{part.name} {version}".rstrip(),
            f"Licence: {part.license}",
            f"Files: {', '.join(part.files)}",
        ]
        if part.inside:
            about.insert(2, f"Inside: {part.inside}")
        if part.note:
            at = f", {policy.shop.repository}" if policy.shop.repository else ""
            about.append(part.note.format(version=version, repository=at).strip("\n"))
        yield "\n".join([*about, _LINE, ""])
        yield from (f"{_text(name)}\n" for name in part.texts)


def _version(part: Part) -> str:
    """The installed version, which a lock file pins; empty for a part inside another."""
    match part.version:
        case "":
            return ""
        case "pyodide":
            return runtime_version()
        case "python":
            return str(json.loads((PYODIDE / LOCK).read_text(encoding="utf-8"))["info"]["python"])
        case package:
            return metadata.version(package)


def _text(name: str) -> str:
    package, _, file = name.partition("/")
    if not file:
        return (HERE / "texts" / name).read_text(encoding="utf-8").strip("\n")
    installed = metadata.distribution(package)
    text = installed.read_text(file)  # None for a file outside its dist-info
    if text is None:
        text = Path(str(installed.locate_file(file))).read_text(encoding="utf-8")
    return "\n".join(line.rstrip() for line in text.splitlines()).strip("\n")
