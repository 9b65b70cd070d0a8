"""Numbers of random inputs for properties, and the limits on the cost of each input.

Very few in `make quick`, a few in `make test`, the full number or 1,000 in `make test-deep`, 10,000 in `make fuzz`.
`make mutants` always repeats the same few. Only `make fuzz` measures costs.

This is a plugin of pytest, because Hypothesis needs its profiles before any test is imported.
"""

from __future__ import annotations

import functools
import gc
import time
from collections.abc import Callable
from pathlib import Path

from hypothesis import HealthCheck, Phase, settings

LONG = {"deep": 1_000, "fuzz": 10_000}
"""Inputs of each kind in the long runs, by profile: pytest is called with ``--hypothesis-profile=fuzz``."""
SHORT = 5
"""The divisor of the number of inputs in all other runs."""
QUICK = 3
"""A further divisor, for the profile of that name."""
SECONDS = 2.0
"""The limit on one input's processor time. Other processes of the computer do not count."""
MEGABYTES = 200.0

settings.register_profile("quick", max_examples=settings().max_examples // QUICK)
settings.register_profile("mutants", derandomize=True, phases=(Phase.explicit, Phase.generate))
for _name, _inputs in LONG.items():
    settings.register_profile(_name, max_examples=_inputs, deadline=None, suppress_health_check=[*HealthCheck])

type Property = Callable[..., None]


def random_inputs(number: int) -> settings:
    """Settings for so many inputs in the long runs, a fifth of them otherwise, and a fifteenth in the quick run."""
    long = settings.get_current_profile_name() in LONG
    return settings(max_examples=number if long else _few(number // SHORT), deadline=None)


def _few(number: int) -> int:
    return number // QUICK if settings.get_current_profile_name() == "quick" else number


def fuzz(*, few: int) -> Callable[[Property], Property]:
    """Decorator of a property that gets `few` inputs, and in a long run as many as its profile says."""

    def decorate(test: Property) -> Property:
        profile = settings.get_current_profile_name()
        if profile in LONG:
            return settings()(measure(test) if profile == "fuzz" else test)
        return settings(max_examples=_few(few), deadline=None, suppress_health_check=[HealthCheck.too_slow])(test)

    return decorate


def measure(test: Property) -> Property:
    """Decorator that measures the cost of each call and fails beyond the limits."""

    @functools.wraps(test)
    def measured(*args: object, **kwargs: object) -> None:
        before, start = _reset_peak(), time.process_time()
        gc.disable()  # it would clear away what Hypothesis has left
        try:
            test(*args, **kwargs)
        finally:
            gc.enable()
        seconds, megabytes = time.process_time() - start, _megabytes("VmHWM") - before
        assert seconds <= SECONDS
        assert megabytes <= MEGABYTES

    return measured


def _reset_peak() -> float:
    """Resets the kernel's record of this process's peak memory, and returns its present memory in megabytes."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    return _megabytes("VmRSS")


def _megabytes(name: str) -> float:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition(f"{name}:")[2].split()[0]) / 1024
