"""Values put on the disk come back as they were; what many hold is the very same."""

from __future__ import annotations

from msgspec import Struct

from perfxl.spool import Spool


class _Kind(Struct, frozen=True):
    name: str


def test_what_is_shared_comes_back_as_it_is__all_else_as_a_copy() -> None:
    shared, kind, other = ["x"], _Kind("a"), ["y"]
    spool: Spool[tuple[object, ...]] = Spool([shared], [_Kind])
    assert [spool.add(value) for value in ((shared, kind), (kind, other), (_Kind("a"),))] == [0, 1, 2]
    first, second, third = spool
    assert first[0] is shared
    assert first[1] is second[0] is kind
    assert second[1] == other
    assert second[1] is not other
    assert third[0] == kind
    assert third[0] is not kind
