"""How much of a returned file is read: bounds that a real return never comes near and a hostile one runs into."""

from __future__ import annotations

from msgspec import Struct


class Limits(Struct, frozen=True):
    """The bounds of reading one file; each says what there may be at most."""

    max_bytes: int = 50_000_000
    """Bytes of the file itself. A form takes 20 kB; scans pasted into a sheet make it megabytes."""
    max_unpacked: int = 200_000_000
    """Bytes of all parts together once inflated."""
    max_ratio: int = 250
    """Inflated to packed bytes. XML full of equal rows reaches 100, a bomb of blanks 1,000."""
    max_entries: int = 5_000
    """Parts in the package."""
    max_elements: int = 10_000_000
    """XML elements in one part. Formats strayed to the last row of seven columns make 8 million (10 s)."""
    max_records: int = 3_000_000
    """Records in one part of an .xlsb; a cell is one, blank or not."""
    max_listed: int = 200_000
    """Entries in the lists of a package together: content types, and relations, of which a link in a cell is one."""
    max_cells: int = 500_000
    """Cells that hold something, in the whole workbook; likewise entries in any table that cells refer to."""
    max_merges: int = 50_000
    """Merges in one sheet."""
    max_merged: int = 2_000_000
    """Cells that these merges cover, each counted as often as it is covered; those of whole columns are left out."""
    max_depth: int = 64
    """XML elements inside each other; a worksheet needs about ten."""
    max_text: int = 32_767
    """Characters in one cell: what Excel itself can hold."""
    max_archive: int = 2_000_000_000
    """Bytes of all files in an archive of returns once unpacked; ``max_entries`` bounds their number, too."""
    max_archives: int = 3
    """Archives inside each other, the outermost counted."""
    max_result: int = 10_000_000
    """Bytes of the document about one file. That about a form has some 30 kB."""
    max_seconds: float = 60
    """How long reading one file may take; a form takes hundredths of a second."""
    max_memory: int = 1_000_000_000
    """Bytes of memory that a process which reads files may take on top of the program with which it begins."""


DEFAULT = Limits()
