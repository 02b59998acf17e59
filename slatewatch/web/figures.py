"""Figures of the whole store: they take long at a million claims, so they are kept, and made anew in the background."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from slatewatch import answers
from slatewatch.answers.overview import coverage, outlet_scores
from slatewatch.errors import SlatewatchError

from .connections import Connections

log = logging.getLogger(__name__)

ASKED: dict[str, Callable[[Any], Any]] = {"counts": answers.counts, "outlets": outlet_scores, "coverage": coverage}
#: So many seconds old a figure may be before it is made anew.
FRESH = 30.0
#: A figure that took long is kept for so many times as long: never more than a small part of the machine goes into it.
SHARE = 50.0


class Figures:
    """`ask(name)` gives what was found last; only the very first asker waits."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._kept: dict[str, tuple[float, Any]] = {}
        self._busy = {name: threading.Lock() for name in ASKED}

    def ask(self, name: str) -> Any:
        if name not in self._kept:
            with self._busy[name]:
                if name not in self._kept:
                    self._find(name)
        due, found = self._kept[name]
        if time.monotonic() > due and self._busy[name].acquire(blocking=False):
            threading.Thread(target=self._again, args=(name,), daemon=True).start()
        return found

    def warm(self) -> None:
        """Find everything, so that the first visitor need not wait."""
        try:
            for name in ASKED:
                self.ask(name)
        except SlatewatchError as error:
            # Whoever asks for a figure is told the same; the pages that need none go on.
            log.warning("figures: %s", error)

    def _again(self, name: str) -> None:
        try:
            self._find(name)
        except SlatewatchError:
            # The store is away: what was found before stays, and the next asker tries again.
            return
        finally:
            self._busy[name].release()

    def _find(self, name: str) -> None:
        began = time.monotonic()
        with self._connections.reading() as db:
            found = ASKED[name](db)
        now = time.monotonic()
        self._kept[name] = (now + max(FRESH, SHARE * (now - began)), found)
