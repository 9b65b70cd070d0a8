"""Reading policy.yaml: good policies are read as they are meant, and every mistake is named with its place."""

from __future__ import annotations

import ast
import dataclasses
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

import checker.policy
from checker.policy import Comparison, Holidays, Policy, TextType
from macros.analysis.load import check, digest, load, loads, read
from macros.policyfile import references, yaml_reader
from macros.policyfile.errors import PolicyErrors
from macros.policyfile.schema import BUILD_KEYS, schema, schema_text
from macros.policyfile.structure import MAX_PROBLEMS
from macros.policyfile.text_checks import MAX_CHARACTERS
from macros.project import ROOT
from macros.runtime.bundle import published
from tests.support.fuzzing import random_inputs
from tests.support.hostile import unlike, written
from tests.support.paths import POLICIES, TESTS

FILES = sorted(POLICIES.glob("*.yaml"))
BROKEN = sorted(file for file in (TESTS / "broken").glob("*.yaml") if file.stem != "edits")
EDITS = yaml.safe_load((TESTS / "broken" / "edits.yaml").read_text(encoding="utf-8"))
LIBRARY = (POLICIES / "library.yaml").read_text(encoding="utf-8")


def complaints(text: bytes | str) -> list[str]:
    try:
        loads(text)
    except PolicyErrors as errors:
        return str(errors).splitlines()
    return []


# ---- mistakes


def test_data_files_contain_enough_cases() -> None:
    assert len(FILES) >= 3
    assert len(BROKEN) >= 30
    assert len(EDITS) >= 60


@pytest.mark.parametrize("file", BROKEN, ids=lambda file: file.stem)
def test_broken_file_is_reported_with_places_and_reasons(file: Path) -> None:
    expected = file.with_suffix(".txt").read_text(encoding="utf-8")
    with pytest.raises(PolicyErrors) as raised:
        load(file)
    assert f"{raised.value}\n" == expected


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit["mistake"])
def test_error_is_reported_alone_with_its_place(edit: dict[str, Any]) -> None:
    text = LIBRARY
    for old, new in edit["edits"]:
        assert old in text
        text = text.replace(old, new, 1)
    assert complaints(text) == edit["says"]


def test_too_large_file_is_not_read_to_its_end(tmp_path: Path) -> None:
    file = tmp_path / "huge.yaml"
    file.write_bytes(b"#" * (2 * yaml_reader.MAX_BYTES))
    assert len(read(file)) == yaml_reader.MAX_BYTES + 1
    with pytest.raises(PolicyErrors, match=r"^huge\.yaml:1:1: is larger than 300,000 bytes\. A policy is"):
        load(file)


@pytest.mark.parametrize("opening", ["[", "{", "- ", "{a: ", "? "])
def test_deep_nesting_is_an_error(opening: str) -> None:
    assert complaints("title: x\na: " + opening * 100_000)


@random_inputs(60)
@given(st.integers(0, len(LIBRARY)), st.text(alphabet="{}[]:,#&*!|>'\"%@`-? \n\tay0", max_size=3), st.integers(0, 9))
@example(0, "\x00", 0)
@example(LIBRARY.rindex("late_fee") + 1, "\n\n", 0)
def test_random_text_gives_a_policy_or_errors_with_places(at: int, new: str, gone: int) -> None:
    for complaint in complaints(LIBRARY[:at] + new + LIBRARY[at + gone :]):
        assert re.match(r"policy\.yaml:[1-9]\d*:[1-9]\d*: ", complaint)


def test_file_with_too_many_nodes_is_read_to_the_limit() -> None:
    opening = "a: ["
    before = 3  # the whole, the title and the list
    column = len(opening) + len("x, ") * (yaml_reader.MAX_VALUES - before) + 1
    many = f"title: x\n{opening}{'x, ' * yaml_reader.MAX_VALUES}]"
    assert complaints(many) == [f"policy.yaml:2:{column}: is part 10,000. A policy has fewer: is this the right file?"]


