"""The option --cluster: other machines' workers in the place of this one's."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from perfxl.cli.console import DEBUG, UNREADABLE, say, usage

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from perfxl.places import Place
    from perfxl.receive.request import Request

_EXTRA = "perfxl[cluster]"


@contextmanager
def on_cluster(address: str, request: Request, places: Sequence[Place]) -> Iterator[Executor]:
    """Give the workers of a cluster; one that is not there, is lost or would read otherwise ends the command."""
    from perfxl.cluster import Cluster
    from perfxl.receive.terms import agree
    from perfxl.workers import ClusterError, UnfitClusterError

    limits = request.limits
    try:
        _silence()
        with Cluster(address, seconds=limits.max_seconds, memory=limits.max_memory) as cluster:
            try:
                agree(cluster, request, places)
                yield cluster
            except BaseException:
                cluster.shutdown(wait=True, cancel_futures=True)
                raise
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in {"dask", "distributed"}:
            raise
        usage(f'还没有安装这项功能要用的组件，请先运行：pip install "{_EXTRA}"')
    except UnfitClusterError as error:
        usage(str(error))
    except ClusterError as error:
        say(str(error))
        raise typer.Exit(UNREADABLE) from None


def _silence() -> None:
    """Let Dask say nothing by itself: it speaks English, and of what perfxl says in its own words."""
    import logging

    import distributed

    if not os.environ.get(DEBUG):
        for name in (distributed.__name__, "distributed.client", "distributed.comm", "tornado", "asyncio"):
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
