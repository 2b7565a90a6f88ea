"""Numbers and codes of a kind: what is one, what is not, and that the formula says the same."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter
from expr_sample import expression, record
from hypothesis import given, settings
from hypothesis import strategies as st

from perfxl.expr.evaluate import evaluate
from perfxl.expr.patterns import KINDS, fits, formula, wanted, wrong
from perfxl.model.expression import ExpressionError
from support.effort import examples
from support.office import Office

CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def credit_code(body: str) -> str:
    """Return 17 characters with their check character (GB 32100)."""
    total = sum(CREDIT.index(sign) * pow(3, place, 31) for place, sign in enumerate(body))
    return body + CREDIT[-total % 31]


def citizen_number(body: str) -> str:
    """Return 17 digits with their check character (GB 11643)."""
    total = sum(int(sign) * (pow(2, 17 - place, 11)) for place, sign in enumerate(body))
    return body + "10X98765432"[total % 11]


def card(body: str) -> str:
    """Return the digits of a card with their check digit (Luhn)."""
    doubled = [int(sign) * (2 if place % 2 == 0 else 1) for place, sign in enumerate(reversed(body))]
    return body + str(-sum(number // 10 + number % 10 for number in doubled) % 10)


UNIT = credit_code("12430000AB12345C7")
PERSON = citizen_number("43010519850229123".replace("0229", "0228"))
SOUND = {
    "统一社会信用代码": [UNIT, UNIT.lower(), credit_code("91110108MA0000000")],
    "身份证号": [PERSON, citizen_number("11010120000229001"), citizen_number("43010519491231002").lower()],
    "手机": ["13800000000", "19912345678"],
    "座机": [
        "0731-82220000",
        "82220000",
        "(010)8222 0000",
        "0731-82220000-8001",
        "400-810-0000",
        "（0731）2220000",
        "2345678",
        "0101234567",
        "0731-82220000-800112",
    ],
    "电话": ["13800000000", "0731-82220000"],
    "邮箱": ["name@example.com", "a.b-c@mail.example.gov.cn"],
    "邮编": ["410000", "010010"],
    "银行账号": [
        card("622202100000000001"),
        "12345678",
        "2" * 30,
        card("622202100000000"),
        "1901 0200 0902 2113 305",
        "43050172360000000123",
        "82001234",
    ],
    "A######": ["A123456", "a000000"],
    "CG-@@-##*": ["CG-AB-12", "cg-xy-07（二）"],
    "?队": ["一队", "A队"],
}
UNSOUND = {
    "统一社会信用代码": [UNIT[:-1], f"{UNIT}0", UNIT[:3] + ("1" if UNIT[3] != "1" else "2") + UNIT[4:], "I" + UNIT[1:]],
    "身份证号": [
        PERSON[:-1],
        citizen_number("43010519850229123"),  # no such day
        citizen_number("43010519851301123"),
        citizen_number("43010521850228123"),
        PERSON[:5] + str((int(PERSON[5]) + 1) % 10) + PERSON[6:],
        "X" + PERSON[1:],
        "430105850228123",
    ],
    "手机": ["1380000000", "12800000000", "1380000000a", "138000000000", "23800000000"],
    "座机": [
        "13800000000",
        "12345",
        "1234567",
        "0731-82220",
        "82220000转8001",
        "0731-82220000-80011234",
        "234567",
        "010123456",
        "0731-82220000-8001123",
    ],
    "电话": ["12345", "无"],
    "邮箱": [
        "name",
        "name@example",
        "@example.com",
        "a@b@c.com",
        "name@.com",
        "na me@example.com",
        "name@example.com.",
        "a@b。com",
    ],
    "邮编": ["41000", "4100000", "41000O"],
    "银行账号": [card("622202100000000001")[:-1] + "0", "1234567", "6222-0210 A", "1" * 31],
    "A######": ["B123456", "A12345", "A1234567", "A12345X"],
    "CG-@@-##*": ["CG-1B-12", "CG-AB-1", "CGAB-12"],
    "?队": ["队", "一二队", "一组"],
}
UNSOUND["银行账号"][0] = card("622202100000000001")[:-1] + str((int(card("622202100000000001")[-1]) + 1) % 10)


@pytest.mark.parametrize("pattern", SOUND)
def test_what_is_one_is_told_from_what_is_none(pattern: str) -> None:
    assert [text for text in SOUND[pattern] if not fits(text, pattern)] == []
    assert [text for text in UNSOUND[pattern] if fits(text, pattern)] == []


def test_every_kind_has_cases_and_says_what_it_wants() -> None:
    assert set(KINDS) <= set(SOUND)
    for pattern in SOUND:
        assert wrong(pattern) == ""
        assert len(wanted(pattern)) > 5
    assert wanted("CG-@@-##*") == "写成 CG-@@-##* 的样子（# 是数字，@ 是字母，* 是任意内容）"


@settings(max_examples=examples(200))
@given(st.integers(0, 10**17 - 1), st.integers(0, 17), st.integers(1, 9))
def test_one_wrong_digit_is_seen_in_any_credit_code(number: int, place: int, by: int) -> None:
    code = credit_code(f"{number:017}")
    assert fits(code, "统一社会信用代码")
    changed = CREDIT[(CREDIT.index(code[place]) + by) % 31]
    assert not fits(code[:place] + changed + code[place + 1 :], "统一社会信用代码")


@pytest.mark.parametrize(
    ("pattern", "says"), [("身份证", "身份证号"), ("*A#", "最后"), ("#" * 61, "60"), ("ABC", ["#", "@"][0])]
)
def test_what_is_no_pattern_is_refused(pattern: str, says: str) -> None:
    assert says in wrong(pattern)
    with pytest.raises(ExpressionError, match=says):
        expression(f"FITS(unit_name, '{pattern}')")


def test_a_blank_is_of_no_kind_and_of_none_not() -> None:
    assert evaluate(expression("FITS(unit_name, '邮编')"), record()) is None
    assert evaluate(expression("FITS(unit_name, '邮编')"), record({"unit_name": "410000"})) is True


@pytest.mark.client
def test_the_formula_says_the_same(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "号码.xlsx"
    cases = [(pattern, text) for pattern in SOUND for text in (*SOUND[pattern], *UNSOUND[pattern], "无", "1E5", "-")]
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("号码")
        for row, (pattern, text) in enumerate(cases, 1):
            sheet.write_string(f"A{row}", text)
            sheet.write_formula(f"B{row}", f"=IF({formula(f'A{row}', pattern)},1,0)")
    found = office.recalculated(path)["号码"]
    wrongly = [case for row, case in enumerate(cases, 1) if found[f"B{row}"] != int(fits(case[1], case[0]))]
    assert wrongly == []
