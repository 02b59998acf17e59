"""How fast questions may follow each other: so many a minute, so many tokens a minute, and pauses a server asks for."""

from __future__ import annotations

import threading
import time
from collections import deque

#: The longest that a thread sleeps before it looks whether the run was stopped, in seconds.
GLANCE = 0.5


class Pace:
    """Limits shared by all the threads of a run. 0 means no limit; `minute` is its length in seconds."""

    def __init__(self, per_minute: int, tokens_per_minute: int, stop: threading.Event, *, minute: float = 60.0) -> None:
        self._most, self._most_tokens, self._minute = per_minute, tokens_per_minute, minute
        self._stop = stop
        self._lock = threading.Lock()
        self._sent: deque[tuple[float, int]] = deque()
        self._not_before = 0.0

    def turn(self, tokens: int) -> bool:
        """Wait until a question of about so many tokens may be sent. False where the run was stopped meanwhile."""
        while not self._stop.is_set():
            with self._lock:
                wait = self._wait(time.monotonic(), tokens)
                if wait <= 0:
                    self._sent.append((time.monotonic(), tokens))
                    return True
            self._stop.wait(min(wait, GLANCE))
        return False

    def pause(self, seconds: float) -> None:
        """No question from any thread for so long: the server has asked for it."""
        with self._lock:
            self._not_before = max(self._not_before, time.monotonic() + seconds)

    def sleep(self, seconds: float) -> bool:
        """Wait so long; False where the run was stopped meanwhile."""
        return not self._stop.wait(seconds)

    def _wait(self, now: float, tokens: int) -> float:
        """Seconds until there is room; what was sent more than a minute ago is forgotten."""
        while self._sent and self._sent[0][0] <= now - self._minute:
            self._sent.popleft()
        wait = self._not_before - now
        if self._most and len(self._sent) >= self._most:
            wait = max(wait, self._sent[-self._most][0] + self._minute - now)
        if self._most_tokens and self._sent:
            # A question that is larger than the limit itself goes alone.
            left, over = sum(t for _, t in self._sent) + tokens - self._most_tokens, 0.0
            for at, sent in self._sent:
                if left <= 0:
                    break
                left, over = left - sent, at + self._minute - now
            wait = max(wait, over)
        return wait
