"""What may come next of a command line that is being typed, and the scripts by which a shell asks for it.

Each script calls perfxl with the line as it stands, in two variables: its words (``COMP_WORDS``) and the number of the one
that is being typed (``COMP_CWORD``).
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence

from perfxl.cli.commands import COMMANDS, function, purpose
from perfxl.cli.console import OK, out
from perfxl.cli.parameters import HELP, NoValueError, Parameter, UsageError, parameters_of, scan
from perfxl.cli.showing import show_program

SCRIPTS: Mapping[str, str] = {
    "bash": """\
_perfxl_completion() {
    local IFS=$'\\n'
    COMPREPLY=($(COMP_WORDS="${COMP_WORDS[*]}" COMP_CWORD=$COMP_CWORD _PERFXL_COMPLETE=complete_bash "$1"))
}
complete -o default -F _perfxl_completion perfxl
""",
    "zsh": """\
#compdef perfxl
_perfxl_completion() {
    local -a offered
    offered=("${(@f)$(COMP_WORDS="${(F)words}" COMP_CWORD=$((CURRENT-1)) _PERFXL_COMPLETE=complete_zsh perfxl)}")
    if [[ -n "${offered[1]}" ]]; then _describe perfxl offered; else _files; fi
}
compdef _perfxl_completion perfxl
""",
    "fish": """\
function _perfxl_completion
    set -l typed (commandline -opc)
    set -l line (string join \\n -- $typed (commandline -ct))
    COMP_WORDS="$line" COMP_CWORD=(count $typed) _PERFXL_COMPLETE=complete_fish perfxl
    or __fish_complete_path (commandline -ct)
end
complete -c perfxl -f -a "(_perfxl_completion)"
""",
    "powershell": """\
Register-ArgumentCompleter -Native -CommandName perfxl -ScriptBlock {
    param($word, $line, $cursor)
    $typed = @($line.CommandElements | Where-Object { $_.Extent.EndOffset -lt $cursor } | ForEach-Object { "$_" })
    $env:COMP_WORDS = ($typed + $word) -join "`n"
    $env:COMP_CWORD = $typed.Count
    $env:_PERFXL_COMPLETE = "complete_powershell"
    try { perfxl | ForEach-Object { [System.Management.Automation.CompletionResult]::new($_) } }
    finally { $env:COMP_WORDS = $env:COMP_CWORD = $env:_PERFXL_COMPLETE = $null }
}
""",
}
"""What each shell reads to complete the words of perfxl."""
NOTHING = 1
"""The exit code where nothing is offered: the shell may offer files."""


def complete(shell: str) -> int:
    """Print what may come next, as a shell's script wants it; return the exit code, another one where there is nothing."""
    words = _words(os.environ.get("COMP_WORDS", ""))
    number = int(os.environ.get("COMP_CWORD", "") or 0)
    begun = words[number] if 0 < number < len(words) else ""
    found = list(offered(words[1:number], begun))
    for word, said in found:
        match shell:
            case "complete_zsh":
                line = f"{word.replace(':', chr(92) + ':')}:{said}"
            case "complete_fish":
                line = f"{word}\t{said}"
            case _:
                line = word
        out(f"{line}\n")
    return OK if found else NOTHING


def _words(line: str) -> list[str]:
    if "\n" in line:
        return line.split("\n")
    try:
        return shlex.split(line)
    except ValueError:  # a quotation mark that is not closed yet
        return line.split()


def offered(before: Iterable[str], begun: str) -> Iterator[tuple[str, str]]:
    """Yield what a word may be of which so much has been typed, each with what it is, after those before it."""
    own = [*parameters_of(show_program), HELP]
    rest = iter(before)
    try:
        command = next((word for option, word in scan(own, rest) if option is None), None)
        if command is None:
            found = _options(own, ()) if begun.startswith("-") else ((name, purpose(name)) for name in COMMANDS)
        elif command in COMMANDS:
            found = _parameters([*parameters_of(function(command)), HELP], rest, begun)
        else:
            return
    except NoValueError as error:
        found = _of(error.parameter)
    except UsageError:
        return
    yield from (one for one in found if one[0].startswith(begun))


def _parameters(parameters: Sequence[Parameter], before: Iterator[str], begun: str) -> Iterator[tuple[str, str]]:
    """Return what a word of a command may be: one of its options, or the argument whose turn it is. Raises UsageError."""
    typed = [option for option, _ in scan(parameters, before)]
    if begun.startswith("-"):
        return _options(parameters, [option for option in typed if option is not None])
    arguments = [one for one in parameters if not one.names]
    place = min(typed.count(None), len(arguments) - 1)
    if place < 0 or (typed.count(None) > place and not arguments[place].several):
        return iter(())
    return _of(arguments[place])


def _options(parameters: Iterable[Parameter], typed: Iterable[Parameter]) -> Iterator[tuple[str, str]]:
    """Yield the names of options that may still be typed."""
    there = [option.name for option in typed if not option.several]
    for one in parameters:
        if one.name not in there:
            yield from ((name, one.declared.help) for name in one.names)


def _of(parameter: Parameter) -> Iterator[tuple[str, str]]:
    return iter(parameter.declared.offers() if parameter.declared.offers is not None else ())
