"""Parse an expression: Python's syntax tree of it, an allow-list, names found in the form, sorts checked.

What may be written: names of fields, numbers, texts in quotes, TRUE, FALSE, BLANK, ``+ - * / &``, comparisons
(``==``/``=``, ``!=``/``<>``, ``<``, ``<=``, ``>``, ``>=``), ``and``, ``or``, ``not``, and the functions of
perfxl.model.expression.Function in capitals or not. What it means stands in perfxl.expr.evaluate.
"""

from __future__ import annotations

import ast
import difflib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache

from msgspec import Struct

from perfxl.expr.check import NEST_LIMIT, OperandMisfit, misfit, whole
from perfxl.expr.scope import FieldTypes, Scope
from perfxl.expr.source import ExpressionSource, rewrite
from perfxl.model.expression import (
    Binary,
    Blank,
    Call,
    Constant,
    Expr,
    ExpressionError,
    FieldRef,
    Function,
    Negate,
    Operator,
    Range,
)

__all__ = ["ExpressionError", "Scope", "parse"]

_OPERATORS: Mapping[type[ast.operator | ast.cmpop], Operator] = {
    ast.Add: Operator.ADD,
    ast.Sub: Operator.SUBTRACT,
    ast.Mult: Operator.MULTIPLY,
    ast.Div: Operator.DIVIDE,
    ast.BitAnd: Operator.JOIN,
    ast.Eq: Operator.EQUAL,
    ast.NotEq: Operator.UNEQUAL,
    ast.Lt: Operator.LESS,
    ast.LtE: Operator.AT_MOST,
    ast.Gt: Operator.MORE,
    ast.GtE: Operator.AT_LEAST,
}
_LOGIC: Mapping[type[ast.unaryop | ast.boolop], Function] = {
    ast.Not: Function.NOT,
    ast.And: Function.AND,
    ast.Or: Function.OR,
}
_WORDS: Mapping[str, Constant | Blank] = {
    "TRUE": Constant(value=True),
    "FALSE": Constant(value=False),
    "BLANK": Blank(),
}


def parse(source: str, scope: Scope) -> Expr:
    """Return the tree of an expression. Raises ExpressionError, in Chinese and with the column, for any mistake.

    What was parsed once is not parsed again: a form's checks say what they watch for every workbook that is written.
    """
    return _parsed(source, FieldTypes.of(scope.types), scope.row)


@lru_cache(maxsize=4096)
def _parsed(source: str, types: FieldTypes, row: str) -> Expr:
    try:
        return _parse(rewrite(source), Scope(types, row))
    except (RecursionError, MemoryError):
        raise _too_deep() from None


def _parse(rewritten: ExpressionSource, scope: Scope) -> Expr:
    try:
        tree = ast.parse(rewritten.text, mode="eval").body
    except SyntaxError as error:
        # Python counts the characters of a syntax error from 1; at the end of the text it may give 0, or point behind.
        index = min((error.offset or len(rewritten.text)) - 1, len(rewritten.text) - 1)
        raise ExpressionError(
            "从这里起写法不对：可能少了运算符、逗号或栏目名，或多写了符号", rewritten.columns[index]
        ) from None
    reader = _Reader(rewritten, scope)
    expr = reader.read(tree, 1)
    reader.refuse(whole(expr), tree, ())
    return expr


def _too_deep() -> ExpressionError:
    return ExpressionError(f"式子嵌套或连写超过 {NEST_LIMIT} 层，请拆成几条，连加改用 SUM")


class _Reader(Struct, frozen=True):
    source: ExpressionSource
    scope: Scope

    def read(self, node: ast.expr, depth: int) -> Expr:
        """Return the tree of a node of Python's, checked."""
        if depth > NEST_LIMIT:
            raise _too_deep()
        operands = _operands(node)
        expr = self.build(node, tuple(self.read(operand, depth + 1) for operand in operands))
        self.refuse(misfit(expr), node, operands)
        return expr

    def build(self, node: ast.expr, operands: tuple[Expr, ...]) -> Expr:
        """Return the tree of a node whose operands are trees already."""
        match node:
            case ast.Constant(value=str() | int() | float() as value):
                return self.constant(node, value)
            case ast.Name() | ast.Attribute():
                return self.name(node)
            case ast.UnaryOp(op=ast.USub()):
                return Negate(*operands)
            case ast.UnaryOp(op=word) | ast.BoolOp(op=word) if type(word) in _LOGIC:
                return Call(_LOGIC[type(word)], operands)
            case ast.BinOp(op=sign) | ast.Compare(ops=[sign]) if type(sign) in _OPERATORS:
                return Binary(_OPERATORS[type(sign)], *operands)
            case ast.Call(func=ast.Name(id=word)):
                return Call(self.function(word, node), operands)
            case ast.Compare(ops=[_, _, *_], comparators=[_, second, *_]):
                raise self.error("比较不能连写，请写成 AND(甲 <= 乙, 乙 <= 丙)", second)
            case _:
                raise self.error("规则里没有这种写法，只能用栏目名、数、文字、+ - * / & 、比较和函数", node)

    def constant(self, node: ast.Constant, value: object) -> Constant:
        if isinstance(value, str):
            return Constant(value)
        # What was written, not the binary number that Python made of it; a literal is ASCII, bytes are characters.
        literal = self.source.text.encode()[node.col_offset : node.end_col_offset]
        return Constant(Decimal(literal.decode()))

    def name(self, node: ast.Name | ast.Attribute) -> FieldRef | Range | Constant | Blank:
        """Return what a name stands for."""
        name = self.dotted(node)
        found = self.scope.find(name) or _WORDS.get(name.upper())
        if found:
            return found
        if name.upper() in Function.__members__:
            raise self.error(f"{name} 是函数，后面要有括号", node)
        near = self.scope.nearest(name)
        remedy = f"是不是“{near}”？" if near else "请照 perfxl show 列出的名称写"
        raise self.error(f"这张表没有“{name}”这一栏，{remedy}", node)

    def dotted(self, node: ast.expr) -> str:
        match node:
            case ast.Name(id=key):
                return key.removesuffix("_")
            case ast.Attribute(value=inner, attr=key):
                return f"{self.dotted(inner)}.{key.removesuffix('_')}"
            case _:
                raise self.error("点号只能用在栏目名里", node)

    def function(self, word: str, node: ast.expr) -> Function:
        word = word.removesuffix("_")
        if word.upper() in Function.__members__:
            return Function[word.upper()]
        near = difflib.get_close_matches(word.upper(), list(Function), n=1)
        remedy = f"是不是 {near[0]}？" if near else f"可用：{'、'.join(Function)}"
        raise self.error(f"没有函数“{word}”，{remedy}", node)

    def refuse(self, found: OperandMisfit | None, node: ast.expr, operands: Sequence[ast.expr]) -> None:
        """Raise for a misfit, at the operand that it is about."""
        if found:
            raise self.error(found.reason, node if found.operand is None else operands[found.operand])

    def error(self, message: str, node: ast.expr) -> ExpressionError:
        return ExpressionError(message, self.source.column(node.col_offset))


def _operands(node: ast.expr) -> Sequence[ast.expr]:
    match node:
        case ast.UnaryOp(operand=operand):
            return (operand,)
        case ast.BoolOp(values=values):
            return values
        case ast.BinOp(left=left, right=right) | ast.Compare(left=left, comparators=[right]):
            return left, right
        case ast.Call(args=arguments, keywords=[]):
            return arguments
        case _:
            return ()
