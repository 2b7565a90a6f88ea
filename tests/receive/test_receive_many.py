"""What would grow with the square or the cube of a pile: many of one name, one unit, one department."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from perfxl.model.period import Period
from perfxl.model.roster import Roster, RosterUnit
from perfxl.model.submission import Source, Submission, Unit
from perfxl.model.words import WHOLE
from perfxl.package.limits import DEFAULT
from perfxl.receive.inputs import Input
from perfxl.receive.naming import stems
from perfxl.receive.search import _Search
from perfxl.reporting.overview import Outcome, overview
from perfxl.rules.group import FormSums, Kin, consolidated
from perfxl.rules.versions import Version, rule_on

SECONDS = 5
"""On a busy machine; each takes tenths of a second on an idle one, and took half a minute or more before."""


@contextmanager
def soon() -> Iterator[None]:
    begin = time.process_time()
    yield
    assert time.process_time() - begin < SECONDS


@pytest.mark.slow
def test_two_thousand_of_one_name() -> None:
    name = "很长的名字" * 100 + ".xlsx"
    search = _Search(DEFAULT, None)
    with soon():
        for _ in range(2000):
            search.add(Input(Path("x.zip"), name, name))
        assert len({item.name for item in search.inputs}) == 2000
        assert len(set(stems([item.result for item in search.inputs]))) == 2000


def test_two_thousand_versions_of_one_form() -> None:
    one = Version((0, 0), "0", "0", "表", "表", "form", 2024, Unit("某局"), "", "", None, None)
    found = [replace(one, place=(n, 0), file=f"{n}" + "x" * 100, sha256=f"{n}") for n in range(2000)]
    with soon():
        rulings = rule_on(found)
    assert len(rulings) == 2000
    assert all(len(ruling.finding.message) < 1000 for ruling in rulings.values())


@pytest.mark.slow
@pytest.mark.parametrize("wholes", [800, 400])
def test_hundreds_of_departments_one_within_the_other(wholes: int) -> None:
    figures = {"total": Decimal(1)}
    parts = [
        FormSums(
            f"{n}",
            "表",
            ("f", Period(2024), ""),
            "1" * (n + 1),
            f"局{n}",
            f"局{n}",
            WHOLE if n < wholes else "",
            "",
            figures,
        )
        for n in range(800)
    ]
    kin = Kin(parts)
    with soon():
        for whole in parts:
            list(consolidated(whole, kin))


@pytest.mark.slow
def test_thousands_of_files_of_nobody_beside_a_long_roster() -> None:
    roster = Roster(tuple(RosterUnit(f"青溪区第{n}局", f"{n:06}", n) for n in range(3000)))
    files = [Outcome(Submission(Source(f"扫描件{n}.pdf", "", 1, "pdf"), (), ()), ()) for n in range(3000)]
    with soon():
        assert len(overview(files, roster=roster).units) == 3000
