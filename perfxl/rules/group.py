"""X01, X02: the figures of a department as a whole （汇总） are the sum of its own （本级） and those of the units below it.

Who is below whom is told by what the returns say: a code that begins with the department's, the department as 主管部门,
a name that begins with the department's, a folder in which no other department's 汇总 lies. Where nothing tells, and the
department's own return lies among them, all are taken for its units as long as none is larger than the whole.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from msgspec import Struct

from perfxl.expr.rounding import rounding_of
from perfxl.model.finding import Severity
from perfxl.model.form import Form
from perfxl.model.period import Period
from perfxl.model.roster import code_key, name_key
from perfxl.model.words import OWN, WHOLE, scope_of
from perfxl.rules.accepted import AcceptedForm, project
from perfxl.rules.once import once_a_form
from perfxl.rules.rule import Rule
from perfxl.rules.words import cents, money, quoted

_NAMED = 3
"""How many units a message names."""


class FormSums(Struct, frozen=True):
    """What of a form a sum over units needs; ``figures`` are its typed amounts and counts outside growing tables."""

    file: str
    sheet: str
    about: tuple[str, Period, str]
    code: str
    name: str
    called: str
    scope: str
    supervisor: str
    figures: Mapping[str, Decimal]

    @property
    def unit(self) -> str:
        return self.code or self.name

    @property
    def folder(self) -> str:
        return self.file.rpartition("/")[0]


class Said(Struct, frozen=True):
    """A figure of a whole that is not the sum of its parts: the rule, its path, the message, both figures."""

    rule: Rule
    path: str
    message: str
    value: Decimal
    expected: Decimal


def part(filed: AcceptedForm) -> FormSums:
    """Return what of a form a sum over units needs."""
    form, returned = filed.form, filed.returned
    typed = returned.record[form.unit_path] if form.unit_path else None
    name = typed if isinstance(typed, str) else returned.unit.name or ""
    above = returned.record[form.supervisor_path]
    figures = {path: value for path in _summed(form) if isinstance(value := returned.record[path], Decimal)}
    return FormSums(
        file=filed.file,
        sheet=returned.sheet,
        about=(form.id, returned.period, name_key(project(returned))),
        code=code_key(returned.unit.code or ""),
        name=name_key(returned.unit.name or name),
        called=" ".join(name.split()),
        scope=scope_of(name),
        supervisor=name_key(above) if isinstance(above, str) else "",
        figures=figures,
    )


@once_a_form
def _summed(form: Form) -> Iterator[str]:
    """Yield the typed figures of a form, one by one, that are those of its parts together."""
    for path, field in form.fields.items():
        if field.summed and not field.computed and "[]" not in path:
            yield path


class Kin:
    """Returns about the same: one form, period and project, of units that may belong to each other."""

    def __init__(self, parts: Sequence[FormSums]) -> None:
        self.parts = parts
        self._wholes = [one for one in parts if one.scope == WHOLE]
        self._within: dict[int, frozenset[int]] = {}

    def within(self, one: FormSums) -> frozenset[int]:
        """Return the ids of the wholes that a part belongs to; looked for once, for piles may have hundreds of them."""
        if id(one) not in self._within:
            found = (id(whole) for whole in self._wholes if _same_unit(one, whole) or _below(one, whole))
            self._within[id(one)] = frozenset(found)
        return self._within[id(one)]


def consolidated(whole: FormSums, kin: Kin) -> Iterator[Said]:
    """Yield the figures of a whole that are not the sum of its parts; nothing where its parts are not known.

    X02 where the difference is what one of the returns would add a second time; rounding is passed over.
    """
    if whole.scope != WHOLE:
        return
    parts, doubles = _parts(whole, kin)
    if not any(one.name != whole.name for one in parts):
        return
    for path, stated in whole.figures.items():
        given = [one.figures[path] for one in parts if path in one.figures]
        right = sum(given, Decimal(0))
        gap, allowed = cents(stated) - cents(right), rounding_of(len(given))
        if not given or abs(gap) <= allowed:
            continue
        twice = next(
            (one for one in doubles if one.figures.get(path) and abs(gap - one.figures[path]) <= allowed), None
        )
        if twice is not None:
            message = (
                f"汇总为 {money(stated)}，比{_listed(parts)}之和 {money(right)} 多 {money(gap)}，"
                f"正好是{quoted(twice.called)}的数，可能加了两次，请核对"
            )
            yield Said(X02, path, message, stated, right)
        else:
            message = (
                f"汇总为 {money(stated)}，与{_listed(parts)}之和 {money(right)} 相差 {money(abs(gap))}，"
                "请核对是否漏了或多了下属单位，再核对各单位的数"
            )
            yield Said(X01, path, message, stated, right)


def parts_of(whole: FormSums, kin: Kin) -> tuple[FormSums, ...]:
    """Return the returns that a whole is the sum of; nothing where no other unit is known to be below it."""
    parts, _ = _parts(whole, kin)
    return tuple(parts) if any(one.name != whole.name for one in parts) else ()


def held_by(whole: FormSums, kin: Kin) -> tuple[FormSums, ...]:
    """Return the department's own returns, called 本级 or nothing, whose figures its whole holds already."""
    return tuple(one for one in kin.parts if one.scope != WHOLE and _same_unit(one, whole))


