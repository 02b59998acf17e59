"""A world of invented projects, and the articles that would be written on it: its truth is known.

    python bench/world.py --projects 100000 --store world.db    build a store, score and time it, print one line of JSON
    python bench/world.py --projects 300                        a small one, in a temporary folder

The world has what makes merging hard: titles shared by remakes and rivals, sequels, projects named only later or given
another title, shared surnames and shared people, successions, studios that change, round-ups, thin mentions in passing.
All names are drawn from syllables; none is anybody's.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from slatewatch import answers
from slatewatch.model import Article, Claim, Kind, Modality
from slatewatch.projects.mentions import mention_id
from slatewatch.store import open_store
from slatewatch.store.adding import add_articles

BEGIN = date(2008, 1, 1)
YEARS = 15
STAGES = ("development", "script", "greenlit", "pre_production", "filming", "post_production", "completed")
OUTLETS = tuple(f"{a} {b}" for a in ("Reel", "Slate", "Backlot", "Marquee", "Footlight", "Clapper", "Gaffer", "Dolly")
                for b in ("Ledger", "Courier", "Dispatch", "Weekly", "Notebook", "Gazette"))  # fmt: skip
SYLLABLES = ("ba", "ren", "cor", "dal", "el", "fin", "gar", "hol", "is", "jor", "kel", "lam", "mar", "nor", "ol", "per",
             "quin", "ros", "sal", "tor", "ul", "ven", "wes", "yor", "zan", "bri", "cla", "dre", "fre")  # fmt: skip
NOUNS = ("Harbour", "Lantern", "Orchard", "Winter", "Glass", "Paper", "River", "Signal", "Copper", "Hollow", "Garden",
         "Station", "Mirror", "Silence", "Thunder", "Velvet", "Island", "Tower", "Ashes", "Meadow", "Compass", "Ember",
         "Shadow", "Feather", "Canyon", "Ballad", "Anchor", "Bridge", "Crown", "Delta")  # fmt: skip
KINDS_OF_HOUSE = ("Pictures", "Films", "Entertainment", "Media", "Studios", "Productions")


@dataclass(slots=True)
class Made:
    """One invented project. `titles` is what it is called, with the day from which it is."""

    key: int
    titles: list[tuple[date, str]]
    format: str
    crew: dict[str, list[str]]
    studio: str
    begin: date
    source: tuple[str, str] | None = None


def word(rng: random.Random, syllables: int) -> str:
    return "".join(rng.choice(SYLLABLES) for _ in range(syllables)).capitalize()


class World:
    """`size` projects drawn from `seed`; the same for the same numbers."""

    def __init__(self, size: int, seed: int = 1) -> None:
        self.rng = rng = random.Random(seed)
        surnames = [word(rng, 2) + rng.choice(("", "son", "man", "er", "ley")) for _ in range(max(40, size // 40))]
        firsts = [word(rng, 2) for _ in range(300)]
        self.people = list(dict.fromkeys(f"{rng.choice(firsts)} {rng.choice(surnames)}" for _ in range(size * 3 + 50)))
        self.houses = list(
            dict.fromkeys(f"{word(rng, 2)} {rng.choice(KINDS_OF_HOUSE)}" for _ in range(max(12, size // 60)))
        )
        self.projects = []
        for key in range(size):
            self.projects.append(self._project(key))

    def _title(self) -> str:
        rng = self.rng
        shape = rng.random()
        if shape < 0.15:
            return word(rng, 4)
        if shape < 0.5:
            return f"The {rng.choice(NOUNS)} of {word(rng, 3)}"
        return f"{word(rng, 3)} {rng.choice(NOUNS)}"

    def _project(self, key: int) -> Made:
        rng = self.rng
        begin = BEGIN + timedelta(days=rng.randrange(365 * YEARS))
        title = self._title()
        chance = rng.random()
        older = rng.choice(self.projects) if self.projects else None
        real = older.titles[-1][1] if older else title
        if older and chance < 0.06:
            title = real
        elif older and chance < 0.09 and not real[-1].isdigit():
            title = f"{real} 2"
        crew = {
            "director": rng.sample(self.people, 1),
            "writer": rng.sample(self.people, rng.choice((1, 1, 2))),
            "producer": rng.sample(self.people, rng.choice((1, 2))),
            "cast": rng.sample(self.people, rng.choice((1, 2, 3))),
        }
        titles = [(begin, title)]
        change = rng.random()
        if change < 0.12:
            titles = [
                (begin, f"untitled {crew['director'][0].split()[-1]} project"),
                (begin + timedelta(days=150), title),
            ]
        elif change < 0.18:
            titles.append((begin + timedelta(days=200), self._title()))
        source = ("novel", f"{word(rng, 2)} {rng.choice(NOUNS)}") if rng.random() < 0.2 else None
        form = rng.choice(("film", "film", "film", "series", "limited_series"))
        return Made(key, titles, form, crew, rng.choice(self.houses), begin, source)

    def articles(self) -> Iterator[tuple[Article, list[Claim], dict[str, int]]]:
        """Article, its claims, and the project (key) of each of its mentions (id); in no order of time."""
        rng = self.rng
        for made in self.projects:
            day, stage = made.begin, rng.randrange(3)
            told: str | None = None
            for number in range(rng.choice((1, 1, 1, 2, 2, 3))):
                writer = Writer(f"w{made.key}-{number}", day, rng.choice(OUTLETS))
                told = self._lead(writer, made, day, stage, told, first=number == 0)
                if rng.random() < 0.2:
                    self._aside(writer, made, day)
                yield writer.done()
                day += timedelta(days=rng.randrange(20, 200))
                stage = min(stage + rng.choice((0, 1, 1, 2)), len(STAGES) - 1)

    def _lead(self, writer: Writer, made: Made, day: date, stage: int, told: str | None, *, first: bool) -> str:
        rng = self.rng
        title = [name for since, name in made.titles if since <= day][-1]
        writer.lead = writer.lead or title
        if told and told != title and not told.startswith("untitled"):
            writer.say(made.key, title, "alias", None, told, f"{title}, which was called {told}")
        if not first and rng.random() < 0.12:
            old = made.crew["director"][0]
            new = rng.choice(self.people)
            made.crew["director"] = [new]
            writer.say(made.key, title, "credit", "director", old, f"{old} has left {title}", "exited")
        for role, names in made.crew.items():
            for name in names:
                if first or rng.random() < 0.4:
                    writer.say(made.key, title, "credit", role, name, f"{name} is {role} of {title}", "attached")
        if rng.random() < 0.05:
            old_house = made.studio
            made.studio = rng.choice(self.houses)
            writer.say(made.key, title, "company", "studio", old_house, f"{old_house} let {title} go", "exited")
        if first or rng.random() < 0.6:
            writer.say(made.key, title, "company", "studio", made.studio, f"{made.studio} backs {title}", "attached")
        if rng.random() < 0.5:
            writer.say(made.key, title, "format", None, made.format, f"{title} is a {made.format.replace('_', ' ')}")
        if rng.random() < 0.5:
            writer.say(
                made.key, title, "status", None, STAGES[stage], f"{title} is in {STAGES[stage].replace('_', ' ')}"
            )
        if made.source and rng.random() < 0.6:
            writer.say(
                made.key, title, "based_on", made.source[0], made.source[1], f"{title} comes from {made.source[1]}"
            )
        if rng.random() < 0.08:
            writer.say(made.key, title, "open_role", "director", None, f"{title} seeks a director")
        if not writer.claims:
            name = made.crew["director"][0]
            writer.say(made.key, title, "credit", "director", name, f"{name} is director of {title}", "attached")
        return title

    def _aside(self, writer: Writer, made: Made, day: date) -> None:
        """A thin mention in passing of another project, with one or two of its people."""
        rng = self.rng
        other = self.projects[rng.randrange(len(self.projects))]
        titles = [name for since, name in other.titles if since <= day]
        taken = {title for _, title in made.titles}
        if other is made or not titles or (day - other.begin).days > 900 or titles[-1] in taken:
            return
        title, (role, names) = titles[-1], rng.choice(sorted(other.crew.items()))
        writer.say(other.key, title, "credit", role, names[0], f"{names[0]} is {role} of {title}", "attached")
        if rng.random() < 0.5:
            writer.say(other.key, title, "company", "studio", other.studio, f"{other.studio} backs {title}", "attached")


class Writer:
    """One article in the making: a sentence a claim."""

    def __init__(self, id_: str, day: date, outlet: str) -> None:
        self.id, self.day, self.outlet, self.lead = id_, day, outlet, ""
        self.claims: list[Claim] = []
        self.truth: dict[str, int] = {}

    def say(
        self, key: int, title: str, kind: Kind, role: str | None, value: str | None, words: str,
        modality: Modality | None = None,
    ) -> None:  # fmt: skip
        """One more sentence, at the place in the text where the last one ended."""
        self.truth[mention_id(self.id, title)] = key
        start = self.claims[-1].end + len(". ") if self.claims else 0
        self.claims.append(Claim(
            kind=kind, article=self.id, quote=words, start=start, end=start + len(words), project=title, role=role,
            value=value, modality=modality,
        ))  # fmt: skip

    def done(self) -> tuple[Article, list[Claim], dict[str, int]]:
        text = ". ".join(claim.quote for claim in self.claims) + "."
        article = Article(
            id=self.id, title=f"News of {self.lead}", text=text, outlet=self.outlet, published=self.day.isoformat()
        )
        before = len(article.title) + len("\n\n")
        claims = [replace(claim, start=claim.start + before, end=claim.end + before) for claim in self.claims]
        return article, claims, self.truth


def cluster_f1(truth: dict[str, int], found: dict[str, str]) -> tuple[float, float, float]:
    """B-cubed precision, recall and F1 of mention -> project against mention -> true project."""
    both = Counter((found[m], key) for m, key in truth.items())
    ours, theirs = Counter(found[m] for m in truth), Counter(truth.values())
    precision = sum(n * n / ours[project] for (project, _), n in both.items()) / len(truth)
    recall = sum(n * n / theirs[key] for (_, key), n in both.items()) / len(truth)
    return precision, recall, 2 * precision * recall / (precision + recall)


def score_store(db: Any, truth: dict[str, int]) -> tuple[float, float, float]:
    found = {row["id"]: row["project"] for row in db.execute("SELECT id, project FROM mentions")}
    return cluster_f1(truth, found)


def percentile_ms(ask: Callable[[int], object], times: int = 60) -> float:
    """The 95th percentile of so many calls, in milliseconds of processor time: other programs do not count."""
    spent = []
    for n in range(times):
        began = time.process_time()
        ask(n)
        spent.append((time.process_time() - began) * 1000)
    return round(statistics.quantiles(spent, n=20)[-1], 2)


def cost_of_one(db: Any, seed: int, count: int = 150) -> float:
    """Milliseconds of processor time to add one more article, a transaction each: the median over a new world."""
    spent = []
    for article, claims, _ in World(count, seed).articles():
        fresh = Article(id=f"x{seed}-{article.id}", title=article.title, text=article.text, outlet=article.outlet,
                        published=article.published)  # fmt: skip
        moved = [
            Claim(**{**{n: getattr(c, n) for n in Claim.__dataclass_fields__}, "article": fresh.id}) for c in claims
        ]
        began = time.process_time()
        add_articles(db, [(fresh, moved)])
        spent.append((time.process_time() - began) * 1000)
    return round(statistics.median(spent), 3)


def queries(db: Any, world: World) -> dict[str, float]:
    rng = random.Random(7)
    ids = [row[0] for row in db.execute("SELECT id FROM projects ORDER BY id LIMIT 20000")]
    titles = [made.titles[-1][1] for made in rng.sample(world.projects, min(200, len(world.projects)))]
    people = rng.sample(world.people, min(200, len(world.people)))
    named = [row[0] for row in db.execute("SELECT name FROM credits WHERE kind = 'credit' ORDER BY key LIMIT 5000")]
    return {
        "open director": percentile_ms(lambda n: answers.open_posts(db, "director")),
        "show": percentile_ms(lambda n: answers.project(db, ids[n * 37 % len(ids)])),
        "find title": percentile_ms(lambda n: answers.find(db, titles[n % len(titles)])),
        "find name": percentile_ms(lambda n: answers.find(db, people[n % len(people)])),
        "find noun": percentile_ms(lambda n: answers.find(db, NOUNS[n % len(NOUNS)])),
        "person": percentile_ms(lambda n: answers.person(db, named[n * 13 % len(named)])),
        "projects": percentile_ms(lambda n: answers.projects(db, offset=n * 100)),
        "feed": percentile_ms(lambda n: answers.feed(db, offset=n * 10)),
        "changes": percentile_ms(lambda n: answers.changes(db, "2015-01-01", by="day")),
    }


def measure(path: Path, size: int, seed: int) -> dict[str, Any]:
    """Build the world's store at `path` (which must not exist) and measure it."""
    world, truth = World(size, seed), dict[str, int]()

    def read() -> Iterator[tuple[Article, list[Claim]]]:
        for article, claims, mentions in world.articles():
            truth.update(mentions)
            yield article, claims

    began = time.perf_counter()
    db = open_store(path, write=True)
    outcomes, bad = add_articles(db, read())
    spent = time.perf_counter() - began
    if bad:
        raise SystemExit(f"{len(bad)} articles could not be stored: {bad[0]}")
    precision, recall, f1 = score_store(db, truth)
    claims = db.execute("SELECT count(*) FROM claims").fetchone()[0]
    asked = queries(db, world)
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    per_claim = path.stat().st_size / claims
    result = {
        "projects": size, "articles": outcomes["new"], "claims": claims, "mentions": len(truth),
        "cluster_precision": round(precision, 4), "cluster_recall": round(recall, 4), "cluster_f1": round(f1, 4),
        "seconds": round(spent, 1), "articles_a_second": round(outcomes["new"] / spent, 1),
        "bytes_a_claim": round(per_claim), "p95_ms": asked, "add_one_ms": cost_of_one(db, seed + 1),
    }  # fmt: skip
    db.close()
    return result


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--projects", type=int, default=1000, metavar="N")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--store", type=Path, help="Keep the store in this new file.")
    args = parser.parse_args()
    if args.store and args.store.exists():
        print(f"{args.store} is there already: name a new file", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(measure(args.store or Path(folder) / "world.db", args.projects, args.seed)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
