"""收哪些表，和什么核对: what an import expects and what it holds returns against, chosen by the clerk, kept in the workspace."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from perfxl.model.form import Form
from perfxl.receive.request import ExpectationError, expected_of
from perfxl.reporting.overview import Standing
from perfxl.serve import work
from perfxl.serve.uploads import Posted, RefusedError, Upload
from perfxl.serve.visit import Page, Visit, watched

_BETWEEN = re.compile(r"[、，,;；\s]+")
_COUNTING = {Standing.PASSED, Standing.WARNED}


class Choice(Struct, frozen=True):
    """A form that may be expected: whether it is, of which periods ("": of any), as they are typed."""

    form: Form
    chosen: bool
    periods: str


def choices(forms: Mapping[str, Form], expected: Sequence[str]) -> list[Choice]:
    """Return the forms to choose from with what is expected of each."""
    pairs = [line.partition(":")[::2] for line in expected]
    return [
        Choice(
            form,
            any(name == form.id for name, _ in pairs),
            "、".join(period for name, period in pairs if name == form.id and period),
        )
        for form in forms.values()
    ]


async def choose(visit: Visit) -> Response:
    """Keep what is chosen, and have all that has come back checked anew."""
    desk = visit.desk
    round_ = desk.workspace.collecting
    forms = await run_in_threadpool(desk.workspace.forms)
    async with visit.posted() as given:
        lines = list(_expected(given, forms))
        sound, said = await _sound(visit, given)
        await run_in_threadpool(round_.expect, lines)
        if given.text("clear"):
            await run_in_threadpool(round_.clear)
        taken = await run_in_threadpool(desk.workspace.take_in, sound, round_.earlier)
    if given.text("own") and desk.standings is not None:
        names = [one.document for one in desk.standings.overview.returns if one.standing in _COUNTING]
        await run_in_threadpool(round_.lay_up, desk.workspace.results, filter(None, names))
    job = desk.receive()
    return visit.show("taken.html.j2", taken=taken.taken, said=said, job=job) if said else visit.follow(job)


def _expected(given: Posted, forms: Mapping[str, Form]) -> Iterator[str]:
    """Yield what is expected as ``import --expect`` takes it. Raises RefusedError."""
    for name in given.all("expect"):
        typed = unicodedata.normalize("NFKC", given.text(f"period-{name}"))
        periods = [f":{period.removesuffix('年度')}" for period in _BETWEEN.split(typed) if period]
        for line in (f"{name}{period}" for period in periods or [""]):
            try:
                expected_of(line, forms)
            except ExpectationError:
                raise RefusedError(
                    400,
                    f"《{forms[name].title}》的年度填的是“{typed[:40]}”，应是 2024 这样；"
                    "按季、按月报的，如 2024年一季度、2024年3月。",
                ) from None
            yield line


async def _sound(visit: Visit, given: Posted) -> tuple[list[Upload], list[str]]:
    """Return those of the files that are results of an import, and what is said of the others."""
    if not given.files:
        return [], given.refused
    why = await watched(
        visit.desk.looking(work.strange, [one.path for one in given.files], visit.desk.workspace.templates)
    )
    told = [f"“{one.name}”没有收下：{said}" for one, said in zip(given.files, why, strict=True) if said]
    sound = [one for one, said in zip(given.files, why, strict=True) if not said]
    return sound, [*given.refused, *told]


PAGES: tuple[Page, ...] = (("POST", "/returns/round", choose),)
