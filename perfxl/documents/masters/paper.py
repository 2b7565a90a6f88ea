"""An official document as WordprocessingML: the page, the faces, the page number (GB/T 9704, 党政机关公文格式).

A4; 天头 37 mm, 订口 28 mm, text area 156 × 225 mm, 22 lines of 28 characters: lines of 28 pt, characters of 16 pt
condensed by 0.2 pt. Page numbers of 14 pt between dashes, 7 mm below the area, on the outer side of the page.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from html import escape

from msgspec import Struct

from perfxl.package.zip_writer import ZipWriter, member, packed

_MM = 1440 / 25.4
"""Twentieths of a point in a millimetre."""
WIDTH, HEIGHT = 11906, 16838
TOP, LEFT = round(37 * _MM), round(28 * _MM)
AREA = 28 * (320 - 4) + 4
"""The width of the text area: 28 characters of 15.8 pt, and what rounding takes; 156 mm."""
RIGHT, BOTTOM = WIDTH - LEFT - AREA, HEIGHT - TOP - round(225 * _MM)
_NUMBER_LINE = 280
_DASH = round(7 * _MM)
"""How far below the text area the dashes of the page number stand: their line's middle."""
_ABOVE_NUMBER = _DASH - _NUMBER_LINE // 2
FOOT = BOTTOM - _ABOVE_NUMBER - _NUMBER_LINE
"""From the paper's edge to the line of the page number, which with the room above it fills the rest of the margin."""
TITLE_FACE, BODY_FACE, BLACK_FACE, KAI_FACE, SONG_FACE = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312", "宋体"
_INSTEAD = {TITLE_FACE: SONG_FACE, BODY_FACE: "仿宋", KAI_FACE: "楷体", BLACK_FACE: "SimHei", SONG_FACE: "SimSun"}
"""What stands in for a face on a machine that has it not."""
_CELL_MARGINS = (
    '<w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="40" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/>'
    '<w:right w:w="40" w:type="dxa"/></w:tblCellMar>'
)
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


class Style(Struct, frozen=True):
    """A paragraph style: its face and size (half points), how its lines and its paragraph are set.

    ``line`` is the height of a line in twentieths of a point, ``exact`` or at least that; ``indent`` what the first line is
    set in by, in hundredths of a character; ``level`` the outline level of a heading, from 1.
    """

    id: str
    name: str
    face: str
    size: int = 32
    line: int = 560
    exact: bool = True
    indent: int = 0
    align: str = "both"
    level: int = 0
    condensed: bool = True
    keep: bool = False


BODY = Style("Body", "正文段落", BODY_FACE, indent=200)
STYLES = (
    Style("Title", "Title", TITLE_FACE, 44, 700, align="center", condensed=False, keep=True),
    Style("Heading1", "heading 1", BLACK_FACE, indent=200, level=1, keep=True),
    Style("Heading2", "heading 2", KAI_FACE, indent=200, level=2, keep=True),
    Style("Heading3", "heading 3", BODY_FACE, indent=200, level=3, keep=True),
    BODY,
    Style("Addressee", "主送", BODY_FACE),
    Style("Closing", "落款", BODY_FACE, align="right", keep=True),
    Style("Gap", "空行", BODY_FACE, keep=True),
    Style("TableTitle", "表名", TITLE_FACE, 36, 600, align="center", condensed=False, keep=True),
    Style("TableNote", "表名下", BODY_FACE, 24, 400, align="center", condensed=False, keep=True),
    Style("Cell", "表格文字", SONG_FACE, 21, 300, exact=False, align="left", condensed=False),
    Style("CellCenter", "表格文字居中", SONG_FACE, 21, 300, exact=False, align="center", condensed=False),
)
_BY_ID = {style.id: style for style in STYLES}


def _face(face: str) -> str:
    return f'<w:rFonts w:ascii="{face}" w:eastAsia="{face}" w:hAnsi="{face}" w:cs="{face}"/>'


def _letters(style: Style) -> str:
    condensed = '<w:spacing w:val="-4"/>' if style.condensed else ""
    return f'{_face(style.face)}{condensed}<w:sz w:val="{style.size}"/><w:szCs w:val="{style.size}"/>'


def _paragraph(style: Style) -> str:
    keep = "<w:keepNext/>" if style.keep else ""
    rule = "exact" if style.exact else "atLeast"
    per = style.size * 10 - (4 if style.condensed else 0)
    indent = f'<w:ind w:firstLineChars="{style.indent}" w:firstLine="{per * style.indent // 100}"/>'
    level = f'<w:outlineLvl w:val="{style.level - 1}"/>' if style.level else ""
    return (
        f'{keep}<w:widowControl w:val="0"/><w:overflowPunct w:val="0"/><w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/>'
        f'<w:adjustRightInd w:val="0"/><w:snapToGrid w:val="0"/><w:spacing w:before="0" w:after="0" w:line="{style.line}" '
        f'w:lineRule="{rule}"/>{indent}<w:jc w:val="{style.align}"/>{level}'
    )


