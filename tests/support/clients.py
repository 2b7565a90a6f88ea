"""A pytest plugin: the fixture ``office``, and what becomes of the client tests where there is no LibreOffice."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from support.office import Office, installation


def pytest_sessionstart() -> None:
    """Refuse to begin under CI without LibreOffice: there all tests run."""
    if os.environ.get("CI", "").lower() in {"1", "true"} and not installation():
        raise pytest.UsageError("CI needs LibreOffice and its Python (apt-get install libreoffice-calc python3-uno)")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the client tests out where there is no LibreOffice."""
    clients = [item for item in items if item.get_closest_marker("client")]
    if clients and not installation():
        config.hook.pytest_deselected(items=clients)
        items[:] = [item for item in items if not item.get_closest_marker("client")]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was left out; the workers of a parallel run cannot."""
    if not installation():
        terminalreporter.section("left out")
        terminalreporter.line("all tests marked 'client': no LibreOffice with Python-UNO was found on this machine")


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """One LibreOffice for all tests of this process; tests that ask for it are marked ``client``."""
    installed = installation()
    assert installed, "a test without the mark 'client' asked for LibreOffice"
    running = Office(installed, tmp_path_factory.mktemp("office"))
    yield running
    running.stop()
