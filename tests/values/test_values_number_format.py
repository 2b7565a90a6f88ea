from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfxl.values.number_format import is_date, literals, number_format
from support.effort import examples

ACCOUNTING = r'_ * #,##0.00_ ;_ * \-#,##0.00_ ;_ * "-"??_ ;_ @_ '


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ('"其中：一般公共预算："#,##0.00"万元"', ("其中：一般公共预算：", "万元")),
        ('0"个"', ("", "个")),
        ("0.00元", ("", "元")),
        (r"\≥0\%", ("≥", "%")),
        ("!≥0", ("≥", "")),
        ('[$¥-804]#,##0.00\\ "万元"', ("¥", " 万元")),
        ('General"个"', ("", "个")),
        ('G/通用格式"人"', ("", "人")),
        ('"a;b"0;"负"0', ("a;b", "")),
        ("[Red]0.0_);(0.0)", ("", "")),
        (ACCOUNTING, ("", "")),
        ("000-0000", ("", "")),
        ('[>=10000]0!.0,"万";0"元"', ("", "")),
        ('"已完成"', ("", "")),
        (";;;", ("", "")),
        ("General", ("", "")),
        ("@", ("", "")),
        ('"没有结尾', ("", "")),
    ],
)
def test_literals(code: str, expected: tuple[str, str]) -> None:
    assert literals(code) == expected


@pytest.mark.parametrize(
    "code",
    [
        'yyyy"年"m"月"d"日";@',
        '[$-804]yyyy"年"m"月"',
        "[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy",
        'm"月"d"日"',
        "YYYY-MM-DD",
        "yyyy年m月d日",
        "yyyy/m/d h:mm",
        "mmm-yy",
        "aaaa",
        'e"年"m"月"',
    ],
)
def test_date(code: str) -> None:
    assert is_date(code)
    assert not number_format(code).plain


@pytest.mark.parametrize(
    "code",
    [
        "General",
        "0.00",
        '"yyyy"0',
        r"\d0",
        "[Red]0.00",
        "0.00E+00",
        "h:mm",
        "[h]:mm:ss",
        "mm:ss.0",
        "上午/下午h:mm",
        "@",
    ],
)
def test_no_date(code: str) -> None:
    assert not is_date(code)


def test_time_of_day() -> None:
    assert number_format("[h]:mm:ss").time
    assert number_format("yyyy/m/d h:mm").time
    assert not number_format("yyyy/m/d").time


def test_percent() -> None:
    assert number_format("0%").percent
    assert number_format("0.00%;[Red]-0.00%").percent
    assert not number_format('0"%"').percent
    assert not number_format(r"0\%").percent
    assert not number_format("0;0%").percent


@pytest.mark.parametrize(
    ("code", "places"),
    [
        ("0.0,", 3),
        ("0,.0", 3),
        ("0,,", 6),
        ('0!.0,"万元"', 4),
        (r'0\.0,"万"', 4),
        ("0!.0000", 4),
        ('0"."0000', 4),
        (r'0\.0000"万"', 4),
        ("#,##0!.0000", 4),
        ('0"万"0000"元"', 4),
        ('[>=10000]0!.0,"万";0"元"', 4),
    ],
)
def test_scaled(code: str, places: int) -> None:
    assert number_format(code).scale == places


@pytest.mark.parametrize(
    "code", ["#,##0", ".00", ".00,", "#,##0.00", '0","', '"第"0"项"', "0.00%", '0.0"万元"', "General", "@", '"无"']
)
def test_not_scaled(code: str) -> None:
    assert number_format(code).scale == 0


@settings(max_examples=examples(200))
@given(st.text('0#?.,%;"\\!_*[]$<>=-ymdhsaeEg 年元/@', max_size=16))
def test_never_raises(code: str) -> None:
    read = number_format(code)
    assert not (read.percent and read.date)
