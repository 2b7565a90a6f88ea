from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfxl.model.field_type import Type
from perfxl.model.form import Choice
from perfxl.model.grid import CellKind, Content
from perfxl.model.value import NumberValue, Value
from perfxl.values.coerce import CellProblem, Coerced, Typed, coerce
from perfxl.values.indicator import parse_indicator
from support.effort import examples

DAY = dt.date(2024, 1, 16)
SERIAL = "45307"
CHOICES = (Choice("人员类"), Choice("运转类"), Choice("特定目标", ("特定目标类",)))


def text(content: str, field_type: Type, choices: tuple[Choice, ...] = (), money_unit: str = "万元") -> Coerced:
    return coerce(Typed(CellKind.TEXT, content), field_type, choices, money_unit)


def number(content: str, field_type: Type, code: str = "General", money_unit: str = "万元") -> Coerced:
    return coerce(Typed(CellKind.NUMBER, Decimal(content), code), field_type, CHOICES, money_unit)


def fine(coerced: Coerced) -> Value:
    assert coerced.problem is CellProblem.NONE
    return coerced.value


def corrected(coerced: Coerced, typed: object) -> Value:
    assert coerced.problem is CellProblem.NORMALISED
    assert coerced.typed == typed
    assert coerced.reason
    return coerced.value


def unread(coerced: Coerced, typed: object) -> Value:
    """Return the suggestion."""
    assert coerced.problem is CellProblem.UNREADABLE
    assert coerced.value is None
    assert coerced.typed == typed
    assert coerced.reason
    return coerced.suggestion


class TestAnyField:
    @pytest.mark.parametrize("field_type", Type)
    @pytest.mark.parametrize(
        "typed", [Typed(CellKind.BLANK, None), Typed(CellKind.TEXT, ""), Typed(CellKind.TEXT, " 　\n\u200b")]
    )
    def test_blank(self, field_type: Type, typed: Typed) -> None:
        assert coerce(typed, field_type) == Coerced(None)

    @pytest.mark.parametrize("field_type", Type)
    def test_error_cell(self, field_type: Type) -> None:
        coerced = coerce(Typed(CellKind.ERROR, "#REF!"), field_type)
        assert (coerced.value, coerced.problem, coerced.typed) == (None, CellProblem.ERROR_CELL, "#REF!")

    @pytest.mark.parametrize("field_type", [kind for kind in Type if kind.traits.as_number])
    @pytest.mark.parametrize("nothing", ["无", "-", "—", "——", "/", "／", " － "])
    def test_nothing_is_no_amount(self, field_type: Type, nothing: str) -> None:
        assert corrected(text(nothing, field_type), nothing) is None

    @pytest.mark.parametrize("field_type", [kind for kind in Type if kind.traits.as_number])
    def test_logical_value_is_no_number(self, field_type: Type) -> None:
        assert unread(coerce(Typed(CellKind.BOOLEAN, content=True), field_type), typed=True) is None


