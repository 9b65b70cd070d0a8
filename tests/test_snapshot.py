"""The start from memory: the same memory in each browser, and what Pyodide must keep for it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from customer import Customer
from stage import note
from walker import Walker

from checker import Policy
from macros.bundle import PYODIDE, BundleError
from macros.snapshot import boot, folder, write_snapshot


@pytest.fixture(scope="module")
def wheel(site: Path) -> Path:
    [wheel] = site.glob("checker/*/*.whl")
    return wheel


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_what_was_made_once_is_not_made_again(
    policy: Policy, wheel: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, site: Path
) -> None:
    monkeypatch.setattr("macros.snapshot._node", None)
    write_snapshot(wheel, policy.digest, tmp_path)
    assert contents(tmp_path) == {f"memory/{name}": data for name, data in contents(site / "memory").items()}


def test_another_loader_of_pyodide_ends_the_build_with_a_word(tmp_path: Path) -> None:
    files = ("package.json", "pyodide-lock.json", "pyodide.mjs")
    for file in files:
        shutil.copyfile(PYODIDE / file, tmp_path / file)
    version = json.loads((tmp_path / "package.json").read_text(encoding="utf-8"))["version"]
    assert boot("factory", tmp_path)
    (tmp_path / "pyodide.mjs").write_text("export { loadPyodide };", encoding="utf-8")
    with pytest.raises(BundleError) as error:
        boot("factory", tmp_path)
    assert str(error.value) == f"Pyodide {version} is not put together as the fast start knows it."


@pytest.mark.parametrize("known", ["var wasmImports={", ".sig=", "eval(", "_createPyodideModule;", "_pyodide_core"])
def test_another_script_of_pyodide_ends_the_build_with_a_word(
    known: str, wheel: Path, policy: Policy, tmp_path: Path
) -> None:
    shutil.copytree(PYODIDE, tmp_path / "pyodide")
    script = tmp_path / "pyodide" / "pyodide.asm.js"
    script.write_text(script.read_text(encoding="utf-8").replace(known, "another"), encoding="utf-8")
    with pytest.raises(BundleError, match="has nothing like"):
        write_snapshot(wheel, policy.digest, tmp_path / "site", pyodide=tmp_path / "pyodide", kept=tmp_path / "kept")
    assert [*(tmp_path / "kept").rglob("*.wasm")] == []


def test_what_is_sent_is_much_less_than_what_pyodide_is(site: Path, policy: Policy) -> None:
    """Exports, imports and functions that nobody uses are gone, and with them most of the script."""
    memory = site / folder(policy.digest)
    assert (memory / "../whole.wasm").stat().st_size < 0.9 * (PYODIDE / "pyodide.asm.wasm").stat().st_size
    assert (memory / "python.wasm").stat().st_size < 0.7 * (memory / "../whole.wasm").stat().st_size
    assert (memory / "worker.js").stat().st_size < 0.3 * (PYODIDE / "pyodide.asm.js").stat().st_size


@pytest.mark.browser
def test_each_browser_starts_from_the_memory_and_keeps_it(walker: Walker, policy: Policy) -> None:
    """The memory is compared with what the build took: one wrong bit, and the sources would be asked for."""
    asked: list[str] = []
    parts = ("python.wasm", "memory.bin")
    walker.stage.plays = {name: note(asked, name) for name in (*parts, "whole.wasm", "pyodide.mjs")}
    example = next(iter(policy.examples.values()))
    customer = Customer(walker, policy, example.today)
    first, second, *_ = customer.way(example.answers)
    for visit in range(2):
        customer.open()
        customer.click_answer(first, str(example.answers[first]))
        customer.arrives(second, example.answers)
        assert sorted(asked) == sorted(parts), visit
        keys = "async () => (await (await caches.open('check')).keys()).map(({ url }) => url.split('/').at(-1)).sort()"
        walker.wait_for(f"async () => (await ({keys})()).length === 2")
        assert walker.evaluate(keys) == sorted(parts)


def test_the_page_names_the_folder_of_the_memory(policy: Policy, site: Path) -> None:
    assert f'data-memory="../{folder(policy.digest)}"' in (site / "check" / "index.html").read_text(encoding="utf-8")
