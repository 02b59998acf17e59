"""The same work on many pieces: in this process, on Daft's own engine on this machine, or on a Ray cluster.

The pieces know nothing of each other and each result depends on its piece alone, so where they ran makes no difference.
"""

from __future__ import annotations

import contextlib
import os
import socket
import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from ..errors import BadInput

Work = Callable[[bytes], bytes]


def spread(work: Work, pieces: Sequence[bytes], *, workers: int = 1, ray: str | None = None) -> Iterator[bytes]:
    """The result of each piece, in no particular order. `work` must be a function of a module, or `partial` of one.

    `workers` processes on this machine, or on the cluster at the address `ray`; one worker without a cluster is this
    process, which needs no Daft. Raises BadInput where Daft or Ray is not installed or the cluster does not answer.
    """
    if not ray and min(workers, len(pieces)) <= 1:
        yield from map(work, pieces)
    else:
        yield from _over_daft(work, pieces, workers, ray)


def default_workers() -> int:
    """One for each core that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _over_daft(work: Work, pieces: Sequence[bytes], workers: int, ray: str | None) -> Iterator[bytes]:
    try:
        os.environ.setdefault("DAFT_PROGRESS_BAR", "0")
        os.environ.setdefault("DAFT_ANALYTICS_ENABLED", "0")
        os.environ.setdefault("RAY_LOG_TO_DRIVER", "0")  # the bars that Daft draws on the cluster, a line a step
        import daft

        if ray:
            import ray as _installed  # noqa: F401
    except ImportError as error:
        extra = "cluster" if ray else "archives"
        raise BadInput(f"many processes need the {extra} extra: pip install 'slatewatch[{extra}]'") from error
    if ray:
        _check(ray)
    with warnings.catch_warnings(), _quiet():
        warnings.simplefilter("ignore")
        try:
            if ray:
                os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
                daft.set_runner_ray(address=ray)
            else:
                daft.set_runner_native()
            frame = daft.from_pydict({"piece": list(pieces)})
            if ray:
                frame = frame.into_partitions(len(pieces))
            worker = _worker(workers)(work)
            found = frame.select(worker.run(daft.col("piece")).alias("result")).to_pydict()["result"]
        except (ConnectionError, TimeoutError) as error:
            raise BadInput(f"{ray}: no Ray cluster answers there; start one, or check the address") from error
    yield from found


def _check(ray: str) -> None:
    """Raises BadInput where nothing listens: Ray itself would try for minutes."""
    host, _, port = ray.removeprefix("ray://").rpartition(":")
    if ray == "auto":
        return
    try:
        socket.create_connection((host, int(port)), timeout=10).close()
    except (OSError, ValueError) as error:
        raise BadInput(f"{ray}: no Ray cluster answers there (HOST:PORT, ray://HOST:PORT or auto)") from error


def _worker(workers: int) -> Any:
    """A class of Daft's whose members each live in a process and take one piece at a time."""
    import daft

    @daft.cls(max_concurrency=workers, use_process=True, cpus=1)
    class Worker:
        def __init__(self, work: Work) -> None:
            self.work = work

        @daft.method.batch(return_dtype=daft.DataType.binary(), batch_size=1)
        def run(self, pieces: Any) -> list[bytes]:
            return [self.work(piece) for piece in pieces.to_pylist()]

    return Worker


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Ray's and Daft's remarks are not for the user."""
    import logging

    before = logging.root.manager.disable
    logging.disable(logging.WARNING)  # Ray sets the levels of its own loggers as it starts
    try:
        yield
    finally:
        logging.disable(before)
