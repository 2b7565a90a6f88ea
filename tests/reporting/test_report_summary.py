from __future__ import annotations

import json
from typing import Any

from perfxl.forms.definition.load import load_forms
from perfxl.model.finding import Finding, Severity
from perfxl.model.record import Record
from perfxl.model.roster import Roster, RosterUnit
from perfxl.model.submission import By, FormReturn, Source, Submission, Unit
from perfxl.reporting.overview import Outcome, overview
from perfxl.reporting.summary import summary as summary_of

FORMS = load_forms()
ROSTER = Roster((RosterUnit("青溪区教育局", "030407", 2), RosterUnit("青溪区民政局", "030408", 3)))


def warning(code: str = "M06") -> Finding:
    return Finding(code, Severity.WARNING, "相差 0.01")


def submission(file: str, *findings: Finding, superseded_by: str | None = None, forms: int = 1) -> Submission:
    unit = Unit("青溪区教育局", "030407")
    form = FormReturn(
        FORMS["hunan-dept-self-eval"], "2023", "自评表", By.STAMP, 1.0, 2024, unit, Record(), superseded_by
    )
    return Submission(Source(file, "00", 1, "xlsx"), (form,) * forms, findings)


def summary(*submissions: Submission, said: tuple[Submission, ...] = ()) -> Any:
    outcomes = [Outcome.of(one, f"{one.source.file}.json") for one in submissions]
    view = overview(outcomes, roster=ROSTER, passed_over=said)
    return json.loads(b"".join(summary_of(view, outcomes, said)))


def test_it_counts_by_status_severity_and_code() -> None:
    bad = submission("b.xlsx", Finding("F01", Severity.ERROR, "这是图片"), forms=0)
    found = summary(submission("a.xlsx", warning(), warning("C05"), warning()), bad)
    assert found["files"] == 2
    assert found["status"] == {"accepted": 1, "rejected": 1}
    assert found["counts"] == {"error": 1, "warning": 3, "info": 0}
    assert found["codes"] == {"C05": 1, "F01": 1, "M06": 2}


def test_each_file_has_an_entry_in_the_order_of_the_files() -> None:
    found = summary(submission("b.xlsx", warning()), submission("a.xlsx"))
    assert [entry["file"] for entry in found["returns"]] == ["b.xlsx", "a.xlsx"]
    assert found["returns"][0] == {
        "file": "b.xlsx",
        "status": "accepted",
        "standing": "warned",
        "counts": {"error": 0, "warning": 1, "info": 0},
        "codes": {"M06": 1},
        "document": "b.xlsx.json",
        "marked": None,
        "forms": [
            {
                "form": "hunan-dept-self-eval",
                "sheet": "自评表",
                "year": 2024,
                "unit": {"code": "030407", "name": "青溪区教育局"},
                "superseded_by": None,
            }
        ],
    }


def test_each_unit_stands_somewhere() -> None:
    found = summary(submission("a.xlsx", superseded_by="b.xlsx"), submission("b.xlsx"))
    assert found["standing"] == {"missing": 1, "unreadable": 0, "rejected": 0, "warned": 0, "passed": 1}
    assert found["units"] == [
        {
            "code": "030408",
            "name": "青溪区民政局",
            "standing": "missing",
            "listed": True,
            "files": [],
            "superseded": [],
        },
        {
            "code": "030407",
            "name": "青溪区教育局",
            "standing": "passed",
            "listed": True,
            "files": ["b.xlsx"],
            "superseded": ["a.xlsx"],
        },
    ]
    assert [entry["standing"] for entry in found["returns"]] == ["superseded", "passed"]


def test_what_was_passed_over_is_said_and_counted() -> None:
    lock = Submission(Source("~$a.xlsx", "", 0, ""), (), (Finding("F11", Severity.INFO, "临时文件，没有读取"),))
    found = summary(submission("a.xlsx"), said=(lock,))
    assert found["passed_over"] == ["临时文件，没有读取"]
    assert found["codes"] == {"F11": 1}
    assert found["files"] == 1


def test_an_empty_batch_has_a_summary_too() -> None:
    found = summary()
    assert found["files"] == 0
    assert found["status"] == {"accepted": 0, "rejected": 0}
    assert found["returns"] == []
