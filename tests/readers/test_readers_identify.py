"""Files that are no workbook: each is named for what it is, and an Excel file is asked for."""

from __future__ import annotations

import codecs
import io
import tarfile
import zipfile
import zlib

import pytest
from msgspec.structs import replace

from perfxl.model.finding import Finding, Severity
from perfxl.package.limits import DEFAULT, Limits
from perfxl.readers.book import read_book
from support.compound import compound
from support.handmade import book, parts, relations, worksheet, zipped

TABLE = "项目名称,年初预算数,全年执行数\n义务教育,120.50,118.00\n学前教育,36.00,35.20\n"
PAGE = "<html><head><meta charset='gb2312'></head><body><table><tr><td>项目</td></tr></table></body></html>"


def refused(data: bytes, limits: Limits = DEFAULT) -> Finding:
    found = read_book(data, limits)
    assert isinstance(found, Finding)
    assert found.severity is Severity.ERROR
    assert found.message.endswith("。")
    return found


def tar() -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("表.xlsx"))
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "空的"),
        (bytes(2048), "空的"),
        (b"\xef\xbb\xbf \r\n\t", "空的"),
        (b"%PDF-1.7\n%\xe2\xe3", "PDF 文件，不是"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "图片（JPEG）"),
        (b"\x89PNG\r\n\x1a\n\x00", "图片（PNG）"),
        (b"GIF89a\x01\x00", "图片（GIF）"),
        (b"BM\x0a\x00\x00\x00\x00\x00\x00\x00", "图片（BMP）"),
        (b"II*\x00\x08\x00", "图片（TIFF）"),
        (b"RIFF\x24\x00\x00\x00WEBPVP8 ", "图片（WebP）"),
        (b"\x00\x00\x00\x18ftypheic", "图片（HEIC）"),
        (b"\x00\x00\x00\x18ftypisom", "视频"),
        (b"Rar!\x1a\x07\x01\x00", "压缩包（RAR）"),
        (b"7z\xbc\xaf\x27\x1c\x00\x04", "压缩包（7z）"),
        (b"\x1f\x8b\x08\x00", "压缩包（gz）"),
        (tar(), "压缩包（tar）"),
        (b"{\\rtf1\\ansi", "RTF 文档"),
        (b"MZ\x90\x00", "程序文件"),
        (b"\x09\x08\x10\x00\x00\x06\x05\x00", "损坏"),
        (compound("Workbook"), "损坏"),
        (compound("Book", "ETExtData"), "损坏"),
        (compound("WordDocument", "ObjectPool", inside={"ObjectPool": ["Workbook"]}), "Word 文档（.doc 或 .wps）"),
        (compound("PowerPoint Document"), "演示文稿"),
        (compound("__properties_version1.0"), "旧版 Office 文件（不含表格）"),
        (zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": "<document/>"}), "Word 文档（.docx）"),
        (zipped({"[Content_Types].xml": "<Types/>", "ppt/presentation.xml": "<p/>"}), "演示文稿（.pptx）"),
        (zipped({"OFD.xml": "<OFD/>", "Doc_0/Document.xml": "<D/>"}), "OFD 版式文件"),
        (zipped({"Index/Document.iwa": b"\x00"}), "苹果 Numbers"),
        (zipped({"说明.txt": "见附件"}), "压缩包（ZIP）"),
        (zipped({"教育局/自评表.xlsx": b"PK"}), "压缩包（ZIP）"),
        (zipped({}), "压缩包（ZIP）"),
        (TABLE.encode(), "CSV（纯文本）"),
        (TABLE.encode("utf-8-sig"), "CSV（纯文本）"),
        (TABLE.encode("gb18030"), "CSV（纯文本）"),
        (TABLE.encode("utf-16"), "CSV（纯文本）"),
        (TABLE.replace(",", ";").encode("gb18030"), "CSV（纯文本）"),
        (TABLE.replace(",", "\t").encode(), "制表符"),
        ((TABLE * 3000).encode("gb18030"), "CSV（纯文本）"),
        (b"PK,1\nPK,2\n", "CSV（纯文本）"),
        ("本年度工作总结如下。\n一是抓落实。\n".encode("gb18030"), "纯文本，不是"),
        (PAGE.encode("gb18030"), "网页（HTML）"),
        (b"\r\n<!DOCTYPE HTML><p>404</p>", "网页（HTML）"),
        (b'<?xml version="1.0"?><html xmlns="urn:x"/>', "网页（HTML）"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "网页（MHTML）"),
        (
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
            "XML 表格 2003",
        ),
        (b'<?xml version="1.0"?><a/>', "XML 文本"),
        (bytes(range(256)) * 4, "认不出"),
    ],
)
def test_what_a_file_is(data: bytes, words: str) -> None:
    found = refused(data)
    assert found.code == "F01"
    assert words in found.message
    assert "Excel" in found.message


