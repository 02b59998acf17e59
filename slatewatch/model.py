"""The records that flow through slatewatch, and the words they may use.

Page -> Article -> Claim -> Project. Every record is flat, frozen and keyword-only; nothing here imports the rest of
the package, but for how a notebook shows a record. The vocabularies are those of docs/claims.md.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal, get_args

from .tabled import Tabled

Kind = Literal[
    "credit", "company", "based_on", "open_role", "status", "format", "date", "location", "alias",
    "affiliation", "place", "known_for", "representation", "source",
]  # fmt: skip
CreditRole = Literal[
    "director", "writer", "creator", "showrunner", "producer", "executive_producer",
    "cast", "composer", "cinematographer", "editor", "crew",
]  # fmt: skip
CompanyRole = Literal["production", "studio", "network", "distributor", "financier", "sales", "rights"]
SourceWork = Literal[
    "book", "novel", "memoir", "comic", "article", "play", "podcast", "game", "film", "series",
    "short_story", "life", "toy", "other",
]  # fmt: skip
DateRole = Literal["start", "wrap", "release", "premiere"]
Modality = Literal["attached", "in_talks", "interest", "exited", "denied"]
Status = Literal[
    "pitch", "optioned", "treatment", "script", "development", "greenlit", "pre_production", "filming",
    "post_production", "completed", "released", "turnaround", "stalled", "cancelled",
]  # fmt: skip
Format = Literal["film", "series", "limited_series", "tv_movie", "documentary", "docuseries", "short", "special"]
Judgement = Literal["same", "different", "unsure"]
Clock = Literal["credited", "published", "feed", "first_seen", "archive"]
HintKind = Literal["italic", "quoted", "link", "bold"]

KINDS: tuple[Kind, ...] = get_args(Kind)
CREDIT_ROLES: tuple[CreditRole, ...] = get_args(CreditRole)
COMPANY_ROLES: tuple[CompanyRole, ...] = get_args(CompanyRole)
SOURCE_WORKS: tuple[SourceWork, ...] = get_args(SourceWork)
DATE_ROLES: tuple[DateRole, ...] = get_args(DateRole)
MODALITIES: tuple[Modality, ...] = get_args(Modality)
STATUSES: tuple[Status, ...] = get_args(Status)
FORMATS: tuple[Format, ...] = get_args(Format)

#: The kinds that speak of a project, of a person or company, and the roles each kind allows.
PROJECT_KINDS: tuple[Kind, ...] = (
    "credit", "company", "based_on", "open_role", "status", "format", "date", "location", "alias",
)  # fmt: skip
TIE_KINDS: tuple[Kind, ...] = ("affiliation", "place", "known_for", "representation")
CORE_KINDS: tuple[Kind, ...] = (*PROJECT_KINDS, "source")
ROLES: dict[Kind, tuple[str, ...]] = {
    "credit": CREDIT_ROLES,
    "open_role": CREDIT_ROLES,
    "company": COMPANY_ROLES,
    "based_on": SOURCE_WORKS,
    "date": DATE_ROLES,
}


#: Makers that need no word: the reader that ships with slatewatch, alone, and whoever labelled an article.
UNNAMED: tuple[tuple[str, ...], ...] = (("slatewatch",), ("labelled",))


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Tabled):
    """Bytes as they came, with where and when they were found.

    `name` is what the user called it (a path, a URL, `-`); `seen` an ISO time of the fetch or of the archive record;
    `archive` and `offset` say which archive file holds it, in bytes from its start.
    """

    name: str
    body: bytes
    url: str | None = None
    media_type: str | None = None
    seen: str | None = None
    archive: str | None = None
    offset: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint(Tabled):
    """What the markup says of a stretch of `Article.words`, in characters: `words[start:end]` is in italics, say."""

    kind: HintKind
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Article(Tabled):
    """The text of one page. Dates are ISO (`2015-04-16`, or with a time), None where the page does not say."""

    id: str
    title: str
    text: str
    url: str | None = None
    outlet: str | None = None
    author: str | None = None
    published: str | None = None
    modified: str | None = None
    language: str | None = None
    seen: str | None = None
    hints: tuple[Hint, ...] = ()

    @property
    def words(self) -> str:
        """Title, blank line and text: the one string that every offset counts in."""
        return f"{self.title}\n\n{self.text}"

    @property
    def hash(self) -> str:
        """What tells one version of the article from another: 16 hex digits over title and text."""
        return hashlib.sha256(self.words.encode("utf-8", "surrogatepass")).hexdigest()[:16]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim(Tabled):
    """One thing that one article states, with the words that state it: `article.words[start:end] == quote`.

    `project` is the title as the article gives it (None for ties and sources), `subject` the person or company of a
    tie. `sure` is the probability, 0 to 1, that the claim is right; `maker` names the reader that made it, `also` other
    readers that made the same. None of these is part of what the claim says.
    """

    kind: Kind
    article: str
    quote: str
    start: int
    end: int
    project: str | None = None
    subject: str | None = None
    role: str | None = None
    value: str | None = None
    modality: Modality | None = None
    character: str | None = None
    creators: tuple[str, ...] = ()
    year: int | None = None
    sure: float = 1.0
    maker: str = "slatewatch"
    also: tuple[str, ...] = ()

    @property
    def makers(self) -> tuple[str, ...]:
        """Every reader that made the claim."""
        return (self.maker, *self.also)

    @property
    def id(self) -> str:
        """20 hex digits over what the claim says and where, so that reading an article twice changes nothing."""
        said = (
            self.article, self.kind, self.project, self.subject, self.role, self.value, self.modality, self.character,
            "\x1e".join(self.creators), self.year, self.quote, self.start, self.end,
        )  # fmt: skip
        return hashlib.sha256("\x1f".join("" if v is None else str(v) for v in said).encode()).hexdigest()[:20]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report(Tabled):
    """An article as merging sees it. `day` is the ISO date it is sorted by, taken from `clock`.

    `published` is the earliest publication date that the page has borne, `moved` the latest, where it was changed.
    `copy_of` is the article whose words it passes on, where it says nothing of its own.
    """

    id: str
    day: str
    outlet: str | None = None
    clock: Clock = "published"
    published: str | None = None
    url: str | None = None
    title: str = ""
    moved: str | None = None
    copy_of: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention(Tabled):
    """One project in one article: its claims there, under the title used there. `id` names it for good (12 hex digits).

    `sources` are the outlets that the article credits with this project's news, who had it first in front; `near` the
    titles and source works of the article's other projects, `beside` their mention ids; `called` other titles that the
    text gives this one.
    """

    id: str
    title: str
    report: Report
    claims: tuple[Claim, ...]
    sources: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    called: tuple[str, ...] = ()

    @property
    def voice(self) -> str:
        """Whose word it is: the outlet credited, where it is exactly one, else the article's own."""
        return self.sources[0] if len(self.sources) == 1 else self.report.outlet or self.report.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence(Tabled):
    """The words behind a value. `repeat` marks a report that only passes on what `voice` had already said.

    `copy_of` is the article of which this one is a copy; `makers` are the readers that made the claim.
    """

    claim: str
    article: str
    day: str
    quote: str
    start: int
    end: int
    outlet: str | None = None
    voice: str | None = None
    url: str | None = None
    modality: Modality | None = None
    repeat: bool = False
    copy_of: str | None = None
    makers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing(Tabled):
    """One line of a project's state. `since` is the day it came to stand so, `confirmed` the last it was said anew."""

    kind: Kind
    role: str | None
    value: str
    key: str
    modality: Modality | None = None
    character: str | None = None
    creators: tuple[str, ...] = ()
    year: int | None = None
    names: tuple[str, ...] = ()
    since: str
    confirmed: str
    outlet: str | None = None
    voices: int = 1
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Post(Tabled):
    """A post that stands open: said to be so (`stated`), or left by its last holder and not filled since."""

    role: str
    why: str
    stated: bool
    since: str
    confirmed: str
    outlet: str | None = None
    part: str | None = None
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict(Tabled):
    """What one outlet says against another on one matter at one time: nobody has settled it."""

    role: str
    values: tuple[str, ...]
    articles: tuple[str, ...]
    why: str
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class First(Tabled):
    """Who had a project first, by which clock. `moved` is the date that the article was moved to."""

    outlet: str | None
    published: str | None
    clock: Clock
    article: str
    url: str | None = None
    moved: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage(Tabled):
    """A stage computed from claims (packaging, financing, pre-sales, dormant), with the reason."""

    name: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change(Tabled):
    """One step in a project's history. `before` is None for what is new; `id` (20 hex digits) stays for good."""

    id: str
    day: str
    article: str
    kind: str
    role: str | None
    value: str
    before: str | None
    after: str
    outlet: str | None = None
    url: str | None = None
    claim: str | None = None
    quote: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Project(Tabled):
    """One project: everything the articles up to a day say of it, each value with its evidence."""

    id: str
    title: str
    titles: tuple[str, ...]
    reports: tuple[Report, ...]
    mentions: tuple[str, ...]
    current: tuple[Standing, ...]
    posts: tuple[Post, ...]
    conflicts: tuple[Conflict, ...]
    changes: tuple[Change, ...]
    stages: tuple[Stage, ...]
    first: First


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision(Tabled):
    """A person's word on whether two things are one. `left` and `right` are mention ids, or keys of names."""

    left: str
    right: str
    judgement: Judgement
    by: str
    at: str
    why: str = ""
    about: Literal["project", "person", "company"] = "project"
