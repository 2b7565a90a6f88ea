"""M02, M04–M06: figures that forms tie to each other by expressions of their own. M05 also ties a form to others.

M11: figures held against those of the year before.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from perfxl.model.finding import Finding, Severity
from perfxl.model.form import Form, FormRule
from perfxl.model.live import LiveRule
from perfxl.model.path import is_under, parent_of
from perfxl.rules.accepted import AcceptedForm
from perfxl.rules.case import Case
from perfxl.rules.compared import pairs
from perfxl.rules.funds.rows import own_words
from perfxl.rules.once import once_a_form
from perfxl.rules.rule import LiveHalf, Named, Rule
from perfxl.rules.watching import broken, watched
from perfxl.rules.words import cents, money, percent

M02 = Rule(
    code="M02",
    severities=(Severity.ERROR, Severity.WARNING),
    title="收入与支出合计不等",
    meaning="收入合计应等于支出合计，按两位小数比较。本年度不等是错误；往年可能因结转而不等，是警告。",
    example="本年收入合计 182.50，支出合计 180.00。审核意见：收入合计 182.50 与支出合计 180.00 相差 2.50。",
    remedy="请逐项核对收入和支出，补上漏填的资金。往年因结转而不等的，核实后可以不改。",
)

M04 = Rule(
    code="M04",
    severities=(Severity.ERROR, Severity.WARNING),
    title="项目预算与支出构成不符",
    meaning=(
        "各项目的本年度预算按类别相加，应等于支出构成中同一类别的金额。特定目标类必须逐项列出，不符是错误；"
        "其他类别列了项目而不符，是警告。只因四舍五入相差少许的，也是警告。"
    ),
    example=(
        "特定目标类的三个项目共 640.00，支出构成中填 655.00。审核意见：项目之和 640.00 与支出构成 655.00 相差 15.00。"
    ),
    remedy="请补上漏列的项目，或改正项目的类别和金额，使两处一致。",
)


def _fell(case: Case, asked: FormRule, other: AcceptedForm) -> Iterator[Finding]:
    """Yield figures that are less than they were before."""
    for pair in pairs(case, asked, other):
        if cents(pair.here) < cents(pair.there):
            message = (
                f"{case.name(pair.path)} {pair.shown(pair.here)} 小于{other.named}中的{pair.label} {pair.shown(pair.there)}，"
                f"少 {pair.shown(pair.gap)}；全年执行数不会少于年中已执行的数，请核对"
            )
            yield M05.at(case, pair.path, message, asked=asked, value=pair.here, expected=pair.there)


M05 = Rule(
    code="M05",
    severities=(Severity.ERROR, Severity.WARNING),
    title="部分大于总额",
    meaning=(
        "项目本年度预算不应大于项目总预算，“其中”项不应大于合计，执行数不应大于全年预算数。"
        "使用了上年结转资金的，作警告。年终的执行数也不应小于监控时已经执行的数。"
    ),
    example=("全年预算数 300.00，全年执行数 320.00。审核意见：全年执行数 320.00 大于全年预算数 300.00，多出 20.00。"),
    remedy="请核对两个数是否填反，是否漏填了追加的预算。使用了结转资金的，请填在相应的栏目中。",
    pairs=_fell,
    explained_by=frozenset({"M07"}),
)

M06 = Rule(
    code="M06",
    severities=(Severity.ERROR, Severity.WARNING),
    title="收支性质合计不符",
    meaning=(
        "按收入性质分的各项之和应等于全年预算数，按支出性质分的各项之和应等于全年预算数或全年执行数。"
        "四舍五入造成的出入，每个分项允许 0.005，合起来不足 0.01 的进到 0.01：在此以内是警告，超过是错误。"
    ),
    example=(
        "收入各项为 812.36、40.00、15.15，全年预算数 867.50。审核意见："
        "收入性质合计 867.51 与全年预算数 867.50 相差 0.01。"
    ),
    remedy="请对照预算批复和决算逐项核对，改正填错的数。确因四舍五入相差的，可以不改。",
)


@once_a_form
def _watch_moved(form: Form, asked: FormRule) -> Iterator[LiveRule]:
    limit = M11.limit_in(asked)
    for row in _compared(form, asked.over):
        want = f"{own_words(form, row)}比上年增减不超过 {limit:.0%}"
        say = "今年是 {left}，上年是 {right}，请核对两年的数"
        must, sides = f"ABS(amount / prev1 - 1) <= {limit}", ("amount", "prev1")
        yield watched(M11, form, asked, must, f"{row}.amount", want, say=say, sides=sides)


def _compared(form: Form, over: str) -> Iterator[str]:
    """Yield the rows of typed figures that have one of the year before."""
    for path, field in form.fields.items():
        row = parent_of(path)
        typed = path == f"{row}.amount" and f"{row}.prev1" in form.fields and not field.computed
        if typed and is_under(path, over) and "[]" not in path:
            yield row


def _moved(case: Case, asked: FormRule) -> Iterator[Finding]:
    """Yield amounts that went far up or down from the year before."""
    limit = M11.limit_in(asked)
    for condition in _watch_moved(case.form, asked):
        for _ in broken(case, condition):
            row = parent_of(condition.at)
            now, before = (case.number(f"{row}.{key}") or Decimal(0) for key in ("amount", "prev1"))
            way = "增加" if now > before else "减少"
            by, most = percent(abs(now / before - 1)), percent(limit)
            # Just above the limit both are printed alike: 减少 50%，超过 50% would be no reason.
            moved = f"{way}超过 {most}" if by == most else f"{way} {by}，超过 {most}"
            message = (
                f"{case.name(condition.at)} {money(now)} 比上年的 {money(before)} {moved}，"
                "请核对两年的数；没有填错的不用改"
            )
            related = (f"{row}.prev1",)
            yield M11.at(case, condition.at, message, asked=asked, value=now, expected=before, related=related)


def _lack_of_years(form: Form, asked: FormRule) -> str:
    return "" if any(_compared(form, asked.over)) else "今年（amount）和上年（prev1）的金额"


M11 = Rule(
    code="M11",
    severities=(Severity.WARNING,),
    title="比上年变动过大",
    meaning="与上年相比，增减超过 30%。审核意见中写明是增加还是减少、多少。",
    example="上年 100.00，本年 146.00。审核意见：比上年的 100.00 增加 46%，超过 30%。",
    remedy="请核对两年的数。没有填错的，不用改；审核人员要了解原因的，会另行询问。",
    limit=Decimal("0.3"),
    named=Named(needs=_lack_of_years, check=_moved, live=LiveHalf(_watch_moved)),
)

RULES = (M02, M04, M05, M06, M11)
