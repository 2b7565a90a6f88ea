"""Names of generated workbooks, safe on every file system."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass

_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")
_LONGEST = 120
SUFFIX = ".xlsx"


class PatternError(ValueError):
    """A pattern for file names that cannot be used; says in Chinese why."""


@dataclass(frozen=True, slots=True)
class Named:
    """What a file name may be made of; "" where unknown."""

    form: str
    title: str
    year: str = ""
    unit: str = ""
    code: str = ""


def file_name(named: Named, pattern: str | None = None) -> str:
    """Return the file name of a workbook: unit, title and year as far as known, or what a Jinja2 pattern gives.

    Whatever the names contain, the result is one name without folders. Raises PatternError.
    """
    if pattern is None:
        text = "-".join(part for part in (named.unit, named.title, named.year) if part)
    else:
        text = _rendered(pattern, asdict(named))
    if text.lower().endswith(SUFFIX):
        text = text[: -len(SUFFIX)]
    safe = _FORBIDDEN.sub("_", text).strip(" .")[:_LONGEST].strip(" .")
    if not safe or _RESERVED.fullmatch(safe):
        safe = f"_{safe}"
    return safe + SUFFIX


def _rendered(pattern: str, values: Mapping[str, str]) -> str:
    import jinja2  # noqa: PLC0415 - only a pattern needs it, and it takes its time to load
    from jinja2.sandbox import SandboxedEnvironment  # noqa: PLC0415

    environment = SandboxedEnvironment(undefined=jinja2.StrictUndefined)
    try:
        return environment.from_string(pattern).render(values)
    except jinja2.UndefinedError:
        raise PatternError(f"“{pattern}”里用了没有的名称，可用：{'、'.join(values)}") from None
    except Exception as error:
        # A pattern can go wrong in any way that an expression can: the person who typed it is told, whatever it is.
        raise PatternError(f"“{pattern}”写得不对，写成 {{{{unit}}}}-{{{{year}}}} 这样") from error
