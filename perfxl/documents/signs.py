"""Signs that stand in a text while it is filled in, and come out again: where nothing was typed, what may go, what merges.

They are characters that Unicode keeps free of any meaning for ever. What was typed cannot be mistaken for one: :func:`literal`
leaves them out, and writes every character that means something to XML, to the master's language or here by its number.
"""

from __future__ import annotations

import re

BLANK = "\ufdd0"
"""Nothing was typed here."""
GONE, KEPT = "\ufdd1", "\ufdd2"
"""A part of a sentence was left out, or kept."""
FIRST, MORE = "\ufdd3", "\ufdd4"
"""A cell that begins a group of equal ones down a column, or goes on with it."""

_ALL = re.compile("[\ufdd0-\ufdd4]")
_NUMBERED = {ord(sign): f"&#{ord(sign)};" for sign in ("&", "<", ">", '"', "'", "{", "}", "%", *"，、；：。")}
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_BREAKS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")

_TAGS = r"((?:<[^<>]*+>)*)"
_BEFORE_END = re.compile(f"[，、；：]{_TAGS}(?=[。；])")
_TWICE = re.compile(f"[，、]{_TAGS}(?=[，、])")
_AT_START = re.compile(f"(?<=：){_TAGS}[，、；]")


def literal(text: str) -> str:
    """Return a text as it is set in XML: nothing in it means anything, line breaks are one character, what no file holds goes."""
    return _UNPRINTABLE.sub("", _BREAKS.sub("\n", text)).translate(_NUMBERED)


def without_signs(text: str) -> str:
    """Return a text without any sign."""
    return _ALL.sub("", text)


def settled(text: str) -> str:
    """Return the text of a part of a sentence with what became of it: left out whole where something in it is blank.

    So is one that had parts of its own, all of which are gone. Of what is left the punctuation is put right.
    """
    if BLANK in text or (GONE in text and KEPT not in text):
        return GONE
    whole = text.replace(GONE, "").replace(KEPT, "")
    for pattern in (_TWICE, _BEFORE_END, _AT_START):
        whole = pattern.sub(r"\1", whole)
    return KEPT + whole
