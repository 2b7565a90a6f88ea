"""Make the pictures of docs/summarize.md: ``python docs/summarize_pictures.py``.

Twelve units' self-evaluations of two years, as the tests make them up, are summarised; the pictures are pages of the
workbook as LibreOffice prints it. Needs LibreOffice, pdftoppm, pdftotext and Chinese fonts; run from the project's root, in
its environment. Writes docs/pictures/summarize-*.png.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "tests")]

from pictures import printed  # noqa: E402 - the folder is known by now

import perfxl  # noqa: E402 - likewise
from support.county import filings, lay  # noqa: E402 - likewise
from support.filings import ERROR, document  # noqa: E402 - likewise

PICTURES = Path("docs/pictures")
FORMS = ("hunan-dept-self-eval", "mof-project-self-eval")
COUNT = 48
DOTS = "90"
PAGES = {
    "notes": ("汇总说明", 0),
    "form": ("部门整体支出绩效自评表", 0),
    "below": ("2024年度：以上各数", 0),
    "details": ("《部门整体支出绩效自评表》逐份", 0),
    "indicators": ("《部门整体支出绩效自评表》绩效", 0),
    "funds": ("《部门整体支出绩效自评表》2024年度", 0),
    "counts": ("《部门整体支出绩效自评表》2024年度", 1),
    "statistics": ("指标统计", 0),
    "ranking": ("执行率和得分排名", 0),
    "charts": ("图表", 0),
    "findings": ("审核意见", -1),
    "years": ("年度对比", 0),
}
"""The pictures by name: how the page begins, and which of the pages that begin so it is."""


def main() -> None:
    """Summarise the made-up returns, and print a page of each sheet."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        results = lay(folder / "结果", COUNT, FORMS, years=(2023, 2024), seed=3)
        for number, path in enumerate(sorted(results.rglob("*.json"))):
            if number % 3 == 0:
                path.with_name(f"{path.stem}.marked.xlsx").touch()
        _, returned, _ = next(filings(1, FORMS))
        (results / "退回的.json").write_bytes(document("退回的.xlsx", returned, findings=(ERROR,)))
        workbook = perfxl.summarize(results, folder / "汇总.xlsx").path.read_bytes()
        paper = printed(workbook, folder)
        text = subprocess.run(["pdftotext", paper, "-"], check=True, capture_output=True).stdout.decode()
        texts = ["".join(page.split()) for page in text.split("\f")]
        for name, (begin, which) in PAGES.items():
            number = [place for place, line in enumerate(texts, start=1) if line.startswith(begin)][which]
            page = ["-f", str(number), "-l", str(number), "-singlefile"]
            target = PICTURES / f"summarize-{name}"
            subprocess.run(["pdftoppm", "-r", DOTS, "-png", *page, paper, target], check=True)


if __name__ == "__main__":
    main()
