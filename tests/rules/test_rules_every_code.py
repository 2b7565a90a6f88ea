"""Codes that need more than one form's values: a file that raises each, at its cell, and one like it that does not.

With the plantings (``test_rules_plantings``) no code of the catalogue is without both.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from msgspec.structs import replace
from openpyxl.cell import MergedCell
from openpyxl.workbook import Workbook
from test_rules_plantings import PLANTINGS

import perfxl
from perfxl.forms.definition.load import load_forms, shipped
from perfxl.model.finding import Finding, Severity
from perfxl.model.roster import Expected, Roster, RosterUnit
from perfxl.model.submission import Submission
from perfxl.package.limits import DEFAULT
from perfxl.receive.examine import examined
from perfxl.receive.library import Library
from perfxl.receive.pipeline import process
from perfxl.receive.request import Request
from perfxl.receive.search import find
from perfxl.reporting.reread import reread
from perfxl.rules.accepted import NOTHING_ACCEPTED, Accepted, AcceptedForm
from perfxl.rules.catalog import CATALOG
from perfxl.rules.together import parts_of, together
from perfxl.rules.versions import rule_on, versions
from support.compound import compound
from support.hunan import SHEET
from support.pile import good, lay

ROOT = Path(__file__).parent.parent
FORMS = load_forms()
LIBRARY = Library.of(FORMS)
ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO
SELF, GOAL, MONITOR = "mof-project-self-eval", "mof-project-goal", "mof-project-monitor"
TABLE, REPORT, HUBEI = "hunan-dept-self-eval", "hunan-self-eval-report", "hubei-dept-goal"


def read(data: bytes, request: Request | None = None, accepted: Accepted = NOTHING_ACCEPTED) -> Submission:
    return process(data, "交回.xlsx", LIBRARY, request, accepted)


def edited(change: Callable[[Workbook], object], data: bytes | None = None) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(data or good()))
    change(book)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def sheet(change: Callable[[Any], object]) -> bytes:
    return edited(lambda book: change(book[SHEET]))


def sample(form: str, **changes: object) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((shipped() / form / "sample.json").read_text(encoding="utf-8"))
    return {**data, **changes}


def generated(form: str, data: Mapping[str, Any], code: str | None = None) -> bytes:
    return perfxl.generate(FORMS[form], data=data, unit_code=code)


@cache
def earlier(*workbooks: bytes) -> Accepted:
    found = [(f"{number}.xlsx", read(data)) for number, data in enumerate(workbooks)]
    return Accepted(tuple(AcceptedForm(file, form) for file, one in found for form in one.forms))


# -- one project from its goal to its self-evaluation -------------------------------------------------------------------


PROJECT = {"project_name": "校舍维修", "implementing_unit": "某区教育局", "year": 2024}
ROWS = (
    ("产出指标", "数量指标", "维修校舍", "≥12所", "12所", 50),
    ("效益指标", "社会效益指标", "受益学生", "≥3000人", "3100人", 30),
    ("满意度指标", "服务对象满意度指标", "师生满意度", "≥90%", "93%", 10),
)


def rows(*keys: str, changes: Mapping[tuple[int, str], object] | None = None) -> list[dict[str, object]]:
    names = ("level1", "level2", "name", "target", "actual", "weight")
    found = [{**dict(zip(names, row, strict=True)), "score": row[-1]} for row in ROWS]
    for (number, key), value in (changes or {}).items():
        found[number][key] = value
    return [{key: row[key] for key in ("level1", "level2", "name", "target", *keys)} for row in found if row["name"]]


@cache
def goal() -> bytes:
    return generated(GOAL, {**PROJECT, "annual_indicators": rows()})


def monitored(executed: int) -> bytes:
    return generated(MONITOR, {**PROJECT, "indicators": rows(), "funds": {"fiscal": {"executed": executed}}})


def evaluated(changes: Mapping[tuple[int, str], object] | None = None, **more: object) -> bytes:
    given = rows("actual", "weight", "score", changes=changes)
    funds = {"fiscal": {"initial": 100, "budget": 100, "executed": 95}}
    return generated(SELF, {**PROJECT, "indicators": given, "funds": funds, **more})


def ticks(*cells: str, mark: str = "✔") -> Callable[[], bytes]:
    """A monitoring form with ticks at the likelihood of its first indicator."""

    def tick(book: Workbook) -> None:
        for cell in cells:
            book.worksheets[0][cell] = mark

    return lambda: edited(tick, monitored(50))


def taken_over(unit: str, department: str | None = None, actual: str | None = "已修好") -> Callable[[], bytes]:
    """A project's form made for 某区档案馆, and what was typed in it: its units, what was done."""

    def type_in(book: Workbook) -> None:
        book.worksheets[0]["F4"] = unit
        book.worksheets[0]["C4"] = department

    data = {"project_name": "校舍维修", "goal": {"actual": actual}}

    def made() -> bytes:
        return perfxl.generate(FORMS[SELF], data=data, unit="某区档案馆", unit_code="030501", year=2024)

    return lambda: edited(type_in, made())


