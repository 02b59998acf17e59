"""Articles in, the claims of two readers out: the built-in one and a language model, several articles at once."""

from __future__ import annotations

import random
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from queue import SimpleQueue
from typing import TypeVar

from ..errors import SlatewatchError
from ..model import Article, Claim
from .agreement import agree, settle
from .answer_schema import asked_fields, claims_schema, verdicts_schema
from .examples import examples
from .grounding import ground
from .kept import KeptAnswers
from .pace import Pace
from .parsing import parse
from .prompt import check_questions, questions, version
from .purse import Purse
from .server import Answer, Messages, ModelServer, tokens_in, tokens_of
from .settings import ModelSettings
from .tally import Estimate, Tally
from .trouble import Reason, Trouble

Find = Callable[[Article], Sequence[Claim]]
Read = tuple[Article, list[Claim]]
#: What passes through unread: errors, marks between articles.
Other = TypeVar("Other")
#: The wait before a question is asked again, in seconds: doubled each time, up to the longest.
FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0
#: A server that asks for a longer wait is not waited for, in seconds.
PATIENCE = 300.0
#: After so many articles in a row that got no answer the server is taken for gone.
GIVE_UP = 5
#: So many articles a worker may be read ahead of the one whose turn it is.
AHEAD = 3
#: What counts for that: an answer that is no good is an answer.
GONE: frozenset[Reason] = frozenset({
    "no connection", "timed out", "too many requests", "server error", "redirected", "refused", "no answer of a model",
})  # fmt: skip
#: An answer that did not come in time is asked for once more and not oftener: it may have been paid for.
AFTER_TIME_OUT = 1
#: Tokens that a verdict on one claim takes.
VERDICT = 60


@dataclass(slots=True)
class Job:
    """One article under way: what each reader said of it, and in `claims` what stands. `done` is set at the end."""

    article: Article
    built_in: list[Claim]
    claims: list[Claim]
    model: list[Claim] | None = None
    answer: Answer | None = None
    trouble: Trouble | None = None
    done: threading.Event = field(default_factory=threading.Event)


