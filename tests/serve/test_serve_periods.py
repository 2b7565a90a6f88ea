"""Forms of a quarter in the browser and for programs: the same workbooks as the commands write with ``--period``."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

import perfxl
from support.visitor import HERE, Visitor, serving

FORMS = Path(__file__).parents[1] / "authored" / "school-statistics"


@pytest.fixture(scope="module")
def visitor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    root = tmp_path_factory.mktemp("desk")
    shutil.copytree(FORMS, root / "templates")
    with serving(root) as visitor:
        yield visitor


def sent(visitor: Visitor, year: str, form: str = "school-quarterly") -> perfxl.Form:
    told = visitor.done(visitor.post("/send", {"form": form, "year": year, "to": "one", "unit": "甲校"}))
    assert told["state"] == "done", told
    return perfxl.load_forms(FORMS)[form]


def test_a_quarter_is_typed_where_others_type_the_year(visitor: Visitor) -> None:
    form = sent(visitor, "2025年二季度")
    (path,) = visitor.desk.workspace.sent.glob("*统计表*2025年二季度.xlsx")
    assert path.read_bytes() == perfxl.generate(form, period="2025Q2", unit="甲校")


def test_a_form_of_a_year_goes_with_one_of_a_quarter(visitor: Visitor) -> None:
    forms = perfxl.load_forms(FORMS)
    chosen = [forms[name] for name in ("school-quarterly", "jilin-dept-self-eval")]
    answer = visitor.client.post(
        "/send",
        data={
            "token": visitor.token,
            "form": [form.id for form in chosen],
            "year": "2025Q3",
            "to": "one",
            "unit": "乙校",
        },
    )
    assert visitor.done(answer)["state"] == "done"
    (path,) = visitor.desk.workspace.sent.glob("*乙校*.xlsx")
    assert path.read_bytes() == perfxl.generate(chosen, period="2025年三季度", unit="乙校")


@pytest.mark.parametrize(
    ("form", "year", "said"),
    [
        ("school-quarterly", "2025年3月", "《教育经费季度统计表》却是按季度报的"),
        ("jilin-dept-self-eval", "2025年一季度", "却是一年报一次，只填年度 2025 就行"),
        ("school-quarterly", "1925年一季度", "应是 2000 到 2100 的四位数"),
        ("school-quarterly", "一季度", "应是 2000 到 2100 的四位数"),
    ],
)
def test_what_is_no_period_of_the_form_is_said(visitor: Visitor, form: str, year: str, said: str) -> None:
    answer = visitor.post("/send", {"form": form, "year": year, "to": "one"})
    assert (answer.status_code, said in answer.text) == (400, True)


def test_only_what_leads_to_the_quarter_is_carried(visitor: Visitor, tmp_path: Path) -> None:
    form = perfxl.load_forms(FORMS)["school-quarterly"]
    own = {"unit_name": "甲校", "year": 2025, "students": 800, "opening": 10, "income": 100, "spending": 60}
    files = [
        (f"甲校{quarter}.xlsx", perfxl.generate(form, data={**own, "quarter": quarter}))
        for quarter in ("一季度", "二季度")
    ]
    visitor.done(visitor.post("/returns", files=files))
    told = visitor.done(visitor.post("/carry", {"to": "school-quarterly-audit", "year": "2025年二季度"}))
    assert told["state"] == "done", told
    carried = perfxl.carry(
        visitor.desk.workspace.results, "school-quarterly-audit", tmp_path, period="2025年二季度", templates=[FORMS]
    )
    (name,) = (one.file for one in carried.workbooks)
    made = {path.name: path.read_bytes() for path in visitor.desk.workspace.sent.glob("*核定表*.xlsx")}
    assert made == {name: (tmp_path / name).read_bytes()}


def test_programs_ask_for_a_period(visitor: Visitor) -> None:
    headers = {"authorization": f"Bearer {visitor.desk.keyring.key}"}
    program = TestClient(visitor.client.app, base_url=HERE, headers=headers)
    asked = {"form": "school-quarterly", "period": "2025年一季度", "unit": "甲校"}
    form = perfxl.load_forms(FORMS)["school-quarterly"]
    made = program.post("/api/generate", content=json.dumps(asked))
    assert made.content == perfxl.generate(form, period="2025年一季度", unit="甲校")
    wrong = program.post("/api/generate", content=json.dumps({**asked, "period": "2025"}))
    assert (wrong.status_code, "应是哪一期" in wrong.json()["message"]) == (422, True)
    assert program.post("/api/generate", content=json.dumps({**asked, "period": 3})).status_code == 400


def test_a_period_beats_the_year_and_the_data() -> None:
    form = perfxl.load_forms(FORMS)["school-quarterly"]
    own = {"unit_name": "甲校", "year": 2024, "quarter": "一季度"}
    assert perfxl.generate(form, year=2023, period="2025年四季度", data=own) == perfxl.generate(
        form, data={**own, "year": 2025, "quarter": "四季度"}
    )
    with pytest.raises(perfxl.PeriodError, match="应是哪一期"):
        perfxl.generate(form, period="四季度")
    with pytest.raises(perfxl.OnceAYearError, match="一年报一次"):
        perfxl.generate(perfxl.load_forms()["jilin-dept-self-eval"], period="2025Q1")
