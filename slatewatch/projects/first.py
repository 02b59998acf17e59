"""Who had a project first, and by which clock that is known."""

from __future__ import annotations

from collections.abc import Iterable

from slatewatch.model import First, Mention


def who_had_it_first(mentions: Iterable[Mention]) -> First:
    """The outlet that the earliest article credits, else that article's own.

    Of articles of one day, one that credits another outlet goes before one that does not: what it credits was there
    before it. Of the rest, the earliest time of day, where it is known. The clock says what the time was taken from.
    """

    def rank(mention: Mention) -> tuple[str, bool, str, str]:
        report = mention.report
        return (report.day, not mention.sources, report.published or "~", report.id)

    mention = min(mentions, key=rank)
    report = mention.report
    if mention.sources:
        return First(
            outlet=mention.sources[0], published=None, clock="credited", article=report.id, url=report.url,
            moved=report.moved,
        )  # fmt: skip
    return First(
        outlet=report.outlet, published=report.published or report.day, clock=report.clock, article=report.id,
        url=report.url, moved=report.moved,
    )  # fmt: skip
