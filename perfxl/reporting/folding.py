"""Parts of a page that are packed until the page's script unpacks them: a page of thousands of returns stays small.

Without scripts a reader is told where else the same stands.
"""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Iterable, Iterator

FOLD, UNFOLD = "\x01", "\x02"
"""What stands before and after a part in the pieces of a page; nothing that is shown holds them."""
HOLD, UNHOLD = '<noscript class="held">', "</noscript>"
"""What stands around a part that is shown without scripts; with them a browser takes it as a text, from which rows are made."""
_MARKS = re.compile(f"([{FOLD}{UNFOLD}])")
_BEGIN = (
    "<noscript><p>这些内容要浏览器允许运行脚本才能显示；同样的意见在同一文件夹的 findings.csv 和各份的标注件里。</p></noscript>"
    '<script type="text/plain" class="packed">'
)
_END = "</script>"
_LEVEL = 6


def folded(pieces: Iterable[str]) -> Iterator[str]:
    """Yield a page with the parts between its marks packed: deflated, in base64."""
    packer: _Packer | None = None
    for piece in pieces:
        for part in _MARKS.split(piece) if FOLD in piece or UNFOLD in piece else (piece,):
            if part == FOLD:
                packer = _Packer()
                yield _BEGIN
            elif part == UNFOLD and packer is not None:
                yield packer.end() + _END
                packer = None
            else:
                yield packer.pack(part) if packer is not None else part


class _Packer:
    """Packs one part, piece by piece."""

    def __init__(self) -> None:
        self._deflating = zlib.compressobj(_LEVEL)
        self._left = b""

    def pack(self, text: str) -> str:
        return self._written(self._deflating.compress(text.encode(errors="replace")))

    def end(self) -> str:
        packed = self._left + self._deflating.flush()
        self._left = b""
        return base64.b64encode(packed).decode()

    def _written(self, packed: bytes) -> str:
        """Return what can be written by now: three bytes are four characters."""
        packed = self._left + packed
        whole = len(packed) - len(packed) % 3
        self._left = packed[whole:]
        return base64.b64encode(packed[:whole]).decode()
