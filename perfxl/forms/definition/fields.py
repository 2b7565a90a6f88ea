"""The fields of a form as its cells describe them, collected while the bands are built."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal

from msgspec import Struct, field
from msgspec.structs import replace

from perfxl.expr import patterns
from perfxl.expr.check import sort_of
from perfxl.expr.parse import parse
from perfxl.expr.scope import FieldTypes, Scope
from perfxl.forms.definition.language import CellSpec, Length
from perfxl.forms.definition.problem import Place, Problems
from perfxl.forms.printed_text import HOLE, holes, is_hole
from perfxl.model.code_list import CodeList
from perfxl.model.expression import Expr, ExpressionError, FieldRef
from perfxl.model.field_type import Family, Sort, Type
from perfxl.model.form import Caption, Choice, Field, Required
from perfxl.model.value import Value

PROMPT_LENGTH = 255
CHOICES_LENGTH = 255
_PATH = re.compile(r"_?[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*")
_NAME = re.compile(r"[a-z_][a-z0-9_]*(?:\.[a-z0-9_]+)*")
MOST_DECIMALS = 4
CODE = re.compile(r"[FSVMGCPXZ]\d\d", re.ASCII)


class _Pending(Struct):
    """A field whose formula is still text: what it may name is known only when all fields are."""

    field: Field
    place: Place
    formula: str = ""
    row: str = ""
    needed: str = ""
    barred: str = ""


class Fields(Struct):
    """Collects fields and the mistakes in them."""

    problems: Problems
    lists: Mapping[str, CodeList] = field(default_factory=dict)
    pending: dict[str, _Pending] = field(default_factory=dict)
    apart: list[tuple[str, ...]] = field(default_factory=list)
    """Columns that no two rows have alike."""

    def add(self, cell: CellSpec, path: str, parts: tuple[str, ...], row: str = "") -> Type:
        """Note the field of a cell at a generic path; ``row`` is where its formula's names begin. Returns its type."""
        if not _PATH.fullmatch(path.replace("[]", "")):
            self.problems.incomplete = True
            if all(path.split(".")):  # a name left out altogether has been reported
                remedy = "用小写英文字母、数字和下划线，层次之间用点"
                self.problems.add(cell.place.of("field"), f"数据名称“{path}”不合规定", remedy)
        kind = Type.INTEGER if cell.serial else cell.type
        if kind is None:
            self.problems.add(cell.place, f"“{path}”缺少 type", f"可选：{'、'.join(Type)}")
            kind = Type.TEXT
        if path in self.pending:
            if not cell.option:
                other = self.pending[path].place.line
                self.problems.add(
                    cell.place.of("field"), f"“{path}”在第 {other} 行已经用过", "每个数据名称只能出现一次"
                )
            return kind
        self._limits(cell, kind, path)
        required = Required.NO
        if cell.required.always:
            required = Required.IN_USE if "[]" in path else Required.ALWAYS
        built = Field(
            path=path,
            parts=parts,
            type=kind,
            required=required,
            missing=cell.missing or "V01",
            minimum=kind.traits.minimum if cell.min is None else cell.min,
            maximum=cell.max,
            length=cell.length.most if cell.length is not None else None,
            least=cell.length.least if cell.length is not None else None,
            pattern=cell.pattern,
            decimals=cell.decimals,
            choices=self._choices(cell),
            list=cell.list,
            within=cell.within,
            lookup=cell.lookup,
            hint=cell.hint,
            preset=self._preset(cell, kind),
            caption=self._caption(cell),
            level=cell.level,
            spread=cell.spread,
            serial=cell.serial,
            hidden=path.startswith("_"),
            line=cell.place.line,
        )
        if cell.unique and "[]" in path:
            self.apart.append((path,))
        self.pending[path] = _Pending(built, cell.place, cell.formula, row, cell.required.when, cell.blank)
        return kind

    def place_of(self, path: str) -> Place:
        return self.pending[path].place

    def types(self) -> FieldTypes:
        """Return the type of every field by its generic path."""
        return FieldTypes.of({path: pending.field.type for path, pending in self.pending.items()})

    def built(self) -> dict[str, Field]:
        """Return the fields with their formulas parsed, those of the data before hidden ones."""
        self._clashes()
        types = self.types()
        found: dict[str, Field] = {}
        for path, pending in self.pending.items():
            formula = (
                self.expression(pending.formula, pending.row, pending.place.of("formula"), types)
                if pending.formula
                else None
            )
            if formula is not None:
                self._fits(formula, pending)
            found[path] = replace(
                pending.field,
                formula=formula,
                needed=self._condition(pending, "required", pending.needed, types),
                barred=self._condition(pending, "blank", pending.barred, types),
                within=self._beside(pending, "within", types),
                lookup=self._beside(pending, "lookup", types),
            )
        return found

    def _condition(self, pending: _Pending, key: str, source: str, types: Mapping[str, Type]) -> Expr | None:
        """Parse the condition under which a cell is asked for, or stays blank."""
        if not source:
            return None
        place = pending.place.of(key)
        found = self.expression(source, pending.row, place, types)
        if found is not None and sort_of(found) is not Sort.TRUTH:
            self.problems.add(place, f"{key} 的“{source}”不是可以成立或不成立的式子", "写成比较，如 method = '询价'")
        return found

    def _beside(self, pending: _Pending, key: str, types: Mapping[str, Type]) -> str:
        """Return the path of the field whose choice another one goes by, "" where none is named."""
        name = getattr(pending.field, key)
        if not name:
            return ""
        found = Scope(types, pending.row).find(name)
        other = self.pending[found.path].field if isinstance(found, FieldRef) else None
        if other is None or not (_tells_group(self.pending[other.path]) if key == "within" else other.list):
            wanted = "type 为 choice、或由公式得出文字的一项" if key == "within" else "写了 list 的一项"
            self.problems.lack(pending.place.of(key), f"{key} 的“{name}”不能用", f"写同一行或表上{wanted}的 field")
            return ""
        return other.path

    def _choices(self, cell: CellSpec) -> tuple[Choice, ...]:
        """Return what is offered: what the cell lists, or what its list has; a name means its code where it is one's alone."""
        entries = self.lists[cell.list].entries if cell.list in self.lists else ()
        names = Counter(entry.name for entry in entries)
        codes = {entry.code for entry in entries}
        own = {
            entry.code: (entry.name,) if entry.name and names[entry.name] == 1 and entry.name not in codes else ()
            for entry in entries
        }
        return (*(_choice(text) for text in cell.choices), *(Choice(code, aliases) for code, aliases in own.items()))

    def _clashes(self) -> None:
        """Report a name that is a value and also the beginning of others: data holds one thing in one place."""
        first: dict[str, str] = {}
        for path in self.pending:
            for place, letter in enumerate(path):
                if letter in ".[":
                    first.setdefault(path[:place], path)
        for path, pending in self.pending.items():
            inside = first.get(path)
            if inside is not None:
                message = f"“{path}”是一格，又是“{inside}”的开头"
                self.problems.add(pending.place.of("field"), message, "换一个名称")

    def expression(self, source: str, row: str, at: Place, types: Mapping[str, Type]) -> Expr | None:
        """Parse a rule or a formula; a mistake in it is noted and gives None."""
        scope = Scope(types, row)
        try:
            return parse(source, scope)
        except ExpressionError as error:
            unknown = any(scope.find(name) is None for name in _NAME.findall(source))
            note = self.problems.lack if unknown else self.problems.add
            note(at, f"“{source}”写得不对：{error}", "写法见 docs/authoring.md 的“算式”一节")
            return None

    def _fits(self, formula: Expr, pending: _Pending) -> None:
        wanted = pending.field.type.traits.sort
        given = sort_of(formula)
        if given is not None and given is not wanted:
            self.problems.add(
                pending.place.of("formula"),
                f"“{pending.field.path}”的公式得出的不是这一格要的内容",
                "检查 type，或改写 formula",
            )

    def _limits(self, cell: CellSpec, kind: Type, path: str) -> None:
        """Report what does not fit the field's type, and Excel's limits."""
        add = self.problems.add
        if cell.min is not None and cell.max is not None and cell.min > cell.max:
            add(cell.place.of("min"), f"“{path}”的 min 大于 max", "对调两个数")
        if (cell.min is not None or cell.max is not None) and not kind.numeric:
            add(cell.place, f"“{path}”不是数字，不能有 min 或 max", "删去，或改 type")
        self._shape(cell, kind, path)
        self._list(cell, kind, path)
        if (kind is Type.CHOICE) != bool(cell.choices or cell.list):
            add(
                cell.place.of("choices"),
                f"“{path}”的 choices 与 type 不相配",
                "type: choice 的格要写 choices，别的格不写",
            )
        offered = [text.split("|")[0] for text in cell.choices]
        if len(",".join(offered)) > CHOICES_LENGTH:
            add(
                cell.place.of("choices"),
                f"“{path}”的 choices 太长",
                f"Excel 的下拉列表合计不超过 {CHOICES_LENGTH} 个字",
            )
        if len(set(offered)) < len(offered):
            add(cell.place.of("choices"), f"“{path}”的 choices 有重复", "删去重复的一项")
        if len(cell.hint) > PROMPT_LENGTH:
            add(cell.place.of("hint"), f"“{path}”的 hint 太长", f"Excel 的提示不超过 {PROMPT_LENGTH} 个字")
        if cell.formula and cell.required:
            add(cell.place.of("required"), f"“{path}”由公式得出，不能写 required", "删去 required")
        if cell.blank and (cell.formula or cell.required.always):
            add(cell.place.of("blank"), f"“{path}”由公式得出，或者总要填写，不能写 blank", "删去其中一个")
        if cell.formula and cell.preset is not None:
            add(cell.place.of("preset"), f"“{path}”由公式得出，不能写 preset", "删去 preset")
        if cell.missing and not CODE.fullmatch(cell.missing):
            add(cell.place.of("missing"), f"missing 的“{cell.missing}”不是代码", "写成 V01 这样，代码见 perfxl rules")

    def _shape(self, cell: CellSpec, kind: Type, path: str) -> None:
        """Report demands on the look of a text or number that its type does not have."""
        add = self.problems.add
        if cell.length is not None and kind is not Type.TEXT:
            add(cell.place.of("length"), f"“{path}”不是文本，不能有 length", "删去，或改 type")
        if cell.length is not None and _turned(cell.length):
            add(cell.place.of("length"), f"“{path}”的 length 不对", "字数至少为 1，少的写在前面，如 20-200")
        if cell.pattern and kind is not Type.TEXT:
            add(cell.place.of("pattern"), f"“{path}”不是文本，不能有 pattern", "删去，或把 type 改成 text")
        if cell.pattern and (reason := patterns.wrong(cell.pattern)):
            add(
                cell.place.of("pattern"),
                f"pattern 的“{cell.pattern}”{reason}",
                "写法见 docs/authoring.md 的“号码和编码”",
            )
        if cell.decimals is not None and (not kind.numeric or kind.traits.whole or cell.decimals > MOST_DECIMALS):
            add(
                cell.place.of("decimals"),
                f"“{path}”不能有这样的 decimals",
                f"只用于带小数的数，写 0 到 {MOST_DECIMALS}",
            )

    def _list(self, cell: CellSpec, kind: Type, path: str) -> None:
        add = self.problems.add
        if cell.list and cell.list not in self.lists:
            known = "、".join(self.lists) or "先写 lists"
            add(cell.place.of("list"), f"没有名为“{cell.list}”的清单", f"可用：{known}")
        if cell.list and cell.choices:
            add(cell.place.of("choices"), f"“{path}”写了 list，就不能又有 choices", "删去其中一个")
        found = self.lists.get(cell.list)
        if cell.within and found is not None and not found.grouped:
            add(cell.place.of("within"), f"清单“{cell.list}”没有归属，within 不起作用", "在 lists 里写 under")
        if cell.within and not cell.list:
            add(cell.place.of("within"), f"“{path}”没有 list，within 不起作用", "写明 list，或删去 within")
        if cell.lookup and (kind is not Type.TEXT or cell.formula or cell.required or cell.preset is not None):
            add(cell.place.of("lookup"), f"“{path}”由 lookup 得出", "type 写 text，不写 formula、required、preset")

    def _preset(self, cell: CellSpec, kind: Type) -> Value:
        if cell.preset is None:
            return None
        if kind.numeric:
            try:
                number = Decimal(cell.preset)
            except ArithmeticError:
                number = Decimal("NaN")
            if not number.is_finite():
                self.problems.add(cell.place.of("preset"), f"preset 的“{cell.preset}”不是数字", "写成数字，如 10")
                return None
            return number
        if kind.traits.family in {Family.TEXT, Family.CHOICE}:
            return cell.preset
        self.problems.add(cell.place.of("preset"), f"type 为 {kind} 的格不能写 preset", "删去 preset")
        return None

    def _caption(self, cell: CellSpec) -> Caption | None:
        if not cell.caption:
            return None
        before, hole, after = cell.caption.partition(HOLE)
        if not hole or "_" in after:
            self.problems.add(
                cell.place.of("caption"), f"caption 里要有一处 {HOLE}，表示填写的位置", f"如 其他资金：{HOLE}万元"
            )
        if '"' in cell.caption:
            self.problems.add(cell.place.of("caption"), "caption 里不能有英文双引号", "改用“”")
        check_holes(cell.caption, cell.place.of("caption"), self.problems)
        return Caption(before, after)


def _tells_group(pending: _Pending) -> bool:
    """Tell whether a field may say which group of a list is offered: a choice, or a text that is worked out."""
    return pending.field.type is Type.CHOICE or (pending.field.type is Type.TEXT and bool(pending.formula))


def _turned(length: Length) -> bool:
    """Tell whether nothing can be as long as that."""
    least, most = length.least or 1, length.most
    return 0 in {length.least, most} or (most is not None and least > most)


def check_holes(text: str, place: Place, problems: Problems) -> None:
    """Report curly brackets in a printed text that are neither a counter nor a year."""
    for name in holes(text):
        if not is_hole(name):
            problems.add(
                place,
                f"“{{{name}}}”不能用在印好的文字里",
                "可用：{n} 序号、{year} 年度、{year-1} 上一年；要印花括号的写两遍：{{ }}",
            )


def _choice(text: str) -> Choice:
    """Read ``特定目标|特定目标类``: the value, then other spellings."""
    value, *aliases = text.split("|")
    return Choice(value, tuple(aliases))
