from __future__ import annotations

import re
from pathlib import Path

import pytest
from forms_broken import BROKEN, Broken
from forms_sample import COMMON, HUNAN, SHIPPED, SMALL, WIDE
from hypothesis import example, given, settings
from hypothesis import strategies as st

from perfxl.forms.definition.load import (
    DEFINITION,
    NOTHING_COMMON,
    definitions,
    lint,
    load_forms,
    parse,
    read,
    read_common,
    shipped,
)
from perfxl.forms.definition.problem import DefinitionError
from support.effort import examples

# -- a mistake is reported where it stands ----------------------------------------------------------------------------


@pytest.mark.parametrize("broken", BROKEN, ids=[f"{number}-{case.message}" for number, case in enumerate(BROKEN)])
def test_a_mistake_is_told_at_its_place_with_a_remedy_and_little_else(broken: Broken) -> None:
    form, problems = parse(broken.text, "form.yaml", COMMON)
    assert form is None
    found = [problem for problem in problems if (problem.line, problem.column) == broken.place]
    assert [problem for problem in found if broken.message in problem.message], "\n".join(map(str, problems))
    assert len(problems) == 1 + broken.more, "\n".join(map(str, problems))
    assert all(problem.remedy and problem.file == "form.yaml" for problem in problems)
    for problem in problems:  # in Chinese, and free of Python
        assert re.search(r"[一-鿿]", problem.message), problem
        assert re.search(r"[一-鿿]", problem.remedy), problem
        assert not re.search(r"\b(None|Decimal|NoneType|tuple|dict|Error|Spec|object at)\b", str(problem)), problem


def test_all_mistakes_come_in_one_run_in_the_order_of_the_file() -> None:
    text = HUNAN
    for old, new in (
        ("region: 湖南", "regoin: 湖南"),
        ("sheet: 自评表", "sheet: 自评/表"),
        ("{at: D:I, field: unit_name", "{at: C:I, field: unit_name"),
        ("executed / budget", "executed / budgt"),
        ("    rows: 3\n", "    rows: 三\n"),
        ("over: goal}", "over: gaol}"),
        ("must: total.weight = 100", "must: total.weight"),
    ):
        assert old in text
        text = text.replace(old, new, 1)
    _, problems = parse(text, "f", COMMON)
    assert list(problems) == sorted(problems)
    said = "\n".join(map(str, problems))
    for fragment in (
        *("缺少“region”", "没有“regoin”", "不能作工作表名", "与同一行的另一格重叠", "没有“budgt”这一栏"),
        *("“rows”要写整数", "over 的“gaol”", "must 不是可以成立或不成立的式子"),
    ):
        assert fragment in said


def test_mistakes_of_meaning_come_in_one_run_too() -> None:
    chosen = [case for case in BROKEN if case.whole == HUNAN and case.message in _MEANING]
    assert len(chosen) == len(_MEANING)
    text = HUNAN
    for case in chosen:
        assert case.old in text
        text = text.replace(case.old, case.new.replace("⌖", ""), 1)
    said = "\n".join(problem.message for problem in parse(text, "f", COMMON)[1])
    for message in _MEANING:
        assert message in said


_MEANING = (
    "sheet 的“History”不能作工作表名",
    "这一格与同一行的另一格重叠",
    "没有“budge”这一栏",
    "的 must 不是可以成立或不成立的式子",
    "over 的“goals”不是这张表的项",
    "reverse 不能是“linaer”",
    "“unit_name”的 hint 太长",
)


# -- what is no mistake -----------------------------------------------------------------------------------------------

QUIET = (
    ("sheet: 自评表", "sheet: " + "表" * 31),
    ('version: "2023"', "version: 2023"),
    ("hint: 填写部门全称。", "hint: " + "请" * 255),
    ("length: 100, required", "length: 1, required"),
    ("preset: 10, min: 0, max: 100", "preset: 100, min: 0, max: 100"),
    ("preset: 10, min: 0, max: 100", "preset: 10, min: -5.5, max: 100"),
    ("lines: 8", "lines: 27"),
    ("lines: 8", "lines: 0.5"),
    ("    rows: 3\n", "    rows: 1000\n"),
    ("{orientation: portrait}", "{orientation: landscape, margins: [0, 0, 0, 0]}"),
    ("columns: {A: 6.6,", "columns: {A: 255,"),
    ("region: 湖南", "region: '@湖南'"),
    ("region: 湖南", "# 注释\nregion: |\n  湖南\n"),
    ("region: 湖南", 'region: "湖南: 省"'),
    ("name: 年度, type: year", "name: 年度, type: year, min: 2015, max: 2050"),
    ("executed / budget, 6", "executed / funds.total.budget, 6"),
    ("{code: M08, over: funds.total, limit: 10%}", "{code: M08, over: funds.total, limit: 0.1, severity: error}"),
    ("alias: [部门名称, 预算部门]", "alias: []"),
)


