"""Values put on the disk come back as they were, however they are packed."""

from __future__ import annotations

import pytest

from perfxl.spool import Packing, Spool, WholePacking


class _Lines:
    """Texts as they stand, one a line."""

    def pack(self, value: object) -> bytes:
        return f"{value}\n".encode()

    def unpack(self, packed: bytes) -> str:
        return packed.decode().removesuffix("\n")


@pytest.mark.parametrize("packing", [WholePacking(), _Lines()])
def test_what_is_added_comes_back_packed_here_or_elsewhere(packing: Packing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("perfxl.spool.IN_MEMORY", 10)  # the third of them goes to the disk
    spool: Spool[str] = Spool(packing)
    values = ["甲", "", "乙" * 20]
    assert [spool.add(values[0]), spool.add_packed(packing.pack(values[1])), spool.add(values[2])] == [0, 1, 2]
    assert [*spool] == values
    assert (spool[1:], spool[-1], len(spool)) == (values[1:], values[2], 3)


def test_values_come_back_as_copies() -> None:
    spool: Spool[list[str]] = Spool()
    value = ["x"]
    spool.add(value)
    value.append("y")
    assert spool[0] == ["x"]


def test_what_is_in_memory_is_unpacked_once_and_what_lies_on_the_disk_whenever_it_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("perfxl.spool.IN_MEMORY", 60)
    spool: Spool[list[str]] = Spool()
    spool.add(["x"])
    assert spool[0] is spool[0]
    spool.add(["y" * 100])
    assert spool[0] == ["x"]
    assert spool[0] is not spool[0]
    assert spool[1] is not spool[1]
