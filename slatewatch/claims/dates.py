"""Dates in an article, worked out from the day it was published: `next December`, `this autumn`, `Q1 2022`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from .phrases import phrase_words, phrases

MONTHS = tuple("january february march april may june july august september october november december".split())
MONTH = (
    r"(?P<month>January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Jan\.?|Feb\.?|Mar\.?|Apr\.?|Jun\.?|Jul\.?|Aug\.?|Sept?\.?|Oct\.?|Nov\.?|Dec\.?)"
)
SEASON = r"(?P<season>[Ss]pring|[Ss]ummer|[Aa]utumn|[Ff]all|[Ww]inter)"
YEAR = r"(?P<year>(?:19|20)\d\d)"
DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
ORDINALS = tuple(
    (
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
        "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth twenty-first twenty-second twenty-third "
        "twenty-fourth twenty-fifth twenty-sixth twenty-seventh twenty-eighth twenty-ninth thirtieth thirty-first"
    ).split()
)
NUMBERS = tuple("one two three four five six seven eight nine ten eleven twelve".split())
WEEKDAYS = tuple("monday tuesday wednesday thursday friday saturday sunday".split())
WEEKDAY_BEFORE = r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,?\s+)?"
WHEN = (
    r"(?P<when>next|last|this|this coming|this past|the coming|the following|later this|early next|late next|late last"
    r"|earlier this|early this|late this)"
)
PART = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": 4, "final": 4, "1": 1, "2": 2, "3": 3, "4": 4}
SINCE = re.compile(r"\b(?:since|as of|back on|until last)\s+$", re.I)


def cue(name: str) -> re.Pattern[str]:
    """The words and phrases of phrases.toml that put a date in the past or in the future."""
    words = [*phrase_words("dates", name), *phrases()["dates"][f"{name}_phrases"]]
    return re.compile(r"\b(?:" + "|".join(map(re.escape, words)) + r")\b", re.I)


PAST, FUTURE = cue("past"), cue("future")


@dataclass(frozen=True, slots=True)
class When:
    """A date as written: `words[start:end]`, and its ISO value, as coarse as the words."""

    start: int
    end: int
    value: str


def month_number(word: str) -> int:
    """1 to 12 for a month's name or abbreviation."""
    return next(i for i, name in enumerate(MONTHS, 1) if name.startswith(word.rstrip(".").lower()[:3]))


def season_name(word: str) -> str:
    """The claim vocabulary's word for a season."""
    return "autumn" if word.lower() == "fall" else word.lower()


SEASON_MONTH = {"spring": 4, "summer": 7, "autumn": 10, "winter": 12}


def turn(when: str | None, month: int, base: date, past: bool) -> int:
    """The year in which a month without a year falls, seen from `base`."""
    when = (when or "").lower()
    if when.startswith(("last", "late last", "this past")):
        return base.year if month < base.month else base.year - 1
    if when in {"this", "later this", "earlier this", "early this", "late this"}:
        return base.year
    if past:
        return base.year if month <= base.month else base.year - 1
    if month < base.month or (when.startswith("next") and month == base.month):
        return base.year + 1
    return base.year


def full_date(m: re.Match[str], base: date, past: bool) -> str | None:
    """Month, day and perhaps year."""
    month, day = month_number(m["month"]), int(m["day"])
    groups = m.groupdict()
    if groups.get("year"):
        year = int(groups["year"])
    else:
        year = turn(groups.get("when"), month, base, past)
        if month == base.month and not past and day < base.day - 1:
            year += 1
    return f"{year}-{month:02}-{day:02}" if 1 <= day <= 31 else None


def worded_date(m: re.Match[str], base: date, past: bool) -> str | None:
    """`the second of February`."""
    month, day = month_number(m["month"]), ORDINALS.index(m["ordinal"].lower()) + 1
    return f"{turn(None, month, base, past)}-{month:02}-{day:02}"


def month_only(m: re.Match[str], base: date, past: bool) -> str | None:
    """A month, with or without its year or `next`."""
    month = month_number(m["month"])
    groups = m.groupdict()
    if groups.get("year"):
        return f"{groups['year']}-{month:02}"
    if (groups.get("rel") or "").lower() == "next year":
        return f"{base.year + 1}-{month:02}"
    if (groups.get("rel") or "").lower() == "last year":
        return f"{base.year - 1}-{month:02}"
    if (groups.get("rel") or "").lower() == "this year":
        return f"{base.year}-{month:02}"
    return f"{turn(groups.get('when'), month, base, past)}-{month:02}"


