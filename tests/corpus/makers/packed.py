"""Our forms with parts put in by hand, for what only Excel and WPS write: ``packed.py OUT``.

What each function adds is written as those programs write it; parts that the function does not name stay as they are.
"""

from __future__ import annotations

import io
import re
import sys
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

from base import base, picture

Parts = dict[str, bytes]

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
MICROSOFT = "http://schemas.microsoft.com/office"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
DAY = (2024, 1, 16, 9, 30, 0)
SHEET, BOOK, TYPES, STRINGS = (
    "xl/worksheets/sheet1.xml",
    "xl/workbook.xml",
    "[Content_Types].xml",
    "xl/sharedStrings.xml",
)


def parts_of(form: str) -> Parts:
    """Return the parts of a filled form."""
    with zipfile.ZipFile(io.BytesIO(base(form))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def put(parts: Parts, name: str, xml: str, content_type: str = "") -> None:
    """Add an XML part."""
    parts[name] = (HEAD + xml).encode()
    if content_type:
        insert(parts, TYPES, f'<Override PartName="/{name}" ContentType="{content_type}"/>', "</Types>")


def insert(parts: Parts, name: str, xml: str, before: str) -> None:
    """Put XML in front of the last occurrence of a text in a part."""
    text = parts[name].decode()
    assert before in text, (name, before)
    head, _, tail = text.rpartition(before)
    parts[name] = (head + xml + before + tail).encode()


def default(parts: Parts, extension: str, content_type: str) -> None:
    """Give a content type to an extension."""
    parts[TYPES] = re.sub(
        rb"(<Types[^>]*>)", rf'\1<Default Extension="{extension}" ContentType="{content_type}"/>'.encode(), parts[TYPES]
    )


def relate(parts: Parts, part: str, identity: str, kind: str, target: str) -> None:
    """Add a relation to a part's own."""
    folder, _, file = part.rpartition("/")
    name = f"{folder}/_rels/{file}.rels".lstrip("/")
    parts.setdefault(name, f'{HEAD}<Relationships xmlns="{PACKAGE}"></Relationships>'.encode())
    insert(parts, name, f'<Relationship Id="{identity}" Type="{kind}" Target="{target}"/>', "</Relationships>")


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """Return the parts as a plain zip file."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, DAY), content, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def threaded() -> bytes:
    """A threaded comment with an answer on the cell that will be marked, and an old note beside it."""
    parts = parts_of("hunan-dept-self-eval")
    spreadsheet = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    first, second = "{5C2F0D5B-2D5D-4F0B-9B3A-000000000001}", "{5C2F0D5B-2D5D-4F0B-9B3A-000000000002}"
    person = "{5C2F0D5B-2D5D-4F0B-9B3A-0000000000FF}"
    put(
        parts,
        "xl/persons/person.xml",
        f'<personList xmlns="{MICROSOFT}/spreadsheetml/2018/threadedcomments"><person displayName="张某" id="{person}" '
        'userId="zhang" providerId="None"/></personList>',
        "application/vnd.ms-excel.person+xml",
    )
    put(
        parts,
        "xl/threadedComments/threadedComment1.xml",
        f'<ThreadedComments xmlns="{MICROSOFT}/spreadsheetml/2018/threadedcomments"><threadedComment ref="D3" '
        f'dT="2024-01-16T09:30:00.00" personId="{person}" id="{first}"><text>名称以哪个为准？</text></threadedComment>'
        f'<threadedComment ref="D3" dT="2024-01-16T10:00:00.00" personId="{person}" id="{second}" parentId="{first}">'
        "<text>以三定方案为准</text></threadedComment></ThreadedComments>",
        "application/vnd.ms-excel.threadedcomments+xml",
    )
    put(
        parts,
        "xl/comments1.xml",
        f'<comments xmlns="{MAIN}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
        'mc:Ignorable="xr" xmlns:xr="http://schemas.microsoft.com/office/spreadsheetml/2014/revision"><authors>'
        f"<author>tc={first}</author><author>李某</author></authors><commentList>"
        f'<comment ref="D3" authorId="0" shapeId="0" xr:uid="{first}"><text><t>[线程批注]\n\n名称以哪个为准？</t></text>'
        '</comment><comment ref="E5" authorId="1" shapeId="0"><text><r><rPr><b/><sz val="9"/><rFont val="宋体"/></rPr>'
        '<t>李某:</t></r><r><t xml:space="preserve">\n批复数</t></r></text></comment></commentList></comments>',
        f"{spreadsheet}.comments+xml",
    )
    boxes = "".join(
        f"<v:shape id='_x0000_s{1025 + number}' type='#_x0000_t202' style='position:absolute;visibility:hidden' "
        "fillcolor='#ffffe1' o:insetmode='auto'><v:textbox><div style='text-align:left'></div></v:textbox>"
        f"<x:ClientData ObjectType='Note'><x:Anchor>{column + 1}, 15, {row}, 2, {column + 3}, 15, {row + 4}, 4</x:Anchor>"
        f"<x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
        for number, (row, column) in enumerate(((2, 3), (4, 4)))
    )
    parts["xl/drawings/vmlDrawing1.vml"] = (
        "<xml xmlns:v='urn:schemas-microsoft-com:vml' xmlns:o='urn:schemas-microsoft-com:office:office' "
        "xmlns:x='urn:schemas-microsoft-com:office:excel'><o:shapelayout v:ext='edit'><o:idmap v:ext='edit' data='1'/>"
        "</o:shapelayout><v:shapetype id='_x0000_t202' coordsize='21600,21600' o:spt='202' "
        f"path='m,l,21600r21600,l21600,xe'/>{boxes}</xml>"
    ).encode()
    default(parts, "vml", "application/vnd.openxmlformats-officedocument.vmlDrawing")
    relate(
        parts, BOOK, "rId90", "http://schemas.microsoft.com/office/2017/10/relationships/person", "persons/person.xml"
    )
    relate(
        parts,
        SHEET,
        "rId90",
        "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment",
        "../threadedComments/threadedComment1.xml",
    )
    relate(parts, SHEET, "rId91", f"{OFFICE}/comments", "../comments1.xml")
    relate(parts, SHEET, "rId92", f"{OFFICE}/vmlDrawing", "../drawings/vmlDrawing1.vml")
    insert(parts, SHEET, f'<legacyDrawing xmlns:r="{OFFICE}" r:id="rId92"/>', "</worksheet>")
    return zipped(parts)


def wps() -> bytes:
    """A picture in a cell as WPS keeps it (``cellimages.xml``, DISPIMG), and its extensions of the workbook."""
    parts = parts_of("jilin-project-self-eval")
    wps_main = "http://www.wps.cn/officeDocument/2017/etCustomData"
    drawing = "http://schemas.openxmlformats.org/drawingml/2006"
    parts["xl/media/image1.png"] = picture()
    default(parts, "png", "image/png")
    put(
        parts,
        "xl/cellimages.xml",
        f'<etc:cellImages xmlns:etc="{wps_main}" xmlns:xdr="{drawing}/spreadsheetDrawing" xmlns:a="{drawing}/main" '
        f'xmlns:r="{OFFICE}"><etc:cellImage><xdr:pic><xdr:nvPicPr><xdr:cNvPr id="2" name="ID_00000000000000000000000000'
        '0000AB" descr="公章"/><xdr:cNvPicPr/></xdr:nvPicPr><xdr:blipFill><a:blip r:embed="rId1"/><a:stretch><a:fillRect/>'
        '</a:stretch></xdr:blipFill><xdr:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="304800" cy="304800"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></xdr:spPr></xdr:pic></etc:cellImage></etc:cellImages>',
        "application/vnd.wps-officedocument.cellimage+xml",
    )
    relate(parts, "xl/cellimages.xml", "rId1", f"{OFFICE}/image", "media/image1.png")
    relate(parts, BOOK, "rId90", "http://www.wps.cn/officeDocument/2020/cellImage", "cellimages.xml")
    text = parts[SHEET].decode()
    row = text.rindex("<row ")
    number = int(re.findall(r'<row r="(\d+)"', text)[-1]) + 2
    assert row
    parts[SHEET] = text.replace(
        "</sheetData>",
        f'<row r="{number}"><c r="B{number}" t="str"><f>_xlfn.DISPIMG("ID_000000000000000000000000000000AB",1)</f>'
        '<v>=DISPIMG("ID_000000000000000000000000000000AB",1)</v></c></row></sheetData>',
    ).encode()
    extension = (
        '<extLst><ext uri="{5C5F0000-0000-4000-8000-000000000001}" xmlns:etc="http://www.wps.cn/officeDocument/2017/'
        'etCustomData"><etc:workbookPr updateLinks="0"/></ext></extLst>'
    )
    insert(parts, BOOK, extension, "</workbook>")
    return zipped(parts)


def phonetic() -> bytes:
    """Readings above the words, texts of several runs, custom XML, printer settings, an extra print area."""
    parts = parts_of("henan-dept-goal")
    text = parts[STRINGS].decode()
    first = re.search(r"<si><t[^>]*>([^<]{2})([^<]*)</t></si>", text)
    assert first
    reading = (
        f'<si><r><t>{first[1]}</t></r><r><rPr><b/><sz val="11"/><rFont val="宋体"/></rPr><t xml:space="preserve">{first[2]}'
        '</t></r><rPh sb="0" eb="2"><t>shì jí</t></rPh><phoneticPr fontId="0" type="noConversion"/></si>'
    )
    parts[STRINGS] = text.replace(first[0], reading, 1).encode()
    parts["xl/printerSettings/printerSettings1.bin"] = b"\\\0\\\0P\0R\0I\0N\0T\0" + bytes(1200)
    default(parts, "bin", "application/vnd.openxmlformats-officedocument.spreadsheetml.printerSettings")
    relate(parts, SHEET, "rId90", f"{OFFICE}/printerSettings", "../printerSettings/printerSettings1.bin")
    parts[SHEET] = re.sub(rb"<pageSetup ", f'<pageSetup xmlns:r="{OFFICE}" r:id="rId90" '.encode(), parts[SHEET])
    parts[SHEET] = parts[SHEET].replace(b"</mergeCells>", b'</mergeCells><phoneticPr fontId="0" type="noConversion"/>')
    put(parts, "customXml/item1.xml", '<档案 xmlns="urn:example:archive"><编号>2024-017</编号></档案>')
    put(
        parts,
        "customXml/itemProps1.xml",
        '<ds:datastoreItem ds:itemID="{5C5F0000-0000-4000-8000-0000000000AA}" '
        'xmlns:ds="http://schemas.openxmlformats.org/officeDocument/2006/customXml"><ds:schemaRefs/></ds:datastoreItem>',
        "application/vnd.openxmlformats-officedocument.customXmlProperties+xml",
    )
    relate(parts, BOOK, "rId91", f"{OFFICE}/customXml", "../customXml/item1.xml")
    relate(parts, "customXml/item1.xml", "rId1", f"{OFFICE}/customXmlProps", "itemProps1.xml")
    return zipped(parts)


def later() -> bytes:
    """Validations, rules and sparklines of the later version, and Excel's own marks of revisions on every row."""
    parts = parts_of("mof-project-self-eval")
    x14, xm = f"{MICROSOFT}/spreadsheetml/2009/9/main", f"{MICROSOFT}/excel/2006/main"
    revision = f"{MICROSOFT}/spreadsheetml/2014/revision"
    space = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    text = parts[SHEET].decode()
    text = text.replace(
        "<worksheet ",
        f'<worksheet xmlns:mc="{space}" xmlns:x14ac="{MICROSOFT}/spreadsheetml/2009/9/ac" xmlns:xr="{revision}" '
        'mc:Ignorable="x14ac xr" xr:uid="{00000000-0001-0000-0000-000000000000}" ',
        1,
    )
    text = re.sub(r"<row ", '<row x14ac:dyDescent="0.15" ', text)
    text = re.sub(r"<sheetFormatPr ", '<sheetFormatPr x14ac:dyDescent="0.15" ', text)
    name = re.search(r'<sheet name="([^"]+)"', parts[BOOK].decode())
    assert name
    extensions = (
        f'<extLst><ext uri="{{78C0D931-6437-407d-A8EE-F0AAD7539E65}}" xmlns:x14="{x14}"><x14:conditionalFormattings>'
        f'<x14:conditionalFormatting xmlns:xm="{xm}"><x14:cfRule type="expression" priority="3" '
        'id="{00000000-000E-0000-0000-000001000000}"><xm:f>C3=""</xm:f><x14:dxf><fill><patternFill><bgColor '
        'rgb="FFFFFF00"/></patternFill></fill></x14:dxf></x14:cfRule><xm:sqref>C3:H3</xm:sqref>'
        "</x14:conditionalFormatting></x14:conditionalFormattings></ext>"
        f'<ext uri="{{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}}" xmlns:x14="{x14}"><x14:dataValidations '
        f'xmlns:xm="{xm}" count="1"><x14:dataValidation type="list" allowBlank="1" showInputMessage="1" '
        'xr:uid="{00000000-0002-0000-0000-000001000000}"><x14:formula1><xm:f>名单!$A$1:$A$2</xm:f></x14:formula1>'
        "<xm:sqref>C3</xm:sqref></x14:dataValidation></x14:dataValidations></ext>"
        f'<ext uri="{{05C60535-1F16-4fd2-B633-F4F36F0B64E0}}" xmlns:x14="{x14}"><x14:sparklineGroups xmlns:xm="{xm}">'
        '<x14:sparklineGroup displayEmptyCellsAs="gap" xr2:uid="{00000000-0003-0000-0000-000001000000}" '
        f'xmlns:xr2="{MICROSOFT}/spreadsheetml/2015/revision2"><x14:colorSeries rgb="FF376092"/><x14:sparklines>'
        f"<x14:sparkline><xm:f>{name[1]}!C6:E6</xm:f><xm:sqref>J6</xm:sqref></x14:sparkline></x14:sparklines>"
        "</x14:sparklineGroup></x14:sparklineGroups></ext></extLst>"
    )
    parts[SHEET] = text.replace("</worksheet>", f"{extensions}</worksheet>").encode()
    put(
        parts,
        "xl/worksheets/sheet9.xml",
        f'<worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>甲单位</t></is></c></row>'
        '<row r="2"><c r="A2" t="inlineStr"><is><t>乙单位</t></is></c></row></sheetData></worksheet>',
        "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml",
    )
    relate(parts, BOOK, "rId90", f"{OFFICE}/worksheet", "worksheets/sheet9.xml")
    insert(parts, BOOK, '<sheet name="名单" sheetId="90" state="hidden" r:id="rId90"/>', "</sheets>")
    return zipped(parts)


def controls() -> bytes:
    """A check box in a choice of alternatives, relations by absolute names, a shared formula, a link to another book."""
    parts = parts_of("mof-project-goal")
    space = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    drawing = "http://schemas.openxmlformats.org/drawingml/2006"
    x14 = f"{MICROSOFT}/spreadsheetml/2009/9/main"
    put(
        parts,
        "xl/ctrlProps/ctrlProp1.xml",
        f'<formControlPr xmlns="{x14}" objectType="CheckBox" fmlaLink="$L$3" lockText="1" noThreeD="1"/>',
        "application/vnd.ms-excel.controlproperties+xml",
    )
    parts["xl/drawings/vmlDrawing1.vml"] = (
        '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
        'xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/>'
        '</o:shapelayout><v:shapetype id="_x0000_t201" coordsize="21600,21600" o:spt="201" path="m,l,21600r21600,l21600,xe"/>'
        '<v:shape id="_x0000_s1025" type="#_x0000_t201" style="position:absolute" filled="f" stroked="f"><v:textbox><div>'
        '<font face="宋体" size="180" color="auto">跨年度<br></font></div></v:textbox><x:ClientData ObjectType="Checkbox">'
        "<x:Anchor>10, 5, 2, 5, 11, 60, 3, 10</x:Anchor><x:FmlaLink>$L$3</x:FmlaLink></x:ClientData></v:shape></xml>"
    ).encode()
    put(
        parts,
        "xl/drawings/drawing1.xml",
        f'<xdr:wsDr xmlns:xdr="{drawing}/spreadsheetDrawing" xmlns:a="{drawing}/main"><mc:AlternateContent '
        f'xmlns:mc="{space}"><mc:Choice xmlns:a14="{MICROSOFT}/drawing/2010/main" Requires="a14"><xdr:twoCellAnchor>'
        "<xdr:from><xdr:col>10</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>2</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from>"
        "<xdr:to><xdr:col>11</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>3</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:to>"
        '<xdr:sp macro="" textlink=""><xdr:nvSpPr><xdr:cNvPr id="1025" name="复选框 1" hidden="1"/><xdr:cNvSpPr/>'
        '</xdr:nvSpPr><xdr:spPr><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></xdr:spPr></xdr:sp><xdr:clientData/>'
        "</xdr:twoCellAnchor></mc:Choice><mc:Fallback/></mc:AlternateContent></xdr:wsDr>",
        "application/vnd.openxmlformats-officedocument.drawing+xml",
    )
    default(parts, "vml", "application/vnd.openxmlformats-officedocument.vmlDrawing")
    relate(parts, SHEET, "rId90", f"{OFFICE}/drawing", "/xl/drawings/drawing1.xml")
    relate(parts, SHEET, "rId91", f"{OFFICE}/vmlDrawing", "/xl/drawings/vmlDrawing1.vml")
    relate(parts, SHEET, "rId92", f"{OFFICE}/ctrlProp", "/xl/ctrlProps/ctrlProp1.xml")
    control = (
        f'<drawing xmlns:r="{OFFICE}" r:id="rId90"/><legacyDrawing xmlns:r="{OFFICE}" r:id="rId91"/>'
        f'<mc:AlternateContent xmlns:mc="{space}"><mc:Choice Requires="x14" xmlns:x14="{x14}"><controls>'
        f'<mc:AlternateContent><mc:Choice Requires="x14"><control shapeId="1025" xmlns:r="{OFFICE}" r:id="rId92" '
        'name="复选框 1"/></mc:Choice></mc:AlternateContent></controls></mc:Choice></mc:AlternateContent>'
    )
    insert(parts, SHEET, control, "</worksheet>")
    text = parts[SHEET].decode()
    number = int(re.findall(r'<row r="(\d+)"', text)[-1]) + 2
    parts[SHEET] = text.replace(
        "</sheetData>",
        f'<row r="{number}"><c r="L{number}"><f t="shared" ref="L{number}:L{number + 2}" si="0">1+1</f><v>2</v></c></row>'
        f'<row r="{number + 1}"><c r="L{number + 1}"><f t="shared" si="0"/><v>2</v></c></row>'
        f'<row r="{number + 2}"><c r="L{number + 2}"><f t="shared" si="0"/><v>2</v></c></row></sheetData>',
    ).encode()
    put(
        parts,
        "xl/externalLinks/externalLink1.xml",
        f'<externalLink xmlns="{MAIN}"><externalBook xmlns:r="{OFFICE}" r:id="rId1"><sheetNames><sheetName val="台账"/>'
        "</sheetNames></externalBook></externalLink>",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.externalLink+xml",
    )
    parts["xl/externalLinks/_rels/externalLink1.xml.rels"] = (
        f'{HEAD}<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" Type="{OFFICE}/externalLinkPath" '
        'Target="ledger.xlsx" TargetMode="External"/></Relationships>'
    ).encode()
    relate(parts, BOOK, "rId93", f"{OFFICE}/externalLink", "/xl/externalLinks/externalLink1.xml")
    insert(parts, BOOK, '<externalReferences><externalReference r:id="rId93"/></externalReferences>', "<definedNames")
    return zipped(parts)


def _prefixed(xml: bytes, prefix: str) -> str:
    """Give every element of a part's own vocabulary a prefix, as some Java and .NET programs do."""
    text = re.sub(r"<(/?)(?=[A-Za-z]\w*[\s/>])", rf"<\1{prefix}:", xml.decode())
    return re.sub(rf'xmlns="{MAIN}"', f'xmlns:{prefix}="{MAIN}"', text)


def prefixes() -> bytes:
    """Prefixes on everything, single quotes round attributes, the sheet in UTF-16 and under a name in capitals."""
    parts = parts_of("hunan-self-eval-report")
    parts[BOOK] = _prefixed(parts[BOOK], "x").encode()
    parts["xl/styles.xml"] = _prefixed(parts["xl/styles.xml"], "sst").encode()
    parts[STRINGS] = re.sub(r'="([^"\']*)"', r"='\1'", _prefixed(parts[STRINGS], "s")).encode()
    sheet = _prefixed(parts[SHEET], "ss").replace('encoding="UTF-8"', 'encoding="UTF-16"')
    parts[SHEET] = sheet.encode("utf-16")
    capital = "worksheets/sheet1", "Worksheets/Sheet1"
    for name in (TYPES, "xl/_rels/workbook.xml.rels"):
        parts[name] = parts[name].replace(capital[0].encode(), capital[1].encode())
    return zipped({name.replace(*capital): part for name, part in parts.items()})


def streamed() -> bytes:
    """The sizes behind the data (descriptors), zip64 headers, every second member stored, a comment on the file."""
    parts = parts_of("mof-project-monitor")
    written = bytearray()

    class Stream(io.RawIOBase):
        def writable(self) -> bool:
            return True

        def write(self, data: bytes) -> int:  # type: ignore[override] # all that zipfile hands over
            written.extend(data)
            return len(data)

    with zipfile.ZipFile(Stream(), "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = b"streamed"
        for index, (name, content) in enumerate(parts.items()):
            info = zipfile.ZipInfo(name, DAY)
            info.compress_type = zipfile.ZIP_STORED if index % 2 else zipfile.ZIP_DEFLATED
            with archive.open(info, "w", force_zip64=True) as member:
                member.write(content)
    return bytes(written)


def strict() -> bytes:
    """The strict kind of the format: other namespaces throughout."""
    parts = parts_of("jilin-dept-self-eval")
    spaces = (
        (MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main"),
        (OFFICE, "http://purl.oclc.org/ooxml/officeDocument/relationships"),
        (
            "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties",
            "http://purl.oclc.org/ooxml/officeDocument/customProperties",
        ),
        (
            "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties",
            "http://purl.oclc.org/ooxml/officeDocument/extendedProperties",
        ),
        (
            "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes",
            "http://purl.oclc.org/ooxml/officeDocument/docPropsVTypes",
        ),
    )
    for ours, theirs in spaces:
        parts = {name: content.replace(ours.encode(), theirs.encode()) for name, content in parts.items()}
    parts[BOOK] = parts[BOOK].replace(b"<workbook ", b'<workbook conformance="strict" ', 1)
    return zipped(parts)


def signed() -> bytes:
    """A digital signature over the package (its value is made up)."""
    parts = parts_of("qinghai-dept-approval")
    signatures = "http://schemas.openxmlformats.org/package/2006/relationships/digital-signature"
    parts["_xmlsignatures/origin.sigs"] = b""
    default(parts, "sigs", "application/vnd.openxmlformats-package.digital-signature-origin")
    put(
        parts,
        "_xmlsignatures/sig1.xml",
        '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><SignatureValue>AAAA</SignatureValue></Signature>',
        "application/vnd.openxmlformats-package.digital-signature-xmlsignature+xml",
    )
    insert(
        parts,
        "_rels/.rels",
        f'<Relationship Id="rId90" Type="{signatures}/origin" Target="_xmlsignatures/origin.sigs"/>',
        "</Relationships>",
    )
    relate(parts, "_xmlsignatures/origin.sigs", "rId1", f"{signatures}/signature", "sig1.xml")
    return zipped(parts)


MAKERS: Mapping[str, Callable[[], bytes]] = {
    maker.__name__: maker for maker in (threaded, wps, phonetic, later, controls, prefixes, streamed, strict, signed)
}


def main(out: Path) -> None:
    """Write all."""
    for name, maker in MAKERS.items():
        (out / f"packed-{name}.xlsx").write_bytes(maker())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
