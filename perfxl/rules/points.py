"""P01–P06: weights and scores. (The total of all weights, P01, is an expression of the form.)"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from msgspec.structs import replace

from perfxl.model.field_type import Type
from perfxl.model.finding import Finding, Severity
from perfxl.model.form import Form, FormRule
from perfxl.model.live import Band, LiveBands, LiveEarned, LivePoints, LiveRule
from perfxl.model.path import generic
from perfxl.model.regex import deferred
from perfxl.rules.case import Case
from perfxl.rules.funds.rows import scored_rows
from perfxl.rules.funds.totals import watch_computed
from perfxl.rules.needs import columns, computed
from perfxl.rules.once import once_a_form
from perfxl.rules.rows import IndicatorRow, answered, rows, used
from perfxl.rules.rule import LiveHalf, Named, Rule
from perfxl.rules.scoring import FIGURES_ONLY, SURPASSED, direction, earned, surpassed, usual_points
from perfxl.rules.watching import broken, watched
from perfxl.rules.words import cents, figure, short
from perfxl.values.label_text import key as letters
from perfxl.values.label_text import points as printed_points

_CENT = Decimal("0.01")


# -- P01 by 一级 ---------------------------------------------------------------------------------------------------------


def _watch_levels(form: Form, asked: FormRule) -> Iterator[LivePoints]:
    if asked.points or any("分" in group.text for group in form.table(asked.over).groups):
        yield LivePoints(P01.code, asked.severity or P01.severity, asked.over, asked.points)


def _levels(case: Case, asked: FormRule) -> Iterator[Finding]:
    """Yield each 一级 whose weights are not the points in its caption, or those that the form gives it."""
    groups: dict[str, list[IndicatorRow]] = {}
    for row in rows(case, asked.over):
        groups.setdefault(row.text("level1"), []).append(row)
    if not any(row.number("weight") for found in groups.values() for row in found):
        return
    table = case.form.table(asked.over)
    known = {group.value: printed_points(group.text) for group in table.groups}
    costs = [level for level in groups if level.startswith("成本")]  # all that the usual points of the others depend on
    for level in dict.fromkeys([*groups, *known]):
        found = groups.get(level, [])
        own = next((printed for row in found if (printed := _caption(row)) is not None), None)
        points: Decimal | str | None = own or known.get(level) or (usual_points(level, costs) if found else "")
        if asked.points:
            own, points = None, asked.points.get(level)
        if not level or not points or not all(row.sound("weight") for row in found):
            continue
        wanted, total = Decimal(points), sum((row.number("weight") or Decimal(0) for row in found), Decimal(0))
        if cents(wanted) == cents(total):
            continue
        where = "标题" if own is not None else "表样" if asked.points or known.get(level) else "一般"
        gap = figure(abs(total - wanted))
        yield P01.at(
            case,
            found[0].at("level1") if found else asked.over,
            f"{level}{where}为 {figure(wanted)} 分、各行合计 {figure(total)} 分，相差 {gap} 分",
            asked=asked,
            severity=Severity.ERROR if own is not None or asked.points else Severity.WARNING,
            value=total,
            expected=wanted,
            related=[row.at("weight") for row in found],
        )


def _caption(row: IndicatorRow) -> str | None:
    """Return the points that a row's 一级 has in its caption on the sheet."""
    seen = row.case.sighting(row.at("level1"))
    text = seen.cell.value if seen is not None and seen.cell is not None else None
    return printed_points(text) if isinstance(text, str) else None


P01 = Rule(
    code="P01",
    severities=(Severity.ERROR, Severity.WARNING),
    title="分值合计不符",
    meaning=(
        "各指标的分值加上预算执行率的分值，应等于 100 分或本表规定的总分，不符是错误。"
        "每个一级指标之下的分值之和也应与规定的相符：名称中印有分值的，不符是错误；没有印的，"
        "按一般的 50、30、10 分（另有成本指标的为 40、20、10 和 20 分）比较，是警告。本表自己规定了的，以规定为准。"
    ),
    example="各项分值相加为 95。审核意见：分值合计 95，应为 100，相差 5。",
    remedy="请调整各指标的分值，使每个一级指标和总分都与规定相符。",
    named=Named(
        needs=columns("level1", "weight"),
        check=_levels,
        live=LiveHalf(
            _watch_levels, unlike="标题里印有分值的（如 产出指标(50分)）当时就核对；只有通常分值的由审核提醒"
        ),
    ),
)


