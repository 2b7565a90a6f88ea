"""C04, P03, P04 while typing: targets missed without a reason, scores that the figures do not earn.

A formula compares figures in one unit whose target has an operator; all else is left to the import (figures.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from msgspec import Struct

from perfxl.expr.arithmetic import rounded
from perfxl.expr.pieces import BLANK_OR_NOTHING, none_of
from perfxl.model.finding import Severity
from perfxl.model.live import Band, LiveBands, LiveEarned, LiveMissed
from perfxl.writer.selfcheck import figures
from perfxl.writer.selfcheck.formula import CheckFormula
from perfxl.writer.selfcheck.hidden import ERROR, HOLDS, WARNING, RowView, Watched
from perfxl.writer.selfcheck.messages import Message, quoted
from perfxl.writer.selfcheck.rows import RowCheck, RowChecks, text_of

_ANY = "100000.00"
"""As much room as a figure or a value takes in a message."""


class _Read(NamedTuple):
    """The columns of the hidden sheet with a value's operator, number and unit."""

    sign: str
    number: str
    unit: str


class _Pair(NamedTuple):
    """A target and an actual value that can be compared."""

    rising: bool
    wanted: Decimal
    got: Decimal


_NEAR = (Decimal(50), Decimal(200))
"""How many times a bare fraction a bare target is where the fraction is a percentage (perfxl.rules.scoring)."""

LESS_IS_BETTER = (
    *("成本", "节约", "下降", "降低", "变动", "失学", "辍学", "投诉", "流失", "事故", "死亡", "发病", "违规", "违法"),
    *("超支", "逾期", "差错", "负债", "误差", "偏差"),
)
"""What a name speaks of where a percentage without an operator may be a most: the import judges it."""


class Values(Struct, frozen=True):
    """The columns with a table's targets and actual values taken apart."""

    target: _Read
    actual: _Read

    @classmethod
    def of(cls, rows: RowChecks) -> Values:
        """Add the columns to the hidden sheet."""
        return cls(_read(rows, "target"), _read(rows, "actual"))


def banded(rows: RowChecks, live: LiveBands) -> RowCheck:
    """Watch a table's scores by what the actual values say in words."""
    watched = rows.block.watch(_Bands(rows, live).text, _Bands(rows, live).result)
    pieces = "完成值写“", "actual", "”，分值 ", "weight", "，得分 ", "score", "，请核对"
    return RowCheck(live.code, live.want, f"{live.table}[].score", watched, _message(rows, watched, pieces))


def missed(rows: RowChecks, live: LiveMissed, values: Values) -> RowCheck:
    """Watch a table's targets that were missed or far surpassed without a reason."""
    judge = _Judge(rows, values, live.surpassed, grave=ERROR if live.severity is Severity.ERROR else WARNING)
    watched = rows.block.watch(judge.unexplained, judge.silent)
    pieces = "指标值是“", "target", "”，完成值是“", "actual", "”，没有写原因"
    return RowCheck(live.code, live.want, f"{live.table}[].actual", watched, _message(rows, watched, pieces))


def earned(rows: RowChecks, live: LiveEarned, values: Values) -> RowCheck:
    """Watch a table's scores by the figures that earn them."""
    judge = _Judge(rows, values, live.surpassed, reverse=live.reverse)
    right = rows.block.derive(judge.right, judge.due)
    watched = rows.block.watch(lambda view: judge.earned(view, right), judge.off)
    first = rows.block.first(watched)
    due = judge.due(first)
    plain = _message(rows, watched, ("得分是 ", "score", "，按完成值和分值应得 "))
    figure = f"ROUND({rows.block.found(right)},2)"
    shown = f"{rounded(due, 2).normalize():f}" if isinstance(due, Decimal) else "0"
    text = CheckFormula(f'{plain.text.text}&{figure}&" 分"', f"{plain.text.value}{shown} 分")
    return RowCheck(live.code, live.want, f"{live.table}[].score", watched, Message(text, f"{plain.longest}{_ANY} 分"))


def _message(rows: RowChecks, watched: Watched, pieces: Sequence[str]) -> Message:
    """Return a message of texts and, in every other place, what stands in a column of the row that it is about."""
    view, first = rows.block.view(), rows.block.first(watched)
    texts = [f"{view.cell(f'{view.row}.{piece}')}" if n % 2 else quoted(piece) for n, piece in enumerate(pieces)]
    shown = [text_of(rows.record, f"{first}.{piece}") if n % 2 else piece for n, piece in enumerate(pieces)]
    longest = "".join(_ANY if n % 2 else piece for n, piece in enumerate(pieces))
    return Message(CheckFormula("&".join(texts), "".join(shown)), longest)


