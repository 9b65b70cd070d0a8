"""A customer on the check page: answers its questions, and knows from Python what must come next."""

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
from checker.answers.kinds import is_step
from checker.answers.parse import UNKNOWN
from checker.policy import Example
from checker.web import api, permalink
from checker.web.dialog import DialogPath, follow_answers
from checker.web.response import respond
from tests.support.browser_session import BrowserSession
from tests.support.words import say

RESULT, PREPARE, REFUND = "check-result", "check-prepare", "check-refund"

SECRET = "A camera of mine"
"""What a picture of ours must not tell."""

type Given = Mapping[str, Any]

# Keeps what would leave the page: saved files, by name, and what went to the clipboard.
LISTEN = """
globalThis.kept = { saved: [], copied: [], refuses: false, blobs: new Map() };
const { createObjectURL } = URL;
URL.createObjectURL = (blob) => {
  const address = createObjectURL.call(URL, blob);
  kept.blobs.set(address, blob);
  return address;
};
HTMLAnchorElement.prototype.click = function () {
  kept.saved.push([this.download, this.href]);
};
const writeText = async (text) => {
  if (kept.refuses) throw new Error("refused");
  kept.copied.push(text);
};
Object.defineProperty(navigator, "clipboard", { value: { writeText } });
"""

BYTES = """async (address) => {
  const bytes = new Uint8Array(await kept.blobs.get(address).arrayBuffer());
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}"""


def one_for_each_outcome(policy: Policy) -> dict[str, Example]:
    """For each outcome that a worked example of the policy has, the first of them, in the order of the outcomes."""
    found = {each.outcome: each for each in reversed([*policy.examples.values()])}
    return {outcome: found[outcome] for outcome in policy.outcomes if outcome in found}


def as_raw(answers: Given) -> dict[str, Any]:
    """Answers as a page holds them."""
    return {name: list(answer) if isinstance(answer, tuple) else answer for name, answer in answers.items()}


def of_kind(policy: Policy, kind: str) -> list[str]:
    """The questions of the policy that are answered in this way."""
    return [name for name, question in policy.questions.items() if question.answer == kind]


def with_amounts(policy: Policy) -> Example:
    """A worked example of somebody who asks for an estimate, and can prepare a request too."""
    asks = {*of_kind(policy, "amount")} if of_kind(policy, "proof") else set()
    found = (each for each in policy.examples.values() if asks and asks <= {*each.answers})
    return first(found, "worked example with amounts, and a question for proof")


def first[T](found: Iterable[T], what: str) -> T:
    """The first of what was found; skips the test, with this reason, where the live policy has no such thing."""
    for each in found:
        return each
    pytest.skip(f"The live policy has no {what}.")


def photograph(path: Path) -> Path:
    """A picture as a phone makes it: it says with what it was taken, and where."""
    exif = Image.Exif()
    exif[0x0110] = SECRET  # the model
    exif.get_ifd(0x8825).update({1: "N", 2: (48.0, 51.0, 30.0), 3: "E", 4: (2.0, 17.0, 40.0)})
    Image.new("RGB", (64, 48), "teal").save(path, "JPEG", exif=exif, comment=SECRET.encode())
    return path


