"""Claims -> projects: which mentions mean one project, and its state on a day. Pure functions, in numbered steps.

1. `mentions_of` sorts the claims of an article by the project they speak of.
2. `stored_keys` and `looked_up` say where a mention may meet others: nothing is compared with everything.
3. `compare` gives two of them points for being one project, and the reasons.
4. `cluster` makes groups, one a project, out of mentions and people's decisions.
5. `lanes_of` sorts a group's claims by matter, those of copies beside their original's; 6. `standings` and `open_posts`
   are its state, `conflicts` what outlets say against each other, `changes` the way there, `who_had_it_first` and
   `stages` the rest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from slatewatch.model import Decision, Mention, Project
from slatewatch.names import NOTHING_KNOWN, Known, fold, is_untitled, title_key

from .cluster import cluster
from .conflicts import conflicts
from .copies import without_copies
from .events import lanes_of
from .first import who_had_it_first
from .history import changes
from .posts import open_posts
from .stages import DORMANT_DAYS, stages
from .standings import standings
from .who import companies_in, people_in


def merge_claims(
    mentions: Iterable[Mention], decisions: Iterable[Decision] = (), known: Known = NOTHING_KNOWN
) -> list[Project]:
    """Projects out of mentions, in the order in which they were first heard of, whatever the order of the input."""
    return [project_of(group, known) for group in cluster(mentions, decisions, known)]


def project_of(
    mentions: Iterable[Mention],
    known: Known = NOTHING_KNOWN,
    *,
    as_of: str | None = None,
    today: str | None = None,
    dormant_days: int = DORMANT_DAYS,
) -> Project:
    """The record that mentions of one project add up to, on the day `as_of` (ISO) or after the last of them.

    `today` is the day from which silence is counted (today's date, if not given). Raises ValueError where no mention is
    as old as `as_of`.
    """
    whole = sorted(mentions, key=lambda m: (m.report.day, m.report.published or "", m.report.id, m.id))
    ordered = [m for m in whole if as_of is None or m.report.day <= as_of]
    if not ordered:
        raise ValueError(f"nothing was said of the project by {as_of}")
    lanes = lanes_of(ordered, people_in(ordered, known), companies_in(ordered, known))
    current = standings(lanes)
    posts, steps = open_posts(lanes)
    own = without_copies(ordered)
    last = own[-1].report.day
    now = today or as_of or max(date.today().isoformat(), last)
    return Project(
        id=project_key(whole),
        title=shown_title(own),
        titles=titles_of(own),
        reports=tuple({m.report.id: m.report for m in ordered}.values()),
        mentions=tuple(m.id for m in ordered),
        current=current,
        posts=tuple(posts),
        conflicts=conflicts(lanes),
        changes=changes(own, lanes, steps),
        stages=stages(current, posts, last=last, today=now, dormant_days=dormant_days),
        first=who_had_it_first(own),
    )


def project_key(mentions: Iterable[Mention]) -> str:
    """The id of a project: that of its earliest mention, so that it is the same in whatever order the articles came."""
    return min(mentions, key=lambda m: (m.report.day, m.report.id, m.id)).id


def titles_of(mentions: Sequence[Mention]) -> tuple[str, ...]:
    """Every title it was called by, as first written, the oldest first; then other titles that articles name."""
    used = {title_key(m.title): m.title for m in reversed(mentions)}
    ordered = dict.fromkeys(used[title_key(m.title)] for m in mentions)
    others = [c.value for m in mentions for c in m.claims if c.kind == "alias" and c.value]
    others += [title for m in mentions for title in m.called]
    return tuple(dict.fromkeys([*ordered, *(o for o in others if title_key(o) not in used)]))


def shown_title(mentions: Sequence[Mention]) -> str:
    """The last real title, in full where it was shortened, in the spelling used most."""
    real = [m.title for m in mentions if not is_untitled(m.title)]
    if not real:
        return mentions[-1].title
    last = real[-1]
    longer = [t for t in real if fold(t.partition(":")[0]) == fold(last) and ":" in t]
    key = title_key(longer[-1] if longer else last)
    spellings = Counter(t for t in real if title_key(t) == key)
    return min(spellings, key=lambda t: (-spellings[t], t.isupper(), t))
