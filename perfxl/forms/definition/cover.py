"""The cover of a form: texts with the values of its fields in them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from perfxl.forms.definition.language import FormSpec
from perfxl.forms.definition.problem import Place, Problems
from perfxl.model.form import Cover, CoverLine, Field
from perfxl.model.stamp import CONTENTS, COVER

_HOLES = re.compile(r"\{\{|\}\}|\{([^{}]*)\}")
_YEAR = "year"
LONGEST_LINE = 200


def read_cover(spec: FormSpec, fields: Mapping[str, Field], problems: Problems) -> Cover | None:
    """Return the cover that a definition asks for, None where it asks for none; what is wrong goes to ``problems``."""
    names = [(COVER, spec.cover is not None), (CONTENTS, spec.contents)]
    for sheet in spec.each_sheet:
        for name in (name for name, wanted in names if wanted and sheet.sheet == name):
            problems.add(sheet.place.of("sheet"), f"工作表不能也叫“{name}”", f"表写了自己的{name}，sheet 换一个名称")
    if spec.cover is None:
        return None
    at = spec.cover.place
    year = spec.year or _YEAR
    title = _line(spec.cover.title, at.of("title"), year, fields, problems)
    return Cover(title, tuple(_line(line, at.of("lines"), year, fields, problems) for line in spec.cover.lines))


def _line(text: str, at: Place, year: str, fields: Mapping[str, Field], problems: Problems) -> CoverLine:
    """Return a line in its pieces: a text, a path, a text …; the year is the form's, "" where no field holds it."""
    if len(text) > LONGEST_LINE:
        problems.add(at, "封面的一行太长", f"不超过 {LONGEST_LINE} 个字，分成几行")
    pieces = [""]
    start = 0
    for found in _HOLES.finditer(text):
        pieces[-1] += text[start : found.start()]
        start = found.end()
        if found[1] is None:
            pieces[-1] += found[0][0]
            continue
        path = year if found[1] == _YEAR else found[1]
        if path not in fields and found[1] != _YEAR:
            problems.add(
                at, f"封面上的“{{{found[1]}}}”不是这张表的项", "花括号里写一个 field 的名称；印花括号本身的写两遍"
            )
        elif "[]" in path:
            problems.add(at, f"封面上不能写可增行的表里的“{found[1]}”", "写只出现一次的项，如单位名称、合计")
        else:
            pieces += [path if path in fields else "", ""]
    pieces[-1] += text[start:]
    return tuple(pieces)
