"""The command alone: returns that nobody has to read, settled and written as those of a real pile; ``python -m benchmarks.alone 1000``."""

from __future__ import annotations

import sys
import tempfile
from functools import cache
from pathlib import Path

from msgspec.structs import replace

from benchmarks.files import filled
from perfxl.forms.stock import load_forms
from perfxl.model.submission import Submission, Unit
from perfxl.receive.conclude import conclude, write_batch
from perfxl.receive.examine import Examined, outcome_of
from perfxl.receive.gist import noted
from perfxl.receive.importing import gather
from perfxl.receive.inputs import Input
from perfxl.receive.library import Library
from perfxl.receive.pipeline import process
from perfxl.receive.request import Request

_FORM = "hunan-self-eval-report"


@cache
def _sample() -> Submission:
    return process(filled(_FORM), "a", Library.of(load_forms()))


def _read(request: Request, item: Input, known: str = "") -> Examined:
    del request, known
    own = Path(item.name).stem
    like = _sample()
    forms = tuple(replace(form, unit=Unit(f"第{own}中学", own)) for form in like.forms)
    source = replace(like.source, file=item.name, sha256=own.zfill(64))
    submission = Submission(source, forms, like.findings)
    outcome = outcome_of(submission)
    return replace(outcome, marked=b"", noted=noted(submission, outcome.document))


def alone(count: int) -> None:
    """Import so many returns of different units, as the command does, but for reading them."""
    with tempfile.TemporaryDirectory() as scratch:
        given, output = Path(scratch) / "returned", Path(scratch) / "out"
        given.mkdir()
        for number in range(count):
            (given / f"{number:06}.xlsx").touch()
        pile, folder = gather([given], output, Request())
        for _ in pile.read(work=_read):
            pass
        pile.faults += write_batch(conclude(pile), output)
        folder.close()
        if pile.faults or pile.unwritten:
            raise SystemExit(f"{pile.faults} {pile.unwritten}")


if __name__ == "__main__":
    alone(int(sys.argv[1]))
