"""What the questions are answered with: plain records, each value with the words behind it."""

from __future__ import annotations

from dataclasses import dataclass

from slatewatch.model import Article, Change, Claim, Decision, Evidence, Project
from slatewatch.tabled import Tabled


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectRow(Tabled):
    """A project in a list. Days are ISO; `articles` and `conflicts` are numbers."""

    id: str
    title: str
    titles: tuple[str, ...]
    format: str | None
    status: str | None
    first_day: str
    last_day: str
    first_outlet: str | None
    first_clock: str
    articles: int
    open_roles: tuple[str, ...]
    conflicts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AlsoIn(Tabled):
    """Another article of the same words."""

    article: str
    outlet: str | None
    day: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleRow(Tabled):
    """An article in a list. `sources` are the outlets it credits, `projects` (id, title) of those it speaks of.

    `copy_of` is the article whose words it passes on; `also_in` are all others of these words, where that was asked.
    """

    id: str
    title: str
    outlet: str | None
    url: str | None
    day: str
    published: str | None
    clock: str
    moved: str | None
    versions: int
    sources: tuple[str, ...] = ()
    projects: tuple[tuple[str, str], ...] = ()
    copy_of: str | None = None
    also_in: tuple[AlsoIn, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRow(Tabled):
    """A change with its project. `noted` is when the store learned of it (ISO time)."""

    project: str
    title: str
    noted: str
    change: Change


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedItem(Tabled):
    """An article and what it changed."""

    article: ArticleRow
    changes: tuple[ChangeRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubtRow(Tabled):
    """Two projects that may be one, with the points for it and the reasons."""

    left: ProjectRow
    right: ProjectRow
    score: float
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MentionRow(Tabled):
    """A project in one article, by the id that `decide` takes."""

    id: str
    article: str
    title: str
    day: str
    outlet: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifier(Tabled):
    """What something (`about` it: a person, company, project or source work) is called elsewhere, and why that is held.

    `scheme` is imdb, tmdb (`movie/603`, `tv/1399`, `person/31`) or wikidata; `by` an import, or a person.
    """

    about: str
    name: str
    scheme: str
    value: str
    url: str | None
    why: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusElsewhere(Tabled):
    """Another catalogue's word for how far a project is, those of ours it may mean, and whether ours is one of them."""

    scheme: str
    word: str
    means: tuple[str, ...]
    agrees: bool | None
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectPage(Tabled):
    """Everything on one project. `asked` is the id it was asked for by, where that now leads here from elsewhere."""

    project: Project
    articles: tuple[ArticleRow, ...]
    mentions: tuple[MentionRow, ...]
    decisions: tuple[Decision, ...]
    doubts: tuple[DoubtRow, ...]
    asked: str | None = None
    as_of: str | None = None
    ids: tuple[Identifier, ...] = ()
    elsewhere: tuple[StatusElsewhere, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRow(Tabled):
    """A post that stands open on a project: the grid has one line for each."""

    project: ProjectRow
    role: str
    part: str | None
    why: str
    stated: bool
    since: str
    confirmed: str
    outlet: str | None
    people: tuple[str, ...]
    companies: tuple[str, ...]
    evidence: Evidence | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NameRow(Tabled):
    """A person or company in a list, with the number of its projects and the day of the last news of any."""

    key: str
    name: str
    projects: int
    last_day: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditRow(Tabled):
    """One part that a person or company has in a project."""

    project: ProjectRow
    role: str
    modality: str
    character: str | None
    since: str
    confirmed: str
    outlet: str | None
    voices: int
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TieRow(Tabled):
    """What articles say of a person or company themselves: employer, place, known works, agents."""

    kind: str
    value: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NamePage(Tabled):
    """A person or a company: its parts in projects, its ties, and who works there (of a company)."""

    about: str
    key: str
    name: str
    names: tuple[str, ...]
    credits: tuple[CreditRow, ...]
    ties: tuple[TieRow, ...]
    people: tuple[TieRow, ...] = ()
    decisions: tuple[Decision, ...] = ()
    ids: tuple[Identifier, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRow(Tabled):
    """One version of an article. `diff` is unified, from the version before; None for the first.

    `brought` are the claims that the version before did not make, `dropped` those that only it made.
    """

    hash: str
    title: str
    published: str | None
    modified: str | None
    first_seen: str
    diff: str | None
    brought: tuple[Claim, ...] = ()
    dropped: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EditRow:
    """An edit of an article: the version that it made."""

    article: ArticleRow
    version: VersionRow


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedClaim(Tabled):
    """A claim with the project that its mention is in now."""

    claim: Claim
    project: str | None
    title: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticlePage(Tabled):
    """An article with its claims in the order of its words, its versions, and what it changed."""

    article: Article
    row: ArticleRow
    claims: tuple[PlacedClaim, ...]
    versions: tuple[VersionRow, ...]
    changes: tuple[ChangeRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletRow(Tabled):
    """An outlet with the number of its articles and of the projects it had first."""

    outlet: str
    articles: int
    firsts: int
    credited: int
    first_day: str
    last_day: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteRow(Tabled):
    """Words found in an article, and the project that they speak of."""

    quote: str
    article: str
    outlet: str | None
    day: str
    url: str | None
    project: str | None
    title: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found(Tabled):
    """What a search has found, the likeliest first; of quotes, the newest."""

    projects: tuple[ProjectRow, ...]
    people: tuple[NameRow, ...]
    companies: tuple[NameRow, ...]
    quotes: tuple[QuoteRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts(Tabled):
    """How much the store holds."""

    articles: int
    claims: int
    projects: int
    people: int
    companies: int
    outlets: int
    open_posts: int
    changes: int
    decisions: int
    last_day: str | None
