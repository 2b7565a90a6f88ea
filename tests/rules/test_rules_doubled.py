"""What would count twice where returns are added up, and what is said of it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from test_rules_group import BUREAU, own, part, whole

from perfxl.rules.doubled import doubled
from perfxl.rules.group import FormSums


def said(*parts: FormSums) -> dict[int, str]:
    return dict(doubled(dict(enumerate(parts)), {"表": "自评表"}))


def schools(*amounts: int) -> Sequence[FormSums]:
    return [part(f"{BUREAU}第{number}小学", amount) for number, amount in enumerate(amounts, 1)]


@pytest.mark.parametrize(
    ("amounts", "named"),
    [
        ((200, 300), f"{BUREAU}第1小学、{BUREAU}第2小学已分别计入"),
        ((100, 200, 200), f"{BUREAU}第1小学、{BUREAU}第2小学、{BUREAU}第3小学已分别计入"),
        ((100, 100, 100, 200), f"{BUREAU}第1小学、{BUREAU}第2小学、{BUREAU}第3小学等 4 个单位已分别计入"),
    ],
)
def test_a_whole_whose_parts_are_there_is_left_out_and_some_of_them_are_named(
    amounts: Sequence[int], named: str
) -> None:
    assert said(*schools(*amounts), whole(500)) == {len(amounts): f"里的《自评表》是汇总，{named}，汇总没有再加"}


def test_how_many_figures_do_not_add_up_is_said() -> None:
    (left_out,) = said(*schools(200, 300), whole(510)).values()
    assert left_out.endswith("汇总没有再加；汇总有 1 项与各单位之和不一致，请核对下属单位是否交齐")


def test_without_its_parts_a_whole_stays_and_its_own_share_is_left_out() -> None:
    assert said(whole(500), own(100)) == {1: f"里的《自评表》的数已包含在“{BUREAU}（汇总）”里，没有再加"}
    assert said(whole(500)) == {}
    assert said(own(100), *schools(200)) == {}


def test_forms_of_another_kind_are_no_parts() -> None:
    assert said(whole(500), *(part(one.called, 250, about="别的表") for one in schools(1, 2))) == {}
