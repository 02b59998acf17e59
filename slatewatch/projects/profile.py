"""Step 2 of merging: what a mention, or several taken together, tell of which project they mean."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from slatewatch.model import Claim, Mention
from slatewatch.names import (
    NOTHING_KNOWN,
    Known,
    company_key,
    fold,
    is_untitled,
    person_key,
    telling_words,
    title_key,
)

#: Roles whose holders help to tell which project it is.
TELLING_ROLES = frozenset({"director", "writer", "creator", "showrunner", "cast", "producer"})
#: Formats between which a project is not mistaken for another of the same family.
FAMILY = {
    "film": "film", "tv_movie": "film", "documentary": "film", "short": "film",
    "series": "series", "limited_series": "series", "docuseries": "series", "special": "series",
}  # fmt: skip
OVER = frozenset({"cancelled", "released"})


@dataclass(slots=True)
class Profile:
    """The sum of some mentions. People and companies stand by key, each with the roles it was named in."""

    titles: set[str] = field(default_factory=set)
    aliases: set[str] = field(default_factory=set)
    people: dict[str, set[str]] = field(default_factory=dict)
    companies: dict[str, set[str]] = field(default_factory=dict)
    families: set[str] = field(default_factory=set)
    sources: dict[str, set[str]] = field(default_factory=dict)
    makers: dict[str, set[str]] = field(default_factory=dict)
    parts: set[str] = field(default_factory=set)
    statuses: list[tuple[str, str]] = field(default_factory=list)
    beside: set[str] = field(default_factory=set)
    near: set[str] = field(default_factory=set)
    mentions: set[str] = field(default_factory=set)
    first: str = "9999"
    last: str = ""

    def holders(self, role: str) -> set[str]:
        return {key for key, roles in self.people.items() if role in roles}

    def add(self, mention: Mention, known: Known) -> None:
        """Take in one more mention."""
        self.titles.add(mention.title)
        self.aliases.update(mention.called)
        self.mentions.add(mention.id)
        self.beside.update(mention.beside)
        self.near.update(mention.near)
        self.first = min(self.first, mention.report.day)
        self.last = max(self.last, mention.report.day)
        for claim in mention.claims:
            role, value = claim.role or "", claim.value or ""
            if claim.kind == "credit":
                key = known.key(person_key(value))
                self.people.setdefault(key, set()).add(role)
                if claim.character:
                    self.parts.add(f"{fold(claim.character).split(' ')[0]}|{key}")
            elif claim.kind == "company":
                self.companies.setdefault(known.key(company_key(value)), set()).add(role)
            elif claim.kind == "alias":
                self.aliases.add(value)
            elif claim.kind == "based_on":
                self.sources.setdefault(fold(value), set()).add(role)
                self.makers.setdefault(role, set()).update(person_key(name) for name in claim.creators)
            elif claim.kind == "format":
                self.families.add(FAMILY.get(value, value))
            elif claim.kind == "status":
                self.statuses.append((mention.report.day, value))

    def join(self, other: Profile) -> None:
        for name in ("titles", "aliases", "families", "parts", "beside", "near", "mentions"):
            getattr(self, name).update(getattr(other, name))
        for name in ("people", "companies", "sources", "makers"):
            mine: dict[str, set[str]] = getattr(self, name)
            for key, roles in getattr(other, name).items():
                mine.setdefault(key, set()).update(roles)
        self.statuses.extend(other.statuses)
        self.first, self.last = min(self.first, other.first), max(self.last, other.last)

    def ended(self) -> str | None:
        """The day it was last said to be over (cancelled or released), None if it was said to live on after that."""
        if not self.statuses:
            return None
        day, status = max(self.statuses)
        return day if status in OVER else None


def profile_of(mentions: Iterable[Mention], known: Known = NOTHING_KNOWN) -> Profile:
    whole = Profile()
    for mention in mentions:
        whole.add(mention, known)
    return whole


def title_keys(mention: Mention) -> list[str]:
    """The keys under which a mention may meet another by its title: titles, other titles, source works of its own."""
    names = {mention.title, *mention.called} if not is_untitled(mention.title) else {*mention.called}
    for claim in mention.claims:
        if claim.value and (claim.kind == "alias" or (claim.kind == "based_on" and claim.role != "life")):
            names.add(claim.value)
    # A subtitle may be left out: `Y: The Last Man` meets `Y`.
    names |= {name.partition(":")[0] for name in list(names) if ":" in name}
    return sorted({f"t:{title_key(name)}" for name in names if title_key(name) and not is_untitled(name)})


def described_by_company(mention: Mention) -> bool:
    """Whether an untitled project is called by its company alone ("untitled New Line movie")."""
    named = {word for c in mention.claims if c.kind == "company" and c.value for word in fold(c.value).split()}
    return is_untitled(mention.title) and telling_words(mention.title) <= named


def stored_keys(mention: Mention) -> list[str]:
    """Every key a mention is found by, with a letter for what it is.

    `t:` titles. Of a titled project `p:` its telling people, `x:` the words of its title; of an untitled one `u:` the
    people, `w:` the words it is called by, `n:` the article's other projects, whose kin it may be.
    """
    people = sorted({person_key(c.value or "") for c in mention.claims if _tells(c)})
    words = sorted(telling_words(mention.title))
    if not is_untitled(mention.title):
        return title_keys(mention) + [f"p:{key}" for key in people] + [f"x:{word}" for word in words]
    keys = title_keys(mention) + [f"u:{key}" for key in people]
    if described_by_company(mention):
        return keys + [f"n:{title_key(name)}" for name in mention.near]
    # The whole description is a key beside its words, so that two of a kind share enough to be compared.
    return keys + [f"w:{word}" for word in words] + [f"w:{fold(mention.title)}"]


#: letter of a titled mention's key -> letters of the untitled mentions' keys that it may meet, and the other way round.
MEETS = {"p": "u", "x": "w", "t": "n", "u": "pu", "w": "xw", "n": "t"}


def looked_up(mention: Mention) -> list[str]:
    """The keys to look under for mentions that may be the same project though no title says so.

    Worth comparing is what shares two of these keys, or one `t:` or `n:`, where one side is untitled; two projects of
    different titles only where they share SAME_TEAM people.
    """
    keys = stored_keys(mention)
    letters = {**MEETS, "p": "pu"} if not is_untitled(mention.title) else {**MEETS, "t": ""}
    return [f"{other}:{key[2:]}" for key in keys for other in letters[key[0]]]


def _tells(claim: Claim) -> bool:
    return claim.kind == "credit" and bool(claim.value) and claim.role in TELLING_ROLES
