"""What stands on a page around its article: which elements and lines are none of it, by residue.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from . import outlets
from .markup import SILENT, Block

if TYPE_CHECKING:
    from lxml.html import HtmlElement

#: An element is no box of residue if it holds more than this share of the page's characters.
LARGEST_BOX = 0.3
#: What is looked at of a class or an id, in characters.
LONGEST_CLASS = 500
#: Lines after the last paragraph among which a source line is looked for.
AFTER_BODY = 6

_BRACKETED = re.compile(r"[\[(]\s*(?:(?:via|source|from)\s*:?\s+)?([^\[\]()]{2,60}?)\s*[\])]\.?", re.I)
#: Elements around a picture. An `aside` may be a quotation; its words are judged by class and line alone.
_PICTURES = ("figcaption",)
_KEPT = ("html", "body", "article", "main")


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads((files(__package__) / "residue.toml").read_text("utf-8"))


@cache
def _lines() -> re.Pattern[str]:
    patterns = [one for group in _data().values() if isinstance(group, list) for one in group]
    return re.compile("|".join(f"(?:{one})" for one in patterns), re.I)


@cache
def _source() -> re.Pattern[str]:
    return re.compile(_data()["source"], re.I)


@cache
def _boxes() -> re.Pattern[str]:
    return re.compile(rf"(?:^|\s){_data()['boxes']}(?=\s|$)", re.I)


def is_source_line(line: str) -> bool:
    """Whether a line on its own names who had the story: "Source: Reel Courier", "(via QTV)", "[Deadline]"."""
    if len(line) > _data()["longest"] or _is_picture_credit(line):
        return False
    bracketed = _BRACKETED.fullmatch(line)
    return _source().fullmatch(line) is not None or bool(bracketed and outlets.find(bracketed[1]))


def _is_picture_credit(line: str) -> bool:
    return (
        re.search(r"\b(?:getty|shutterstock|wireimage|ap photo|rex features|photos?|images?)\b", line, re.I) is not None
    )


def is_residue(line: str) -> bool:
    """Whether a line is share buttons, a caption, a link to other articles or the like, and no part of an article."""
    if len(line) > _data()["longest"] or is_source_line(line):
        return False
    return _lines().fullmatch(line.strip()) is not None


def without_residue(
    paragraphs: Iterable[str], heads: Iterable[str], links: frozenset[str] = frozenset(), drop: Sequence[str] = ()
) -> list[str]:
    """The paragraphs without residue, without the headline said again, and without an outlet's own lines.

    `heads` are the headline's wordings; `links` the lines that are links from end to end: at the ends of a body they
    are menus and lists of other articles. `drop` are regular expressions over a whole line.
    """
    own = [re.compile(one, re.I) for one in drop]
    again = {_solid(head) for head in heads} - {""}
    kept = [
        line
        for line in paragraphs
        if not is_residue(line) and _solid(line) not in again and not any(one.fullmatch(line[:1000]) for one in own)
    ]
    around = [not (line in links and not is_source_line(line) and not outlets.find(line)) for line in kept]
    if not any(around):
        return kept
    first, last = around.index(True), len(around) - around[::-1].index(True)
    return kept[first:last]


def _solid(text: str) -> str:
    """A line by its letters and figures alone: a headline is said again with other quotation marks."""
    return re.sub(r"[\W_]+", "", text.casefold()) if len(text) <= 500 else text


def linked(lines: Iterable[Block]) -> frozenset[str]:
    """The texts of short lines that are links from end to end."""
    most = _data()["longest"]
    return frozenset(
        line.text
        for line in lines
        if len(line.text) <= most
        and sum(m.end - m.start for m in line.marks if m.kind == "link") >= 0.9 * len(line.text)
    )


def with_source_lines(paragraphs: Sequence[str], lines: Sequence[Block]) -> list[str]:
    """The paragraphs, with the page's source lines that stand between them or shortly after them put back."""
    places = {line.text: place for place, line in reversed(list(enumerate(lines)))}
    at = [places.get(text, -1) for text in paragraphs]
    if max(at, default=-1) < 0:
        return list(paragraphs)
    first, last = min(place for place in at if place >= 0), max(at)
    said = " ".join(paragraphs)
    found = [
        (place, line.text)
        for place, line in enumerate(lines[first : last + 1 + AFTER_BODY], first)
        if is_source_line(line.text) and line.text not in said
    ]
    whole = list(paragraphs)
    for place, text in reversed(found):
        behind = max((index for index, one in enumerate(at) if 0 <= one < place), default=-1)
        whole.insert(behind + 1, text)
    return whole


def pruned(tree: HtmlElement) -> HtmlElement:
    """The tree, once captions and the boxes that residue.toml names are taken out of it, as long as they are small."""
    boxes = [element for element in tree.iter() if isinstance(element.tag, str) and _is_box(element)]
    most = LARGEST_BOX * _length(tree)
    gone: set[HtmlElement] = set()
    for element in boxes:
        # A box inside a box that went is gone already.
        if not gone.isdisjoint(element.iterancestors()) or _length(element) > most:
            continue
        gone.add(element)
        element.drop_tree()
    return tree


def _is_box(element: HtmlElement) -> bool:
    if element.tag in _KEPT:
        return False
    if element.tag in _PICTURES:
        return True
    return any(_names_box(said[:LONGEST_CLASS]) for said in (element.get("class"), element.get("id")) if said)


@lru_cache(maxsize=4096)
def _names_box(said: str) -> bool:
    """Whether a class or an id is one of a box. Pages use the same few hundred over and over."""
    return _boxes().search(said) is not None


def _length(element: HtmlElement) -> int:
    """Characters of text, scripts and the like left out."""
    own = sum(len(one.text or "") for one in element.iter() if one.tag not in SILENT)
    return own + sum(len(one.tail or "") for one in element.iterdescendants())
