"""The command adopt."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from perfxl.cli.console import REJECTED, UNREADABLE, form_of, load, out, ready, say, usage, write
from perfxl.cli.options import ComparedForm, Templates, number, path, words

if TYPE_CHECKING:
    from perfxl.adopt.adopting import AdoptedForm
    from perfxl.adopt.sheet import Sheet
    from perfxl.model.form import Form

_TOLD = 12
"""Guesses and remarks of one form that are told on the terminal; all stand in form.yaml."""


def adopt_workbook(  # noqa: PLR0913 - one parameter an option
    workbook: Annotated[
        Path,
        typer.Argument(metavar="工作簿", help="公文里的空白表（.xls、.et、.xlsx、.xlsm、.ods）。", show_default=False),
    ],
    *,
    sheet: Annotated[
        str | None, typer.Option("--sheet", metavar="名称", help="只读这一张工作表。", parser=words("--sheet"))
    ] = None,
    form: Annotated[
        str | None,
        typer.Option("--id", metavar="编号", help="表式的编号：小写英文、数字和短横线。", parser=words("--id")),
    ] = None,
    copies: Annotated[
        list[Path] | None,
        typer.Option(
            "--copy",
            metavar="另一份",
            help="同一张表的另一份，空白的或别的单位填的，可写多次：相同的是印的字，不同的是填写的。",
            parser=path("--copy"),
        ),
    ] = None,
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="文件夹", help="表样放在哪里。", parser=path("-o"))
    ] = Path("templates.local"),
    force: Annotated[bool, typer.Option("--force", help="已有同一编号的表样也重写。")] = False,
    compare: Annotated[bool, typer.Option("--compare", help="不写表样，逐格比较原表和 --form 生成的空白表。")] = False,
    against: ComparedForm = None,
    at_least: Annotated[
        int,
        typer.Option(
            "--at-least",
            metavar="百分数",
            help="比较时低于这个百分数，退出码为 1。",
            parser=number("--at-least", 0, 100, " 0 到 100 的整数"),
        ),
    ] = 95,
    templates: Templates = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="不显示过程和说明。")] = False,
) -> None:
    """读一张现成的表，写出它的表样。"""
    from perfxl.adopt.adopting import adopt, is_id
    from perfxl.adopt.page import page
    from perfxl.adopt.workbook import NoSuchSheetError, NotAFormError, UnreadableWorkbookError, together
    from perfxl.forms.definition.load import DEFINITION, read_common, shipped

    known = load(templates) if templates or against is not None else None
    if compare and against is None:
        usage("用 --compare 时要用 --form 写明与哪个表式比较")
    compared_with = form_of(known, against) if known is not None and against is not None else None
    if form is not None and not is_id(form):
        usage(f"编号“{form}”不合规定，用小写英文、数字和短横线，如 hunan-dept-self-eval")
    data = _bytes(workbook)
    others = [_sheets_of_copy(one) for one in copies or ()]
    if compared_with is not None:
        _compare(data, workbook, compared_with, sheet, at_least)
        return
    common, _ = read_common(shipped() / "common.yaml")
    try:
        made = adopt(data, workbook.name, common, sheet=sheet, form=form, copies=others)
    except UnreadableWorkbookError as error:
        say(f"“{workbook}”：{error}")
        raise typer.Exit(UNREADABLE) from None
    except NoSuchSheetError as error:
        usage(str(error))
    except NotAFormError as error:
        say(f"“{workbook}”：{error}")
        raise typer.Exit(REJECTED) from None
    there = [one.id for one in made.forms if (output / one.id / DEFINITION).exists()]
    if there and not force:
        usage(f"“{output}”里已经有 {'、'.join(there)}；换一个 --id，或加上 --force 重写")
    ready([output / one.id for one in made.forms])
    for one in made.forms:
        write(output / one.id / DEFINITION, one.text.encode())
        write(output / one.id / "adopt.html", page(one, workbook.name).encode())
    if quiet:
        return
    _tell_shipped(data, workbook.name)
    for one in made.forms:
        _tell(one, output / one.id / DEFINITION)
    for passed in together(made.passed_over):
        say(f"没有读：{passed}")


def _sheets_of_copy(file: Path) -> list[Sheet]:
    """Return the sheets of another copy; one that cannot be read is wrong usage."""
    from perfxl.adopt.workbook import NotAFormError, UnreadableWorkbookError, sheets_of
    from perfxl.model.error import reason_of

    try:
        return sheets_of(file.read_bytes())
    except OSError as error:
        usage(f"--copy 的“{file}”打不开：{reason_of(error)}")
    except (UnreadableWorkbookError, NotAFormError) as error:
        usage(f"--copy 的“{file}”：{error}")


def _bytes(file: Path) -> bytes:
    """Return what a file holds; one that cannot be opened ends the command."""
    from perfxl.model.error import reason_of

    try:
        return file.read_bytes()
    except OSError as error:
        say(f"“{file}”打不开：{reason_of(error)}")
        raise typer.Exit(UNREADABLE) from None


def _compare(data: bytes, workbook: Path, form: Form, sheet: str | None, at_least: int) -> None:
    """Print what the blank of a form differs in from a sheet, as a table and a percentage."""
    from msgspec.structs import replace

    from perfxl.adopt.compare import compared
    from perfxl.adopt.definition import year_of
    from perfxl.adopt.workbook import NotAFormError, UnreadableWorkbookError, named, sheets_of
    from perfxl.api import generate

    try:
        sheets = sheets_of(data)
    except UnreadableWorkbookError as error:
        say(f"“{workbook}”：{error}")
        raise typer.Exit(UNREADABLE) from None
    except NotAFormError as error:
        say(f"“{workbook}”：{error}")
        raise typer.Exit(REJECTED) from None
    original = named(sheets, sheet or form.sheet) or (sheets[0] if sheet is None else None)
    if original is None:
        usage(f"没有名为“{sheet}”的工作表；有：{'、'.join(one.name for one in sheets)}")
    names = [part.sheet for part in form.parts]
    if form.sheets and original.name not in names:
        usage(f"{form.id} 分在几张工作表上，用 --sheet 写明比较哪一张：{'、'.join(names)}")
    # An issued form has all its cells locked: it is compared as if it were not.
    blanks = sheets_of(generate(replace(form, issued=False), year=year_of(original)))
    blank = named(blanks, original.name if form.sheets else form.sheet) or blanks[0]
    found = compared(original, blank)
    if found.differences:
        out("在哪里\t什么不同\t原表\t生成的空白表\t是哪一栏\n")
    for difference in found.differences:
        out("\t".join(" ".join(text.split()) for text in difference).rstrip() + "\n")
    say(
        f"工作表“{original.name}”与 {form.id} 生成的空白表比较：印的字、合并、填写的格共 {found.cells} 格，"
        f"{found.equal} 格相同，{found.percentage:.1f}%"
    )
    if found.percentage < at_least:
        raise typer.Exit(REJECTED)


def _tell_shipped(data: bytes, name: str) -> None:
    """Say which sheets have the layout of a form that perfxl ships: two forms of one look are not told apart by it."""
    from perfxl.api import read
    from perfxl.forms.stock import load_forms

    known = load_forms()
    for one in read(data, name=name, forms=known).forms:
        title = known[one.form].title
        say(f"工作表“{one.sheet}”就是自带的表式 {one.form}（{title}），可以直接用；改过的表样交回时靠表里的标识识别")


def _tell(one: AdoptedForm, file: Path) -> None:
    """Say what was read and what wants a look."""
    from perfxl.adopt.page import looked_at

    count = sum(1 for field in one.form.fields.values() if not field.computed)
    say(f"工作表“{one.sheet}”→ {file.as_posix()}：{count} 项填写，{len(one.form.rules)} 条审核规则")
    looks = looked_at(one)
    if looks:
        say("请核对：")
    for line in looks[:_TOLD]:
        say(f"  {line}")
    if len(looks) > _TOLD:
        say(f"  ……还有 {len(looks) - _TOLD} 处，见旁边的 adopt.html")
