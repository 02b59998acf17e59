"""Labelled articles with other names: what is learned must be the wording, not who is in it.

Every replacement is made in the text and in all labels alike, so a changed article is labelled as well as its original.
"""

from __future__ import annotations

import random
import re
from typing import Any

from slatewatch.claims.words import name_list

from .dress import dressed
from .shorten import SHORTENED, shortened

TEXT_FIELDS = ("project", "subject", "value", "character", "quote")
QUOTED = re.compile(r"(?<!\w)(?:“([^“”\n]{2,60})”|‘([^‘’\n]{2,60})’(?!\w)|\"([^\"\n]{2,60})\")")
NAMED = re.compile(r"(?<![\w’'-])(?=(([A-Z][\w-]+) [A-Z][\w-]*(?:[’'](?!s\b)[\w-]+)?))")
MOST_WORDS = 6  # of what is taken for a title
WORD = re.compile(r"(?<![\w’'.-])[a-z]{4,10}(?![\w’'-])")
#: Habits of marking titles, and how often each takes the place of the article's own; without marks is the hardest.
STYLES = (("“{}”", 3), ("‘{}’", 2), ('"{}"', 3), ("'{}'", 1), ("{}", 7))
#: What titles are made of two words and a number like; most of them stand without marks in half of the articles.
SHAPES = (
    "{}", "{}", "{}", "The {}", "{} {}", "The {} {}", "{} and {}", "{} of the {}", "{} in {}", "A {} for {}",
    "The {} of {}", "{}'s {}", "{}: {}", "No {} {}", "My {}", "How to {} a {}", "What the {} {}", "{0} {2}", "{2} {0}s",
)  # fmt: skip
EXCHANGED = 0.7  # share of the titles of a changed article that become others
CAPITALS = 0.16  # share of changed articles that write their titles in capitals
DRESSED = 0.25  # share of articles that are in another dress
FIXED = {"status", "format", "date"}


def change(article: dict[str, Any], replace: Any) -> dict[str, Any]:
    """A copy with `replace` applied to the text and to every string of the labels."""
    new = dict(article, title=replace(article["title"]), text=replace(article["text"]))
    new["claims"] = []
    for claim in article["claims"]:
        copy = dict(claim)
        for name in TEXT_FIELDS:
            if copy.get(name) and not (name == "value" and claim["kind"] in FIXED):
                copy[name] = replace(copy[name])
        if copy.get("creators"):
            copy["creators"] = [replace(c) for c in copy["creators"]]
        new["claims"].append(copy)
    return new


def swap_words(article: dict[str, Any], table: dict[str, str]) -> dict[str, Any]:
    """Whole words and names replaced by a table, the longest first."""
    if not table:
        return article
    names = sorted(table, key=len, reverse=True)
    pattern = re.compile(r"(?<!\w)(?:" + "|".join(re.escape(n) for n in names) + r")(?!\w)")
    return change(article, lambda s: pattern.sub(lambda m: table[m.group()], s))


def persons(article: dict[str, Any]) -> set[str]:
    """The persons that the labels name."""
    found = {c["value"] for c in article["claims"] if c["kind"] == "credit"}
    found |= {name for c in article["claims"] for name in c.get("creators") or []}
    return {name for name in found if 2 <= len(name.split()) <= 4}


def likely_persons(article: dict[str, Any]) -> set[str]:
    """What looks like a person's name in an article whose labels name nobody."""
    given, text = name_list("given-names.txt"), f"{article['title']}\n{article['text']}"
    return {name for name, first in NAMED.findall(text) if first in given}


def likely_titles(article: dict[str, Any]) -> set[str]:
    """What stands like a title between quotation marks in an article whose labels name none."""
    marked = QUOTED.findall(f"{article['title']}\n{article['text']}")
    # A comma within the marks is not of the title; one word before it is rather what somebody says.
    found = {t.rstrip(",.") if " " in t else t for t in map("".join, marked)}
    split = ((t, t.split()) for t in found if t and t[-1].isalnum())
    return {t for t, words in split if len(words) <= MOST_WORDS and all(words[n][0].isupper() for n in (0, -1))}


def name_table(article: dict[str, Any], rng: random.Random, pool: list[str]) -> dict[str, str]:
    """New given names and surnames, the same new one for the same old one, so that families stay families."""
    given, surnames = sorted(name_list("given-names.txt") - {""}), sorted(name_list("surnames.txt") - {""})
    text = f"{article['title']}\n{article['text']}"
    table: dict[str, str] = {}
    for name in sorted(persons(article) if article["claims"] else likely_persons(article)):
        if rng.random() < 0.15:
            continue
        donor = rng.choice(pool).split() if rng.random() < 0.6 else [rng.choice(given), rng.choice(surnames)]
        words = name.split()
        for old, new in ((words[0], donor[0]), (words[-1], donor[-1])):
            common = re.search(rf"(?<!\w){re.escape(old.lower())}(?!\w)", text)
            if len(old) > 2 and old[0].isupper() and not common and old not in table:
                table[old] = new
    return table


