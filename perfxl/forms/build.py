"""From a decoded definition to a Form: names resolved, rules parsed, every mistake collected."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from perfxl.expr.parse import ExpressionError, Scope, parse
from perfxl.forms.compute import order
from perfxl.forms.language import (
    BandSpec,
    CellSpec,
    FormSpec,
    MatrixBand,
    RowBand,
    RuleSpec,
    SectionBand,
    TableBand,
    TitleBand,
)
from perfxl.forms.problem import Place, Problems
from perfxl.model.address import column_letter
from perfxl.model.expression import Expr
from perfxl.model.form import (
    Band,
    Caption,
    Choice,
    Columns,
    Entry,
    Field,
    Form,
    Group,
    Label,
    Look,
    Page,
    Piece,
    Required,
    Row,
    Rule,
    Section,
    Table,
)
from perfxl.model.value import Type, Value

_PATH = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*")
_FORM_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_CODE = re.compile(r"[FSVMGCPX]\d\d")
_UNIT_BEHIND = re.compile(r"[（(][^（()）]*元[)）]$")
_POINTS_BEHIND = re.compile(r"[（(]\d+(\.\d+)?分[)）]$")
_BLANKS = re.compile(r"\s+")

HOLE = "____"
"""Where the value stands in a caption, as on paper."""
PROMPT_LENGTH = 255
SHEET_NAME_LENGTH = 31
CHOICES_LENGTH = 255

_LOOKS = {
    Type.TEXT: Look.TEXT,
    Type.MONEY: Look.FIGURE,
    Type.PERCENT: Look.SHORT,
    Type.NUMBER: Look.SHORT,
    Type.INTEGER: Look.SHORT,
    Type.YEAR: Look.SHORT,
    Type.DATE: Look.SHORT,
    Type.CHOICE: Look.SHORT,
    Type.TICK: Look.SHORT,
    Type.VALUE: Look.SHORT,
}


def words(label: str) -> str:
    """Return a printed label as it is spoken: no line breaks, no unit in brackets, no colon, no 其中."""
    flat = _BLANKS.sub("", label).rstrip("：:")
    return _UNIT_BEHIND.sub("", flat).removeprefix("其中：").removeprefix("其中:").rstrip("：:")


def without_points(label: str) -> str:
    """Return a 一级 as it stands in the data: ``产出指标(50分)`` → ``产出指标``."""
    return _POINTS_BEHIND.sub("", _BLANKS.sub("", label))


@dataclass(slots=True)
class _Pending:
    """A field whose formula is still text: its scope is known only when all fields are."""

    field: Field
    place: Place
    formula: str = ""
    row: str = ""


@dataclass(slots=True)
class _Builder:
    spec: FormSpec
    problems: Problems
    pending: dict[str, _Pending] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)
    tables: dict[str, Table] = field(default_factory=dict)
    columns: int = 0

    # -- bands ------------------------------------------------------------------------------------------------------

    def bands(self, specs: Iterable[BandSpec], above: tuple[str, ...], columns: Columns) -> tuple[Band, ...]:
        built: list[Band] = []
        for spec in specs:
            match spec:
                case TitleBand():
                    built.append(Row((Label(columns, spec.title, Look.TITLE),), lines=2))
                case RowBand():
                    built.append(self.row(spec, above, columns))
                case MatrixBand():
                    built.extend(self.matrix(spec, above, columns))
                case TableBand():
                    built.append(self.table(spec, above, columns))
                case SectionBand():
                    built.append(self.section(spec, above, columns))
        return tuple(built)

    def section(self, spec: SectionBand, above: tuple[str, ...], columns: Columns) -> Section:
        at = spec.at.columns
        if at.first != columns.first or at.last >= columns.last:
            self.problems.add(
                spec.place, f"“{words(spec.section)}”的列放不下", "section 的 at 要在最左边，右边留出列给里面的内容"
            )
        inner = Columns(at.last + 1, columns.last)
        spine = Label(at, spec.section, Look.SPINE, spec.alias)
        if not spec.bands:
            self.problems.add(spec.place, f"“{words(spec.section)}”里没有内容", "在 bands: 下写出各行")
        return Section(spine, self.bands(spec.bands, (*above, words(spec.section)), inner))

    def row(self, spec: RowBand, above: tuple[str, ...], columns: Columns) -> Row:
        self.spans(spec.row, columns)
        pieces: list[Piece] = []
        left = ""
        for cell in spec.row:
            if cell.label is not None:
                left = words(cell.label)
                if cell.names:
                    self.groups.setdefault(cell.names, " › ".join((*above, left)))
            if cell.field is not None:
                pieces.append(self.entry(cell, cell.field, self.parts(cell, above, left)))
            else:
                pieces.append(
                    Label(cell.at.columns, cell.label or "", cell.look or Look.LABEL, cell.alias, cell.names)
                )
        head = all(p.look is Look.HEAD for p in pieces)
        return Row(tuple(pieces), float(spec.lines), head)

    def parts(self, cell: CellSpec, above: tuple[str, ...], left: str) -> tuple[str, ...]:
        """The labels that lead to a field: its group's, else those above and on its left."""
        path = cell.field or ""
        own = cell.name or words(cell.caption.partition(HOLE)[0])
        if path in self.groups:
            return (*self.groups[path].split(" › "), *([own] if own else []))
        group = path.rpartition(".")[0]
        if group in self.groups:
            return (*self.groups[group].split(" › "), *([own] if own else []))
        return (*above, *[part for part in (left, own) if part])

    def matrix(self, spec: MatrixBand, above: tuple[str, ...], columns: Columns) -> list[Row]:
        self.spans(spec.head, columns)
        heads = [cell for cell in spec.head if cell.field is not None]
        places = [cell for cell in spec.head if cell.field is None]
        if len(places) != 1:
            self.problems.add(spec.place, "matrix 的 head 里要正好有一格没有 field", "行名称印在这一格下面")
            return []
        known = {cell.field for cell in heads}
        keys = [row.field for row in spec.rows]
        labels = [Label(c.at.columns, c.label or "", Look.HEAD, c.alias) for c in spec.head]
        rows = [Row(tuple(labels), lines=2, head=True)]
        for row in spec.rows:
            for name in {*row.omit} - {str(k) for k in known}:
                self.problems.add(row.place, f"omit 里的“{name}”不是这张表的列", f"可用：{'、'.join(map(str, known))}")
            for name in {*row.sum} - {*keys}:
                self.problems.add(row.place, f"sum 里的“{name}”不是这张表的行", f"可用：{'、'.join(keys)}")
            prefix = f"{spec.matrix}.{row.field}"
            pieces: list[Piece] = []
            for cell in spec.head:
                if cell.field is None:
                    pieces.append(Label(cell.at.columns, row.label, Look.LABEL, row.alias, prefix))
                elif cell.field in row.omit:
                    pieces.append(Label(cell.at.columns, "", Look.LABEL))
                else:
                    summed = [f"{spec.matrix}.{part}.{cell.field}" for part in row.sum]
                    formula = cell.formula or (f"SUM({', '.join(summed)})" if summed else "")
                    parts = (*above, words(row.label), words(cell.label or ""))
                    own = replace(cell, formula=formula)
                    pieces.append(self.entry(own, f"{prefix}.{cell.field}", parts, row=prefix))
            self.groups.setdefault(prefix, " › ".join((*above, words(row.label))))
            rows.append(Row(tuple(pieces), lines=1.4))
        self.groups.setdefault(spec.matrix, " › ".join(above) or spec.matrix)
        return rows

    def table(self, spec: TableBand, above: tuple[str, ...], columns: Columns) -> Table:
        self.spans(spec.columns, columns)
        path = spec.table
        prefix = f"{path}[]"
        heads = [
            Label(c.at.columns, c.label or "", Look.HEAD, c.alias, f"{prefix}.{c.field}" if c.field else "")
            for c in spec.columns
        ]
        entries: list[Entry] = []
        for cell in spec.columns:
            if cell.field is None:
                self.problems.add(cell.place, f"“{path}”有一列没有 field", "写明这一列在数据里的名称")
                continue
            parts = (*(above or (path,)), words(cell.label or cell.name or cell.field))
            looks = cell.look or (Look.LABEL if cell.level else None)
            entries.append(self.entry(replace(cell, look=looks), f"{prefix}.{cell.field}", parts, row=prefix))
        levels = [cell.level for cell in spec.columns if cell.level]
        if levels != list(range(1, len(levels) + 1)) or len(levels) > 2:
            self.problems.add(spec.place, "level 要从左到右依次为 1、2")
        if spec.groups and len(levels) != 2:
            self.problems.add(spec.place, "写了 groups 的表要有 level: 1 和 level: 2 两列")
        if spec.rows < 1:
            self.problems.add(spec.place, "rows 至少为 1")
        groups = tuple(Group(text, without_points(text), below) for text, below in spec.groups.items())
        if path in self.tables:
            self.problems.add(spec.place, f"表“{path}”写了两次", "换一个名称")
        self.groups.setdefault(path, " › ".join(above) or path)
        built = Table(
            path, (Row(tuple(heads), lines=2.4, head=True),), tuple(entries), spec.rows, groups, float(spec.lines)
        )
        self.tables[path] = built
        return built

    def spans(self, cells: Iterable[CellSpec], columns: Columns) -> None:
        """Report cells of one row that overlap or lie outside the columns they may use."""
        used: dict[int, CellSpec] = {}
        for cell in cells:
            at = cell.at.columns
            if at.first < columns.first or at.last > columns.last:
                self.problems.add(
                    cell.place, "这一格超出了可用的列", "检查 at；section 左边占用的列不能再用，右边不能超过 columns"
                )
            for column in range(at.first, at.last + 1):
                if column in used:
                    self.problems.add(cell.place, "这一格与同一行的另一格重叠", "检查 at，同一行各格不能共用一列")
                    break
                used[column] = cell

    # -- fields -----------------------------------------------------------------------------------------------------

    def entry(self, cell: CellSpec, path: str, parts: tuple[str, ...], row: str = "") -> Entry:
        """Note the field of a cell and return its place."""
        if not _PATH.fullmatch(path.replace("[]", "")):
            self.problems.add(cell.place, f"数据名称“{path}”不合规定", "用小写英文字母、数字和下划线，层次之间用点")
        if cell.type is None:
            self.problems.add(cell.place, f"“{path}”缺少 type", f"可选：{'、'.join(Type)}")
        kind = cell.type or Type.TEXT
        if path in self.pending:
            other = self.pending[path].place.line
            self.problems.add(cell.place, f"“{path}”在第 {other} 行已经用过", "每个数据名称只能出现一次")
        self.limits(cell, kind, path)
        required = Required.NO
        if cell.required:
            required = Required.IN_USE if "[]" in path else Required.ALWAYS
        minimum = Decimal(0) if cell.min is None and kind is Type.MONEY else cell.min
        built = Field(
            path=path,
            parts=parts,
            type=kind,
            required=required,
            missing=cell.missing or "V01",
            minimum=minimum,
            maximum=cell.max,
            length=cell.length,
            choices=tuple(self.choice(text) for text in cell.choices),
            hint=cell.hint,
            preset=self.preset(cell, kind),
            caption=self.caption(cell),
            level=cell.level,
        )
        self.pending.setdefault(path, _Pending(built, cell.place, cell.formula, row))
        return Entry(cell.at.columns, path, cell.look or _LOOKS[kind])

    def limits(self, cell: CellSpec, kind: Type, path: str) -> None:
        """Report what does not fit the field's type, and Excel's limits."""
        if cell.min is not None and cell.max is not None and cell.min > cell.max:
            self.problems.add(cell.place, f"“{path}”的 min 大于 max")
        if (cell.min is not None or cell.max is not None) and not kind.numeric:
            self.problems.add(cell.place, f"“{path}”不是数字，不能有 min 或 max")
        if cell.length is not None and kind is not Type.TEXT:
            self.problems.add(cell.place, f"“{path}”不是文本，不能有 length")
        if (kind is Type.CHOICE) != bool(cell.choices):
            self.problems.add(cell.place, f"“{path}”的 choices 与 type 不相配", "type: choice 的格要写 choices，别的格不写")
        if len(",".join(cell.choices)) > CHOICES_LENGTH:
            self.problems.add(cell.place, f"“{path}”的 choices 太长", f"合计不超过 {CHOICES_LENGTH} 个字")
        if len(cell.hint) > PROMPT_LENGTH:
            self.problems.add(cell.place, f"“{path}”的 hint 太长", f"Excel 的提示不超过 {PROMPT_LENGTH} 个字")
        if cell.formula and cell.required:
            self.problems.add(cell.place, f"“{path}”由公式得出，不能写 required", "删去 required")
        if cell.missing and not _CODE.fullmatch(cell.missing):
            self.problems.add(cell.place, f"missing 的“{cell.missing}”不是代码", "写成 V01 这样")

    def choice(self, text: str) -> Choice:
        """Read ``特定目标|特定目标类``: the value, then other spellings."""
        value, *aliases = text.split("|")
        return Choice(value, tuple(aliases))

    def preset(self, cell: CellSpec, kind: Type) -> Value:
        if cell.preset is None:
            return None
        if kind in {Type.NUMBER, Type.INTEGER, Type.MONEY, Type.YEAR}:
            try:
                return Decimal(cell.preset)
            except ArithmeticError:
                self.problems.add(cell.place, f"preset 的“{cell.preset}”不是数字")
                return None
        if kind in {Type.TEXT, Type.CHOICE}:
            return cell.preset
        self.problems.add(cell.place, f"type 为 {kind} 的格不能写 preset")
        return None

    def caption(self, cell: CellSpec) -> Caption | None:
        if not cell.caption:
            return None
        before, hole, after = cell.caption.partition(HOLE)
        if not hole or "_" in after:
            self.problems.add(cell.place, f"caption 里要有一处 {HOLE}，表示填写的位置", f"如 其他资金：{HOLE}万元")
        if '"' in cell.caption:
            self.problems.add(cell.place, "caption 里不能有英文双引号", "改用“”")
        return Caption(before, after)

    def fields(self) -> dict[str, Field]:
        """Return the fields with their formulas parsed."""
        types = self.types()
        built: dict[str, Field] = {}
        for path, pending in self.pending.items():
            formula = self.expression(pending.formula, pending.row, pending.place, types) if pending.formula else None
            built[path] = replace(pending.field, formula=formula)
        return built

    def types(self) -> dict[str, Type]:
        return {path: pending.field.type for path, pending in self.pending.items()}

    def expression(self, source: str, row: str, at: Place, types: Mapping[str, Type]) -> Expr | None:
        try:
            return parse(source, Scope(types, row))
        except ExpressionError as error:
            self.problems.add(at, f"“{source}”写得不对：{error}")
            return None

    # -- rules ------------------------------------------------------------------------------------------------------

    def rules(self) -> tuple[Rule, ...]:
        types = self.types()
        return tuple(self.rule(spec, types) for spec in self.spec.rules)

    def rule(self, spec: RuleSpec, types: Mapping[str, Type]) -> Rule:
        if not _CODE.fullmatch(spec.code):
            self.problems.add(spec.place, f"“{spec.code}”不是代码", "写成 M06 这样，代码见 perfxl rules")
        if bool(spec.must) == bool(spec.over):
            self.problems.add(spec.place, f"{spec.code} 要写 must 或 over 之一", "must 写必须成立的式子，over 写检查的表或项")
        if spec.must and not (spec.at and spec.say):
            self.problems.add(spec.place, f"{spec.code} 写了 must，还要写 at 和 say", "at 是标出的格，say 是说明")
        row = f"{spec.each}[]" if spec.each else ""
        if spec.each and spec.each not in self.tables:
            self.problems.add(spec.place, f"each 的“{spec.each}”不是可增行的表", f"可用：{'、'.join(self.tables)}")
        at = f"{row}.{spec.at}" if row and f"{row}.{spec.at}" in types else spec.at
        if at and at not in types and at not in self.groups:
            self.problems.add(spec.place, f"at 的“{spec.at}”不是这张表的项")
        if spec.over and spec.over not in types and spec.over not in self.groups and not self.begins(spec.over, types):
            self.problems.add(spec.place, f"over 的“{spec.over}”不是这张表的项")
        if spec.reverse not in {"", "linear", "ratio"}:
            self.problems.add(spec.place, f"reverse 不能是“{spec.reverse}”", "可选：linear、ratio")
        for hole in re.findall(r"\{(\w*)\}", spec.say):
            if hole not in {"left", "right", "gap"}:
                self.problems.add(spec.place, f"say 里不能有 {{{hole}}}", "可用：{left} 左边的数、{right} 右边的数、{gap} 相差")
        return Rule(
            code=spec.code,
            line=spec.place.line,
            must=self.expression(spec.must, row, spec.place, types) if spec.must else None,
            each=spec.each,
            over=spec.over,
            at=at,
            say=spec.say,
            severity=spec.severity,
            limit=spec.limit,
            words=spec.words,
            reverse=spec.reverse,
        )

    @staticmethod
    def begins(path: str, types: Mapping[str, Type]) -> bool:
        return any(name.startswith((f"{path}.", f"{path}[")) for name in types)


