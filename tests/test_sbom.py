"""The bill of materials is that of the lock, and is in the wheel; wheels built twice are equal."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parent.parent


def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("sbom", ROOT / "tools" / "sbom.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_it_is_that_of_the_lock() -> None:
    made: str = script().current()
    assert (ROOT / "sbom.cdx.json").read_text("utf-8") == made, "run: python tools/sbom.py"
    tree = json.loads(made)
    locked = dict(re.findall(r"^([\w.-]+)==([\w.]+)", (ROOT / "requirements.lock").read_text("utf-8"), re.MULTILINE))
    assert {one["name"]: one["version"] for one in tree["components"]} == {
        name.lower().replace("_", "-"): version for name, version in locked.items()
    }
    assert all(one["hashes"] for one in tree["components"])
    assert (tree["bomFormat"], tree["specVersion"]) == ("CycloneDX", "1.6")
    assert tree["serialNumber"].startswith("urn:uuid:")
    assert "timestamp" not in made
    needs = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    assert len(tree["dependencies"][0]["dependsOn"]) == len(needs)


@pytest.mark.slow
def test_a_wheel_is_the_same_whoever_builds_it_and_holds_the_bill(tmp_path: Path) -> None:
    digests = []
    for number in ("1", "2"):
        target = tmp_path / number
        words = [
            "-m",
            "pip",
            "wheel",
            "--no-deps",
            "--no-build-isolation",
            "--no-index",
            "--quiet",
            "-w",
            str(target),
            ".",
        ]
        subprocess.run([sys.executable, *words], cwd=ROOT, check=True, timeout=300)
        (wheel,) = target.glob("*.whl")
        digests.append(hashlib.sha256(wheel.read_bytes()).hexdigest())
    assert digests[0] == digests[1]
    with zipfile.ZipFile(wheel) as archive:
        (bill,) = [name for name in archive.namelist() if "/sboms/" in name]
        assert archive.read(bill) == (ROOT / "sbom.cdx.json").read_bytes()
        assert len({info.date_time for info in archive.infolist()}) == 1
