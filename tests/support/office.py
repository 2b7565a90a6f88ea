"""A LibreOffice of the tests' own, driven as a person would drive it (what each step means: ``clients/typist.py``)."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

Typed: TypeAlias = str | int | float | Decimal
Sheets: TypeAlias = dict[str, dict[str, Decimal | str]]

TYPIST = Path(__file__).resolve().parent.parent / "clients" / "typist.py"
START_SECONDS = 60.0
JOB_SECONDS = 180.0  # the start included
STOP_SECONDS = 10.0
CRASHES = 3
"""How often a job is done afresh after a crash of the program between."""

# zh-CN: dates and numbers are understood as they are typed in China, whatever the machine's own language
SETTINGS = """\
<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Setup/L10N">
<prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>zh-CN</value></prop>
</item>
</oor:items>
"""


# The official faces come with Windows: here a Song face stands in for them (a plain one for 黑体), as on an officer's screen
FONTS = """\
<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<include ignore_missing="yes">/etc/fonts/fonts.conf</include>
<alias binding="same"><family>宋体</family><prefer><family>Noto Serif CJK SC</family></prefer></alias>
<alias binding="same"><family>仿宋_GB2312</family><prefer><family>Noto Serif CJK SC</family></prefer></alias>
<alias binding="same"><family>楷体_GB2312</family><prefer><family>Noto Serif CJK SC</family></prefer></alias>
<alias binding="same"><family>黑体</family><prefer><family>Noto Sans CJK SC</family></prefer></alias>
<alias binding="same"><family>方正小标宋简体</family><prefer><family>Noto Serif CJK SC</family></prefer></alias>
</fontconfig>
"""


class RefusedError(Exception):
    """What a person at the screen could not have done either: a locked cell, a file that does not open."""


class OfficeError(Exception):
    """LibreOffice or its typist broke down or took too long."""


class Installation(NamedTuple):
    """A LibreOffice on this machine, and a Python that can talk to it."""

    soffice: Path
    python: Path


@cache
def installation() -> Installation | None:
    """Return the LibreOffice of this machine, None where there is none that can be driven."""
    for soffice in filter(Path.is_file, _programs()):
        for python in filter(Path.is_file, _pythons(soffice.resolve())):
            if (
                subprocess.run([python, "-c", "import uno"], capture_output=True, check=False, timeout=60).returncode
                == 0
            ):
                return Installation(soffice, python)
    return None


def _programs() -> Iterator[Path]:
    on_path = shutil.which("soffice") or shutil.which("libreoffice")
    if on_path:
        yield Path(on_path)
    yield Path("/Applications/LibreOffice.app/Contents/MacOS/soffice")
    yield Path(os.environ.get("PROGRAMFILES", "C:/Program Files")) / "LibreOffice" / "program" / "soffice.exe"


def _pythons(soffice: Path) -> Iterator[Path]:
    """Yield LibreOffice's own Python, then the system's, which has ``uno`` where LibreOffice is a package of it."""
    yield soffice.with_name("python.exe")
    yield soffice.with_name("python")
    yield soffice.parent.parent / "Resources" / "python"
    yield Path("/usr/bin/python3")


class Office:
    """One LibreOffice, headless, with a profile of its own; started at the first job, and again after a breakdown."""

    def __init__(self, installed: Installation, folder: Path, *, seconds: float = JOB_SECONDS) -> None:
        self._installed = installed
        self._seconds = seconds
        self._folder = folder
        self._pipe = ""
        self._process: subprocess.Popen[bytes] | None = None

    def run(self, job: Mapping[str, Any]) -> list[Any]:
        """Do a job, return its answers; numbers in them are Decimal.

        Raises RefusedError for what a person could not have done, OfficeError where LibreOffice fails or hangs.
        """
        answer = self._done(job)
        if "unopened" in answer:
            # One that is out of sorts opens nothing: a fresh one is asked before the file is blamed.
            self._kill()
            answer = self._done(job)
        if why := answer.get("unopened") or answer.get("refused"):
            raise RefusedError(why)
        answers: list[Any] = answer["answers"]
        return answers

    def _done(self, job: Mapping[str, Any]) -> dict[str, Any]:
        """Return what a typist answers to a job. Raises OfficeError."""
        done = self._type(job)
        for _ in range(CRASHES):
            if done.returncode == 0 or (done.returncode > 0 and self._lives()):
                break
            # The bridge between LibreOffice and Python dies of a signal now and then, or LibreOffice itself ends at a
            # job: it is done afresh.
            self._kill()
            done = self._type(job)
        if done.returncode:
            self._kill()
            raise OfficeError(f"exit code {done.returncode}: {done.stderr.decode(errors='replace')}")
        answer: dict[str, Any] = json.loads(done.stdout, parse_float=Decimal, parse_int=Decimal)
        return answer

    def _type(self, job: Mapping[str, Any]) -> subprocess.CompletedProcess[bytes]:
        """Have a job done by a typist of its own; raises OfficeError where that takes too long."""
        self._start()
        command: list[str | Path] = [self._installed.python, TYPIST, self._pipe, str(START_SECONDS)]
        # the typist's Python is not the tests': nothing of the tests' environment may reach it
        surroundings = {
            name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))
        }
        try:
            return subprocess.run(
                command,
                input=json.dumps(job, default=str).encode(),
                capture_output=True,
                check=False,
                env=surroundings,
                timeout=self._seconds,
            )
        except subprocess.TimeoutExpired as error:
            self._kill()
            raise OfficeError(f"no answer after {error.timeout:g} s") from error

    def fill(self, path: Path, typed: Mapping[str, Mapping[str, Typed]], save_as: Path) -> Path:
        """Type into cells of a workbook, in the order given (``{"自评表": {"D5": 1616.43}}``), and save it."""
        steps = [
            {"sheet": sheet, "cell": cell, "type": text}
            for sheet, cells in typed.items()
            for cell, text in cells.items()
        ]
        return self.edit(path, steps, save_as)

    def edit(self, path: Path, steps: Sequence[Mapping[str, Any]], save_as: Path) -> Path:
        """Do steps in a workbook and save it; the suffix of ``save_as`` says as what."""
        self.run({"open": str(path.resolve()), "steps": steps, "save_as": str(save_as.resolve())})
        return save_as

    def convert(self, path: Path, suffix: str, folder: Path | None = None) -> Path:
        """Save a workbook as ``pdf``, ``ods``, ``xls``, beside it or in a folder, and return the new file."""
        return self.edit(path, (), (folder or path.parent) / f"{path.stem}.{suffix}")

    def print_text(self, path: Path) -> Path:
        """Print a document of Word to a PDF beside it, and return that."""
        printed = path.with_suffix(".pdf")
        self.run({"open": str(path.resolve()), "steps": [], "save_as": str(printed.resolve()), "format": "text"})
        return printed

    def recalculated(self, path: Path) -> Sheets:
        """Return the values of all cells, every formula computed afresh; an error as its text (``#DIV/0!``)."""
        return self._values(path, [{"recalculate": True}, {"values": True}])

    def displayed(self, path: Path) -> Sheets:
        """Return the values of all cells as they stand in the file, cached results included."""
        return self._values(path, [{"values": True}])

    def _values(self, path: Path, steps: Sequence[Mapping[str, Any]]) -> Sheets:
        (values,) = self.run({"open": str(path.resolve()), "steps": steps})
        sheets: Sheets = values
        return sheets

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def _lives(self) -> bool:
        """Tell whether the program is still there a moment after a job has failed: one that crashed takes that to end."""
        try:
            if self._process is not None:
                self._process.wait(1)
        except subprocess.TimeoutExpired:
            return True
        return False

    def stop(self) -> None:
        """End this LibreOffice: ask it first, then end it by force."""
        if self._process is None or not self.running:
            return
        try:
            self._type({"quit": True})
            self._process.wait(STOP_SECONDS)
        except (OfficeError, subprocess.TimeoutExpired):
            self._kill()

    def _start(self) -> None:
        if self.running:
            return
        # a pipe and a profile for each start: one that was killed leaves its pipe and its lock behind
        self._pipe = f"perfxl-{uuid.uuid4().hex}"
        profile = self._folder / self._pipe
        settings = profile / "user" / "registrymodifications.xcu"
        settings.parent.mkdir(parents=True)
        settings.write_text(SETTINGS, "utf-8")
        fonts = profile / "fonts.conf"
        fonts.write_text(FONTS, "utf-8")
        command: list[str | Path] = [
            self._installed.soffice,
            f"-env:UserInstallation={profile.resolve().as_uri()}",
            f"--accept=pipe,name={self._pipe};urp;",
            *("--headless", "--norestore", "--nologo", "--nodefault", "--nolockcheck", "--nofirststartwizard"),
        ]
        with (self._folder / "soffice.log").open("ab") as log:
            # a group of its own: soffice is a script around the program, and both have to end
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                env={**os.environ, "FONTCONFIG_FILE": str(fonts)},
            )

    def _kill(self) -> None:
        if self._process is None:
            return
        if sys.platform == "win32":
            subprocess.run(["taskkill", "/F", "/T", "/PID", str(self._process.pid)], capture_output=True, check=False)
        elif self.running:
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(STOP_SECONDS)
