"""Fixtures and options that any test may use; what stands behind them is in ``tests/support``."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, settings

from support.validity import faults

# A busy machine is no fault of what is tested: examples take the time that they take.
settings.register_profile("steady", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")

pytest_plugins = ["pytester", "support.browser", "support.clients", "support.golden"]


@pytest.fixture
def assert_valid_package() -> Callable[..., None]:
    """Fail where a workbook has faults; those of the workbook that it was made from (``source``) are not its own."""

    def check(package: bytes, *, source: bytes | None = None) -> None:
        inherited = set(faults(source)) if source is not None else set()
        found = [str(fault) for fault in faults(package) if fault not in inherited]
        if found:
            pytest.fail("\n".join(["the package is at fault:", *found]), pytrace=False)

    return check


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how to run what was left out."""
    if "not slow" in terminalreporter.config.option.markexpr:
        terminalreporter.write_line(
            "以上是快速测试；全部测试（含耗时的和需要 LibreOffice 的）：python run.py test --all\n"
            "These were the quick tests; all of them, with the long ones and those that need LibreOffice: "
            "python run.py test --all"
        )
