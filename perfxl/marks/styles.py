"""The formats that marks need: a cell's own format with another fill, rules for the fill, formats of the list.

An error is filled red, a warning a much lighter yellow with thin diagonals, in a frame of dashes: told apart without
colour. The shades stand in no palette, so that a fill of ours is known again after any program has saved the workbook;
LibreOffice has no patterns and saves the mean of diagonals and ground, which is known too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum
from functools import lru_cache
from types import MappingProxyType

from perfxl.model.finding import Severity
from perfxl.model.remembered import if_short
from perfxl.package.draft import PackageDraft
from perfxl.package.splice import Markup, Node, emptied, with_attributes

_STYLES_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles"
_PART = "xl/styles.xml"
_EMPTY = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
)
_ORDER = (
    "numFmts",
    "fonts",
    "fills",
    "borders",
    "cellStyleXfs",
    "cellXfs",
    "cellStyles",
    "dxfs",
    "tableStyles",
    "colors",
    "extLst",
)
# What every program takes for granted at the head of each list.
_FIRST: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "fonts": ('<font><sz val="11"/><name val="宋体"/></font>',),
        "fills": (
            '<fill><patternFill patternType="none"/></fill>',
            '<fill><patternFill patternType="gray125"/></fill>',
        ),
        "borders": ("<border><left/><right/><top/><bottom/><diagonal/></border>",),
        "cellStyleXfs": ('<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>',),
        "cellXfs": ('<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>',),
        "dxfs": (),
    }
)

_RED, _YELLOW, _DIAGONALS, _MEAN = "F4A9AF", "FFF3C6", "F0C75A", "FCE8AB"
SHADES = (_RED, _YELLOW, _MEAN)
"""Colours that only our marks have: where none stands in a part of formats, no cell is filled by us."""
_FILLS = {
    Severity.ERROR: f'<patternFill patternType="solid"><fgColor rgb="FF{_RED}"/><bgColor indexed="64"/></patternFill>',
    Severity.WARNING: '<patternFill patternType="lightUp">'
    f'<fgColor rgb="FF{_DIAGONALS}"/><bgColor rgb="FF{_YELLOW}"/></patternFill>',
}
# In a rule a solid fill has its colour in the back.
_RULE_FILLS = {
    Severity.ERROR: '<patternFill patternType="solid">'
    f'<fgColor rgb="FF{_RED}"/><bgColor rgb="FF{_RED}"/></patternFill>',
    Severity.WARNING: _FILLS[Severity.WARNING],
}
_FRAMES = {Severity.ERROR: ("thin", "FFC00000"), Severity.WARNING: ("dashed", "FF9C6500")}

# A fill in words: kind of pattern, then the colours: "solid fg.rgb=FFDDDDDD"; or "gradient", then what is said of it
# as a whole, of its stops and of their colours: "gradient of.degree=90 at.position=0 in.rgb=FFFFFFFF at.position=1 …".
_FILL_WORDS = re.compile(r"\w+(?: (?:fg|bg|of|at|in)\.\w+=[\w.+-]+)*")
_NO_FILL = ""
_SMALL, _FORMS = 100_000, 64
"""Bytes of a part of formats that is remembered, the same in all returns of a form; how many are."""
_GRADIENT = "gradient"


class ListLook(Enum):
    """The formats of the list of findings."""

    TITLE = "title"
    PLAIN = "plain"
    HEAD = "head"
    TEXT = "text"
    CENTRED = "centred"
    LINK = "link"
    ERROR = "error"
    WARNING = "warning"


_LIST_FONTS = {
    ListLook.TITLE: '<font><b/><sz val="16"/><name val="宋体"/></font>',
    ListLook.PLAIN: '<font><sz val="10.5"/><name val="宋体"/></font>',
    ListLook.HEAD: '<font><b/><sz val="10.5"/><name val="宋体"/></font>',
    ListLook.LINK: '<font><u/><sz val="10.5"/><color rgb="FF0563C1"/><name val="宋体"/></font>',
}
_GREY = '<patternFill patternType="solid"><fgColor rgb="FFE7E6E6"/><bgColor indexed="64"/></patternFill>'
_CENTRE = 'horizontal="center" vertical="center" wrapText="1"'
_LEFT = 'horizontal="left" vertical="center" wrapText="1"'


class StyleSheet:
    """The workbook's formats, to be added to. Indices are those of ``cellXfs`` and ``dxfs``."""

    def __init__(self, draft: PackageDraft, workbook: str) -> None:
        name = next((rel.target for rel in draft.package.relations(workbook) if rel.kind == "styles"), "")
        if not name:
            name = _PART if _PART not in draft else draft.free("xl/styles{}.xml")
            draft.relate(workbook, _RELATION, name)
        if name not in draft:
            draft.add(name, Markup(_EMPTY), _STYLES_TYPE)
        self._markup = draft.markup(name, _seen)
        self._new: dict[str, list[str]] = {section: [] for section in _FIRST}
        self._sections = {section: self._markup.root.child(section) for section in _FIRST}
        self._fills: dict[str, int] = {}
        self._clones: dict[tuple[int, str], int] = {}

    def _children(self, section: str) -> list[Node]:
        node = self._sections[section]
        return node.children if node else []

    def _add(self, section: str, xml: str) -> int:
        """Add an entry to a list, once, and return its index."""
        for other in _FIRST if section == "cellXfs" else (section,):
            if not self._children(other) and not self._new[other]:
                self._new[other] += _FIRST[other]
        new = self._new[section]
        if xml not in new:
            new.append(xml)
        return len(self._children(section)) + new.index(xml)

    def marked(self, base: int, severity: Severity) -> int:
        """Return the format that is another one with the fill of a mark."""
        return self._clone(base, _FILLS[severity])

    def unmarked(self, marked: int, words: str) -> int:
        """Return the format that is another one with the fill that the words say."""
        return self._clone(marked, _fill_of(words))

    def _clone(self, base: int, fill: str) -> int:
        if (base, fill) not in self._clones:
            self._clones[base, fill] = self._cloned(base, fill)
        return self._clones[base, fill]

    def _cloned(self, base: int, fill: str) -> int:
        number = self._fill(fill)
        own = self._children("cellXfs")
        if not own:
            return self._add("cellXfs", f'<xf numFmtId="0" fontId="0" fillId="{number}" borderId="0" applyFill="1"/>')
        node = own[base] if base < len(own) else own[0]
        source = _with_fill(self._markup.source(node), number)
        # Where the very format is there already, it is taken: marking and unmarking must not make files grow.
        for index, other in enumerate(own):
            if other.attributes.get("fillId") == str(number) and self._markup.source(other) == source:
                return index
        return self._add("cellXfs", source.decode())

    def _fill(self, fill: str) -> int:
        if fill not in self._fills:
            words = _words_of(fill)
            found = (index for index, node in enumerate(self._children("fills")) if _words(node) == words)
            number = next(found, None)
            self._fills[fill] = self._add("fills", f"<fill>{fill}</fill>") if number is None else number
        return self._fills[fill]

    def fill_words(self, xf: int) -> str:
        """Return in words the fill of a format: ``solid fg.rgb=FFDDDDDD``, "" for none."""
        formats, fills = self._children("cellXfs"), self._children("fills")
        number = formats[xf].attributes.get("fillId", "0") if xf < len(formats) else "0"
        return _words(fills[int(number)]) if number.isdecimal() and int(number) < len(fills) else _NO_FILL

    def marks(self) -> frozenset[int]:
        """Return the formats that have the fill of a mark, whoever saved the workbook."""
        fills = {str(index) for index, node in enumerate(self._children("fills")) if _is_mark(node)}
        formats = enumerate(self._children("cellXfs"))
        return frozenset(index for index, node in formats if node.attributes.get("fillId", "0") in fills)

    def rule(self, severity: Severity) -> int:
        """Return the format of the rule that fills a marked cell over whatever other rules say."""
        style, colour = _FRAMES[severity]
        frame = "".join(
            f'<{side} style="{style}"><color rgb="{colour}"/></{side}>' for side in ("left", "right", "top", "bottom")
        )
        return self._add("dxfs", f"<dxf><fill>{_RULE_FILLS[severity]}</fill><border>{frame}</border></dxf>")

    def looks(self) -> Mapping[ListLook, int]:
        """Return the formats of the list of findings."""
        fonts = {look: self._add("fonts", font) for look, font in _LIST_FONTS.items()}
        side = "".join(
            f'<{name} style="thin"><color auto="1"/></{name}>' for name in ("left", "right", "top", "bottom")
        )
        lines = self._add("borders", f"<border>{side}<diagonal/></border>")
        table = {
            ListLook.HEAD: (fonts[ListLook.HEAD], _GREY, _CENTRE),
            ListLook.TEXT: (fonts[ListLook.PLAIN], "", _LEFT),
            ListLook.CENTRED: (fonts[ListLook.PLAIN], "", _CENTRE),
            ListLook.LINK: (fonts[ListLook.LINK], "", _CENTRE),
            ListLook.ERROR: (fonts[ListLook.PLAIN], _FILLS[Severity.ERROR], _CENTRE),
            ListLook.WARNING: (fonts[ListLook.PLAIN], _FILLS[Severity.WARNING], _CENTRE),
        }
        looks = {
            look: self._format(font, self._fill(fill) if fill else 0, lines, alignment)
            for look, (font, fill, alignment) in table.items()
        }
        for look in (ListLook.TITLE, ListLook.PLAIN):
            looks[look] = self._format(fonts[look], 0, 0, 'vertical="center"')
        return looks

    def _format(self, font: int, fill: int, border: int, alignment: str) -> int:
        return self._add(
            "cellXfs",
            f'<xf numFmtId="0" fontId="{font}" fillId="{fill}" borderId="{border}" xfId="0" applyFont="1" '
            f'applyFill="1" applyBorder="1" applyAlignment="1"><alignment {alignment}/></xf>',
        )

    def finish(self) -> None:
        """Write what was added into the part."""
        for section, new in self._new.items():
            if not new:
                continue
            node, xml = self._sections[section], "".join(new)
            if node is None:
                self._markup.place(f'<{section} count="{len(new)}">{xml}</{section}>', section, _ORDER)
            else:
                self._markup.append(node, xml)
                self._markup.add_count(node, len(new))