def _read(rows: RowChecks, key: str) -> _Read:
    """Add the columns in which a value is taken apart."""
    block = rows.block

    def parts(path: str | None) -> figures.Parts:
        return figures.taken_apart(rows.record[f"{path}.{key}"] if path is not None else None)

    def at(view: RowView, *letters: str) -> Iterator[str]:
        return (block.same(view, letter) for letter in letters)

    def number(path: str | None) -> Decimal | str:
        found = parts(path).number
        return "" if found is None else found

    def spelled(view: RowView) -> str:
        return f'IF({view.at}=0,"",{figures.spelled(view.cell(f"{view.row}.{key}"))})'

    text = block.derive(spelled, lambda path: parts(path).text)
    sign = block.derive(lambda view: figures.operator(*at(view, text)), lambda path: parts(path).sign)
    length = block.derive(lambda view: figures.digits(*at(view, text, sign)), lambda path: parts(path).length)
    return _Read(
        sign,
        block.derive(lambda view: figures.number(*at(view, text, sign, length)), number),
        block.derive(lambda view: figures.unit(*at(view, text, sign, length)), lambda path: parts(path).unit),
    )


class _Judge(Struct, frozen=True):
    """Judges a row by its figures, as a formula and as it stands when the workbook is written."""

    rows: RowChecks
    values: Values
    surpassed: Decimal
    grave: int = ERROR
    reverse: str = ""

    def unexplained(self, view: RowView) -> str:
        wanted, got = self._at(view, self.values.target.number), self._at(view, self.values.actual.number)
        asked = [self.rows.used(view)]
        if self.rows.has("reason"):
            asked.append(f"NOT({none_of(view.cell(f'{view.row}.reason'), BLANK_OR_NOTHING)})")
        missed = f"IF({self._rising(view)},{got}<{wanted},{got}>{wanted})"
        judged = f"IF({missed},{self.grave},IF({self._beyond(view)},{WARNING},{HOLDS}))"
        return f"IF(AND({','.join(asked)}),IF({self._comparable(view)},{judged},{HOLDS}),{HOLDS})"

    def right(self, view: RowView) -> str:
        """The score that the figures of a row earn, ``""`` where they cannot be compared."""
        wanted, got = self._at(view, self.values.target.number), self._at(view, self.values.actual.number)
        weight, score = (view.cell(f"{view.row}.{key}") for key in ("weight", "score"))
        ratio = self.reverse == "ratio"
        lost = f"{wanted}/{got}" if ratio else f"1-({got}-{wanted})/{wanted}"
        rising = f"IF({got}>={wanted},1,IF({wanted}>0,{got}/{wanted},NA()))"
        falling = f"IF({got}<={wanted},1,IF({wanted}>0,MAX(0,{lost}),NA()))"
        right = f"IF({self._rising(view)},{rising},{falling})*{weight}"
        asked = f"AND({self.rows.used(view)},COUNT({weight},{score})=2)"
        return f'IF({view.at}=0,"",IFERROR(IF({asked},IF({self._comparable(view)},{right},""),""),""))'

    def earned(self, view: RowView, letter: str) -> str:
        right, score = self._at(view, letter), view.cell(f"{view.row}.score")
        place = f"IF({score}=INT({score}),0.5,IF(ROUND({score},1)={score},0.05,0.01))"
        off = f"AND(ROUND(ABS({score}-{right})-{place},6)>0,NOT(AND({self._beyond(view)},{score}<={right})))"
        return f"IF(ISNUMBER({right}),IF({off},{ERROR},{HOLDS}),{HOLDS})"

    def _at(self, view: RowView, letter: str) -> str:
        return self.rows.block.same(view, letter)

    def _rising(self, view: RowView) -> str:
        sign = self._at(view, self.values.target.sign)
        return f'OR({sign}="≥",{sign}=">",{sign}="")'

    def _beyond(self, view: RowView) -> str:
        wanted, got = self._at(view, self.values.target.number), self._at(view, self.values.actual.number)
        return f"AND({self._rising(view)},{wanted}>0,ROUND({got}-{self.surpassed}*{wanted},6)>0)"

    def _comparable(self, view: RowView) -> str:
        """Both are figures in one unit, the actual value without an operator; the target has one, or is a percentage.

        98 next to 100% is 98%, 0.98 may be either. A bare percentage is a least one, but where less may be better.
        """
        sign, wanted, unit = (self._at(view, letter) for letter in self.values.target)
        own, got, its = (self._at(view, letter) for letter in self.values.actual)
        alike = f'OR({its}={unit},AND({its}="",OR({unit}<>"%",N({got})>1)))'
        # 0.96 next to a bare 95 is 96%: about a hundred times less.
        bare = f'AND({its}="",{unit}="",N({got})>0,N({got})<1,N({wanted})>=50*N({got}),N({wanted})<=200*N({got}))'
        name = view.cell(f"{view.row}.name")
        unwanted = f"SUMPRODUCT(--ISNUMBER(FIND({{{','.join(quoted(word) for word in LESS_IS_BETTER)}}},{name})))>0"
        told = f'OR({sign}<>"",AND({unit}="%",NOT({unwanted})))'
        return f'AND({told},{sign}<>"=",{own}="",COUNT({wanted},{got})=2,{unit}<>"?",{alike},NOT({bare}))'

    def _pair(self, path: str | None) -> _Pair | None:
        if path is None or text_of(self.rows.record, f"{path}.name") in BLANK_OR_NOTHING:
            return None
        target, actual = (figures.taken_apart(self.rows.record[f"{path}.{key}"]) for key in ("target", "actual"))
        if target.number is None or actual.number is None or target.sign == "=" or actual.sign:
            return None
        alike = actual.unit == target.unit or (not actual.unit and (target.unit != "%" or actual.number > 1))
        bare = not target.unit and not actual.unit and 0 < actual.number < 1
        meant = bare and _NEAR[0] * actual.number <= target.number <= _NEAR[1] * actual.number
        if target.unit == figures.DOUBT or not alike or meant:
            return None
        name = text_of(self.rows.record, f"{path}.name")
        if not target.sign and (target.unit != "%" or any(word in name for word in LESS_IS_BETTER)):
            return None
        return _Pair(target.sign in "≥>", target.number, actual.number)

    def silent(self, path: str | None) -> int:
        pair = self._pair(path)
        if pair is None or text_of(self.rows.record, f"{path}.reason") not in BLANK_OR_NOTHING:
            return HOLDS
        if pair.got < pair.wanted if pair.rising else pair.got > pair.wanted:
            return self.grave
        return WARNING if self._surpassed(pair) else HOLDS

    def _surpassed(self, pair: _Pair) -> bool:
        return pair.rising and pair.wanted > 0 and pair.got > self.surpassed * pair.wanted

    def due(self, path: str | None) -> Decimal | str:
        """What ``right`` gives as the workbook is written."""
        pair = self._pair(path)
        weight, score = (self.rows.record[f"{path}.{key}"] for key in ("weight", "score"))
        if pair is None or not isinstance(weight, Decimal) or not isinstance(score, Decimal):
            return ""
        share = self._share(pair)
        return "" if share is None else share * weight

    def off(self, path: str | None) -> int:
        return ERROR if self._is_off(path) else HOLDS

    def _is_off(self, path: str | None) -> bool:
        due, pair, score = self.due(path), self._pair(path), self.rows.record[f"{path}.score"]
        if pair is None or not isinstance(due, Decimal) or not isinstance(score, Decimal):
            return False
        if self._surpassed(pair) and score <= due:
            return False
        place = Decimal("0.5") if score == int(score) else Decimal("0.05" if rounded(score, 1) == score else "0.01")
        return rounded(abs(score - due) - place, 6) > 0

    def _share(self, pair: _Pair) -> Decimal | None:
        rising, wanted, got = pair
        if got >= wanted if rising else got <= wanted:
            return Decimal(1)
        if wanted <= 0:
            return None
        if rising:
            return got / wanted
        return max(Decimal(0), wanted / got if self.reverse == "ratio" else 1 - (got - wanted) / wanted)


