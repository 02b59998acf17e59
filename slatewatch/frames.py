"""Records in notebooks: lists of them as tables, and as frames of polars and pandas."""

from __future__ import annotations

import dataclasses
import importlib
import types
import typing
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from .errors import BadInput, SlatewatchError
from .tabled import records_html

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

R = TypeVar("R")


class Table(Sequence[R], Generic[R]):
    """Records in their order, shown as one table."""

    def __init__(self, records: Iterable[R] = ()) -> None:
        self.records = tuple(records)
        strange = next((r for r in self.records if not _is_record(r)), None)
        if strange is not None:
            raise BadInput(f"a table is made of records, as answers give them, not of {type(strange).__name__}")

    @overload
    def __getitem__(self, at: int) -> R: ...
    @overload
    def __getitem__(self, at: slice) -> Table[R]: ...
    def __getitem__(self, at: int | slice) -> R | Table[R]:
        return Table(self.records[at]) if isinstance(at, slice) else self.records[at]

    def __len__(self) -> int:
        return len(self.records)

    def __repr__(self) -> str:
        return f"Table({list(self.records)!r})"

    def _repr_html_(self) -> str:
        return records_html(self.records) if self.records else "<p>nothing</p>"

    def to_polars(self) -> pl.DataFrame:
        """A row a record; see `to_polars`."""
        return to_polars(self.records)

    def to_pandas(self) -> pd.DataFrame:
        """A row a record; see `to_pandas`."""
        return to_pandas(self.records)


def table(records: Iterable[R]) -> Table[R]:
    """The records as one table. Raises BadInput for what is no record."""
    return Table(records)


def to_polars(records: Iterable[Any]) -> pl.DataFrame:
    """A frame with a row a record and a column a field; the fields of a record within it are `its_name`.

    Lists stay lists, of texts or of structs. Needs polars.
    """
    pl = _library("polars")
    rows, hints = _rows(records)
    kinds = {str: pl.String, int: pl.Int64, float: pl.Float64, bool: pl.Boolean}
    known = {name: kinds[hint] for name, hint in hints.items() if hint in kinds}
    known |= {name: pl.List(pl.String) for name, hint in hints.items() if hint == "texts"}
    return pl.DataFrame(rows, schema_overrides=known, infer_schema_length=None)  # type: ignore[no-any-return]


def to_pandas(records: Iterable[Any]) -> pd.DataFrame:
    """A frame with a row a record and a column a field, as `to_polars` has them. Needs pandas."""
    pd = _library("pandas")
    rows, hints = _rows(records)
    frame = pd.DataFrame(rows, columns=list(hints))
    # A whole number that is not always there would become a float.
    return frame.astype({name: "Int64" for name, hint in hints.items() if hint is int})  # type: ignore[no-any-return]


def _library(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise SlatewatchError(f"this needs {name}, which is not installed: pip install {name}") from error


def _is_record(thing: object) -> bool:
    return dataclasses.is_dataclass(thing) and not isinstance(thing, type)


def _rows(records: Iterable[Any]) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """A dict a record, and by column what it holds: str, int, float, bool, "texts" or something else."""
    whole = Table(records).records
    hints: dict[str, Any] = {}
    for kind in dict.fromkeys(type(record) for record in whole):
        hints.update(_columns(kind))
    return [{**dict.fromkeys(hints), **dict(_fields(record))} for record in whole], hints


def _columns(kind: type, prefix: str = "") -> Iterator[tuple[str, Any]]:
    hints = typing.get_type_hints(kind)
    for field in dataclasses.fields(kind):
        hint = _held(hints[field.name])
        if isinstance(hint, type) and dataclasses.is_dataclass(hint):
            yield from _columns(hint, f"{prefix}{field.name}_")
        else:
            yield f"{prefix}{field.name}", hint


def _held(hint: Any) -> Any:
    """The type itself of `X | None`; str for a Literal; "texts" for a tuple of str."""
    parts = [part for part in typing.get_args(hint) if part is not types.NoneType]
    if isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union:
        return _held(parts[0]) if len(parts) == 1 else object
    if typing.get_origin(hint) is typing.Literal:
        return str
    if typing.get_origin(hint) is tuple and parts == [str, ...]:
        return "texts"
    return hint


def _fields(record: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    hints = typing.get_type_hints(type(record))
    for field in dataclasses.fields(record):
        value, name = getattr(record, field.name), f"{prefix}{field.name}"
        hint = _held(hints[field.name])
        if _is_record(value):
            yield from _fields(value, f"{name}_")
        elif not (value is None and isinstance(hint, type) and dataclasses.is_dataclass(hint)):
            yield name, _plain(value)


def _plain(value: Any) -> Any:
    if _is_record(value):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    return [_plain(one) for one in value] if isinstance(value, tuple | list | Table) else value


def load_ipython_extension(shell: Any) -> None:
    """`%load_ext slatewatch`: plain lists of records, as answers give them, are shown as tables too."""
    shown = shell.display_formatter.formatters["text/html"]
    for kind in (list, tuple):
        shown.for_type(kind, _listed)


def _listed(things: Sequence[Any]) -> str | None:
    """None leaves anything else to be shown as before."""
    ours = things and all(_is_record(one) and type(one).__module__.startswith("slatewatch.") for one in things)
    return records_html(things) if ours else None