@if_short(_SMALL, _FORMS)
def _seen(styles: bytes) -> bytes:
    """Return a part of formats without what nobody asks for."""
    return emptied(styles, "font|border|dxf|xf|cellStyle")


@lru_cache
def _with_fill(xf: bytes, number: int) -> bytes:
    return with_attributes(xf, fillId=str(number), applyFill="1" if number else "0")


@lru_cache
def _words_of(fill: str) -> str:
    return _words(Markup(f"<fill>{fill}</fill>".encode()).root)


@lru_cache(maxsize=1024)  # the tree of a part that many returns have is remembered
def _words(fill: Node) -> str:
    """Return a fill in words, "" for none and for what they cannot say."""
    words: list[str] = []
    if pattern := fill.child("patternFill"):
        kind = pattern.attributes.get("patternType", "none")
        words = [kind] if kind != "none" else []
        for ground, name in (("fg", "fgColor"), ("bg", "bgColor")):
            if words and (colour := pattern.child(name)):
                words += _said(ground, colour)
    elif gradient := fill.child("gradientFill"):
        words = [_GRADIENT, *_said("of", gradient)]
        for stop in gradient.children:
            words += _said("at", stop)
            words += [word for colour in stop.children for word in _said("in", colour)]
    text = " ".join(words)
    return text if _FILL_WORDS.fullmatch(text) else _NO_FILL


