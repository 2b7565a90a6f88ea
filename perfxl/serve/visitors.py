"""How much officers may ask of the page that is open to all: so many checks at once and in a while, by address."""

from __future__ import annotations

import time
from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from msgspec import Struct, field

from perfxl.serve.bounds import CHECKS_A_WHILE, CHECKS_AT_ALL, CHECKS_AT_ONCE, WHILE
from perfxl.serve.uploads import RefusedError

_MOST_ADDRESSES = 10_000


class Gate(Struct):
    """Counts checks by the address that they come from; used by the one thread that answers requests."""

    clock: Callable[[], float] = time.monotonic
    _now: Counter[str] = field(default_factory=Counter)
    _lately: OrderedDict[str, deque[float]] = field(default_factory=OrderedDict)

    @contextmanager
    def pass_through(self, address: str) -> Iterator[None]:
        """Let a check in for the time that it takes. Raises RefusedError (429) where there are too many."""
        lately = self._lately.setdefault(address, deque())
        self._lately.move_to_end(address)
        while len(self._lately) > _MOST_ADDRESSES:
            self._lately.popitem(last=False)
        while lately and lately[0] < self.clock() - WHILE:
            lately.popleft()
        if self._now[address] >= CHECKS_AT_ONCE:
            raise RefusedError(429, "这台电脑的上一个文件还在检查，请等它检查完再上传。")
        if self._now.total() >= CHECKS_AT_ALL:
            raise RefusedError(429, "现在检查的人多，请过一两分钟再试。")
        if len(lately) >= CHECKS_A_WHILE:
            raise RefusedError(429, f"{WHILE / 60:g} 分钟里检查的次数太多，请过一会儿再试。")
        lately.append(self.clock())
        self._now[address] += 1
        try:
            yield
        finally:
            self._now[address] -= 1
            if not self._now[address]:
                del self._now[address]
