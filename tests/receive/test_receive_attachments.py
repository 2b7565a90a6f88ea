from __future__ import annotations

import json
from pathlib import Path

import pytest

import perfxl
from perfxl.forms.definition.load import load_forms
from perfxl.model.finding import Finding, Severity
from perfxl.model.record import Record
from perfxl.model.roster import Roster, RosterUnit
from perfxl.model.submission import By, FormReturn, Source, Submission, Unit
from perfxl.readers.identify import identify
from perfxl.readers.refusal import RefusedKind, refuse_kind
from perfxl.receive.attachments import attachments, by_itself
from perfxl.reporting.overview import Standing
from support.pile import bad, contents, good, lay, zipped

FORM = load_forms()["hunan-dept-self-eval"]
PDF = b"%PDF-1.7"


def returned(file: str, name: str = "青溪区教育局", code: str | None = None) -> Submission:
    form = FormReturn(FORM, FORM.version, "表", By.STAMP, 1.0, 2023, Unit(name, code), Record({}))
    return Submission(Source(file, file, 1, "xlsx"), (form,), ())


def scan(file: str) -> Submission:
    kind = identify(PDF)
    assert isinstance(kind, RefusedKind)
    return Submission(Source(file, file, 8, "pdf"), (), (refuse_kind(kind),))


def whose(*submissions: Submission, roster: Roster | None = None) -> dict[str, str]:
    """Return what comes with which return, by the names of the files."""
    found = attachments([*enumerate(submissions)], roster)
    return {submissions[n].source.file: one.message.split("“")[2].split("”")[0] for n, one in found.items()}


TWO = Roster((RosterUnit("青溪区教育局", "1", 2), RosterUnit("青溪区民政局", "2", 3)))
A, B = returned("a.xlsx"), returned("b.xlsx", "青溪区民政局")


@pytest.mark.parametrize(
    ("beside", "file", "expected"),
    [
        ([returned("教育/a.xlsx"), B], "教育/扫描件.pdf", "教育/a.xlsx"),
        ([returned("教育/a.xlsx"), B], "教育/附件/扫描件.pdf", "教育/a.xlsx"),
        ([returned("教育/表/a.xlsx"), B], "教育/扫描件.pdf", "教育/表/a.xlsx"),
        ([returned("教育/表/a.xlsx"), B], "教育/附件/扫描件.pdf", None),
        ([returned("教育/a.xlsx")], "民政/扫描件.pdf", None),
        ([returned("教育/a.xlsx")], "扫描件.pdf", None),
        ([returned("批.zip/a.xlsx"), B], "批.zip/扫描件.pdf", "批.zip/a.xlsx"),
        ([A, B], "a.pdf", "a.xlsx"),
        ([returned("a.marked.xlsx"), B], "a.pdf", "a.marked.xlsx"),
        ([A, B], "青溪区教育局自评报告.pdf", "a.xlsx"),
        ([returned("x/a.xlsx"), returned("y/b.xlsx", "青溪区民政局")], "z/青溪区民政局（盖章）.pdf", "y/b.xlsx"),
        ([A], "扫描件.pdf", "a.xlsx"),
        ([A, B], "扫描件.pdf", None),
        ([returned("x/a.xlsx"), returned("x/b.xlsx", "青溪区民政局")], "x/扫描件.pdf", None),
        ([returned("x/a.xlsx"), returned("y/b.xlsx", "青溪区民政局")], "z/扫描件.pdf", None),
        ([], "扫描件.pdf", None),
        ([A, B], "青溪区教育局和青溪区民政局.pdf", None),
    ],
)
def test_whose_attachment_a_file_is(beside: list[Submission], file: str, expected: str | None) -> None:
    assert whose(*beside, scan(file)) == ({file: expected} if expected else {})


def test_what_is_called_after_a_unit_that_has_not_returned_is_not_another_units() -> None:
    assert whose(returned("教育/a.xlsx"), scan("教育/青溪区民政局.pdf"), roster=TWO) == {}
    assert whose(returned("教育/a.xlsx"), scan("教育/扫描件.pdf"), roster=TWO) == {"教育/扫描件.pdf": "教育/a.xlsx"}


def test_in_a_pile_that_waits_for_others_a_loose_scan_is_nobodys() -> None:
    assert whose(A, scan("扫描件.pdf"), roster=TWO) == {}


@pytest.mark.parametrize(
    "finding",
    [
        refuse_kind(RefusedKind("压缩包（RAR）")),
        Finding("F01", Severity.ERROR, "这个文件已损坏"),
        Finding("F02", Severity.ERROR, "这个文件设了打开密码"),
        Finding("F13", Severity.ERROR, "超时"),
    ],
)
def test_what_may_be_a_return_is_never_an_attachment(finding: Finding) -> None:
    assert whose(A, Submission(Source("a.rar", "", 1, "rar"), (), (finding,))) == {}


def test_an_attachment_by_itself_is_what_it_was() -> None:
    one = scan("a.pdf")
    (said,) = attachments([(0, A), (1, one)], None).values()
    attached = Submission(one.source, (), (said,))
    assert by_itself(attached) == one
    assert by_itself(A) == A
    assert by_itself(one) == one


def test_importing_a_folder_with_scans(tmp_path: Path) -> None:
    files = {
        "教育/表.xlsx": good(),
        "教育/盖章页.pdf": PDF,
        "民政/表.xlsx": bad("青溪区民政局", "030408"),
        "扫描件.pdf": PDF,
    }
    pile, output = lay(tmp_path / "in", {**files, "批.zip": zipped({"x/报告.docx": PDF})}), tmp_path / "out"
    overview = perfxl.import_returns(pile, output)
    standing = {returned.file: returned.standing for returned in overview.returns}
    assert standing["教育/盖章页.pdf"] is Standing.ATTACHED
    assert standing["扫描件.pdf"] is standing["批.zip/x/报告.docx"] is Standing.UNREADABLE
    found = json.loads((output / "教育" / "盖章页.json").read_text(encoding="utf-8"))
    assert [(one["code"], one["severity"]) for one in found["findings"]] == [("F11", "info")]
    assert found["status"] == "accepted"
    before = contents(output)
    assert perfxl.import_returns(pile, output) == overview
    assert contents(output) == before
    (pile / "教育" / "表.xlsx").unlink()
    overview = perfxl.import_returns(pile, output)
    standing = {returned.file: returned.standing for returned in overview.returns}
    assert standing["教育/盖章页.pdf"] is Standing.UNREADABLE
