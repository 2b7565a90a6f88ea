"""The styles of an OpenDocument spreadsheet: number formats as format codes, and which sheets are not shown."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from perfxl.package.limits import Limits
from perfxl.package.scan import attribute, scan
from perfxl.package.unreadable import check_count
from perfxl.readers.styles import GENERAL

_DATA_STYLES = {
    "number-style",
    "percentage-style",
    "currency-style",
    "date-style",
    "time-style",
    "text-style",
    "boolean-style",
}
_CLOCK = {
    "year": ("yy", "yyyy"),
    "day": ("d", "dd"),
    "hours": ("h", "hh"),
    "minutes": ("m", "mm"),
    "seconds": ("s", "ss"),
}
_MOST_DIGITS = 30
_MOST_PARENTS = 20


class Styles(Struct):
    """What styles say, by their names: number format codes, the cell styles that refer to them, hidden sheets."""

    codes: dict[str, str] = field(default_factory=dict)
    sections: dict[str, list[str]] = field(default_factory=dict)
    """The data styles that a data style passes some numbers on to: those of the first sections of a code."""
    cells: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Cell style → data style and parent style, "" where there is none."""
    hidden: set[str] = field(default_factory=set)

    def code(self, name: str) -> str:
        """Return the number format code of a cell style."""
        for _ in range(_MOST_PARENTS):
            data, name = self.cells.get(name, ("", ""))
            if data:
                parts = [self.codes.get(part, "") for part in (*self.sections.get(data, ()), data)]
                return ";".join(parts) if any(parts) else GENERAL
        return GENERAL


def read_styles(data: bytes, styles: Styles, limits: Limits) -> None:
    """Add what ``styles.xml`` or the automatic styles of ``content.xml`` say. Raises Unreadable."""
    reader = _Reader(styles, limits)
    scan(data, limits, reader.opened, reader.closed, reader.read)


class _Reader:
    def __init__(self, styles: Styles, limits: Limits) -> None:
        self._styles = styles
        self._limits = limits
        self._name = ""
        self._sheet = ""
        self._pieces: list[str] | None = None
        self._text: list[str] = []

    def opened(self, depth: int, element: str, attributes: Mapping[str, str]) -> None:
        if depth == 3:
            self._open_style(element, attribute(attributes, "name") or "", attributes)
        elif depth == 4 and element == "table-properties" and attribute(attributes, "display") == "false":
            self._styles.hidden.add(self._sheet)
        elif depth == 4 and self._pieces is not None:
            if element == "map":
                target = attribute(attributes, "apply-style-name") or ""
                self._styles.sections.setdefault(self._name, []).append(target)
            self._text.clear()
            self._pieces.append(_piece(element, attributes))

    def _open_style(self, element: str, name: str, attributes: Mapping[str, str]) -> None:
        self._pieces = None
        self._sheet = ""
        if element in _DATA_STYLES:
            self._name, self._pieces = name, []
        elif element == "style":
            family = attribute(attributes, "family")
            if family == "table-cell":
                own = attribute(attributes, "data-style-name") or ""
                self._styles.cells[name] = (own, attribute(attributes, "parent-style-name") or "")
                check_count(len(self._styles.cells), self._limits)
            elif family == "table":
                self._sheet = name

    def closed(self, depth: int, element: str) -> None:
        if self._pieces is None:
            return
        if depth == 4 and element in {"text", "currency-symbol"}:
            text = "".join(self._text)
            self._pieces.append(text if text == "%" else f'"{text}"' if text else "")
        elif depth == 3:
            self._styles.codes[self._name] = "".join(self._pieces)
            check_count(len(self._styles.codes), self._limits)
            self._pieces = None

    def read(self, text: str) -> None:
        if self._pieces is not None:
            self._text.append(text)


def _piece(element: str, attributes: Mapping[str, str]) -> str:
    long = attribute(attributes, "style") == "long"
    if element in _CLOCK:
        return _CLOCK[element][long]
    match element:
        case "month":
            return ("mmm" if attribute(attributes, "textual") == "true" else "m") + ("m" if long else "")
        case "am-pm":
            return "AM/PM"
        case "text-content":
            return "@"
        case "number":
            if attribute(attributes, "decimal-places") is None and attribute(attributes, "grouping") is None:
                return GENERAL
            places = min(max(int(attribute(attributes, "decimal-places") or 0), 0), _MOST_DIGITS)
            whole = "#,##0" if attribute(attributes, "grouping") == "true" else "0"
            return f"{whole}.{'0' * places}" if places else whole
        case "scientific-number":
            return "0.00E+00"
        case "fraction":
            return "# ?/?"
        case _:
            return ""
