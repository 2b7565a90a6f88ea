"""The command line: arguments, streams, exit codes. What is done is done elsewhere, and imported when it is needed."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from perfxl.batch import Outcome, Task
    from perfxl.model.form import Form
    from perfxl.model.layout import Layout
    from perfxl.outputs import Input

OK, REJECTED, USAGE, UNREADABLE = 0, 1, 2, 3

app = typer.Typer(
    name="perfxl",
    help="预算绩效附表：下发、离线填报、收回、审核、标注。",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)


class Format(StrEnum):
    """What goes to stdout."""

    TEXT = "text"
    JSON = "json"
    JSONL = "jsonl"


class FailOn(StrEnum):
    """From which severity on the exit code tells of findings."""

    ERROR = "error"
    WARNING = "warning"


FormName = Annotated[str, typer.Argument(metavar="表式", help="表式的编号，见 perfxl forms。", show_default=False)]
Paths = Annotated[list[Path], typer.Argument(metavar="文件或文件夹...", help="交回的工作簿，或放它们的文件夹。")]
Output = Annotated[Path, typer.Option("-o", "--output", metavar="文件夹", help="结果放在哪里。")]
Templates = Annotated[
    list[Path] | None, typer.Option("--templates", metavar="文件夹", help="另外的表样所在的文件夹，可写多次。")
]
Jobs = Annotated[int | None, typer.Option("--jobs", metavar="个数", min=1, help="同时用几个处理器，默认全部。")]
OutputFormat = Annotated[Format, typer.Option("--output-format", metavar="text|json|jsonl", help="屏幕输出的格式。")]
Quiet = Annotated[bool, typer.Option("--quiet", help="不显示过程和说明。")]
NoColor = Annotated[bool, typer.Option("--no-color", help="不用颜色。")]
Year = Annotated[int | None, typer.Option("--year", metavar="年度", min=2000, max=2100, help="表的年度。")]
OnlyForm = Annotated[str | None, typer.Option("--form", metavar="表式", help="不识别，一律按这个表式读取。")]
Strict = Annotated[FailOn, typer.Option("--fail-on", metavar="error|warning", help="有哪一级意见时退出码为 1。")]


# -- forms ------------------------------------------------------------------------------------------------------------


@app.command("forms")
def list_forms(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="按 JSON 输出。")] = False,
    templates: Templates = None,
) -> None:
    """列出全部表式。"""
    from perfxl.report.show import forms_json, forms_table

    known = _forms(templates)
    _out(forms_json(known.values()) if as_json else forms_table(known.values()))


@app.command("show")
def show_form(form: FormName, *, templates: Templates = None) -> None:
    """显示一个表式：各栏、填报要求、审核规则。"""
    from perfxl.report.show import form_text

    _out(form_text(_form(_forms(templates), form)))


@app.command("schema")
def show_schema(form: FormName, *, templates: Templates = None) -> None:
    """输出一个表式数据的 JSON Schema。"""
    from perfxl.forms.schema import schema
    from perfxl.report.document import document

    _out(document(schema(_form(_forms(templates), form))).decode())


@app.command("lint")
def lint_forms(
    folder: Annotated[
        Path | None, typer.Argument(metavar="文件夹", help="表样所在的文件夹，默认为自带的表样。")
    ] = None,
) -> None:
    """检查表样的写法，一次列出全部错误。"""
    from perfxl.checks.registry import unknown
    from perfxl.forms.load import DEFINITION, lint, shipped
    from perfxl.forms.problem import Problem

    place = folder or shipped()
    if not place.is_dir():
        _usage(f"没有“{place}”这个文件夹")
    known, problems = lint([place])
    found = list(problems)
    for name, form in known.items():
        file = place / DEFINITION if (place / DEFINITION).is_file() else place / name / DEFINITION
        found += [Problem(file.as_posix(), line, 1, message, remedy) for line, message, remedy in unknown(form)]
    for problem in sorted(found):
        _out(f"{problem}\n")
    if found:
        _say(f"共有 {len(found)} 处错误")
        raise typer.Exit(USAGE)
    if not known:
        _usage(f"“{place}”里没有表样（{DEFINITION}）")
    _say(f"{len(known)} 个表式没有错误")


@app.command("rules")
def show_rules(
    code: Annotated[str | None, typer.Argument(metavar="代码", help="如 M06；不写则列出全部。")] = None,
) -> None:
    """列出审核规则，或解释一条。"""
    from perfxl.checks.catalog import CATALOG
    from perfxl.report.rulebook import explain, overview

    if code is None:
        _out(overview(CATALOG.values()))
        return
    rule = CATALOG.get(code.upper())
    if rule is None:
        _usage(f"没有代码“{code}”{_meant(code.upper(), CATALOG)}；全部代码见 perfxl rules")
    _out(explain(rule))


# -- generate ---------------------------------------------------------------------------------------------------------


@app.command("generate")
def generate_workbook(  # noqa: PLR0913 - one parameter an option
    form: Annotated[
        list[str], typer.Argument(metavar="表式...", help="几个表式合成一个工作簿；表式:4 为同样的 4 张。")
    ],
    *,
    year: Year = None,
    unit: Annotated[str | None, typer.Option("--unit", metavar="名称", help="单位名称。")] = None,
    unit_code: Annotated[str | None, typer.Option("--unit-code", metavar="代码", help="单位代码。")] = None,
    data: Annotated[Path | None, typer.Option("--data", metavar="文件.json", help="预填的数据。")] = None,
    rows: Annotated[
        list[str] | None, typer.Option("--rows", metavar="表=行数", help="可增行的表留几行，如 projects=30，可写多次。")
    ] = None,
    name: Annotated[str | None, typer.Option("--name", metavar="样式", help="文件名的样式，见文档。")] = None,
    output: Output = Path("output"),
    templates: Templates = None,
    quiet: Quiet = False,
) -> None:
    """生成空白的或预填的工作簿。"""
    from perfxl.api import generate
    from perfxl.naming import Named, PatternError, file_name
    from perfxl.outputs import write_whole

    known = _forms(templates)
    wanted = [one for text in form for one in _copies(known, text)]
    given = _json(data) if data is not None else None
    if given is not None and len({one.id for one in wanted}) > 1:
        _usage("--data 只能用于一个表式；几个表式请分别生成")
    sizes = _sizes(rows or [])
    stamps = [_placed(one, year, unit, unit_code, given, sizes).stamp for one in wanted]
    named = Named(
        form=wanted[0].id,
        title=wanted[0].title,
        year="" if stamps[0].year is None else str(stamps[0].year),
        unit=stamps[0].unit.name or "",
        code=unit_code or "",
    )
    try:
        target = file_name(named, name)
    except PatternError as error:
        _usage(f"--name 的样式不能用：{error}")
    workbook = generate(wanted, year=year, unit=unit, unit_code=unit_code, data=given, rows=sizes)
    _write(write_whole, output / target, workbook)
    if not quiet:
        _say("已生成：")
    _out(f"{(output / target).as_posix()}\n")


def _sizes(texts: list[str]) -> dict[str, int]:
    """Read ``projects=30``."""
    sizes: dict[str, int] = {}
    for text in texts:
        table, equals, count = text.partition("=")
        if not equals or not (count.isascii() and count.isdigit() and 1 <= int(count) <= 2000):
            _usage(f"--rows 的“{text}”写得不对，写成 projects=30 这样，1 到 2000 行")
        sizes[table] = int(count)
    return sizes


def _placed(
    form: Form,
    year: int | None,
    unit: str | None,
    code: str | None,
    data: Mapping[str, Any] | None,
    rows: Mapping[str, int],
) -> Layout:
    """Place a form with what is known; data that does not belong to it is told with every misfit."""
    from perfxl.api import DataError, layout

    try:
        return layout(form, year=year, unit=unit, unit_code=code, data=data, rows=rows)
    except DataError as error:
        lines = "\n".join(f"  {misfit.path}：{misfit.message}" for misfit in error.misfits)
        _usage(f"填入的内容与《{form.title}》不符：\n{lines}")


def _copies(known: Mapping[str, Form], text: str) -> list[Form]:
    """Read ``form`` or ``form:4``."""
    name, colon, count = text.partition(":")
    if colon and not (count.isascii() and count.isdigit() and 1 <= int(count) <= 200):
        _usage(f"“{text}”的张数不对，写成 {name}:4 这样，1 到 200 张")
    return [_form(known, name)] * int(count or 1)


def _json(path: Path) -> Mapping[str, Any]:
    import json
    from decimal import Decimal

    try:
        given = json.loads(path.read_text(encoding="utf-8-sig"), parse_float=Decimal)
    except OSError:
        _usage(f"打不开“{path}”")
    except (ValueError, RecursionError):
        _usage(f"“{path}”不是可读的 JSON 文件")
    if not isinstance(given, dict):
        _usage(f"“{path}”里应是一个表的数据（以花括号开头）")
    return given


# -- import and check -------------------------------------------------------------------------------------------------


@app.command("import")
def import_returns(  # noqa: PLR0913 - one parameter an option
    paths: Paths,
    *,
    output: Output = Path("output"),
    form: OnlyForm = None,
    year: Year = None,
    fail_on: Strict = FailOn.ERROR,
    output_format: OutputFormat = Format.TEXT,
    jobs: Jobs = None,
    templates: Templates = None,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """收回填好的工作簿：读出数据，审核，标出错处。"""
    from perfxl.batch import find
    from perfxl.outputs import write_whole
    from perfxl.report.document import submission_json
    from perfxl.report.findings import findings_csv, summary_json

    _there(paths)
    found = find(paths, but=output)
    task = _task(templates, form, year)
    outcomes = _run(found.inputs, task, jobs, quiet=quiet)
    names = _names(found.inputs, outcomes, output)
    for outcome, (document, copy) in zip(outcomes, names, strict=True):
        _write(write_whole, output / document, submission_json(outcome.submission, outcome.datas))
        if outcome.marked is not None:
            _write(write_whole, output / copy, outcome.marked)
        else:
            (output / copy).unlink(missing_ok=True)
    everything = [*(outcome.submission for outcome in outcomes), *found.passed_over]
    _write(write_whole, output / "findings.csv", findings_csv(everything))
    _write(write_whole, output / "summary.json", summary_json(everything))
    _print(outcomes, found.passed_over, output_format, task, quiet=quiet, no_color=no_color)
    if not quiet and output_format is Format.TEXT:
        _out("结果：\n")
        for outcome, (document, copy) in zip(outcomes, names, strict=True):
            _out(f"  数据　　{(output / document).as_posix()}\n")
            if outcome.marked is not None:
                _out(f"  标注件　{(output / copy).as_posix()}\n")
        _out(f"  审核意见　{(output / 'findings.csv').as_posix()}\n")
    _end(outcomes, fail_on)


@app.command("check")
def check_returns(  # noqa: PLR0913 - one parameter an option
    paths: Paths,
    *,
    form: OnlyForm = None,
    year: Year = None,
    fail_on: Strict = FailOn.ERROR,
    output_format: OutputFormat = Format.TEXT,
    jobs: Jobs = None,
    templates: Templates = None,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """只读取和审核，不写任何文件。"""
    from perfxl.batch import find

    _there(paths)
    found = find(paths)
    task = _task(templates, form, year)
    outcomes = _run(found.inputs, task, jobs, quiet=quiet)
    _print(outcomes, found.passed_over, output_format, task, quiet=quiet, no_color=no_color)
    _end(outcomes, fail_on)


def _there(paths: Iterable[Path]) -> None:
    missing = [str(path) for path in paths if not path.exists()]
    if missing:
        _usage(f"找不到：{'、'.join(missing)}")


def _task(templates: list[Path] | None, form: str | None, year: int | None) -> Task:
    from perfxl.batch import Task
    from perfxl.pipeline import Asked

    known = _forms(templates)
    if form is not None:
        _form(known, form)
    return Task(tuple(templates or ()), Asked(form=form, year=year))


def _run(inputs: tuple[Input, ...], task: Task, jobs: int | None, *, quiet: bool) -> list[Outcome]:
    """Run a batch: one file here, many in as many processes as there are processors."""
    import os

    from perfxl.batch import prepare, run

    count = min(jobs or os.cpu_count() or 1, len(inputs))
    if count <= 1 or (jobs is None and len(inputs) < 8):
        return list(_progress(run(inputs, task), len(inputs), quiet=quiet))
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor(count, initializer=prepare, initargs=(task,)) as executor:
        return list(_progress(run(inputs, task, executor), len(inputs), quiet=quiet))


def _progress(outcomes: Iterable[Outcome], total: int, *, quiet: bool) -> Iterable[Outcome]:
    """Show a bar on stderr where a person watches and there is something to wait for."""
    if quiet or total < 8 or not sys.stderr.isatty():
        return outcomes
    from rich.console import Console
    from rich.progress import track

    return track(outcomes, "正在审核", total=total, console=Console(stderr=True), transient=True)


def _names(inputs: tuple[Input, ...], outcomes: list[Outcome], output: Path) -> list[tuple[str, str]]:
    """The names of all results; refused where one of them is a file that was handed in."""
    from perfxl.batch import result_names

    names = result_names(inputs, [outcome.submission for outcome in outcomes])
    handed_in = {item.path.resolve() for item in inputs}
    for name in (name for pair in names for name in pair):
        if (output / name).resolve() in handed_in:
            _usage(f"结果会覆盖交回的文件“{output / name}”，请用 -o 另选一个文件夹")
    return names


def _print(
    outcomes: list[Outcome],
    passed_over: Iterable[Any],
    output_format: Format,
    task: Task,
    *,
    quiet: bool,
    no_color: bool,
) -> None:
    if output_format is Format.TEXT:
        if not quiet:
            _text(outcomes, passed_over, task, no_color=no_color)
        return
    from perfxl.report.document import submission_line, submissions_json

    if output_format is Format.JSON:
        _out(submissions_json([(outcome.submission, outcome.datas) for outcome in outcomes]).decode())
        return
    for outcome in outcomes:
        _out(submission_line(outcome.submission, outcome.datas).decode())


def _text(outcomes: list[Outcome], passed_over: Iterable[Any], task: Task, *, no_color: bool) -> None:
    import os
    import shutil

    from perfxl.forms.load import load_forms
    from perfxl.report.terminal import render, summary_table

    color = not no_color and not os.environ.get("NO_COLOR") and sys.stdout.isatty()
    width = min(shutil.get_terminal_size((100, 24)).columns, 120)
    titles = {name: form.title for name, form in load_forms(*task.templates).items()}
    for outcome in outcomes:
        _out(render(outcome.submission, color=color, width=width, titles=titles) + "\n")
    for submission in passed_over:
        _say(submission.findings[0].message)
    if len(outcomes) > 1:
        _out(summary_table([outcome.submission for outcome in outcomes], color=color, width=width) + "\n")


def _end(outcomes: list[Outcome], fail_on: FailOn) -> NoReturn:
    from perfxl.batch import exit_code
    from perfxl.model.finding import Severity

    raise typer.Exit(exit_code((outcome.submission for outcome in outcomes), Severity(fail_on.value)))


# -- demo -------------------------------------------------------------------------------------------------------------


@app.command("demo")
def show_demo(*, output: Output = Path("output"), no_color: NoColor = False) -> None:
    """演示全过程：下发一张表，照真实数字填好，收回、审核、标注。"""
    import os
    import shutil

    from perfxl.demo import demo

    color = not no_color and not os.environ.get("NO_COLOR") and sys.stdout.isatty()
    for text in demo(output, color=color, width=min(shutil.get_terminal_size((100, 24)).columns, 120)):
        _out(text)


# -- common -----------------------------------------------------------------------------------------------------------


def _forms(templates: list[Path] | None) -> Mapping[str, Form]:
    """Load the forms; a broken definition is told with all its mistakes."""
    from perfxl.forms.load import load_forms
    from perfxl.forms.problem import DefinitionError

    for folder in templates or ():
        if not folder.is_dir():
            _usage(f"没有“{folder}”这个文件夹")
    try:
        return load_forms(*(templates or ()))
    except DefinitionError as error:
        _usage("表样有错误，请先改正：\n" + "\n".join(map(str, error.problems)))


def _form(known: Mapping[str, Form], name: str) -> Form:
    if name not in known:
        _usage(f"没有名为“{name}”的表式{_meant(name, known)}；全部表式见 perfxl forms")
    return known[name]


def _meant(word: str, known: Iterable[str]) -> str:
    import difflib

    guess = difflib.get_close_matches(word, list(known), 1)
    return f"，是否想写 {guess[0]}" if guess else ""


def _write(write: Any, path: Path, data: bytes) -> None:
    try:
        write(path, data)
    except OSError as error:
        _say(f"写不了“{path}”：{error.strerror or '磁盘已满或没有权限'}")
        raise typer.Exit(UNREADABLE) from None


def _out(text: str) -> None:
    sys.stdout.write(text)


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def _usage(message: str) -> NoReturn:
    _say(f"错误：{message}")
    raise typer.Exit(USAGE)


def _told(error: typer.TyperException) -> str:
    """Say a mistake in the command's words in Chinese, with the argument or option that it is about."""
    kind = type(error).__name__
    parameter = getattr(error, "param", None)
    name = "参数"
    if parameter is not None:
        argument = parameter.param_type_name == "argument"
        name = f"“{parameter.metavar or parameter.name}”" if argument else f"选项 {parameter.opts[-1]}"
    match kind:
        case "NoSuchOption":
            return f"没有“{getattr(error, 'option_name', '')}”这个选项"
        case "MissingParameter":
            return f"缺少{name}"
        case "BadParameter":
            return f"{name}填得不对"
        case "BadOptionUsage":
            return f"选项 {getattr(error, 'option_name', '')} 后面要有内容"
        case _:
            words = [word for word in sys.argv[1:] if not word.startswith("-")]
            known = [command.name or "" for command in app.registered_commands]
            if words and words[0] not in known:
                return f"没有“{words[0]}”这个命令{_meant(words[0], known)}"
            return "命令写得不对"


def main() -> None:
    """Run the command line; usage mistakes are told in Chinese, exit code 2."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A GBK console has no ✔ or ›: what it cannot show becomes a question mark, never a crash.
            stream.reconfigure(errors="replace")
    try:
        code = app(standalone_mode=False)
    except typer.Abort:
        _say("已中止")
        sys.exit(130)
    except typer.TyperException as error:
        _say(f"错误：{_told(error)}。用法见 perfxl --help，各命令另有 --help")
        sys.exit(USAGE)
    except BrokenPipeError:
        sys.exit(OK)
    sys.exit(code or OK)
