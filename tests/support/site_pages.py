"""The content of a site's pages: its questions, its decision table, its clauses and their effects."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cached_property

from bs4 import Tag

from tests.support.page_words import (
    ALWAYS,
    ID,
    IDS,
    UNKNOWN,
    Calendar,
    PagesError,
    Row,
    Wait,
    When,
    Words,
    article,
    day,
    matched,
    text,
)


class Pages:
    """The pages of one site."""

    def __init__(self, page: Callable[[str], str]) -> None:
        """Takes what gives the HTML of a page by its name."""
        self.pages = {name: article(page(name)) for name in ("check", "cases", "policy", "prepare")}
        self.words = Words()
        self.tones: dict[str, int] = {}
        """The tone of each outcome, 0 for bad."""
        self.costs: list[str] = []
        """The costs by id, the strongest first; empty if there is one alone."""

    @cached_property
    def asked(self) -> dict[str, list[str]]:
        """The closed questions in their order, each with its choices."""
        form = {
            str(fieldset["data-question"]): [str(radio["value"]) for radio in fieldset.select("input[type=radio]")]
            for fieldset in self.pages["check"].select("form fieldset[data-question]")
            if fieldset["data-answer"] in ("one choice", "date")
        }
        ends = {*self.counted.values()}
        return {name: [c for c in choices if c != UNKNOWN] for name, choices in form.items() if name not in ends}

    @cached_property
    def counted(self) -> dict[str, str]:
        """The questions for a date, each with the one whose date the days are counted to."""
        lines = [self.words.read(line) for line in self.pages["cases"].select(".counted")]
        pattern = rf"The days of “{ID}” are counted back from the day of “{ID}”\."
        return {one[1]: one[2] for line in lines for one in [matched(pattern, line)]}

    @cached_property
    def outcomes(self) -> list[str]:
        """All outcomes, the strongest first."""
        page = self.pages["cases"]
        [heading] = [h2 for h2 in page.find_all("h2") if h2.find_next_sibling("h3")]
        sentence = re.escape("Where several rules fit a case, the one whose outcome stands first here wins.")
        costs = rf"(?: So it is with the costs, in this order: (?P<costs>{ID}(?:, {ID})*(?: and {ID})?)\.)?"
        stated = matched(sentence + costs, self.words.read(heading.find_next_sibling("p")))  # type: ignore[arg-type]
        self.costs = re.findall(ID, stated["costs"] or "")
        found = [str(h3["id"]).removeprefix("outcome-") for h3 in page.select("h3[id^=outcome-]")]
        for id_, h3 in zip(found, page.select("h3[id^=outcome-]"), strict=True):
            self.words.name(id_, text(h3).removesuffix("#").strip())
            [tone] = {*h3.find_next_sibling("div")["class"]} - {"verdict"}  # type: ignore[index]
            self.tones[id_] = ["verdict--bad", "verdict--neutral", "verdict--good"].index(tone)
        return found

    @cached_property
    def rows(self) -> list[Row]:
        """The lines of the decision table."""
        [table] = self.pages["cases"].select("table.decisions")
        questions = [str(th["data-id"]) for th in table.select("th[data-id]")]
        rows = []
        for tr in table.select("tbody tr"):
            *cells, outcome, because = tr.find_all("td")
            [badge] = outcome.select(".outcome")
            rows.append(
                Row(
                    {name: self.words.cell(name, td) for name, td in zip(questions, cells, strict=True)},
                    self.words.outcome(badge),
                    tuple(str(a["href"]).partition("#")[2] for a in because.find_all("a")),
                )
            )
        return rows

    @cached_property
    def effects(self) -> dict[str, list[tuple[str, Tag, When | None]]]:
        """The effects on the policy page by kind, each with its clause and its condition."""
        effects: dict[str, list[tuple[str, Tag, When | None]]] = {}
        for heading in self.pages["policy"].select("h3[id]"):
            body = heading.find_next_sibling("div")
            assert isinstance(body, Tag)
            for each in body.select("details.applied > ul[data-kind] > li"):
                if each.p:
                    kind = str(each.parent["data-kind"])  # type: ignore[index]  # never None here
                    effects.setdefault(kind, []).append((str(heading["id"]), each.p, self.words.when(each)))
        return effects

    @cached_property
    def rules(self) -> list[tuple[str, str, When]]:
        """Every rule: its clause, its outcome, its condition."""
        return [(clause, str(p.span["data-id"]), when or ()) for clause, p, when in self.effects["rules"]]  # type: ignore[index]

    @cached_property
    def grants(self) -> list[tuple[list[str], When]]:
        """Every grant: its remedies and costs, each with its kind, and its condition."""
        found = []
        for _, p, when in self.effects.get("grants", []):
            ids = re.findall(ID, matched(rf"(?:{IDS})?(?:\. )?(?:{ID})?", self.words.read(p))[0])
            found.append((ids, when or ()))
        return found

    @cached_property
    def shares(self) -> dict[str, tuple[str, str, str]]:
        """The inputs of each estimate: amount, part and whole."""
        pattern = rf"{ID}\. It is worked out from “{ID}”, times “{ID}”, divided by “{ID}”"
        read = [matched(pattern, self.words.read(p)).groups() for _, p, _ in self.effects.get("estimates", [])]
        return {name: (of, that, whole) for name, of, that, whole in read}

    @cached_property
    def conditions(self) -> dict[tuple[str, str], When]:
        """The condition of all that comes with an outcome, by kind and id: as the policy page says it."""
        found = {
            (kind, str(p.select("[data-id]")[0]["data-id"])): when
            for kind in ("proof", "steps", "reminders", "estimates")
            for _, p, when in self.effects.get(kind, [])
        }
        for box in self.pages["policy"].select("[id^=interpretation-]"):
            found["interpretations", str(box["id"]).removeprefix("interpretation-")] = self.words.when(box)
        return {key: when for key, when in found.items() if when is not None}

    @cached_property
    def prepared(self) -> dict[tuple[str, str], When]:
        """The same for what the page of preparations names too, in its order."""
        page = self.pages["prepare"]
        conditions = {
            (kind, str(li["data-id"])): self.words.when(li) or ALWAYS
            for kind in ("proof", "reminders")
            for li in page.select(f"ul.{kind} > li")
        }
        for process in page.select(".process"):
            outcome = frozenset([self.words.outcome(process.select(".outcome")[0])])
            for li in process.select("ol > li"):
                ways = tuple(replace(way, outcomes=outcome) for way in self.words.when(li) or ALWAYS)
                key = "steps", str(li["data-id"])
                conditions[key] = conditions.get(key, ()) + ways
        return conditions

    @cached_property
    def waits(self) -> dict[str, tuple[Wait, ...]]:
        """The dates that each step is expected on."""
        return {
            str(li["data-id"]): tuple(self.words.wait(p) for p in li.select(".process__wait"))
            for li in self.pages["prepare"].select(".process ol > li")
        }

    @cached_property
    def calendar(self) -> Calendar:
        """The working days."""
        stated = {self.words.calendar(tag) for tag in self.pages["policy"].select(".working-days")}
        if len(stated) > 1:
            raise PagesError(f"working days are not the same everywhere: {stated}")
        return stated.pop() if stated else Calendar(frozenset(), frozenset(), None)

    @cached_property
    def figures(self) -> list[int]:
        """Every number of days that a condition or the table names."""
        whens = [
            *(when for _, _, when in self.rules),
            *(when for _, when in self.grants),
            *self.conditions.values(),
            *self.prepared.values(),
        ]
        named = {days for when in whens for way in when for test in way.tests for _, days in test.figures}
        return sorted(named | self._in_table)

    @cached_property
    def _in_table(self) -> set[int]:
        cells = [td for td in self.pages["cases"].select("td") if not td.select(".outcome")]
        return {
            int(number) for td in cells for number in re.findall(r"\d+(?=(?:–\d+)? days? ago)", self.words.read(td))
        }

    @cached_property
    def version(self) -> dict[str, str]:
        """The version of the policy on the pages."""
        [line] = self.pages["policy"].select(".version p")
        match = matched(r"Version (?P<version>.+), valid from (?P<day>\d+ \w+ \d+)", text(line))
        return {"version": match["version"], "valid_from": day(match["day"]).isoformat()}
