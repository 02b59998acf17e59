"""`slatewatch decide` and `slatewatch review`: a person's word on what is one and what is not."""

from __future__ import annotations

from typing import Literal, cast

import click

from .tables import echo_json, echo_table, opened


@click.command("decide")
@click.argument("left")
@click.argument("right")
@click.argument("judgement", type=click.Choice(["same", "different", "unsure"]))
@click.option("--about", type=click.Choice(["project", "person", "company"]), default="project", show_default=True,
              help="What LEFT and RIGHT are.")  # fmt: skip
@click.option("--by", help="Who decides (you, if not said).")
@click.option("--why", default="", help="The reason, for whoever looks later.")
@click.option("--json", "as_json", is_flag=True, help="Print the decision as one line of JSON.")
@click.pass_obj
def decide(
    settings: dict[str, object],
    left: str,
    right: str,
    judgement: str,
    about: str,
    by: str | None,
    why: str,
    as_json: bool,
) -> None:
    """Say that LEFT and RIGHT are the same project (person, company), or different ones. It outlives every rebuild.

    Projects go by id or title. To split a wrong merge, name two of its articles: by their ids, by ARTICLE#TITLE, or by
    the mention ids that `slatewatch show` lists.

    \b
    Examples:
      slatewatch decide "Harbour Lights" "untitled Marrow thriller" same
      slatewatch decide article-7 article-31 different --why "the 2014 film was another"
      slatewatch decide --about person "Jo Marrow" "Joanna Marrow" same
    """
    from .. import answers

    with opened(settings, write=True) as db:
        decision = answers.decide(
            db, left, right, cast(Literal["same", "different", "unsure"], judgement), by=by, why=why,
            about=cast(Literal["project", "person", "company"], about),
        )  # fmt: skip
    if as_json:
        echo_json([decision])
    elif not settings["quiet"]:
        click.echo(f"slatewatch: {left} and {right}: {judgement}, by {decision.by}", err=True)


@click.command("review")
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="At most so many.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON a pair.")
@click.pass_obj
def review(settings: dict[str, object], limit: int, as_json: bool) -> None:
    """Pairs of projects that may be one, the most useful to decide first; `slatewatch decide` settles them.

    \b
    Example:
      slatewatch review --limit 5
    """
    from .. import answers

    with opened(settings) as db:
        pairs = answers.review(db, limit=limit)
    if as_json:
        echo_json(pairs)
        return
    rows = ((f"{p.left.title} {p.left.id}", f"{p.right.title} {p.right.id}", f"{p.score:.1f}", p.why) for p in pairs)
    echo_table(("one", "other", "points", "why"), rows, empty="no pair is in doubt")
