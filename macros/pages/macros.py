"""The macros that the pages in docs/ call: each renders the template of its name in templates/."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from checker import Checker, Policy
from checker.answers.kinds import StoredAnswer, is_step, kind_of
from checker.answers.parse import UNKNOWN
from checker.engine.parts import COSTS
from checker.explain.decision_table import Table, decision_table
from checker.explain.drawing import timeline_drawing
from checker.explain.explanation import explain
from checker.policy import Question
from checker.values.durations import holidays_left_out, waits
from checker.web.dialog import Progress, answer_text, follow_answers, progress
from macros.analysis.proof import prove
from macros.pages.clauses import Clauses
from macros.pages.condition_text import Conditions, Sentences, marked
from macros.pages.icons import icon
from macros.pages.markdown import contact_link, heading, markup, paragraphs, prose
from macros.pages.window_figures import window_figures
from macros.policyfile.errors import PolicyError
from macros.policyfile.structure import check_structure
from macros.policyfile.yaml_reader import parse
from macros.project import ROOT

TEMPLATES = Path(__file__).parent / "templates"
MACROS = tuple(sorted(file.stem for file in TEMPLATES.glob("[!_]*.html")))
"""The names of the macros."""
POLICY_PAGE = "policy/"
CASES_PAGE = "cases/"
UNCLEAR_FORM = "unclear.yml"
"""In .github/ISSUE_TEMPLATE; one of its fields is called clause."""
EDITING = ROOT / "EDITING.md"
"""The editors' guide by example. tests/support/guide.py writes it."""


@dataclass(frozen=True, slots=True)
class Step:
    """A question of the check page."""

    question: str
    progress: Progress


class Pages:
    """The macros for one policy, whose texts are escaped values and never templates."""

    def __init__(self, policy: Policy, source: str, root: Callable[[], str]) -> None:
        """Takes the policy, its source, and a function returning the relative path from the page to the site root."""
        self._policy = policy
        self._source = source
        self._root = root
        self.checker = Checker(policy)
        self._conditions = Conditions(policy)
        say = policy.messages.say
        costs = [marked(f"{COSTS}.{id_}", say("pages.quote", text=text)) for id_, text in policy.costs.items()]
        self._environment = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters["without_blank_lines"] = without_blank_lines
        self._environment.globals |= {
            "policy": policy,
            "root": root,
            "say": say,
            "join": policy.messages.join,
            "in_words": policy.messages.date,
            "conditions": self._conditions,
            "clauses": Clauses(policy, self._conditions),
            "window_figures": cache(lambda: window_figures(self.checker.compiled, self._conditions)),
            "costs_in_order": self._conditions.join(costs, "and"),
            "paragraphs": paragraphs,
            "markup": markup,
            "prose": prose(self._clause_link),
            "heading": heading,
            "contact_link": contact_link,
            "clause_link": self._clause_link,
            "unclear_link": self._unclear_link,
            "outcome_link": lambda id_: f"{root()}{CASES_PAGE}#outcome-{id_}",
            "topic_clauses": lambda topic: {id_: c for id_, c in policy.clauses.items() if c.topic == topic},
            "questions_in": self._questions_in,
            "icon": icon,
            "first_step": lambda: first_step(self.checker),
            "next_steps": lambda: next_steps(self.checker),
            "process": self._process,
            "holidays_left_out": lambda step: holidays_left_out(policy, waits(policy, step)),
            "decision_table": lambda: decision_table(self.checker),
            "rowspans": rowspans,
            "decide": self.checker.decide,
            "explain": explain,
            "timeline_drawing": timeline_drawing,
            "answer": self._answer,
            "prove": lambda: prove(self.checker.compiled),
            "editing": lambda: "".join(EDITING.read_text(encoding="utf-8").partition("## ")[1:]),
            "sample_error": self._sample_error,
            "order_link": self._order_link,
        }

    def render(self, macro: str) -> str:
        """A part of a page, as Markdown or HTML with all texts escaped."""
        return self._environment.get_template(f"{macro}.html").render()

    def _clause_link(self, id_: str) -> str:
        if id_ not in self._policy.clauses:
            raise KeyError(id_)
        return f"{self._root()}{POLICY_PAGE}#{id_}"

    def _unclear_link(self, id_: str) -> str | None:
        """The link to report an unclear clause; None if the policy names no repository."""
        repository = self._policy.shop.repository
        query = urlencode({"template": UNCLEAR_FORM, "clause": f"{POLICY_PAGE}#{id_}"})
        return f"{repository.rstrip('/')}/issues/new?{query}" if repository else None

    def _questions_in(self, view: str) -> dict[str, Question]:
        """The questions that a view of the check page asks."""
        return {name: question for name, question in self._policy.questions.items() if kind_of(question).view == view}

    def _process(self, outcome: str) -> dict[str, tuple[Sentences, ...]]:
        """The steps that can follow an outcome, each with its other conditions."""
        under = partial(self._conditions.alternatives_under, compiled=self.checker.compiled, outcome=outcome)
        possible = {name: under(step.when) for name, step in self._policy.steps.items()}
        return {name: alternatives for name, alternatives in possible.items() if alternatives is not None}

    def _answer(self, question: str, answer: str | tuple[str, ...]) -> list[str]:
        """An answer of an example in the customer's words: one line, or one for each item."""
        parts: Sequence[StoredAnswer] = [answer] if isinstance(answer, str) else [[part] for part in answer] or [[]]
        return [answer_text(self._policy, question, part) for part in parts]

    def _sample_error(self) -> PolicyError:
        """The real error for a misspelt key in this policy's file."""
        source = parse(f"{self._source}\nsumary: {{}}\n", "policy.yaml")
        return source.error(check_structure(source.data).problems[0])

    def _order_link(self) -> str:
        """A sample of a link to the checker, with answers that a shop knows of an order."""
        day = self._policy.messages.say("pages.sample_day")
        return "&".join(
            f"{name}={next(iter(kind_of(question).options(question)), day)}"
            for name, question in self._policy.questions.items()
            if question.about == "order" and is_step(question)
        )


def first_step(checker: Checker) -> Step | None:
    """The first question, with its progress; None if the policy asks none on the way to a result."""
    return _step(checker, {})


def next_steps(checker: Checker) -> dict[str, Step]:
    """The question after each answer to the first one, so that the page can show it before the checker has started.

    Answers that lead to the result are left out. Empty if the first question takes typed answers, which may be invalid.
    """
    if not (first := first_step(checker)):
        return {}
    options = kind_of(checker.policy.questions[first.question]).options(checker.policy.questions[first.question])
    steps = {value: _step(checker, {first.question: value}) for value in (*options, UNKNOWN) if options}
    return {value: step for value, step in steps.items() if step}


def _step(checker: Checker, answers: Mapping[str, str]) -> Step | None:
    path = follow_answers(checker, answers, checker.policy.valid_from)
    return Step(path.step, progress(checker.policy, path)[path.step]) if path.step else None


def rowspans(table: Table) -> list[list[int]]:
    """The rowspan of each cell of the table: 0 if it repeats the cell above."""
    rows = [[*map(row.cells.get, table.questions), row.outcome, row.clauses] for row in table.rows]
    result = [[1] * len(row) for row in rows]
    for row in range(len(rows) - 1, 0, -1):
        for column, cell in enumerate(rows[row]):
            if rows[row - 1][column] == cell:
                result[row - 1][column] += result[row][column]
                result[row][column] = 0
    return result


def without_blank_lines(html: str) -> str:
    """The same HTML as one block for Markdown, which a blank line would end."""
    return "\n".join(filter(str.strip, html.splitlines()))
