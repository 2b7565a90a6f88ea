"""Where masters lie: those of ``--templates`` come before the shipped ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from perfxl.forms.definition.load import shipped

REPORT, NOTICE = "report.docx", "notice.docx"


def master(name: str, templates: Sequence[Path]) -> Path | None:
    """Return the first file of a name in some folders and the shipped one; None where there is none."""
    return next((found for folder in (*templates, shipped()) if (found := folder / name).is_file()), None)


def report_masters(forms: Iterable[str], templates: Sequence[Path]) -> dict[str, Path]:
    """Return the master of each form's report, by the form's id; a folder that is itself a form's holds its own."""
    above = [folder.parent if folder.name in set(forms) else folder for folder in templates]
    found = {form: master(f"{form}/{REPORT}", [*templates, *above]) for form in forms}
    return {form: path for form, path in found.items() if path is not None}
