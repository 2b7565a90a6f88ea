"""Definitions under way: kept in mind until they are kept on the disk, the oldest forgotten first."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import field

from perfxl.model.lazy_dataclass import dataclass
from perfxl.serve.adoption import Draft
from perfxl.serve.bounds import MOST_DRAFTS


@dataclass(slots=True)
class Drafts:
    """Drafts by an identity that cannot be guessed."""

    _kept: OrderedDict[str, Draft] = field(default_factory=OrderedDict)

    def put(self, identity: str, draft: Draft) -> None:
        self._kept[identity] = draft
        self._kept.move_to_end(identity)
        while len(self._kept) > MOST_DRAFTS:
            self._kept.popitem(last=False)

    def get(self, identity: str) -> Draft | None:
        return self._kept.get(identity)
