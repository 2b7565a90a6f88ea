"""Names for the data: by the glossary, else by pinyin; the same from year to year."""

from __future__ import annotations

import pytest

from perfxl.adopt.keys import named_key
from perfxl.adopt.pinyin import pinyin


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("单位名称", "unit_name"),
        ("财政拨款", "fiscal"),
        ("幸福湖畔", "xing_fu_hu_pan"),
        ("2023年湖畔", named_key("2024年湖畔")),
        ("一二三四五六七八九十甲乙丙丁", "yi_er_san_si_wu_liu_qi"),
        ("（）——", ""),
        ("", ""),
    ],
)
def test_a_label_gives_a_name(label: str, name: str) -> None:
    assert named_key(label) == name


@pytest.mark.parametrize(
    ("text", "syllables"),
    [("啊座", "a zuo"), ("湖北省财政厅", "hu bei sheng cai zheng ting"), ("绿色旅游", "lv se lv you"), ("aé。﹏", "")],
)
def test_characters_are_spelled(text: str, syllables: str) -> None:
    assert " ".join(pinyin(text)) == syllables
