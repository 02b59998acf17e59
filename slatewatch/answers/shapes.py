"""The fixed JSON shapes: what other programs and the scorers read."""

from __future__ import annotations

from typing import Any

import msgspec

from slatewatch.model import Project, Standing


def project_shape(project: Project) -> dict[str, Any]:
    """One project in the shape of `slatewatch projects --json`."""
    return {
        "id": project.id,
        "title": project.title,
        "titles": list(project.titles),
        "articles": [report.id for report in project.reports],
        "current": [standing_shape(s) for s in project.current],
        "open_roles": sorted({post.role for post in project.posts}),
        "first": {"outlet": project.first.outlet, "published": project.first.published, "clock": project.first.clock},
        "conflicts": [
            {"role": c.role, "values": list(c.values), "articles": list(c.articles)} for c in project.conflicts
        ],
    }


def standing_shape(standing: Standing) -> dict[str, Any]:
    """One line of a project's state; what it does not have is left out, but for `role`."""
    shape: dict[str, Any] = {"kind": standing.kind, "role": standing.role, "value": standing.value}
    for name in ("modality", "character", "year"):
        if getattr(standing, name) is not None:
            shape[name] = getattr(standing, name)
    if standing.creators:
        shape["creators"] = list(standing.creators)
    return shape


def json_line(record: Any) -> bytes:
    """Any answer, or shape of one, as one line of JSON in UTF-8."""
    return msgspec.json.encode(record)
