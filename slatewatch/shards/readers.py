"""Who makes the claims of shards: the built-in reader, and beside it a language model where one is asked for.

The options go to each process that takes archives; the reader with its budget is made there, once for a run.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from ..model import Article, Claim

if TYPE_CHECKING:
    from ..careful.purse import Purse
    from ..careful.reader import CarefulReader
    from ..careful.settings import ModelSettings
    from ..careful.tally import Tally

Other = TypeVar("Other")
#: What of the settings has a say in the claims: shards that differ in one of these are not the same.
TELLING = ("model", "which", "below", "sure", "examples", "longest", "max_tokens", "temperature", "answer")
#: Run -> the reader of this process.
_MADE: dict[str, CarefulReader] = {}


@dataclass(frozen=True, slots=True)
class ModelRun:
    """A run over archives with a language model. `name` tells it from other runs in one process."""

    settings: ModelSettings
    name: str


def reader_of(run: ModelRun | None) -> CarefulReader | None:
    """The reader of this process for a run; the key comes from this machine's environment. None without a model."""
    if run is None:
        return None
    if run.name not in _MADE:
        from ..careful.reader import CarefulReader
        from ..careful.settings import key_of_environment

        _MADE[run.name] = CarefulReader(run.settings, key=key_of_environment())
    return _MADE[run.name]


def close(run: ModelRun | None) -> None:
    """Let the reader of this process go, if it had one."""
    if run is not None and run.name in _MADE:
        _MADE.pop(run.name).close()


def mark_of(careful: CarefulReader | None) -> dict[str, Any] | None:
    """What a shard says of the model that read for it; None where the built-in reader read alone."""
    if careful is None:
        return None
    from ..careful.prompt import version

    said = {"for" if name == "which" else name: getattr(careful.settings, name) for name in TELLING}
    return said | {"prompt": version()}


def read(
    found: Iterable[Article | Other], careful: CarefulReader | None
) -> Iterator[tuple[Article, list[Claim], bool] | Other]:
    """(article, claims, whether all readers read it), in order; what is no article passes through in its place."""
    if careful is None:
        from ..claims import find_claims

        for one in found:
            yield (one, find_claims(one), True) if isinstance(one, Article) else one
        return
    from ..careful.reader import Job

    for job in careful.jobs(found):
        yield (job.article, job.claims, job.trouble is None) if isinstance(job, Job) else job


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What a model did for one archive, as it goes from process to process: counts of careful.tally.Tally by name."""

    counts: dict[str, Any]
    tokens_in: int
    tokens_out: int
    broken: str | None = None

    def into(self, tally: Tally, purse: Purse) -> None:
        """Add it to what all archives took."""
        from ..careful.tally import Tally

        kinds = {one.name: one.default_factory for one in dataclasses.fields(Tally)}
        said: dict[str, Any] = {
            name: Counter(value) if kinds[name] is Counter else value for name, value in self.counts.items()
        }
        tally.add(Tally(**said))
        purse.spend(self.tokens_in, self.tokens_out)


class Spending:
    """What a reader does from now on, until `spent`."""

    def __init__(self, careful: CarefulReader) -> None:
        from ..careful.tally import Tally

        self._careful = careful
        self._before = (careful.purse.tokens_in, careful.purse.tokens_out)
        careful.tally = Tally()

    def spent(self) -> Spent:
        tally, purse = self._careful.tally, self._careful.purse
        values = {one.name: getattr(tally, one.name) for one in dataclasses.fields(tally)}
        return Spent(
            counts={name: dict(value) if isinstance(value, dict) else value for name, value in values.items()},
            tokens_in=purse.tokens_in - self._before[0],
            tokens_out=purse.tokens_out - self._before[1],
            broken=self._careful.answers.broken,
        )
