"""Open posts: those an article says are unfilled, and those left by their last holder and not filled since."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from slatewatch.model import Post
from slatewatch.names import fold

from .events import Event, Lane

#: Roles that one holder leaves empty. (A producer who goes leaves no post: others produce.)
LEAVES_A_POST = frozenset({"director", "writer", "showrunner", "cast", "composer", "cinematographer", "editor"})
#: Posts that one person holds at a time: a later word that someone holds it fills it, and an older holder was replaced.
ONE_AT_A_TIME = frozenset({"director", "showrunner"})
#: Posts that must have been filled once the shoot is on, and those filled once it is over.
FILLED_BY = {
    "filming": frozenset({"director", "writer", "creator", "cast", "cinematographer"}),
    "post_production": frozenset({"director", "writer", "creator", "cast", "cinematographer", "crew"}),
}
OVER = frozenset({"completed", "released"})


@dataclass(slots=True)
class _Board:
    """The posts open at a moment, by role and part, and who holds what."""

    posts: dict[tuple[str, str], Post] = field(default_factory=dict)
    holding: dict[Lane, Event] = field(default_factory=dict)
    parts: dict[str, str] = field(default_factory=dict)
    since: dict[Lane, str] = field(default_factory=dict)
    told: set[Lane] = field(default_factory=set)
    dead: bool = False
    steps: list[tuple[Event, Post, bool]] = field(default_factory=list)

    def holders(self, role: str, part: str | None) -> list[Lane]:
        return [
            lane for lane in self.holding
            if lane[1] == role and (part is None or _same_part(self.parts.get(lane[2]), part))
        ]  # fmt: skip

    def open(self, event: Event, role: str, part: str | None, why: str, *, stated: bool) -> None:
        key = (role, fold(part or ""))
        old = self.posts.get(key)
        post = Post(
            role=role, part=part, why=why if stated or not old else old.why, stated=stated or bool(old and old.stated),
            since=old.since if old else event.day, confirmed=old.confirmed if old and event.repeat else event.day,
            outlet=old.outlet if old and event.repeat else event.report.outlet,
            evidence=(event.evidence(), *(old.evidence if old else ())),
        )  # fmt: skip
        self.posts[key] = post
        if old is None:
            self.steps.append((event, post, True))

    def close(self, event: Event, keys: Sequence[tuple[str, str]]) -> None:
        for key in keys:
            self.steps.append((event, self.posts.pop(key), False))


def open_posts(lanes: Mapping[Lane, Sequence[Event]]) -> tuple[list[Post], list[tuple[Event, Post, bool]]]:
    """The posts that stand open after the last event, and every (event, post, whether it opened) on the way there.

    Article by article: 1. whoever is newly attached fills a post; 2. whoever leaves opens one, unless another holds it
    or the project is dead; 3. what is stated open stands open; 4. a shoot closes what it cannot begin without.
    """
    board = _Board()
    for batch in _by_article(lanes):
        status = next((e.claim.value or "" for e in batch if e.lane[0] == "status"), "")
        board.dead = status == "cancelled" or (board.dead and not status)
        credits = [e for e in batch if e.lane[0] == "credit"]
        _fill(board, [e for e in credits if e.state == "attached"])
        stated = {e.lane[1] for e in batch if e.lane[0] == "open_role"}
        _leave(board, [e for e in credits if e.state in {"exited", "denied"}])
        for event in batch:
            if event.lane[0] == "open_role":
                board.open(event, event.lane[1], None, "said to be open", stated=True)
        _shoot(board, batch, status, stated)
    return sorted(board.posts.values(), key=lambda p: (p.role, p.since, p.part or "")), board.steps


def _by_article(lanes: Mapping[Lane, Sequence[Event]]) -> Iterator[list[Event]]:
    batches: dict[tuple[str, str, str], list[Event]] = {}
    for events in lanes.values():
        for event in events:
            moment = (event.day, (event.report.published or "")[10:], event.report.id)
            batches.setdefault(moment, []).append(event)
    for moment in sorted(batches):
        yield sorted(batches[moment], key=lambda e: (e.claim.start, e.lane))


def _same_part(a: str | None, b: str | None) -> bool:
    """Whether two names mean one part: `Yorick` and `Yorick Brown` do."""
    left, right = set(fold(a or "").split()), set(fold(b or "").split())
    return bool(left and right) and (left <= right or right <= left)


def _fill(board: _Board, attached: Sequence[Event]) -> None:
    for event in attached:
        role, part = event.lane[1], event.claim.character
        if part:
            board.parts[event.lane[2]] = part
        new = event.lane not in board.holding
        board.holding[event.lane] = event
        if new:
            board.since[event.lane] = event.day
        if new or role in ONE_AT_A_TIME:
            board.close(event, _filled(board, role, part or board.parts.get(event.lane[2])))


def _filled(board: _Board, role: str, part: str | None) -> list[tuple[str, str]]:
    """Which posts a newcomer fills. An actor whose part is not named fills the one part that is open."""
    keys = [key for key in board.posts if key[0] == role]
    if role != "cast":
        return keys
    named = [key for key in keys if key[1]]
    if part:
        return [key for key in keys if not key[1] or _same_part(board.posts[key].part, part)]
    return [key for key in keys if not key[1]] + (named if len(named) == 1 else [])


def _leave(board: _Board, gone: Sequence[Event]) -> None:
    news = []
    for event in gone:
        held = board.holding.pop(event.lane, None)
        if event.claim.character:
            board.parts.setdefault(event.lane[2], event.claim.character)
        news.append((event, held))
    for event, held in news:
        role, part = event.lane[1], board.parts.get(event.lane[2])
        if event.state == "denied" or role not in LEAVES_A_POST or board.dead:
            continue
        if role == "cast" and not part:
            continue
        # An exit of someone not heard of before opens a post too; an exit told again does not.
        news_of_it = held is not None or event.lane not in board.told
        board.told.add(event.lane)
        if news_of_it and not _held(board, event, part) and not _newcomer(board, event, role):
            board.open(event, role, part if role == "cast" else None, f"left by {event.claim.value}", stated=False)


def _held(board: _Board, event: Event, part: str | None) -> bool:
    """Whether another still holds the post. Who was last heard of in it before the leaver came was replaced by them."""
    role = event.lane[1]
    came = board.since.get(event.lane, "") if role in ONE_AT_A_TIME else ""
    return any(board.holding[lane].day >= came for lane in board.holders(role, part if role == "cast" else None))


def _newcomer(board: _Board, event: Event, role: str) -> bool:
    """Whether the article that tells of the exit names someone whose part is not said and who came with it."""
    if role != "cast":
        return False
    return any(
        lane[1] == "cast" and held.report.id == event.report.id and lane[2] not in board.parts
        for lane, held in board.holding.items()
    )


def _shoot(board: _Board, batch: Sequence[Event], status: str, stated: set[str]) -> None:
    filled = FILLED_BY.get(status, frozenset())
    today = batch[0].report.id
    keys = [
        key for key, post in board.posts.items()
        if (key[0] in filled or status in OVER) and key[0] not in stated and post.evidence[0].article != today
    ]  # fmt: skip
    event = next((e for e in batch if e.lane[0] == "status"), batch[0])
    board.close(event, keys)
