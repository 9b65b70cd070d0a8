"""Minified scripts and styles do the same as those of docs/assets."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from macros.node import run_node
from macros.project import ROOT
from macros.site.asset_hashing import content, hashed_path
from macros.site.minify import minify

ASSETS = ROOT / "docs" / "assets"
SCRIPTS = sorted(ASSETS.rglob("*.js"))
STYLES = sorted(ASSETS.rglob("*.css"))
COMPRESS = f"""
    import {{ minify }} from {json.dumps((ROOT / "node_modules" / "terser" / "main.js").as_uri())};
    import fs from "node:fs";
    const texts = process.argv.slice(1).map((file) => fs.readFileSync(file, "utf8"));
    const options = {{ module: true, compress: false, mangle: false }};
    const parsed = await Promise.all(texts.map((text) => minify(text, options)));
    console.log(JSON.stringify(parsed.map(({{ code }}) => code)));
"""
"""Prints each script as a real parser understands it."""


def parsed(files: list[Path]) -> list[str]:
    return list(json.loads(run_node("--input-type=module", "--eval", COMPRESS, *files)))


def test_minified_scripts_parse_to_the_same_code(tmp_path: Path) -> None:
    assert len(SCRIPTS) > 5
    small = [tmp_path / f"{number}.js" for number in range(len(SCRIPTS))]
    for source, target in zip(SCRIPTS, small, strict=True):
        target.write_bytes(content(source))
    for file, before, after in zip(SCRIPTS, parsed(SCRIPTS), parsed(small), strict=True):
        assert before == after, file


def test_minified_styles_hold_the_same_rules() -> None:
    assert STYLES
    for file in STYLES:
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"""["'][^"'\n]*/\*""", text), "a comment in a string would be taken for one"
        assert not re.search(r"""["'][^"'\n]*(?:[:,] |[{};])[^"'\n]*["']\s*[;\]]""", text), "a blank in a string"
        parts = (re.split(r"/\*.*?\*/|[{};]", css, flags=re.DOTALL) for css in (text, content(file).decode()))
        rules, small = ([re.sub("([:,]) ", r"\1", " ".join(part.split())) for part in css] for css in parts)
        assert [rule for rule in small if rule] == [rule for rule in rules if rule], file


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/** Adds. */\nadd(1); // and more\n\n  go();\n", "add(1);\ngo();\n"),
        ('const at = "https://x.example/a"; // here\n', 'const at = "https://x.example/a";\n'),
        ("a /* kept */ + b;\n", "a /* kept */ + b;\n"),
    ],
)
def test_comments_and_blanks_go_from_a_script(text: str, expected: str) -> None:
    assert minify(text, ".js") == expected


def test_site_ships_minified_files_under_their_own_hash(draft_site: Path) -> None:
    for file in (*SCRIPTS, *STYLES):
        path = hashed_path(f"assets/{file.relative_to(ASSETS).as_posix()}")
        assert (draft_site / path).read_bytes() == content(file), file
    sizes = {file: (len(content(file)), file.stat().st_size) for file in SCRIPTS}
    assert all(small < large for small, large in sizes.values())