def _said(of: str, node: Node) -> list[str]:
    return [f"{of}.{name}={value}" for name, value in sorted(node.attributes.items())]


def _fill_of(words: str) -> str:
    """Return the fill that the words say, none where they say nothing that can be understood."""
    if not _FILL_WORDS.fullmatch(words):
        return '<patternFill patternType="none"/>'
    kind, *rest = words.split(" ")
    said: list[tuple[str, str]] = []
    for word in rest:
        of, _, value = word.partition(".")
        name, _, content = value.partition("=")
        said.append((of, f' {name}="{content}"'))
    if kind != _GRADIENT:
        grounds = {ground: "".join(text for of, text in said if of == ground) for ground in ("fg", "bg")}
        inner = "".join(f"<{ground}Color{text}/>" for ground, text in grounds.items() if text)
        return f'<patternFill patternType="{kind}">{inner}</patternFill>'
    stops: list[list[str]] = []
    for of, text in said:
        if of == "at":
            stops.append([text, ""])
        elif of == "in" and stops:
            stops[-1][1] += text
    whole = "".join(text for of, text in said if of == "of")
    return f"<gradientFill{whole}>{''.join(f'<stop{at}><color{of}/></stop>' for at, of in stops)}</gradientFill>"


def _is_mark(fill: Node) -> bool:
    words = _words(fill)
    if words.startswith("solid "):
        return any(f"fg.rgb=FF{shade}" in words for shade in (_RED, _MEAN))
    return f"fg.rgb=FF{_DIAGONALS}" in words and f"bg.rgb=FF{_YELLOW}" in words
