"""C02–C08: how far the targets were reached. (C02, an actual value left blank, is a required cell's own finding.)"""

from __future__ import annotations

from collections.abc import Iterator

from perfxl.model.finding import Finding, Fix, FixKind, Severity
from perfxl.model.form import Form, FormRule
from perfxl.model.live import LiveMissed
from perfxl.model.path import generic
from perfxl.model.regex import deferred
from perfxl.model.value import IndicatorValue, Kind, Op, Quantity, figure_of, measured_in, operator_of
from perfxl.rules.case import Case
from perfxl.rules.needs import columns
from perfxl.rules.rows import IndicatorRow, answered, explain_there, speaks_of_money, used
from perfxl.rules.rule import LiveHalf, Named, OnlyAtImport, Rule
from perfxl.rules.scoring import (
    FIGURES_ONLY,
    RATIOS,
    SURPASSED,
    Direction,
    alike,
    comparable,
    direction,
    meant_percent,
    reached,
    surpassed,
)
from perfxl.rules.watching import READS_WORDS, in_cells, nothing_more
from perfxl.rules.words import figure, percent, short
from perfxl.values.label_text import key as letters
from perfxl.values.units import PERCENT, same_measure

_ASKED = {True: "请核对完成值，确实如此的写明原因", False: "请核对完成值"}
_ENOUGH = 2
"""Rows from which on it is odd that each actual value equals its target."""
_MEANINGFUL = 10
"""Characters from which on two equal texts are a copy, not a coincidence."""
_COUNTER = deferred(
    r"(?:^|(?<=[\n\r。；;]))[^\S\n\r]*+(?:目标|任务|职能)?[（(]?(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})[)）]?[.、．:：]"
)
_DIGIT = deferred("[0-9]")


C02 = Rule(
    code="C02",
    severities=(Severity.ERROR,),
    title="完成值未填",
    meaning="填了目标值，实际完成值却空着。",
    example="指标“培训场次”目标“≥12场次”，完成值空着。审核意见：“培训场次”的实际完成值未填。",
    remedy="请填写实际完成的数或情况。一点也没有完成的，请填 0 或“未达成”，不要留空。",
    named=Named(needs=columns("name", "target", "actual"), check=nothing_more, live=LiveHalf(in_cells)),
)


def _unlike(case: Case, asked: FormRule) -> Iterator[Finding]:
    """Yield actual values that are of another kind or unit than their targets."""
    for row, target, actual in answered(case, asked.over):
        guessed = _guessed(row, target, actual)
        if guessed is not None:
            at, message, fix = guessed
            other, value = (target, actual) if at == row.at("actual") else (actual, target)
            related = (row.at("target"), row.at("actual"))
            yield C03.at(case, at, message, asked=asked, value=value, expected=other, fix=fix, related=related)
            continue
        severity = _apart(target, actual)
        if severity is None and row.counts and _numberless(target) and _numberless(actual):
            message = (
                f"{row.name}说的是数量或比率，完成值“{short(actual.text)}”里没有数，看不出完成了多少，请填写实际的数"
            )
            yield C03.at(
                case,
                row.at("actual"),
                message,
                asked=asked,
                severity=Severity.WARNING,
                value=actual,
                expected=target,
                related=(row.at("target"),),
            )
        elif severity is not None:
            message = (
                f"{row.name}的目标是“{short(target.text)}”，完成值是“{short(actual.text)}”，种类或单位不同，无法比较，"
                "请按目标的写法和单位填写"
            )
            yield C03.at(
                case,
                row.at("actual"),
                message,
                asked=asked,
                severity=severity,
                value=actual,
                expected=target,
                related=(row.at("target"),),
            )


def _guessed(row: IndicatorRow, target: IndicatorValue, actual: IndicatorValue) -> tuple[str, str, Fix] | None:
    """Return the cell that has a fraction where a percentage was probably meant, what to say of it, and that percentage."""
    for key, value, other in (("actual", actual, target), ("target", target, actual)):
        share = meant_percent(value, other)
        if share is not None:
            column = row.case.form.fields[generic(row.at(key))].parts[-1].replace("\n", "")
            meant = f"{figure(share)}%"
            message = f"{row.name}的{column}“{short(value.text)}”疑为“{meant}”，请写成带 % 的数"
            return row.at(key), message, Fix(FixKind.SUGGESTED, meant)
    return None


