from __future__ import annotations

import pytest

WRITES_A_WORKBOOK = """
import datetime, io, os, xlsxwriter

def test_it(golden):
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        book.set_properties({"created": datetime.datetime(2024, 1, 16)})
        book.add_worksheet().write("A1", os.environ["LABEL"])
    golden("one", file.getvalue())
"""


@pytest.mark.slow
def test_a_golden_workbook_is_written_when_asked_and_fails_on_a_change(pytester: pytest.Pytester) -> None:
    pytester.makeconftest('pytest_plugins = ["support.golden"]')
    pytester.makepyfile(WRITES_A_WORKBOOK)

    def outcome(label: str, *options: str) -> pytest.RunResult:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("LABEL", label)
            return pytester.runpytest_inprocess("-p", "no:cacheprovider", *options)

    outcome("甲").stdout.fnmatch_lines("*no golden file one.txt*")
    outcome("甲", "--update-golden").assert_outcomes(passed=1)
    outcome("甲").assert_outcomes(passed=1)
    changed = outcome("乙")
    changed.assert_outcomes(failed=1)
    changed.stdout.fnmatch_lines(["*one.txt differs*", "--- xl/worksheets/sheet1.xml"])
