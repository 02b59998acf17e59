"""A page -> an article: its title and text, what the page says of itself, and what its markup sets apart."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from typing import Any

from .decoding import cleaned, decoded
from .errors import SlatewatchError, UnreadablePage
from .facts import outlet_of
from .hints import quoted
from .language import other_language
from .model import Article, Page
from .pages import LONGEST, read_pages, stem

#: What a JSON article may say beside its title and text; the rest of it (claims, remarks) is passed over.
FIELDS = ("url", "outlet", "author", "published", "modified", "language", "seen")
#: A first line longer than this is a paragraph, not a title; in characters.
LONGEST_TITLE = 200

_TAG = re.compile(r"<(?:!doctype\s|!--|(?:html|head|body|div|p|article|table|span|h1|br|meta)\b)", re.I)
#: A sentence ends a paragraph; an abbreviation ("Warner Bros.", "Jr.") may end a title.
_SENTENCE_END = re.compile(r"(?<!\bBros)(?<!\bInc)(?<!\b[JS]r)(?<!\bCo)(?<!\b[A-Z])(?<!\.\.)[.;:,][\"'”’)\]]*$")


def read_articles(source: str) -> Iterator[Article | SlatewatchError]:
    """Each article of a file, folder, URL or `-` as soon as it is read, or what was wrong with it."""
    try:
        for page in read_pages(source):
            try:
                yield page if isinstance(page, SlatewatchError) else read_article(page)
            except SlatewatchError as error:
                yield error
    except SlatewatchError as error:
        yield error


def read_article(page: Page | UnreadablePage) -> Article:
    """The article of a page: HTML, plain text, or JSON like the labelled articles.

    Plain text and JSON keep their text letter for letter. Raises UnreadablePage, and nothing else on any bytes, with
    the reason: a binary, an empty page, no text, nested beyond reason, another language than English. A page that could
    not be read in the first place is raised as it is.
    """
    if isinstance(page, UnreadablePage):
        raise page
    try:
        article = _article(page)
        if language := other_language(article.text):
            raise UnreadablePage(f"in {language}; only English is read, leave it out")
    except UnreadablePage as error:
        raise UnreadablePage(f"{_called(page)}: {error}") from error.__cause__
    return article


def _called(page: Page) -> str:
    return "standard input" if page.name == "-" else page.name


def _article(page: Page) -> Article:
    if len(page.body) > LONGEST:
        raise UnreadablePage(f"longer than {LONGEST // 1_000_000} MB, no page of an article; leave it out")
    text = decoded(page.body, page.media_type)
    if not text.strip():
        raise UnreadablePage("empty; there is nothing to read")
    match _form(page, text):
        case "json":
            return _from_json(page, text)
        case "html":
            from .hypertext import article_of

            return article_of(text, page, article_id(page))
    title, rest = titled(text)
    return Article(
        id=article_id(page), title=title, text=rest, url=page.url, outlet=outlet_of(page.url), seen=page.seen,
        hints=tuple(quoted(f"{title}\n\n{rest}")),
    )  # fmt: skip


def _form(page: Page, text: str) -> str:
    """`html`, `json` or `text`: by the type it was sent as, else by the end of its name, else by how it begins."""
    media_type = (page.media_type or "").partition(";")[0].strip().lower()
    ending = page.name.rpartition(".")[2].lower() if page.url is None else ""
    start = text.lstrip()[:1]
    if media_type.endswith(("json", "jsonl")) or (not media_type and ending == "json"):
        return "json"
    if media_type.endswith(("html", "html+xml")) or (not media_type and ending in ("html", "htm", "xhtml")):
        return "html"
    if media_type == "text/plain" or (not media_type and ending == "txt"):
        return "text"
    if start == "{" and re.match(r'\s*\{\s*"', text):
        return "json"
    return "html" if _TAG.search(text[:5000]) else "text"


def article_id(page: Page) -> str:
    """What the article is called: the stem of its file, for a URL the end of its path and a hash of the whole."""
    if page.url is None:
        return stem(page.name) if page.name != "-" else f"stdin-{_short_hash(page.body)}"
    path = re.sub(r"[?#].*", "", page.url).rstrip("/").rpartition("/")[2]
    slug = re.sub(r"[^a-z0-9]+", "-", re.sub(r"\.\w{2,5}$", "", path.lower())).strip("-")[:60].strip("-")
    return f"{slug or 'page'}-{_short_hash(page.url.partition('#')[0].encode('utf-8', 'replace'))}"


def _short_hash(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:8]


def _from_json(page: Page, body: str) -> Article:
    try:
        record = json.loads(body)
    except (ValueError, RecursionError) as error:
        where = f" (line {error.lineno}: {error.msg})" if isinstance(error, json.JSONDecodeError) else ""
        raise UnreadablePage(f"not JSON{where}; an article is an object with title and text") from error
    if not isinstance(record, dict):
        raise UnreadablePage("not an article: JSON of an article is an object with title and text")
    said: dict[str, Any] = {name: record.get(name) for name in ("id", "title", "text", *FIELDS)}
    if wrong := [name for name, value in said.items() if not isinstance(value, str | None)]:
        raise UnreadablePage(f"{', '.join(wrong)}: must be text between quotation marks, or null")
    said = {name: cleaned(value) if value else None for name, value in said.items()}
    title, text = said.pop("title") or "", said.pop("text") or ""
    if not text.strip() and not title.strip():
        raise UnreadablePage("neither title nor text; an article is an object with both")
    said["id"] = said["id"] or article_id(page)
    said["url"] = said["url"] or page.url
    said["seen"] = said["seen"] or page.seen
    return Article(title=title, text=text, hints=tuple(quoted(f"{title}\n\n{text}")), **said)


def titled(text: str) -> tuple[str, str]:
    """Title and text of plain text: its first line is the title if it stands apart or is short, and is no sentence.

    The text is everything after it, but for the line breaks between them. No title: an empty one, and all of the text.
    """
    start = len(text) - len(text.lstrip())
    end = min((place for mark in "\r\n" if (place := text.find(mark, start)) >= 0), default=len(text))
    line, after = text[start:end].rstrip(), text[end:]
    rest = after.lstrip("\r\n \t")
    breaks = after[: len(after) - len(rest)].replace("\r\n", "\n").count("\n")
    longest = LONGEST_TITLE if breaks > 1 else LONGEST_TITLE // 2
    if not rest.strip() or len(line) > longest or _SENTENCE_END.search(line) or not re.search(r"\w", line):
        return "", text
    return line, rest
