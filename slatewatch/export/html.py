"""A brief a project as one HTML file that needs nothing else: a page each when printed."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from slatewatch.model import Project

from .brief import brief
from .job import Job


def write(projects: Iterable[Project], job: Job) -> None:
    made = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    briefs = [brief(project, job) for project in projects]
    title = briefs[0].title if len(briefs) == 1 else f"{len(briefs)} projects"
    job.out.write(made.get_template("brief.html").render(briefs=briefs, title=title).encode("utf-8", "replace"))