class _Bands(Struct, frozen=True):
    """Judges a row by what its actual value says in words."""

    rows: RowChecks
    live: LiveBands

    def text(self, view: RowView) -> str:
        actual, weight, score = (view.cell(f"{view.row}.{key}") for key in ("actual", "weight", "score"))
        outside = "FALSE"
        for band in reversed(self.live.bands):
            above = f"{score}>{weight}" if band.highest else f"{score}>={band.high}*{weight}"
            beyond = f"OR({score}<{band.low}*{weight},{above})"
            outside = f"IF({_begins(f'TRIM({actual})', band)},{beyond},{outside})"
        asked = f"AND({self.rows.used(view)},COUNT({weight},{score})=2,N({weight})<>0)"
        return f"IF({asked},IF({outside},{ERROR},{HOLDS}),{HOLDS})"

    def result(self, path: str | None) -> int:
        return ERROR if self._outside(path) else HOLDS

    def _outside(self, path: str | None) -> bool:
        record = self.rows.record
        weight, score = record[f"{path}.weight"], record[f"{path}.score"]
        if path is None or not isinstance(weight, Decimal) or not isinstance(score, Decimal) or not weight:
            return False
        if text_of(record, f"{path}.name") in BLANK_OR_NOTHING:
            return False
        said = text_of(record, f"{path}.actual")
        band = next((band for band in self.live.bands if band.is_said(said)), None)
        return band is not None and not band.holds(score, weight)


def _begins(said: str, band: Band) -> str:
    """Return the condition that a text begins with one of a band's words, and not with a longer one."""
    tests = [f'LEFT({said},{len(word)})="{word}"' for word in band.words]
    others = [f'LEFT({said},{len(word) + len(more)})<>"{word}{more}"' for word in band.words for more in band.unless]
    begins = f"OR({','.join(tests)})"
    return f"AND({begins},{','.join(others)})" if others else begins
