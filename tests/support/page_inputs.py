"""Inputs that the controls of the checker page can send, as the page sends them. A seed gives the same ones."""

from __future__ import annotations

import base64
import json
import random
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import chain, product
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from zlib import crc32

import yaml

from checker import Checker, Policy
from checker.answers.parse import UNKNOWN
from checker.request.letter import LONGEST
from checker.request.pictures import PictureError, without_metadata
from checker.web import api, permalink
from tests.support.check_page import as_raw
from tests.support.paths import SUPPORT
from tests.unit.test_pictures import PICTURES

TYPED: dict[str, list[str]] = yaml.safe_load((SUPPORT / "inputs.yaml").read_text(encoding="utf-8"))
ADDRESS = "https://shop.example/policy/"
FOLDER = "/tmp"
"""Folder of the page's files in Pyodide's file system."""

FILES = [
    *(data for _, data in PICTURES.values()),
    b"",
    b"x",
    b"GIF89a",
    b"\0\0\0\x18ftypheic",
    b"%PDF-1.7",
    b"<svg xmlns='http://www.w3.org/2000/svg'/>",
]

type Input = tuple[str, str]
"""A file's path and its bytes in base64, or a function of the checker API and its parameters in JSON."""


def dates() -> Iterator[str]:
    """Every subset of a date's parts, and each part in every way that it is typed."""
    for parts in product(("20", ""), ("11", ""), ("2026", "")):
        yield " ".join(parts)
    for place, part in enumerate(("day", "month", "year")):
        for text in TYPED[part]:
            for rest in product(("", "20"), repeat=2):
                yield " ".join([*rest[:place], text.strip(), *rest[place:]])
    yield from TYPED["day in one field"]


def letters() -> Iterator[str]:
    """For each block of 256 code points a text with some of them: letters in every script, and all other signs."""
    for block in range(0, sys.maxunicode, 256):
        yield "".join(map(chr, range(block, block + 256, 7)))


