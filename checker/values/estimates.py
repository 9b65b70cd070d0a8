"""The part of an amount that a part is of its whole, exact to the hundredth, with all it was worked out from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext

from checker.policy import Share
from checker.values.amounts import HUNDREDTH


@dataclass(frozen=True, kw_only=True, slots=True)
class Working:
    """How a share was worked out: ``of`` times ``that``, divided by ``whole``."""

    share: Share
    """The questions that the three amounts answer."""
    of: Decimal
    that: Decimal
    whole: Decimal
    parts: Mapping[str, tuple[Decimal, ...]]
    """The amounts as they were given, by question: several where they were added up."""
    result: Decimal
    """Rounded half up to the hundredth. Never above ``of``, as ``that`` is never above ``whole``."""
    rounded: bool
    """Whether the result is not exact."""


def work_out(share: Share, parts: Mapping[str, tuple[Decimal, ...]]) -> Working | None:
    """Work out a share of what was answered; None while an amount is open. The whole is above zero."""
    used = {name: parts[name] for name in share.questions if name in parts}
    if len(used) < len({*share.questions}):
        return None
    of, that, whole = (sum(used[name], Decimal()) for name in share.questions)
    with localcontext() as context:
        context.prec = 50  # so that what lies beside half a hundredth never looks like it
        exact = of * that / whole
        result = exact.quantize(HUNDREDTH, ROUND_HALF_UP)
    return Working(share=share, of=of, that=that, whole=whole, parts=used, result=result, rounded=result != exact)