@pytest.mark.parametrize(("old", "new"), QUIET)
def test_the_near_case_is_quiet(old: str, new: str) -> None:
    assert old in HUNAN
    form, problems = parse(HUNAN.replace(old, new, 1), "f", COMMON)
    assert not problems
    assert form is not None


def test_definitions_in_use_are_sound() -> None:
    for text in (HUNAN, WIDE, SMALL):
        assert parse(text, "f", COMMON)[1] == ()
    assert lint([shipped()])[1] == ()
    assert set(load_forms()) == set(SHIPPED) >= {"hunan-dept-self-eval"}


# -- whatever the text ------------------------------------------------------------------------------------------------

_TOKENS = re.findall(r"\w+|\W", HUNAN)
_SIGNS = ["\t", "\n", "- ", "[", "]", "{", "}", ": ", "'", '"', "&x ", "*x", "!!x ", "<<: ", "#", "|\n", "---\n", "\0"]
_VALUES = [
    "",
    "-1",
    "1e999",
    "9" * 5000,
    "NaN",
    "٣",
    "②",
    "____",
    "{n}",
    "ZZZ",
    "true",
    "null",
    "level1",
    "funds",
    "\ud800",
]
_ODD = st.sampled_from(_SIGNS + _VALUES)


@st.composite
def _mutated(draw: st.DrawFn) -> str:
    tokens = list(_TOKENS)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(tokens) - 1))
        match draw(st.integers(0, 3)):
            case 0:
                del tokens[at : at + draw(st.integers(1, 30))]
            case 1:
                tokens[at] = draw(st.one_of(_ODD, st.sampled_from(_TOKENS)))
            case 2:
                tokens.insert(at, draw(_ODD))
            case _:
                tokens[at:at] = tokens[draw(st.integers(0, len(tokens) - 1)) :][:20]
    return "".join(tokens)


@settings(max_examples=examples(150))
@given(text=st.one_of(_mutated(), st.text(), st.text("[]{}:,-&*!|>'\"#%@` \n\tab甲1", max_size=60)))
@example("[" * 100_000)
@example("- " * 100_000)
@example("a: &a [*a]")
@example("bands: &b\n- {section: 甲, at: A, bands: *b}\n")
@example("\n".join(["a0: &a0 [x]", *(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}, *a{n - 1}]" for n in range(1, 40))]))
@example("form: x\x00")
@example("﻿form: x")
def test_no_text_whatever_raises(text: str) -> None:
    form, problems = parse(text, "f", COMMON)
    assert (form is None) == bool(problems)
    lines = text.count("\n") + 1
    assert all(1 <= problem.line <= lines + 1 and problem.column >= 1 for problem in problems)


_KEYS = sorted({*re.findall(r"\b[a-z_]+(?=:)", HUNAN + WIDE)})
_LEAVES = st.one_of(
    st.sampled_from(["A", "B:C", "text", "money", "甲", "funds", "", "10%", "SUM(甲)", "true", "label1"]),
    st.integers(-2, 5),
    st.none(),
)
_TREES = st.recursive(
    _LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(_KEYS), inner, max_size=4)),
    max_leaves=20,
)


def _written(tree: object) -> str:
    """A tree as YAML in one line."""
    if isinstance(tree, dict):
        return "{" + ", ".join(f"{key}: {_written(value)}" for key, value in tree.items()) + "}"
    if isinstance(tree, list):
        return "[" + ", ".join(map(_written, tree)) + "]"
    return "null" if tree is None else f'"{tree}"'


@settings(max_examples=examples(150))
@given(tree=st.dictionaries(st.sampled_from(_KEYS), _TREES, max_size=6), place=st.integers(0, 2))
def test_no_structure_whatever_raises(tree: dict[str, object], place: int) -> None:
    bands = f"\n- {_written(tree)}\n"
    text = [_written(tree), SMALL + bands, SMALL.replace("bands:\n", f"bands:{bands}")][place]
    form, problems = parse(text, "f", COMMON)
    assert (form is None) == bool(problems)


# -- files and folders ------------------------------------------------------------------------------------------------


def _written_form(folder: Path, name: str, text: str) -> Path:
    path = folder / name / DEFINITION
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8", newline="")
    return path


def test_line_ends_and_a_byte_order_mark_make_no_other_form(tmp_path: Path) -> None:
    plain = read(_written_form(tmp_path / "a", "small-sample", SMALL))
    windows = read(_written_form(tmp_path / "b", "small-sample", "﻿" + SMALL.replace("\n", "\r\n")))
    assert plain == windows
    assert plain[0] is not None


