"""Days and times as arguments."""

from __future__ import annotations

from datetime import datetime

import click


class Day(click.ParamType[str]):
    """An ISO day (`2026-03-01`), or a time of one where the store's own clock is asked."""

    name = "DAY"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        text = str(value)
        try:
            datetime.fromisoformat(text)
        except ValueError:
            self.fail(f"{text!r} is no day: write it like 2026-03-01", param, ctx)
        return text


DAY = Day()
