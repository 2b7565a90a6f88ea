"""The encoding of texts in workbooks of before 1997, which say it wrongly as often as not."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

_CHINESE: Final = "gb18030"
_CHINESE_PAGES: Final = frozenset({936, 10008, 54936})
_CHINESE_FONTS: Final = 134
_DOUBTFUL: Final = frozenset({0, 367, 437, 850, 1252, 10000, 32768, 32769})
"""Pages of western letters, and none at all: what programs write that do not know better."""
_PAGES: Final = {
    **dict.fromkeys((950, 10002), "cp950"),
    **dict.fromkeys((932, 10001), "cp932"),
    **dict.fromkeys((949, 10003), "cp949"),
    **dict.fromkeys((10000, 32768), "mac_roman"),
    **{page: f"cp{page}" for page in (437, 850, 852, 866, 874, *range(1250, 1259))},
}


class CodePage:
    """How the bytes of texts are to be read.

    Fonts of a Chinese character set say more than the page: Chinese programs write 1252 or a Macintosh's page in front of
    GBK. Where neither says Chinese, a page of western letters is not believed of a text that is GBK throughout.
    """

    def __init__(self, page: int, font_charsets: Collection[int]) -> None:
        self._doubtful = page in _DOUBTFUL
        self._chinese = page in _CHINESE_PAGES or (self._doubtful and _CHINESE_FONTS in font_charsets)
        self._encoding = _PAGES.get(page, "cp1252")

    def decode(self, raw: bytes) -> str:
        """Return a text."""
        if raw.isascii():
            return raw.decode("ascii")
        if self._chinese:
            return raw.decode(_CHINESE, "replace")
        if self._doubtful:
            try:
                return raw.decode(_CHINESE)
            except UnicodeDecodeError:
                pass
        return raw.decode(self._encoding, "replace")
