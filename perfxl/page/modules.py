"""The Python code of the page: what ``perfxl.page.desk`` imports, and nothing else, in one archive.

Found by reading the imports, those inside functions too. Modules that cannot do without a disk full of definitions are
replaced by ones made for the page.
"""

from __future__ import annotations

import ast
import importlib.util
import io
import sys
import zipfile
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

DESK = "perfxl.page.desk"
REPLACED: Mapping[str, str] = MappingProxyType(
    {"perfxl.forms.stock": "perfxl.page.embedded", "perfxl.workers": "perfxl.page.alone"}
)
"""Modules in whose place another one stands in the page."""
FROM_WHEEL = frozenset({"msgspec"})
"""Libraries that the page has from a wheel of their own: the one installed here is compiled for this machine."""
NEVER = frozenset({"fsspec"})
"""Libraries of what the page never does: its workbooks are dropped on it, and lie at no address."""
_EPOCH = (1980, 1, 1, 0, 0, 0)


@cache
def own_modules() -> Mapping[str, bytes]:
    """Return the modules of the page but for the wheels', as files by name below the folder of libraries."""
    files: dict[str, bytes] = {}
    waiting, seen = [DESK], {DESK}
    while waiting:
        name = waiting.pop()
        path = _path(REPLACED.get(name, name))
        if path is None:
            continue
        source = path.read_bytes()
        package = path.name == "__init__.py"
        files["/".join(name.split(".")) + ("/__init__.py" if package else ".py")] = source
        for found in _imported(ast.parse(source)):
            if found.partition(".")[0] in sys.stdlib_module_names | FROM_WHEEL | NEVER or found in seen:
                continue
            seen.add(found)
            waiting.append(found)
    return MappingProxyType(dict(sorted(files.items())))


def _path(name: str) -> Path | None:
    """Return the file of a module; None for what is no module (a name that is imported from one)."""
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, ValueError, AttributeError):
        return None
    return Path(spec.origin) if spec is not None and spec.origin and spec.origin.endswith(".py") else None


def _imported(tree: ast.AST) -> Iterator[str]:
    """Yield what a module imports: names of modules with those above them, and what may be modules."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            continue
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        for name in names:
            parts = name.split(".")
            yield from (".".join(parts[: end + 1]) for end in range(len(parts)))
        yield from _imported(node)


def unpacked(wheel: bytes) -> Mapping[str, bytes]:
    """Return what a program needs of a wheel: its modules, and the licence."""
    with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
        names = (name for name in sorted(archive.namelist()) if name.endswith((".py", ".so")) or "/licenses/" in name)
        return {name: archive.read(name) for name in names}


def packed(files: Mapping[str, bytes]) -> bytes:
    """Return files as an archive: the same files give the same bytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, data in sorted(files.items()):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data)
    return target.getvalue()
