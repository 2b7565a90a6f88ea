"""What is asked for and is not there: results that somebody took away, work that has nothing to begin with."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.pile import bad
from support.visitor import Visitor, serving


@pytest.fixture
def visitor(tmp_path: Path) -> Iterator[Visitor]:
    with serving(tmp_path / "desk") as visitor:
        yield visitor


def test_a_result_that_was_taken_away_is_named_with_what_to_do(visitor: Visitor) -> None:
    visitor.done(visitor.post("/returns", files=[("甲.xlsx", bad("青溪区档案局", "030401"))]))
    (address,) = re.findall(r'href="(/returns/look/[0-9a-f]+)"', visitor.get("/returns").text)
    for path in visitor.desk.workspace.results.glob("甲.*"):
        path.unlink()
    for page in (address, "/returns/marked.zip"):
        answer = visitor.get(page)
        assert answer.status_code == 404
        assert "已不在工作文件夹里" in answer.text
        assert "请到“收表”页重新审核" in answer.text


def test_work_without_any_results_says_what_is_lacking(visitor: Visitor) -> None:
    for page, said in (
        ("/reports", "没有可以写成报告的结果"),
        ("/summary", "没有可以汇总的结果"),
        ("/carry", "没有可以带入《部门整体支出绩效自评表》的表"),
    ):
        form = {"target": "xlsx", "to": "hunan-dept-self-eval"}
        told = visitor.done(visitor.post(page, form))
        assert told["state"] == "failed"
        assert said in told["message"]