class TestMoney:
    def test_number_cell_is_taken_as_it_is(self) -> None:
        assert fine(number("6558.51", Type.MONEY, "#,##0.00")) == Decimal("6558.51")
        assert fine(number("6463.09", Type.MONEY, '"其中：一般公共预算："#,##0.00"万元"')) == Decimal("6463.09")
        assert fine(number("-5", Type.MONEY, "￥#,##0.00")) == -5

    @pytest.mark.parametrize(
        ("typed", "value"),
        [
            ("152,186.4　", "152186.4"),
            ("６５５８．５１", "6558.51"),
            ("190.00", "190"),
            ("6558.50万元", "6558.5"),
            ("6558.50万", "6558.5"),
            ("￥190", "190"),
            ("0元", "0"),
        ],
    )
    def test_text_that_is_a_number(self, typed: str, value: str) -> None:
        assert corrected(text(typed, Type.MONEY), typed) == Decimal(value)

    @pytest.mark.parametrize("typed", ["约100", "一百", "12.3.4", "100人", "95%", "1,0000", "XX"])
    def test_no_amount(self, typed: str) -> None:
        assert unread(text(typed, Type.MONEY), typed) is None

    @pytest.mark.parametrize(
        ("typed", "suggestion"),
        [
            ("65585000元", "6558.5"),
            ("1.2亿元", "12000"),
            ("（100）", "-100"),
            ("152 186.4", "152186.4"),
            ("12。5", "12.5"),
        ],
    )
    def test_unsafe_readings_are_suggested(self, typed: str, suggestion: str) -> None:
        assert unread(text(typed, Type.MONEY), typed) == Decimal(suggestion)

    @pytest.mark.parametrize(
        ("unit", "yuan"),
        [
            ("千元", 1_000),
            ("万", 10_000),
            ("万元", 10_000),
            ("百万元", 1_000_000),
            ("千万元", 10_000_000),
            ("亿", 100_000_000),
            ("亿元", 100_000_000),
        ],
    )
    def test_every_unit_of_money(self, unit: str, yuan: int) -> None:
        assert unread(text(f"3{unit}", Type.MONEY, money_unit="元"), f"3{unit}") == 3 * yuan
        assert unread(number("3", Type.MONEY, f'0"{unit}"', money_unit="元"), f"3{unit}") == 3 * yuan

    @pytest.mark.parametrize(
        ("typed", "value"), [("1", "1"), ("1.0000001", None), ("-1", "-1"), ("-1.0000001", None), ("0.9247", "0.9247")]
    )
    def test_a_bare_number_up_to_1_is_a_share(self, typed: str, value: str | None) -> None:
        for coerced in (number(typed, Type.PERCENT), text(typed, Type.PERCENT)):
            assert coerced.value == (None if value is None else Decimal(value))

    @pytest.mark.parametrize(
        ("coerced", "share"),
        [
            (text("92.465049%", Type.PERCENT), "0.92465"),
            (text("92.46505%", Type.PERCENT), "0.924651"),
            (text("924.65049‰", Type.PERCENT), "0.92465"),
            (text("0.92465049", Type.PERCENT), "0.92465"),
            (text("0.9246505", Type.PERCENT), "0.924651"),
            (number("0.92465049", Type.PERCENT, "0.00%"), "0.92465"),
            (number("0.9246505", Type.PERCENT), "0.924651"),
            (number("92.465049", Type.PERCENT, '0.00"%"'), "0.92465"),
        ],
    )
    def test_shares_have_six_decimals(self, coerced: Coerced, share: str) -> None:
        assert coerced.value == Decimal(share)

    def test_suggested_shares_have_six_decimals(self) -> None:
        assert unread(text("92.465049", Type.PERCENT), "92.465049") == Decimal("0.92465")
        assert unread(number("92.465049", Type.PERCENT), Decimal("92.465049")) == Decimal("0.92465")

    def test_unit_of_the_form(self) -> None:
        assert corrected(text("65585000元", Type.MONEY, money_unit="元"), "65585000元") == 65_585_000
        assert unread(text("6558.5万元", Type.MONEY, money_unit="元"), "6558.5万元") == 65_585_000
        assert corrected(text("5美元", Type.MONEY, money_unit="美元"), "5美元") == 5
        assert unread(text("5万元", Type.MONEY, money_unit="美元"), "5万元") is None

    def test_format_that_says_something_else(self) -> None:
        assert unread(number("65585000", Type.MONEY, '#,##0"元"'), "65585000元") == Decimal("6558.5")
        assert unread(number("65585", Type.MONEY, '0!.0,"万元"'), Decimal(65585)) == Decimal("6.5585")
        assert unread(number("16164300", Type.MONEY, "0!.0000"), Decimal(16164300)) == Decimal("1616.43")
        assert unread(number("365", Type.MONEY, '[>=10000]0!.0,"万";0"元"'), Decimal(365)) is None
        assert unread(number("0.5", Type.MONEY, "0%"), "50%") == 50
        assert unread(number(SERIAL, Type.MONEY, "yyyy-m-d"), "2024年1月16日") is None
        assert unread(number("0.5", Type.MONEY, "h:mm"), "12:00") is None

    def test_zero_has_no_unit(self) -> None:
        assert fine(number("0", Type.MONEY, '#,##0"元"')) == 0
        assert fine(number("0", Type.MONEY, "0%")) == 0

    @settings(max_examples=examples(60))
    @given(
        amount=st.decimals(0, 10**9, places=2),
        style=st.sampled_from(["{}", "{:,}", "{} ", "　{}", "{}万元", "{:,} 万元", "￥{:,}"]),
        wide=st.booleans(),
    )
    def test_every_spelling_of_an_amount(self, amount: Decimal, style: str, wide: bool) -> None:  # noqa: FBT001 - drawn
        typed = style.format(amount)
        if wide:
            typed = typed.translate({code: code + 0xFEE0 for code in map(ord, "0123456789.")})
        assert corrected(text(typed, Type.MONEY), typed) == amount


