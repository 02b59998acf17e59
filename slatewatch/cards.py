"""A card a project: what one article states about it, each value with the words that state it, for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rich.box import ROUNDED
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from .model import ROLES, UNNAMED, Article, Claim, Kind
from .terminal import printable

#: From this width on (in columns) the words stand beside their value, below it under their value.
WIDE = 110
#: The longest value and the longest quote shown, in characters: pages are strangers.
LONGEST_VALUE, LONGEST_QUOTE = 200, 400

#: How firm a part is: a mark and a style. The word stands beside it, for those who see no colour.
FIRMNESS = {
    "attached": ("●", "green"),
    "in_talks": ("◐", "yellow"),
    "interest": ("○", "cyan"),
    "exited": ("✕", "red"),
    "denied": ("✕", "red"),
}
#: The blocks of a card, from top to bottom, with the label of a row that has no role.
BLOCKS: tuple[tuple[tuple[Kind, str], ...], ...] = (
    (("format", "format"), ("status", "status"), ("alias", "also called")),
    (("based_on", "based on"),),
    (("credit", ""),),
    (("open_role", ""),),
    (("company", ""),),
    (("date", ""), ("location", "shoots in")),
)
#: What a tie says about its person or company.
TIES = {"affiliation": "of", "known_for": "known for", "place": "in", "representation": "represented by"}


@dataclass(frozen=True, slots=True)
class Row:
    """One value of a card with the words behind it, `indent` columns in. An empty label continues the row above."""

    label: str
    value: Text
    words: str
    indent: int = 2


def cards(article: Article, claims: Sequence[Claim], *, width: int) -> RenderableType:
    """The article's heading and one card for each of its projects, in the order of the text, `width` columns wide."""
    titles = list(dict.fromkeys(claim.project for claim in claims if claim.project))
    parts: list[RenderableType] = [_heading(article)]
    told: set[Claim] = set()
    for title in titles:
        mine = [claim for claim in claims if claim.project == title]
        told.update(mine)
        # A source is credited with the article's news: it stands on the first card alone.
        loose = [c for c in claims if c.project is None and not (c.kind == "source" and c in told)]
        parts.append(_card(title, mine, loose, told, width))
    left = [claim for claim in claims if claim not in told]
    if left:
        parts.append(_rest(left, width))
    if not claims:
        parts.append(Padding(Text("states nothing about a project that is not out yet", style="dim"), (0, 2)))
    return Group(*parts, Text())


def _heading(article: Article) -> RenderableType:
    facts = (article.outlet, article.published, article.url or article.id)
    below = " · ".join(printable(fact, limit=LONGEST_VALUE) for fact in facts if fact)
    title = printable(article.title, limit=LONGEST_VALUE)
    return Padding(
        Group(*(Text(line, style=style) for line, style in ((title, "bold"), (below, "dim")) if line)), (0, 2)
    )


def _card(title: str, mine: list[Claim], loose: list[Claim], told: set[Claim], width: int) -> RenderableType:
    """One project. Ties and sources among `loose` that it shows are added to `told`."""
    blocks: list[list[Row]] = []
    shown: set[str] = set()
    for kinds in BLOCKS:
        rows: list[Row] = []
        for kind, label in kinds:
            for claim in sorted((c for c in mine if c.kind == kind), key=_role_place):
                rows.append(Row(_label(claim, label), _value(claim), claim.quote))
                rows.extend(_ties(_names(claim), loose, shown, told))
        blocks.append(rows)
    sources = [claim for claim in loose if claim.kind == "source"]
    told.update(sources)
    blocks.append([Row("source", _value(claim), claim.quote) for claim in sources])
    facts = " · ".join(_words(c.value) for kind in ("format", "status") for c in mine if c.kind == kind and c.value)
    return _panel(Text(printable(title, limit=LONGEST_VALUE), style="bold not dim"), facts, blocks, width)


def _rest(left: list[Claim], width: int) -> RenderableType:
    """What the article says of people and companies that stand on no card."""
    subjects = dict.fromkeys(claim.subject or "" for claim in left)
    rows = [
        Row(printable(subject, limit=60) or "source", row.value, row.words)
        for subject in subjects
        for row in (
            _ties([subject], left, set(), set())
            if subject
            else (Row("", _value(c), c.quote) for c in left if not c.subject)
        )
    ]
    return _panel(Text("people and companies", style="not dim"), "", [rows], width)


