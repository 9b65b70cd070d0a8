"""A verdict in words: what a page, a worked example and a print show, and in which order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from checker.messages import join, say
from checker.policy import Comparison, Policy, as_list
from checker.values.amounts import in_figures
from checker.values.durations import holidays_left_out, in_words, waits
from checker.values.estimates import Working
from checker.verdict import Deadline, Verdict


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to say, the clause that says it, and a quieter second line."""

    text: str
    clause: str | None = None
    note: str | None = None
    href: str | None = None
    """Where an address leads that the text names, https or mailto; or the question that the text is, behind a #."""

    def to_json(self) -> dict[str, Any]:
        """The item as a JSON object."""
        return {"text": self.text, "clause": self.clause, "note": self.note, "href": self.href}


@dataclass(frozen=True, slots=True)
class Section:
    """A few items under a heading. The id is the same in every language."""

    id: str
    heading: str
    items: tuple[Item, ...]
    readings: tuple[Item, ...] = ()
    """How we read what the clauses of these items leave open."""
    folded: bool = False
    """Whether it can wait until somebody asks for it."""

    def to_json(self) -> dict[str, Any]:
        """The section as a JSON object."""
        return {
            "id": self.id,
            "heading": self.heading,
            "items": [item.to_json() for item in self.items],
            "readings": [reading.to_json() for reading in self.readings],
            "folded": self.folded,
        }


@dataclass(frozen=True, slots=True)
class Explanation:
    """A verdict as a customer reads it: plain text, never markup."""

    outcome: str | None
    tone: str
    title: str
    text: str
    sections: tuple[Section, ...]

    def to_json(self) -> dict[str, Any]:
        """The explanation as a JSON object."""
        return {
            "outcome": self.outcome,
            "tone": self.tone,
            "title": self.title,
            "text": self.text,
            "sections": [section.to_json() for section in self.sections],
        }


