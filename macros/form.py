"""The check page: a view for each question of the policy, for the result, and for what can be done with it."""

from __future__ import annotations

from checker.flow import is_asked
from checker.policy import Policy
from macros.bundle import folders
from macros.pages import environment


def check_form(policy: Policy, *, root: str = "../") -> str:
    """All views of the page, its notices, and the script that brings them to life; the first question is shown.

    It is one block of raw HTML for a Markdown page. The names of the fields are the questions' ids.

    Args:
        policy: The policy with its digest.
        root: The way from the page to the site's root, with a slash at its end.

    Raises:
        BundleError: The browser's runtime has not been installed.
    """
    runtime, checker = folders(policy.digest)
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
            root=root,
            runtime=runtime,
            checker=checker,
        )
    )
    return "\n".join(filter(str.strip, html.splitlines()))  # a blank line would end the block for Markdown
