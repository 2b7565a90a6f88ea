"""Loaded forms kept from one process to the next: reading and checking the definitions costs more than most commands do.

What is kept is data, never code: of each form a list of plain values in JSON, of which nothing but the nouns of
``perfxl.model`` is made, and that when the form is asked for. It goes by the contents of the definitions and by this
program's own files, lies in the user's own cache folder, and is not looked at where anybody else may write there.
Whatever is wrong with it, the definitions are read. An environment variable (``PERFXL_CACHE``) names another folder, or
none where it is empty.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
import sys
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any

from perfxl.model import carry, code_list, expression, field_type, finding, font, form, period, stage
from perfxl.model.error import Error
from perfxl.model.form import Form

VARIABLE = "PERFXL_CACHE"
_MOST = 6
"""Sets of forms that are kept: the shipped ones, and those of a few folders."""
_LONGEST = 50_000_000
_MARK = "forms-"

_MISMADE = (ValueError, TypeError, LookupError, ArithmeticError, RecursionError)
"""What goes wrong where a text is none of a form."""

_TUPLE, _MAPPING, _DECIMAL, _SET, _FIRST = range(5)
"""What the first value of a list says of the others; from _FIRST on it is the number of a noun."""
_NOUNS: tuple[Callable[..., object], ...] = (
    *(
        form.Block,
        form.Caption,
        form.Choice,
        form.Columns,
        form.Cover,
        form.Entry,
        form.Field,
        form.Form,
        form.FormRule,
        form.FormSheet,
        form.Group,
    ),
    *(form.Label, form.OwnCode, form.Page, form.Printed, form.Row, form.Section, form.Table),
    *(expression.Binary, expression.Blank, expression.Call, expression.Constant, expression.FieldRef),
    *(expression.Negate, expression.Range),
    *(carry.Carry, carry.RowTake, carry.Take, code_list.CodeList, code_list.Listed),
    *(stage.Chain, stage.Stage, period.Identity, period.Part, font.Font),
    *(form.Look, form.Paper, form.Required, expression.Function, expression.Operator),
    *(field_type.Sort, field_type.Type, finding.Severity, carry.Only, carry.YearSpan),
)
_NUMBERS = {noun: number for number, noun in enumerate(_NOUNS, start=_FIRST)}


class NotKept(Error):  # noqa: N818 - it names what is to be done
    """What a form is made of is not known here: it is not kept."""


def frozen(value: object) -> object:
    """Return a value of a form as plain lists. Raises NotKept for what is no such value."""
    kind = type(value)
    if value is None or kind in {str, int, float, bool}:
        return value
    if kind is Decimal:
        return [_DECIMAL, str(value)]
    if kind is tuple:
        return [_TUPLE, *map(frozen, value)]  # type: ignore[call-overload]
    if isinstance(value, Mapping):
        return [_MAPPING, *(part for item in value.items() for part in map(frozen, item))]
    if isinstance(value, frozenset):
        return [_SET, *map(frozen, sorted(value))]
    number = _NUMBERS.get(kind)
    if number is None:
        raise NotKept(kind)
    if isinstance(value, Enum):
        return [number, value.value]
    parts = value if isinstance(value, tuple) else [getattr(value, name) for name in value.__struct_fields__]  # type: ignore[attr-defined]
    return [number, *map(frozen, parts)]


def thawed(plain: object) -> Any:
    """Return the value that was frozen. Raises ValueError, TypeError or LookupError for what was none."""
    if not isinstance(plain, list):
        return plain
    number = plain[0]
    if number >= _FIRST:
        return _NOUNS[number - _FIRST](*[thawed(one) if type(one) is list else one for one in plain[1:]])
    parts = [thawed(one) if type(one) is list else one for one in plain[1:]]
    match number:
        case 0:
            return tuple(parts)
        case 1:
            return dict(zip(parts[::2], parts[1::2], strict=True))
        case 2:
            return Decimal(parts[0])
        case 3:
            return frozenset(parts)
        case _:
            raise ValueError(number)


def to_text(forms: Iterable[Form]) -> bytes:
    """Return forms as one text, the same for equal forms wherever they come from. Raises NotKept."""
    return json.dumps([frozen(one) for one in forms], ensure_ascii=False, separators=(",", ":")).encode()


def from_text(text: bytes) -> dict[str, Form]:
    """Return the forms of a text by id. Raises ValueError, TypeError or LookupError for what is none."""
    return {one.id: one for one in map(thawed, json.loads(text)) if isinstance(one, Form)}


def key_of(contents: Iterable[tuple[Path, bytes]]) -> str:
    """Return the name of what is kept of some definitions: it goes by them and by all of this program."""
    hashed = hashlib.sha256(f"{sys.version}\0".encode())
    package = Path(__file__).resolve().parents[1]
    for path, seen in sorted(_modules(package)):
        hashed.update(f"{path}\0{seen.st_size}\0{seen.st_mtime_ns}\0".encode())
    for file, data in contents:
        hashed.update(f"{file}\0{len(data)}\0".encode(errors="surrogateescape") + data)
    return hashed.hexdigest()


def _modules(folder: Path) -> Iterator[tuple[str, os.stat_result]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir():
                yield from _modules(Path(entry.path))
            elif entry.name.endswith(".py"):
                yield entry.path, entry.stat()


class KeptForms(Mapping[str, Form]):
    """Forms that were kept, each made when it is first asked for: most of what is done is about one of them.

    ``afresh`` reads all of them from their definitions, where one cannot be made of what was kept.
    """

    def __init__(self, texts: Mapping[str, bytes], afresh: Callable[[], Mapping[str, Form]]) -> None:
        self._texts = texts
        self._afresh = afresh
        self._forms: dict[str, Form] = {}

    def __getitem__(self, name: str) -> Form:
        text = self._texts[name]
        if name not in self._forms:
            # Whichever thread is first gives all of them the one form that there is.
            self._forms.setdefault(name, self._made(name, text))
        return self._forms[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)

    def _made(self, name: str, text: bytes) -> Form:
        try:
            (made,) = from_text(text).values()
        except _MISMADE:
            made = self._afresh()[name]
        return made


def kept(key: str, afresh: Callable[[], Mapping[str, Form]]) -> KeptForms | None:
    """Return the forms that were kept by a name, None where there are none that can be trusted.

    ``afresh`` as for ``KeptForms``.
    """
    folder = cache_folder()
    if folder is None:
        return None
    path = folder / f"{_MARK}{key[:32]}.json"
    try:
        if not (_own(folder) and _own(path)) or path.stat().st_size > _LONGEST:
            return None
        whole, _, text = path.read_bytes().partition(b"\n")
        if whole.decode() != f"{key} {hashlib.sha256(text).hexdigest()}":
            return None
        names, *texts = text.split(b"\n")
        found = dict(zip(json.loads(names), texts, strict=True))
    except (OSError, *_MISMADE):
        return None
    return KeptForms(found, afresh)


def keep(key: str, forms: Collection[Form]) -> None:
    """Keep forms by a name, whole or not at all; where that cannot be, nothing is said."""
    folder = cache_folder()
    if folder is None:
        return
    try:
        texts = [to_text([one]) for one in forms]
        text = b"\n".join([json.dumps([one.id for one in forms]).encode(), *texts])
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _own(folder):
            return
        number, name = tempfile.mkstemp(dir=folder, suffix=".tmp")
        with os.fdopen(number, "wb") as file:
            file.write(f"{key} {hashlib.sha256(text).hexdigest()}\n".encode() + text)
        Path(name).replace(folder / f"{_MARK}{key[:32]}.json")
        _sweep(folder)
    except (OSError, ValueError, NotKept):
        return


def _sweep(folder: Path) -> None:
    """Leave the youngest of what is kept."""
    for path in sorted(folder.glob(f"{_MARK}*.json"), key=lambda one: one.stat().st_mtime, reverse=True)[_MOST:]:
        path.unlink(missing_ok=True)


def _own(path: Path) -> bool:
    """Tell whether a file or folder is the user's own, and nobody else may write to it; Windows sees to that by itself."""
    if sys.platform == "win32":
        return path.exists()
    seen = path.lstat()
    return seen.st_uid == os.geteuid() and not seen.st_mode & 0o022 and not stat.S_ISLNK(seen.st_mode)


def cache_folder() -> Path | None:
    """Return the folder in which the user's programs keep what they can make again, None where there is none."""
    named = os.environ.get(VARIABLE)
    if named is not None:
        return Path(named) if named else None
    if sys.platform == "emscripten":
        return None
    try:
        home = Path.home()
    except RuntimeError:
        return None
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = home / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache")
    return base / "perfxl"
