"""A pytest plugin: golden workbooks, compared part by part, and golden texts; written only when asked for."""

from __future__ import annotations

from collections.abc import Callable
from difflib import unified_diff

import pytest

from support.packages import differences, readable


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the golden files anew; look at the change")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, bytes], None]:
    """Compare a workbook with ``tests/golden/NAME.txt``; ``--update-golden`` writes that file."""
    folder = request.config.rootpath / "tests" / "golden"

    def compare(name: str, package: bytes) -> None:
        file = folder / f"{name}.txt"
        now = readable(package)
        if request.config.getoption("--update-golden"):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(now, "utf-8", newline="\n")
            return
        if not file.exists():
            pytest.fail(f"no golden file {file.name}: run with --update-golden, look at it, commit it", pytrace=False)
        found = differences(file.read_text("utf-8"), now)
        if found:
            pytest.fail(f"{file.name} differs (--update-golden if that is meant):\n{found}", pytrace=False)

    return compare


@pytest.fixture
def same_text(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compare a text with ``tests/golden/NAME.txt``; ``--update-golden`` writes that file."""
    folder = request.config.rootpath / "tests" / "golden"

    def compare(name: str, now: str) -> None:
        file = folder / f"{name}.txt"
        if request.config.getoption("--update-golden"):
            file.write_text(now, "utf-8", newline="\n")
            return
        before = file.read_text("utf-8") if file.exists() else ""
        found = list(unified_diff(before.splitlines(), now.splitlines(), lineterm="", n=0))[2:]
        if found:
            told = "\n".join(found[:20])
            pytest.fail(f"{file.name} differs (--update-golden if that is meant):\n{told}", pytrace=False)

    return compare
