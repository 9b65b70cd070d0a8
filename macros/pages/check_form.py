"""The check page: a view for each question of the policy, for the result, and for what can be done with it."""

from __future__ import annotations

from collections.abc import Mapping

from checker.answers.parse import UNKNOWN
from checker.decide import Checker
from checker.policy import Policy
from checker.web.dialog import is_asked, walk
from macros.pages.macros import environment


def follows(policy: Policy) -> dict[str, str]:
    """The question that follows each answer to the first one: the page shows it before the checker has come.

    Answers that lead to the result are left out, and so is all when the first question is one for a day: what was typed
    may be none.
    """
    checker, today = Checker(policy), policy.valid_from
    first = walk(checker, {}, today).step
    if first is None or policy.questions[first].answer != "one choice":
        return {}
    steps = {value: walk(checker, {first: value}, today).step for value in (*policy.questions[first].offered, UNKNOWN)}
    return {value: step for value, step in steps.items() if step}


def check_form(policy: Policy, *, root: str = "../", follows: Mapping[str, str] | None = None) -> str:
    """All views of the page and its notices; the first question is shown.

    It is one block of raw HTML for a Markdown page.

    Args:
        policy: The policy with its digest.
        root: The way from the page to the site's root, with a slash at its end.
        follows: What the page shows behind each first answer without asking the checker, as ``follows`` says it.
    """
    questions = policy.questions.items()
    html = (
        environment(policy, lambda: root)
        .get_template("form.html")
        .render(
            # A day that stands for itself is asked only of those who change it.
            asks={name: question for name, question in questions if is_asked(question) or question.unless_given},
            proof_question=next((name for name, question in questions if question.answer == "proof"), None),
            proof=policy.proof,
            amounts={name: question for name, question in questions if question.is_amount},
            follows=follows or {},
            root=root,
        )
    )
    return "\n".join(filter(str.strip, html.splitlines()))  # a blank line would end the block for Markdown