class TestPercent:
    @pytest.mark.parametrize(
        ("content", "code", "value"),
        [
            ("0.9247", "0.00%", "0.9247"),
            ("1.1368", "0.00%", "1.1368"),
            ("0.9247", "General", "0.9247"),
            ("1", "General", "1"),
            ("92.47", '0.00"%"', "0.9247"),
            ("0.9246505", "0%", "0.924651"),
            ("0", "General", "0"),
        ],
    )
    def test_number_cell(self, content: str, code: str, value: str) -> None:
        assert fine(number(content, Type.PERCENT, code)) == Decimal(value)

    @pytest.mark.parametrize(
        ("typed", "value"), [("92.47%", "0.9247"), ("９２．４７％", "0.9247"), ("5‰", "0.005"), ("0.9247", "0.9247")]
    )
    def test_text(self, typed: str, value: str) -> None:
        assert corrected(text(typed, Type.PERCENT), typed) == Decimal(value)

    def test_missing_sign_is_asked_back(self) -> None:
        assert unread(number("92.47", Type.PERCENT), Decimal("92.47")) == Decimal("0.9247")
        assert unread(text("92.47", Type.PERCENT), "92.47") == Decimal("0.9247")

    @pytest.mark.parametrize("typed", ["95%左右", "高", "95分"])
    def test_no_percentage(self, typed: str) -> None:
        assert unread(text(typed, Type.PERCENT), typed) is None

    def test_date_is_no_percentage(self) -> None:
        assert unread(number(SERIAL, Type.PERCENT, "m-d"), "1月16日") is None


class TestNumber:
    def test_number_cell(self) -> None:
        assert fine(number("10", Type.NUMBER)) == 10
        assert fine(number("9.5", Type.NUMBER, '0.0"分"')) == Decimal("9.5")
        assert fine(number("12.0", Type.INTEGER)) == 12

    @pytest.mark.parametrize(("typed", "value"), [("　10\n", "10"), ("１０", "10"), ("9.5分", "9.5")])
    def test_text(self, typed: str, value: str) -> None:
        assert corrected(text(typed, Type.NUMBER), typed) == Decimal(value)

    def test_percentage_is_suggested_as_a_number(self) -> None:
        assert unread(number("0.1", Type.NUMBER, "0%"), "10%") == 10
        assert unread(text("10%", Type.NUMBER), "10%") == 10

    @pytest.mark.parametrize("typed", ["10万", "满分", "10/20"])
    def test_no_number(self, typed: str) -> None:
        assert unread(text(typed, Type.NUMBER), typed) is None

    def test_integer(self) -> None:
        assert corrected(text("12人", Type.INTEGER), "12人") == 12
        assert unread(number("12.5", Type.INTEGER), Decimal("12.5")) is None
        assert unread(text("12.5", Type.INTEGER), "12.5") is None
        assert unread(text("（12.5）", Type.INTEGER), "（12.5）") == Decimal("-12.5")


