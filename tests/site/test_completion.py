"""Completion and validation of a policy in code editors, by their language server."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from macros import hooks
from macros.analysis.load import load, loads
from macros.check_report import check_once
from macros.hooks import read_policy
from macros.policyfile.completion import COMPLETION_FILE, FIRST_LINE, completion
from macros.policyfile.schema import schema
from macros.project import ROOT
from tests.support.language_server import LanguageServer
from tests.support.paths import POLICIES, SUPPORT
from tests.support.renaming import old, renamed

FILES = sorted(POLICIES.glob("*.yaml"))
PLACES = yaml.safe_load((SUPPORT / "completions.yaml").read_text(encoding="utf-8"))


def with_schema_line(file: Path) -> str:
    """The text of a policy whose first line names its own schema."""
    return f"{FIRST_LINE}\n{file.read_text(encoding='utf-8')}"


FROZEN = with_schema_line(POLICIES / "frozen.yaml")
WRONG = FROZEN.replace("outcome: expired\n", "outcome: expird\n", 1)


@pytest.fixture(scope="module")
def server() -> Iterator[LanguageServer]:
    with LanguageServer() as server:
        yield server


@pytest.fixture(scope="module")
def frozen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the frozen policy was checked."""
    folder = tmp_path_factory.mktemp("frozen")
    checked(folder, FROZEN)
    return folder


def checked(folder: Path, text: str) -> int:
    file = folder / "policy.yaml"
    file.write_text(text, encoding="utf-8")
    return check_once(file, file.name)


def outcomes(folder: Path) -> list[str]:
    """The outcomes in the schema of a folder's policy; none if the schema describes the language only."""
    rule = json.loads((folder / COMPLETION_FILE).read_text(encoding="utf-8"))["$defs"]["Rule"]
    return list(rule["properties"]["outcome"].get("enum", []))


# ---- completion


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place["place"])
def test_editor_completes_policy_names_where_allowed(
    place: dict[str, Any], frozen: Path, server: LanguageServer
) -> None:
    assert place["at"] in FROZEN
    offered = server.completions(frozen, FROZEN.replace(place["at"], place["typed"], 1))
    assert {item["label"]: item["documentation"] for item in offered} == place["offered"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_editor_underlines_nothing_in_a_valid_policy(file: Path, tmp_path: Path, server: LanguageServer) -> None:
    assert checked(tmp_path, with_schema_line(file)) == 0
    assert server.complaints(tmp_path, with_schema_line(file)) == []


def test_editor_underlines_nothing_in_the_live_policy(live_file: Path, tmp_path: Path, server: LanguageServer) -> None:
    assert checked(tmp_path, with_schema_line(live_file)) == 0
    assert server.complaints(tmp_path, with_schema_line(live_file)) == []


def test_editor_underlines_an_unknown_name(frozen: Path, server: LanguageServer) -> None:
    line = FROZEN[: FROZEN.index("outcome: expired\n")].count("\n") + 1
    assert server.complaints(frozen, WRONG) == [
        f'{line}: Value is not accepted. Valid values: "excluded", "carrier", "expired", "review", "eligible".'
    ]


def test_editor_knows_the_language_before_the_first_valid_policy(tmp_path: Path, server: LanguageServer) -> None:
    assert checked(tmp_path, WRONG) == 1
    assert server.complaints(tmp_path, WRONG) == []
    topic = server.completions(tmp_path, WRONG.replace("    topic: time", "    |>", 1))
    assert {"topic", "grants"} <= {item["label"] for item in topic}


def test_open_editor_offers_names_from_the_next_check(tmp_path: Path, server: LanguageServer) -> None:
    assert checked(tmp_path, WRONG) == 1
    assert offered_topics(tmp_path, server) == []
    assert checked(tmp_path, FROZEN) == 0
    server.changed(tmp_path / COMPLETION_FILE)
    assert offered_topics(tmp_path, server)[0] == "time"
    assert checked(tmp_path, FROZEN.replace("topic: time", "topic: hours").replace("  time: How", "  hours: How")) == 0
    server.changed(tmp_path / COMPLETION_FILE)
    assert offered_topics(tmp_path, server)[0] == "hours"


def offered_topics(folder: Path, server: LanguageServer) -> list[str]:
    return [item["label"] for item in server.completions(folder, FROZEN.replace("topic: time", "topic: |>", 1))]


# ---- the schema


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_policy_is_valid_under_its_own_schema(file: Path) -> None:
    fits_its_schema(file)


def test_live_policy_is_valid_under_its_own_schema(live_file: Path) -> None:
    fits_its_schema(live_file)


def fits_its_schema(file: Path) -> None:
    made = completion(load(file))
    Draft202012Validator.check_schema(made)
    Draft202012Validator(made).validate(yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.BaseLoader))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_schema_lists_exactly_the_ids_of_its_policy(file: Path) -> None:
    names_its_ids(file)


def test_live_schema_lists_exactly_the_ids_of_its_policy(live_file: Path) -> None:
    names_its_ids(live_file)


