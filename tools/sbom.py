"""What perfxl is made of, as a CycloneDX bill of materials: ``python tools/sbom.py`` writes it anew from the lock.

The file goes into every wheel (PEP 770). It holds no time and no number made up for the occasion, so that the same lock
gives the same bytes; a test says when it has to be written again.
"""

from __future__ import annotations

import json
import re
import tomllib
import uuid
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LOCK, PROJECT, TARGET = ROOT / "requirements.lock", ROOT / "pyproject.toml", ROOT / "sbom.cdx.json"
_PIN = re.compile(r"^(?P<name>[\w.-]+)(?:\[[\w,-]+\])?==(?P<version>[\w.!+-]+)(?: ; (?P<marker>[^\\\n]+?))? *\\?$")
_HASH = re.compile(r"^ +--hash=sha256:(?P<hash>[0-9a-f]{64})")


def bill(lock: str, project: dict[str, Any], version: str) -> str:
    """Return the bill of materials: perfxl, what it needs directly, every package of the lock with its hashes."""
    components = _components(lock)
    known = {component["name"]: component["bom-ref"] for component in components}
    own = f"pkg:pypi/{project['name']}@{version}"
    direct = sorted(known[_key(need)] for need in project["dependencies"])
    tree: dict[str, Any] = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": own,
                "name": project["name"],
                "version": version,
                "description": project["description"],
                "licenses": [{"license": {"id": project["license"]}}],
                "purl": own,
            }
        },
        "components": components,
        "dependencies": [{"ref": own, "dependsOn": direct}],
    }
    number = uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(tree, sort_keys=True))
    tree = {**dict(list(tree.items())[:3]), "serialNumber": number.urn, **dict(list(tree.items())[3:])}
    return json.dumps(tree, indent=2, ensure_ascii=False) + "\n"


def _components(lock: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for line in lock.splitlines():
        if pin := _PIN.match(line):
            name, reference = _key(pin["name"]), f"pkg:pypi/{_key(pin['name'])}@{pin['version']}"
            one: dict[str, Any] = {"type": "library", "bom-ref": reference, "name": name, "version": pin["version"]}
            one |= {"hashes": [], "purl": reference}
            if pin["marker"]:
                one["properties"] = [{"name": "perfxl:only-where", "value": pin["marker"].strip()}]
            found.append(one)
        elif digest := _HASH.match(line):
            found[-1]["hashes"].append({"alg": "SHA-256", "content": digest["hash"]})
    return sorted(found, key=lambda one: str(one["name"]))


def _key(requirement: str) -> str:
    """Return a package's name as PyPI spells it, of a requirement or a name."""
    return re.sub(r"[-_.]+", "-", re.split(r"[\s\[<>=!~;]", requirement, maxsplit=1)[0]).lower()


def current() -> str:
    """Return the bill of materials of this folder as it is now."""
    project = tomllib.loads(PROJECT.read_text("utf-8"))["project"]
    found = re.search(r'^__version__ = "([^"]+)"$', (ROOT / "perfxl" / "__init__.py").read_text("utf-8"), re.MULTILINE)
    if found is None:
        raise SystemExit("perfxl/__init__.py says no version")
    return bill(LOCK.read_text("utf-8"), project, found[1])


if __name__ == "__main__":
    TARGET.write_text(current(), encoding="utf-8", newline="\n")