class CarefulReader:
    """Reads with a model as its settings say. Close it, or use it in `with`: waiting threads then end at once.

    `find` is the built-in reader; `purse` that of an earlier reader, where one budget is for both. Whatever the server
    does, every article comes out again, in the order it came.
    """

    def __init__(
        self, settings: ModelSettings, *, key: str | None = None, find: Find | None = None, purse: Purse | None = None
    ) -> None:
        self.settings = settings
        self.tally = Tally()
        self.purse = purse or Purse(settings)
        self.answers = KeptAnswers(settings)
        self.find = find or _built_in
        self._server = ModelServer(settings, key)
        self._stop = threading.Event()
        self._pace = Pace(settings.per_minute, settings.tokens_per_minute, self._stop)
        # First come, first served: the article whose turn it is waits for no later one.
        self._queue: SimpleQueue[Job | None] = SimpleQueue()
        self._workers = 0
        self._lock = threading.Lock()
        self._in_a_row = 0
        self._final: Trouble | None = None

    def __enter__(self) -> CarefulReader:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let threads that wait for their turn go. Answers under way are not waited for."""
        self._stop.set()
        for _ in range(self._workers):
            self._queue.put(None)

    @property
    def failed(self) -> bool:
        """Whether any article was not read by the model though it should have been."""
        return bool(self.tally.failed)

    def claims(self, article: Article) -> list[Claim]:
        """The claims of one article, both readers heard."""
        job = self._begin(article)
        job.done.wait()
        return job.claims

    def read(self, found: Iterable[Article | Other]) -> Iterator[Read | Other]:
        """Each article with its claims, in order; what could not be read passes through."""
        for job in self.jobs(found):
            yield (job.article, job.claims) if isinstance(job, Job) else job

    def jobs(self, found: Iterable[Article | Other]) -> Iterator[Job | Other]:
        """As `read`, with what each of the two readers said."""
        waiting: deque[Job | Other] = deque()
        most = self.settings.workers * AHEAD
        for item in found:
            waiting.append(self._begin(item) if isinstance(item, Article) else item)
            while waiting and (len(waiting) > most or _ready(waiting[0])):
                yield _taken(waiting.popleft())
        while waiting:
            yield _taken(waiting.popleft())

    def estimate(self, found: Iterable[Article | SlatewatchError]) -> Estimate:
        """What reading would ask and cost. Nothing is sent."""
        articles = asked = kept = into = out = 0
        for article in (item for item in found if isinstance(item, Article)):
            articles += 1
            claims = list(self.find(article))
            if not self._wanted(claims):
                continue
            asked += 1
            messages = self._messages(article, claims)
            if self.answers.find(article, messages):
                kept += 1
                continue
            into += tokens_of(messages)
            out += min(self._likely_length(article, claims), self.settings.max_tokens)
        priced = self.settings.price_in or self.settings.price_out
        return Estimate(
            articles=articles, questions=asked, kept=kept, tokens_in=into, tokens_out=out, prompt=version(),
            cost=self.settings.cost(into, out) if priced else None,
        )  # fmt: skip

    def _begin(self, article: Article) -> Job:
        """The built-in reader at once; the model, if it is wanted, in a thread of its own."""
        claims = list(self.find(article))
        job = Job(article, claims, claims)
        self.tally.articles += 1
        if not self._wanted(claims):
            self.tally.passed_over += 1
            job.done.set()
            return job
        self._queue.put(job)
        if self._workers < self.settings.workers:
            self._workers += 1
            # Daemons: a person who stops the run does not wait for answers that are still being written.
            threading.Thread(target=self._serve, daemon=True).start()
        return job

    def _serve(self) -> None:
        """One worker: job after job, until the run is closed."""
        while (job := self._queue.get()) is not None:
            self._work(job)

    def _wanted(self, claims: Sequence[Claim]) -> bool:
        """Whether the model is to read an article of which the built-in reader makes these claims."""
        if self.settings.which == "all":
            return True
        if self.settings.which == "check":
            return bool(claims)
        return any(claim.sure < self.settings.below for claim in claims)

    def _work(self, job: Job) -> None:
        try:
            trouble = self._check(job) if self.settings.which == "check" else self._read_anew(job)
        except Exception as error:  # noqa: BLE001 (the article stays as the built-in reader read it, and it is told)
            trouble = Trouble(reason="failed here", told=f"{type(error).__name__}: {error}")
        if trouble:
            job.trouble = trouble
            self._note(trouble)
        job.done.set()

    def _read_anew(self, job: Job) -> Trouble | None:
        """The model reads the article as if nobody had."""
        settings = self.settings
        messages = questions(job.article, settings.examples, settings.longest)
        answer = self._answer(job, messages)
        if isinstance(answer, Trouble):
            return answer
        parsed = parse(answer.text, "claims", "kind")
        if parsed is None:
            return _no_json(answer)
        grounded = ground(job.article, parsed.records, maker=settings.model, sure=settings.sure)
        agreed = agree(job.built_in, grounded.claims, below=settings.below)
        job.model, job.claims = grounded.claims, agreed.claims
        with self._lock:
            self.tally.pieces += not parsed.whole
            self.tally.dropped.update(grounded.dropped)
            self.tally.parts.update(agreed.parts)
        return None

    def _check(self, job: Job) -> Trouble | None:
        """The model says of each claim of the built-in reader whether it holds."""
        messages = check_questions(job.article, job.built_in, self.settings.longest)
        answer = self._answer(job, messages)
        if isinstance(answer, Trouble):
            return answer
        parsed = parse(answer.text, "verdicts", "claim")
        if parsed is None:
            return _no_json(answer)
        settings = self.settings
        agreed = settle(job.article, job.built_in, parsed.records, maker=settings.model, sure=settings.sure)
        job.claims = agreed.claims
        with self._lock:
            self.tally.pieces += not parsed.whole
            self.tally.parts.update(agreed.parts)
        return None

    def _answer(self, job: Job, messages: Messages) -> Answer | Trouble:
        """The answer that was kept, or that of the server, which is kept from now on."""
        article = job.article
        kept = self.answers.find(article, messages)
        answer = kept or self._asked(messages)
        if isinstance(answer, Trouble):
            return answer
        job.answer = answer
        with self._lock:
            self.tally.kept += kept is not None
            self.tally.cut += answer.cut
            self.tally.shortened += len(article.words) > self.settings.longest
            if kept is None:
                self.tally.asked += 1
                self.tally.seconds += answer.seconds
        if kept is None:
            self.answers.keep(article, messages, answer)
        return answer

    def _asked(self, messages: Messages) -> Answer | Trouble:
        """One question within budget and pace, asked again where that may help."""
        schema = verdicts_schema() if self.settings.which == "check" else claims_schema()
        size = tokens_of(messages)
        wait = FIRST_WAIT
        for attempt in range(self.settings.retries + 1):
            if self._final:
                return self._given_up()
            room = self.purse.set_aside(size, self.settings.max_tokens)
            if room is None:
                return Trouble(reason="over the budget", told=self._spent())
            try:
                if not self._pace.turn(size):
                    return Trouble(reason="given up", told="the run was stopped")
                answer = self._server.ask(messages, schema)
                self._spend(answer, size)
            finally:
                self.purse.give_back(room)
            if isinstance(answer, Answer):
                with self._lock:
                    self._in_a_row = 0
                return answer
            tries = AFTER_TIME_OUT if answer.reason == "timed out" else self.settings.retries
            if not answer.again or attempt >= min(self.settings.retries, tries) or (answer.wait or 0) > PATIENCE:
                return answer
            pause = answer.wait if answer.wait is not None else wait * random.uniform(0.5, 1.0)
            if answer.reason == "too many requests":
                self._pace.pause(pause)
            with self._lock:
                self.tally.retries += 1
            if not self._pace.sleep(pause):
                return Trouble(reason="given up", told="the run was stopped")
            wait = min(wait * 2, LONGEST_WAIT)
        raise AssertionError("the last attempt returns")

    def _spent(self) -> str:
        money = f" ({self.purse.cost:.4f})" if self.settings.budget is not None else ""
        spent = f"{self.purse.tokens_in + self.purse.tokens_out:,} tokens{money}"
        return f"the next question might go over it, {spent} are spent: raise --llm-budget; what was answered is kept"

    def _spend(self, answer: Answer | Trouble, size: int) -> None:
        if isinstance(answer, Answer):
            self.purse.spend(answer.tokens_in, answer.tokens_out)
        elif answer.paid:
            # Nobody knows what a server charges for an answer that did not arrive: the question at least.
            self.purse.spend(size, 0)

    def _note(self, trouble: Trouble) -> None:
        """Count a failure; a server that lets nobody in, or is gone, is not asked again."""
        with self._lock:
            self.tally.failed[trouble.reason] += 1
            self.tally.told.setdefault(trouble.reason, trouble.told)
            if trouble.final:
                self._final = self._final or trouble
            if trouble.reason in GONE:
                self._in_a_row += 1
                if self._in_a_row >= GIVE_UP:
                    self._final = self._final or trouble

    def _given_up(self) -> Trouble:
        assert self._final is not None
        return Trouble(reason="given up", told=f"the server was not asked any more after: {self._final.told}")

    def _messages(self, article: Article, claims: Sequence[Claim]) -> Messages:
        if self.settings.which == "check":
            return check_questions(article, claims, self.settings.longest)
        return questions(article, self.settings.examples, self.settings.longest)

    def _likely_length(self, article: Article, claims: Sequence[Claim]) -> int:
        """Tokens of the answer to come, judged by the answers of the examples."""
        if self.settings.which == "check":
            return VERDICT * len(claims)
        return int(tokens_in(article.words[: self.settings.longest]) * _length_of_answers())


@cache
def _length_of_answers() -> float:
    """Tokens of answer for each token of article, over the shipped examples."""
    import json

    answers = sum(tokens_in(json.dumps([asked_fields(c) for c in e.claims], ensure_ascii=False)) for e in examples())
    return answers / sum(tokens_in(example.article.words) for example in examples())


def _built_in(article: Article) -> Sequence[Claim]:
    from ..claims import find_claims

    return find_claims(article)


def _no_json(answer: Answer) -> Trouble:
    more = "it was cut at the limit of its length (max_tokens)" if answer.cut else "a larger model may do better"
    return Trouble(reason="no JSON", told=f"the model did not answer in JSON; {more}")


def _ready(job: object) -> bool:
    return not isinstance(job, Job) or job.done.is_set()


def _taken(job: Job | Other) -> Job | Other:
    if isinstance(job, Job):
        job.done.wait()
    return job
