"""The form of the check page, made from the policy's questions and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from checker.policy import Policy, ProofItem, Question
from checker.words import join, say
from macros.bundle import folders

TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("templates")),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=StrictUndefined,
)


def check_form(policy: Policy, *, root: str = "../") -> str:
    """The form, the places for its result and its notices, and the script that brings them to life.

    It is one block of raw HTML for a Markdown page. Ids and names of the fields are the questions' ids.

    Args:
        policy: The policy with its digest.
        root: The way from the page to the site's root, with a slash at its end.

    Raises:
        BundleError: The browser's runtime has not been installed.
    """
    runtime, checker = folders(policy.digest)
    html = TEMPLATES.get_template("form.html").render(
        policy=policy,
        groups=[(group, dict(questions)) for group, questions in groupby(policy.questions.items(), _group)],
        proof=dict(_proof(policy)),
        root=root,
        runtime=runtime,
        checker=checker,
        say=say,
        join=join,
    )
    return "\n".join(filter(str.strip, html.splitlines()))  # a blank line would end the block for Markdown


def _group(item: tuple[str, Question]) -> str:
    """Questions of a kind that need not be answered share one fold."""
    _, question = item
    if question.answer == "amount":
        return "amounts"
    return "optional" if question.unless_given else "asked"


def _proof(policy: Policy) -> Iterator[tuple[str, ProofItem]]:
    for clause in policy.clauses.values():
        yield from clause.proof.items()