def test_errors_are_limited_to_a_hundred() -> None:
    assert len(complaints(LIBRARY + "".join(f"more_{number}: x\n" for number in range(3000)))) == MAX_PROBLEMS
    rules = "".join(f"      - {{when: {{}}, outcome: none_{number}}}\n" for number in range(1000))
    wrong = LIBRARY.replace("    rules:\n", f"    rules:\n{rules}", 1)
    assert len(complaints(wrong)) == MAX_PROBLEMS


def test_too_long_policy_text_is_refused() -> None:
    short = "All is well."
    place = "{}:{}".format(*yaml_reader.position(LIBRARY, LIBRARY.index(short)))
    assert complaints(LIBRARY.replace(short, "It is so. " * (MAX_CHARACTERS // 10 + 1))) == [
        f"policy.yaml:{place}: outcomes › dropped › text: has more than 5,000 characters. Make several texts of it."
    ]


@pytest.mark.deep
def test_longest_policy_text_of_brackets_is_accepted() -> None:
    assert complaints(LIBRARY.replace("All is well.", f"'{'[' * MAX_CHARACTERS}'")) == []


def test_errors_of_unrelated_rules_are_limited_to_a_hundred() -> None:
    assert len(complaints(written(unlike(seed=1, size=300)))) == MAX_PROBLEMS


def test_too_complex_rules_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("checker.engine.nodes.STEPS", 0)
    [descriptions] = complaints(LIBRARY)
    assert re.match(
        r"policy\.yaml:\d+:1: clauses: the rules are so many and so unlike each other that not every case", descriptions
    )


def test_errors_are_unique_and_in_file_order() -> None:
    text = LIBRARY.replace("outcome: desk", "outcome: dsk").replace("version:", "verzion:")
    with pytest.raises(PolicyErrors) as raised:
        loads(text)
    errors = raised.value.errors
    assert [(error.line, error.column) for error in errors] == sorted((e.line, e.column) for e in errors)
    assert len({*errors}) == len(errors) > 3


def test_policy_error_has_place_and_message() -> None:
    with pytest.raises(PolicyErrors) as raised:
        loads(LIBRARY.replace("365 days", "0 days"), "other.yaml")
    [error] = raised.value.errors
    assert dataclasses.astuple(error) == (
        "other.yaml", 19, 14, ("values", "long_gone"), "must be at least 1 day, got 0 days."
    )  # fmt: skip


def test_policy_with_one_outcome_has_nothing_to_decide(frozen: Policy) -> None:
    one = dataclasses.replace(frozen, outcomes={"eligible": frozen.outcomes["eligible"]})
    messages = [problem.message for problem in references.problems(one) if problem.path == ("outcomes",)]
    assert messages == ["there must be at least two outcomes, or there is nothing to decide."]


# ---- what is read


def test_strings_that_resemble_other_yaml_types_stay_strings() -> None:
    text = LIBRARY.replace("title: Not yours", "title: NO").replace("text: All is well.", "text: 12:30")
    policy = loads(text)
    assert policy.clauses["never_had"].title == "NO"
    assert policy.outcomes["dropped"].text == "12:30"


@pytest.mark.parametrize(
    ("old", "new", "read"),
    [
        ("title: Not yours", "title: “Not\u00a0yours”", "“Not\u00a0yours”"),
        ("title: Not yours", "title: Not\u202fyo\u00adurs", "Not\u202fyo\u00adurs"),
        ("title: Not yours", "title: No – • * yours?", "No – • * yours?"),
        ("text: Did you", "text: |\n      One.\n      \u3000Did you", None),
        ("text: Did you", "text: |\n      • One\n      – Two\n      * Three: four\n      - \u00a0Did you", None),
    ],
)
def test_prose_accepts_characters_that_names_refuse(old: str, new: str, read: str | None) -> None:
    text = LIBRARY.replace(old, new, 1)
    clause = loads(text).clauses["never_had"]
    expected = "\n".join(line.strip(" ") for line in new.split("\n")[1:])
    assert (clause.title == read) if read else clause.text.startswith(expected)


@pytest.mark.parametrize(("one", "other"), [("It cost 2", "It cost 2+"), ("löst", "lost"), ("?", "!"), ("да", "нет")])
def test_answer_titles_may_be_similar(one: str, other: str) -> None:
    text = LIBRARY.replace("{title: Nothing}", f'{{title: "{one}"}}').replace(
        "{title: I lost it}", f'{{title: "{other}"}}'
    )
    assert {one, other} <= {choice.title for choice in (loads(text).questions["trouble"].choices or {}).values()}


def test_loaded_policy_has_dates_and_tuples(frozen: Policy) -> None:
    assert frozen.valid_from == date(2026, 11, 22)
    assert frozen.calendar.working_days == ("monday", "tuesday", "wednesday", "thursday", "friday")
    assert frozen.clauses["how_long"].rules[0].when == {"received_on": Comparison(longer_ago_than="window")}


def test_line_ends_and_byte_order_mark_do_not_matter() -> None:
    assert loads(b"\xef\xbb\xbf" + LIBRARY.replace("\n", "\r\n").encode()) == loads(LIBRARY)


def test_names_in_braces_are_replaced(frozen: Policy) -> None:
    clauses = frozen.clauses
    assert clauses["how_long"].text.startswith("Apply within 15 days of the day")
    assert clauses["quality"].text.endswith(
        "Typical cases: damage, a product that does not match its description, a serious colour difference "
        "and a part that does not work."
    )
    open_list = clauses["force_majeure"].interpretations["open_list"].text
    assert open_list.endswith('"something else beyond anyone\'s control".')


def test_remedies_and_costs_in_braces_are_replaced_wherever_they_stand() -> None:
    text = LIBRARY.replace("Let it dry first.", '"{remedies.longer} is free: {costs.library}."')
    text = text.replace("A longer loan\n", '"a loan longer than {loan.film}"\n', 1)
    policy = loads(text)
    assert policy.reminders["dry_it"].text == "A loan longer than 7 days is free: The library pays."


def test_name_at_the_start_of_a_sentence_is_capitalised(frozen: Policy) -> None:
    assert frozen.summary["covered"].text.startswith("A quality problem, a shortage or a wrong item. You can")


def test_duration_in_a_text_is_worded_for_customers() -> None:
    bicycles = load(POLICIES / "bicycles.yaml")
    assert bicycles.values["workshop"] == "4-6 working days"
    assert bicycles.clauses["workshop"].text.startswith("The workshop needs 4–6 working days.")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_loaded_policy_has_clauses_and_a_digest_and_no_braces_in_its_texts(file: Path) -> None:
    policy = load(file)
    assert policy.clauses
    assert policy.digest
    assert not re.search(r"\{\w+(\.\w+)+\}", repr(dataclasses.replace(policy, examples={})))


def test_hint_is_no_error() -> None:
    text = LIBRARY.replace("  long_gone: 365 days", "  long_gone: 365 days\n  idle: 3 days")
    text = text.replace("  all_rules: The rules", "  all_rules: The rules\n  empty: Nothing")
    text = (
        text.replace("within {answer_time}", "soon")
        .replace("        costs: library\n", "")
        .replace("{costs: library, ", "{")
        .replace("contact: https://library.example/desk", 'contact: ""')
    )
    _, hints = check(text)
    assert [str(hint) for hint in hints] == [
        *[str(hint) for hint in hints if hint.path[0] == "shop"],
        "policy.yaml:20:3: values › idle: no rule, step or text uses this.",
        "policy.yaml:72:3: costs › library: no grant uses this.",
        "policy.yaml:76:3: topics › empty: no clause uses this.",
        "policy.yaml:84:9: clauses › never_had › rules › 1: decides dropped, and no grant gives anything in this case: "
        "today: 2025-09-01, answers: {medium: book, borrowed_on: never_had, trouble: nothing}. Add a grant, if "
        "customers are to get something there.",
        *[str(hint) for hint in hints if hint.path[1] == "in_time"],
    ]


def test_value_used_in_a_text_alone_is_no_hint() -> None:
    _, hints = check(LIBRARY.replace("{wait: answer_time,", "{wait: long_gone,"))
    assert [hint.path for hint in hints if hint.path[0] != "clauses"] == [("shop", "apply at")]


def test_optional_keys_can_be_added_to_a_valid_policy() -> None:
    added = LIBRARY.replace("      gone: {title", '      torn: {title: "It is torn, badly"}\n      gone: {title')
    assert "torn" in (loads(added).questions["trouble"].choices or {})


# ---- the digest


def test_digest_ignores_comments_and_layout() -> None:
    text = "# A comment.\n\n" + LIBRARY.replace("title: Lost\n", "title:   'Lost'   # so\n")
    assert loads(text).digest == loads(LIBRARY).digest


@pytest.mark.parametrize(("old", "new"), [("365 days", "366 days"), ("Nothing to pay.", "Nothing to  pay!")])
def test_digest_changes_with_the_policy(old: str, new: str) -> None:
    assert old in LIBRARY
    assert loads(LIBRARY.replace(old, new)).digest != loads(LIBRARY).digest


def test_digest_changes_with_the_order_of_outcomes() -> None:
    lines = LIBRARY.splitlines(keepends=True)
    at = next(number for number, line in enumerate(lines) if line.startswith("  replace: "))
    lines[at], lines[at + 1] = lines[at + 1], lines[at]
    assert loads("".join(lines)).digest != loads(LIBRARY).digest


def test_digest_covers_the_checker_code_but_not_the_published_policy(tmp_path: Path) -> None:
    (tmp_path / "decide.py").write_text("a = 1")
    before = digest({}, tmp_path)
    (tmp_path / "published.py").write_text("POLICY = 1")
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "decide.pyc").write_bytes(b"1")
    assert digest({}, tmp_path) == before
    (tmp_path / "decide.py").write_text("a = 2")
    assert digest({}, tmp_path) != before
    assert re.fullmatch(r"[0-9a-f]{16}", before)


# ---- the published module and the schema


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_published_module_contains_the_same_policy(file: Path) -> None:
    policy = load(file)
    module: dict[str, Policy] = {}
    exec(compile(published(policy), "published.py", "exec"), module)
    assert module["POLICY"] == policy
    assert ast.get_docstring(ast.parse(published(policy)))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_test_policies_fit_the_schema(file: Path) -> None:
    fits_the_schema(file)


def test_live_policy_fits_the_schema(live_file: Path) -> None:
    fits_the_schema(live_file)


def fits_the_schema(file: Path) -> None:
    data = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    Draft202012Validator.check_schema(schema())
    Draft202012Validator(schema()).validate(data)


def test_schema_file_is_up_to_date() -> None:
    written = (ROOT / "policy.schema.json").read_text(encoding="utf-8")
    assert written == schema_text(), "Run `policy schema --write`."


def test_schema_describes_every_key() -> None:
    keys = [
        (name, key, spec)
        for name, part in {"Policy": schema(), **schema()["$defs"]}.items()
        for key, spec in part.get("properties", {}).items()
    ]
    classes = [
        part
        for part in vars(checker.policy).values()
        if dataclasses.is_dataclass(part)
        if part not in (Holidays, TextType)
    ]
    assert len(keys) == sum(len(dataclasses.fields(part)) for part in classes) - len(BUILD_KEYS)
    undescribed = [
        (name, key)
        for name, key, spec in keys
        if not (spec.get("description") or schema()["$defs"][spec["$ref"].rpartition("/")[2]].get("description"))
    ]
    assert undescribed == []


def test_schema_descriptions_use_no_programmers_terms() -> None:
    parts = {"Policy": schema(), **schema()["$defs"]}
    described = [part for part in parts.values() if "properties" in part]
    described += [spec for part in described for spec in part["properties"].values() if "description" in spec]
    texts = [part["description"] for part in described]
    assert [text for text in texts if re.search(r"`|\b(None|True|False|str|tuple|Mapping|dict)\b|\w_\w", text)] == []
    assert [text for text in texts if len(text.split()) < 3 or not text.endswith(".")] == []
