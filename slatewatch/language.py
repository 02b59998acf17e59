"""Is a text in English? Only as sure as it takes to turn a page away, since a wrong no loses an article."""

from __future__ import annotations

import re
from collections import Counter

#: The most frequent words of English that few other languages have; a quarter of English news is made of them.
_ENGLISH = frozenset(
    "the of and to in a is for that with by on as at from his her has will be it he she they who was are which this an "
    "not but have been their its after about into also were one first new said when".split()
)
#: In each of these languages, words that English does not have. Codes are ISO 639-1.
_OTHERS = {
    "German": "der die das und ist nicht ein eine einen dem den mit von für auf sich wird auch im zu als bei nach",
    "French": "le la les des et est une dans pour que qui sur avec par au du pas son sa ses plus ce cette aux il elle",
    "Spanish": "el la los las de que y en un una por con para del se su al como es más pero sus este esta",
    "Italian": "il di che la e un una per non del della con sono gli le nel alla dei si da anche come più",
    "Portuguese": "o a os as de que e do da em um uma para com não dos das se por mais como mas foi ao na no",
    "Dutch": "de het een van en dat niet is op te met voor zijn aan er ook door wordt bij uit naar maar",
    "Polish": "w na się nie że z jest do to jak przez po od oraz dla który która jego film",
    "Swedish": "och att det som en på är av för med den till inte har om ett han hon från",
    "Danish": "og at det er en på af til den som for ikke med har han hun et fra",
    "Turkish": "ve bir bu için ile da de olarak çok olan daha gibi kadar sonra",
}
_MARKERS = {name: frozenset(words.split()) for name, words in _OTHERS.items()}
_SCRIPTS = (
    ("Russian or another language in Cyrillic letters", re.compile("[\u0400-\u04ff]")),
    ("Chinese or Japanese", re.compile("[\u3040-\u30ff\u3400-\u9fff]")),
    ("Korean", re.compile("[\uac00-\ud7af]")),
    ("Arabic or Persian", re.compile("[\u0600-\u06ff]")),
    ("Greek", re.compile("[\u0370-\u03ff]")),
    ("Hebrew", re.compile("[\u0590-\u05ff]")),
    ("a language of India", re.compile("[\u0900-\u0dff]")),
    ("Thai", re.compile("[\u0e00-\u0e7f]")),
)
#: Below so many words a text is judged by its letters alone; of more it is English if this share is English words.
FEWEST_WORDS, LEAST_ENGLISH = 12, 0.08
#: Characters that are looked at.
GLANCE = 20_000


def is_english(text: str) -> bool:
    """Whether a text is long enough to tell, and English."""
    words = re.findall(r"[^\W\d_]+", text[:GLANCE].lower())
    return len(words) >= FEWEST_WORDS and sum(word in _ENGLISH for word in words) >= 2 * LEAST_ENGLISH * len(words)


def other_language(text: str) -> str | None:
    """The language a text is in, in words, if it is surely not English; None if it is, or if it cannot be told."""
    glance = text[:GLANCE]
    letters = sum(map(str.isalpha, glance))
    for name, script in _SCRIPTS:
        if letters >= FEWEST_WORDS and len(script.findall(glance)) > letters / 2:
            return name
    words = re.findall(r"[^\W\d_]+", glance.lower())
    if len(words) < FEWEST_WORDS:
        return None
    counts = Counter(words)
    english = sum(counts[word] for word in _ENGLISH) / len(words)
    shares = {name: sum(counts[word] for word in marks) / len(words) for name, marks in _MARKERS.items()}
    name = max(shares, key=shares.__getitem__)
    if english < LEAST_ENGLISH and shares[name] > max(LEAST_ENGLISH, english):
        return name
    if english > shares[name] / 2 or shares[name] < 2 * LEAST_ENGLISH:
        return None
    return name
