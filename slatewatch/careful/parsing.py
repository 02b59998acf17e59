"""What a model wrote -> the records in it: fences, thoughts, chatter, lost brackets and broken ends are put up with."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Record = dict[str, Any]

#: No article states so many things; a model that says more is going round in circles.
MOST = 1_000
#: Places in one answer at which JSON may begin. Each is one attempt.
ATTEMPTS = 20_000
THOUGHTS = re.compile(r"<(think|thinking|reasoning)>.*?(?:</\1>|\Z)", re.DOTALL)
#: A comma before a closing bracket, which JSON does not know and models like.
LOOSE_COMMA = re.compile(r",(\s*[\]}])")


@dataclass(frozen=True, slots=True)
class Parsed:
    """The records of an answer. `whole`: the answer was one JSON value, as asked; else its pieces were picked out."""

    records: list[Record]
    whole: bool


def parse(text: str, name: str, mark: str) -> Parsed | None:
    """The list called `name` in an answer, or None where there is no JSON in it.

    `mark` is a field that every record has (`kind`): by it records are known where the list around them is broken.
    """
    plain = THOUGHTS.sub("", text.lstrip("\ufeff"))
    for body in (plain, *_fenced(plain)):
        value = _loads(body)
        if isinstance(value, dict | list):
            found = _listed(value, name, mark)
            if found is not None:
                return Parsed(found[:MOST], whole=True)
    records, said = _pieces(plain, name, mark)
    return Parsed(records, whole=False) if records or said else None


def _fenced(text: str) -> list[str]:
    """What stands between markdown fences, and from the first bracket to the last."""
    bodies = re.findall(r"```[\w-]*\s*\n?(.*?)(?:```|\Z)", text, re.DOTALL)[:20]
    first = min((at for at in (text.find("{"), text.find("[")) if at >= 0), default=-1)
    last = max(text.rfind("}"), text.rfind("]"))
    return [*bodies, text[first : last + 1]] if 0 <= first < last else bodies


def _loads(text: str) -> Any:
    for body in (text, LOOSE_COMMA.sub(r"\1", text)):
        try:
            return json.loads(body.strip(), strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _listed(value: Any, name: str, mark: str) -> list[Record] | None:
    """The records of the list that the value is or holds; None where it is something else."""
    if isinstance(value, dict) and name not in value and mark in value:
        return [value]
    for one in value.values() if isinstance(value, dict) else ():
        if name not in value and isinstance(one, dict) and name in one:
            value = one
            break
    rows = value.get(name) if isinstance(value, dict) else value
    if isinstance(rows, dict):
        rows = list(rows.values())
    if not isinstance(rows, list):
        return None
    return [row for row in rows if isinstance(row, dict)]


def _pieces(text: str, name: str, mark: str) -> tuple[list[Record], bool]:
    """The records among whatever else there is, and whether a list of them was, were it an empty one."""
    records: list[Record] = []
    said = False
    for value in _objects(LOOSE_COMMA.sub(r"\1", text)):
        found = _listed(value, name, mark)
        said = said or found is not None
        records += found or []
        if len(records) >= MOST:
            break
    return records[:MOST], said


def _objects(text: str) -> Iterator[Record]:
    """The JSON objects in a text, from each place where one may begin."""
    decoder = json.JSONDecoder(strict=False)
    at = text.find("{")
    for _ in range(ATTEMPTS):
        if at < 0:
            return
        try:
            value, end = decoder.raw_decode(text, at)
        except RecursionError:
            # No list of claims is so deep, and each place in such a text would be as slow as this one.
            return
        except ValueError:
            end = at + 1
        else:
            yield value
        at = text.find("{", end)
