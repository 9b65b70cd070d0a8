"""The benchmark compares equal things: the other engines decide as the checker does. Nothing is timed here."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from bench import peers
from bench.samples import cells, random_days
from checker.decide import Checker
from checker.engine.compile import CompiledPolicy
from macros.analysis.load import load
from tests.support.paths import POLICIES

FILES = sorted(POLICIES.glob("*.yaml"))


@pytest.mark.skipif(not peers.installed(), reason=peers.MISSING)
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_other_engines_decide_as_the_checker_does(file: Path) -> None:
    policy = load(file)
    checker, today = Checker(policy), policy.valid_from
    every_case = [*cells(checker.compiled, today), *random_days(checker.compiled, today, 200)]
    samples = Random(1).sample(every_case, 100)
    expected = [str(checker.decide(sample.raw(), today).outcome) for sample in samples]
    with peers.peers(policy, samples, expected) as engines:
        assert len(engines) > len(peers.DISTRIBUTIONS)


def test_bench_cells_are_distinct_and_random_days_stay_inside() -> None:
    cases = CompiledPolicy(load(FILES[0]))
    today = cases.policy.valid_from
    values = [tuple(cases.values(sample.answers)) for sample in cells(cases, today)]
    assert len(values) == len({*values})
    assert {tuple(cases.values(sample.answers)) for sample in random_days(cases, today, 50)} <= {*values}
