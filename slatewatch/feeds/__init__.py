"""News that comes in by itself: feeds are found, asked politely, and what they lead to is read and stored.

1. `parsing`   the bytes of a feed, an OPML list or a site's page -> what they list
2. `manners`   one address -> one answer, as the host wants to be asked
3. `finding`   what a person names -> the feeds it means
4. `updating`  the feeds of a store -> their news in the store
"""
