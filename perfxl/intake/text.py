"""Printed text brought to a form in which two spellings of one label are equal."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_BLANKS = re.compile(r"[\s\u200b-\u200d\u2060\ufeff]+")
_NOT_WORD = re.compile(r"[\W_]+")
_POINTS = re.compile(r"\((\d+(?:\.\d+)?)分\)$")
_NOTE = re.compile(r"(?:备?注|填?表?说明|填报说明)\d*[:.、]")
LONGEST_LABEL = 80


@lru_cache(maxsize=4096)
def flat(text: str) -> str:
    """Return text after NFKC, without blanks and zero-width characters: ``（2023 年度）`` → ``(2023年度)``."""
    return _BLANKS.sub("", unicodedata.normalize("NFKC", text))


@lru_cache(maxsize=4096)
def key(text: str) -> str:
    """Return what a label says, letters and digits only: ``年度预算申请（万元）`` → ``年度预算申请万元``."""
    return _NOT_WORD.sub("", flat(text))


def points(text: str) -> str | None:
    """Return the points in a caption: ``产出指标(50分)`` → ``50``, None where it has none."""
    found = _POINTS.search(flat(text))
    return found[1] if found else None


def level(text: str) -> str:
    """Return a 一级 or 二级 as it stands in the data: blanks and points taken out, the rest as typed."""
    squeezed = _BLANKS.sub("", text)
    normal = flat(text)
    found = _POINTS.search(normal)
    if not found:
        return squeezed
    for opening in "(（":
        if opening in squeezed:
            return squeezed[: squeezed.rindex(opening)]
    return normal[: found.start()]


def is_note(text: str) -> bool:
    """Tell whether a line is a remark on the form (注：…, 填表说明：…)."""
    return bool(_NOTE.match(text))