class Page:
    """A page of the policy on which somebody does anything."""

    def __init__(self, policy: Policy, seed: int) -> None:
        self.policy = policy
        self.dice = random.Random(seed)
        self.dates = [*dates()]
        self.letters = [*letters()]
        self.examples = [*policy.examples.values()]
        self.pictures = 0

    def inputs(self, count: int) -> Iterator[Input]:
        """So many calls, and the files that they need. All that the lists hold comes first, then anything."""
        asked = 0
        for item in chain(self.listed(), self.anything()):
            yield item
            asked += not item[0].startswith("/")
            if asked == count:
                return

    def listed(self) -> Iterator[Input]:
        """Each text of the lists, as the answer to a question that takes such, or in the letter; each picture."""
        for name, question in self.policy.questions.items():
            texts = {"date": self.dates, "amount": TYPED["amount"], "amounts": TYPED["amount"]}.get(question.answer, [])
            for text in texts:
                answers = {name: [text] if question.answer == "amounts" else text}
                yield self.asks("answer", self.examples[0].today, answers=answers, asked=[name])
        for text in (*TYPED["text"], *self.letters):
            yield self.letter(text)
        for data in FILES:
            yield from self.packed(data)

    def anything(self) -> Iterator[Input]:
        """Anything that a control of the page sends, without end."""
        while True:
            if self.dice.random() < 0.03:
                yield from self.packed(self.picture())
            else:
                yield self.call()

    def asks(self, what: str, today: date, **message: Any) -> Input:
        """A call as the page makes it."""
        return what, json.dumps({**message, "today": today.isoformat(), "digest": self.policy.digest})

    def call(self) -> Input:
        """Anything that a control of the page sends."""
        dice = self.dice
        today = self.today()
        kind = dice.choices(("answer", "stored", "link", "another", "letter", "calendar"), (10, 2, 4, 1, 4, 1))[0]
        match kind:
            case "answer":
                name = dice.choice([*self.policy.questions])
                answers = self.answers() | {name: self.answer(name)}
                return self.asks("answer", today, answers=answers, asked=[name])
            case "link":
                return self.asks("answer", today, answers={}, link=self.link())
            case "another":
                return self.asks("answer", today, answers=self.answers(), another=True)
            case "letter":
                return self.letter(self.text())
            case "calendar":
                return self.asks(
                    "calendar", today, answers=self.answers(), address=ADDRESS, case="a1", saved=self.saved()
                )
        return self.asks("answer", today, answers=self.answers())

    def today(self) -> date:
        """The day that the device takes it to be."""
        example = self.dice.choice(self.examples).today
        odd = self.dice.choice([date(1970, 1, 1), date(2038, 1, 19), date(9999, 12, 31), date.min])
        return self.dice.choices((example, example + timedelta(self.dice.randrange(-400, 4000)), odd), (10, 5, 1))[0]

    def answers(self) -> dict[str, object]:
        """Answers that the page holds: of a worked example, as far as somebody came, and some of them another way."""
        answered = as_raw(self.dice.choice(self.examples).answers)
        answered = dict([*answered.items()][: self.dice.randrange(len(answered) + 1)])
        for name in self.policy.questions:
            if self.dice.random() < 0.15:
                answered[name] = self.answer(name)
        return answered

    def answer(self, name: str) -> object:
        """The answer from the fields of a question."""
        dice, question = self.dice, self.policy.questions[name]
        match question.answer:
            case "proof":
                return [item for item in self.policy.proof if dice.random() < 0.5]
            case "amounts":
                return [self.amount() for _ in range(dice.randrange(1, 6))]
            case "amount":
                return self.amount()
            case "date" if dice.random() < 0.7:
                return self.day()
        return dice.choice([*question.offered, UNKNOWN, ""])

    def day(self) -> str:
        dice = self.dice
        if dice.random() < 0.4:
            return (dice.choice(self.examples).today - timedelta(dice.randrange(-5, 60))).isoformat()
        if dice.random() < 0.5:
            return dice.choice(self.dates)
        return " ".join(dice.choice(TYPED[part]).strip() for part in ("day", "month", "year"))

    def saved(self) -> dict[str, Any]:
        """The entries of calendar files that were saved."""
        day = self.today().isoformat()
        return {name: {"files": 1, "day": day} for name in ("last_day", "change") if self.dice.random() < 0.3}

    def amount(self) -> str:
        dice = self.dice
        return dice.choice(TYPED["amount"]) if dice.random() < 0.5 else f"{dice.randrange(100_000) / 100:.2f}"

    def text(self) -> str:
        dice = self.dice
        text = "".join(dice.choice(TYPED["text"] if dice.random() < 0.6 else self.letters) for _ in range(3))
        return text * dice.choice((1, 1, 1, 1, 50, 2000)) if dice.random() < 0.2 else text

    def link(self) -> str:
        """The text of an address: one of ours, one that was cut off or typed, one of anybody."""
        dice = self.dice
        example = as_raw(dice.choice(self.examples).answers)
        pairs = [*permalink.write(self.policy, example, amounts=True)]
        for _ in range(dice.randrange(4)):
            name = dice.choice([*self.policy.questions, *TYPED["name in a link"]])
            text = dice.choice([*TYPED["text"], *TYPED["amount"], *self.dates, self.text()[:200]])
            pairs.insert(dice.randrange(len(pairs) + 1), (name, text))
        text = urlencode(pairs, errors="replace")
        return text[: dice.randrange(len(text) + 1)] if dice.random() < 0.2 else text

    def letter(self, text: str, what: str = "letter", **more: Any) -> Input:
        """The written request, or with it a case file."""
        typed = dict.fromkeys(LONGEST, text[:200]) | {"description": text}
        typed["wish"] = self.dice.choice(["", *self.policy.remedies])
        example = self.dice.choice(self.examples)
        asked = {"answers": as_raw(example.answers), "letter": typed, "pictures": [], "address": ADDRESS}
        return self.asks(what, example.today, **asked | more)

    def packed(self, data: bytes) -> Iterator[Input]:
        """A file that is added as a picture, and the case file with it if it is one."""
        self.pictures += 1
        path = f"{FOLDER}/picture-{self.pictures}"
        yield path, base64.b64encode(data).decode()
        item = self.dice.choice([*self.policy.proof, ""])
        yield self.asks("clean", self.examples[0].today, path=path, item=item, taken=[])
        try:
            cleaned = without_metadata(data)
        except PictureError:
            return
        name = f"{item or 'picture'}-1.{cleaned.extension}"
        picture = {"name": name, "item": item, "size": len(cleaned.data), "crc": crc32(cleaned.data)}
        yield self.letter(self.text(), "pack", pictures=[picture])

    def picture(self) -> bytes:
        """A picture of any kind, or a file that is none; whole, cut off or damaged."""
        dice = self.dice
        data = bytearray(dice.choice(FILES))
        if data and dice.random() < 0.3:
            data[dice.randrange(len(data))] = dice.randrange(256)
        return bytes(data[: dice.randrange(len(data) + 1)] if dice.random() < 0.2 else data)


def reply_to(what: str, parameters: str, folder: str, checker: Checker) -> str | None:
    """Python's response to an input whose files are in a folder. None if the input is a file, which it writes there."""
    if what.startswith("/"):
        Path(what.replace(FOLDER, folder, 1)).write_bytes(base64.b64decode(parameters))
        return None
    return str(getattr(api, what)(parameters.replace(f'"{FOLDER}/', f'"{folder}/'), checker))