def _ties(names: Iterable[str], loose: list[Claim], shown: set[str], told: set[Claim]) -> Iterator[Row]:
    """Rows for what the article says of these names: one for each kind of tie, at the first mention on a card only."""
    for name in names:
        if name.casefold() in shown:
            continue
        shown.add(name.casefold())
        for kind, saying in TIES.items():
            ties = [c for c in loose if c.kind == kind and (c.subject or "").casefold() == name.casefold()]
            if ties:
                told.update(ties)
                value = Text("  ").append(f"{saying} ", style="dim")
                value.append(", ".join(printable(c.value or "", limit=LONGEST_VALUE) for c in ties))
                yield Row("", value, " … ".join(dict.fromkeys(c.quote for c in ties)), indent=4)


def _names(claim: Claim) -> list[str]:
    """The people and companies that a row names, to whom ties may belong."""
    return [*claim.creators, *([claim.value] if claim.value else [])]


def _role_place(claim: Claim) -> int:
    """The place of the claim's role in the vocabulary, so that directors come before writers."""
    roles = ROLES.get(claim.kind, ())
    return roles.index(claim.role) if claim.role in roles else len(roles)


def _label(claim: Claim, label: str) -> str:
    return label or _words(claim.role or claim.kind)


def _words(name: str) -> str:
    """A name of the vocabulary as a person writes it: `limited_series` is "limited series"."""
    return printable(name.replace("_", " "), limit=60)


def _value(claim: Claim) -> Text:
    """What the claim says, without its role: name, character, firmness, authors and year."""
    value = Text()
    if claim.kind == "open_role":
        return value.append("○ ", style="magenta").append("open", style="bold magenta")
    mark, style = FIRMNESS.get(claim.modality or "", ("", ""))
    if mark:
        value.append(f"{mark} ", style=style)
    spoken = _words if claim.kind in ("status", "format") else lambda name: printable(name, limit=LONGEST_VALUE)
    value.append(spoken(claim.value or ""), style="bold")
    if claim.character:
        value.append(f" as {printable(claim.character, limit=LONGEST_VALUE)}")
    if claim.modality:
        value.append(f"  {_words(claim.modality)}", style=style)
    if claim.kind == "based_on":
        value.append(f"  {_origin(claim)}", style="dim")
    if claim.sure < 1:
        value.append(f"  {claim.sure:.0%}", style="dim")
    if claim.makers not in UNNAMED:
        value.append(f"  read by {printable(', '.join(claim.makers), limit=LONGEST_VALUE)}", style="dim")
    return value


def _origin(claim: Claim) -> str:
    """ "memoir by Mike Kim, 2008"."""
    origin = _words(claim.role or "")
    if claim.creators:
        origin += " by " + ", ".join(printable(name, limit=LONGEST_VALUE) for name in claim.creators)
    return f"{origin}, {claim.year}" if claim.year else origin


def _panel(title: Text, facts: str, blocks: list[list[Row]], width: int) -> RenderableType:
    """The rows in a frame, an empty line between blocks, `facts` on its lower edge."""
    wide = width >= WIDE
    table = Table.grid(padding=(0, 2, 0, 0), expand=True)
    table.add_column(style="cyan", no_wrap=True, max_width=20)
    table.add_column(ratio=1)
    if wide:
        table.add_column(ratio=1)
    filled = [rows for rows in blocks if rows]
    for place, rows in enumerate(filled):
        last = ""
        for row in rows:
            words = Text(f"“{printable(row.words, limit=LONGEST_QUOTE)}”", style="dim italic")
            label = "" if row.label == last else row.label
            last = row.label or last
            table.add_row(
                label, *((row.value, words) if wide else (Group(row.value, Padding(words, (0, 0, 0, row.indent))),))
            )
        if place < len(filled) - 1:
            table.add_row()
    subtitle = Text(facts, style="dim") if facts else None
    return Panel(
        table, title=title, title_align="left", subtitle=subtitle, subtitle_align="right", box=ROUNDED, width=width,
        border_style="dim", padding=(0, 1),
    )  # fmt: skip
