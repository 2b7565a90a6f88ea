"""An expression as its author typed it, made into text that Python's parser takes, with the way back to his columns.

Excel's ``=`` and ``<>`` become ``==`` and ``!=``, a doubled quote inside quotes is a quote, line breaks are blanks.
Every name gets an underscore, so that no word of Python's (``from``, ``lambda``, ``is``) means anything here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from msgspec import Struct

from perfxl.model.expression import ExpressionError

SOURCE_LENGTH = 8192
NUMBER_DIGITS = 15
TEXT_LENGTH = 255

_TOKEN = re.compile(
    r"""
    (?P<blank>\s+)
    | (?P<text>"(?:[^"]|"")*"|'(?:[^']|'')*')
    | (?P<number>\d[\w.]*|\.\d[\w.]*)
    | (?P<name>[^\W\d]\w*)
    | (?P<sign><>|[<>!=]=|[=<>+\-*/&(),.])
    | (?P<other>.)
    """,
    re.VERBOSE,
)
_NUMBER = re.compile(r"\d+(?:\.\d+)?|\.\d+", re.ASCII)
_SIGNS = {"=": "==", "<>": "!="}
_BETWEEN = frozenset({"and", "or"})
_REMEDIES = {
    "%": "百分数写成小数，如 95% 写 0.95",
    "^": "乘方不能用，请写成连乘",
    "[": "不写方括号：整列直接写“表名.栏目名”",
    "]": "不写方括号：整列直接写“表名.栏目名”",
    "!": "“不等于”写 != 或 <>",
    '"': "引号没有成对",
    "'": "引号没有成对",
    "#": "式子里不能写注释",
}
_FULL_WIDTH = {"“": '"', "”": '"', "‘": "'", "’": "'", "×": "*", "÷": "/", "≤": "<=", "≥": ">=", "≠": "<>", "、": ","}


class ExpressionSource(Struct, frozen=True):
    """An expression for Python's parser; ``columns`` has the author's column, from 1, of each character of ``text``."""

    text: str
    columns: tuple[int, ...]

    def column(self, offset: int) -> int:
        """Return the author's column of a byte offset as ``ast`` counts them."""
        index = len(self.text.encode()[:offset].decode(errors="ignore"))
        return self.columns[min(index, len(self.columns) - 1)]


def rewrite(typed: str) -> ExpressionSource:
    """Make the text of an expression ready for Python's parser. Raises ExpressionError."""
    if not typed.strip():
        raise ExpressionError("式子是空的")
    if len(typed) > SOURCE_LENGTH:
        raise ExpressionError(f"式子有 {len(typed)} 个字，不能超过 {SOURCE_LENGTH} 个字，请拆成几条")
    pieces: list[str] = []
    columns: list[int] = []
    for piece, column in _pieces(typed.rstrip()):
        pieces.append(piece)
        columns += [column] * len(piece)
    return ExpressionSource("".join(pieces), tuple(columns))


def _pieces(typed: str) -> Iterator[tuple[str, int]]:
    opened: list[int] = []
    before = ""
    for found in _TOKEN.finditer(typed):
        kind, token, column = str(found.lastgroup), found[0], found.start() + 1
        match kind:
            case "blank":
                if before:
                    yield " ", column
                continue
            case "text":
                if before == "text":
                    raise ExpressionError("两段文字之间少了运算符或逗号", column)
                yield repr(_unquoted(token, column)), column
            case "number":
                yield _number(token, column), column
            case "name":
                kind = "word" if _is_word(token, after=before) else kind
                yield token.lower() if kind == "word" else f"{token}_", column
            case "sign":
                _balance(token, column, opened)
                yield _SIGNS.get(token, token), column
            case _:
                raise ExpressionError(_refusal(token), column)
        before = token if kind == "sign" else kind
    if opened:
        raise ExpressionError("左括号没有配上右括号", opened[-1])


def _is_word(name: str, after: str) -> bool:
    """Tell a word from a name; AND and OR stand between two conditions, or in front of brackets as in Excel."""
    return name == "not" or (name.lower() in _BETWEEN and after in {"name", "number", "text", ")"})


def _unquoted(token: str, column: int) -> str:
    quote = token[0]
    text = token[1:-1].replace(quote * 2, quote)
    if not text:
        raise ExpressionError("空白不写成空引号：判断空白用 ISBLANK(栏目)，结果为空白写 BLANK", column)
    if len(text) > TEXT_LENGTH:
        raise ExpressionError(f"这段文字有 {len(text)} 个字，Excel 公式里不能超过 {TEXT_LENGTH} 个字", column)
    return text


def _number(token: str, column: int) -> str:
    if not _NUMBER.fullmatch(token):
        raise ExpressionError(f"“{token}”不是数，只能写成 100 或 0.5 这样", column)
    whole, point, decimals = token.partition(".")
    if len(whole.lstrip("0")) > NUMBER_DIGITS or len((whole + decimals).strip("0")) > NUMBER_DIGITS:
        raise ExpressionError(f"“{token}”超过 {NUMBER_DIGITS} 位，Excel 存不下，请少写几位", column)
    return f"{whole.lstrip('0') or '0'}{point}{decimals}"


def _balance(sign: str, column: int, opened: list[int]) -> None:
    if sign == "(":
        opened.append(column)
    elif sign == ")":
        if not opened:
            raise ExpressionError("右括号没有对应的左括号", column)
        opened.pop()


def _refusal(token: str) -> str:
    half = _FULL_WIDTH.get(token) or unicodedata.normalize("NFKC", token)
    remedy = _REMEDIES.get(half)
    if half != token and len(half) <= 2 and (remedy is None or token in _FULL_WIDTH):
        return f"“{token}”是全角符号，请改成半角的 {half}"
    return f"这里不能写“{token}”，{remedy or '式子里只写栏目名、数、文字、+ - * / & 、比较和函数'}"
