"""Generates policies of any size for the benchmarks, with the structure of real ones or without any."""

from __future__ import annotations

import re
from dataclasses import replace
from random import Random

from checker.policy import Policy
from macros.policyfile.schema import MODEL

OUTCOMES = ("excluded", "limited", "late", "review", "granted")


def grouped(rules: int, *, classes: int = 20, questions: int = 8, general: float = 0.02, seed: int = 1) -> Policy:
    """A policy with classes of problem, each with its own questions, and a few rules across the classes."""
    random = Random(seed)
    own = {f"class_{c}": [f"q_{c}_{q}" for q in range(questions)] for c in range(classes)}
    every = [question for group in own.values() for question in group]
    clauses = {name: _clause(name) for name in [*own, "general"]}
    clauses["general"]["rules"].append({"when": {"problem": {"not": "none"}}, "outcome": OUTCOMES[-1]})
    clauses["general"]["rules"].append({"when": {"problem": "none"}, "outcome": OUTCOMES[0]})
    for number in range(rules - 2):
        if number < rules * general:
            clauses["general"]["rules"].append(_rule(random, random.sample(every, 2), {}))
        else:
            name = random.choice([*own])
            clauses[name]["rules"].append(
                _rule(random, random.sample(own[name], random.randint(2, 4)), {"problem": name})
            )
    return _policy({"problem": [*own, "none"]} | {question: ["yes", "no"] for question in every}, clauses)


def unstructured(rules: int, *, questions: int = 60, width: int = 6, seed: int = 1) -> Policy:
    """A policy of random rules over many questions: no variable order keeps its diagram small."""
    random = Random(seed)
    names = [f"q_{number}" for number in range(questions)]
    clause = _clause("all")
    for _ in range(rules):
        clause["rules"].append(_rule(random, random.sample(names, width), {}))
    return _policy({name: ["yes", "no"] for name in names}, {"all": clause})


def shorter(policy: Policy) -> Policy:
    """The policy with each duration in days a day shorter."""

    def cut(duration: str) -> str:
        return re.sub(r"^(\d+) days$", lambda match: f"{int(match[1]) - 1} days", duration)

    values = {
        name: cut(value) if isinstance(value, str) else {key: cut(duration) for key, duration in value.items()}
        for name, value in policy.values.items()
    }
    return replace(policy, values=values)


def without_a_rule(policy: Policy) -> Policy:
    """The policy without the last rule of its last clause."""
    name, clause = [*policy.clauses.items()][-1]
    return replace(policy, clauses={**policy.clauses, name: replace(clause, rules=clause.rules[:-1])})


def _rule(random: Random, names: list[str], when: dict[str, str]) -> dict[str, object]:
    return {
        "when": when | {name: random.choice(["yes", "no"]) for name in names},
        "outcome": random.choice(OUTCOMES[:-1]),
    }


def _clause(name: str) -> dict[str, list[object]]:
    return {"title": name, "topic": "all", "text": name, "rules": []}  # type: ignore[dict-item]  # a tree of YAML


def _policy(questions: dict[str, list[str]], clauses: dict[str, dict[str, list[object]]]) -> Policy:
    return MODEL.validate_python(
        {
            "title": "Generated",
            "version": "1",
            "valid from": "2026-01-01",
            "language": "en",
            "editors note": "",
            "shop": {"name": "shop", "contact": "", "apply at": ""},
            "calendar": {"working days": ["monday"]},
            "values": {},
            "questions": {
                name: {
                    "ask": name,
                    "answer": "one choice",
                    "choices": {choice: {"title": choice} for choice in choices},
                }
                for name, choices in questions.items()
            },
            "outcomes": {name: {"title": name, "tone": "neutral", "text": name, "next": name} for name in OUTCOMES},
            "remedies": {},
            "costs": {},
            "topics": {"all": "all"},
            "clauses": clauses,
            "summary": {},
            "examples": {},
        }
    )