def _parts(whole: FormSums, kin: Kin) -> tuple[list[FormSums], list[FormSums]]:
    """Return what a whole is the sum of, and the returns that would count something twice."""
    near = [one for one in kin.parts if one.about == whole.about]
    near = [one for one in near if not (one.unit == whole.unit and one.scope == WHOLE)]
    near = [one for one in near if one is not whole and (one.file, one.sheet) != (whole.file, whole.sheet)]
    own = [one for one in near if _same_unit(one, whole) and one.scope == OWN]
    rest = [one for one in near if not _same_unit(one, whole)]
    below = [one for one in rest if _below(one, whole)]
    if not below and not any(one.scope == WHOLE for one in rest):
        below = [one for one in rest if one.folder and one.folder == whole.folder]
    if not below and own and not any(one.scope for one in rest) and not any(_larger(one, whole) for one in rest):
        below = rest
    wholes = {id(one) for one in below if one.scope == WHOLE}
    counted = [one for one in below if one.scope == WHOLE or kin.within(one).isdisjoint(wholes)]
    found = [*own, *counted]
    if _twice(found):
        return [], []
    once = {id(one) for one in counted}
    return found, [*own, *(one for one in below if id(one) not in once)]


def _twice(parts: Sequence[FormSums]) -> bool:
    """Tell whether a unit stands there with two returns: which of them counts is said elsewhere (X03)."""
    units: dict[tuple[str, str], int] = defaultdict(int)
    for one in parts:
        units[one.unit, one.scope] += 1
    return any(count > 1 for count in units.values())


def _same_unit(one: FormSums, other: FormSums) -> bool:
    return one.code == other.code if one.code and other.code else one.name == other.name


def _below(one: FormSums, whole: FormSums) -> bool:
    """Tell whether a unit says that it belongs to a department: by its code, its 主管部门 or its name."""
    if one.code and whole.code:
        return one.code != whole.code and one.code.startswith(whole.code)
    named = bool(whole.name) and one.name != whole.name and one.name.startswith(whole.name)
    return named or (bool(whole.name) and one.name != whole.name and one.supervisor == whole.name)


def _larger(one: FormSums, whole: FormSums) -> bool:
    return any(value > whole.figures.get(path, value) for path, value in one.figures.items())


def _listed(parts: Sequence[FormSums]) -> str:
    names = "、".join(quoted(one.called) for one in parts[:_NAMED])
    return f"{names}{'等' if len(parts) > _NAMED else '共'} {len(parts)} 个单位"


X01 = Rule(
    code="X01",
    severities=(Severity.ERROR,),
    title="下属之和与汇总不符",
    meaning=(
        "本级和各下属单位的数相加，应等于汇总表中的数；四舍五入造成的出入不算。下属单位按单位代码、主管部门、"
        "单位名称认定。与以前通过的结果核对时，或者同一批中都交齐时审核。"
    ),
    example=(
        "五个下属单位的全年执行数共 860.00，汇总表填 880.00。审核意见：下属之和 860.00 与汇总 880.00 相差 20.00。"
    ),
    remedy="请核对是否漏了或多了下属单位，再核对各单位的数。",
)

X02 = Rule(
    code="X02",
    severities=(Severity.ERROR,),
    title="汇总与本级重复相加",
    meaning="汇总表已经包括本级。汇总数比本级和各下属单位之和多出来的，正好是其中一家的数，说明这一家加了两次。",
    example="同一部门的“（汇总）”和“（本级）”同时列入合计。审核意见：汇总已包含本级，不能一起相加。",
    remedy="请只留汇总，或只留本级和各下属单位。",
)

RULES = (X01, X02)
