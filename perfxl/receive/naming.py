"""What the results of each input are called: names below the output folder, whatever the inputs are called."""

from __future__ import annotations

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath

from perfxl.outputs import MARKED, safe_name

FINDINGS, SUMMARY, REPORT = "findings.csv", "summary.json", "report.html"
"""The files about a whole batch."""
MARKED_SUFFIXES = ("xlsx", "xlsm")
DOCUMENT = ".json"

_ENDINGS = (DOCUMENT, *(f"{MARKED}.{suffix}" for suffix in MARKED_SUFFIXES))
"""What the names of results end in: a folder that is called so might stand in the place of one."""
_TAKEN = frozenset({SUMMARY.removesuffix(DOCUMENT)})
"""Names of results at the top that files about the whole batch have."""
_LONGEST_STEM = 600
"""Bytes in UTF-8 of a name with its folders: paths may have 1,000 on some systems."""


def stems(names: Sequence[str], before: Sequence[str] = (), others: Iterable[str] = ()) -> list[str]:
    """Return the name of each input's results without suffix, one that every file system takes.

    ``a.xlsx`` and ``a.marked.xlsx`` give ``a``; where two inputs would give one name, each keeps its suffix, and where
    that is not enough a number tells them apart. A name that an input got from an earlier run (``before``, "" for none)
    stays whatever else comes; ``others`` are names of inputs that are not here now.
    """
    earlier = [stem if stem and stem == _as_stem(stem) else "" for stem in before or [""] * len(names)]
    taken = {_compared(stem) for stem in (*filter(None, earlier), *others)} | _TAKEN
    plain = ["" if stem else _stem(name) for name, stem in zip(names, earlier, strict=True)]
    twice = {name for name, count in Counter(map(_compared, filter(None, plain))).items() if count > 1} | taken
    found: list[str] = []
    kept: set[str] = set()
    tried: Counter[str] = Counter()
    for name, stem, short in zip(names, earlier, plain, strict=True):
        own = stem
        if not own or _compared(own) in kept:
            own = short or _stem(name)
            whole = _as_stem(name) if _compared(own) in twice else own
            own = whole
            while _compared(own) in taken or _compared(own) in kept:
                tried[whole] += 1
                own = f"{whole}.{tried[whole] + 1}"
        kept.add(_compared(own))
        found.append(own)
    return found


def _stem(name: str) -> str:
    *folders, own = name.split("/")
    bare = own.removesuffix(PurePosixPath(own).suffix)
    return _as_stem("/".join((*folders, bare.removesuffix(MARKED) or bare)))


def _as_stem(name: str) -> str:
    """Return a name with folders as results have it: no folder in the place of a result, none of it too long."""
    *folders, own = name.split("/")
    safe = [_folder(safe_name(folder), top=number == 0) for number, folder in enumerate(folders)]
    whole = "/".join((*safe, safe_name(own)))
    if len(whole.encode()) <= _LONGEST_STEM:
        return whole
    digest = hashlib.sha256("/".join(folders).encode(errors="replace")).hexdigest()[:16]
    return f"{digest}/{safe_name(own)}"


def _folder(name: str, *, top: bool) -> str:
    low = _compared(name)
    in_the_way = low.endswith(_ENDINGS) or (top and low in {FINDINGS, REPORT})
    return f"{name}_" if in_the_way else name


def _compared(name: str) -> str:
    """Names that some file system holds for the same compare equal."""
    return unicodedata.normalize("NFC", name).casefold()
