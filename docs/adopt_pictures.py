"""Make the pictures of docs/adopt.md: ``python docs/adopt_pictures.py``.

Needs Chromium, its driver, LibreOffice, pdftoppm and Chinese fonts; run from the project's root, in its environment. Writes
docs/pictures/adopt.png and adopt-phone.png (adopt.html, a cell pointed at), adopt-original.png and adopt-generated.png (printed).
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE)]

from pictures import pages  # noqa: E402 - the folder is known by now
from report_pictures import browser  # noqa: E402 - likewise

from perfxl.adopt.adopting import adopt  # noqa: E402 - likewise
from perfxl.adopt.page import page  # noqa: E402 - likewise
from perfxl.api import generate  # noqa: E402 - likewise
from perfxl.forms.definition.load import read_common, shipped  # noqa: E402 - likewise

PICTURES = HERE / "pictures"
BLANK = HERE / "adopt" / "附件3.xls"
POINTED_AT = "[data-cell='G6']"


def main() -> None:
    """Make all pictures."""
    common, _ = read_common(shipped() / "common.yaml")
    (form,) = adopt(BLANK.read_bytes(), BLANK.name, common, form="own-fund-eval").forms
    with tempfile.TemporaryDirectory() as scratch:
        shown = Path(scratch) / "adopt.html"
        shown.write_text(page(form, BLANK.name), encoding="utf-8")
        chrome = browser()
        try:
            for name, width, height in (("adopt", 1200, 1000), ("adopt-phone", 390, 844)):
                size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
                chrome.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
                chrome.get(shown.as_uri())
                chrome.find_element("css selector", POINTED_AT).click()
                chrome.save_screenshot(str(PICTURES / f"{name}.png"))
        finally:
            chrome.quit()
    for name, workbook, suffix in (
        ("adopt-original", BLANK.read_bytes(), "xls"),
        ("adopt-generated", generate(form.form, year=2024), "xlsx"),
    ):
        with tempfile.TemporaryDirectory() as scratch, tempfile.TemporaryDirectory() as printed:
            first, *_ = pages(workbook, name, Path(printed), Path(scratch), suffix)
            shutil.copy(first, PICTURES / f"{name}.png")


if __name__ == "__main__":
    main()
