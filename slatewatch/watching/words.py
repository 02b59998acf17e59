"""A free search ("any project with a director open at Netflix") -> conditions, or what in it is not understood.

The words of the trade stand in phrases.toml, names are looked up in the store. Nothing is searched for as words.
"""

from __future__ import annotations

import re
import sqlite3
import tomllib
from functools import cache
from pathlib import Path

from slatewatch.errors import BadInput
from slatewatch.model import CREDIT_ROLES
from slatewatch.names import company_key, person_key, title_key
from slatewatch.store import snapshot, watches

WORD = re.compile(r"[“\"]([^”\"]+)[”\"]|([^\s,;“”\"]+)")
#: A name or phrase has at most so many words.
LONGEST_NAME = 8
#: A cue for a person that says their role too.
ROLE_OF_CUE = {"directed": "director", "written": "writer", "produced": "producer"}
Asked = dict[str, list[str]]
#: The kinds of names, in the order in which one that fits several is taken: field, kind in the store, key.
NAMES = (("companies", "company", company_key), ("people", "person", person_key), ("projects", "title", title_key))


@cache
def phrases() -> dict[tuple[str, ...], tuple[str, str]]:
    """Folded words -> (field, value)."""
    data = tomllib.loads(Path(__file__).with_name("phrases.toml").read_text("utf-8"))
    found: dict[tuple[str, ...], tuple[str, str]] = {}
    for field in ("glue", "open", "cues", "roles", "statuses", "formats", "modalities"):
        for value, said in data[field].items():
            for phrase in said:
                found[tuple(_plain(w) for w in phrase.split())] = (field, value)
    return found


def _plain(word: str) -> str:
    return word.casefold().replace("’", "'").strip(".!?:()'")


def conditions_in(db: sqlite3.Connection, text: str) -> Asked:
    """The lists of `conditions.made_of` that a free search means. Raises BadInput for words it does not understand."""
    words = [(found[1] or found[2], bool(found[1])) for found in WORD.finditer(text)]
    asked: Asked = {}
    strange: list[str] = []
    cue, at = "", 0
    with snapshot(db):
        while at < len(words):
            length, field, value = _next(db, words, at, cue)
            if field == "strange":
                strange.append(value)
            elif field == "cues":
                cue = value
            elif field not in {"glue"}:
                asked.setdefault(field, []).append(value)
                if cue in ROLE_OF_CUE and field == "people":
                    asked.setdefault("roles", []).append(ROLE_OF_CUE[cue])
            cue = cue if field in {"cues", "glue", "open"} else ""
            at += length
    if strange or not asked:
        raise BadInput(_not_understood(text, strange, asked))
    return _open_posts(asked)


def _next(db: sqlite3.Connection, words: list[tuple[str, bool]], at: int, cue: str) -> tuple[int, str, str]:
    """(how many words, field, value) of what comes next: a quoted name, a known name, a phrase, an unknown name."""
    if words[at][1]:
        return 1, _field_of(db, words[at][0], cue) or _by_cue(cue) or "projects", words[at][0]
    run = [word for word, quoted in words[at : at + LONGEST_NAME] if not quoted]
    for length in range(len(run), 1, -1):
        name = " ".join(run[:length]).rstrip(".!?:")
        field = _field_of(db, name, cue) if _looks_like_a_name(run[:length]) else None
        if field:
            return length, field, name
        if tuple(_plain(word) for word in run[:length]) in phrases():
            return length, *phrases()[tuple(_plain(word) for word in run[:length])]
    if (_plain(run[0]),) in phrases():
        return 1, *phrases()[(_plain(run[0]),)]
    name = run[0].rstrip(".!?:")
    field = _field_of(db, name, cue)
    if field:
        return 1, field, name
    return _unknown(run, cue)


def _looks_like_a_name(run: list[str]) -> bool:
    """Not from glue to glue: "the director" is no title, though one may be called so; a title is quoted or capital."""
    ends = (phrases().get((_plain(run[0]),)), phrases().get((_plain(run[-1]),)))
    return run[0][:1].isupper() or run[0][:1].isdigit() or not any(ends)


def _unknown(run: list[str], cue: str) -> tuple[int, str, str]:
    """A name that the store has not heard of: words in capitals after a cue. Anything else is not understood."""
    length = 0
    while length < len(run) and (run[length][:1].isupper() or run[length][:1].isdigit()):
        length += 1
    field = _by_cue(cue)
    if length and field:
        return length, field, " ".join(run[:length]).rstrip(".!?:")
    return max(length, 1), "strange", " ".join(run[: max(length, 1)])


def _by_cue(cue: str) -> str | None:
    if cue in ROLE_OF_CUE:
        return "people"
    return cue or None


def _field_of(db: sqlite3.Connection, name: str, cue: str) -> str | None:
    """What a name is in the store; where it is several things, what the cue before it says, else the first of NAMES."""
    fits = [field for field, kind, key in NAMES if watches.known_as(db, kind, key(name))]
    if cue == "works":
        return "works" if fits else None
    wanted = _by_cue(cue)
    return wanted if wanted in fits else fits[0] if fits else None


def _open_posts(asked: Asked) -> Asked:
    """`open` beside roles: these posts; alone: any post. What names a role of a company stays a role."""
    if "open" not in asked:
        return asked
    posts: list[str] = [role for role in asked.get("roles", []) if role in CREDIT_ROLES] or [*CREDIT_ROLES]
    rest = [role for role in asked.get("roles", []) if role not in CREDIT_ROLES]
    return {**asked, "open": posts, "roles": rest}


def _not_understood(text: str, strange: list[str], asked: Asked) -> str:
    said = ", ".join(repr(word) for word in strange) or repr(text)
    so_far = "; ".join(f"{field} {', '.join(values)}" for field, values in asked.items())
    advice = "name it with --project, --person, --company or --based-on, or put a title in quotation marks"
    return f"not understood: {said}{f' (understood: {so_far})' if so_far else ''}; {advice}"
