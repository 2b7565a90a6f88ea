"""Whatever people do to a form, its data is what was typed, or something is said about it; every form."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import pytest

from perfxl.align.recognise import ACCEPT, MARGIN, rank
from support.altered import FORMS, PATTERNS, Outcome, altered
from support.mutants import DAMAGES, MUTATIONS, Mutation

SEVERAL = len(MUTATIONS)
"""Mutants of each form with several alterations (at least 28), beside one for each alteration alone."""
MANY = 400
HARMLESS = frozenset({"row_deleted", "column_cleared", "columns_deleted"})
"""Damages after which nothing is wrong where only what was typed is gone with them."""


def mutants(form: str, count: int, first: int = 0) -> Iterator[Outcome]:
    """Make mutants of a form with one to four alterations, each of them in its turn."""
    for seed in range(first, first + count):
        rng = Random(f"several {form} {seed}")
        chosen: list[Mutation] = [MUTATIONS[seed % len(MUTATIONS)], *rng.sample(MUTATIONS, rng.randint(0, 3))]
        rng.shuffle(chosen)
        yield altered(form, seed, chosen)


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
def test_one_alteration_leaves_the_data_as_it_was(form: str) -> None:
    for number, mutation in enumerate(MUTATIONS):
        outcome = altered(form, number, [mutation])
        assert outcome.exact, str(outcome)


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
def test_several_alterations_leave_the_data_as_it_was_or_are_said(form: str) -> None:
    outcomes = list(mutants(form, SEVERAL))
    for outcome in outcomes:
        assert outcome.exact or outcome.said, str(outcome)
    assert sum(outcome.exact for outcome in outcomes) >= SEVERAL - 1, [str(o) for o in outcomes if not o.exact]


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
def test_an_altered_form_is_still_recognised(form: str) -> None:
    for outcome in mutants(form, 12, first=1000):
        best, *others = rank(PATTERNS, outcome.grid)
        assert best.form == form
        assert best.reading.confidence >= ACCEPT, outcome.made
        assert all(best.reading.confidence - other.reading.confidence >= MARGIN for other in others), outcome.made


@pytest.mark.slow
def test_every_alteration_is_made_somewhere() -> None:
    made = {
        name
        for form in FORMS
        for number, mutation in enumerate(MUTATIONS)
        for name in altered(form, number, [mutation]).made
    }
    assert made == {mutation.__name__ for mutation in MUTATIONS}


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_damage_is_never_passed_over(form: str, damage: Mutation) -> None:
    """What is lost cannot be read; but no value may be taken for another one without a word."""
    for seed in range(4):
        outcome = altered(form, seed, [damage])
        if damage.__name__ in HARMLESS and not outcome.said:
            assert _only_lost(outcome.expected, outcome.data), str(outcome)
        else:
            assert outcome.exact or outcome.said, str(outcome)


def _only_lost(expected: object, found: object) -> bool:
    """Tell whether data differs only in what is not there any more."""
    if isinstance(expected, dict) and isinstance(found, dict):
        return all(_only_lost(expected.get(key), found.get(key)) for key in {*expected, *found})
    if isinstance(expected, list) and isinstance(found, list):
        left = iter(expected)
        return all(any(_only_lost(row, mine) for row in left) for mine in found)
    return found is None or expected == found or isinstance(expected, str)


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
def test_of_many_mutants_nearly_all_are_read_exactly(form: str) -> None:
    outcomes = list(mutants(form, MANY, first=5000))
    for outcome in outcomes:
        assert outcome.exact or outcome.said, str(outcome)
    assert sum(outcome.exact for outcome in outcomes) >= 0.99 * MANY
