"""The snapshot: each browser starts from it, and Pyodide has the internals that it needs."""

from __future__ import annotations

import ast
import re
import shutil
from pathlib import Path

import pytest

from checker import Policy
from macros.project import ROOT
from macros.runtime.bundle import PYODIDE, BundleError, runtime_version
from macros.runtime.snapshot import snapshot_folder, write_snapshot
from macros.runtime.snapshot.contract import NAMES, PATTERNS, changed_parts
from tests.support.browser_session import BrowserSession
from tests.support.check_page import CheckPage
from tests.support.overrides import record_request
from tests.support.paths import file_contents


@pytest.fixture(scope="module")
def wheel(site: Path) -> Path:
    [wheel] = site.glob("checker/*/*.whl")
    return wheel


def test_second_snapshot_of_a_checker_comes_from_the_cache(
    policy: Policy, wheel: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, site: Path
) -> None:
    monkeypatch.setattr("macros.runtime.snapshot.snapshot._run", None)
    write_snapshot(wheel, policy.digest, tmp_path)
    assert file_contents(tmp_path) == {
        f"snapshot/{name}": data for name, data in file_contents(site / "snapshot").items()
    }


def test_installed_pyodide_matches_the_known_internals() -> None:
    """Fails with a sentence for each change of a new version; see macros/runtime/snapshot/README.md."""
    assert changed_parts(PYODIDE) == []


EXPECTED = [
    *(
        ("pattern", name, f"{pattern.file} has nothing like the pattern {name!r}. {pattern.why}")
        for name, pattern in PATTERNS.items()
    ),
    *(("name", name, f"{file} does not know {name}.") for file, names in NAMES.items() for name in names),
    *(("file", file, f"{file} is missing.") for file in NAMES),
]


@pytest.mark.parametrize(("kind", "name", "sentence"), EXPECTED, ids=[f"{kind} {name}" for kind, name, _ in EXPECTED])
def test_changed_pyodide_is_named(kind: str, name: str, sentence: str, tmp_path: Path) -> None:
    for known in NAMES:
        shutil.copyfile(PYODIDE / known, tmp_path / known)
    if kind == "file":
        (tmp_path / name).unlink()
    else:
        file = tmp_path / sentence.partition(" ")[0]
        pattern = PATTERNS[name].pattern if kind == "pattern" else re.escape(name)
        file.write_text(re.sub(pattern, "another", file.read_text(encoding="utf-8")), encoding="utf-8")
    assert sentence in changed_parts(tmp_path)


def test_changed_pyodide_fails_the_build_with_an_explanation(wheel: Path, policy: Policy, tmp_path: Path) -> None:
    pyodide = tmp_path / "pyodide"
    shutil.copytree(PYODIDE, pyodide)
    (pyodide / "pyodide.mjs").write_text("export { loadPyodide };", encoding="utf-8")
    with pytest.raises(BundleError) as error:
        write_snapshot(wheel, policy.digest, tmp_path / "site", pyodide=pyodide, cache=tmp_path / "cache")
    assert str(error.value).startswith(
        f"The fast start does not know Pyodide {runtime_version()}. pyodide.mjs has nothing like the pattern 'loader'. "
        "The loader becomes a function, and what it exports its result. pyodide.mjs does not know _loadSnapshot. "
    )
    assert str(error.value).endswith(
        " Follow it in macros/runtime/snapshot/, or let the stock start ship; README.md there says how."
    )
    assert not (tmp_path / "cache").exists()


def test_stock_start_ships_when_the_snapshot_fails(
    wheel: Path, policy: Policy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("macros.runtime.snapshot.snapshot.FOLLOWS", False)
    write_snapshot(wheel, policy.digest, tmp_path, pyodide=tmp_path / "another pyodide")
    assert file_contents(tmp_path) == {}


def test_published_runtime_is_smaller_than_pyodide(site: Path, policy: Policy) -> None:
    """Unused exports and imports are removed, and with them most of the script; so is the relocation of data."""
    snapshot = site / snapshot_folder(policy.digest)
    assert (snapshot / "../python.wasm").stat().st_size < 0.83 * (PYODIDE / "pyodide.asm.wasm").stat().st_size
    assert (snapshot / "worker.js").stat().st_size < 0.35 * (PYODIDE / "pyodide.asm.js").stat().st_size


def test_snapshot_has_no_docstring_of_a_function(site: Path, policy: Policy) -> None:
    """Only classes keep theirs: so the search finds what is there."""
    snapshot = (site / snapshot_folder(policy.digest) / "snapshot.bin").read_bytes()
    nodes = [node for file in (ROOT / "checker").rglob("*.py") for node in ast.walk(ast.parse(file.read_bytes()))]
    documented = [
        node for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node)
    ]
    found = {type(node) for node in documented if str(ast.get_docstring(node)).splitlines()[0].encode() in snapshot}
    assert found == {ast.ClassDef}


def test_runtime_is_the_same_file_for_every_policy(site: Path, next_site: Path, policy: Policy) -> None:
    """After a change of the policy, browsers fetch a new snapshot but not the WebAssembly."""
    ours, theirs = ([path.relative_to(root) for path in root.glob("snapshot/**/*.*")] for root in (site, next_site))
    assert [path.name for path in {*ours} & {*theirs}] == ["python.wasm"]


@pytest.mark.browser
def test_each_browser_starts_from_the_snapshot_and_caches_it(session: BrowserSession, policy: Policy) -> None:
    """The snapshot is compared with the build's: one wrong bit, and the sources would be fetched."""
    requests: list[str] = []
    parts = ("python.wasm", "snapshot.bin")
    session.server.overrides = {name: record_request(requests, name) for name in (*parts, "pyodide.mjs")}
    example = next(iter(policy.examples.values()))
    check_page = CheckPage(session, policy, example.today)
    first, second, *_ = check_page.question_path(example.answers)
    for visit in range(2):
        check_page.open()
        check_page.click_answer(first, str(example.answers[first]))
        check_page.expect_view(second, example.answers)
        assert sorted(requests) == sorted(parts), visit
        keys = (
            "async (cache) => (await (await caches.open(cache)).keys()).map(({ url }) => url.split('/').at(-1)).sort()"
        )
        cache = f"check {session.server.address}"
        session.wait_for(f"async (cache) => (await ({keys})(cache)).length === 2", cache)
        assert session.evaluate(keys, cache) == sorted(parts)
