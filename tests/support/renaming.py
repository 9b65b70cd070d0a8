"""Renames every id of a policy, so that tests can see that the code knows none of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import yaml
import yamlcore

from checker.answers.parse import UNKNOWN
from macros.policyfile.places import PLACES

RENAMED = re.compile(r"zq_(\w+?)_qz")
LANGUAGE = {"any", "by", "costs", "examples", "longer ago than", "not", "outcome", "remedies", "within", UNKNOWN}
"""Words that stand where an id may stand, and belong to the language."""

PARTS = (
    "values",
    "questions",
    "outcomes",
    "remedies",
    "costs",
    "topics",
    "clauses",
    "summary",
    "examples",
    "invariants",
)
"""The parts of a policy that have ids."""


def new(name: str) -> str:
    return name if name in LANGUAGE else f"zq_{name}_qz"


def old(text: str) -> str:
    """The text with every id under its first name again."""
    return RENAMED.sub(r"\1", text)


def renamed(source: str, new: Callable[[str], str] = new) -> str:
    """The same policy under new ids.

    Args:
        source: The policy as YAML.
        new: Gives the new name of an id, and never the same one for two.
    """
    return _Renaming(lambda name: name if name in LANGUAGE else new(name)).policy(source)


def rewritten(source: str) -> str:
    """The same policy under its own ids, in the layout of a renamed one."""
    return _written(yaml.load(source, Loader=yamlcore.CoreLoader))


def _written(data: dict[str, Any]) -> str:
    return yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=10**6)


class _Renaming:
    """A policy under the names that a function gives."""

    def __init__(self, new: Callable[[str], str]) -> None:
        self.new = new

    def policy(self, source: str) -> str:
        """The policy as YAML."""
        data = self._texts(yaml.load(source, Loader=yamlcore.CoreLoader))
        data["values"] = {
            name: {self.new(key): self.new(setting) if key == "by" else setting for key, setting in value.items()}
            if isinstance(value, dict)
            else value
            for name, value in data["values"].items()
        }
        choices = {
            name: {choice for key in ("choices", "or") for choice in question.get(key, ())}
            for name, question in data["questions"].items()
        }
        for question in data["questions"].values():
            for key in ("choices", "or"):
                if key in question:
                    question[key] = self._keys(question[key])
            if "counted to" in question:
                question["counted to"] = self.new(question["counted to"])
        answered = {name: question["answer"] for name, question in data["questions"].items()}
        for clause in data["clauses"].values():
            self._clause(clause)
        for invariant in data.get("invariants", {}).values():
            for key in ("when", "always"):
                if key in invariant:
                    invariant[key] = self._when(invariant[key])
            if "never worse if sooner" in invariant:
                invariant["never worse if sooner"] = self.new(invariant["never worse if sooner"])
        for card in data.get("summary", {}).values():
            card["clause"] = self.new(card["clause"])
        for example in data.get("examples", {}).values():
            example["outcome"] = self.new(example["outcome"])
            example["answers"] = {
                self.new(name): [*map(self.new, answer)]
                if answered[name] == "proof"
                else (self.new(answer) if answer in choices[name] else answer)
                for name, answer in example["answers"].items()
            }
        for part in PARTS:
            data[part] = self._keys(data.get(part, {}))
        return _written(data)

    def _clause(self, clause: dict[str, Any]) -> None:
        clause["topic"] = self.new(clause["topic"])
        for rule in clause.get("rules", ()):
            rule["outcome"] = self.new(rule["outcome"])
        for grant in clause.get("grants", ()):
            if "remedies" in grant:
                grant["remedies"] = [*map(self.new, grant["remedies"])]
            if "costs" in grant:
                grant["costs"] = self.new(grant["costs"])
        for note in (*clause.get("reminders", {}).values(), *clause.get("interpretations", {}).values()):
            if note.get("at", "outcome") not in PLACES:
                note["at"] = self.new(note["at"])
        for step in clause.get("steps", {}).values():
            if "expect" in step:
                step["expect"] = {
                    self.new(name): {key: self.new(value) for key, value in wait.items()}
                    for name, wait in step["expect"].items()
                }
        for estimate in clause.get("estimates", {}).values():
            estimate["share"] = {key: self.new(value) for key, value in estimate["share"].items()}
        for key in ("proof", "steps", "reminders", "interpretations", "estimates"):
            if key in clause:
                clause[key] = self._keys(clause[key])
        parts = [*clause.get("rules", ()), *clause.get("grants", ())]
        parts += [
            part
            for key in ("proof", "steps", "reminders", "interpretations", "estimates")
            for part in clause.get(key, {}).values()
        ]
        for part in parts:
            if "when" in part:
                part["when"] = self._when(part["when"])

    def _when(self, when: Any) -> Any:
        """A condition: ids stand in every place but the words of the language."""
        if isinstance(when, dict):
            return {self.new(key): self._when(value) for key, value in when.items()}
        return [self._when(part) for part in when] if isinstance(when, list) else self.new(when)

    def _keys(self, mapping: dict[str, Any]) -> dict[str, Any]:
        return {self.new(key): value for key, value in mapping.items()}

    def _texts(self, part: Any) -> Any:
        """Every text with the ids in its placeholders and links to clauses renamed."""
        if isinstance(part, dict):
            return {key: self._texts(value) for key, value in part.items()}
        if isinstance(part, list):
            return [self._texts(value) for value in part]
        if not isinstance(part, str):
            return part
        rename: Callable[[re.Match[str]], str] = lambda match: "{" + ".".join(map(self.new, match[1].split("."))) + "}"  # noqa: E731
        return re.sub(
            r"\(clause:(\w+)\)", lambda match: f"(clause:{self.new(match[1])})", re.sub(r"\{([\w.]+)\}", rename, part)
        )
