"""Fonts for PDF: the letters that are needed, out of the fonts that have them, in plain and in bold."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .libraries import library

FONTS: dict[str, list[str]] = tomllib.loads(Path(__file__).with_name("fonts.toml").read_text("utf-8"))
#: Weights of a font that has them all in one file.
WEIGHTS = {"": 400, "B": 700}

#: Tables of a font that letters are made, shaped and sized by.
KEPT = frozenset(
    "GlyphOrder head hhea hmtx maxp name OS/2 post cmap cvt fpgm prep gasp glyf loca CFF CFF2 VORG vhea vmtx GDEF GPOS "
    "GSUB BASE fvar gvar avar HVAR VVAR MVAR STAT cvar".split()
) | {"cvt ", "CFF "}


@dataclass(frozen=True, slots=True)
class Face:
    """A font cut down to some letters: files by style (`B` is bold), code points that it has."""

    files: dict[str, Path]
    letters: frozenset[int]


def faces(needed: set[str], folder: Path) -> list[Face]:
    """Fonts that have the letters between them, the main one first; what is cut is kept in `folder`.

    Letters that no font here has are in none of them. Raises SlatewatchError where the main font is not installed.
    """
    missing = {ord(c) for c in needed if c.isprintable()}
    found: list[Face] = []
    for at, file in enumerate(_files()):
        if at and not missing:
            break
        try:
            face = _face(file, missing, folder / str(at))
        except Exception:
            # A font of the machine in a form that cannot be used: the next, then. The main one is ours.
            if not at:
                raise
            continue
        if face and face.letters & missing:
            missing -= face.letters
            found.append(face)
    return found


def _files() -> Iterator[Path]:
    """The files of fonts, those of our packages first."""
    for at, package in enumerate(FONTS["packages"]):
        try:
            root = Path(str(library(package).__file__)).parent / "files"
        except Exception:
            if not at:
                raise
            continue
        yield from sorted(f for f in root.glob("*.ttf") if "Italic" not in f.name)
    for folder in FONTS["folders"]:
        for name in FONTS["files"]:
            yield from sorted(Path(folder).expanduser().rglob(name))


def _face(file: Path, wanted: set[int], stem: Path) -> Face | None:
    tt: Any = library("fontTools.ttLib")
    with tt.TTFont(file, lazy=True, fontNumber=0) as font:
        letters = frozenset(set(font.getBestCmap() or ()) & wanted)
    if not letters:
        return None
    files: dict[str, Path] = {}
    for style, weight in WEIGHTS.items():
        files[style] = stem.with_name(f"{stem.name}{style}.ttf")
        _cut(tt, file, letters, weight, files[style])
    return Face(files, letters)


def _cut(tt: Any, file: Path, letters: frozenset[int], weight: int, to: Path) -> None:
    """The font with these letters alone, at one weight where it has several: cut first, which makes the rest quick."""
    subset: Any = library("fontTools.subset")
    with tt.TTFont(file, lazy=True, fontNumber=0, recalcTimestamp=False) as font:
        options = subset.Options()
        options.layout_features = ["*"]
        options.name_IDs = ["*"]
        # Tables of the font's own maker, which no reader of the PDF needs, would each be warned of.
        options.drop_tables = [*options.drop_tables, *(set(font.keys()) - KEPT)]
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=letters)
        cutter.subset(font)
        if "fvar" in font:
            axes = {axis.axisTag: axis.defaultValue for axis in font["fvar"].axes} | {"wght": weight}
            library("fontTools.varLib.instancer").instantiateVariableFont(font, axes, inplace=True)
        font.save(to)
