"""Chains of stages as common.yaml or a form declares them, and the stage that a form is of."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Mapping

from perfxl.forms.definition.language import ChainSpec, FormSpec, StageSpec
from perfxl.forms.definition.problem import Place, Problems
from perfxl.model.form import Form
from perfxl.model.stage import BUDGET, Chain, Stage

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", re.ASCII)
_NAME_REMEDY = "用小写英文、数字和短横线，如 self-evaluation"
_LONGEST = 20


def chain_of(spec: ChainSpec, problems: Problems) -> Chain:
    """Return the chain that is declared; mistakes go to ``problems``."""
    if not _NAME.fullmatch(spec.chain):
        problems.add(spec.place.of("chain"), f"chain 的“{spec.chain}”不合规定", _NAME_REMEDY)
    if not spec.stages:
        problems.add(spec.place.of("stages"), f"“{spec.title}”一个环节也没有", "按先后写出各个环节")
    before: dict[str, Stage] = {}
    for one in spec.stages:
        if not _NAME.fullmatch(one.stage):
            problems.add(one.place.of("stage"), f"stage 的“{one.stage}”不合规定", _NAME_REMEDY)
        if one.stage in before:
            problems.add(one.place.of("stage"), f"环节“{one.stage}”写了两次", "删去其中一个")
        for key, text in (("label", one.label), ("sheet", one.sheet)):
            if len(text) > _LONGEST:
                problems.add(one.place.of(key), f"{key} 太长", f"不超过 {_LONGEST} 个字")
        for name in one.repeats:
            if name not in before:
                known = "、".join(before) or "无，这是第一个环节"
                problems.add(one.place.of("repeats"), f"repeats 的“{name}”不是前面的环节", f"可用：{known}")
        before[one.stage] = _stage(spec.chain, one)
    return Chain(spec.chain, spec.title, tuple(before.values()))


def _stage(chain: str, spec: StageSpec) -> Stage:
    sheet = spec.sheet or f"{spec.label}表"
    return Stage(chain, spec.stage, spec.label, sheet, spec.repeats, spec.approves, spec.interim, spec.final)


def stage_of(spec: FormSpec, common: Iterable[ChainSpec], problems: Problems) -> tuple[Chain, Stage]:
    """Return the chain and the stage of a form; what cannot be told is a problem, and the first of the usual chain.

    A form's own chains beat those that several forms share, and these the usual one.
    """
    chains = _known(spec, common, problems)
    chain = chains.get(spec.chain or BUDGET.name)
    if chain is None:
        problems.add(spec.place.of("chain"), f"没有名为“{spec.chain}”的环节链", f"可用：{'、'.join(chains)}；{_WHERE}")
        return BUDGET, BUDGET.stages[0]
    stage = chain.stage(spec.stage)
    if stage is None:
        if spec.stage:
            names = [one.name for one in chain.stages]
            guess = difflib.get_close_matches(spec.stage, names, 1)
            remedy = f"是否想写 {guess[0]}" if guess else f"可选：{'、'.join(names)}"
            if not spec.chain:
                remedy += f"；别的业务的环节，写明 chain，{_WHERE}"
            problems.add(spec.place.of("stage"), f"“stage”不能是“{spec.stage}”", remedy)
        return BUDGET, BUDGET.stages[0]
    return chain, stage


def check_beside(form: Form, known: Collection[str], broken: Collection[str], problems: Problems) -> None:
    """Report rules that hold figures against a form that there is not, or a stage that is none of the form's chain."""
    for rule in form.rules:
        if not rule.beside or form.chain.stage(rule.beside) is not None or rule.beside in {*known, *broken}:
            continue
        stages = "、".join(stage.name for stage in form.chain.stages)
        message = f"beside 的“{rule.beside}”不是{form.chain.title}的环节，也不是已有的表式"
        problems.lack(Place(rule.line), message, f"写一个环节（{stages}），或一张表的编号，见 perfxl forms")


_WHERE = "自己的环节链写在 common.yaml 的 chains 里"


def _known(spec: FormSpec, common: Iterable[ChainSpec], problems: Problems) -> Mapping[str, Chain]:
    told = Problems("")  # of the shared ones it is said where they stand
    shared = {one.chain: chain_of(one, told) for one in common}
    own: dict[str, Chain] = {}
    for one in spec.chains:
        if one.chain in own:
            problems.add(one.place.of("chain"), f"环节链“{one.chain}”写了两次", "删去其中一个")
        own[one.chain] = chain_of(one, problems)
    return {BUDGET.name: BUDGET, **shared, **own}
