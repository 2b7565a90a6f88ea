"""Make the pictures of report.html, for 3 and for 300 returns, in Chromium: ``python docs/report_pictures.py``.

Needs chromium, chromedriver and Chinese fonts; run from the project's root, in its environment. Units and figures are
invented: self-evaluations are filled in, some wrongly, and go the whole way through reading and checking. With a folder
as argument the two pages are written there too.
"""

from __future__ import annotations

import copy
import datetime as dt
import random
import shutil
import sys
import tempfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

from msgspec.structs import replace
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service

from perfxl.api import generate
from perfxl.forms.definition.load import load_forms
from perfxl.model.finding import Severity
from perfxl.model.roster import Roster, RosterUnit
from perfxl.receive.library import Library
from perfxl.receive.pipeline import process
from perfxl.reporting.overview import Outcome, Overview, overview
from perfxl.reporting.page import page

PICTURES = Path("docs/pictures")
FORM = "hunan-dept-self-eval"
_OFFICES = (
    "教育 卫生健康 民政 财政 人力资源和社会保障 自然资源 生态环境 住房和城乡建设 交通运输 水利 农业农村 商务 文化旅游体育 应急管理 "
    "审计 市场监督管理 统计 医疗保障 林业 信访 档案 司法 科学技术 发展和改革 退役军人事务 城市管理 乡村振兴 机关事务"
)
_TOWNS = (
    "石桥 白沙 柳林 清水 高坪 双河 龙泉 青山 新塘 枫木 大湾 云岭 竹溪 马场 沙洲 桃园 凤鸣 黄坡 长滩 梅岭 东湖 西堰 南冲 北坳 茶亭 "
    "花桥 谷田 栗山 月塘"
)
_BODIES = "人民政府 中心小学 初级中学 卫生院 敬老院 农业服务中心 文化站 水管站 林业站 财政所"
_INDICATORS = (
    ("产出指标", "数量指标", "举办业务培训期数", "≥12期", "13期", 15),
    ("产出指标", "数量指标", "下乡指导人次", "≥300人次", "326人次", 10),
    ("产出指标", "质量指标", "培训合格率", "≥95%", "97%", 10),
    ("产出指标", "时效指标", "重点工作按期完成率", "≥95%", "98%", 10),
    ("产出指标", "成本指标", "培训人均成本", "≤380元", "365元", 5),
    ("效益指标", "社会效益指标", "群众诉求按期办结率", "≥98%", "99%", 20),
    ("效益指标", "可持续影响指标", "档案电子化率", "≥80%", "84%", 10),
    ("满意度指标", "服务对象满意度指标", "服务对象满意度", "≥90%", "94%", 10),
)
_SAVED = dt.datetime(2024, 3, 1, 1, 0, tzinfo=dt.UTC)


def units(count: int) -> list[RosterUnit]:
    """Return so many invented units of a county."""
    names = [f"青溪县{office}局" for office in _OFFICES.split()]
    names += [f"{town}镇{body}" for body in _BODIES.split() for town in _TOWNS.split()]
    return [RosterUnit(name, f"439{number:03d}", number + 2) for number, name in enumerate(names[:count], start=1)]


def right(unit: RosterUnit, chance: random.Random) -> dict[str, Any]:
    """Return a self-evaluation in which everything fits."""
    budget = Decimal(chance.randint(20_000, 900_000)) / 100
    basic = (budget * chance.randint(30, 70) / 100).quantize(Decimal("0.01"))
    executed = (budget * chance.randint(920, 1000) / 1000).quantize(Decimal("0.01"))
    keys = ("level1", "level2", "name", "target", "actual", "weight")
    rows: list[dict[str, Any]] = [dict(zip(keys, row, strict=True)) for row in _INDICATORS]
    for row in rows:
        row |= {
            "target": {"text": row["target"]},
            "actual": {"text": row["actual"]},
            "score": row["weight"],
            "reason": None,
        }
        if row["level2"] == "可持续影响指标" and chance.random() < 0.6:
            share = chance.randint(60, 79)
            row["actual"] = {"text": f"{share}%"}
            row["score"] = (Decimal(10 * share) / 80).quantize(Decimal("0.01"))
            row["reason"] = "扫描设备到货较晚，已列入下年计划，上半年补齐。"
    return {
        "year": 2023,
        "unit_name": unit.name,
        "funds": {
            "total": {"initial": budget, "budget": budget, "executed": executed, "weight": 10},
            "by_income": {"general": budget, "gov_fund": 0, "special_account": 0, "other": 0},
            "by_expense": {"basic": basic, "project": budget - basic},
        },
        "goal": {
            "expected": "保障机构正常运转，完成全年重点工作，服务对象满意。",
            "actual": "全年收支平衡，年初安排的重点工作均已办结，服务对象评价良好。",
        },
        "indicators": rows,
    }


