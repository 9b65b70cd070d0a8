"""A verdict in words, in the order in which pages, worked examples and prints show it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from typing import Any, Literal

from checker.explain.timeline import TimelineText
from checker.policy import Note, Policy
from checker.values.amounts import in_figures
from checker.values.durations import holidays_left_out, waits
from checker.values.estimates import Working
from checker.verdict import Answered, Verdict


@dataclass(frozen=True, slots=True)
class Item:
    """A sentence, the clause that it comes from, and a second line in smaller type."""

    text: str
    clause: str | None = None
    note: str | None = None
    href: str | None = None
    """The link of an address in the text, https or mailto; or of a question, # and its id."""
    missing: bool = False
    """Whether the text says that the shop has not entered an address."""


@dataclass(frozen=True, slots=True)
class Section:
    """Items under a heading. The id is the same in every language."""

    id: str
    heading: str
    items: tuple[Item, ...]
    interpretations: tuple[Item, ...] = ()
    """The interpretations of the clauses of these items."""
    folded: bool = False
    """Whether it is collapsed at first."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """A verdict for customers: plain text, never markup."""

    tone: str
    title: str
    text: str
    sections: tuple[Section, ...]

    @property
    def clauses(self) -> tuple[str, ...]:
        """The clauses that the items come from."""
        items = (item for section in self.sections for item in section.items)
        return (*dict.fromkeys(item.clause for item in items if item.clause),)

    def to_json(self) -> dict[str, Any]:
        """The explanation as a JSON object, with tuples as arrays."""
        return asdict(self)


def explain(policy: Policy, verdict: Verdict) -> Explanation:
    """The explanation of a verdict. Every sentence is the policy's, or names only what the verdict holds."""
    parts = _Items(policy, verdict)
    outcome = policy.outcomes.get(verdict.outcome or "")
    sections = [
        parts.section("possible", parts.possible()),
        parts.section("open", parts.open()),
        parts.section("deadlines", parts.deadlines()),
        parts.section("next", parts.next()),
        parts.section("why", parts.reasons()),
        parts.section("grants", parts.grants()),
        parts.section("estimates", parts.estimates()),
        parts.section("proof", parts.proof(verdict.needed)),
        parts.section("possible_proof", parts.proof(verdict.possibly_needed)),
        parts.section("steps", parts.steps()),
        parts.section("reminders", parts.notes("reminders")),
        parts.section("changes", parts.changes(), folded=True),
        parts.section("other_matches", parts.other_matches(), folded=True),
        parts.section("ruled_out", parts.ruled_out(), folded=True),
    ]
    if outcome and outcome.tone == "bad":  # after a refusal the next steps come last
        sections.sort(key=lambda section: (section.folded, section.id == "next"))
    sections = [*parts.with_interpretations(section for section in sections if section.items)]
    if outcome is None:
        text = parts.text(parts.say("result.undecided_text"), parts.safe_day())
        return Explanation("neutral", parts.say("result.undecided"), text, tuple(sections))
    return Explanation(outcome.tone, outcome.title, parts.text(outcome.text.strip()), tuple(sections))


