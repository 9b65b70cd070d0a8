"""The policy: the tree that policy.yaml is read into, and that the pages and the checker share.

A key of the language is the field's name with spaces for underscores (``longer ago than``); an id is
the editor's own word in snake_case (``longer_ago_than`` would be an id). The docstring below a field
becomes its description in the JSON Schema that helps editors while they type.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any, ClassVar, Literal

from checker.messages import Messages, messages


def key(field: str) -> str:
    """The key in policy.yaml for a field of this module: ``or_`` is written ``or``."""
    return field.strip("_").replace("_", " ")


class Entry:
    """An entry of policy.yaml. Only the build validates it: browsers have nothing but the standard library."""

    __slots__ = ()
    __pydantic_config__: ClassVar[dict[str, Any]] = {
        "extra": "forbid",
        "use_attribute_docstrings": True,
        "alias_generator": key,
    }


@dataclass(frozen=True, slots=True)
class TextType:
    """Marks a field as a text that people read, and says how its signs are read."""

    media: Literal["text/plain", "text/markdown"]


Plain = Annotated[str, TextType("text/plain")]
"""A text shown as it is typed, wherever it is shown. Markdown in it is an error."""
Markdown = Annotated[str, TextType("text/markdown")]
"""A text in Markdown, rendered wherever it is shown: emphasis, lists, code, and links to clauses, https and mailto."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison(Entry):
    """The value that an answer is compared with. Give exactly one of the keys."""

    not_: str | tuple[str, ...] | None = None
    """Holds for every choice but this one, or these."""
    longer_ago_than: str | None = None
    """A value in days. Holds when the date lies more days back than that."""
    within: str | None = None
    """A value in days. Holds when the date lies that many days back, or fewer."""


type Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

type Condition = Mapping[str, str | tuple[str, ...] | Comparison]
"""Question id to what its answer must be. All lines must hold.

Grants may also name ``outcome``; all parts but rules and grants also ``remedies`` and ``costs``.
"""

type When = Condition | tuple[Condition, ...]
"""One condition, or a list of which any one is enough."""


def as_list(when: When) -> tuple[Condition, ...]:
    """The conditions of which any one is enough."""
    return when if isinstance(when, tuple) else (when,)


def as_ids(ids: str | tuple[str, ...]) -> tuple[str, ...]:
    """The ids as a tuple, also where there is only one."""
    return (ids,) if isinstance(ids, str) else ids


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice(Entry):
    """One of the answers that a question offers."""

    title: Plain
    """The answer as a customer would say it."""
    in_words: Plain | None = None
    """The same as a short noun phrase, for tables and for running text."""
    examples: tuple[Plain, ...] = ()
    """Typical cases, each a short noun phrase."""

    @property
    def phrase(self) -> str:
        """The answer as a short phrase: as a noun phrase where there is one."""
        return self.in_words or self.title