def blank() -> bytes:
    return perfxl.generate(FORMS[SELF], year=2024, unit="某区教育局")


def spared() -> bytes:
    """A workbook of two sheets of one form, of which one was not needed."""
    book = openpyxl.load_workbook(io.BytesIO(evaluated()))
    two = openpyxl.load_workbook(io.BytesIO(blank())).worksheets[0]
    own = book.create_sheet("自评表（2）")
    for line in two.iter_rows():
        for cell in line:
            if not isinstance(cell, MergedCell):
                own[cell.coordinate] = cell.value
    for merged in two.merged_cells.ranges:
        own.merge_cells(str(merged))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def hiding(rows: str = "", columns: str = "") -> Callable[[], bytes]:
    def change(book: Workbook) -> None:
        for row in rows:
            book.worksheets[0].row_dimensions[int(row)].hidden = True
        for column in columns:
            book.worksheets[0].column_dimensions[column].hidden = True

    return lambda: edited(change, evaluated())


# -- one department and the units below it -------------------------------------------------------------------------------


@cache
def department(name: str, amount: int, code: str | None = None) -> bytes:
    total = {"initial": amount, "budget": amount, "executed": amount}
    data = sample(TABLE, unit_name=name, funds={"total": total, "by_income": {"general": amount}})
    return generated(TABLE, data, code)


def units(*amounts: int, named: str = "青溪区教育局") -> list[bytes]:
    own, *below = amounts
    schools = [department(f"{named}第{number}小学", amount) for number, amount in enumerate(below, 1)]
    return [department(f"{named}（本级）", own), *schools]


def in_one_run(*workbooks: bytes) -> tuple[Finding, ...]:
    read_in = [process(data, f"{number}.xlsx", LIBRARY) for number, data in enumerate(workbooks)]
    return tuple(said for _, said in together([one for r in read_in for one in parts_of(r)], FORMS))


# -- the report ----------------------------------------------------------------------------------------------------------


@cache
def table() -> bytes:
    return generated(TABLE, sample(TABLE))


@cache
def report(basic: float) -> bytes:
    data = sample(REPORT)
    spending = {**data["spending"], "basic": {"amount": basic}}
    return generated(REPORT, {**data, "spending": spending})


@cache
def both(basic: float) -> bytes:
    """The report and the table in one workbook."""
    one, two = openpyxl.load_workbook(io.BytesIO(report(basic))), openpyxl.load_workbook(io.BytesIO(table()))
    own, other = one.create_sheet("自评表"), two[SHEET]
    for line in other.iter_rows():
        for cell in line:
            own[cell.coordinate] = cell.value if cell.data_type != "f" else None
    for merged in other.merged_cells.ranges:
        own.merge_cells(str(merged))
    buffer = io.BytesIO()
    one.save(buffer)
    return buffer.getvalue()


ROSTER = Roster(
    tuple(
        RosterUnit(name, code, row)
        for row, (name, code) in enumerate([("石鼓区教育局", "430407"), ("某某局", "430408")], 2)
    )
)
LISTED = Request(roster=ROSTER)


@dataclass(frozen=True, slots=True)
class Scene:
    """Findings among which a code comes out at a cell and with a severity, and those of cases near it without the code."""

    code: str
    severity: Severity
    cell: str | None
    raises: Callable[[], Iterable[Finding]]
    near: tuple[Callable[[], Iterable[Finding]], ...]


