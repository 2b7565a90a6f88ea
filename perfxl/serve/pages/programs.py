"""For programs, with the key as ``Authorization: Bearer``: forms, check, mark, generate. Mistakes are JSON, in Chinese."""

from __future__ import annotations

import json
from decimal import Decimal

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from perfxl.forms.asked_period import PeriodError
from perfxl.forms.data import DataError
from perfxl.reporting.show import forms_json
from perfxl.serve import work
from perfxl.serve.uploads import Posted, RefusedError, body, posted
from perfxl.serve.visit import WORKBOOK, Page, Visit, watched

_SHAPE = (
    '应是 JSON：{"form": 表样编号, "year": 年度（或 "period": 哪一期，如 2024年一季度）, '
    '"unit": {"name": 名称, "code": 代码}, "data": 预填的数据}。'
)


async def forms(visit: Visit) -> Response:
    """Answer with the forms, as ``forms --json`` prints them."""
    known = await run_in_threadpool(visit.desk.workspace.forms)
    return Response(forms_json(known.values()), media_type="application/json")


async def check(visit: Visit) -> Response:
    """Answer with what ``check --output-format json`` prints of the files."""
    async with posted(visit.request, None, lambda _: True) as given:
        _some(given)
        folder, names = await run_in_threadpool(work.lay_out, given.files)
        request = await run_in_threadpool(visit.desk.workspace.request)
        documents = await run_in_threadpool(visit.desk.check, folder, names, request)
    return Response(documents, media_type="application/json")


async def mark(visit: Visit) -> Response:
    """Answer with the marked copy of a file, with nothing (204) where there is nothing to mark."""
    async with posted(visit.request, None, lambda _: True) as given:
        _some(given)
        if len(given.files) != 1:
            raise RefusedError(400, "一次只能标注一个文件。")
        folder, names = await run_in_threadpool(work.lay_out, given.files)
        request = await run_in_threadpool(visit.desk.workspace.request)
        copy = await watched(visit.desk.looking(work.mark, folder, names[0], request))
    return Response(status_code=204) if copy is None else Response(copy, media_type=WORKBOOK)


async def generate(visit: Visit) -> Response:
    """Answer with a blank or prefilled workbook."""
    wanted = _wanted(await body(visit.request))
    try:
        made = await watched(visit.desk.looking(work.generated, wanted, visit.desk.workspace.templates))
    except PeriodError as error:
        raise RefusedError(422, f"period {error}。") from None
    except DataError as error:
        raise RefusedError(422, "；".join(f"{misfit.path}：{misfit.message}" for misfit in error.misfits)) from None
    return Response(made, media_type=WORKBOOK)


def _some(given: Posted) -> None:
    if given.refused:
        raise RefusedError(413, "；".join(given.refused))
    if not given.files:
        raise RefusedError(400, "没有文件：请用 multipart 的 file 一项上传。")


def _wanted(data: bytes) -> work.Wanted:
    try:
        asked = json.loads(data, parse_float=Decimal)
    except (ValueError, RecursionError):
        raise RefusedError(400, f"内容不是 JSON。{_SHAPE}") from None
    if not isinstance(asked, dict) or not isinstance(asked.get("form"), str):
        raise RefusedError(400, _SHAPE)
    unit = asked.get("unit") or {}
    unit = {"name": unit} if isinstance(unit, str) else unit
    year, period, own = asked.get("year"), asked.get("period"), asked.get("data")
    sound = isinstance(unit, dict) and all(isinstance(unit.get(key), str | None) for key in ("name", "code"))
    dated = year is None or (isinstance(year, int) and not isinstance(year, bool) and 2000 <= year <= 2100)
    if not sound or not dated or not isinstance(period, str | None) or not isinstance(own, dict | None):
        raise RefusedError(400, _SHAPE)
    return work.Wanted(asked["form"], year, period, unit.get("name"), unit.get("code"), own)


PAGES: tuple[Page, ...] = (
    ("GET", "/api/forms", forms),
    ("POST", "/api/check", check),
    ("POST", "/api/mark", mark),
    ("POST", "/api/generate", generate),
)
