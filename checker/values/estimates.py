"""A share of an amount, exact to the hundredth, with its working."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext

from checker.policy import Share
from checker.values.amounts import HUNDREDTH


@dataclass(frozen=True, kw_only=True, slots=True)
class Working:
    """The working of a share: ``of`` times ``that``, divided by ``whole``."""

    share: Share
    """The questions of the three amounts."""
    of: Decimal
    that: Decimal
    whole: Decimal
    parts: Mapping[str, tuple[Decimal, ...]]
    """The customer's amounts by question: several where they are added up."""
    result: Decimal
    """Half up to the hundredth. Never above ``of``, as ``that`` is never above ``whole``."""
    rounded: bool
    """Whether the result is not exact."""


def work_out(share: Share, parts: Mapping[str, tuple[Decimal, ...]]) -> Working | None:
    """The working of a share; None while an amount is missing. The whole is above zero."""
    amounts = {name: parts[name] for name in share.questions if name in parts}
    if len(amounts) < len({*share.questions}):
        return None
    of, that, whole = (sum(amounts[name], Decimal()) for name in share.questions)
    with localcontext() as context:
        context.prec = 50  # enough that a value just off half a hundredth is never rounded as a tie
        exact = of * that / whole
        result = exact.quantize(HUNDREDTH, ROUND_HALF_UP)
    return Working(share=share, of=of, that=that, whole=whole, parts=amounts, result=result, rounded=result != exact)
