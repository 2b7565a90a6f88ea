"""What tells two returns of a form apart, as its definition says; what could not be read back is refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from perfxl.forms.definition.language import FormSpec
from perfxl.forms.definition.problem import Problems
from perfxl.forms.printed_text import wants_year
from perfxl.model.field_type import Type
from perfxl.model.form import Band, Block, Field, Label, Required, Row, Section, Table
from perfxl.model.period import Identity, Part

_UNIT, _YEAR, _PROJECT = "unit", "year", "project"
_KINDS = frozenset({Type.TEXT, Type.CHOICE, Type.INTEGER, Type.DATE, Type.YEAR})


def identity_of(spec: FormSpec, fields: Mapping[str, Field], bands: tuple[Band, ...], problems: Problems) -> Identity:
    """Return what tells two returns apart: what ``identity`` lists, else unit, year, the part of it, and the project."""
    work = _Identity(spec, fields, problems)
    parts = work.parts()
    listed = [name for name in spec.identity if name in {*_roles(), *fields}]
    work.check_list(listed)
    if not spec.identity:
        project = [spec.project] if spec.many and spec.project in fields else []
        return Identity(parts=parts, keys=tuple(project))
    if _YEAR in listed and not spec.year and not any(map(wants_year, _printed(bands))):
        work.add(
            "identity", "identity 里有 year，表上却看不出年度", "加一格填年度，用 year 写明；或在标题下印 {year}年度"
        )
    keys = tuple(spec.project if name == _PROJECT else name for name in listed if name not in {_UNIT, _YEAR, *Part})
    for path in keys:
        if path in fields:
            work.check_key(path)
    named = {part: path for part, path in parts.items() if part in listed}
    return Identity(_YEAR in listed, named, tuple(path for path in keys if path in fields), declared=True)


def _roles() -> tuple[str, ...]:
    return (_UNIT, _YEAR, *Part, _PROJECT)


class _Identity:
    def __init__(self, spec: FormSpec, fields: Mapping[str, Field], problems: Problems) -> None:
        self.spec, self.fields, self.problems = spec, fields, problems

    def add(self, key: str, message: str, remedy: str) -> None:
        self.problems.lack(self.spec.place.of(key), message, remedy)

    def parts(self) -> Mapping[Part, str]:
        """Return the fields that say which part of the year it is, those that can be read."""
        given = {part: getattr(self.spec, part) for part in Part if getattr(self.spec, part)}
        larger = [part for part in given if part is not Part.TEN_DAYS]
        if len(larger) > 1:
            self.add(larger[1], f"{larger[0]} 和 {larger[1]} 不能都写", "半年、季度、月份只写报送的那一种")
        if Part.TEN_DAYS in given and Part.MONTH not in given:
            self.add(Part.TEN_DAYS, "写了 ten_days，没有写 month", "写明月份是哪一项")
        found: dict[Part, str] = {}
        for part, path in given.items():
            field = self.fields.get(path)
            if field is None:  # said where all such keys are looked at
                continue
            self.once(part, path, field)
            self.readable(part, path, field)
            found[part] = path
        return found

    def readable(self, part: Part, path: str, field: Field) -> None:
        """Report a field that may say something else than which part of the year it is."""
        if field.type is Type.CHOICE:
            numbers = [part.number(choice.value) for choice in field.choices]
            unread = [choice.value for choice, number in zip(field.choices, numbers, strict=True) if number is None]
            if unread:
                said = f"“{path}”的选项“{unread[0]}”看不出是第几{_counted(part)}"
                self.add(part, said, f"选项写成 {_example(part)} 这样")
            elif len(set(numbers)) < len(numbers):
                self.add(part, f"“{path}”有两个选项说的是同一{_counted(part)}", "删去其中一个")
        elif field.type is not Type.INTEGER:
            self.add(
                part,
                f"“{path}”不能说明是第几{_counted(part)}",
                f"用 type: choice，选项如 {_example(part)}；或 type: integer",
            )
        elif field.minimum is None or field.maximum is None or not 1 <= field.minimum <= field.maximum <= part.most:
            self.add(part, f"“{path}”可以填不是{_counted(part)}的数", f"写上 min: 1、max: {part.most}")

    def check_list(self, listed: list[str]) -> None:
        """Report what ``identity`` names and is not there, names twice or leaves out."""
        for name in self.spec.identity:
            if name not in listed:
                known = "、".join(_roles())
                self.add("identity", f"identity 的“{name}”不是这张表的项", f"写 {known} 或一个 field 的名称")
            elif name in _roles() and not getattr(self.spec, name) and name != _YEAR:
                self.add("identity", f"identity 里有 {name}，没有写 {name} 是哪一项", f"加一行 {name}: 和它的 field")
        if len(set(listed)) < len(listed):
            self.add("identity", "identity 里有一项写了两次", "删去其中一个")
        if self.spec.identity and _UNIT not in listed:
            self.add("identity", "identity 里没有 unit，看不出是哪个单位交的", "写上 unit")
        if listed and self.spec.many and _PROJECT not in listed:
            self.add(
                "identity", "写了 many，identity 里没有 project，两个项目的表会当作同一份", "写上 project，或删去 many"
            )
        if Part.TEN_DAYS in listed and Part.MONTH not in listed:
            self.add("identity", "identity 里有 ten_days，没有 month", "写上 month")

    def check_key(self, path: str) -> None:
        """Report a field by which no return can be told: it may be blank, or says an amount."""
        field = self.fields[path]
        if field.type not in _KINDS:
            self.add("identity", f"identity 的“{path}”不能用来区分两份表", "写文字、选项、整数、日期的一格，如合同编号")
        self.once("identity", path, field)

    def once(self, key: str, path: str, field: Field) -> None:
        if "[]" in path:
            self.add(key, f"{key} 的“{path}”在可增行的表里", "写只有一格的项")
        elif field.required is not Required.ALWAYS and not field.computed and field.preset is None:
            self.add(key, f"{key} 的“{path}”可以不填，不填就认不出是哪一份", f"“{path}”加上 required: true")


def _counted(part: Part) -> str:
    return "个" * (part in {Part.HALF, Part.QUARTER}) + part.chinese


def _example(part: Part) -> str:
    examples = {
        Part.HALF: "[上半年, 下半年]",
        Part.QUARTER: "[一季度, 二季度, 三季度, 四季度]",
        Part.MONTH: "[1月, 2月, 3月, …]",
        Part.TEN_DAYS: "[上旬, 中旬, 下旬]",
    }
    return examples[part]


def _printed(bands: tuple[Band, ...]) -> Iterator[str]:
    """Yield all texts that a form prints."""
    for band in bands:
        match band:
            case Section():
                yield band.spine.text
                yield from _printed(band.bands)
            case Block():
                yield from _printed(band.bands)
            case Table():
                yield from _printed(band.heads)
            case Row():
                yield from (piece.text for piece in band.pieces if isinstance(piece, Label))