class TestDateAndYear:
    @pytest.mark.parametrize("typed", ["2024年1月16日", "2024.1.16", "2024/1/16", " 2024-01-16"])
    def test_date_in_full(self, typed: str) -> None:
        assert fine(text(typed, Type.DATE)) == DAY

    def test_date_cell(self) -> None:
        assert fine(number(SERIAL, Type.DATE, "yyyy/m/d")) == DAY
        assert fine(number("45307.75", Type.DATE, 'm"月"d"日"')) == DAY

    def test_eight_digits(self) -> None:
        assert corrected(number("20240116", Type.DATE), Decimal(20_240_116)) == DAY
        assert corrected(text("20240116", Type.DATE), "20240116") == DAY

    def test_guesses_are_suggested(self) -> None:
        assert unread(number(SERIAL, Type.DATE), Decimal(SERIAL)) == DAY
        assert unread(text("24.1.16", Type.DATE), "24.1.16") == DAY
        assert unread(number(SERIAL, Type.DATE, 'yyyy"年"m"月"'), "2024年1月") == DAY

    @pytest.mark.parametrize(
        ("serial", "day"),
        [
            ("32873", None),
            ("32874", dt.date(1990, 1, 1)),
            ("73050", dt.date(2099, 12, 31)),
            ("73051", None),
            ("73050.99", dt.date(2099, 12, 31)),
        ],
    )
    def test_a_number_that_may_be_a_date_lies_between_1990_and_2099(self, serial: str, day: dt.date | None) -> None:
        assert unread(number(serial, Type.DATE), Decimal(serial)) == day
        assert unread(number(serial, Type.DATE, "h:mm"), Decimal(serial)) is None

    def test_no_date(self) -> None:
        assert unread(number("12", Type.DATE), Decimal(12)) is None
        assert unread(number("-1", Type.DATE, "yyyy/m/d"), "-1") is None
        assert unread(text("年底", Type.DATE), "年底") is None

    def test_year(self) -> None:
        assert fine(number("2024", Type.YEAR)) == 2024
        assert fine(number(SERIAL, Type.YEAR, 'yyyy"年"')) == 2024
        assert fine(text("2024年", Type.YEAR)) == 2024
        assert fine(text("（2023年度）", Type.YEAR)) == 2023
        assert corrected(text("２０２４年", Type.YEAR), "２０２４年") == 2024

    def test_no_year(self) -> None:
        assert unread(text("24年", Type.YEAR), "24年") == 2024
        assert unread(text("（YYYY年度）", Type.YEAR), "（YYYY年度）") is None
        assert unread(number("20245", Type.YEAR), Decimal(20_245)) is None
        assert unread(number(SERIAL, Type.YEAR, "m-d"), "1月16日") is None


