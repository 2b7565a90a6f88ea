"""What lies in a folder of the workspace, given file by file or all in one archive, and what a piece of work made there."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

from msgspec import Struct
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from perfxl.serve.jobs import Job
from perfxl.serve.making import Made, made_by
from perfxl.serve.visit import Visit, download, missing
from perfxl.serve.workspace import Workspace, files_below


class Folder(Struct, frozen=True):
    """A folder of the workspace: where it is, what the archive of all is called, what lies there."""

    place: Callable[[Workspace], Path]
    archive: str
    what: str

    async def files(self, visit: Visit) -> Mapping[str, Path]:
        """Return what lies there, by name."""
        return await run_in_threadpool(files_below, self.place(visit.desk.workspace))

    async def one(self, visit: Visit) -> Response:
        """Give a file by its name; a folder of files as an archive."""
        files, name = await self.files(visit), visit.request.path_params["name"]
        if name in files:
            return download(files[name], name)
        below = {inside: path for inside, path in files.items() if inside.startswith(f"{name}/")}
        if not below:
            raise missing(f"这个{self.what}", "可能已被移走或改名")
        return await archived(below, f"{name.rpartition('/')[2]}.zip")

    async def all(self, visit: Visit) -> Response:
        """Give all that lies there, or what one piece of work (``job``) has made, in one archive."""
        files = await self.files(visit)
        made = made_by(visit.desk.jobs.find(visit.asked("job")))
        if made is not None:
            files = {name: files[name] for name in made.files if name in files}
        if not files:
            raise missing(f"要下载的{self.what}", "可能还没有做，或已被移走")
        return await archived(files, self.archive)


class Outcome(Struct, frozen=True):
    """What a page shows of the piece of work that led to it; ``lost``: it is not remembered any more."""

    job: Job | None
    made: Made | None
    lost: bool

    @classmethod
    def of(cls, visit: Visit) -> Outcome:
        """Return that which the address names (``job``)."""
        asked = visit.asked("job")
        found = visit.desk.jobs.find(asked)
        job = found.seen() if found else None
        return cls(job, made_by(job), bool(asked) and job is None)


async def archived(files: Mapping[str, Path], name: str) -> Response:
    """Answer with files in one archive, which is gone when it was sent."""
    made = await run_in_threadpool(_pack, files)
    answer = download(made, name)
    answer.background = BackgroundTask(made.unlink, missing_ok=True)
    return answer


def _pack(files: Mapping[str, Path]) -> Path:
    with tempfile.NamedTemporaryFile(prefix="perfxl-", suffix=".zip", delete=False) as target:
        try:
            # What is packed is packed already.
            with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
                for name, path in files.items():
                    archive.write(path, name)
        except BaseException:
            Path(target.name).unlink(missing_ok=True)
            raise
    return Path(target.name)
