"""What was missed and what is wrong, shown over the text like a diff."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from rich.console import Group, RenderableType
from rich.text import Text

from .evaluate import Difference
from .model import Article
from .terminal import printable

#: How each side is marked in the text (opening, closing), the sign of its line, and its colour.
MARKS = {"missed": ("[-", "-]", "-", "red"), "wrong": ("{+", "+}", "+", "green")}
BREAK = "\n\n"


def differences(chosen: Sequence[Difference]) -> Iterator[RenderableType]:
    """One block a paragraph that has a difference: article, paragraph with the quotes marked, the claims below."""
    for _, same_article in groupby(chosen, key=lambda difference: difference.article.id):
        inside = sorted(same_article, key=lambda difference: (_paragraph(difference), difference.claim.start))
        for place, together in groupby(inside, key=_paragraph):
            yield _block(list(together), place)


def _paragraph(difference: Difference) -> tuple[int, int]:
    """Where the paragraph that the quote begins in starts and ends, reaching as far as the quote does."""
    words, claim = difference.article.words, difference.claim
    if claim.start < 0:
        return 0, 0
    start = words.rfind(BREAK, 0, claim.start)
    end = words.find(BREAK, claim.end)
    return (0 if start < 0 else start + len(BREAK)), (len(words) if end < 0 else end)


def _block(together: list[Difference], place: tuple[int, int]) -> RenderableType:
    article = together[0].article
    heading = Text(f"@@ {printable(article.id)} · {printable(article.title, limit=100)} @@", style="cyan")
    return Group(heading, _marked(article, together, *place), *map(_line, together), Text())


def _marked(article: Article, together: list[Difference], start: int, end: int) -> Text:
    """The paragraph with the marks of every quote in it; where quotes overlap, the marks do."""
    # What closes at a place comes before what opens there.
    marks = sorted(
        {(d.claim.start, 1, d.side) for d in together} | {(d.claim.end, 0, d.side) for d in together},
    )
    text, at = Text(" "), start
    open_sides: list[str] = []
    for offset, opens, side in marks if end else []:
        text.append(printable_run(article.words[at:offset]), style=MARKS[open_sides[-1]][3] if open_sides else "dim")
        opening, closing, _, style = MARKS[side]
        text.append(opening if opens else closing, style=f"bold {style}")
        if opens:
            open_sides.append(side)
        elif side in open_sides:
            open_sides.remove(side)
        at = offset
    return text.append(printable_run(article.words[at:end]), style="dim")


def printable_run(text: str) -> str:
    """A run of a paragraph fit for a terminal, the blanks at its ends kept."""
    lead = " " if text[:1].isspace() else ""
    trail = " " if len(text) > 1 and text[-1:].isspace() else ""
    return f"{lead}{printable(text)}{trail}"


def _line(difference: Difference) -> Text:
    """`- credit writer Rosalind Ross, attached · Escaping North Korea`."""
    claim, (_, _, sign, style) = difference.claim, MARKS[difference.side]
    said = [claim.kind, claim.role, claim.value]
    about = " · ".join(printable(name) for name in (claim.project, claim.subject) if name)
    parts = " ".join(printable(part) for part in said if part)
    firm = f", {claim.modality}" if claim.modality else ""
    unmarked = "" if claim.start >= 0 else f" (its quote is not in the text: {printable(claim.quote, limit=200)})"
    return Text(f"{sign} {difference.side:<7}{parts}{firm}{' · ' + about if about else ''}{unmarked}", style=style)
