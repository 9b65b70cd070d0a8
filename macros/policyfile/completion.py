"""The JSON Schema of one policy: the language's schema, with this policy's ids where one of them must stand.

Text editors offer these ids for completion. The file stands beside the policy whose first line names it; git ignores
it, because it follows the policy.
"""

from __future__ import annotations

import contextlib
import copy
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from checker.answers.kinds import kind_of
from checker.answers.parse import UNKNOWN
from checker.engine.compile import ANY, OUTCOME
from checker.engine.parts import COSTS, REMEDIES
from checker.engine.variables import value_by
from checker.policy import Policy, Question
from macros.policyfile.figures import Figure, read
from macros.policyfile.schema import schema
from macros.policyfile.value_checks import is_comparable

COMPLETION_FILE = "policy.completion.json"
FIRST_LINE = f"# yaml-language-server: $schema=./{COMPLETION_FILE}"

type _Spec = dict[str, Any]
type _Ids = Mapping[str, str]
"""Ids with their titles."""


def write_completion(file: Path, source: bytes, policy: Policy | None) -> None:
    """Writes the schema beside a policy file whose first line names it.

    For a policy with mistakes, None, an existing schema is kept; if there is none, the language's schema is written.
    Errors are ignored, because the check of a policy does not depend on this file.
    """
    schema_file = file.with_name(COMPLETION_FILE)
    is_named = source.partition(b"\n")[0].rstrip() == FIRST_LINE.encode()
    if not is_named or (policy is None and schema_file.exists()):
        return
    content = json.dumps(completion(policy) if policy else schema(), ensure_ascii=False, indent=1)
    with contextlib.suppress(OSError):
        schema_file.write_text(content + "\n", encoding="utf-8", newline="\n")


def completion(policy: Policy) -> _Spec:
    """The JSON Schema, draft 2020-12, with the ids of this policy."""
    whole = copy.deepcopy(schema())
    parts: dict[str, _Spec] = whole["$defs"]
    outcomes = {name: outcome.title for name, outcome in policy.outcomes.items()}
    dates = _asks(policy, lambda question: kind_of(question).counts_days)
    amounts = _asks(policy, lambda question: kind_of(question).is_money)
    choices = _asks(policy, lambda question: bool(kind_of(question).options(question)))
    ends = {name: ask for name, ask in dates.items() if policy.questions[name].unless_given}
    counted_to = {question.counted_to for question in policy.questions.values()}
    counted = {name: ask for name, ask in dates.items() if policy.questions[name].counted_to or name in counted_to}
    durations = _values(policy, lambda figure: figure.counts_days)
    waits = {name: text for name, text in durations.items() if isinstance(policy.values[name], str)}

    for part, key, ids in (
        ("Clause", "topic", policy.topics),
        ("Rule", "outcome", outcomes),
        ("Grant", "costs", policy.costs),
        ("Expectation", "wait", waits),
        ("Expectation", "after", dates),
        ("Question", "counted to", ends),
        ("Summary", "clause", {name: clause.title for name, clause in policy.clauses.items()}),
        ("Example", "outcome", outcomes),
        ("Invariant", "never worse if sooner", counted),
        *(("Share", key, amounts) for key in parts["Share"]["properties"]),
    ):
        parts[part]["properties"][key] |= _one_of(ids)
    parts["Grant"]["properties"]["remedies"]["items"] |= _one_of(policy.remedies)
    _name_answers_of_examples(parts["Example"], policy)
    _name_conditions(whole, policy, outcomes)
    _name_answers_of_values(whole["properties"]["values"]["additionalProperties"], policy, choices)
    return whole