def restyle(article: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    """Another habit of marking titles."""
    style = rng.choices([style for style, _ in STYLES], [weight for _, weight in STYLES])[0]

    def replace(string: str) -> str:
        return QUOTED.sub(
            lambda m: (
                style.format(next(g for g in m.groups() if g is not None)) if m.group(0)[1].isupper() else m.group(0)
            ),
            string,
        )

    return change(article, replace)


def titles_of(article: dict[str, Any]) -> set[str]:
    """The titles of the projects that an article's labels name."""
    return {
        c["project"] for c in article["claims"] if c.get("project") and not c["project"].lower().startswith("untitled")
    }


def new_title(rng: random.Random, pool: Pool) -> str:
    """A title of another article, or what a title may be mistaken for, or one made of words that stand in articles."""
    chance = rng.random()
    for share, names in ((0.12, pool.persons), (0.06, pool.places), (0.04, pool.companies)):
        if chance < share:
            name = rng.choice(names)
            return rng.choice(name.split()) if names is pool.persons and rng.random() < 0.5 else name
        chance -= share
    if chance < 0.23:
        return rng.choice(SHAPES).format(*(rng.choice(pool.words).capitalize() for _ in "ab"), rng.randrange(2, 100))
    return labelled_title(rng, pool)


def labelled_title(rng: random.Random, pool: Pool) -> str:
    """A title of another article; sometimes one word of it, two crossed, or the name of a person."""
    title = rng.choice(pool.titles)
    chance = rng.random()
    if chance < 0.12:
        long = [w for w in re.findall(r"[^\W\d_]{4,}", title) if w[0].isupper()]
        return rng.choice(long) if long else title
    if chance < 0.22:
        other, words = rng.choice(pool.titles).split(), title.split()
        return " ".join([*words[: max(1, len(words) // 2)], *other[len(other) // 2 :]])
    if chance < 0.28:
        return rng.choice(pool.persons)
    return title


class Pool:
    """The names of all labelled articles, to draw others from."""

    def __init__(self, articles: list[dict[str, Any]]) -> None:
        claims = [c for a in articles for c in a["claims"]]
        self.persons: list[str] = sorted(set().union(*(persons(a) for a in articles)))
        self.titles: list[str] = sorted({
            t for c in claims for t in (c.get("project"), c["value"] if c["kind"] == "known_for" else None)
            if t and not t.lower().startswith("untitled")
        })  # fmt: skip
        self.companies: list[str] = sorted({c["value"] for c in claims if c["kind"] == "company"})
        self.places: list[str] = sorted({
            c["value"] for c in claims if c["kind"] in {"location", "place"} and len(c["value"].split()) <= 2
        })  # fmt: skip
        self.headlines: list[str] = sorted(a["title"] for a in articles)
        self.words: list[str] = sorted({w for a in articles for w in WORD.findall(a["text"])})


def augment(article: dict[str, Any], rng: random.Random, pool: Pool, dress: float = DRESSED) -> dict[str, Any]:
    """The article itself one time in four, else with names, titles, companies and marks changed.

    Of some a part is left out first, and a share `dress` is in another dress at last.
    """
    if rng.random() < SHORTENED:
        article = shortened(article, rng)
    changed = article if rng.random() < 0.25 else renamed(article, rng, pool)
    return dressed(changed, rng, pool.persons, pool.headlines) if rng.random() < dress else changed


def renamed(article: dict[str, Any], rng: random.Random, pool: Pool) -> dict[str, Any]:
    """The article with names, titles, companies and marks changed."""
    if rng.random() < 0.75:
        article = swap_words(article, name_table(article, rng, pool.persons))
    titles = titles_of(article) | {c["value"] for c in article["claims"] if c["kind"] == "known_for"}
    titles |= set() if article["claims"] else likely_titles(article)
    companies = {c["value"] for c in article["claims"] if c["kind"] == "company"}
    table = {name: new_title(rng, pool) for name in sorted(titles) if len(name) > 3 and rng.random() < EXCHANGED}
    table |= {name: rng.choice(pool.companies) for name in sorted(companies) if len(name) > 3 and rng.random() < 0.3}
    article = swap_words(article, table)
    if rng.random() < CAPITALS:
        article = swap_words(article, {t: t.upper() for t in titles_of(article) if len(t) > 3})
    return restyle(article, rng) if rng.random() < 0.5 else article
