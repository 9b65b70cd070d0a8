"""The code knows the language and never this policy: new names for all ids change the ids and nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from checker import Checker, Policy
from checker.explain.explanation import explain
from macros.analysis.load import load, loads
from tests.support.paths import POLICIES
from tests.support.renaming import PARTS, RENAMED, old, renamed, rewritten


@pytest.fixture(scope="module")
def other_file(live_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("renamed") / "policy.yaml"
    file.write_text(renamed(live_file.read_text(encoding="utf-8")), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def other(other_file: Path) -> Policy:
    return load(other_file)


def test_renaming_changes_every_id(policy: Policy, other: Policy) -> None:
    for part in PARTS:
        assert all(RENAMED.fullmatch(name) for name in getattr(other, part))
        assert [old(name) for name in getattr(other, part)] == [*getattr(policy, part)]


def test_renamed_policy_changes_only_ids_in_verdicts_and_explanations(policy: Policy, other: Policy) -> None:
    ours, theirs = Checker(policy), Checker(other)
    for name, example in policy.examples.items():
        their_example = next(each for key, each in other.examples.items() if old(key) == name)
        mine = ours.decide(dict(example.answers), example.today)
        verdict = theirs.decide(dict(their_example.answers), example.today)
        text = json.dumps([verdict.to_json(), explain(other, verdict).to_json()])
        expected = json.dumps([mine.to_json(), explain(policy, mine).to_json()])
        assert old(text).replace(other.digest, policy.digest) == expected


def test_renamed_policy_changes_only_ids_in_pages(build_site: Callable[..., Path], tmp_path: Path) -> None:
    def pages(source: str, name: str) -> tuple[str, dict[str, str]]:
        file = tmp_path / name / "policy.yaml"
        file.parent.mkdir()
        file.write_text(source, encoding="utf-8")
        folder = build_site(file, draft=True)
        html = {str(path.relative_to(folder)): path.read_text(encoding="utf-8") for path in folder.rglob("*.html")}
        return load(file).digest, html

    source = (POLICIES / "frozen.yaml").read_text(encoding="utf-8")
    (digest, ours), (other, theirs) = pages(rewritten(source), "ours"), pages(renamed(source), "theirs")
    assert len(ours) > 5
    assert {name: old(page).replace(other, digest) for name, page in theirs.items()} == ours


def test_other_policies_build_their_own_pages(build_site: Callable[..., Path], frozen: Policy) -> None:
    for file in (POLICIES / "bicycles.yaml", POLICIES / "library.yaml"):
        theirs = loads(file.read_bytes(), file.name)
        home = (build_site(file, draft=True) / "policy" / "index.html").read_text(encoding="utf-8")
        assert all(f'id="{clause}"' in home for clause in theirs.clauses)
        assert frozen.title not in home
