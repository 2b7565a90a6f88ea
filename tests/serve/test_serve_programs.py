"""The addresses for programs: with the key, what the commands print and write; mistakes as JSON in Chinese."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

import perfxl
from perfxl.reporting.show import forms_json
from support.command import Run
from support.pile import bad, good
from support.visitor import HERE, Visitor, serving


@pytest.fixture(scope="module")
def visitor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    with serving(tmp_path_factory.mktemp("desk")) as visitor:
        yield visitor


@pytest.fixture
def program(visitor: Visitor) -> TestClient:
    headers = {"authorization": f"Bearer {visitor.desk.keyring.key}"}
    return TestClient(visitor.client.app, base_url=HERE, headers=headers)


def test_a_cookie_is_no_key(visitor: Visitor) -> None:
    answer = visitor.get("/api/forms")
    assert answer.status_code == 401
    assert "密钥" in answer.json()["message"]


def test_forms(program: TestClient) -> None:
    assert program.get("/api/forms").text == forms_json(perfxl.load_forms().values())


def test_check_answers_what_the_command_prints(program: TestClient, run: Run, tmp_path: Any) -> None:
    files = {"甲.xlsx": bad(), "乙.xlsx": good("青溪区档案局", "0001"), "丙.xlsx": b"nothing"}
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    answer = program.post("/api/check", files=[("file", (name, data)) for name, data in files.items()])
    printed = run("check", *(str(tmp_path / name) for name in files), "--output-format", "json")
    assert answer.text == printed.out


def test_mark(program: TestClient) -> None:
    marked = program.post("/api/mark", files={"file": ("甲.xlsx", bad())})
    assert marked.content == perfxl.marked(bad(), perfxl.read(bad(), name="甲.xlsx"))
    assert program.post("/api/mark", files={"file": ("甲.xlsx", b"nothing")}).status_code == 204


def test_generate(program: TestClient) -> None:
    asked = {"form": "hunan-dept-self-eval", "year": 2024, "unit": {"name": "甲局", "code": "01"}}
    made = program.post("/api/generate", content=json.dumps(asked))
    form = perfxl.load_forms()["hunan-dept-self-eval"]
    assert made.content == perfxl.generate(form, year=2024, unit="甲局", unit_code="01")


@pytest.mark.parametrize(
    "asked",
    [
        *("", "[]", "{}", '{"form": 1}', '{"form": "nothing"}', '{"form": "mof-project-goal", "year": "2024"}'),
        *(
            '{"form": "mof-project-goal", "data": {"nothing": 1}}',
            '{"form": "mof-project-goal", "unit": [1]}',
            "[" * 9999,
        ),
    ],
)
def test_mistakes_are_told_in_chinese(program: TestClient, asked: str) -> None:
    answer = program.post("/api/generate", content=asked)
    assert answer.status_code in {400, 422}
    assert any("\u4e00" <= letter <= "\u9fff" for letter in answer.json()["message"])
    assert program.get("/api/nothing").json()["message"]
    assert program.post("/api/check").status_code == 415
