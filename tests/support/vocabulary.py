"""Identifiers of the code, and the words that must not stand in them: one word for one thing."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.support.paths import ROOT

ANYWHERE = {
    "ahead": "prefetch",
    "bottom": "terminal",
    "customer": "page object",
    "door": "csp, Trusted Types policy, checker API",
    "forget": "tree shaking",
    "held": "provided",
    "keeping": "cache, precache",
    "kept": "cache, precache",
    "leaf": "terminal",
    "perhaps": "possible",
    "rehearsal": "warm-up",
    "remark": "interpretation",
    "remember": "take a snapshot",
    "said": "say what the thing is",
    "shelf": "cache",
    "slim": "tree shaking",
    "span": "variable, duration",
    "told": "say what the thing is",
    "twin": "equivalent value",
    "uncounted": "unknown date",
    "walker": "browser session",
}
"""Words that no identifier holds, each with the term that stands for it."""

ALONE = {
    "called": "tree shaking",
    "each": "say what the thing is",
    "found": "say what the thing is",
    "given": "say what the thing is",
    "leaves": "terminals, settings",
    "level": "variable",
    "memory": "snapshot",
    "newer": "update notice",
    "origin": "provenance",
    "profile": "cofactors",
    "shown": "say what the thing is",
}
"""Words that name no module, class, function or attribute by themselves."""

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_JAVASCRIPT = re.compile(r"\b(?:const|let|var|function\*?|class)\s+([A-Za-z_$][\w$]*)|\b(?:const|let)\s+\{([^}]*)\}")


def sources() -> Iterator[Path]:
    """The files of the code, JavaScript among them."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, encoding="utf-8")
    for name in listed.stdout.split("\0"):
        if name.endswith((".py", ".js", ".mjs")) and not name.startswith(("bench/start/peers", "tests/broken")):
            yield ROOT / name


def words(identifier: str) -> list[str]:
    """The words of an identifier, in small letters and without the plural's s."""
    return [word.lower().removesuffix("s") for word in _WORD.findall(identifier)]


def misnamed(file: Path) -> Iterator[tuple[str, str]]:
    """Identifiers that a file defines and that hold a word of the list, each with the term for it."""
    stem = file.stem.removeprefix("test_")
    names = python_names(file) if file.suffix == ".py" else javascript_names(file)
    for name, is_public in [(stem, True), *names]:
        if name.startswith("test_"):  # a sentence
            continue
        if is_public and (term := ALONE.get(name.strip("_").lower())):
            yield name, term
        for word in words(name):
            if term := ANYWHERE.get(word):
                yield name, term


def python_names(file: Path) -> Iterator[tuple[str, bool]]:
    """The identifiers that a module defines; True for those that others can use."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        match node:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name):
                yield name, True
            case ast.arg(arg=name) | ast.Name(id=name, ctx=ast.Store()):
                yield name, False
            case ast.Attribute(attr=name, ctx=ast.Store()):
                yield name, True


def javascript_names(file: Path) -> Iterator[tuple[str, bool]]:
    """The identifiers that a script declares."""
    for match in _JAVASCRIPT.finditer(file.read_text(encoding="utf-8")):
        for name in [match[1]] if match[1] else re.findall(r"[A-Za-z_$][\w$]*(?=\s*(?:,|=|$))", match[2]):
            yield name, False