class TestText:
    def test_ends_are_trimmed_without_a_word(self) -> None:
        assert fine(text("　工作目标\n第二行 　", Type.TEXT)) == "工作目标\n第二行"

    @pytest.mark.parametrize(
        ("content", "code", "value"),
        [
            ("100.0", "General", "100"),
            ("430407", "000000", "430407"),
            ("0.5", "0%", "50%"),
            (SERIAL, "yyyy-m-d", "2024年1月16日"),
        ],
    )
    def test_number_becomes_what_is_seen(self, content: str, code: str, value: str) -> None:
        assert fine(number(content, Type.TEXT, code)) == value

    def test_logical_value(self) -> None:
        assert fine(coerce(Typed(CellKind.BOOLEAN, content=True), Type.TEXT)) == "TRUE"
        assert fine(coerce(Typed(CellKind.BOOLEAN, content=False), Type.TEXT)) == "FALSE"

    @pytest.mark.parametrize("field_type", [Type.TEXT, Type.VALUE])
    @pytest.mark.parametrize(
        "typed",
        [
            "XX",
            "XXX",
            "ＸＸ",
            "××",
            "≥XX%",
            "XX个",
            "待填",
            "（待填写）",
            "请填写",
            "目标1：",
            "目标一",
            "年度目标2：",
            "指标n:",
            "……",
            "…",
            "...",
            " *** ",
            "X" * 16,
        ],
    )
    def test_placeholder(self, field_type: Type, typed: str) -> None:
        coerced = text(typed, field_type)
        assert (coerced.value, coerced.problem, coerced.typed) == (None, CellProblem.PLACEHOLDER, typed)

    @pytest.mark.parametrize(
        "typed",
        [
            "X",
            "无",
            "-",
            "目标",
            "目标1：完成招聘",
            "任务完成率",
            "待遇保障",
            "XX镇中心小学扩建",
            "XX学校",
            "年度工作总结",
            "请示批复率",
            "X" * 17,
        ],
    )
    def test_no_placeholder(self, typed: str) -> None:
        assert fine(text(typed, Type.TEXT)) == typed


class TestIndicatorValue:
    @pytest.mark.parametrize(
        "typed", ["≥560个", ">=95%", "100%", " ≥ 95%", "12月底前", "15个", "10-11月份", "无", "启动", "每月1次"]
    )
    def test_plain(self, typed: str) -> None:
        assert fine(text(typed, Type.VALUE)) == parse_indicator(typed)

    @pytest.mark.parametrize("typed", ["不低于95%", "98%以上", "≧95%", "=>95%", "＞９５％", "１００％", "满意度≥90%"])
    def test_operator_and_width_are_noted(self, typed: str) -> None:
        assert corrected(text(typed, Type.VALUE), typed) == parse_indicator(typed)

    def test_the_note_says_how_it_was_read(self) -> None:
        assert text("不低于95%", Type.VALUE).reason == "已按“≥95%”读取"

    @pytest.mark.parametrize(
        ("content", "code", "typed"),
        [
            ("0.95", "0%", "95%"),
            ("560", '0"个"', "560个"),
            ("560", '"≥"0"个"', "≥560个"),
            ("100", "General", "100"),
            (SERIAL, 'yyyy"年"m"月"d"日"', "2024年1月16日"),
            ("45356", 'm"月"d"日"', "3月5日"),
        ],
    )
    def test_number_cell(self, content: str, code: str, typed: str) -> None:
        assert fine(number(content, Type.VALUE, code)) == parse_indicator(typed)

    def test_blank_unit_of_a_scaled_format_is_not_taken(self) -> None:
        value = fine(number("65585", Type.VALUE, '0!.0,"万元"'))
        assert value == NumberValue("65585", value=Decimal(65585))


class TestChoice:
    @pytest.mark.parametrize(("number", "said"), [(12, "、选项12”"), (13, "、选项12……”")])
    def test_twelve_choices_are_named(self, number: int, said: str) -> None:
        offered = tuple(Choice(f"选项{place}") for place in range(1, number + 1))
        assert said in text("别的", Type.CHOICE, offered).reason

    def test_offered(self) -> None:
        assert fine(text(" 运转类", Type.CHOICE, CHOICES)) == "运转类"

    @pytest.mark.parametrize("typed", ["特定目标类", "特定 目标", "特定目标类　"])
    def test_alias_is_noted(self, typed: str) -> None:
        assert corrected(text(typed, Type.CHOICE, CHOICES), typed) == "特定目标"

    @pytest.mark.parametrize(("typed", "suggestion"), [("特定目标项目", "特定目标"), ("其他", None), ("无", None)])
    def test_not_offered(self, typed: str, suggestion: str | None) -> None:
        coerced = text(typed, Type.CHOICE, CHOICES)
        assert (coerced.value, coerced.problem, coerced.typed) == (None, CellProblem.NOT_OFFERED, typed)
        assert coerced.suggestion == suggestion
        assert "人员类、运转类、特定目标" in coerced.reason

    def test_number_is_compared_as_its_text(self) -> None:
        assert fine(coerce(Typed(CellKind.NUMBER, Decimal("1.0")), Type.CHOICE, (Choice("1"),))) == "1"


