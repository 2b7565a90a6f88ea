from __future__ import annotations

import re

import pytest
from msgspec.structs import fields

from perfxl.model.finding import Severity
from perfxl.rules.catalog import CATALOG, Rule, rule

# The catalogue as agreed: code and severities, the usual one first.
AGREED = """
F01 E · F02 E · F03 E · F04 W · F05 W · F06 E · F07 WI · F08 E · F09 W · F10 W · F11 I · F12 W · F13 E · F14 W · F15 E
S01 E · S02 W · S03 IW · S04 W · S05 I · S06 EW · S07 I · S08 W · S09 EW · S10 E · S11 W · S12 EI · S13 W
V01 E · V02 E · V03 E · V04 E · V05 W · V06 E · V07 E · V10 I · V11 W · V12 W · V13 I · V14 W · V15 W · V16 W · V17 W · V18 W
M01 EW · M02 EW · M03 WI · M04 EW · M05 EW · M06 EW · M07 EW · M08 W · M09 WE · M10 W · M11 W · M12 I · M13 WE
G01 E · G02 W · G03 E · G04 EW · G05 WEI · G06 W · G07 W
C01 E · C02 E · C03 WE · C04 EW · C05 W · C06 EW · C07 W · C08 W
P01 EW · P02 E · P03 E · P04 E · P05 E · P06 EW
X01 E · X02 E · X03 W · X04 E
"""
LETTERS = {"E": Severity.ERROR, "W": Severity.WARNING, "I": Severity.INFO}
GROUPS = {
    "F": "文件",
    "S": "结构",
    "V": "填报值",
    "M": "资金",
    "G": "目标与指标",
    "C": "完成情况",
    "P": "评分",
    "X": "汇总",
}

# What an officer sees on the screen as it is written here; any other Latin word would need explaining.
PRODUCTS = {"Excel", "WPS", "Word", "PDF", "MB", "XX"}
SPELLINGS = re.compile(r"\.(?:xlsx|xlsm|xlsb|ods)\b|#REF!|#DIV/0!|#VALUE!")
LONGEST = {"title": 16, "meaning": 170, "example": 100, "remedy": 80}

each_rule = pytest.mark.parametrize("entry", CATALOG.values(), ids=CATALOG)


def texts(entry: Rule) -> dict[str, str]:
    return {name: getattr(entry, name) for name in LONGEST}


def test_the_codes_and_their_severities_are_those_agreed_in_that_order() -> None:
    agreed = dict(entry.split() for entry in re.split(r"[·\n]", AGREED) if entry.strip())
    assert [(code, entry.severities) for code, entry in CATALOG.items()] == [
        (code, tuple(LETTERS[letter] for letter in letters)) for code, letters in agreed.items()
    ]


@each_rule
def test_a_rule_knows_its_code_and_group(entry: Rule) -> None:
    assert rule(entry.code) is entry
    assert entry.group == GROUPS[entry.code[0]]


@pytest.mark.parametrize("code", ["F99", "f01", "", "M06 "])
def test_an_unknown_code_is_a_key_error(code: str) -> None:
    with pytest.raises(KeyError):
        rule(code)


def test_no_two_rules_say_the_same() -> None:
    for name in LONGEST:
        said = [texts(entry)[name] for entry in CATALOG.values()]
        assert len(set(said)) == len(said), name


@each_rule
def test_texts_are_chinese_and_of_sane_length(entry: Rule) -> None:
    own = {field.name for field in fields(Rule) if field.type is str}
    assert own == {"code", *LONGEST}
    for name, text in texts(entry).items():
        assert 4 <= len(text) <= LONGEST[name], (name, len(text))
        assert re.search(r"[\u4e00-\u9fff]", text), name
        assert text == text.strip()
        assert text.endswith("。") is (name != "title"), name


@each_rule
def test_texts_hold_no_foreign_word_and_nothing_that_needs_escaping(entry: Rule) -> None:
    for text in texts(entry).values():
        words = set(re.findall(r"[A-Za-z]+", SPELLINGS.sub("", text)))
        assert words <= PRODUCTS
        assert not set("\"'`<>|*_\\;,") & set(text)
        assert not re.search(r"(?<!\d)[.:()?](?!\d)", SPELLINGS.sub("", text)), "half-width punctuation"


@each_rule
def test_quotation_marks_and_brackets_are_in_pairs(entry: Rule) -> None:
    for text in texts(entry).values():
        for left, right in ("“”", "（）"):
            assert text.count(left) == text.count(right)


@each_rule
def test_an_example_quotes_the_finding_and_a_remedy_asks_politely_or_gives_the_all_clear(entry: Rule) -> None:
    assert entry.example.count("。审核意见：") == 1
    assert re.search(r"请|不必处理", entry.remedy)
    assert "电话" not in entry.remedy
    assert "联系" not in entry.remedy


@each_rule
def test_a_rule_of_several_severities_says_which_when(entry: Rule) -> None:
    words = {Severity.ERROR: "错误", Severity.WARNING: "警告", Severity.INFO: "提示"}
    if len(entry.severities) == 1:
        return
    # The first one is what is meant where nothing is said, so all the others must be named.
    assert all(words[severity] in entry.meaning for severity in entry.severities[1:])


def test_the_limits_where_a_form_says_none() -> None:
    assert {code: str(rule.limit) for code, rule in CATALOG.items() if rule.limit is not None} == {
        "M08": "0.1",
        "M09": "0.9",
        "M11": "0.3",
        "M13": "20000",
        "G06": "100",
        "C04": "1.3",
        "P03": "1.3",
    }


def test_no_rule_of_the_catalogue_is_a_form_s_own() -> None:
    assert not any(rule.own for rule in CATALOG.values())
