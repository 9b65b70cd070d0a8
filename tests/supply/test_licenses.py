"""licenses.txt on a site lists each shipped part, with its version and licence text, and nothing else."""

from __future__ import annotations

import dataclasses
import json
import re
import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

import material
import pytest

from checker import Policy
from macros.project import ROOT
from macros.runtime.bundle import PYODIDE
from macros.site.licenses import LICENSES, Part, parts, write_licenses
from macros.site.licenses.licenses import HERE, matches
from tests.support.paths import POLICIES

TABLE = tomllib.loads((HERE / "parts.toml").read_text(encoding="utf-8"))
ICONS = Path(material.__file__).parent / "templates" / ".icons"
SETS = {
    "material": "Material Design Icons",
    "octicons": "Octicons",
    "fontawesome": "Font Awesome Free",
    "simple": "Simple Icons",
}
COMPILED = {
    b"Python Software Foundation": "Python",
    b"expat_": "Thai Open Source Software Center",
    b"libmpdec": "Stefan Krah",
    b"ffi_prep_cif": "Red Hat, Inc and others",
    b"inflate_copyright": "Jean-loup Gailly and Mark Adler",
    b"BZ2_bzDecompress": "Julian R Seward",
    b"_sha3": "HACL* Contributors",
    b"_ZNSt3__2": "LLVM Exceptions",
    b"emscripten_resize_heap": "Emscripten authors",
    b"aligned_alloc": "Rich Felker",
}
"""Byte patterns of components in Pyodide's WebAssembly, each with a text of its licence."""
NOT_COMPILED = (b"sqlite3_open", b"lzma_code", b"ZSTD_", b"SSL_read", b"mi_malloc", b"uuid_generate")
"""Byte patterns of components that a later Pyodide may contain, whose licences would be missing."""


def named(site: Path) -> list[str]:
    return [path.relative_to(site).as_posix() for path in sorted(site.rglob("*")) if path.is_file()]


def unassigned(files: list[str]) -> list[str]:
    """The files that belong to no part and are not this project's own."""
    return [
        name
        for name in files
        if not matches(name, (*TABLE["own"], *(all_files for part in parts() for all_files in part.files)))
    ]


def listed(text: str) -> dict[str, str]:
    """The section of each part by its heading, which is name and version."""
    line = "=" * 80
    pieces = text.split(f"{line}\n")
    return {about.partition("\n")[0]: about + body for about, body in zip(pieces[1::2], pieces[2::2], strict=True)}


def part(name: str) -> Part:
    [match] = [one for one in parts() if one.name == name]
    return match


def installed(name: str) -> Path:
    """The file of a licence text: our own, or one of an installed package."""
    package, _, file = name.partition("/")
    if not file:
        return HERE / "texts" / name
    packages = Path(material.__file__).parent.parent
    [path] = [*packages.glob(f"{package.replace('-', '_')}-*.dist-info/{file}"), *packages.glob(file)]
    return path


@pytest.fixture(scope="module")
def text(site: Path) -> str:
    return (site / LICENSES).read_text(encoding="utf-8")


def test_each_site_file_belongs_to_a_licensed_part_or_the_project(site: Path) -> None:
    assert unassigned(named(site)) == []


@pytest.mark.parametrize("file", ["assets/javascripts/new.js", "runtime/1.2.3/libssl.so", "checker/0/other-1-any.whl"])
def test_unassigned_file_is_found(file: str) -> None:
    assert unassigned([file]) == [file]


def test_licences_list_exactly_the_shipped_parts(site: Path, policy: Policy, text: str) -> None:
    files = named(site)
    ships = [part for part in parts() if any(map(part.holds, files)) and (not part.only or policy.holidays)]
    assert [re.sub(r" [\d.]+$", "", heading) for heading in listed(text)] == [part.name for part in ships]


def test_each_licence_pattern_matches_a_file(site: Path) -> None:
    files = named(site)
    patterns = {pattern for part in parts() for pattern in part.files} | {*TABLE["own"]}
    assert [pattern for pattern in sorted(patterns) if not any(matches(name, (pattern,)) for name in files)] == []


def test_each_part_has_its_whole_licence_text(text: str) -> None:
    for heading, body in listed(text).items():
        assert re.search(r"^Licence: \S+", body, re.MULTILINE), heading
        assert len(body) > 600, heading
    known = [part for part in parts() if not part.only]
    for name in [name for part in known for name in part.texts]:
        lines = installed(name).read_text(encoding="utf-8").splitlines()
        assert "\n".join(line.rstrip() for line in lines).strip("\n") in text, name
    ours = {name for part in known for name in part.texts if "/" not in name}
    assert {path.name for path in (HERE / "texts").iterdir()} == ours


