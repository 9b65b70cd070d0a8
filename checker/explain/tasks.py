"""The tasks of a result: those of the customer now, the urgent first, and the events that follow."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from checker.engine.parts import COSTS, PROOF, REMEDIES
from checker.explain.headline import Headline
from checker.explain.items import Item, Task
from checker.policy import Note, Policy, Step, as_list
from checker.values.durations import holidays_left_out, waits
from checker.verdict import Answered, Verdict

OUTCOME, LAST_DAY = "outcome", "last day"
"""The places of notes that stand beside the outcome: always, or on the last day alone."""


def href(address: str) -> str:
    """The link to an address of the shop: https, or mailto for an e-mail address."""
    return address if address.startswith("https:") else f"mailto:{address}"


def answers_in_words(policy: Policy, answered: Answered) -> str:
    """Some of the answers to a question."""
    if answered.choices:
        offered = policy.questions[answered.question].offered
        quoted = (policy.messages.say("pages.quote", text=offered[choice].title) for choice in answered.choices)
        return policy.messages.join(quoted, "or")
    kind = "one" if answered.first == answered.last else "between"
    kind = "until" if answered.first is None else "from" if answered.last is None else kind
    return policy.messages.say(f"branch.{kind}", first=answered.first, last=answered.last)


class Tasks:
    """The tasks of a verdict. Each step and each note of the policy that holds stands at its own place, once."""

    def __init__(self, policy: Policy, verdict: Verdict, headline: Headline) -> None:
        """Takes the verdict and its headline, which says whether today is the last day."""
        self.policy, self.verdict, self.headline = policy, verdict, headline
        self.say: Callable[..., str] = policy.messages.say
        # Each of these is collected from all clauses, so it is done once.
        self._steps, self._reminders = policy.steps, policy.reminders
        self._notes: Mapping[str, Mapping[str, Note]] = {
            "reminders": self._reminders,
            "interpretations": policy.interpretations,
        }
        beside = {
            OUTCOME: True,
            LAST_DAY: headline.mood == "today",
            PROOF: bool(verdict.needed or verdict.possibly_needed),
            REMEDIES: bool(verdict.remedies or verdict.costs),
        }
        places = [place for place, is_shown in beside.items() if is_shown]
        self._own_steps = [name for name in verdict.steps if self._steps[name].at not in places]
        self._heads = [name for name in verdict.reminders if self._reminders[name].title]
        self._places = {*places, *self._own_steps, *self._heads}

    def now(self) -> tuple[Task, ...]:
        """The customer's tasks. On the last day the act itself comes first, and proof may follow."""
        acts = [self._step(name) for name in self._own_steps if self._steps[name].yours == "by the last day"]
        others = [self._step(name) for name in self._own_steps if self._steps[name].yours == "yes"]
        turns = any(task.addresses for task in (*acts, *others))
        first, then = (acts, self._proof()) if self.headline.mood == "today" else (self._proof(), acts)
        following = others if turns else [*others, self._next()]
        return (*self._open(), *self._dates(), *first, *then, *following, *self._titled())

    def after(self) -> tuple[Task, ...]:
        """The events to come; what the customer may choose stands before the first step that depends on it."""
        names = [name for name in self._own_steps if self._steps[name].yours == "no"]
        granted = [*self._granted()]
        place = next((n for n, name in enumerate(names) if _asks_for_grants(self._steps[name])), len(names))
        steps = [self._step(name) for name in names]
        return (*steps[:place], *granted, *steps[place:])

    def notes(self, place: str | None, parts: Sequence[str] = ("reminders", "interpretations")) -> Iterator[Item]:
        """The notes at a place; with None those that neither a task nor the outcome shows."""
        for name in self.verdict.steps if place else ():
            if self._steps[name].at == place:
                yield self._sentence(name)
        for part in parts:
            for name in getattr(self.verdict, part):
                note = self._notes[part][name]
                if note.title is None and (note.at if note.at in self._places else None) == place:
                    yield Item(note.text.strip(), self.policy.clause_of(part, name))

    def _titled(self) -> Iterator[Task]:
        for name in self._heads:
            note = self._reminders[name]
            own = Item(note.text.strip(), self.policy.clause_of("reminders", name))
            yield Task(name, note.title or "", own.clause, (own, *self.notes(name)))

    def _sentence(self, name: str) -> Item:
        """The text of a step, with the days on which it is expected."""
        step = self._steps[name]
        return Item(step.text.strip(), self.policy.clause_of("steps", name), self._expected(step))

    def _step(self, name: str) -> Task:
        step, own = self._steps[name], self._sentence(name)
        return Task(
            name,
            self._title(step),
            own.clause,
            (own, *self.notes(name)),
            addresses=(self._address(step.address),) if step.address else (),
        )

    def _title(self, step: Step) -> str:
        """The title of a step, with the last day of the act that has one."""
        card = self.headline.card
        if step.yours != "by the last day" or card is None or not self.verdict.deadlines or card.is_over:
            return step.title
        if self.headline.mood == "today":
            return self.say("task.today", title=step.title)
        return self.say("task.by", title=step.title, date=card.day)

    def _expected(self, step: Step) -> str | None:
        """The days on which a step is expected, unless they are over."""
        policy, verdict = self.policy, self.verdict
        ranges = [verdict.dates[name] for name in step.expect if name in verdict.dates]
        sentences = [
            self.say("result.expected", days=policy.messages.date_range(first, last))
            for first, last in ranges
            if last >= verdict.today
        ]
        if (holidays := policy.holidays) and any(name in verdict.unknown_dates for name in step.expect):
            bounds = {"first": holidays.first, "last": holidays.last}
            sentences.append(self.say("holidays.unknown", country=holidays.country, **bounds))
        elif sentences and (left_out := holidays_left_out(policy, waits(policy, step))):
            sentences.append(left_out)
        return ". ".join(sentences) or None

    def _open(self) -> Iterator[Task]:
        """The questions without an answer on which the outcome or the last day depends."""
        of_days = (answer.question for deadline in self.verdict.deadlines for answer in deadline.given)
        for name in dict.fromkeys([*self.verdict.open, *of_days]):
            question = self.policy.questions[name]
            texts = (Item(question.if_unsure),) if question.if_unsure else ()
            yield Task(name, question.ask, None, texts, tuple(self._branches(name)), self._links([name]))

    def _branches(self, question: str) -> Iterator[Item]:
        """The answers to an open question, with the outcomes that they leave possible."""
        join, outcomes = self.policy.messages.join, self.policy.outcomes
        for branch in self.verdict.branches:
            if {answer.question for answer in branch.answers} == {question}:
                answers = (answers_in_words(self.policy, answer) for answer in branch.answers)
                yield Item(join(answers, "or"), note=join((outcomes[id_].title for id_ in branch.outcomes), "or"))

    def _dates(self) -> Iterator[Task]:
        """The check of the dates, where a last day is over."""
        if self.headline.mood != "over":
            return
        for timeline in self.verdict.timelines[:1]:
            if deadline := timeline.deadline:
                questions = self.policy.questions
                counted = [name for name, question in questions.items() if question.counted_to == timeline.question]
                texts = (Item(self.say("task.dates_text", date=deadline.last_day)),)
                yield Task(
                    "dates", self.say("task.dates"), None, texts, links=self._links([*counted, timeline.question])
                )

    def _links(self, names: Iterable[str]) -> tuple[Item, ...]:
        questions = self.policy.questions
        return tuple(Item(self.say("task.change", question=questions[name].name), href=f"#{name}") for name in names)

    def _proof(self) -> Iterator[Task]:
        """The proof to get ready, or to send later if today is the last day."""
        verdict, policy, proof = self.verdict, self.policy, self.policy.proof
        items = []
        for name in (*verdict.needed, *verdict.possibly_needed):
            note = None
            if name in verdict.provided:
                note = self.say("result.provided")
            elif name in verdict.possibly_needed:
                note = self.say("result.possible_proof")
            items.append(Item(proof[name].title, policy.clause_of("proof", name), note))
        if items:
            title = self.say("task.proof_today" if self.headline.mood == "today" else "task.proof")
            yield Task(PROOF, title, None, tuple(self.notes(PROOF)), items=tuple(items))

    def _granted(self) -> Iterator[Task]:
        """The remedies and costs, each with the clause whose grant gives it."""
        verdict, policy = self.verdict, self.policy
        if not (verdict.remedies or verdict.costs):
            return
        clauses: dict[str, list[str]] = {}
        for remedy in verdict.remedies:
            clauses.setdefault(verdict.granted_by[REMEDIES, remedy], []).append(policy.remedies[remedy])
        texts = [
            Item(self.say("result.choose_also", remedies=policy.messages.join(remedies, "or")), clause)
            for clause, remedies in clauses.items()
        ]
        title, own = self.say("result.granted"), None
        if texts:
            own, first = next(iter(clauses.items()))
            title, texts = self.say("result.choose", remedies=policy.messages.join(first, "or")), texts[1:]
        if costs := verdict.costs:
            texts.append(Item(self.say("result.costs", costs=policy.costs[costs]), verdict.granted_by[COSTS, costs]))
        yield Task(REMEDIES, title, own, (*texts, *self.notes(REMEDIES)))

    def _next(self) -> Task:
        """The next step of an outcome for which the policy names none of the customer's own."""
        outcome = self.policy.outcomes.get(self.verdict.outcome or "")
        text = outcome.next.strip() if outcome else self.say("result.next_open")
        good = any(self.policy.outcomes[outcome].tone == "good" for outcome in self.verdict.possible)
        addresses = map(self._address, ["apply at", "contact"] if good else ["contact"])
        return Task("next", "", None, (Item(text),), addresses=tuple(dict.fromkeys(addresses)))

    def _address(self, kind: str) -> Item:
        name = kind.replace(" ", "_")
        address: str = getattr(self.policy.shop, name)
        if not address:
            return Item(self.say("frame.no_address"))
        return Item(self.say(f"result.{name}", address=address), href=href(address))


def _asks_for_grants(step: Step) -> bool:
    """Whether a step depends on what is granted."""
    return any({REMEDIES, COSTS} & {*condition} for condition in as_list(step.when))
