"""What can go wrong, named by what the caller does next. Messages are for the user and say what to do."""

from __future__ import annotations


class SlatewatchError(Exception):
    """The base: every error that reaches a user as one line on standard error."""


class BadInput(SlatewatchError):
    """The user asked for something that cannot be: say what is allowed, and stop with exit code 2."""


class UnreadablePage(SlatewatchError):
    """This page gives no article: say why, count it, go on with the others."""


class UnusableArchive(SlatewatchError):
    """This archive file cannot be gone on with: stop its shard, keep the others."""


class StoreError(SlatewatchError):
    """The store cannot be opened, read or written: stop; what was stored is kept."""


class Undelivered(SlatewatchError):
    """Somebody could not be told: say why, keep it for the next time, go on with the others."""
