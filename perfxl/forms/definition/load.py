"""Loading form definitions from folders: ``<folder>/<form>/form.yaml``, older versions from ``form@2023.yaml`` next to it."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from perfxl.forms.definition.build import build
from perfxl.forms.definition.carry import link
from perfxl.forms.definition.chains import chain_of, check_beside
from perfxl.forms.definition.decode import Decoder
from perfxl.forms.definition.language import CarrySpec, CommonSpec, FormSpec
from perfxl.forms.definition.lists import read_lists
from perfxl.forms.definition.problem import Place, Problem, Problems
from perfxl.forms.definition.review import review
from perfxl.forms.definition.syntax import compose
from perfxl.forms.stock import (
    COMMON,
    DEFINITION,
    Files,
    common_files,
    definitions,
    files_of,
    load_forms,
    older_definitions,
    shipped,
)
from perfxl.model.form import AT, Form
from perfxl.rules.unfit import unfit

__all__ = [
    "COMMON",
    "DEFINITION",
    "NOTHING_COMMON",
    "Common",
    "UnboundForm",
    "definitions",
    "draft",
    "file_of",
    "lint",
    "load_forms",
    "older_definitions",
    "parse",
    "parse_common",
    "read",
    "read_common",
    "shipped",
]


@dataclasses.dataclass(frozen=True, slots=True)
class Common:
    """Pieces that several forms use by name, with the text that they were read from, by which two are told apart."""

    spec: CommonSpec = dataclasses.field(compare=False)
    text: str


NOTHING_COMMON = Common(CommonSpec(), "")


def file_of(older: Form, definition: Path) -> Path:
    """Return the file next to a definition that holds an older version of it."""
    return definition.with_stem(f"{definition.stem}{AT}{older.version}")


class UnboundForm(Struct, frozen=True):
    """A form whose mappings are still as they were written: the forms that they take from have to be known first."""

    form: Form
    carries: tuple[CarrySpec, ...]
    file: str


def parse(
    text: str, file: str, common: Common = NOTHING_COMMON, files: Files = ()
) -> tuple[Form | None, tuple[Problem, ...]]:
    """Return the form of one definition's text and every mistake in it; the form is None where there is any.

    What it takes over from other forms is left out.
    """
    drafted, found = draft(text, file, common, files)
    return (None if drafted is None else drafted.form), found


@lru_cache(maxsize=128)
def draft(
    text: str, file: str, common: Common = NOTHING_COMMON, files: Files = ()
) -> tuple[UnboundForm | None, tuple[Problem, ...]]:
    """Return the draft of one definition's text and every mistake in it; it is None where there is any.

    The same text is parsed once in a process: a program that loads the forms for every file pays for reading them only.
    """
    problems = Problems(file)
    node = compose(text, problems)
    spec = Decoder(problems).decode(node, FormSpec, "表样") if node is not None else None
    made = None
    if spec is not None:
        lists = read_lists(spec.lists, files, problems)
        hashed = hashlib.sha256(f"{common.text}\0{text}".encode(errors="replace"))
        for name, data in files:
            hashed.update(f"\0{name}\0".encode() + data if name in {one.file for one in spec.lists} else b"")
        form = build(spec, common.spec, hashed.hexdigest()[:16], problems, lists)
        review(spec, form.fields, problems)
        made = UnboundForm(form, spec.carry, file)
        if not problems.found:
            for rule in unfit(form):
                problems.add(Place(rule.line), rule.message, rule.remedy)
    found = tuple(sorted(problems.found))
    return (None if found else made), found


@lru_cache(maxsize=16)
def parse_common(text: str, file: str) -> tuple[CommonSpec | None, tuple[Problem, ...]]:
    """Return the shared pieces of one file's text, None where it is no such file, and every mistake in it."""
    problems = Problems(file)
    node = compose(text, problems)
    spec: CommonSpec | None = Decoder(problems).decode(node, CommonSpec, "公用部分") if node is not None else None
    for chain in spec.chains if spec is not None else ():
        chain_of(chain, problems)
    return spec, tuple(problems.found)


def _text(path: Path, problems: Problems) -> str | None:
    try:
        return path.read_text(encoding="utf-8-sig").replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError):
        problems.add(Place(), "读不了这个文件", "确认文件存在、有权限，并用 UTF-8 编码保存")
        return None


def read_common(path: Path) -> tuple[Common, tuple[Problem, ...]]:
    """Return the shared pieces of one file, none where it is not there, and every mistake in it."""
    if not path.is_file():
        return NOTHING_COMMON, ()
    unreadable = Problems(path.as_posix())
    text = _text(path, unreadable)
    if text is None:
        return NOTHING_COMMON, tuple(unreadable.found)
    spec, found = parse_common(text, path.as_posix())
    return (Common(spec, text) if spec is not None else NOTHING_COMMON), found


