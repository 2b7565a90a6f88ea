"""Every regular expression of the code takes time in proportion to what it reads, however the text repeats itself."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from random import Random
from typing import Any

import pytest

from perfxl.align.pattern import compile_pattern
from perfxl.forms.definition.load import load_forms
from perfxl.forms.layout.place import place
from support.effort import without_long_ones
from support.regexes import LONGEST, Site, every_regex, hard_texts, is_too_much_for_python_3_11

_PATIENCE = 0.05
"""Seconds for one text."""
_SAMPLED = 8
"""Texts for each expression in the quick test."""

_CUT = {
    ("perfxl.rules.targets", "了|地)+$"): 40,
}
"""Expressions of which the code cuts what they are given: module, end of the expression, longest text."""

_BUILT = {
    "perfxl.forms.definition.review": "names of fields in definitions",
    "perfxl.adopt.definition": "words of stages, written there",
    "perfxl.adopt.fields": "labels of the form that is read, as they are, and one to three characters",
    "perfxl.align.captions": "captions of forms, and units of amounts: tried below",
    "perfxl.align.label_patterns": "labels of forms: tried below",
    "perfxl.writer.plate": "workbooks that perfxl has written itself",
    "perfxl.package.splice": "names of elements and attributes: tried below",
    "perfxl.model.regex": "what `deferred` is given, which is tried where it stands",
}
"""Modules that put expressions together as they run, and of what."""


def _limit(site: Site) -> int:
    of = ((module, end) for (module, end) in _CUT if module == site.module and str(site.pattern.pattern).endswith(end))
    return next((_CUT[key] for key in of), LONGEST)


def _slow(pattern: re.Pattern[Any], uses: Iterable[str], texts: Iterable[Any]) -> str:
    """Return the first text that takes too long, shortened, "" if none does."""
    for text in texts:
        for use in uses:
            for length in (len(text) // 16, len(text) // 4, len(text)):
                if _seconds(pattern, use, text[:length]) > _PATIENCE:
                    return f"{use} {text[:24]!r}… ({length})"
    return ""


def _seconds(pattern: re.Pattern[Any], use: str, text: Any) -> float:
    """Return the least time of three: a machine may be busy."""
    least = float("inf")
    for _ in range(3):
        start = time.thread_time()
        getattr(pattern, use)(text)
        least = min(least, time.thread_time() - start)
        if least <= _PATIENCE:
            break
    return least


_FORMS = load_forms()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Try each expression by itself where the long tests are run; to look for them takes seconds."""
    if "site" in metafunc.fixturenames:
        sites = [] if without_long_ones(metafunc.config) else every_regex().sites
        metafunc.parametrize("site", sites, ids=lambda site: site.name)


def test_modules_that_build_expressions_are_known() -> None:
    assert set(every_regex().built) == set(_BUILT)


def test_every_python_finds_the_same() -> None:
    assert [site.name for site in every_regex().sites if is_too_much_for_python_3_11(site.pattern)] == []
    lost = (rb"<si>(?:[^<]++|<(?!/?si>))*+</si>", rb"<a>(?:<b>(?:<c>)?+</b>)*+</a>")
    assert all(is_too_much_for_python_3_11(re.compile(pattern)) for pattern in lost)


def test_every_cut_is_of_an_expression_that_is_there() -> None:
    assert {(site.module, end) for site in every_regex().sites for _, end in _CUT if _limit(site) < LONGEST} == set(
        _CUT
    )


def test_expressions_are_linear__sampled() -> None:
    slow = {}
    for site in every_regex().sites:
        texts = list(hard_texts(site.pattern, _limit(site)))
        chosen = Random(site.name).sample(texts, min(_SAMPLED, len(texts)))
        slow[site.name] = _slow(site.pattern, site.uses, chosen)
    assert not {name: text for name, text in slow.items() if text}


@pytest.mark.slow
def test_expressions_are_linear(site: Site) -> None:
    assert not _slow(site.pattern, site.uses, hard_texts(site.pattern, _limit(site)))


def _own(name: str) -> list[re.Pattern[str]]:
    return [sign.pattern for sign in compile_pattern(place(_FORMS[name])).patterns if sign.pattern is not None]


@pytest.mark.slow
@pytest.mark.parametrize("form", _FORMS)
def test_expressions_of_labels_are_linear(form: str) -> None:
    slow = {own.pattern: _slow(own, {"fullmatch"}, hard_texts(own)) for own in _own(form)}
    assert not {pattern: text for pattern, text in slow.items() if text}


@pytest.mark.parametrize("form", _FORMS)
def test_expressions_of_captions_are_linear(form: str) -> None:
    finder = compile_pattern(place(_FORMS[form])).captions.finder
    texts = list(hard_texts(finder))
    assert not _slow(finder, {"search"}, Random(form).sample(texts, min(_SAMPLED, len(texts))))


@pytest.mark.slow
def test_a_careless_expression_is_noticed() -> None:
    careless: tuple[tuple[re.Pattern[Any], int], ...] = (
        (re.compile("(?:明显|了)+$"), 6_000),
        (re.compile(r"\s*x"), 20_000),
        (re.compile(rb"<[^\s/>]+[^>]*>"), 2_000),
    )
    assert all(_slow(pattern, {"search"}, hard_texts(pattern, length)) for pattern, length in careless)
    careful = re.compile(r"(?<!\s)\s++x")
    assert not _slow(careful, {"search"}, hard_texts(careful, 6_000))
