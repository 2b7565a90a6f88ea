"""The command line: arguments, streams, exit codes. What is done is done elsewhere, and imported when it is needed."""

from __future__ import annotations

import sys

import typer

from perfxl.cli.console import OK, USAGE, meant, say
from perfxl.cli.definitions import lint_forms, list_forms, show_form, show_rules, show_schema
from perfxl.cli.generating import generate_workbook
from perfxl.cli.returns import check_returns, import_returns
from perfxl.cli.showing import show_demo

app = typer.Typer(
    name="perfxl",
    help="预算绩效附表：下发、离线填报、收回、审核、标注。",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("demo")(show_demo)
app.command("forms")(list_forms)
app.command("show")(show_form)
app.command("schema")(show_schema)
app.command("generate")(generate_workbook)
app.command("import")(import_returns)
app.command("check")(check_returns)
app.command("lint")(lint_forms)
app.command("rules")(show_rules)
_INTERRUPTED = 130
"""The exit code after Ctrl-C."""


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
                return f"没有“{words[0]}”这个命令{meant(words[0], known)}"
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
        code = _INTERRUPTED
    except typer.TyperException as error:
        say(f"错误：{_told(error)}。用法见 perfxl --help，各命令另有 --help")
        sys.exit(USAGE)
    except BrokenPipeError:
        sys.exit(OK)
    if code == _INTERRUPTED:
        say("已中止")
    sys.exit(code or OK)
