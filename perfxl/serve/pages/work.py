"""Work under way: how far it is, for people and for the script that asks again and again."""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from perfxl.serve.jobs import Job, State
from perfxl.serve.visit import Page, Visit, missing


def _job(visit: Visit) -> Job:
    job = visit.desk.jobs.find(visit.request.path_params["identity"])
    if job is None:
        raise missing("这项工作")
    return job


async def show(visit: Visit) -> Response:
    """Show how far a piece of work is; once it is done, what came of it."""
    job = _job(visit)
    if visit.wants_json:
        return JSONResponse(job.told())
    if job.state is State.DONE and not job.notes:
        return visit.go(job.back)
    return visit.show("job.html.j2", job=job)


PAGES: tuple[Page, ...] = (("GET", "/jobs/{identity}", show),)
