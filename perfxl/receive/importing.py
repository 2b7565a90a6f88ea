"""The Python interface to importing: what ``perfxl import`` does, for programs."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from pathlib import Path

from perfxl.receive.against import look_at
from perfxl.receive.collect import gather
from perfxl.receive.conclude import conclude, write_batch
from perfxl.receive.examine import Task, library
from perfxl.receive.pipeline import Asked
from perfxl.report.overview import Overview
from perfxl.roster.read import read_roster


def import_returns(  # noqa: PLR0913 - one parameter for each thing that may be asked for
    paths: Path | str | Sequence[Path | str],
    output: Path | str,
    *,
    form: str | None = None,
    year: int | None = None,
    roster: Path | str | None = None,
    against: Path | str | None = None,
    templates: Sequence[Path | str] = (),
    executor: Executor | None = None,
    force: bool = False,
) -> Overview:
    """Read returned files, and folders and archives of them, write all results below a folder, and sum them up.

    The files go through ``executor``, any of ``concurrent.futures`` whose workers can import perfxl (``perfxl.Workers``
    watches its own), else one by one through this process; results do not depend on it. What was read before and has
    not changed is taken as it is, unless ``force``. Raises OSError where a result cannot be written,
    WouldOverwriteError where one would replace a return, DefinitionError for a broken definition, KeyError where
    ``form`` is not among the forms, RosterError for a ``roster`` (the path of its file) that cannot be used, OSError for
    ``against`` (a folder of submissions accepted earlier) that cannot be read.
    """
    given = [paths] if isinstance(paths, Path | str) else paths
    units = None if roster is None else read_roster(Path(roster).read_bytes())
    folders = tuple(map(Path, templates))
    known = library(folders).forms
    if form is not None and form not in known:
        raise KeyError(form)
    earlier = None if against is None else look_at(Path(against), known)
    task = Task(folders, Asked(form=form, year=year, roster=units), earlier)
    pile, folder = gather([Path(path) for path in given], Path(output), task, force=force)
    for _ in pile.read(executor):
        pass
    batch = conclude(pile)
    if pile.unwritten:
        raise pile.unwritten[0][1]
    write_batch(batch, Path(output))
    folder.close()
    return batch.overview
