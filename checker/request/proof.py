"""The proof of a request: the state of each item that a case needs or may need."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from checker.policy import Policy
from checker.verdict import Verdict

type State = Literal["pictures", "written", "separately", "missing"]


@dataclass(frozen=True, slots=True)
class ProofState:
    """The state of a proof item: what the customer has added, written or ticked."""

    item: str
    """Its id. An id that the policy does not know has pictures."""
    state: State
    files: tuple[str, ...] = ()
    """The names of its pictures."""

    @property
    def is_ready(self) -> bool:
        """Whether the item is here, or the customer sends it separately."""
        return self.state != "missing"


def proof_states(
    policy: Policy,
    verdict: Verdict,
    separately: Collection[str],
    pictures: Iterable[tuple[str, str]],
    *,
    described: bool,
) -> Iterator[ProofState]:
    """The states of the items of a verdict, and of other items with pictures.

    ``separately`` are the items that the customer has ticked, ``pictures`` ids of items with file names. Pictures are
    gone after a reload, so an item is never ready because it had some.
    """
    files: dict[str, list[str]] = {name: [] for name in (*verdict.needed, *verdict.possibly_needed)}
    for item, name in pictures:
        files.setdefault(item, []).append(name)
    for item, names in files.items():
        state: State = "missing"
        if names:
            state = "pictures"
        elif described and policy.proof[item].written == "yes":
            state = "written"
        elif item in separately:
            state = "separately"
        yield ProofState(item, state, tuple(names))
