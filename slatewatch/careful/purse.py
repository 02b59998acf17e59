"""The spending cap: what a question may cost is set aside before it is asked, and settled when its answer is there."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from .settings import ModelSettings


@dataclass(frozen=True, slots=True)
class SetAside:
    """Tokens that a question may take at most."""

    tokens_in: int
    tokens_out: int


class Purse:
    """Counts what was spent, in tokens and in money. Questions under way can never overrun the cap together."""

    def __init__(self, settings: ModelSettings) -> None:
        self._settings = settings
        self._changed = threading.Condition()
        self._set_aside: list[SetAside] = []
        self.tokens_in = self.tokens_out = 0

    @property
    def cost(self) -> float:
        """What the tokens spent cost, in the money of the prices."""
        return self._settings.cost(self.tokens_in, self.tokens_out)

    def set_aside(self, tokens_in: int, tokens_out: int) -> SetAside | None:
        """Room for one question, or None where it might go over the cap.

        While others are under way, whose room may become free again, it waits for them.
        """
        wanted = SetAside(tokens_in, tokens_out)
        with self._changed:
            while not self._fits([*self._set_aside, wanted]):
                if not self._fits([wanted]):
                    return None
                self._changed.wait()
            self._set_aside.append(wanted)
        return wanted

    def _fits(self, rooms: list[SetAside]) -> bool:
        all_in = self.tokens_in + sum(room.tokens_in for room in rooms)
        all_out = self.tokens_out + sum(room.tokens_out for room in rooms)
        cap, token_cap = self._settings.budget, self._settings.token_budget
        in_money = cap is None or self._settings.cost(all_in, all_out) <= cap
        return in_money and (token_cap is None or all_in + all_out <= token_cap)

    def spend(self, tokens_in: int, tokens_out: int) -> None:
        """Tokens that a server has counted, or may have."""
        with self._changed:
            self.tokens_in += tokens_in
            self.tokens_out += tokens_out

    def give_back(self, room: SetAside) -> None:
        """The question is done: what it took is spent, the rest of its room is free again."""
        with self._changed:
            # By identity: two questions may have asked for the same room.
            self._set_aside = [one for one in self._set_aside if one is not room]
            self._changed.notify_all()