# -- P02 ---------------------------------------------------------------------------------------------------------------


@once_a_form
def _watch_beyond(form: Form, asked: FormRule) -> Iterator[LiveRule]:
    must, at = "AND(score >= 0, score <= weight)", f"{asked.over}[].score"
    want, say = "得分在 0 和本行分值之间", "得分是 {left}，分值是 {right}，请核对"
    yield watched(P02, form, asked, must, at, want, each=asked.over, say=say, sides=("score", "weight"))


def _beyond(case: Case, asked: FormRule) -> Iterator[Finding]:
    """Yield scores below 0 or above their weights."""
    for condition in _watch_beyond(case.form, asked):
        for path in broken(case, condition):
            row = IndicatorRow.of(case, path)
            yield from _outside(case, asked, row.path, row.name, row.number("score"))
    for path in scored_rows(case.form):
        yield from _outside(case, asked, path, "预算执行率", case.typed_over(f"{path}.score"))


def _outside(case: Case, asked: FormRule, row: str, name: str, score: Decimal | None) -> Iterator[Finding]:
    weight = case.number(f"{row}.weight")
    if score is None or weight is None or 0 <= score <= weight:
        return
    wrong = f"大于分值 {figure(weight)}" if score > weight else "小于 0"
    message = f"{name}的得分 {figure(score)} {wrong}，请核对得分和分值"
    expected = max(weight, Decimal(0)) if score > weight else Decimal(0)
    yield P02.at(case, f"{row}.score", message, asked=asked, value=score, expected=expected, related=(f"{row}.weight",))


P02 = Rule(
    code="P02",
    severities=(Severity.ERROR,),
    title="得分超出分值",
    meaning="得分应在 0 和本项分值之间。",
    example="分值 5，得分填 6。审核意见：得分 6 大于分值 5。",
    remedy="请核对本项的分值和得分，把填错的改正。",
    named=Named(needs=columns("weight", "score"), check=_beyond, live=LiveHalf(_watch_beyond)),
)


# -- P03 ---------------------------------------------------------------------------------------------------------------


def _watch_earned(form: Form, asked: FormRule) -> Iterator[LiveEarned | LiveRule]:
    for row in scored_rows(form):
        yield from watch_computed(P03, form, replace(asked, over=f"{row}.score"), Type.NUMBER)
    want = "得分与按指标值、完成值和分值计算的相符"
    yield LiveEarned(P03.code, P03.severity, asked.over, want, asked.reverse, P03.limit_in(asked))


def _computed(case: Case, asked: FormRule) -> Iterator[Finding]:
    """Yield scores that are not what the figures earn: of indicators with figures, and of the fund row."""
    limit = P03.limit_in(asked)
    for row, target, actual in answered(case, asked.over):
        weight, score = row.number("weight"), row.number("score")
        if weight is None or score is None:
            continue
        way = direction(row, target)
        right = earned(target, actual, way, weight, asked.reverse)
        lowered = right is not None and score <= right and surpassed(target, actual, way, limit)
        if right is None or lowered or not _off(score, right):
            continue
        said = f"目标“{short(target.text)}”、完成“{short(actual.text)}”、分值 {figure(weight)} 分"
        message = f"{row.name}的得分是 {figure(score)}，按{said}计算应为 {figure(cents(right))}，"
        yield P03.at(
            case,
            row.at("score"),
            f"{message}相差 {figure(cents(abs(score - right)))}",
            asked=asked,
            value=score,
            expected=cents(right),
            related=(row.at("target"), row.at("actual"), row.at("weight")),
        )
    for path in scored_rows(case.form):
        yield from _fund_score(case, asked, path)


def _fund_score(case: Case, asked: FormRule, row: str) -> Iterator[Finding]:
    path = f"{row}.score"
    typed, right = case.typed_over(path), case.number(path)
    if typed is not None and right is not None and _off(typed, right):
        message = f"预算执行率的得分填的是 {figure(typed)}，按执行率和分值计算应为 {figure(cents(right))}，"
        yield P03.at(
            case,
            path,
            f"{message}相差 {figure(cents(abs(typed - right)))}",
            asked=asked,
            value=typed,
            expected=cents(right),
            related=(f"{row}.rate", f"{row}.weight"),
        )


