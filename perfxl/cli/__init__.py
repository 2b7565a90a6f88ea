"""The command line: arguments, streams, exit codes. What is done is done elsewhere, and imported when it is needed."""

from __future__ import annotations

import sys

import typer

from perfxl.cli.adopting import adopt_workbook
from perfxl.cli.carrying import carry_forward
from perfxl.cli.console import OK, UNREADABLE, USAGE, finished, out, report_fault, say, show_trace
from perfxl.cli.definitions import lint_forms, list_forms, show_form, show_rules, show_schema
from perfxl.cli.differing import show_changes
from perfxl.cli.generating import generate_workbook
from perfxl.cli.helping import Command, HelpGroup, mistake
from perfxl.cli.narrating import write_reports
from perfxl.cli.notifying import write_notices
from perfxl.cli.paging import write_page
from perfxl.cli.returns import check_returns, import_returns
from perfxl.cli.serving import serve_workspace
from perfxl.cli.showing import PROGRAM, prepare_completion, show_demo, show_program
from perfxl.cli.summarizing import summarize_returns

app = typer.Typer(
    name=PROGRAM,
    cls=HelpGroup,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.callback()(show_program)
app.command("demo", cls=Command)(show_demo)
app.command("forms", cls=Command)(list_forms)
app.command("show", cls=Command)(show_form)
app.command("schema", cls=Command)(show_schema)
app.command("generate", cls=Command)(generate_workbook)
app.command("import", cls=Command)(import_returns)
app.command("check", cls=Command)(check_returns)
app.command("carry", cls=Command)(carry_forward)
app.command("summarize", cls=Command)(summarize_returns)
app.command("report", cls=Command)(write_reports)
app.command("notices", cls=Command)(write_notices)
app.command("adopt", cls=Command)(adopt_workbook)
app.command("page", cls=Command)(write_page)
app.command("serve", cls=Command)(serve_workspace)
app.command("diff", cls=Command)(show_changes)
app.command("lint", cls=Command)(lint_forms)
app.command("rules", cls=Command)(show_rules)
_INTERRUPTED = 130
"""The exit code after Ctrl-C."""


def main() -> None:
    """Run the command line; usage mistakes are told in Chinese, exit code 2."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A GBK console has no ✔ or ›: what it cannot show becomes a question mark, never a crash.
            stream.reconfigure(errors="replace")
    sys.exit(finished(_run()))


def _run() -> int:
    """Run the command that was asked for and return its exit code, whatever happens in it."""
    try:
        prepare_completion()
        code: int | None = app(prog_name=PROGRAM, standalone_mode=False)
    except typer.Abort:
        code = _INTERRUPTED
    except typer.TyperException as error:
        if len(sys.argv) == 1:
            out(f"{error.format_message()}\n")  # whoever types the name alone gets to see what there is
        else:
            known = [command.name or "" for command in app.registered_commands]
            say(f"错误：{mistake(error, sys.argv[1:], known)}")
        return USAGE
    except SystemExit:  # whoever reads a command's help has seen enough: the library that wrote it ends with 1
        return OK
    except OSError as error:
        return _unreadable(error)
    except Exception as error:  # noqa: BLE001 - the one place above which there is nobody to tell
        return report_fault([error])
    if code == _INTERRUPTED:
        say("已中止；再运行一次同样的命令就接着做" if "import" in sys.argv[1:2] else "已中止")
    return code or OK


def _unreadable(error: OSError) -> int:
    from perfxl.model.error import reason_of

    show_trace(error)
    where = f"“{error.filename}”" if error.filename else "文件"
    say(f"读写{where}时出了错：{reason_of(error)}")
    return UNREADABLE
