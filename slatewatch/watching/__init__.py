"""Watches: conditions over the answers, what has changed of them, how people are told. One alert a changed fact.

1. `conditions` and `words` make a watch of what a person asks for. 2. `steps` walks the history of the projects that
have changed, `matching` says which steps a watch is for, `finding` keeps them as alerts. 3. `digest`, `mail`, `atom`
and `webhooks` tell people, `telling` remembers whom, `rounds` does it all once.
"""
