"""Sensible edits leave the tests green: those of the live policy run on the file as it is and after each edit."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from checker import Checker, Policy
from tests.site.test_cli import Run, run
from tests.support.edits import EDITS, after_edit
from tests.support.paths import POLICIES, TESTS
from tests.unit.test_letter import every_example_gets_a_request

__all__ = ["run"]

MODULES = sorted(path for path in TESTS.rglob("*.py") if "node_modules" not in path.parts)


# ---- what holds of any policy


def test_live_policy_passes_the_check(live_file: Path, run: Run) -> None:
    code, out, err = run("check", live_file)
    assert (code, err) == (0, "")
    assert out.endswith(" examples: all right.\n") or out.endswith(" 1 example: all right.\n")


def test_live_examples_have_their_expected_outcomes(policy: Policy) -> None:
    checker = Checker(policy)
    outcomes = {name: checker.decide(dict(case.answers), case.today).outcome for name, case in policy.examples.items()}
    assert outcomes == {name: case.outcome for name, case in policy.examples.items()}


def test_live_examples_get_a_request(policy: Policy) -> None:
    every_example_gets_a_request(policy)


# ---- no test escapes


@pytest.mark.deep
@pytest.mark.parametrize("edit", EDITS)
def test_edit_of_the_frozen_copy_changes_its_text(edit: str) -> None:
    text = (POLICIES / "frozen.yaml").read_text(encoding="utf-8")
    assert after_edit(edit, text) != text


PATHS = re.compile(r"""ROOT / ["']policy\.yaml|\.\./policy\.yaml|\bLIVE\.read|\bload\(LIVE|\bimport .*\bPOLICY\b""")
"""Ways to read the live policy without the fixtures."""
PAST = {
    "conftest.py": "has the fixtures",
    "test_completion.py": "looks at the first line, which is no part of the policy",
}
WHOLE = {
    *("test_case_space", "test_data_page", "test_hosting", "test_html", "test_licenses", "test_locks", "test_mkdocs"),
    *("test_no_restart", "test_precache", "test_properdocs", "test_provenance", "test_snapshot"),
    *("test_supported_browsers", "test_wheel"),
}
"""Modules with tests of a whole site: how it is made, sent and kept, and what data teams run. No edit breaks them."""


def test_tests_read_the_live_policy_by_fixtures_alone() -> None:
    names = {file.name for file in MODULES if PATHS.search(file.read_text(encoding="utf-8"))}
    assert names - {Path(__file__).name} == PAST.keys()


def test_tests_of_the_live_policy_run_after_edits_unless_they_need_a_site(request: pytest.FixtureRequest) -> None:
    tests = [item for item in request.session.items if isinstance(item, pytest.Function)]
    live = [item for item in tests if "live_file" in item.fixturenames]
    left = [item for item in live if "live_file" not in getattr(getattr(item, "callspec", None), "params", {})]
    assert {item.path.stem for item in left if "start_browser" not in item.fixturenames} <= WHOLE