def _lost(data: dict[str, Any], chance: random.Random) -> None:
    """Miss several targets, with reasons: a fair return with a low total."""
    part = chance.randint(45, 85)
    for row, target, unit in zip(data["indicators"], (12, 300, 95, 95), ("期", "人次", "%", "%"), strict=False):
        actual = target * part // 100
        row["actual"] = {"text": f"{actual}{unit}"}
        row["score"] = (Decimal(row["weight"]) * actual / target).quantize(Decimal("0.01"))
        row["reason"] = "年中机构调整，部分工作推迟，已列入下年计划。"
    if part < 60:
        row = data["indicators"][5]
        row |= {"actual": {"text": "49%"}, "score": Decimal(10), "reason": "人手不足，积压较多，已增派人员。"}


def _above(data: dict[str, Any], chance: random.Random) -> None:
    for row in chance.sample(data["indicators"], 3):
        row["score"] = Decimal(row["weight"]) + 2


def _blank(data: dict[str, Any], chance: random.Random) -> None:
    for row in chance.sample(data["indicators"], 3):
        row["actual"] = None


def _weights(data: dict[str, Any], chance: random.Random) -> None:
    row = chance.choice(data["indicators"])
    row["weight"] = Decimal(row["weight"]) - 3


def _overspent(data: dict[str, Any], _: random.Random) -> None:
    total = data["funds"]["total"]
    total["executed"] = total["budget"] + Decimal("12.5")


def _torn(data: dict[str, Any], _: random.Random) -> None:
    data["funds"]["by_expense"]["project"] += 100


def _yuan(data: dict[str, Any], _: random.Random) -> None:
    data["funds"]["by_income"]["general"] *= 10_000


def _no_goal(data: dict[str, Any], _: random.Random) -> None:
    data["goal"]["actual"] = None


def _doubtful(data: dict[str, Any], chance: random.Random) -> None:
    """Write a target as officers do: without a sign, with a full-width figure, too easy."""
    row = chance.choice(data["indicators"])
    match chance.randint(0, 3):
        case 0:
            row |= {"target": {"text": "95"}, "actual": {"text": "97"}}
        case 1:
            row["target"] = {"text": row["target"]["text"].replace("≥", "＞＝")}
        case 2:
            data["funds"]["total"]["executed"] = data["funds"]["total"]["budget"] * Decimal("0.8")
            data["funds"]["total"]["executed"] = data["funds"]["total"]["executed"].quantize(Decimal("0.01"))
        case _:
            data["goal"]["actual"] = data["goal"]["expected"]


MISTAKES: tuple[Callable[[dict[str, Any], random.Random], None], ...] = (
    _above, _blank, _weights, _overspent, _torn, _yuan, _no_goal, _above, _blank,
)  # fmt: skip


