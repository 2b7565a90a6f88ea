from __future__ import annotations

import re
from random import Random

import pytest
from expr_sample import ROWS, Sheet, Writer, expression
from hypothesis import given, settings
from hypothesis import strategies as st

from perfxl.expr.check import sort_of
from perfxl.expr.excel import is_short, to_excel, to_excel_broken
from perfxl.model.expression import ExpressionError
from perfxl.model.field_type import Sort
from support.effort import examples


class Places:
    """A few places as on a real form."""

    def cell(self, path: str) -> str:
        return {
            "year": "A2",
            "unit_name": "B2",
            "from": "C2",
            "start": "B3",
            "end": "C3",
            "funds.total.budget": "E5",
            "funds.total.executed": "F5",
            "funds.total.weight": "G5",
            "funds.total.rate": "H5",
            "funds.by_income.general": "C9",
            "funds.by_income.gov_fund": "C10",
            "funds.by_income.other": "C11",
            "funds.special": "D30",
            "indicators[2].weight": "G14",
            "indicators[2].score": "H14",
            "indicators[2].name": "B14",
        }[path]

    def ranges(self, path: str) -> tuple[str, ...]:
        letter = {"weight": "G", "score": "H", "name": "B", "category": "B", "year_budget": "D", "urgent": "J"}
        areas = (f"{letter[path.rpartition('.')[2]]}12:{letter[path.rpartition('.')[2]]}38",)
        return (*areas, *(area.replace("12:", "52:").replace("38", "58") for area in areas if "goals[]" in path))

    def printed(self, path: str) -> tuple[str, ...]:
        return tuple(self.ranges(path)[0].split(":")) if "indicators" in path else ()


def formula(source: str, row: str = "", at: str = "") -> str:
    return to_excel(expression(source, row), Places(), at)


@pytest.mark.parametrize(
    ("source", "row", "wanted"),
    [
        ("executed / budget", "funds.total", 'IFERROR(IF(COUNT(E5:F5)<2,"",F5/E5),"")'),
        ("ROUND(MIN(rate, 1) * weight, 2)", "funds.total", 'IF(COUNT(G5:H5)<2,"",ROUND(MIN(H5,1)*G5,2))'),
        ("SUM(indicators.weight)", "", 'IF(COUNT(G12:G38)=0,"",SUM(G12:G38))'),
        ("SUM(goals.indicators.weight)", "", 'IF(COUNT(G12:G38,G52:G58)=0,"",SUM(G12:G38,G52:G58))'),
        ("SUM(0, funds.by_income)", "", "SUM(0,C9:C11)"),
        ("SUM(SUM(funds.by_income), year)", "", 'IF(COUNT(C9:C11,A2)=0,"",SUM(C9:C11,A2))'),
        ("SUM(year * 2, 0)", "", "SUM(IFERROR(IF(COUNT(A2)=0,NA(),A2*2),0),0)"),
        (
            "IF(COUNT(indicators.weight) == 0, BLANK, SUM(indicators.weight))",
            "",
            'IF(COUNT(G12:G38)=0,"",IF(COUNT(G12:G38)=0,"",SUM(G12:G38)))',
        ),
        (
            "IF(rate >= 0.9, '优', IF(rate >= 0.8, '良', '差'))",
            "funds.total",
            'IF(COUNT(H5)=0,"",IF(ROUND(H5-0.9,6)>=0,"优",IF(ROUND(H5-0.8,6)>=0,"良","差")))',
        ),
        ("score <= weight", "indicators[]", 'IF(COUNT(G14:H14)<2,"",ROUND(H14-G14,6)<=0)'),
        ("score >= 0", "indicators[]", 'IF(COUNT(H14)=0,"",ROUND(H14,6)>=0)'),
        ("COUNT(indicators.weight) > 3", "", "COUNT(G12:G38)>3"),
        ("ROUND(year, 2) = 1.5", "", 'IF(COUNT(A2)=0,"",ROUND(A2,2)=1.5)'),
        ("COUNTA(indicators.name, year)", "", 'COUNT(A2)+SUMPRODUCT(--(B12:B38<>""))-2'),
        ("unit_name = '某局'", "", 'IF(B2="","",B2="某局")'),
        ("unit_name = '3A'", "", 'IF(B2="","",B2&""="3A")'),
        ("unit_name <> from", "", 'IF(OR(B2="",C2=""),"",B2&""<>C2&"")'),
        ('unit_name = "他说""好"""', "", 'IF(B2="","",B2="他说""好""")'),
        ("COUNTIF(indicators.name, '3A')", "", 'SUMPRODUCT(--(B12:B38&""="3A"))-(B12&""="3A")-(B38&""="3A")'),
        ("COUNTIF(indicators.weight, '>=60')", "", 'COUNTIF(G12:G38,">"&59.9999995)'),
        (
            "SUMPRODUCT(indicators.weight, indicators.score)",
            "",
            'IF(SUMPRODUCT(ISNUMBER(G12:G38)*ISNUMBER(H12:H38))=0,"",SUMPRODUCT(G12:G38,H12:H38))',
        ),
        ("AVERAGE(indicators.weight, year)", "", 'IF(COUNT(G12:G38,A2)=0,"",AVERAGE(G12:G38,A2))'),
        ("year & '-' & unit_name", "", 'IF(OR(COUNT(A2)=0,B2=""),"",A2&"-"&B2)'),
        ("year + 1 & 'x' = 'y'", "", 'IF(COUNT(A2)=0,"",A2+1&"x"="y")'),
        ("LEFT(unit_name, 2) = '湘A'", "", 'IF(B2="","",LEFT(B2,2)="湘A")'),
        ("MID(unit_name, 3, 2)", "", 'IF(OR(B2="",LEN(B2)<3),"",MID(B2,3,2))'),
        ("LEN(unit_name) = 18", "", 'IF(B2="","",LEN(B2)=18)'),
        ("start <= DATE(2024, 12, 31)", "", 'IF(COUNT(B3)=0,"",B3<=DATE(2024,12,31))'),
        (
            "end - DATE(year, 12, 31)",
            "",
            'IF(OR(COUNT(A2,C3)<2,IF(COUNT(A2)=0,0,A2)<1901,IF(COUNT(A2)=0,0,A2)>9999),"",C3-DATE(A2,12,31))',
        ),
        ("YEAR(start)", "", 'IF(COUNT(B3)=0,"",YEAR(B3))'),
        ("start <= end", "", 'IF(COUNT(B3:C3)<2,"",B3<=C3)'),
        ("ISBLANK(year)", "", "COUNT(A2)=0"),
        ("ISBLANK(unit_name)", "", 'B2=""'),
        ("ISBLANK(start)", "", 'B3=""'),
        ("ISBLANK(year / 2)", "", "ISERROR(IF(COUNT(A2)=0,NA(),A2/2))"),
        ("ISBLANK(5)", "", "FALSE"),
        ("1 - (2 - year) * -year", "", 'IF(COUNT(A2)=0,"",1-(2-A2)*(-A2))'),
        ("MAX(funds.by_income, year)", "", 'IF(OR(COUNT(A2)=0,COUNT(C9:C11)=0),"",MAX(C9:C11,A2))'),
        (
            "1 + IF(year > 1, BLANK, 2)",
            "",
            'IFERROR(IF(COUNT(A2)=0,"",1+IF(ROUND(A2-1,6)>0,NA(),2)),"")',
        ),
        (
            "SUMIF(projects.category, '特定目标', projects.year_budget)",
            "",
            'IF(SUMPRODUCT((B12:B38="特定目标")*ISNUMBER(D12:D38))=0,"",SUMPRODUCT(--(B12:B38="特定目标"),D12:D38))',
        ),
    ],
)
def test_formulas_are_short_and_mind_blanks(source: str, row: str, wanted: str) -> None:
    assert formula(source, row, "indicators[2]" if row == "indicators[]" else "") == wanted


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("year < 3", "IF(COUNT(A2)=0,FALSE,ROUND(A2-3,6)>=0)"),
        ("NOT(year < 3)", "IF(COUNT(A2)=0,FALSE,ROUND(A2-3,6)<0)"),
        ("year < 3 and year > 1", "IF(COUNT(A2)=0,FALSE,NOT(AND(ROUND(A2-3,6)<0,ROUND(A2-1,6)>0)))"),
        ("IF(year < 3, BLANK, year = 5)", "IF(COUNT(A2)=0,FALSE,IF(ROUND(A2-3,6)<0,FALSE,ROUND(A2-5,6)<>0))"),
        ("1 / year < 3", "IFERROR(IF(COUNT(A2)=0,FALSE,ROUND(1/A2-3,6)>=0),FALSE)"),
        ("ISBLANK(year)", "NOT(COUNT(A2)=0)"),
    ],
)
def test_the_broken_half_is_true_where_the_rule_is_false(source: str, wanted: str) -> None:
    assert to_excel_broken(expression(source), Places()) == wanted


