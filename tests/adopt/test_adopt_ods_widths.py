"""Columns of an .ods, which has them in centimetres, are as wide as they were in the workbook that it came from."""

from __future__ import annotations

import io
import zipfile

import pytest

from perfxl.adopt.workbook import sheets_of

_NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{rest}:1.0"'
    for name, rest in (
        ("office", "office"),
        ("style", "style"),
        ("table", "table"),
        ("text", "text"),
        ("fo", "xsl-fo-compatible"),
    )
)
_TEXT = "application/vnd.oasis.opendocument.spreadsheet"
_DEFAULT = '<style:style style:name="Default" style:family="table-cell"><style:text-properties style:font-name="宋体" fo:font-size="11pt"/>'


def spreadsheet(width: str, rest: str | None) -> bytes:
    """Return a spreadsheet with one column of a width, and as wide a rest of the sheet as is said."""
    widths = {"co1": width, "co2": rest}
    made = "".join(
        f'<style:style style:name="{name}" style:family="table-column">'
        f'<style:table-column-properties style:column-width="{said}"/></style:style>'
        for name, said in widths.items()
        if said is not None
    )
    others = '<table:table-column table:style-name="co2" table:number-columns-repeated="16383"/>' if rest else ""
    content = (
        f"<office:document-content {_NAMES}><office:automatic-styles>{made}</office:automatic-styles><office:body>"
        f'<office:spreadsheet><table:table table:name="a"><table:table-column table:style-name="co1"/>{others}'
        '<table:table-row><table:table-cell office:value-type="string"><text:p>项目名称</text:p></table:table-cell>'
        "</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"
    )
    styles = f"<office:document-styles {_NAMES}><office:styles>{_DEFAULT}</style:style></office:styles></office:document-styles>"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        packed.writestr("mimetype", _TEXT)
        packed.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_TEXT}"/></manifest:manifest>',
        )
        packed.writestr("content.xml", content)
        packed.writestr("styles.xml", styles)
    return buffer.getvalue()


# A digit of 宋体 is half as wide as it is high (0.0764 in at 11 points), of the face that stood in for it 0.0854 in.
@pytest.mark.parametrize(
    ("width", "rest", "characters"),
    [
        ("1.6346in", "0.7354in", 18.43),  # eight digits and five pixels of a face that stands in
        ("0.4756in", "0.7354in", 4.86),
        ("1.4622in", "0.6875in", 18.43),  # nine digits of 宋体 itself
        ("1.4622in", "0.889in", 18.43),  # a sheet that LibreOffice began: nothing is known but the face
        ("1.4622in", None, 18.43),
        ("1.4622in", "3in", 18.43),  # no width that a program gives by itself
    ],
)
def test_columns_are_as_wide_as_they_were(width: str, rest: str | None, characters: float) -> None:
    (sheet,) = sheets_of(spreadsheet(width, rest))
    assert sheet.widths[1] == pytest.approx(characters, abs=0.03)
