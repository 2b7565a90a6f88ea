"""One repetition of a block: a goal, a function; what parts it from the next, and whether it may have swallowed that one."""

from __future__ import annotations

from msgspec import Struct, field

from perfxl.align.lines import Spot
from perfxl.align.row_states import Sign
from perfxl.model.address import Box
from perfxl.values.spelling import counted


class Repetition(Struct):
    """The repetition of a block that is being read; ``spine`` is the value down its left where it has one."""

    path: str
    number: int
    used: bool = False
    spine: Spot | None = None
    box: Box | None = None
    """Where that stands, blank or not."""
    title: str = ""
    """The text of its first label: 年度目标2."""
    again: Spot | None = None
    """The first row whose 一级 stood before another one already: another goal's table may have begun there."""
    _counter: int = 0
    _level1: list[str] = field(default_factory=list)

    def entitle(self, sign: Sign, spot: Spot) -> None:
        """Take the title, and the number in it, from the first label."""
        self.title = spot.text.strip(" 　：:")
        read = sign.reads(spot.flat)
        counter = read.groupdict().get("number") if read is not None else None
        self._counter = (counted(counter) or int(counter)) if counter else 0

    @property
    def printed(self) -> int:
        """The number in its title, 0 where there is none."""
        return self._counter

    def meet(self, level1: str, spot: Spot) -> None:
        """Take note of a row's 一级."""
        if not self._level1 or self._level1[-1] != level1:
            self._level1.append(level1)
        if self.again is None and level1 in self._level1[:-1]:
            self.again = spot

    def doubt_before(self, following: Repetition) -> Spot | None:
        """Return the row from which on it may hold a goal whose own rows are gone: the numbers skip that one."""
        skips = self._counter and following._counter > self._counter + 1
        return self.again if skips and self.path == following.path else None
