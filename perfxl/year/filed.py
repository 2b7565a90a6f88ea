"""What units have filed on some forms, accepted or not: which of it is written about."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from perfxl.model.form import Form
from perfxl.model.roster import code_key, name_key
from perfxl.model.submission import Status, Unit
from perfxl.rules.accepted import project
from perfxl.rules.versions import Version, rule_on, versions
from perfxl.year.sources import LeftOut, Opened, Reason, SourceForm


class FiledForm(Struct, frozen=True):
    """A form that was filed, and whether the return that it was in goes back."""

    entry: SourceForm
    rejected: bool


class Filings(Struct, frozen=True):
    """What was filed, in the documents' order, and what is not used."""

    candidates: tuple[FiledForm, ...]
    left_out: tuple[LeftOut, ...]


def filings(opened: Iterable[Opened], forms: Mapping[str, Form], wanted: Collection[str]) -> Filings:
    """Look through opened documents for some forms, by their ids.

    Of several versions the latest that was accepted is used; where none was, the latest of those that go back.
    """
    found: dict[tuple[int, int], FiledForm] = {}
    known: dict[tuple[int, int], Version] = {}
    left_out: list[LeftOut] = []
    for at, one in enumerate(opened):
        left_out += one.left_out
        if one.submission is None:
            continue
        rejected = one.submission.status is Status.REJECTED
        told = {version.place: version for version in versions(at, one.submission)}
        for number, form in enumerate(one.submission.forms):
            if form.form not in wanted:
                continue
            if form.superseded_by is not None:
                said = f"里的《{forms[form.form].title}》已由后来交回的“{form.superseded_by}”代替，没有采用"
                left_out.append(LeftOut(one.document.name, Reason.SUPERSEDED, said, (form.form,)))
                continue
            place = at, number
            version = told.get(place)
            scope = version.scope if version is not None else ""
            file = one.submission.source.file
            whose = form.form, form.year, form.unit, project(form), scope
            entry = SourceForm(one.document, number, file, *whose, form.period)
            found[place] = FiledForm(entry, rejected)
            if version is not None:
                known[place] = replace(version, file=one.document.name)
    for place, why in _passed_over(found, known).items():
        entry = found.pop(place).entry
        left_out.append(LeftOut(entry.document.name, Reason.SUPERSEDED, why, (entry.form,)))
    return Filings(tuple(found.values()), tuple(left_out))


def _passed_over(
    found: Mapping[tuple[int, int], FiledForm], known: Mapping[tuple[int, int], Version]
) -> dict[tuple[int, int], str]:
    """Return the versions that are not used, each with why, to go on after the document's name."""
    accepted = [version for place, version in known.items() if not found[place].rejected]
    others = [version for place, version in known.items() if found[place].rejected]
    gone = _superseded(accepted)
    left = []
    for version in others:
        better = next((one for one in accepted if one.place not in gone and _same_subject(version, one)), None)
        if better is None:
            left.append(version)
        else:
            gone[version.place] = f"是退回的，同一张表已有通过的“{better.file}”，用那一份"
    return gone | _superseded(left)


def _superseded(known: Sequence[Version]) -> dict[tuple[int, int], str]:
    return {
        place: f"没有采用：{ruling.finding.message}"
        for place, ruling in rule_on(known).items()
        if ruling.superseded_by is not None
    }


def _same_subject(one: Version, other: Version) -> bool:
    about = (one.form, one.period, name_key(one.project), one.scope)
    return about == (other.form, other.period, name_key(other.project), other.scope) and is_same(one.unit, other.unit)


def is_same(one: Unit, other: Unit) -> bool:
    """Tell whether two units are one: by code where both have one, else by name."""
    if one.code and other.code:
        return code_key(one.code) == code_key(other.code)
    return bool(one.name and other.name) and name_key(one.name or "") == name_key(other.name or "")
