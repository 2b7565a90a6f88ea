"""Write the seeds as officers typed them into workbooks of their own: ``python tests/returns/returns_retype.py``.

Neither the forms' layouts nor perfxl's writer have a part in it. The same again as .xls and .ods are what LibreOffice
makes of them; beside each stands the data that a person finds there (``.json``, written by hand from the seeds).
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

import returns_henan
import returns_hubei
import returns_hunan
import returns_jilin
import returns_qinghai

HERE = Path(__file__).resolve().parent
MAKERS = {
    "hubei": returns_hubei.workbook,
    "qinghai": returns_qinghai.workbook,
    "henan": returns_henan.workbook,
    "jilin": returns_jilin.workbook,
    "hunan": returns_hunan.workbook,
}
FORMATS = {"xls": "xls:MS Excel 97", "ods": "ods:calc8"}


def main() -> None:
    """Write all workbooks beside this file; the other formats where LibreOffice is installed."""
    files = []
    for name, workbook in MAKERS.items():
        file = HERE / f"{name}.xlsx"
        file.write_bytes(workbook())
        files.append(str(file))
    soffice = shutil.which("soffice")
    if soffice is None:
        return
    with tempfile.TemporaryDirectory() as profile:
        for kind in FORMATS.values():
            command = [soffice, "--headless", f"-env:UserInstallation=file://{profile}", "--convert-to", kind]
            subprocess.run([*command, "--outdir", str(HERE), *files], check=True, capture_output=True)


if __name__ == "__main__":
    main()
