"""HTML -> a tree of bounded size, the blocks of text in it, and what it marks in them.

Hostile markup is dealt with before any parser sees it: nothing here takes more than linear time or recurses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .errors import UnreadablePage
from .model import HintKind

if TYPE_CHECKING:
    from lxml.html import HtmlElement

#: Bounds on one page. The longest real pages have a tenth of these tags once scripts are out, and a fifth of the depth.
MOST_CHARACTERS, MOST_TAGS, DEEPEST, LONGEST_TAG = 3_000_000, 25_000, 200, 5_000

#: What XML has no place for.
_CONTROLS = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
#: Elements that go with all they hold, before parsing. A script of JSON-LD says what the page is, and stays.
_DROPPED = ("script", "style", "svg", "template", "iframe", "object", "canvas", "math")
_WORD = re.compile(r"\S+")
_START = re.compile(r"<(?:!--|(/?)([A-Za-z][A-Za-z0-9:-]*))")
_VOID = frozenset("area base br col embed hr img input link meta param source track wbr frame basefont".split())
#: Elements that people leave open; the parser closes them.
_OPEN_ENDED = frozenset("p li dt dd tr td th thead tbody tfoot option optgroup colgroup html head body".split())

#: Elements that end the line of text before them and after them.
BLOCKS = frozenset(
    "address article aside blockquote body center dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 "
    "h4 h5 h6 header hr li main nav ol p pre section summary table tbody td tfoot th thead tr ul".split()
)
MARKS: dict[str, HintKind] = {
    "i": "italic", "em": "italic", "cite": "italic", "b": "bold", "strong": "bold", "a": "link",
}  # fmt: skip
_STYLES: tuple[tuple[re.Pattern[str], HintKind], ...] = (
    (re.compile(r"font-style\s*:\s*(?:italic|oblique)", re.I), "italic"),
    (re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.I), "bold"),
)
#: Nothing in these is text of the page.
SILENT = frozenset("script style noscript select option button textarea head title".split())


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of a block that the markup sets apart, in characters of the block's text."""

    kind: HintKind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Block:
    """A line of the page as a reader sees it, white space made single, and the element that holds it."""

    text: str
    marks: tuple[Mark, ...]
    element: HtmlElement


def bounded(html: str) -> str:
    """The page without scripts, styles and comments, its overlong tags without their attributes, cut at the bounds.

    Raises UnreadablePage if elements are nested deeper than any page is.
    """
    kept: list[str] = []
    unclosed: set[str] = set()
    copied = position = length = tags = depth = 0
    while tags < MOST_TAGS and length + position - copied < MOST_CHARACTERS:
        found = _START.search(html, position)
        if not found:
            position = len(html)
            break
        start, name, closing = found.start(), (found[2] or "!").lower(), bool(found[1])
        position = _after(html, ">", found.end())
        tags += 1
        cut, instead = None, ""
        if name == "!":
            # From the second character on: `<!-->` is a whole comment.
            cut = _after(html, "-->", start + 2)
        elif name in _DROPPED and not closing and name not in unclosed and not _is_data(html[start:position]):
            cut = _after_element(html, name, position)
            if cut is None:
                unclosed.add(name)
        else:
            depth = _deeper(depth, name, closing=closing)
            if position - start > LONGEST_TAG:
                cut, instead = position, f"{found[0]}>"
        if cut is not None:
            kept += (html[copied:start], instead)
            length += start - copied
            copied = position = cut
    kept.append(html[copied:position])
    return _CONTROLS.sub(" ", "".join(kept)[:MOST_CHARACTERS])


def _deeper(depth: int, name: str, *, closing: bool) -> int:
    if name in _VOID or name in _OPEN_ENDED:
        return depth
    depth = max(0, depth - 1) if closing else depth + 1
    if depth > DEEPEST:
        raise UnreadablePage(f"its elements are nested more than {DEEPEST} deep, which no article needs; leave it out")
    return depth


def _is_data(tag: str) -> bool:
    return tag[:7].lower() == "<script" and "ld+json" in tag.lower()


def _after(html: str, end: str, position: int) -> int:
    found = html.find(end, position)
    return len(html) if found < 0 else found + len(end)


def _after_element(html: str, name: str, position: int) -> int | None:
    """Behind the next closing tag of that name. An open script or style holds the rest of the page, others nothing."""
    end = re.compile(rf"</{name}\s*>", re.I).search(html, position)
    return end.end() if end else len(html) if name in ("script", "style") else None


