"""One line of JSON an article: the fixed shape that `slatewatch read --json` prints and other programs rely on."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

import msgspec

from .model import UNNAMED, Article, Claim

#: The fields of a claim in the order of docs/claims.md. A field without a value is left out.
FIELDS = (
    "kind", "project", "subject", "role", "value", "modality", "character", "creators", "year",
    "quote", "start", "end",
)  # fmt: skip
#: Beyond what JSON itself escapes: characters that a terminal would obey, should the line end up on one.
UNSAFE = re.compile("[\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def claim_fields(claim: Claim) -> dict[str, object]:
    """The claim in the words of docs/claims.md, with `start` and `end`; an open role says `"value": null`."""
    fields = {name: getattr(claim, name) for name in FIELDS}
    said = {name: value for name, value in fields.items() if value is not None and value != ()}
    if claim.kind == "open_role":
        said["value"] = None
    shape = {name: said[name] for name in FIELDS if name in said}
    # Where the built-in reader read alone, as it does unless told otherwise, nobody needs to be named.
    return shape if claim.makers in UNNAMED else {**shape, "makers": list(claim.makers)}


def line(article: Article, claims: Sequence[Claim]) -> str:
    """The article's line, without the line break at its end."""
    record: dict[str, object] = {
        "id": article.id,
        "url": article.url,
        "title": article.title,
        "outlet": article.outlet,
        "published": article.published,
        "claims": [claim_fields(claim) for claim in claims],
    }
    return UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", _encoded(record))


def _encoded(record: dict[str, object]) -> str:
    try:
        return msgspec.json.encode(record).decode()
    except UnicodeEncodeError:
        # Half a character in a broken page: only the slow writer takes it.
        return json.dumps(record, ensure_ascii=False)
