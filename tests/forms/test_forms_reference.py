from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from forms_broken import BROKEN
from forms_sample import HUNAN, SAMPLE, SHIPPED, WIDE

from perfxl.expr.check import SIGNATURES
from perfxl.forms.definition import glossary, language, reference
from perfxl.forms.definition.decode import Scalar, keys
from perfxl.forms.definition.json_schema import schema
from perfxl.forms.definition.load import parse, read_common, shipped
from perfxl.model.carry import Only, YearSpan
from perfxl.model.field_type import Type
from perfxl.model.finding import Severity
from perfxl.model.form import Form, Look
from perfxl.model.stage import BUDGET

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / reference.PAGE).read_text(encoding="utf-8")
CONSTRUCTS = [
    value
    for name, value in vars(language).items()
    if isinstance(value, type) and value.__module__ == language.__name__ and not issubclass(value, Scalar)
]
SHIPPED_COMMON = read_common(shipped() / "common.yaml")[0]

# -- nothing is left out ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("construct", CONSTRUCTS, ids=lambda construct: construct.__name__)
def test_every_key_is_explained_in_the_order_of_the_language(construct: type) -> None:
    assert list(glossary.CONSTRUCTS[construct].keys) == list(keys(construct))
    assert f"<!-- 表 {construct.__name__} -->" in PAGE


def test_every_word_of_a_choice_is_explained() -> None:
    assert list(glossary.TYPES) == list(Type)
    assert list(glossary.STAGES) == [stage.name for stage in BUDGET.stages]
    assert list(glossary.LOOKS) == list(Look)
    assert list(glossary.SEVERITIES) == list(Severity)
    assert list(glossary.SPANS) == list(YearSpan)
    assert list(glossary.ONLY) == list(Only)
    assert set(glossary.FUNCTIONS) == set(SIGNATURES)


def test_schema_and_page_are_fresh() -> None:
    stale = "run: python -m perfxl.forms.definition.reference"
    assert (ROOT / reference.SCHEMA).read_text(encoding="utf-8") == reference.written_schema(), stale
    assert reference.page(PAGE) == PAGE, stale


def test_check_tells_fresh_from_stale_and_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert reference.main(["--check"]) == 1
    (tmp_path / "docs").mkdir()
    (tmp_path / reference.PAGE).write_text("# 页\n<!-- 表 PageSpec -->\n旧\n<!-- 表完 -->\n后\n", encoding="utf-8")
    assert reference.main([]) == 0
    assert reference.main(["--check"]) == 0
    written = (tmp_path / reference.PAGE).read_text(encoding="utf-8")
    assert "旧" not in written
    assert "`margins`" in written
    assert written.endswith("<!-- 表完 -->\n后\n")
    (tmp_path / reference.SCHEMA).write_text("{}", encoding="utf-8")
    assert reference.main(["--check"]) == 1
    assert "form.schema.json is stale" in capsys.readouterr().err
    assert reference.main(["--write"]) == 2


def test_it_runs_as_a_module() -> None:
    command = [sys.executable, "-m", "perfxl.forms.definition.reference", "--check"]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == 0


# -- what the page shows works ----------------------------------------------------------------------------------------


def _examples(mark: str) -> list[str]:
    return re.findall(rf"<!-- {mark} -->\n```yaml\n(.*?)```", PAGE, re.DOTALL)


def _running() -> str:
    """The form that the page writes from the first line on."""
    chapter = PAGE[PAGE.index("## 从第一行写起") : PAGE.index("## 检查、查看、试用")]
    return "".join(re.findall(r"```yaml\n(.*?)```", chapter, re.DOTALL))


def _form(text: str) -> Form:
    form, problems = parse(text, "authoring.md", SHIPPED_COMMON)
    assert form is not None, "\n".join(map(str, problems))
    return form


def test_the_running_example_is_the_shipped_form() -> None:
    written, form = _form(_running()), SHIPPED["hunan-dept-self-eval"]
    assert {path: (field.type, field.required) for path, field in written.fields.items()} == {
        path: (field.type, field.required) for path, field in form.fields.items()
    }
    assert written.bands == form.bands
    assert written.widths == form.widths


@pytest.mark.parametrize("example", _examples("例"), ids=lambda text: text.split("\n")[0])
def test_an_example_works(example: str) -> None:
    head = _running().partition("bands:")[0].replace("year: year\n", "").replace("unit: unit_name\n", "")
    assert _form(f"{head}bands:\n{example}").fields


def test_there_are_examples() -> None:
    assert len(_examples("例")) >= 10
    assert len(_examples("规则")) == 1


def test_the_example_of_a_rule_works() -> None:
    (rule,) = _examples("规则")
    assert _form(_running() + rule).rules[-1].each == "indicators"


def test_links_inside_the_page_lead_somewhere() -> None:
    heads = {re.sub(r"[、`]|\s+$", "", head).replace(" ", "-") for head in re.findall(r"^#+ (.*)$", PAGE, re.MULTILINE)}
    for target in re.findall(r"\]\(#([^)]*)\)", PAGE):
        assert target in heads
    for file in re.findall(r"\]\(([^)#]+)\)", PAGE):
        assert (ROOT / "docs" / file).is_file()


# -- the schema agrees with the loader --------------------------------------------------------------------------------


def _validator(part: str = "") -> jsonschema.Draft202012Validator:
    whole = schema()
    return jsonschema.Draft202012Validator({**whole, "$ref": f"#/$defs/{part}"} if part else whole)


def test_it_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())


@pytest.mark.slow
def test_sound_definitions_are_valid() -> None:
    texts = [HUNAN, WIDE, _running()]
    texts += [path.read_text(encoding="utf-8") for path in sorted(shipped().glob("*/form.yaml"))]
    for text in texts:
        assert list(_validator().iter_errors(yaml.safe_load(text))) == []
    for path in (shipped() / "common.yaml", SAMPLE / "common.yaml"):
        assert list(_validator("CommonSpec").iter_errors(yaml.safe_load(path.read_text(encoding="utf-8")))) == []


_STRUCTURE = (
    "里没有“",
    "缺少“",
    "要写成列表",
    "要写成“名称",
    "看不出是什么",
    "只能写一个值",
    "“stage”不能是",
    "“type”不能是",
)


@pytest.mark.parametrize(
    "text", [broken.text for broken in BROKEN if any(sign in broken.message for sign in _STRUCTURE)]
)
def test_mistakes_of_structure_are_seen_by_the_editor_too(text: str) -> None:
    assert list(_validator().iter_errors(yaml.safe_load(text)))


def test_every_property_says_what_it_is_for() -> None:
    definitions: Mapping[str, Mapping[str, Any]] = schema()["$defs"]
    for name, definition in definitions.items():
        assert definition["description"], name
        assert definition["additionalProperties"] is False
        for key, value in definition["properties"].items():
            assert value["description"], (name, key)


def test_where_a_form_tells_the_editor_its_schema_it_is_there() -> None:
    for path in sorted(shipped().glob("*/form.yaml")):
        for found in re.findall(
            r"^# yaml-language-server: \$schema=(.*)$", path.read_text(encoding="utf-8"), re.MULTILINE
        ):
            assert (path.parent / found).resolve() == (ROOT / reference.SCHEMA).resolve()
