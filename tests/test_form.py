"""The form of the check page, as it comes out of the policy."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin

import pytest
from bs4 import BeautifulSoup, Tag
from markdown import markdown
from renaming import old, renamed

from checker import Policy
from macros.form import check_form
from macros.load import loads

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = sorted((ROOT / "docs" / "assets").glob("check*.js"))


def parsed(policy: Policy) -> BeautifulSoup:
    return BeautifulSoup(check_form(policy), "html.parser")


@pytest.fixture(scope="module")
def form(policy: Policy) -> BeautifulSoup:
    return parsed(policy)


def words(part: Tag) -> str:
    return " ".join(part.get_text(" ").split())


def test_every_question_is_asked_in_the_order_of_the_file(policy: Policy, form: BeautifulSoup) -> None:
    questions = form.select("[data-question]")
    assert [question["data-question"] for question in questions] == [*policy.questions]
    for part, question in zip(questions, policy.questions.values(), strict=True):
        heading = part.find(["legend", "label"])
        assert heading is not None
        assert words(heading) == question.ask
        for text in (question.help, question.if_unsure):
            assert text is None or text in words(part)


def test_every_answer_is_offered_and_i_do_not_know_too(policy: Policy, form: BeautifulSoup) -> None:
    for name, question in policy.questions.items():
        offered = [*form.select(f'[name="{name}"][value]')]
        choices = {**(question.choices or {}), **(question.or_ or {})}
        if question.answer == "proof":
            choices = {item: each for clause in policy.clauses.values() for item, each in clause.proof.items()}
        expected = {item: choice.title for item, choice in choices.items()}
        if question.answer == "one choice" or (question.answer == "date" and not question.unless_given):
            expected["unknown"] = "I don’t know"
        labels = {str(each["value"]): form.select_one(f'label[for="{each["id"]}"]') for each in offered}
        assert {value: label and words(label) for value, label in labels.items()} == expected


@pytest.mark.parametrize(
    ("answer", "field"),
    [
        ("one choice", '[type="radio"]'),
        ("proof", '[type="checkbox"]'),
        ("date", '[type="date"]'),
        ("amount", '[type="text"][inputmode="decimal"]'),
    ],
)
def test_an_errors_link_finds_the_first_field_of_its_question(
    policy: Policy, form: BeautifulSoup, answer: str, field: str
) -> None:
    for name in (name for name, question in policy.questions.items() if question.answer == answer):
        question = form.select_one(f'[data-question="{name}"]')
        assert question
        first = question.find("input")
        assert first is question.select_one(field)
        assert first["id"] == name


def test_every_field_has_a_label_and_every_reference_leads_somewhere(form: BeautifulSoup) -> None:
    ids = [str(part["id"]) for part in form.select("[id]")]
    assert len(ids) == len(set(ids))
    labelled = {label["for"] for label in form.select("label")}
    assert labelled == {field["id"] for field in form.select("input")}
    references = " ".join(str(part["aria-describedby"]) for part in form.select("[aria-describedby]")).split()
    assert references
    assert set(references) <= set(ids)


def test_questions_that_need_no_answer_stand_in_folds(policy: Policy, form: BeautifulSoup) -> None:
    optional = {name for name, each in policy.questions.items() if each.answer == "amount" or each.unless_given}
    assert {part["data-question"] for part in form.select("details [data-question]")} == optional


def test_other_ids_change_the_ids_of_the_form_and_nothing_else() -> None:
    source = (ROOT / "tests" / "policies" / "frozen.yaml").read_text(encoding="utf-8")
    policy, other = loads(source), dataclasses.replace(loads(renamed(source)), digest=loads(source).digest)
    assert check_form(other) != check_form(policy)
    assert old(check_form(other)) == check_form(policy)


HOSTILE = "</p><img src=x onerror=alert(1)> **bold** {{ 7 * 7 }} \"'&amp;"


def hostile(part: Any) -> Any:
    """The same tree with markup in every text that stands in the form."""
    if isinstance(part, dict):
        return {name: hostile(value) for name, value in part.items()}
    if not dataclasses.is_dataclass(part) or isinstance(part, type):
        return part
    texts = ("ask", "help", "if_unsure", "title")
    changes = {
        field.name: HOSTILE if field.name in texts and getattr(part, field.name) else hostile(getattr(part, field.name))
        for field in dataclasses.fields(part)
    }
    return dataclasses.replace(part, **changes)


def test_markup_in_the_policy_is_shown_as_it_is_typed(policy: Policy, form: BeautifulSoup) -> None:
    shown = parsed(hostile(policy))
    assert HOSTILE in {legend.get_text() for legend in shown.select("legend")}
    assert [part.name for part in shown.find_all()] == [part.name for part in form.find_all()]


def test_markdown_leaves_the_form_as_it_is(policy: Policy) -> None:
    html = check_form(policy)
    page = markdown(f"before\n\n{html}\n\nafter", extensions=["md_in_html", "attr_list", "tables"])
    assert page == f"<p>before</p>\n{html}\n\n<p>after</p>"


def test_without_its_script_the_form_sends_nothing(form: BeautifulSoup) -> None:
    [element] = form.select("form")
    assert (element["method"], element.get("action")) == ("dialog", None)
    assert all(button.find_parent(hidden=True) for button in form.select("form button"))
    assert form.select_one('noscript a[href="../cases/"]')


def test_every_address_of_the_form_is_in_the_site(policy: Policy, site: Path) -> None:
    page = BeautifulSoup((site / "check" / "index.html").read_text(encoding="utf-8"), "html.parser")
    [check] = page.select(".check")
    files = [f"{check['data-runtime']}pyodide.mjs", f"{check['data-checker']}pyodide-lock.json"]
    files += [urljoin("/check/", str(part["src"])) for part in check.find_all(src=True)]
    links = [urljoin("/check/", str(part["href"])) for part in check.find_all(href=re.compile("^[^#]"))]
    assert len([link for link in links if "#" in link]) == len(policy.clauses)
    for address in files + links:
        path, _, anchor = address.partition("#")
        file = site / path.strip("/") / ("index.html" if path.endswith("/") else "")
        assert file.is_file(), address
        if anchor:
            assert BeautifulSoup(file.read_text(encoding="utf-8"), "html.parser").find(id=unquote(anchor)), address


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_a_script_holds_no_sentence_and_no_id_of_the_policy(script: Path, policy: Policy) -> None:
    code = re.sub(r"/\*.*?\*/|//.*", "", script.read_text(encoding="utf-8"), flags=re.DOTALL)
    texts = re.findall(r"(?s)([\"'`])(.*?)\1", code)
    assert [text for _, text in texts if re.search(r"[A-Za-z]{2,} [a-z]{2,} [a-z]", text)] == []
    ids = {*policy.questions, *policy.outcomes, *policy.clauses, *policy.remedies, *policy.costs} - {"proof"}
    assert [text for _, text in texts if text in ids] == []


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_a_script_makes_no_markup_and_runs_no_text(script: Path) -> None:
    forbidden = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|setHTML|\beval\b|\bFunction\("
    assert re.findall(forbidden, script.read_text(encoding="utf-8")) == []


def test_there_are_scripts_to_look_at() -> None:
    assert [script.name for script in SCRIPTS] == ["check-worker.js", "check.js"]