def read(path: Path, common: Common = NOTHING_COMMON) -> tuple[Form | None, tuple[Problem, ...]]:
    """Return the form of one definition file and every mistake in it, as ``parse`` does.

    A file that cannot be read is a mistake too.
    """
    drafted, found = _read(path, common)
    return (None if drafted is None else drafted.form), found


def _read(path: Path, common: Common) -> tuple[UnboundForm | None, tuple[Problem, ...]]:
    file = path.as_posix()
    unreadable = Problems(file)
    text = _text(path, unreadable)
    if text is None:
        return None, tuple(unreadable.found)
    drafted, found = draft(text, file, common, files_of(path.parent))
    if drafted is not None and path.parent.name != drafted.form.id:
        problems = Problems(file)
        problems.add(Place(), f"文件夹名“{path.parent.name}”与 form 的“{drafted.form.id}”不一致", "改成同一个名称")
        return None, tuple(problems.found)
    return drafted, found


def _with_older(newest: UnboundForm, path: Path, common: Common) -> tuple[UnboundForm, list[Problem]]:
    """Return a form with the older versions that lie next to it, and every mistake in them.

    An older version takes nothing over from other forms: it is there to read returns of its year.
    """
    older: list[Form] = []
    found: list[Problem] = []
    for file in older_definitions(path):
        one, mistakes = _read(file, common)
        found += mistakes
        if one is None:
            continue
        problems = Problems(file.as_posix())
        version = file.stem.partition(AT)[2]
        if one.form.version != version:
            problems.add(Place(), f"文件名里的版本“{version}”与 version 的“{one.form.version}”不一致", "改成同一个")
        elif one.form.version == newest.form.version:
            remedy = "旧的一版写旧的 version，现在用的一版写新的 version"
            problems.add(Place(), f"与 {DEFINITION} 的 version 相同，都是“{version}”", remedy)
        found += problems.found
        older.append(one.form)
    return replace(newest, form=replace(newest.form, older=tuple(older))), found


def _common(folders: Sequence[Path]) -> tuple[Common, tuple[Problem, ...]]:
    """The shared pieces: those shipped, then those beside the definitions, which may replace some."""
    found: list[Problem] = []
    common = NOTHING_COMMON
    for path in common_files(folders):
        read_in, problems = read_common(path)
        found.extend(problems)
        spec = CommonSpec(
            classifications={**common.spec.classifications, **read_in.spec.classifications},
            rules={**common.spec.rules, **read_in.spec.rules},
            codes=(*common.spec.codes, *read_in.spec.codes),
            chains=(*common.spec.chains, *read_in.spec.chains),
        )
        common = Common(spec, common.text + read_in.text)
    return common, tuple(found)


def lint(folders: Sequence[Path]) -> tuple[dict[str, Form], tuple[Problem, ...]]:
    """Load all definitions in some folders; return the sound forms by id, and every mistake of the others."""
    drafts, found, broken = _drafts(folders)
    known = {name: one.form for name, one in drafts.items()}
    if any(name not in known for one in drafts.values() for name in _named(one)):
        # A form may take from the shipped ones, wherever it lies itself.
        known = {name: one.form for name, one in _drafts([shipped()])[0].items()} | known
    forms: dict[str, Form] = {}
    for name, one in drafts.items():
        problems = Problems(one.file)
        carries = link(one.carries, one.form, known, broken, problems)
        check_beside(one.form, known, broken, problems)
        found += sorted(problems.found)
        if not problems.found:
            forms[name] = replace(one.form, carries=carries)
    return forms, tuple(found)


def _named(one: UnboundForm) -> Iterator[str]:
    """Yield the other forms that a definition names."""
    yield from (spec.source for spec in one.carries)
    yield from (rule.beside for rule in one.form.rules if rule.beside and one.form.chain.stage(rule.beside) is None)


def _drafts(folders: Sequence[Path]) -> tuple[dict[str, UnboundForm], list[Problem], set[str]]:
    """Read all definitions in some folders: the sound ones by id, every mistake, the folders of the broken ones."""
    drafts: dict[str, UnboundForm] = {}
    broken: set[str] = set()
    common, problems = _common(folders)
    found = list(problems)
    for path in definitions(folders):
        one, problems = _read(path, common)
        found.extend(problems)
        if one is None:
            broken.add(path.parent.name)
            continue
        one, problems_of_older = _with_older(one, path, common)
        found.extend(problems_of_older)
        name = one.form.id
        if name in drafts and path.resolve() != Path(drafts[name].file).resolve():
            twice = Problems(path.as_posix())
            twice.add(Place(), f"“{name}”在 {drafts[name].file} 已经有了", "换一个 form 名称")
            found.extend(twice.found)
            continue
        drafts[name] = one
    return drafts, found, broken
