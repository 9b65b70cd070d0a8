"""The views of the check page: one for each step, for the result, and for the tools beside the result."""

from __future__ import annotations

from collections.abc import Mapping

from checker.answers.kinds import kind_of
from checker.answers.parse import UNKNOWN
from checker.decide import Checker
from checker.policy import Policy, Question
from checker.web.dialog import follow_answers
from macros.pages.environment import environment


def next_questions(policy: Policy) -> dict[str, str]:
    """The question after each answer to the first one, so that the page can show it before the checker has started.

    Answers that lead to the result are left out. Empty if the first question takes typed answers, which may be invalid.
    """
    checker, today = Checker(policy), policy.valid_from
    first = follow_answers(checker, {}, today).step
    options = kind_of(policy.questions[first]).options(policy.questions[first]) if first else ()
    if not first or not options:
        return {}
    steps = {value: follow_answers(checker, {first: value}, today).step for value in (*options, UNKNOWN)}
    return {value: step for value, step in steps.items() if step}


def check_form(policy: Policy, *, root: str = "../", follows: Mapping[str, str] | None = None) -> str:
    """All views and notices of the page, with the first question visible: one block of raw HTML for a Markdown page.

    ``root`` is the relative path from the page to the site's root, with a slash at its end; ``follows`` is the result
    of ``next_questions``.
    """

    def asked_in(view: str) -> dict[str, Question]:
        return {name: question for name, question in policy.questions.items() if kind_of(question).view == view}

    html = (
        environment(policy, lambda: root)
        .get_template("form.html")
        .render(
            views={view: asked_in(view) for view in ("step", "prepare", "refund")},
            template=lambda question: f"answers/{question.answer.replace(' ', '_')}.html",
            follows=follows or {},
            root=root,
        )
    )
    return "\n".join(filter(str.strip, html.splitlines()))  # a blank line would end the block for Markdown