def season(m: re.Match[str], base: date, past: bool) -> str | None:
    """A season, with or without its year."""
    name = season_name(m["season"])
    groups = m.groupdict()
    rel = (groups.get("rel") or groups.get("rel2") or "").lower()
    if groups.get("year") or groups.get("year2"):
        year = int(groups.get("year") or groups["year2"])
    elif rel == "next year":
        year = base.year + 1
    elif rel == "last year":
        year = base.year - 1
    elif rel == "this year":
        year = base.year
    elif (groups.get("when") or "").lower().startswith(("next", "early next", "late next")):
        year = base.year + 1  # "next summer", said in March, is that of the year to come
    else:
        year = turn(groups.get("when"), SEASON_MONTH[name], base, past)
        if name == "winter" and base.month <= 2 and past:
            year = base.year
    return f"{year}-{name}"


def part_of_year(m: re.Match[str], base: date, past: bool) -> str | None:
    """A quarter or a half."""
    groups = m.groupdict()
    number = PART[(groups.get("part") or groups.get("digit") or "1").lower()]
    if "half" in m.group().lower():
        number = min(number, 2)
    letter = "H" if "half" in m.group().lower() or m.group().upper().startswith("H") else "Q"
    rel = (groups.get("rel") or "").lower()
    year = int(groups["year"]) if groups.get("year") else base.year + (rel == "next year") - (rel == "last year")
    return f"{year}-{letter}{number}" if letter == "Q" or number <= 2 else None


def plain_year(m: re.Match[str], base: date, past: bool) -> str | None:
    """A year by its number."""
    return m["year"]


def relative_year(m: re.Match[str], base: date, past: bool) -> str | None:
    """`next year`, `the year after next`, `later this year`."""
    word = m.group().lower()
    return str(base.year + (2 if "after next" in word else "next" in word or "new year" in word) - ("last" in word))


def relative_month(m: re.Match[str], base: date, past: bool) -> str | None:
    """`next month`, `last month`, `in two months`."""
    word = m.group().lower()
    steps = {"next": 1, "last": -1, "this": 0}
    count = next((n for key, n in steps.items() if key in word), 0)
    index = base.year * 12 + base.month - 1 + count
    return f"{index // 12}-{index % 12 + 1:02}"


def in_months(m: re.Match[str], base: date, past: bool) -> str | None:
    """`in three months`, `two months ago`."""
    count = NUMBERS.index(m["count"].lower()) + 1
    index = base.year * 12 + base.month - 1 + (-count if m.group().lower().endswith("ago") else count)
    return f"{index // 12}-{index % 12 + 1:02}"


def weekday(m: re.Match[str], base: date, past: bool) -> str | None:
    """A weekday: the next one, or the last one where the sentence is about the past."""
    number = WEEKDAYS.index(m["weekday"].lower())
    when = (m["when"] or "").lower()
    ahead = (number - base.weekday()) % 7
    if (past and not when.startswith("next")) or when.startswith("last"):
        return (base - timedelta(days=(base.weekday() - number) % 7)).isoformat()
    return (base + timedelta(days=ahead or (7 if when.startswith("next") else 0))).isoformat()


def near_day(m: re.Match[str], base: date, past: bool) -> str | None:
    """`today`, `tomorrow`, `yesterday`."""
    return (
        base
        + timedelta(
            days={"today": 0, "tonight": 0, "tomorrow": 1, "yesterday": -1, "this morning": 0}[m.group().lower()]
        )
    ).isoformat()


def week(m: re.Match[str], base: date, past: bool) -> str | None:
    """`next week`, as coarse as its month."""
    word = m.group().lower()
    return (base + timedelta(days=7 * ("next" in word) - 7 * ("last" in word))).isoformat()[:7]


#: month and day of a holiday; day 0 where it moves, and then the month alone is meant
HOLIDAYS = {
    "christmas day": (12, 25), "boxing day": (12, 26), "christmas": (12, 0), "halloween": (10, 31),
    "new year's eve": (12, 31), "new year's day": (1, 1), "valentine's day": (2, 14), "st patrick's day": (3, 17),
    "st. patrick's day": (3, 17), "st david's day": (3, 1), "thanksgiving": (11, 0), "easter": (4, 0),
    "memorial day": (5, 0), "presidents' day": (2, 0), "labor day": (9, 0), "independence day": (7, 4),
    "pongal": (1, 0), "sankranti": (1, 0), "holi": (3, 0), "diwali": (11, 0), "republic day": (1, 26),
}  # fmt: skip