class TestTick:
    @pytest.mark.parametrize("typed", ["✔", "√", "☑", "是", " ✔\ufe0f"])
    def test_tick(self, typed: str) -> None:
        assert fine(text(typed, Type.TICK)) is True

    @pytest.mark.parametrize("typed", ["✓", "v", "V", "对", "1"])
    def test_like_a_tick(self, typed: str) -> None:
        assert corrected(text(typed, Type.TICK), typed) is True

    @pytest.mark.parametrize("typed", ["×", "否", "□", "-", "无", "0"])
    def test_cross(self, typed: str) -> None:
        assert corrected(text(typed, Type.TICK), typed) is None

    def test_numbers_and_logical_values(self) -> None:
        assert corrected(number("1", Type.TICK), "1") is True
        assert corrected(coerce(Typed(CellKind.BOOLEAN, content=True), Type.TICK), typed=True) is True
        assert corrected(coerce(Typed(CellKind.BOOLEAN, content=False), Type.TICK), typed=False) is None

    @pytest.mark.parametrize("typed", ["X", "☒", "R", "有可能", "2"])
    def test_no_tick(self, typed: str) -> None:
        assert unread(text(typed, Type.TICK), typed) is None


_CONTENTS: st.SearchStrategy[tuple[CellKind, Content]] = st.one_of(
    st.tuples(
        st.just(CellKind.TEXT), st.text("0123456789.,-%万元年月日无XX×≥ 　（）\n", max_size=12) | st.text(max_size=8)
    ),
    st.tuples(st.just(CellKind.NUMBER), st.decimals(allow_nan=False, allow_infinity=False)),
    st.tuples(st.just(CellKind.BOOLEAN), st.booleans()),
    st.tuples(st.just(CellKind.ERROR), st.sampled_from(["#REF!", "#DIV/0!"])),
    st.tuples(st.just(CellKind.BLANK), st.none()),
)


@settings(max_examples=examples(300))
@given(
    typed=_CONTENTS,
    code=st.sampled_from(["General", "0%", "yyyy/m/d", "h:mm", '0"元"', '0!.0,"万"', "@", "0000"]),
    field_type=st.sampled_from(Type),
)
def test_nothing_raises_and_nothing_is_lost(typed: tuple[CellKind, Content], code: str, field_type: Type) -> None:
    coerced = coerce(Typed(*typed, code), field_type, CHOICES)
    if coerced.problem is not CellProblem.NONE:
        assert coerced.typed is not None
        assert coerced.reason
    elif field_type not in {Type.TEXT, Type.VALUE}:
        assert coerced.suggestion is None
    if coerced.problem not in {CellProblem.NONE, CellProblem.NORMALISED}:
        assert coerced.value is None
    if field_type.numeric:
        assert coerced.value is None or isinstance(coerced.value, Decimal)


@pytest.mark.parametrize(("content", "value", "said"), [(True, True, "读作打勾"), (False, None, "读作不打勾")])
def test_a_truth_value_is_a_tick(content: bool, value: bool | None, said: str) -> None:  # noqa: FBT001 - the content itself
    coerced = coerce(Typed(CellKind.BOOLEAN, content), Type.TICK)
    assert (coerced.value, coerced.problem) == (value, CellProblem.NORMALISED)
    assert said in coerced.reason


def test_a_name_of_a_list_is_said_to_be_its_code() -> None:
    found = text("甲种书", Type.CHOICE, (Choice("000002", ("甲种书",)),))
    assert corrected(found, "甲种书") == "000002"
    assert found.reason == "“甲种书”已改为选项“000002”"
