"""The commands import and check."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import typer

from perfxl.cli.clustering import on_cluster
from perfxl.cli.console import UNREADABLE, form_of, load, look_back, read_units, report_fault, say, unwritable, usage
from perfxl.cli.options import (
    Earlier,
    Expect,
    FailOn,
    Force,
    Jobs,
    NoColor,
    OnCluster,
    OnlyForm,
    Output,
    OutputFormat,
    Paths,
    Quiet,
    Roster,
    ScreenFormat,
    Strict,
    Templates,
    Year,
)
from perfxl.cli.printing import PAGES, ReturnPrinter
from perfxl.cli.progress import Tally, watched

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from perfxl.places import Place
    from perfxl.receive.conclude import Batch
    from perfxl.receive.pile import Pile, PileStep
    from perfxl.receive.request import Request

_VERDICTS = {"accepted": "通过", "rejected": "退回", "unreadable": "读不了"}
_TALLY = Tally("正在审核", tuple(_VERDICTS.values()))


def import_returns(  # noqa: PLR0913 - one parameter an option
    paths: Paths,
    *,
    output: Output = Path("output"),
    form: OnlyForm = None,
    year: Year = None,
    roster: Roster = None,
    against: Earlier = None,
    expect: Expect = None,
    fail_on: Strict = FailOn.ERROR,
    force: Force = False,
    output_format: OutputFormat = ScreenFormat.TEXT,
    jobs: Jobs = None,
    cluster: OnCluster = None,
    templates: Templates = None,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """收回填好的工作簿：读出数据，审核，标出错处。"""
    from perfxl.receive.conclude import conclude, write_batch
    from perfxl.receive.importing import WouldOverwriteError, gather

    if cluster is not None and jobs is not None:
        usage("--cluster 与 --jobs 不能一起用：同时读多少份由各台工作机定")
    places = _there(paths)
    if against is not None and output.resolve().is_relative_to(against.resolve()):
        usage("--against 的文件夹里不能是这次的结果；请用 -o 另选一个文件夹")
    request = _request(templates, form, year, roster, against, expect)
    tuple(request.library.forms.values())  # each is made when it is asked for: workers begin with what there is here
    readers = _workers(jobs, request) if cluster is None else on_cluster(cluster, request, places)
    with _held(output), readers as workers:
        try:
            with _reaching():
                pile, folder = gather(places, output, request, workers, force=force)
        except WouldOverwriteError as error:
            usage(f"结果会覆盖交回的文件“{error.path}”，请用 -o 另选一个文件夹")
        try:
            _read(pile, workers, quiet=quiet)
            batch = conclude(pile, workers)
            pile.faults += write_batch(batch, output)
            folder.close()
        except OSError as error:
            unwritable(output, error)
    printer = ReturnPrinter(output_format, pile, color=not no_color, quiet=quiet)
    printer.show(batch, pages=len(pile.found.inputs) <= PAGES)
    printer.results(batch, output, folder.others)
    _end(pile, batch, fail_on)


def check_returns(  # noqa: PLR0913 - one parameter an option
    paths: Paths,
    *,
    form: OnlyForm = None,
    year: Year = None,
    roster: Roster = None,
    against: Earlier = None,
    expect: Expect = None,
    fail_on: Strict = FailOn.ERROR,
    output_format: OutputFormat = ScreenFormat.TEXT,
    jobs: Jobs = None,
    templates: Templates = None,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """只读取和审核，不写任何文件。"""
    from tempfile import gettempdir

    from perfxl.receive.conclude import conclude
    from perfxl.receive.look import look

    places = _there(paths)
    request = _request(templates, form, year, roster, against, expect)
    with _workers(jobs, request) as workers:
        with _reaching():
            pile = look(places, request, workers)
        try:
            _read(pile, workers, quiet=quiet)
            batch = conclude(pile, workers)
        except OSError as error:
            unwritable(Path(gettempdir()), error)
    ReturnPrinter(output_format, pile, color=not no_color, quiet=quiet).show(batch, pages=True)
    _end(pile, batch, fail_on)


def _there(paths: Iterable[str]) -> list[Place]:
    """Return what is given; a path where there is nothing is wrong usage. Addresses are looked at later."""
    from perfxl.places import AddressError, place_of

    try:
        places = [place_of(path) for path in paths]
    except AddressError as error:
        usage(str(error))
    missing = [str(place) for place in places if isinstance(place, Path) and not place.exists()]
    if missing:
        usage(f"找不到：{'、'.join(missing)}")
    return places


@contextmanager
def _reaching() -> Iterator[None]:
    """End the command where nothing can be read at an address."""
    from perfxl.places import AddressError, NoAccessError

    try:
        yield
    except NoAccessError as error:
        say(str(error))
        raise typer.Exit(UNREADABLE) from None
    except AddressError as error:
        usage(str(error))


def _request(
    templates: list[Path] | None,
    form: str | None,
    year: int | None,
    roster: Path | None,
    against: Path | None,
    expect: list[str] | None,
) -> Request:
    """Return what the options ask for; what is wrong with them is wrong usage."""
    from perfxl.forms.named import UnknownFormError
    from perfxl.receive.request import ExpectationError, Request

    known = load(templates)
    if form is not None:
        form_of(known, form)
    units = read_units(roster) if roster is not None else None
    earlier = look_back(against, known) if against is not None else None
    try:
        return Request.of(
            templates=templates or (), form=form, year=year, roster=units, against=earlier, expect=expect or ()
        )
    except (UnknownFormError, ExpectationError) as error:
        usage(f"选项 --expect 填得不对：{error}")


@contextmanager
def _held(output: Path) -> Iterator[None]:
    """Hold the folder for results; another run in it is told of, and let be."""
    from perfxl.receive.lock import InUseError, locked

    with ExitStack() as stack:
        try:
            stack.enter_context(locked(output))
        except InUseError as error:
            say(f"{error}；请等它做完，或用 -o 另选一个文件夹")
            raise typer.Exit(UNREADABLE) from None
        except OSError as error:
            unwritable(output, error)
        yield


@contextmanager
def _workers(jobs: int | None, request: Request) -> Iterator[Executor]:
    """Give as many watched processes as there are processors; what goes wrong here ends them."""
    import os

    import perfxl.receive.examine  # noqa: F401 - what the workers do is loaded here, for all of them
    from perfxl.prefork import share_what_is_loaded
    from perfxl.workers import Workers

    share_what_is_loaded()

    limits = request.limits
    with Workers(jobs or os.cpu_count() or 1, limits.max_seconds, limits.max_memory) as workers:
        try:
            yield workers
        except BaseException:
            workers.shutdown(wait=True, cancel_futures=True)
            raise


def _read(pile: Pile, workers: Executor, *, quiet: bool) -> None:
    """Read a pile, and tell what of it was read before."""
    kept = 0
    for step in watched(pile.read(workers), len(pile.found.inputs), _TALLY, _verdict, quiet=quiet):
        kept += step.kept
    if pile.found.ours and not quiet:
        say(f"“{pile.found.ours[0]}”等 {len(pile.found.ours)} 个文件是以前导入时写的标注件，此后没有改动，没有读取")
    if not len(pile.found.inputs) and not quiet:
        say("没有找到要读取的文件：给出的文件夹里没有工作簿")
    if kept and not quiet:
        say(f"{kept} 个文件与上次相同，沿用上次的结果（要重新读取请加 --force）")


def _verdict(step: PileStep) -> str:
    return _VERDICTS[step.verdict.value]


def _end(pile: Pile, batch: Batch, fail_on: FailOn) -> NoReturn:
    from perfxl.model.finding import Severity
    from perfxl.receive.conclude import exit_code, troubles

    for trouble in troubles(pile):
        say(trouble)
    if pile.faults:
        raise typer.Exit(report_fault(pile.faults))
    code = exit_code(batch.submissions, Severity(fail_on.value))
    raise typer.Exit(UNREADABLE if pile.unwritten or pile.changed else code)