def of(data: Callable[[], bytes], request: Request | None = None) -> Callable[[], Iterable[Finding]]:
    return lambda: read(data(), request).findings


def beside(data: Callable[[], bytes], *known: Callable[[], bytes]) -> Callable[[], Iterable[Finding]]:
    return lambda: read(data(), None, earlier(*(one() for one in known))).findings


def corpus(name: str) -> Callable[[], bytes]:
    return (ROOT / "corpus" / name).read_bytes


def foreign(suffix: str) -> Callable[[], bytes]:
    return (ROOT / "readers" / "foreign" / f"jilin-dept-self-eval.{suffix}").read_bytes


def outcome(name: str) -> Iterable[Finding]:
    return reread(examined(Request(), name, corpus(name)()).document, FORMS).findings


def broken_reader(*, broken: bool) -> Iterable[Finding]:
    with pytest.MonkeyPatch.context() as patched:
        if broken:
            patched.setattr("perfxl.receive.examine.read_and_check", None)
        return reread(examined(Request(), "a.xlsx", good()).document, FORMS).findings


def lying_about(name: str, folder: Path) -> Iterable[Finding]:
    found = find([lay(folder, {name: good()})], DEFAULT)
    return [finding for one in found.passed_over for finding in one.findings]


def handed_in(*workbooks: bytes) -> Iterable[Finding]:
    read_in = enumerate(process(data, f"{n}.xlsx", LIBRARY) for n, data in enumerate(workbooks))
    found = [version for number, one in read_in for version in versions(number, one)]
    return [ruling.finding for ruling in rule_on(found).values()]


def put(cell: str, value: object) -> Callable[[], bytes]:
    def change(one: Any) -> None:
        one[cell] = value

    return lambda: sheet(change)


def stranger(book: Workbook) -> None:
    book.create_sheet("通讯录").append(["姓名", "电话"])


def retold_empty() -> bytes:
    buffer = io.BytesIO()
    openpyxl.Workbook().save(buffer)
    return buffer.getvalue()


def henan(caption: str) -> bytes:
    def change(book: Workbook) -> None:
        book.worksheets[0]["A2"] = caption

    data = {"unit_name": "某市教育局", "goals": [{"text": "办好教育"}]}
    return edited(change, perfxl.generate(FORMS["henan-dept-goal"], year=2024, unit="某市教育局", data=data))


def qinghai(title: str) -> bytes:
    def change(book: Workbook) -> None:
        book.worksheets[0]["A1"] = title

    data = {"unit_name": "某县教育局", "functions": "办好教育"}
    return edited(change, perfxl.generate(FORMS["qinghai-dept-approval"], year=2024, unit="某县教育局", data=data))


def doubtful(*labels: str) -> bytes:
    def erase(book: Workbook) -> None:
        one = book.worksheets[0]
        for line in list(one.iter_rows()):
            for cell in line:
                if isinstance(cell.value, str) and "".join(cell.value.split()) in labels:
                    cell.value = None

    plain = openpyxl.Workbook()
    source = openpyxl.load_workbook(io.BytesIO(generated(SELF, sample(SELF))))
    erase(source)
    for line in source.worksheets[0].iter_rows():
        for cell in line:
            if cell.value is not None:
                plain.worksheets[0][cell.coordinate] = cell.value
    buffer = io.BytesIO()
    plain.save(buffer)
    return buffer.getvalue()