def _numberless(value: IndicatorValue) -> bool:
    return value.kind in {Kind.TEXT, Kind.GRADE} and not _DIGIT.search(value.text)


def _apart(target: IndicatorValue, actual: IndicatorValue) -> Severity | None:
    if target.kind is Kind.NONE or comparable(target, actual):
        return None
    if actual.kind is Kind.NONE and (figure_of(target) == 0 or operator_of(target) in {Op.AT_MOST, Op.LESS}):
        # 无 is a good answer to how many accidents there were.
        return None
    if isinstance(target, Quantity) and isinstance(actual, Quantity) and not same_measure(target, actual):
        return (
            Severity.ERROR
            if PERCENT in {target.unit, actual.unit} and not _ratios(target, actual)
            else Severity.WARNING
        )
    prose = [value for value in (target, actual) if value.kind is Kind.TEXT and _DIGIT.search(value.text)]
    # The figure may be in there: nobody can tell without reading it.
    return None if prose else Severity.WARNING


def _ratios(target: IndicatorValue, actual: IndicatorValue) -> bool:
    return {measured_in(target), measured_in(actual)} <= RATIOS


C03 = Rule(
    code="C03",
    severities=(Severity.WARNING, Severity.ERROR),
    title="完成值与目标口径不同",
    meaning=(
        "完成值的种类或计量单位与目标值不同，是警告；一个是百分比、一个是数量，是错误。名称说的是数量或比率，完成值里却"
        "没有数的，也是警告。完成值省略单位的不算，例如目标“≥18个”，完成值“18”。百分比写成小数的（0.95），指出疑为 95%。"
    ),
    example="目标“≥95%”，完成值填“380人”。审核意见：目标是百分比，完成值是数量，无法比较。",
    remedy="请按目标值的口径和单位填写完成值。",
    idle_beside=frozenset({"V15"}),
    explained_by=frozenset({"V12"}),
    named=Named(needs=columns("name", "target", "actual"), check=_unlike, live=OnlyAtImport(READS_WORDS)),
)


def _watch_missed(form: Form, asked: FormRule) -> Iterator[LiveMissed]:
    limit = C04.limit_in(asked)
    want = f"没有达到指标值、或达到指标值的 {limit:.0%} 以上的，要写明原因"
    yield LiveMissed(C04.code, _grave(form, asked), asked.over, want, limit)


def _grave(form: Form, asked: FormRule) -> Severity:
    """Return how grave a target missed without a reason is: where there is no place for one it is only looked at."""
    usual = Severity.ERROR if f"{asked.over}[].reason" in form.fields else Severity.WARNING
    return asked.severity or usual


def _unexplained(case: Case, asked: FormRule) -> Iterator[Finding]:
    """Yield indicators that missed their targets, or went far beyond them, where no reason is given."""
    limit = C04.limit_in(asked)
    for row, target, actual in answered(case, asked.over):
        if row.reason or not row.sound("reason"):
            continue
        way = direction(row, target)
        said = f"{row.name}的完成值“{short(actual.text)}”"
        if reached(target, actual, way) is False:
            severity = _grave(case.form, asked)
            missed = "高于" if way is Direction.DOWN and operator_of(target) is None else "没有达到"
            message = f"{said}{missed}指标值“{short(target.text)}”，没有说明原因，{_ASKED[row.has('reason')]}"
        elif surpassed(target, actual, way, limit):
            severity = Severity.WARNING
            message = (
                f"{said}超过指标值“{short(target.text)}”的 {percent(limit)}，没有说明原因，{_ASKED[row.has('reason')]}"
            )
        else:
            continue
        yield C04.at(
            case,
            row.at("actual"),
            message,
            severity=severity,
            value=actual,
            expected=target,
            related=(row.at("target"), row.at("reason")),
        )


