"""Reading articles in a program or a notebook: sources in, articles with their claims out."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path

from .articles import read_articles
from .errors import SlatewatchError
from .frames import Table
from .model import Article, Claim
from .tabled import Tabled, record_html


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading(Tabled):
    """An article with its claims, in the order of its words."""

    article: Article
    claims: Table[Claim]

    def _repr_html_(self) -> str:
        return f"{record_html(self.article)}{self.claims._repr_html_()}"


def read(*sources: str | Path, min_sure: float = 0.0) -> Table[Reading]:
    """What articles state. A source is a file, a folder, a URL, or `-` for standard input, as for `slatewatch read`.

    Claims below the probability `min_sure` (0 to 1) are left out. A page that cannot be read is a warning, where others
    can be; where none can, its SlatewatchError is raised.
    """
    from .claims import find_claims

    readings: list[Reading] = []
    problems: list[SlatewatchError] = []
    for source in sources:
        for found in read_articles(str(source)):
            if isinstance(found, SlatewatchError):
                problems.append(found)
            else:
                claims = Table(claim for claim in find_claims(found) if claim.sure >= min_sure)
                readings.append(Reading(article=found, claims=claims))
    if problems and not readings:
        raise problems[0]
    for problem in problems:
        warnings.warn(str(problem), stacklevel=2)
    return Table(readings)
