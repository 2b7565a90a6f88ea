"""What a file is that is no package of Office Open XML, told by its bytes and never by its suffix."""

from __future__ import annotations

from collections.abc import Mapping

from perfxl.package.limits import Limits
from perfxl.package.ole import SIGNATURE, Compound
from perfxl.package.package import Package
from perfxl.package.scan import attribute, scan
from perfxl.package.unreadable import Unreadable, UnreadableReason
from perfxl.readers.biff import begins_records
from perfxl.readers.plaintext import identify_text
from perfxl.readers.refusal import EMPTY, Format, RefusedKind, Remedy


def _document(what: str) -> RefusedKind:
    """Return a kind of file that units send along with their returns."""
    return RefusedKind(what, attaches=True)


_BY_SIGNATURE: tuple[tuple[int, bytes, RefusedKind], ...] = (
    (0, b"%PDF-", _document("PDF 文件")),
    (0, b"\xff\xd8\xff", _document("图片（JPEG）")),
    (0, b"\x89PNG\r\n\x1a\n", _document("图片（PNG）")),
    (0, b"GIF8", _document("图片（GIF）")),
    (0, b"II*\x00", _document("图片（TIFF）")),
    (0, b"MM\x00*", _document("图片（TIFF）")),
    (8, b"WEBP", _document("图片（WebP）")),
    (4, b"ftyphei", _document("图片（HEIC）")),
    (4, b"ftypmif1", _document("图片（HEIC）")),
    (4, b"ftyp", RefusedKind("视频文件")),
    (0, b"Rar!\x1a\x07", RefusedKind("压缩包（RAR）", Remedy.UNPACK)),
    (0, b"7z\xbc\xaf\x27\x1c", RefusedKind("压缩包（7z）", Remedy.UNPACK)),
    (0, b"\x1f\x8b", RefusedKind("压缩包（gz）", Remedy.UNPACK)),
    (0, b"BZh", RefusedKind("压缩包（bz2）", Remedy.UNPACK)),
    (0, b"\xfd7zXZ\x00", RefusedKind("压缩包（xz）", Remedy.UNPACK)),
    (257, b"ustar", RefusedKind("压缩包（tar）", Remedy.UNPACK)),
    (0, b"{\\rtf", _document("RTF 文档")),
    (0, b"MZ", RefusedKind("程序文件")),
    (0, b"\x00\x05\x16\x07", RefusedKind("苹果电脑的附属文件")),
    (0, b"\x00\x01\x00\x00Standard", RefusedKind("Access 数据库")),
)

_BY_STREAM: tuple[tuple[str, RefusedKind | Format], ...] = (
    ("Workbook", Format.XLS),
    ("Book", Format.XLS),
    ("WordDocument", _document("Word 文档（.doc 或 .wps）")),
    ("PowerPoint Document", _document("演示文稿（.ppt 或 .dps）")),
)

_BY_MEMBER: tuple[tuple[str, RefusedKind], ...] = (
    ("word/", _document("Word 文档（.docx）")),
    ("ppt/", _document("演示文稿（.pptx）")),
    ("visio/", RefusedKind("Visio 绘图")),
    ("ofd.xml", _document("OFD 版式文件")),
    ("index/document.iwa", RefusedKind("苹果 Numbers 表格或文稿", Remedy.SAVE_AS)),
    ("index.zip", RefusedKind("苹果 Numbers 表格或文稿", Remedy.SAVE_AS)),
)

_SPREADSHEET = "application/vnd.oasis.opendocument.spreadsheet"
_BY_MIMETYPE: tuple[tuple[str, RefusedKind | Format], ...] = (
    (_SPREADSHEET, Format.ODS),
    ("application/vnd.oasis.opendocument", _document("OpenDocument 文档")),
)

_MIMETYPE, MANIFEST, CONTENT = "mimetype", "META-INF/manifest.xml", "content.xml"
_LONGEST_MEDIA_TYPE = 200
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_ARCHIVE = RefusedKind("压缩包（ZIP）", Remedy.UNPACK)


def identify(data: bytes) -> RefusedKind | Format | None:
    """Return what a file is, None where it may be a package.

    Raises Unreadable for an old Office file whose directory is damaged.
    """
    if not data.strip(b"\x00"):
        return EMPTY
    if data.startswith(_ZIP):
        return None
    if data.startswith(SIGNATURE):
        return _old_office(data)
    if begins_records(data):
        return Format.XLS
    for offset, signature, kind in _BY_SIGNATURE:
        if data.startswith(signature, offset):
            return kind
    if data.startswith(b"BM") and int.from_bytes(data[2:6], "little") == len(data):
        return _document("图片（BMP）")
    return identify_text(data)


def identify_archive(package: Package, limits: Limits) -> RefusedKind | Format:
    """Return what a zip file is that has no workbook part, by the names of its members.

    Raises Unreadable for what is left of a workbook.
    """
    declared = _media_type(package, limits)
    for mimetype, kind in _BY_MIMETYPE:
        if declared.startswith(mimetype):
            return kind
    names = [name.lower() for name in package.names]
    for start, kind in _BY_MEMBER:
        if any(name.startswith(start) for name in names):
            return kind
    if any(name.startswith("xl/") for name in names):
        raise Unreadable(UnreadableReason.DAMAGED, "工作簿的目录丢失了")
    return _ARCHIVE


def _media_type(package: Package, limits: Limits) -> str:
    """Return the media type that an OpenDocument package declares, "" where nothing does.

    In its first member, else in its manifest; where both are missing its content says what it is.
    """
    try:
        if _MIMETYPE in package:
            return package.read(_MIMETYPE)[:_LONGEST_MEDIA_TYPE].decode("latin-1").strip()
        if MANIFEST in package and (stated := _of_the_whole(package.read(MANIFEST), limits)):
            return stated
        return _SPREADSHEET if CONTENT in package and b"<office:spreadsheet" in package.read(CONTENT) else ""
    except Unreadable:
        return ""


def _of_the_whole(manifest: bytes, limits: Limits) -> str:
    """Return the media type that a manifest has for the whole package. Raises Unreadable."""
    found: list[str] = []

    def opened(_: int, name: str, attributes: Mapping[str, str]) -> None:
        if name == "file-entry" and attribute(attributes, "full-path") == "/":
            found.append(attribute(attributes, "media-type") or "")

    scan(manifest, limits, opened)
    return found[0] if found else ""


def _old_office(data: bytes) -> RefusedKind | Format:
    compound = Compound(data)
    if not compound.names:
        raise Unreadable(UnreadableReason.DAMAGED, "旧版 Office 文件的目录读不出")
    return next(
        (kind for stream, kind in _BY_STREAM if stream in compound), RefusedKind("旧版 Office 文件（不含表格）")
    )
