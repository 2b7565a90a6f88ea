"""Native pivot tables: three small parts, no records; the program that opens the workbook works them out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from perfxl.model.address import Box
from perfxl.package.draft import PackageDraft
from perfxl.package.splice import Splices, quoted
from perfxl.writer.lists.sheet import ListTable

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.pivot"
_HEADLINE = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_VERSION = 3  # Excel 2007
VALUES = "数值"
"""What is above the heads of several values."""
_VALUES = -2
"""The place of several values among the fields of the columns."""


class PivotMeasure(Struct, frozen=True):
    """A value of a pivot: the head of its column in the source, what it is called; counted, or else added."""

    head: str
    name: str
    counted: bool = False
    money: bool = False


class Pivot(Struct, frozen=True):
    """A pivot table on a sheet, over a table of another one: a row for each value of ``row``.

    With a ``column`` there is a column for each of its values and one measure, else a column for each measure. ``box`` is
    the room that it takes as of now, heads and totals included.
    """

    name: str
    sheet: str
    source: str
    table: ListTable
    row: str
    measures: tuple[PivotMeasure, ...]
    box: Box
    column: str = ""

    @property
    def heads(self) -> int:
        """Rows of heads above the first value."""
        return 2 if self.column or len(self.measures) > 1 else 1


def add_pivots(draft: PackageDraft, pivots: Sequence[Pivot], parts: Mapping[str, str]) -> None:
    """Add pivot tables to a package; pivots over the same table share what is said of it."""
    caches: dict[str, tuple[int, str]] = {}
    listed = ""
    for number, pivot in enumerate(pivots, start=1):
        if pivot.table.name not in caches:
            cache = f"xl/pivotCache/pivotCacheDefinition{len(caches) + 1}.xml"
            draft.add(cache, Splices(_cache_xml(pivot)), f"{_TYPE}CacheDefinition+xml")
            identity = draft.relate("xl/workbook.xml", f"{_RELATIONS}/pivotCacheDefinition", cache)
            caches[pivot.table.name] = len(caches) + 1, cache
            listed += f'<pivotCache cacheId="{len(caches)}" r:id="{identity}"/>'
        cache_id, cache = caches[pivot.table.name]
        part = f"xl/pivotTables/pivotTable{number}.xml"
        draft.add(part, Splices(_pivot_xml(pivot, cache_id)), f"{_TYPE}Table+xml")
        draft.relate(parts[pivot.sheet], f"{_RELATIONS}/pivotTable", part)
        draft.relate(part, f"{_RELATIONS}/pivotCacheDefinition", cache)
    if listed:
        workbook = draft.markup("xl/workbook.xml")
        workbook.append(workbook.root, f"<pivotCaches>{listed}</pivotCaches>")


def _cache_xml(pivot: Pivot) -> bytes:
    table = pivot.table
    last = table.box.last_row - bool(table.totals)
    area = Box(table.box.row, table.box.column, last, table.box.last_column).range_name
    fields = "".join(
        f'<cacheField name="{quoted(head)}" numFmtId="0"><sharedItems/></cacheField>' for head in table.heads
    )
    return (
        f'{_HEADLINE}<pivotCacheDefinition xmlns="{_MAIN}" saveData="0" refreshOnLoad="1" createdVersion="{_VERSION}" '
        f'refreshedVersion="{_VERSION}" minRefreshableVersion="{_VERSION}"><cacheSource type="worksheet">'
        f'<worksheetSource ref="{area}" sheet="{quoted(pivot.source)}"/></cacheSource>'
        f'<cacheFields count="{len(table.heads)}">{fields}</cacheFields></pivotCacheDefinition>'
    ).encode()


def _pivot_xml(pivot: Pivot, cache: int) -> bytes:
    heads = pivot.table.heads
    row = heads.index(pivot.row)
    column = heads.index(pivot.column) if pivot.column else _VALUES
    values = {heads.index(measure.head) for measure in pivot.measures}
    fields = "".join(_field(n, row, column, values) for n in range(len(heads)))
    across = f'<colFields count="1"><field x="{column}"/></colFields>' if pivot.column or len(values) > 1 else ""
    measures = "".join(_measure(heads.index(measure.head), measure) for measure in pivot.measures)
    return (
        f'{_HEADLINE}<pivotTableDefinition xmlns="{_MAIN}" name="{quoted(pivot.name)}" cacheId="{cache}" '
        'applyNumberFormats="0" applyBorderFormats="0" applyFontFormats="0" applyPatternFormats="0" '
        f'applyAlignmentFormats="0" applyWidthHeightFormats="1" dataCaption="{VALUES}" grandTotalCaption="合计" '
        f'updatedVersion="{_VERSION}" minRefreshableVersion="{_VERSION}" createdVersion="{_VERSION}" '
        'useAutoFormatting="1" itemPrintTitles="1" indent="0" compact="0" compactData="0" outline="0" outlineData="0">'
        f'<location ref="{pivot.box.range_name}" firstHeaderRow="{pivot.heads - 1}" firstDataRow="{pivot.heads}" '
        f'firstDataCol="1"/><pivotFields count="{len(heads)}">{fields}</pivotFields>'
        f'<rowFields count="1"><field x="{row}"/></rowFields>{across}'
        f'<dataFields count="{len(pivot.measures)}">{measures}</dataFields>'
        '<pivotTableStyleInfo name="PivotStyleLight16" showRowHeaders="1" showColHeaders="1" showRowStripes="0" '
        'showColStripes="0" showLastColumn="1"/></pivotTableDefinition>'
    ).encode()


def _field(number: int, row: int, column: int, values: set[int]) -> str:
    data = ' dataField="1"' if number in values else ""
    if number not in {row, column}:
        return f'<pivotField{data} compact="0" outline="0" showAll="0"/>'
    axis = "axisRow" if number == row else "axisCol"
    items = '<items count="1"><item t="default"/></items>'
    return f'<pivotField axis="{axis}"{data} compact="0" outline="0" showAll="0">{items}</pivotField>'


def _measure(field: int, measure: PivotMeasure) -> str:
    how = ' subtotal="count"' if measure.counted else ""
    shown = ' numFmtId="4"' if measure.money else ""
    return f'<dataField name="{quoted(measure.name)}" fld="{field}"{how} baseField="0" baseItem="0"{shown}/>'
