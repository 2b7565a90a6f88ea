from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from perfxl.package.splice import Edit, Malformed, Markup, apply, cell_text, emptied, fits, quoted, utf8
from support.effort import examples


def test_elements_are_edited_where_they_stand() -> None:
    part = Markup(b"""<?xml version="1.0"?>\n<w a = '1'><!-- <c/> --><c x=">" s="2" /><c/></w>""")
    first, second = part.root.children
    part.set(part.root, a="2", b="<")
    part.set(first, s="9")
    part.append(second, "<d/>")
    part.append(second, "<e/>")
    part.before(first, "<f/>")
    part.after(second, "<g/>")
    assert part.result() == (
        b"""<?xml version="1.0"?>\n<w a = "2" b="&lt;"><!-- <c/> --><f/><c x=">" s="9" /><c><d/><e/></c><g/></w>"""
    )


def test_the_same_part_is_edited_anew_each_time() -> None:
    for number in ("1", "2"):
        part = Markup(b"<w><c/></w>")  # remembered from the second on
        part.append(part.root, f"<d n='{number}'/>")
        part.set(part.root.children[0], s=number)
        assert part.result() == f"""<w><c s="{number}"/><d n='{number}'/></w>""".encode()
        assert len(part.root.children) == 1


def test_new_elements_get_the_parts_prefix() -> None:
    part = Markup(b'<x:w xmlns:x="u"><x:c/><x:e/></x:w>')
    part.append(part.root.children[0], '<d n="1"><v:e/></d>')
    part.place("<b/>", "b", ("a", "b", "c", "e"))
    part.remove(part.root.children[1])
    assert part.result() == b'<x:w xmlns:x="u"><x:b/><x:c><x:d n="1"><v:e/></x:d></x:c></x:w>'


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ("<a/><c/>", "<a/><b/><c/>"),
        ("<a/><other/>", "<a/><other/><b/>"),
        ("", "<b/>"),
        # A choice of alternatives stands for what is in it.
        ("<AlternateContent><Choice><d/></Choice></AlternateContent>", "<b/>{}"),
        ("<AlternateContent><Choice><a/></Choice></AlternateContent>", "{}<b/>"),
    ],
)
def test_a_child_goes_where_the_sequence_wants_it(inside: str, expected: str) -> None:
    part = Markup(f"<w>{inside}</w>".encode())
    part.place("<b/>", "b", ("a", "b", "c", "d"))
    assert part.result() == f"<w>{expected.format(inside)}</w>".encode()


def test_emptied_elements_hold_nothing_and_stand_where_they_stood() -> None:
    data = b'<w><x:row r="1" ><c><v>1</v></c></x:row ><rowBreaks>a</rowBreaks><c><v>2</v></c><row/></w>'
    assert emptied(data, "row|c") == data.replace(b"<c><v>1</v></c>", b" " * 15).replace(b"<v>2</v>", b" " * 8)
    part = Markup(
        b"<w><row><c><v>1</v></c></row><d><v>2</v></d></w>", b"<w><row>               </row><d><v>2</v></d></w>"
    )
    assert [node.text for node in part.root.every("v")] == ["2"]
    part.append(part.root.children[0], "<n/>")
    assert part.result() == b"<w><row><c><v>1</v></c><n/></row><d><v>2</v></d></w>"


@pytest.mark.parametrize(
    "data",
    [
        b"<w><!-- <row>1 --><row>2</row></w>",
        b"<w><![CDATA[<row>]]><row>2</row></w>",
        b"<w><?note <row>?><row>2</row></w>",
        b"<w><row>1",
    ],
)
def test_where_elements_cannot_be_told_by_their_looks_nothing_is_left_out(data: bytes) -> None:
    assert emptied(data, "row") is data


def test_a_part_that_cannot_be_seen_in_part_is_seen_whole() -> None:
    assert Markup(b"<w><a>1</a></w>", b"<w><a> </w>").root.children[0].text == "1"


@pytest.mark.parametrize(
    ("edits", "fit"),
    [
        ([], True),
        ([(0, 3, b""), (3, 3, b"x"), (5, 9, b"")], True),
        ([(0, 3, b""), (2, 4, b"")], False),
        ([(4, 3, b"")], False),
        ([(8, 10, b"")], False),
        ([(-2, 1, b"")], False),
        ([(5, 9, b""), (0, 3, b"")], False),
    ],
)
def test_edits_are_in_order_and_within(edits: list[tuple[int, int, bytes]], *, fit: bool) -> None:
    assert fits(b"123456789", [Edit(*edit) for edit in edits]) is fit


def test_what_holds_too_much_is_not_taken_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("perfxl.package.splice._MOST_NODES", 100)
    assert Markup(b"<a>" + b"<b/>" * 99 + b"</a>")
    with pytest.raises(Malformed):
        Markup(b"<a>" + b"<b/>" * 100 + b"</a>")


@pytest.mark.parametrize("data", [b"", b"<a>", b"<a/><b/>", b"<!DOCTYPE a><a/>", b"<a>" * 400 + b"</a>" * 400])
def test_what_is_not_well_formed_is_refused(data: bytes) -> None:
    with pytest.raises(Malformed):
        Markup(data)


@settings(max_examples=examples(60))
@given(st.data())
def test_every_edit_can_be_undone(data: st.DataObject) -> None:
    inside = data.draw(
        st.lists(st.sampled_from(["<c/>", '<c s="1"/>', "<c>中</c>", "<c><d/></c>"]), min_size=1, max_size=5)
    )
    source = f"<w>{''.join(inside)}</w>".encode()
    part = Markup(source)
    for node in part.root.children:
        match data.draw(st.integers(0, 4)):
            case 0:
                part.set(node, s="12")
                part.append(node, "<n/>")
            case 1:
                part.before(node, "<n>文</n>")
            case 2:
                part.remove(node)
            case 3:
                part.after(node, "<n/>")
            case _:
                pass
    assert apply(part.result(), part.undo()) == source
    etree.fromstring(part.result())


@given(st.text(max_size=20))
def test_any_text_can_be_written(text: str) -> None:
    root = etree.fromstring(f'<a b="{quoted(text)}">{cell_text(text)}</a>')
    legal = "".join(letter for letter in text if letter in "\t\n\r" or letter >= " ")
    legal = legal.replace("\ufffe", "").replace("\uffff", "")
    assert root.get("b") == legal
    assert (root.text or "").replace("_x005F_", "_") == legal


def test_what_reads_like_an_escape_is_escaped() -> None:
    assert cell_text("_x000D_ _y") == "_x005F_x000D_ _y"


def test_other_encodings_become_utf_8() -> None:
    text = '<?xml version="1.0" encoding="UTF-16"?>\n<a>中</a>'
    assert utf8(text.encode("utf-16")).endswith("<a>中</a>".encode())
    assert b'encoding="UTF-8"' in utf8(b'<?xml version="1.0" encoding="ISO-8859-1"?><a>\xe9</a>')
    plain = '<?xml version="1.0" encoding="utf-8"?><a>中</a>'.encode()
    assert utf8(plain) is plain
    with pytest.raises(Malformed):
        utf8(b'<?xml version="1.0" encoding="klingon"?><a/>')