def _name_conditions(whole: _Spec, policy: Policy, outcomes: _Ids) -> None:
    """Restricts the conditions of rules, of grants and of all other parts to the names allowed there."""
    parts, parents = whole["$defs"], whole["properties"]
    comparison = parts["Comparison"]
    days = _values(policy, is_comparable)
    asked = {
        name: _comparison(comparison, question.ask, _titles(question), days if kind_of(question).counts_days else {})
        for name, question in policy.questions.items()
        if kind_of(question).domain(question)
    }
    outcome = {OUTCOME: _comparison(comparison, parents["outcomes"]["description"], outcomes)}
    granted = {
        name: _comparison(comparison, parents[name]["description"], {ANY: "Whichever it is.", **ids})
        for name, ids in ((REMEDIES, policy.remedies), (COSTS, policy.costs))
    }
    for part, keys in (("Rule", asked), ("Grant", asked | outcome)):
        parts[f"{part}Condition"] = parts["Condition"] | _only(keys)
        parts[f"{part}When"] = _referring(parts["When"], "Condition", f"{part}Condition")
        parts[part] = _referring(parts[part], "When", f"{part}When")
    parts["Condition"] |= _only(asked | outcome | granted)


def _comparison(comparison: _Spec, about: str, ids: _Ids, days: _Ids | None = None) -> _Spec:
    """The schema of a name's value in a condition: an answer, several, or a comparison."""
    answers = [_one_of(ids), {"type": "array", "items": _one_of(ids)}] if ids else []
    possible = {"not": {"anyOf": answers}} if answers else {}
    possible |= {key: _one_of(days) for key in ("longer ago than", "within")} if days else {}
    known = comparison["properties"]
    keys = {key: {"description": known[key]["description"], **spec} for key, spec in possible.items()}
    return {"description": about, "anyOf": [*answers, {**comparison, "properties": keys}]}


def _name_answers_of_values(value: _Spec, policy: Policy, choices: _Ids) -> None:
    """Adds the answers of each question to the values that depend on it."""
    text, by_answer = value["anyOf"]
    by_answer["properties"] = {"by": _one_of(choices)}
    by_answer["allOf"] = [
        {
            "if": {"properties": {"by": {"const": name}}, "required": ["by"]},
            "then": {
                "properties": {
                    answer: {**text, "description": title} for answer, title in _titles(policy.questions[name]).items()
                }
            },
        }
        for name in choices
    ]


def _name_answers_of_examples(example: _Spec, policy: Policy) -> None:
    """Adds the questions and their answers to the cases of examples."""
    answers = example["properties"]["answers"]
    text, texts = answers["additionalProperties"]["anyOf"]
    items = {name: item.title for name, item in policy.proof.items()}
    keys = {}
    for name, question in policy.questions.items():
        offered = _one_of({**_titles(question), UNKNOWN: policy.messages.say("pages.unknown")})
        kind = kind_of(question)
        others = (
            [{**texts, "items": _one_of(items)}] if kind.is_proof else [] if kind.options(question) else [text, texts]
        )
        keys[name] = {"description": question.ask, "anyOf": [offered, *others]}
    answers |= _only(keys)


def _one_of(ids: _Ids) -> _Spec:
    """The schema of one of the ids, with their titles as descriptions."""
    return {"type": "string", "enum": [*ids], "enumDescriptions": [*ids.values()]}


def _only(keys: Mapping[str, _Spec]) -> _Spec:
    return {"properties": keys, "additionalProperties": False}


def _referring(spec: _Spec, old: str, new: str) -> _Spec:
    """The schema with its references to one part changed to another."""
    referring: _Spec = json.loads(json.dumps(spec).replace(f'"#/$defs/{old}"', f'"#/$defs/{new}"'))
    return referring


def _asks(policy: Policy, fits: Callable[[Question], bool]) -> _Ids:
    """The questions that fit, with their text."""
    return {name: question.ask for name, question in policy.questions.items() if fits(question)}


def _titles(question: Question) -> _Ids:
    return {name: choice.title for name, choice in question.offered.items()}


def _values(policy: Policy, fits: Callable[[Figure], bool]) -> _Ids:
    """The values whose figures all fit, with their texts."""
    texts = {name: value_by(policy, name)[1] for name in policy.values}
    return {
        name: ", ".join(f"{answer}: {text}".removeprefix(": ") for answer, text in by_answer.items())
        for name, by_answer in texts.items()
        if all((figure := read(text)) and fits(figure) for text in by_answer.values())
    }
