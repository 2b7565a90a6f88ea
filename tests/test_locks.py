"""The locks hold what the project's settings ask for, and all that this needs: no later release of anybody can break them.

What a locked package needs is read from the environment that the tests run in, which is made from the lock. A package
that is locked for other systems only is not in it: its own needs are looked at where the tests run on such a system.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import metadata
from importlib.util import find_spec
from itertools import chain, pairwise, product
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
GROUPS: dict[str, list[Any]] = PROJECT["dependency-groups"]
LOCKS = {
    "requirements.lock": ("build",),
    "requirements-dev.lock": ("dev",),
    "requirements-all.lock": ("dev", "cluster"),
}
"""Each lock with the groups of pyproject.toml that it holds besides what perfxl itself needs."""
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
SYSTEMS = {
    "Linux": {"os_name": "posix", "sys_platform": "linux", "platform_machine": "x86_64"},
    "Windows": {"os_name": "nt", "sys_platform": "win32", "platform_machine": "AMD64"},
    "Darwin": {"os_name": "posix", "sys_platform": "darwin", "platform_machine": "arm64"},
}
PLACES = {
    f"{system} {python}": {
        "python_version": python,
        "python_full_version": f"{python}.0",
        "implementation_name": "cpython",
        "implementation_version": f"{python}.0",
        "platform_python_implementation": "CPython",
        "platform_system": system,
        "platform_release": "",
        "platform_version": "",
        **rest,
    }
    for (system, rest), python in product(SYSTEMS.items(), PYTHONS)
}
"""What markers are evaluated for: each system with each Python that perfxl promises to run on."""


def grouped(name: str) -> Iterator[str]:
    for entry in GROUPS[name]:
        if isinstance(entry, str):
            yield entry
        else:
            yield from grouped(entry["include-group"])


def asked(lock: str) -> list[Requirement]:
    """What pyproject.toml asks a lock to hold."""
    return [
        Requirement(text)
        for text in (*PROJECT["project"]["dependencies"], *chain.from_iterable(map(grouped, LOCKS[lock])))
    ]


@cache
def pins(lock: str) -> dict[str, Requirement]:
    entries = re.findall(r"^(\S+==.*?) \\$", (ROOT / lock).read_text("utf-8"), re.MULTILINE)
    return {canonicalize_name(pin.name): pin for pin in map(Requirement, entries)}


def version(pin: Requirement) -> str:
    (specifier,) = pin.specifier
    return specifier.version


def holds(requirement: Requirement, place: Mapping[str, str], extras: Iterable[str] = ()) -> bool:
    """Tell whether a requirement is one at a place, for a package that is wanted with these extras."""
    marker = requirement.marker
    return marker is None or any(marker.evaluate({**place, "extra": extra}) for extra in ("", *extras))


def unmet(lock: str, needs: Iterable[tuple[str, Requirement]], place: Mapping[str, str]) -> list[str]:
    """What of some needs (who, what) the pins of a lock leave open at a place, where pip would look for it elsewhere.

    A pin has to name each extra that is asked for: pip of before 2024 takes ``coverage[toml]`` for another thing than
    a pinned ``coverage``.
    """
    here = {name: pin for name, pin in pins(lock).items() if holds(pin, place)}
    told = []
    for who, need in needs:
        pin = here.get(canonicalize_name(need.name))
        if pin is None or not need.specifier.contains(version(pin), prereleases=True) or need.extras - pin.extras:
            told.append(f"{who} needs {need}, pinned is {pin}")
    return told


@pytest.mark.parametrize("lock", LOCKS)
@pytest.mark.parametrize("place", PLACES)
def test_what_the_project_asks_for_is_pinned(lock: str, place: str) -> None:
    needs = [("perfxl", need) for need in asked(lock) if holds(need, PLACES[place])]
    assert not unmet(lock, needs, PLACES[place]), "run .ci/lock"


INSTALLED = "requirements-all.lock" if find_spec("distributed") else "requirements-dev.lock"
"""The lock that the environment is made from: the quick tests run without what only the long ones need."""


@pytest.mark.parametrize("name", pins(INSTALLED))
def test_what_a_locked_package_needs_is_pinned_too(name: str) -> None:
    pin = pins(INSTALLED)[name]
    if pin.marker is not None and not pin.marker.evaluate():
        pytest.skip(f"{pin.name} is for other systems: {pin.marker}")
    package = metadata.distribution(name)
    if package.version != version(pin) and not os.environ.get("CI"):
        pytest.skip(f"{pin.name} {package.version} is installed, not what is locked")
    assert package.version == version(pin)
    pythons = SpecifierSet(",".join(package.metadata.get_all("Requires-Python") or ()))
    needed = [Requirement(text) for text in package.requires or ()]
    for lock, (label, place) in product(LOCKS, PLACES.items()):
        locked = pins(lock).get(name)
        if locked is None or not holds(locked, place):
            continue
        assert pythons.contains(place["python_full_version"]), f"{pin} does without Python {place['python_version']}"
        needs = [(str(pin), need) for need in needed if holds(need, place, locked.extras)]
        assert not unmet(lock, needs, place), f"{lock} on {label}: run .ci/lock"


@pytest.mark.parametrize(
    ("need", "left"),
    [
        ("coverage[toml]>=7", False),
        ("coverage[tomlkit]>=7", True),  # an extra that no pin names
        ("coverage>=99", True),
        ("coverage<1", True),
        ("colorama", True),  # pinned for Windows only
        ("nothing-of-that-name", True),
        ("jinja2>=3", False),
    ],
)
def test_what_is_left_open_is_told(need: str, *, left: bool) -> None:
    told = unmet("requirements-dev.lock", [("somebody", Requirement(need))], PLACES["Linux 3.11"])
    assert bool(told) == left


@pytest.mark.parametrize(("one", "other"), [*pairwise(LOCKS)])
def test_each_lock_holds_the_one_before_it(one: str, other: str) -> None:
    more, less = pins(other), pins(one)
    for name, pin in less.items():
        assert version(more[name]) == version(pin)
        assert pin.extras <= more[name].extras
        assert all(holds(more[name], place) for place in PLACES.values() if holds(pin, place))


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_hashes_and_no_lock_names_a_place(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8")
    entries = re.split(r"\n(?=\S)", text.strip())
    assert len(entries) == len(pins(lock))
    assert all("--hash=sha256:" in entry for entry in entries)
    assert not re.search(r"https?:|file:|index-url|find-links", text)


@pytest.mark.parametrize("lock", LOCKS)
def test_what_every_command_would_wait_for_is_not_locked(lock: str) -> None:
    assert "pydantic" not in pins(lock), "decision 0001: the constraint of [tool.uv] has been left out"
