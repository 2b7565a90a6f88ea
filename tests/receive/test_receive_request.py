from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

import perfxl
from perfxl.forms.definition.load import load_forms, shipped
from perfxl.forms.named import UnknownFormError
from perfxl.model.roster import Expected, Roster, RosterUnit
from perfxl.package.limits import Limits
from perfxl.receive.against import Against
from perfxl.receive.library import Library
from perfxl.receive.request import ExpectationError, Request

UNITS = (RosterUnit("青溪区档案局", "0001", 2), RosterUnit("青溪区教育局", "0002", 3))
OTHERS: dict[str, Any] = {
    "form": "hunan-dept-self-eval",
    "year": 2024,
    "roster": Roster(UNITS),
    "against": Against(Path("earlier"), "0" * 64),
    "limits": Limits(max_cells=7),
    "expected": (Expected("hunan-dept-self-eval", 2024),),
}


@pytest.fixture
def templates(tmp_path: Path) -> Path:
    """A folder with one form more than is shipped."""
    text = (shipped() / "hunan-dept-self-eval" / "form.yaml").read_text(encoding="utf-8")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "form.yaml").write_text(text.replace("hunan-dept-self-eval", "mine", 1), encoding="utf-8")
    return tmp_path


def test_whatever_else_is_asked_for_has_another_digest(templates: Path) -> None:
    others = {**OTHERS, "templates": (templates,)}
    assert others.keys() == {*Request.__struct_fields__}
    digests = {replace(Request(), **{name: value}).digest() for name, value in others.items()}
    assert len(digests | {Request().digest()}) == len(others) + 1


def test_the_digest_is_of_contents_not_of_how_they_were_given(tmp_path: Path) -> None:
    moved = (replace(UNITS[0], row=8, prefill={"goals": "甲"}), UNITS[1])
    assert Request(roster=Roster(moved)).digest() == Request(roster=Roster(UNITS)).digest()
    assert Request(roster=Roster(UNITS[::-1])).digest() != Request(roster=Roster(UNITS)).digest()
    here, there = Against(tmp_path, "1"), Against(tmp_path / "there", "1", (("别的.json", "不是导入的结果"),))
    assert Request(against=here).digest() == Request(against=there).digest()


def test_a_request_is_made_of_files_and_folders_or_of_what_was_read_of_them(tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text("code,name\n0001,青溪区档案局\n0002,青溪区教育局\n", encoding="utf-8")
    made = Request.of(form="hunan-dept-self-eval", year=2024, roster=tmp_path / "r.csv", against=tmp_path)
    assert made.roster == Roster(UNITS)
    assert made.against is not None
    assert made.against.folder == tmp_path
    again = Request.of(form=made.form, year=2024, roster=perfxl.read_roster((tmp_path / "r.csv").read_bytes()))
    assert replace(made, against=None) == again
    with pytest.raises(KeyError):
        Request.of(form="no-such-form")


def test_a_worker_gets_what_was_asked_for_and_nothing_that_it_finds_itself() -> None:
    asked = Request(form="hunan-dept-self-eval", roster=Roster(UNITS))
    assert asked.library.forms
    packed = pickle.dumps(asked)
    assert pickle.loads(packed) == asked  # noqa: S301 - packed here
    assert len(packed) < 2000


def test_forms_that_have_not_changed_are_prepared_once(monkeypatch: pytest.MonkeyPatch, templates: Path) -> None:
    assert (
        Library.of(load_forms()).patterns["hunan-dept-self-eval"] is Request().library.patterns["hunan-dept-self-eval"]
    )
    before = load_forms(templates)["mine"]
    assert load_forms(templates)["mine"] is before
    file = templates / "mine" / "form.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("region: 湖南", "region: 甲省"), encoding="utf-8")
    assert Request(templates=(templates,)).library.forms["mine"].region == "甲省"
    made: list[object] = []
    monkeypatch.setattr("perfxl.receive.library.place", made.append)
    monkeypatch.setattr("perfxl.receive.library.compile_pattern", lambda _: None)
    for _ in range(2):
        assert Request(templates=(templates,)).library.patterns["mine"] is None
    assert made == [load_forms(templates)["mine"]]


def test_what_is_expected_is_a_form_perhaps_with_a_year() -> None:
    made = Request.of(expect=["hunan-dept-self-eval", "mof-project-goal：2024", Expected("hubei-dept-goal", 2025)])
    assert made.expected == (
        Expected("hunan-dept-self-eval"),
        Expected("mof-project-goal", 2024),
        Expected("hubei-dept-goal", 2025),
    )
    with pytest.raises(UnknownFormError):
        Request.of(expect=["no-such-form:2024"])
    for wrong in ("mof-project-goal:", "mof-project-goal:24", "mof-project-goal:2024年"):
        with pytest.raises(ExpectationError, match="mof-project-goal:2024"):
            Request.of(expect=[wrong])