def holiday(m: re.Match[str], base: date, past: bool) -> str | None:
    """`Christmas Day`, `Thanksgiving`, `Memorial Day weekend 2014`; as coarse as the month where the day moves."""
    month, day = HOLIDAYS[m["holiday"].lower().replace("’", "'")]
    rel = {"next year": 1, "this year": 0, "last year": -1}.get((m["rel"] or "").lower())
    year = int(m["year"]) if m["year"] else base.year + rel if rel is not None else turn(m["when"], month, base, past)
    return f"{year}-{month:02}-{day:02}" if day else f"{year}-{month:02}"


def slashed(m: re.Match[str], base: date, past: bool) -> str | None:
    """`9/14`, month first, as the American trades write it."""
    month, day = int(m["month"]), int(m["day"])
    return f"{turn(None, month, base, past)}-{month:02}-{day:02}" if 1 <= month <= 12 and 1 <= day <= 31 else None


def day_of_month(m: re.Match[str], base: date, past: bool) -> str | None:
    """`the 27th of this month`, `on the 18th`."""
    day = int(m["day"] or m["day2"])
    return f"{base.year}-{base.month:02}-{day:02}" if 1 <= day <= 31 else None


def weeks_away(m: re.Match[str], base: date, past: bool) -> str | None:
    """`three weeks ago`, `in two weeks`: as coarse as the month."""
    days = 7 * (NUMBERS.index((m["count"] or m["count2"]).lower()) + 1)
    return (base + timedelta(days=-days if m.group().lower().endswith("ago") else days)).isoformat()[:7]


REL = r"(?P<rel>next year|this year|last year)"
HOLIDAY = "|".join(
    sorted((name.title().replace("'S", "['’]s").replace("s' ", "s['’] ") for name in HOLIDAYS), key=len, reverse=True)
)
Rule = tuple[str, Callable[[re.Match[str], date, bool], str | None]]
COUNT = "|".join(NUMBERS)
ORDINAL = "|".join(sorted(ORDINALS, key=len, reverse=True))
SPLIT_YEAR = (
    "the year after next|later this year|earlier this year|early next year|late next year|next year|this year|last year"
    "|the new year|the end of the year|by year['’]s end|year-end"
)
#: pattern and reading, the most telling first; a later pattern never reads characters that an earlier one has read
RULES: tuple[Rule, ...] = (
    (rf"\b{WEEKDAY_BEFORE}(?:(?i:{WHEN})\s+)?{MONTH}\s+{DAY}(?!\d)(?:,?\s+{YEAR})?\b", full_date),
    (rf"\b{WEEKDAY_BEFORE}{DAY}(?:\s+of)?\s+{MONTH}(?:,?\s+{YEAR})?\b", full_date),
    (rf"\b(?i:the\s+(?P<ordinal>{ORDINAL}))\s+of\s+{MONTH}", worded_date),
    (rf"\b(?:(?i:{WHEN})\s+)?{MONTH}(?:\s+of)?,?\s+{YEAR}\b", month_only),
    (rf"\b{MONTH}(?:\s+of)?\s+{REL}\b", month_only),
    (
        rf"\b(?P<part>(?i:first|second|third|fourth|last|final))[ -](?:quarter|half)(?:\s+of)?"
        rf"(?:\s+(?:{YEAR}|{REL}|the year|this year))?",
        part_of_year,
    ),
    (rf"\b[QH](?P<digit>[1-4])(?:\s+(?:of\s+)?(?:{YEAR}|{REL}))?", part_of_year),
    (rf"\b(?:(?i:{WHEN}|early|late|mid)[ -]+)?{SEASON}(?:\s+of|,)?\s+(?:{YEAR}|{REL})\b", season),
    (rf"\b(?P<year2>(?:19|20)\d\d)\s+{SEASON}\b", season),
    (rf"\b(?P<rel2>next year|this year|last year)['’]s\s+{SEASON}\b", season),
    (rf"\b(?i:{WHEN}\s+){SEASON}\b", season),
    (rf"\b(?i:in|during|over|for|by|until|before|from)\s+(?:the\s+|early\s+|late\s+|mid-?\s*)*{SEASON}\b", season),
    (rf"\b(?:the|early|late|a|mid)[ -]{SEASON}\b", season),
    (
        rf"\b(?:(?P<when>[Nn]ext|[Ll]ast|[Tt]his)\s+)?(?P<holiday>{HOLIDAY})(?:\s+weekend)?"
        rf"(?:,?\s+(?:of\s+)?(?:{YEAR}|{REL}))?",
        holiday,
    ),
    (r"(?<![\d/])(?P<month>1?\d)/(?P<day>[0-3]?\d)(?![\d/])", slashed),
    (
        r"\b(?i:on the (?P<day>[0-3]?\d)(?:st|nd|rd|th)\b|(?:the )?(?P<day2>[0-3]?\d)(?:st|nd|rd|th) of this month)",
        day_of_month,
    ),
    (rf"\b(?i:(?P<count>{COUNT}) weeks ago|in (?P<count2>two|three|four|five|six) weeks)", weeks_away),
    (rf"\b(?:(?i:{WHEN})\s+){MONTH}\b", month_only),
    (rf"\b{MONTH}(?!\w)", month_only),
    (rf"\b(?i:{SPLIT_YEAR})\b", relative_year),
    (
        r"\b(?i:early next month|later this month|next month|this month|last month|the end of the month)\b",
        relative_month,
    ),
    (rf"\b(?i:in\s+(?P<count>{COUNT})\s+months(?:['’]\s+time)?)\b", in_months),
    (r"\b(?i:(?P<count>two|three|four|five|six)\s+months\s+ago)\b", in_months),
    (r"\b(?i:next week|this week|last week)\b", week),
    (
        r"\b(?:(?P<when>[Nn]ext|[Ll]ast|[Tt]his(?: coming| past)?)\s+)?"
        r"(?P<weekday>Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\b",
        weekday,
    ),
    (r"\b(?:today|tomorrow|tonight|yesterday|this morning)\b", near_day),
    (rf"\b{YEAR}(?!\d)(?!-?\w)", plain_year),
)
PATTERNS = tuple((re.compile(pattern), reading) for pattern, reading in RULES)
#: What has to stand in a text, in any case, for a reading to find anything: most texts need few of the patterns.
NEEDED = {
    season: ("spring", "summer", "autumn", "fall", "winter"), relative_year: ("year",), relative_month: ("month",),
    in_months: ("months",), week: ("week",), weeks_away: ("week",), weekday: ("day",),
}  # fmt: skip


