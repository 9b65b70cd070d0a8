"""A reader of the site, who knows the pages and nothing else, and says what the checker must answer.

It imports nothing of the product. Ids it takes from attributes; every figure and every word that decides, from the text
that customers see, by the few sentences of `GRAMMAR`. It objects to pages that it cannot read or that contradict
each other.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import Any

from bs4 import BeautifulSoup, Tag

UNKNOWN = "unknown"

ID = r"⟦([\w.]+)⟧"
"""What names something, in a text that is read: `⟦id⟧` stands for the words."""
IDS = rf"{ID}(?:, {ID})*(?: or {ID})?"
LENGTH = r"\d+ days?"
LENGTHS = rf"(?:{LENGTH}|{LENGTH} for {ID}(?:, {LENGTH} for {ID})*(?: or {LENGTH} for {ID})?)"
GRAMMAR = {
    "only": rf"Only for: (?P<answers>{IDS})\.",
    "except": rf"Except: (?P<answers>{IDS})\.",
    "only answer": rf"Only with the answer (?P<answers>{IDS}) to “{ID}”\.",
    "except answer": rf"Except with the answer (?P<answers>{IDS}) to “{ID}”\.",
    "within": rf"Only when the answer to “(?P<question>{ID})” is a day no longer ago than (?P<length>{LENGTHS})\.",
    "longer": rf"Only when the answer to “(?P<question>{ID})” is a day longer ago than (?P<length>{LENGTHS})\.",
}
SPANS: dict[str, Callable[..., tuple[int, int | None]]] = {
    r"the same day": lambda: (0, 0),
    r"any day": lambda: (0, None),
    r"(\d+) days? ago": lambda day: (day, day),
    r"(\d+)–(\d+) days ago": lambda least, most: (least, most),
    r"up to (\d+) days? ago": lambda most: (0, most),
    r"more than (\d+) days? ago": lambda most: (most + 1, None),
}

type Case = Mapping[str, str | int]
"""For each closed question a choice, or the days that a date lies back."""


class PagesError(AssertionError):
    """The pages cannot be read, or say two different things."""


@dataclass(frozen=True)
class Test:
    """One sentence of a condition."""

    question: str
    holds: Callable[[str | int, Case], bool]
    figures: frozenset[tuple[str | None, int]] = frozenset()
    """The lengths of time in it, each with the answer that it is for."""


@dataclass(frozen=True)
class Way:
    """One way in which a condition holds: under one of the outcomes, if any are named, and with all tests passed."""

    outcomes: frozenset[str]
    tests: tuple[Test, ...]

    def holds(self, case: Case, outcome: str | None) -> bool:
        if self.outcomes and outcome not in self.outcomes:
            return False
        return all(test.holds(case[test.question], case) for test in self.tests)


type When = tuple[Way, ...]
ALWAYS: When = (Way(frozenset(), ()),)


@dataclass(frozen=True)
class Row:
    cells: Mapping[str, Callable[[str | int], bool]]
    outcome: str
    clauses: tuple[str, ...]


@dataclass(frozen=True)
class Wait:
    name: str
    least: int
    most: int
    working: bool
    after: str


@dataclass
class Facts:
    """What the pages say of one case in which nothing is open."""

    outcome: str
    clauses: dict[str, list[str]]
    """By outcome the clauses that ask for it in this case."""
    held: set[tuple[str, str]] = field(default_factory=set)
    """All else that holds, by kind and id."""
    payer: str | None = None


class Reader:
    """The pages of one site."""

    def __init__(self, page: Callable[[str], str]) -> None:
        """Takes what gives the HTML of a page by its name."""
        self.pages = {name: _article(page(name)) for name in ("check", "cases", "policy", "prepare")}
        self.named: dict[str, str] = {}
        """Answers and outcomes by id, as customers read them."""
        self._memo: dict[tuple[str | int, ...], Facts] = {}
        self._timelines: dict[tuple[str | int, ...], Sequence[str]] = {}

    # ---- what the pages hold

    @cached_property
    def asked(self) -> dict[str, list[str]]:
        """The closed questions in their order, each with its choices."""
        form = {
            str(fieldset["data-question"]): [str(each["value"]) for each in fieldset.select("input[type=radio]")]
            for fieldset in self.pages["check"].select("form fieldset[data-question]")
            if fieldset["data-answer"] in ("one choice", "date")
        }
        ends = {*self.counted.values()}
        return {name: [c for c in choices if c != UNKNOWN] for name, choices in form.items() if name not in ends}

    @cached_property
    def counted(self) -> dict[str, str]:
        """The questions for a date, each with the one whose date the days are counted to."""
        lines = [self._read(line) for line in self.pages["cases"].select(".counted")]
        pattern = rf"The days of “{ID}” are counted back from the day of “{ID}”\."
        return dict(_matched(pattern, line).groups() for line in lines)

    @cached_property
    def outcomes(self) -> list[str]:
        """All outcomes, the strongest first."""
        page = self.pages["cases"]
        [heading] = [h2 for h2 in page.find_all("h2") if h2.find_next_sibling("h3")]
        sentence = "Where several rules fit a case, the one whose outcome stands first here wins."
        _matched(re.escape(sentence), _text(heading.find_next_sibling("p")))
        found = [str(h3["id"]).removeprefix("outcome-") for h3 in page.select("h3[id^=outcome-]")]
        for id_, h3 in zip(found, page.select("h3[id^=outcome-]"), strict=True):
            self._name(id_, _text(h3).removesuffix("#").strip())
        return found

    @cached_property
    def rows(self) -> list[Row]:
        """The lines of the decision table."""
        [table] = self.pages["cases"].select("table.decisions")
        questions = [str(th["data-id"]) for th in table.select("th[data-id]")]
        rows = []
        for tr in table.select("tbody tr"):
            *cells, outcome, because = tr.find_all("td")
            [badge] = outcome.select(".outcome")
            rows.append(
                Row(
                    {name: self._cell(name, td) for name, td in zip(questions, cells, strict=True)},
                    self._outcome(badge),
                    tuple(str(a["href"]).partition("#")[2] for a in because.find_all("a")),
                )
            )
        return rows

    @cached_property
    def effects(self) -> dict[str, list[tuple[str, Tag, When | None]]]:
        """What the policy page says that follows, by kind: each with its clause and its condition."""
        found: dict[str, list[tuple[str, Tag, When | None]]] = {}
        for heading in self.pages["policy"].select("h3[id]"):
            body = heading.find_next_sibling("div")
            assert isinstance(body, Tag)
            for each in body.select("details.applied > ul[data-kind] > li"):
                if each.p:
                    kind = str(each.parent["data-kind"])  # type: ignore[index]
                    found.setdefault(kind, []).append((str(heading["id"]), each.p, self._when(each)))
            self._windows(body)
        return found

    @cached_property
    def rules(self) -> list[tuple[str, str, When]]:
        """Every rule: its clause, its outcome, its condition."""
        return [(clause, str(p.span["data-id"]), when or ()) for clause, p, when in self.effects["rules"]]  # type: ignore[index]

    @cached_property
    def grants(self) -> list[tuple[list[str], str | None, When]]:
        """Every grant: the remedies, who bears the costs, and the condition."""
        found = []
        for _, p, when in self.effects.get("grants", []):
            ids = re.findall(ID, _matched(rf"(?:{IDS})?(?:\. )?(?:{ID})?", self._read(p))[0])
            parts = {kind: [id_ for id_ in ids if id_.startswith(kind)] for kind in ("remedies.", "costs.")}
            remedies, [payer] = [id_.removeprefix("remedies.") for id_ in parts["remedies."]], parts["costs."] or [None]
            found.append((remedies, payer and payer.removeprefix("costs."), when or ()))
        return found

    @cached_property
    def shares(self) -> dict[str, tuple[str, str, str]]:
        """What each estimate is worked out from: of what, which part, of which whole."""
        pattern = rf"{ID}\. It is worked out from “{ID}”, times “{ID}”, divided by “{ID}”"
        read = [_matched(pattern, self._read(p)).groups() for _, p, _ in self.effects.get("estimates", [])]
        return {name: (of, that, whole) for name, of, that, whole in read}

    @cached_property
    def conditions(self) -> dict[tuple[str, str], When]:
        """The condition of all that comes with an outcome, by kind and id: as the policy page says it."""
        return {
            (kind, str(p.select("[data-id]")[0]["data-id"])): when
            for kind in ("proof", "steps", "reminders", "estimates", "readings")
            for _, p, when in self.effects.get(kind, [])
            if when is not None
        }

    @cached_property
    def prepared(self) -> dict[tuple[str, str], When]:
        """The same for what the page of preparations names too, in its order."""
        page = self.pages["prepare"]
        found = {
            (kind, str(li["data-id"])): self._when(li) or ALWAYS
            for kind in ("proof", "reminders")
            for li in page.select(f"ul.{kind} > li")
        }
        for process in page.select(".process"):
            outcome = frozenset([self._outcome(process.select(".outcome")[0])])
            for li in process.select("ol > li"):
                ways = tuple(Way(outcome, way.tests) for way in self._when(li) or ALWAYS)
                key = "steps", str(li["data-id"])
                found[key] = found.get(key, ()) + ways
        return found

    @cached_property
    def waits(self) -> dict[str, tuple[Wait, ...]]:
        """The dates that each step is expected on."""
        return {
            str(li["data-id"]): tuple(self._wait(p) for p in li.select(".process__wait"))
            for li in self.pages["prepare"].select(".process ol > li")
        }

    @cached_property
    def working(self) -> Callable[[date], bool | None]:
        """Whether a day is a working day; None where the page does not know."""
        stated = {self._working_days(each) for each in self.pages["policy"].select(".working-days")}
        if len(stated) > 1:
            raise PagesError("working days are not the same everywhere")
        for weekdays, exceptions, last in stated:
            return lambda day: None if last and day > last else (f"{day:%A}".lower() in weekdays) != (day in exceptions)
        return lambda day: None

    @cached_property
    def figures(self) -> list[int]:
        """Every number of days that a condition or the table names."""
        whens = [
            *(when for _, _, when in self.rules),
            *(when for _, _, when in self.grants),
            *self.conditions.values(),
            *self.prepared.values(),
        ]
        named = {days for when in whens for way in when for test in way.tests for _, days in test.figures}
        return sorted(named | self._in_table)

    @cached_property
    def _in_table(self) -> set[int]:
        cells = [td for td in self.pages["cases"].select("td") if not td.select(".outcome")]
        return {int(number) for td in cells for number in re.findall(r"\d+(?=(?:–\d+)? days? ago)", self._read(td))}

    @cached_property
    def version(self) -> dict[str, str]:
        """Which version the pages are of."""
        [line] = self.pages["policy"].select(".version p")
        found = _matched(r"Version (?P<version>.+), valid from (?P<day>\d+ \w+ \d+)", _text(line))
        return {"version": found["version"], "valid_from": _date(found["day"]).isoformat()}

    # ---- what they say of a case

    def facts(self, case: Case) -> Facts:
        """All that the pages say of a case; PagesError where they contradict each other."""
        key = tuple(case.values())
        if key not in self._memo:
            self._memo[key] = self._facts(case)
        return self._memo[key]

    def _facts(self, case: Case) -> Facts:
        rows = [row for row in self.rows if all(fits(case[name]) for name, fits in row.cells.items())]
        if len({row.outcome for row in rows}) != 1:
            raise PagesError(f"{case}: the table says {[row.outcome for row in rows]}")
        outcome = rows[0].outcome
        clauses: dict[str, list[str]] = {}
        for clause, asked_for, when in self.rules:
            if any(way.holds(case, None) for way in when):
                clauses.setdefault(asked_for, []).append(clause)
        strongest = next((each for each in self.outcomes if each in clauses), None)
        if outcome != strongest:
            raise PagesError(f"{case}: the table says {outcome}, the clauses say {strongest}")
        for row in rows:
            if not {*row.clauses} & {*clauses[outcome]}:
                raise PagesError(f"{case}: the table names {row.clauses}, the clauses are {clauses[outcome]}")

        def holding(conditions: Mapping[tuple[str, str], When]) -> set[tuple[str, str]]:
            return {key for key, when in conditions.items() if any(way.holds(case, outcome) for way in when)}

        held, prepared = holding(self.conditions), holding(self.prepared)
        if prepared != {(kind, id_) for kind, id_ in held if kind in ("proof", "steps", "reminders")}:
            raise PagesError(f"{case}: two pages differ: {prepared ^ held}")
        granted = [(g, payer) for g, payer, when in self.grants if any(way.holds(case, outcome) for way in when)]
        held |= {("remedies", remedy) for remedies, _ in granted for remedy in remedies}
        return Facts(outcome, clauses, held, next((payer for _, payer in granted if payer), None))

    # ---- what they say to a customer

    def predicted(self, answers: Mapping[str, Any], today: date) -> dict[str, Any]:
        """The verdict on some answers, of which closed ones may be unknown or missing, under the keys of its JSON."""
        completions = [*self._completions(answers, today)]
        facts = [self.facts(case) for case in completions]
        possible = [each for each in self.outcomes if any(fact.outcome == each for fact in facts)]
        certain, maybe = set.intersection(*(fact.held for fact in facts)), set.union(*(fact.held for fact in facts))
        outcome = possible[0] if len(possible) == 1 else None
        payers = {fact.payer for fact in facts}
        costs = payers.pop() if len(payers) == 1 else None
        remedies = sorted(id_ for kind, id_ in certain if kind == "remedies")
        steps = sorted(id_ for kind, id_ in certain if kind == "steps")
        items = [id_ for kind, id_ in self.prepared if kind == "proof"]
        needed = [id_ for id_ in items if ("proof", id_) in certain]
        perhaps = [id_ for id_ in items if ("proof", id_) in maybe and id_ not in needed]
        had = next((answer for answer in answers.values() if isinstance(answer, list)), [])
        return {
            "outcome": outcome,
            "possible": possible,
            "open": [] if outcome else [*self._open(answers, completions)],
            **self._cited(outcome, facts),
            "deadlines": self._deadlines(answers, completions, today),
            "grants": {"remedies": remedies, "costs": costs} if remedies or costs else {},
            "dates": self._dates(steps, answers, today),
            "proof": {
                "needed": needed,
                "held": [id_ for id_ in (*needed, *perhaps) if id_ in had],
                "missing": [id_ for id_ in needed if id_ not in had],
            },
            "perhaps": perhaps,
            "steps": steps,
            "reminders": sorted(id_ for kind, id_ in certain if kind == "reminders"),
            "remarks": sorted(id_ for kind, id_ in certain if kind == "readings"),
            "estimates": dict(self._estimates(sorted(id_ for kind, id_ in certain if kind == "estimates"), answers)),
            "policy": self.version,
        }

    def _completions(self, answers: Mapping[str, Any], today: date) -> Iterator[dict[str, str | int]]:
        """Every case that the answers leave possible."""
        domains: dict[str, Sequence[str | int]] = {}
        for name, choices in self.asked.items():
            answer = answers.get(name, UNKNOWN)
            if answer == UNKNOWN:
                domains[name] = [*choices, *(self.days if name in self.counted else ())]
            elif answer in choices:
                domains[name] = [answer]
            else:
                domains[name] = [(self._day(self.counted[name], answers, today) - date.fromisoformat(answer)).days]
        return (dict(zip(domains, case, strict=True)) for case in itertools.product(*domains.values()))

    @cached_property
    def days(self) -> list[int]:
        """Numbers of days that stand for all: each figure, and the day after it."""
        return sorted({0, *self.figures, *(days + 1 for days in self.figures)})

    def _day(self, question: str, answers: Mapping[str, Any], today: date) -> date:
        return date.fromisoformat(answers[question]) if question in answers else today

    def _open(self, answers: Mapping[str, Any], completions: Sequence[Case]) -> Iterator[str]:
        """The questions without an answer on which the outcome depends."""
        for name in self.asked:
            if answers.get(name, UNKNOWN) != UNKNOWN:
                continue
            ends: dict[tuple[str | int, ...], set[str]] = {}
            for case in completions:
                rest = tuple(answer for each, answer in case.items() if each != name)
                ends.setdefault(rest, set()).add(self.facts(case).outcome)
            if any(len(found) > 1 for found in ends.values()):
                yield name

    def _cited(self, outcome: str | None, facts: Sequence[Facts]) -> dict[str, Any]:
        """The clauses that decide; those that hold too; those that are stronger and do not hold."""
        if outcome is None:
            return {"reasons": [], "also": [], "ruled_out": []}
        asking = [{(each, o) for o, clauses in fact.clauses.items() for each in clauses} for fact in facts]
        always, some = set.intersection(*asking), set.union(*asking)
        reasons = sorted(clause for clause, o in always if o == outcome)
        at = self.outcomes.index(outcome)
        return {
            "reasons": reasons or sorted(clause for clause, o in some if o == outcome),
            "also": sorted((clause, o) for clause, o in always if o in self.outcomes[at + 1 :]),
            "ruled_out": sorted({(clause, o) for clause, o, _ in self.rules if o in self.outcomes[:at]}),
        }

    def _deadlines(self, answers: Mapping[str, Any], completions: Sequence[Case], today: date) -> list[dict[str, Any]]:
        """The last days on which the outcome stays what it is: found by trying every day."""
        found: dict[tuple[str, int | None, str], list[Case]] = {}
        for question, end in self.counted.items():
            if answers.get(question, UNKNOWN) in (UNKNOWN, *self.asked[question]):
                continue
            start, now = date.fromisoformat(answers[question]), self._day(end, answers, today)
            for case in completions:
                if deadline := _deadline(start, (now - start).days, self._each_day(question, case)):
                    found.setdefault(deadline, []).append(case)
        return [
            {"last_day": day, "days_left": left, "then": then, "given": self._given(found, (day, left, then))}
            for day, left, then in sorted(found, key=lambda each: (each[0], self.outcomes.index(each[2])))
        ]

    def _each_day(self, question: str, case: Case) -> Sequence[str]:
        """The outcomes of the case on each day, from day zero to the first that lies past every figure."""
        key = question, *(answer for name, answer in case.items() if name != question)
        if key not in self._timelines:
            days = range(self.days[-1] + 1)
            self._timelines[key] = [self.facts({**case, question: day}).outcome for day in days]
        return self._timelines[key]

    def _given[T](self, found: Mapping[T, Sequence[Case]], one: T) -> dict[str, list[str]]:
        """The choices, by open question, under which it is this one of several."""
        given: dict[str, list[str]] = {}
        for name in self.asked:
            answers = {case[name] for case in found[one]}
            if answers != {case[name] for cases in found.values() for case in cases}:
                given[name] = sorted(answer for answer in answers if isinstance(answer, str))
        return {name: choices for name, choices in given.items() if choices}

    def _dates(self, steps: Iterable[str], answers: Mapping[str, Any], today: date) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for wait in (wait for step in steps for wait in self.waits[step]):
            given = answers.get(wait.after, UNKNOWN)
            if wait.after in self.asked and given in (UNKNOWN, *self.asked[wait.after]):
                continue
            start = self._day(wait.after, answers, today)
            days = [self._after(start, length, wait.working) for length in (wait.least, wait.most)]
            if all(days):
                found[wait.name] = [day.isoformat() for day in days if day]
        return found

    def _after(self, day: date, length: int, working: bool) -> date | None:
        while length:
            day += timedelta(1)
            counts = self.working(day) if working else True
            if counts is None:
                return None
            length -= counts
        return day

    def _estimates(self, names: Iterable[str], answers: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        for name in names:
            given = [answers.get(question) for question in self.shares[name]]
            if all(given):
                of, that, whole = (sum(map(Decimal, each if isinstance(each, list) else [each])) for each in given)
                yield name, str((of * that / whole).quantize(Decimal("0.01"), ROUND_HALF_UP))

    # ---- how a page is read

    def _read(self, tag: Tag) -> str:
        """The text of a part of a page, with what names something as ⟦its id⟧."""
        copy = BeautifulSoup(str(tag), "html.parser")
        for hidden in copy.select(".decisions__label"):
            hidden.decompose()
        for named in copy.select("[data-id]"):
            if named.find_parent(attrs={"data-id": True}) or named.name != "span":
                continue
            self._name(str(named["data-id"]), _text(named))
            named.replace_with(f"⟦{named['data-id']}⟧")
        return _text(copy)

    def _name(self, id_: str, text: str) -> None:
        """An answer has one name on all pages, and no other answer has it."""
        said = text.strip("“”")
        if self.named.setdefault(id_, said) != said:
            raise PagesError(f"{id_} is called {said!r} and {self.named[id_]!r}")
        question = id_.partition(".")[0]
        if [each for each in self.named if each.startswith(f"{question}.") and self.named[each] == said] > [id_]:
            raise PagesError(f"two answers are called {said!r}")

    def _outcome(self, badge: Tag) -> str:
        self._name(str(badge["data-id"]), _text(badge))
        return str(badge["data-id"])

    def _when(self, of: Tag) -> When | None:
        """The condition that stands below something; None where none stands there."""
        lines = of.find_all(class_="cases", recursive=False)
        if not lines:
            return None
        if (several := of.find("ul", class_="cases__any", recursive=False)) is not None:
            _matched(re.escape("One of these is enough:"), _text(lines[0]))
            assert isinstance(several, Tag)
            return tuple(self._way(li) for li in several.find_all("li", recursive=False))
        return ALWAYS if _text(lines[0]) == "In every case." else (self._way(lines[0]),)

    def _way(self, line: Tag) -> Way:
        outcomes = frozenset(self._outcome(badge) for badge in line.select(".outcome"))
        sentences = [self._read(each) for each in line.select(".cases__line")]
        if outcomes:
            _matched(re.escape("Only when the answer is:"), sentences.pop(0))
        return Way(outcomes, tuple(map(self._test, sentences)))

    def _test(self, sentence: str) -> Test:
        read = ((kind, found) for kind, pattern in GRAMMAR.items() if (found := re.fullmatch(pattern, sentence)))
        kind, found = next(read, ("", None))
        if found is None:
            raise PagesError(f"cannot be read: {sentence}")
        if "answers" in found.groupdict():
            ids = [id_.split(".") for id_ in re.findall(ID, found["answers"])]
            [question], choices = {question for question, _ in ids}, {choice for _, choice in ids}
            positive = kind.startswith("only")
            return Test(question, lambda answer, _: (answer in choices) == positive)
        [question] = re.findall(ID, found["question"])
        lengths = {id_ or None: int(days) for days, id_ in re.findall(rf"(\d+) days?(?: for {ID})?", found["length"])}

        def compared(answer: str | int, case: Case) -> bool:
            if isinstance(answer, str):
                return False
            [days] = [
                days for id_, days in lengths.items() if id_ is None or case[id_.split(".")[0]] == id_.split(".")[1]
            ]
            return answer <= days if kind == "within" else answer > days

        return Test(question, compared, frozenset(lengths.items()))

    def _cell(self, question: str, td: Tag) -> Callable[[str | int], bool]:
        text = self._read(td)
        if text == "any answer":
            return lambda answer: True
        choices: set[str] = set()
        spans: list[tuple[int, int | None]] = []
        for part in re.split(r", | or ", text):
            if found := re.fullmatch(ID, part):
                named, _, choice = found[1].partition(".")
                assert named == question
                choices.add(choice)
            else:
                spans.append(_span(part))
        return lambda answer: (
            answer in choices
            if isinstance(answer, str)
            else any(least <= answer and (most is None or answer <= most) for least, most in spans)
        )

    def _windows(self, clause: Tag) -> None:
        """The lengths that are drawn for a clause are those of its rules."""
        drawn = set()
        for figure in clause.select("figure.windows"):
            caption = figure.find("figcaption")
            assert isinstance(caption, Tag)
            [question] = re.findall(ID, self._read(caption))
            for p in figure.find_all("p"):
                found = _matched(rf"(\d+) days?(?: for (?:{ID}(?:, )?(?: and )?)+)?", self._read(p))
                drawn |= {(question, id_, int(found[1])) for id_ in re.findall(ID, found[0]) or [None]}
        rules = [self._when(li) or () for li in clause.select("ul[data-kind=rules] > li")]
        tests = [test for when in rules for way in when for test in way.tests]
        said = {(test.question, id_, days) for test in tests for id_, days in test.figures}
        if drawn != said:
            raise PagesError(f"drawn is {drawn}, said is {said}")

    def _wait(self, p: Tag) -> Wait:
        length, counted = (self._read(span) for span in p.find_all("span", recursive=False))
        found = _matched(r"Within (\d+)(?:–(\d+))?( working)? days?", length)
        after = _matched(rf"Counted from the day of “{ID}”", counted)[1]
        least, most = int(found[1]), int(found[2] or found[1])
        return Wait(str(p["data-id"]), least, most, bool(found[3]), after)

    def _working_days(self, stated: Tag) -> tuple[frozenset[str], frozenset[date], date | None]:
        line = self._read(stated.p) if stated.p else ""
        known = re.search(r"They are known until (.+)\.$", line)
        days = frozenset(re.findall(ID, _matched(r"Working days are (.+?)\..*", line)[1]))
        exceptions = frozenset(_date(_text(li)) for li in stated.select("li"))
        return days, exceptions, _date(known[1]) if known else None


def _article(html: str) -> Tag:
    page = BeautifulSoup(html, "html.parser")
    article = page.select_one("article")
    return article if isinstance(article, Tag) else page


def _text(tag: Any) -> str:
    return " ".join(tag.get_text().split())


def _matched(pattern: str, text: str) -> re.Match[str]:
    found = re.fullmatch(pattern, text)
    if not found:
        raise PagesError(f"cannot be read: {text}")
    return found


def _date(text: str) -> date:
    return datetime.strptime(text, "%d %B %Y").date()


def _span(text: str) -> tuple[int, int | None]:
    for pattern, span in SPANS.items():
        if found := re.fullmatch(pattern, text):
            return span(*map(int, found.groups()))
    raise PagesError(f"cannot be read: {text}")


def _deadline(start: date, passed: int, each_day: Sequence[str]) -> tuple[str, int | None, str] | None:
    """The next day whose morrow has another outcome; else the last one that had another."""
    now = min(passed, len(each_day) - 1)
    for day in range(now + 1, len(each_day)):
        if each_day[day] != each_day[now]:
            return (start + timedelta(day - 1)).isoformat(), day - 1 - passed, each_day[day]
    for day in reversed(range(now)):
        if each_day[day] != each_day[now]:
            return (start + timedelta(day)).isoformat(), None, each_day[now]
    return None
