"""The command adopt."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from perfxl.cli.console import REJECTED, UNREADABLE, ready, say, usage, write
from perfxl.cli.options import path, words

if TYPE_CHECKING:
    from perfxl.adopt.adopting import AdoptedForm

_TOLD = 12
"""Guesses and remarks of one form that are told on the terminal; all stand in form.yaml."""


def adopt_workbook(
    workbook: Annotated[
        Path, typer.Argument(metavar="工作簿", help="公文里的空白表（.xlsx、.xlsm）。", show_default=False)
    ],
    *,
    sheet: Annotated[
        str | None, typer.Option("--sheet", metavar="名称", help="只读这一张工作表。", parser=words("--sheet"))
    ] = None,
    form: Annotated[
        str | None,
        typer.Option("--id", metavar="编号", help="表式的编号：小写英文、数字和短横线。", parser=words("--id")),
    ] = None,
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="文件夹", help="表样放在哪里。", parser=path("-o"))
    ] = Path("templates.local"),
    force: Annotated[bool, typer.Option("--force", help="已有同一编号的表样也重写。")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="不显示过程和说明。")] = False,
) -> None:
    """读一张现成的表，写出它的表样。"""
    from perfxl.adopt.adopting import adopt, is_id
    from perfxl.adopt.workbook import NoSuchSheetError, NotAFormError, UnreadableWorkbookError
    from perfxl.forms.definition.load import DEFINITION, read_common, shipped
    from perfxl.model.error import reason_of

    if form is not None and not is_id(form):
        usage(f"编号“{form}”不合规定，用小写英文、数字和短横线，如 hunan-dept-self-eval")
    try:
        data = workbook.read_bytes()
    except OSError as error:
        say(f"“{workbook}”打不开：{reason_of(error)}")
        raise typer.Exit(UNREADABLE) from None
    common, _ = read_common(shipped() / "common.yaml")
    try:
        made = adopt(data, workbook.name, common, sheet=sheet, form=form)
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
    if quiet:
        return
    for one in made.forms:
        _tell(one, output / one.id / DEFINITION)
    for passed in made.passed_over:
        say(f"没有读工作表“{passed.sheet}”：{passed.why}")


def _tell(one: AdoptedForm, file: Path) -> None:
    """Say what was read and what wants a look."""
    count = sum(1 for field in one.form.fields.values() if not field.computed)
    say(f"工作表“{one.sheet}”→ {file.as_posix()}：{count} 项填写，{len(one.form.rules)} 条审核规则")
    looks = [*(f"{remark.cell}　{remark.text}".strip() for remark in one.remarks)]
    looks += [f"{cell}　当作{guess.what}：{guess.why}" for cell, guess in one.unsure]
    looks += [f"试填时读不回原处：{problem.message}" for problem in one.proof]
    if looks:
        say("请核对：")
    for line in looks[:_TOLD]:
        say(f"  {line}")
    if len(looks) > _TOLD:
        say(f"  ……还有 {len(looks) - _TOLD} 处，见 {file.name} 里的说明")