def parsed(html: str) -> HtmlElement:
    """The tree of a page. Raises UnreadablePage if it is nested beyond reason or holds nothing."""
    from lxml import etree
    from lxml.html import HTMLParser, document_fromstring

    # Its own bound on depth (256) holds for what `bounded` cannot count.
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        tree: HtmlElement = document_fromstring(bounded(html).encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise UnreadablePage("no text in it; check that it is the page of an article") from error
    return tree


def blocks(tree: HtmlElement, *, breaks: int = 2) -> list[Block]:
    """The lines of text in a tree, in their order. So many `br` in a row end a line; fewer are a space."""
    lines = _Lines(breaks)
    for event, element in _walk(tree):
        lines.start(element) if event == "start" else lines.end(element)
    lines.close(tree)
    return lines.done


def _walk(tree: HtmlElement) -> Iterator[tuple[str, HtmlElement]]:
    from lxml import etree

    walker = etree.iterwalk(tree, events=("start", "end"))
    for event, element in walker:
        if isinstance(element.tag, str):
            if event == "start" and element.tag in SILENT:
                walker.skip_subtree()
            yield event, element


class _Lines:
    """What `blocks` has seen so far. Text runs are kept raw and squeezed when their line ends."""

    def __init__(self, most_breaks: int) -> None:
        self.most_breaks = most_breaks
        self.done: list[Block] = []
        self.runs: list[str] = []
        self.length = 0
        self.open: list[tuple[HtmlElement, list[HintKind], int]] = []
        self.marks: list[Mark] = []
        self.breaks = 0
        self.holder: HtmlElement | None = None

    def start(self, element: HtmlElement) -> None:
        tag = element.tag
        if tag in BLOCKS:
            self.close(element)
        elif tag == "br":
            self.breaks += 1
            self.text(" ", element)
            if self.breaks >= self.most_breaks:
                self.close(element)
        if tag not in SILENT:
            if kinds := marked_as(element):
                self.open.append((element, kinds, self.length))
            self.text(element.text, element)

    def end(self, element: HtmlElement) -> None:
        if element.tag in BLOCKS:
            self.close(element)
        if self.open and self.open[-1][0] is element:
            _, kinds, start = self.open.pop()
            self.marks += [Mark(kind, start, self.length) for kind in kinds]
        parent = element.getparent()
        self.text(element.tail, element if parent is None else parent)

    def text(self, text: str | None, holder: HtmlElement) -> None:
        if text:
            self.runs.append(text)
            self.length += len(text)
            if not text.isspace():
                self.breaks = 0
                self.holder = self.holder if self.holder is not None else holder

    def close(self, element: HtmlElement) -> None:
        if self.holder is not None:
            marks = [*self.marks, *(Mark(kind, start, self.length) for _, kinds, start in self.open for kind in kinds)]
            text, places = squeezed("".join(self.runs))
            self.done.append(Block(text, tuple(_moved(marks, text, places)) if marks else (), self.holder))
        self.runs, self.marks, self.length, self.breaks, self.holder = [], [], 0, 0, None
        self.open = [(one, kinds, 0) for one, kinds, _ in self.open]


def marked_as(element: HtmlElement) -> list[HintKind]:
    """How an element sets its text apart, by its name or its style."""
    kinds = [MARKS[element.tag]] if element.tag in MARKS else []
    style = element.get("style")
    return kinds + [kind for pattern, kind in _STYLES if style and pattern.search(style) and kind not in kinds]


def squeezed(raw: str) -> tuple[str, Sequence[int]]:
    """The text with white space made single and none at its ends; for each place in `raw`, its place in the text."""
    text = " ".join(raw.split())
    if text == raw:
        return text, range(len(raw) + 1)
    places: list[int] = []
    length = 0
    for word in _WORD.finditer(raw):
        start, end = word.span()
        places += [length] * (start - len(places))
        length += length > 0
        places += range(length, length + end - start)
        length += end - start
    places += [length] * (len(raw) + 1 - len(places))
    return text, places


def _moved(marks: Iterable[Mark], text: str, places: Sequence[int]) -> Iterator[Mark]:
    """Marks of the raw text as marks of the squeezed one, without the white space at their ends."""
    for mark in marks:
        start, end = places[mark.start], min(places[mark.end], len(text))
        while start < end and text[start] == " ":
            start += 1
        while end > start and text[end - 1] == " ":
            end -= 1
        if start < end:
            yield Mark(mark.kind, start, end)
