"""The arrows of the house run one way: a reader never knows a rule, a report never queries."""

import ast
import re
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "inkoopcheck"
SETUP = PACKAGE.parent / "setup.cfg"
SHARED = {"", "dutch", "errors", "locations", "privacy", "validation"}
ALLOWED = {
    "findings": set(),
    "tables": set(),
    "schemas": set(),
    "readers": {"findings", "schemas", "tables"},
    "engine": {"findings", "tables"},
    "reports": {"findings", "tables"},
    "template": {"engine", "tables"},
    "returns": {"findings", "readers", "schemas"},
    "contracts": {"findings", "readers", "tables"},
    "check": {"contracts", "engine", "findings", "readers", "tables"},
    "calculator": {"engine", "findings", "readers", "tables"},
    "chain": {"engine", "findings", "readers", "returns", "tables"},
    "dossier": {"findings", "tables"},
    "check_messages": {
        "chain",
        "contracts",
        "dossier",
        "engine",
        "findings",
        "readers",
        "returns",
        "tables",
    },
    "explain": {"check_messages", "engine", "findings", "returns", "schemas"},
    "repair": {"readers", "returns", "schemas"},
    "audit": {
        "check",
        "check_messages",
        "dossier",
        "engine",
        "findings",
        "readers",
        "reports",
        "schemas",
        "tables",
    },
    "cli": {
        "audit",
        "calculator",
        "chain",
        "check",
        "check_messages",
        "cli",
        "contracts",
        "dossier",
        "engine",
        "explain",
        "findings",
        "readers",
        "repair",
        "reports",
        "returns",
        "schemas",
        "tables",
        "template",
    },
    "dutch": set(),
    "errors": set(),
    "locations": set(),
    "privacy": set(),
    "validation": set(),
    "__main__": {"cli"},
    "__init__": set(),
}
"""Per room the rooms it may import; every room may import itself and the small shared modules."""

SOURCES = sorted(path for path in PACKAGE.rglob("*.py"))


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_rooms(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        found |= {
            [*name.split("."), ""][1] for name in names if name.split(".")[0] == "inkoopcheck"
        }
    return found


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_room_imports_only_what_it_may_know(path: Path) -> None:
    own = room(path)
    wrong = imported_rooms(path) - SHARED - {own} - ALLOWED[own]
    assert not wrong, (
        f"{path.name} ({own}) mag {', '.join(sorted(wrong))} niet kennen; zie docs/architectuur.md"
    )


def test_reports_never_query() -> None:
    for path in (PACKAGE / "reports").glob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert "duckdb" not in text and "store" not in text, path.name


def test_only_one_module_builds_paths_to_our_own_data() -> None:
    for path in SOURCES:
        if path.name != "locations.py":
            assert "__file__" not in path.read_text(encoding="utf-8"), path.name


def test_every_package_is_installed() -> None:
    """A room that ``setup.cfg`` does not name is missing from an installed copy."""
    listed = set(
        re.findall(r"^    (inkoopcheck[.\w]*)$", SETUP.read_text(encoding="utf-8"), re.MULTILINE)
    )
    folders = {path.parent for path in SOURCES}
    packages = {".".join(("inkoopcheck", *folder.relative_to(PACKAGE).parts)) for folder in folders}
    assert packages <= listed
