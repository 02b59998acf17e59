"""Two readers of one article: what both made, where they differ, and the model asked to check the built-in one."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from careful_makers import ARTICLE, DIRECTOR, reader_of
from model_servers import Question, chat, says, serving

from slatewatch.careful.agreement import agree, settle
from slatewatch.careful.prompt import check_questions
from slatewatch.model import Claim

pytestmark = pytest.mark.usefixtures("alone")


def claim(what: str = "director", value: str | None = "Ines Marrow", **fields: Any) -> Claim:
    kind = "status" if what == "status" else "credit"
    start = ARTICLE.words.index("Ines Marrow")
    whole: dict[str, Any] = {
        "kind": kind, "article": "a", "project": "Harbour Lights", "role": None if kind == "status" else what,
        "value": value, "modality": None if kind == "status" else "attached", "quote": "Ines Marrow", "start": start,
        "end": start + 11, "sure": 0.8, **fields,
    }  # fmt: skip
    return Claim(**whole)


def test_what_both_readers_made_names_both_and_is_surer() -> None:
    model = claim(value="Ines  Marrow", maker="m", sure=0.9, quote="Ines", end=claim().start + 4)
    agreed = agree([claim(character="herself")], [model], below=0.7)
    [joint] = agreed.claims
    assert joint.makers == ("m", "slatewatch")
    assert joint.sure == pytest.approx(0.98)
    assert joint.character == "herself"
    assert joint.quote == "Ines"
    # Makers are no part of what a claim says.
    assert replace(joint, also=(), maker="x", sure=0.1).id == joint.id
    assert agreed.parts == {"both": 1}


def test_what_one_reader_made_says_so() -> None:
    agreed = agree([claim("writer", sure=0.9), claim("producer", sure=0.5)], [claim("director", maker="m")], below=0.7)
    assert {(c.role, c.makers) for c in agreed.claims} == {("director", ("m",)), ("writer", ("slatewatch",))}
    assert agreed.parts == {"model": 1, "built-in": 1, "left out": 1}


def test_of_two_words_on_one_matter_the_models_stands() -> None:
    built_in = [claim(modality="attached", sure=0.99), claim("status", "script", sure=0.99)]
    model = [claim(modality="in_talks", maker="m"), claim("status", "filming", maker="m")]
    agreed = agree(built_in, model, below=0.7)
    assert agreed.claims == sorted(model, key=lambda c: c.kind)
    assert agreed.parts == {"model": 2, "contradicted": 2}


def test_checking_confirms_denies_or_leaves() -> None:
    claims = [claim("director"), claim("writer"), claim("producer"), claim("cast"), claim("editor")]
    verdicts = [
        {"claim": 1, "holds": True, "quote": "Ines Marrow is set to direct"},
        {"claim": 2, "holds": False, "quote": "the novel by Otto Quill"},
        {"claim": 3, "holds": False, "quote": "he never wrote it"},
        {"claim": 4, "holds": "no", "quote": "Ada and Runa Vole"},
        {"claim": 99, "holds": False, "quote": "Ada and Runa Vole"},
        {"claim": True, "holds": False, "quote": "Ada and Runa Vole"},
    ]
    settled = settle(ARTICLE, claims, verdicts, maker="m", sure=0.9)
    assert [c.role for c in settled.claims] == ["director", "producer", "cast", "editor"]
    assert settled.claims[0].makers == ("slatewatch", "m")
    assert settled.claims[0].id == claims[0].id
    assert settled.parts == {"confirmed": 1, "denied": 1, "not settled": 3}


def test_only_what_is_unsure_is_asked() -> None:
    found = [claim(sure=0.95)]
    with (
        serving(lambda _: says([DIRECTOR])) as server,
        reader_of(server.url, found, which="unsure", below=0.7) as reader,
    ):
        assert reader.claims(ARTICLE) == found
        assert server.asked == []
        found[:] = [claim("writer", sure=0.5), claim("cast", sure=0.95)]
        assert {c.role for c in reader.claims(ARTICLE)} == {"director", "cast"}
    assert (reader.tally.passed_over, reader.tally.asked) == (1, 1)


def test_an_article_without_claims_is_not_checked() -> None:
    def answer(question: Question) -> Any:
        assert '{"claim":1,"kind":"credit"' in question.last
        return chat('{"verdicts": [{"claim": 1, "holds": true, "quote": "Ines Marrow is set to direct"}]}')

    found: list[Claim] = []
    with serving(answer) as server, reader_of(server.url, found, which="check") as reader:
        assert reader.claims(ARTICLE) == []
        assert server.asked == []
        found.append(claim())
        [confirmed] = reader.claims(ARTICLE)
        schema = server.asked[0].body["response_format"]["json_schema"]["schema"]
    assert confirmed.makers == ("slatewatch", "m")
    assert list(schema["properties"]) == ["verdicts"]


def test_claims_to_check_are_numbered() -> None:
    [_, asked] = check_questions(ARTICLE, [claim(), claim("writer")], 10_000)
    numbered = asked["content"].partition("Claims to confirm or deny:\n")[2].splitlines()
    assert [json.loads(line)["claim"] for line in numbered] == [1, 2]
    assert "start" not in json.loads(numbered[0])
