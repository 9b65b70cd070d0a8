"""A verdict in words, in the order in which pages, worked examples and prints show it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any, Literal

from checker.explain.headline import Headline, headline
from checker.explain.items import Amount, Item, Section, Task
from checker.explain.tasks import LAST_DAY, OUTCOME, Tasks, answers_in_words
from checker.explain.timeline import TimelineText
from checker.policy import Policy
from checker.values.amounts import in_figures
from checker.values.estimates import Working
from checker.verdict import Answered, Verdict


@dataclass(frozen=True, kw_only=True, slots=True)
class Explanation:
    """A verdict for customers: plain text, never markup."""

    tone: str
    headline: Headline
    texts: tuple[Item, ...]
    """The sentences below the title."""
    quotes: tuple[str, ...]
    """The clauses whose text stands below them: those that refuse."""
    notices: tuple[Item, ...]
    """The open points of the policy about this very outcome."""
    now: tuple[Task, ...]
    now_heading: str
    after: tuple[Task, ...]
    after_heading: str
    send: tuple[Item, ...]
    """The addresses for a request; one without a link says who gets it, or that the shop has not entered it."""
    sections: tuple[Section, ...]

    def to_json(self) -> dict[str, Any]:
        """The explanation as a JSON object, with tuples as arrays and the day of its card as year-month-day."""
        result = asdict(self)
        if card := result["headline"]["card"]:
            card["day"] = card["day"].isoformat()
        return result


def explain(policy: Policy, verdict: Verdict) -> Explanation:
    """The explanation of a verdict. Every sentence is the policy's, or names only what the verdict holds."""
    parts = _Parts(policy, verdict, Tasks(policy, verdict, headline(policy, verdict)))
    return parts.explanation()


@dataclass(frozen=True, slots=True)
class _Parts:
    """The parts of an explanation."""

    policy: Policy
    verdict: Verdict
    tasks: Tasks

    @property
    def say(self) -> Callable[..., str]:
        return self.policy.messages.say

    @property
    def days(self) -> TimelineText:
        return TimelineText(self.policy, self.verdict.today)

    def explanation(self) -> Explanation:
        outcome = self.policy.outcomes.get(self.verdict.outcome or "")
        tone = outcome.tone if outcome else "neutral"
        refused = tone == "bad" and not self.verdict.deadlines
        now, after = self.tasks.now(), self.tasks.after()
        return Explanation(
            tone=tone,
            headline=self.tasks.headline,
            texts=tuple(self.texts()),
            quotes=tuple(reason.clause for reason in self.verdict.reasons) if refused else (),
            notices=tuple(self.tasks.notes(OUTCOME)),
            now=now,
            now_heading=self.say("task.now_refused" if tone == "bad" else "task.now"),
            after=after,
            after_heading=self.say("task.after" if tone == "good" else "task.next"),
            send=self.send((*now, *after)),
            sections=tuple(section for section in self.sections((*now, *after)) if section.items),
        )

    def send(self, tasks: Iterable[Task]) -> tuple[Item, ...]:
        """The addresses of the tasks, each once; or the one to whom the outcome's own letter goes."""
        outcome = self.policy.outcomes.get(self.verdict.outcome or "")
        if outcome and outcome.letter:
            return (Item(self.say("prepare.to", name=outcome.letter.to)),)
        return tuple(dict.fromkeys(address for task in tasks for address in task.addresses))

    def texts(self) -> Iterator[Item]:
        """The sentences below the title: what limits the result, what it means, and the safe day if there are two."""
        verdict, tasks = self.verdict, self.tasks
        if not verdict.in_force:
            yield Item(self.say("result.not_yet", date=verdict.valid_from))
        outcome = self.policy.outcomes.get(verdict.outcome or "")
        yield from tasks.notes(LAST_DAY)
        if safe := self.safe_day():
            yield Item(safe)
        yield Item(outcome.text.strip() if outcome else self.say("result.undecided_text"))
        for timeline in verdict.timelines[:1]:
            if timeline.acting < verdict.today:
                yield Item(self.say("result.applied", date=timeline.acting))

    def sections(self, tasks: Sequence[Task]) -> Iterator[Section]:
        yield self.section("deadlines", self.deadlines())
        yield self.section("estimates", self.estimates())
        yield from self.reminders()
        yield self.section("why", self.reasons(), fold="why")
        yield self.section("sources", self.sources(tasks), fold="why")
        yield self.section("other_matches", self.other_matches(), fold="why")
        yield self.section("changes", self.changes(), fold="why")
        yield self.section("ruled_out", self.ruled_out(), fold="why")
        yield self.section("interpretations", self.tasks.notes(None, ["interpretations"]), fold="unclear")

    def section(self, id_: str, items: Iterable[Item], *, fold: Literal["why", "unclear"] | None = None) -> Section:
        return Section(id_, self.say(f"result.{id_}"), tuple(items), fold)

    def deadlines(self) -> Iterator[Item]:
        for timeline in self.verdict.timelines:
            for text, clause, note in self.days.lines(timeline):
                yield Item(self._under(timeline.given, text), clause, note)

    def _under(self, answers: Iterable[Answered], text: str) -> str:
        """The text with the answers under which it holds."""
        for answer in answers:
            text = self.say("result.last_day_if", answers=answers_in_words(self.policy, answer), text=text)
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

    def sources(self, tasks: Iterable[Task]) -> Iterator[Item]:
        """The clauses that the tasks come from, without those that decide."""
        cited = {item.clause: None for task in tasks for item in (*task.texts, *task.items)}
        for clause in cited:
            if clause and clause not in [reason.clause for reason in self.verdict.reasons]:
                yield Item(self.policy.clauses[clause].title, clause)

    def estimates(self) -> Iterator[Item]:
        for name, working in self.verdict.estimates.items():
            title, clause = self.policy.estimates[name].title, self.policy.clause_of("estimates", name)
            total = Amount(title, in_figures(working.result))
            text = self.say("result.estimate", title=title, amount=total.amount)
            yield Item(text, clause, self._formula(working), receipt=(*self._amounts(working), total))

    def _amounts(self, working: Working) -> Iterator[Amount]:
        """The customer's amounts; each part of a sum before it."""
        for question in dict.fromkeys((working.share.is_of, working.share.of, working.share.that)):
            parts = working.parts[question]
            for number, part in enumerate(parts if len(parts) > 1 else (), 1):
                yield Amount(self.say("form.item", number=number), in_figures(part))
            yield Amount(self.policy.questions[question].name, in_figures(sum(parts, Decimal())))

    def _formula(self, working: Working) -> str:
        amounts = {name: in_figures(getattr(working, name)) for name in ("of", "that", "whole", "result")}
        return self.say("result.rounded" if working.rounded else "result.exact", **amounts)

    def reminders(self) -> Iterator[Section]:
        """The reminders that no task shows, under the headings of their clauses."""
        clauses: dict[str | None, list[Item]] = {}
        for item in self.tasks.notes(None, ["reminders"]):
            clauses.setdefault(item.clause, []).append(item)
        for clause, items in clauses.items():
            yield Section("reminders", self.policy.clauses[clause or ""].title, tuple(items))

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

    def _title(self, outcome: str) -> str:
        return self.policy.outcomes[outcome].title