def test_licence_versions_equal_the_lock_files(text: str) -> None:
    python = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))["package"]
    npm = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    versions = {package["name"]: package.get("version", "") for package in python}
    versions["pyodide"] = npm["node_modules/pyodide"]["version"]
    versions["python"] = json.loads((PYODIDE / "pyodide-lock.json").read_text(encoding="utf-8"))["info"]["python"]
    expected = {f"{part.name} {versions[part.version]}" for part in parts() if part.version and not part.only}
    assert expected == {heading for heading in listed(text) if re.search(r" [\d.]+$", heading)}
    assert {part.inside for part in parts() if not part.version} <= {part.name for part in parts() if part.version}


def test_vendored_packages_equal_the_source_maps() -> None:
    [map_] = (ICONS.parent / "assets" / "stylesheets").glob("main.*.css.map")
    sources = json.loads(map_.read_text(encoding="utf-8"))["sources"]
    inside = {
        match[1] for match in (re.search(r".*node_modules/((?:@[^/]+/)?[^/]+)/", name) for name in sources) if match
    }
    style = f"assets/stylesheets/{map_.stem}"
    assert {part.name for part in parts() if part.inside and part.holds(style)} - {*SETS.values()} == inside
    sources = json.loads((PYODIDE / "pyodide.mjs.map").read_text(encoding="utf-8"))["sources"]
    vendored = {Path(name).stem for name in sources if "/vendor/" in name}
    assert {part.name for part in parts() if part.inside and part.holds("runtime/1/pyodide.mjs")} == vendored


def test_theme_ships_its_styles_alone(site: Path) -> None:
    """Its scripts, their packages and its pictures have licences of their own."""
    theme = ICONS.parent / "assets"
    shipped = {path.name for path in (site / "assets").rglob("*") if path.is_file()}
    assert [name for name in shipped if any(theme.rglob(name))] == [f"{min(theme.glob('stylesheets/main.*.css')).name}"]


def test_icons_come_from_listed_sets(site: Path) -> None:
    drawings: dict[str, set[str]] = {}
    for name in named(site):
        if name.endswith((".html", ".css")):
            for drawing in re.findall(
                r""" d=\\?["']([Mm][^"'\\]{12,})""", unquote((site / name).read_text(encoding="utf-8"))
            ):
                drawings.setdefault(drawing, set()).add(name)
    used: dict[str, set[str]] = {}
    for icon in ICONS.glob("*/**/*.svg"):
        for drawing in re.findall(r' d="([^"]+)"', icon.read_text(encoding="utf-8")):
            used.setdefault(SETS[icon.relative_to(ICONS).parts[0]], set()).update(drawings.get(drawing, ()))
    used = {name: files for name, files in used.items() if files}
    assert {*used} == {part.name for part in parts() if part.name in SETS.values()}
    assert [(name, file) for name, files in used.items() for file in files if not part(name).holds(file)] == []


def test_pyodide_components_are_of_the_pinned_version(text: str) -> None:
    npm = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert TABLE["pyodide"] == npm["node_modules/pyodide"]["version"], "see the first line of parts.toml"
    compiled = (PYODIDE / "pyodide.asm.wasm").read_bytes()
    assert [mark for mark in COMPILED if mark not in compiled] == []
    assert [body for body in COMPILED.values() if body not in text] == []
    assert [mark for mark in NOT_COMPILED if mark in compiled] == []


def test_site_names_the_source_of_modified_files(frozen: Policy, site: Path, tmp_path: Path) -> None:
    (tmp_path / "snapshot" / "0").mkdir(parents=True)
    shutil.copy(next(site.glob("snapshot/*/python.wasm")), tmp_path / "snapshot" / "0")
    for address in ("", "https://code.example/shop"):
        shop = dataclasses.replace(frozen.shop, repository=address)
        write_licenses(dataclasses.replace(frozen, shop=shop), tmp_path)
        pyodide = next(
            body
            for heading, body in listed((tmp_path / LICENSES).read_text()).items()
            if heading.startswith("Pyodide ")
        )
        assert "Mozilla Public License Version 2.0" in pyodide
        assert f"https://github.com/pyodide/pyodide, under the tag {TABLE['pyodide']}." in pyodide
        after = f", {address}" if address else ""
        assert (
            f"macros/runtime/snapshot/ of this site's own source{after}, at the commit that the file files.json"
            in pyodide
        )
    assert (ROOT / "macros" / "runtime" / "snapshot" / "shrink.mjs").is_file()


def test_site_with_holidays_lists_their_licence(build_site: Callable[..., Path]) -> None:
    body = listed((build_site(POLICIES / "bicycles.yaml", draft=True) / LICENSES).read_text(encoding="utf-8"))
    [holidays] = [section for heading, section in body.items() if heading.startswith("holidays ")]
    assert "Vacanza Team" in holidays
    assert any(heading.startswith("Unicode CLDR") for heading in body)
