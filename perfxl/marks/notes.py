"""Notes on marked cells: a block of text of ours, in a note of its own or behind what the officer's note says.

The block has a first and a last line by which it is known again, whoever saved the workbook: LibreOffice drops the
names of authors and joins texts. What the officer wrote in front of it or behind it stays.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence

from perfxl.marks.sheet import ORDER, Worksheet
from perfxl.model.address import MAX_COLUMN, Box, parse_cell
from perfxl.package.draft import PackageDraft
from perfxl.package.splice import Malformed, Markup, Node, Splices, cell_text

AUTHOR = "审核（perfxl）"
HEAD = "〔审核意见〕"
TAIL = "〔改正后请交回，本批注届时自动清除〕"

_BLOCK = re.compile(rf"\n?{HEAD}(?:(?!{HEAD}).)*?{TAIL}\n?", re.DOTALL)
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_VML_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_NO_COMMENTS = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<comments xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><authors/><commentList/></comments>'
)
_THREAD = "tc="  # what the author of the stand-in for a threaded comment begins with

_VML_SPACES = (
    b'xmlns:v="urn:schemas-microsoft-com:vml"',
    b'xmlns:o="urn:schemas-microsoft-com:office:office"',
    b'xmlns:x="urn:schemas-microsoft-com:office:excel"',
)
_SHAPE_TYPE = (
    '<v:shapetype {spaces}id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_SHAPE = (
    '<v:shape {spaces}id="_x0000_s{id}" type="#_x0000_t202" style="position:absolute;z-index:{depth};'
    'visibility:hidden" fillcolor="#fff8e1" o:insetmode="auto"><v:fill color2="#fff8e1"/>'
    '<v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
    '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
    '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{anchor}</x:Anchor>'
    "<x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
)
_SHAPE_HEAD = re.compile(rb"<(?:\w+:)?shape\s")
_SHAPE_END = re.compile(rb"</(?:\w+:)?shape>")
_VML_ROOT = re.compile(rb"<xml\b[^<>]*>")
_SHAPE_ROW = re.compile(rb"<(?:\w+:)?Row>\s*(\d+)\s*<")
_SHAPE_COLUMN = re.compile(rb"<(?:\w+:)?Column>\s*(\d+)\s*<")
_ANCHOR = re.compile(rb"(<(?:\w+:)?Anchor>)([\d\s,]+)(<)")

# A note is this many pixels wide; a line of 9 point type holds about this many Chinese characters.
_WIDTH, _LINE, _LINE_HEIGHT, _ROW_HEIGHT = 300, 23, 16, 20


class Notes:
    """The notes of one worksheet, to be written or taken off."""

    def __init__(self, draft: PackageDraft, sheet: Worksheet) -> None:
        self._draft = draft
        self._sheet = sheet
        self._comments: Markup | None = None
        self._vml: Splices | None = None
        self._own: dict[tuple[int, int], Node] = {}
        self._shapes: list[str] = []
        relations = draft.package.relations(sheet.part)
        name = next((relation.target for relation in relations if relation.kind == "comments"), "")
        if name in draft.package:
            self._comments = draft.markup(name)
            self._own = dict(_placed(self._comments.root))
        drawing = sheet.markup.root.child("legacyDrawing")
        identity = drawing.relation if drawing else ""
        target = next((relation.target for relation in relations if relation.id == identity), "")
        if target in draft.package:
            self._vml = draft.splices(target)

    def write(self, texts: Mapping[Box, Sequence[str]]) -> None:
        """Put a note on each of the areas: lines of plain text."""
        if not texts:
            return
        comments = self._comments or self._new_comments()
        author = self._author(comments)
        listed = comments.root.child("commentList")
        if listed is None:
            raise Malformed("commentList")
        taken = {(box.row, box.column) for box in texts} | set(self._own)
        for box, lines in texts.items():
            here, said = box, list(lines)
            note = self._own.get((box.row, box.column))
            if note is not None and self._threaded(comments, note):
                # What stands in the stand-in of a threaded comment is not shown.
                here, said, note = self._beside(box, taken), [f"关于 {box.name}：", *said], None
                taken.add((here.row, here.column))
            if note is None:
                comments.append(
                    listed, f'<comment ref="{here.name}" authorId="{author}"><text>{_runs(said)}</text></comment>'
                )
                self._shapes.append(self._shape(here, said, len(self._shapes)))
            else:
                self._extend(comments, note, said)
                self._stretch(box, said)
        self._draw()

    def _new_comments(self) -> Markup:
        name = self._draft.free("xl/comments{}.xml")
        comments = Markup(_NO_COMMENTS)
        self._draft.add(name, comments, _COMMENTS_TYPE)
        self._draft.relate(self._sheet.part, f"{_RELATIONS}/comments", name)
        return comments

    @staticmethod
    def _author(comments: Markup) -> int:
        authors = comments.root.child("authors")
        if authors is None:
            raise Malformed("authors")
        names = [node.text for node in authors.children]
        if AUTHOR not in names:
            names.append(AUTHOR)
            comments.append(authors, f"<author>{cell_text(AUTHOR)}</author>")
        return names.index(AUTHOR)

    @staticmethod
    def _threaded(comments: Markup, note: Node) -> bool:
        authors = comments.root.child("authors")
        number = note.attributes.get("authorId", "")
        known = authors is not None and number.isdecimal() and int(number) < len(authors.children)
        return known and authors is not None and authors.children[int(number)].text.startswith(_THREAD)

    def _beside(self, box: Box, taken: set[tuple[int, int]]) -> Box:
        """Return the nearest cell to the right, or else to the left, that has no note and is shown."""
        columns = (*range(box.last_column + 1, MAX_COLUMN + 1), *range(box.column - 1, 0, -1))
        free = (column for column in columns if (box.row, column) not in taken)
        places = (self._sheet.anchor(box.row, column) for column in free)
        return next(place for place in places if (place.row, place.column) not in taken)

    @staticmethod
    def _extend(comments: Markup, note: Node, lines: Sequence[str]) -> None:
        text = note.child("text")
        if text is None:
            comments.append(note, f"<text>{_runs(lines)}</text>")
            return
        block = _runs(lines, "\n")
        if plain := text.child("t"):
            comments.before(plain, "<r>")
            comments.after(plain, f"</r>{block}")
        elif phonetic := next((node for node in text.children if node.name in {"rPh", "phoneticPr"}), None):
            comments.before(phonetic, block)
        else:
            comments.append(text, block)

    def _stretch(self, box: Box, lines: Sequence[str]) -> None:
        """Make the box of the officer's note longer by what was added."""
        if self._vml is None:
            return
        for start, stop in self._drawn({(box.row, box.column)}):
            anchor = _ANCHOR.search(self._vml.data, start, stop)
            numbers = anchor[2].split(b",") if anchor else []
            if anchor and len(numbers) == 8 and numbers[6].strip().isdigit():
                numbers[6] = b" %d" % (int(numbers[6]) + -(-_height(lines) // _ROW_HEIGHT))
                self._vml.replace(anchor.start(2), anchor.end(2), b",".join(numbers))

    def _drawn(self, places: Collection[tuple[int, int]]) -> Iterator[tuple[int, int]]:
        """Yield from where to where the boxes are drawn of the notes at these places."""
        data = self._vml.data if self._vml else b""
        heads = [head.start() for head in _SHAPE_HEAD.finditer(data)]
        for end in _SHAPE_END.finditer(data):
            if nearest := bisect_right(heads, end.start()):
                start, stop = heads[nearest - 1], end.end()
                row, column = _SHAPE_ROW.search(data, start, stop), _SHAPE_COLUMN.search(data, start, stop)
                if row and column and (int(row[1]) + 1, int(column[1]) + 1) in places:
                    yield start, stop

    def _shape(self, box: Box, lines: Sequence[str], number: int) -> str:
        column, rest, row, down = self._sheet.extent(box, _WIDTH, _height(lines))
        anchor = f"{box.last_column}, 12, {max(box.row - 2, 0)}, 4, {column}, {rest}, {row}, {down}"
        return _SHAPE.format(
            spaces="{spaces}",
            id="{id}",
            depth=number + 1,
            anchor=anchor,
            row=box.row - 1,
            column=box.column - 1,
        )

    def _draw(self) -> None:
        """Draw the boxes of the new notes; without them a note is not shown."""
        if not self._shapes:
            return
        vml = self._vml or self._new_vml()
        root = _VML_ROOT.search(vml.data)
        spaces = "".join(f"{space.decode()} " for space in _VML_SPACES if root is None or space not in root[0])
        at = vml.data.rfind(b"</xml>")
        if at < 0:
            raise Malformed("vmlDrawing")
        taken = [int(number) for number in re.findall(rb"_s(\d+)\b", vml.data)]
        block = re.search(rb"<(?:\w+:)?idmap\s[^<>]*?data=\"(\d+)", vml.data)
        first = max(*taken, 1024 * int(block[1]) if block else 1024, 0) + 1
        pieces = [] if b"_x0000_t202" in vml.data else [_SHAPE_TYPE.format(spaces=spaces)]
        pieces += [
            shape.replace("{spaces}", spaces).replace("{id}", str(first + number))
            for number, shape in enumerate(self._shapes)
        ]
        vml.replace(at, at, "".join(pieces).encode())

    def _new_vml(self) -> Splices:
        name = self._draft.free("xl/drawings/vmlDrawing{}.vml")
        number = re.sub(r"\D", "", name)
        spaces = b" ".join(_VML_SPACES).decode()
        vml = Splices(
            f'<xml {spaces}><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="{number}"/></o:shapelayout>'
            "</xml>".encode()
        )
        self._draft.add(name, vml, _VML_TYPE)
        identity = self._draft.relate(self._sheet.part, f"{_RELATIONS}/vmlDrawing", name)
        self._sheet.markup.place(f'<legacyDrawing xmlns:r="{_RELATIONS}" r:id="{identity}"/>', "legacyDrawing", ORDER)
        return vml

    def remove(self) -> bool:
        """Take our blocks off all notes, and notes that hold nothing else; tell whether there were any."""
        if self._comments is None:
            return False
        gone = set()
        found = False
        for place, note in self._own.items():
            texts = [node for node in note.every("t") if node.text]
            whole = "".join(node.text for node in texts)
            rest = _BLOCK.sub("", whole)
            if rest == whole:
                continue
            found = True
            if rest.strip():
                self._cut(texts, whole)
            else:
                self._comments.remove(note)
                gone.add(place)
        self._erase(gone)
        return found

    def _cut(self, texts: Sequence[Node], whole: str) -> None:
        """Take the blocks out of a text that is spread over several runs."""
        kept = [True] * len(whole)
        for block in _BLOCK.finditer(whole):
            kept[block.start() : block.end()] = [False] * len(block[0])
        start = 0
        for node in texts:
            stop = start + len(node.text)
            rest = "".join(letter for letter, keep in zip(node.text, kept[start:stop], strict=True) if keep)
            if rest != node.text and self._comments:
                self._comments.after(node, f'<t xml:space="preserve">{cell_text(rest)}</t>')
                self._comments.remove(node)
            start = stop

    def _erase(self, gone: set[tuple[int, int]]) -> None:
        if self._vml and gone:
            for start, stop in self._drawn(gone):
                self._vml.replace(start, stop, b"")


def _placed(comments: Node) -> list[tuple[tuple[int, int], Node]]:
    found = []
    for node in comments.every("comment"):
        try:
            found.append((parse_cell(node.attributes.get("ref", "")), node))
        except ValueError:
            continue
    return found


def _runs(lines: Sequence[str], lead: str = "") -> str:
    """Return the block as two runs: its first line bold, the others plain."""
    font = '<sz val="9"/><color rgb="FF{}"/><rFont val="宋体"/>'
    body = "".join(f"\n{line}" for line in (*lines, TAIL))
    return (
        f'<r><rPr><b/>{font.format("C00000")}</rPr><t xml:space="preserve">{cell_text(lead + HEAD)}</t></r>'
        f'<r><rPr>{font.format("000000")}</rPr><t xml:space="preserve">{cell_text(body)}</t></r>'
    )


def _height(lines: Sequence[str]) -> int:
    wrapped = sum(max(-(-len(line) // _LINE), 1) for line in (HEAD, *lines, TAIL))
    return wrapped * _LINE_HEIGHT + 12
