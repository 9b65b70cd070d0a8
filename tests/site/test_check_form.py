"""The views of the check page, derived from the policy."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin

import pytest
from bs4 import BeautifulSoup, Tag
from markdown import markdown

from checker import Checker, Policy
from checker.answers.kinds import is_step, kind_of
from checker.answers.parse import UNKNOWN
from checker.policy import Question
from checker.request.letter import LONGEST
from checker.web.dialog import follow_answers, longest_path, progress
from macros.analysis.load import load, loads
from tests.support.markup import check_form, soup
from tests.support.paths import POLICIES, ROOT
from tests.support.renaming import old, renamed
from tests.support.words import join, say

SCRIPTS = sorted((ROOT / "docs").rglob("*.js"))


def parsed(policy: Policy) -> BeautifulSoup:
    return BeautifulSoup(check_form(policy), "html.parser")


@pytest.fixture(scope="module")
def form(policy: Policy) -> BeautifulSoup:
    return parsed(policy)


@pytest.fixture(scope="module", params=sorted(POLICIES.glob("*.yaml")), ids=lambda path: path.stem)
def any_policy(request: pytest.FixtureRequest) -> Policy:
    """Each of the test policies."""
    return load(request.param)


def words(part: Tag | None) -> str:
    assert part is not None
    return " ".join(part.get_text(" ").split())


def part_of(page: Tag, selector: str) -> Tag:
    [part] = page.select(selector)
    return part


def views(form: BeautifulSoup) -> list[str]:
    """The views in their order. Boxes above the columns, and the right column, are parts of their views."""
    return [str(view["data-view"]) for view in form.select(".check-main > [data-view]")]


def asked(policy: Policy) -> dict[str, Question]:
    """The questions with a view."""
    questions = policy.questions.items()
    return {name: question for name, question in questions if is_step(question) or question.unless_given}


def tools(policy: Policy) -> list[str]:
    """The views that follow the result: for proof and for amounts, where the policy asks for them."""
    kinds = {question.answer for question in policy.questions.values()}
    return ["check-prepare"] * ("proof" in kinds) + ["check-refund"] * bool({"amount", "amounts"} & kinds)


# ---- views


def test_views_follow_the_question_order_with_tools_last(any_policy: Policy) -> None:
    form = parsed(any_policy)
    assert views(form) == [*asked(any_policy), "check-result", *tools(any_policy)]
    assert [view["data-view"] for view in form.select("[data-view]:not([hidden])")] == views(form)[:1]


def test_view_shows_question_help_and_advice_when_unsure(policy: Policy, form: BeautifulSoup) -> None:
    for number, (name, question) in enumerate(asked(policy).items()):
        view = part_of(form, f'form[data-view="{name}"]')
        assert view["data-title"] == question.ask
        assert words(view.select_one("legend h1[tabindex='-1']")) == question.ask
        assert [words(help) for help in view.select(f"[id='help-{name}']")] == [question.help] * bool(question.help)
        advice = form.select(f'aside [data-unsure="{name}"]')
        assert [words(part.p) for part in advice] == [question.if_unsure] * bool(question.if_unsure)
        assert [part.has_attr("hidden") for part in advice] == [number > 0] * len(advice)
        assert words(part_of(view, "[type=submit]")) == say("form.next")


def test_page_shows_the_progress_of_its_first_question(any_policy: Policy) -> None:
    form, checker = parsed(any_policy), Checker(any_policy)
    total = longest_path(checker)
    key = "form.progress" if total > 1 else "form.progress_last"
    assert words(part_of(form, "#check-progress")) == say(key, position=1, total=total)
    assert [bar.get("class") for bar in form.select(".progress i")] == [["done"]] + [None] * (total - 1)
    assert {heading["aria-describedby"] for heading in form.select("legend h1")} == {"check-progress"}


def test_answers_to_the_first_question_know_the_progress_of_the_next_one(any_policy: Policy) -> None:
    form, checker = parsed(any_policy), Checker(any_policy)
    first = next(iter(asked(any_policy)))
    choices = form.select(f'[data-view="{first}"] [type="radio"]')
    assert any(choice.has_attr("data-next") for choice in choices) == (any_policy.questions[first].answer != "date")
    for choice in (choice for choice in choices if choice.has_attr("data-next")):
        path = follow_answers(checker, {first: choice["value"]}, any_policy.valid_from)
        place = progress(any_policy, path)[str(path.step)]
        assert (choice["data-next"], choice["data-total"]) == (path.step, str(place["total"]))
        assert (choice["data-progress"], place["position"]) == (place["text"], 2)


def test_every_answer_and_unknown_are_offered(policy: Policy, form: BeautifulSoup) -> None:
    for name, question in asked(policy).items():
        expected = {choice: offer.title for choice, offer in question.offered.items()}
        if not question.unless_given:
            expected[UNKNOWN] = say("pages.unknown")
        fields = form.select(f'[data-view="{name}"] [type="radio"]')
        assert {str(field["value"]): words(labelled(form, field)) for field in fields} == expected
        assert {str(field["name"]) for field in fields} <= {f"answer-{name}"}
        for choice, offer in question.offered.items():
            hint = form.select_one(f"[id='answer-{name}-{choice}-hint']")
            assert (hint and words(hint)) == (
                say("form.examples", examples=join(offer.examples, last="or")) if offer.examples else None
            )


def labelled(form: BeautifulSoup, field: Tag) -> Tag:
    return part_of(form, f"label[for='{field['id']}']")


def test_date_question_has_three_fields_and_a_calendar(policy: Policy, form: BeautifulSoup) -> None:
    for name, question in asked(policy).items():
        fields = form.select(f'[data-view="{name}"] [type="text"]')
        parts = ["day", "month", "year"] if question.answer == "date" else []
        assert [(field["id"], words(labelled(form, field))) for field in fields] == [
            (f"{part}-{name}", say(f"form.{part}")) for part in parts
        ]
        assert len(form.select(f'[data-view="{name}"] .check-calendar[hidden]')) == bool(parts)
        days = {str(day["data-days-ago"]): words(day) for day in form.select(f'[data-view="{name}"] [data-days-ago]')}
        assert days == ({"0": say("form.today_button"), "1": say("form.yesterday_button")} if parts else {})


def test_prepare_view_lists_every_proof_item(any_policy: Policy) -> None:
    form = parsed(any_policy)
    name = next(name for name, question in any_policy.questions.items() if question.answer == "proof")
    view = part_of(form, '.check-main > [data-view="check-prepare"]')
    assert words(part_of(view, f'[data-question="{name}"] h2')) == any_policy.questions[name].name
    proof = {item: entry for clause in any_policy.clauses.values() for item, entry in clause.proof.items()}
    assert [item["data-item"] for item in view.select("[data-item]")] == [*proof]
    for item, entry in proof.items():
        row = part_of(view, f'[data-item="{item}"]')
        box = part_of(row, '[type="checkbox"]')
        label = f"{say('prepare.separate')} : {entry.title}"
        assert (box["name"], box["value"], words(labelled(form, box))) == (f"answer-{name}", item, label)
        assert words(row.h3) == entry.title
        assert [words(hint) for hint in row.select("h3 + p")] == [entry.help] * bool(entry.help)
        assert len(row.select('[type="file"][multiple]')) == (entry.written == "no")
    wishes = {str(wish["value"]): words(labelled(form, wish)) for wish in view.select('[name="check-wish"]')}
    assert wishes == {**any_policy.remedies, "": say("prepare.wish_open")}
    fields = {"check-description", *(f"check-{field}" for field in LONGEST)}
    assert {str(field["id"]) for field in view.select("textarea, .check-letter [type=text]")} == fields


def test_refund_view_asks_for_every_amount(any_policy: Policy) -> None:
    form = parsed(any_policy)
    amounts = {name: question for name, question in any_policy.questions.items() if kind_of(question).is_money}
    questions = form.select('[data-view="check-refund"] [data-question]')
    assert [question["data-question"] for question in questions] == [*amounts]
    for (name, question), part in zip(amounts.items(), questions, strict=True):
        assert words(part.find(["legend", "label"])) == question.ask
        assert part["data-answer"] == question.answer
        field = part_of(part, "input")
        assert (field["id"], field["inputmode"]) == (f"answer-{name}-1", "decimal")
        assert len(part.select('[data-do="add-amount"]')) == (question.answer == "amounts")


def without(*answers: str) -> Callable[[Policy], Policy]:
    """A function that removes the questions of these answer kinds, and the clauses, whose rules would name them."""

    def less(policy: Policy) -> Policy:
        left = {name: question for name, question in policy.questions.items() if question.answer not in answers}
        return dataclasses.replace(policy, questions=left, clauses={})

    return less


@pytest.mark.parametrize(
    ("less", "left"),
    [
        (without("proof"), ["check-refund"]),
        (without("amount", "amounts"), ["check-prepare"]),
        (without("date"), ["check-prepare", "check-refund"]),
        (without("proof", "amount", "amounts", "date"), []),
    ],
)
def test_view_without_questions_is_left_out(
    any_policy: Policy, less: Callable[[Policy], Policy], left: list[str]
) -> None:
    policy = less(any_policy)
    form = parsed(policy)
    left = [tool for tool in tools(any_policy) if tool in left]
    assert views(form) == [*asked(policy), "check-result", *left]
    places = {*re.findall('href="#([^"]+)"', str(form))} - {
        "shop-contact"
    }  # of the template, too; contact is in the foot
    assert places == {"check-result", *left} - ({"check-result"} if not left else set())


# ---- names


def test_every_field_has_a_label_and_every_idref_a_target(any_policy: Policy) -> None:
    form = parsed(any_policy)
    ids = [str(part["id"]) for part in form.select("[id]")]
    assert len(ids) == len(set(ids))
    fields = form.select("input:not([aria-hidden]), textarea")
    assert {label["for"] for label in form.select("label")} == {field["id"] for field in fields}
    references = " ".join(
        str(part[name]) for name in ("aria-describedby", "aria-labelledby") for part in form.select(f"[{name}]")
    ).split()
    assert references
    assert set(references) <= set(ids)


def test_error_describes_the_fields_of_its_question(any_policy: Policy) -> None:
    form = parsed(any_policy)
    for name in any_policy.questions:
        question = part_of(form, f'[data-question="{name}"]')
        error = part_of(question, f"[id='error-{name}']")
        assert error["class"] == ["alarm", "check-error"]
        assert (error["id"], error.get_text(), error.has_attr("hidden")) == (f"error-{name}", "", True)
        described = question if question.has_attr("aria-describedby") else part_of(question, "[aria-describedby]")
        assert f"error-{name}" in str(described["aria-describedby"]).split()


def test_renamed_ids_change_only_the_form_ids() -> None:
    source = (POLICIES / "frozen.yaml").read_text(encoding="utf-8")
    policy, other = loads(source), dataclasses.replace(loads(renamed(source)), digest=loads(source).digest)
    assert check_form(other) != check_form(policy)
    assert old(check_form(other)) == check_form(policy)


HOSTILE = "</p><img src=x onerror=alert(1)> **bold** {{ 7 * 7 }} \"'&amp;"


def hostile(part: Any) -> Any:
    """The same tree with markup in every text of the form."""
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


def test_markup_in_the_policy_is_shown_as_text(policy: Policy, form: BeautifulSoup) -> None:
    shown = parsed(hostile(policy))
    assert HOSTILE in {legend.get_text() for legend in shown.select("legend")}
    assert [part.name for part in shown.find_all()] == [part.name for part in form.find_all()]


def test_markdown_does_not_change_the_form(policy: Policy) -> None:
    html = check_form(policy)
    page = markdown(f"before\n\n{html}\n\nafter", extensions=["md_in_html", "attr_list", "tables"])
    assert page == f"<p>before</p>\n{html}\n\n<p>after</p>"


def test_form_without_script_sends_nothing_and_links_to_the_table(form: BeautifulSoup) -> None:
    sent = {(element["method"], element.get("action")) for element in form.select("form")}
    assert sent == {("dialog", None)}
    for box in ("noscript", ".check-unstarted"):
        assert words(part_of(form, f'{box} a[href="../cases/"]')) == say("page.cases")


def test_every_address_of_the_form_exists_in_the_site(policy: Policy, draft_site: Path) -> None:
    page = soup(draft_site / "check" / "index.html")
    check = part_of(page, ".check")
    start = part_of(page, "script[data-checker]")
    files = [f"{start['data-runtime']}pyodide.mjs", f"{start['data-checker']}pyodide-lock.json"]
    files += [f"{start['data-scripts']}worker.js"]  # a draft has no snapshot
    files += [str(part["src"]) for part in page.find_all(src=True)]
    files = [urljoin("/check/", file) for file in files]
    links = [urljoin("/check/", str(part["href"])) for part in check.find_all(href=re.compile("^[^#]"))]
    assert len([link for link in links if "#" in link]) == len(policy.clauses)
    for address in files + [link for link in links if not link.startswith("https:")]:
        path, _, anchor = address.partition("#")
        file = draft_site / path.strip("/") / ("index.html" if path.endswith("/") else "")
        assert file.is_file(), address
        if anchor:
            assert soup(file).find(id=unquote(anchor)), address


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_script_holds_no_sentence_and_no_policy_id(script: Path, frozen: Policy) -> None:
    code = re.sub(r"/\*.*?\*/|//.*", "", script.read_text(encoding="utf-8"), flags=re.DOTALL)
    texts = re.findall(r"(?s)([\"'`])(.*?)\1", code)
    assert [text for _, text in texts if re.search(r"[A-Za-z]{2,} [a-z]{2,} [a-z]", text)] == []
    ids = {*frozen.questions, *frozen.outcomes, *frozen.clauses, *frozen.remedies, *frozen.costs} - {"proof"}
    assert [text for _, text in texts if text in ids] == []


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_script_creates_no_markup_and_evaluates_no_text(script: Path) -> None:
    forbidden = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|setHTML|\beval\b|\bFunction\("
    assert re.findall(forbidden, script.read_text(encoding="utf-8")) == []


def test_scripts_are_not_empty() -> None:
    assert {script.name for script in SCRIPTS} >= {"main.js", "checker.js", "worker.js"}
