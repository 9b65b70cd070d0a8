"""Cases of a file replayed against a changed policy: which are decided differently, and whether that is better."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from checker import Checker, Policy
from checker.answers.parse import AnswerError
from macros.analysis.load import loads
from macros.batch.replay import REJECTED, Replay, replay
from macros.batch.sources import Source
from tests.site.test_cli import Run, run
from tests.support.batch import by_themselves, mixed_cases
from tests.support.case_enumeration import TODAY, Answers
from tests.support.paths import POLICIES

__all__ = ["run"]

FROZEN = POLICIES / "frozen.yaml"
TEXT = FROZEN.read_text(encoding="utf-8")
SHORTER = TEXT.replace("standard: 15 days", "standard: 12 days").replace(
    "factory_special: 7 days", "factory_special: 9 days"
)


def lines_file(folder: Path, cases: list[Answers]) -> Source:
    path = folder / "cases.jsonl"
    path.write_text("".join(f"{json.dumps(case)}\n" for case in cases), encoding="utf-8")
    return Source(path)


def one_by_one(old: Policy, new: Policy, cases: list[Answers]) -> Counter[tuple[object, object]]:
    """The pairs of possible outcomes, where they differ or the last day does."""
    before, after = (
        [
            ((REJECTED,), None) if isinstance(result[0], AnswerError) else (tuple(result[1].split()), result[3])
            for result in by_themselves(Checker(policy), cases)
        ]
        for policy in (old, new)
    )
    return Counter((one[0], other[0]) for one, other in zip(before, after, strict=True) if one != other)


def pairs(result: Replay) -> Counter[tuple[object, object]]:
    counted: Counter[tuple[object, object]] = Counter()
    for kind, cases in result.differences.items():
        counted[kind.before, kind.after] += cases
    return counted


def test_replay_counts_the_cases_that_are_decided_differently(frozen: Policy, tmp_path: Path) -> None:
    new, cases = loads(SHORTER), mixed_cases(frozen, 1380)
    result = replay(frozen, new, lines_file(tmp_path, cases), TODAY)
    assert pairs(result) == one_by_one(frozen, new, cases)
    assert result.cases == len(cases)
    assert 0 < result.with_effect("worse") < result.different
    assert replay(frozen, frozen, lines_file(tmp_path, cases), TODAY).different == 0


@pytest.mark.parametrize(
    ("days", "product", "before", "after", "last_day", "effect"),
    [
        ("2026-11-09", "standard", "eligible", "expired", "", "worse"),
        ("2026-11-14", "factory_special", "expired", "eligible", "", "better"),
        ("2026-11-12", "standard", "eligible", "eligible", "earlier", "worse"),
        ("2026-11-20", "factory_special", "eligible", "eligible", "later", "better"),
        ("2026-10-01", "standard", "expired", "expired", "earlier", "different"),
    ],
)
def test_kind_of_difference_has_its_effect_and_its_samples(
    frozen: Policy, tmp_path: Path, days: str, product: str, before: str, after: str, last_day: str, effect: str
) -> None:
    case: Answers = {"problem": "quality", "received_on": days, "product": product, "cause": "none"}
    result = replay(frozen, loads(SHORTER), lines_file(tmp_path, [{}, *[case] * 5]), TODAY)
    [(kind, cases)] = result.differences.items()
    assert (kind.before, kind.after, kind.last_day, kind.effect, cases) == ((before,), (after,), last_day, effect, 5)
    samples = result.samples[kind]
    assert [(sample.row, sample.answers) for sample in samples] == [(2, case), (3, case), (4, case)]


def test_renamed_ids_are_no_difference(frozen: Policy, tmp_path: Path) -> None:
    text = TEXT
    for old_id, new_id in (("factory_special", "made_to_order"), ("received_on", "arrived_on"), ("expired", "overdue")):
        text = text.replace(old_id, new_id)
    result = replay(frozen, loads(text), lines_file(tmp_path, mixed_cases(frozen, 300)), TODAY)
    assert result.different == 0
    assert 0 < result.rejected < result.cases


def test_answer_that_one_version_lost_is_named(frozen: Policy, tmp_path: Path) -> None:
    case: Answers = {"problem": "change_of_mind", "cause": "riot"}
    removed = re.sub(r"      riot:\n(?:        .*\n)+", "", TEXT).replace("{cause.riot}, ", "")
    result = replay(frozen, loads(removed), lines_file(tmp_path, [case]), TODAY)
    [kind] = result.differences
    assert (kind.before, kind.after, kind.effect) == (("excluded",), (REJECTED,), "different")


@pytest.mark.parametrize("form", ["terminal", "json"])
def test_command_replays_a_file(run: Run, tmp_path: Path, form: str) -> None:
    (new := tmp_path / "new.yaml").write_text(SHORTER, encoding="utf-8")
    case: Answers = {"problem": "quality", "received_on": "2026-11-09", "product": "standard", "cause": "none"}
    source = lines_file(tmp_path, [case])
    code, out, err = run("diff", FROZEN, new, "--replay", source.path, "--today", TODAY, "--format", form)
    assert (code, err) == (0, "")
    if form == "json":
        change = json.loads(out)["changes"][0]
        assert (change["before"], change["after"], change["cases"]) == (["eligible"], ["expired"], 1)
        assert change["samples"][0]["answers"] == case
    else:
        assert "1 are decided differently: 1 worse" in out
        assert "eligible → expired" in out


def test_command_names_a_file_that_it_cannot_replay(run: Run, tmp_path: Path) -> None:
    (bad := tmp_path / "cases.parquet").write_bytes(b"no")
    code, out, err = run("diff", FROZEN, FROZEN, "--replay", bad)
    assert (code, out) == (1, "")
    assert str(bad) in err
