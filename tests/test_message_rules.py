"""Meta-tests for the rules on messages: each proves itself in every table where it holds."""

import datetime
from functools import lru_cache
from typing import Any

import pytest

from inkoopcheck.engine.examples import ExampleRunner, _with_header
from inkoopcheck.engine.rulefile import Rule
from inkoopcheck.engine.ruleset import MESSAGE_FAMILIES, load_rule, load_ruleset, rule_files
from inkoopcheck.engine.run import Judge, Judgement, Offered
from inkoopcheck.findings.model import Uitkomst
from inkoopcheck.locations import rules_folder
from inkoopcheck.tables.messages import MESSAGE_TABLES
from inkoopcheck.tables.store import MESSAGE_MODEL, Tables

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


def judged(rule: Rule, example: Example, off: dict[str, str] | None = None) -> Judgement:
    """What one rule says of an example."""
    whole = load_ruleset(MESSAGE_FAMILIES)
    tables = Tables(MESSAGE_MODEL)
    whole.rules, whole.switched_off = [rule], off or {}
    judge = Judge(whole, tables)
    judge.prepare(datetime.date(2026, 1, 1))
    for number, (name, rows) in enumerate(example.items()):
        place = {
            "bestand": "a.xml",
            "bericht_id": 1,
            "volgnummer": 1,
            "regelnummer": 1,
            "pad": name,
        }
        for at, row in enumerate(rows):
            tables.load(
                name,
                [{**place, "rij_id": 1 if name == "bericht" else 100 * number + at + 2, **row}],
            )
    return judge.judge(Offered(dict.fromkeys(MESSAGE_TABLES)), "a.xml")


BUDGETS: Example = {
    "bericht": [{"berichtsoort": "JW317"}],
    "nieuw_product": [{"budget": 1}, {"budget": 1, "einddatum": datetime.date(2026, 2, 1)}],
    "te_wijzigen_product": [{"budget": 1}, {"onleesbaar": ["einddatum"], "budget": 1}],
}


def test_a_rule_in_more_tables_has_one_outcome_that_counts_them_all() -> None:
    found = judged(load_rule(RULES["IJW-CD075"]), BUDGETS)
    assert len(found.afwijkingen) == 2
    (outcome,) = found.regels
    assert (outcome.uitkomst, outcome.reden) == (Uitkomst.UITGEVOERD, None)
    assert (outcome.gecontroleerd, outcome.niet_te_bepalen, outcome.afwijkingen) == (3, 1, 2)


def test_a_rule_in_more_tables_is_switched_off_in_all_of_them() -> None:
    found = judged(load_rule(RULES["IJW-CD075"]), BUDGETS, {"IJW-CD075": "proef"})
    assert not found.afwijkingen
    (outcome,) = found.regels
    assert (outcome.uitkomst, outcome.reden) == (Uitkomst.UITGESCHAKELD, "proef")


def test_a_rule_in_more_tables_may_have_nothing_to_look_at_or_cannot_read_it() -> None:
    rule = load_rule(RULES["IJW-CD075"])
    bericht = [{"berichtsoort": "JW317"}]
    nothing = judged(rule, {"bericht": bericht, "nieuw_product": [{"product_code": "1"}]}).regels[0]
    assert nothing.uitkomst is Uitkomst.NIET_VAN_TOEPASSING
    assert nothing.reden == "Er is niets waarvoor deze regel geldt."
    unread = {"budget": 1, "onleesbaar": ["einddatum"]}
    unknown = judged(rule, {"bericht": bericht, "nieuw_product": [unread]}).regels[0]
    assert unknown.uitkomst is Uitkomst.NIET_TE_BEPALEN
    assert unknown.reden == "Een waarde die de regel nodig heeft is niet te lezen."


def test_a_mistake_in_one_of_the_tables_gets_a_text_that_teaches() -> None:
    rule = load_rule(RULES["IJW-CD075"])
    place = rule.ook_in[0].model_copy(update={"waar": "bestaat_niet IS NULL"})
    wrong = rule.model_copy(update={"ook_in": [place]})
    assert "de SQL klopt niet" in runner().problems(wrong)[0]
    place = rule.ook_in[0].model_copy(update={"velden": ["einddatum"]})
    wrong = rule.model_copy(update={"ook_in": [place]})
    assert (
        "de kolom 'einddatum' bestaat niet in de tabel aangevraagd_product"
        in runner().problems(wrong)[0]
    )


def test_there_are_rules_that_hold_in_more_tables() -> None:
    assert {"IJW-CD075", "IJW-CS003", "IJW-CS325"} <= set(IN_MORE_TABLES)
