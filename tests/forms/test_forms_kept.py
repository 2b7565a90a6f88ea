from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from perfxl.forms import kept, stock
from perfxl.forms.definition.load import lint, shipped
from perfxl.forms.kept import from_text
from perfxl.model.form import Form

FORMS = stock.load_forms()


def found(key: str) -> Mapping[str, Form] | None:
    return kept.kept(key, dict)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "cache"
    monkeypatch.setenv(kept.VARIABLE, str(place))
    return place


@cache
def compiled() -> Mapping[str, Form]:
    """The forms from their definitions, whatever is kept."""
    return lint([shipped()])[0]


@pytest.mark.parametrize("name", FORMS)
def test_a_form_comes_back_as_it_was__to_the_last_line(name: str) -> None:
    form = compiled()[name]
    back = kept.thawed(json.loads(json.dumps(kept.frozen(form))))
    assert back == form
    assert repr(back) == repr(form)  # what equality passes over, too: lines
    assert back.flat() == form.flat()


def test_what_is_kept_is_what_was_loaded(folder: Path) -> None:
    assert found("a" * 64) is None
    kept.keep("a" * 64, FORMS.values())
    assert found("a" * 64) == FORMS
    assert list(found("a" * 64) or ()) == list(FORMS)
    assert found("b" * 64) is None
    assert found("a" * 63 + "b") is None  # begins alike
    assert {path.suffix for path in folder.iterdir()} == {".json"}


@pytest.mark.slow
@pytest.mark.parametrize(
    "change", [lambda data: data[:-9], lambda data: data.replace(b"V01", b"V02"), lambda _: b"", lambda _: b"x"]
)
def test_what_was_changed_is_not_taken(folder: Path, change: object) -> None:
    kept.keep("a" * 64, FORMS.values())
    (path,) = folder.iterdir()
    path.write_bytes(change(path.read_bytes()))  # type: ignore[operator]
    assert found("a" * 64) is None
    kept.keep("a" * 64, FORMS.values())
    assert found("a" * 64) == FORMS


@pytest.mark.usefixtures("folder")
def test_a_form_is_made_when_it_is_asked_for__once(monkeypatch: pytest.MonkeyPatch) -> None:
    kept.keep("a" * 64, FORMS.values())
    made: list[bytes] = []
    monkeypatch.setattr(kept, "from_text", lambda text: made.append(text) or from_text(text))  # type: ignore[func-returns-value]
    there = found("a" * 64)
    assert there is not None
    assert not made
    assert there["jilin-dept-self-eval"] is there["jilin-dept-self-eval"]
    assert "nowhere" not in there
    assert len(made) == 1
    assert dict(there) == dict(FORMS)
    assert len(made) == len(FORMS)


def test_a_form_that_cannot_be_made_is_read_from_its_definition() -> None:
    texts = dict.fromkeys(FORMS, b"[99]") | {"mof-project-goal": b"[[0]]"}
    there = kept.KeptForms(texts, lambda: FORMS)
    assert dict(there) == dict(FORMS)
    assert there["mof-project-goal"] is FORMS["mof-project-goal"]


@pytest.mark.parametrize("plain", [[99, 1], [5], [4, 1, 2], [1, "a"], [2, "x"], [-1], ["x"], [[0]], []])
def test_what_is_no_form_is_refused(plain: list[object]) -> None:
    with pytest.raises((ValueError, TypeError, LookupError, ArithmeticError)):
        kept.thawed(plain)


@pytest.mark.usefixtures("folder")
def test_what_is_not_known_is_not_kept() -> None:
    with pytest.raises(kept.NotKept):
        kept.frozen([object()])
    kept.keep("a" * 64, [object()])  # type: ignore[list-item]
    assert found("a" * 64) is None
    assert kept.thawed(kept.frozen((Decimal("1.50"), frozenset({"b", "a"}), {"a": None}))) == (
        Decimal("1.50"),
        frozenset({"a", "b"}),
        {"a": None},
    )


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps the user's folders by itself")
def test_where_others_may_write_nothing_is_taken_or_kept(folder: Path) -> None:
    kept.keep("a" * 64, FORMS.values())
    (path,) = folder.iterdir()
    path.chmod(0o666)
    assert found("a" * 64) is None
    path.chmod(0o600)
    folder.chmod(0o777)
    assert found("a" * 64) is None
    kept.keep("b" * 64, FORMS.values())
    assert len(list(folder.iterdir())) == 1
    folder.chmod(0o700)
    path.rename(folder.parent / "elsewhere")
    path.symlink_to(folder.parent / "elsewhere")
    assert found("a" * 64) is None


def test_only_the_youngest_are_kept(folder: Path) -> None:
    form = next(iter(FORMS.values()))
    for number in range(9):
        kept.keep(f"{number}" * 64, [form])
        os.utime(next(folder.glob(f"*{number}.json")), (number, number))
    assert sorted(path.stem[-1] for path in folder.iterdir()) == list("345678")


def test_without_a_folder_nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(kept.VARIABLE, "")
    kept.keep("a" * 64, FORMS.values())
    assert found("a" * 64) is None


def test_a_changed_definition_is_another_one(tmp_path: Path) -> None:
    one, other = [(tmp_path / "form.yaml", b"a")], [(tmp_path / "form.yaml", b"b")]
    assert kept.key_of(one) == kept.key_of(one) != kept.key_of(other)


@pytest.mark.slow
def test_what_is_kept_is_taken_without_the_language_of_definitions(folder: Path) -> None:
    code = "import sys; from perfxl.forms.stock import load_forms; print(len(load_forms()), 'yaml' in sys.modules)"
    told = [
        subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout for _ in "12"
    ]
    assert told == [f"{len(FORMS)} True\n", f"{len(FORMS)} False\n"]
    assert stock.load_forms() == FORMS
    assert folder.is_dir()
