"""Loading form definitions from folders: ``<folder>/<form>/form.yaml``."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from perfxl.forms.build import build
from perfxl.forms.decode import Decoder, compose
from perfxl.forms.language import FormSpec
from perfxl.forms.problem import DefinitionError, Place, Problem, Problems
from perfxl.model.form import Form

DEFINITION = "form.yaml"


def shipped() -> Path:
    """Return the folder of the forms that come with perfxl: inside the wheel, or beside the package in a checkout."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "templates"
    return inside if inside.is_dir() else package.parent / "templates"


def definitions(folders: Iterable[Path]) -> Iterator[Path]:
    """Yield the definition files in some folders, by name; a folder that is itself a form's gives its own."""
    for folder in folders:
        if (folder / DEFINITION).is_file():
            yield folder / DEFINITION
        else:
            yield from sorted(folder.glob(f"*/{DEFINITION}"))


def parse(text: str, file: str) -> tuple[Form | None, tuple[Problem, ...]]:
    """Return the form of one definition's text and every mistake in it; the form is None where there is any."""
    problems = Problems(file)
    node = compose(text, problems)
    spec = Decoder(problems).decode(node, FormSpec, "表样") if node is not None else None
    form = None
    if spec is not None:
        form = build(spec, hashlib.sha256(text.encode()).hexdigest()[:16], problems)
    found = tuple(sorted(problems.found))
    return (None if found else form), found


def read(path: Path) -> tuple[Form | None, tuple[Problem, ...]]:
    """Return the form of one definition file and every mistake in it. A file that cannot be read is a mistake too."""
    file = path.as_posix()
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        problems = Problems(file)
        problems.add(Place(), "读不了这个文件", "确认文件存在、有权限，并用 UTF-8 编码保存")
        return None, tuple(problems.found)
    form, found = parse(text.replace("\r\n", "\n"), file)
    if form is not None and path.parent.name != form.id:
        problems = Problems(file)
        problems.add(Place(), f"文件夹名“{path.parent.name}”与 form 的“{form.id}”不一致", "改成同一个名称")
        return None, tuple(problems.found)
    return form, found


def lint(folders: Iterable[Path]) -> tuple[dict[str, Form], tuple[Problem, ...]]:
    """Load all definitions in some folders; return the sound forms by id, and every mistake of the others."""
    forms: dict[str, Form] = {}
    origin: dict[str, Path] = {}
    found: list[Problem] = []
    for path in definitions(folders):
        form, problems = read(path)
        found.extend(problems)
        if form is None:
            continue
        if form.id in forms and path.resolve() != origin[form.id].resolve():
            twice = Problems(path.as_posix())
            twice.add(Place(), f"“{form.id}”在 {origin[form.id].as_posix()} 已经有了", "换一个 form 名称")
            found.extend(twice.found)
            continue
        forms[form.id] = form
        origin[form.id] = path
    return forms, tuple(found)


def load_forms(*folders: Path | str) -> Mapping[str, Form]:
    """Load the shipped forms and those in further folders, by id.

    Raises DefinitionError with every mistake where any definition is broken.
    """
    forms, problems = lint([shipped(), *map(Path, folders)])
    if problems:
        raise DefinitionError(problems)
    return forms
