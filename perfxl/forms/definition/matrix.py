"""The rows of a matrix: what each prints, and the values in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from perfxl.forms.definition.entries import Where, entry, own_font
from perfxl.forms.definition.fields import Fields, check_holes
from perfxl.forms.definition.fonts import BODY, height_in
from perfxl.forms.definition.heads import columns
from perfxl.forms.definition.language import NOT_ASKED, At, CellSpec, MatrixGroup, MatrixRow
from perfxl.forms.definition.problem import Problems
from perfxl.forms.printed_text import words
from perfxl.model.form import Band, Columns, Label, Look, Piece, Row, Section

_NOT_ASKED = "—"
"""What official forms print where a row of a matrix has no value."""
_LINES = 1.4
_LIMITS = ("min", "max", "length", "pattern", "decimals", "choices", "preset")
"""What suits one type of value and no other."""


def names_rows(cell: CellSpec) -> bool:
    """Tell whether the labels of a matrix's rows stand below a head: one without field that prints nothing else."""
    return cell.field is None and not cell.serial and not cell.prints


class Matrix(Struct, frozen=True):
    """Builds the rows of a matrix; ``cells`` are its heads that have no others below them."""

    problems: Problems
    fields: Fields
    groups: dict[str, str]
    path: str
    cells: Sequence[CellSpec]

    def rows(self, items: Sequence[MatrixRow | MatrixGroup], where: Where) -> Iterator[Band]:
        """Yield the rows, and the groups of rows with their label on the left."""
        rows = [row for item in items for row in (item.rows if isinstance(item, MatrixGroup) else (item,))]
        left_out = {row.field: (*row.omit, *row.texts) for row in rows}
        numbers = {row.field: number for number, row in enumerate(rows, start=1)}
        label = columns(next(cell for cell in self.cells if names_rows(cell)))
        for item in items:
            if isinstance(item, MatrixRow):
                yield self.row(item, numbers, left_out, where, {})
                continue
            if item.at.columns.first != label.first or item.at.columns.last >= label.last:
                self.problems.add(
                    item.place.of("at"), f"“{item.group}”的列放不下", "at 要在行名称那一格的左边，给行名称留出列"
                )
                continue
            if item.names:
                self.groups.setdefault(where.path(item.names), " › ".join((*where.above, words(item.group))))
            inner = [replace(c, at=_right_of(c, item)) if names_rows(c) else c for c in self.cells]
            below = replace(where, above=(*where.above, words(item.group)))
            inside = replace(self, cells=inner)
            body = tuple(inside.row(row, numbers, left_out, below, item.formulas) for row in item.rows)
            yield Section(Label(item.at.columns, item.group, Look.SPINE, item.alias), body)

    def row(
        self,
        row: MatrixRow,
        numbers: Mapping[str, int],
        left_out: Mapping[str, Sequence[str]],
        where: Where,
        formulas: Mapping[str, str],
    ) -> Row:
        """Build one row; ``left_out`` are the columns of all rows in which they have no value: sums pass over these."""
        own = {**formulas, **row.formulas}
        self.known(row, own, left_out)
        prefix = f"{self.path}.{row.field}"
        self.groups.setdefault(prefix, " › ".join((*where.above, words(row.label))))
        pieces: list[Piece] = []
        for head in self.cells:
            cell = self.differing(row, head)
            at, text = columns(cell), row.texts.get(cell.field or cell.prints)
            if cell.serial:
                pieces.append(_printed(at, str(numbers[row.field]), cell))
            elif text is not None:
                check_holes(text, row.place.of("texts"), self.problems)
                pieces.append(_printed(at, text, cell))
            elif cell.prints:
                pieces.append(Label(at, "", cell.look or Look.LABEL, font=own_font(cell.font)))
            elif cell.field is None:
                font = own_font(cell.font)
                pieces.append(Label(at, row.label, cell.look or Look.LABEL, row.alias, prefix, font=font))
            elif cell.field in row.omit:
                pieces.append(Label(at, _NOT_ASKED, Look.LABEL))
            else:
                added = row.sum if cell.type is None or cell.type.numeric else ()
                summed = ", ".join(
                    f"{self.path}.{part}.{cell.field}" for part in added if cell.field not in left_out.get(part, ())
                )
                formula = own.get(cell.field) or cell.formula or (f"SUM({summed})" if summed else "")
                parts = (*where.above, words(row.label), words(cell.name or cell.label or cell.field))
                computed = bool(formula) and not cell.formula
                preset = None if computed and head is cell else cell.preset
                shown = replace(cell, formula=formula, required=NOT_ASKED if formula else cell.required, preset=preset)
                pieces.append(entry(self.fields, shown, f"{prefix}.{cell.field}", parts, prefix))
        height = height_in(row.height, row.place.of("height"), self.problems) or where.heights.get(BODY, 0.0)
        return Row(tuple(pieces), lines=_LINES, height=height)

    def known(self, row: MatrixRow, formulas: Mapping[str, str], rows: Mapping[str, Sequence[str]]) -> None:
        """Report columns and rows that the matrix does not have."""
        fields = [cell.field for cell in self.cells if cell.field is not None]
        printed = [cell.prints for cell in self.cells if cell.prints]
        for what, given, offered in (
            ("omit", row.omit, fields),
            ("sum", row.sum, rows),
            ("formulas", formulas, fields),
            ("texts", row.texts, [*printed, *fields]),
            ("cells", row.cells, fields),
        ):
            for name in given:
                if name not in offered:
                    self.problems.add(
                        row.place.of(what), f"{what} 里的“{name}”不在这张表上", f"可用：{'、'.join(offered)}"
                    )

    @staticmethod
    def differing(row: MatrixRow, head: CellSpec) -> CellSpec:
        """Return a head as the row's cell below it has it: what the row says of it counts, of another type nothing else."""
        own = row.cells.get(head.field or "")
        if own is None:
            return head
        given = {key: getattr(own, key) for key in own.place.keys if key not in _OF_HEADS and hasattr(own, key)}
        if "type" in given:
            given = {key: getattr(own, key) for key in _LIMITS} | given
        return replace(head, **given, place=own.place)


_OF_HEADS = ("at", "label", "field", "columns")


def _printed(at: Columns, text: str, cell: CellSpec) -> Label:
    return Label(at, text, cell.look or Look.LABEL, body=True, font=own_font(cell.font))


def _right_of(cell: CellSpec, group: MatrixGroup) -> At:
    return At(Columns(group.at.columns.last + 1, columns(cell).last))
