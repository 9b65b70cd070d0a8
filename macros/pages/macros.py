"""Makes the parts of the pages from the policy: each method is a macro that a page in docs/ calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import CodeType
from typing import Any
from urllib.parse import urlencode

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket
from markupsafe import Markup

from checker import Checker, Policy
from checker.answers.kinds import StoredAnswer, is_step
from checker.explain.decision_table import Cell, decision_table
from checker.explain.explanation import explain
from checker.explain.timeline import Tree, case_timeline
from checker.policy import Example, Expectation
from checker.values.durations import holidays_left_out, waits
from checker.web.dialog import answer_text
from macros.analysis.load import loads
from macros.analysis.proof import prove
from macros.pages.clauses import Clauses
from macros.pages.condition_text import Conditions
from macros.pages.markdown import Prose, contact_link, heading, markup, paragraphs
from macros.policyfile.errors import PolicyErrors
from macros.project import ROOT

TEMPLATES = Path(__file__).parent / "templates"
EDITING = ROOT / "EDITING.md"
"""The editors' guide by example, which the code host shows too. tests/support/guide.py makes it."""
POLICY_PAGE = "policy/"
CASES_PAGE = "cases/"
UNCLEAR_FORM = "unclear.yml"
"""In .github/ISSUE_TEMPLATE; one of its fields is called clause."""

MACROS = (
    "policy_title",
    "version_line",
    "summary",
    "topics",
    "policy_text",
    "contact",
    "proof_list",
    "reminders",
    "steps",
    "cases",
    "outcomes",
    "worked_examples",
    "proof",
    "editing",
    "editors_note",
    "not_entered",
    "sample_error",
    "order_link",
)


class Pages:
    """The pages' parts for one policy. Every method gives Markdown or HTML with all texts escaped."""

    def __init__(self, policy: Policy, source: str, root: Callable[[], str]) -> None:
        """Takes the policy, its source, and what gives the way from the page being made to the site's root."""
        self._source = source
        self.policy = policy
        self.checker = Checker(policy)
        self.conditions = Conditions(policy)
        self.clauses = Clauses(policy, self.conditions)
        self._templates = environment(policy, root)
        self._templates.globals["conditions"] = self.conditions

    def policy_title(self) -> str:
        """The page's main heading: the name of the policy."""
        return heading(1, self.policy.title, "top")

    def version_line(self) -> str:
        """Which version this is, and since when it holds."""
        return self._render("version.html")

    def summary(self) -> str:
        """The policy at a glance, as cards that lead to their clauses."""
        return self._render("summary.html", windows=self.clauses.windows)

    def topics(self) -> str:
        """Links to the parts of the policy page."""
        return self._render("topics.html")

    def policy_text(self) -> str:
        """Every clause with what stands beside it, by topic."""
        return self._render("policy.html", of=self.clauses)

    def contact(self) -> str:
        """Where to apply and whom to ask, or that the shop has not entered it yet."""
        return self._render("contact.html", link=contact_link)

    def proof_list(self) -> str:
        """What to send, and in which cases."""
        return self._render("proof.html")

    def reminders(self) -> str:
        """What customers should not forget, and in which cases."""
        return self._render("reminders.html")

    def steps(self) -> str:
        """What happens next, in order, for each outcome that has steps."""
        processes = {outcome: self._process(outcome) for outcome in self.policy.outcomes}
        return self._render("steps.html", processes={o: steps for o, steps in processes.items() if steps})

    def cases(self) -> str:
        """The decision table: every case that the policy tells apart."""
        table = decision_table(self.checker)
        rows = [[*map(row.cells.get, table.questions), row.outcome, row.clauses] for row in table.rows]
        return self._render("cases.html", table=table, spans=spans(rows), answers=self._answers, counted=self._counted)

    def outcomes(self) -> str:
        """What each outcome means, and what to do then."""
        return self._render("outcomes.html")

    def worked_examples(self) -> str:
        """Stories, and what the checker says to them."""
        return self._render("examples.html", explained=self._told, answer=self._answer)

    def proof(self) -> str:
        """What was proved over all cases, and what an editor should know of them."""
        proof = prove(self.policy)
        return self._render(
            "proved.html",
            proof=proof,
            answer=self._answer,
            labels=self.conditions.labels,
            joined=self.conditions.join,
            said=self.conditions.say,
        )

    def editing(self) -> str:
        """What editors do most, task by task: the guide without its head."""
        return "".join(EDITING.read_text(encoding="utf-8").partition("## ")[1:])

    def editors_note(self) -> str:
        """What editors should know about the source of the policy."""
        return self._render("note.html", texts=paragraphs(self.policy.editors_note))

    def not_entered(self) -> str:
        """Which facts about the shop are still missing."""
        shop = self.policy.shop
        missing = [key for key, entry in {"contact": shop.contact, "apply at": shop.apply_at}.items() if not entry]
        return self._render("not_entered.html", missing=missing)

    def sample_error(self) -> str:
        """What an editor reads after a slip of the pen: the real message for this policy's file."""
        try:
            loads(f"{self._source}\nsumary: {{}}\n")
        except PolicyErrors as slip:
            return self._render("error.html", error=slip.errors[0])
        raise AssertionError("a key that the language does not have was read without an error")

    def order_link(self) -> str:
        """A link to the checker that answers already what a shop knows of an order, and which answers belong to one."""
        order = {name: question for name, question in self.policy.questions.items() if question.about == "order"}
        known = {
            name: next(iter(question.choices), "") if question.choices else self.policy.messages.say("pages.sample_day")
            for name, question in order.items()
            if is_step(question)
        }
        link = "&".join(f"{name}={sample}" for name, sample in known.items())
        return self._render("link.html", link=link, kept=[question.ask for question in order.values()])

    def _process(self, outcome: str) -> list[Mapping[str, Any]]:
        """The steps that can follow an outcome, each with what else must hold and what to expect."""
        return [
            {
                "name": name,
                "step": step,
                "only": only,
                "expect": [(wait, *self._expected(span)) for wait, span in step.expect.items()],
                "holidays": holidays_left_out(self.policy, waits(self.policy, step)),
            }
            for name, step in self.policy.steps.items()
            if (only := self.conditions.beside_outcome(step.when, outcome)) is not None
        ]

    def _expected(self, span: Expectation) -> tuple[Markup, Markup]:
        """How long something takes, and from when that is counted."""
        length = self.conditions.say("pages.expect", length=self.conditions.length(span.wait))
        return length, self.conditions.say("pages.expect_from", question=self.conditions.asked(span.after))

    def _told(self, example: Example) -> tuple[Any, Tree | None]:
        """The checker's explanation of an example, and its window."""
        answers = {
            question: list(answer) if isinstance(answer, tuple) else answer
            for question, answer in example.answers.items()
        }
        verdict = self.checker.decide(answers, example.today)
        return explain(self.policy, verdict), case_timeline(self.policy, verdict)

    def _answer(self, question: str, answer: str | tuple[str, ...]) -> list[str]:
        """An answer of an example as the customer would say it: one line, or one for each thing named."""
        parts: Sequence[StoredAnswer] = [answer] if isinstance(answer, str) else [[part] for part in answer] or [[]]
        return [answer_text(self.policy, question, part) for part in parts]

    def _counted(self, question: str, end: str) -> Markup:
        """Between which days the days of a question are counted."""
        return self.conditions.say(
            "pages.counted", question=self.conditions.asked(question), end=self.conditions.asked(end)
        )

    def _answers(self, question: str, cell: Cell) -> Markup:
        """Some answers to a question, any one of them."""
        return self.conditions.join([*cell.days, *self.conditions.labels(question, cell.choices)])

    def _render(self, template: str, **names: Any) -> str:
        return self._templates.get_template(template).render(policy=self.policy, **names)


