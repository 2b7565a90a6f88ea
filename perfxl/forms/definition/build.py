"""From a decoded definition to a Form: names resolved, rules parsed, every mistake collected."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from msgspec.structs import replace

from perfxl.expr.evaluate import references
from perfxl.forms.compute import order
from perfxl.forms.definition.bands import Bands
from perfxl.forms.definition.chains import stage_of
from perfxl.forms.definition.cover import read_cover
from perfxl.forms.definition.entries import Where
from perfxl.forms.definition.fields import Fields
from perfxl.forms.definition.fonts import dressed, fonts_of, heights_of
from perfxl.forms.definition.identity import identity_of
from perfxl.forms.definition.language import CodeSpec, CommonSpec, FormSpec, PageSpec, SheetSpec
from perfxl.forms.definition.problem import Place, Problems
from perfxl.forms.definition.rules import Rules
from perfxl.forms.printed_text import holes
from perfxl.model.address import MAX_COLUMN, column_letter
from perfxl.model.code_list import CodeList
from perfxl.model.form import Band, Columns, Entry, Field, Form, FormSheet, OwnCode, Page, Section, Table
from perfxl.model.period import Part
from perfxl.model.stamp import FORBIDDEN_IN_NAMES, LONGEST_NAME, is_sheet_name

_FORM_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_SIDES = 4
LONGEST_HEADER = 200
NO_LISTS: Mapping[str, CodeList] = MappingProxyType({})
_OWN_CODE = re.compile(r"Z[0-9]{2}", re.ASCII)
_LONGEST_TITLE = 16


def build(
    spec: FormSpec, common: CommonSpec, digest: str, problems: Problems, lists: Mapping[str, CodeList] = NO_LISTS
) -> Form:
    """Return the Form that a decoded definition describes; mistakes go to ``problems`` and leave gaps in it."""
    _check_names(spec, problems)
    fields = Fields(problems, lists)
    bands = Bands(problems, common, fields)
    on_sheets = [
        dressed(
            bands.build(one.bands, replace(_where(one), heights=heights_of(spec, one, problems))),
            fonts_of(spec, one, problems),
        )
        for one in spec.each_sheet
    ]
    built = tuple(band for sheet in on_sheets for band in sheet)
    found = fields.built()
    computed = order(found)
    for path in computed.circular:
        problems.add(fields.place_of(path).of("formula"), f"“{path}”的公式绕回了自身", "检查公式里用到的各项")
    for name, path in told(spec):
        if path and path not in found:
            problems.lack(spec.place.of(name), f"{name} 的“{path}”不是这张表的项", "写一个 field 的名称")
    chain, stage = stage_of(spec, common.chains, problems)
    identity = identity_of(spec, found, built, problems)
    telling = {path: replace(found[path], identifies=True) for path in (*identity.parts.values(), *identity.keys)}
    form = Form(
        id=spec.id,
        version=spec.version,
        title=spec.title,
        region=spec.region,
        stage=stage,
        chain=chain,
        identity=identity,
        year_basis=spec.year_basis,
        sheet=spec.sheet,
        money=spec.money,
        digest=digest,
        widths=tuple(spec.columns.values()),
        page=_page(spec.page, problems),
        bands=built,
        fields={**found, **telling},
        rules=Rules(problems, common, fields, bands.groups, bands.tables.keys()).build(spec.rules),
        origin=(spec.origin.row, spec.origin.column),
        unit_path=spec.unit,
        year_path=spec.year,
        project_path=spec.project,
        supervisor_path=spec.supervisor,
        filled_path=spec.filled,
        many=spec.many or bool(identity.keys),
        issued=spec.issued,
        computed=_in_order(found, computed.paths, fields, problems),
        lists=lists,
        cover=read_cover(spec, found, problems),
        contents=spec.contents,
        notes=spec.notes,
        groups=bands.groups,
        apart=tuple(fields.apart),
        codes=_codes((*common.codes, *spec.codes), problems),
        sheets=_sheets(spec, on_sheets, problems) if spec.sheets else (),
    )
    for part, one in zip(form.parts, spec.each_sheet, strict=True):
        _check_hidden(part, one.place.of("columns"), problems)
    _check_rules(form, problems)
    return form


def _where(spec: FormSpec | SheetSpec) -> Where:
    # Where the columns themselves are wrong, no cell is blamed for standing outside of them.
    last = len(spec.columns) if _letters(spec) == list(spec.columns) else MAX_COLUMN
    return Where((), Columns(spec.origin.column, last))


def _sheets(spec: FormSpec, bands: Sequence[Sequence[Band]], problems: Problems) -> tuple[FormSheet, ...]:
    """Return the sheets of a form that stands on several."""
    found: list[FormSheet] = []
    for one, own in zip(spec.each_sheet, bands, strict=True):
        first = found[-1].last if found else 0
        page = _page(one.page, problems)
        origin = one.origin.row, one.origin.column
        found.append(FormSheet(one.sheet, tuple(one.columns.values()), page, origin, first, first + len(own)))
    return tuple(found)


def _check_rules(form: Form, problems: Problems) -> None:
    """See that what a rule about rows marks stands on the sheet of these rows."""
    for rule in form.rules:
        if rule.each and rule.at and form.part_of(rule.each) != form.part_of(rule.at):
            message = f"规则 {rule.code} 的 at 与 each 不在同一张工作表上"
            problems.add(Place(rule.line), message, "at 写 each 那张表里的一列，或同一张工作表上的一项")


def _in_order(
    found: Mapping[str, Field], formulas: tuple[str, ...], fields: Fields, problems: Problems
) -> tuple[str, ...]:
    """Return what is worked out in its order: names of codes before formulas, but those whose group is worked out itself."""
    late = {path for path, field in found.items() if field.lookup and found[field.lookup].within in formulas}
    for path in formulas:
        formula = found[path].formula
        for other in late.intersection(references(formula) if formula is not None else ()):
            message = f"“{path}”的公式不能用“{other}”：它的清单由公式得出的一项决定"
            problems.add(fields.place_of(path).of("formula"), message, "公式里用编码那一项，不用由它得出的名称")
    early = (path for path, field in found.items() if field.lookup and path not in late)
    return (*early, *formulas, *(path for path in found if path in late))


def told(spec: FormSpec) -> tuple[tuple[str, str], ...]:
    """Return the keys that say where whose form it is stands, with the field that each names."""
    keys = ("unit", "year", *Part, "project", "supervisor", "filled")
    return tuple((key, getattr(spec, key)) for key in keys)


def _codes(specs: tuple[CodeSpec, ...], problems: Problems) -> dict[str, OwnCode]:
    """Return the finding codes of a form's own; its own words beat those that several forms share."""
    found: dict[str, OwnCode] = {}
    for spec in specs:
        if not _OWN_CODE.fullmatch(spec.code):
            problems.add(spec.place.of("code"), f"“{spec.code}”不是自定的代码", "写成 Z 和两位数字，如 Z01")
        if len(spec.title) > _LONGEST_TITLE:
            problems.add(spec.place.of("title"), "title 太长", f"不超过 {_LONGEST_TITLE} 个字，详细的写在 meaning")
        found[spec.code] = OwnCode(spec.code, spec.title, spec.meaning, spec.remedy, spec.example, spec.severity)
    return found


