from __future__ import annotations

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from perfxl.forms.definition import syntax
from perfxl.forms.definition.problem import Place, Problems
from perfxl.forms.definition.syntax import DEEPEST, Items, Node, Pairs, Word, compose
from support.effort import examples


def plain(node: Node | None) -> object:
    """A node as Python's own values; every word is text."""
    match node:
        case Word(_, text):
            return text
        case Items(_, items):
            return [plain(item) for item in items]
        case Pairs(_, pairs):
            return {plain(key): plain(value) for key, value in pairs}
        case None:
            return None


_TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters="\ufeff\ufffe\uffff"))
_TREES = st.recursive(
    _TEXTS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(_TEXTS, inner, max_size=3)),
    max_leaves=12,
)


@settings(max_examples=examples(60))
@given(tree=_TREES, flow=st.sampled_from([True, False, None]))
@example(tree=["a: b", "#c", "- d", "'e'", '"f"', "甲：乙", "!g", "&h", "*i"], flow=None)
def test_what_a_yaml_writer_wrote_is_read_as_text(tree: object, *, flow: bool | None) -> None:
    problems = Problems("f")
    text = yaml.dump(tree, allow_unicode=True, default_flow_style=flow, Dumper=_PlainDumper)
    assert plain(compose(text, problems)) == tree
    assert not problems.found


class _PlainDumper(yaml.SafeDumper):
    """Writes no anchors for texts that come twice."""

    def ignore_aliases(self, data: object) -> bool:
        del data
        return True


def test_places_count_characters_from_one() -> None:
    node = compose("甲: 乙\n丙:\n- {丁: 戊}\n", Problems("f"))
    assert isinstance(node, Pairs)
    (first, value), (second, items) = node.pairs
    assert (first.place, value.place, second.place) == (Place(1, 1), Place(1, 4), Place(2, 1))
    assert isinstance(items, Items)
    inner = items.items[0]
    assert isinstance(inner, Pairs)
    assert (inner.place, inner.pairs[0][1].place) == (Place(3, 3), Place(3, 7))


def test_as_deep_as_allowed_and_no_deeper() -> None:
    for depth, found in ((DEEPEST, 0), (DEEPEST + 1, 1)):
        problems = Problems("f")
        node = compose("[" * depth + "]" * depth, problems)
        assert len(problems.found) == found
        assert (node is None) == bool(found)


def test_the_loader_without_libyaml_says_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ("a: [1\nb: 2", "a:\n\tb: 1", "a: 'x", "a: @x", "a: b: c", "a: *x\n", "a: 1\n---\nb: 2", "a: \x07", "")
    said = [_said(text) for text in texts]
    monkeypatch.setattr(syntax, "_LOADER", yaml.SafeLoader)
    assert [_said(text) for text in texts] == said


def _said(text: str) -> list[tuple[int, str]]:
    problems = Problems("f")
    assert compose(text, problems) is None
    return [(problem.line, problem.message) for problem in problems.found]
