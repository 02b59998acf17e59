"""Which steps of a project's history a watch is for.

Some conditions are facts that come and go: a person, a company, an open post, a status. A change of one of them is told
where all the others hold, before its day or after it. The others narrow down where (project, source work, format) and
which (role, modality); a watch of these alone is for every change they leave. A role that no person or company of the
watch can have is that of anybody: `--role director --company Netflix` is for directors, on projects at Netflix.
"""

from __future__ import annotations

from collections.abc import Iterable

from slatewatch.model import COMPANY_ROLES, CREDIT_ROLES

from .conditions import Resolved
from .steps import State, Step, is_of_work, values

#: The conditions that are facts, and of these the ones that name somebody.
FACTS = ("people", "companies", "open", "statuses")
NAMED = ("people", "companies")
#: Who stands so is on the project, or about to be.
IN = frozenset({"attached", "in_talks"})


def is_for(watch: Resolved, step: Step) -> bool:
    """Whether the watch is for this step."""
    said = watch.said
    if not _where(watch, step) or (said.modalities and step.row["after"] not in said.modalities):
        return False
    facts = [name for name in FACTS if getattr(said, name)]
    free = _free_roles(watch)
    if free:
        return step.row["role"] in free and all(_holds(name, watch, step) for name in facts)
    if not facts:
        return True
    return any(
        _is_about(name, watch, step) and all(_holds(other, watch, step) for other in facts if other != name)
        for name in facts
    )


def _where(watch: Resolved, step: Step) -> bool:
    if watch.said.projects and step.row["project"] not in watch.projects:
        return False
    if watch.works and not is_of_work(step.end, watch.works):
        return False
    return not watch.said.formats or any(says in watch.said.formats for _, says in values(step.end, "format"))


def _free_roles(watch: Resolved) -> set[str]:
    """The roles that no person or company of the watch is meant to have: whoever has them."""
    said = watch.said
    return {
        role for role in said.roles
        if not ((said.people and role in CREDIT_ROLES) or (said.companies and role in COMPANY_ROLES))
    }  # fmt: skip


def _is_about(name: str, watch: Resolved, step: Step) -> bool:
    row, said = step.row, watch.said
    if name in NAMED:
        kind, keys, roles = _named(name, watch)
        return row["kind"] == kind and bool(keys & set(step.keys)) and (not roles or row["role"] in roles)
    if name == "open":
        return row["kind"] == "open_role" and row["role"] in said.open
    return row["kind"] == "status" and row["after"] in said.statuses


def _named(name: str, watch: Resolved) -> tuple[str, frozenset[str], set[str]]:
    """The kind of its credits, the keys and, where the watch says so, the roles of its people or companies."""
    if name == "people":
        return "credit", watch.people, set(watch.said.roles) & set(CREDIT_ROLES)
    return "company", watch.companies, set(watch.said.roles) & set(COMPANY_ROLES)


def _holds(name: str, watch: Resolved, step: Step) -> bool:
    """Whether a condition holds of the project before the day of the step, or after it."""
    return any(_true(name, watch, state) for state in (step.start, step.end))


def _true(name: str, watch: Resolved, state: State) -> bool:
    if name in NAMED:
        kind, keys, roles = _named(name, watch)
        return any(
            lane[0] == kind and lane[2] in keys and says in IN and (not roles or lane[1] in roles)
            for lane, says in state.items()
        )
    if name == "open":
        return any(says == "open" for role in watch.said.open for _, says in values(state, "open_role", role))
    return any(says in watch.said.statuses for _, says in values(state, "status"))


def matching(watches: Iterable[tuple[str, Resolved]], step: Step) -> list[str]:
    """The ids of the watches that are for a step."""
    return [id_ for id_, watch in watches if is_for(watch, step)]
