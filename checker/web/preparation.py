"""The preparation of a request: what is ready, what is missing, and the letter as it will be sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from checker.engine.parts import PROOF
from checker.explain.headline import headline
from checker.explain.tasks import LAST_DAY, Tasks
from checker.policy import Policy
from checker.request.letter import LetterInput, Part, letter_text
from checker.request.proof import ProofState
from checker.verdict import Verdict


@dataclass(frozen=True, kw_only=True, slots=True)
class Preparation:
    """A request as far as the customer has prepared it."""

    policy: Policy
    verdict: Verdict
    fields: LetterInput
    proof: tuple[ProofState, ...]
    parts: tuple[Part, ...]
    """The letter."""

    @property
    def say(self) -> Callable[..., str]:
        """The words of the interface."""
        return self.policy.messages.say

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to send: no description, no picture, and nothing that is sent separately."""
        return not self.fields.is_described and not any(entry.is_ready for entry in self.proof)

    def to_json(self) -> dict[str, Any]:
        """The preparation as a JSON object, with all that a page shows."""
        requested = [*self.verdict.needed, *self.verdict.possibly_needed]
        ready = sum(entry.is_ready for entry in self.proof if entry.item in requested)
        tasks = Tasks(self.policy, self.verdict, headline(self.policy, self.verdict))
        return {
            "text": letter_text(self.parts),
            "parts": [asdict(part) for part in self.parts],
            "proof": [
                {"item": entry.item, "state": entry.state, "text": self._state(entry)}
                for entry in self.proof
                if entry.item in requested
            ],
            "ready": self.say("prepare.ready", ready=ready, total=len(requested)),
            "advice": [note.text for place in (LAST_DAY, PROOF) for note in tasks.notes(place)],
            "missing": [*self.missing()],
            "empty": self.is_empty,
        }

    def missing(self) -> Iterator[str]:
        """The things that the customer may want to add before sending the request."""
        if not self.fields.is_described:
            yield self.say("prepare.no_description")
        if self.verdict.remedies and self.fields.wish not in self.verdict.remedies:
            yield self.say("prepare.no_wish")
        missing = [entry for entry in self.proof if not entry.is_ready and entry.item in self.verdict.needed]
        if count := sum(self.policy.proof[entry.item].written == "no" for entry in missing):
            yield self.say("prepare.no_proof", count=count)

    def _state(self, entry: ProofState) -> str:
        """The state in words; none for what the customer has ticked, because the tick says it."""
        return "" if entry.state == "separately" else self.say(f"prepare.{entry.state}", count=len(entry.files))