class CheckPage:
    """Walks through the check page on one day, with the answers of this case at hand."""

    def __init__(self, session: BrowserSession, policy: Policy, today: date) -> None:
        self.session = session
        self.policy = policy
        self.checker = Checker(policy)
        self.session.before_each_page(LISTEN)
        self.be_on(today)
        # As it was built: on the page, an answer may have changed it already.
        built = (session.server.folder / "check/index.html").read_text(encoding="utf-8")
        self.title = unescape(built.partition("<title>")[2].partition("</title>")[0])

    def be_on(self, today: date) -> None:
        """Let it be noon of this day."""
        self.today = today
        self.session.stop_clock(f"{today}T12:00:00")

    def open(self, address: str = "check/") -> None:
        """Open the check page, as it is or by a link."""
        self.session.open(address.removeprefix(self.session.server.address))
        self.session.wait_for("() => 'started' in document.querySelector('.check').dataset")

    # ---- what Python says

    def walk(self, answers: Given) -> DialogPath:
        """How far the answers lead."""
        return follow_answers(self.checker, as_raw(answers), self.today)

    def reply(self, answers: Given, *asked: str) -> dict[str, Any]:
        """What the checker says to the answers, the last of which were just given."""
        return respond(self.checker, {"answers": as_raw(answers), "asked": [*asked], "today": self.today.isoformat()})

    def way(self, answers: Given) -> list[str]:
        """The questions that are asked of a customer with these answers, in their order."""
        return [name for name in self.walk(answers).answers if is_step(self.policy.questions[name])]

    def says(self, what: str, answers: Given, more: Given) -> dict[str, Any]:
        """What another function of the checker's door says to the answers."""
        asked = {"answers": as_raw(answers), "today": self.today.isoformat(), "digest": self.policy.digest, **more}
        return dict(json.loads(getattr(api, what)(json.dumps(asked), self.checker)))

    def link(self, answers: Given, *, amounts: bool = False) -> str:
        """The link that carries these answers, as far as they count."""
        pairs = permalink.write(self.policy, self.walk(answers).answers, amounts=amounts)
        return f"{self.session.server.address}check/#{urlencode([*pairs])}"

    def heading(self, view: str, answers: Given) -> str:
        """The heading of a view."""
        if view == RESULT:
            return str(self.reply(answers)["explanation"]["title"])
        return {PREPARE: say("prepare.title"), REFUND: say("refund.title")}.get(view) or self.policy.questions[view].ask

    # ---- what the customer does and sees

    def arrives(self, view: str, answers: Given) -> None:
        """See that the focus is on the view's heading, and that the window's title and the address name the view."""
        name = self.heading(view, answers)
        self.session.focused(f'[data-view="{view}"] h2', name)
        title = say("result.title") if view == RESULT else name
        assert self.session.evaluate("() => document.title") == f"{title} - {self.title}"
        assert self.session.sees("[data-view] h2") == [name]

    def type_answer(self, question: str, answer: str, month: str | None = None) -> None:
        """Answer a question by keyboard, and submit it. A month can be typed in other ways than as a number."""
        if day := self.day(question, answer):
            self.type_date(question, f"{day.day}", month or f"{day.month}", f"{day.year}")
        else:
            choices = [*self.policy.questions[question].offered, UNKNOWN]
            stop = next((each for each in self.fields(question) if each in choices), choices[0])
            self.session.tab_to(f"#answer-{question}-{stop}")
            steps = choices.index(answer) - choices.index(stop)
            self.session.press("Space", *["ArrowDown"] * steps, *["ArrowUp"] * -steps)
            assert self.session.evaluate("(id) => document.getElementById(id).checked", f"answer-{question}-{answer}")
            self.session.tab_to("button", say("form.next"))
        self.session.press("Enter")

    def type_date(self, question: str, *parts: str) -> None:
        """Type the three parts of a date in the place of what stands there."""
        for part, text in zip(("day", "month", "year"), parts, strict=True):
            self.session.tab_to(f"#{part}-{question}")
            self.session.evaluate("() => document.activeElement.select()")
            self.session.press("Backspace")
            self.session.type(text)

    def click_answer(self, question: str, answer: str) -> None:
        """Answer a question with the mouse, as far as that goes, and submit it."""
        if day := self.day(question, answer):
            for part, text in (("day", day.day), ("month", day.month), ("year", day.year)):
                self.session.click(f"#{part}-{question}")
                self.session.type(str(text))
        else:
            self.session.click(f"#answer-{question}-{answer}")
        self.session.click("button", say("form.next"))

    def click_through(self, answers: Given) -> None:
        """Answer all that is asked, from the first question to the result."""
        for name in self.way(answers):
            self.arrives(name, {})
            self.click_answer(name, answers[name])
        self.arrives(RESULT, answers)

    def day(self, question: str, answer: str) -> date | None:
        """The day that an answer to a question names; None if it names none."""
        asked = self.policy.questions[question]
        named = asked.answer == "date" and answer not in (*asked.offered, UNKNOWN)
        return date.fromisoformat(answer) if named else None

    def fields(self, question: str) -> list[str]:
        """What stands in the fields of a question: what is chosen, or what is typed."""
        standing = """(id) => [...document.querySelectorAll(`[data-question="${id}"] input`)]
            .filter(({ type, checked }) => checked || type === "text").map(({ value }) => value).filter(Boolean)"""
        return list(self.session.evaluate(standing, question))

    def as_fields(self, question: str, answer: str) -> list[str]:
        """What must stand in the fields of a question with this answer."""
        day = self.day(question, answer)
        return [str(day.day), str(day.month), str(day.year)] if day else [answer]

    def sees_given(self, answers: Given) -> None:
        """See that the list of answers says what Python says, in words."""
        given = self.reply(answers)["given"]
        assert self.session.sees(".check-answers dd:nth-of-type(1)") == [each["answer"] for each in given]
        assert self.session.sees(".check-answers dt") == [each["ask"] for each in given]

    def goes_to(self, view: str, answers: Given) -> None:
        """Follow the link to another view."""
        self.session.click(f'[href="#{view}"]')
        self.arrives(view, answers)

    def follow(self, address: str) -> None:
        """Follow a link while the page is open."""
        self.session.evaluate("(address) => { location = address }", address)

    def sees_view(self, view: str, answers: Given) -> None:
        """Arrive at a view, and see the answer that stands in its fields."""
        self.arrives(view, answers)
        if view in answers:
            assert self.fields(view) == self.as_fields(view, answers[view])

    def is_told(self, answers: Given, *asked: str) -> None:
        """See how the page explains what is wrong with the answers, and follow each of its links to the field."""
        errors = {error["question"]: error["message"] for error in self.reply(answers, *asked)["errors"]}
        assert errors
        session = self.session
        session.focused(".check-errors")
        assert session.sees(".check-errors li") == [*errors.values()]
        assert session.evaluate("() => document.title").startswith(say("page.error_prefix"))
        for question, message in errors.items():
            assert session.sees(f"#error-{question}") == [message]
            assert session.sees(f'[data-question="{question}"] [type="text"]:not([aria-invalid="true"])') == []
            session.tab_to("link", message)
            session.press("Enter")
            session.focused(f'[data-question="{question}"] input:is([type="text"], [type="radio"])')
            session.evaluate("() => document.querySelector('.check-errors').focus()")

    def saved(self) -> tuple[str, bytes]:
        """The file that the page gave last: its name and its bytes."""
        name, address = self.session.wait_for("() => kept.saved.pop()")
        return name, bytes.fromhex(self.session.evaluate(BYTES, address))

    def kept(self) -> Any:
        """What the page keeps on the device; None for nothing."""
        return self.session.evaluate("() => JSON.parse(localStorage.getItem(`check ${location.pathname}`))")

    def copied(self) -> str:
        """What the page put on the clipboard last."""
        return str(self.session.wait_for("() => kept.copied.pop()"))