NOTICED = {"S03", "S07"}
"""From notices of the reader, planted in test_rules_plantings."""
SCENES = (
    Scene("F01", ERROR, None, of(lambda: good()[:4000]), (of(good),)),
    Scene("F02", ERROR, None, of(lambda: compound("EncryptionInfo", "EncryptedPackage")), (of(good),)),
    Scene("F03", ERROR, None, of(good, Request(limits=replace(DEFAULT, max_bytes=1000))), (of(good),)),
    Scene("F04", WARNING, None, of(corpus("libreoffice-macros.xlsm")), (of(corpus("libreoffice-drawing.xlsx")),)),
    Scene("F05", WARNING, None, of(corpus("packed-controls.xlsx")), (of(corpus("packed-later.xlsx")),)),
    Scene("F06", ERROR, None, of(lambda: edited(stranger, retold_empty())), (of(good),)),
    Scene("F07", WARNING, None, of(lambda: edited(stranger)), (of(good),)),
    Scene("F08", ERROR, None, of(lambda: edited(lambda book: book.copy_worksheet(book[SHEET]))), (of(good),)),
    Scene("F09", WARNING, None, of(good, Request(year=2024)), (of(good, Request(year=2023)),)),
    Scene("F09", WARNING, "D3", of(put("D3", "某某局"), LISTED), (of(good, LISTED),)),
    Scene("F09", WARNING, "D3", of(put("D3", "某某局")), (of(good), of(put("D3", "石鼓区教育局（汇总）")))),
    Scene(
        "F09",
        WARNING,
        "F4",
        of(taken_over("某某局")),
        (
            of(taken_over("某区档案馆（本级）")),
            of(taken_over("某区第一小学", "某区档案馆")),
            of(taken_over("某区第一小学", "030501 某区档案馆办公室")),
            of(taken_over("某区第一小学", "030501 某区档案馆")),
        ),
    ),
    Scene("F09", WARNING, "F4", of(taken_over("某某局"), LISTED), (of(taken_over("某区档案馆")),)),
    Scene("F09", WARNING, "F4", of(taken_over("水利局", "某某局"), LISTED), (of(evaluated, LISTED),)),
    Scene(
        "F10", WARNING, None, of(lambda: doubtful("主管部门", "分值", "得分", "总分")), (of(lambda: doubtful("总分")),)
    ),
    Scene("F12", WARNING, None, of(foreign("ods")), (of(foreign("xls")),)),
    Scene("F13", ERROR, None, lambda: broken_reader(broken=True), (lambda: broken_reader(broken=False),)),
    Scene("F14", WARNING, None, lambda: outcome("packed-signed.xlsx"), (lambda: outcome("packed-later.xlsx"),)),
    Scene(
        "F15",
        ERROR,
        None,
        of(good, Request(expected=(Expected(TABLE, 2024), Expected("hubei-dept-goal")))),
        (of(good, Request(expected=(Expected(TABLE, 2023),))), of(good, Request(expected=(Expected(TABLE),)))),
    ),
    Scene("S01", ERROR, None, of(lambda: sheet(lambda one: one.delete_rows(5))), (of(good),)),
    Scene("S02", WARNING, "E4", of(put("E4", "调整后数额")), (of(put("E4", "全年 预算数")),)),
    Scene("S08", WARNING, "K9", of(put("K9", "含追加 20 万元")), (of(put("K9", "　")),)),
    Scene(
        "S09",
        ERROR,
        "B4",
        lambda: read(generated(HUBEI, {"unit_name": "青溪区水利局", "functions": "办水利"}), LISTED).findings,
        (lambda: read(generated(HUBEI, {"unit_name": "某某局（本级）", "functions": "办教育"}), LISTED).findings,),
    ),
    Scene(
        "S09", WARNING, "D3", of(put("D3", "石鼓区教体局"), LISTED), (of(put("D3", "石鼓区教育局（汇总）"), LISTED),)
    ),
    Scene(
        "S09",
        ERROR,
        "F4",
        lambda: read(evaluated(), LISTED).findings,
        (
            lambda: read(evaluated(supervisor="某某局"), LISTED).findings,
            lambda: read(evaluated(supervisor="430408某某局办"), LISTED).findings,
            lambda: read(evaluated(implementing_unit="某某局（本级）"), LISTED).findings,
        ),
    ),
    Scene("S11", WARNING, "A2", of(put("A2", 2022)), (of(put("A2", 2023)),)),
    Scene(
        "S11",
        WARNING,
        "A2",
        lambda: read(henan("(2023年度)")).findings,
        (lambda: read(henan("(2024年度)")).findings, lambda: read(henan("( 年度)")).findings),
    ),
    Scene(
        "S11",
        WARNING,
        "A1",
        lambda: read(qinghai("2023年部门整体支出绩效目标批复表")).findings,
        (lambda: read(qinghai("部门整体支出绩效目标批复表")).findings,),
    ),
    Scene("S12", ERROR, None, of(blank), (of(evaluated),)),
    Scene("S12", ERROR, None, of(taken_over("某区档案馆", "某区教育局", None)), (of(taken_over("某区档案馆")),)),
    Scene("S12", INFO, None, of(spared), (of(evaluated), of(blank))),
    Scene("S13", WARNING, "D7", of(hiding(rows="7")), (of(evaluated), of(hiding(rows="8")))),
    Scene("S13", WARNING, "D7", of(hiding(columns="D")), (of(hiding(columns="Z")),)),
    Scene("V03", ERROR, "N13", of(ticks("N13", "O13")), (of(ticks("O13")), of(ticks("P13")))),
    Scene("V03", ERROR, "O13", of(ticks("O13", mark="大概")), (of(ticks("O13", mark="是")),)),
    Scene("C01", ERROR, "E13", beside(lambda: evaluated({(0, "target"): "≥10所"}), goal), (beside(evaluated, goal),)),
    Scene(
        "C01",
        ERROR,
        "D13",
        beside(lambda: evaluated({(0, "name"): "校舍维修数量"}), goal),
        (
            beside(lambda: evaluated({(0, "name"): " 1、维修校舍", (1, "target"): "3000人"}), goal),
            beside(lambda: evaluated({(0, "name"): "校舍维修数量"}, year=2025), goal),
            beside(lambda: evaluated({(0, "name"): "校舍维修数量"}, project_name="厕所改造"), goal),
            beside(lambda: evaluated({(0, "name"): "校舍维修数量"}, implementing_unit="另一局"), goal),
        ),
    ),
    Scene("C01", ERROR, None, beside(lambda: evaluated({(2, "name"): None}), goal), (beside(evaluated, goal),)),
    Scene(
        "M05",
        ERROR,
        "F6",
        beside(evaluated, lambda: monitored(96)),
        (beside(evaluated, lambda: monitored(95)), of(evaluated)),
    ),
    Scene(
        "X01",
        ERROR,
        "D5",
        lambda: read(department("青溪区教育局（汇总）", 880), None, earlier(*units(100, 200, 560))).findings,
        (
            lambda: read(department("青溪区教育局（汇总）", 860), None, earlier(*units(100, 200, 560))).findings,
            lambda: read(department("青溪区教育局", 880), None, earlier(*units(100, 200, 560))).findings,
            lambda: read(department("青溪区教育局（汇总）", 880), None, earlier(*units(100, named="某局"))).findings,
        ),
    ),
    Scene(
        "X01",
        ERROR,
        None,
        lambda: in_one_run(department("青溪区教育局（汇总）", 880), *units(100, 200, 560)),
        (
            lambda: in_one_run(department("青溪区教育局（汇总）", 860), *units(100, 200, 560)),
            lambda: in_one_run(department("青溪区教育局（汇总）", 880), department("某某局", 560)),
        ),
    ),
    Scene(
        "X02",
        ERROR,
        "D5",
        lambda: read(department("青溪区教育局（汇总）", 960), None, earlier(*units(100, 200, 560))).findings,
        (lambda: read(department("青溪区教育局（汇总）", 860), None, earlier(*units(100, 200, 560))).findings,),
    ),
    Scene(
        "X03",
        WARNING,
        None,
        lambda: handed_in(good(), put("K9", "改")()),
        (lambda: handed_in(good()),),
    ),
    Scene(
        "X04",
        ERROR,
        "D13",
        beside(lambda: report(1051.47), table),
        (beside(lambda: report(1051.64), table), of(lambda: report(1051.47))),
    ),
    Scene("X04", ERROR, "D13", of(lambda: both(1051.47)), (of(lambda: both(1051.64)),)),
)

