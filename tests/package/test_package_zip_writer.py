from __future__ import annotations

from perfxl.package.zip_writer import archive
from support.packages import parts


def test_an_archive_is_a_package_of_its_parts_in_their_order() -> None:
    wanted = {"xl/b.xml": b"<b/>" * 2000, "[Content_Types].xml": b"<a/>"}
    data = archive(wanted)
    assert parts(data) == wanted
    assert list(parts(data)) == list(wanted)
    assert archive(wanted) == data
