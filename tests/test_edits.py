"""A sensible edit leaves the tests green: those of the live policy run on the file as it is, and after each edit."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import POLICIES
from edits import EDITS, after_edit
from test_cli import Run, run
from test_letter import every_example_gets_a_request

from checker import Checker, Policy

__all__ = ["run"]

TESTS = sorted(Path(__file__).parent.glob("*.py"))


# ---- what holds of any policy


def test_the_live_policy_is_all_right(live_file: Path, run: Run) -> None:
    code, out, err = run("check", live_file)
    assert (code, err) == (0, "")
    assert out.endswith(" examples: all right.\n") or out.endswith(" 1 example: all right.\n")


def test_every_worked_example_of_the_live_policy_has_the_outcome_that_it_expects(policy: Policy) -> None:
    checker = Checker(policy)
    found = {name: checker.decide(dict(each.answers), each.today).outcome for name, each in policy.examples.items()}
    assert found == {name: each.outcome for name, each in policy.examples.items()}


def test_every_example_of_the_live_policy_gets_a_request(policy: Policy) -> None:
    every_example_gets_a_request(policy)


# ---- no test escapes


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_of_the_frozen_copy_is_valid_and_changes_its_text(edit: str) -> None:
    text = (POLICIES / "frozen.yaml").read_text(encoding="utf-8")
    assert after_edit(edit, text) != text