each_scene = pytest.mark.parametrize("scene", SCENES, ids=lambda scene: f"{scene.code}-{scene.cell}")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("declared", "told"),
    [(100, False), (0, False), (1000, False), (499_999, False), (500_000, True), (1_000_000, True), (0.02, False)],
)
def test_amounts_that_an_earlier_form_has_in_another_unit_are_told(declared: float, *, told: bool) -> None:
    """A self-evaluation of 100 万元 whose declaration had the same in 元."""
    funds = {"annual": {"fiscal": declared}, "mid": {"fiscal": declared}}
    declaration = generated(GOAL, {**PROJECT, "annual_indicators": rows(), "funds": funds})
    found = beside(evaluated, lambda: declaration)()
    assert [one.path for one in found if one.code == "M13"] == (["funds.total.initial"] if told else [])


def test_an_indicator_under_another_name_is_not_left_out_as_well() -> None:
    renamed = beside(lambda: evaluated({(0, "name"): "校舍维修数量"}), goal)()
    assert [finding.cell for finding in renamed if finding.code == "C01"] == ["D13"]


@pytest.mark.slow
@each_scene
def test_a_code_comes_out_at_its_cell(scene: Scene) -> None:
    found = [(finding.code, finding.severity, finding.cell) for finding in scene.raises()]
    assert (scene.code, scene.severity, scene.cell) in found


