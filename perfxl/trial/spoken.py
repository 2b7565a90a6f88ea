"""Fields and values as a trial speaks of them."""

from __future__ import annotations

import datetime as dt

from perfxl.model.form import Field
from perfxl.model.value import Value
from perfxl.trial.answers import entered


def shown(value: Value) -> str:
    """Return a value as it is quoted, "" for a blank."""
    return value.isoformat() if isinstance(value, dt.date) else str(entered(value))


def spoken(field: Field) -> str:
    """Return a field as it is spoken of: its labels without line breaks."""
    return field.label.replace("\n", "").replace("[]", "")
