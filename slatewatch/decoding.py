"""Bytes -> text: which encoding a page is in, and whether it is text at all."""

from __future__ import annotations

import codecs
import re

from .errors import UnreadablePage

#: How common files begin that are no text, and what to call them.
_MAGIC = (
    (b"%PDF-", "a PDF"), (b"PK\x03\x04", "a zip file or office document"), (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"), (b"GIF8", "an image"), (b"\x1f\x8b", "a gzip file"), (b"\x7fELF", "a program"),
    (b"{\\rtf", "an RTF document"),
)  # fmt: skip
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # fmt: skip
_HEADER_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{2,40})", re.I)
_META_CHARSET = re.compile(
    rb"<(?:meta\b[^>]{0,300}?charset|\?xml\b[^>]{0,100}?encoding)\s*=\s*[\"']?([\w.:-]{2,40})", re.I
)
_ODD = re.compile("[\0\ud800-\udfff]")
#: One byte a character, and not for Latin letters.
_NOT_LATIN = ("cp1251", "cp1253", "cp1255", "cp1256", "iso8859-5", "iso8859-6", "iso8859-7", "iso8859-8")
_CONTROLS = bytes([*range(9), *range(14, 26), *range(28, 32)])
#: Of the first bytes of a text at most this share are control characters; of random bytes an eighth.
MOST_CONTROLS = 0.02
#: Bytes that are looked at to tell text from other files.
GLANCE = 65_536


def decoded(body: bytes, media_type: str | None = None) -> str:
    """The text of a page: byte order mark, header, `meta` and detection are asked in this order.

    What does not decode becomes U+FFFD, and so do NULs and halves of surrogate pairs: nothing else has to expect them.
    Raises UnreadablePage for what is no text.
    """
    for start, what in _MAGIC:
        if body.startswith(start):
            raise UnreadablePage(f"{what}, not a page; give it as HTML or plain text")
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return _as_text(body[len(mark) :], encoding)
    if wide := _wide(body[:GLANCE]):
        return _as_text(body, wide)
    return _as_text(body, _encoding(body, media_type))


def cleaned(text: str) -> str:
    """The text with U+FFFD for each NUL and each half of a surrogate pair: as long as before."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return _ODD.sub("\ufffd", text)
    # Without halves of pairs, as nearly all text is, a NUL is looked for many times as fast.
    return text.replace("\0", "\ufffd")


def _as_text(body: bytes, encoding: str) -> str:
    text = body.decode(encoding, "replace")
    glance = text[:GLANCE]
    plain = glance.encode("utf-8", "replace")
    controls = len(plain) - len(plain.translate(None, _CONTROLS))
    if controls > MOST_CONTROLS * len(glance):
        raise UnreadablePage("not text but a binary file; give the page as HTML or plain text")
    return cleaned(text)


def _wide(glance: bytes) -> str | None:
    """UTF-16 without a byte order mark: in English nearly every second byte is a NUL."""
    if b"\0" not in glance:
        return None
    half = len(glance) // 2
    even, odd = glance[0::2].count(0), glance[1::2].count(0)
    if half > 8 and max(even, odd) > 0.7 * half and min(even, odd) < 0.05 * half:
        return "utf-16-be" if even > odd else "utf-16-le"
    return None


def _encoding(body: bytes, media_type: str | None) -> str:
    """The name Python has for the encoding. Valid UTF-8 beyond ASCII is UTF-8, whatever the page says of itself."""
    from resiliparse.parse.encoding import detect_encoding, map_encoding_to_html5

    if not body.isascii() and _is_utf8(body):
        return "utf-8"
    head = _HEADER_CHARSET.search(media_type or "")
    meta = _META_CHARSET.search(body[:4096])
    declared = head[1] if head else meta[1].decode("ascii", "replace") if meta else ""
    named = (
        map_encoding_to_html5(declared.lower().replace("latin-", "latin"), fallback_utf8=False) if declared else None
    )
    if not named and not _mostly_wrong(body):
        return "utf-8"
    if not named or (named == "utf-8" and _mostly_wrong(body)):
        named = detect_encoding(body[:GLANCE], max_len=GLANCE, html5_compatible=True, from_html_meta=False)
        # Between the Latin ones detection guesses, and what is read is English.
        if not named or (named.startswith(("iso8859", "iso-8859", "cp125", "utf")) and named not in _NOT_LATIN):
            named = "cp1252"
    return codecs.lookup(named).name


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _mostly_wrong(body: bytes) -> bool:
    """Whether of the characters beyond ASCII more are broken than whole, so that UTF-8 is a false claim."""
    beyond = re.sub(r"[\0-\x7f]", "", body[:GLANCE].decode("utf-8", "replace"))
    return beyond.count("\ufffd") > len(beyond) / 2
