"""Answers that were paid for, each in a small file, so that the same question is never paid for twice.

They lie in the cache folder of the user, or where the setting `cache` or SLATEWATCH_CACHE says, by model, version of
the prompt and article. Deleting the folder loses nothing but what asking again costs.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import tempfile
from pathlib import Path

from ..model import Article
from .prompt import version
from .server import LONGEST, Answer, Messages
from .settings import ModelSettings


def cache_folder(settings: ModelSettings) -> Path:
    """Where answers are kept."""
    if settings.cache:
        return Path(settings.cache).expanduser()
    if os.environ.get("SLATEWATCH_CACHE"):
        return Path(os.environ["SLATEWATCH_CACHE"]).expanduser()
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "slatewatch" / "answers"


class KeptAnswers:
    """The answers of one model, as files `MODEL/PROMPT/ARTICLE-QUESTION.json`."""

    def __init__(self, settings: ModelSettings) -> None:
        model = re.sub(r"[^\w.-]+", "_", settings.model)[:60]
        # Two models whose names differ only in signs that no file may have are two.
        mark = hashlib.sha256(settings.model.encode()).hexdigest()[:6]
        self.folder = cache_folder(settings) / f"{model}-{mark}" / version()
        self.broken: str | None = None

    def find(self, article: Article, messages: Messages) -> Answer | None:
        """The answer to this very question, if it was kept and can be read."""
        try:
            with open(self._path(article, messages), "rb") as file:
                record = json.loads(file.read(4 * LONGEST))
            return Answer(
                text=str(record["text"]), tokens_in=int(record["tokens_in"]), tokens_out=int(record["tokens_out"]),
                seconds=float(record["seconds"]), cut=bool(record["cut"]),
            )  # fmt: skip
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return None

    def keep(self, article: Article, messages: Messages, answer: Answer) -> None:
        """Keep an answer, whole or not at all. A folder that cannot be written is noted in `broken`, no more."""
        path = self._path(article, messages)
        record = {name: getattr(answer, name) for name in ("text", "tokens_in", "tokens_out", "seconds", "cut")}
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
            try:
                with os.fdopen(handle, "w", encoding="utf-8") as file:
                    json.dump(record, file)
                os.replace(name, path)
            except BaseException:
                with contextlib.suppress(OSError):
                    os.unlink(name)
                raise
        except OSError as error:
            self.broken = f"{path.parent}: {error.strerror}"

    def _path(self, article: Article, messages: Messages) -> Path:
        question = hashlib.sha256(json.dumps(list(messages)).encode()).hexdigest()[:12]
        return self.folder / article.hash[:2] / f"{article.hash}-{question}.json"
