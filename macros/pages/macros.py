"""The macros that the pages in docs/ call: the public methods of `Pages`, most with a template of the same name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

from markupsafe import Markup

from checker import Checker, Policy
from checker.answers.kinds import StoredAnswer, is_step, kind_of
from checker.engine.parts import COSTS
from checker.explain.decision_table import decision_table
from checker.explain.drawing import Tree, timeline_drawing
from checker.explain.explanation import explain
from checker.policy import Example, Expectation
from checker.values.durations import holidays_left_out, waits
from checker.web.dialog import answer_text
from macros.analysis.load import loads
from macros.analysis.proof import prove
from macros.pages.clauses import Clauses
from macros.pages.condition_text import Conditions, marked
from macros.pages.environment import environment
from macros.pages.markdown import contact_link, heading, paragraphs
from macros.pages.window_figures import Figure, window_figures
from macros.policyfile.errors import PolicyErrors
from macros.project import ROOT

EDITING = ROOT / "EDITING.md"
"""The editors' guide by example. tests/support/guide.py writes it."""


class Pages:
    """The macros for one policy. All return Markdown or HTML with all texts escaped."""

    def __init__(self, policy: Policy, source: str, root: Callable[[], str]) -> None:
        """Takes the policy, its source, and a function returning the relative path from the page to the site root."""
        self._source = source
        self._policy = policy
        self.checker = Checker(policy)
        self._conditions = Conditions(policy)
        self._clauses = Clauses(policy, self._conditions)
        self._templates = environment(policy, root)
        self._templates.globals["conditions"] = self._conditions

    def policy_title(self) -> str:
        """The page's main heading: the name of the policy."""
        return heading(1, self._policy.title, "top")

    def version_line(self) -> str:
        """The version of the policy, and its first day."""
        return self._render("version_line.html")

    def summary(self) -> str:
        """The policy at a glance, as cards that link to their clauses."""
        return self._render("summary.html", figures=self._window_figures)

    def topics(self) -> str:
        """Links to the parts of the policy page."""
        return self._render("topics.html")

    def policy_text(self) -> str:
        """Every clause with its rules, by topic."""
        return self._render("policy_text.html", clauses=self._clauses, figures=self._window_figures)

    def contact(self) -> str:
        """The addresses for requests and questions, or a note that the shop has not entered them."""
        return self._render("contact.html", link=contact_link)

    def proof_list(self) -> str:
        """The proof items, and the cases that need them."""
        return self._render("proof_list.html")

    def reminders(self) -> str:
        """The reminders, and their cases."""
        return self._render("reminders.html")

    def steps(self) -> str:
        """The steps after each outcome, in order."""
        processes = {outcome: self._process(outcome) for outcome in self._policy.outcomes}
        return self._render("steps.html", processes={o: steps for o, steps in processes.items() if steps})

    def decision_table(self) -> str:
        """The decision table of the page cases/: every case that the policy distinguishes."""
        table = decision_table(self.checker)
        if table is None:
            return self._policy.messages.say("pages.table_too_large")
        rows = [[*map(row.cells.get, table.questions), row.outcome, row.clauses] for row in table.rows]
        return self._render("decision_table.html", table=table, rowspans=rowspans(rows))

    def outcomes(self) -> str:
        """The meaning of each outcome, and what to do then."""
        costs = (marked(f"{COSTS}.{id_}", text) for id_, text in self._policy.costs.items())
        return self._render("outcomes.html", costs=self._conditions.join(costs, "and"))

    def worked_examples(self) -> str:
        """The worked examples, with the checker's answers."""
        return self._render("worked_examples.html", explanation=self._explanation, answer=self._answer)

    def proof_report(self) -> str:
        """The result of the proof over all cases, with notes for editors."""
        return self._render("proof_report.html", proof=prove(self._policy, self.checker.compiled), answer=self._answer)

    def editing(self) -> str:
        """The editors' guide by example, without its head."""
        return "".join(EDITING.read_text(encoding="utf-8").partition("## ")[1:])

    def editors_note(self) -> str:
        """The note for editors on the source of the policy."""
        return self._render("editors_note.html", texts=paragraphs(self._policy.editors_note))

    def not_entered(self) -> str:
        """The facts about the shop that are still missing."""
        shop = self._policy.shop
        missing = [key for key, entry in {"contact": shop.contact, "apply at": shop.apply_at}.items() if not entry]
        return self._render("not_entered.html", missing=missing)

    def sample_error(self) -> str:
        """The real error message for a misspelt key in this policy's file."""
        try:
            loads(f"{self._source}\nsumary: {{}}\n")
        except PolicyErrors as errors:
            return self._render("sample_error.html", error=errors.errors[0])
        raise AssertionError("a misspelt key was accepted")

    def order_link(self) -> str:
        """A sample link to the checker with answers that a shop knows of an order, and all questions of an order."""
        order = {name: question for name, question in self._policy.questions.items() if question.about == "order"}
        answers = {
            name: next(iter(kind_of(question).options(question)), self._policy.messages.say("pages.sample_day"))
            for name, question in order.items()
            if is_step(question)
        }
        link = "&".join(f"{name}={sample}" for name, sample in answers.items())
        return self._render("order_link.html", link=link, questions=[question.ask for question in order.values()])

    @cached_property
    def _window_figures(self) -> Mapping[str, Sequence[Figure]]:
        return window_figures(self.checker.compiled, self._conditions)

    def _process(self, outcome: str) -> list[Mapping[str, Any]]:
        """The steps that can follow an outcome, each with its other conditions and its waits."""
        return [
            {
                "name": name,
                "step": step,
                "alternatives": alternatives,
                "expect": [(name, *self._wait(wait)) for name, wait in step.expect.items()],
                "holidays": holidays_left_out(self._policy, waits(self._policy, step)),
            }
            for name, step in self._policy.steps.items()
            if (alternatives := self._conditions.alternatives_under(step.when, self.checker.compiled, outcome))
            is not None
        ]

    def _wait(self, wait: Expectation) -> tuple[Markup, Markup]:
        """The duration of a wait, and the day from which it is counted."""
        duration = self._conditions.say("pages.expect", length=self._conditions.duration(wait.wait))
        return duration, self._conditions.say("pages.expect_from", question=self._conditions.question(wait.after))

    def _explanation(self, example: Example) -> tuple[Any, Tree | None]:
        """The checker's explanation of an example, and the drawing of its timeline."""
        verdict = self.checker.decide(example.answers, example.today)
        return explain(self._policy, verdict), timeline_drawing(self._policy, verdict)

    def _answer(self, question: str, answer: str | tuple[str, ...]) -> list[str]:
        """An answer of an example in the customer's words: one line, or one for each item."""
        parts: Sequence[StoredAnswer] = [answer] if isinstance(answer, str) else [[part] for part in answer] or [[]]
        return [answer_text(self._policy, question, part) for part in parts]

    def _render(self, template: str, **names: Any) -> str:
        return self._templates.get_template(template).render(names)


MACROS = tuple(name for name, member in vars(Pages).items() if callable(member) and not name.startswith("_"))
"""The names of the macros."""


def rowspans(rows: Sequence[Sequence[object]]) -> list[list[int]]:
    """The rowspan of each cell: 0 if it repeats the cell above."""
    result = [[1] * len(row) for row in rows]
    for row in range(len(rows) - 1, 0, -1):
        for column, cell in enumerate(rows[row]):
            if rows[row - 1][column] == cell:
                result[row - 1][column] += result[row][column]
                result[row][column] = 0
    return result
