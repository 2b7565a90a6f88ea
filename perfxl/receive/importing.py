"""Importing: the pile of what lies at some paths, and the Python interface to what ``perfxl import`` does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from pathlib import Path

from msgspec import Struct

from perfxl.cluster import Cluster
from perfxl.files import File
from perfxl.model.roster import Expected, Roster
from perfxl.places import Place, place_of
from perfxl.receive.conclude import Batch, conclude, write_batch
from perfxl.receive.folder import Folder, WouldOverwriteError
from perfxl.receive.journal import OWN, Journal
from perfxl.receive.lock import InUseError, locked
from perfxl.receive.pile import Pile, PileStep
from perfxl.receive.request import Request
from perfxl.receive.search import find
from perfxl.receive.terms import agree
from perfxl.reporting.overview import Overview

__all__ = ["Imported", "InUseError", "WouldOverwriteError", "gather", "import_into", "import_returns"]


class Imported(Struct, frozen=True):
    """A run that is done: its pile, with what went wrong, and what there is to tell of it."""

    pile: Pile
    batch: Batch


def gather(
    paths: Sequence[Place], output: Path, request: Request, executor: Executor | None = None, *, force: bool = False
) -> tuple[Pile, Folder]:
    """Return the pile of what lies at some paths, and the folder that its results go to; ``executor`` opens archives.

    ``force``: read again what is done and unchanged. Raises
    WouldOverwriteError where a result would take the place of a return.
    """
    journal = Journal.of(output, OWN)
    found = find(paths, request.limits, but=output, executor=executor)
    folder = Folder(output, found.inputs, request, journal, force=force)
    return Pile(found, request, folder), folder


def import_into(
    paths: Sequence[Place],
    output: Path,
    request: Request,
    executor: Executor | None = None,
    *,
    force: bool = False,
    begun: Callable[[int], object] = lambda _: None,
    told: Callable[[PileStep], object] = lambda _: None,
) -> Imported:
    """Read what lies at some paths, write all results below a folder that nobody else is writing into, and sum them up.

    ``begun`` is told how many files there are, ``told`` of each as soon as its results are there. What went wrong is in
    the pile. Raises InUseError, WouldOverwriteError, OSError where what is said of the whole batch cannot be written,
    ClusterError where the executor is a cluster that is lost, UnfitClusterError where it would come to other results.
    """
    with locked(output):
        if isinstance(executor, Cluster):
            agree(executor, request, paths)
        pile, folder = gather(paths, output, request, executor, force=force)
        begun(len(pile.found.inputs))
        for step in pile.read(executor):
            told(step)
        batch = conclude(pile, executor)
        pile.faults += write_batch(batch, output)
        folder.close()
    return Imported(pile, batch)


def import_returns(  # noqa: PLR0913 - one parameter for each thing that may be asked for
    paths: Path | str | Sequence[Path | str],
    output: Path | str,
    *,
    form: str | None = None,
    year: int | None = None,
    roster: Roster | File | None = None,
    against: Path | str | None = None,
    templates: Sequence[Path | str] = (),
    expect: Iterable[Expected | str] = (),
    executor: Executor | None = None,
    force: bool = False,
) -> Overview:
    """Read returned files, and folders and archives of them, write all results below a folder, and sum them up.

    The files go through ``executor``, any of ``concurrent.futures`` whose workers can import perfxl
    (``perfxl.Workers`` watches its own, ``perfxl.Cluster`` are those of other machines), else one by one through this
    process; results do not depend on it. A path may be an address that fsspec knows (``s3://…``). What was read
    before and has not changed is taken as it is, unless ``force``. Raises OSError where a result cannot be written,
    once all others are, InUseError where another run is writing into the folder, WouldOverwriteError where a result
    would replace a return, DefinitionError for a broken definition, UnknownFormError where ``form``, or one of
    ``expect``, is not among the forms, ExpectationError for one of ``expect`` (``form`` or ``form:2024``) with a year
    that is none, RosterError for a ``roster`` that cannot be used, OSError for ``against`` (a folder of submissions
    accepted earlier) that cannot be read; ClusterError where a cluster is lost, UnfitClusterError where it would come
    to other results, AddressError for an address that nothing can be read from.
    """
    given = [paths] if isinstance(paths, Path | str) else paths
    request = Request.of(templates=templates, form=form, year=year, roster=roster, against=against, expect=expect)
    done = import_into([place_of(path) for path in given], Path(output), request, executor, force=force)
    for error in (*(error for _, error in done.pile.unwritten), *done.pile.faults):
        raise error
    return done.batch.overview.in_memory()
