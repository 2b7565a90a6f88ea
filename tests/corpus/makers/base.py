"""What the corpus begins with: the shipped samples on our blanks, each with one required cell left blank.

``python base.py FOLDER`` writes one workbook for each form into a folder, for the makers that open them.
"""

from __future__ import annotations

import base64
import json
import struct
import sys
import zlib
from pathlib import Path

from perfxl.api import generate
from perfxl.forms.definition.load import load_forms

TEMPLATES = Path(__file__).resolve().parents[3] / "templates"
NAMES = ("unit_name", "project_name")


def base(form: str) -> bytes:
    """Return a filled form without the name of its unit or project."""
    sample = json.loads((TEMPLATES / form / "sample.json").read_text(encoding="utf-8"))
    missing = next(name for name in NAMES if name in sample)
    return generate(load_forms()[form], data={name: value for name, value in sample.items() if name != missing})


def picture() -> bytes:
    """Return a small square picture: a red seal on white."""
    rows = b"".join(
        b"\0"
        + b"".join(b"\xc0\0\0" if 80 < (x - 16) ** 2 + (y - 16) ** 2 < 200 else b"\xff\xff\xff" for x in range(32))
        for y in range(32)
    )
    head = struct.pack(">2I5B", 32, 32, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks
    )


def main(folder: Path) -> None:
    """Write the workbooks, and the picture as base64 for programs that want it so."""
    folder.mkdir(parents=True, exist_ok=True)
    for form in load_forms():
        (folder / f"{form}.xlsx").write_bytes(base(form))
    (folder / "seal.png").write_bytes(picture())
    (folder / "seal.txt").write_text(base64.b64encode(picture()).decode(), encoding="ascii")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
