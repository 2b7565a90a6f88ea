"""What a machine of a cluster has to have in common with the one that asks, so that its results are the same bytes."""

from __future__ import annotations

import os
import sys
import zlib
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from msgspec import Struct

from perfxl import __version__
from perfxl.cluster import Cluster
from perfxl.forms.definition.problem import DefinitionError
from perfxl.forms.stock import load_forms
from perfxl.model.form import Form
from perfxl.places import Address, AddressError, Place, size_of
from perfxl.receive.against import Against, look_at
from perfxl.receive.program import program_digest
from perfxl.receive.request import Request

_AS_HERE = "请在每台机器上安装同一版本"


class Machine(Struct, frozen=True):
    """What the bytes of results depend on besides the returns and what is asked for."""

    version: str
    program: str
    python: str
    zlib: str

    @classmethod
    def here(cls) -> Machine:
        """Return what this machine has."""
        python = f"{sys.version_info.major}.{sys.version_info.minor}"
        return cls(__version__, program_digest(), python, zlib.ZLIB_RUNTIME_VERSION)


class Witness(Struct, frozen=True):
    """A file that a machine has to see as it is seen here; ``given`` leads to it. Of a folder at an address it is the folder."""

    given: Place
    file: Place
    size: int


class Terms(Struct, frozen=True):
    """What is held against another machine: the program, the forms by their digests, and what lies on the disk."""

    machine: Machine
    templates: tuple[Path, ...]
    forms: tuple[tuple[str, tuple[str, ...]], ...]
    against: Against | None
    witnesses: tuple[Witness, ...]


def agree(cluster: Cluster, request: Request, paths: Sequence[Place]) -> None:
    """See that the machines of a cluster come to the results of this one. Raises UnfitClusterError."""
    forms = _digests(request.library.forms)
    witnesses = tuple(witness for path in paths for witness in _witness(path))
    cluster.require(partial(misfit, Terms(Machine.here(), request.templates, forms, request.against, witnesses)))


def misfit(terms: Terms) -> str:
    """Return what of some terms this machine does not meet, as the rest of a sentence that begins with its name."""
    return next(_misfits(terms), "")


def _misfits(terms: Terms) -> Iterator[str]:
    here, there = Machine.here(), terms.machine
    if here.version != there.version:
        yield f"的 perfxl 是 {here.version}，本机是 {there.version}；{_AS_HERE}"
    if here.program != there.program:
        yield f"的 perfxl 与本机的程序不同（都写着 {here.version}）；{_AS_HERE}"
    if here.python != there.python:
        yield f"的 Python 是 {here.python}，本机是 {there.python}；结果可能不同，{_AS_HERE}的 Python"
    if here.zlib != there.zlib:
        yield f"的压缩库 zlib 是 {here.zlib}，本机是 {there.zlib}；标注件会不同，{_AS_HERE}的 Python"
    yield from _misfit_forms(terms)
    if terms.against is not None:
        yield from _misfit_against(terms.against, terms.templates)
    for witness in terms.witnesses:
        if _size(witness.file) != witness.size:
            yield _unseen(witness)


def _unseen(witness: Witness) -> str:
    given, file = witness.given, witness.file
    if isinstance(given, Address) or isinstance(file, Address):
        return f"读不到“{given}”；请在那台机器上也安装读它的组件、设好账号和密钥"
    shown = "" if file == given else f"里的“{file.relative_to(given).as_posix()}”"
    return f"看不到“{given}”{shown}；交回的文件要放在各台机器用同一路径都能打开的共享文件夹里"


def _misfit_forms(terms: Terms) -> Iterator[str]:
    missing = [folder for folder in terms.templates if not folder.is_dir()]
    if missing:
        yield f"上没有表样文件夹“{missing[0]}”；请放在各台机器用同一路径都能打开的共享文件夹里"
        return
    try:
        forms = _digests(load_forms(*terms.templates))
    except (DefinitionError, OSError):
        yield "上的表样有错误，或读不了；请让各台机器用同样的表样"
        return
    others = sorted({name for name, _ in {*forms} ^ {*terms.forms}})
    if others:
        yield f"上的表样与本机不同：{'、'.join(others)}；请让各台机器用同样的表样"


def _misfit_against(against: Against, templates: Sequence[Path]) -> Iterator[str]:
    try:
        same = look_at(against.folder, load_forms(*templates)).digest == against.digest
    except OSError:
        same = False
    if not same:
        yield f"看到的“{against.folder}”与本机看到的不同；--against 的文件夹要放在各台机器都能打开的共享文件夹里"


def _digests(forms: Mapping[str, Form]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple(sorted((name, tuple(one.digest for one in form.editions)) for name, form in forms.items()))


def _witness(given: Place) -> Iterator[Witness]:
    """Yield the first file below a path, the file itself where it is one."""
    path = given if isinstance(given, Address) else given.absolute()
    if isinstance(path, Address) or not path.is_dir():
        yield from (Witness(path, path, size) for size in (_size(path),) if size is not None)
        return
    for root, folders, files in os.walk(path):
        folders.sort()
        for name in sorted(files):
            file = Path(root, name)
            size = _size(file)
            if size is not None and file.is_file():
                yield Witness(path, file, size)
                return


def _size(place: Place) -> int | None:
    try:
        return size_of(place)
    except (OSError, AddressError):
        return None
