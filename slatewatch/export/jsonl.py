"""JSON Lines: the whole record of a project a line, every value with all its evidence."""

from __future__ import annotations

from collections.abc import Iterable

from slatewatch.answers.shapes import json_line
from slatewatch.model import Project

from .job import Job


def write(projects: Iterable[Project], job: Job) -> None:
    for project in projects:
        job.out.write(json_line(project) + b"\n")