C04 = Rule(
    code="C04",
    severities=(Severity.ERROR, Severity.WARNING),
    title="未达目标或超额未说明",
    meaning=(
        "完成值没有达到目标又没有写原因，是错误；表中没有原因栏的，是警告。完成值超过目标的 130% 又没有写原因，"
        "也是警告。目标值没有比较符号的，按不少于判断，成本指标按不超过判断。"
    ),
    example="目标“≥12场次”，完成值 9 场次，原因栏空着。审核意见：完成 9 场次，未达到目标 12 场次，没有说明原因。",
    remedy="请核对完成值。确实如此的，请在原因栏写明原因和改进措施。",
    limit=SURPASSED,
    named=Named(
        needs=columns("name", "target", "actual"),
        check=_unexplained,
        live=LiveHalf(_watch_missed, unlike=FIGURES_ONLY),
    ),
)


def _copied(case: Case, asked: FormRule) -> Iterator[Finding]:
    """Yield once where every actual value equals its target."""
    count = 0
    for row in used(case, asked.over):
        target, actual = row.value("target"), row.value("actual")
        if target is None or actual is None or not alike(target, actual):
            return
        count += 1
    if count >= _ENOUGH:
        message = f"{count} 个指标的实际完成值全部等于年度指标值，请核实填的是不是实际完成的数"
        yield C05.at(case, asked.over, message, asked=asked)


C05 = Rule(
    code="C05",
    severities=(Severity.WARNING,),
    title="完成值全部等于目标值",
    meaning="所有指标的完成值都与目标值一模一样。实际工作中很少这样，请确认填的是实际数。",
    example="十五个指标的完成值逐项与目标值相同。审核意见：全部 15 项完成值都等于目标值，请核实。",
    remedy="请按实际完成情况填写。确实如此的，由审核人员确认。",
    named=Named(needs=columns("name", "target", "actual"), check=_copied, live=OnlyAtImport(READS_WORDS)),
)


def _costless(case: Case, asked: FormRule) -> Iterator[Finding]:
    """Yield once where all or most was reached though nothing was spent."""
    path = _executed(case.form)
    if path is None or case.number(path) != 0:
        return
    found = list(answered(case, asked.over))
    done = [row for row, target, actual in found if reached(target, actual, direction(row, target))]
    if not done or len(done) * 2 <= len(found):
        return
    every = len(done) == len(found)
    explained = any(row.reason for row in done) or any(speaks_of_money(row.reason) for row in used(case, asked.over))
    many = f"{len(found)} 个指标却全部达到目标" if every else f"{len(found)} 个指标中却有 {len(done)} 个达到目标"
    message = f"{case.form.fields[path].parts[-1]}是 0，{many}"
    yield C06.at(
        case,
        path,
        message + ("，请核对所写的原因" if explained else f"，请核对执行数{explain_there(case.form, '原因')}"),
        asked=asked,
        severity=Severity.ERROR if every and not explained else Severity.WARNING,
        value=case.number(path),
        related=[row.at("actual") for row in done],
    )


def _executed(form: Form) -> str | None:
    """Return the field that says what was spent in all: that of the total row, or the only one."""
    found = [path for path in form.fields if path.endswith(".executed") and "[]" not in path]
    totals = [path for path in found if path.endswith(".total.executed")]
    return next(iter(totals or (found if len(found) == 1 else ())), None)


C06 = Rule(
    code="C06",
    severities=(Severity.ERROR, Severity.WARNING),
    title="没有支出却全部完成",
    meaning=(
        "全年执行数为 0（预算也是 0 的一样），所有指标却都达到目标：没有说明原因是错误，说明了原因是警告。多数指标达到目标的，"
        "是警告。算作说明的，是这些指标的偏差原因，或者说到资金的原因。"
    ),
    example="全年执行数 0.00，五个指标全部达到目标。审核意见：没有支出，指标却全部完成，请说明原因。",
    remedy="请核对执行数和完成值。用其他资金完成或尚未付款的，请在原因栏写明。",
    named=Named(needs=columns("name", "target", "actual"), check=_costless, live=OnlyAtImport(READS_WORDS)),
)


