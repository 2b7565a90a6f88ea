"""Set Chinese text on a terminal: widths in columns, line breaks, nothing in it that steers the terminal."""

from __future__ import annotations

import unicodedata

_NEVER_FIRST = frozenset("，。、；：？！）》〉」』】〕”’…—％%·›,.;:?!)]}")
"""Closing punctuation: never the first character of a line (GB/T 15834)."""
_NEVER_LAST = frozenset("（《〈「『【〔“‘￥([{")
"""Opening punctuation: never the last character of a line."""


def visible(text: str) -> str:
    """Return the text on one line, without a character that a terminal would obey or that reorders what is read.

    Officers' file names and cells are quoted on the clerk's terminal: line breaks and tabs become blanks; escapes,
    other control and format characters and lone surrogates become ``�``.
    """
    return text if text.isprintable() else "".join(map(_shown, text))


def _shown(character: str) -> str:
    if character.isprintable():
        return character
    if character.isspace():
        return character if unicodedata.category(character) == "Zs" else " "
    return "�"


def columns(text: str) -> int:
    """Return how many columns a text takes: two for a wide character and for one that Chinese fonts draw wide."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def _columns(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WFA" else 1


def breaks(text: str, width: int) -> list[int]:
    """Return where the lines of a text begin after the first one, each line at most ``width`` columns wide.

    Numbers and Latin words are kept whole and punctuation stays with what it belongs to, unless that alone is wider
    than a line. Blanks at a line's end may hang over. The text has one paragraph (see :func:`visible`).
    """
    starts: list[int] = []
    start = chance = used = 0
    for index, character in enumerate(text):
        if index and _may_break(text[index - 1], character):
            chance = index
        used += _columns(character)
        # Twice at most: what stays together from the last chance on may itself be wider than a line.
        while used > width and index > start and not character.isspace():
            start = chance if chance > start else index
            starts.append(start)
            used = columns(text[start : index + 1])
    return starts


def _may_break(before: str, after: str) -> bool:
    if after.isspace() or after in _NEVER_FIRST or before in _NEVER_LAST or not _columns(after):
        return False
    return before.isspace() or _columns(before) == 2 or _columns(after) == 2


def wrap(text: str, width: int) -> list[str]:
    """Return the text as lines of at most ``width`` columns (see :func:`breaks`); no text gives one empty line."""
    starts = breaks(text, width)
    return [text[start:end].rstrip() for start, end in zip([0, *starts], [*starts, len(text)], strict=True)]


def padded(text: str, width: int) -> str:
    """Return the text filled up with blanks to ``width`` columns; a wider one is left as it is."""
    return text + " " * (width - columns(text))
