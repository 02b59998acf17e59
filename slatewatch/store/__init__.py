"""The store: one SQLite file. All SQL of the package stands in this folder."""

from .opening import open_store, snapshot, transaction

__all__ = ["open_store", "snapshot", "transaction"]