def _off(score: Decimal, right: Decimal) -> bool:
    """Tell whether a score is off by more than half of its last typed place, and by more than 0.01."""
    exponent = score.as_tuple().exponent
    place = Decimal(1).scaleb(min(exponent, 0)) if isinstance(exponent, int) else _CENT
    return abs(score - right) > max(place / 2, _CENT)


P03 = Rule(
    code="P03",
    severities=(Severity.ERROR,),
    title="得分计算不符",
    meaning=(
        "预算执行率和能用数计量的指标，得分按评分办法计算。所填得分与应得分的差，既超过所填末位的半个单位，"
        "又超过 0.01 分的，是错误。完成值超过目标 130% 的，可以少得分。"
    ),
    example="目标“≥80场次”，完成 60 场次，分值 10，得分填 9。审核意见：得分 9 与按完成比例计算的 7.50 不符。",
    remedy="请按评分办法重新计算得分，或核对目标值、完成值和分值。",
    limit=SURPASSED,
    idle_beside=frozenset({"P02"}),
    named=Named(
        needs=columns("name", "target", "actual", "weight", "score"),
        check=_computed,
        live=LiveHalf(_watch_earned, unlike=FIGURES_ONLY),
    ),
)


# -- P04 ---------------------------------------------------------------------------------------------------------------

_PARTLY = Band("部分达成", ("部分达成", "部分完成"), Decimal("0.6"), Decimal("0.8"))
_NOT = Band(
    "未达成",
    ("未达成", "未完成", "没有达成", "没有完成", "未能达成", "未能完成"),
    Decimal(0),
    Decimal("0.6"),
)
_REACHED = Band("达成", ("达成", "已达成", "全部达成", "已全部达成"), Decimal("0.8"), Decimal(1), unless=("率", "度"))
BANDS = (_PARTLY, _NOT, _REACHED)
"""What an actual value says in words, and which part of the weight its score may be."""


def bands_of(asked: FormRule) -> tuple[Band, ...]:
    """Return the bands of a form: its own, else the usual ones."""
    usual = {band.name: (band.low, band.high) for band in BANDS} | dict(asked.bands)
    return tuple(replace(band, low=usual[band.name][0], high=usual[band.name][1]) for band in BANDS)


def _watch_bands(form: Form, asked: FormRule) -> Iterator[LiveBands]:
    del form
    bands = bands_of(asked)
    partly, low, reached = bands
    names = "、".join(band.name for band in (reached, partly, low))
    spans = f"{reached.low:.0%} 以上、{partly.low:.0%}～{partly.high:.0%}、{low.high:.0%} 以下"
    yield LiveBands(P04.code, P04.severity, asked.over, f"完成值写{names}的，得分相应在分值的 {spans}", bands)


def _banded(case: Case, asked: FormRule) -> Iterator[Finding]:
    """Yield scores that lie outside the band of what the actual value says."""
    for row in used(case, asked.over):
        actual, weight, score = row.value("actual"), row.number("weight"), row.number("score")
        if actual is None or weight is None or score is None or weight == 0:
            continue
        band = next((band for band in bands_of(asked) if band.is_said(letters(actual.text))), None)
        if band is None or band.holds(score, weight):
            continue
        least, most = band.low * weight, band.high * weight
        upper = f"不高于 {figure(most)}" if band.highest else f"低于 {figure(most)}"
        span = upper if band.low == 0 else f"不低于 {figure(least)}、{upper}"
        message = f"{row.name}完成值是“{band.name}”，分值 {figure(weight)}，得分应{span}，填的是 {figure(score)}"
        related = (row.at("actual"), row.at("weight"))
        yield P04.at(case, row.at("score"), message, asked=asked, value=score, related=related)


P04 = Rule(
    code="P04",
    severities=(Severity.ERROR,),
    title="定性指标得分不在档内",
    meaning=(
        "完成值写“达成”的，得分应为分值的 80% 至 100%；写“部分达成”的，为 60% 至不满 80%；写“未达成”的，不满 60%。"
        "本表另有规定的，以规定为准。"
    ),
    example="分值 10，完成值“部分达成”，得分填 9。审核意见：部分达成的得分应不低于 6、低于 8。",
    remedy="请按完成情况所在的档次评分，或改正完成情况。",
    idle_beside=frozenset({"P02"}),
    named=Named(
        needs=columns("name", "actual", "weight", "score"),
        check=_banded,
        live=LiveHalf(_watch_bands, unlike="认得以“达成”“部分达成”“未达成”开头的完成值"),
    ),
)


# -- P05 ---------------------------------------------------------------------------------------------------------------


