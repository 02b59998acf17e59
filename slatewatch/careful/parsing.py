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
    records, any_json = _pieces(plain, mark)
    if records:
        return Parsed(records, whole=False)
    # `{"claims": []}` amid chatter says something: that there are none.
    return Parsed([], whole=False) if any_json and re.search(rf'"{name}"\s*:\s*\[\s*\]', plain) else None


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


def _pieces(text: str, mark: str) -> tuple[list[Record], bool]:
    """The records among whatever else there is: each place where an object begins is tried. And was there any JSON?"""
    records: list[Record] = []
    any_json = False
    for value in _objects(LOOSE_COMMA.sub(r"\1", text)):
        any_json = True
        if mark in value:
            records.append(value)
        if len(records) >= MOST:
            break
    return records, any_json


def _objects(text: str) -> Iterator[Record]:
    decoder = json.JSONDecoder(strict=False)
    at = text.find("{")
    for _ in range(ATTEMPTS):
        if at < 0:
            return
        try:
            value, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            end = at + 1
        else:
            if isinstance(value, dict):
                yield value
        at = text.find("{", end)
