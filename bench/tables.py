"""The seven tables of the report, with the limits for the checker."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial
from math import log10, prod
from random import Random

from bench import peers
from bench.api_calls import api_calls
from bench.generate import grouped, shorter, unstructured, without_a_rule
from bench.measure import Node, Task, take_turns, timed, timed_each
from bench.report import Table
from bench.samples import Sample, cells, random_days
from bench.throughput import CASE, CHECKER, LIMITS, ROWS, many
from checker.decide import Checker
from checker.engine.compile import CompiledPolicy
from checker.policy import Policy
from checker.verdict import dumps
from macros.analysis.examples import problems
from macros.analysis.load import load
from macros.analysis.proof import Proof, prove
from macros.diff import Version, difference, render
from macros.project import ROOT
from macros.runtime.bundle import bundle_folders, published, write_bundle

POLICY = ROOT / "policy.yaml"
SITE = ROOT / "build" / "bench"
"""The folder of the bundle that node starts."""

SIZES = 100, 300, 1000
ROUNDS = 15
SLOW_ROUNDS = 5
"""Rounds of tasks that take long."""
REQUESTS = 60
MANY, FEW = 20_000, 1_000
"""The cases for what decides many at once, and for what decides one after the other."""

MS, US = 1e3, 1e6


def tables(policy: Policy) -> Iterator[Table]:
    """The tables, one by one as they are measured."""
    yield _proof()
    yield _without_structure()
    yield _decision(policy)
    yield _throughput(policy)
    yield _verdict(policy)
    yield _compiled(policy)
    yield _difference(policy)


def _prove(policy: Policy) -> Proof:
    return prove(CompiledPolicy(policy))


def _proof() -> Table:
    """The proof of generated policies with the structure of real ones: 20 classes of problem with 8 questions each."""
    policies = {str(size): grouped(size) for size in SIZES}
    times = take_turns({size: timed(partial(_prove, policy)) for size, policy in policies.items()}, SLOW_ROUNDS)
    rows = []
    for size, policy in policies.items():
        cases = CompiledPolicy(policy)
        rows.append(
            (
                f"{size} rules",
                f"10^{log10(prod(variable.size for variable in cases.variables)):.0f}",
                f"{len(cases.store):,}",
                f"{times.seconds(size):.2f} s",
                f"{times.ratio(size, str(SIZES[0])):.1f}",
                "2 s" if int(size) == SIZES[-1] else "",
            )
        )
    return Table(
        "Proof of every case",
        ("policy", "cases", "nodes", "median", f"× {SIZES[0]} rules", "to stay under"),
        rows,
        "Generated policies: 20 classes of problem with 8 questions each, and 2 % of the rules for all classes.",
    )


def _without_structure() -> Table:
    """Random rules over 60 questions: the proof must fail with an explanation, and soon."""
    policies = {str(size): unstructured(size) for size in SIZES}
    times = take_turns({size: timed(partial(_errors, policy)) for size, policy in policies.items()}, SLOW_ROUNDS)
    rows = [
        (f"{size} rules", f"{times.seconds(size):.2f} s", f"{times.ratio(size, str(SIZES[0])):.1f}", "2 s")
        for size in policies
    ]
    return Table(
        "Rules without any structure, which are refused",
        ("policy", "median", f"× {SIZES[0]} rules", "to stay under"),
        rows,
        f"Random rules over 60 questions. Of {SIZES[0]} an editor is told:\n\n> {_errors(policies[str(SIZES[0])])}",
    )


def _errors(policy: Policy) -> str:
    """The errors for rules that are too complex to compile."""
    return " ".join(problem.message for problem in problems(policy))


def _decision(policy: Policy) -> Table:
    """One decision, by the checker and by the other engines."""
    cases = CompiledPolicy(policy)
    every_cell = [*cells(cases, policy.valid_from)]
    samples = [*every_cell, *random_days(cases, policy.valid_from, len(every_cell))]
    typed = [sample.typed() for sample in samples]
    expected = [str(cases.decide(case)) for case in typed]
    ours = "checker"
    with peers.peers(policy, samples, expected) as others:
        tasks: dict[str, Task] = {
            ours: timed_each(cases.decide, typed),
        }
        times = take_turns(tasks | others, ROUNDS)
    return Table(
        "One decision",
        ("engine", "median", "× the checker", "to be above"),
        [
            (
                name,
                f"{times.seconds(name) * US:.2f} µs",
                f"{times.ratio(name, ours):.2f}",
                "1" if name in others else "",
            )
            for name in times.rounds
        ],
        f"{len(samples)} cases: each of the {len(every_cell)} cells, and as many with random days. The others have "
        f"their rules translated from {POLICY.name}\nand gave the same outcomes before they were timed. All are given "
        "the same: choices, and days that are counted.",
    )


def _throughput(policy: Policy) -> Table:
    """Many cases, by every way that there is to decide them, in one thread."""
    compiled = CompiledPolicy(policy)
    samples = [*random_days(compiled, policy.valid_from, MANY)]
    typed = [sample.typed() for sample in samples]
    expected = [str(compiled.decide(case)) for case in typed]
    with many(policy, samples, expected) as ours, peers.peers(policy, samples[:FEW], expected[:FEW]) as others:
        tasks = {**ours, CHECKER: timed_each(compiled.decide, typed), **others}
        times = take_turns({name: task for name, task in tasks.items() if name in LIMITS}, SLOW_ROUNDS)
    return Table(
        "Many cases at once",
        ("way", "cases a second", f"× {CASE}", "what limits it"),
        [
            (name, f"{1 / times.seconds(name):,.0f}", f"{1 / times.ratio(name, CASE):.3f}", LIMITS[name])
            for name in sorted(times.rounds, key=times.seconds)
        ],
        f"{MANY:,} random cases, repeated up to {ROWS:,} where many are decided at once, and {FEW:,} for the other\n"
        "engines. All gave the checker's outcomes before they were timed.",
    )


def _verdict(policy: Policy) -> Table:
    """One verdict, JSON in and out, in CPython and in Pyodide."""
    checker = Checker(policy)
    requests_by_kind = _requests(policy, checker.compiled)
    local_calls = api_calls(checker)
    write_bundle(published(policy), policy.digest, SITE)
    script = peers.HERE / "pyodide.mjs"
    code = (peers.HERE / "api_calls.py").read_text(encoding="utf-8")
    tasks: dict[str, Task] = {}
    with Node(script, str(SITE), *bundle_folders(policy.digest), code) as node:
        for kind, requests in requests_by_kind.items():
            for call, answer in local_calls.items():
                message = {"call": call, "requests": requests}
                if node.ask(message) != [*map(answer, requests)]:
                    raise peers.DifferentOutcomeError("Pyodide answers otherwise than CPython.")
                tasks[f"CPython, {call}, {kind}"] = timed_each(answer, requests)
                tasks[f"Pyodide, {call}, {kind}"] = node.task(message)
        times = take_turns(tasks, ROUNDS)
    base = next(iter(tasks))
    limits = {"CPython, verdict": "0.20 ms", "Pyodide": "1.00 ms"}
    return Table(
        "One verdict, JSON in and out",
        ("where, what, how much is answered", "median", "× first line", "to stay under"),
        [
            (
                name,
                f"{times.seconds(name) * MS:.3f} ms",
                f"{times.ratio(name, base):.1f}",
                next((limit for start, limit in limits.items() if name.startswith(start)), ""),
            )
            for name in sorted(tasks)
        ],
        "A page answer is the verdict with its explanation in words. Pyodide gave the same bytes before it was timed.",
    )


def _requests(policy: Policy, cases: CompiledPolicy) -> dict[str, list[str]]:
    """Requests as the page sends them: with all questions answered, and with a part of them."""
    samples = Random(1).sample([*random_days(cases, policy.valid_from, 10 * REQUESTS)], REQUESTS)
    complete = [_complete(policy, sample) for sample in samples]
    incomplete = [dict([*answers.items()][: number % len(answers)]) for number, answers in enumerate(complete)]
    return {
        kind: [_request(policy, answers) for answers in all_answers]
        for kind, all_answers in {"all": complete, "a part": incomplete}.items()
    }


def _complete(policy: Policy, sample: Sample) -> dict[str, object]:
    proof = [*policy.proof]
    raw: dict[str, object] = {**sample.raw()}
    for name, question in policy.questions.items():
        if question.answer == "proof":
            raw[name] = proof[::2]
        elif question.answer == "amount":
            raw[name] = "12.34"
    return {name: raw[name] for name in policy.questions if name in raw}


def _request(policy: Policy, answers: dict[str, object]) -> str:
    return dumps({"answers": answers, "today": policy.valid_from.isoformat(), "digest": policy.digest})


def _compiled(policy: Policy) -> Table:
    """Compiling the policy, and loading its file."""
    cases = CompiledPolicy(policy)
    checker = Checker(policy)
    nodes = {
        "the rules": len(cases.store),
        "the rules and all that is shown": len(checker.compiled.store),
        "the file": 0,
    }
    tasks = {
        "the rules": timed(partial(CompiledPolicy, policy)),
        "the rules and all that is shown": timed(partial(Checker, policy)),
        "the file": timed(partial(load, POLICY)),
    }
    times = take_turns(tasks, ROUNDS)
    return Table(
        "Making the policy ready",
        ("what", "nodes", "median", "× the rules"),
        [
            (
                name,
                f"{nodes[name] or ''}",
                f"{times.seconds(name) * MS:.2f} ms",
                f"{times.ratio(name, 'the rules'):.1f}",
            )
            for name in tasks
        ],
        "A checker does the second once. Only the build does the third: it reads, checks and proves policy.yaml.",
    )


def _difference(policy: Policy) -> Table:
    """The report on a change, proved over all cases: for this policy, and for policies of 300 rules."""
    large = grouped(300, classes=5, questions=6)
    pairs = {
        f"{POLICY.name} and a shorter time": (policy, shorter(policy)),
        "300 rules and 299 of them": (large, without_a_rule(large)),
        "300 rules and 300 others": (large, grouped(300, classes=5, questions=6, seed=2)),
    }
    versions = {
        name: (Version(name=name, written=old, policy=old), Version(name=name, written=new, policy=new))
        for name, (old, new) in pairs.items()
    }
    differences = {name: difference(*pair, policy.valid_from) for name, pair in versions.items()}
    tasks = {name: timed(partial(_report, *pair, policy.valid_from)) for name, pair in versions.items()}
    times = take_turns(tasks, SLOW_ROUNDS)
    base = next(iter(tasks))
    return Table(
        "The report of a change",
        ("versions", "questions", "cases", "changes", "median", "× first line", "to stay under"),
        [
            (
                name,
                f"{len(pairs[name][0].questions)}",
                f"10^{log10(decided.cases):.0f}",
                f"{len(decided.changes)}",
                f"{times.seconds(name):.2f} s",
                f"{times.ratio(name, base):.1f}",
                "2 s" if name == base else "",
            )
            for name in tasks
            if (decided := differences[name].decisions)
        ],
        "Reading the files comes on top of it. A change is one thing that is shown and becomes another.",
    )


def _report(old: Version, new: Version, today: date) -> str:
    return render(difference(old, new, today), "terminal")
