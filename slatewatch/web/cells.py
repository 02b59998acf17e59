"""The cells of the grid: the posts of one role that stand open on a project, each with its age and the words for it."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from slatewatch.answers.browsing import GridPost, GridRow

from . import links
from .wording import age, day, plain
from .written import link, safe, written


def cells(row: GridRow, roles: Sequence[str]) -> Markup:
    """A cell a role, in their order."""
    by_role: dict[str, str] = {}
    for post in row.posts:
        by_role[post.role] = by_role.get(post.role, "") + _post(post)
    return safe("".join(f"<td>{by_role.get(role, '')}</td>" for role in roles))


def _post(post: GridPost) -> str:
    old = age(post.confirmed)
    state = f"cell{'' if post.stated else ' quiet'}{' m3' if 'year' in old else ''}"
    part = f"{written(post.part[:40])} " if post.part else ""
    by = f" by {written(post.outlet)}" if post.outlet else ""
    return (
        f'<details class="{state}"><summary>{part}{old}<span class="vh"> ago, {written(plain(post.role))}</span>'
        f"</summary>"
        f'<span class="small">{written(post.why)}; since {written(day(post.since))}, confirmed '
        f"{written(day(post.confirmed))}{by}</span>{_words(post)}</details>"
    )


def _words(post: GridPost) -> str:
    said = post.evidence
    if said is None:
        return ""
    where = link("in the article", links.article(said.article, said.claim))
    return f'<blockquote dir="auto"><p>{written(said.quote)}</p><footer>{where}</footer></blockquote>'


def names(people: Sequence[str], companies: Sequence[str]) -> Markup:
    """Who leads a project, as links, and its companies."""
    led = ", ".join(link(name, links.person(name)) for name in people)
    made = ", ".join(f'<span class="small">{written(name)}</span>' for name in companies)
    return safe(f"{led}{'; ' if led and made else ''}{made}")
