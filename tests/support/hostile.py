"""Inputs that nobody should send: texts that were a policy once, policies torn apart, messages of any shape."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode

import yaml
import yamlcore
from hypothesis import strategies as st

from checker.policy import Policy
from tests.support.brute_force import OUTCOMES, made_up, trees
from tests.support.paths import POLICIES

SOURCES = {file.stem: file.read_bytes() for file in sorted(POLICIES.glob("*.yaml"))}
TREES: dict[str, Any] = {name: yaml.load(source, yamlcore.CoreLoader) for name, source in SOURCES.items()}
ODD: list[Any] = [
    None, True, 0, -1, 1e308, float("nan"), float("inf"), [], {}, [[]], [{}], ["a", "a"], {"": ""},
    {"not": []}, {"not": "x"}, {"within": "x"}, {"longer ago than": "x"},
    "", " ", "\0", "\ud800", "\u202e", "é", "١٢", "NO", "~", "12:30", "1e9", "-1", "1,234", "12.345", "x" * 1000,
    "2026-02-30", "2026-11-20", "0001-01-01", "9999-12-31", "20 days", "0 days", "99999999999 days", "1–0 days",
    "unknown", "today", "outcome", "remedies", "costs", "by", "none", "any", "__class__",
    "9" * 5000, "１５ days", "15\u00a0days", "“a”", "• a", "a\u00adb", "сор", 10**4299,
    "{", "{}", "{{ 7*7 }}", "{window}", "{a.b.c}", "<b>", "a|b", "[x](javascript:1)", "[x](clause:y)", "clause:",
]  # fmt: skip

# ---- texts

_PIECES = st.binary(max_size=4) | st.text(max_size=4).map(lambda text: text.encode("utf-8", "surrogatepass"))
_SIGNS = st.lists(
    st.sampled_from(
        [
            *"\n\n  {}[],:#&*!|>'\"%@`-?.\\\t~0aé\u2028\x00",
            ": ",
            "- ",
            "\n  ",
            "---\n",
            "...",
            "<<: ",
            "!!x ",
            "? ",
            "|2\n",
            "\u00a0",
            "\u00ad",
            "“",
            "• ",
            "\r",
            "\n=======\n",
            "<<<<<<< a\n",
        ]
    ),
    max_size=20,
).map(lambda signs: "".join(signs).encode())


@st.composite
def texts(draw: st.DrawFn) -> bytes:
    """Bytes: any at all, signs of YAML in any order, or a policy that something was done to."""
    kind = draw(st.integers(0, 9))
    if kind == 0:
        return draw(st.binary(max_size=200))
    if kind == 1:
        return draw(_SIGNS)
    text = draw(st.sampled_from([*SOURCES.values()]))
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(text)))
        end = min(len(text), at + draw(st.integers(0, 60)))
        new = draw(_PIECES | _SIGNS | st.just(text[at:end]))
        times = draw(st.sampled_from([1] * 20 + [2, 10, 1000, 20_000]))
        text = text[:at] + new * times + text[end if draw(st.booleans()) else at :]
    return text


# ---- policies


def parts(tree: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The way to each part of a tree, its root left out."""
    for step, inner in tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ():
        yield (*path, step)
        yield from parts(inner, (*path, step))


def at(tree: Any, path: tuple[str | int, ...]) -> Any:
    """The part of a tree at the end of the way."""
    for step in path:
        tree = tree[step]
    return tree


@st.composite
def mutants(draw: st.DrawFn) -> dict[str, Any]:
    """A policy with a few parts taken out, put elsewhere, called otherwise, or replaced by something odd."""
    tree: dict[str, Any] = copy.deepcopy(draw(st.sampled_from([*TREES.values()])))
    for _ in range(draw(st.integers(1, 4))):
        ways = [*parts(tree)]
        if not ways:
            break
        *way, last = draw(st.sampled_from(ways))
        around = at(tree, tuple(way))
        other = copy.deepcopy(at(tree, draw(st.sampled_from(ways))))
        match draw(st.sampled_from(["take out", "put", "put", "odd", "odd", "rename", "again", "wrap"])):
            case "take out":
                del around[last]
            case "put":
                around[last] = other
            case "odd":
                around[last] = draw(st.sampled_from(ODD))
            case "wrap":
                around[last] = draw(st.sampled_from([[around[last]], {"not": around[last]}, {"x": around[last]}]))
            case "rename" if isinstance(around, dict):
                name = draw(st.sampled_from([str(step) for way in ways for step in way]) | st.text(max_size=3))
                renamed = {name if key == last else key: value for key, value in around.items()}
                around.clear()
                around |= renamed
            case _ if isinstance(around, dict):
                around |= {f"{last}{number}": copy.deepcopy(around[last]) for number in range(draw(st.integers(1, 40)))}
            case _:
                around.extend(copy.deepcopy(around[last]) for _ in range(draw(st.integers(1, 40))))
    return tree


