"""Units of a district, what each types into its blank, and thirty ways in which a return goes wrong."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from decimal import Decimal
from types import MappingProxyType

import openpyxl
from openpyxl.workbook import Workbook

from perfxl.api import layout
from perfxl.demo import fill, type_in
from perfxl.forms.compute import compute
from perfxl.forms.data import from_data
from perfxl.forms.definition.load import load_forms, shipped
from perfxl.model.record import Record
from support.compound import compound
from support.hunan import SHEET
from support.pile import zipped

NAME = "hunan-dept-self-eval"
YEAR = 2023
FORM = load_forms()[NAME]
_SAMPLE = (shipped() / NAME / "sample.json").read_text(encoding="utf-8")


def unit(number: int) -> tuple[str, str]:
    """Return the code and the name of a unit."""
    return f"0304{number:04}", f"青溪区第{number}中学"


def record(number: int) -> Record:
    """Return what a unit has to report: its own figures, all in order."""
    data = json.loads(_SAMPLE, parse_float=Decimal)
    budget = Decimal(1000) + Decimal("17.31") * number
    funds = data["funds"]
    funds["total"] |= {"initial": budget - 100, "budget": budget, "executed": budget - Decimal("3.07")}
    funds["by_income"] |= {"general": budget - Decimal("95.42"), "other": Decimal("95.42")}
    funds["by_expense"] |= {"basic": Decimal("451.64"), "project": budget - Decimal("451.64")}
    data |= {"year": YEAR, "unit_name": unit(number)[1]}
    data["goal"]["actual"] += f"惠及学生{number}名。"
    made, misfits = from_data(FORM, data)
    assert not misfits, misfits
    return compute(FORM, made).record


def filled(number: int, blank: bytes) -> bytes:
    """Return a unit's blank, filled in cell by cell through openpyxl."""
    code, name = unit(number)
    return type_in(blank, SHEET, fill(layout(FORM, year=YEAR, unit=name, unit_code=code), FORM, record(number)))


# -- what goes wrong ------------------------------------------------------------------------------------------------

Damage = Callable[[bytes], bytes]


def _with(**cells: str | float) -> Damage:
    return lambda data: type_in(data, SHEET, cells)


def _book(change: Callable[[Workbook], object]) -> Damage:
    def damage(data: bytes) -> bytes:
        book = openpyxl.load_workbook(io.BytesIO(data))
        change(book)
        buffer = io.BytesIO()
        book.save(buffer)
        return buffer.getvalue()

    return damage


def _instead(data: bytes) -> Damage:
    return lambda _: data


def _part(name: str, change: Callable[[bytes], bytes]) -> Damage:
    def damage(data: bytes) -> bytes:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = {member: package.read(member) for member in package.namelist()}
        return zipped({member: change(part) if member == name else part for member, part in parts.items()})

    return damage


def _unrelated() -> bytes:
    buffer = io.BytesIO()
    book = openpyxl.Workbook()
    book.worksheets[0].append(["姓名", "电话"])
    book.save(buffer)
    return buffer.getvalue()


def _twice(book: Workbook) -> None:
    sheet = book[SHEET]
    for column in "DEFGHI":
        sheet[f"{column}18"] = sheet[f"{column}17"].value
    sheet["E18"] = "90%"


DAMAGES: Mapping[str, tuple[str, Damage]] = MappingProxyType(
    {
        "cut short": ("F01", lambda data: data[: len(data) // 2]),
        "a PDF": ("F01", _instead(b"%PDF-1.7\n")),
        "a Word document": ("F01", _instead(zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": b""}))),
        "a picture": ("F01", _instead(b"\xff\xd8\xff\xe0" + bytes(99))),
        "a RAR archive": ("F01", _instead(b"Rar!\x1a\x07\x01\x00" + bytes(99))),
        "empty": ("F01", _instead(b"")),
        "a text": ("F01", _instead("单位,金额\n青溪区,12\n".encode("gb18030"))),
        "with a password": ("F02", _instead(compound("EncryptionInfo", "EncryptedPackage"))),
        "a bomb": ("F03", _part("xl/styles.xml", lambda _: bytes(30_000_000))),
        "entities": ("F01", _part("xl/workbook.xml", lambda xml: b'<!DOCTYPE a [<!ENTITY b "c">]>' + xml)),
        "another workbook": ("F06", _instead(_unrelated())),
        "a sheet beside it": ("F07", _book(lambda book: book.create_sheet("通讯录").append(["姓名"]))),
        "the form twice": ("F08", _book(lambda book: book.copy_worksheet(book[SHEET]))),
        "another year in the caption": ("S11", _with(A2=2022)),
        "a label gone": ("S01", _with(A4="", B5="", B6="")),
        "an error value": ("S06", _with(F5="#REF!")),
        "a placeholder": ("S10", _with(B12="待填")),
        "no unit": ("V01", _with(D3="")),
        "words for an amount": ("V02", _with(E5="约六千万")),
        "yuan for ten thousand yuan": ("V02", _with(D5="16164300元")),
        "a negative amount": ("V04", _with(D5=-1)),
        "full-width digits": ("V10", _with(D5="１６１６．４３")),
        "income that does not add up": ("M06", _with(B7=1)),
        "more spent than there was": ("M05", _with(F5=99999)),
        "an indicator without a value": ("G04", _with(E17="")),
        "one twice, otherwise": ("G05", _book(_twice)),
        "no result": ("C02", _with(F17="")),
        "below the target without a reason": ("C04", _with(F17="60%")),
        "points that do not add up": ("P01", _with(G17=19)),
        "a score above its weight": ("P02", _with(H17=22)),
    }
)
"""A name for each way, the code that tells of it, what is done."""