def test_only_a_rule_can_be_broken() -> None:
    with pytest.raises(ExpressionError, match="条件"):
        to_excel_broken(expression("year + 1"), Places())


def test_short_is_255_as_excel_counts() -> None:
    assert is_short("A" * 255)
    assert not is_short("A" * 256)
    assert not is_short("𠮷" * 128)  # two units each


def nested(begin: str, end: str, levels: int) -> str:
    return begin * levels + "year" + end * levels


@pytest.mark.parametrize("source", [nested("SUM(2 / ", ", 1 / year)", 30), f"SUM({', '.join(['year / 2'] * 250)})"])
def test_refuses_a_formula_that_excel_would_not_take(source: str) -> None:
    with pytest.raises(ExpressionError, match="8192"):
        formula(source)


def test_counts_the_levels_of_the_formula() -> None:
    def source(levels: int) -> str:
        return f"IF({nested('ABS(', ')', levels)} > 0, BLANK, 1) + 0"

    assert formula(source(60))  # 64 of the formula
    within = "IF(year > 1, BLANK, " * 61 + "1 / year" + ")" * 61
    assert formula(within)
    with pytest.raises(ExpressionError, match="生成的公式嵌套 65 层"):
        formula(f"IF(year > 1, BLANK, {within})")


def test_a_nest_of_blank_tests_is_printed_in_no_time() -> None:
    assert formula("ISBLANK(" + "IF(ISBLANK(" * 25 + "1 / year" + "), BLANK, 1)" * 25 + ")")


@settings(max_examples=examples(100))
@given(st.randoms(use_true_random=False), st.sampled_from(ROWS))
def test_formulas_are_well_formed(random: Random, row: str) -> None:
    writer = Writer(random, row)
    try:
        expr = expression(writer.any(3), row)
        texts = [to_excel(expr, Sheet(), writer.at())]
        texts += [to_excel_broken(expr, Sheet(), writer.at())] if sort_of(expr) is Sort.TRUTH else []
    except ExpressionError:
        return
    for text in texts:
        bare = re.sub(r'"[^"]*"', "quoted", text)
        assert bare.count("(") == bare.count(")")
        assert "[" not in bare
        assert not bare.startswith("=")
