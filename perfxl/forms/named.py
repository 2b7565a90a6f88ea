"""Forms by the name that somebody gives them."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Mapping

from perfxl.model.error import Error
from perfxl.model.form import AT, Form

_MOST = 4
"""Forms that are suggested: more are no help."""


class UnknownFormError(Error, KeyError):
    """A name that no form has; ``similar`` are the forms that may be meant."""

    def __init__(self, name: str, similar: tuple[Form, ...] = ()) -> None:
        super().__init__(name, similar)
        self.name = name
        self.similar = similar

    def __str__(self) -> str:
        guess = "或 ".join(f"{form.id}（{form.region}《{form.title}》）" for form in self.similar)
        return f"没有编号为“{self.name}”的表式{f'，是否想写 {guess}' if guess else ''}"


class UnknownVersionError(UnknownFormError):
    """A version that a form does not have; the text names those that it has."""

    def __init__(self, name: str, form: Form) -> None:
        super().__init__(name)
        self.form = form

    def __str__(self) -> str:
        known = "、".join(one.version for one in self.form.editions)
        return f"{self.form.id}（《{self.form.title}》）没有 {self.name.partition(AT)[2]} 版，有：{known}"


def form_named(forms: Mapping[str, Form], name: str) -> Form:
    """Return a form by its id, the newest version, or by ``id@version`` another one. Raises UnknownFormError."""
    known, at, version = name.partition(AT)
    if known not in forms:
        raise UnknownFormError(name, similar(forms, name))
    if not at:
        return forms[known]
    found = forms[known].edition(version)
    if found is None:
        raise UnknownVersionError(name, forms[known])
    return found


def similar(forms: Mapping[str, Form], name: str) -> tuple[Form, ...]:
    """Return the forms that may be meant: all pieces of the name are in their id, title, region; else the nearest ids."""
    said = _key(name)
    found = [form for form in forms.values() if _means(said, form)]
    if not found:
        found = [forms[near] for near in difflib.get_close_matches(said, forms, 1)]
    return tuple(found[:_MOST])


def _means(said: str, form: Form) -> bool:
    region = _key(form.region)
    pieces = said.replace(region, f" {region} ").replace("-", " ").replace("_", " ").split()
    whole = _key(f"{form.id} {form.title} {form.region}")
    return bool(pieces) and all(piece in whole for piece in pieces)


def _key(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
