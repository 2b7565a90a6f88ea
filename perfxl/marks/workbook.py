"""The workbook part: which sheets there are, putting a sheet in front, taking one out."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count

from perfxl.model.error import Error
from perfxl.package.draft import PackageDraft
from perfxl.package.splice import Node, Splices, quoted

_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_STRICT = "http://purl.oclc.org/ooxml/"
_ORDER = (
    "fileVersion",
    "fileSharing",
    "workbookPr",
    "workbookProtection",
    "bookViews",
    "sheets",
    "functionGroups",
    "externalReferences",
    "definedNames",
    "calcPr",
    "oleSize",
    "customWorkbookViews",
    "pivotCaches",
    "smartTagPr",
    "smartTagTypes",
    "webPublishing",
    "fileRecoveryPr",
    "webPublishObjects",
    "extLst",
)


class CannotMark(Error):  # noqa: N818 - it names what is so of the file
    """A workbook that cannot be marked; ``detail`` is a Chinese half sentence that says why."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class Workbook:
    """The workbook part of a draft. Raises CannotMark for what must not be changed: signed and strict files."""

    def __init__(self, draft: PackageDraft) -> None:
        self._draft = draft
        package = draft.package
        own = package.relations("")
        if any(name.lower().startswith("_xmlsignatures/") for name in package.names):
            raise CannotMark("文件带有数字签名，写入标记会使签名失效")
        self.part = next((relation.target for relation in own if relation.kind == "officeDocument"), "")
        if self.part not in package:
            raise CannotMark("文件中没有工作簿")
        self._markup = draft.markup(self.part)
        root = self._markup.root
        if any(value.startswith(_STRICT) for value in root.attributes.values()):
            raise CannotMark("文件是“严格开放 XML”格式")
        sheets = root.child("sheets")
        if root.name != "workbook" or sheets is None:
            raise CannotMark("文件中没有工作表")
        self._sheets = sheets
        relations = {relation.id: relation for relation in package.relations(self.part)}
        self.parts: dict[str, str] = {}
        """All sheets by name, in order; chart sheets too."""
        self.worksheets: dict[str, str] = {}
        for node in sheets.children:
            relation = relations.get(node.relation)
            if relation and relation.target in package:
                name = node.attributes.get("name", "")
                self.parts[name] = relation.target
                if relation.kind == "worksheet":
                    self.worksheets[name] = relation.target

    def free_name(self, wanted: str) -> str:
        """Return a name for a sheet: as wanted, with a number where a sheet has it already."""
        taken = {node.attributes.get("name", "").lower() for node in self._sheets.children}
        return next(name for number in count(1) if (name := wanted + (str(number) * (number > 1))).lower() not in taken)

    def put_in_front(self, name: str, content: bytes, names: Mapping[str, str]) -> None:
        """Put a worksheet with names of its own in front of all others, and open the workbook at it."""
        part = self._draft.free("xl/worksheets/sheet{}.xml")
        self._draft.add(part, Splices(content), _SHEET_TYPE)
        relation = self._draft.relate(self.part, f"{_RELATIONS}/worksheet", part)
        ids = [
            int(number) for node in self._sheets.children if (number := node.attributes.get("sheetId", "")).isdecimal()
        ]
        xml = (
            f'<sheet xmlns:r="{_RELATIONS}" name="{quoted(name)}" sheetId="{max(ids, default=0) + 1}" '
            f'r:id="{relation}"/>'
        )
        self._markup.before(self._sheets.children[0], xml)
        for node in self._local_names():
            self._markup.set(node, localSheetId=str(int(node.attributes["localSheetId"]) + 1))
        self._open_at_front()
        self._define(names)

    def _local_names(self) -> list[Node]:
        listed = self._markup.root.child("definedNames")
        nodes = listed.children if listed else []
        return [node for node in nodes if node.attributes.get("localSheetId", "").isdecimal()]

    def _open_at_front(self) -> None:
        views = self._markup.root.child("bookViews")
        if views is None:
            self._markup.place("<bookViews><workbookView/></bookViews>", "bookViews", _ORDER)
            return
        for view in views.children:
            for name in ("activeTab", "firstSheet"):
                if view.attributes.get(name, "0") != "0":
                    self._markup.set(view, **{name: "0"})

    def _define(self, names: Mapping[str, str]) -> None:
        hidden = {"_xlnm._FilterDatabase": ' hidden="1"'}
        xml = "".join(
            f'<definedName name="{name}" localSheetId="0"{hidden.get(name, "")}>{quoted(reference)}</definedName>'
            for name, reference in names.items()
        )
        if listed := self._markup.root.child("definedNames"):
            self._markup.append(listed, xml)
        else:
            self._markup.place(f"<definedNames>{xml}</definedNames>", "definedNames", _ORDER)

    def take_out(self, name: str) -> None:
        """Take a sheet out with its names and the parts that only it refers to; positions of the others follow."""
        nodes = self._sheets.children
        gone = next(index for index, node in enumerate(nodes) if node.attributes.get("name") == name)
        self._markup.remove(nodes[gone])
        part = self.parts[name]
        package = self._draft.package
        others = [other for other in package.names if other != part]
        kept = {relation.target for other in others for relation in package.relations(other)}
        for relation in package.relations(part):
            if relation.target in package and relation.target not in kept:
                self._draft.remove(relation.target)
        self._draft.unrelate(self.part, part)
        self._draft.remove(part)
        for node in self._local_names():
            local = int(node.attributes["localSheetId"])
            if local == gone:
                self._markup.remove(node)
            elif local > gone:
                self._markup.set(node, localSheetId=str(local - 1))
        views = self._markup.root.child("bookViews")
        for view in views.children if views else []:
            for attribute in ("activeTab", "firstSheet"):
                number = view.attributes.get(attribute, "0")
                if number.isdecimal() and int(number) > gone:
                    self._markup.set(view, **{attribute: str(int(number) - 1)})
