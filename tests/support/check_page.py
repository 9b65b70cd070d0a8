"""The page object of the check page: it answers questions and derives from Python what must be shown next."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from PIL import Image

from checker import Checker, Policy
from checker.answers.kinds import is_step, kind_of
from checker.answers.parse import UNKNOWN
from checker.policy import Example
from checker.web import api, permalink
from checker.web.dialog import DialogPath, follow_answers
from checker.web.response import respond
from tests.support.browser_session import BrowserSession
from tests.support.words import say

RESULT, PREPARE, REFUND = "check-result", "check-prepare", "check-refund"

SECRET = "A camera of mine"
"""Metadata of test pictures that must not be published."""

type Answers = Mapping[str, Any]
"""Answers by question id."""

# Records what leaves the page: downloads by name, and texts for the clipboard.
RECORD_OUTPUTS = """
globalThis.outputs = { downloads: [], copies: [], shares: [], refusesCopies: false, blobs: new Map() };
const { createObjectURL } = URL;
URL.createObjectURL = (blob) => {
  const address = createObjectURL.call(URL, blob);
  outputs.blobs.set(address, blob);
  return address;
};
HTMLAnchorElement.prototype.click = function () {
  outputs.downloads.push([this.download, this.href]);
};
const writeText = async (text) => {
  if (outputs.refusesCopies) throw new Error("refused");
  outputs.copies.push(text);
};
Object.defineProperty(navigator, "clipboard", { value: { writeText } });
const share = async ({ title, text, files = [] }) => {
  if (outputs.refusesShares) throw new DOMException("refused", outputs.refusesShares);
  outputs.shares.push({ title, text, files: files.map(({ name, type, size }) => ({ name, type, size })) });
};
Object.defineProperty(navigator, "share", { value: share });
Object.defineProperty(navigator, "canShare", { value: ({ files }) => !files || !outputs.refusesFiles });
"""

BYTES = """async (address) => {
  const bytes = new Uint8Array(await outputs.blobs.get(address).arrayBuffer());
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}"""


def example_by_outcome(policy: Policy) -> dict[str, Example]:
    """The first worked example of each outcome that has one, in the order of the outcomes."""
    examples = {example.outcome: example for example in reversed([*policy.examples.values()])}
    return {outcome: examples[outcome] for outcome in policy.outcomes if outcome in examples}


def as_raw(answers: Answers) -> dict[str, Any]:
    """Answers as a page stores them."""
    return {name: list(answer) if isinstance(answer, tuple) else answer for name, answer in answers.items()}


def questions_of_kind(policy: Policy, kind: str) -> list[str]:
    """The questions of an answer kind."""
    return [name for name, question in policy.questions.items() if question.answer == kind]


def example_with_amounts(policy: Policy) -> Example:
    """The first worked example that has an estimate and can have a request; skips the test if there is none."""
    amounts = {*questions_of_kind(policy, "amount")} if questions_of_kind(policy, "proof") else set()
    examples = (example for example in policy.examples.values() if amounts and amounts <= {*example.answers})
    return first(examples, "worked example with amounts, and a question for proof")


def without_amounts(policy: Policy, answers: Answers) -> dict[str, Any]:
    """The answers that are no amounts."""
    return {name: answer for name, answer in answers.items() if not kind_of(policy.questions[name]).is_money}


def first[T](items: Iterable[T], description: str) -> T:
    """The first item; skips the test if the live policy has none."""
    for item in items:
        return item
    pytest.skip(f"The live policy has no {description}.")


def write_photo(path: Path) -> Path:
    """Write a picture as a phone does, with camera model and place in its metadata."""
    exif = Image.Exif()
    exif[0x0110] = SECRET  # the model
    exif.get_ifd(0x8825).update({1: "N", 2: (48.0, 51.0, 30.0), 3: "E", 4: (2.0, 17.0, 40.0)})
    Image.new("RGB", (64, 48), "teal").save(path, "JPEG", exif=exif, comment=SECRET.encode())
    return path


class CheckPage:
    """The check page in a browser session, on one day.

    Args:
        base: The path of the site on its host, such as `b/`; empty for the root.
    """

    def __init__(self, session: BrowserSession, policy: Policy, today: date, base: str = "") -> None:
        self.session = session
        self.policy = policy
        self.checker = Checker(policy)
        self.base = base
        if RECORD_OUTPUTS not in session.server.init_script:
            session.add_init_script(RECORD_OUTPUTS)
        self.set_today(today)
        # From the file, because an answer may have changed the title of the page.
        html = (session.server.folder / base / "check/index.html").read_text(encoding="utf-8")
        title = unescape(html.partition("<title>")[2].partition("</title>")[0])
        self.site_title = title.removeprefix(say("title.check"))

    def set_today(self, today: date) -> None:
        """Stop the clock at noon of a day."""
        self.today = today
        self.session.stop_clock(f"{today}T12:00:00")

    def open(self, link: str = "") -> None:
        """Open the check page, at its start or by a link."""
        self.session.open(link.removeprefix(self.session.server.address) or f"{self.base}check/")
        self.session.wait_for("() => 'started' in document.querySelector('.check').dataset")

    def open_result(self, answers: Answers, *, amounts: bool = False) -> None:
        """Open the result of a case by its link, from another page."""
        self.session.open(f"{self.base}policy/")  # else only the fragment would change, and the page would stay
        self.open(self.link(answers, amounts=amounts))
        self.expect_view(RESULT, answers)

    # ---- derived from Python

    def path(self, answers: Answers) -> DialogPath:
        """The path through the questions that the answers lead along."""
        return follow_answers(self.checker, as_raw(answers), self.today)

    def response(self, answers: Answers, *asked: str) -> dict[str, Any]:
        """The response of the checker API; `asked` are the questions that were answered last."""
        return respond(self.checker, {"answers": as_raw(answers), "asked": [*asked], "today": self.today.isoformat()})

    def question_path(self, answers: Answers) -> list[str]:
        """The questions that are asked with these answers, in their order."""
        return [name for name in self.path(answers).answers.stored if is_step(self.policy.questions[name])]

    def dated_question(self, answers: Answers) -> str:
        """The first question that is answered with a date; skips the test if there is none."""
        dated = (name for name in self.question_path(answers) if self.day(name, answers[name]))
        return first(dated, "example with a date")

    def api_response(self, function: str, answers: Answers, **fields: Any) -> dict[str, Any]:
        """The response of another function of the checker API."""
        parameters = {
            "answers": as_raw(answers),
            "today": self.today.isoformat(),
            "digest": self.policy.digest,
            **fields,
        }
        return dict(json.loads(getattr(api, function)(json.dumps(parameters), self.checker)))

    def link(self, answers: Answers, *, amounts: bool = False) -> str:
        """The link that holds these answers, as far as they matter."""
        pairs = permalink.write(self.policy, self.path(answers).answers.stored, amounts=amounts)
        return f"{self.session.server.address}{self.base}check/#{urlencode([*pairs])}"

    def heading(self, view: str, answers: Answers) -> str:
        """The heading of a view."""
        if view == RESULT:
            headline = self.response(answers)["explanation"]["headline"]
            return " ".join(filter(None, [headline["title"], headline["time"]]))
        return {PREPARE: say("prepare.title"), REFUND: say("refund.title")}.get(view) or self.policy.questions[view].ask

    # ---- actions and expectations

    def expect_view(self, view: str, answers: Answers) -> None:
        """Wait until a view's heading has the focus; check the window's title and that no other view is visible."""
        name = self.heading(view, answers)
        self.session.expect_focus(f'[data-view="{view}"] h1', name)
        title = say("result.title") if view == RESULT else name
        assert self.session.evaluate("() => document.title") == title + self.site_title
        assert [" ".join(text.split()) for text in self.session.visible_texts("h1")] == [name]
        self.expect_progress(view, answers)

    def expect_progress(self, view: str, answers: Answers) -> None:
        """Check the place of a question on its path, in words and bars; views that are no question have none."""
        if view not in self.policy.questions:
            self.session.expect_absent("#check-progress")
        elif place := self.response(answers)["progress"].get(view):
            assert self.session.expect_visible("#check-progress") == place["text"]
            bars = "() => [...document.querySelectorAll('.progress i')].map((bar) => bar.className)"
            done = ["done"] * place["position"]
            assert self.session.evaluate(bars) == done + [""] * (place["total"] - place["position"])

    def type_answer(self, question: str, answer: Any, month: str | None = None) -> None:
        """Answer a question by keyboard, and submit it. The month is typed as a number unless it is passed."""
        if day := self.day(question, answer):
            self.type_date(question, f"{day.day}", month or f"{day.month}", f"{day.year}")
        else:
            choices = [*self.policy.questions[question].offered, UNKNOWN]
            stop = next((value for value in self.field_values(question) if value in choices), choices[0])
            self.session.tab_to(f"#answer-{question}-{stop}")
            steps = choices.index(answer) - choices.index(stop)
            self.session.press("Space", *["ArrowDown"] * steps, *["ArrowUp"] * -steps)
            assert self.session.evaluate("(id) => document.getElementById(id).checked", f"answer-{question}-{answer}")
            self.session.tab_to("button", say("form.next"))
        self.session.press("Enter")

    def type_date(self, question: str, *parts: str) -> None:
        """Replace the three parts of a date by keyboard."""
        for part, text in zip(("day", "month", "year"), parts, strict=True):
            self.session.tab_to(f"#{part}-{question}")
            self.session.evaluate("() => document.activeElement.select()")
            self.session.press("Backspace")
            self.session.type(text)

    def click_answer(self, question: str, answer: Any) -> None:
        """Answer a question with the mouse, as far as possible, and submit it."""
        if day := self.day(question, answer):
            for part, text in (("day", day.day), ("month", day.month), ("year", day.year)):
                self.session.click(f"#{part}-{question}")
                self.session.type(str(text))
        else:
            self.session.click(f"#answer-{question}-{answer}")
        self.session.click("button", say("form.next"))

    def click_first_answer(self, answers: Answers) -> None:
        """Answer the first question."""
        question = self.question_path(answers)[0]
        self.click_answer(question, answers[question])

    def click_through(self, answers: Answers) -> None:
        """Answer every question, from the first one to the result."""
        for name in self.question_path(answers):
            self.session.expect_visible(f'[data-view="{name}"] h1')
            self.click_answer(name, answers[name])
        self.expect_view(RESULT, answers)

    def day(self, question: str, answer: Any) -> date | None:
        """The date of an answer; None if it is none."""
        kind = self.policy.questions[question]
        is_date = kind.answer == "date" and answer not in (*kind.offered, UNKNOWN)
        return date.fromisoformat(answer) if is_date else None

    def field_values(self, question: str) -> list[str]:
        """The values in the fields of a question: selected choices, or typed texts."""
        values = """(id) => [...document.querySelectorAll(`[data-question="${id}"] input`)]
            .filter(({ type, checked }) => checked || type === "text").map(({ value }) => value).filter(Boolean)"""
        return list(self.session.evaluate(values, question))

    def expected_field_values(self, question: str, answer: Any) -> list[str]:
        """The values that the fields of a question must have with an answer."""
        day = self.day(question, answer)
        return [str(day.day), str(day.month), str(day.year)] if day else [answer]

    def expect_answer_list(self, answers: Answers) -> None:
        """Check the list of answers."""
        entries = self.response(answers)["given"]
        assert self.session.visible_texts(".check-answers dd:nth-of-type(1)") == [entry["answer"] for entry in entries]
        assert self.session.visible_texts(".check-answers dt") == [entry["name"] for entry in entries]

    def expect_receipt(self, answers: Answers) -> None:
        """Check the lines of each estimate, its total among them, and the formula below them."""
        sections = self.response(answers)["explanation"]["sections"]
        items = [item for section in sections if section["id"] == "estimates" for item in section["items"]]
        lines = [line for item in items for line in item["receipt"]]
        assert lines
        assert self.session.visible_texts(".check-estimate dt") == [line["label"] for line in lines]
        assert self.session.visible_texts(".check-estimate dd") == [line["amount"] for line in lines]
        assert self.session.visible_texts(".check-estimate > section > p") == [item["note"] for item in items]

    def expect_proof_states(self, states: Mapping[str, str]) -> None:
        """Wait until the proof items in sight have these states, by item."""
        shown = """(states) => {
            const items = [...document.querySelectorAll("[data-item]:not([hidden])")];
            const shown = Object.fromEntries(items.map(({ dataset: { item, state } }) => [item, state]));
            return JSON.stringify(shown) === states;
        }"""
        self.session.wait_for(shown, json.dumps(states, separators=(",", ":")))

    def open_view(self, view: str, answers: Answers) -> None:
        """Follow the link to another view."""
        self.session.click(f'[href="#{view}"]')
        self.expect_view(view, answers)

    def follow_link(self, address: str) -> None:
        """Follow a link while the page is open."""
        self.session.evaluate("(address) => { location = address }", address)

    def expect_answer_in_view(self, view: str, answers: Answers) -> None:
        """Wait for a view, and check the answer in its fields."""
        self.expect_view(view, answers)
        if view in answers:
            assert self.field_values(view) == self.expected_field_values(view, answers[view])

    def expect_errors(self, answers: Answers, *asked: str) -> None:
        """Check the error messages, and follow each of their links to the field."""
        errors = {error["question"]: error["message"] for error in self.response(answers, *asked)["errors"]}
        assert errors
        session = self.session
        session.expect_focus(".check-errors")
        assert session.visible_texts(".check-errors li") == [*errors.values()]
        assert session.evaluate("() => document.title").startswith(say("page.error_prefix"))
        for question, message in errors.items():
            assert session.visible_texts(f"#error-{question}") == [message]
            assert session.visible_texts(f'[data-question="{question}"] [type="text"]:not([aria-invalid="true"])') == []
            session.tab_to("link", message)
            session.press("Enter")
            session.expect_focus(f'[data-question="{question}"] input:is([type="text"], [type="radio"])')
            session.evaluate("() => document.querySelector('.check-errors').focus()")

    def last_download(self) -> tuple[str, bytes]:
        """The name and the bytes of the last file that was downloaded."""
        name, address = self.session.wait_for("() => outputs.downloads.pop()")
        return name, bytes.fromhex(self.session.evaluate(BYTES, address))

    def stored_state(self) -> Any:
        """The page's state in local storage; None if there is none."""
        return self.session.evaluate("() => JSON.parse(localStorage.getItem(`check ${location.pathname}`))")

    def clipboard_text(self) -> str:
        """The last text that the page copied to the clipboard."""
        return str(self.session.wait_for("() => outputs.copies.pop()"))