def _letters(spec: FormSpec | SheetSpec) -> list[str]:
    return [column_letter(number) for number in range(1, len(spec.columns) + 1)]


def _check_names(spec: FormSpec, problems: Problems) -> None:
    if spec.id and not _FORM_ID.fullmatch(spec.id):
        problems.add(
            spec.place.of("form"), f"form 的“{spec.id}”不合规定", "用小写英文、数字和短横线，如 hunan-dept-self-eval"
        )
    names: set[str] = set()
    for one in spec.each_sheet:
        _check_sheet(one, problems)
        if one.sheet.casefold() in names:
            problems.add(one.place.of("sheet"), f"两张工作表都叫“{one.sheet}”", "各张工作表的名称要不同")
        names.add(one.sheet.casefold())


def _check_sheet(spec: FormSpec | SheetSpec, problems: Problems) -> None:
    expected = _letters(spec)
    if list(spec.columns) != expected or not expected:
        problems.lack(
            spec.place.of("columns"), "columns 要从 A 起依次写出各列的宽度", f"写成 {{{', '.join(expected) or 'A'}}}"
        )
    for letter, width in spec.columns.items():
        if not 0 <= width <= 255:
            problems.add(
                spec.place.of("columns"), f"{letter} 列的宽度不对", "写大于 0、不超过 255 的字符数；不显示的列写 0"
            )
    if spec.sheet and not is_sheet_name(spec.sheet):
        remedy = f"换一个名称，不超过 {LONGEST_NAME} 个字，不含 {' '.join(FORBIDDEN_IN_NAMES)}"
        problems.add(spec.place.of("sheet"), f"sheet 的“{spec.sheet}”不能作工作表名", remedy)


