"""What a template prints, in one step: cleaned, escaped, text. And the few pieces that stand on a page by the hundred.

A page prints a thousand values. Jinja makes an object that knows it is escaped of each, by way of several functions;
here a value becomes the text that is sent, and one that was printed before is not worked out again.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from markupsafe import Markup, escape

from .shown import shown
from .wording import plain

#: Values no longer than this many characters are remembered, so many of them: the words of the trade, days, names.
SHORT, REMEMBERED = 48, 4096


@lru_cache(maxsize=REMEMBERED)
def _short(value: str) -> str:
    return _text(value)


def _text(value: object) -> str:
    # A plain text: one that knows it is escaped would be asked again wherever it is put.
    return str.__str__(escape(shown(value)))


def written(value: object) -> str:
    """The text of a value as it stands in a page."""
    if type(value) is str:
        return _short(value) if len(value) <= SHORT else _text(value)
    if isinstance(value, Markup):
        return value
    return "" if value is None else _text(value)


def safe(html: str) -> Markup:
    """Text that is escaped already. (Calling Markup itself takes three times as long.)"""
    return str.__new__(Markup, html)


class Written(CodeGenerator):
    """Templates are compiled so that each value goes through `written`.

    Should a Jinja to come no longer ask these two, values go the long way round and come out the same: `finalize` is
    `shown`, and escaping is on.
    """

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        self.write("environment.written(")

    def _output_child_post(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        self.write(")")


def link(words: object, address: str | None, class_: str = "") -> Markup:
    """The words as a link; where there is no address, the words."""
    kind = f' class="{written(class_)}"' if class_ else ""
    if address:
        return safe(f'<a href="{written(address)}"{kind}>{written(words)}</a>')
    return safe(f"<span{kind}>{written(words)}</span>")


def firmness(modality: str) -> Markup:
    """How firm a part is, with its sign."""
    return safe(f'<span class="firm m-{written(modality)}"><i aria-hidden="true"></i>{written(plain(modality))}</span>')


def tag(word: str | None, class_: str = "") -> Markup:
    """A word in a frame; nothing where there is none."""
    return safe(f'<span class="tag {written(class_)}">{written(plain(word))}</span>' if word else "")


@lru_cache(maxsize=512)
def select(field: str, label: str, options: tuple[str, ...], chosen: str | None, nothing: str = "any") -> Markup:
    """A choice of the vocabulary's words in a form."""
    rows = "".join(
        f'<option value="{written(one)}"{" selected" if one == chosen else ""}>{written(plain(one))}</option>'
        for one in options
    )
    named = f'<select name="{written(field)}"><option value="">{written(nothing)}</option>{rows}</select>'
    return safe(f"<label>{written(label)} {named}</label>")
