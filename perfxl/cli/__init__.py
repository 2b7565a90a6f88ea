"""The command line: arguments, streams, exit codes. What is done is done elsewhere, and imported when it is needed."""

from __future__ import annotations

import atexit
import gc
import os
import sys
from collections.abc import Iterable, Iterator

from perfxl.cli.commands import COMMANDS, PROGRAM, function
from perfxl.cli.console import OK, UNREADABLE, USAGE, Exit, finished, meant, out, report_fault, say, show_trace
from perfxl.cli.parameters import HELP, UsageError, expanded, parameters_of, scan, values
from perfxl.cli.showing import show_program

_BETWEEN_COLLECTIONS = 50_000
"""Objects that come up before rings of them are looked for: what is loaded has none, and takes as many (Python: 700)."""
_INTERRUPTED = 130
"""The exit code after Ctrl-C."""
_COMPLETES = "_PERFXL_COMPLETE"
"""How the shell's script says that it wants to know what may come next."""


def main() -> None:
    """Run the command line; usage mistakes are told in Chinese, exit code 2."""
    gc.set_threshold(_BETWEEN_COLLECTIONS)
    atexit.register(gc.freeze)  # nor are they looked for where everything goes
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A GBK console has no ✔ or ›: what it cannot show becomes a question mark, never a crash.
            stream.reconfigure(errors="replace")
    words = sys.argv[1:]
    sys.exit(finished(_run(list(expanded(words)) if sys.platform == "win32" else words)))


def _run(words: list[str]) -> int:
    """Run the command that was asked for and return its exit code, whatever happens in it."""
    try:
        if asked := os.environ.get(_COMPLETES):
            from perfxl.cli.completing import complete

            return complete(asked)
        return _called(words)
    except Exit as end:
        return end.code
    except UsageError as error:
        known = [word for word in words[:1] if word in COMMANDS]
        say(f"错误：{error}。用法见 {' '.join([PROGRAM, *known])} --help")
        return USAGE
    except (KeyboardInterrupt, EOFError):
        say("已中止；再运行一次同样的命令就接着做" if words[:1] == ["import"] else "已中止")
        return _INTERRUPTED
    except OSError as error:
        return _unreadable(error)
    except Exception as error:  # noqa: BLE001 - the one place above which there is nobody to tell
        return report_fault([error])


def _called(words: Iterable[str]) -> int:
    """Call the command that is asked for; its name stands after the program's own options."""
    rest = iter(words)
    own = [HELP, *parameters_of(show_program)]
    typed = []
    name = None
    for option, word in scan(own, rest):
        if option is None:
            name = word
            break
        typed.append((option, word))
    asked = values(own, typed)
    if HELP.name not in asked:
        show_program(**asked)  # type: ignore[arg-type] # of the kinds that it declares
    if name is None or HELP.name in asked:
        from perfxl.cli.helping import program_page

        out(f"{program_page(show_program)}\n")
        return OK if asked else USAGE  # whoever types the name alone gets to see what there is
    if name not in COMMANDS:
        raise UsageError(f"没有“{name}”这个命令{meant(name, COMMANDS)}")
    _call(name, rest)
    return OK


def _call(name: str, words: Iterator[str]) -> None:
    """Call a command with what was typed for it, or show its help."""
    called = function(name)
    parameters = parameters_of(called)
    typed = list(scan([*parameters, HELP], words))
    if any(option is HELP for option, _ in typed):
        from perfxl.cli.helping import command_page

        out(f"{command_page(name, called)}\n")
        return
    called(**values(parameters, typed))


def _unreadable(error: OSError) -> int:
    from perfxl.model.error import reason_of

    show_trace(error)
    where = f"“{error.filename}”" if error.filename else "文件"
    say(f"读写{where}时出了错：{reason_of(error)}")
    return UNREADABLE