def test_csv_message_in_full() -> None:
    assert refused(TABLE.encode("gb18030")).message == (
        "这个文件是 CSV（纯文本），不是 Excel 工作簿。请用下发的 Excel 表填报，交回 Excel 文件。"
    )


@pytest.mark.parametrize(
    ("data", "remedy"),
    [
        (compound("Workbook"), "另存"),
        (PAGE.encode(), "另存为"),
        (b"<html><p>404</p></html>", "填报"),
        (zipped({"甲.xlsx": b""}), "解压"),
        (b"%PDF-1.4", "填报"),
    ],
)
def test_the_remedy_fits_the_kind(data: bytes, remedy: str) -> None:
    assert remedy in refused(data).message


@pytest.mark.parametrize(("kind", "words"), [("spreadsheet", "损坏"), ("text", "OpenDocument 文档")])
def test_opendocument(kind: str, words: str) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}")
        archive.writestr("content.xml", "<x/>")
    assert words in refused(file.getvalue()).message


def test_binary_workbook_that_breaks_off() -> None:
    made = parts(worksheet(""), types="<Types/>", root=relations(("rId1", "officeDocument", "xl/workbook.bin")))
    del made["xl/workbook.xml"]
    assert "损坏" in refused(zipped({**made, "xl/workbook.bin": b"\x83\x01"})).message


def test_workbook_that_lost_its_workbook_part_is_damaged() -> None:
    made = parts(worksheet(""))
    del made["xl/workbook.xml"]
    assert "损坏" in refused(zipped(made)).message


@pytest.mark.parametrize("streams", [("EncryptionInfo", "EncryptedPackage"), ("\x06DataSpaces", "EncryptedPackage")])
def test_encrypted_office_file(streams: tuple[str, ...]) -> None:
    found = refused(compound(*streams))
    assert found.code == "F02"
    assert "密码" in found.message


def test_encrypted_zip() -> None:
    data = bytearray(book(""))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert refused(bytes(data)).code == "F02"


def test_old_office_file_whose_directory_is_lost() -> None:
    found = refused(compound("Workbook")[:600])
    assert (found.code, "损坏" in found.message) == ("F01", True)


def test_larger_than_allowed_names_the_limit() -> None:
    data = book("")
    found = refused(data, replace(DEFAULT, max_bytes=1000, max_entries=2))
    assert found.code == "F03"
    assert refused(data, replace(DEFAULT, max_entries=3)).message.count("3") == 1


def test_bomb_is_not_inflated() -> None:
    bomb = zipped({**parts(worksheet("")), "xl/media/image1.png": bytes(30_000_000)})
    found = refused(bomb)
    assert found.code == "F03"
    assert str(DEFAULT.max_ratio) in found.message


def test_crc_mismatch_is_damage() -> None:
    data = book('<row r="1"><c r="A1"><v>1</v></c></row>')
    crc = zlib.crc32(worksheet('<row r="1"><c r="A1"><v>1</v></c></row>').encode()).to_bytes(4, "little")
    found = refused(data.replace(crc, codecs.BOM_UTF32_LE))
    assert (found.code, "损坏" in found.message) == ("F01", True)
