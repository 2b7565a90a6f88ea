"""What the workbooks of authored forms say by themselves: nothing of a sound return, the planted mistakes of another."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from authored_returns import authored, changed
from test_authored_chongqing import RETURN
from test_authored_sichuan import GOAL

from support.office import Office

pytestmark = pytest.mark.client

CASES: tuple[tuple[str, Mapping[str, Any], Mapping[str, Any], Mapping[str, str]], ...] = (
    ("chongqing-self-eval", RETURN, {}, {}),
    (
        "chongqing-self-eval",
        RETURN,
        {"indicators[1].reason": None, "indicators[2].factor": 0.9555, "indicators[0].weight": 35},
        {
            "得分系数最多 1 位小数": "错误 1 处",
            "得分系数不足的原因按要求填写": "未填 2 格",
            "产出指标各行的分值合计为 50 分": "错误 1 处",
            "权重合计": "错误 1 处",
        },
    ),
    ("sichuan-project-goal", GOAL, {}, {}),
    (
        "sichuan-project-goal",
        GOAL,
        {"indicators[1].actual": "8%", "indicators[2].measure": "次", "indicators[0].measure": None},
        {
            "度量单位按要求填写": "未填 1 格",
            "度量单位不需要填的留空": "错误 1 处",
            "没有达到指标值、或达到指标值的 130% 以上的，要写明原因": "错误 1 处",
            "得分与按指标值、完成值和分值计算的相符": "错误 1 处",
        },
    ),
)


@pytest.mark.parametrize(("name", "data", "typed", "wanted"), CASES)
def test_the_workbook_says_what_the_import_says(
    office: Office, tmp_path: Path, name: str, data: Any, typed: Any, wanted: Mapping[str, str]
) -> None:
    path = tmp_path / "表.xlsx"
    path.write_bytes(changed(authored(name), data, typed))
    sheet = office.recalculated(path)["填报自检"]
    lines = {int(cell[1:]) for cell in sheet if cell.startswith("A") and isinstance(sheet[cell], Decimal)}
    found = {sheet[f"B{line}"]: sheet[f"C{line}"] for line in lines if sheet[f"C{line}"] != "通过"}
    assert found == wanted