def batch(count: int, missing: int, wrong: int, broken: int) -> Overview:
    """Return a batch of returns of so many units: some missing, some wrong, some that are no workbook, one sent twice."""
    forms = load_forms()
    library, chance = Library.of(forms), random.Random(count)  # noqa: S311 - invented figures, the same at every run
    roster = Roster(tuple(units(count + missing)))
    listed = list(roster.units)
    absent = set(chance.sample(range(1, len(listed)), missing))
    present = [unit for number, unit in enumerate(listed) if number not in absent]
    kinds = ["broken"] * broken + ["wrong"] * wrong + ["right"] * (len(present) - broken - wrong)
    chance.shuffle(kinds)
    outcomes: list[Outcome] = []
    for number, (unit, kind) in enumerate(zip(present, kinds, strict=True)):
        saved = _SAVED + dt.timedelta(minutes=137 * number)
        name = f"{'县直' if '县' in unit.name else unit.name[:3]}/{unit.name}-部门整体支出绩效自评表-2023"
        if kind == "broken":
            suffix, content = chance.choice(
                [(".jpg", b"\xff\xd8\xff\xe0" + b"0" * 64), (".xlsx", b"PK\x03\x04damaged")]
            )
            outcomes.append(Outcome.of(process(content, name + suffix, library), f"{name}.json"))
            continue
        data = right(unit, chance)
        if kind == "wrong":
            for mistake in chance.sample(MISTAKES, chance.randint(1, 3)):
                mistake(data, chance)
        elif number > 3 and chance.random() < 0.12:
            _lost(data, chance)
        if chance.random() < 0.3:
            _doubtful(data, chance)
        if number % 60 == 7:
            old = copy.deepcopy(data)
            _blank(old, chance)
            outcomes.append(
                _outcome(old, unit, f"{name}（初稿）", library, saved - dt.timedelta(days=2), f"{name}.xlsx")
            )
        outcomes.append(_outcome(data, unit, name, library, saved))
    return overview(outcomes, roster=roster)


def _outcome(
    data: dict[str, Any],
    unit: RosterUnit,
    name: str,
    library: Library,
    saved: dt.datetime,
    superseded_by: str | None = None,
) -> Outcome:
    workbook = generate(library.forms[FORM], year=2023, unit=unit.name, unit_code=unit.code, data=data)
    submission = process(workbook, f"{name}.xlsx", library)
    copy_made = any(finding.severity is not Severity.INFO for finding in submission.findings)
    marked = f"{name}.marked.xlsx" if copy_made else ""
    submission = replace(
        submission,
        source=replace(submission.source, modified=saved),
        forms=tuple(replace(form, superseded_by=superseded_by) for form in submission.forms),
    )
    return Outcome.of(submission, f"{name}.json", marked)


def browser() -> Chrome:
    """Start Chromium without a window."""
    options = ChromeOptions()
    for option in ("--headless=new", "--no-sandbox", "--hide-scrollbars", "--force-device-scale-factor=1"):
        options.add_argument(option)
    # Both by name, or Selenium looks for others on the network.
    options.binary_location = shutil.which("chromium") or ""
    return Chrome(options, Service(shutil.which("chromedriver")))


def shoot(chrome: Chrome, page_file: Path, picture: Path, *, height: int, script: str = "") -> None:
    """Take a picture of a page, 1360 pixels wide, after a script was run in it."""
    chrome.set_window_size(1360, height)
    chrome.get(page_file.resolve().as_uri())
    if script:
        chrome.execute_script(script)
    chrome.save_screenshot(str(picture))


def main(arguments: list[str]) -> None:
    """Make all pictures."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(arguments[0]) if arguments else Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        for name, found in (("3", batch(3, 1, 1, 0)), ("300", batch(300, 14, 24, 6))):
            (folder / f"report-{name}.html").write_text(page(found), encoding="utf-8", newline="\n")
        chrome = browser()
        try:
            shoot(chrome, folder / "report-3.html", PICTURES / "report-3.png", height=1500)
            shoot(chrome, folder / "report-300.html", PICTURES / "report-300.png", height=1500)
            search = (
                "const form = document.querySelector('.tools'); form.elements.code.value = 'P02';"
                "form.dispatchEvent(new Event('submit'));"
                "const found = [...document.querySelectorAll('#findings .chapter')].filter((each) => !each.hidden);"
                "found.slice(0, 3).forEach((each) => { each.open = true; });"
                "document.getElementById('findings').scrollIntoView();"
            )
            shoot(chrome, folder / "report-300.html", PICTURES / "report-filter.png", height=900, script=search)
        finally:
            chrome.quit()


if __name__ == "__main__":
    main(sys.argv[1:])
