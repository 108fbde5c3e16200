"""Meta-tests for the rules on messages: each proves itself in every table where it holds."""

from functools import lru_cache
from typing import Any

import pytest

from inkoopcheck.engine.examples import ExampleRunner, _with_header
from inkoopcheck.engine.rulefile import Rule
from inkoopcheck.engine.ruleset import MESSAGE_FAMILIES, load_rule, load_ruleset, rule_files
from inkoopcheck.locations import rules_folder
from inkoopcheck.tables.messages import MESSAGE_TABLES

Example = dict[str, Any]

RULES = {path.stem: path for path in rule_files(rules_folder(), MESSAGE_FAMILIES)}
IN_MORE_TABLES = [name for name, path in RULES.items() if load_rule(path).ook_in]


@lru_cache(maxsize=1)
def runner() -> ExampleRunner:
    return ExampleRunner(load_ruleset(MESSAGE_FAMILIES))


def readings(rule: Rule) -> list[Rule]:
    """The rule as we read the norm, and in every other way that a user can choose."""
    choice = rule.keuze
    others = [name for name in choice.mogelijkheden if name != choice.standaard] if choice else []
    return [rule, *(rule.chosen(name) for name in others)]


def what_it_checks(part: Rule) -> tuple[str | None, ...]:
    return part.tabel, part.als, part.waar, part.query


def fires(part: Rule, tables: Example) -> bool:
    """Does this part of the rule report something in these tables?"""
    only = part.voorbeelden.model_copy(update={"goed": [], "fout": [tables]})
    problems = runner().problems(part.model_copy(update={"voorbeelden": only, "keuze": None}))
    return not [text for text in problems if text.startswith("voorbeeld fout")]


def bad_examples(rule: Rule) -> list[Example]:
    """The bad examples as rows per table; a single row is one of the rule's own table."""
    found = []
    for example in rule.voorbeelden.fout:
        content = dict(example)
        date = {"peildatum": content.pop("peildatum")} if "peildatum" in content else {}
        is_rows = all(isinstance(rows, list) for rows in content.values())
        if not (set(content) <= set(MESSAGE_TABLES) and is_rows):
            content = dict(_with_header(rule.tabel, content))
        found.append({**content, **date})
    return found


@pytest.mark.parametrize("name", IN_MORE_TABLES)
def test_a_rule_proves_itself_in_every_table_where_it_holds(name: str) -> None:
    standard = load_rule(RULES[name])
    usual = [what_it_checks(part) for part in standard.parts()]
    for rule in readings(standard):
        for part in rule.parts():
            if rule is not standard and what_it_checks(part) in usual:
                continue  # Proven already; another reading only has to prove what it changes.
            assert any(fires(part, example) for example in bad_examples(rule)), (
                f"{name}: geef een voorbeeld fout in de tabel {part.tabel}"
            )


def test_there_are_rules_that_hold_in_more_tables() -> None:
    assert {"IJW-CD075", "IJW-CS003", "IJW-CS325"} <= set(IN_MORE_TABLES)
