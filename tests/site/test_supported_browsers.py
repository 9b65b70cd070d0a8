"""The oldest supported browsers have what scripts, styles and the WebAssembly need, by MDN's compatibility data."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

from macros.node import run_node
from tests.support.paths import SUPPORT
from tests.support.supported_browsers import SUPPORTED

ALLOWED: dict[str, dict[str, str]] = tomllib.loads((SUPPORT / "compatibility.toml").read_text(encoding="utf-8"))
OTHERS = ("assets/stylesheets/",)
"""Files of the editors' theme."""
RUNTIME = ("runtime/", "snapshot/")
"""Folders of Pyodide, which asks for each interface of a browser before it uses it: only its syntax must be known."""
SYNTAX = ("javascript.syntax", "javascript.classes", "javascript.regular_expressions")


def missing(files: list[Path], supported: dict[str, str] = SUPPORTED) -> list[dict[str, list[str]]]:
    """For each file the features that some of the browsers lack, each with those browsers."""
    found = json.loads(run_node(SUPPORT / "compatibility.mjs", json.dumps(supported), *files))
    return [found[str(file)] for file in files]


def test_oldest_browsers_have_what_scripts_and_styles_use(site: Path) -> None:
    paths = {
        path.relative_to(site).as_posix(): path for path in site.rglob("*") if path.suffix in (".js", ".mjs", ".css")
    }
    names = [name for name in paths if not name.startswith(OTHERS)]
    assert len(names) > 25
    used: dict[str, dict[str, str]] = {"scripts": {}, "styles": {}}
    for name, features in zip(names, missing([paths[name] for name in names]), strict=True):
        for feature in features:
            if not name.startswith(RUNTIME) or feature.startswith(SYNTAX):
                used["styles" if name.endswith(".css") else "scripts"][feature] = name
    assert {kind: {*features} for kind, features in used.items()} == {
        kind: {*features} for kind, features in ALLOWED.items()
    }, used


LACKED = {
    "const all = await Array.fromAsync([]);": "javascript.builtins.Array.fromAsync",
    "export const last = (list) => list.toSorted();": "javascript.builtins.Array.toSorted",
    "export const found = Map.groupBy([], String);": "javascript.builtins.Map.groupBy",
    "export const all = /a/v;": "javascript.syntax",
    "document.body.ariaInvalid = 'true';": "api.Element.ariaInvalid",
    "document.querySelector('p:has(a)');": "css.selectors.has",
    "addEventListener('scrollend', () => {});": "api.Document.scrollend_event",
    "@scope (p) { a { color: red; } }": "css.at-rules.scope",
    "p { & a { color: red; } }": "css.selectors.nesting",
    "p { @media print { color: red; } }": "css.selectors.nesting",
    "p { a { color: red; } }": "css.syntax",
    "b, p:has(a) { color: red; }": "css.selectors.has in a list",
    "p { color: light-dark(red, blue); }": "css.types.color.light-dark",
    "p { float: inline-end; }": "css.properties.float.inline-end",
}
ALL_HAVE = [
    "document.body.checkVisibility?.();",
    "if (navigator.share) navigator.share({});",
    "const fromAsync = 1; export const twice = [fromAsync].at(-1);",
    "@supports (text-wrap: balance) { p { text-wrap: balance; } }",
    "p { color: red; }",
]
"""Features that all the browsers have, or for which the file asks."""


def test_feature_that_a_browser_lacks_is_found_unless_the_file_asks_for_it(tmp_path: Path) -> None:
    texts = [*LACKED, *ALL_HAVE]
    files = [tmp_path / f"{number}{'.css' if text.endswith('}') else '.js'}" for number, text in enumerate(texts)]
    for file, text in zip(files, texts, strict=True):
        file.write_text(text, encoding="utf-8")
    found = {
        text: next((name for name in features if name.startswith(LACKED.get(text, ""))), None)
        for text, features in zip(texts, missing(files), strict=True)
    }
    assert {text: bool(name) for text, name in found.items()} == {text: text in LACKED for text in texts}


def test_older_safari_does_not_know_the_syntax_of_the_runtime(site: Path) -> None:
    """Why the oldest Safari is no older one."""
    [script] = site.glob("runtime/*/pyodide.asm.js")
    assert SUPPORTED["safari"] == "16.4"
    [found] = missing([script], {"safari": "16.3"})
    assert "javascript.classes.static.initialization_blocks" in found