def explain(policy: Policy, verdict: Verdict) -> Explanation:
    """Say a verdict in words. Every sentence is the policy's, or names only what the verdict holds."""
    parts = _Parts(policy, verdict)
    outcome = policy.outcomes.get(verdict.outcome or "")
    sections = [
        parts.section("possible", parts.possible()),
        parts.section("open", parts.open()),
        parts.section("deadlines", parts.deadlines(), "last_days" if len(verdict.deadlines) > 1 else "last_day"),
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
    if outcome and outcome.tone == "bad":  # a refusal ends with what can still be done
        sections.sort(key=lambda section: (section.folded, section.id == "next"))
    sections = [*parts.with_readings(section for section in sections if section.items)]
    if outcome is None:
        text = parts.text(say("result.undecided_text"), parts.safe_day())
        return Explanation(None, "neutral", say("result.undecided"), text, tuple(sections))
    return Explanation(verdict.outcome, outcome.tone, outcome.title, parts.text(outcome.text.strip()), tuple(sections))


@dataclass(frozen=True, slots=True)
class _Parts:
    """The items of each section."""

    policy: Policy
    verdict: Verdict

    def section(self, id_: str, items: Iterable[Item], heading: str = "", *, folded: bool = False) -> Section:
        return Section(id_, say(f"result.{heading or id_}"), tuple(items), folded=folded)

    def text(self, *sentences: str | None) -> str:
        """What is said below the title: first that the policy does not hold yet, if so."""
        verdict = self.verdict
        not_yet = None if verdict.in_force else say("result.not_yet", date=in_words(verdict.valid_from))
        return " ".join(filter(None, [not_yet, *sentences]))

    def with_readings(self, sections: Iterable[Section]) -> Iterator[Section]:
        """The sections, each with the readings of the clauses that it cites; the rest in a section of their own."""
        left = dict.fromkeys(self.notes("interpretations"))
        for section in sections:
            cited = {item.clause for item in section.items}
            readings = tuple(reading for reading in left if reading.clause in cited)
            for reading in readings:
                del left[reading]
            yield replace(section, readings=readings)
        if left:
            yield self.section("interpretations", left, folded=True)

    def possible(self) -> Iterator[Item]:
        if self.verdict.outcome is None:
            for outcome in self.verdict.possible:
                yield Item(self._title(outcome))

    def open(self) -> Iterator[Item]:
        for name in self.verdict.open:
            question = self.policy.questions[name]
            clause = next((clause for clause, asked, _ in self._timed() if asked == name), None)
            yield Item(question.ask, clause, question.if_unsure, href=f"#{name}")

    def deadlines(self) -> Iterator[Item]:
        for deadline in self.verdict.deadlines:
            over = deadline.last_day < self.verdict.today
            text = self._last_day(deadline)
            for answer in deadline.given:
                offered = self.policy.questions[answer.question].offered
                choices = join((say("pages.quote", text=offered[choice].title) for choice in answer.choices), "or")
                text = say("result.last_day_if", answers=choices, text=text)
            then = None if over else say("result.then", outcome=self._title(deadline.then))
            clause = next((clause for clause, _, outcome in self._timed() if outcome == deadline.then), None)
            yield Item(text, clause, then)
        if safe := self.safe_day():
            yield Item(safe)

    def safe_day(self) -> str | None:
        """What is safe where several last days are possible."""
        days = [deadline.last_day for deadline in self.verdict.deadlines]
        if len(days) < 2:
            return None
        return (
            say("result.safe_now") if days[0] < self.verdict.today else say("result.safe_day", date=in_words(days[0]))
        )

    def _timed(self) -> Iterator[tuple[str, str, str]]:
        """The clauses whose rules look at a length of time, each with the question and the outcome of the rule."""
        for (clause, _), rule in self.policy.rules.items():
            for question, test in (line for all_of in as_list(rule.when) for line in all_of.items()):
                if isinstance(test, Comparison) and (test.longer_ago_than or test.within):
                    yield clause, question, rule.outcome

    def reasons(self) -> Iterator[Item]:
        for reason in self.verdict.reasons:
            yield Item(self.policy.clauses[reason.clause].title, reason.clause)

    def grants(self) -> Iterator[Item]:
        granting = {
            id_: clause for (clause, _), grant in self.policy.grants.items() for id_ in (*grant.remedies, grant.costs)
        }
        if self.verdict.remedies:
            remedies = join((self.policy.remedies[remedy] for remedy in self.verdict.remedies), "or")
            yield Item(say("result.choose", remedies=remedies), granting[self.verdict.remedies[0]])
        if self.verdict.costs:
            yield Item(self.policy.costs[self.verdict.costs], granting[self.verdict.costs])

    def estimates(self) -> Iterator[Item]:
        for name, working in self.verdict.estimates.items():
            estimate = self.policy.estimates[name]
            title = say("result.estimate", title=estimate.title, amount=in_figures(working.result))
            yield Item(title, self.policy.clause_of("estimates", name), self._working(working))

    def _working(self, working: Working) -> str:
        """How an amount was worked out: each amount as the customer gave it, and the sum it led to."""

        def amount(question: str) -> str:
            parts = [in_figures(part) for part in working.parts[question]]
            total = in_figures(sum(working.parts[question], Decimal()))
            figures = say("result.sum", parts=" + ".join(parts), total=total) if len(parts) > 1 else total
            return say("result.amount", question=self.policy.questions[question].ask, amount=figures)

        share = working.share
        total = say(
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
            yield Item(say("result.next_open"))
        else:
            if (applied := self._applied()) and applied < self.verdict.today:
                yield Item(say("result.applied", date=in_words(applied)))
            yield Item(self.policy.outcomes[self.verdict.outcome].next.strip())
        if any(self.policy.outcomes[outcome].tone == "good" for outcome in self.verdict.possible):
            yield _address("apply_at", shop.apply_at)
        yield _address("contact", shop.contact)

    def proof(self, items: Iterable[str]) -> Iterator[Item]:
        for name in items:
            item = self.policy.proof[name]
            note = say("result.provided") if name in self.verdict.provided else item.help
            yield Item(item.title, self.policy.clause_of("proof", name), note)

    def steps(self) -> Iterator[Item]:
        for name in self.verdict.steps:
            step = self.policy.steps[name]
            spans = [self.verdict.dates[name] for name in step.expect if name in self.verdict.dates]
            spans = [span for span in spans if span[1] >= self.verdict.today]
            expected = [
                say("result.expected", first=in_words(first))
                if first == last
                else say("result.expected_range", first=in_words(first), last=in_words(last))
                for first, last in spans
            ]
            if (holidays := self.policy.holidays) and any(name in self.verdict.unknown_dates for name in step.expect):
                first, last = in_words(holidays.first), in_words(holidays.last)
                expected.append(say("holidays.unknown", country=holidays.country, first=first, last=last))
            elif expected and (left_out := holidays_left_out(self.policy, waits(self.policy, step))):
                expected.append(left_out)
            yield Item(step.text.strip(), self.policy.clause_of("steps", name), " ".join(expected) or None)

    def changes(self) -> Iterator[Item]:
        """What was missed. What is still to come, the last day says already."""
        missed = {each.last_day for each in self.verdict.deadlines if each.days_left is None}
        for change in self.verdict.changes:
            days = [answer.last for answer in change.answers]
            if days[0] in missed and len(days) == 1:
                yield Item(say("result.change", date=in_words(days[0]), outcome=self._title(change.outcome)))

    def other_matches(self) -> Iterator[Item]:
        for reason in self.verdict.other_matches:
            title = self.policy.clauses[reason.clause].title
            yield Item(say("result.other_match", title=title, outcome=self._title(reason.outcome)), reason.clause)

    def ruled_out(self) -> Iterator[Item]:
        """What could have ended badly. After a refusal there is no comfort in it."""
        tones = {name: outcome.tone for name, outcome in self.policy.outcomes.items()}
        left = {each.then: each.days_left for each in self.verdict.deadlines if each.days_left is not None}
        for each in self.verdict.ruled_out:
            if tones[each.outcome] != "bad" or tones[self.verdict.outcome or each.outcome] == "bad":
                continue
            days = left.get(each.outcome)
            note = say("result.days_left", count=days) if days else None
            yield Item(self.policy.clauses[each.clause].title, each.clause, note)

    def notes(self, part: Literal["reminders", "interpretations"]) -> Iterator[Item]:
        notes = self.policy.reminders if part == "reminders" else self.policy.interpretations
        for name in self.verdict.reminders if part == "reminders" else self.verdict.interpretations:
            yield Item(notes[name].text.strip(), self.policy.clause_of(part, name))

    def _applied(self) -> date | None:
        """The day of applying, where time counts."""
        return next((deadline.applied_on for deadline in self.verdict.deadlines), None)

    def _last_day(self, deadline: Deadline) -> str:
        """The last day as the customer meets it: today, or looking back or ahead to another day of applying."""
        date, applied = in_words(deadline.last_day), in_words(deadline.applied_on)
        if deadline.last_day < self.verdict.today and deadline.days_left is None:
            return say("result.last_day_past", date=date)
        if deadline.applied_on != self.verdict.today:
            in_time = "late" if deadline.days_left is None else "in_time"
            return say(f"result.last_day_{in_time}", date=date, applied=applied)
        if deadline.days_left == 0:
            return say("result.last_day_today", date=date)
        return say("result.last_day_future", date=date, count=deadline.days_left)

    def _title(self, outcome: str) -> str:
        return self.policy.outcomes[outcome].title


def _address(kind: str, address: str) -> Item:
    if not address:
        return Item(say(f"result.{kind}_missing"))
    return Item(say(f"result.{kind}", address=address), href=href(address))


def href(address: str) -> str:
    """What a link to the shop's address leads to: a web address, or an e-mail address as mailto."""
    return address if address.startswith("https:") else f"mailto:{address}"
