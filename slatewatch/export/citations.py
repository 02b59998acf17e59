"""Lines for Wikipedia, each with citations in its own templates: {{cite news}} where outlet and date are known, else
{{cite web}}. What is less than attached says so; the words that show a value stand in `quote`. A page is cited in full
once and by its name after that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote as escaped

from slatewatch.model import Article, Evidence, Post, Project, Standing
from slatewatch.terminal import printable
from slatewatch.web.wording import plain

from .job import Job, behind, web_address

#: Citations of a line at most, the earliest first.
MOST = 3
#: What would be read as markup: brackets of all kinds, signatures, runs of quotation marks, underscores or equal signs,
#: entities, magic addresses, and what makes a list at the head of a line.
MARKUP = re.compile(r"&(?=#?\w+;)|[|{}\[\]<>~]|'(?=')|(?<=')'|_(?=_)|(?<=_)_|=(?==)|(?<==)=|(?<=\w):(?=//)|^[*#:;=]")


def write(projects: Iterable[Project], job: Job) -> None:
    for project in projects:
        job.line(f"== {wikitext(project.title)} ==")
        known: set[str] = set()
        for standing in project.current:
            job.line(f"* {_said(standing)}{_references(behind(standing), known, job)}")
        for post in (p for p in project.posts if p.stated):
            job.line(f"* {_open(post)}{_references(post.evidence, known, job)}")
        job.line("{{reflist}}\n")


def _said(standing: Standing) -> str:
    label = plain(standing.role if standing.kind in {"credit", "company", "date"} else standing.kind)
    value = plain(standing.value) if standing.kind in {"status", "format"} else standing.value
    more = [
        f"as {standing.character}" if standing.character else "",
        plain(standing.role) if standing.kind == "based_on" else "",
        f"by {', '.join(standing.creators)}" if standing.creators else "",
        str(standing.year or ""),
        plain(standing.modality) if standing.modality != "attached" else "",
    ]
    rest = ", ".join(part for part in more if part)
    return wikitext(f"{label}: {value}" + (f" ({rest})" if rest else ""))


def _open(post: Post) -> str:
    return wikitext(f"{plain(post.role)}: sought" + (f" ({post.part})" if post.part else ""))


def _references(evidence: Iterable[Evidence], known: set[str], job: Job) -> str:
    made = []
    for said in list({e.article: e for e in evidence}.values())[:MOST]:
        name = escaped(said.article, safe="-_.:").replace("%", ".")
        if said.article in known:
            made.append(f'<ref name="{name}" />')
        else:
            known.add(said.article)
            made.append(f'<ref name="{name}">{cite(job.article(said.article), said.quote)}</ref>')
    return "".join(made)


def cite(article: Article, quote: str | None = None) -> str:
    """One citation, on one line."""
    news = article.outlet and article.published
    fields = {
        "title": wikitext(article.title) or wikitext(article.id),
        "url": web_address(article.url) or "",
        "work": wikitext(article.outlet or ""),
        "author": wikitext(article.author or ""),
        "date": (article.published or "")[:10],
        "access-date": (article.seen or "")[:10] if article.url else "",
        "quote": wikitext(quote or ""),
    }
    said = "".join(f" |{name}={value}" for name, value in fields.items() if value)
    return f"{{{{cite {'news' if news else 'web'}{said}}}}}"


def wikitext(text: str) -> str:
    """A text on one line in which nothing is markup."""
    return MARKUP.sub(lambda found: f"&#{ord(found[0])};", printable(text))