def unlike(seed: int, size: int) -> dict[str, Any]:
    """A policy of so many rules that have nothing in common: no order of the questions keeps its diagram small."""
    dice = random.Random(seed)
    questions = {
        f"q{number}": [f"a{choice}" for choice in range(dice.randint(2, 8))] for number in range(size // 3 + 1)
    }
    days = {f"d{number}": f"{dice.randint(1, 900)} days" for number in range(dice.randint(1, 30))}

    def when() -> dict[str, Any]:
        asked = dice.sample([*questions], min(len(questions), dice.randint(0, 4)))
        tests: dict[str, Any] = {name: dice.sample(questions[name], dice.randint(1, 2)) for name in asked}
        tests = {name: {"not": some} if dice.random() < 0.2 else some for name, some in tests.items()}
        if dice.random() < 0.3:
            tests["received"] = {dice.choice(["within", "longer ago than"]): dice.choice([*days])}
        return tests

    part = {"title": "t", "topic": "all", "text": "t."}
    kind = dice.choice([("rules",), ("rules", "grants"), ("rules", "grants", "steps")])
    clauses: dict[str, Any] = {"rest": {**part, "rules": [{"when": {}, "outcome": "o2"}]}}
    for number in range(size):
        clause: dict[str, Any] = {**part}
        if "rules" in kind:
            clause["rules"] = [{"when": when(), "outcome": dice.choice(OUTCOMES)}]
        if "grants" in kind:
            clause["grants"] = [{"when": when(), "remedies": ["money"], "costs": dice.choice(["shop", "customer"])}]
        if "steps" in kind:
            clause["steps"] = {f"step{number}": {"title": "t", "text": "t", "when": when()}}
        clauses[f"clause_{number}"] = clause
    return made_up(
        values=days,
        questions={
            **{
                name: {"ask": name, "answer": "one choice", "choices": {choice: {"title": choice} for choice in own}}
                for name, own in questions.items()
            },
            "received": {"ask": "r", "answer": "date", "counted to": "applied"},
            "applied": {"ask": "a", "answer": "date", "unless given": "today"},
        },
        outcomes=dict.fromkeys(OUTCOMES, "good"),
        clauses=clauses,
        invariants={"early": {"text": "t", "never worse if sooner": "applied"}},
    )


def written(tree: Any) -> str:
    """The tree as YAML: what is no text in it stands without quotes."""
    return yaml.dump(tree, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=1000)


class _Plain(yaml.SafeDumper):
    """Writes what appears twice twice, as an editor would."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def sources() -> st.SearchStrategy[str]:
    """Policies that are right or nearly so, as a file holds them."""
    generated = st.booleans().flatmap(lambda gapless: trees(gapless=gapless))
    unlikely = st.builds(unlike, st.integers(0, 2**32), st.sampled_from([3, 10, 30, 100, 300]))
    return st.one_of([mutants()] * 12 + [generated] * 7 + [unlikely]).map(written)


# ---- what pages send

JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.sampled_from(ODD),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def answer_sets(policy: Policy) -> st.SearchStrategy[Any]:
    """Answers by question: those of a worked example, some of them replaced; and anything else."""
    names = [*policy.questions]
    offered = sorted({*policy.proof} | {choice for entry in policy.questions.values() for choice in entry.offered})
    text = st.sampled_from([*offered, "unknown", "2026-11-20", "2026-11-21", "80", "60.50", "1 Nov 2026", "11/12/26"])
    one = text | st.lists(text, max_size=3) | st.text(max_size=12) | JSON
    example = st.sampled_from([dict(worked.answers) for worked in policy.examples.values()] or [{}])
    some = st.dictionaries(st.sampled_from(names), one, max_size=len(names))
    return st.builds(lambda first, more: first | more, example | st.just({}), some) | some | JSON


def fragments(policy: Policy) -> st.SearchStrategy[str]:
    """URL fragments: pairs, intact or with characters put in between."""
    names = st.sampled_from([*policy.questions, "policy-version", "__proto__", ""]) | st.text(max_size=5)
    values = st.sampled_from(
        [
            *(choice for entry in policy.questions.values() for choice in entry.offered),
            "unknown",
            "2026-11-20",
            "20",
            "%ff",
        ]
    )
    pairs = st.lists(st.tuples(names, values | st.text(max_size=10)), max_size=12)
    good = pairs.map(lambda some: urlencode(some, errors="surrogatepass"))
    many = st.builds(lambda text, times: text * times, good | st.just("a=1&"), st.sampled_from([1, 1, 1, 3000]))
    noise = st.text(alphabet="&=%+;#?/\0é\ud8002aF", max_size=15)
    raw = st.text(max_size=30).map(lambda text: quote(text, safe="&=", errors="surrogatepass"))
    return many | raw | noise | st.builds(lambda a, b, cut: a[:cut] + b + a[cut:], good, noise, st.integers(0, 80))
