"""Which filed forms are added up: each unit's once, a department's whole or its parts, never both (X02)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from perfxl.model.period import Period
from perfxl.model.words import WHOLE
from perfxl.rules.group import FormSums, Kin, consolidated, held_by, parts_of

_NAMED = 3
"""How many units are named."""


def doubled(parts: Mapping[int, FormSums], titles: Mapping[str, str]) -> Mapping[int, str]:
    """Return what of some forms would count twice: wholes whose parts are there, else the parts that a whole holds.

    ``parts`` are the forms by their place, ``titles`` the forms' titles by id. For each place that is left out it is said
    why, in Chinese, to go on after the document's name.
    """
    groups: dict[tuple[str, Period, str], dict[int, FormSums]] = defaultdict(dict)
    for place, part in parts.items():
        groups[part.about][place] = part
    found: dict[int, str] = {}
    for about, group in groups.items():
        kin = Kin(tuple(group.values()))
        places = {id(part): place for place, part in group.items()}
        for place, whole in group.items():
            if whole.scope != WHOLE:
                continue
            title = f"里的《{titles[about[0]]}》"
            below = parts_of(whole, kin)
            if below:
                found[place] = f"{title}是汇总，{_listed(below)}已分别计入，汇总没有再加{_gap(whole, kin)}"
                continue
            for own in held_by(whole, kin):
                found[places[id(own)]] = f"{title}的数已包含在“{whole.called}”里，没有再加"
    return found


def _gap(whole: FormSums, kin: Kin) -> str:
    """Say how many figures of a whole are not the sum of its parts: some units may not have handed in."""
    count = len(tuple(consolidated(whole, kin)))
    return f"；汇总有 {count} 项与各单位之和不一致，请核对下属单位是否交齐" if count else ""


def _listed(parts: Iterable[FormSums]) -> str:
    names = [part.called for part in parts]
    shown = "、".join(names[:_NAMED])
    return f"{shown}等 {len(names)} 个单位" if len(names) > _NAMED else f"{shown}"