@pytest.mark.slow
@each_scene
def test_a_case_near_it_does_not_have_it(scene: Scene) -> None:
    assert scene.near
    for near in scene.near:
        assert not [f.message for f in near() if (f.code, f.severity) == (scene.code, scene.severity)]


@pytest.mark.parametrize(("name", "passed"), [("~$a.xlsx", ["F11"]), ("a.xlsx", [])])
def test_what_is_no_return_is_passed_over(name: str, passed: list[str], tmp_path: Path) -> None:
    assert [finding.code for finding in lying_about(name, tmp_path)] == passed


def test_ticks_are_spoken_of_as_ticks() -> None:
    (several,) = [f for f in read(ticks("N13", "O13")()).findings if f.code == "V03"]
    assert several.message == "“维修校舍”的完成目标可能性在“确定能”、“有可能”几栏都打了勾，只能选一项，请清去多余的勾"
    assert (several.value, several.expected) == ("确定能、有可能", "确定能、有可能、完全不可能")
    assert "下拉" not in several.message


@pytest.mark.slow
@pytest.mark.parametrize("name", FORMS)
def test_another_unit_in_a_form_made_for_one_is_told_in_every_form(name: str) -> None:
    form = FORMS[name]
    data = perfxl.generate(form, data={**sample(name), form.unit_path: "某区档案馆"}, unit_code="030501", year=2024)
    (own,) = read(data).forms
    cell = own.cells[form.unit_path]

    def typed(unit: str) -> Submission:
        return read(edited(lambda book: book[own.sheet].__setitem__(cell, unit), data))

    other, same = typed("某区水利局"), typed("某区档案馆（本级）")
    assert [(f.severity, f.cell, f.expected) for f in other.findings if f.code == "F09"] == [
        (WARNING, cell, "某区档案馆")
    ]
    assert not [f for f in same.findings if f.code == "F09"]
    assert own.unit == other.forms[0].unit


@pytest.mark.slow
@pytest.mark.parametrize("name", ["长期目标", "年度目标"])
def test_a_goal_is_called_what_the_sheet_calls_it(name: str) -> None:
    """Blocks left blank are not in the data; an inserted one has the number that the officer gave it."""

    def type_in(book: Workbook) -> None:
        one = book.worksheets[0]
        (row,) = [
            n for n, (text,) in enumerate(one.iter_rows(max_col=1, values_only=True), 1) if f"{name}3" in str(text)
        ]
        one.cell(row, 1).value = f"{name}4："
        one.cell(row, 2).value = "提高质量"

    data = {"unit_name": "某局", "functions": "办教育"}
    found = [f for f in read(edited(type_in, generated(HUBEI, data))).findings if f.code == "G01"]
    assert [f.label for f in found if f.value == "提高质量"] == [f"{name}4"]


@pytest.mark.slow
@pytest.mark.parametrize("name", FORMS)
def test_signatures_below_are_no_stray_text_and_a_remark_is(name: str) -> None:
    lines = (
        "单位负责人：张三　　填表人：李四　　联系电话：0734-1234567",
        "填报日期：2024年3月5日",
        "单位（盖章）：",
        "另有追加",
    )

    def sign(book: Workbook) -> None:
        one = book.worksheets[0]
        last = one.max_row + 2
        for number, line in enumerate(lines):
            one.cell(last + number, 1).value = line

    found = [f.value for f in read(edited(sign, generated(name, sample(name)))).findings if f.code == "S08"]
    assert found == ["另有追加"]


def test_no_code_is_without_a_case_that_raises_it_and_one_that_does_not() -> None:
    elsewhere = {"F11", *NOTICED}
    shown = {case.code for case in (*PLANTINGS, *SCENES)} | elsewhere
    assert [code for code in CATALOG if code not in shown] == []
