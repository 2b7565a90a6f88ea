"""Make the pictures of all forms, blank and filled with the sample, through LibreOffice: ``python docs/pictures.py``.

Needs LibreOffice (soffice), pdftoppm and Chinese fonts; run from the project's root, in its environment. Writes
docs/pictures/<form>/blank-1.png, sample-1.png and so on, a page each, and docs/forms.md, which shows them.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from decimal import Decimal
from pathlib import Path

from perfxl.api import generate
from perfxl.forms.definition.load import load_forms, shipped
from perfxl.model.stamp import SELF_CHECK

PICTURES = Path("docs/pictures")
PAGE = Path("docs/forms.md")
_DOTS = "64"
# The official faces come with Windows; Noto Serif and Noto Sans stand in for them here.
_FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<include ignore_missing="yes">/etc/fonts/fonts.conf</include>
<alias binding="same"><family>宋体</family><prefer><family>Noto Serif CJK SC</family></prefer></alias>
<alias binding="same"><family>仿宋_GB2312</family><prefer><family>Noto Serif CJK SC</family></prefer></alias>
<alias binding="same"><family>楷体_GB2312</family><prefer><family>Noto Serif CJK SC</family></prefer></alias>
<alias binding="same"><family>黑体</family><prefer><family>Noto Sans CJK SC</family></prefer></alias>
<alias binding="same"><family>方正小标宋简体</family><prefer><family>Noto Serif CJK SC</family></prefer></alias>
</fontconfig>"""


def pages(document: bytes, name: str, folder: Path, scratch: Path, suffix: str = "xlsx") -> list[Path]:
    """Print a workbook, or another document, into pictures, one for each page, and return them in order.

    Those of 填报自检 come last.
    """
    pdf = printed(document, scratch, suffix)
    subprocess.run(["pdftoppm", "-r", _DOTS, "-png", pdf, scratch / name], check=True)
    found = []
    for number, page in enumerate(sorted(scratch.glob(f"{name}-*.png")), start=1):
        found.append(folder / f"{name}-{number}.png")
        shutil.move(page, found[-1])
    return found


def printed(document: bytes, scratch: Path, suffix: str = "xlsx") -> Path:
    """Print a workbook, or another document, and return the PDF."""
    (scratch / f"a.{suffix}").write_bytes(document)
    (scratch / "fonts.conf").write_text(_FONTS, encoding="utf-8")
    office = ["soffice", f"-env:UserInstallation={(scratch / 'profile').as_uri()}", "--headless", "--convert-to", "pdf"]
    fonts = {
        "FONTCONFIG_FILE": str(scratch / "fonts.conf"),
        "HOME": str(scratch),
        "PATH": "/usr/bin:/bin:/usr/local/bin",
    }
    source = scratch / f"a.{suffix}"
    subprocess.run([*office, "--outdir", scratch, source], check=True, capture_output=True, env=fonts)
    return scratch / "a.pdf"


def _pages_of_form(printed: Path) -> int:
    """Return how many pages stand before those of 填报自检."""
    text = subprocess.run(["pdftotext", printed, "-"], check=True, capture_output=True).stdout.decode()
    before = [page for page in text.split("\f") if page.strip()]
    return next((number for number, page in enumerate(before) if page.split()[0] == SELF_CHECK), len(before))


def main() -> None:
    """Make all pictures and the page that shows them."""
    lines = ["# 全部表式", "", "<!-- 本页和图片由程序生成：python docs/pictures.py -->", ""]
    for form in load_forms().values():
        folder = PICTURES / form.id
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        sample = json.loads((shipped() / form.id / "sample.json").read_text(encoding="utf-8"), parse_float=Decimal)
        lines += [f"## {form.title}", "", f"`{form.id}`，{form.region}，{form.stage.label}，{form.version} 版", ""]
        for name, title, workbook in (
            ("blank", "空白表", generate(form, year=2024)),
            ("sample", "填好的样例", generate(form, year=2024, data=sample)),
        ):
            with tempfile.TemporaryDirectory() as scratch:
                shown = pages(workbook, name, folder, Path(scratch))
                shown = shown[: _pages_of_form(Path(scratch) / "a.pdf")]
            for page in folder.glob(f"{name}-*.png"):
                if page not in shown:  # 填报自检 has pictures of its own
                    page.unlink()
            lines += [f"{title}：", "", *(f"![{title}]({page.relative_to('docs').as_posix()})" for page in shown), ""]
    PAGE.write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
