"""The Python interface to notices: what ``perfxl notices`` does, for programs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from perfxl.documents.master import NOTICE, find_master
from perfxl.forms.stock import load_forms
from perfxl.outputs import sweep
from perfxl.year.notices.gather import gather
from perfxl.year.notices.outcome import Notice, Notifying
from perfxl.year.notices.write import write_each, write_together
from perfxl.year.sources import find, open_documents


def notices(
    paths: Path | str | Sequence[Path | str],
    output: Path | str | None = None,
    *,
    each: Path | str | None = None,
    deadline: dt.date | None = None,
    templates: Sequence[Path | str] = (),
) -> Notifying:
    """Write a 退回通知 for each return that goes back: what is to be corrected, what to do, what is to be looked at.

    ``paths`` are submission JSON files and folders of them. ``output`` is the document that holds them all, a page or two
    for each; ``each`` a folder for documents of their own. ``deadline`` is the day until which returns are to come back.
    Without either of the two, and where nothing goes back, nothing is written. Raises MasterError for a master with a
    mistake, FileNotFoundError for a path that leads nowhere, DefinitionError, OSError where the disk does not take a
    document.
    """
    folders = tuple(map(Path, templates))
    forms = load_forms(*folders)
    found = find([Path(path) for path in ([paths] if isinstance(paths, Path | str) else paths)])
    made, left_out = gather(open_documents(found.documents, forms), forms)
    files = write(
        made,
        None if output is None else Path(output),
        None if each is None else Path(each),
        deadline=deadline,
        templates=folders,
    )
    return Notifying(made, files, (*found.left_out, *left_out))


def write(
    made: Sequence[Notice],
    output: Path | None,
    each: Path | None,
    *,
    deadline: dt.date | None,
    templates: Sequence[Path],
) -> tuple[Path, ...]:
    """Write notices together, each by itself, or both; return the files. Raises MasterError, OSError."""
    kept = find_master(NOTICE, templates)
    if not made or kept is None:
        return ()
    files: tuple[Path, ...] = ()
    if output is not None:
        sweep([output.parent])
        write_together(made, kept, output, deadline)
        files = (output,)
    if each is not None:
        sweep([each])
        files += write_each(made, kept, each, deadline)
    return files
