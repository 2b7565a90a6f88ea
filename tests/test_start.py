"""What a command loads: nothing that it does not need, for it would be waited for each time."""

from __future__ import annotations

import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from perfxl.api import generate
from perfxl.forms.stock import load_forms

CHECK = """
import sys
from pathlib import Path
from perfxl.cli import main
try:
    main()
except SystemExit as ended:
    code = ended.code
from perfxl.receive.examine import examined
from perfxl.receive.request import Request
examined(Request.of(), "one.xlsx", Path(sys.argv[-1]).read_bytes())
print(code, *sys.modules, file=sys.stderr)
"""
"""The command, then in the same process what its worker does."""
OTHERS = {"docx", "fsspec", "jinja2", "lxml", "openpyxl", "pygments", "rich", "starlette", "xlsxwriter"}
OURS = {"perfxl.adopt", "perfxl.demo", "perfxl.page", "perfxl.serve", "perfxl.writer", "perfxl.year"}
PYDANTIC = {"pydantic", "pydantic_core"}
SLOW = {"asyncio", "email", "http", "sqlite3", "ssl"}
"""Parts of Python that take long to load; pydantic loads some of them."""


@pytest.fixture
def loaded(tmp_path: Path) -> set[str]:
    """The modules that are loaded once a blank has been checked."""
    one = tmp_path / "one.xlsx"
    one.write_bytes(generate(load_forms()["hunan-dept-self-eval"], year=2024))
    words = [sys.executable, "-c", CHECK, "check", str(one)]
    ran = subprocess.run(words, capture_output=True, text=True, encoding="utf-8", check=True, timeout=120)
    code, *modules = ran.stderr.split("\n")[-2].split()
    assert code == "1", ran.stderr  # nothing is filled in
    return set(modules)


def test_a_check_loads_what_it_needs(loaded: set[str]) -> None:
    assert loaded.isdisjoint(OTHERS | OURS), sorted(loaded & (OTHERS | OURS))


def test_a_check_does_not_load_pydantic(loaded: set[str]) -> None:
    if "pydantic" in {Requirement(text).name for text in metadata.requires("typer") or ()}:
        pytest.skip("this Typer needs it for the options of each command, that of the lock does not (decision 0001)")
    assert loaded.isdisjoint(PYDANTIC | SLOW), sorted(loaded & (PYDANTIC | SLOW))
