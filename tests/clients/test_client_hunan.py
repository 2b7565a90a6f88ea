"""The Hunan form filled in through LibreOffice as a person types it, saved by it, read back."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from perfxl.api import generate, layout
from perfxl.forms.definition.load import load_forms
from perfxl.model.finding import Severity
from perfxl.model.record import to_data
from perfxl.model.submission import Status, Submission
from perfxl.receive.library import Library
from perfxl.receive.pipeline import process
from support.hunan import ONCE, ROWS, SHEET, typed
from support.office import Office

pytestmark = pytest.mark.client

FORMS = {name: form for name, form in load_forms().items() if name == "hunan-dept-self-eval"}
FORM = FORMS["hunan-dept-self-eval"]
LIBRARY = Library.of(FORMS)
BLANK = layout(FORM, year=2023, unit="石鼓区教育局", unit_code="430407")
CELLS = {cell.path: cell.box.name for cell in BLANK.cells if cell.field is not None}
WARNINGS = {"M06", "M08", "C05", "V16"}
ALSO_TRUE = {"G06", "V11"}


@pytest.fixture(scope="module")
def filled(office: Office, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hunan")
    blank = folder / "blank.xlsx"
    blank.write_bytes(generate(FORM, year=2023, unit="石鼓区教育局", unit_code="430407"))
    return office.fill(blank, {SHEET: typed(BLANK)}, folder / "filled.xlsx")


def read(path: Path) -> Submission:
    return process(path.read_bytes(), path.name, LIBRARY)


def test_every_value_of_the_seed_is_right(filled: Path) -> None:
    submission = read(filled)
    (returned,) = submission.forms
    assert returned.year == 2023
    assert (returned.unit.name, returned.unit.code) == ("石鼓区教育局", "430407")
    record = returned.record
    for path, value in ONCE.items():
        assert record[path] == (value if isinstance(value, str) else Decimal(str(value))), path
    assert record.sizes["indicators"] == len(ROWS)
    for number, (level, name, target, actual, points) in enumerate(ROWS):
        row = to_data(FORM, record)["indicators"][number]  # type: ignore[index]
        assert (row["level2"], row["name"], row["target"].text, row["actual"].text) == (level, name, target, actual)
        assert (row["weight"], row["score"]) == (points, points)
    assert record["funds.total.rate"] == 1
    assert record["total.weight"] == record["total.score"] == 100


def test_it_is_accepted_with_the_seeds_warnings(filled: Path) -> None:
    submission = read(filled)
    assert submission.status is Status.ACCEPTED
    warnings = [f for f in submission.findings if f.severity is Severity.WARNING]
    assert WARNINGS <= {f.code for f in warnings} <= WARNINGS | ALSO_TRUE
    (off,) = [f for f in warnings if f.code == "M06"]
    assert off.cell == "B6"
    assert "0.01" in off.message


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ("total.score", 95, "P05"),
        ("indicators[3].score", 22, "P02"),
        ("unit_name", "", "V01"),
        ("indicators[3].actual", "", "C02"),
        ("indicators[3].target", "", "G04"),
        ("indicators[3].weight", "", "V01"),
        ("funds.total.budget", "约六千万", "V02"),
        ("indicators[6].score", "满分", "V02"),
    ],
)
def test_one_planted_error_is_one_finding(
    path: str, value: str | float, code: str, filled: Path, office: Office, tmp_path: Path
) -> None:
    steps: list[dict[str, object]] = [
        {"sheet": SHEET, "unprotect": ""},
        {"sheet": SHEET, "cell": CELLS[path], "type": value},
    ]
    damaged = read(office.edit(filled, steps, tmp_path / "damaged.xlsx"))
    before = {(f.code, f.cell) for f in read(filled).findings}
    new = {(f.code, f.cell) for f in damaged.findings} - before
    assert new == {(code, CELLS[path])}
    assert damaged.status is Status.REJECTED


def test_a_weight_sum_of_95_is_one_finding(filled: Path, office: Office, tmp_path: Path) -> None:
    steps = [{"sheet": SHEET, "cell": CELLS[f"indicators[3].{key}"], "type": 15} for key in ("weight", "score")]
    damaged = read(office.edit(filled, steps, tmp_path / "damaged.xlsx"))
    before = {(f.code, f.cell) for f in read(filled).findings}
    assert {(f.code, f.cell) for f in damaged.findings} - before == {("P01", CELLS["total.weight"])}


def test_all_five_at_once(filled: Path, office: Office, tmp_path: Path) -> None:
    planted = {
        "total.score": (99, {"P05"}),
        "indicators[6].score": (12, {"P02"}),
        "goal.actual": ("", {"V01"}),
        "funds.by_income.other": ("九十五", {"V02"}),
        "indicators[3].weight": (15, {"P02"}),
        "total.weight": (None, {"P01"}),
    }
    steps: list[dict[str, object]] = [{"sheet": SHEET, "unprotect": ""}]
    for path, (value, _) in planted.items():
        if value is not None:
            steps.append({"sheet": SHEET, "cell": CELLS[path], "type": value})
    damaged = read(office.edit(filled, steps, tmp_path / "damaged.xlsx"))
    before = {(f.code, f.cell) for f in read(filled).findings}
    new = {(f.code, f.cell) for f in damaged.findings} - before
    # The score of the row whose weight was lowered is now above it.
    expected = {(code, CELLS[path]) for path, (_, codes) in planted.items() for code in codes}
    expected = {
        (code, CELLS["indicators[3].score"] if at == CELLS["indicators[3].weight"] else at) for code, at in expected
    }
    assert new == expected
