"""A brief a project as PDF, a page of A4 each, with its fonts inside. Needs fpdf2; no system library.

Each page is set as large as fits on one. Names in other scripts take their letters from the fonts of fonts.toml and are
shaped by HarfBuzz; a letter that no font has is told and shown as "?".
"""

from __future__ import annotations

import string
import tempfile
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from slatewatch.model import Project

from .brief import VALUES, Brief, Value, brief
from .fonts import faces
from .job import Job
from .libraries import library

#: Beside what the records hold: the words of the page itself.
ALWAYS = set(string.printable) - set(string.whitespace) | set(" ·“”…?")
#: What to try until it fits on a page: sizes, as parts of 10.5 points, with the words or without, values a line.
TRIES = (
    *((scale, True, VALUES) for scale in (1.0, 0.93, 0.86, 0.8, 0.74, 0.68, 0.62)),
    (0.68, False, VALUES), (0.62, False, VALUES // 2), (0.62, False, 1),
)  # fmt: skip
#: Where the values of a line begin, in millimetres.
COLUMN = 34.0
GREY, DARK, BLACK = 95, 60, 0


def write(projects: Iterable[Project], job: Job) -> None:
    briefs = [brief(project, job) for project in projects]
    pdf = library("fpdf").FPDF(format="A4")
    pdf.set_margins(16, 13, 16)
    pdf.set_auto_page_break(True, margin=12)
    pdf.set_title(briefs[0].title if len(briefs) == 1 else f"{len(briefs)} projects")
    pdf.set_creator("slatewatch")
    pdf.set_lang("en")
    # The same records give the same file.
    pdf.set_creation_date(datetime(2000, 1, 1, tzinfo=UTC))
    with tempfile.TemporaryDirectory() as folder:
        page = Page(pdf, _with_fonts(pdf, set(str(briefs)) | ALWAYS, Path(folder)), job)
        for one in briefs:
            pdf.add_page()
            page.draw(one)
        job.out.write(bytes(pdf.output()))


def _with_fonts(pdf: Any, needed: set[str], folder: Path) -> frozenset[int]:
    """Give the document its fonts; the code points that they have."""
    found = faces(needed, folder)
    for at, face in enumerate(found):
        for style, file in face.files.items():
            pdf.add_font(f"f{at}", style, file)
    pdf.set_font("f0", size=10)
    pdf.set_fallback_fonts([f"f{at}" for at in range(1, len(found))], exact_match=True)
    pdf.set_text_shaping(True)
    return frozenset().union(*(face.letters for face in found))


class Page:
    """Draws briefs. `scale`, `words` and `most` are what is tried just now: see TRIES."""

    def __init__(self, pdf: Any, letters: frozenset[int], job: Job) -> None:
        self.pdf, self.letters, self.job = pdf, letters, job
        self.scale, self.words, self.most = TRIES[0]

    def draw(self, one: Brief) -> None:
        """Set it as large as one page takes; without its quotes, then with fewer values, where that does not fit."""
        for self.scale, self.words, self.most in TRIES:
            with self.pdf.offset_rendering() as trial:
                self._whole(one)
            if not trial.page_break_triggered:
                break
        self._whole(one)

    def _whole(self, one: Brief) -> None:
        self._text(one.title, 17, bold=True)
        self._line()
        for text in (f"also called {one.others}" if one.others else "", one.heading):
            if text:
                self._text(text, 9.5, GREY)
                self._line()
        self._heading("Package")
        for label, values, more in one.lines:
            self._row(label, values, more)
        for heading, values in (("Open posts", one.posts), ("Contradictions", one.conflicts)):
            if values:
                self._heading(heading)
                for value in values:
                    self._value(value)
        self._heading("What changed last")
        for parts in one.changes:
            self._text(" · ".join(part for part in parts if part), 9.5)
            self._line()
        self._heading("Articles")
        for parts in one.articles:
            self._text(" · ".join(part for part in parts if part), 9.5)
            self._line()
        if one.more_articles:
            self._text(f"and {one.more_articles} more", 9.5, GREY)
            self._line()
        self._heading("Notes")
        self._blank(7)
        self._blank(7)
        self.pdf.ln(2 * self.scale)
        self._text(one.foot, 8, GREY)

    def _row(self, label: str, values: tuple[Value, ...], more: int) -> None:
        pdf = self.pdf
        left = pdf.l_margin
        self._text(label, 10, DARK)
        pdf.set_left_margin(left + COLUMN)
        pdf.set_x(left + COLUMN)
        if not values:
            self._blank(5)
        for value in values[: self.most]:
            self._value(value)
        more += len(values[self.most :])
        if more:
            self._text(f"and {more} more", 9.5, GREY)
            self._line()
        pdf.set_left_margin(left)
        pdf.set_x(left)
        pdf.ln(0.5 * self.scale)

    def _value(self, value: Value) -> None:
        self._text(value.text, 10.5, bold=True)
        if value.note:
            self._text(f"  {value.note}", 10, DARK, high=10.5)
        if value.quote and self.words:
            self._text(f"  “{value.quote}” {value.source}", 8, GREY, high=10.5)
        self._line(10.5)

    def _heading(self, text: str) -> None:
        pdf = self.pdf
        pdf.ln(2.2 * self.scale)
        self._text(text, 10.5, bold=True)
        self._line()
        pdf.set_line_width(0.3)
        pdf.line(pdf.l_margin, pdf.y, pdf.w - pdf.r_margin, pdf.y)
        pdf.ln(0.8)

    def _blank(self, height: float) -> None:
        """A line to write on."""
        pdf = self.pdf
        pdf.ln(height * self.scale)
        pdf.set_line_width(0.15)
        with pdf.local_context():
            pdf.set_dash_pattern(dash=0.4, gap=0.8)
            pdf.line(pdf.l_margin, pdf.y, pdf.w - pdf.r_margin, pdf.y)
        pdf.ln(0.6)

    def _text(self, text: str, size: float, grey: int = BLACK, *, bold: bool = False, high: float = 0) -> None:
        """Words at a size in points, on lines as high as those of size `high` are."""
        pdf = self.pdf
        pdf.set_font("f0", "B" if bold else "", size * self.scale)
        pdf.set_text_color(grey)
        pdf.write(self._height(high or size), self._printed(text))

    def _printed(self, text: str) -> str:
        lacking = {c for c in text if ord(c) not in self.letters}
        for c in lacking:
            self.job.leave_out("has no letter in any font here: install one, fonts-noto-cjk for instance", c)
        return "".join("?" if c in lacking else c for c in text)

    def _height(self, size: float) -> float:
        return size * self.scale * 0.47

    def _line(self, size: float = 0) -> None:
        self.pdf.ln(self._height(size or self.pdf.font_size_pt / self.scale))