@pytest.mark.parametrize("data", ["表样".encode("gb18030"), b"\xff\xfe\x00", b"form: \x80"])
def test_a_file_that_is_not_utf8_is_a_mistake(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x" / DEFINITION
    path.parent.mkdir()
    path.write_bytes(data)
    form, (problem,) = read(path)
    assert form is None
    assert "读不了" in problem.message
    assert "UTF-8" in problem.remedy


def test_a_folder_in_place_of_the_file_is_a_mistake(tmp_path: Path) -> None:
    (tmp_path / DEFINITION).mkdir()
    form, (problem,) = read(tmp_path / DEFINITION)
    assert form is None
    assert "读不了" in problem.message


@pytest.mark.parametrize("text", ["", "# 只有注释\n", "\n\n"])
def test_an_empty_file_says_so(text: str) -> None:
    form, (problem,) = parse(text, "f")
    assert form is None
    assert problem.message == "文件是空的"


@pytest.mark.parametrize("text", ["- 甲\n- 乙\n", "只有一句话", "[]"])
def test_a_list_or_a_sentence_is_no_form(text: str) -> None:
    _, (problem,) = parse(text, "f")
    assert "“表样”要写成“名称: 内容”的形式" in problem.message


def test_the_folder_has_the_forms_name(tmp_path: Path) -> None:
    path = _written_form(tmp_path, "other", SMALL)
    form, (problem,) = read(path)
    assert form is None
    assert "文件夹名“other”" in problem.message
    assert read(_written_form(tmp_path, "small-sample", SMALL))[1] == ()


def test_a_form_twice_is_a_mistake_but_not_the_same_file_twice(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        _written_form(tmp_path / folder, "small-sample", SMALL)
    forms, problems = lint([tmp_path / "a", tmp_path / "b"])
    assert list(forms) == ["small-sample"]
    assert ["已经有了" in problem.message for problem in problems] == [True]
    assert lint([tmp_path / "a", tmp_path / "a"])[1] == ()


def test_the_sound_forms_of_a_folder_are_there_beside_the_broken(tmp_path: Path) -> None:
    _written_form(tmp_path, "small-sample", SMALL)
    broken = _written_form(
        tmp_path, "broken", SMALL.replace("small-sample", "broken").replace("type: text", "type: txt")
    )
    forms, problems = lint([tmp_path])
    assert list(forms) == ["small-sample"]
    assert {problem.file for problem in problems} == {broken.as_posix()}


def test_load_forms_raises_with_every_mistake(tmp_path: Path) -> None:
    _written_form(tmp_path, "small-sample", SMALL.replace("stage: report", "stage: bericht").replace("at: B", "at: C"))
    with pytest.raises(DefinitionError) as caught:
        load_forms(tmp_path)
    assert len(caught.value.problems) == 2
    assert str(caught.value.problems[0]) in str(caught.value)


def test_a_folder_of_forms_and_a_forms_own_folder_are_both_searched(tmp_path: Path) -> None:
    path = _written_form(tmp_path, "small-sample", SMALL)
    assert list(definitions([tmp_path])) == list(definitions([path.parent])) == [path]
    assert list(definitions([tmp_path / "nowhere"])) == []
    assert (shipped() / "common.yaml").is_file()


# -- shared pieces ----------------------------------------------------------------------------------------------------


def test_shared_pieces_beside_the_forms_are_used(tmp_path: Path) -> None:
    (tmp_path / "common.yaml").write_text("rules:\n  own:\n  - {code: M10}\n", encoding="utf-8")
    amount = "- row:\n  - {at: A, label: 金额}\n  - {at: B, field: amount, type: money}\n"
    _written_form(tmp_path, "small-sample", f"{SMALL}{amount}rules:\n- {{use: own, over: amount}}\n")
    forms, problems = lint([tmp_path])
    assert problems == ()
    assert [(rule.code, rule.over) for rule in forms["small-sample"].rules] == [("M10", "amount")]


def test_a_rule_that_cannot_be_run_is_a_mistake_of_the_definition() -> None:
    form, (problem,) = parse(f"{SMALL}rules:\n- {{code: V11, over: name}}\n", "form.yaml")
    assert form is None
    assert (problem.line, problem.file) == (SMALL.count("\n") + 2, "form.yaml")
    assert "V11" in problem.message


def test_a_mistake_in_the_shared_pieces_is_told_once_with_its_file(tmp_path: Path) -> None:
    (tmp_path / "common.yaml").write_text("rules:\n  own:\n  - {code: V11, limt: 3}\n", encoding="utf-8")
    _written_form(tmp_path, "small-sample", SMALL)
    problems = lint([tmp_path])[1]
    assert [(Path(problem.file).name, problem.line, problem.column) for problem in problems] == [("common.yaml", 3, 17)]


def test_no_shared_pieces_is_no_mistake(tmp_path: Path) -> None:
    assert read_common(tmp_path / "common.yaml") == (NOTHING_COMMON, ())


def test_the_digest_knows_the_shared_pieces_and_the_text() -> None:
    digests = {
        form.digest
        for text, common in ((SMALL, NOTHING_COMMON), (SMALL, COMMON), (SMALL + "\n", NOTHING_COMMON))
        if (form := parse(text, "f", common)[0]) is not None
    }
    assert len(digests) == 3
