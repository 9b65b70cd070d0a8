"""The macros that the pages in docs/ call: each renders the template of its name in templates/."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from checker import Checker, Policy
from checker.answers.kinds import StoredAnswer, is_step, kind_of
from checker.engine.parts import COSTS
from checker.explain.explanation import explain
from checker.policy import Question
from checker.request.pictures import LIMITS, TYPES
from checker.values.durations import holidays_left_out, waits
from checker.web.dialog import answer_text, longest_path
from macros.analysis.proof import prove
from macros.pages.clauses import Clauses
from macros.pages.condition_text import Conditions, marked
from macros.pages.early_steps import first_step, next_steps
from macros.pages.exported import exported
from macros.pages.home import certain_steps, first_choices, first_question, implied_answers
from macros.pages.icons import icon
from macros.pages.markdown import heading, paragraphs, prose
from macros.pages.outcomes import outcome_lines
from macros.pages.window_figures import window_figures
from macros.policyfile.errors import PolicyError
from macros.policyfile.structure import check_structure
from macros.policyfile.yaml_reader import parse
from macros.project import ROOT

TEMPLATES = Path(__file__).parent / "templates"
MACROS = tuple(sorted(file.stem for file in TEMPLATES.glob("[!_]*.html")))
"""The names of the macros."""
CHECK_PAGE, POLICY_PAGE, RULES_PAGE = "check/", "policy/", "rules/"
PICTURE_DAYS = 7
"""How long a browser keeps the pictures of a request."""
UNCLEAR_FORM = "unclear.yml"
"""In .github/ISSUE_TEMPLATE; one of its fields is called clause."""
ACCESSIBILITY = Path(__file__).parent / "accessibility.toml"
EDITING = ROOT / "EDITING.md"
"""The editors' guide by example. tests/support/guide.py writes it."""


class Pages:
    """The macros for one policy, whose texts are escaped values and never templates."""

    def __init__(self, policy: Policy, source: str, root: Callable[[], str]) -> None:
        """Takes the policy, its source, and a function returning the relative path from the page to the site root."""
        self._policy = policy
        self._source = source
        self._root = root
        self.checker = Checker(policy)
        self._conditions = Conditions(policy)
        self._window_figures = cache(lambda: window_figures(self.checker.compiled, self._conditions))
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
            "window_figures": self._window_figures,
            "figures_of": lambda clauses: [figure for id_ in clauses for figure in self._window_figures().get(id_, ())],
            "costs_in_order": self._conditions.join(costs, "and"),
            "paragraphs": paragraphs,
            "prose": prose(self._clause_link),
            "heading": heading,
            "icon": icon,
            "clause_link": self._clause_link,
            "rules_link": lambda id_: f"{root()}{RULES_PAGE}#{id_}",
            "check_link": self._check_link,
            "unclear_link": self._unclear_link,
            "topic_clauses": lambda topic: {id_: c for id_, c in policy.clauses.items() if c.topic == topic},
            "questions_in": self._questions_in,
            "picture_days": PICTURE_DAYS,
            "first_step": lambda: first_step(self.checker),
            "next_steps": lambda: next_steps(self.checker),
            "first_question": lambda: first_question(self.checker),
            "first_choices": first_choices,
            "longest_path": lambda: longest_path(self.checker),
            "implied_answers": lambda clause: implied_answers(policy, clause),
            "certain_steps": lambda: certain_steps(self.checker.compiled),
            "holidays_left_out": lambda step: holidays_left_out(policy, waits(policy, step)),
            "outcome_lines": lambda: outcome_lines(self.checker.compiled, self._conditions),
            "decide": self.checker.decide,
            "explain": explain,
            "answer": self._answer,
            "prove": lambda: prove(self.checker.compiled),
            "editing": lambda: "".join(EDITING.read_text(encoding="utf-8").partition("## ")[1:]),
            "sample_error": self._sample_error,
            "order_link": self._order_link,
            "picture_limits": LIMITS,
            "picture_types": ",".join(TYPES),
            "exported": cache(lambda: exported(policy)),
            "accessibility": tomllib.loads(ACCESSIBILITY.read_text(encoding="utf-8")),
        }

    def render(self, macro: str) -> str:
        """A part of a page, as Markdown or HTML with all texts escaped."""
        return self._environment.get_template(f"{macro}.html").render()

    def _clause_link(self, id_: str) -> str:
        if id_ not in self._policy.clauses:
            raise KeyError(id_)
        return f"{self._root()}{POLICY_PAGE}#{id_}"

    def _check_link(self, answers: Mapping[str, str]) -> str:
        """The link to the check with some answers given; the sign at its end shows that the last one is whole."""
        fragment = f"#{urlencode(answers)}&" if answers else ""
        return f"{self._root()}{CHECK_PAGE}{fragment}"

    def _unclear_link(self, id_: str) -> str | None:
        """The link to report an unclear clause; None if the policy names no repository."""
        repository = self._policy.shop.repository
        query = urlencode({"template": UNCLEAR_FORM, "clause": f"{POLICY_PAGE}#{id_}"})
        return f"{repository.rstrip('/')}/issues/new?{query}" if repository else None

    def _questions_in(self, view: str) -> dict[str, Question]:
        """The questions that a view of the check page asks."""
        return {name: question for name, question in self._policy.questions.items() if kind_of(question).view == view}

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
        return "".join(
            f"{name}={next(iter(kind_of(question).options(question)), day)}&"
            for name, question in self._policy.questions.items()
            if question.about == "order" and is_step(question)
        )


def without_blank_lines(html: str) -> str:
    """The same HTML as one block for Markdown, which a blank line would end."""
    return "\n".join(filter(str.strip, html.splitlines()))