def _summed(case: Case, asked: FormRule) -> Iterator[Finding]:
    """Yield totals that were typed over their formulas and are not the sum."""
    for path in case.form.computed:
        if not path.startswith(f"{asked.over}."):
            continue
        typed, right = case.typed_over(path), case.number(path)
        if typed is None or right is None or cents(typed) == cents(right):
            continue
        name = case.form.fields[generic(path)].parts[-1]
        gap = figure(cents(abs(typed - right)))
        message = f"总分一行的{name}填的是 {figure(typed)}，各项合计是 {figure(right)}，相差 {gap}"
        yield P05.at(case, path, message, asked=asked, value=typed, expected=right)


def _watch_summed(form: Form, asked: FormRule) -> Iterator[LiveRule]:
    return watch_computed(P05, form, asked, Type.NUMBER)


P05 = Rule(
    code="P05",
    severities=(Severity.ERROR,),
    title="总分不符",
    meaning="总分应等于各项得分之和，预算执行率的得分也计算在内。",
    example="各项得分之和为 93.50，总分填 95。审核意见：总分 95 与各项得分之和 93.50 相差 1.50。",
    remedy="请核对各项得分，按合计填写总分。总分由公式计算的，不要改动公式。",
    explained_by=frozenset({"P01"}),
    named=Named(
        needs=computed(Type.NUMBER),
        check=_summed,
        live=LiveHalf(_watch_summed),
    ),
)


# -- P06 ---------------------------------------------------------------------------------------------------------------

_PROBLEMS = deferred("问题|不足|不够|偏差较大|滞后|未(?:能|达|完成|实现|按)|困难|欠缺|偏低|有待")
_NO_PROBLEM = deferred("(?:无|没有|不存在|未发现|未出现).{0,4}(?:问题|不足|偏差|困难)|解决.{0,6}(?:问题|困难)")


@once_a_form
def _watch_lost(form: Form, asked: FormRule) -> Iterator[LiveRule]:
    must = "IF(SAID(name) = 0, TRUE, OR(score >= weight, SAID(reason) > 0))"
    want, say = "得分低于分值的，要写明原因", "得分 {left}，分值 {right}，扣了 {gap} 分，没有写原因"
    at, sides = f"{asked.over}[].reason", ("score", "weight")
    yield watched(P06, form, asked, must, at, want, each=asked.over, say=say, sides=sides)


def _unexplained(case: Case, asked: FormRule) -> Iterator[Finding]:
    """Yield points that were lost without a reason, and full marks beside reported problems."""
    for condition in _watch_lost(case.form, asked):
        for path in broken(case, condition):
            row = IndicatorRow.of(case, path)
            weight, score = row.number("weight") or Decimal(0), row.number("score") or Decimal(0)
            message = (
                f"{row.name}的得分 {figure(score)} 低于分值 {figure(weight)}，扣了 {figure(weight - score)} 分，"
                "没有说明原因，请写明原因和改进措施"
            )
            yield P06.at(case, row.at("reason"), message, asked=asked, related=(row.at("score"), row.at("weight")))
    for row in used(case, asked.over):
        full = row.number("score")
        if row.sound("reason") and full and full == row.number("weight") and _reports_problems(row.reason):
            message = f"{row.name}写了“{short(row.reason)}”，却得了满分 {figure(full)}，请核对"
            related = (row.at("reason"),)
            yield P06.at(case, row.at("score"), message, severity=Severity.WARNING, value=full, related=related)


def _reports_problems(reason: str) -> bool:
    return _PROBLEMS.search(_NO_PROBLEM.sub("", reason)) is not None


P06 = Rule(
    code="P06",
    severities=(Severity.ERROR, Severity.WARNING),
    title="扣分或满分未说明",
    meaning="指标的得分低于分值而没有写原因，是错误。写了存在问题却得满分，是警告。",
    example="分值 5，得分 4，原因栏空着。审核意见：扣了 1 分，没有说明原因。",
    remedy="扣了分的，请在原因栏写明原因和改进措施。写了问题却得满分的，请核对得分。",
    idle_beside=frozenset({"P02", "C04"}),
    named=Named(
        needs=columns("name", "weight", "score", "reason"),
        check=_unexplained,
        live=LiveHalf(_watch_lost, unlike="丢了分没有写原因的当时就提示；得了满分却写着问题的由审核提醒"),
    ),
)

RULES = (P01, P02, P03, P04, P05, P06)