def _parroted(case: Case, asked: FormRule) -> Iterator[Finding]:
    """Yield a result that repeats the goal word for word, but for numbering, punctuation and blanks."""
    goal, result = _result_of(asked.over)
    wanted, got = case.record[goal], case.record[result]
    if not isinstance(wanted, str) or not isinstance(got, str) or not case.sound(goal, result):
        return
    said = _words(wanted)
    if len(said) >= _MEANINGFUL and said == _words(got):
        names = [case.form.fields[generic(path)].parts[-1] for path in (result, goal)]
        message = f"“{names[0]}”与“{names[1]}”的文字相同，请写明实际完成了什么、完成到什么程度"
        yield C07.at(case, result, message, asked=asked, value=got, related=(goal,))


def _result_of(over: str) -> tuple[str, str]:
    """Return the fields of a goal and of its result: of a group both, of a single field that and the form's result."""
    return (over, "goal_result") if over == "annual_goal" else (f"{over}.expected", f"{over}.actual")


def _words(text: str) -> str:
    return letters(_COUNTER.sub("", text))


def _lack(form: Form, asked: FormRule) -> str:
    return "、".join(path for path in _result_of(asked.over) if path not in form.fields)


C07 = Rule(
    code="C07",
    severities=(Severity.WARNING,),
    title="完成情况照抄目标",
    meaning="“实际完成情况”的文字与“预期目标”相同，看不出完成了什么。",
    example="两栏都写“新建校舍两所，改善办学条件”。审核意见：实际完成情况与预期目标相同。",
    remedy="请写明实际完成了什么、完成到什么程度。",
    named=Named(needs=_lack, check=_parroted, live=OnlyAtImport(READS_WORDS)),
)


def _unlikely(case: Case, asked: FormRule) -> Iterator[Finding]:
    """Yield indicators of which the year's end is in doubt, with neither a cause ticked nor a reason written."""
    for row in used(case, asked.over):
        if row.reason or row.text("remark") or not row.sound("reason") or _causes(row):
            continue
        target, forecast = row.value("target"), row.value("forecast")
        likelihood = case.record[row.at("likelihood")] if row.has("likelihood") else None
        said = ""
        if target is not None and forecast is not None and reached(target, forecast, direction(row, target)) is False:
            said = f"全年预计“{short(forecast.text)}”达不到年度指标值“{short(target.text)}”"
        doubt = likelihood in _DOUBTS and row.sound("likelihood")
        if doubt:
            said += f"{'，' if said else ''}完成目标可能性选的是“{_DOUBTS[str(likelihood)]}”"
        if said:
            message = f"{row.name}的{said}，没有勾选原因，也没有写明原因，请补上"
            at = row.at("likelihood" if doubt and forecast is None else "forecast")
            yield C08.at(case, at, message, asked=asked, value=forecast, expected=target, related=(row.at("target"),))


_DOUBTS = {"possible": "有可能", "impossible": "完全不可能"}


def _causes(row: IndicatorRow) -> bool:
    record = row.case.record
    prefix = f"{generic(row.path)}.cause."
    causes = (
        f"{row.path}.cause.{path.removeprefix(prefix)}" for path in row.case.form.fields if path.startswith(prefix)
    )
    return any(record[path] is True for path in causes)


C08 = Rule(
    code="C08",
    severities=(Severity.WARNING,),
    title="预计完不成未说明",
    meaning=(
        "监控表中，全年预计完成的数达不到年度指标值，或者完成目标可能性选了“有可能”“完全不可能”，"
        "却没有勾选偏差原因，也没有写原因说明。"
    ),
    example=(
        "指标值“≥95%”，全年预计“40%”，可能性选“完全不可能”，原因空着。审核意见：全年预计“40%”达不到年度指标值“≥95%”，"
        "没有勾选原因，也没有写明原因。"
    ),
    remedy="请勾选偏差原因，并在原因说明栏写明情况和打算采取的措施；预计数填错的，请改正。",
    named=Named(needs=columns("name", "target", "forecast"), check=_unlikely, live=OnlyAtImport(READS_WORDS)),
)

RULES = (C02, C03, C04, C05, C06, C07, C08)
