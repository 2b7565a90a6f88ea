"""Work under way: how far it is, for people and for the script that asks again and again."""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from perfxl.serve.jobs import Job, State
from perfxl.serve.uploads import GoneError
from perfxl.serve.visit import STEPS, Page, Visit


def _job(visit: Visit) -> Job:
    job = visit.desk.jobs.find(visit.request.path_params["identity"])
    if job is None:
        raise GoneError(
            "这项工作的经过已经看不到了：服务重新启动过，或者是很久以前的。做好的文件都在工作文件夹里，没有做完的请再做一次。",
            [(address, word) for address, word, _ in STEPS],
        )
    return job


async def show(visit: Visit) -> Response:
    """Show how far a piece of work is; once it is done, what came of it."""
    job = _job(visit).seen()
    if visit.wants_json:
        return JSONResponse(job.told())
    if job.state is State.DONE and not job.notes:
        return visit.go(job.back)
    return visit.show("job.html.j2", job=job)


async def stop(visit: Visit) -> Response:
    """Let a piece of work go no further, and show how far it came."""
    job = _job(visit)
    async with visit.posted():
        visit.desk.jobs.stop(job)
    return visit.follow(job)


PAGES: tuple[Page, ...] = (("GET", "/jobs/{identity}", show), ("POST", "/jobs/{identity}/stop", stop))