@dataclass(frozen=True, slots=True)
class _Items:
    """The items of each section, and the texts around them."""

    policy: Policy
    verdict: Verdict

    @property
    def say(self) -> Callable[..., str]:
        return self.policy.messages.say

    @property
    def days(self) -> TimelineText:
        return TimelineText(self.policy, self.verdict.today)

    def section(self, id_: str, items: Iterable[Item], heading: str = "", *, folded: bool = False) -> Section:
        return Section(id_, self.say(f"result.{heading or id_}"), tuple(items), folded=folded)

    def text(self, *sentences: str | None) -> str:
        """The text below the title, first that the policy is not in force yet, if so."""
        verdict = self.verdict
        not_yet = None if verdict.in_force else self.say("result.not_yet", date=verdict.valid_from)
        return " ".join(filter(None, [not_yet, *sentences]))

    def with_interpretations(self, sections: Iterable[Section]) -> Iterator[Section]:
        """The sections, each with the interpretations of its clauses; the remaining ones in a section of their own."""
        rest = dict.fromkeys(self.notes("interpretations"))
        for section in sections:
            clauses = {item.clause for item in section.items}
            matching = tuple(reading for reading in rest if reading.clause in clauses)
            for reading in matching:
                del rest[reading]
            yield replace(section, interpretations=matching)
        if rest:
            yield self.section("interpretations", rest, folded=True)

    def possible(self) -> Iterator[Item]:
        if self.verdict.outcome is None:
            for outcome in self.verdict.possible:
                yield Item(self._title(outcome))

    def open(self) -> Iterator[Item]:
        for name in self.verdict.open:
            question = self.policy.questions[name]
            yield Item(question.ask, None, question.if_unsure, href=f"#{name}")

    def deadlines(self) -> Iterator[Item]:
        for timeline in self.verdict.timelines:
            for text, clause, note in self.days.lines(timeline):
                yield Item(self._under(timeline.given, text), clause, note)
        if safe := self.safe_day():
            yield Item(safe)

    def _under(self, answers: Iterable[Answered], text: str) -> str:
        """The text with the answers under which it holds."""
        for answer in answers:
            offered = self.policy.questions[answer.question].offered
            quoted = (self.say("pages.quote", text=offered[choice].title) for choice in answer.choices)
            text = self.say("result.last_day_if", answers=self.policy.messages.join(quoted, "or"), text=text)
        return text

    def safe_day(self) -> str | None:
        """A sentence on the safe day if several last days are possible."""
        days = [deadline.last_day for deadline in self.verdict.deadlines]
        if len(days) < 2:
            return None
        return (
            self.say("result.safe_now") if days[0] < self.verdict.today else self.say("result.safe_day", date=days[0])
        )

    def reasons(self) -> Iterator[Item]:
        for reason in self.verdict.reasons:
            yield Item(self.policy.clauses[reason.clause].title, reason.clause)

    def grants(self) -> Iterator[Item]:
        granted_by = self.verdict.granted_by
        clauses: dict[str, list[str]] = {}
        for remedy in self.verdict.remedies:
            clauses.setdefault(granted_by["remedies", remedy], []).append(self.policy.remedies[remedy])
        for number, (clause, remedies) in enumerate(clauses.items()):
            choose = "result.choose_also" if number else "result.choose"
            yield Item(self.say(choose, remedies=self.policy.messages.join(remedies, "or")), clause)
        if costs := self.verdict.costs:
            yield Item(self.policy.costs[costs], granted_by["costs", costs])

    def estimates(self) -> Iterator[Item]:
        for name, working in self.verdict.estimates.items():
            estimate = self.policy.estimates[name]
            title = self.say("result.estimate", title=estimate.title, amount=in_figures(working.result))
            yield Item(title, self.policy.clause_of("estimates", name), self._working(working))

    def _working(self, working: Working) -> str:
        """The working of an estimate: the customer's amounts, then the formula with its result."""

        def amount(question: str) -> str:
            parts = [in_figures(part) for part in working.parts[question]]
            total = in_figures(sum(working.parts[question], Decimal()))
            figures = self.say("result.sum", parts=" + ".join(parts), total=total) if len(parts) > 1 else total
            return self.say("result.amount", label=self.policy.label(question), amount=figures)

        share = working.share
        total = self.say(
            "result.rounded" if working.rounded else "result.exact",
            of=in_figures(working.of),
            that=in_figures(working.that),
            whole=in_figures(working.whole),
            result=in_figures(working.result),
        )
        return "\n".join([*map(amount, (share.is_of, share.of, share.that)), total])

    def next(self) -> Iterator[Item]:
        shop = self.policy.shop
        if self.verdict.outcome is None:
            yield Item(self.say("result.next_open"))
        else:
            for timeline in self.verdict.timelines[:1]:
                if timeline.acting < self.verdict.today:
                    yield Item(self.say("result.applied", date=timeline.acting))
            yield Item(self.policy.outcomes[self.verdict.outcome].next.strip())
        if not (shop.apply_at or shop.contact):
            yield Item(self.say("frame.no_address"), missing=True)
            return
        if any(self.policy.outcomes[outcome].tone == "good" for outcome in self.verdict.possible):
            yield self._address("apply_at", shop.apply_at)
        yield self._address("contact", shop.contact)

    def proof(self, items: Iterable[str]) -> Iterator[Item]:
        for name in items:
            item = self.policy.proof[name]
            note = self.say("result.provided") if name in self.verdict.provided else item.help
            yield Item(item.title, self.policy.clause_of("proof", name), note)

    def steps(self) -> Iterator[Item]:
        for name in self.verdict.steps:
            step = self.policy.steps[name]
            ranges = [self.verdict.dates[name] for name in step.expect if name in self.verdict.dates]
            sentences = [
                self.say("result.expected", first=first)
                if first == last
                else self.say("result.expected_range", first=first, last=last)
                for first, last in ranges
                if last >= self.verdict.today
            ]
            if (holidays := self.policy.holidays) and any(name in self.verdict.unknown_dates for name in step.expect):
                bounds = {"first": holidays.first, "last": holidays.last}
                sentences.append(self.say("holidays.unknown", country=holidays.country, **bounds))
            elif sentences and (left_out := holidays_left_out(self.policy, waits(self.policy, step))):
                sentences.append(left_out)
            yield Item(step.title, self.policy.clause_of("steps", name), " ".join([step.text.strip(), *sentences]))

    def changes(self) -> Iterator[Item]:
        for timeline in self.verdict.timelines:
            if self.policy.questions[timeline.question].changeable == "yes":
                for text in self.days.earlier(timeline):
                    yield Item(self._under(timeline.given, text))

    def other_matches(self) -> Iterator[Item]:
        for reason in self.verdict.other_matches:
            title = self.policy.clauses[reason.clause].title
            yield Item(self.say("result.other_match", title=title, outcome=self._title(reason.outcome)), reason.clause)

    def ruled_out(self) -> Iterator[Item]:
        """Bad outcomes that do not hold in this case; none after a refusal."""
        tones = {name: outcome.tone for name, outcome in self.policy.outcomes.items()}
        days_left = {(deadline.then, deadline.clause): deadline.days_left for deadline in self.verdict.deadlines}
        for rule in self.verdict.ruled_out:
            if tones[rule.outcome] != "bad" or tones[self.verdict.outcome or rule.outcome] == "bad":
                continue
            days = days_left.get((rule.outcome, rule.clause))
            note = self.say("result.days_left", count=days) if days else None
            yield Item(self.policy.clauses[rule.clause].title, rule.clause, note)

    def notes(self, part: Literal["reminders", "interpretations"]) -> Iterator[Item]:
        notes: Mapping[str, Note] = getattr(self.policy, part)
        for name in getattr(self.verdict, part):
            yield Item(notes[name].text.strip(), self.policy.clause_of(part, name))

    def _title(self, outcome: str) -> str:
        return self.policy.outcomes[outcome].title

    def _address(self, kind: str, address: str) -> Item:
        if not address:
            return Item(self.say(f"result.{kind}_missing"), missing=True)
        return Item(self.say(f"result.{kind}", address=address), href=href(address))


def href(address: str) -> str:
    """The link to an address of the shop: https, or mailto for an e-mail address."""
    return address if address.startswith("https:") else f"mailto:{address}"
