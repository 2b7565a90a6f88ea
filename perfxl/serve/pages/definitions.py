"""表样: the forms with their fields and rules, as ``perfxl show`` tells them."""

from __future__ import annotations

from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from perfxl.forms.data_schema import schema
from perfxl.reporting.document import document
from perfxl.reporting.show import form_text, stage_said
from perfxl.serve.visit import Page, Visit, saved_as


async def show(visit: Visit) -> Response:
    """Show the list of forms."""
    forms = await run_in_threadpool(visit.desk.workspace.forms)
    return visit.show("forms.html.j2", forms=[(form, stage_said(form)) for form in forms.values()])


async def one(visit: Visit) -> Response:
    """Show a form."""
    form = await visit.form()
    return visit.show("form.html.j2", form=form, told=Markup.escape(form_text(form)))


async def data_schema(visit: Visit) -> Response:
    """Give the JSON Schema of a form's data."""
    form = await visit.form()
    return Response(document(schema(form)), media_type="application/json", headers=saved_as(f"{form.id}.schema.json"))


PAGES: tuple[Page, ...] = (
    ("GET", "/forms", show),
    ("GET", "/forms/show/{form}", one),
    ("GET", "/forms/show/{form}/schema.json", data_schema),
)
