"""Fixtures and options that any test may use; what stands behind them is in ``tests/support``."""

from __future__ import annotations

import gc
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from support.effort import QUICK, THOROUGH, without_long_ones
from support.validity import faults

pytest_plugins = [
    "pytester",
    "support.browser",
    "support.checking",
    "support.clients",
    "support.command",
    "support.golden",
]


_OTHER_FORMS = (
    "hubei-dept-goal",
    "hunan-self-eval-report",
    "jilin-project-self-eval",
    "mof-project-monitor",
    "mof-project-self-eval",
    "qinghai-dept-approval",
)
"""The forms on which the quick tests of every form are not tried; the first has seven pages and takes as long as five others."""


@pytest.fixture
def assert_valid_package() -> Callable[..., None]:
    """Fail where a workbook has faults; those of the workbook that it was made from (``source``) are not its own."""

    def check(package: bytes, *, source: bytes | None = None) -> None:
        inherited = set(faults(source)) if source is not None else set()
        found = [str(fault) for fault in faults(package) if fault not in inherited]
        if found:
            pytest.fail("\n".join(["the package is at fault:", *found]), pytrace=False)

    return check


def pytest_configure(config: pytest.Config) -> None:
    """Try fewer examples of each property where the long tests are left out."""
    settings.load_profile(QUICK if without_long_ones(config) else THOROUGH)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Pass over the tests of real programs where these are left out: to load them takes as long as half of the others."""
    return True if collection_path.name == "clients" and "not client" in config.option.markexpr else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out most forms where a test is tried on every form, unless the long tests are run as well."""
    for item in items:
        if item.name.partition("[")[2].startswith(_OTHER_FORMS):
            item.add_marker(pytest.mark.slow)


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Let the garbage collector pass over what stays till the end: thousands of tests, and all that they import."""
    gc.collect()
    gc.freeze()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say how to run what was left out."""
    if without_long_ones(config):
        terminalreporter.write_line(
            "以上是快速测试；全部测试（含耗时的和需要 LibreOffice 的）：python run.py test --all\n"
            "These were the quick tests; all of them, with the long ones and those that need LibreOffice: "
            "python run.py test --all"
        )