def find_dates(string: str, published: str | None, sentences: list[tuple[int, int]]) -> list[When]:
    """Every date in a string, in order; `sentences` are character ranges, from which past and future are told.

    Without a publication date only dates with a year of their own are read.
    """
    try:
        base = date.fromisoformat((published or "")[:10])
    except ValueError:
        base = None
    taken: list[tuple[int, int]] = []
    found: list[When] = []
    lower = string.lower()
    for pattern, reading in PATTERNS:
        if reading in NEEDED and not any(word in lower for word in NEEDED[reading]):
            continue
        for match in pattern.finditer(string):
            if any(match.start() < b and a < match.end() for a, b in taken):
                continue
            if match.group().lower() in {"may", "march"} and not certain_month(string, match):
                continue
            if base is None and not re.search(r"(?:19|20)\d\d", match.group()):
                continue
            value = reading(match, base or date(2000, 1, 1), is_past(string, match, sentences))
            if value:
                taken.append((match.start(), match.end()))
                found.append(When(match.start(), match.end(), value))
    return sorted(found, key=lambda when: when.start)


def certain_month(string: str, match: re.Match[str]) -> bool:
    """Whether `May` or `March` is the month and not a verb or a name."""
    if match.group().islower():
        return False
    before = re.search(r"(\w+)\W*$", string[: match.start()])
    return before is not None and before[1].lower() in phrase_words("dates", "month_after")


def is_past(string: str, match: re.Match[str], sentences: list[tuple[int, int]]) -> bool:
    """Whether the words before a date speak of the past."""
    begin = next((a for a, b in sentences if a <= match.start() < b), 0)
    before = string[max(begin, match.start() - 80) : match.start()]
    if SINCE.search(before):
        return True
    past, future = last(PAST, before), last(FUTURE, before)
    return past > future


def last(pattern: re.Pattern[str], string: str) -> int:
    """Where the last match begins, -1 where there is none."""
    return max((m.start() for m in pattern.finditer(string)), default=-1)