def spans(rows: Sequence[Sequence[object]]) -> list[list[int]]:
    """For each cell over how many rows it reaches: 0 where the row above says the same."""
    reach = [[1] * len(row) for row in rows]
    for row in range(len(rows) - 1, 0, -1):
        for column, cell in enumerate(rows[row]):
            if rows[row - 1][column] == cell:
                reach[row - 1][column] += reach[row][column]
                reach[row][column] = 0
    return reach


class Compiled(BytecodeCache):
    """Templates as Python, once they have been compiled: each policy has an environment, but all have one code."""

    def __init__(self) -> None:
        self._code: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give a template's code, if it was compiled as it stands."""
        bucket.code = self._code.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a template's code."""
        self._code[bucket.key, bucket.checksum] = bucket.code


COMPILED = Compiled()


def environment(policy: Policy, root: Callable[[], str]) -> Environment:
    """Jinja for our own templates; the policy's texts are values in it and never templates."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=COMPILED,
    )

    def clause_link(id_: str) -> str:
        if id_ not in policy.clauses:
            raise KeyError(id_)
        return f"{root()}{POLICY_PAGE}#{id_}"

    def unclear_link(id_: str) -> str | None:
        """Where to say that a clause is unclear; None where the policy names no repository."""
        if not policy.shop.repository:
            return None
        asked = urlencode({"template": UNCLEAR_FORM, "clause": f"{POLICY_PAGE}#{id_}"})
        return f"{policy.shop.repository.rstrip('/')}/issues/new?{asked}"

    environment.globals |= {
        "policy": policy,
        "say": policy.messages.say,
        "join": policy.messages.join,
        "in_words": policy.messages.date,
        "paragraphs": paragraphs,
        "markup": markup,
        "prose": Prose(clause_link).html,
        "heading": lambda level, title, id_: Markup(heading(level, title, id_)),
        "clause_link": clause_link,
        "unclear_link": unclear_link,
        "outcome_link": lambda id_: f"{root()}{CASES_PAGE}#outcome-{id_}",
        "topic_clauses": lambda topic: {id_: clause for id_, clause in policy.clauses.items() if clause.topic == topic},
    }
    return environment
