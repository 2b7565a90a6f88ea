"""The command line: arguments, streams, exit codes. What is done is done elsewhere, and imported when it is needed."""

from __future__ import annotations

import atexit
import gc
import sys

import typer

from perfxl.cli.commands import COMMANDS
from perfxl.cli.console import OK, UNREADABLE, USAGE, finished, out, report_fault, say, show_trace
from perfxl.cli.helping import HelpGroup, mistake
from perfxl.cli.showing import PROGRAM, prepare_completion, show_program

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
_BETWEEN_COLLECTIONS = 50_000
"""Objects that come up before rings of them are looked for: what is loaded has none, and takes as many (Python: 700)."""
_INTERRUPTED = 130
"""The exit code after Ctrl-C."""


def main() -> None:
    """Run the command line; usage mistakes are told in Chinese, exit code 2."""
    gc.set_threshold(_BETWEEN_COLLECTIONS)
    atexit.register(gc.freeze)  # nor are they looked for where everything goes
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
            say(f"错误：{mistake(error, sys.argv[1:], [*COMMANDS])}")
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
