"""How many examples properties are tried with: all of them in a full run, a quarter where the long tests are left out."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

THOROUGH, QUICK = "thorough", "quick"

# A busy machine is no fault of what is tested: examples take the time that they take.
settings.register_profile(THOROUGH, deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile(QUICK, settings.get_profile(THOROUGH), max_examples=25)


def examples(number: int) -> int:
    """Return how many examples to try in this run, where a full run tries ``number``: two at least."""
    return max(2, number * settings().max_examples // settings.get_profile(THOROUGH).max_examples)


def without_long_ones(config: pytest.Config) -> bool:
    """Tell whether the tests that take more than a few seconds are left out of this run."""
    return "not slow" in config.option.markexpr
