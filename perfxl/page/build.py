"""The page put together: one HTML file that holds Python, perfxl, the forms, and what shows them."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Collection, Mapping
from html import escape
from importlib.resources import files

from perfxl.forms.kept import to_text
from perfxl.model.form import Form
from perfxl.package.limits import DEFAULT
from perfxl.page.embedded import FORMS
from perfxl.page.licences import licences
from perfxl.page.modules import own_modules, packed, unpacked
from perfxl.page.node import compiled, frozen
from perfxl.page.runtime import ABI, PLATFORM, PYODIDE, PYTHON, Runtime
from perfxl.reporting.policy import policy

_LOCK = {
    "info": {"abi_version": ABI, "arch": "wasm32", "platform": PLATFORM, "python": PYTHON, "version": PYODIDE},
    "packages": {},
}
_SITE = f"/lib/python{PYTHON.rpartition('.')[0]}/site-packages"
"""Where the libraries lie in the page's own file system."""
_MORE = {"script-src": "blob: 'wasm-unsafe-eval'", "worker-src": "blob:"}
"""What the page may do besides: run Python in a worker that is made from what stands in it."""


def build(forms: Mapping[str, Form], runtime: Runtime, blanks: Collection[str] = ()) -> bytes:
    """Return the page for some forms; the same forms, perfxl and runtime give the same bytes.

    ``blanks`` are the forms of which an officer can save the blank workbook from the page.

    Where Node.js is installed the page holds the memory of a Python that is ready, and takes a third of the time to be so.
    """
    wheel = unpacked(runtime.wheel)
    (library,) = (name for name in wheel if name.endswith(".so"))
    modules = {
        **own_modules(),
        **wheel,
        f"perfxl/forms/{FORMS}": to_text(forms.values()),
    }
    engine = _engine(library)
    ready = compiled(modules, runtime, engine)
    memory = frozen(ready, wheel[library], runtime, engine) if ready is not modules else None
    # In the order in which they are needed: the first are unpacked while a browser still reads the last from the disk.
    parts = {
        "wasm": _squeezed(runtime["pyodide.asm.wasm"]),
        "asm": _squeezed(runtime["pyodide.asm.mjs"]),
        "js": _squeezed(runtime["pyodide.mjs"]),
        "stdlib": runtime["python_stdlib.zip"] if memory is None else memory.stdlib,
        **(
            {"site": packed(ready)}
            if memory is None
            else {"library": _squeezed(wheel[library]), "memory": _squeezed(memory.memory)}
        ),
    }
    style = _part("page.css") + _part("view.css") + _drawing_style()
    old, script = _part("old.js"), _part("steps.js") + _part("page.js")
    data = "\n".join(
        f'<script type="text/plain" data-part="{name}">{base64.b64encode(content).decode()}</script>'
        for name, content in parts.items()
    )
    titles = "".join(f"<li>{escape(form.title)}{_region(form)}{_saving(form, blanks)}</li>" for form in forms.values())
    page = _part("page.html")
    for hole, text in {
        "{POLICY}": policy(style, (old, script), _MORE),
        "{STYLE}": style,
        "{FORMS}": titles,
        "{LICENCES}": licences(wheel),
        "{DATA}": data,
        "{WORKER}": engine + _part("worker.js"),
        "{OLD}": old,
        "{SCRIPT}": script,
    }.items():
        page = page.replace(hole, text, 1)
    return page.encode()


def _engine(library: str) -> str:
    """Return how Python is started, for the page and for whatever writes its memory down."""
    holes = {"{LOCK}": _LOCK, "{LIBRARY}": f"{_SITE}/{library}", "{MEMORY}": DEFAULT.max_memory}
    text = _part("engine.js")
    for hole, value in holes.items():
        text = text.replace(hole, json.dumps(value), 1)
    return text


def _region(form: Form) -> str:
    return f"（{escape(form.region)}）" if form.region else ""


def _saving(form: Form, blanks: Collection[str]) -> str:
    if form.id not in blanks:
        return ""
    about = f'data-blank="{escape(form.id)}" data-title="{escape(form.title)}"'
    return f' <button type="button" {about} aria-label="保存空白表：{escape(form.title)}">保存空白表</button>'


def _part(name: str) -> str:
    return files("perfxl.page").joinpath(name).read_text(encoding="utf-8")


def _drawing_style() -> str:
    return files("perfxl.reporting").joinpath("drawing.css").read_text(encoding="utf-8")


def _squeezed(data: bytes) -> bytes:
    return gzip.compress(data, 9, mtime=0)
