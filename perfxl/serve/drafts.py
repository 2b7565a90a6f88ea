"""Definitions under way: kept in mind until they are kept on the disk, the oldest forgotten first."""

from __future__ import annotations

from collections import OrderedDict

from msgspec import Struct, field

from perfxl.serve.adoption import Draft
from perfxl.serve.bounds import MOST_DRAFTS


class Drafts(Struct):
    """Drafts by an identity that cannot be guessed."""

    _kept: OrderedDict[str, Draft] = field(default_factory=OrderedDict)

    def put(self, identity: str, draft: Draft) -> None:
        self._kept[identity] = draft
        self._kept.move_to_end(identity)
        while len(self._kept) > MOST_DRAFTS:
            self._kept.popitem(last=False)

    def get(self, identity: str) -> Draft | None:
        return self._kept.get(identity)