def _styles() -> str:
    """Return the styles. What has none, as a paragraph that somebody adds in Word, is set as the body."""
    own = "".join(
        f'<w:style w:type="paragraph" w:styleId="{style.id}"><w:name w:val="{style.name}"/><w:basedOn w:val="Normal"/>'
        f"<w:qFormat/><w:pPr>{_paragraph(style)}</w:pPr><w:rPr>{_letters(style)}</w:rPr></w:style>"
        for style in STYLES
    )
    return (
        f'{_HEAD}<w:styles {_W}><w:docDefaults><w:rPrDefault><w:rPr>{_letters(BODY)}<w:lang w:val="en-US" '
        'w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>'
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/>'
        f"<w:pPr>{_paragraph(BODY)}</w:pPr><w:rPr>{_letters(BODY)}</w:rPr></w:style>"
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:tblPr><w:tblInd '
        'w:w="0" w:type="dxa"/>'
        f"{_CELL_MARGINS}</w:tblPr></w:style>{own}</w:styles>"
    )


def paragraph(text: str, style: str = "Body", *, breaks: bool = False) -> str:
    """Return a paragraph of one run, whose faces are written out; ``breaks``: it begins a page."""
    set_as = _BY_ID[style]
    page = "<w:pageBreakBefore/>" if breaks else ""
    run = f'<w:r><w:rPr>{_letters(set_as)}</w:rPr><w:t xml:space="preserve">{escape(text, quote=False)}</w:t></w:r>'
    mark = f"<w:rPr>{_letters(set_as)}</w:rPr>"
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{page}{mark}</w:pPr>{run if text else ""}</w:p>'


class TableCell(Struct, frozen=True):
    """A cell of a table: its text, the columns that it covers, whether it begins or goes on with one that is merged down."""

    text: str
    span: int = 1
    merge: str = ""
    centered: bool = True


def table(widths: Sequence[int], rows: Sequence[str]) -> str:
    """Return a table with thin borders, as wide as its columns."""
    edges = ("top", "left", "bottom", "right", "insideH", "insideV")
    borders = "".join(f'<w:{edge} w:val="single" w:sz="4" w:space="0" w:color="auto"/>' for edge in edges)
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>{borders}</w:tblBorders>'
        f'<w:tblLayout w:type="fixed"/>{_CELL_MARGINS}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{"".join(rows)}</w:tbl>'
    )


def table_row(widths: Sequence[int], cells: Sequence[TableCell], *, whole: bool = True, height: int = 400) -> str:
    """Return a row; ``whole``: no page break goes through it."""
    made, column = [], 0
    for cell in cells:
        width = sum(widths[column : column + cell.span])
        column += cell.span
        span = f'<w:gridSpan w:val="{cell.span}"/>' if cell.span > 1 else ""
        merge = f'<w:vMerge w:val="{cell.merge}"/>' if cell.merge else ""
        text = paragraph(cell.text, "CellCenter" if cell.centered else "Cell")
        made.append(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{merge}<w:vAlign w:val="center"/></w:tcPr>{text}</w:tc>'
        )
    split = "<w:cantSplit/>" if whole else ""
    return f'<w:tr><w:trPr>{split}<w:trHeight w:val="{height}" w:hRule="atLeast"/></w:trPr>{"".join(made)}</w:tr>'


def _page_number(align: str, indent: str) -> str:
    """Return a footer: the page's number between dashes, one character in from the side."""
    letters = f'<w:rPr>{_face(SONG_FACE)}<w:sz w:val="28"/><w:szCs w:val="28"/></w:rPr>'

    def run(content: str) -> str:
        return f"<w:r>{letters}{content}</w:r>"

    field = "".join(
        (
            run('<w:fldChar w:fldCharType="begin"/>'),
            run('<w:instrText xml:space="preserve"> PAGE </w:instrText>'),
            run('<w:fldChar w:fldCharType="separate"/>'),
            run("<w:t>1</w:t>"),
            run('<w:fldChar w:fldCharType="end"/>'),
        )
    )
    before, after = run('<w:t xml:space="preserve">— </w:t>'), run('<w:t xml:space="preserve"> —</w:t>')
    return (
        f'{_HEAD}<w:ftr {_W}><w:p><w:pPr><w:widowControl w:val="0"/><w:snapToGrid w:val="0"/><w:spacing '
        f'w:before="{_ABOVE_NUMBER}" w:after="0" w:line="{_NUMBER_LINE}" w:lineRule="exact"/><w:ind {indent} w:firstLineChars="0" '
        f'w:firstLine="0"/><w:jc w:val="{align}"/>{letters}</w:pPr>{before}{field}{after}</w:p></w:ftr>'
    )


