"""slatewatch reads film and television news and keeps one record a project, every value traced to its words."""

__version__ = "0.1.0"
