"""The command diff."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from perfxl.cli.console import REJECTED, form_of, load, out, say, usage
from perfxl.cli.options import OutputFormat, ScreenFormat, Templates

if TYPE_CHECKING:
    from perfxl.model.form import Form


def show_changes(
    old: Annotated[
        str, typer.Argument(metavar="原表样", help="form.yaml、它的文件夹，或表式的编号。", show_default=False)
    ],
    new: Annotated[str, typer.Argument(metavar="新表样", help="同上。", show_default=False)],
    *,
    templates: Templates = None,
    output_format: OutputFormat = ScreenFormat.TEXT,
) -> None:
    """比较两个表样：增加、删去、修改了什么。"""
    from perfxl.forms.definition.changes import changes

    found = changes(_form(old, templates), _form(new, templates))
    entries = [{**one._asdict(), "part": one.part.value, "kind": one.kind.value} for one in found]
    if output_format is ScreenFormat.JSON:
        out(json.dumps(entries, ensure_ascii=False, indent=2) + "\n")
    elif output_format is ScreenFormat.JSONL:
        out("".join(json.dumps(entry, ensure_ascii=False) + "\n" for entry in entries))
    else:
        for one in found:
            out(f"{one.message}\n")
    say(f"有 {len(found)} 处不同" if found else "没有不同")
    if found:
        raise typer.Exit(REJECTED)


def _tell_place(place: Path) -> None:
    """End the command where what is no id is meant as a place: nothing is there, or no definition."""
    from perfxl.forms.definition.load import DEFINITION

    if place.is_dir():
        usage(f"“{place}”里没有表样（{DEFINITION}）")
    if len(place.parts) > 1 or place.suffix:
        usage(f"没有“{place}”这个文件或文件夹")


def _form(name: str, templates: list[Path] | None) -> Form:
    """Return the form of a definition file (an older version's, too), of a folder with one, or of an id or ``id@version``."""
    from perfxl.forms.definition.load import DEFINITION, lint
    from perfxl.model.form import AT

    place = Path(name)
    folder = place.parent if place.is_file() else place
    if not (folder / DEFINITION).is_file():
        known = load(templates)
        if name.partition(AT)[0] not in known:
            _tell_place(place)
        return form_of(known, name)
    forms, problems = lint([folder])
    if problems:
        usage("表样有错误，请先改正：\n" + "\n".join(map(str, problems)))
    newest = next(iter(forms.values()))
    version = place.stem.partition(AT)[2] if place.is_file() else ""
    return newest.edition(version) or newest
