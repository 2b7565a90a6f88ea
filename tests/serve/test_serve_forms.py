"""表样, 规则, 读表: forms are shown as the command shows them; a blank becomes a definition that works."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from msgspec.structs import replace

import perfxl
from perfxl.adopt.correct import FieldEntry, corrected, fields
from perfxl.forms.definition.load import parse, shipped
from perfxl.reporting.show import form_text
from perfxl.rules.catalog import CATALOG
from support.visitor import Visitor, serving

FORM = "jilin-dept-self-eval"


@pytest.fixture(scope="module")
def visitor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    with serving(tmp_path_factory.mktemp("desk")) as visitor:
        yield visitor


def test_forms_and_rules_are_told(visitor: Visitor) -> None:
    known = perfxl.load_forms()
    page = visitor.get("/forms").text
    assert all(form.title in page for form in known.values())
    assert form_text(known[FORM]) in unescape(visitor.get(f"/forms/show/{FORM}").text)
    assert visitor.get(f"/forms/show/{FORM}/schema.json").json()["$schema"]
    assert visitor.get("/forms/show/nothing").status_code == 404
    rules = visitor.get("/rules").text
    assert all(f'id="{code}"' in rules for code in CATALOG)


@pytest.mark.slow
def test_a_blank_is_read_corrected_tried_and_kept(visitor: Visitor) -> None:
    blank = perfxl.generate(perfxl.load_forms()["mof-project-goal"], year=2024)
    answer = visitor.post("/forms/adopt", {"id": "own-goal"}, files=[("表.xlsx", blank)])
    address = str(answer.url.path)
    assert re.fullmatch(r"/forms/adopt/[\w-]+", address), answer.text
    assert "读出的内容" in answer.text
    assert 'class="adopted"' in answer.text
    number = 1  # the project's name; the first one is the year
    tried = visitor.post(
        address, {"form": "own-goal", f"name{number}": "新的名称", f"type{number}": "text", "do": "try"}
    )
    assert "新的名称" in tried.text
    emptied = visitor.post(address, {"form": "own-goal", f"name{number}": "", "do": "try"})
    assert "新的名称" not in emptied.text
    assert "试填过了" in tried.text
    assert not list(visitor.desk.workspace.definitions.iterdir())
    kept = visitor.post(address, {"form": "own-goal", f"name{number}": "新的名称", "do": "keep"})
    assert kept.url.path == "/forms/show/own-goal"
    folder = visitor.desk.workspace.definitions / "own-goal"
    assert '"新的名称"' in (folder / "form.yaml").read_text("utf-8")
    assert (folder / "adopt.html").is_file()
    assert "own-goal" in visitor.get("/send").text
    again = visitor.post(address, {"form": "own-goal", "do": "keep"})
    assert "已经有编号" in again.text
    broken = visitor.post(address, {"form": "own-goal", "text": "form: own-goal\n", "do": "keep", "force": "1"})
    assert "没有保存" in broken.text


def test_what_is_no_form_is_told(visitor: Visitor) -> None:
    assert visitor.post("/forms/adopt", files=[("表.xlsx", b"nothing")]).status_code == 422
    assert visitor.post("/forms/adopt", {"id": "Eigen"}, files=[("表.xlsx", b"nothing")]).status_code == 400
    assert visitor.post("/forms/adopt").status_code == 400
    assert visitor.get("/forms/adopt/nothing").status_code == 404


@pytest.mark.parametrize("path", sorted(shipped().glob("*/form.yaml")), ids=lambda path: path.parent.name)
def test_nothing_but_what_was_corrected_changes(path: Path) -> None:
    text = path.read_text("utf-8")
    entries = fields(text)
    assert corrected(text, dict(enumerate(entries))) == text
    changed = corrected(text, {0: FieldEntry(entries[0].field, "甲：“乙”, {丙}", "text", "false")})
    assert fields(changed)[0].name == "甲：“乙”, {丙}"
    assert fields(changed)[1:] == entries[1:]
    assert parse(changed, "form.yaml") is not None


@pytest.mark.parametrize(
    ("text", "without"),
    [
        ('a: {field: b, name: "丙"}', "a: {field: b}"),
        ('a: {field: b, name: "丙", type: text}', "a: {field: b, type: text}"),
        ('a: {name: "丙, 丁", field: b}', "a: {field: b}"),
    ],
)
def test_a_name_that_was_emptied_is_taken_out(text: str, without: str) -> None:
    (entry,) = fields(text)
    assert corrected(text, {0: replace(entry, name="")}) == without
    both = corrected(text, {0: replace(entry, name="", required="true")})
    assert fields(both) == (replace(entry, name="", required="true"),)


def test_what_was_under_way_before_a_restart_is_said_to_be_gone(visitor: Visitor) -> None:
    for address, lead in (("/jobs/nothing", "/returns"), ("/forms/adopt/nothing", "/forms/adopt")):
        page = visitor.get(address)
        assert page.status_code == 404
        assert "重新启动过" in page.text
        assert f'<a href="{lead}">' in page.text
    assert "重新启动过" in visitor.get("/send?job=nothing").text


def test_what_is_no_definition_has_no_fields() -> None:
    assert fields("{") == ()
    whole = "a: {field: b, name: 丙}"
    assert fields(corrected(whole, {0: FieldEntry("b", "甲", "money", "true")})) == (
        FieldEntry("b", "甲", "money", "true"),
    )
