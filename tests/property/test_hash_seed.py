"""No response depends on the order of a set: browsers have one seed of hashes, each process elsewhere has its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from itertools import islice
from pathlib import Path

from checker import Policy
from tests.support.page_inputs import Page
from tests.support.paths import POLICIES, ROOT

ANSWER = """
import json, sys
from pathlib import Path
from checker import Checker
from macros.analysis.load import load
from tests.support.page_inputs import reply_to

policy, folder = sys.argv[1:]
checker = Checker(load(Path(policy)))
for call in map(json.loads, sys.stdin):
    print(reply_to(*call, folder, checker))
"""


def test_responses_are_the_same_whatever_the_seed_of_hashes(frozen: Policy, tmp_path: Path) -> None:
    lines = [json.dumps(call) for call in islice(Page(frozen, seed=85).anything(), 700)]

    def responses(seed: int) -> list[str]:
        command = [sys.executable, "-c", ANSWER, str(POLICIES / "frozen.yaml"), str(tmp_path)]
        environment = os.environ | {"PYTHONHASHSEED": str(seed), "PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            command, input="\n".join(lines), stdout=subprocess.PIPE, check=True, text=True, env=environment
        )
        return done.stdout.splitlines()

    first = responses(0)
    assert any(line.count('"files":') == 2 for line in first)  # the entries of two days, by name
    for seed in (1, 2):
        assert responses(seed) == first
