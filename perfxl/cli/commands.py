"""The commands by name, and where each is: it is imported when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from types import MappingProxyType
from typing import cast

COMMANDS: Mapping[str, str] = MappingProxyType(
    {
        "demo": "showing.show_demo",
        "forms": "definitions.list_forms",
        "show": "definitions.show_form",
        "schema": "definitions.show_schema",
        "generate": "generating.generate_workbook",
        "import": "returns.import_returns",
        "check": "returns.check_returns",
        "carry": "carrying.carry_forward",
        "summarize": "summarizing.summarize_returns",
        "report": "narrating.write_reports",
        "notices": "notifying.write_notices",
        "adopt": "adopting.adopt_workbook",
        "page": "paging.write_page",
        "serve": "serving.serve_workspace",
        "diff": "differing.show_changes",
        "lint": "definitions.lint_forms",
        "rules": "definitions.show_rules",
    }
)
"""The function of each command, below this package."""


def function(name: str) -> Callable[..., object]:
    """Import what a command does."""
    module, _, found = COMMANDS[name].partition(".")
    return cast("Callable[..., object]", getattr(import_module(f"{__package__}.{module}"), found))


def purpose(name: str) -> str:
    """Return what a command is for, in one line."""
    return (function(name).__doc__ or "").split("\n")[0]
