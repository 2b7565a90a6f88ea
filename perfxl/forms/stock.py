"""The forms at hand: where their definitions lie, and all of them loaded; their language is loaded only for what is new."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias

from perfxl.forms.definition.problem import DefinitionError
from perfxl.forms.kept import keep, kept, key_of
from perfxl.model.form import AT, Form

DEFINITION = "form.yaml"
COMMON = "common.yaml"


Files: TypeAlias = tuple[tuple[str, bytes], ...]
"""The files next to a definition that may hold lists, by name."""
SUFFIXES = frozenset({".csv", ".xlsx"})
MOST_BYTES = 20_000_000


def shipped() -> Path:
    """Return the folder of the forms that come with perfxl: inside the wheel, or beside the package in a checkout."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "templates"
    return inside if inside.is_dir() else package.parent / "templates"


def definitions(folders: Iterable[Path]) -> Iterator[Path]:
    """Yield the definition files in some folders, by name; a folder that is itself a form's gives its own."""
    for folder in folders:
        if (folder / DEFINITION).is_file():
            yield folder / DEFINITION
        else:
            yield from sorted(folder.glob(f"*/{DEFINITION}"))


def older_definitions(definition: Path) -> list[Path]:
    """Return the files next to a definition that hold older versions of it: ``form@2023.yaml``."""
    return sorted(definition.parent.glob(f"{definition.stem}{AT}*{definition.suffix}"), reverse=True)


def common_files(folders: Sequence[Path]) -> list[Path]:
    """Return where shared pieces may lie."""
    places = (path for folder in (shipped(), *folders) for path in (folder / COMMON, folder.parent / COMMON))
    return list(dict.fromkeys(places))


def files_of(folder: Path) -> Files:
    """Return the files of a folder that may hold lists."""
    try:
        found = sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES and path.is_file())
        return tuple((path.name, path.read_bytes()) for path in found if path.stat().st_size <= MOST_BYTES)
    except OSError:  # a list that is not there is told where it is named
        return ()


def load_forms(*folders: Path | str) -> Mapping[str, Form]:
    """Load the shipped forms and those in further folders, by id.

    What has not changed on the disk is loaded once in a process and stays the same. Raises DefinitionError with every
    mistake where any definition is broken, OSError for what is no folder.
    """
    places = (shipped(), *map(Path, folders))
    for place in places:
        if not place.is_dir():
            code = errno.ENOTDIR if place.exists() else errno.ENOENT
            raise OSError(code, os.strerror(code), str(place))
    return _loaded(places, tuple(_contents(places)))


def _all_definitions(folders: Sequence[Path]) -> Iterator[Path]:
    for path in definitions(folders):
        yield from (path, *older_definitions(path))


def _contents(folders: Sequence[Path]) -> Iterator[tuple[Path, bytes]]:
    for path in (*common_files(folders), *_all_definitions(folders)):
        try:
            yield path, path.read_bytes()
        except OSError:  # a mistake of the definition, told with the others
            yield path, b""
        if path.name == DEFINITION:
            yield from ((path.parent / name, data) for name, data in files_of(path.parent))


@lru_cache(maxsize=8)
def _loaded(folders: tuple[Path, ...], contents: tuple[tuple[Path, bytes], ...]) -> Mapping[str, Form]:
    """Load the forms in some folders, once for all that is in them."""
    key = key_of(contents)
    forms = kept(key, partial(_checked, folders))
    if forms is not None:
        return forms
    checked = _checked(folders)
    keep(key, checked.values())
    return MappingProxyType(checked)


def _checked(folders: Sequence[Path]) -> dict[str, Form]:
    from perfxl.forms.definition.load import lint  # noqa: PLC0415 - the language is needed for what is new only

    forms, problems = lint(folders)
    if problems:
        raise DefinitionError(problems)
    return forms
