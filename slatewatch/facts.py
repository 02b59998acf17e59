"""What an HTML page says of itself: headline, outlet, author, dates, address, language."""

from __future__ import annotations

import html
import json
import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from . import outlets
from .markup import Block, squeezed

if TYPE_CHECKING:
    from lxml.html import HtmlElement

#: The longest value that is taken from a page, in characters.
LONGEST = 500
#: Objects of JSON-LD that are looked at.
MOST_OBJECTS = 500
EARLIEST = date(1990, 1, 1)

#: The remarks of a library would reach standard error.
_UNHEARD = logging.NullHandler()
_ARTICLE_TYPE = re.compile(r"(?:Article|BlogPosting|Posting|Report)$")
#: A bar and up to four words at the end of a title.
_BEHIND_BAR = re.compile(r"\s*[|»]\s*[^\s|»]+(?:\s+[^\s|»]+){0,3}$")
_SEPARATED = re.compile(r"\s+[|\-–—»:·•]+\s+|\s*[|»]\s*")
#: A day in words, either way round. One in figures (4/5/2015) is left: outlets differ in which comes first.
_DAY = re.compile(
    r"\b(?:(?P<m>[A-Z][a-z]{2,8})\.? (?P<d>\d{1,2})|(?P<d2>\d{1,2}) (?P<m2>[A-Z][a-z]{2,8})\.?),? (?P<y>\d{4})\b"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_PUBLISHED = (
    "article:published_time", "datepublished", "og:published_time", "parsely-pub-date", "sailthru.date", "pubdate",
    "publishdate", "publish-date", "publication_date", "dc.date.issued", "dc.date", "dcterms.created", "date",
)  # fmt: skip
_MODIFIED = ("article:modified_time", "datemodified", "og:updated_time", "dcterms.modified", "lastmod", "last-modified")
_AUTHOR = ("author", "article:author", "dc.creator", "parsely-author", "sailthru.author", "byl")
#: A handle, an address or the name of what runs a blog is no name of an outlet.
_NO_OUTLET = re.compile(r"^@|://|^(?:blogger|wordpress(?:\.com)?|medium|tumblr|blogspot|my ?site|untitled)$", re.I)
#: Where a byline ends: a date or a job follows the name.
_BYLINE_END = re.compile(
    r"\s*[|•·@]\s*|\s+on\s+|\s+\d"
    r"|\s+(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|may|june"
    r"|july|august|september|october|november|december)\b",
    re.I,
)
#: "Posted by Rosa Stroud on March 9, 2004", "By Rosa Stroud | 9 March 2004", "Published: March 9, 2004".
_POSTED = re.compile(
    r"(?P<word>posted|published|written|submitted|filed)?:?\s*(?:by:?\s+(?P<who>[^\W\d][\w.’' -]{2,50}?))?"
    r"(?:\s+(?:on|at)\b|\s*[:,|•·–-])*\s+(?P<rest>(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s+)?"
    r"(?:[A-Z][a-z]{2,8}\.? \d|\d{1,2}(?:st|nd|rd|th)? [A-Z]).*)",
    re.I,
)
_BYLINE = re.compile(r"^(?:posted |written |words |story )?by:?\s+", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the page says; None where it does not. `site` is the outlet's name in the page's own words."""

    title: str = ""
    site: str | None = None
    outlet: str | None = None
    author: str | None = None
    published: str | None = None
    modified: str | None = None
    url: str | None = None
    language: str | None = None


def facts_of(tree: HtmlElement, lines: Sequence[Block], url: str | None) -> Facts:
    """All that a page says of itself. `lines` are its blocks, `url` is where it was found."""
    meta, data = _metas(tree), _article_data(tree)
    address = _address(tree, meta, data, url)
    named = (_name(data.get("publisher")), *(_text(meta.get(name)) for name in ("og:site_name", "application-name")))
    site = next((name for name in named if name and not _NO_OUTLET.search(name)), None)
    who, when = _posted(lines)
    published = _day(data.get("datePublished")) or _first_day(meta, _PUBLISHED) or _timed(tree, modified=False)
    return Facts(
        title=_title(tree, meta, data, lines, site, address),
        site=site,
        outlet=outlet_of(site, address, url) or site,
        author=_author(tree, meta, data) or who,
        published=published or when or _guessed(tree, address),
        modified=_day(data.get("dateModified")) or _first_day(meta, _MODIFIED) or _timed(tree, modified=True),
        url=address,
        language=_language(tree, meta, data),
    )


def outlet_of(*said: str | None) -> str | None:
    """The name of the outlet that the first of these names, addresses or domains stands for, if one is known."""
    for one in said:
        if one and (found := outlets.find(one)):
            return found.name
    return None


def _text(value: object) -> str | None:
    """A value of a page as one line of plain text: entities and tags out, white space single."""
    if not isinstance(value, str):
        return None
    text = re.sub(r"</?[A-Za-z][^<>]{0,200}>", "", html.unescape(value[: 2 * LONGEST]))
    return squeezed(text)[0][:LONGEST] or None


def _metas(tree: HtmlElement) -> dict[str, str]:
    """The first content of each `meta`, by its name, property or itemprop in small letters."""
    found: dict[str, str] = {}
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop")
        content = element.get("content")
        if name and content and content.strip():
            found.setdefault(name.strip().lower(), content)
    return found


def _first(meta: dict[str, str], *names: str) -> str | None:
    return next((text for name in names if (text := _text(meta.get(name)))), None)


def _article_data(tree: HtmlElement) -> dict[str, Any]:
    """The first object of the page's JSON-LD that is an article, empty if there is none."""
    objects = list(_objects(tree))
    for one in objects:
        types = one.get("@type")
        if any(isinstance(t, str) and _ARTICLE_TYPE.search(t) for t in (types if isinstance(types, list) else [types])):
            return one
    return next((one for one in objects if "headline" in one), {})


def _objects(tree: HtmlElement) -> Iterator[dict[str, Any]]:
    waiting: list[Any] = []
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or "").lower():
            try:
                waiting.append(json.loads(script.text_content(), strict=False))
            except (ValueError, RecursionError):
                # Broken data is as good as none: the page has other places that say the same.
                continue
    for _ in range(MOST_OBJECTS):
        if not waiting:
            return
        one = waiting.pop(0)
        if isinstance(one, list):
            waiting = [*one[:MOST_OBJECTS], *waiting]
        elif isinstance(one, dict):
            yield one
            waiting += [one[key] for key in ("@graph", "mainEntity", "mainEntityOfPage") if key in one]


def _name(value: object) -> str | None:
    """The name of a person or organization in JSON-LD; of a list of them, all names."""
    if isinstance(value, list):
        return ", ".join(dict.fromkeys(name for one in value[:10] if (name := _name(one)))) or None
    return _text(value.get("name") if isinstance(value, dict) else value)


def _title(
    tree: HtmlElement,
    meta: dict[str, str],
    data: dict[str, Any],
    lines: Sequence[Block],
    site: str | None,
    url: str | None,
) -> str:
    """The headline: of JSON-LD, `og:title`, the first `h1`, `title`; the site's name is no part of it.

    Where the first of them is but the beginning of the `h1`, the `h1` is the whole of it. Where there is but a `title`,
    the part of it that stands in the page as a line is the headline.
    """
    heads = [text for element in tree.iter("h1") if (text := _text(" ".join(element.itertext())))]
    named = next((text for element in tree.iter("title") if (text := _text(element.text))), None)
    first = _text(data.get("headline")) or _first(meta, "og:title", "twitter:title")
    title = _without_site(first, site, url) if first else None
    for head in heads:
        if title and head.startswith(title.rstrip("….")) and len(title) >= 20:
            return head
    own = [head for head in heads if not _is_site(head, site, url)]
    if title:
        return title
    whole = _without_site(named, site, url) if named else ""
    said = _said(whole, lines)
    # Of several, the one that the page's title repeats: a masthead is an h1 as well.
    head = next((head for head in own if whole and head in whole), own[0] if own else "")
    return said if not head or _is_masthead(head, whole, said) else head


def _is_masthead(head: str, title: str, said: str) -> bool:
    """Whether an `h1` is only what follows the headline in `Headline | Site`. No site has a name of five words."""
    return len(said.split()) > 4 and said != title and title.startswith(said) and title.endswith(head)


def _said(title: str, lines: Sequence[Block]) -> str:
    """The longest part of a title, at its beginning or end, that is a line of the page.

    If none is, all of it but what a bar sets apart at its end, if that is as short as the name of a site.
    """
    texts = {line.text for line in lines}
    cuts = list(re.finditer(r"\s+[|\-–—»:·•]+\s+|\s*[|»]\s*|:\s+", title))
    parts = [part for cut in cuts for part in (title[: cut.start()], title[cut.end() :])]
    behind = _BEHIND_BAR.search(title)
    rest = title[: behind.start()] if behind and len(title[: behind.start()].split()) > 3 else title
    return max((part for part in parts if part in texts and len(part.split()) > 2), key=len, default=rest)


def _without_site(title: str, site: str | None, url: str | None) -> str:
    """The title without parts at its ends that name the site: `Title | Site`, `Site: Title`."""
    parts = list(_SEPARATED.finditer(title))
    if parts and _is_site(title[parts[-1].end() :], site, url):
        return _without_site(title[: parts[-1].start()], site, url)
    if parts and _is_site(title[: parts[0].start()], site, url):
        return _without_site(title[parts[0].end() :], site, url)
    return title


def _is_site(part: str, site: str | None, url: str | None) -> bool:
    def solid(text: str) -> str:
        return re.sub(r"^the|\W|_", "", text.lower())

    host = re.sub(r"^www\.", "", urlsplit(url).hostname or "") if url else ""
    names = {solid(site or ""), solid(host), solid(host.rpartition(".")[0])} - {""}
    known = outlets.find(host) if host else None
    names |= {solid(name) for name in known.names} if known else set()
    return solid(part) in names


def _author(tree: HtmlElement, meta: dict[str, str], data: dict[str, Any]) -> str | None:
    names = [_name(data.get("author")), *(_text(meta.get(name)) for name in _AUTHOR), *_bylines(tree)]
    for name in names:
        name = _BYLINE.sub("", name).strip() if name else ""
        if name and "://" not in name and len(name) <= 100 and not name.startswith("@") and name.lower() != "admin":
            return name
    return None


def _bylines(tree: HtmlElement) -> Iterator[str | None]:
    for path in (
        "//a[@rel='author']", "//*[@itemprop='author']",
        "//*[contains(concat(' ', @class, ' '), ' author ') or contains(concat(' ', @class, ' '), ' byline ')]",
    ):  # fmt: skip
        for element in tree.xpath(path)[:3]:
            text = _text(" ".join(element.itertext()))
            # A byline with a date or a job title behind the name ends at the name.
            yield _BYLINE_END.split(text)[0] if text else None


def _day(value: object) -> str | None:
    """An ISO date, with its time where one is given, from what a page calls a date; None if it is none."""
    text = _text(value)
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(re.sub(r"(\.\d{3})\d+", r"\1", text))
    except ValueError:
        start = re.match(r"\d{4}-\d\d-\d\d", text)
        return _within(start[0]) if start else _spelled_day(text)
    return _within(moment.isoformat(timespec="seconds") if len(text) > 10 else moment.date().isoformat())


def _spelled_day(text: str) -> str | None:
    """The ISO date of the first day that is spelled out ("April 16, 2015", "16th Apr. 2015")."""
    for found in _DAY.finditer(re.sub(r"(?<=\d)(?:st|nd|rd|th)\b", "", text)):
        month, day = found["m"] or found["m2"], found["d"] or found["d2"]
        if month[:3].lower() in _MONTHS:
            return _within(f"{found['y']}-{_MONTHS.index(month[:3].lower()) + 1:02}-{int(day):02}")
    return None


def _within(day: str) -> str | None:
    """The date, if news can be of that day: neither before the web nor in years to come."""
    try:
        when = date.fromisoformat(day[:10])
    except ValueError:
        return None
    return day if when >= EARLIEST and when.year <= date.today().year + 1 else None


def _first_day(meta: dict[str, str], names: tuple[str, ...]) -> str | None:
    return next((day for name in names if (day := _day(meta.get(name)))), None)


def _timed(tree: HtmlElement, *, modified: bool) -> str | None:
    """The date of the first `time` element that is, or is not, one of a change."""
    for element in tree.iter("time", "abbr"):
        said = f"{element.get('class') or ''} {element.get('itemprop') or ''}".lower()
        changed = "modif" in said or ("updated" in said and "published" not in said)
        aside = next(element.iterancestors("aside", "footer", "nav", "li"), None) is not None
        if changed == modified and not aside:
            day = _day(element.get("datetime") or element.get("title")) or _day(" ".join(element.itertext()))
            if day:
                return day
    return None


def _guessed(tree: HtmlElement, url: str | None) -> str | None:
    """The publication day as htmldate works it out from address, header and date lines."""
    from htmldate import find_date
    from lxml import etree

    logging.getLogger("htmldate").addHandler(_UNHEARD)
    try:
        day: str | None = find_date(tree, url=url, original_date=True, extensive_search=False)
    except (etree.LxmlError, ValueError, TypeError, AttributeError, IndexError, OverflowError, RecursionError):
        return None
    return _within(day) if day else None


def _posted(lines: Sequence[Block]) -> tuple[str | None, str | None]:
    """Who posted the page and the ISO date, from a line such as "Posted by Rosa Stroud on March 9, 2004"."""
    for line in lines[:MOST_OBJECTS]:
        found = _POSTED.match(line.text) if len(line.text) <= 120 else None
        if found and (found["word"] or found["who"]) and (day := _spelled_day(found["rest"][:40])):
            return found["who"], day
    return None, None


def _address(tree: HtmlElement, meta: dict[str, str], data: dict[str, Any], url: str | None) -> str | None:
    """The canonical http(s) address that the page gives, else the one it was found at."""
    links = [
        element.get("href")
        for element in tree.iter("link")
        if "canonical" in (element.get("rel") or "").lower().split()
    ]
    page = data.get("mainEntityOfPage")
    said = [*links, meta.get("og:url"), page.get("@id") if isinstance(page, dict) else page, data.get("url")]
    for one in said:
        try:
            whole = urljoin(url or "", one.strip()) if isinstance(one, str) and one.strip() else ""
            parts = urlsplit(whole)
        except ValueError:
            continue
        if parts.scheme in ("http", "https") and parts.hostname and len(whole) <= 2000 and not re.search(r"\s", whole):
            return whole
    return url


def _language(tree: HtmlElement, meta: dict[str, str], data: dict[str, Any]) -> str | None:
    said = (
        tree.get("lang"), data.get("inLanguage"), meta.get("og:locale"), meta.get("content-language"),
    )  # fmt: skip
    for one in said:
        if isinstance(one, str) and (code := re.match(r"\s*([A-Za-z]{2,3})(?:[-_]|\s*$)", one)):
            return code[1].lower()
    return None
