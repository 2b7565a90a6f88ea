from __future__ import annotations

import ast
from pathlib import Path

import pytest

from support.small_faults import faults


@pytest.mark.parametrize(
    ("source", "after"),
    [
        ("x = a < 1", ["a <= 1", "2", "0"]),
        ("x = a >= b", ["a > b"]),
        ("x = a == b != c", ["a != b != c", "a == b == c"]),
        ("x = a is None or b in c", ["a is None and b in c", "a is not None", "b not in c"]),
        ("x = not a", ["a"]),
        ("x = -a + b * c", ["-a - b * c", "a", "b / c"]),
        ("x = Decimal('0.005')", ["Decimal('0.006')", "Decimal('0.004')"]),
        ("x = Severity.ERROR", ["Severity.WARNING"]),
        ("x = True", ["False"]),
        ("if a: f()", ["if not a", "pass"]),
        ("def f(a: int = 1) -> bool:\n  'Text 1.'\n  assert a < 2\n  raise E(3)", ["2", "0"]),
        ("@cache\ndef f():\n  yield 'text'", ["pass"]),
        ("for a in b:\n  continue", ["break"]),
        ("x = zip(a, b, strict=True)", []),
        (
            "class A(Struct, frozen=True, kw_only=True):\n  a: int = 1\n  b: bool = field(default=False)",
            ["2", "0", "True"],
        ),
        ("class A(Struct, eq=False): pass", ["True"]),
    ],
)
def test_each_place_gets_its_faults(source: str, after: list[str]) -> None:
    assert [fault.after for fault in faults(source)] == after


@pytest.mark.slow
def test_every_fault_of_a_module_is_a_module_that_differs_in_one_place() -> None:
    source = (Path(__file__).parents[2] / "perfxl" / "expr" / "rounding.py").read_text("utf-8")
    found = list(faults(source))
    assert len({ast.unparse(fault.tree) for fault in found} - {ast.unparse(ast.parse(source))}) == len(found) > 5
    for fault in found:
        compile(fault.tree, "rounding.py", "exec")
