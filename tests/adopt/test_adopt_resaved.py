"""The blanks of all forms after LibreOffice has saved them: adopted from .xlsx, .xls and .ods they are the same forms."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from adopt_blanks import FORMS, YEAR, equal, sample, stripped
from test_adopt_values import values

from perfxl.adopt.adopting import AdoptedForm, adopted_form
from perfxl.adopt.workbook import sheets_of
from perfxl.api import generate
from perfxl.forms.definition.load import load_forms, read_common, shipped
from support.office import FONTS, installation

pytestmark = [pytest.mark.client, pytest.mark.slow, pytest.mark.xdist_group("adopt-resaved")]
SUFFIXES = ("xlsx", "xls", "ods")


@pytest.fixture(scope="module")
def resaved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a blank and a sample of each form as LibreOffice saves them: ``xls/FORM.xls``, ``xls/FORM.filled.xls``."""
    folder = tmp_path_factory.mktemp("resaved")
    for form in FORMS:
        (folder / f"{form}.xlsx").write_bytes(stripped(form))
        (folder / f"{form}.filled.xlsx").write_bytes(stripped(form, filled=True))
    originals = sorted(folder.glob("*.xlsx"))
    installed = installation()
    assert installed is not None
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    fonts = folder / "fonts.conf"
    fonts.write_text(FONTS, "utf-8")
    faces = {**os.environ, "FONTCONFIG_FILE": str(fonts)}
    for suffix in SUFFIXES:
        command = [str(installed.soffice), profile, "--headless", "--convert-to", suffix]
        to = ["--outdir", str(folder / suffix)]
        subprocess.run([*command, *to, *map(str, originals)], check=True, capture_output=True, timeout=300, env=faces)
    return folder


def adopted(data: bytes, suffix: str) -> AdoptedForm:
    """Return the form of a blank."""
    common, _ = read_common(shipped() / "common.yaml")
    (sheet,) = sheets_of(data)
    made = adopted_form(sheet, f"original.{suffix}", common, "adopted")
    assert made is not None
    return made


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_same_form_comes_of_it(suffix: str, form: str, resaved: Path) -> None:
    made = adopted((resaved / suffix / f"{form}.{suffix}").read_bytes(), suffix)
    assert made.proof == ()
    assert equal(stripped(form), generate(made.form, year=YEAR)) >= 0.99
    wanted = values(stripped(form, filled=True), load_forms()[form])
    assert wanted.total() >= len(sample(form))
    for one in SUFFIXES:
        assert not wanted - values((resaved / one / f"{form}.filled.{one}").read_bytes(), made.form), one
