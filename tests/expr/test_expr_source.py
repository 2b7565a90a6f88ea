from __future__ import annotations

import pytest

from perfxl.expr.source import rewrite
from perfxl.model.expression import ExpressionError


@pytest.mark.parametrize(
    ("typed", "python"),
    [
        ("a = 1", "a_ == 1"),
        ("a == 1", "a_ == 1"),
        ("a <> 1", "a_ != 1"),
        ("a<=1", "a_<=1"),
        ("from.lambda", "from_.lambda_"),
        ("a AND b or not c", "a_ and b_ or not c_"),
        ("and(a, OR(b))", "and_(a_, OR_(b_))"),
        ("x = 'a=b'", "x_ == 'a=b'"),
        ('x = "他说""好"""', "x_ == '他说\"好\"'"),
        (r"x = 'a\n'", r"x_ == 'a\\n'"),
        (".5 + 007", "0.5 + 7"),
        ("  a\n+ b", "a_ + b_"),
    ],
)
def test_excel_spellings_become_python(typed: str, python: str) -> None:
    assert rewrite(typed).text == python


def test_columns_lead_back_over_all_that_was_rewritten() -> None:
    source = rewrite("  甲 = '文字' <> bad")
    assert source.column(len(source.text.encode()) - len("bad_")) == 15


@pytest.mark.parametrize(
    ("typed", "column", "says"),
    [
        ("", 0, "空"),
        (" \n ", 0, "空"),
        ("a" * 9000, 0, "9000 个字"),
        ("a ＋ b", 3, "半角的 +"),
        ("a ≤ b", 3, "半角的 <="),
        ("SUM（a）", 4, "半角的 ("),
        ("“x” = a", 1, '半角的 "'),
        ("a % 2", 3, "0.95"),
        ("a ％ 2", 3, "0.95"),
        ("a[0]", 2, "方括号"),
        ("a # b", 3, "注释"),
        ("a ＆ b", 3, "半角的 &"),
        ("a ^ 2", 3, "乘方"),
        ("a … b", 3, "这里不能写“…”"),
        ("a ‼ b", 3, "半角的 !!"),
        ("a $ b", 3, "这里不能写“$”"),
        ("a ! b", 3, "!= 或 <>"),
        ("a ！ b", 3, "!= 或 <>"),
        ("a = 'b", 5, "引号没有成对"),
        ("a = ''", 5, "ISBLANK"),
        ("'a' 'b'", 5, "运算符"),
        ("x = '" + "字" * 256 + "'", 5, "255"),
        ("1e5", 1, "不是数"),
        ("0x10", 1, "不是数"),
        ("1_000", 1, "不是数"),
        ("1.2.3", 1, "不是数"),
        ("1234567890123456", 1, "15 位"),
        ("0.1234567890123456", 1, "15 位"),
        ("1000000000000000000", 1, "15 位"),
        ("(a", 1, "右括号"),
        ("a)", 2, "左括号"),
        ("a \x00", 3, "不能写"),
    ],
)
def test_refuses_what_is_not_in_the_language(typed: str, column: int, says: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        rewrite(typed)
    assert (caught.value.column, says in caught.value.message) == (column, True)


def test_fifteen_digits_and_255_characters_are_fine() -> None:
    rewrite("a = 123456789012345 or b = 0.000123456789012345")
    rewrite("x = '" + "字" * 255 + "'")
