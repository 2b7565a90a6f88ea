"""What was read by an older version of a form, in the names of the newest."""

from __future__ import annotations

from msgspec import Struct

from perfxl.model.form import Form
from perfxl.model.path import generic
from perfxl.model.record import Record

_COMMON = 0.5
"""Which part of an older version's fields has to be in the newest, so that it is the same form."""


class Renewed(Struct, frozen=True):
    """A record with the names of the newest version, and what of it the newest has no place for, by path."""

    record: Record
    gone: tuple[str, ...]


def is_renewable(older: Form, newest: Form) -> bool:
    """Tell whether two versions differ in no more than labels, layout, and fields that came or went.

    That is not so where a field that both have is of another type, or where most of the fields are others.
    """
    own = {path: field for path, field in older.fields.items() if not field.hidden}
    common = own.keys() & newest.fields.keys()
    return len(common) >= _COMMON * len(own) and all(own[path].type is newest.fields[path].type for path in common)


def renewed(older: Form, newest: Form, record: Record) -> Renewed | None:
    """Return what an older version read as the newest has it, None where ``is_renewable`` is not so."""
    if not is_renewable(older, newest):
        return None
    kept = {path: value for path, value in record.values.items() if generic(path) in newest.fields}
    gone = tuple(path for path in record.values if path not in kept and not older.fields[generic(path)].computed)
    tables = {"[]".join(path.split("[]")[:deep]) for path in newest.fields for deep in range(1, path.count("[]") + 1)}
    sizes = {path: size for path, size in record.sizes.items() if generic(path) in tables}
    return Renewed(Record(kept, sizes), gone)