def _check_hidden(form: Form, at: Place, problems: Problems) -> None:
    """See that columns that are not shown hold nothing that is typed, nor anything printed but its heads."""
    hidden = {number for number, width in enumerate(form.widths, start=1) if not width}
    blamed = dict.fromkeys(
        columns.first
        for columns, computed in _shown(form)
        if not computed and hidden.issuperset(range(columns.first, columns.last + 1))
    )
    for column in blamed:
        message = f"{column_letter(column)} 列的宽度不对"
        problems.add(at, message, "宽度写 0 的列不显示、不打印，只能放表里由公式得出的列；别的列写大于 0 的字符数")


def _shown(form: Form) -> Iterator[tuple[Columns, bool]]:
    """Yield the columns of each cell of a form, and whether it may be out of sight: worked out, or its head."""
    for band in form.bands:
        if isinstance(band, Section):
            yield band.spine.columns, False
    for row in form.flat():
        if isinstance(row, Table):
            yield from ((entry.columns, _worked_out(form, entry)) for entry in row.entries)
            yield from ((piece.columns, True) for head in row.heads for piece in head.pieces)
            yield from ((label.columns, False) for label in row.labels)
            continue
        for piece in row.pieces:
            out_of_sight = _worked_out(form, piece) if isinstance(piece, Entry) else row.head or not piece.text
            yield piece.columns, out_of_sight


def _worked_out(form: Form, entry: Entry) -> bool:
    return entry.path in form.fields and form.fields[entry.path].computed


def _page(spec: PageSpec, problems: Problems) -> Page:
    if spec.orientation not in {"portrait", "landscape"}:
        problems.add(
            spec.place.of("orientation"), f"orientation 不能是“{spec.orientation}”", "portrait 纵向，landscape 横向"
        )
    page = Page(spec.orientation == "landscape", paper=spec.paper, header=spec.header, single=spec.single)
    if spec.footer is not None:
        page = replace(page, footer=spec.footer)
    for key, text in (("header", page.header), ("footer", page.footer)):
        if len(text) > LONGEST_HEADER:
            problems.add(spec.place.of(key), f"{key} 太长", f"不超过 {LONGEST_HEADER} 个字")
        for hole in holes(text.replace("{page}", "").replace("{pages}", "")):
            problems.add(spec.place.of(key), f"“{{{hole}}}”不能用在 {key} 里", "可用：{page} 页码、{pages} 总页数")
    if spec.margins and len(spec.margins) != _SIDES:
        problems.add(spec.place.of("margins"), "margins 要写四个数", "左、右、上、下，单位厘米")
    elif spec.margins:
        left, right, top, bottom = spec.margins
        page = replace(page, margins=(left, right, top, bottom))
    return page
