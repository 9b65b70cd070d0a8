"""Other rule engines, each with the policy in its own language; they must decide as the checker does."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from bench import translate
from bench.measure import Node, Task, timed_each
from bench.samples import Facts, Sample, columns
from checker.policy import Policy
from macros.export import DecisionTable, decision_table, json_logic

HERE = Path(__file__).parent
MISSING = "The other rule engines are not installed: `make bench` installs them."

DISTRIBUTIONS = ("zen-engine", "rule-engine", "common-expression-language")
"""The engines that are Python packages."""
PACKAGES = ("json-logic-js", "publicodes")
"""The engines that are packages of node."""


class DifferentOutcomeError(Exception):
    """An engine decides a case otherwise, so comparing times is meaningless."""


def installed() -> bool:
    """Whether all engines are installed."""
    modules = all(find_spec(module) for module in ("zen", "rule_engine", "cel"))
    return modules and all((HERE / "node_modules" / package).is_dir() for package in PACKAGES)


def version_in_node(package: str) -> str:
    """The installed version of a package of node."""
    return str(json.loads((HERE / "node_modules" / package / "package.json").read_text(encoding="utf-8"))["version"])


@contextmanager
def peers(policy: Policy, samples: Sequence[Sample], expected: Sequence[str]) -> Iterator[dict[str, Task]]:
    """A task for each engine that measures one decision, after checking that all decide as expected.

    Raises:
        DifferentOutcomeError: An engine decides otherwise.
    """
    table = decision_table(policy)
    facts = [{item.name: sample.facts[item.name] for item in table.inputs} for sample in samples]
    with Node(HERE / "peers.mjs") as node:
        in_node = node.ask(
            {
                "prepare": {
                    "jsonLogic": json_logic(table)["rule"],
                    "publicodes": translate.publicodes(table),
                    "facts": [*map(columns, facts)],
                    "situations": [*map(translate.publicodes_situation, facts)],
                }
            }
        )
        for name, outcomes in in_node.items():
            compare(name, facts, outcomes, expected)
        tasks: dict[str, Task] = {}
        for name, decide in _in_python(table).items():
            compare(name, facts, [*map(decide, facts)], expected)
            tasks[name] = timed_each(decide, facts)
        for name in in_node:
            tasks[name] = node.task({"engine": name})
        yield tasks


def _in_python(table: DecisionTable) -> Mapping[str, Callable[[Facts], object]]:
    import cel
    import rule_engine
    import zen

    content = zen.ZenDecisionContent(json.dumps(translate.zen_table(table)))
    decision = zen.ZenEngine().create_decision(content)
    return {
        "zen-engine, expression": zen.compile_expression(translate.zen_expression(table)).evaluate,
        "zen-engine, decision table": lambda facts: decision.evaluate(facts)["result"]["outcome"],
        "common-expression-language": cel.compile(translate.cel(table)).execute,
        "rule-engine": rule_engine.Rule(translate.rule_engine(table)).evaluate,
    }


def compare(
    engine: str, facts: Sequence[Mapping[str, object]], outcomes: Sequence[object], expected: Sequence[str]
) -> None:
    """Raises DifferentOutcomeError if an engine decides a case otherwise than expected."""
    for case, outcome, ours in zip(facts, outcomes, expected, strict=True):
        if outcome != ours:
            raise DifferentOutcomeError(f"{engine} decides {outcome!r} and the checker {ours!r} for {case}.")
