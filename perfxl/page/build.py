"""The page put together: one HTML file that holds Python, perfxl, the forms, and what shows them."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import json
import pickle
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Collection, Mapping
from html import escape
from importlib.resources import files
from pathlib import Path

from perfxl.model.form import Form
from perfxl.page.embedded import FORMS
from perfxl.page.modules import own_modules, packed, unpacked
from perfxl.page.runtime import ABI, PLATFORM, PYODIDE, PYTHON, WHEEL, Runtime

_LOCK = {
    "info": {"abi_version": ABI, "arch": "wasm32", "platform": PLATFORM, "python": PYTHON, "version": PYODIDE},
    "packages": {},
}
_PICKLE = 5
_LONGEST = 300
"""Seconds that compiling may take."""
_LICENCES = (
    f"本页包含：perfxl（MIT）；Pyodide {PYODIDE}（MPL-2.0，源代码见 https://github.com/pyodide/pyodide）；"
    f"CPython {PYTHON}（PSF-2.0）；msgspec（BSD-3-Clause）；XlsxWriter（BSD-2-Clause）。"
)


def build(forms: Mapping[str, Form], runtime: Runtime, blanks: Collection[str] = ()) -> bytes:
    """Return the page for some forms; the same forms, perfxl and runtime give the same bytes.

    ``blanks`` are the forms of which an officer can save the blank workbook from the page.

    Where Node.js is installed the Python is compiled beforehand, which halves the time until the page is ready.
    """
    modules = {**own_modules(), **unpacked(runtime.wheel)}
    modules[f"perfxl/forms/{FORMS}"] = pickle.dumps(dict(forms), protocol=_PICKLE)
    parts = {
        "wasm": _squeezed(runtime["pyodide.asm.wasm"]),
        "asm": _squeezed(runtime["pyodide.asm.mjs"]),
        "js": _squeezed(runtime["pyodide.mjs"]),
        "stdlib": runtime["python_stdlib.zip"],
        "site": packed(_compiled(packed(modules), runtime)),
        "worker": _squeezed(_part("worker.js").replace("LOCK", json.dumps(json.dumps(_LOCK))).encode()),
    }
    style = _part("page.css") + _part("view.css") + _drawing_style()
    script = _part("steps.js") + _part("page.js")
    data = "\n".join(
        f'<script type="text/plain" id="{name}">{base64.b64encode(content).decode()}</script>'
        for name, content in parts.items()
    )
    titles = "".join(f"<li>{escape(form.title)}{_region(form)}{_saving(form, blanks)}</li>" for form in forms.values())
    page = _part("page.html")
    for hole, text in {
        "{POLICY}": _policy(style, script),
        "{STYLE}": style,
        "{FORMS}": titles,
        "{LICENCES}": escape(_LICENCES),
        "{DATA}": data,
        "{SCRIPT}": script,
    }.items():
        page = page.replace(hole, text, 1)
    return page.encode()


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


def _policy(style: str, script: str) -> str:
    """Allow what stands in the page, and a worker with Python made from it; nothing is ever fetched or sent."""
    hashes = (base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in (style, script))
    style_hash, script_hash = hashes
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src 'sha256-{style_hash}'",
            f"script-src 'sha256-{script_hash}' blob: 'wasm-unsafe-eval'",
            "worker-src blob:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _compiled(source: bytes, runtime: Runtime) -> Mapping[str, bytes]:
    """Return the modules in an archive, compiled where Node.js is there to do it, else as they are."""
    node = shutil.which("node")
    if node is not None:
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place)
            for name, data in runtime.files.items():
                if name != WHEEL:
                    (folder / name).write_bytes(data)
            (folder / "in.zip").write_bytes(source)
            (folder / "compile.mjs").write_text(_part("compile.mjs"), encoding="utf-8")
            names = [str(folder / name) for name in ("compile.mjs", "", "in.zip", "out.zip")]
            try:
                ran = subprocess.run(  # noqa: S603 - our own program, in a folder of ours
                    [node, *names, json.dumps(_LOCK)], capture_output=True, timeout=_LONGEST, check=False
                )
                if ran.returncode == 0:
                    source = (folder / "out.zip").read_bytes()
            except (OSError, subprocess.TimeoutExpired):
                pass  # an old or broken Node.js: the page starts more slowly, and does the same
    with zipfile.ZipFile(io.BytesIO(source)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