@dataclass(frozen=True, kw_only=True, slots=True)
class Question(Entry):
    """Something the checker asks. Rules compare choices and counted dates only, so that every case can be looked at."""

    ask: Plain
    """The question, as a customer reads it."""
    answer: Literal["one choice", "date", "amount", "amounts", "proof"]
    """The kind of answer it takes. Amounts are a list that is added up; proof lists the items that the customer has."""
    about: Literal["order", "problem"] = "problem"
    """Its subject. Answers about the order are kept when the customer checks another problem of that order."""
    label: Plain | None = None
    """A name of two or three words for lists of answers, such as: Order arrived."""
    in_words: Plain | None = None
    """For a date: the day as a short noun phrase, such as: the day your order arrived."""
    help: Plain | None = None
    """One or two sentences below the question."""
    if_unsure: Plain | None = None
    """A way for customers who do not know to find out."""
    choices: Mapping[str, Choice] | None = None
    """The answers of a question that takes one choice, by id."""
    counted_to: str | None = None
    """For a date: the question whose date ends the count of days, usually the day of applying."""
    unless_given: Literal["today"] | None = None
    """For a date: what is taken when the customer does not say."""
    changeable: Literal["yes", "no"] = "no"
    """Whether customers are told what another answer would have changed. Only for what they can choose."""
    or_: Mapping[str, Choice] | None = None
    """For a date: what can be answered instead of a date, by id."""

    @property
    def name(self) -> str:
        """The question in a list of answers: its label, or else the question itself."""
        return self.label or self.ask

    @property
    def offered(self) -> Mapping[str, Choice]:
        """All the answers that can be chosen, by id."""
        return {**(self.choices or {}), **(self.or_ or {})}


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter(Entry):
    """The beginning of a request that goes to somebody else than the shop."""

    to: Plain
    """The one who gets it, as sentences name them, such as: the carrier."""
    subject: Plain
    """The matter, in a few words."""
    text: Plain
    """One or two sentences, as the customer would write them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome(Entry):
    """A decision the checker can come to."""

    title: Plain
    """The outcome in a few words."""
    tone: Literal["good", "neutral", "bad"]
    """Whether the outcome is good or bad for the customer. It sets the colour and the order of the result."""
    text: Plain
    """Its meaning for the customer. The first sentence has at most 20 words."""
    next: Plain
    """The customer's next step. Every outcome has a next step, a refusal too."""
    letter: Letter | None = None
    """For an outcome that somebody else decides: the beginning of the letter to them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule(Entry):
    """Decides the outcome, and nothing else. Among the rules that hold, the strongest outcome wins."""

    when: When
    """When the rule holds."""
    outcome: str
    """The outcome it then asks for."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Grant(Entry):
    """Remedies and a payer for some cases."""

    when: When
    """When it is granted."""
    remedies: tuple[str, ...] = ()
    """The remedies that the customer may choose from."""
    costs: str | None = None
    """The payer of the costs. Among the grants that hold, the strongest costs win."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ProofItem(Entry):
    """One thing the customer has to show."""

    title: Plain
    """Its name, as an entry of a list."""
    help: Plain | None = None
    """Advice on making a good one."""
    written: Literal["yes", "no"] = "no"
    """Whether it is the customer's own words: they are written into the request, and no picture shows them."""
    when: When
    """When it is needed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Expectation(Entry):
    """A span of days that can be given as dates, because the day it starts from is known."""

    wait: str
    """The value that says how long."""
    after: str
    """The question whose date starts it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Step(Entry):
    """Something that happens next, in the order of the file."""

    title: Plain
    """The step in a few words."""
    text: Plain
    """The event, and who does it."""
    yours: Literal["no", "yes", "by the last day"] = "no"
    """Whether the customer does it now; by the last day if it is the act that has one. Else it happens afterwards."""
    address: Literal["apply at", "contact"] | None = None
    """The address of the shop that it needs."""
    at: Literal["remedies"] | None = None
    """For a step that says more of what is granted: there its text stands, without a heading of its own."""
    when: When
    """In which cases it happens."""
    expect: Mapping[str, Expectation] = field(default_factory=dict)
    """Dates that can be worked out for this step, each with an id of its own."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Note(Entry):
    """A reminder, or a reading of something that the policy leaves open."""

    text: Plain
    """One or two sentences for the customer."""
    when: When | None = None
    """The cases in which a verdict says it. Without this line it stands on the policy page only."""
    title: Plain | None = None
    """For a reminder of something to do: its heading among the customer's tasks."""
    at: str | None = None
    """The place of a result for it: a step, a reminder with a title, or one of proof, remedies, outcome and last day.

    Without it a reminder stands below the heading of its clause, and an interpretation with the other open points.
    """
    until: Literal["a country is named"] | None = None
    """It holds only until then: once the calendar names a country, it is shown nowhere."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Share(Entry):
    """A share of an amount, of × that ÷ is of: of 30, that 100, is of 120 gives 25."""

    of: str
    """The amount that is shared out, such as what was paid."""
    that: str
    """The part, such as the list price of the affected items."""
    is_of: str
    """The whole that the part belongs to, such as the list price of the order."""

    @property
    def questions(self) -> tuple[str, str, str]:
        """The three questions whose amounts it is worked out from."""
        return self.of, self.that, self.is_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Estimate(Entry):
    """An amount worked out from the customer's own figures, to the hundredth."""

    title: Plain
    """The name of the amount."""
    share: Share
    """The formula: which share of which amount."""
    when: When
    """In which cases it is shown."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Clause(Entry):
    """A part of the policy: its text, and beside it all that follows from that text."""

    title: Plain
    """A heading of a few words."""
    topic: str
    """The topic under which the policy page shows it."""
    text: Markdown
    """The policy in plain words. {name} puts in a value, {question.choice} an answer, {remedies.name} a remedy."""
    rules: tuple[Rule, ...] = ()
    """The decisions of the text."""
    grants: tuple[Grant, ...] = ()
    """The remedies and payers of the text."""
    proof: Mapping[str, ProofItem] = field(default_factory=dict)
    """The proof that the text asks for."""
    steps: Mapping[str, Step] = field(default_factory=dict)
    """The next steps that the text promises."""
    reminders: Mapping[str, Note] = field(default_factory=dict)
    """Reminders for the customer."""
    interpretations: Mapping[str, Note] = field(default_factory=dict)
    """How this site reads what the policy leaves open. Customers see it marked as such."""
    estimates: Mapping[str, Estimate] = field(default_factory=dict)
    """Amounts that follow from the text."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Summary(Entry):
    """One of the few cards on the home page: the policy at a glance."""

    title: Plain
    """A heading of a few words."""
    tone: Literal["good", "neutral", "bad"] = "neutral"
    """Whether it is good or bad news for the customer. It sets the sign beside the heading."""
    text: Markdown
    """One or two sentences."""
    clause: str
    """The clause that says it in full."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Example(Entry):
    """A worked example: shown on the pages, decided by the checker, compared with what you expect."""

    title: Plain
    """The person and the matter, in one line."""
    story: Plain
    """The events, in a few short sentences."""
    today: date
    """The day on which the customer asks: year-month-day."""
    answers: Mapping[str, str | tuple[str, ...]]
    """The customer's answers, by question id."""
    outcome: str
    """The outcome that you expect. A check fails when the policy decides otherwise."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Invariant(Entry):
    """Something that must hold in every case, whatever the rules say. It is proved at each check, not sampled."""

    text: Plain
    """The demand, in one sentence."""
    when: When | None = None
    """The cases it is about."""
    always: When | None = None
    """The condition that must then hold, in the same words."""
    never_worse_if_sooner: str | None = None
    """A date question such as the day of applying: an earlier day must never have a worse outcome."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Shop(Entry):
    """The party that decides, and the frame of its pages. An empty text means: not entered yet."""

    name: Plain
    """The party as sentences name it, such as: the platform."""
    brand: Plain = ""
    """The name in the head of each page. Without it the head shows the title of the policy alone."""
    logo: str = ""
    """The picture in the head of each page: a file in docs/assets, such as logo.svg."""
    accent: str = ""
    """The colour of buttons and links on light pages, as six hexadecimal digits behind a #."""
    contact: str = ""
    """The address of customer service: an e-mail address or a web address (https)."""
    apply_at: str = ""
    """The web address (https) of the page where customers apply."""
    legal_notice: str = ""
    """The web address (https) of the shop's legal notice."""
    privacy: str = ""
    """The web address (https) of the shop's privacy policy."""
    repository: str = ""
    """The web address (https) where this file is kept. If it is there, each clause links to a form for doubts."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Words(Entry):
    """The words of the trade in the sentences of the interface: nouns and verbs alone, as after "your" and "can"."""

    order: Plain = "order"
    """The contract with the customer, such as: order, booking, ticket."""
    item: Plain = "item"
    """The thing that is bought, such as: item, room, flight."""
    request: Plain = "request"
    """The message in which the customer applies, such as: request, cancellation."""
    apply: Plain = "apply"
    """The customer's act that has a last day, such as: apply, cancel, send it back."""
    arrive: Plain = "arrive"
    """The event that the customer waits for, such as: arrive, begin."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Calendar(Entry):
    """The days that count as working days."""

    working_days: tuple[Weekday, ...]
    """The days of the week on which the platform works."""
    country: str | None = None
    """The country whose statutory holidays are no working days, by its code: CN, or DE-BY for a part of DE."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Holidays(Entry):
    """The statutory holidays of the calendar's country, as far as they are known."""

    country: str
    """Its name, as customers read it."""
    first: date
    """The first day that is known to be a holiday or none."""
    last: date
    """The last one. After it nobody can say yet which days are holidays."""
    exceptions: tuple[date, ...]
    """The working days of the week that are holidays, and the other days that are worked all the same."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Policy(Entry):
    """An after-sales policy: what customers read, and what the checker decides by."""

    title: Plain
    """The name of the policy, as pages and prints show it."""
    version: str
    """The version of this text. Change it with every change of the policy."""
    valid_from: date
    """The first day on which this version holds: year-month-day."""
    language: str
    """The language of the texts, as in web pages: en, or en-GB with a country. The site has no others yet."""
    editors_note: Plain = ""
    """Notes for editors on the source of this policy."""
    shop: Shop
    """The party that decides, whom to ask and where to apply."""
    words: Words = Words()
    """The words of the trade."""
    calendar: Calendar
    """The days that count as working days."""
    values: Mapping[str, str | Mapping[str, str]] = field(default_factory=dict)
    """Lengths of time by name, such as N days, or N–M working days. A value may depend on an answer."""
    questions: Mapping[str, Question]
    """The checker's questions, in this order."""
    outcomes: Mapping[str, Outcome]
    """The possible decisions, strongest first: among the rules that hold, the strongest outcome wins."""
    remedies: Mapping[str, Plain] = field(default_factory=dict)
    """All that a customer may get, by id. What several grants give adds up."""
    costs: Mapping[str, Plain] = field(default_factory=dict)
    """Those who may bear the costs, by id, strongest first. Among the grants that hold, the strongest costs win."""
    topics: Mapping[str, Plain]
    """The parts of the policy page, in this order."""
    clauses: Mapping[str, Clause]
    """The policy itself. The order is for reading; it decides nothing."""
    summary: Mapping[str, Summary] = field(default_factory=dict)
    """The cards on the home page."""
    examples: Mapping[str, Example] = field(default_factory=dict)
    """Worked examples: cases with the outcome that you expect."""
    invariants: Mapping[str, Invariant] = field(default_factory=dict)
    """Conditions that must hold in every case."""
    holidays: Holidays | None = None
    """The holidays of the calendar's country. The build fills them in."""
    digest: str = ""
    """Names the exact policy and checker. The build fills it in."""

    def label(self, question: str) -> str:
        """A question in front of its answer, in one line: its label with a colon, or else the question itself."""
        asked = self.questions[question]
        return self.messages.say("list.label", text=asked.label) if asked.label else asked.ask

    @property
    def rules(self) -> Mapping[tuple[str, int], Rule]:
        """The rules of all clauses, by clause id and number within the clause."""
        return {(id_, n): rule for id_, clause in self.clauses.items() for n, rule in enumerate(clause.rules)}

    @property
    def grants(self) -> Mapping[tuple[str, int], Grant]:
        """The grants of all clauses, by clause id and number within the clause."""
        return {(id_, n): grant for id_, clause in self.clauses.items() for n, grant in enumerate(clause.grants)}

    @property
    def proof(self) -> Mapping[str, ProofItem]:
        """The proof items of all clauses, by id."""
        return self._of_clauses("proof")

    @property
    def steps(self) -> Mapping[str, Step]:
        """The steps of all clauses, by id."""
        return self._of_clauses("steps")

    @property
    def reminders(self) -> Mapping[str, Note]:
        """The reminders of all clauses, by id."""
        return self._of_clauses("reminders")

    @property
    def interpretations(self) -> Mapping[str, Note]:
        """The interpretations of all clauses, by id."""
        return self._of_clauses("interpretations")

    @property
    def estimates(self) -> Mapping[str, Estimate]:
        """The estimates of all clauses, by id."""
        return self._of_clauses("estimates")

    def clause_of(self, part: str, id_: str) -> str:
        """The id of the clause with this item in one of its parts, such as `proof` or `steps`."""
        return next(clause_id for clause_id, clause in self.clauses.items() if id_ in getattr(clause, part))

    @property
    def messages(self) -> Messages:
        """The words of the interface, with those of the trade. Raises ValueError if the language has no catalogue."""
        return messages(self.language, self.words, self.shop.name)

    def _of_clauses(self, part: str) -> dict[str, Any]:
        return {id_: item for clause in self.clauses.values() for id_, item in getattr(clause, part).items()}
