"""Stages that no article names but its claims add up to, each with the reason."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from slatewatch.model import Post, Stage, Standing

from .events import days_between

#: A project of which nothing was heard for so many days is dormant, unless the caller says otherwise.
DORMANT_DAYS = 365
BEFORE_SHOOT = frozenset({"pitch", "optioned", "treatment", "script", "development", "greenlit", "pre_production"})
OVER = frozenset({"completed", "released", "cancelled"})


def stages(
    current: Sequence[Standing], posts: Iterable[Post], *, last: str, today: str, dormant_days: int = DORMANT_DAYS
) -> tuple[Stage, ...]:
    """Packaging, financing, pre-sales and dormant, as far as the standings show them on the day `today`.

    `last` is the day of the last article on the project.
    """
    status = next((s.value for s in current if s.kind == "status"), None)
    if status in OVER:
        return ()
    found = []
    early = status is None or status in BEFORE_SHOOT
    people = {
        role: [s.value for s in current if s.role == role and s.modality == "attached"] for role in ("director", "cast")
    }
    money = {
        role: [s.value for s in current if s.kind == "company" and s.role == role and s.modality == "attached"]
        for role in ("studio", "network", "financier", "sales", "distributor")
    }
    vacant = {post.role for post in posts}
    for have, want in (("director", "cast"), ("cast", "director")):
        if early and people[have] and (want in vacant or not people[want]):
            lack = "is open" if want in vacant else "is not known"
            found.append(Stage(name="packaging", why=f"{have} {people[have][0]} is in, {want} {lack}"))
            break
    if early and not (money["studio"] or money["network"]):
        if money["financier"]:
            found.append(Stage(name="financing", why=f"{money['financier'][0]} pays, no studio or network is in"))
        elif people["director"] and people["cast"]:
            found.append(Stage(name="financing", why="director and cast are in, no studio, network or financier is"))
    if early and money["sales"]:
        found.append(Stage(name="pre-sales", why=f"{money['sales'][0]} sells it before it is shot"))
    quiet = days_between(last, today)
    if quiet >= dormant_days:
        found.append(Stage(name="dormant", why=f"nothing heard for {quiet} days, since {last}"))
    return tuple(found)
