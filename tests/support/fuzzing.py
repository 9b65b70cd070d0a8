"""How often a property is tried, and what each input may cost.

A few times in `make test`, 1,000 times in `make test-deep`, 10,000 times in `make fuzz`.

`make mutants` tries each less often, and always with the same inputs: what it finds, it finds again. Only the long
runs look at clocks; their summary says what each property cost.

This is a plugin of pytest, because Hypothesis asks for the profiles before any test is read.
"""

from __future__ import annotations

import dataclasses
import functools
import gc
import time
from collections.abc import Callable
from pathlib import Path

from hypothesis import HealthCheck, Phase, settings

LONG = {"deep": 1_000, "fuzz": 10_000}
"""The inputs of each kind in the long runs, by profile: pytest is called with ``--hypothesis-profile=fuzz``."""
SECONDS = 2.0
"""What one input may cost of a processor's time. Others on the same computer do not count."""
MEGABYTES = 200.0

FAULTS = "mutants"
"""The name of the profile in which faults are looked for. Each is to be found, and none is to be explained."""
FEWER = 5
"""How many times as few inputs are enough for that."""

settings.register_profile(FAULTS, derandomize=True, phases=(Phase.explicit, Phase.generate))
for _name, _inputs in LONG.items():
    settings.register_profile(_name, max_examples=_inputs, deadline=None, suppress_health_check=[*HealthCheck])

type Property = Callable[..., None]


@dataclasses.dataclass
class Cost:
    """What the inputs of one property cost: the dearest of each kind."""

    examples: int = 0
    slowest_seconds: float = 0.0
    most_megabytes: float = 0.0


COSTS: dict[str, Cost] = {}
"""What each property has cost so far, of those that are measured."""


def tried(times: int) -> settings:
    """Has a property tried so many times; in the search for faults, less often."""
    fewer = FEWER if settings.get_current_profile_name() == FAULTS else 1
    return settings(max_examples=times // fewer, deadline=None)


def fuzzed(name: str, *, few: int) -> Callable[[Property], Property]:
    """A property that is tried `few` times, and in a long run as often as that says, each time measured."""

    def decorate(test: Property) -> Property:
        if settings.get_current_profile_name() in LONG:
            return settings()(measured_each(test, name))
        return settings(max_examples=few, deadline=None, suppress_health_check=[HealthCheck.too_slow])(test)

    return decorate


def measured_each(test: Property, name: str) -> Property:
    @functools.wraps(test)
    def measured(*args: object, **kwargs: object) -> None:
        before, start = _forget_peak(), time.process_time()
        gc.disable()  # what it would clear away is what Hypothesis has left
        try:
            test(*args, **kwargs)
        finally:
            gc.enable()
        seconds, megabytes = time.process_time() - start, _memory("VmHWM") - before
        most = COSTS.setdefault(name, Cost())
        most.examples += 1
        most.slowest_seconds = round(max(most.slowest_seconds, seconds), 2)
        most.most_megabytes = round(max(most.most_megabytes, megabytes), 1)
        assert seconds <= SECONDS
        assert megabytes <= MEGABYTES

    return measured


def _forget_peak() -> float:
    """Lets Linux forget the most memory that this process has had, and gives what it has now, in megabytes."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    return _memory("VmRSS")


def _memory(name: str) -> float:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition(f"{name}:")[2].split()[0]) / 1024
