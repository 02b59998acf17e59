"""Careful reading: an article's claims by a language model behind an OpenAI-compatible server, none without its words.

1. prompt     docs/claims.md, a few labelled examples like the article, and the article as data (`prompt`, `examples`)
2. server     a question within limits, with retries, a time-out and a bound on its answer (`server`, `pace`, `purse`)
3. parsing    whatever came back -> records, fences, chatter and broken ends put up with (`parsing`)
4. grounding  records -> claims: in the vocabulary, quote and names found in the article, or dropped and counted
5. agreement  the built-in reader's claims beside them: who said what, and what stands (`agreement`)

`reader.CarefulReader` runs the five over many articles at once; `kept` keeps answers, so that none is paid for twice.
"""
