"""A submission's JSON read back: what was written for other programs is also what perfxl goes on with."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, cast

import msgspec

from perfxl.model.finding import Finding, Fix, FixKind, Severity, Shown
from perfxl.model.record import Record
from perfxl.model.submission import By, FormReturn, Source, Submission, Unit
from perfxl.model.value import IndicatorValue, Kind
from perfxl.report.document import CONTRACT_VERSION, Data

_DECODER = msgspec.json.Decoder(float_hook=Decimal)


def stored(document: bytes) -> tuple[Submission, tuple[Data, ...]]:
    """Return the submission in a JSON document and the ``data`` of its forms; numbers keep their digits.

    The records of the forms are empty: what a form holds is in ``data``. Writing both again gives the same bytes.
    Raises ValueError where the document is not a submission of this version of the contract.
    """
    try:
        tree = _DECODER.decode(document)
        known = tree["perfxl"] == CONTRACT_VERSION
        source = Source(**{key: tree["source"][key] for key in ("file", "sha256", "bytes", "format")})
        forms = tuple(_form(form) for form in tree["forms"])
        findings = tuple(_finding(finding) for finding in tree["findings"])
        datas = tuple(cast("Data", form["data"]) for form in tree["forms"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ValueError("not a submission") from error
    if not known:
        raise ValueError("a submission of another version")
    return Submission(source, forms, findings), datas


def _form(tree: Mapping[str, Any]) -> FormReturn:
    return FormReturn(
        form=tree["form"],
        version=tree["version"],
        sheet=tree["sheet"],
        by=By(tree["recognized"]["by"]),
        confidence=float(tree["recognized"]["confidence"]),
        year=tree["year"],
        unit=Unit(tree["unit"]["name"], tree["unit"]["code"]),
        record=Record(),
    )


def _finding(tree: Mapping[str, Any]) -> Finding:
    return Finding(
        code=tree["code"],
        severity=Severity(tree["severity"]),
        message=tree["message"],
        sheet=tree["sheet"],
        cell=tree["cell"],
        path=tree["path"],
        label=tree["label"],
        value=_shown(tree["value"]),
        expected=_shown(tree["expected"]),
        fix=Fix(FixKind(tree["fix"]["kind"]), _shown(tree["fix"].get("value"))),
        related=tuple(tree["related"]),
    )


def _shown(tree: object) -> Shown:
    match tree:
        case dict():
            return IndicatorValue(**{_FIELDS.get(str(key), str(key)): _part(key, part) for key, part in tree.items()})
        case int() if not isinstance(tree, bool):
            return Decimal(tree)
        case _:
            return cast("Shown", tree)


_FIELDS = {"from": "from_month", "to": "to_month"}
_NUMBERS = frozenset({"value", "low", "high", "times"})


def _part(key: str, value: object) -> Any:
    if key == "kind":
        return Kind(cast("str", value))
    return Decimal(value) if key in _NUMBERS and isinstance(value, int) else value
