"""The questions a user has, one function each. Every answer is a plain record with the words behind it.

Each takes an open store (`store.open_store`); all but `deciding` only read. Nothing here loads the reader of articles.
"""

from .deciding import decide, decisions, mention_named
from .listing import changes, counts, feed, open_posts, outlets, projects, review
from .naming import companies, company, people, person
from .pages import article, project, project_id, projects_whole
from .searching import find
from .stories import edits

__all__ = [
    "article", "changes", "companies", "company", "counts", "decide", "decisions", "edits", "feed", "find",
    "mention_named", "open_posts", "outlets", "people", "person", "project", "project_id", "projects",
    "projects_whole", "review",
]  # fmt: skip