def names_its_ids(file: Path) -> None:
    data = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    found = {tuple(each) for each in enums(completion(load(file)))} - {tuple(each) for each in enums(schema())}
    assert found - {()} == {tuple(each) for each in expected(data)} - {()}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_renamed_ids_change_only_the_ids_of_the_schema(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    again = json.loads(old(json.dumps(completion(loads(renamed(text))))))
    assert enums(again) == enums(completion(loads(text)))


def test_schema_offers_a_value_only_where_its_type_fits() -> None:
    by_product = {"by": "product", "standard": "1 day", "factory_special": "2 days"}
    figures = {"fee": "5 USD", "share": "20 %", "weeks": "2 weeks", "end": "2026-12-31", "span": "2–3 working days"}
    values: dict[str, str | Mapping[str, str]] = {"days": "3 days", "by_product": by_product, **figures}
    parts = completion(dataclasses.replace(load(POLICIES / "frozen.yaml"), values=values))["$defs"]
    test = parts["RuleCondition"]["properties"]["received_on"]["anyOf"][-1]["properties"]
    assert parts["Expectation"]["properties"]["wait"]["enum"] == ["days", "span"]
    assert test["within"]["enum"] == test["longer ago than"]["enum"] == ["days", "by_product"]


def enums(part: Any) -> list[list[str]]:
    """The enumerations of a schema."""
    if isinstance(part, list):
        return [each for item in part for each in enums(item)]
    if not isinstance(part, dict):
        return []
    return [value for key, value in part.items() if key == "enum"] + [
        each for value in part.values() for each in enums(value)
    ]


def expected(data: dict[str, Any]) -> Iterator[list[str]]:
    """The enumerations of ids that the schema must have, derived from the file."""
    questions = data["questions"]
    dates = {name: question for name, question in questions.items() if question["answer"] == "date"}
    counted = {name for name, question in dates.items() if "counted to" in question}
    ends = {question["counted to"] for question in dates.values() if "counted to" in question}
    yield from ([*data[part]] for part in ("topics", "outcomes", "remedies", "costs", "clauses"))
    yield from (["any", *data[part]] for part in ("remedies", "costs"))
    yield [name for name, value in data["values"].items() if isinstance(value, str)]
    yield [name for name, value in data["values"].items() if " working " not in str(value)]
    yield [name for name, question in questions.items() if question["answer"] == "one choice"]
    yield [name for name, question in questions.items() if question["answer"] in ("amount", "amounts")]
    yield [*dates]
    yield [name for name in dates if name in counted | ends]
    yield [name for name, question in dates.items() if "unless given" in question]
    yield [name for clause in data["clauses"].values() for name in clause.get("proof", ())]
    for name, question in questions.items():
        answers = [*question.get("choices", question.get("or", ()))]
        yield [*answers, "unknown"]
        if answers and (question["answer"] == "one choice" or name in counted):
            yield answers


# ---- writing the schema


def test_failed_check_keeps_the_last_schema(tmp_path: Path) -> None:
    assert checked(tmp_path, WRONG) == 1
    assert outcomes(tmp_path) == []
    assert checked(tmp_path, FROZEN) == 0
    assert outcomes(tmp_path) == ["excluded", "carrier", "expired", "review", "eligible"]
    assert checked(tmp_path, WRONG) == 1
    assert checked(tmp_path, f"{FIRST_LINE}\n: [") == 1
    assert outcomes(tmp_path) == ["excluded", "carrier", "expired", "review", "eligible"]
    changed = FROZEN.replace("  expired:\n", "  too_late:\n").replace("expired", "too_late")
    assert checked(tmp_path, changed) == 0
    assert outcomes(tmp_path) == ["excluded", "carrier", "too_late", "review", "eligible"]
    assert {file.name for file in tmp_path.iterdir()} == {"policy.yaml", COMPLETION_FILE}


def test_serve_writes_the_schema(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "policy.yaml"
    file.write_text(FROZEN, encoding="utf-8")
    read_policy(file)
    assert not (tmp_path / COMPLETION_FILE).exists()
    monkeypatch.setattr(hooks, "_serving", True)
    read_policy(file)
    assert outcomes(tmp_path) == ["excluded", "carrier", "expired", "review", "eligible"]


@pytest.mark.parametrize("first", ["", "# yaml-language-server: $schema=../policy.schema.json\n", f"{FIRST_LINE}x\n"])
def test_policy_with_another_schema_gets_none_written(first: str, tmp_path: Path) -> None:
    assert checked(tmp_path, FROZEN.replace(f"{FIRST_LINE}\n", first, 1)) == 0
    assert [file.name for file in tmp_path.iterdir()] == ["policy.yaml"]


def test_check_continues_when_the_schema_is_not_writable(tmp_path: Path) -> None:
    (tmp_path / COMPLETION_FILE / "taken").mkdir(parents=True)
    assert checked(tmp_path, FROZEN) == 0
    assert {file.name for file in tmp_path.iterdir()} == {"policy.yaml", COMPLETION_FILE}


def test_policy_names_the_schema_that_git_ignores() -> None:
    assert (ROOT / "policy.yaml").read_text(encoding="utf-8").splitlines()[0] == FIRST_LINE
    assert f"/{COMPLETION_FILE}" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
