"""How far a long run is, on standard error, for a person who watches."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

#: Called once for each thing done.
Step = Callable[[], None]


@contextmanager
def progress(what: str, *, quiet: bool, total: int | None = None) -> Iterator[Step]:
    """Count on standard error while the block runs; silent unless standard error is a terminal, and when `quiet`."""
    if quiet or not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn(what), BarColumn(24), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, redirect_stdout=False) as shown:
        task = shown.add_task(what, total=total)
        yield lambda: shown.advance(task)
