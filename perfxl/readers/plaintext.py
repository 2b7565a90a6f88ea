"""Which kind of text a file is that came in a workbook's place: CSV, a web page, an XML table, plain text."""

from __future__ import annotations

import codecs

from perfxl.readers.refusal import EMPTY, RefusedKind, Remedy

_SAMPLE = 65_536
_BLANKS = " \t\r\n\v\f\x1a"
_MARKUP = ("<!doctype html", "<html", "<head", "<body", "<meta", "<style", "<table", "<div", "<script", "<title")
_BY_CONTENT: tuple[tuple[str, RefusedKind], ...] = (
    ("urn:schemas-microsoft-com:office:spreadsheet", RefusedKind("XML 表格 2003", Remedy.SAVE_AS)),
    ("opendocument.spreadsheet", RefusedKind("OpenDocument 表格（.fods）", Remedy.SAVE_AS)),
    ("<html", RefusedKind("网页（HTML）", Remedy.SAVE_AS)),
)
_XML = RefusedKind("XML 文本")
_CSV = RefusedKind("CSV（纯文本）")
_BY_DELIMITER = ((",", _CSV), ("\t", RefusedKind("以制表符分隔的纯文本")), (";", _CSV))
_PLAIN_TEXT = RefusedKind("纯文本")


def identify_text(data: bytes) -> RefusedKind | None:
    """Return which kind of text a file is, None where it is no text in an encoding in use here."""
    text = _decoded(data[:_SAMPLE], final=len(data) <= _SAMPLE)
    if text is None:
        return None
    start = text.lstrip(_BLANKS).lower()
    if not start:
        return EMPTY
    if start.startswith(_MARKUP):
        return RefusedKind("网页（HTML）", Remedy.SAVE_AS if "<table" in start else Remedy.FILL_IN)
    if start.startswith("mime-version:"):
        return RefusedKind("网页（MHTML）", Remedy.SAVE_AS)
    if start.startswith("<"):
        return next((kind for mark, kind in _BY_CONTENT if mark in start), _XML)
    return _delimited(text)


def _decoded(sample: bytes, *, final: bool) -> str | None:
    """Return the text that the bytes are in the first encoding that fits; the last character may be cut."""
    wide = sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ["utf-16"] if wide else ["utf-8-sig", "gb18030"]:
        try:
            text = codecs.getincrementaldecoder(encoding)().decode(sample, final)
        except UnicodeDecodeError:
            continue
        if all(character >= " " or character in _BLANKS for character in text):
            return text
    return None


def _delimited(text: str) -> RefusedKind:
    lines = [line for line in text.splitlines()[:50] if line.strip()]
    for delimiter, kind in _BY_DELIMITER:
        if sum(delimiter in line for line in lines) >= 0.8 * len(lines):
            return kind
    return _PLAIN_TEXT
