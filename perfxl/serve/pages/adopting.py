"""读表: a blank from a circular becomes a definition: looked at, corrected in its place, tried, kept."""

from __future__ import annotations

import secrets

from markupsafe import Markup
from msgspec.structs import replace
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from perfxl.adopt.adopting import is_id
from perfxl.adopt.correct import FieldEntry
from perfxl.model.field_type import Type
from perfxl.serve.adoption import Draft, DraftForm, correct, is_there, keep, understand
from perfxl.serve.uploads import GoneError, Posted, RefusedError
from perfxl.serve.visit import Page, Visit, missing, watched

_TYPES = [(kind.value, kind.traits.chinese) for kind in Type]
_REQUIRED = (("", "按原来的"), ("true", "必填"), ("false", "可以不填"))


async def ask(visit: Visit) -> Response:
    """Ask for a blank."""
    return visit.show("adopt.html.j2")


async def read(visit: Visit) -> Response:
    """Read a blank."""
    async with visit.posted() as given:
        form = given.text("id")
        if form and not is_id(form):
            raise RefusedError(400, f"编号“{form[:40]}”不合规定，用小写英文、数字和短横线，如 hunan-dept-self-eval。")
        if len(given.files) != 1:
            raise RefusedError(400, given.refused[0] if given.refused else "请选择一个工作簿。")
        (upload,) = given.files
        draft = await watched(visit.desk.looking(understand, upload.path, upload.name.rpartition("/")[2], form or None))
    identity = secrets.token_urlsafe(9)
    visit.desk.drafts.put(identity, draft)
    return visit.go(f"/forms/adopt/{identity}")


def _draft(visit: Visit) -> Draft:
    draft = visit.desk.drafts.get(visit.request.path_params["identity"])
    if draft is None:
        raise GoneError(
            "这次读出的内容已经看不到了：服务重新启动过，或者后来又读了很多份。保存过的都在“表样”里；没有保存的，请再读一次。",
            [("/forms/adopt", "再读一次"), ("/forms", "看保存过的表样")],
        )
    return draft


async def look(visit: Visit) -> Response:
    """Show what was understood."""
    return _shown(visit, _draft(visit), "")


def _shown(visit: Visit, draft: Draft, said: str) -> Response:
    forms = [(form, Markup(form.sides), Markup.escape(form.text)) for form in draft.forms]  # noqa: S704 - adopt escapes
    address = f"/forms/adopt/{visit.request.path_params['identity']}"
    return visit.show(
        "adopted.html.j2", draft=draft, forms=forms, types=_TYPES, required=_REQUIRED, address=address, said=said
    )


async def change(visit: Visit) -> Response:
    """Correct one of the definitions and try it, and keep it where that was asked for."""
    draft, desk = _draft(visit), visit.desk
    async with visit.posted() as given:
        place = next((n for n, form in enumerate(draft.forms) if form.id == given.text("form")), None)
        if place is None:
            raise missing("这张表样")
        form = draft.forms[place]
        text = given.text("text").replace("\r\n", "\n")
        edited = f"{text}\n" if text and text != form.text.strip() else ""
        form = await watched(desk.looking(correct, form, _corrections(given, form), edited))
        wanted, force = given.text("do"), bool(given.text("force"))
    draft = replace(draft, forms=(*draft.forms[:place], form, *draft.forms[place + 1 :]))
    desk.drafts.put(visit.request.path_params["identity"], draft)
    if wanted != "keep":
        return _shown(visit, draft, "")
    if form.problems:
        return _shown(visit, draft, "表样有错误，没有保存；请先改正。")
    folder = desk.workspace.definitions
    if is_there([form], folder) and not force:
        return _shown(visit, draft, f"已经有编号为“{form.id}”的表样，没有保存；要替换的，请勾上“替换同一编号的表样”。")
    await run_in_threadpool(keep, form, folder)
    return visit.go(f"/forms/show/{form.id}")


def _corrections(given: Posted, form: DraftForm) -> dict[int, FieldEntry]:
    """Return what was put right, field by field."""
    found = {}
    for number, now in enumerate(form.fields):
        kind = given.text(f"type{number}")
        if kind and kind not in {value for value, _ in _TYPES}:
            raise RefusedError(400, "没有这种类型。")
        # A name that was emptied goes; one that was not sent at all stays as it is.
        name = given.text(f"name{number}") if f"name{number}" in given.fields else now.name
        found[number] = FieldEntry(now.field, name, kind, given.text(f"required{number}"))
    return found


PAGES: tuple[Page, ...] = (
    ("GET", "/forms/adopt", ask),
    ("POST", "/forms/adopt", read),
    ("GET", "/forms/adopt/{identity}", look),
    ("POST", "/forms/adopt/{identity}", change),
)