_SECTION = (
    '<w:sectPr><w:footerReference w:type="even" r:id="rId4"/><w:footerReference w:type="default" r:id="rId5"/>'
    f'<w:pgSz w:w="{WIDTH}" w:h="{HEIGHT}"/><w:pgMar w:top="{TOP}" w:right="{RIGHT}" w:bottom="{BOTTOM}" w:left="{LEFT}" '
    f'w:header="851" w:footer="{FOOT}" w:gutter="0"/><w:pgNumType w:start="1"/></w:sectPr>'
)


def section_end() -> str:
    """Return the end of a section: what follows begins a page, and pages are numbered anew. It takes no room."""
    return tail(_SECTION)


def tail(more: str = "") -> str:
    """Return a paragraph that takes no room: Word wants one below a table that ends a document."""
    return (
        '<w:p><w:pPr><w:snapToGrid w:val="0"/><w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>'
        f'<w:rPr>{_face(BODY_FACE)}<w:sz w:val="2"/></w:rPr>{more}</w:pPr></w:p>'
    )


def _document(body: str) -> str:
    return f"{_HEAD}<w:document {_W} {_R}><w:body>{body}{_SECTION}</w:body></w:document>"


_SETTINGS = (
    f'{_HEAD}<w:settings {_W}><w:zoom w:percent="100"/><w:evenAndOddHeaders/><w:characterSpacingControl w:val="doNotCompress"/>'
    '<w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'
    "</w:compat></w:settings>"
)


def _fonts() -> str:
    listed = "".join(
        f'<w:font w:name="{face}"><w:altName w:val="{other}"/><w:charset w:val="86"/></w:font>'
        for face, other in _INSTEAD.items()
    )
    return f"{_HEAD}<w:fonts {_W}>{listed}</w:fonts>"


_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_PARTS = {
    "/word/document.xml": f"{_WORD}.document.main+xml",
    "/word/styles.xml": f"{_WORD}.styles+xml",
    "/word/settings.xml": f"{_WORD}.settings+xml",
    "/word/fontTable.xml": f"{_WORD}.fontTable+xml",
    "/word/footer1.xml": f"{_WORD}.footer+xml",
    "/word/footer2.xml": f"{_WORD}.footer+xml",
    "/docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
}


def _relations(targets: Mapping[str, tuple[str, str]]) -> str:
    listed = "".join(
        f'<Relationship Id="{name}" Type="{kind}" Target="{target}"/>' for name, (kind, target) in targets.items()
    )
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{listed}</Relationships>'


def package(body: str, title: str) -> bytes:
    """Return a document with some paragraphs and tables; the same ones give the same bytes."""
    overrides = "".join(f'<Override PartName="{part}" ContentType="{kind}"/>' for part, kind in _PARTS.items())
    parts = {
        "[Content_Types].xml": f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType='
        f'"application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
        f"{overrides}</Types>",
        "_rels/.rels": _relations(
            {
                "rId1": (f"{_OFFICE}/officeDocument", "word/document.xml"),
                "rId2": (f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
            }
        ),
        "word/document.xml": _document(body),
        "word/_rels/document.xml.rels": _relations(
            {
                "rId1": (f"{_OFFICE}/styles", "styles.xml"),
                "rId2": (f"{_OFFICE}/settings", "settings.xml"),
                "rId3": (f"{_OFFICE}/fontTable", "fontTable.xml"),
                "rId4": (f"{_OFFICE}/footer", "footer1.xml"),
                "rId5": (f"{_OFFICE}/footer", "footer2.xml"),
            }
        ),
        "word/styles.xml": _styles(),
        "word/settings.xml": _SETTINGS,
        "word/fontTable.xml": _fonts(),
        "word/footer1.xml": _page_number("left", 'w:leftChars="100" w:left="280"'),
        "word/footer2.xml": _page_number("right", 'w:rightChars="100" w:right="280"'),
        "docProps/core.xml": f'{_HEAD}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" xmlns:dc='
        f'"http://purl.org/dc/elements/1.1/"><dc:title>{escape(title)}</dc:title></cp:coreProperties>',
    }
    whole = io.BytesIO()
    writer = ZipWriter(whole)
    for name, content in parts.items():
        writer.add(*packed(member(name), content.encode()))
    writer.finish()
    return whole.getvalue()
