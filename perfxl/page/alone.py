"""What stands in the page in place of ``perfxl.workers``: a browser has one process for Python, and no others to lose."""

from __future__ import annotations

from perfxl.model.error import Error


class OutOfTime(Error):  # noqa: N818 - it is called as there
    """Never raised here; whoever asks for it by name finds it, and so with the others."""


class OutOfMemory(Error):  # noqa: N818 - likewise
    """Likewise."""


class WorkerDied(Error):  # noqa: N818 - likewise
    """Likewise."""


class Stopped(Error):  # noqa: N818 - likewise
    """Likewise."""


class ClusterError(Error):
    """Likewise."""


class Workers:
    """Likewise: nothing is one of these."""