def build(spec: FormSpec, digest: str, problems: Problems) -> Form:
    """Return the Form that a decoded definition describes; mistakes go to ``problems`` and leave gaps in it."""
    builder = _Builder(spec, problems)
    letters = list(spec.columns)
    expected = [column_letter(n) for n in range(1, len(letters) + 1)]
    if letters != expected or not letters:
        problems.add(spec.place, "columns 要从 A 起依次写出各列的宽度", f"写成 {{{', '.join(expected) or 'A'}}}")
    if not _FORM_ID.fullmatch(spec.id):
        problems.add(spec.place, f"form 的“{spec.id}”不合规定", "用小写英文、数字和短横线，如 hunan-dept-self-eval")
    if len(spec.sheet) > SHEET_NAME_LENGTH or re.search(r"[\[\]:*?/\\]", spec.sheet) or not spec.sheet:
        problems.add(spec.place, f"sheet 的“{spec.sheet}”不能作工作表名", "不超过 31 个字，不含 [ ] : * ? / \\")
    if spec.page.orientation not in {"portrait", "landscape"}:
        problems.add(spec.page.place, f"orientation 不能是“{spec.page.orientation}”", "portrait 纵向，landscape 横向")
    if spec.page.margins and len(spec.page.margins) != 4:
        problems.add(spec.page.place, "margins 要写四个数", "左、右、上、下，单位厘米")
    bands = builder.bands(spec.bands, (), Columns(1, max(len(letters), 1)))
    fields = builder.fields()
    computed = order(fields)
    for path in computed.circular:
        problems.add(builder.pending[path].place, f"“{path}”的公式绕回了自身", "检查公式里用到的各项")
    for name, path in (("unit", spec.unit), ("year", spec.year)):
        if path and path not in fields:
            problems.add(spec.place, f"{name} 的“{path}”不是这张表的项")
    page = Page(spec.page.orientation == "landscape")
    if len(spec.page.margins) == 4:
        left, right, top, bottom = spec.page.margins
        page = replace(page, margins=(left, right, top, bottom))
    return Form(
        id=spec.id,
        version=spec.version,
        title=spec.title,
        region=spec.region,
        stage=spec.stage,
        year_basis=spec.year_basis,
        sheet=spec.sheet,
        money=spec.money,
        digest=digest,
        widths=tuple(spec.columns.values()),
        page=page,
        bands=bands,
        fields=fields,
        rules=builder.rules(),
        unit_path=spec.unit,
        year_path=spec.year,
        computed=computed.paths,
        groups=builder.groups,
    )
