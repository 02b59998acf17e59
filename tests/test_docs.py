"""The documents say what the program does: nothing is left out, and the vocabulary is the same."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest
from conftest import ROOT

from slatewatch import model
from slatewatch.cli import COMMANDS, slatewatch

CLAIMS = (ROOT / "docs" / "claims.md").read_text("utf-8")
COMMAND_LINE = (ROOT / "docs" / "command-line.md").read_text("utf-8")
DOCUMENTS = [*sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md", ROOT / "CHANGELOG.md"]


def named(text: str) -> list[str]:
    """The words set as code."""
    return re.findall(r"`([a-z_]+)`", text)


def table(heading: str) -> list[list[str]]:
    """The cells of the first table below a heading of docs/claims.md, without its head."""
    below = CLAIMS[CLAIMS.index(f"{heading}\n") :]
    rows = re.search(r"(?:^\|.*\n)+", below, re.MULTILINE)
    assert rows is not None
    return [[cell.strip() for cell in row.strip("|").split(" | ")] for row in rows[0].splitlines()[2:]]


def test_the_kinds_are_those_of_the_table() -> None:
    assert [named(row[0])[0] for row in table("## Kinds")] == list(model.KINDS)


@pytest.mark.parametrize("kind", model.KINDS)
def test_the_roles_of_a_kind_are_those_of_the_table(kind: model.Kind) -> None:
    (row,) = [row for row in table("## Kinds") if named(row[0])[0] == kind]
    roles = named(row[2])
    if roles == ["credit"]:  # "as for `credit`"
        roles = list(model.CREDIT_ROLES)
    assert roles == list(model.ROLES.get(kind, ()))


def test_the_formats_are_those_of_the_table() -> None:
    (row,) = [row for row in table("## Kinds") if named(row[0])[0] == "format"]
    assert named(row[3]) == list(model.FORMATS)


def test_the_modalities_are_those_of_the_table() -> None:
    assert [named(row[0])[0] for row in table("### Modality (credits and companies)")] == list(model.MODALITIES)


def test_the_statuses_are_those_of_the_list() -> None:
    below = CLAIMS[CLAIMS.index("### Status\n") :]
    assert named(below[: below.index("One status a project")]) == list(model.STATUSES)


def test_core_kinds_and_ties_are_those_of_the_text() -> None:
    core, ties = re.split(r"\*\*core\*\* kinds", CLAIMS[CLAIMS.index("`credit`, `company`, `based_on`") :])[:2]
    assert set(named(core)) == set(model.CORE_KINDS)
    assert named(ties[: ties.index("**ties**")]) == list(model.TIE_KINDS)


@pytest.mark.parametrize("name", [name for name, _, _ in COMMANDS])
def test_every_command_and_option_is_documented(name: str) -> None:
    assert f"## `slatewatch {name}" in COMMAND_LINE
    section = COMMAND_LINE[COMMAND_LINE.index(f"## `slatewatch {name}") :].split("\n## ")[0]
    command = slatewatch.get_command(click.Context(slatewatch), name)
    assert command is not None
    for option in (p for p in command.params if isinstance(p, click.Option)):
        assert f"`{option.opts[0]}" in section, f"{name} {option.opts[0]}"


GROUPS = [name for name, _, _ in COMMANDS if name in {"watch", "import"}]


@pytest.mark.parametrize("name", GROUPS)
def test_every_command_of_a_group_and_its_options_are_documented(name: str) -> None:
    section = COMMAND_LINE[COMMAND_LINE.index(f"## `slatewatch {name}") :].split("\n## ")[0]
    group = slatewatch.get_command(click.Context(slatewatch), name)
    assert isinstance(group, click.Group)
    for word, command in group.commands.items():
        assert f"`slatewatch {name} {word}" in section
        below = section[section.index(f"`slatewatch {name} {word}") :]
        for option in (p for p in command.params if isinstance(p, click.Option)):
            assert f"`{option.opts[0]}" in below, f"{name} {word} {option.opts[0]}"


def test_every_option_of_all_commands_is_documented() -> None:
    for option in (p for p in slatewatch.params if isinstance(p, click.Option)):
        assert f"`{option.opts[-1]}" in COMMAND_LINE, option.opts


def test_every_setting_is_documented() -> None:
    sources = [path.read_text("utf-8") for path in (ROOT / "slatewatch").rglob("*.py")]
    settings = {name for source in sources for name in re.findall(r"\bSLATEWATCH_[A-Z_]+\b", source)}
    assert {"SLATEWATCH_DB", "SLATEWATCH_DEBUG"} <= settings
    assert [name for name in sorted(settings) if f"`{name}`" not in COMMAND_LINE] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)", path.read_text("utf-8")):
        if not target.startswith(("http://", "https://")):
            assert (path.parent / target).exists(), f"{path.name}: {target}"


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_files_that_documents_name_exist(path: Path) -> None:
    named_files = re.findall(
        r"`((?:slatewatch|docs|tests|scripts|bench|gold|training)/[\w./-]+)`", path.read_text("utf-8")
    )
    assert [name for name in named_files if not (ROOT / name).exists()] == []


def test_every_target_that_documents_name_is_in_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    said = {
        target for path in DOCUMENTS for target in re.findall(r"(?:`|^)make ([a-z]+)", path.read_text("utf-8"), re.M)
    }
    assert "demo" in said
    assert [target for target in sorted(said) if f"\n{target}:" not in makefile] == []
