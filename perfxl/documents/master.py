"""A master filled in: a document of Word with names in it becomes one with what they stand for.

docxtpl does the filling in. Ours are: what was typed comes through as it was typed, a part of a sentence goes whole where
something in it is blank, cells merge down, a mistake is said with its place, and the same values give the same bytes.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

from docx.document import Document
from docx.opc.constants import CONTENT_TYPE
from docx.opc.exceptions import OpcError
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, Template, TemplateError, nodes
from jinja2.ext import Extension
from jinja2.parser import Parser
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml import etree
from markupsafe import Markup

from perfxl.documents.merges import merge_down
from perfxl.documents.mistakes import MasterError, Unmarked, explained
from perfxl.documents.signs import settled, without_signs
from perfxl.documents.values import names
from perfxl.forms.stock import shipped
from perfxl.package.limits import DEFAULT
from perfxl.package.package import Package
from perfxl.package.unreadable import Unreadable, UnreadableReason
from perfxl.package.zip_writer import ZipWriter, member, packed

REPORT, NOTICE = "report.docx", "notice.docx"

_CALCULATED = ("title", "subject", "author")
_NO_DOCUMENT = "不是 Word 文档（.docx），或已损坏；旧的 .doc 请另存为 .docx"
_SHOWN = 30
_KEPT = 64
"""Parts of masters that are kept ready: a master has a handful."""
_BROKEN = (zipfile.BadZipFile, OpcError, KeyError, ValueError, etree.XMLSyntaxError, NotImplementedError, EOFError)
"""What the libraries say of a file that is no document of Word, or a damaged one."""


class _KeptParts(Extension):
    """``{% part %}`` … ``{% endpart %}``: a part of a text that goes whole where something in it was not filled in.

    Parts may stand in parts: the outer one goes where all inner ones have gone.
    """

    tags = {"part"}  # noqa: RUF012 - as Jinja2 has it

    def parse(self, parser: Parser) -> nodes.Node:
        """Return the node of a part that begins here."""
        line = next(parser.stream).lineno
        body = parser.parse_statements(("name:endpart",), drop_needle=True)
        return nodes.CallBlock(self.call_method("settle"), [], [], body).set_lineno(line)

    def settle(self, caller: Callable[[], str]) -> Markup:
        """Return what is left of a part."""
        return Markup(settled(caller()))  # noqa: S704 - what was typed is escaped already


class _Unknown(StrictUndefined):
    """A name that a master uses and nothing stands for: its error is the name itself."""

    @property
    def _undefined_message(self) -> str:
        return str(self._undefined_name)


class _Language(ImmutableSandboxedEnvironment):
    """The language of masters. The same one is filled in many times: what Jinja2 makes of it is kept."""

    def __init__(self) -> None:
        super().__init__(autoescape=True, undefined=_Unknown, extensions=[_KeptParts])
        self._made: dict[str, Template] = {}

    def from_string(self, source: Any, globals: Any = None, template_class: Any = None) -> Template:  # noqa: A002 - as Jinja2 calls it
        if source not in self._made:
            if len(self._made) >= _KEPT:
                self._made.clear()
            self._made[source] = super().from_string(source, globals, template_class)
        return self._made[source]


class _Filling(DocxTemplate):  # type: ignore[misc] # docxtpl has no types
    """docxtpl with what it does on the way made known: the text that is being filled in, what comes of it."""

    source = ""

    def render_xml_part(self, src_xml: str, part: Any, context: Any, jinja_env: Any = None) -> str:
        self.source = src_xml.replace("<w:p ", "\n<w:p ").replace("<w:p>", "\n<w:p>")
        filled: str = super().render_xml_part(src_xml, part, context, jinja_env)
        return filled

    def fix_tables(self, xml: str) -> Any:
        """Refuse what is no XML any more: docxtpl would leave out what it cannot make sense of, without a word."""
        try:
            etree.fromstring(xml.encode(), etree.XMLParser(resolve_entities=False, huge_tree=True))
        except etree.XMLSyntaxError as error:
            raise Unmarked(_before(xml, error.position[1])) from error
        tree = super().fix_tables(xml)
        merge_down(tree)
        return tree

    def render_properties(self, context: Any, jinja_env: Any = None) -> None:
        for name in _CALCULATED:
            self.source = getattr(self.docx.core_properties, name)
            text = jinja_env.from_string(self.source).render(context)
            setattr(self.docx.core_properties, name, without_signs(unescape(text))[:255])


def find_master(name: str, templates: Sequence[Path]) -> Path | None:
    """Return the first file of a name: those of ``--templates`` come before the shipped ones; None where there is none."""
    return next((found for folder in (*templates, shipped()) if (found := folder / name).is_file()), None)


def report_masters(forms: Iterable[str], templates: Sequence[Path]) -> dict[str, Path]:
    """Return the master of each form's report, by the form's id; a folder that is itself a form's holds its own."""
    above = [folder.parent if folder.name in set(forms) else folder for folder in templates]
    found = {form: find_master(f"{form}/{REPORT}", [*templates, *above]) for form in forms}
    return {form: path for form, path in found.items() if path is not None}


def fill(master: Path, values: Mapping[str, object]) -> bytes:
    """Return a master filled in. Raises MasterError for one that cannot be used, OSError where it cannot be read."""
    return fill_in(master.read_bytes(), master, values)


def fill_in(data: bytes, master: Path, values: Mapping[str, object]) -> bytes:
    """Return a master filled in; ``data`` is what the file holds. Raises MasterError."""
    filling = _opened(data, master)
    try:
        filling.render(values, _language())
    except (TemplateError, Unmarked, TypeError, ArithmeticError, AttributeError, LookupError, ValueError) as error:
        raise MasterError(master, explained(error, filling.source, names(values))) from error
    return _bytes(filling.docx)


def _opened(data: bytes, master: Path) -> _Filling:
    filling = _Filling(io.BytesIO(data))
    try:
        Package.open(data, DEFAULT)
        filling.init_docx()
        if filling.docx.part.content_type != CONTENT_TYPE.WML_DOCUMENT_MAIN:
            raise ValueError
    except Unreadable as error:
        said = (
            error.detail if error.reason in {UnreadableReason.TOO_LARGE, UnreadableReason.ENCRYPTED} else _NO_DOCUMENT
        )
        raise MasterError(master, f"打不开：{said}") from error
    except _BROKEN as error:
        raise MasterError(master, f"打不开：{_NO_DOCUMENT}") from error
    return filling


@cache
def _language() -> _Language:
    return _Language()


def _before(xml: str, column: int) -> str:
    """Return the last words before a place in XML, in quotation marks."""
    cut = xml[:column]
    text = without_signs(unescape("".join(piece.rpartition(">")[2] for piece in cut.split("<"))))
    return f"“{text[-_SHOWN:]}”" if text.strip() else "开头"


def _bytes(document: Document) -> bytes:
    """Return a document as a package without signs in it and without a time of day."""
    saved = io.BytesIO()
    document.save(saved)
    whole = io.BytesIO()
    writer = ZipWriter(whole)
    with zipfile.ZipFile(saved) as written:
        for info in written.infolist():
            content = written.read(info)
            if info.filename.endswith(".xml"):
                content = without_signs(content.decode()).encode()
            writer.add(*packed(member(info.filename), content))
    writer.finish()
    return whole.getvalue()
